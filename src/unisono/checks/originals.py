"""Originals: posts that were reposted, but are not in the study."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.compute as pc

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View

ORIGINALS = Question(
    "originals", "originals_missing",
    "the birth of a missing original is not known: its reposts take no part in the test of reactions, and an author "
    "who is first cannot be seen; co-reposts are tested as before",
    "collect the posts that repost_of names",
)  # fmt: skip


def originals(view: View) -> Iterator[Row]:
    """Share of reposted posts that are missing."""
    wanted = pc.unique(view.events["repost_of"].drop_null())
    n = len(wanted)
    if n < 10:
        yield ORIGINALS.unknown(f"{n} reposted posts are named, and 10 are needed", n)
        return
    missing = n - pc.sum(pc.is_in(wanted, pc.unique(view.events["event_id"]))).as_py()
    share = missing / n
    seen = f"{missing:,} of {n:,} reposted posts are not in the study ({percent(share)})"
    if share >= 0.1:
        yield ORIGINALS.found("warning" if share >= 0.5 else "note", seen, share, n)
    else:
        yield ORIGINALS.absent(seen, share, n)
