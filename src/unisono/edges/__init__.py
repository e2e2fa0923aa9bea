"""Pairs to edges that chance cannot explain, with the posts that each edge rests on."""

from unisono.edges.layers import assess_layers
from unisono.edges.rows import judge
from unisono.edges.stage import all_evidence, edge_rows, write_edges

__all__ = ["all_evidence", "assess_layers", "edge_rows", "judge", "write_edges"]
