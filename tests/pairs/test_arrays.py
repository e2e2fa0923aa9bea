"""Traces to arrays: numbers follow the rows, whatever else the column's dictionary holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from unisono.pairs import encode
from unisono.pairs.arrays import sort_order

IDS = ["c", "a", "ä", "b", "Z"]


def rows(accounts: list[str], as_dictionary: list[str] | None = None) -> pa.Table:
    ids = pa.array(accounts, pa.string())
    if as_dictionary is not None:
        codes = pa.array([as_dictionary.index(a) for a in accounts], pa.int32())
        ids = pa.DictionaryArray.from_arrays(codes, pa.array(as_dictionary, pa.string()))
    n = len(accounts)
    return pa.table({
        "account_id": ids, "object_id": ["o"] * n, "t_us": pa.array(range(n), pa.int64()),
        "event_id": [f"e{k}" for k in range(n)],
    })  # fmt: skip


@given(st.lists(st.sampled_from(IDS[:4]), max_size=12), st.permutations(IDS))
def test_a_dictionary_with_other_ids_changes_nothing(accounts: list[str], dictionary: list[str]) -> None:
    plain, coded = encode(rows(accounts)), encode(rows(accounts, dictionary))
    assert plain.account_ids.to_pylist() == sorted(set(accounts), key=str.encode)
    assert coded.account_ids.equals(plain.account_ids)
    assert [plain.account_ids[a].as_py() for a in plain.account] == accounts
    assert np.array_equal(coded.account, plain.account)
    assert np.array_equal(coded.object, plain.object)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5) | st.integers(-(2**40), 2**40)), max_size=40),
    st.sampled_from([1, 1_000, 1_000_000]),
    st.booleans(),
)
def test_rows_are_sorted_by_object_and_time_and_ties_stay_as_they_came(
    rows: list[tuple[int, int]], unit: int, far: bool
) -> None:
    """Whole seconds, milliseconds and microseconds; `far` times do not fit into one number with their rows."""
    rows = [*rows, (0, -(2**61) // unit), (1, 2**61 // unit)] if far else rows
    obj, t = (np.array([r[k] for r in rows], kind) for k, kind in enumerate((np.int32, np.int64)))
    t *= unit
    assert np.array_equal(sort_order(obj, t, 4), np.lexsort((np.arange(len(t)), t, obj)))
