"""Row 18: real accounts whose interest is drawn anew, by parts and by overlapping topics; their times are by chance.

The parts are those of the tests, so the strata can describe them. Topics are what no partition can: every account is
drawn to several. Fitted as probabilistic latent semantic analysis (Hofmann, UAI 1999) by expectation maximisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy import sparse, stats

from lab.measure.analysis import SECOND, find_in
from lab.measure.permuted import POOLED
from lab.measure.real import IRA, traces
from lab.measure.row import Record, Row
from unisono.calibration import curveball
from unisono.calibration.controls import with_accounts
from unisono.maths.types import F64, I32
from unisono.nulls.layer import SELECTION_LEVELS
from unisono.nulls.strata import LEVELS, strata
from unisono.nulls.touches import FirstTouches, first_touches

SET, WINDOW_US = "IRA, url", 600 * SECOND
CELLS = ("bisection", "soft topics")
ACCOUNTS_PER_TOPIC, MOST_TOPICS, _ROUNDS = 250, 32, 60


def one(cell: str, seed: int) -> Record:
    """Links and accounts in groups where interest alone says who touched what."""
    arrays, rng = traces(SET), np.random.default_rng(seed)
    first = first_touches(arrays)
    if cell == "bisection":
        drawn = curveball(first, strata(first, LEVELS)[SELECTION_LEVELS - 1], rng)
    else:
        drawn = from_topics(first, *_fitted(SET), rng)
    found = find_in(drawn, arrays, WINDOW_US)
    return {"edges": int(found.called.is_edge.sum()), "groups": len(found.groups), "accounts": len(found.accounts)}


@cache
def _fitted(name: str) -> tuple[F64, F64]:
    return topics(first_touches(traces(name)), np.random.default_rng(0))


def topics(first: FirstTouches, rng: np.random.Generator) -> tuple[F64, F64]:
    """((n_accounts, K) what share of its touches an account owes to a topic, (K, n_objects) the topic's objects)."""
    seen = _shared(first)
    n_accounts, n_objects = first.n_accounts, len(first.slots) - 1
    k = int(np.clip(first.tested.sum() // ACCOUNTS_PER_TOPIC, 2, MOST_TOPICS))
    share, of_topic = rng.dirichlet(np.ones(k), n_accounts), rng.dirichlet(np.ones(n_objects), k)
    u, o = first.account[seen], first.object[seen]
    for _ in range(_ROUNDS):
        part = share[u] * of_topic[:, o].T
        part /= part.sum(axis=1, keepdims=True)
        rows = np.arange(len(u))
        share = sparse.csr_matrix((np.ones(len(u)), (u, rows)), shape=(n_accounts, len(u))) @ part
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
        of_topic = (sparse.csr_matrix((np.ones(len(o)), (o, rows)), shape=(n_objects, len(o))) @ part).T
        of_topic /= of_topic.sum(axis=1, keepdims=True)
    return share, of_topic


def from_topics(first: FirstTouches, share: F64, of_topic: F64, rng: np.random.Generator) -> FirstTouches:
    """Each object's slots in the hands of accounts drawn without replacement, by activity times liking.

    Kept: each object's slots; accounts' activity, on average. Objects with one sharer stay where they are.
    """
    seen = _shared(first)
    active = np.bincount(first.account[seen], minlength=first.n_accounts)
    weight = share * active[:, None]
    account: I32 = first.account.copy()
    for o in np.flatnonzero(np.diff(first.slots) >= 2):
        begin, end = first.slots[o], first.slots[o + 1]
        with np.errstate(divide="ignore"):
            keys = np.log(weight @ of_topic[:, o]) + rng.gumbel(size=first.n_accounts)
        account[begin:end] = rng.permutation(np.argpartition(-keys, end - begin - 1)[: end - begin])
    return with_accounts(first, account)


def _shared(first: FirstTouches) -> np.ndarray:
    return np.flatnonzero((first.n_sharers >= 2)[first.object])


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Draws with any link in each cell, and pooled, against the limits (scaled where draws are fewer)."""
    seen: Record = {}
    holds = True
    for cell in dict.fromkeys(r["cell"] for r in records):
        own = [r["edges"] for r in records if r["cell"] == cell]
        bad = sum(n > 0 for n in own)
        seen[cell] = {"draws": len(own), "with_a_link": bad, "most_links": max(own)}
        holds &= bad <= stats.binom.ppf(0.99, len(own), 0.05)
    share = float(np.mean([r["edges"] > 0 for r in records]))
    seen["pooled"] = {"draws": len(records), "share_with_a_link": round(share, 4)}
    return seen, bool(holds and share <= POOLED)


ROW = Row(
    18, "who touched what drawn anew from parts and from overlapping topics; times by chance",
    "real: links in IRA tweets, window 10 min", "draws with any link <= 4 of 20 in a cell and <= 7.6 % pooled",
    CELLS, 20, one, judge, needs=(IRA,),
)  # fmt: skip
