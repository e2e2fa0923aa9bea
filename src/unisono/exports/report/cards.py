"""Groups as cards: who, what they push, when, with whom, and what else could explain it; and the verdict over all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from unisono.exports.accounts import last_seen
from unisono.exports.drawings.heat import Row, draw_groups, draw_week
from unisono.exports.drawings.svg import Svg
from unisono.exports.drawings.timeline import Axis
from unisono.exports.report.database import Database
from unisono.exports.report.facts import Facts
from unisono.exports.report.groups import Group
from unisono.exports.report.likenesses import UNKNOWN, Likeness
from unisono.exports.report.moments import axis
from unisono.study import Study
from unisono.words import verdict
from unisono.words.numbers import count
from unisono.words.shown import account_label

CARDS, LARGE = 12, 6
"""Groups with a card; of those that no open explanation fits, how many get a large one."""
AUTHORS = 2
"""Authors that are named whose posts a group takes up."""

_HOURS = """
SELECT group_id, ((h // 24 + 3) % 7 + 7) % 7 AS weekday, (h % 24 + 24) % 24 AS hour, count(DISTINCT event_id) AS n
FROM (SELECT group_id, event_id, CAST(floor(CAST(t_us AS DOUBLE) / 3.6e9) AS BIGINT) AS h FROM touches)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_AUTHORS = """
SELECT t.group_id, e.account_id, count(DISTINCT t.object_id) AS n, sum(count(DISTINCT t.object_id)) OVER one AS posts
FROM touches t JOIN events e ON e.event_id = t.object_id GROUP BY 1, 2
WINDOW one AS (PARTITION BY t.group_id)
QUALIFY row_number() OVER (PARTITION BY t.group_id ORDER BY count(DISTINCT t.object_id) DESC, e.account_id) <= $authors
ORDER BY 1, 3 DESC, 2
"""
_LINKED = """
SELECT a.group_id, g.rank, count(*) AS n
FROM (SELECT account_a AS x, account_b AS y FROM links UNION SELECT account_b, account_a FROM links) l
JOIN places a ON a.account_id = l.x JOIN places b ON b.account_id = l.y JOIN groups g ON g.group_id = b.group_id
WHERE a.group_id <> b.group_id GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
_SHARED = """
SELECT a.group_id, g.rank, count(*) AS n
FROM places a JOIN places b ON b.account_id = a.account_id AND b.group_id <> a.group_id
JOIN groups g ON g.group_id = b.group_id GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
_STEPS = """
SELECT group_id, CAST(floor((CAST(t_us AS DOUBLE) - $t0) / $width) AS BIGINT) AS step, count(DISTINCT event_id) AS n
FROM touches GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Card:
    """One group. when: a heat map of the hours of its week; hours, authors, beside: sentences."""

    group: Group
    like: Likeness
    who: str
    when: Svg
    hours: str
    authors: str
    beside: str


@dataclass(frozen=True)
class First:
    """The first screen. plain: cards of groups that no open explanation fits, likely: of the others, each by rank;
    sentences: the verdict; timeline: the groups of the cards, None where there is none."""

    plain: list[Card]
    likely: list[Card]
    n_plain: int
    n_likely: int
    sentences: list[str]
    timeline: Svg | None

    @property
    def cards(self) -> list[Card]:
        """All cards, in order."""
        return [*self.plain, *self.likely]


def ordered(groups: list[Group], like: dict[str, Likeness]) -> list[Group]:
    """Groups by rank, those that an open explanation fits after all others: what nothing explains comes first."""
    return sorted(groups, key=lambda g: (is_open(g, like), g.rank))


def is_open(group: Group, like: dict[str, Likeness]) -> bool:
    """Whether an open explanation fits the group."""
    return bool(like.get(group.group_id, UNKNOWN).found)


def gather(db: Database, study: Study, facts: Facts, groups: list[Group], like: dict[str, Likeness]) -> First:
    """The first screen. groups: as `ordered` leaves them. Needs `touches` (objects.gather)."""
    plain, likely = ([g for g in groups if is_open(g, like) == is_likely] for is_likely in (False, True))
    few = plain[: max(CARDS - len(likely), LARGE)][:CARDS]
    shown = [*few, *likely[: CARDS - len(few)]]
    hours, linked, shared = _hours(db), _ties(db.rows(_LINKED)), _ties(db.rows(_SHARED))
    authors = _authors(db, study)
    cards = [
        Card(
            g, like.get(g.group_id, UNKNOWN), _who(g), _week(g, hours[g.group_id]), _span(hours[g.group_id]),
            authors.get(g.group_id, ""), verdict.beside(linked[g.group_id], shared[g.group_id]),
        ) for g in shown
    ]  # fmt: skip
    return First(
        cards[: len(few)], cards[len(few) :], len(plain), len(likely), list(_sentences(facts, groups, like)),
        _timeline(db, shown, like),
    )  # fmt: skip


def _sentences(facts: Facts, groups: list[Group], like: dict[str, Likeness]) -> Iterable[str]:
    """What carries the findings, the strongest other explanation, where to look first, how many may be wrong."""
    if not facts.links:
        return
    yield verdict.carried(facts.bases, facts.links)
    likenesses = [(g, like.get(g.group_id, UNKNOWN)) for g in groups]
    told = [(g.rank, g.n_accounts, [r["finding"] for r in own.found]) for g, own in likenesses]
    yield from verdict.explained(told, any(own.looked_for for _, own in likenesses))
    yield verdict.wrong(facts.fdr)


def _who(group: Group) -> str:
    kinds = Counter((m.kind, "" if m.platform == "unknown" else m.platform) for m in group.members)
    rows = [(*k, n) for k, n in sorted(kinds.items(), key=lambda x: (-x[1], x[0]))]
    return verdict.who(rows, group.n_accounts, len(group.members)) if rows else ""


def _hours(db: Database) -> dict[str, dict[tuple[int, int], int]]:
    hours: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
    for r in db.rows(_HOURS):
        hours[r["group_id"]][r["weekday"], r["hour"]] = r["n"]
    return hours


def _week(group: Group, counts: dict[tuple[int, int], int]) -> Svg:
    return draw_week(counts, f"Hours of group {group.rank}: posts by weekday and hour, UTC", verdict.at)


def _span(counts: dict[tuple[int, int], int]) -> str:
    """The shortest run of hours that holds nine in ten posts, round midnight or not."""
    total = sum(counts.values())
    if not total:
        return ""
    day = [sum(n for (_, h), n in counts.items() if h == hour) for hour in range(24)]
    runs = ((length, start) for length in range(1, 25) for start in range(24))
    length, start = next(
        (n, s) for n, s in runs if sum(day[(s + i) % 24] for i in range(n)) >= 0.9 * total
    )  # fmt: skip
    weekend = sum(n for (weekday, _), n in counts.items() if weekday >= 5)
    return verdict.hours(start, start + length, weekend / total)


def _authors(db: Database, study: Study) -> dict[str, str]:
    rows = db.rows(_AUTHORS, authors=AUTHORS)
    ids = pa.array(sorted({r["account_id"] for r in rows}), pa.string())
    names = {a["account_id"]: account_label(a["account_id"], a["handle"], a["name"])
             for a in last_seen(study, ids).to_pylist()}  # fmt: skip
    mine: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in rows:
        mine[r["group_id"]].append(r)
    return {
        g: verdict.about([(names[r["account_id"]], r["n"]) for r in own], int(own[0]["posts"]))
        for g, own in mine.items()
    }  # fmt: skip


def _ties(rows: list[dict[str, Any]]) -> dict[str, list[tuple[int, int]]]:
    ties: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for r in rows:
        ties[r["group_id"]].append((r["rank"], r["n"]))
    return ties


def _timeline(db: Database, groups: list[Group], like: dict[str, Likeness]) -> Svg | None:
    if not groups:
        return None
    span = axis(min(g.first_us for g in groups), max(g.last_us for g in groups))
    posts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for r in db.rows(_STEPS, t0=float(span.t0_us), width=float(span.width_us)):
        posts[r["group_id"]][min(max(r["step"], 0), span.n_steps - 1)] += r["n"]
    rows = [
        Row(f"Group {g.rank}: {count(g.n_accounts, 'account')}", posts[g.group_id], is_open(g, like)) for g in groups
    ]
    return draw_groups(Axis(span.t0_us, span.width_us, span.width, span.n_steps), rows, "Groups over time, UTC")
