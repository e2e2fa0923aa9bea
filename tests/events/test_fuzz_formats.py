"""Every format of records on its own fixtures, broken at random: nothing raises, no row is lost."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.reading import FIXTURES, mapped
from unisono.events import formats
from unisono.study import UserError

RECORDS = [n for n, f in formats().items() if f.RECORDS]
OF = {f.name: n for f in sorted(FIXTURES.iterdir()) for n in RECORDS
      if f.suffix != ".csv" and f.name.startswith(n.replace("-", "_").removesuffix("_desktop"))}  # fmt: skip
ODD = st.one_of(
    st.none(), st.booleans(), st.just(""), st.integers(-(2**70), 2**70), st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["\ud800", "\0", "9" * 400, "-0", "https://[", "<a href='x'>", "[deleted]", "2021-13-40", "@"]),
    st.sampled_from([[], {}, [[]], [None], {"": None}, {"id": {}}, [{"kind": []}], ["a", 1, {}]]),
).map(deepcopy)  # fmt: skip


def test_every_format_of_records_has_a_fixture() -> None:
    assert set(OF.values()) == set(RECORDS)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        _places(value[key], found)
    return found


def _break(draw: st.DrawFn, value: Any) -> None:
    places = _places(value, [])
    if not places:
        return
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    match draw(st.sampled_from(["drop", "odd", "nest", "list", "text", "twin"])):
        case "drop":
            del holder[key]
        case "nest":
            holder[key] = {"id": holder[key]}
        case "list":
            holder[key] = [holder[key]]
        case "text":
            holder[key] = json.dumps(holder[key])
        case "twin" if isinstance(holder, dict):
            holder[f"{key}\0twin"] = draw(ODD)
        case _:
            holder[key] = draw(ODD)


@st.composite
def broken(draw: st.DrawFn, name: str) -> bytes:
    """The fixture with up to five breaks; a twin is the same key once more."""
    text = (FIXTURES / name).read_text().replace("\\x", "\\u00")  # Telegram Desktop writes what is no JSON
    values = [json.loads(v, strict=False) for v in ([text] if name.endswith(".json") else text.splitlines())]
    for _ in range(draw(st.integers(1, 5))):
        _break(draw, values)
    return "\n".join(json.dumps(v).replace("\\u0000twin", "") for v in values).encode()


@pytest.mark.parametrize("name", OF)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_breaks_and_nothing_is_lost(name: str, data: st.DataObject) -> None:
    raw = data.draw(broken(name))
    try:
        kept, lost, rows = mapped(name, raw, format=OF[name])
    except UserError:  # the file as a whole is refused
        return
    assert len(kept) + lost == rows
