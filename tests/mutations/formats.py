"""Fixtures of every format, and tables of those that have none, broken at random."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import Any

from tests.events.breaking import ODD, OF, broken_records
from tests.events.reading import FIXTURES
from tests.events.test_gdelt import row
from unisono.events import formats

_FORMATS = dict(OF)


def mutant(rng: random.Random, files: dict[str, bytes]) -> tuple[str, bytes, dict[str, Any]]:
    """Name, bytes and settings of one broken file."""
    name = rng.choice(list(files))
    return name, broken(rng, name, files[name]), {"format": _FORMATS[name]}


def inputs() -> dict[str, bytes]:
    """Files by name: the fixtures, and tables of formats that have none."""
    found = {n: (FIXTURES / n).read_bytes() for n in OF}
    for file in FIXTURES.glob("*.csv"):
        name = file.stem.replace("_", "-")
        _FORMATS[file.name] = {"mcl": "meta-content-library"}.get(name, name)
        found[file.name] = file.read_bytes()
    for n, fmt in formats().items():
        if n not in _FORMATS.values() and fmt.columns:
            _FORMATS[f"{n}.csv"] = n
            cells = {c: "20210304050607" if "time" in c or "date" in c else f"{i}" for i, c in enumerate(fmt.columns)}
            found[f"{n}.csv"] = ("\n".join([",".join(fmt.columns), *[",".join(cells.values())] * 3]) + "\n").encode()
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
