"""What the formats read, for people: `unisono formats` and the site."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from unisono.events.fields.mapping import TraceMapping
from unisono.events.formats import ByMap, Format, formats
from unisono.events.plan import unknown_format

_BY_USER = "the column that --map names"


def rows_of_formats() -> list[tuple[str, str, str]]:
    """Every format: its name, what it is, and by what it is known."""
    return [(n, f.summary, ", ".join(f.columns) or f"only by --as {n}") for n, f in formats().items()]


def rows_of_fields(name: str) -> list[tuple[str, str]]:
    """The fields of a format and where each is taken from. Raises UserError where there is no such format."""
    return list(fields_of(_named(name)).items())


def about(name: str) -> Sequence[str]:
    """What its documentation says: sources of its fields, and traps. Raises UserError."""
    return inspect.cleandoc(_named(name).about or "").splitlines()


def fields_of(fmt: Format) -> dict[str, str]:
    """Field by field: as the format says it, else the columns of its fixed mapping, else what a mapping may name."""
    if fmt.fields:
        return fmt.fields
    if isinstance(fmt.way, ByMap):
        return dict.fromkeys(fmt.way.fields, _BY_USER)
    fixed = fmt.mapping(None)
    objects = fixed.objects if isinstance(fixed, TraceMapping) else {}
    return fixed.columns | {f"object:{trace}": column for trace, column in objects.items()}


def _named(name: str) -> Format:
    if name not in formats():
        raise unknown_format(name)
    return formats()[name]
