"""Accounts that react to one author within seconds, beyond its other followers and beyond their own haste."""

from unisono.reactions.find import find_reactions
from unisono.reactions.origins import Layer, Origins, origins_of
from unisono.reactions.own_speed import MIN_OTHERS
from unisono.reactions.slots import MIN_OBJECTS, WINDOWS_US
from unisono.reactions.stage import write_reactions

__all__ = [
    "MIN_OBJECTS", "MIN_OTHERS", "WINDOWS_US", "Layer", "Origins", "find_reactions", "origins_of",
    "write_reactions",
]  # fmt: skip
