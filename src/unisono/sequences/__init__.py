"""The same things in the same order: lists that accounts work through at any lag."""

from unisono.sequences.find import Alike, find_alike
from unisono.sequences.stage import write_sequences

__all__ = ["Alike", "find_alike", "write_sequences"]
