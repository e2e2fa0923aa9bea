"""Acts on the grid of the null: ticks, moments and cells, and where the crowd was in each cell.

A tick is one step of the clock; a moment some tens of ticks, the scale at which crowds react to an event; a cell some
moments, the scale at which an account's own rhythm is kept. Grids start at 1970-01-01T00:00:00 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import starts

MINUTE, DAY = 60_000_000, 86_400_000_000
_SCALES = ((1, 30), (5, 30), (10, 60), (30, 180))
"""Minutes of a moment and of a cell, the finest first."""


@dataclass(frozen=True)
class Grid:
    """Scales of the null, in microseconds: window (inclusive), tick, moment, cell, and when a local day begins (UTC).

    Raises ValueError where ticks, moments, cells and days do not make each other up without a rest, or where window
    or tick is above a tenth of a moment.
    """

    window_us: int
    tick_us: int
    moment_us: int
    cell_us: int
    day_starts_us: int = 0

    def __post_init__(self) -> None:
        if self.window_us < 0 or self.tick_us <= 0:
            raise ValueError("a window is at least 0, a tick more than 0")
        if self.moment_us % self.tick_us or self.cell_us % self.moment_us or DAY % self.cell_us:
            raise ValueError("ticks make up moments, moments make up cells, and cells make up a day, without a rest")
        if max(self.tick_us, self.window_us) * 10 > self.moment_us:
            raise ValueError("a window and a tick are at most a tenth of a moment")

    @classmethod
    def of(cls, window_us: int, resolution_us: int, day_starts_us: int = 0) -> Grid:
        """The finest usual grid whose moments are 20 windows and 20 ticks long, or more.

        Up to 3 s that is moments of a minute and cells of half an hour. Raises ValueError above 90 s.
        """
        for moment, cell in _SCALES:
            if max(window_us, resolution_us) * 20 <= moment * MINUTE:
                return cls(window_us, resolution_us, moment * MINUTE, cell * MINUTE, day_starts_us)
        raise ValueError(f"window and clock step are {window_us} and {resolution_us} us: synchrony needs 90 s or less")

    @property
    def reach(self) -> int:
        """The window in ticks, rounded down."""
        return self.window_us // self.tick_us

    @property
    def moment(self) -> int:
        """Ticks of a moment."""
        return self.moment_us // self.tick_us

    @property
    def cell(self) -> int:
        """Ticks of a cell."""
        return self.cell_us // self.tick_us

    def chances(self, span: int) -> tuple[float, float]:
        """P(two ticks, uniform in spans of so many ticks, are within reach): the same span, and adjacent ones."""
        w = self.reach
        return ((2 * w + 1) * span - w * (w + 1)) / span**2, w * (w + 1) / 2 / span**2


@dataclass(frozen=True)
class Acts:
    """n acts, one per account and tick, sorted by (account, tick).

    account, cell, moment: (n,) int32, cells and moments numbered in order of time; t, tick: (n,) int64
    start: (accounts + 1,) rows of account a are start[a] : start[a + 1]
    crowd, moment_cell, moment_at: (moments,) share of its cell's acts; its cell; its place on the grid
    cell_at, cell_day: (cells,) place on the grid; number of the local day on which it begins, from 0, without gaps
    meet: (cells,) chance that two acts, drawn from the crowd of the cell, are within reach
    meet_next: (cells,) the same for one act in the cell and one in the next on the grid; 0 where that is empty
    """

    grid: Grid
    account: I32
    t: I64
    tick: I64
    cell: I32
    moment: I32
    start: I64
    crowd: F64
    moment_cell: I32
    moment_at: I64
    cell_at: I64
    cell_day: I32
    meet: F64
    meet_next: F64

    def __len__(self) -> int:
        return len(self.tick)

    @property
    def n_accounts(self) -> int:
        return len(self.start) - 1

    @property
    def n_days(self) -> int:
        return int(self.cell_day[-1]) + 1 if len(self.cell_day) else 0


def place(account: npt.NDArray[np.integer], t_us: I64, n_accounts: int, grid: Grid) -> Acts:
    """Put acts on the grid. account: (n,) numbers below n_accounts; t_us: (n,) microseconds UTC; any order.

    Several acts of an account in one tick are one: a script that fires ten times in a second met nobody ten times.
    """
    rows = np.lexsort((t_us, account))
    t, who = np.asarray(t_us, np.int64)[rows], np.asarray(account)[rows].astype(np.int32)
    tick = t // grid.tick_us
    new = np.ones(len(t), np.bool_)
    new[1:] = (tick[1:] != tick[:-1]) | (who[1:] != who[:-1])
    t, tick, who = t[new], tick[new], who[new]
    moment_at, moment, in_moment = np.unique(tick // grid.moment, return_inverse=True, return_counts=True)
    cell_at, moment_cell = np.unique(moment_at // (grid.cell // grid.moment), return_inverse=True)
    crowd = in_moment / np.bincount(moment_cell, weights=in_moment)[moment_cell] if len(t) else np.empty(0)
    meet, meet_next = _meetings(grid, crowd, moment_at, moment_cell, len(cell_at))
    _, cell_day = np.unique((cell_at * grid.cell_us - grid.day_starts_us) // DAY, return_inverse=True)
    start = starts(who, n_accounts)
    cell_of: I32 = moment_cell.astype(np.int32)
    at: I32 = moment.astype(np.int32)
    return Acts(grid, who, t, tick, cell_of[at], at, start, crowd, cell_of, moment_at, cell_at,
                np.asarray(cell_day, np.int32), meet, meet_next)  # fmt: skip


def _meetings(grid: Grid, crowd: F64, at: I64, cell: npt.NDArray[np.intp], n_cells: int) -> tuple[F64, F64]:
    same, adjacent = grid.chances(grid.moment)
    touching = np.diff(at) == 1
    inside = touching & (np.diff(cell) == 0)
    both = crowd[1:] * crowd[:-1] * adjacent
    meet = np.zeros(n_cells) + np.bincount(cell, weights=crowd**2 * same, minlength=n_cells)
    meet += np.bincount(cell[:-1][inside], weights=2 * both[inside], minlength=n_cells)
    across = touching & ~inside
    return meet, np.zeros(n_cells) + np.bincount(cell[:-1][across], weights=both[across], minlength=n_cells)
