"""hashtag_sequence: the same three or more hashtags in the same order."""

import numpy as np
import pyarrow as pa

from unisono.clean.handle import canonical_hashtag
from unisono.traces.kind import Touched, TraceKind

MIN_TAGS = 3


def _sequence(tags: list[str] | None) -> str | None:
    names = [n for n in (canonical_hashtag(t) for t in tags or () if t) if n]
    return " ".join(f"#{n}" for n in names) if len(names) >= MIN_TAGS else None


def _objects(events: pa.RecordBatch) -> Touched:
    sequences = [_sequence(tags) for tags in events.column("hashtags").to_pylist()]
    return np.arange(events.num_rows), pa.array(sequences, pa.string())


TRACE = TraceKind("hashtag_sequence", "the same three or more hashtags in a row", ("hashtags",), _objects)
