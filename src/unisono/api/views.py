"""A study's tables as a person wants them: times as timestamps, one row for one thing, posts beside what they say."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from unisono.edges.rows import ALL
from unisono.exports.accounts import last_seen
from unisono.pairs.on_demand import pair_of
from unisono.study import Study, UserError, schema_of
from unisono.tables import EVENTS

_SPANS = ("window_us", "median_lag_us", "lag_us", "width_us", "t_resolution_us")
"""Columns that hold spans of time; others that end in `_us`, and t_a and t_b, hold moments."""
_BEST = ("trace", "window_us", "n_first", "n_meetings", "expected", "q", "basis", "median_lag_us")
"""What links() says of the test that explains a pair least."""


class Views:
    """What `Study` shows of a study folder. Every table is Arrow here."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def groups(self) -> pa.Table:
        """Groups by rank."""
        rows = self._study.read("groups").sort_by("rank")
        order = [
            "rank",
            "group_id",
            "n_accounts",
            "n_edges",
            "true_edges_at_least",
            "q",
            "traces",
            "first_us",
            "last_us",
        ]
        return readable(rows.select([*order, *(c for c in rows.column_names if c not in order)]))

    def members(self) -> pa.Table:
        """Members by the rank of their group and their share of its evidence, with what they are called."""
        rows = _ranked(self._study, self._study.read("members"))
        seen = last_seen(self._study, rows["account_id"].combine_chunks())
        rows = rows.append_column("handle", seen["handle"]).append_column("name", seen["name"])
        order = [("group", "ascending"), ("evidence_mass", "descending"), ("account_id", "ascending")]
        first = ["group", "account_id", "handle", "name"]
        return rows.select([*first, *(c for c in rows.column_names if c not in first)]).sort_by(order)

    def links(self) -> pa.Table:
        """One row per pair that is called."""
        called = (pc.field("is_edge")) & (pc.field("trace") != ALL)
        columns = ["account_a", "account_b", *_BEST, "n_objects", "n_days", "first_us", "last_us"]
        rows = self._study.read("edges", columns, called)
        rows = rows.sort_by([(c, "ascending") for c in ("account_a", "account_b", "q", "trace", "window_us")])
        pair = ["account_a", "account_b"]
        whole = rows.group_by(pair, use_threads=False).aggregate([
            *((c, "first", pc.ScalarAggregateOptions(skip_nulls=False)) for c in _BEST),
            ("trace", "list"), ("n_objects", "max"), ("n_days", "max"), ("first_us", "min"), ("last_us", "max"),
        ])  # fmt: skip
        kinds = pa.array([sorted(set(t)) for t in whole["trace_list"].to_pylist()], pa.list_(pa.string()))
        links = pa.table({
            **{c: whole[c] for c in pair}, **{c: whole[f"{c}_first"] for c in _BEST}, "traces": kinds,
            "n_objects": whole["n_objects_max"], "n_days": whole["n_days_max"],
            "first_us": whole["first_us_min"], "last_us": whole["last_us_max"],
        })  # fmt: skip
        links = links.append_column("group", self._shared(links))
        return readable(links.sort_by([("q", "ascending"), *((c, "ascending") for c in pair)]))

    def evidence(self, a: str, b: str) -> pa.Table:
        """Co-actions of two accounts, the least likely first, with the texts of both posts."""
        rows = pair_of(self._study, a, b)[1].sort_by([("q_o", "ascending"), ("t_a", "ascending")])
        if self._study.has("events"):
            named = pc.unique(pa.chunked_array([*rows["event_a"].chunks, *rows["event_b"].chunks], pa.string()))
            posts = self._study.read("events", ["event_id", "text"], pc.field("event_id").isin(named)).combine_chunks()
            for side in "ab":
                at = pc.index_in(rows[f"event_{side}"], posts["event_id"])
                rows = rows.append_column(f"text_{side}", posts["text"].take(at))
        return readable(rows)

    def posts(self, group: int | str | None, account: str | None) -> pa.Table:
        """Posts of the study, of a group's links, of an account."""
        if not self._study.has("events"):
            raise UserError(
                "this study was made of traces: it holds no posts", 'the rows that it was made of are study["traces"]'
            )
        where: pc.Expression | None = None
        if group is not None:
            where = pc.field("event_id").isin(self._behind(self.accounts_of(group)))
        if account is not None:
            mine = pc.field("account_id") == account
            where = mine if where is None else where & mine
            if not self._study.read("events", ["account_id"], mine).num_rows:
                raise UserError(f"{account} has no post in this study", "write ids as they stand in `study.members`")
        rows = self._study.read("events", where=where).sort_by([("t_us", "ascending"), ("event_id", "ascending")])
        order = ["t_us", "account_id", "text"]
        return readable(rows.select([*order, *(c for c in EVENTS.names if c not in order)]))

    def network(self, group: int | str | None) -> tuple[pa.Table, pa.Table]:
        """Accounts (account_id, platform, kind, handle, name, label, group, share) and the rows of links()."""
        links = self.links()
        if group is None:
            ids = pc.unique(pa.chunked_array([*links["account_a"].chunks, *links["account_b"].chunks], pa.string()))
            ids = ids.take(pc.array_sort_indices(ids))
        else:
            ids = self.accounts_of(group)
            links = links.filter(pc.and_(pc.is_in(links["account_a"], ids), pc.is_in(links["account_b"], ids)))
        places = _ranked(self._study, self._study.read("members")).sort_by([("group", "descending")])
        wanted = None if group is None else self.rank_of(group)
        rank: dict[str, int] = {}
        share: dict[str, float] = {}
        for row in places.to_pylist():
            if wanted in (None, row["group"]):
                rank[row["account_id"]], share[row["account_id"]] = row["group"], row["evidence_mass"] or 0.0
        named = ids.to_pylist()
        seen = last_seen(self._study, ids)
        seen = seen.append_column("group", pa.array([rank.get(a, 0) for a in named], pa.int64()))
        return seen.append_column("share", pa.array([share.get(a, 0.0) for a in named], pa.float64())), links

    def accounts_of(self, group: int | str) -> pa.Array:
        """Members of a group, sorted. Raises UserError."""
        rank = self.rank_of(group)
        rows = _ranked(self._study, self._study.read("members", ["group_id", "account_id", "evidence_mass"]))
        ids = rows.filter(pc.equal(rows["group"], rank))["account_id"].combine_chunks()
        return ids.take(pc.array_sort_indices(ids))

    def rank_of(self, group: int | str) -> int:
        """The rank of a group that is named by rank or id. Raises UserError."""
        rows = self._study.read("groups", ["rank", "group_id"]).to_pylist()
        ranks = {r["rank"]: r["rank"] for r in rows} | {r["group_id"]: r["rank"] for r in rows}
        if group not in ranks:
            n = len(rows)
            has = f"the groups are 1 to {n}" if n > 1 else "there is group 1 alone" if n else "it holds no group"
            raise UserError(f"there is no group {group!r} in this study", f"{has}: see `study.groups`")
        return int(ranks[group])

    def _behind(self, accounts: pa.Array) -> pa.Array:
        """Posts behind the links among some accounts."""
        inside = pc.field("account_a").isin(accounts) & pc.field("account_b").isin(accounts)
        rows = self._study.read("evidence", ["event_a", "event_b"], inside)
        return pc.unique(pa.chunked_array([*rows["event_a"].chunks, *rows["event_b"].chunks], pa.string()))

    def _shared(self, links: pa.Table) -> pa.Array:
        """The first group that holds both accounts of each link; null where none does."""
        groups: dict[str, set[int]] = {}
        for row in _ranked(self._study, self._study.read("members", ["group_id", "account_id"])).to_pylist():
            groups.setdefault(row["account_id"], set()).add(row["group"])
        ends = zip(links["account_a"].to_pylist(), links["account_b"].to_pylist(), strict=True)
        both = [groups.get(a, set()) & groups.get(b, set()) for a, b in ends]
        return pa.array([min(g) if g else None for g in both], pa.int64())


def known(study: Study, table: str) -> str:
    """The name of a table that there is. Raises UserError."""
    if not study.has(schema_of(table).name):
        raise UserError(f"this study has no table {table}", f"it has: {', '.join(sorted(study.manifest.tables))}")
    return table


def readable(table: pa.Table) -> pa.Table:
    """Moments as timestamps in UTC, spans as durations, under names without their unit."""
    columns = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.name in _SPANS:
            columns[field.name.removesuffix("_us")] = column.cast(pa.duration("us"))
        elif field.name.endswith("_us") or field.name in ("t_a", "t_b"):
            columns[field.name.removesuffix("_us")] = column.cast(pa.timestamp("us", "UTC"))
        else:
            columns[field.name] = column
    return pa.table(columns)


def _ranked(study: Study, members: pa.Table) -> pa.Table:
    """Rows of `members` with the rank of their group as `group`."""
    groups = study.read("groups", ["group_id", "rank"]).combine_chunks()
    at = pc.index_in(members["group_id"], groups["group_id"])
    return members.append_column("group", groups["rank"].take(at))
