"""report.html: one file, no request, and all of it there without script; Jinja escapes what it did not draw itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined

from unisono.clean.text import visible
from unisono.clean.time import format_duration, format_time
from unisono.exports.accounts import last_seen
from unisono.exports.command import command_line
from unisono.exports.drawings.bars import bar
from unisono.exports.known import load_known
from unisono.exports.report import (
    bursts,
    calibration,
    cards,
    checked,
    co_actors,
    driven,
    facts,
    groups,
    leaders,
    likenesses,
    live,
    measured,
    moments,
    objects,
    overview,
    pairs,
    posts,
    reactions,
    sequences,
    unseen,
)
from unisono.exports.report.database import Database, open_database
from unisono.exports.report.pairs import verdict
from unisono.exports.report.scripts import elements, policy, scripts, vendored
from unisono.exports.report.view import Names, Section, section
from unisono.nulls.layer import K_TIMING
from unisono.nulls.meetings import LEAST
from unisono.profiles.leadership import MIN_SITTINGS
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.traces import meaning
from unisono.version import __version__
from unisono.words import co_actors as co_actor_words
from unisono.words import groups as group_words
from unisono.words import links as link_words
from unisono.words import numbers
from unisono.words import sequences as sequence_words
from unisono.words import shown as text
from unisono.words import story as story_words
from unisono.words import verdict as verdict_words

SECTION_BYTES = 4 << 20
"""Group sections stop here, so that the file stays under 15 MB."""


def write_report(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Write report.html. Raises UserError for an unreadable table of known networks."""
    with open_database(study, settings, out.folder) as db:
        found = facts.gather(study, settings, db)
        like = likenesses.gather(db)
        listed = cards.ordered(groups.gather(db, study, load_known(settings.known)), like)
        top = objects.gather(db, study)
        pages = _environment()
        lines = pairs.gather(db)
        told, answers = bursts.gather(db, study, settings), reactions.gather(db, study, settings)
        first, same, company = leaders.gather(db), driven.gather(db), co_actors.gather(study)
        in_order = sequences.gather(study)
        accounts = answers.named | same.named | {r["subject_id"] for x in first.values() for r in x.shown}
        accounts = accounts.union(*(x.named for x in (company, in_order) if x))
        read = overview.gather(db, found)
        names = _names(study, db, lines, top, accounts, {b.object_id for b in told.shown} | set(read.posts))
        drawn = [g for g in listed if g.members]
        when = moments.gather(db, drawn)
        bodies = _sections(pages, _views(drawn, when, lines, top, first, like, names, progress))
        sure = calibration.gather(study)
        data = live.gather(db, study, drawn, when) | {"calibration": sure.dots if sure else []}
        layers = [] if listed else [(t["trace"], t["window_us"]) for t in found.tested]
        style = pages.get_template("style.css").render()
        context = {
            "checked": checked.gather(study), "keeping_time": checked.synchrony(study, found.fdr),
            "first": cards.gather(db, study, found, listed, like), "overview": read,
            "facts": found, "groups": listed, "top": top, "drawn": set(bodies),
            "outside": lines[pairs.NO_GROUP].pairs[: pairs.OUTSIDE], "names": names,
            "bursts": told, "company": company, "in_order": in_order,
            "reactions": answers, "driven": same, "like": like, "measured": measured.gather(db),
            "unseen": unseen.gather(study, layers, found.fdr, settings.seed),
            "calibration": sure,
            "settings": settings, "command": command_line(settings),
            "manifest": study.manifest, "notes": _notes(study),
            "least": LEAST, "k_timing": K_TIMING, "version": __version__,
            "csp": policy(style, scripts()), "vendored": vendored(),
        }  # fmt: skip
    with out.file("report.html") as path, path.open("w", encoding="utf-8", newline="\n") as f:
        f.write(pages.get_template("head.html").render(context))
        f.writelines(bodies.values())
        f.write(pages.get_template("foot.html").render(context))
        f.writelines(elements(data))
        f.write("</body>\n</html>\n")


def _notes(study: Study) -> list[str]:
    """Notes of the other stages, by stage name: the order in which stages ran depends on what was resumed."""
    return [n for name, s in sorted(study.manifest.stages.items()) if name != "report" for n in s.notes]


def _views(
    drawn: list[groups.Group], when: dict[str, moments.Moments], lines: dict[str, pairs.Lines],
    top: dict[str, list[objects.TopObject]], first: dict[str, leaders.Leaders],
    like: dict[str, likenesses.Likeness], names: Names, progress: Progress,
) -> Iterator[Section]:  # fmt: skip
    progress.start("report.html", len(drawn), "groups")
    for group in drawn:
        key = group.group_id
        looks = like.get(key, likenesses.UNKNOWN)
        yield section(group, when[key], lines[key], top.get(key, []), first.get(key, leaders.NOBODY), looks, names)
        progress.advance(1)


def _names(
    study: Study, db: Database, lines: dict[str, pairs.Lines], top: dict[str, list[objects.TopObject]],
    more_accounts: set[str], more_posts: set[str],
) -> Names:  # fmt: skip
    shown = [p for found in lines.values() for p in found.pairs]
    linked = {a for p in shown for a in (p.account_a, p.account_b)}
    seen = last_seen(study, pa.array(sorted(linked | more_accounts), pa.string())).to_pylist()
    events = {e for p in shown for c in p.coactions for e in (c.event_a, c.event_b)}
    events |= more_posts | {e for found in top.values() for o in found for e in (o.example, o.object_id)}
    labels = {a["account_id"]: text.account_label(a["account_id"], a["handle"], a["name"]) for a in seen}
    return Names(labels, posts.gather(db, events))


def _sections(pages: Environment, views: Iterator[Section]) -> dict[str, str]:
    """Sections by group id, in order, until SECTION_BYTES are full."""
    template, bodies, size = pages.get_template("group.html"), {}, 0
    for view in views:
        body = template.render(s=view, g=view.group, sittings=MIN_SITTINGS)
        size += len(body.encode())
        if size > SECTION_BYTES:
            break
        bodies[view.group.group_id] = body
    return bodies


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("unisono.exports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=_compiled_templates(),
    )  # fmt: skip
    pages.filters.update(_FILTERS)
    pages.globals["tell"] = {
        "co_actors": co_actor_words, "groups": group_words, "links": link_words,
        "sequences": sequence_words, "story": story_words, "verdict": verdict_words,
    }  # fmt: skip
    return pages


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Templates are compiled once, beside the package as Python does it; each time where it may not be written to."""
    folder = Path(__file__).parents[1] / "templates" / "__pycache__"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK | os.X_OK) else None


_FILTERS: dict[str, Any] = {
    "number": numbers.number, "count": numbers.count, "apart": numbers.apart, "percent": numbers.percent,
    "rate": numbers.rate, "small": numbers.small, "about": numbers.about, "verdict": verdict, "shown": text.shown,
    "segments": text.segments, "short": text.short, "opening": text.opening, "visible": visible,
    "listing": numbers.listing, "meaning": meaning, "time": format_time, "duration": format_duration, "bar": bar,
}  # fmt: skip
