"""Advice: what the clocks allow, and power that agrees with what is then found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import unisono
from lab.simulator import Causes, World, simulate
from lab.simulator.grow import add_acts
from unisono.advise.power import DISCOVERIES, OBJECTS, power
from unisono.advise.study import sentences
from unisono.advise.windows import ADVICE, NO_DATA, REFUSED, USABLE, WINDOWS_US, Clock, advise, clock_of
from unisono.calibration.permuted import candidates
from unisono.clean.time import parse_duration
from unisono.edges.call import call, layer
from unisono.nulls.layer import background, chances_of
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import UNKNOWN, TraceArrays, encode_clocked
from unisono.study import UserError
from unisono.study.errors import spoken
from unisono.words.advice import written

S = 1_000_000
WORLD = simulate(Causes(n_accounts=800, n_objects=400, n_acts=12_000), 5)


def rows_of(found: pa.Table) -> dict[int, dict[str, Any]]:
    return {r["window_us"]: r for r in found.to_pylist()}


def arrays_of(rows: list[tuple[str, str, int]]) -> TraceArrays:
    a, o, t = zip(*rows, strict=True)
    table = pa.table({"account_id": a, "object_id": o, "t_us": t, "event_id": [str(i) for i in range(len(rows))]})
    return encode_clocked(table)[0]


act = st.tuples(
    st.sampled_from("abcd"), st.sampled_from("opq"), st.integers(0, 9), st.sampled_from([UNKNOWN, S, 60 * S])
)


@given(st.lists(act, min_size=1, max_size=25))
def test_clocks_are_counted_and_objects_with_several(acts: list[tuple[str, str, int, int]]) -> None:
    table = pa.table({
        "account_id": [a for a, *_ in acts], "object_id": [o for _, o, *_ in acts], "t_us": [t for *_, t, _ in acts],
        "t_resolution_us": pa.array([None if r == UNKNOWN else r for *_, r in acts], pa.int64()),
        "event_id": [str(i) for i in range(len(acts))],
    })  # fmt: skip
    clock = clock_of(*encode_clocked(table))
    assert clock.rows == {r: sum(x[3] == r for x in acts) for r in sorted({x[3] for x in acts})}
    assert clock.n_mixed == sum(len({x[3] for x in acts if x[1] == o}) > 1 for o in "opq")
    steps = {x[3] for x in acts}
    assert clock.smallest_us == (None if UNKNOWN in steps else 2 * min(steps))


def test_a_test_is_refused_where_no_clock_is_fine_enough_and_coarse_rows_are_left_out() -> None:
    arrays = WORLD.arrays()
    minutes = advise("url", arrays, np.full(len(arrays), 60 * S), windows=[S, 60 * S, 120 * S])
    assert [r["status"] for r in minutes.to_pylist()] == [REFUSED, REFUSED, USABLE]
    assert minutes["n_coarse"].to_pylist() == [len(arrays), len(arrays), 0]
    resolution = np.full(len(arrays), S)
    resolution[::10] = 60 * S
    mixed = rows_of(advise("url", arrays, resolution, windows=[60 * S, 600 * S]))
    n = len(resolution[::10])
    assert (mixed[60 * S]["n_coarse"], mixed[60 * S]["n_traces"]) == (n, len(arrays) - n)
    of = {o: set(resolution[arrays.object == o].tolist()) for o in np.unique(arrays.object)}
    assert mixed[60 * S]["n_cut"] == sum(len(x) == 2 for x in of.values())
    assert (mixed[600 * S]["n_coarse"], mixed[600 * S]["n_cut"]) == (0, 0)
    part = arrays.take(resolution == S)  # what takes part is judged as if nothing else were there
    alone = rows_of(advise("url", part, np.full(len(part), S), windows=[60 * S]))[60 * S]
    same = [c for c in ADVICE.names if c not in ("n_coarse", "n_cut")]
    assert {c: mixed[60 * S][c] for c in same} == {c: alone[c] for c in same}


def test_objects_are_described_as_brute_force_does() -> None:
    rows = [("a", "o", 0), ("b", "o", 5 * S), ("a", "p", 0), ("b", "p", 5 * S), ("c", "p", 500 * S), ("c", "q", 0)]
    found = rows_of(advise("url", arrays_of(rows), np.full(6, S), windows=[10 * S, 600 * S]))
    assert (found[10 * S]["two_sharers"], found[10 * S]["median_q"], found[10 * S]["bursts"]) == (0.5, 1 / 3, 0.0)
    assert (found[600 * S]["median_q"], found[600 * S]["bursts"]) == (1.0, 1.0)
    lonely = advise("url", arrays_of([("a", "o", 0), ("b", "p", 0)]), np.full(2, UNKNOWN)).to_pylist()
    assert {r["status"] for r in lonely} == {NO_DATA}
    assert {r["power_20_1"] for r in lonely} == {None}
    assert [r["window_us"] for r in lonely] == sorted(WINDOWS_US)


def test_power_grows_with_objects_and_with_co_actors_and_shrinks_with_tests() -> None:
    ground = background(first_touches(WORLD.arrays()))
    for window in (60 * S, 3600 * S):
        chance = chances_of(ground, window)
        found, strict = power(ground, chance, 0.05), power(ground, chance, 1e-6, 10)
        assert found is not None
        assert strict is not None
        assert (np.diff(found.share, axis=1) >= 0).all()
        assert (np.diff(found.share, axis=0) >= 0).all()
        assert (strict.share <= found.share).all()
        one, hundred = (n or np.inf for n in found.needs)
        assert hundred <= one <= (strict.needs[0] or np.inf)
        assert found.share.shape == (len(DISCOVERIES), len(OBJECTS))


def acted_together(world: World, m: int, pairs: int, rng: np.random.Generator) -> tuple[World, set[tuple[int, int]]]:
    """So many pairs of accounts, each of which touches m objects of its own within 30 s of each other."""
    first = first_touches(world.arrays())
    ground = background(first)
    stratum = ground.models[-1].stratum
    chosen: set[tuple[int, int]] = set()
    free = np.flatnonzero(stratum >= 0)
    while len(chosen) < pairs:
        a = int(rng.choice(free))
        b = int(rng.choice(np.flatnonzero(stratum == stratum[a])))
        if a != b and not {a, b} & {x for p in chosen for x in p}:
            chosen.add((min(a, b), max(a, b)))
    who, what, when = [], [], []
    n = first.n_sharers
    middle = np.argsort(n)[np.searchsorted(np.sort(n), 3) :]
    for a, b in sorted(chosen):
        free_objects = [
            o for o in middle if not np.isin(first.account[first.slots[o] : first.slots[o + 1]], (a, b)).any()
        ]
        for o in rng.choice(free_objects, m, replace=False):
            t = int(rng.integers(first.t[first.slots[o]], first.t[first.slots[o + 1] - 1], endpoint=True))
            who += [a, b]
            what += [o, o]
            when += [t, t + int(rng.integers(0, 30 * S))]

    return add_acts(world, np.array(who, np.int32), np.array(what, np.int32), np.array(when, np.int64)), chosen


@pytest.mark.parametrize("m", OBJECTS[:2])
def test_power_is_about_the_share_of_such_pairs_that_are_then_found(m: int) -> None:
    world, chosen = acted_together(WORLD, m, 30, np.random.default_rng(m))
    ground = background(first_touches(world.arrays()))
    x = layer("url", 60 * S, ground, *candidates(ground.first, 60 * S))
    (called,), _ = call([x], 0.05)
    edge = called.is_edge
    found = set(zip(x.tested.a[edge].tolist(), x.tested.b[edge].tolist(), strict=True))
    promised = power(background(first_touches(WORLD.arrays())), chances_of(ground, 60 * S), 0.05)
    assert promised is not None
    low, high = promised.share[:, OBJECTS.index(m)]
    share = len(found & chosen) / len(chosen)
    assert low - 0.25 <= share <= high + 0.25


def test_sentences_say_what_is_refused_why_and_what_to_use() -> None:
    arrays = WORLD.arrays()
    resolution = np.full(len(arrays), 60 * S)
    text = " ".join(sentences("url", clock_of(arrays, resolution), advise("url", arrays, resolution).to_pylist()))
    assert f"clock of 60 s ({len(arrays):,} traces)" in text
    assert "Refused: 1 s, 10 s, 60 s." in text
    assert "the smallest window that can be tested is 2 min" in text
    assert "Recommended: --window 2m." in spoken(text, "switches")
    assert 'Recommended: window="2m".' in spoken(text, "python")
    resolution[0] = UNKNOWN
    text = " ".join(sentences("url", clock_of(arrays, resolution), advise("url", arrays, resolution).to_pylist()))
    assert "unknown (1 trace): nothing is refused" in text
    assert "Clocks of several resolutions meet on 1 object." in text
    text = " ".join(sentences("url", Clock({S: 2}, 0), advise("url", arrays_of([("a", "o", 0), ("b", "o", 0)]),
                                                         np.full(2, S)).to_pylist()))  # fmt: skip
    assert "Insufficient data: fewer than two accounts touch two objects that others touch too." in text


@given(st.integers(1, 10**12))
def test_a_recommended_window_is_what_the_setting_reads(us: int) -> None:
    assert parse_duration(written(us)) == us


def test_advice_of_tables_in_memory() -> None:
    found = unisono.advise(WORLD.table(), ["60s", "10m"])
    assert found.schema == ADVICE
    assert found["window_us"].to_pylist() == [60 * S, 600 * S]
    with pytest.raises(UserError, match="window"):
        unisono.advise(WORLD.table(), "soon")
