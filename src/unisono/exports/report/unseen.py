"""What this data could not have shown: told where no group was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unisono.advise.windows import USABLE, advise
from unisono.pairs.sample import MOST, some_objects
from unisono.pairs.stage import SYNCHRONY, load_traces
from unisono.study import Study


@dataclass(frozen=True)
class Unseen:
    """One kind of trace at one window: common objects that make a middling pair an edge (None: more than 200), and
    the share of pairs that would be edges if they acted together on 10 objects."""

    trace: str
    window_us: int
    needs: int | None
    share: float


def gather(study: Study, tested: Iterable[tuple[str, int]], fdr: float, seed: int) -> list[Unseen]:
    """The power of the joint test at each (trace, window) that was tested and could link anybody."""
    windows: dict[str, list[int]] = {}
    for trace, window in tested:
        if trace != SYNCHRONY:
            windows.setdefault(trace, []).append(window)
    found = []
    for trace, own in sorted(windows.items()):
        arrays, resolution = load_traces(study, trace)
        some = some_objects(arrays, MOST, seed)
        if some is not None:
            arrays, resolution = arrays.take(some), resolution[some]
        rows = advise(trace, arrays, resolution, fdr, len(windows), seed, own).to_pylist()
        found += [
            Unseen(trace, r["window_us"], r["needs_1"], r["power_10_1"]) for r in rows if r["status"] == USABLE
        ]  # fmt: skip
    return found
