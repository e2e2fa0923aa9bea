"""Traces to pairs of accounts that co-acted within a window: the hot kernel."""

from unisono.pairs.arrays import TraceArrays, encode
from unisono.pairs.run import count_pairs, pair_table
from unisono.pairs.stage import write_pairs
from unisono.pairs.windows import DEFAULT_WINDOWS_US, plan_windows

__all__ = [
    "DEFAULT_WINDOWS_US",
    "TraceArrays",
    "count_pairs",
    "encode",
    "pair_table",
    "plan_windows",
    "write_pairs",
]
