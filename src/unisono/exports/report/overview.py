"""The data itself, before any test: posts per day, platforms, languages, what was touched most, exact repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from unisono.exports.drawings.svg import Svg
from unisono.exports.drawings.timeline import Axis, draw_bars
from unisono.exports.report.database import Database
from unisono.exports.report.facts import Facts
from unisono.exports.report.moments import STEPS, WIDTHS, axis
from unisono.pairs.stage import SYNCHRONY
from unisono.words.verdict import repeats

LANGUAGES, KINDS, TEXTS = 8, 8, 3
"""Languages, kinds of post, and repeated texts that are listed."""
TOP, EACH = 12, 2
"""Objects that are listed, and of each kind."""
_DAY = 86_400_000_000

_STEPS = """
SELECT CAST(floor((CAST(t_us AS DOUBLE) - $t0) / $width) AS BIGINT) AS step, count(*) AS n FROM {rows} GROUP BY 1
ORDER BY 1
"""
_SHARES = """
SELECT coalesce({column}, '') AS name, count(*) AS n, count(DISTINCT account_id) AS accounts FROM events
GROUP BY 1 ORDER BY 2 DESC, 1
"""
_TOP = """
SELECT trace, object_id, count(DISTINCT account_id) AS accounts, min(t_us) AS first_us, max(t_us) AS last_us,
       min(event_id) AS example
FROM traces WHERE trace <> $synchrony GROUP BY 1, 2 HAVING count(DISTINCT account_id) > 1
QUALIFY row_number() OVER (PARTITION BY trace ORDER BY count(DISTINCT account_id) DESC, object_id) <= $each
ORDER BY 3 DESC, 1, 2 LIMIT $top
"""
# Texts are told apart by a hash of 64 bits; what names a text is its first post.
_REPEATED = """
CREATE TEMP TABLE repeated AS
SELECT min(event_id) AS event_id, count(*) AS n, count(DISTINCT account_id) AS accounts
FROM events WHERE text <> '' AND coalesce(kind, '') <> 'repost'
GROUP BY hash(text) HAVING count(DISTINCT account_id) > 1
"""
_REPEATS = "SELECT count(*) AS texts, coalesce(sum(n), 0) AS posts FROM repeated"
_OFTEN = "SELECT event_id, n, accounts FROM repeated ORDER BY accounts DESC, n DESC, event_id LIMIT $texts"


@dataclass(frozen=True)
class Overview:
    """Rows of platforms, languages and kinds (name, n, accounts), of objects (trace, object_id, accounts, first_us,
    last_us, example) and of texts (event_id, n, accounts); days: posts over time; repeats: a sentence."""

    days: Svg | None
    platforms: list[dict[str, Any]]
    languages: list[dict[str, Any]]
    kinds: list[dict[str, Any]]
    top: list[dict[str, Any]]
    repeats: str
    texts: list[dict[str, Any]]

    @property
    def posts(self) -> Iterable[str]:
        """Posts whose text is wanted."""
        return {t["event_id"] for t in self.texts} | {e for o in self.top for e in (o["object_id"], o["example"])}


def gather(db: Database, facts: Facts) -> Overview:
    """Count what was read."""
    shares = {c: db.rows(_SHARES.format(column=c)) for c in ("platform", "lang", "kind")} if facts.posts else {}
    db.run(_REPEATED)
    seen = db.row(_REPEATS)
    return Overview(
        days=_days(db, facts), platforms=shares.get("platform", []), languages=shares.get("lang", []),
        kinds=shares.get("kind", []), top=db.rows(_TOP, synchrony=SYNCHRONY, each=EACH, top=TOP),
        repeats=repeats(seen["texts"], int(seen["posts"]), facts.posts) if facts.posts else "",
        texts=db.rows(_OFTEN, texts=TEXTS),
    )  # fmt: skip


def _days(db: Database, facts: Facts) -> Svg | None:
    if facts.first_us is None or facts.last_us is None:
        return None
    span = axis(facts.first_us, facts.last_us)
    width, name = span.width_us, span.width
    if facts.last_us - facts.first_us > 2 * _DAY:  # days are what a reader thinks in
        of_days = ((n, w) for n, w in WIDTHS.items() if w >= _DAY)
        name, width = next(
            ((n, w) for n, w in of_days if (facts.last_us - facts.first_us) // w < STEPS), (name, width)
        )  # fmt: skip
    t0 = facts.first_us // width * width
    n_steps = (facts.last_us - t0) // width + 1
    rows = db.rows(_STEPS.format(rows="events" if facts.posts else "traces"), t0=float(t0), width=float(width))
    counts: dict[int, int] = {}
    for r in rows:
        step = min(max(r["step"], 0), n_steps - 1)
        counts[step] = counts.get(step, 0) + r["n"]
    what = "posts" if facts.posts else "traces"
    steps = Axis(t0, width, "day" if width == _DAY else name, n_steps)
    return draw_bars(steps, counts, f"All {what} over time, UTC", what)
