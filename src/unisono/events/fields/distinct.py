"""Cleaning a column of ids at once: plain ones in Arrow, the others once per distinct value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.events.fields.columns import filled, texts
from unisono.events.files.batch import Cells
from unisono.events.files.letters import DIGIT, WORD, letters
from unisono.maths.types import I64

Clean = Callable[[str | None], tuple[str | None, str]]
"""A written value as (clean value or None, "" or what is wrong with it)."""
Cleaned = tuple[pa.Array, dict[str, I64]]
"""The clean column, and for each problem the positions of the rows that have it."""

# Letters, digits and _ with at least one digit: no sentinel has a digit, scientific notation a sign or a mark,
# and there is nothing to strip. Such a value is clean as it stands; that saves a million look-ups per second.
PLAIN = WORD | DIGIT
_MOST = 1 << 18
"""Remembered values; those met first, and thus the common ones, stay."""


class Cleaner:
    """Applies `clean` to columns.

    prefix: what it puts before a value that has all bits of `plain` (see `letters`), which it leaves as it is; None
    where there are no such values.
    """

    def __init__(self, clean: Clean, prefix: str | None = "", plain: int = PLAIN) -> None:
        self._memo, self._prefix, self._plain = _Memo(clean), prefix, plain

    def __call__(self, cells: Cells) -> Cleaned:
        """Clean a column."""
        array = texts(cells)
        if self._prefix is None:
            return self._looked_up(array)
        rest = np.flatnonzero((letters(array) & self._plain) != self._plain)
        clean = pc.binary_join_element_wise(self._prefix, array, "") if self._prefix else array
        found, problems = self._looked_up(array.take(pa.array(rest)))
        return filled(clean, rest, found), {problem: rest[at] for problem, at in problems.items()}

    def _looked_up(self, array: Any) -> Cleaned:
        coded = array.dictionary_encode(null_encoding="encode")
        found = [self._memo[v] for v in coded.dictionary.to_pylist()]
        bad: dict[str, list[int]] = {}
        for i, (_, problem) in enumerate(found):
            if problem:
                bad.setdefault(problem, []).append(i)
        where = np.asarray(coded.indices)
        problems = {p: np.flatnonzero(np.isin(where, values)) for p, values in bad.items()}
        return pa.array([value for value, _ in found], pa.string()).take(coded.indices), problems


class _Memo(dict[str | None, tuple[str | None, str]]):
    def __init__(self, clean: Clean) -> None:
        self._clean = clean

    def __missing__(self, text: str | None) -> tuple[str | None, str]:
        found = self._clean(text)
        if len(self) < _MOST:
            self[text] = found
        return found
