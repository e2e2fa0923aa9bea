"""Row 14: accounts that delete in the same seconds, among simulated ones with the same hours of the week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lab.measure.real import DELETIONS, read
from lab.measure.row import Record, Row
from lab.rivals import average_precision
from lab.simulator.world import numbered
from unisono.maths.types import I64
from unisono.synchrony import synchronous_accounts

SECOND = 1_000_000
N_REAL, N_SIMULATED = 200, 2_000
MIN_ACTS = 10
BAR = 0.97
NULLS = ("own", "crowd")


def one(cell: str, seed: int) -> Record:
    """Average precision by p under both nulls and by the score of own rhythm; how many of each kind have q <= 0.05."""
    rng = np.random.default_rng(seed)
    account, second = _deletions(rng)
    more, when = _simulated(second, rng)
    account, second = np.concatenate([account, more + N_REAL]), np.concatenate([second, when])
    ids = numbered("a", N_REAL + N_SIMULATED)
    found = synchronous_accounts(account, second * SECOND, ids, SECOND, SECOND)
    real = np.asarray(pc.index_in(found["account_id"].combine_chunks(), ids), dtype=np.int64) < N_REAL
    out: Record = {}
    for null in NULLS:
        p, q = found[f"p_{null}"].to_numpy(), found[f"q_{null}"].to_numpy()
        out[f"ap_p_{null}"] = average_precision(-p, real)
        out[f"real_{null}"], out[f"simulated_{null}"] = int((q[real] <= 0.05).sum()), int((q[~real] <= 0.05).sum())
    return out | {"ap_own": average_precision(found["score_own"].to_numpy(), real)}


def _deletions(rng: np.random.Generator) -> tuple[I64, I64]:
    """Acts of N_REAL accounts of the data with MIN_ACTS deletions or more: number, second."""
    rows = read(DELETIONS, ["author", "deletion_time"]).drop_null()
    second = np.asarray(pc.cast(pc.cast(rows["deletion_time"], pa.timestamp("us")), pa.int64())) // SECOND
    author = np.unique(rows["author"].to_numpy(zero_copy_only=False), return_inverse=True)[1]
    chosen = rng.choice(np.flatnonzero(np.bincount(author) >= MIN_ACTS), N_REAL, replace=False)
    number = np.full(author.max() + 1, -1)
    number[chosen] = np.arange(N_REAL)
    keep = number[author] >= 0
    return number[author][keep], second[keep]


def _simulated(second: I64, rng: np.random.Generator) -> tuple[I64, I64]:
    """Independent accounts, Pareto 1.2 activity, at the hours of the week of `second`, uniform in the hour."""
    size = np.minimum(3000, MIN_ACTS * (rng.pareto(1.2, N_SIMULATED) + 1)).astype(np.int64)
    hours = np.arange(second.min() // 3600, second.max() // 3600 + 1)
    weekly = np.bincount(second // 3600 % 168, minlength=168)[hours % 168]
    when = rng.choice(hours, size.sum(), p=weekly / weekly.sum()) * 3600 + rng.integers(0, 3600, size.sum())
    return np.repeat(np.arange(N_SIMULATED), size), when


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Mean over draws of accounts, by null; the bar is on own rhythm, the null that the row asks about, by its score:
    p is 1 for everybody who shows nothing, and ties tell no order."""
    names = [name for name in records[0] if name.split("_")[0] in ("ap", "real", "simulated")]
    seen: Record = {name: round(float(np.mean([r[name] for r in records])), 4) for name in names}
    return seen, seen["ap_own"] >= BAR


ROW = Row(
    14, "accounts that delete in step: 200 of the data, and 2,000 simulated ones with the same hours of the week",
    "trend_bots_deletions, seconds", "average precision >= 0.97 over accounts", ("deletions",), 20, one, judge,
    needs=(DELETIONS,),
)  # fmt: skip
