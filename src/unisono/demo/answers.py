"""The study of the demo against its truth: told in the terminal, and on a page beside the report."""

from __future__ import annotations

import base64
import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unisono.exports.accounts import last_seen
from unisono.study import Study
from unisono.study.files import replace_file
from unisono.words import planted

PAGE = "answers.html"
TITLE = "What was planted in the demo, and what was found"
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;"
    "padding:0 1rem}li{margin:.6rem 0}"
)
_FOUND = (pc.field("profile") == "lookalike") & (pc.field("subject") == "group") & (pc.field("status") == "found")


@dataclass(frozen=True)
class _Study:
    """What the study says: the members of each group by its rank, and the ranks of those with an open explanation."""

    members: dict[int, set[str]]
    told: set[int]

    def ranks(self, accounts: set[str]) -> list[int]:
        """Groups that these accounts have a majority in."""
        return sorted(r for r, own in self.members.items() if len(own & accounts) > len(own) / 2)

    def called(self, accounts: set[str]) -> set[str]:
        """Those of the accounts that are in any group."""
        return accounts & set[str]().union(*self.members.values())


def answers(study: Study, truth: Path) -> list[str]:
    """What was planted, found and missed, what became of each look-alike, and errors: a sentence each."""
    parts: dict[tuple[str, str], set[str]] = defaultdict(set)
    with truth.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts[row["role"], row["cluster"]].add(f"{row['network']}/{row['author']}")
    return list(_told(_read(study), study, parts))


def write_page(lines: list[str], out: Path) -> Path:
    """The same on a page in `out`, which loads nothing and runs nothing; returns its path."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{TITLE}</h1>\n"
        '<p>Read <a href="study/report.html">the report</a> first: the study never saw these answers.</p>\n'
        f"<ul>\n{items}\n</ul>\n</main>\n</body>\n</html>\n"
    )
    replace_file(out / PAGE, page.encode())
    return out / PAGE


def _read(study: Study) -> _Study:
    ranks = {g["group_id"]: g["rank"] for g in study.read("groups", ["group_id", "rank"]).to_pylist()}
    members: dict[int, set[str]] = {r: set() for r in ranks.values()}
    for m in study.read("members", ["group_id", "account_id"]).to_pylist():
        members[ranks[m["group_id"]]].add(m["account_id"])
    told = study.read("profiles", ["group_id"], _FOUND).column("group_id").to_pylist()
    return _Study(members, {ranks[g] for g in told})


def _told(found: _Study, study: Study, parts: dict[tuple[str, str], set[str]]) -> Iterator[str]:
    clusters = {c: own for (role, c), own in parts.items() if role == planted.OPERATION}
    operation = set[str]().union(*clusters.values())
    called = found.called(operation)
    yield planted.planted(_kinds(study, operation), len(clusters))
    yield planted.found(len(called), len(operation), found.ranks(operation))
    yield planted.missed(_kinds(study, operation - called))
    for (role, part), own in sorted(parts.items()):
        if role == "look_alike":
            ranks = found.ranks(own)
            yield planted.look_alike(part, len(found.called(own)), len(own), ranks, len(found.told.intersection(ranks)))
    public = parts["organic", ""]
    yield planted.others(len(found.called(public)), len(public))


def _kinds(study: Study, accounts: set[str]) -> list[tuple[str, int]]:
    rows = last_seen(study, pa.array(sorted(accounts), pa.string()))
    counted = Counter(k or "account" for k in rows["kind"].to_pylist())
    return sorted(counted.items(), key=lambda x: (-x[1], x[0]))
