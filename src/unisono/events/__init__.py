"""Files become events, accounts and rejects; nothing is lost silently."""

from unisono.events.formats import formats
from unisono.events.read import read_sources
from unisono.events.sources import source_names

__all__ = ["formats", "read_sources", "source_names"]
