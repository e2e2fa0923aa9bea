"""The whole analysis of one trace at one window, on arrays: edges, groups, companions, accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from unisono.certify.extension import companions
from unisono.edges.call import Called, Layer, call, layer
from unisono.edges.combine import Verdicts
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I64
from unisono.nulls.layer import at_window, background
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.run import count_pairs

FDR = 0.05
SECOND = 1_000_000
MIN_ACCOUNTS = 3
"""Fewest accounts of a reported group: a pair alone is listed among the edges and accuses nobody."""


@dataclass(frozen=True)
class Findings:
    """groups: components of at least MIN_ACCOUNTS accounts of the edges; extended: who was added to each.

    companion: (n_accounts,) smallest log p of coming with a group's bursts, 0 for who never does.
    """

    layer: Layer
    called: Called
    verdicts: Verdicts
    groups: list[I64]
    extended: list[I64]
    companion: F64

    @property
    def core(self) -> I64:
        """Accounts of groups, without those added by extension; sorted."""
        return _union(self.groups)

    @property
    def accounts(self) -> I64:
        """All accounts that a report would name in a group; sorted."""
        return _union([*self.groups, *self.extended])


def find(arrays: TraceArrays, window_us: int, fdr: float = FDR) -> Findings:
    """What would be reported of one trace. window_us: microseconds, inclusive; fdr: in (0, 1)."""
    return find_in(first_touches(arrays), arrays, window_us, fdr)


def find_in(first: FirstTouches, arrays: TraceArrays, window_us: int, fdr: float = FDR) -> Findings:
    """The same of first touches, permuted perhaps; `arrays` gives the ids alone."""
    ground = at_window(background(first), window_us)
    tested = layer("x", window_us, ground, *candidates(first, arrays, window_us))
    called, verdicts = call([tested], fdr)
    groups = components(tested.tested.a[called[0].is_edge], tested.tested.b[called[0].is_edge], first.n_accounts)
    extended, companion = [], np.zeros(first.n_accounts)
    for group in groups:
        accounts, log_p = companions(ground, window_us, group)
        q = benjamini_hochberg(np.exp(log_p), int(first.tested.sum()))
        extended.append(accounts[q <= fdr])
        companion[accounts] = np.minimum(companion[accounts], log_p)
    return Findings(tested, called[0], verdicts, groups, extended, companion)


def candidates(first: FirstTouches, arrays: TraceArrays, window_us: int, least: int = 2) -> tuple[I64, I64]:
    """Pairs a < b whose first touches of `least` objects or more lie within the window."""
    of_firsts = replace(arrays, account=first.account, object=first.object, post=first.post, t=first.t)
    counts = count_pairs(of_firsts, window_us, least)
    return counts[:, 0], counts[:, 1]


def components(a: I64, b: I64, n_accounts: int, least: int = MIN_ACCOUNTS) -> list[I64]:
    """Connected components of the links (a[i], b[i]) with `least` accounts or more; each sorted."""
    links = sparse.csr_matrix((np.ones(len(a)), (a, b)), shape=(n_accounts, n_accounts))
    of = csgraph.connected_components(links, directed=False)[1]
    large = np.flatnonzero(np.bincount(of, minlength=1) >= least)
    return [np.flatnonzero(of == k) for k in large]


def evidence(found: Findings) -> F64:
    """(n_accounts,) order of suspicion: members of reported groups first, then by -log p of the account.

    An account's p: the smaller of Simes over its pairs (as in the FDR over accounts) and of its extension test.
    """
    n, v = len(found.companion), found.verdicts
    account, log_p = np.r_[v.a, v.b], np.r_[v.log_p, v.log_p]
    order = np.lexsort((log_p, account))
    account, log_p = account[order], log_p[order]
    rank = np.arange(len(account)) - np.searchsorted(account, account) + 1
    own = np.zeros(n)
    np.minimum.at(own, account, log_p - np.log(rank))
    score = -np.minimum(own, found.companion)
    score[found.accounts] += 1e6
    return score


def _union(parts: list[I64]) -> I64:
    return np.unique(np.concatenate([np.empty(0, np.int64), *parts]))
