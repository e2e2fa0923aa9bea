"""Files become events, accounts and rejects; nothing is lost silently."""

from unisono.events.files.sources import source_names
from unisono.events.formats import formats
from unisono.events.stage import read_sources

__all__ = ["formats", "read_sources", "source_names"]
