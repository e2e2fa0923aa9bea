"""Every text of a study replaced by what harms a reader, through the report and all files beside it."""

from __future__ import annotations

import collections
import csv
import random
import tempfile
import traceback
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.events.breaking import ODD
from tests.exports.hostile import PAYLOADS
from tests.exports.make import export, scenario, whole, write_study
from tests.exports.test_hostile import _Elements
from unisono.exports.report import scripts
from unisono.study import Settings

_TEXTS = {
    "events": ("text", "lang", "permalink", "client", "source_file"),
    "accounts": ("handle", "name", "label", "description", "location", "platform", "kind"),
}
_IDS = {"object_id": ("object_id",), "account_id": ("account_id", "account_a", "account_b"),
        "event_id": ("event_id", "event_a", "event_b")}  # fmt: skip
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def step(rng: random.Random, done: collections.Counter[str]) -> None:
    """Export one study and look at what came of it."""
    rows = whole(scenario(rng.randrange(1 << 30), objects=rng.choice([8, 14, 30])))
    done["mutations"] += _replaced(rng, rows)
    done["studies"] += 1
    with tempfile.TemporaryDirectory() as folder:
        try:
            notes = rng.sample(PAYLOADS, 5)
            study = write_study(Path(folder) / "s", notes=notes, **rows)
            export(study, Settings(sources=(rng.choice(PAYLOADS),), spreadsheet=True))
            problems = _problems(study.path, rows)
        except Exception:
            problems = [traceback.format_exc()]
    if problems:
        done["FAULTS"] += 1
        print(problems, flush=True)


def _replaced(rng: random.Random, rows: dict[str, list[dict[str, Any]]]) -> int:
    """Replace them in place; how many."""
    n = 0
    for table, columns in _TEXTS.items():
        for row in rows[table]:
            row |= {c: _mutant(rng) for c in columns}
            n += len(columns)
    for column, places in _IDS.items():
        old = dict.fromkeys(r[column] for t in rows.values() for r in t if column in r)
        new = {v: f"{v}{_mutant(rng)}" for v in old}
        n += len(new)
        for table in rows.values():
            for row in table:
                row |= {c: new[row[c]] for c in places if c in row}
    return n


def _mutant(rng: random.Random) -> str:
    """One payload, a piece of one inside another, or letters of any kind."""
    made = rng.choice(PAYLOADS)
    for _ in range(rng.randint(0, 2)):
        other, at = rng.choice(PAYLOADS), rng.randint(0, len(made))
        match rng.randrange(4):
            case 0:
                made = made[:at] + other + made[at:]
            case 1:
                made = made[:at] + "".join(_letter(rng) for _ in range(3)) + made[at:]
            case 2:
                made = made[at:] + other[: rng.randint(0, len(other))]
            case _:
                made += str(rng.choice(ODD))
    return made.encode("utf-8", "replace").decode()


def _letter(rng: random.Random) -> str:
    return chr(
        rng.choice([rng.randrange(0x20), rng.randrange(0x250), rng.randrange(0x2000, 0x2070), rng.randrange(0x110000)])
    )


def _problems(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    page = _Elements()
    page.feed((folder / "report.html").read_text("utf-8"))
    found = []
    if page.scripts != len(scripts.scripts()) + 2:
        found.append(f"{page.scripts} scripts")
    if odd := page.names & {"img", "iframe", "object", "embed", "form", "input", "base", "link", "x", "math", "video"}:
        found.append(f"elements {odd}")
    if handlers := [a for a in page.attributes if a.startswith("on") or a == "style"]:
        found.append(f"attributes {handlers}")
    if links := [x for x in page.links if not x.startswith("#")]:
        found.append(f"links {links}")
    for name in ("network.gexf", "network.graphml"):
        ElementTree.parse(folder / name)
    for path in (folder / "csv").glob("*.csv"):
        cells = [c for row in csv.reader(path.open(encoding="utf-8", newline="")) for c in row]
        found += [
            f"a formula in {path.name}: {c!r}" for c in cells if c.strip().startswith(_FORMULA) and not _number(c)
        ]
    members = list(csv.reader((folder / "csv" / "members.csv").open(encoding="utf-8", newline="")))
    if len(members) != len(rows["members"]) + 1:
        found.append(f"{len(members)} lines of members")
    return found


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
