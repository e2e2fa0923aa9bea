"""Evidence is the co-actions of the definition, with the chance of each object."""

from __future__ import annotations

from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pairs.brute import Row, co_actions
from tests.pairs.test_kernel import S, busy, dense, table
from unisono.pairs import encode, pair_table
from unisono.pairs.chance import within_share
from unisono.pairs.evidence import evidence


@given(rows=dense | busy, window=st.sampled_from([0, S, 3_600 * S]), least=st.integers(1, 3))
def test_evidence_is_every_co_action_of_the_wanted_pairs(rows: list[Row], window: int, least: int) -> None:
    rows = list(set(rows))
    arrays = encode(table(rows))
    pairs = pair_table(arrays, "url", window, least)
    wanted = {(r["account_a"], r["account_b"]) for r in pairs.to_pylist()}
    expected = sorted(
        (a, b, o, x[3], y[3], x[2], y[2])
        for (a, b), found in co_actions(rows, window).items() if (a, b) in wanted
        for o, x, y in found
    )  # fmt: skip
    got = pa.concat_tables(
        list(evidence(arrays, "url", window, pairs)) or [pa.table({})], promote_options="default"
    ).to_pylist()
    names = ("account_a", "account_b", "object_id", "event_a", "event_b", "t_a", "t_b")
    keys = [tuple(r[n] for n in names) for r in got]
    assert sorted(keys) == expected
    assert [tuple(str(k).encode() for k in key[:5]) for key in keys] == sorted(
        tuple(str(k).encode() for k in key[:5]) for key in keys
    )
    assert all(r["lag_us"] == r["t_b"] - r["t_a"] for r in got)


@given(rows=busy, window=st.integers(0, 100).map(lambda s: s * S))
def test_chance_of_an_object_is_the_share_of_close_first_touches(rows: list[Row], window: int) -> None:
    arrays = encode(table(rows))
    got = dict(zip(arrays.object_ids.to_pylist(), within_share(arrays, window).tolist(), strict=True))
    for obj, share in got.items():
        first: dict[str, int] = {}
        for a, o, t, _ in rows:
            if o == obj:
                first[a] = min(t, first.get(a, t))
        close = [abs(s - t) <= window for s, t in combinations(first.values(), 2)]
        assert share == pytest.approx(sum(close) / len(close) if close else float("nan"), nan_ok=True)


def test_only_the_least_likely_co_actions_are_kept() -> None:
    rare = [(x, f"rare{k}", k * 1000 * S + d, f"{x}r{k}") for k in range(3) for d, x in enumerate("ab")]
    crowd = [(x, "crowd", k * S, f"{x}c{k}") for k, x in enumerate("abcdefgh")]
    other = [(x, f"rare{k}", 10**12, f"{x}o{k}") for k in range(3) for x in (f"x{k}", f"y{k}")]
    arrays = encode(table(rare + crowd + other))
    pairs = pair_table(arrays, "url", 60 * S, 4)
    (rows,) = [t.to_pylist() for t in evidence(arrays, "url", 60 * S, pairs, most=3)]
    assert [r["object_id"] for r in rows] == ["rare0", "rare1", "rare2"]
    assert [r["q_o"] for r in rows] == [pytest.approx(2 / 6)] * 3
