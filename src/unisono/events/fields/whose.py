"""Ids of rows of one platform, or of many: each is written `platform/id`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.events.fields.columns import filled
from unisono.events.fields.distinct import PLAIN, Cleaned, Cleaner
from unisono.events.fields.ids import account
from unisono.events.files.letters import WORD, letters
from unisono.maths.types import I64

CleanOf = Callable[[str | None, str | None], tuple[str | None, str]]
"""A platform and a written value as (clean value or None, "" or what is wrong with it)."""
_NO_PERSON = "automoderator"
"""The only name of nobody that is a single word; see `clean.handle`."""


@dataclass(frozen=True)
class Platforms:
    """Platforms of n rows: `names` one by one, or None where all are of `only`."""

    n: int
    only: str | None
    names: pa.Array | None = None

    @classmethod
    def of(cls, written: pa.Array, default: str | None) -> Platforms:
        """Those of a column, in lower case; where it says nothing the default."""
        coded = written.dictionary_encode(null_encoding="encode")
        names = [(v or "").strip().lower() or default for v in coded.dictionary.to_pylist()]
        if len(set(names)) == 1:
            return cls(len(written), names[0])
        return cls(len(written), None, pa.array(names, pa.string()).take(coded.indices))

    def column(self) -> pa.Array:
        """One name a row."""
        return pa.repeat(pa.scalar(self.only, pa.string()), self.n) if self.names is None else self.names

    def each(self) -> Iterator[str | None]:
        """One name a row."""
        return repeat(self.only, self.n) if self.names is None else iter(self.names.to_pylist())

    def take(self, rows: I64) -> Platforms:
        """Those of some rows."""
        names = None if self.names is None else self.names.take(pa.array(rows))
        return Platforms(len(rows), self.only, names)


class Ids:
    """Cleans columns of ids, each under the platform of its row."""

    def __init__(self, clean: CleanOf) -> None:
        self._clean = clean
        self._last: tuple[str | None, Cleaner] | None = None

    def __call__(self, platforms: Platforms, written: pa.Array) -> Cleaned:
        """Clean a column."""
        if platforms.names is None:
            return self._cleaner(platforms.only)(written)
        return _cleaned([self._clean(p, t) for p, t in zip(platforms.each(), written.to_pylist(), strict=True)])

    def _cleaner(self, platform: str | None) -> Cleaner:
        if self._last is None or self._last[0] != platform:
            self._last = platform, Cleaner(lambda t: self._clean(platform, t), prefix_of(platform))
        return self._last[1]


def prefix_of(platform: str | None) -> str | None:
    """What stands before an id that is clean as it is; None where even such ids need a look (`row/` begins ours)."""
    if platform is None or not platform:
        return ""
    return None if f"{platform}/".startswith("row/") else f"{platform}/"


def accounts(platforms: Platforms, natives: pa.Array, handles: pa.Array) -> Cleaned:
    """Account ids of rows that show an id, a handle, or both (see `ids.account`)."""
    # Not ascii_lower: of a slice of large texts cast to texts it makes offsets that lead beyond its bytes (pyarrow 26).
    person = pc.not_equal(pc.utf8_lower(handles), _NO_PERSON).fill_null(True)
    plain = ((letters(handles) & WORD) > 0) & np.asarray(person, bool) | np.asarray(handles.is_null(), bool)
    plain &= (letters(natives) & PLAIN) == PLAIN
    if platforms.names is not None:
        plain[:] = False
    clean = pc.binary_join_element_wise(f"{platforms.only}/", natives, "") if platforms.only else natives
    rest = np.flatnonzero(~plain)
    at = pa.array(rest)
    shown = zip(platforms.take(rest).each(), natives.take(at).to_pylist(), handles.take(at).to_pylist(), strict=True)
    found, problems = _cleaned([account(*row) for row in shown])
    return filled(clean, rest, found), {p: rest[i] for p, i in problems.items()}


def _cleaned(found: list[tuple[str | None, str]]) -> Cleaned:
    problems: dict[str, list[int]] = {}
    for i, (_, problem) in enumerate(found):
        if problem:
            problems.setdefault(problem, []).append(i)
    return pa.array([v for v, _ in found], pa.string()), {p: np.array(i, np.int64) for p, i in problems.items()}
