"""Bursty traces with a seed: the input of the speed measurements.

Object popularity 1/rank^0.9, births uniform over 30 days, delay log-normal (median 8,000 s, sigma 1.8), whole
seconds, accounts by Pareto(1.3) activity capped at 600 times the least active.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from unisono.maths.types import I32, I64
from unisono.pairs import TraceArrays
from unisono.pairs.arrays import is_sorted, sort_order


@dataclass(frozen=True)
class Bursts:
    """n traces in no order: account, object (int32 numbers), t (whole seconds from 0)."""

    account: I32
    object: I32
    t: I64
    n_accounts: int
    n_objects: int


def bursts(n: int, n_objects: int, n_accounts: int, seed: int = 1) -> Bursts:
    """n traces of n_accounts on n_objects."""
    rng = np.random.default_rng(seed)
    popularity = np.arange(1, n_objects + 1) ** -0.9
    obj = np.searchsorted(np.cumsum(popularity / popularity.sum()), rng.random(n)).clip(max=n_objects - 1)
    activity = np.minimum(1 + rng.pareto(1.3, n_accounts), 600)
    account = np.searchsorted(np.cumsum(activity / activity.sum()), rng.random(n)).clip(max=n_accounts - 1)
    birth = rng.uniform(0, 30 * 86_400, n_objects)
    t = np.floor(birth[obj] + rng.lognormal(np.log(8_000), 1.8, n)).astype(np.int64)
    return Bursts(account.astype(np.int32), obj.astype(np.int32), t, n_accounts, n_objects)


def as_arrays(b: Bursts) -> TraceArrays:
    """The kernel's input, from memory: sorted here, ids are zero-padded numbers."""
    t = b.t * 1_000_000
    order = np.arange(len(t)) if is_sorted(b.object, t) else sort_order(b.object, t, b.n_objects)
    post = np.arange(len(t), dtype=np.int32)
    accounts = _ids(b.n_accounts)
    none = pa.array([], pa.string())
    return TraceArrays(
        b.account[order], b.object[order], post[order], t[order], accounts, none, pa.nulls(len(t), pa.string())
    )


@cache
def _ids(n: int) -> pa.Array:
    return pa.array([f"a{k:07d}" for k in range(n)])


def as_table(b: Bursts, trace: str = "repost") -> pa.Table:
    """The table `traces`: string ids, in key order, unknown resolution."""
    order = np.lexsort((b.account, b.t, b.object))
    n = len(order)
    accounts = _ids(b.n_accounts)
    objects = pa.array([f"o{k:07d}" for k in range(b.n_objects)])
    return pa.table({
        "trace": pa.array([trace] * n),
        "account_id": accounts.take(pa.array(b.account[order])),
        "object_id": objects.take(pa.array(b.object[order])),
        "t_us": b.t[order] * 1_000_000,
        "t_resolution_us": pa.nulls(n, pa.int64()),
        "event_id": pa.array([f"p{k:08d}" for k in range(n)]),
    })  # fmt: skip
