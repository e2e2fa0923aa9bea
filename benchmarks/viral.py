"""One object with a million posts in a year, window 10 s."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.measure import peak_gb, tell, timed
from unisono.pairs import TraceArrays, pair_table

W = 10_000_000


def main() -> None:
    """A tenth of it first, to show that memory is linear."""
    pair_table(viral(1_000), "url", W, 1)
    for n in (100_000, 1_000_000):
        arrays, before = viral(n), peak_gb()
        pairs, seconds = timed(lambda arrays=arrays: pair_table(arrays, "url", W, 1, 2))
        tell("one viral object", posts=n, pairs=len(pairs), seconds=seconds, peak_gb_more=peak_gb() - before)


def viral(n: int) -> TraceArrays:
    """n posts by 100 k accounts over a year."""
    rng = np.random.default_rng(1)
    t = np.sort(rng.integers(0, 365 * 86_400, n)) * 1_000_000
    account = rng.integers(0, 100_000, n).astype(np.int32)
    ids = pa.array([f"a{k:06d}" for k in range(100_000)])
    return TraceArrays(
        account, np.zeros(n, np.int32), np.arange(n, dtype=np.int32), t, ids, pa.array(["o"]), pa.nulls(n, pa.string())
    )


if __name__ == "__main__":
    main()
