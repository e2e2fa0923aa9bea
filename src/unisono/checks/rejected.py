"""Rows that were not used, and posts that stand in the study twice."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View, codes

SENTINELS = Question(
    "rejects", "sentinel_accounts",
    "these posts are by nobody who can be told apart ([deleted], AutoModerator), and are no account in any test; what "
    "deleted accounts did is missing",
    "collect sooner, before accounts are deleted",
)  # fmt: skip
UNREAD = Question(
    "rejects", "rows_not_used",
    "what these rows say is missing from every test",
    "see the table `rejects`, and the settings `map`, `time_format` and `file_format`",
)  # fmt: skip
COPIES = Question(
    "rejects", "rows_given_twice",
    "none: each post counts once, the first copy stays",
    "none needed; overlapping exports are read like this",
)  # fmt: skip
DOUBLES = Question(
    "rejects", "posts_twice_under_two_ids",
    "an account with the same words at the same instant twice has more acts than it made; co-actions count objects, "
    "so n_objects stays as it is",
    "map the post's own id (`id` in the setting `map`), so that copies are seen",
)  # fmt: skip
_HARMLESS = ("sentinel_account", "duplicate", "superseded", "no_object")


def rejected(view: View) -> Iterator[Row]:
    """Sentinels, other rejects, copies and doubles."""
    n = view.rows
    for question, reasons, heavy in (
        (SENTINELS, ("sentinel_account",), 0.05),
        (COPIES, ("duplicate", "superseded"), 2.0),
        (UNREAD, tuple(r for r in view.rejects if r not in _HARMLESS), 0.05),
    ):
        lost = {r: view.rejects[r] for r in reasons if view.rejects.get(r)}
        total = sum(lost.values())
        share = total / n if n else 0.0
        said = ", ".join(f"{r} {c:,}" for r, c in sorted(lost.items(), key=lambda x: (-x[1], x[0])))
        if not n:
            yield question.unknown("the manifest names no input", 0)
        elif total:
            seen = f"{total:,} of {n:,} input rows ({percent(share)}): {said}"
            yield question.found("warning" if share >= heavy else "note", seen, share, n)
        else:
            yield question.absent(f"none of {n:,} input rows", 0, n)
    yield _doubles(view)


def _doubles(view: View) -> Row:
    n = view.traces.num_rows
    if not n:
        return DOUBLES.unknown("there are no traces", 0)
    keys = ["trace", "account_id", "object_id"]
    rows = pa.table({c: codes(view.traces[c]) for c in keys} | {"t_us": view.traces["t_us"]})
    once = rows.group_by([*keys, "t_us"], use_threads=False).aggregate([([], "count_all")])
    more = pc.sum(pc.subtract(once["count_all"], 1)).as_py()
    share = more / n
    seen = f"{more:,} of {n:,} acts repeat another of the same account on the same object at the same instant"
    if share >= 0.01:
        return DOUBLES.found("warning" if share >= 0.1 else "note", seen, share, n)
    return DOUBLES.absent(seen, share, n)
