"""The same study with its coordination destroyed: how many errors there are where nothing is to be found."""

from unisono.calibration.controls import by_slots, curveball, keeping_latency
from unisono.calibration.posts import by_posts

__all__ = ["by_posts", "by_slots", "curveball", "keeping_latency"]
