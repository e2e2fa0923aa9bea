"""Leadership: who comes first when a group acts, and is that more than chance?

Null: in each sitting (see `order.py`) the order of the group's members is exchangeable, so a member is as likely to be
so early as to be so late, and its score in each sitting could as well have had the other sign: an exact sign-flip
test, one-sided for a member of a group, two-sided for a pair.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I64
from unisono.profiles.order import PAUSE_US, Places, places, tails, wilson
from unisono.tables import PROFILES
from unisono.words.profiles import COMES_FIRST, came_before

METHOD = "leadership 1: sign-flip test over sittings, Benjamini-Hochberg over the members of all groups"
MIN_SITTINGS = 5
"""With fewer, even an account that always comes first is not beyond chance: 1 / 2^4 is more than 5 %."""
PAIR_SCHEMA = pa.schema([
    ("account_a", pa.string()), ("account_b", pa.string()), ("n_objects", pa.int64()), ("n_sittings", pa.int64()),
    ("a_first", pa.float64()), ("p", pa.float64()), ("n_tests", pa.int64()), ("q", pa.float64()),
])  # fmt: skip
"""Columns of `pair_order`."""


def leadership(members: pa.Table, evidence: pa.Table, fdr: float = 0.05) -> pa.Table:
    """Rows of `profiles`, one for each member of each group, sorted by key.

    members: group_id, account_id. evidence: trace, window_us, account_a, account_b, object_id, t_a, t_b (other
    columns are ignored; the same co-action at several windows counts once). value_num is the share of the other
    members that the account came before (0.5 is chance, a tie counts half), low and high its 95 % interval, n the
    objects behind it. A member with fewer than MIN_SITTINGS sittings is insufficient_data and in no test family.
    `fdr` is in (0, 1); raises ValueError else.
    """
    if not 0 < fdr < 1:
        raise ValueError(f"fdr must lie between 0 and 1, not {fdr}")
    members = members.select(["group_id", "account_id"]).group_by(["group_id", "account_id"]).aggregate([])
    members = members.sort_by([("group_id", "ascending"), ("account_id", "ascending")])
    groups, accounts = _sorted_ids(members.column("group_id")), _sorted_ids(members.column("account_id"))
    group, account = _numbers(members.column("group_id"), groups), _numbers(members.column("account_id"), accounts)
    inside = _inside(members, evidence)
    seen = _touches(inside, _numbers(inside.column("group_id"), groups), accounts)
    row = np.searchsorted(group * len(accounts) + account, seen.group * len(accounts) + seen.account)
    n_sittings, n_objects = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64)
    share, q = np.full(len(group), np.nan), np.full(len(group), np.nan)
    n_sittings[row], n_objects[row], share[row] = seen.n_sittings, seen.n_objects, seen.first
    enough = seen.n_sittings >= MIN_SITTINGS
    q[row[enough]] = benjamini_hochberg(
        tails([s for s, e in zip(seen.scores, enough, strict=True) if e]), int(enough.sum())
    )
    return _rows(members, n_objects, n_sittings, share, q, fdr)


def pair_order(evidence: pa.Table) -> pa.Table:
    """For each pair of `evidence`: the share in which a came first, and a two-sided p of it (PAIR_SCHEMA, sorted).

    All traces and windows together; a_first is the mean over sittings. q is Benjamini-Hochberg over pairs with at
    least MIN_SITTINGS sittings, whose number is n_tests; null for the others.
    """
    pairs = evidence.select(["account_a", "account_b"]).group_by(["account_a", "account_b"]).aggregate([])
    pairs = pairs.sort_by([("account_a", "ascending"), ("account_b", "ascending")])
    accounts = _sorted_ids(
        pa.chunked_array([*evidence.column("account_a").chunks, *evidence.column("account_b").chunks])
    )
    a, b = (_numbers(pairs.column(c), accounts) for c in ("account_a", "account_b"))
    mine, theirs = (_numbers(evidence.column(c), accounts) for c in ("account_a", "account_b"))
    number = np.searchsorted(a * len(accounts) + b, mine * len(accounts) + theirs)
    seen = _touches(evidence, number, accounts)
    of_a = np.flatnonzero(seen.account == a[seen.group])
    n_sittings, n_objects = np.zeros(len(a), np.int64), np.zeros(len(a), np.int64)
    share, p, q = (np.full(len(a), np.nan) for _ in range(3))
    at = seen.group[of_a]
    n_sittings[at], n_objects[at], share[at] = seen.n_sittings[of_a], seen.n_objects[of_a], seen.first[of_a]
    scores = [seen.scores[k] for k in of_a]
    p[at] = np.minimum(1.0, 2 * np.minimum(tails(scores), tails([-s for s in scores])))
    enough = n_sittings >= MIN_SITTINGS
    q[enough] = benjamini_hochberg(p[enough], int(enough.sum()))
    n_tests = np.full(len(a), int(enough.sum()))
    columns = [*pairs.columns, pa.array(n_objects), pa.array(n_sittings), *map(_or_null, (share, p))]
    return pa.table([*columns, pa.array(n_tests), _or_null(q)], schema=PAIR_SCHEMA)


def _inside(members: pa.Table, evidence: pa.Table) -> pa.Table:
    """Co-actions of two members of one group, with its group_id (an account may be in several groups)."""
    a = members.rename_columns(["group_id", "account_a"])
    b = members.rename_columns(["group_id", "account_b"])
    columns = ["trace", "window_us", "account_a", "account_b", "object_id", "t_a", "t_b"]
    rows = evidence.select(columns).join(a, "account_a", join_type="inner")
    return rows.join(b, ["group_id", "account_b"], join_type="left semi")


def _touches(co_actions: pa.Table, group: I64, accounts: pa.Array) -> Places:
    """Both sides of each co-action as touches of their group."""
    objects = co_actions.select(["trace", "object_id"]).group_by(["trace", "object_id"]).aggregate([])
    objects = objects.append_column("n", pa.array(np.arange(objects.num_rows)))  # any numbering: only sameness counts
    here = co_actions.select(["trace", "object_id"]).append_column("row", pa.array(np.arange(co_actions.num_rows)))
    obj = _ints(here.join(objects, ["trace", "object_id"]).sort_by("row").column("n"))
    account = [_numbers(co_actions.column(c), accounts) for c in ("account_a", "account_b")]
    t = [_ints(co_actions.column(c)) for c in ("t_a", "t_b")]
    pause = max(PAUSE_US, pc.max(co_actions.column("window_us")).as_py() or 0)
    return places(np.tile(group, 2), np.concatenate(account), np.tile(obj, 2), np.concatenate(t), pause)


def _rows(members: pa.Table, n_objects: I64, n_sittings: I64, share: F64, q: F64, fdr: float) -> pa.Table:
    n = members.num_rows
    low, high = wilson(share, np.maximum(n_sittings, 1))
    accounts = members.column("account_id").to_pylist()
    columns = {
        "group_id": members.column("group_id"),
        "subject": pa.repeat("account", n),
        "subject_id": members.column("account_id"),
        "profile": pa.repeat("leadership", n),
        "finding": pa.repeat("comes_first", n),
        "value_num": _or_null(share),
        "value_text": pa.array([_say(*x) for x in zip(share, n_objects, n_sittings, q, strict=True)], pa.string()),
        "low": _or_null(low),
        "high": _or_null(high),
        "set": pa.nulls(n, PROFILES.schema.field("set").type),
        "n": pa.array(n_objects),
        "status": pa.array([_status(x, fdr) for x in q], pa.string()),
        "alternatives": pa.repeat(COMES_FIRST, n),
        "method": pa.repeat(METHOD, n),
        "evidence_ref": pa.array([f"evidence of {x} within its group" for x in accounts], pa.string()),
    }  # fmt: skip
    return pa.table(columns, schema=PROFILES.schema)


def _status(q: float, fdr: float) -> str:
    if np.isnan(q):
        return "insufficient_data"
    return "found" if q <= fdr else "not_found"


def _say(share: float, n_objects: int, n_sittings: int, q: float) -> str:
    return came_before(share, n_objects, n_sittings, None if np.isnan(q) else q, MIN_SITTINGS)


def _sorted_ids(column: pa.ChunkedArray) -> pa.Array:
    ids = pc.unique(column).cast(pa.string())
    return ids.take(pc.array_sort_indices(ids))


def _numbers(column: pa.ChunkedArray, ids: pa.Array) -> I64:
    return _ints(pc.index_in(column, value_set=ids))


def _ints(column: pa.ChunkedArray) -> I64:
    numbers: I64 = np.asarray(column, dtype=np.int64)
    return numbers


def _or_null(values: F64) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
