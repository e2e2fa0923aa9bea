"""The smallest step of a source's clock: as written, or coarser where every time says so."""

from __future__ import annotations

import numpy as np

from unisono.clean.time import format_duration, parse_duration
from unisono.maths.types import I64
from unisono.study import Settings, UserError, setting

_STEPS = (86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000)
_WORDS = {
    86_400_000_000: "whole days", 3_600_000_000: "whole hours", 60_000_000: "whole minutes",
}  # fmt: skip
_ENOUGH = 20
"""Fewer times that all fall on a full minute may do so by chance."""


class Resolution:
    """Sees every time of a source and knows the coarsest step that divides them all."""

    def __init__(self) -> None:
        self._steps = list(_STEPS)
        self._distinct: set[int] = set()

    def see(self, t_us: I64) -> None:
        """Take more times, microseconds UTC."""
        for some in (t_us[:1_000], t_us):  # nearly always the first do
            if len(self._distinct) < _ENOUGH:  # a burst, or a row copied a thousand times, is one time and no clock
                self._distinct.update(np.unique(some)[:_ENOUGH].tolist())
        while self._steps and np.any(t_us % self._steps[0]):
            self._steps.pop(0)

    @property
    def us(self) -> int | None:
        """The step in microseconds; None where there are too few times, or it is finer than 1 ms."""
        return self._steps[0] if self._steps and len(self._distinct) >= _ENOUGH else None

    def note(self, name: str) -> str | None:
        """What is worth saying of a step coarser than a second."""
        if self.us is None or self.us <= 1_000_000:
            return None
        words = _WORDS[self.us]
        return f"times of {name} are {words}: it takes no part at windows under {format_duration(2 * self.us)}"


_REMEDY = f"write it as {setting('resolution', '1s')}"


def declared_resolution(settings: Settings) -> int | None:
    """The step that the user declares, microseconds. Raises UserError."""
    if settings.resolution is None:
        return None
    try:
        step = parse_duration(settings.resolution)
    except ValueError as e:
        raise UserError(f"{setting('resolution', settings.resolution)}: {e}", _REMEDY) from None
    if step < 1:
        raise UserError(f"{setting('resolution', '0')} is no step of a clock", _REMEDY)
    return step
