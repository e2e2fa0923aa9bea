"""python -m lab.curves [--only power|evasion] [--methods pairs,moments] [--seeds 3] [--out docs/curves]

One process. Writes power_<method>.json and evasion.json, SVGs from them, and their tables into methods/power.md and
methods/evasion.md beside the folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lab.curves.evasion import measure
from lab.curves.page import write_figures, write_json, write_pages
from lab.curves.power import METHODS, MIDDLE, curves


def main(arguments: list[str] | None = None) -> None:
    """Measure, draw, and fill in the pages."""
    names = [method.name for method in METHODS]
    parser = argparse.ArgumentParser("python -m lab.curves")
    parser.add_argument("--only", choices=("power", "evasion", "pages"), help="pages: from the JSON that is there")
    parser.add_argument("--methods", default=",".join(names), help="power curves of these alone: " + ", ".join(names))
    parser.add_argument("--seeds", type=int, default=3, help="worlds a point, times five for the quick methods")
    parser.add_argument("--out", type=Path, default=Path("docs/curves"))
    given = parser.parse_args(arguments)
    wanted = given.methods.split(",")
    if given.seeds < 1 or not set(wanted) <= set(names):
        parser.error(f"--seeds is 1 or more, and --methods are among {', '.join(names)}")
    for method in METHODS:
        if given.only in (None, "power") and method.name in wanted:
            write_json(curves(method, given.seeds), given.out / f"power_{method.name}.json")
    if given.only in (None, "evasion"):
        write_json(measure(MIDDLE, given.seeds), given.out / "evasion.json")
    write_figures(given.out)
    write_pages(given.out)


if __name__ == "__main__":
    main()
