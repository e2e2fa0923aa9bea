"""Edges -> groups: communities of the supra-graph, at the resolution that depends least on luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from unisono.groups.describe import accounts_of, describe
from unisono.groups.graph import read_links, supra_graph
from unisono.groups.scan import DEFAULT_RESOLUTIONS, most_stable, scan
from unisono.study.errors import UserError
from unisono.tables import GROUPS, MEMBERS


@dataclass(frozen=True)
class GroupResult:
    """The tables groups and members, the resolution reported and its stability (None without edges).

    `grid` has one (resolution, stability, communities of at least min_accounts) per resolution scanned.
    """

    groups: pa.Table
    members: pa.Table
    resolution: float | None
    stability: float | None
    grid: list[tuple[float, float, int]]


def find_groups(
    edges: pa.Table,
    *,
    seed: int,
    resolutions: Sequence[float] = DEFAULT_RESOLUTIONS,
    n_seeds: int = 20,
    min_accounts: int = 3,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> GroupResult:
    """Groups in `edges` (columns of the table edges; only rows with `is_edge` of one trace are used).

    The result depends on the set of edges, `seed` (0 or more), `resolutions`, `n_seeds` and
    `min_accounts`; not on row order or `threads`. `progress` is told (runs done, runs in all).
    Raises UserError for a setting that makes no sense.
    """
    _check(resolutions, n_seeds, min_accounts)
    links = read_links(edges, min_accounts)
    if not len(links.a):
        return GroupResult(GROUPS.schema.empty_table(), MEMBERS.schema.empty_table(), None, None, [])
    graph = supra_graph(links)
    readings = scan(graph, sorted(set(resolutions)), seed, n_seeds, threads, progress)
    chosen = most_stable(readings)
    groups, members = describe(graph, chosen, min_accounts)
    grid = []
    for reading in readings:
        size = np.bincount(accounts_of(graph, reading.labels)[0])
        grid.append((reading.resolution, reading.stability, int((size >= min_accounts).sum())))
    return GroupResult(groups, members, chosen.resolution, chosen.stability, grid)


def _check(resolutions: Sequence[float], n_seeds: int, min_accounts: int) -> None:
    if not resolutions or not all(0 < r < np.inf for r in resolutions):
        raise UserError(
            f"resolutions {list(resolutions)} cannot be scanned",
            "give one or more numbers above 0: the share of a group's pairs that must be edges, such as 0.05",
        )
    if n_seeds < 2:
        raise UserError(f"n_seeds is {n_seeds}", "give 2 or more: stability compares runs with each other")
    if min_accounts < 2:
        raise UserError(f"min_accounts is {min_accounts}", "give 2 or more: one account is no group")
