"""What a group pushes: the objects that most of its members touched together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.exports.report.database import Database
from unisono.exports.report.groups import LISTED
from unisono.maths.sorting import distinct
from unisono.maths.types import I32, I64, Bools
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.ranges import has_co_actor
from unisono.pairs.stage import SYNCHRONY, load_traces
from unisono.pairs.windows import usable
from unisono.study import Study

TOP = 10
"""Objects per group."""
OF_POSTS = ("repost", "quote", "reply")
"""Kinds of trace whose objects are posts of others."""

_MEMBERS = """
SELECT group_id, account_id FROM members JOIN groups USING (group_id) WHERE rank <= $listed ORDER BY 1, 2
"""
_LAYERS = """
SELECT i.trace, i.group_id, max(i.window_us) AS window_us FROM inside i JOIN groups g ON g.group_id = i.group_id
WHERE g.rank <= $listed GROUP BY 1, 2 ORDER BY 1, 2
"""
_TOUCHES = pa.schema(
    [
        ("group_id", pa.string()), ("account_id", pa.string()), ("object_id", pa.string()), ("event_id", pa.string()),
        ("t_us", pa.int64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class TopObject:
    """One object: how many members touched it together, and how popular it is.

    Together is within the group's widest window of another member's touch; `posts` counts these touches and
    `lag_us` is the median distance of two of them. `outside`: accounts that touched it and are no members.
    `example`: an event in which a member did.
    """

    trace: str
    object_id: str
    members: int
    posts: int
    lag_us: int
    first_us: int
    last_us: int
    outside: int
    example: str


def gather(db: Database, study: Study) -> dict[str, list[TopObject]]:
    """The TOP objects of every listed group, most members first.

    Leaves the members' touches together in the database: `touches` (group_id, account_id, object_id, event_id, t_us);
    object_id only where it is another post.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for row in db.rows(_MEMBERS, listed=LISTED):
        members[row["group_id"]].append(row["account_id"])
    layers: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in db.rows(_LAYERS, listed=LISTED):
        layers[row["trace"]].append((row["group_id"], row["window_us"]))
    found: dict[str, list[TopObject]] = defaultdict(list)
    touches = [_TOUCHES.empty_table()]
    for trace, groups in layers.items():
        arrays, resolution = load_traces(study, trace)
        for group, window in groups:
            inside = np.asarray(pc.is_in(arrays.account_ids, pa.array(members[group])), dtype=bool)
            near = _together(arrays, inside[arrays.account] & usable(resolution, window), window)
            if trace != SYNCHRONY:  # its one object stands for no object
                found[group].extend(_top(arrays, near, inside, trace, window))
            touches.append(_rows(near, group, trace in OF_POSTS))
    db.make("touches", pa.concat_tables(touches))
    order = {g: sorted(o, key=lambda o: (-o.members, -o.posts, o.trace, o.object_id)) for g, o in found.items()}
    return {group: objects[:TOP] for group, objects in order.items()}


def _together(arrays: TraceArrays, rows: Bools, window: int) -> TraceArrays:
    chosen = arrays.take(rows)
    return chosen.take(has_co_actor(chosen.account, chosen.object, chosen.t, window))


def _top(arrays: TraceArrays, near: TraceArrays, inside: Bools, trace: str, window: int) -> list[TopObject]:
    objects, start, posts = np.unique(near.object, return_index=True, return_counts=True)
    who = distinct((near.object.astype(np.int64) << 32) | near.account)
    n_members = np.unique(who >> 32, return_counts=True)[1]
    return [
        _describe(arrays, near.take(np.arange(start[i], start[i] + posts[i])), inside, trace, window)
        for i in np.lexsort((objects, -posts, -n_members))[:TOP]
    ]


def _describe(arrays: TraceArrays, touches: TraceArrays, inside: Bools, trace: str, window: int) -> TopObject:
    number = touches.object[0]
    crowd = distinct(
        arrays.account[np.searchsorted(arrays.object, number) : np.searchsorted(arrays.object, number, "right")]
    )
    return TopObject(
        trace=trace,
        object_id=arrays.object_ids[int(number)].as_py(),
        members=len(np.unique(touches.account)),
        posts=len(touches),
        lag_us=_middle_lag(touches.account, touches.t, window),
        first_us=int(touches.t[0]),
        last_us=int(touches.t[-1]),
        outside=int(np.count_nonzero(~inside[crowd])),
        example=arrays.post_ids[int(touches.post[0])].as_py(),
    )


def _rows(near: TraceArrays, group: str, of_posts: bool) -> pa.Table:
    columns = [
        pa.repeat(group, len(near)),
        near.account_ids.take(pa.array(near.account)),
        near.object_ids.take(pa.array(near.object)) if of_posts else pa.nulls(len(near), pa.string()),
        near.post_ids.take(pa.array(near.post)),
        pa.array(near.t),
    ]
    return pa.Table.from_arrays(columns, schema=_TOUCHES)


def _middle_lag(account: I32, t: I64, window: int) -> int:
    """Lower median distance of two touches by different accounts within the window; times are sorted.

    By bisection on the distance, so that an object with a million touches costs no more than its length.
    """
    own = np.unique(account, return_inverse=True)[1].astype(np.int32)
    n = _n_within(own, t, window)
    low, high = 0, window
    while low < high:
        middle = (low + high) // 2
        if _n_within(own, t, middle) > (n - 1) // 2:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True, nogil=True)
def _n_within(account: I32, t: I64, distance: int) -> int:
    """Pairs of touches by different accounts at most `distance` apart."""
    there = np.zeros(account.max() + 1, np.int64)
    n, left = 0, 0
    for i in range(t.size):
        while t[i] - t[left] > distance:
            there[account[left]] -= 1
            left += 1
        n += i - left - there[account[i]]
        there[account[i]] += 1
    return n
