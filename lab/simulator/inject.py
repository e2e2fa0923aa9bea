"""The standard operation in a real table of traces: what a test finds where nothing was simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lab.simulator.causes import SECOND_US
from lab.simulator.grow import to_clock
from lab.simulator.plant import Plan, carry_out, choose, occasions
from lab.simulator.world import numbered
from unisono.maths.types import I32
from unisono.pairs.arrays import TraceArrays, sort_order


def inject(
    arrays: TraceArrays, plan: Plan | None = None, seed: int = 0, resolution_us: int = SECOND_US
) -> tuple[TraceArrays, pa.Array]:
    """The table with the plan carried out in it, and the ids of the planted accounts, sorted.

    cover: accounts with at least 2 objects, drawn at random; what they did on the plan's objects is replaced.
    Without cover the accounts are fresh, with ids "planted/a0000000" and so on. resolution_us: the clock of
    the table; planted times are rounded down to it, or they would stand out.

    Raises ValueError where the table has too few such accounts or objects, or has such ids already.
    """
    plan = plan or Plan()
    rng = np.random.default_rng(seed)
    arrays, accounts = _cover(arrays, plan, rng) if plan.cover else _fresh(arrays, plan)
    objects, moments = occasions(arrays.account, arrays.object, arrays.t, len(arrays.object_ids), plan, rng)
    who, what, when = carry_out(plan, accounts, objects, moments, rng)
    n_objects = len(arrays.object_ids)
    key = arrays.account.astype(np.int64) * n_objects + arrays.object
    kept = arrays.take(~np.isin(key, who.astype(np.int64) * n_objects + what))
    n = len(arrays.post_ids)
    posts = numbered("planted/p", n + len(who)).slice(n)  # numbered on from what is there: no two alike
    mixed = replace(
        kept,
        account=np.concatenate([kept.account, who]).astype(np.int32),
        object=np.concatenate([kept.object, what]).astype(np.int32),
        post=np.concatenate([kept.post, np.arange(n, n + len(who))]).astype(np.int32),
        t=np.concatenate([kept.t, to_clock(when, resolution_us)]),
        post_ids=pa.concat_arrays([_one(arrays.post_ids), posts]),
    )
    return mixed.take(sort_order(mixed.object, mixed.t, n_objects)), mixed.account_ids.take(pa.array(np.sort(accounts)))


def _cover(arrays: TraceArrays, plan: Plan, rng: np.random.Generator) -> tuple[TraceArrays, I32]:
    pair = np.unique(arrays.account.astype(np.int64) * len(arrays.object_ids) + arrays.object)
    n_objects = np.bincount(pair // max(len(arrays.object_ids), 1), minlength=len(arrays.account_ids))
    return arrays, choose(np.flatnonzero(n_objects >= 2), plan.n_accounts, "accounts with 2 objects", rng)


def _fresh(arrays: TraceArrays, plan: Plan) -> tuple[TraceArrays, I32]:
    """The table with fresh accounts; all ranks are drawn up anew, since ranks are in the ids' byte order."""
    fresh = numbered("planted/a", plan.n_accounts)
    if pc.any(pc.is_in(fresh, _one(arrays.account_ids))).as_py():
        raise ValueError("the table already has fresh planted accounts; inject with cover, or all at once")
    ids = pa.concat_arrays([_one(arrays.account_ids), fresh])
    order = pc.array_sort_indices(ids)
    rank = np.empty(len(ids), np.int32)
    rank[np.asarray(order)] = np.arange(len(ids), dtype=np.int32)
    n = len(arrays.account_ids)
    return replace(arrays, account=rank[arrays.account], account_ids=ids.take(order)), rank[n:]


def _one(ids: pa.Array) -> pa.Array:
    return ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
