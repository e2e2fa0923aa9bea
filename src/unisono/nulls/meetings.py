"""Meetings: what two accounts do together, counted by the sittings in which they do it.

Whoever sits down and does five things within a minute meets another who does the same, by chance, five times at once.
So the trials are not the common objects but their clusters: those that u touched in one sitting and v in one sitting. A
cluster of k is met where more than half of its objects coincide, m = k // 2 + 1 of them or more; the statistic S is the
number of distinct sittings among the met clusters, on the side that has fewer.

Given each object's own probability q_i, and whatever depends on whatever inside the cluster,

    P(m or more coincide) <= min over 0 <= t < m of (sum of the k - t smallest q) / (m - t)

since of m that coincide m - t are among the k - t that are the least likely (Markov). With t = 0 alone this is Rueger's
bound (Metrika 25 (1978)).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.sorting import n_distinct, sort_first
from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import Flags

LEAST = 2
"""Fewest meetings of a candidate: one sitting, however rich, proves nothing, whatever a model makes of it."""


@njit(cache=True, nogil=True)
def into_clusters(sitting: I32, mine: I32, theirs: I32, n: int, ends: I32) -> int:
    """Put the first n rows of both into the order of (sitting of mine, sitting of theirs), and write where each cluster
    ends; returns how many clusters there are."""
    if n > 1:
        _order(sitting, mine, theirs, n)
    clusters = 0
    for k in range(n):
        last = k + 1 == n
        if last or sitting[mine[k]] != sitting[mine[k + 1]] or sitting[theirs[k]] != sitting[theirs[k + 1]]:
            ends[clusters] = k + 1
            clusters += 1
    return clusters


@njit(cache=True, nogil=True)
def _order(sitting: I32, mine: I32, theirs: I32, n: int) -> None:
    """Shell's sort (see `maths/sorting.py`), of both arrays by one key."""
    key = np.empty(n, np.int64)
    for k in range(n):
        key[k] = (np.int64(sitting[mine[k]]) << 32) | np.int64(sitting[theirs[k]])
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, n):
            v, i, i2, j = key[k], mine[k], theirs[k], k
            while j >= gap and key[j - gap] > v:
                key[j], mine[j], theirs[j] = key[j - gap], mine[j - gap], theirs[j - gap]
                j -= gap
            key[j], mine[j], theirs[j] = v, i, i2
        gap //= 3


@njit(cache=True, nogil=True)
def are_met(t: I64, mine: I32, theirs: I32, window: int, ends: I32, n_clusters: int, met: Flags) -> None:
    """Which clusters are met: more than half of their objects coincide."""
    begin = 0
    for c in range(n_clusters):
        hits = 0
        for k in range(begin, ends[c]):
            hits += abs(t[mine[k]] - t[theirs[k]]) <= window
        met[c] = 2 * hits > ends[c] - begin
        begin = ends[c]


@njit(cache=True, nogil=True)
def chance_met(q: F64) -> float:
    """Bound on the probability that a cluster is met. q: (k,) of its objects; sorted in place."""
    k = q.size
    if k == 1:
        return float(q[0])
    sort_first(q, k)
    m, total, best = k // 2 + 1, 0.0, 1.0
    for i in range(k - m + 1):
        total += q[i]
    for i in range(k - m, k):  # the i + 1 smallest, of which i + 1 - (k - m) coincide
        total += q[i] if i > k - m else 0.0
        best = min(best, total / (i + 1 - (k - m)))
    return float(best)


@njit(cache=True, nogil=True)
def chances_met(q: F64, ends: I32, n_clusters: int) -> F64:
    """`chance_met` of every cluster, into the first places of q, whose objects are in the order of `into_clusters`."""
    begin = 0
    for c in range(n_clusters):
        end = ends[c]
        q[c] = chance_met(q[begin:end])
        begin = end
    return q[:n_clusters]


@njit(cache=True, nogil=True)
def n_sittings(sitting: I32, mine: I32, theirs: I32, ends: I32, met: Flags, n_clusters: int) -> int:
    """Distinct sittings among the met clusters, on the side that has fewer."""
    own, others, before = 0, 0, np.int64(-1)
    their = np.empty(n_clusters, np.int64)
    for c in range(n_clusters):
        if met[c]:
            k = ends[c] - 1
            own += np.int64(sitting[mine[k]]) != before
            before = np.int64(sitting[mine[k]])
            their[others] = sitting[theirs[k]]
            others += 1
    return min(own, n_distinct(their, others))
