"""A partition of the supra-graph -> the tables groups and members."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.sparse import csgraph

from unisono.groups.graph import SupraGraph
from unisono.groups.scan import Reading
from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I64
from unisono.tables import GROUPS, MEMBERS

Ints = I64
Floats = F64


def group_id(account_ids: list[str]) -> str:
    """First 12 hex of sha256 over the sorted ids, each followed by a newline, UTF-8."""
    return hashlib.sha256("".join(f"{a}\n" for a in sorted(account_ids)).encode()).hexdigest()[:12]


def accounts_of(graph: SupraGraph, labels: Ints) -> tuple[Ints, Ints]:
    """Communities and their distinct accounts, two sorted columns."""
    width = len(graph.links.accounts)
    key = distinct(labels * width + graph.account)
    return key // width, key % width


def describe(graph: SupraGraph, reading: Reading, min_accounts: int) -> tuple[pa.Table, pa.Table]:
    """Groups and members, sorted by key.

    Communities of mostly the same accounts are one group (see `unite`), as stable as they are on average;
    those of fewer than `min_accounts` are none. A link is inside a group if both its nodes are; `n_edges` also counts
    those of its members that stand in different communities, for these are links among its accounts too.
    """
    links, n_accounts = graph.links, len(graph.links.accounts)
    community, account = accounts_of(graph, reading.labels)
    names, group_of = _name_groups(graph, community, account, unite(community, account, min_accounts))
    grouped = group_of[community] >= 0
    member = distinct(group_of[community[grouped]] * n_accounts + account[grouped])
    at_u, at_v = group_of[reading.labels[graph.u]], group_of[reading.labels[graph.v]]
    inside = np.flatnonzero((at_u == at_v) & (at_u >= 0))
    group = at_u[inside]
    mass = _member_mass(member, n_accounts, group, links.a[inside], links.b[inside], links.n_objects[inside])
    stability = _stability(reading, community, group_of, len(names))
    groups = _groups(graph, names, member, inside, group, stability)
    return groups, _members(graph, names, member // n_accounts, member % n_accounts, mass)


def unite(community: Ints, account: Ints, min_accounts: int) -> Ints:
    """Number of the group of each community; -1 for those of fewer than `min_accounts` accounts.

    CPM charges the resolution for every pair of nodes, also across traces, so that one crowd that shares
    links and texts comes out as a community of each. Two communities are one group if more than half of the
    smaller one's accounts are in the larger one.
    """
    size = np.bincount(community)
    large = np.flatnonzero(size >= min_accounts)
    holds = sparse.csr_matrix((np.ones(len(account), np.int64), (community, account)))[large]
    common = (holds @ holds.T).tocoo()
    same = common.data > 0.5 * np.minimum(size[large[common.row]], size[large[common.col]])
    n = len(large)
    joined = sparse.csr_matrix((np.ones(int(same.sum())), (common.row[same], common.col[same])), shape=(n, n))
    group = np.full(len(size), -1, np.int64)
    group[large] = csgraph.connected_components(joined, directed=False)[1]
    return group


def _name_groups(graph: SupraGraph, community: Ints, account: Ints, group: Ints) -> tuple[list[str], Ints]:
    """Sorted group ids, and the position among them of each community's group (-1 for none)."""
    width = len(graph.links.accounts)
    key = distinct(group[community] * width + account)
    key = key[key >= 0]
    starts = np.searchsorted(key, np.arange(group.max(initial=-1) + 2) * width)
    ids = [
        group_id(graph.links.accounts.take(pa.array(key[a:b] % width)).to_pylist())
        for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    ]
    order = np.argsort(ids) if ids else np.empty(0, np.int64)
    position = np.full(len(ids) + 1, -1, np.int64)
    position[order] = np.arange(len(ids))
    return sorted(ids), position[group]


def _stability(reading: Reading, community: Ints, group_of: Ints, n: int) -> Floats:
    """Stability of each group: the mean over its communities, by their accounts."""
    group = group_of[community]
    community, group = community[group >= 0], group[group >= 0]
    total = np.bincount(group, weights=reading.stabilities[community], minlength=n)
    stability: Floats = total / np.bincount(group, minlength=n)
    return stability


def _member_mass(member: Ints, n_accounts: int, group: Ints, a: Ints, b: Ints, n_objects: Ints) -> Floats:
    """Each member's share of the objects on the links inside; each link counts for both its ends."""
    at = np.searchsorted(member, np.r_[group * n_accounts + a, group * n_accounts + b])
    own = np.bincount(at, weights=np.r_[n_objects, n_objects], minlength=len(member))
    share: Floats = own / np.bincount(member // n_accounts, weights=own)[member // n_accounts]
    return share


def _pairs_among(graph: SupraGraph, member: Ints, n: int) -> Ints:
    """Linked pairs of accounts that are both members, of each of n groups."""
    links, width = graph.links, len(graph.links.accounts)
    order = np.argsort(member % width, kind="stable")
    start = np.searchsorted(member[order] % width, np.arange(width + 1))
    times = np.diff(start)[links.a]  # groups of the first account of each link
    link = np.repeat(np.arange(len(times)), times)
    turn = np.arange(len(link)) - np.repeat(np.cumsum(times) - times, times)
    group = member[order][start[links.a[link]] + turn] // width
    both = np.isin(group * width + links.b[link], member)
    pair = links.a[link[both]] * width + links.b[link[both]]
    pairs, number = np.unique(pair, return_inverse=True)
    return np.bincount(distinct(group[both] * len(pairs) + number) // max(len(pairs), 1), minlength=n)


def _groups(
    graph: SupraGraph, names: list[str], member: Ints, inside: Ints, group: Ints, stability: Floats
) -> pa.Table:
    links, n, member_group = graph.links, len(names), member // len(graph.links.accounts)
    evidence = np.bincount(group, weights=links.n_objects[inside], minlength=n).astype(np.int64)
    size = np.bincount(member_group, minlength=n)
    rank = np.empty(n, np.int64)
    rank[np.lexsort((np.arange(n), -size, -evidence))] = np.arange(1, n + 1)  # names are in order
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, group, links.first_us[inside])
    np.maximum.at(last, group, links.last_us[inside])
    columns = {
        "group_id": names, "rank": rank, "traces": _traces(graph, group, links.trace[inside], n),
        "n_accounts": size, "n_always_first": pa.nulls(n), "n_edges": _pairs_among(graph, member, n),
        "true_edges_at_least": pa.nulls(n), "stability": stability, "q": pa.nulls(n),
        "first_us": first, "last_us": last,
    }  # fmt: skip
    return pa.table(columns, schema=GROUPS.schema)


def _traces(graph: SupraGraph, group: Ints, trace: Ints, n: int) -> list[list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    width = max(len(graph.links.traces), 1)
    for key in np.unique(group * width + trace).tolist():
        found[key // width].append(graph.links.traces[key % width])
    return [found[i] for i in range(n)]


def _members(graph: SupraGraph, names: list[str], group: Ints, account: Ints, mass: Floats) -> pa.Table:
    columns = {
        "group_id": pa.array(names, pa.string()).take(pa.array(group)),
        "account_id": graph.links.accounts.take(pa.array(account)),
        "evidence_mass": mass,
    }  # fmt: skip
    rest = {c: pa.nulls(len(mass)) for c in MEMBERS.names if c not in columns}
    return pa.table({c: (columns | rest)[c] for c in MEMBERS.names}, schema=MEMBERS.schema)
