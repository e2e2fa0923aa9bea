"""Sittings over every behaviour of a study agree with those of all acts put together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.sittings import sittings_of
from unisono.pairs.arrays import encode_clocked
from unisono.pairs.sittings import Sittings, gather_sittings, sittings_in
from unisono.tables import TRACES

MINUTE = 60_000_000
NAMES = ["a", "b", "é", "z", "Z", "猫"]
TIMES = st.integers(-50, 200).map(lambda k: 7 * k * MINUTE)
ACTS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["url", "text", "time"]), TIMES), max_size=60)
"""account, behaviour, time."""


def table(acts: list[tuple[str, str, int]], dictionary: bool = False) -> pa.Table:
    rows = [
        {"trace": trace, "account_id": a, "object_id": None if trace == "time" else f"o{k % 5}", "t_us": t,
         "t_resolution_us": 1_000_000, "event_id": f"e{k}"} for k, (a, trace, t) in enumerate(acts)
    ]  # fmt: skip
    made = pa.Table.from_pylist(rows, schema=TRACES.schema)
    if dictionary:
        at = made.schema.get_field_index("account_id")
        made = made.set_column(at, "account_id", made["account_id"].dictionary_encode())
    return made


def together(acts: list[tuple[str, str, int]]) -> dict[tuple[str, int], int]:
    """Sitting by (account, time), of all acts at once; accounts in the order of their UTF-8 bytes."""
    ids = sorted({a for a, _, _ in acts}, key=str.encode)
    account = np.array([ids.index(a) for a, _, _ in acts], np.int32)
    number = sittings_of(account, np.array([t for _, _, t in acts], np.int64), len(ids))
    return {(a, t): int(s) for (a, _, t), s in zip(acts, number, strict=True)}


@given(ACTS, st.booleans())
def test_each_behaviour_is_told_the_sitting_of_all_acts_together(
    acts: list[tuple[str, str, int]], dictionary: bool
) -> None:
    whole, expected = table(acts, dictionary), together(acts)
    sittings = sittings_in(whole)
    assert len(sittings.begin) == len(set(expected.values()))
    for trace in ("url", "text"):
        own = table([act for act in acts if act[1] == trace])
        arrays, _ = encode_clocked(own.drop_columns("trace"))
        found = sittings.of(arrays)
        assert found.dtype == np.int32
        ids = arrays.account_ids.to_pylist()
        keys = [(ids[a], int(t)) for a, t in zip(arrays.account, arrays.t, strict=True)]
        assert found.tolist() == [expected[key] for key in keys]


@given(ACTS)
def test_sittings_of_accounts_are_ranges_and_begin_with_their_first_act(acts: list[tuple[str, str, int]]) -> None:
    sittings, expected = sittings_in(table(acts)), together(acts)
    ids = sittings.account_ids.to_pylist()
    assert ids == sorted({a for a, _, _ in acts}, key=str.encode)
    for k, name in enumerate(ids):
        own = range(sittings.start[k], sittings.start[k + 1])
        assert set(own) == {s for (a, _), s in expected.items() if a == name}
        for s in own:
            assert sittings.begin[s] == min(t for (_, t), x in expected.items() if x == s)
    assert sittings.start[-1] == len(sittings.begin)


def parts(acts: list[tuple[str, str, int]], n: int) -> Sittings:
    """From n parts, each with account ids of its own, in an order of its own, some of them used by nobody."""
    made = []
    for k in range(n):
        own = acts[k::n]
        ids = ["nobody", *sorted({a for a, _, _ in own}, reverse=k % 2 == 0)]
        number = np.array([ids.index(a) for a, _, _ in own], np.int32)
        made.append((pa.array(ids), number, np.array([t for _, _, t in own], np.int64)))
    return gather_sittings(made)


@given(ACTS, st.integers(1, 4))
def test_parts_with_ids_of_their_own_give_what_the_whole_gives(acts: list[tuple[str, str, int]], n: int) -> None:
    one, other = sittings_in(table(acts)), parts(acts, n)
    assert one.begin.tolist() == other.begin.tolist()
    assert set(other.account_ids.to_pylist()) - set(one.account_ids.to_pylist()) <= {"nobody"}


def test_what_is_done_between_two_touches_joins_them() -> None:
    """A link at 0:00 and one at 0:50, with a text between them: one sitting, though links alone would be two."""
    links = [(name, "url", t * MINUTE) for name in "ab" for t in (0, 50)]
    acts = [*links, ("a", "text", 25 * MINUTE)]
    arrays, _ = encode_clocked(table(links).drop_columns("trace"))
    found = sittings_in(table(acts)).of(arrays)
    of = {(int(a), int(t)): int(s) for a, t, s in zip(arrays.account, arrays.t, found, strict=True)}
    assert of[0, 0] == of[0, 50 * MINUTE]
    assert of[1, 0] != of[1, 50 * MINUTE]


@pytest.mark.parametrize("n", [0, 1, 3])
def test_no_act_at_all(n: int) -> None:
    nobody = (pa.array([], pa.string()), np.empty(0, np.int32), np.empty(0, np.int64))
    empty = gather_sittings([nobody] * n)
    assert (len(empty.account_ids), empty.start.tolist(), len(empty.begin)) == (0, [0], 0)
    assert len(sittings_in(TRACES.schema.empty_table()).begin) == 0
