"""The page of measures, from the JSON alone: no number on it is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

HEAD = """# Measured: what the tests claim, and what they do

`make measure` simulates, permutes and injects, writes one JSON per row into `measures/`, and this page from them.
Each JSON holds every seed, so that a doubtful figure can be traced; `code` in it tells which sources a seed was made
with. Limits are 99 % binomial ones where worlds are counted. Tests run two seeds of each row.

"""
HOLDS = {True: "yes", False: "**no**", None: "not enough measured"}


def write_page(folder: Path) -> Path:
    """Write `measures.md` beside the folder of the JSON; the path written."""
    path = folder.parent / "measures.md"
    path.write_text(page(folder), encoding="utf-8")
    return path


def page(folder: Path) -> str:
    """The page as Markdown: a table of all rows, then what was seen in each."""
    reports = [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("row_*.json"))]
    lines = ["| row | measure | input | bar | seeds of each part | holds |", "|---|---|---|---|---|---|"]
    for r in reports:
        cells = [str(r["row"]), r["what"], r["input"], r["bar"], seeds_of(r), holds_of(r)]
        lines.append("| " + " | ".join(_cell(c) for c in cells) + " |")
    return HEAD + "\n".join(lines) + "\n\n" + "\n".join(section(r) for r in reports)


def section(report: dict[str, Any]) -> str:
    """What was seen in one row."""
    lines = [f"## Row {report['row']}: {report['what']}", ""]
    for name, value in report["seen"].items():
        lines.append(f"- {name.replace('_', ' ')}: {_shown(value)}")
    return "\n".join(lines) + "\n"


def holds_of(report: dict[str, Any]) -> str:
    """Whether the bar holds; "so far" where seeds are missing."""
    short = min(report["seeds"].values(), default=0) < report["seeds_asked"] and report["holds"] is not None
    return HOLDS[report["holds"]] + (" (so far)" if short else "")


def seeds_of(report: dict[str, Any]) -> str:
    """ "20 of 50", or "3 to 20 of 50" where parts differ."""
    n = report["seeds"].values()
    few, most = min(n, default=0), max(n, default=0)
    return f"{few if few == most else f'{few} to {most}'} of {report['seeds_asked']}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        inner = (f"{name.replace('_', ' ')} {_shown(v)}" for name, v in value.items())
        return ", ".join(inner) or "none"
    if isinstance(value, list):
        return "; ".join(_shown(v) for v in value) or "none"
    if isinstance(value, float):
        return f"{value:.4g}"
    return "none" if value is None else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
