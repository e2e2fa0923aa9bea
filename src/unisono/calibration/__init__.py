"""The same study with its coordination destroyed: how many errors there are where nothing is to be found."""

from unisono.calibration.controls import by_sittings, by_slots, curveball, keeping_latency
from unisono.calibration.permuted import CONTROLS
from unisono.calibration.posts import by_posts
from unisono.calibration.run import NOMINAL, Part, calibrate
from unisono.calibration.stage import in_links, parts_of, write_calibration
from unisono.calibration.synchrony import alone_of

__all__ = [
    "CONTROLS", "NOMINAL", "Part", "alone_of", "by_posts", "by_sittings", "by_slots", "calibrate", "curveball",
    "in_links", "keeping_latency", "parts_of", "write_calibration",
]  # fmt: skip
