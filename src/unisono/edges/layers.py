"""Candidate pairs of a study to tested layers, with accounts numbered across traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.edges.call import Layer, layer
from unisono.maths.types import I64
from unisono.nulls.layer import Background, background, screening_threshold
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sittings import Sittings
from unisono.pairs.windows import usable

Load = Callable[[str], tuple[TraceArrays, I64]]
"""A trace's arrays and the clock resolution of each of its rows."""
Watch = Callable[[str, int], None]
"""Told what is being tested, and how many candidates it has."""


@dataclass(frozen=True)
class Layers:
    """Layers in key order, the accounts that they number (sorted by UTF-8 bytes), and per layer its number of
    candidate rows."""

    layers: list[Layer]
    account_ids: pa.Array
    sizes: list[int]


def assess_layers(
    candidates: pa.Table, windows: dict[str, list[int]], load: Load, sittings: Sittings, seed: int, watch: Watch
) -> Layers:
    """Test every candidate: rows (trace, window_us, account_a, account_b) in key order.

    windows: of every trace that was paired; a layer without candidates still counts among the K that are combined.
    """
    parts = list(grounds(windows, load, sittings, seed))
    names = pa.chunked_array([g.account_ids for _, _, g, _ in parts] or [pa.array([], pa.string())]).unique()
    names = names.take(pc.array_sort_indices(names))
    pairs = [_pairs_of(candidates, trace, window, arrays) for trace, window, arrays, _ in parts]
    sizes = [len(a) for a, _ in pairs]
    threshold = screening_threshold(sizes, [ground.first.n_pairs for *_, ground in parts])
    layers = []
    for (trace, window, arrays, ground), (a, b) in zip(parts, pairs, strict=True):
        watch(f"tests: {trace}, {format_duration(window)}", len(a))
        layers.append(layer(trace, window, ground, a, b, _numbers(arrays.account_ids, names), threshold))
    return Layers(layers, names, sizes)


def _pairs_of(candidates: pa.Table, trace: str, window_us: int, arrays: TraceArrays) -> tuple[I64, I64]:
    here = pc.and_(pc.equal(candidates["trace"], trace), pc.equal(candidates["window_us"], window_us))
    rows = candidates.filter(here)
    a, b = (_numbers(rows[c], arrays.account_ids) for c in ("account_a", "account_b"))
    return a, b


def grounds(
    windows: dict[str, list[int]], load: Load, sittings: Sittings, seed: int
) -> Iterator[tuple[str, int, TraceArrays, Background]]:
    """Windows that the same rows take part in share their background."""
    for trace in sorted(windows, key=str.encode):
        if not windows[trace]:
            continue
        arrays, resolution = load(trace)
        sitting = sittings.of(arrays)
        known: dict[int, Background] = {}
        for window in sorted(windows[trace]):
            fits = usable(resolution, window)
            n = int(np.count_nonzero(fits))  # the rows of a wider window contain those of a narrower one
            if n not in known:
                known[n] = background(first_touches(arrays.take(fits), sitting[fits]), seed)
            yield trace, window, arrays, known[n]


def _numbers(ids: pa.Array | pa.ChunkedArray, among: pa.Array) -> I64:
    found = pc.index_in(ids.cast(pa.string()), among)
    return np.asarray(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found, dtype=np.int64)
