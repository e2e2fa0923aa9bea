"""Rows of a table become events, by the columns that a mapping names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.clock import shown
from unisono.clean.handle import extract_hashtags, extract_mentions
from unisono.clean.time import TimeRule
from unisono.clean.url import extract_urls
from unisono.events.fields.cells import times_or_none
from unisono.events.fields.columns import LISTS, lists, numbers, regrouped, texts
from unisono.events.fields.distinct import Cleaner
from unisono.events.fields.ids import account, mention, own_id, reference
from unisono.events.fields.mapping import Mapping
from unisono.events.fields.times import forgiving_times, time_column
from unisono.events.fields.whose import Ids, Platforms, accounts
from unisono.events.files.batch import Cells, RawBatch, Times, python_values
from unisono.events.files.letters import WORD
from unisono.maths.types import I64
from unisono.tables import ACCOUNT_KINDS, EVENTS, KINDS

OWN = ("source_file", "source_line", "event_id")
SHOWN = (
    "kind", "handle", "name", "created_us", "description", "location", "followers", "following", "avatar_hash", "label",
)  # fmt: skip
"""What a row may show of its account; staged as `account_<name>`."""
_TYPES = {"created_us": pa.int64(), "followers": pa.int64(), "following": pa.int64()}
EVENT_STAGE = pa.schema(
    [("seq", pa.int64()), ("source", pa.int32()), ("row", pa.int64()), ("line", pa.int64()), ("native_id", pa.string())]
    + [(c.name, c.type) for c in EVENTS.columns if c.name not in OWN]
    + [(f"account_{s}", _TYPES.get(s, pa.string())) for s in SHOWN]
)
"""What is known of an event before all sources have been read."""
_KINDS = {k.casefold(): k for k in KINDS}
_MOST_KINDS = 8
_OTHER_KINDS = "rows of other kinds that the map does not name; not used"
_UNKNOWN_KIND = "account kinds that are none of ours; taken as unknown"


class EventMapper:
    """Maps one source's batches. `tally` counts what is worth a note."""

    def __init__(
        self, mapping: Mapping, rule: TimeRule, platform: str | None, name: str, resolution_us: int | None
    ) -> None:
        self._map, self._rule, self._name, self._resolution = mapping, rule, name, resolution_us
        self._platform = platform.strip().lower() if platform else None
        self._own_ids, self._reference_ids, self._mention_ids = Ids(own_id), Ids(reference), Ids(mention)
        self._place_ids = Ids(account)
        self._bare_handles = Cleaner(lambda h: (h and h.strip().lstrip("@"), ""), plain=WORD)
        self.tally: Counter[str] = Counter()
        self._why = ""

    def map(self, batch: RawBatch) -> tuple[pa.Table, dict[int, str]]:
        """Staged events, and why the other rows, by position, are none."""
        platforms = self._platforms(batch)
        account_ids, problems = accounts(platforms, self._texts(batch, "account"), self._texts(batch, "handle"))
        times = batch.times or self._times(batch)
        self._tell_times(times)
        columns = self._references(batch, platforms)
        kinds = self._kinds(batch, columns)
        reasons = {i: reason for reason, rows in problems.items() for i in rows.tolist()}
        for i, reason in times.reasons.items():
            reasons.setdefault(i, reason)
        unknown = np.flatnonzero(np.asarray(kinds.is_null(), bool)) if kinds.null_count else np.zeros(0, np.int64)
        for i in unknown.tolist():
            reasons.setdefault(i, "unknown_kind")
        if len(unknown):
            self._tell_kinds(self._texts(batch, "kind").take(pa.array(unknown)))
        basis = pa.repeat(times.basis, len(batch)) if isinstance(times.basis, str) else times.basis
        steps = times.resolution_us if self._resolution is None else np.full(len(batch), self._resolution)
        columns |= {
            "platform": platforms.column(), "account_id": account_ids, "t_us": times.t_us, "t_basis": basis,
            "t_resolution_us": steps, "kind": kinds, "row": batch.rows, "line": batch.lines,
            **self._content(batch, platforms), **self._where(batch, platforms, account_ids), **self._shown(batch),
        }  # fmt: skip
        kept = np.ones(len(batch), bool)
        kept[list(reasons)] = False
        return _table(columns, kept), reasons

    def _cells(self, batch: RawBatch, field: str) -> Cells:
        cells = batch.columns.get(self._map.columns.get(field, ""))
        return pa.nulls(len(batch), pa.string()) if cells is None else cells

    def _texts(self, batch: RawBatch, field: str) -> pa.Array:
        return texts(self._cells(batch, field))

    def _lists(self, batch: RawBatch, field: str) -> pa.Array:
        return lists(self._cells(batch, field), self._map.separators.get(field), field, self.tally)

    def _platforms(self, batch: RawBatch) -> Platforms:
        if "platform" not in self._map.columns:
            return Platforms(len(batch), self._platform)
        return Platforms.of(self._texts(batch, "platform"), self._platform)

    def _references(self, batch: RawBatch, platforms: Platforms) -> dict[str, Any]:
        fields = {
            "repost_of": "repost_of", "quote_of": "quote_of", "reply_to": "reply_to",
            "target": "target_id", "thread": "thread_id",
        }  # fmt: skip
        columns: dict[str, Any] = {}
        for field, column in fields.items():
            if field in self._map.columns:
                columns[column], problems = self._reference_ids(platforms, self._texts(batch, field))
                self.tally.update({f"values of {field} {what}": len(rows) for what, rows in problems.items()})
        columns["native_id"], problems = self._own_ids(platforms, self._texts(batch, "id"))
        self.tally.update({what: len(rows) for what, rows in problems.items()})
        return columns

    def _kinds(self, batch: RawBatch, columns: dict[str, Any]) -> pa.Array:
        if "kind" in self._map.columns:
            known = {**_KINDS, **self._map.kinds}
            return _each(self._texts(batch, "kind"), lambda v: known.get(v.strip()) or _KINDS.get(v.casefold().strip()))
        kinds: Any = pa.repeat("post", len(batch))
        for kind, column in (("quote", "quote_of"), ("reply", "reply_to"), ("repost", "repost_of")):
            if column in columns:
                kinds = pc.if_else(columns[column].is_valid(), kind, kinds)
        return kinds

    def _times(self, batch: RawBatch) -> Times:
        cells = batch.columns[self._map.columns["time"]]
        if self._map.reads:
            return forgiving_times(cells, self._rule)
        return time_column(cells, self._rule, self._name, batch.lines)

    def _tell_times(self, times: Times) -> None:
        if bad := sum(r == "bad_time" for r in times.reasons.values()):
            self._why = self._why or times.why
            because = f", the first because {self._why}" if self._why else ""
            self.tally[f"times that could not be read{because}"] += bad

    def _tell_kinds(self, unknown: Any) -> None:
        """Count the first few values that are no kinds by themselves."""
        for value, n in Counter(unknown.to_pylist()).items():
            said = f"rows of kind {shown(value or '')}, which the map does not name; not used"
            told = sum(what.startswith("rows of kind ") for what in self.tally)
            self.tally[said if said in self.tally or told < _MOST_KINDS else _OTHER_KINDS] += n

    def _content(self, batch: RawBatch, platforms: Platforms) -> dict[str, Any]:
        written, langs, fields = self._texts(batch, "text"), self._texts(batch, "lang"), self._map.columns
        read = [] if {"urls", "hashtags", "mentions"} <= fields.keys() else written.to_pylist()
        urls = self._lists(batch, "urls") if "urls" in fields else [extract_urls(t) if t else [] for t in read]
        if "hashtags" in fields:
            listed = self._lists(batch, "hashtags")
            tags = regrouped(texts(pc.utf8_ltrim(listed.values, "#＃")), _sizes(listed))
        else:
            tags = [extract_hashtags(t) if t else [] for t in read]
        if "mentions" in fields:
            named = self._lists(batch, "mentions")
        else:
            said = zip(platforms.each(), read, strict=True)
            named = pa.array([[f"@{m}" for m in extract_mentions(t, p)] if t else [] for p, t in said], LISTS)
        sizes = _sizes(named)
        whose = platforms if platforms.names is None else platforms.take(np.repeat(np.arange(len(batch)), sizes))
        mentions = regrouped(self._mention_ids(whose, named.values)[0], sizes)
        basis = pc.if_else(langs.is_valid(), "platform", pa.scalar(None, pa.string()))
        return {
            "text": written, "lang": langs, "lang_basis": basis, "urls": urls, "hashtags": tags, "mentions": mentions,
        }  # fmt: skip

    def _where(self, batch: RawBatch, platforms: Platforms, account_ids: pa.Array) -> dict[str, Any]:
        columns: dict[str, Any] = {c: self._texts(batch, c) for c in ("client", "permalink") if c in self._map.columns}
        if "place" in self._map.columns:
            places, _ = self._place_ids(platforms, self._texts(batch, "place"))
            own = pc.equal(places, account_ids).fill_null(False)
            columns["place"] = pc.if_else(own, pa.scalar(None, pa.string()), places)
        if "reach" in self._map.columns:
            columns["reach"] = numbers(self._cells(batch, "reach"), "reach", self.tally)
        if "media" in self._map.columns:  # of a format that knows their kinds
            columns["media"] = python_values(self._cells(batch, "media"))
        elif {"media_hash", "media_url"} & self._map.columns.keys():
            pairs = zip(*(self._lists(batch, f).to_pylist() for f in ("media_hash", "media_url")), strict=True)
            columns["media"] = [_media(hashes, urls) for hashes, urls in pairs]
        return columns

    def _shown(self, batch: RawBatch) -> dict[str, Any]:
        fields = self._map.columns
        written = ("name", "label", "description", "location", "avatar_hash")
        columns: dict[str, Any] = {f"account_{f}": self._texts(batch, f) for f in written if f in fields}
        for f in ("followers", "following"):
            if f in fields:
                columns[f"account_{f}"] = numbers(self._cells(batch, f), f, self.tally)
        if "handle" in fields:
            columns["account_handle"] = self._bare_handles(self._texts(batch, "handle"))[0]
        if "account_created" in fields:
            created = python_values(self._cells(batch, "account_created"))
            columns["account_created_us"] = times_or_none(created, self._rule, "account_created", self.tally)
        if "account_kind" in fields:
            kinds = _each(self._texts(batch, "account_kind"), _account_kind)
            self.tally[_UNKNOWN_KIND] += kinds.null_count
            columns["account_kind"] = kinds.fill_null("unknown")
        else:
            columns["account_kind"] = pa.repeat("unknown", len(batch))
        return columns


def _account_kind(written: str) -> str | None:
    kind = (written or "unknown").strip().lower()
    return kind if kind in ACCOUNT_KINDS else None


def _each(written: Any, kind: Callable[[str], str | None]) -> pa.Array:
    """What each text stands for, asked once for each that there is; null is the empty one."""
    coded = written.dictionary_encode(null_encoding="encode")
    return pa.array([kind(v or "") for v in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _sizes(listed: Any) -> I64:
    return np.asarray(listed.value_lengths(), np.int64)


def _table(columns: dict[str, Any], kept: Any) -> pa.Table:
    fields = [f for f in EVENT_STAGE if f.name in columns]
    arrays = [a if isinstance(a := columns[f.name], pa.Array) else pa.array(a, f.type) for f in fields]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    return table if kept.all() else table.filter(pa.array(kept))


def _media(hashes: list[str], urls: list[str]) -> list[dict[str, str | None]]:
    """Hashes and addresses belong together by position."""
    return [
        {
            "kind": None,
            "url": urls[i] if i < len(urls) else None,
            "hash": hashes[i] if i < len(hashes) else None,
            "hash_kind": "hash" if i < len(hashes) else None,
        }
        for i in range(max(len(hashes), len(urls)))
    ]
