"""Figures and tables from the JSON alone: no number in them is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from lab.curves.drawing import Panel, chart
from unisono.exports.drawings.svg import Svg

Report = dict[str, Any]
BEGIN, END = "<!-- measured by python -m lab.curves -->", "<!-- end of what was measured -->"
LABELS = {
    "n_objects": "objects", "fidelity": "fidelity", "jitter_s": "jitter, s", "n_accounts": "accounts",
    "items_per_day": "items a day", "n_days": "days", "per_moment": "accounts per object", "width_s": "width, s",
    "median_s": "median delay, s", "n_posts": "posts", "n_amplifiers": "amplifiers", "n_moments": "common moments",
}  # fmt: skip
PAIRS = ", pairs"
REPORTS = {"reported": "60 s and 10 min", "wider": "and 1 h"}


def write_json(report: Report, path: Path) -> None:
    """Replaced whole, so that a run that is broken off leaves files that can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n")
    fresh.replace(path)


def write_figures(folder: Path) -> None:
    """One SVG for every route of every power_*.json of the folder, and evasion.svg where there is evasion.json."""
    for report in power_reports(folder):
        for route in routes_of(report):
            path = folder / f"power-{route}.svg"
            path.write_text(power_figure(report, route).markup + "\n", encoding="utf-8")
    if (folder / "evasion.json").is_file():
        drawing = evasion_figure(orjson.loads((folder / "evasion.json").read_bytes()))
        (folder / "evasion.svg").write_text(drawing.markup + "\n", encoding="utf-8")


def power_reports(folder: Path) -> list[Report]:
    """The JSON of every method, by name."""
    return [orjson.loads(path.read_bytes()) for path in sorted(folder.glob("power_*.json"))]


def routes_of(report: Report) -> list[str]:
    """Names of the ways in which a method finds accounts."""
    first = next(iter(report["panels"][0]["lines"].values()))[0]
    return list(first["accounts"])


def power_figure(report: Report, route: str) -> Svg:
    """Recall by parameter, a panel each: accounts, and pairs as broken lines where the route calls pairs."""
    panels = []
    for panel in report["panels"]:
        lines: dict[str, list[tuple[float, float]]] = {}
        for name, points in panel["lines"].items():
            for kind, end in (("accounts", ""), ("edges", PAIRS)):
                if route in points[0][kind]:
                    lines[name + end] = [(p["x"], p[kind][route]) for p in points]
        dashed = frozenset(name for name in lines if name.endswith(PAIRS))
        ticks = [p["x"] for p in next(iter(panel["lines"].values()))]
        panels.append(Panel(LABELS[panel["parameter"]], lines, ticks, dashed))
    n = len(next(iter(report["panels"][0]["lines"].values()))[0]["per_seed"])
    return chart(f"{route}: {report['what']}; {n} worlds a point", "share found", panels)


def evasion_figure(report: Report) -> Svg:
    """Share of the group reported against reach given up, a line for every move; by short windows, and by wider."""
    panels = []
    for by, label in REPORTS.items():
        lines = {}
        for row in report["moves"]:
            kept = [(1 - p["reach"][report["half_life"]], p[by]) for p in row["points"]]
            lines[row["move"]] = [(0.0, report["unevaded"][by]), *kept]
        ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
        panels.append(Panel(f"reach given up ({label})", lines, ticks, mark=report["evaded_below"]))
    return chart(f"Evasion, {report['seeds']} worlds", "accounts reported", panels)


def power_tables(folder: Path) -> str:
    """For every route its figure and a table per parameter: recall of accounts, of pairs in brackets."""
    parts = []
    for report in power_reports(folder):
        for route in routes_of(report):
            points = [p for panel in report["panels"] for line in panel["lines"].values() for p in line]
            beside = sum(p["others"][route] for p in points) / len(points)
            parts.append(f"### {route}\n\n![Power]({picture(folder, f'power-{route}.svg')})\n")
            unit = "objects" if route == "moments" else "rows" if route == "reactions" else "accounts"
            n = len(points[0]["per_seed"])
            parts.append(f"{report['what']}; {n} worlds a point. Found beside the plan: {beside:.2g} {unit} a world.\n")
            for panel in report["panels"]:
                head = [LABELS[panel["parameter"]], *(f"{p['x']:g}" for p in next(iter(panel["lines"].values())))]
                rows = [[name, *(_recall(p, route) for p in line)] for name, line in panel["lines"].items()]
                parts.append(table([head, *rows]))
    return "\n".join(parts)


def _recall(point: Report, route: str) -> str:
    pairs = f" ({point['edges'][route]:.2f})" if route in point["edges"] else ""
    return f"{point['accounts'][route]:.2f}{pairs}"


def evasion_tables(report: Report) -> str:
    """What each move costs, and then every strength of it."""
    main, parts = report["half_life"], [f"{report['seeds']} worlds.\n"]
    for by, label in REPORTS.items():
        lives = list(report["cost"][by])
        head = [f"{label}: move", *(f"reach given up, half-life {h}" for h in lives)]
        rows = [[r["move"], *(share(r["cost"][by][h]) for h in lives)] for r in report["moves"]]
        parts.append(table([head, *rows, ["**cheapest**", *(f"**{share(report['cost'][by][h])}**" for h in lives)]]))
    long = [["move", "strength", f"reach kept (half-life {main})", *REPORTS.values(), "posts with a moment"]]
    every = [("none", "", report["unevaded"])]
    every += [(r["move"], f"{p['strength']:g} {r['unit']}", p) for r in report["moves"] for p in r["points"]]
    for move, strength, p in every:
        shown = (p["reach"][main], *(p[by] for by in REPORTS), p["bursts"])
        long.append([move, strength, *map(share, shown)])
    return "\n".join([*parts, table(long)])


def share(value: float | None) -> str:
    """A share in per cent, or that there is none."""
    return "never evades" if value is None else f"{100 * value:.0f} %"


def table(rows: list[list[str]]) -> str:
    """Markdown; the first row is the head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]) + "\n"


def picture(folder: Path, name: str) -> str:
    """Address of a figure as a page in `methods`, beside the folder, has to write it."""
    return f"../{folder.name}/{name}"


def insert(page: Path, measured: str) -> None:
    """Put what was measured between the page's two marks. Raises ValueError where they are not there once each."""
    before, found, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended or BEGIN in rest or END in after:
        raise ValueError(f"{page} needs one line {BEGIN} and one line {END} after it")
    page.write_text(f"{before}{BEGIN}\n\n{measured}\n{END}{after}", encoding="utf-8")


def write_pages(folder: Path) -> None:
    """Tables into methods/power.md and methods/evasion.md beside the folder, where those pages are."""
    power, evasion = (folder.parent / "methods" / name for name in ("power.md", "evasion.md"))
    if power.is_file() and power_reports(folder):
        insert(power, power_tables(folder))
    if evasion.is_file() and (folder / "evasion.json").is_file():
        insert(evasion, evasion_tables(orjson.loads((folder / "evasion.json").read_bytes())))
