"""What takes part in a layer, and what is said where nobody could be tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from unisono.pairs.arrays import UNKNOWN, encode, encode_clocked
from unisono.reactions import Layer, find_reactions, origins_of
from unisono.reactions.stage import layer_of, only_used, untested

S = 1_000_000
START = 1_700_000_000 * S


def traces(n_objects: int = 4, n_accounts: int = 6, step: int | None = S) -> pa.Table:
    rows = [(f"u{a}", f"p{o}", START + o * 10**10 + (a + 1) * 20 * S, f"e{o}-{a}")
            for o in range(n_objects) for a in range(n_accounts)]  # fmt: skip
    table = pa.table(
        {name: [r[i] for r in rows] for i, name in enumerate(("account_id", "object_id", "t_us", "event_id"))}
    )
    return table.append_column("t_resolution_us", pa.array([step] * len(rows), pa.int64()))


def events(n: int = 4, **changed: Any) -> pa.Table:
    rows = [{"event_id": f"p{o}", "account_id": "author", "t_us": START + o * 10**10, "t_resolution_us": S} | changed
            for o in range(n)]  # fmt: skip
    kinds = {"event_id": pa.string(), "account_id": pa.string(), "t_us": pa.int64(), "t_resolution_us": pa.int64()}
    return pa.table({name: pa.array([r[name] for r in rows], kind) for name, kind in kinds.items()})


def said(rows: pa.Table, made: pa.Table) -> list[str]:
    layer, notes = layer_of("repost", *encode_clocked(rows), made)
    return notes + untested([layer], find_reactions([layer]))


def test_all_take_part_where_clocks_are_alike() -> None:
    layer, notes = layer_of("repost", *encode_clocked(traces()), events())
    assert notes == []
    assert (len(layer.arrays), layer.clock_us) == (24, S)
    assert find_reactions([layer]).num_rows == 6
    assert said(traces(), events()) == []


def test_rows_and_births_of_coarser_clocks_are_left_out_and_counted() -> None:
    rows = pa.concat_tables([traces(), traces(1, 2, 60 * S).set_column(0, "account_id", pa.array(["v1", "v2"]))])
    made = pa.concat_tables([events(3), events(4, t_resolution_us=3600 * S).slice(3)])
    layer, notes = layer_of("repost", *encode_clocked(rows), made)
    assert notes == ["reactions of repost: 2 traces and 1 posts take no part, their times are too coarse"]
    assert layer.clock_us == S
    assert "v1" not in layer.arrays.account_ids.to_pylist()
    assert (layer.origins.author != -1).sum() == 3


def test_clocks_that_serve_every_window_are_not_told_apart() -> None:
    rows = pa.concat_tables([traces(step=1000), traces(1, 2, 5 * S)])
    layer, notes = layer_of("repost", *encode_clocked(rows), events())
    assert notes == []
    assert layer.clock_us == 5 * S


def test_undeclared_clocks_take_part() -> None:
    layer, notes = layer_of("repost", *encode_clocked(traces(step=None)), events(t_resolution_us=None))
    assert (notes, layer.clock_us) == ([], UNKNOWN)


@pytest.mark.parametrize(("rows", "made", "why"), [
    (traces(), events(0), "none of the 4 posts reacted to is in the study"),
    (traces(), events(account_id=None), "authors are unknown"),
    (traces(2), events(), "no account reacted to 3 or more posts of one author (2 of 2 posts known)"),
    (traces(step=3600 * S), events(t_resolution_us=3600 * S), "the times are too coarse for every window"),
])  # fmt: skip
def test_why_nobody_could_be_tested(rows: pa.Table, made: pa.Table, why: str) -> None:
    (note,) = said(rows, made)
    assert note.startswith("reactions of repost: insufficient data; ")
    assert why in note


def test_ids_of_other_traces_change_nothing() -> None:
    """A study's dictionaries hold the ids of all traces; ties are broken by ranks of ids."""
    rng = np.random.default_rng(0)
    rows = traces(12, 30)
    rows = rows.set_column(2, "t_us", pa.array(START + rng.integers(0, 4, len(rows)) * 10 * S))
    alone = encode(rows)
    more = pa.table({"account_id": [f"t{k}" for k in range(9)], "object_id": [f"o{k}" for k in range(9)],
                     "t_us": [START] * 9, "event_id": [f"x{k}" for k in range(9)]})  # fmt: skip
    both = encode(pa.concat_tables([rows.drop_columns("t_resolution_us"), more]))
    mine = np.array([both.account_ids[int(a)].as_py().startswith("u") for a in both.account])
    kept = only_used(both.take(mine))
    made = events(12, t_us=START)
    found = [find_reactions([Layer("repost", a, origins_of(a, made))]) for a in (alone, kept)]
    assert found[0].equals(found[1])
    assert kept.account_ids.equals(alone.account_ids)
    assert not find_reactions([Layer("repost", both.take(mine), origins_of(both, made))]).equals(found[0]), "why"
