"""The time of every pattern, cleaning function and reader grows with the length of its text and not with its square."""

from __future__ import annotations

import inspect
import io
import json
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from tests.events.reading import mapped
from tests.growth.attacks import Attack, of_pattern, zoo
from tests.growth.measure import BOUND, exponent
from tests.growth.patterns import PACKAGES, Used, modules, patterns
from unisono.clean.time import TimeRule
from unisono.events.fields.mapping import FIELDS
from unisono.events.files.csv_rows import CsvRows
from unisono.events.files.json_rows import NdjsonRows, json_rows
from unisono.events.files.pages import Pages
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError
from unisono.study.settings import FileFormat

MOST, ALL = 1 << 14, 1 << 20
"""Characters of an attack, in the tests that always run and in those of a release."""
_GIVEN: dict[str, tuple[Any, ...]] = {
    "parse_time": (TimeRule(None, "UTC"),), "from_pattern": ("%d/%m/%Y %H:%M",), "is_tracking": ("a.example",),
    "account_id": ("x",), "event_id": ("x",), "means": ("America/Sao_Paulo", datetime(2021, 1, 1)),
    "refusal": ("BRT", None),
}  # fmt: skip
"""What functions ask for beside their text. Those of two names get the text last."""
_LAST = {"account_id", "event_id"}
_ENOUGH = 3
_LOOSE = Limits(rejects_share=1)
_PAGES = Pages(arrays=frozenset({"a"}))


def slow(run: Callable[[Any], object], attacks: list[Attack], most: int, as_bytes: bool = False) -> list[str]:
    """The attacks under which time grows too fast, each with its exponent."""
    found = []
    for attack in attacks:
        text: Callable[[int], Any] = attack.text
        if as_bytes:
            text = partial(_bytes, attack)
        if (grows := exponent(run, text, most)) > BOUND:
            found.append(f"{tuple(attack)!a}: {grows:.2f}")
        if len(found) == _ENOUGH:
            break
    return found


def _bytes(attack: Attack, n: int) -> bytes:
    return attack.text(n).encode("utf-8", "surrogatepass")


def use(used: Used) -> Callable[[Any], object]:
    """All that the pattern does to a text."""
    method = getattr(used.pattern, used.method)
    if used.method in ("sub", "subn"):
        return lambda text: method(text[:0], text)
    if used.method == "finditer":
        return lambda text: sum(1 for _ in method(text))
    return lambda text: method(text)  # type: ignore[no-any-return]


def cleaning() -> list[Callable[..., Any]]:
    """Public functions of `clean` that take a text."""
    found: dict[str, Callable[..., Any]] = {}
    for module in modules(PACKAGES[:1]):
        for name, f in inspect.getmembers(module, callable):
            f = getattr(f, "__wrapped__", f)
            if name[0] == "_" or not inspect.isfunction(f) or f.__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(f).parameters.values()), None)
            if first is not None and ("str" in str(first.annotation) or first.annotation == "object"):
                found[name] = f
    return list(found.values())


def call(f: Callable[..., Any], text: str) -> None:
    """Whatever it says: errors are answers too."""
    given: tuple[Any, ...] = _GIVEN.get(f.__name__, ())
    if f.__name__ == "media_object":
        f({"hash": text, "hash_kind": text})
        return
    with suppress(ValueError):
        f(*given, text) if f.__name__ in _LAST else f(text, *given)


def attacks_on(f: Callable[..., Any]) -> list[Attack]:
    """What may hurt a function: the zoo, and what is made of the patterns of its module and of those that all share."""
    near = [used for used in patterns() if used.module == f.__module__ or used.name[0].isupper()]
    return sorted({*zoo(), *(a for used in near for a in of_pattern(used.pattern))})


def rows(kind: FileFormat, data: bytes) -> None:
    """Read bytes as a file of this kind, to its end; a UserError is an answer too."""
    with suppress(UserError):
        stream = Given(data)
        opened: Any
        match kind:
            case "csv" | "tsv":
                opened = CsvRows(stream, "p", "," if kind == "csv" else "\t", _LOOSE)
            case "ndjson":
                opened = NdjsonRows(stream, "p", _LOOSE)
            case _:
                opened = json_rows(stream, "p", _LOOSE, _PAGES)
        deque(opened.batches(["a"]), 0)


class Given(Stream):
    """Bytes as a stream."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, n: int) -> bytes:
        return self._data.read(n)


FILES: dict[str, tuple[FileFormat, bytes, bytes]] = {
    "csv": ("csv", b"", b""), "csv row": ("csv", b"a,b\n1,", b"\n1,2\n"),
    "csv quoted": ("csv", b'a,b\n1,"', b'"\n1,2\n'), "tsv": ("tsv", b"a\tb\n", b""),
    "ndjson": ("ndjson", b"", b""), "ndjson text": ("ndjson", b'{"a":"', b'"}'),
    "ndjson list": ("ndjson", b'{"a":[', b"]}"), "json": ("json", b"[", b"]"),
    "json text": ("json", b'[{"a":"', b'"}]'), "object": ("json", b'{"x":', b"}"),
    "pages": ("json", b'{"a":[', b"]}"), "pages text": ("json", b'{"x":"', b'","a":[]}'),
}  # fmt: skip
"""Kinds of file, and what stands around an attack in them."""


@pytest.mark.parametrize("used", patterns(), ids=lambda u: f"{u.module}.{u.name}.{u.method}")
def test_pattern(used: Used) -> None:
    assert slow(use(used), of_pattern(used.pattern), MOST, isinstance(used.pattern.pattern, bytes)) == []


@pytest.mark.parametrize("f", cleaning(), ids=lambda f: f.__name__)
def test_cleaning(f: Callable[..., Any]) -> None:
    assert slow(partial(call, f), zoo(), MOST) == []


@pytest.mark.parametrize("name", FILES)
def test_reading(name: str) -> None:
    kind, before, behind = FILES[name]
    assert slow(lambda data: rows(kind, before + data + behind), zoo()[::3], 1 << 16, as_bytes=True) == []


@pytest.mark.full
@pytest.mark.parametrize("used", patterns(), ids=lambda u: f"{u.module}.{u.name}.{u.method}")
def test_pattern_at_length(used: Used) -> None:
    attacks = sorted({*zoo(), *of_pattern(used.pattern)})
    assert slow(use(used), attacks, ALL, isinstance(used.pattern.pattern, bytes)) == []


@pytest.mark.full
@pytest.mark.parametrize("f", cleaning(), ids=lambda f: f.__name__)
def test_cleaning_at_length(f: Callable[..., Any]) -> None:
    assert slow(partial(call, f), attacks_on(f), ALL) == []


@pytest.mark.full
@pytest.mark.parametrize("name", FILES)
def test_reading_at_length(name: str) -> None:
    kind, before, behind = FILES[name]
    assert slow(lambda data: rows(kind, before + data + behind), zoo(), ALL, as_bytes=True) == []


@pytest.mark.full
@pytest.mark.parametrize("field", [f for f in FIELDS if f not in ("account", "time")])
def test_every_field(field: str) -> None:
    """From the bytes of a file to the staged events."""

    def read(text: str) -> None:
        row = {"u": "ann", "t": "2021-03-04T05:06:07Z", "f": text}
        with suppress(UserError):
            mapped("p.ndjson", json.dumps(row).encode(), map=f"account=u,time=t,{field}=f")

    assert slow(read, zoo()[::3], 1 << 18) == []


def test_the_measure_can_tell() -> None:
    """A pattern and a function that are quadratic are found, linear ones are not."""
    tags = re.compile(r"[#＃]+\w+")
    assert slow(tags.findall, of_pattern(tags), MOST)
    comment = re.compile(r"/\*.*?\*/", re.DOTALL)
    assert slow(comment.findall, of_pattern(comment), MOST)
    assert slow(lambda s: [s[i:].count("x") for i in range(0, len(s), 8)], zoo()[:1], MOST)
    assert not slow(re.compile(r"#++(?:\w+)?").findall, zoo()[:9], MOST)
    assert not slow(lambda s: sorted(s), zoo(), MOST)
