"""Ten million traces: counts in memory; then traces on disk to `pairs` on disk, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numba import njit

from benchmarks.generator import Bursts, as_arrays, as_table, bursts
from benchmarks.measure import peak_gb, tell, timed
from unisono.pairs import count_pairs, write_pairs
from unisono.pairs.ranges import in_window
from unisono.study import Quiet, Settings, StageOutput, Study, open_study
from unisono.tables import TRACES

W = 60_000_000
THREADS = 2
N = 10_000_000


def main() -> None:
    """Counts in memory, then disk to disk."""
    if sys.argv[1:2] == ["pair"]:
        disk_to_disk(Path(sys.argv[2]))
        return
    data = bursts(N, 500_000, 1_000_000)
    in_memory(data)
    with tempfile.TemporaryDirectory() as folder:
        study = open_study(Path(folder), create=True)
        study.stage("trace", needs=(), settings={}, make=lambda out: put(out, data))
        subprocess.run([sys.executable, "-m", "benchmarks.ten_million", "pair", folder], check=True)


def in_memory(data: Bursts) -> None:
    """Counts, from unsorted numbers; and how long one pass over 8 bytes per co-action takes."""
    count_pairs(as_arrays(bursts(2_000, 100, 200)), W, 2, THREADS)
    counts, seconds = timed(lambda: count_pairs(as_arrays(data), W, 2, THREADS), runs=3)
    arrays = as_arrays(data)
    lo, hi = in_window(arrays.object, arrays.t, W)
    co_actions = (int((hi - lo).sum()) - N) // 2
    memory = np.ones(co_actions // 4)  # a quarter of 8 bytes per co-action, read four times
    total(memory[:100])
    _, one_pass = timed(lambda: [total(memory) for _ in range(4)], runs=3)
    tell("10 M traces, counts in memory", co_actions=co_actions, pairs=len(counts), seconds=seconds,
         memory_pass=one_pass, ratio_to_memory_pass=seconds / one_pass)  # fmt: skip


def put(out: StageOutput, data: Bursts) -> None:
    """The traces as a study keeps them."""
    with out.table(TRACES) as writer:
        table = as_table(data)
        for at in range(0, table.num_rows, 1 << 18):
            writer.write(table.slice(at, 1 << 18))


def disk_to_disk(folder: Path) -> None:
    """The pair stage as `unisono pair` runs it: Parquet in, Parquet, hashes and manifest out."""
    settings = Settings(window=("60s",), threads=THREADS)
    with tempfile.TemporaryDirectory() as warm:
        study = open_study(Path(warm), create=True)
        study.stage("trace", needs=(), settings={}, make=lambda out: put(out, bursts(2_000, 100, 200)))
        pair(study, settings)
    study = Study(folder)
    _, seconds = timed(lambda: pair(study, settings))
    tell("10 M traces, disk to disk", pairs=study.manifest.tables["pairs"].rows, seconds=seconds, peak_gb=peak_gb())


def pair(study: Study, settings: Settings) -> None:
    """The pair stage."""
    study.stage("pair", needs=("traces",), settings={}, make=lambda out: write_pairs(study, settings, out, Quiet()))


@njit(cache=True)
def total(values: np.ndarray) -> float:
    """One pass over memory."""
    s = 0.0
    for v in values:
        s += v
    return s


if __name__ == "__main__":
    main()
