"""The group stage: edges gather into groups."""

from __future__ import annotations

import pyarrow.compute as pc

from unisono.groups.build import find_groups
from unisono.groups.scan import DEFAULT_RESOLUTIONS
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import GROUPS, MEMBERS

_COLUMNS = ("trace", "window_us", "account_a", "account_b", "n_objects", "is_edge", "first_us", "last_us")


def write_groups(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `groups` and `members` from the edges of the study."""
    edges = study.read("edges", _COLUMNS, pc.field("is_edge"), dictionary=["trace", "account_a", "account_b"])
    resolutions = settings.resolutions or DEFAULT_RESOLUTIONS
    progress.start("groups", len(resolutions) * settings.n_seeds, "partitions")
    done = 0

    def watch(now: int, total: int) -> None:
        nonlocal done
        progress.advance(now - done)
        done = now

    found = find_groups(
        edges, seed=settings.seed, resolutions=resolutions, n_seeds=settings.n_seeds,
        min_accounts=settings.min_accounts, threads=settings.n_threads, progress=watch,
    )  # fmt: skip
    with out.table(GROUPS) as writer:
        writer.write(found.groups)
    with out.table(MEMBERS) as writer:
        writer.write(found.members)
    out.facts.update(resolution=found.resolution, stability=found.stability, grid=[list(g) for g in found.grid])
