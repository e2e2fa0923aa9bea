"""A made-up world as two tables: what can be seen, and the truth behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from unisono.demo.cast import ROLES, Cast
from unisono.demo.languages import CODES, Ints
from unisono.demo.log import Log
from unisono.demo.rhythm import END, START

_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
EVENTS = pa.schema(
    [
        ("post_id", _TEXT), ("network", _TEXT), ("author", _TEXT), ("author_kind", _TEXT),
        ("created_at", _TEXT), ("post_type", _TEXT), ("text", _TEXT), ("language", _TEXT),
        ("links", _TEXTS), ("tags", _TEXTS), ("repost_of", _TEXT), ("reply_to", _TEXT),
        ("place", _TEXT), ("media_sha1", _TEXT),
    ]
)  # fmt: skip
TRUTH = pa.schema([("author", _TEXT), ("network", _TEXT), ("role", _TEXT), ("cluster", _TEXT)])


@dataclass(frozen=True)
class World:
    """`events`: one row per post (schema EVENTS, by time); `truth`: one per account (schema TRUTH, by name).

    `created_at` is ISO 8601 UTC in whole seconds; `repost_of` and `reply_to` are post ids, `place` a name.
    `role` is organic, operation or look_alike; `cluster` names the part of the last two, else it is null.
    """

    events: pa.Table
    truth: pa.Table


def _truth(cast: Cast) -> pa.Table:
    role = [ROLES.get(part, "organic") for part in cast.part.tolist()]
    cluster = [part if part in ROLES else None for part in cast.part.tolist()]
    columns = [cast.name.tolist(), cast.network.tolist(), role, cluster]
    return pa.table([pa.array(c, pa.string()) for c in columns], schema=TRUTH).sort_by("author")


def _post_ids(network: list[str], order: Ints) -> list[str]:
    """An id per post, numbered by time in its network: p0000001 on plaza, l0000001 on lens."""
    ids, count = [""] * len(network), dict.fromkeys(network, 0)
    for row in order.tolist():
        count[network[row]] += 1
        ids[row] = f"{network[row][0]}{count[network[row]]:07d}"
    return ids


def make_world(cast: Cast, log: Log) -> World:
    """Order the log by time, give the posts ids, and leave out what fell beyond the last day."""
    author, t = np.array(log.author), np.array(log.t)
    order = np.argsort(t, kind="stable")
    order = order[(t[order] >= START) & (t[order] < END)]
    network = cast.network[author].tolist()
    ids = _post_ids(network, order)
    rows = order.tolist()
    names, kinds = cast.name.tolist(), cast.kind.tolist()
    about = [ids[i] if i >= 0 else None for i in log.of]
    columns = [
        ids, network, [names[i] for i in log.author], [kinds[i] for i in log.author],
        [f"{moment}Z" for moment in np.datetime_as_string(t.astype("datetime64[s]")).tolist()],
        log.kind, log.text, [CODES[i] for i in cast.quarter[author].tolist()], log.links, log.tags,
        [a if k == "repost" else None for a, k in zip(about, log.kind, strict=True)],
        [a if k == "reply" else None for a, k in zip(about, log.kind, strict=True)],
        [names[i] if i >= 0 else None for i in log.place], log.media,
    ]  # fmt: skip
    arrays = [pa.array([c[i] for i in rows], f.type) for c, f in zip(columns, EVENTS, strict=True)]
    return World(pa.table(arrays, schema=EVENTS), _truth(cast))
