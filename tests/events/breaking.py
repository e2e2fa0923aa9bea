"""Records broken at random: of any generator of randomness, so that hypothesis and long runs break alike."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

from tests.events.reading import FIXTURES
from unisono.events import formats

RECORDS = [n for n, f in formats().items() if f.records]
OF = {f.name: n for f in sorted(FIXTURES.iterdir()) for n in RECORDS
      if f.suffix != ".csv" and f.name.startswith(n.replace("-", "_").removesuffix("_desktop"))}  # fmt: skip
"""Fixtures of formats of records, and their formats."""
ODD: list[Any] = [
    None, True, "", 0, -(2**70), 2**70, 1.5, 1e308, float("inf"),
    "\ud800", "\0", "9" * 400, "-0", "https://[", "<a href='x'>",
    "[deleted]", "2021-13-40", "@", [], {}, [[]], [None], {"": None}, {"id": {}}, [{"kind": []}], ["a", 1, {}],
    "\u202e", "=1+1", '"', "'", ",", "\n", "\r\n", "\t", "NaN", "8E+17", "www.", "http://", "#", "é" * 50,
]  # fmt: skip
_TWIN = "\0twin"


def broken_records(rng: Random, data: bytes, one_value: bool) -> bytes:
    """A fixture, one JSON value or one a line, with up to five breaks; a twin is the same key once more."""
    text = data.decode().replace("\\x", "\\u00")  # Telegram Desktop writes what is no JSON
    values = [json.loads(v, strict=False) for v in ([text] if one_value else text.splitlines())]
    for _ in range(rng.randint(1, 5)):
        _break(rng, values)
    return "\n".join(json.dumps(v).replace("\\u0000twin", "") for v in values).encode()


def _break(rng: Random, value: Any) -> None:
    places = _places(value, [])
    if not places:
        return
    holder, key = rng.choice(places)
    match rng.choice(["drop", "odd", "number", "letters", "nest", "list", "text", "twin"]):
        case "drop":
            del holder[key]
        case "number":
            holder[key] = rng.choice([rng.randint(-(2**70), 2**70), rng.uniform(-1e18, 1e18)])
        case "letters":
            holder[key] = "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 5)))
        case "nest":
            holder[key] = {"id": holder[key]}
        case "list":
            holder[key] = [holder[key]]
        case "text":
            holder[key] = json.dumps(holder[key])
        case "twin" if isinstance(holder, dict):
            holder[f"{key}{_TWIN}"] = deepcopy(rng.choice(ODD))
        case _:
            holder[key] = deepcopy(rng.choice(ODD))


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        _places(value[key], found)
    return found
