"""Pairs to edges, with the posts that each edge rests on."""

from unisono.edges.build import MIN_OBJECTS, judge, write_edges
from unisono.edges.evidence import evidence
from unisono.edges.on_demand import pair_of, windows_of

__all__ = ["MIN_OBJECTS", "evidence", "judge", "pair_of", "windows_of", "write_edges"]
