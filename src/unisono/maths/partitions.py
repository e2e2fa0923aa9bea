"""How much two partitions of the same nodes agree; and the connected parts of a graph as one.

A partition is an int64 array with one label 0, 1, ... per node. Only pairs of nodes that lie together
count, so nodes on their own (communities of one) neither raise nor lower an agreement.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from unisono.maths.types import F64, I64

Ints = I64
Floats = F64


def contingency(labels_a: Ints, labels_b: Ints) -> tuple[Ints, Ints, Ints]:
    """Non-empty cells of the contingency table: label in a, label in b, nodes; sorted."""
    if len(labels_a) != len(labels_b):
        raise ValueError(f"partitions of {len(labels_a)} and {len(labels_b)} nodes")
    width = int(labels_b.max(initial=0)) + 1
    cells, count = np.unique(labels_a * width + labels_b, return_counts=True)
    return cells // width, cells % width, count.astype(np.int64)


def jaccard(labels_a: Ints, labels_b: Ints) -> float:
    """Pairs of nodes together in both partitions over pairs together in either, 0 to 1.

    0 where neither has a pair together: there is nothing to agree on.
    """
    size_a, size_b = np.bincount(labels_a), np.bincount(labels_b)
    if len(labels_a) != len(labels_b):
        raise ValueError(f"partitions of {len(labels_a)} and {len(labels_b)} nodes")
    not_alone = (size_a[labels_a] > 1) & (size_b[labels_b] > 1)  # others form no common pair: less to sort
    both = _pairs(contingency(labels_a[not_alone], labels_b[not_alone])[2])
    either = _pairs(size_a) + _pairs(size_b) - both
    return both / either if either else 0.0


def agreement(partitions: Sequence[Ints]) -> Floats:
    """Jaccard of every two partitions: a symmetric matrix, the diagonal 1."""
    table = np.eye(len(partitions))
    for i, one in enumerate(partitions):
        for j in range(i):
            table[i, j] = table[j, i] = jaccard(one, partitions[j])
    return table


def best_match(labels_ref: Ints, labels_other: Ints) -> Floats:
    """For each community of `labels_ref` its largest Jaccard (of node sets) with one of `labels_other`."""
    ref, other, both = contingency(labels_ref, labels_other)
    either = np.bincount(labels_ref)[ref] + np.bincount(labels_other)[other] - both
    best = np.zeros(int(labels_ref.max(initial=-1)) + 1)
    np.maximum.at(best, ref, both / either)
    return best


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def numbered_parts(a: npt.NDArray[np.integer], b: npt.NDArray[np.integer], n: int, least: int) -> I64:
    """(n,) number of the connected part of each node, the largest first; -1 in parts of fewer than `least` nodes.

    a, b: ends of the links. Parts of one size are in the order of their first nodes.
    """
    if not n:
        return np.empty(0, np.int64)
    links = sparse.csr_matrix((np.ones(len(a)), (a, b)), shape=(n, n))
    part = csgraph.connected_components(links, directed=False)[1]
    size = np.bincount(part)
    order = np.argsort(-size, kind="stable")
    number = np.empty(len(size), np.int64)
    number[order] = np.where(size[order] >= least, np.arange(len(size)), -1)
    of: I64 = number[part]
    return of
