"""Facts about groups, each with what else could explain it."""

from unisono.profiles.leadership import leadership
from unisono.profiles.stage import write_profiles

__all__ = ["leadership", "write_profiles"]
