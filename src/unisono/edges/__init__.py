"""Pairs to edges that chance cannot explain, with the posts that each edge rests on."""

from unisono.edges.build import all_evidence, edge_rows, write_edges
from unisono.edges.evidence import evidence
from unisono.edges.layers import assess_layers
from unisono.edges.on_demand import pair_of, windows_of
from unisono.edges.rows import judge

__all__ = [
    "all_evidence",
    "assess_layers",
    "edge_rows",
    "evidence",
    "judge",
    "pair_of",
    "windows_of",
    "write_edges",
]  # fmt: skip
