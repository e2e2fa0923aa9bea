"""Ten million traces: every test of pairs, beyond the counting of pairs; in a process of its own, for its memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa

from benchmarks.generator import as_arrays, bursts
from benchmarks.measure import peak_gb, tell, timed
from unisono.edges.call import Layer, call, layer
from unisono.nulls.layer import Background, background
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs import TraceArrays, count_pairs

W = 60_000_000
FDR = 0.05


def main() -> None:
    """Run it apart, first on little for the compiler's sake."""
    if sys.argv[1:2] == ["tests"]:
        run(20_000, told=False)
        run(10_000_000, told=True)
        return
    subprocess.run([sys.executable, "-m", "benchmarks.chance", "tests"], check=True)


def run(n: int, told: bool) -> None:
    """First touches and candidates, then: background (strata, models, speed), the layer's tests, what is called."""
    data = bursts(n, n // 20, n // 10)
    arrays = replace(as_arrays(data), object_ids=pa.nulls(data.n_objects, pa.string()))
    first, touching = timed(lambda: first_touches(arrays))
    (a, b), counting = timed(lambda: candidates(first, arrays))
    ground, fitting = timed(lambda: background(first))
    tested, testing = timed(lambda: of_layer(ground, a, b))
    (called, _), calling = timed(lambda: call([tested], FDR))
    if told:
        seconds = touching + fitting + testing + calling
        edges = int(called[0].is_edge.sum())
        tell("10 M traces, all tests of pairs", candidates=len(a), edges=edges, counting=counting, background=fitting,
             layer=testing, calls=calling, seconds=seconds,
             ratio_to_counting=seconds / counting, peak_gb=peak_gb())  # fmt: skip


def candidates(first: FirstTouches, arrays: TraceArrays) -> tuple[np.ndarray, np.ndarray]:
    """Pairs with two first coincidences or more."""
    firsts = replace(arrays, account=first.account, object=first.object, post=first.post, t=first.t)
    counts = count_pairs(firsts, W, 2, 2)
    return counts[:, 0].copy(), counts[:, 1].copy()


def of_layer(ground: Background, a: np.ndarray, b: np.ndarray) -> Layer:
    """Every null of every candidate."""
    return layer("repost", W, ground, a, b)


if __name__ == "__main__":
    main()
