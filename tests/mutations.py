"""Structured mutations through every reader: `python -m tests.mutations --minutes 30 --seed 1`, outside the tests.

Every fixture is broken at random, record by record or cell by cell and now and then byte by byte, and read. Each row
has to be an event or a reject; anything raised but UserError is a fault and is printed with the bytes that raised it.
"""

from __future__ import annotations

import argparse
import collections
import csv
import io
import json
import random
import time
import traceback

from tests.events.breaking import ODD, OF, broken_records
from tests.events.reading import FIXTURES, mapped
from tests.events.test_gdelt import row
from unisono.events import formats
from unisono.study import UserError


def main() -> None:
    """Until the time is up; counts by format."""
    parser = argparse.ArgumentParser("python -m tests.mutations")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng, until, names = random.Random(given.seed), time.time() + 60 * given.minutes, inputs()
    done: collections.Counter[str] = collections.Counter()
    while time.time() < until:
        name = rng.choice(list(names))
        raw = broken(rng, name, names[name])
        done["mutations"] += 1
        try:
            kept, lost, rows = mapped(name, raw, format=_FORMATS[name])
        except UserError:
            done["files refused"] += 1
            continue
        except Exception:
            done["FAULTS"] += 1
            print(name, raw, traceback.format_exc(), flush=True)
            continue
        done["rows"] += rows
        done["events"] += len(kept)
        done["rejects"] += lost
        if len(kept) + lost != rows:
            done["FAULTS"] += 1
            print("rows were lost", name, raw, flush=True)
    print(json.dumps(done))


_FORMATS = dict(OF)


def inputs() -> dict[str, bytes]:
    """Files by name: the fixtures, and tables of formats that have none."""
    found = {n: (FIXTURES / n).read_bytes() for n in OF}
    for file in FIXTURES.glob("*.csv"):
        name = file.stem.replace("_", "-")
        _FORMATS[file.name] = {"mcl": "meta-content-library"}.get(name, name)
        found[file.name] = file.read_bytes()
    for n, fmt in formats().items():
        if n not in _FORMATS.values() and fmt.COLUMNS:
            _FORMATS[f"{n}.csv"] = n
            cells = {c: "20210304050607" if "time" in c or "date" in c else f"{i}" for i, c in enumerate(fmt.COLUMNS)}
            found[f"{n}.csv"] = ("\n".join([",".join(fmt.COLUMNS), *[",".join(cells.values())] * 3]) + "\n").encode()
    _FORMATS["x.gkg.csv"] = "gdelt-gkg"
    found["x.gkg.csv"] = (row() + "\n" + row(GKGRECORDID="2") + "\n").encode()
    return found


def broken(rng: random.Random, name: str, data: bytes) -> bytes:
    """The file with up to five breaks."""
    made = _table(rng, name, data) if name.endswith(".csv") else broken_records(rng, data, name.endswith(".json"))
    if rng.random() < 0.2 and made:
        flips = bytearray(made)
        for _ in range(rng.randint(1, 4)):
            flips[rng.randrange(len(flips))] = rng.randrange(256)
        made = bytes(flips)
    return made


def _table(rng: random.Random, name: str, data: bytes) -> bytes:
    tabs = name.endswith("gkg.csv")
    text = data.decode("utf-8-sig")
    rows = [r.split("\t") for r in text.splitlines()] if tabs else list(csv.reader(io.StringIO(text)))
    for _ in range(rng.randint(1, 5)):
        cells = rng.choice(rows)
        if cells:
            at, odd = rng.randrange(len(cells)), rng.choice(ODD)
            cells[at] = odd if isinstance(odd, str) else json.dumps(odd)
        if cells and rng.random() < 0.1:
            cells.append("") if rng.random() < 0.5 else cells.pop()
    if tabs:
        return "\n".join("\t".join(r) for r in rows).encode("utf-8", "replace")
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


if __name__ == "__main__":
    main()
