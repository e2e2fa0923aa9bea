"""Files and tables broken at random, for as long as is asked: `python -m tests.mutations --of tables --minutes 30`.

formats: every fixture, record by record or cell by cell and now and then byte by byte; tables: any table as CSV, TSV,
NDJSON, JSON, Parquet and XLSX under any `--map`; exports: every text of a study replaced, through the report and all
its files. Each row has to be an event or a reject, each network well-formed, nothing on a page an element of its own;
what is anything else is a fault and is printed with what made it. Mutations are files, or for exports replaced texts.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import time
import traceback
from collections.abc import Callable

from tests.events.reading import mapped
from tests.mutations import exports, formats, tables
from unisono.study import UserError

Counts = collections.Counter[str]


def main() -> None:
    """Until the time is up; counts."""
    parser = argparse.ArgumentParser("python -m tests.mutations", description=__doc__)
    parser.add_argument("--of", choices=("formats", "tables", "exports"), default="formats")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng, until, done = random.Random(given.seed), time.time() + 60 * given.minutes, collections.Counter[str]()
    files = formats.inputs()
    step: Callable[[], None] = {
        "formats": lambda: through_a_reader(done, *formats.mutant(rng, files)),
        "tables": lambda: through_a_reader(done, *tables.mutant(rng)),
        "exports": lambda: exports.step(rng, done),
    }[given.of]
    while time.time() < until:
        step()
    print(json.dumps(done))


def through_a_reader(done: Counts, name: str, raw: bytes, settings: dict[str, object]) -> None:
    """Read one file; what came of it is counted."""
    done["mutations"] += 1
    try:
        kept, lost, rows = mapped(name, raw, **settings)
    except UserError:
        done["files refused"] += 1
        return
    except Exception:
        done["FAULTS"] += 1
        print(name, settings, raw, traceback.format_exc(), flush=True)
        return
    done["rows"] += rows
    done["events"] += len(kept)
    done["rejects"] += lost
    if len(kept) + lost != rows:
        done["FAULTS"] += 1
        print("rows were lost", name, settings, raw, flush=True)


if __name__ == "__main__":
    main()
