"""Timing and the way a result is told."""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T], runs: int = 1) -> tuple[T, float]:
    """The last result and the median seconds of `runs` runs."""
    seconds = []
    for _ in range(runs):
        gc.collect()
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return result, statistics.median(seconds)


@dataclass(frozen=True)
class Spread:
    """Wall and CPU seconds of several runs, sorted."""

    wall: list[float]
    cpu: list[float]

    def over(self, other: Spread) -> list[float]:
        """How many times longer than the other: fastest to slowest, median to median, slowest to fastest."""
        mine, theirs = self.wall, other.wall
        ratios = mine[0] / theirs[-1], statistics.median(mine) / statistics.median(theirs), mine[-1] / theirs[0]
        return [round(r, 1) for r in ratios]

    def told(self) -> dict[str, list[float]]:
        """Smallest, median and largest."""
        return {
            name: [round(x, 3) for x in (s[0], statistics.median(s), s[-1])]
            for name, s in (("wall", self.wall), ("cpu", self.cpu))
        }


def repeated(work: Callable[[], T], runs: int) -> tuple[T, Spread]:
    """The last result, and how long each run took."""
    wall, cpu = [], []
    for _ in range(runs):
        gc.collect()
        begin, used = time.perf_counter(), time.process_time()
        result = work()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    return result, Spread(sorted(wall), sorted(cpu))


def tell(name: str, **figures: object) -> None:
    """One JSON line; seconds are for orientation, ratios are what counts."""
    shown = {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}
    print(json.dumps({"benchmark": name, "cores": os.cpu_count(), **shown}), flush=True)


def peak_gb(process: int | str = "self") -> float:
    """Peak resident memory of a process so far, in GB (10^9 bytes).

    On Linux from /proc: ru_maxrss of a child begins with what its parent held when it was forked.
    """
    status = Path(f"/proc/{process}/status")
    if status.is_file():
        line = next((x for x in status.read_text().splitlines() if x.startswith("VmHWM")), "VmHWM: 0 kB")
        return int(line.split()[1]) * 1024 / 1e9
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e9
