"""Around each touch of an object: how many fall in the window that it opens, before it and after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.types import I32, I64

FLANK = 2
"""Length of each flank, in windows. Longer flanks meet other waves, shorter ones hold too few touches."""
BIRTH = 3
"""Age of an object, in windows, from which it is tested: its birth is a burst, and is its own curve. One window
more than the flank before, so that this flank holds none of the first window, into which quick reactors fall."""
LEAST_TOUCHES = 16
"""Touches in a window and the flank after it, from which a start is tested. Fixed without looking at how they
split between the two, which is all that the test looks at; with fewer no split could be a discovery."""


@dataclass(frozen=True)
class Starts:
    """The k starts that are tested: touches that open a window with enough touches in it and after it.

    row: (k,) their rows
    inside: (k,) later touches of the object within the window, without the start itself
    before, after: (k,) touches in the flank that ends before the start; in the flank that follows the window
    """

    row: I32
    inside: I32
    before: I32
    after: I32


def starts(obj: I32, t: I64, born: I64, window_us: int) -> Starts:
    """Every touch old enough and with enough touches after it.

    obj, t: (n,) sorted by (object, time), one row per account; born: first touch of each object by anybody.
    """
    inside, before, after = around(obj, t, window_us, FLANK)
    tested = (t - born[obj] >= BIRTH * window_us) & (inside + after >= LEAST_TOUCHES)
    row = np.flatnonzero(tested).astype(np.int32)
    return Starts(row, inside[row], before[row], after[row])


@njit(cache=True, nogil=True)
def around(obj: I32, t: I64, window: int, flank: int) -> tuple[I32, I32, I32]:
    """Per row i, of its object: rows j > i with t_j - t_i <= W; rows with 0 < t_i - t_j <= flank W; rows with
    W < t_j - t_i <= (1 + flank) W.

    A window holds both its ends, as everywhere in unisono. Rows of the same time as i but before it in the
    order count neither inside nor before, so that ties never add evidence. O(n): four pointers that only advance.
    """
    n = obj.size
    inside, before, after = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    left = same = end = far = 0
    for i in range(n):
        if obj[i] != obj[same]:
            left = same = i
        while t[i] - t[left] > flank * window:
            left += 1
        if t[same] != t[i]:
            same = i
        end = max(end, i + 1)
        while end < n and obj[end] == obj[i] and t[end] - t[i] <= window:
            end += 1
        far = max(far, end)
        while far < n and obj[far] == obj[i] and t[far] - t[i] <= (1 + flank) * window:
            far += 1
        inside[i], before[i], after[i] = end - i - 1, same - left, far - end
    return inside, before, after
