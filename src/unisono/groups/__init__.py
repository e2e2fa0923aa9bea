"""Edges gather into groups: communities of accounts, how stable they are, who carries them."""

from unisono.groups.build import GroupResult, find_groups
from unisono.groups.scan import DEFAULT_RESOLUTIONS
from unisono.groups.stage import write_groups

__all__ = ["DEFAULT_RESOLUTIONS", "GroupResult", "find_groups", "write_groups"]
