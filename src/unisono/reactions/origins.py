"""Who made an object, and when: what a reaction reacts to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import I32, I64
from unisono.pairs.arrays import UNKNOWN, TraceArrays

NOBODY = -1
"""Author of an object that nobody knows."""


@dataclass(frozen=True)
class Origins:
    """Authors and births of objects, numbered as in the arrays that they belong to.

    author: (n_objects,) row of `author_ids`, NOBODY where unknown
    born: (n_objects,) microseconds UTC; means nothing where the author is unknown
    author_ids: distinct ids of authors
    resolution_us: coarsest clock among the births, microseconds, UNKNOWN where one did not say
    """

    author: I32
    born: I64
    author_ids: pa.Array
    resolution_us: int = UNKNOWN


@dataclass(frozen=True)
class Layer:
    """One kind of trace whose objects are posts (repost, quote, reply), with the authors of these posts.

    resolution_us: coarsest clock among the traces, microseconds, UNKNOWN where nobody declared it.
    """

    trace: str
    arrays: TraceArrays
    origins: Origins
    resolution_us: int = UNKNOWN

    def __post_init__(self) -> None:
        if not len(self.origins.author) == len(self.origins.born) == len(self.arrays.object_ids):
            raise ValueError("origins need one author and one birth for each object")

    @property
    def clock_us(self) -> int:
        """The coarser of the two clocks, microseconds; UNKNOWN if neither is known."""
        return max(self.resolution_us, self.origins.resolution_us)


def origins_of(arrays: TraceArrays, events: pa.Table) -> Origins:
    """Author and birth of each object that is itself an event of the study.

    events: columns event_id, account_id, t_us and, if there, t_resolution_us (microseconds, null is unknown);
    event ids are distinct, any row order. An object that is no event (a post that nobody collected) keeps an
    unknown author. Raises ValueError where an event has no account or no time.
    """
    row = pc.index_in(arrays.object_ids, value_set=events.column("event_id").combine_chunks())
    known = np.asarray(pc.is_valid(row), dtype=bool)
    made = events.take(row.filter(pa.array(known)))
    if made.column("account_id").null_count or made.column("t_us").null_count:
        raise ValueError("events need an account and a time in every row")
    ids = pc.unique(made.column("account_id").combine_chunks()).cast(pa.string())
    author_ids = ids.take(pc.array_sort_indices(ids))
    author = np.full(len(known), NOBODY, np.int32)
    author[known] = np.asarray(pc.index_in(made.column("account_id").combine_chunks(), author_ids), dtype=np.int32)
    born = np.zeros(len(known), np.int64)
    born[known] = np.asarray(made.column("t_us").combine_chunks(), dtype=np.int64)
    return Origins(author, born, author_ids, _coarsest(made))


def _coarsest(made: pa.Table) -> int:
    if "t_resolution_us" not in made.column_names or not made.num_rows:
        return UNKNOWN
    steps = made.column("t_resolution_us")
    return UNKNOWN if steps.null_count else int(pc.max(steps).as_py())
