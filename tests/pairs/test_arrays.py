"""Traces to arrays: numbers follow the rows, whatever else the column's dictionary holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from unisono.pairs import encode

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
