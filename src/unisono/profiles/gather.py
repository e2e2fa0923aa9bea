"""What a study holds about its groups' times and objects, group by group: the input of `lookalikes`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from unisono.pairs.stage import SYNCHRONY
from unisono.profiles.circumstances import BORN, Facts, facts_of

Read = Callable[[pc.Expression], pa.Table]
"""Rows of `traces` (trace, account_id, object_id, t_us) that fit a filter."""
TOUCH = ["trace", "object_id", "account_id", "t_us"]
POSTS = ("repost", "quote", "reply")
"""Traces whose objects are posts: their author is the first to touch them."""


def facts_by_group(members: pa.Table, evidence: pa.Table, read: Read, posts: pa.Table) -> dict[str, Facts]:
    """Facts of every group, from `members`, `evidence` and the touches of others.

    posts: event_id, account_id, t_us of the posts that are objects, as far as they are known. A group without evidence
    (one of synchrony, which has no objects) has facts with no observations.
    """
    members = members.select(["group_id", "account_id"])
    met = _met(members, evidence)
    things = met.select(["group_id", "trace", "object_id"]).group_by(["group_id", "trace", "object_id"]).aggregate([])
    objects = pc.unique(things["object_id"])
    crowd = read(pc.field("object_id").isin(objects) & pc.field("trace").isin(pc.unique(things["trace"])))
    acted = _plain(crowd, TOUCH).append_column(BORN, pa.repeat(False, crowd.num_rows))
    crowd = pa.concat_tables([acted, *_births(posts, objects)]).join(things, ["trace", "object_id"])
    crowd = crowd.filter(pc.is_valid(crowd["group_id"]))
    acts = read(pc.field("account_id").isin(pc.unique(members["account_id"])) & (pc.field("trace") != SYNCHRONY))
    acts = acts.select(["account_id", "t_us"]).group_by(["account_id", "t_us"]).aggregate([])
    acts = acts.join(members, "account_id")
    met_of, crowd_of, acts_of = (dict(_by_group(rows)) for rows in (met, crowd, acts))
    none = met.slice(0, 0), crowd.slice(0, 0), acts.slice(0, 0)
    return {
        group: facts_of(
            met_of.get(group, none[0]), crowd_of.get(group, none[1]), acts_of.get(group, none[2]),
            _one(own["account_id"]),
        )
        for group, own in _by_group(members)
    }  # fmt: skip


def _met(members: pa.Table, evidence: pa.Table) -> pa.Table:
    """Both sides of each co-action of two members of one group, with the columns `names` below."""
    rows = evidence.join(members.rename_columns(["group_id", "account_a"]), "account_a", join_type="inner")
    rows = rows.join(
        members.rename_columns(["group_id", "account_b"]), ["group_id", "account_b"], join_type="left semi"
    )
    names = ["group_id", "trace", "window_us", "object_id", "account_id", "t_us"]
    sides = [_plain(rows, [*names[:4], f"account_{x}", f"t_{x}"]).rename_columns(names) for x in "ab"]
    return pa.concat_tables(sides)


def _births(posts: pa.Table, objects: pa.Array) -> Iterator[pa.Table]:
    made = posts.filter(pc.is_in(posts["event_id"], objects))
    columns = [made["event_id"], made["account_id"], made["t_us"]]
    for trace in POSTS:
        born = pa.repeat(True, made.num_rows)
        yield pa.table([pa.repeat(trace, made.num_rows), *columns, born], names=[*TOUCH, BORN])


def _plain(rows: pa.Table, names: list[str]) -> pa.Table:
    """Some columns, with no word on whether they may be null: tables of the study and tables of ours are joined."""
    return pa.table([rows[c] for c in names], names=names)


def _by_group(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    rows = rows.sort_by("group_id").combine_chunks()
    if not rows.num_rows:
        return
    runs = pc.run_end_encode(rows["group_id"].chunk(0))
    begin = 0
    for group, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield group, rows.slice(begin, end - begin)
        begin = end


def _one(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array if isinstance(array, pa.Array) else array.chunk(0)
