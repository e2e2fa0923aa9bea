"""Work shared out over threads. Kernels let go of the interpreter, so plain threads do; Numba's own (`parallel=True`)
take three times as long to compile and burn a core while they wait."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_FEW = 256
"""Items below which handing out costs more than it saves."""


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_pieces(work: Callable[[int, int], object], n: int) -> None:
    """Call work(begin, end) for consecutive pieces of 0 to n, several at a time.

    Each call has to write only what is its own; then the result does not depend on the number of threads. Pieces are
    many more than threads, so that a hard one keeps nobody waiting for long. Raises what `work` raises.
    """
    threads = n_cores()
    step = n if n <= _FEW or threads == 1 else max(_FEW // 2, -(-n // (16 * threads)))
    _all(work, [(at, min(at + step, n)) for at in range(0, n, step)] if n else [], threads)


def in_turn(work: Callable[[int, int], object], n: int) -> None:
    """Call work(k, of) for k = 0 to of - 1 at once: for work that deals its n items to `of` hands in turn."""
    threads = min(n_cores(), n)
    _all(work, [(k, threads) for k in range(threads)], threads)


def _all(work: Callable[[int, int], object], calls: list[tuple[int, int]], threads: int) -> None:
    if len(calls) == 1:
        work(*calls[0])
    if len(calls) > 1:
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(work, *call) for call in calls]:
                done.result()
