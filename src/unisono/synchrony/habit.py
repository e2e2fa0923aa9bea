"""Habits on the clock: how often acts of two accounts on DIFFERENT days fall on the same place of cell or moment.

Those who post by timetable, at the full hour or at second 0, coincide without knowing of each other; they would
coincide as well if one of them were moved by a day. Acts of different days show that, and those who act together on
the spur of the moment show nothing there.
"""

from __future__ import annotations

from numba import njit

from unisono.maths.types import I32, I64

Shares = tuple[float, float]
SAMPLE = 64
"""Acts of an account from which its habits are learnt at most, spread evenly over its history."""


@njit(cache=True, nogil=True)
def habit(a: int, b: int, start: I64, day: I32, places: tuple[I64, I64], lengths: tuple[int, int, int]) -> Shares:
    """Shares of act pairs of a and b on different days within reach as to place in the cell, and in the moment.

    start: CSR from account to rows; day: (n,); places: (n,) ticks since the cell, and since the moment, began;
    lengths: cell, moment and reach in ticks. 0, 0 with no such pair. No division inside: it is most of the time.
    """
    in_cells, in_moments = places
    cell, moment, reach = lengths
    step_a = max(1, -(-(start[a + 1] - start[a]) // SAMPLE))
    step_b = max(1, -(-(start[b + 1] - start[b]) // SAMPLE))
    n = in_cell = in_moment = 0
    for i in range(start[a], start[a + 1], step_a):
        for j in range(start[b], start[b + 1], step_b):
            if day[i] != day[j]:
                n += 1
                apart = abs(in_cells[i] - in_cells[j])
                in_cell += min(apart, cell - apart) <= reach
                apart = abs(in_moments[i] - in_moments[j])
                in_moment += min(apart, moment - apart) <= reach
    if n == 0:
        return 0.0, 0.0
    return in_cell / n, in_moment / n
