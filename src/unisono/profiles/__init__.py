"""Facts about groups, each with what else could explain it."""

from unisono.profiles.leadership import leadership
from unisono.profiles.lookalikes import lookalikes
from unisono.profiles.stage import write_profiles

__all__ = ["leadership", "lookalikes", "write_profiles"]
