"""The page about Python, made from what the docstrings say; the build stops at what says nothing of itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import unisono
from unisono.api.plots import Plots

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_FIELDS = ("Parameters", "Attributes", "Returns", "Raises", "Warns")
_ORDER = (
    "study", "open", "read", "trace", "pair", "test", "evidence", "group", "moment", "coact", "sequence", "react",
    "profile", "advise", "calibrate", "bound",
)  # fmt: skip
_INTRO = """# Python

```python
import unisono as un

s = un.study(df, map="account=author,time=created,text=body", zone="UTC")
```

`study()` makes a study, `open()` opens one; both give a [`Study`](#study_1). The verbs beneath it take tables and give
tables: pyarrow, pandas and polars go in, and what `to` names comes out. [The tables](tables.md) and their columns are
the same everywhere. [The notebook](../notebook.md) shows it at work.
"""


class SilentError(Exception):
    """Something public that says nothing of itself."""


def python() -> Iterator[str]:
    """The page, line by line. Raises SilentError."""
    yield _INTRO
    if missing := set(unisono.__all__) - {*_ORDER, "Study", "UserError", "__version__"}:
        raise SilentError(f"{sorted(missing)} have no place on the page about Python")
    for name in _ORDER:
        yield from _callable(name, getattr(unisono, name), "##")
    yield from _kind("Study", unisono.Study)
    yield from _kind("Study.plot", Plots)
    yield f"## UserError\n\n{_doc('UserError', unisono.UserError)}\n"


def _kind(name: str, kind: type[Any]) -> Iterator[str]:
    """A class: what it is, then its properties and methods."""
    yield f"## {name}\n"
    yield from _sections(_doc(name, kind))
    for member, value in vars(kind).items():
        if member.startswith("_") and member != "__getitem__":
            continue
        full = f"{name}.{member}"
        if isinstance(value, property):
            yield f"### {full}\n\n{_doc(full, value)}\n"
        elif callable(value):
            yield from _callable(full if member != "__getitem__" else f'{name}["table"]', value, "###")


def _callable(name: str, value: Callable[..., Any], level: str) -> Iterator[str]:
    yield f"{level} {name}\n"
    given = [p for n, p in inspect.signature(value).parameters.items() if n != "self"]
    if "[" not in name:
        yield f"```python\n{name}({', '.join(_shown(given))})\n```\n"
    yield from _sections(_doc(name, value))


def _shown(given: list[inspect.Parameter]) -> Iterator[str]:
    """Names and defaults; the types are told in words."""
    starred = False
    for p in given:
        if p.kind is p.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        prefix = "**" if p.kind is p.VAR_KEYWORD else ""
        yield f"{prefix}{p.name}" + ("" if p.default is p.empty else f"={p.default!r}")


def _sections(doc: str) -> Iterator[str]:
    """A docstring in numpydoc's form as Markdown."""
    head, *rest = _SECTION.split(doc)
    yield head.strip() + "\n"
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        yield f"**{title}**\n"
        if title in _FIELDS:
            yield from _fields(body)
        elif title == "Examples":
            yield f"```pycon\n{body.strip()}\n```\n"
        else:
            yield body.strip() + "\n"


def _fields(body: str) -> Iterator[str]:
    """Names at the margin, and indented beneath each what it means."""
    for part in re.split(r"\n(?=\S)", body.strip()):
        name, _, meaning = part.partition("\n")
        said = " ".join(meaning.split())
        if not said:
            raise SilentError(f"{name} says nothing of itself")
        yield f"- `{name}`: {said}"
    yield ""


def _doc(name: str, value: object) -> str:
    doc = inspect.getdoc(value)
    if not doc:
        raise SilentError(f"{name} says nothing of itself")
    return doc
