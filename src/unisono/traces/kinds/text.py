"""text: the same text after `clean.text.normalise_text`, if 20 characters or more are left of it.

The object is the normalised text itself; a long one is cut, with the sha256 of the whole at its end, so that
objects stay readable and different texts stay different.
"""

import hashlib

import numpy as np
import pyarrow as pa

from unisono.clean.text import MIN_TEXT_CHARS, normalise_text
from unisono.traces.kind import Touched, TraceKind, convert_strings

SHOWN_CHARS = 160


def _object(text: str) -> str | None:
    words = normalise_text(text)
    if len(words) < MIN_TEXT_CHARS:
        return None
    if len(words) <= SHOWN_CHARS:
        return words
    return f"{words[:SHOWN_CHARS]}… sha256:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def _objects(events: pa.RecordBatch) -> Touched:
    return np.arange(events.num_rows), convert_strings(events.column("text"), _object)


TRACE = TraceKind("text", "the same text", ("text",), _objects)
