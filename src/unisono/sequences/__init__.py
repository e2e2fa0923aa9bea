"""The same things in the same order, at any lag: lists that accounts work through, a sitting each."""

from unisono.sequences.find import Lists, find_lists
from unisono.sequences.stage import write_sequences

__all__ = ["Lists", "find_lists", "write_sequences"]
