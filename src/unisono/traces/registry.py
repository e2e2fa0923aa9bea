"""The kinds of traces there are: every file in `kinds/`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from unisono.study import UserError
from unisono.traces import kinds
from unisono.traces.kind import TraceKind
from unisono.words.links import SYNCHRONY
from unisono.words.shown import short


@cache
def trace_kinds() -> dict[str, TraceKind]:
    """All kinds by name, sorted."""
    found = (import_module(f"{kinds.__name__}.{m.name}").TRACE for m in iter_modules(kinds.__path__))
    return {k.name: k for k in sorted(found, key=lambda k: k.name)}


def chosen_kinds(names: Sequence[str] | None) -> list[TraceKind]:
    """The kinds that a user named, else those that are paired by default. Raises UserError for a typo."""
    known = trace_kinds()
    if names is None:
        return [k for k in known.values() if not k.named_only]
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UserError(f"there is no trace {name!r}", f"{hint}the traces are: {', '.join(known)}")
    return [known[n] for n in sorted(set(names))]


def meaning(trace: str) -> str:
    """What two accounts had in common, such as `the same link`; an undescribed trace is named as it is."""
    kind = trace_kinds().get(trace)
    if trace == SYNCHRONY:
        return "the same seconds of a day"
    return kind.meaning if kind else f"the same {short(trace)}"
