"""The profile stage: facts about the groups that were found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unisono.edges.rows import ALL
from unisono.pairs.stage import SYNCHRONY
from unisono.profiles.circumstances import Facts
from unisono.profiles.control import control
from unisono.profiles.gather import POSTS, TOUCH, facts_by_group
from unisono.profiles.leadership import MIN_SITTINGS, leadership
from unisono.profiles.lookalikes import lookalikes, of_pairs
from unisono.study import Progress, Settings, StageOutput, Study, open_study
from unisono.tables import EVIDENCE, PROFILES

USED = ("trace", "window_us", "account_a", "account_b", "object_id", "t_a", "t_b")
"""Columns of `evidence` that a profile looks at."""
OUTSIDE = 300
"""Linked pairs outside groups that are looked at, the strongest."""
_PAIR = ("account_a", "account_b")
_LINK = ("trace", "account_a", "account_b", "q")
Read = Callable[[str, list[str], pc.Expression], pa.Table]
"""Some columns of some rows of a table of the study."""


def write_profiles(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `profiles` from `members`, `evidence`, `traces` and, where there are posts, `events`.

    Notes say what could not be tested, and why.
    """
    members = study.read("members", ["group_id", "account_id"])
    progress.start("who comes first", members.num_rows, "members")
    inside = _inside(study, members)
    rows = leadership(members, inside, settings.fdr)
    progress.advance(members.num_rows)

    def read(table: str, columns: list[str], where: pc.Expression) -> pa.Table:
        return study.read(table, columns, where)

    beside = _controlled(study, settings, members)
    pairs = outside(study.read("edges", _LINK, pc.field("is_edge")), members)
    alone = of_outside(pairs, _evidence(study, *(pa.array([x[k] for x in pairs], pa.string()) for k in (0, 1))), read)
    with out.table(PROFILES) as writer:
        writer.write_sorted(pa.concat_tables([rows, explanations(members, inside, read), alone, beside]))
    if note := untested(rows):
        out.note(note)


def explanations(members: pa.Table, inside: pa.Table, read: Read) -> pa.Table:
    """Rows that say what else could explain each group. inside: evidence between members."""
    if not members.num_rows:
        return PROFILES.schema.empty_table()
    return lookalikes(_facts(members, inside, read))


def outside(links: pa.Table, members: pa.Table) -> list[tuple[str, str]]:
    """The OUTSIDE strongest linked pairs that share no group. links: trace, account_a, account_b, q of edges."""
    groups: dict[str, set[str]] = {}
    for group, account in zip(members["group_id"].to_pylist(), members["account_id"].to_pylist(), strict=True):
        groups.setdefault(account, set()).add(group)
    links = links.filter(pc.invert(pc.is_in(links["trace"], pa.array([ALL, SYNCHRONY]))))
    links = links.sort_by([(c, "ascending") for c in ("q", *_PAIR)])
    found: dict[tuple[str, str], None] = {}
    for a, b in zip(links["account_a"].to_pylist(), links["account_b"].to_pylist(), strict=True):
        if not groups.get(a, set()) & groups.get(b, set()):
            found[a, b] = None
    return list(found)[:OUTSIDE]


def of_outside(pairs: list[tuple[str, str]], evidence: pa.Table, read: Read) -> pa.Table:
    """Rows that say what else could explain each pair. evidence: of these pairs, and perhaps of others."""
    if not pairs:
        return PROFILES.schema.empty_table()
    names = {f"{k:06}": pair for k, pair in enumerate(pairs)}
    both = pa.table({
        "group_id": [name for name in names for _ in range(2)], "account_id": [x for pair in pairs for x in pair],
    })  # fmt: skip
    facts = _facts(both, evidence, read)
    return of_pairs({names[name]: f for name, f in facts.items()})


def _facts(members: pa.Table, inside: pa.Table, read: Read) -> dict[str, Facts]:
    objects = pc.unique(inside.filter(pc.is_in(inside["trace"], pa.array(POSTS)))["object_id"])
    posts = read("events", ["event_id", "account_id", "t_us"], pc.field("event_id").isin(objects))
    return facts_by_group(members, inside, lambda where: read("traces", TOUCH, where), posts)


def untested(rows: pa.Table) -> str:
    """Why nobody's place in a group could be tested; empty where somebody's could."""
    if not rows.num_rows:
        return "who comes first: nothing to test, there is no group"
    if pc.all(pc.equal(rows.column("status"), "insufficient_data")).as_py():
        return f"who comes first: insufficient data; no member acted with its group in {MIN_SITTINGS} sittings or more"
    return ""


def _controlled(study: Study, settings: Settings, members: pa.Table) -> pa.Table:
    """Each group beside matched groups of the study that --control names. Raises UserError where it is none."""
    if settings.control is None or not members.num_rows:
        return PROFILES.schema.empty_table()
    windows: dict[str, list[int]] = study.manifest.stages["pair"].facts["windows"]
    traces, other = (s.read("traces", TOUCH) for s in (study, open_study(Path(settings.control))))
    return control(members, traces, other, {t: min(w) for t, w in windows.items() if w}, settings.seed)


def _inside(study: Study, members: pa.Table) -> pa.Table:
    """Evidence between members of groups."""
    accounts = pc.unique(members.column("account_id"))
    return _evidence(study, accounts, accounts)


def _evidence(study: Study, a: pa.Array, b: pa.Array) -> pa.Table:
    """Evidence of pairs whose ends are among these: evidence of everything runs to gigabytes."""
    if not len(a):
        return EVIDENCE.schema.empty_table().select(USED)
    return study.read("evidence", USED, pc.field("account_a").isin(a) & pc.field("account_b").isin(b))
