"""python -m lab.measure [--rows 2,4] [--seeds 50] [--out docs/measures] [--workers 2] [--minutes 30]"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lab.measure.page import write_page
from lab.measure.real import missing
from lab.measure.row import measure
from lab.measure.rows import ROWS


def main(arguments: list[str] | None = None) -> None:
    """Measure, write a JSON for every row, and the page beside the folder. Rows that read others' records come last."""
    parser = argparse.ArgumentParser("python -m lab.measure")
    parser.add_argument("--rows", default=",".join(str(n) for n in ROWS), help="numbers of rows, as in 2,4")
    parser.add_argument("--seeds", type=int, default=200, help="seeds of each cell, at most what the bar asks")
    parser.add_argument("--out", type=Path, default=Path("docs/measures"))
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--minutes", type=float, help="begin no seed after so long")
    given = parser.parse_args(arguments)
    until = None if given.minutes is None else time.time() + 60 * given.minutes
    rows = [ROWS[int(n)] for n in given.rows.split(",")]
    for row in sorted(rows, key=lambda r: len(r.reads)):
        if absent := missing(row.needs):
            print(f"row {row.number}: NOT MEASURED, {absent} is not there (set UNISONO_DATA)", file=sys.stderr)
            continue
        report = measure(row, given.out, given.seeds, given.workers, until)
        print(f"row {row.number}: holds = {report['holds']}", file=sys.stderr)
    write_page(given.out)


if __name__ == "__main__":
    main()
