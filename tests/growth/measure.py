"""How the time of a call grows with the length of its text: the one kind of timing that belongs in tests.

Seconds of the processor, without those that a short text takes. What takes long is timed again, the least of several
times; what is too quick to be timed cannot be quadratic at these lengths.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

BOUND = 1.2
"""The exponent of growth that is allowed: 1 is linear, 2 quadratic."""
_FIRST, _STEP = 1_000, 4
_QUICK_S, _SLOW_S = 0.004, 0.06
_TRIES, _SURE = 8, 1.6
T = TypeVar("T")


def exponent(run: Callable[[T], object], text: Callable[[int], T], most: int) -> float:
    """Growth of the time of run(text(n)), for n from 1,000 characters to `most`; 0 where it is too quick to be said."""
    base = seconds(run, text(100))
    n, took = _FIRST, 0.0
    while n < most and took < _SLOW_S:
        n = min(_STEP * n, most)
        took = seconds(run, text(n)) - base
    found = math.inf if took >= _QUICK_S else 0.0
    for k in range(_TRIES):
        if found <= BOUND or (k and found > _SURE):
            break
        repeats = 2 * k + 1
        long, short = (seconds(run, text(m), repeats) - base for m in (n, n // _STEP))
        found = min(found, math.log(max(long, 1e-9) / max(short, 1e-4)) / math.log(_STEP))
    return found


def seconds(run: Callable[[T], object], given: T, repeats: int = 1) -> float:
    """Processor time of run(given): the least of several."""
    best = math.inf
    gc.disable()
    try:
        for _ in range(repeats):
            begin = time.process_time()
            run(given)
            best = min(best, time.process_time() - begin)
    finally:
        gc.enable()
    return best
