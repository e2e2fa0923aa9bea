"""Edges -> a supra-graph: one node per (account, trace), so that each behaviour keeps its own layer.

Weight 1 joins two accounts inside a trace where an edge joins them at any window; `COUPLING` joins an
account's copies in different traces. Nodes are numbered by (account id, trace name), so the graph does
not depend on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse
from scipy.sparse import csgraph

from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I64
from unisono.tables import EDGES

Ints = I64
Floats = F64

COUPLING = 0.1
_READ = ["trace", "account_a", "account_b", "n_objects", "first_us", "last_us", "is_edge"]


@dataclass(frozen=True)
class Links:
    """Edges with their windows united: one per (trace, account_a, account_b), sorted by it.

    `accounts` and `traces` are the sorted names; `trace`, `a`, `b` index them. Windows nest, so
    `n_objects` of the widest counts each object once.
    """

    accounts: pa.Array
    traces: list[str]
    trace: Ints
    a: Ints
    b: Ints
    n_objects: Ints
    first_us: Ints
    last_us: Ints


@dataclass(frozen=True)
class SupraGraph:
    """A canonical symmetric CSR matrix, the account and trace of each node, the nodes u, v of each link."""

    links: Links
    account: Ints
    trace: Ints
    u: Ints
    v: Ints
    indptr: Ints
    indices: Ints
    weights: Floats


def read_links(edges: pa.Table, min_accounts: int) -> Links:
    """Links of the rows that are edges of one trace (`trace` other than 'all').

    Links in a component of fewer than `min_accounts` accounts are left out: no group can be there, and
    such trivial pieces would only pad the stability.
    """
    table = edges.select(_READ).cast(pa.schema([pa.field(c, EDGES.schema.field(c).type) for c in _READ]))
    table = table.filter(pc.and_(table["is_edge"], pc.not_equal(table["trace"], "all"))).combine_chunks()
    accounts = _names(table["account_a"], table["account_b"])
    a, b = _codes(table["account_a"], accounts), _codes(table["account_b"], accounts)
    keep = _component_sizes(a, b, len(accounts))[a] >= min_accounts
    table, a, b = table.filter(pa.array(keep)), a[keep], b[keep]
    traces = _names(table["trace"])
    return _unite_windows(table, accounts, traces, _codes(table["trace"], traces), a, b)


def supra_graph(links: Links) -> SupraGraph:
    """The supra-graph of the links."""
    width = max(len(links.traces), 1)
    u_key, v_key = links.a * width + links.trace, links.b * width + links.trace
    keys = distinct(np.r_[u_key, v_key])
    u, v = np.searchsorted(keys, u_key), np.searchsorted(keys, v_key)
    account, trace = keys // width, keys % width
    one, other = _copies(account, width)
    row, col = np.r_[u, one], np.r_[v, other]
    weight = np.r_[np.ones(len(u)), np.full(len(one), COUPLING)]
    half = sparse.csr_matrix((weight, (row, col)), shape=(len(keys), len(keys)))
    full = (half + half.T).tocsr()
    full.sort_indices()
    return SupraGraph(
        links, account, trace, u, v, full.indptr.astype(np.int64), full.indices.astype(np.int32), full.data
    )


def _names(*columns: pa.ChunkedArray) -> pa.Array:
    """The distinct values, in UTF-8 byte order."""
    values = pa.chunked_array([pc.unique(c) for c in columns], pa.string()).unique()
    return values.take(pc.array_sort_indices(values))


def _codes(column: pa.ChunkedArray, names: pa.Array) -> Ints:
    codes: Ints = pc.index_in(column, value_set=names).to_numpy().astype(np.int64)
    return codes


def _component_sizes(a: Ints, b: Ints, n: int) -> Ints:
    """For each account how many accounts its connected component has."""
    joined = sparse.csr_matrix((np.ones(len(a), np.bool_), (a, b)), shape=(n, n))
    _, component = csgraph.connected_components(joined, directed=False)
    sizes: Ints = np.bincount(component)[component]
    return sizes


def _unite_windows(table: pa.Table, accounts: pa.Array, traces: pa.Array, trace: Ints, a: Ints, b: Ints) -> Links:
    order = np.lexsort((b, a, trace))
    trace, a, b = trace[order], a[order], b[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(trace) != 0) | (np.diff(a) != 0) | (np.diff(b) != 0)
    starts = np.flatnonzero(new)

    def united(name: str, how: np.ufunc) -> Ints:
        values: Ints = table[name].to_numpy()[order]
        return how.reduceat(values, starts) if len(starts) else values

    objects, first, last = (
        united("n_objects", np.maximum), united("first_us", np.minimum), united("last_us", np.maximum)
    )  # fmt: skip
    return Links(accounts, traces.to_pylist(), trace[starts], a[starts], b[starts], objects, first, last)


def _copies(account: Ints, width: int) -> tuple[Ints, Ints]:
    """Every two nodes of one account; nodes are sorted by account, at most `width` to each."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, width):
        one = np.flatnonzero(account[step:] == account[:-step])
        ones.append(one)
        others.append(one + step)
    return np.concatenate(ones), np.concatenate(others)
