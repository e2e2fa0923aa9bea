"""What a pair's meetings look like: the descriptive columns of an edge."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.synchrony.acts import Acts


def describe(acts: Acts, a: I32, b: I32) -> dict[str, npt.NDArray[np.generic]]:
    """Columns (pairs,) over all meetings of each pair (a, b): n_pairs, n_events_a, n_events_b, n_occasions, first_us,
    last_us, median_lag_us, a_first. An account's acts in one tick are one; a meeting's pair of posts is an occasion.
    """
    counts, lag, first = _describe(a, b, acts.start, acts.tick, acts.t, acts.grid.reach)
    names = ("n_pairs", "n_events_a", "n_events_b", "first_us", "last_us")
    columns: dict[str, npt.NDArray[np.generic]] = {name: counts[:, k] for k, name in enumerate(names)}
    return columns | {"n_occasions": counts[:, 0], "median_lag_us": lag, "a_first": first}


@njit(cache=True, nogil=True)
def _describe(a: I32, b: I32, start: I64, tick: I64, t: I64, reach: int) -> tuple[I64, I64, F64]:
    counts, median, first = np.zeros((a.size, 5), np.int64), np.zeros(a.size, np.int64), np.zeros(a.size)
    for k in range(a.size):
        turned = start[a[k] + 1] - start[a[k]] > start[b[k] + 1] - start[b[k]]
        few, many = (b[k], a[k]) if turned else (a[k], b[k])  # walk over the fewer acts, look up among the many
        end = start[many + 1]
        theirs = tick[start[many] : end]
        lags = np.empty(16, np.int64)
        n, seen = 0, start[many]
        counts[k, 3], counts[k, 4] = np.iinfo(np.int64).max, np.iinfo(np.int64).min
        for i in range(start[few], start[few + 1]):
            left = start[many] + np.searchsorted(theirs, tick[i] - reach)
            j = left
            while j < end and tick[j] <= tick[i] + reach:
                if n == lags.size:
                    lags = np.concatenate((lags, np.empty(n, np.int64)))
                lags[n] = t[i] - t[j] if turned else t[j] - t[i]
                first[k] += 1.0 if lags[n] > 0 else (0.5 if lags[n] == 0 else 0.0)
                counts[k, 3] = min(counts[k, 3], t[i], t[j])
                counts[k, 4] = max(counts[k, 4], t[i], t[j])
                n += 1
                j += 1
            counts[k, 2 if turned else 1] += j > left
            counts[k, 1 if turned else 2] += max(0, j - max(left, seen))
            seen = max(seen, j)
        counts[k, 0] = n
        median[k] = np.sort(lags[:n])[(n - 1) // 2] if n else 0
        first[k] /= max(n, 1)
    return counts, median, first
