"""Rows of a table become events, by the columns that a mapping names."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from unisono.clean.handle import extract_hashtags, extract_mentions
from unisono.clean.time import TimeRule
from unisono.clean.url import extract_urls
from unisono.events.batch import RawBatch
from unisono.events.cells import lists, numbers, times_or_none
from unisono.events.ids import account, mention, own_id, references
from unisono.events.mapping import Mapping
from unisono.events.times import time_column
from unisono.tables import ACCOUNT_KINDS, EVENTS, KINDS

OWN = ("source_file", "source_line", "event_id")
SHOWN = (
    "kind", "handle", "name", "created_us", "description", "location", "followers", "following", "avatar_hash", "label",
)  # fmt: skip
"""What a row may show of its account; staged as `account_<name>`."""
_TYPES = {"created_us": pa.int64(), "followers": pa.int64(), "following": pa.int64()}
EVENT_STAGE = pa.schema(
    [("seq", pa.int64()), ("source", pa.int32()), ("line", pa.int64()), ("native_id", pa.string())]
    + [(c.name, c.type) for c in EVENTS.columns if c.name not in OWN]
    + [(f"account_{s}", _TYPES.get(s, pa.string())) for s in SHOWN]
)
"""What is known of an event before all sources have been read."""
_KINDS = {k.casefold(): k for k in KINDS}
_UNKNOWN_KIND = "account kinds that are none of ours; taken as unknown"


class EventMapper:
    """Maps one source's batches. `tally` counts what is worth a note."""

    def __init__(
        self, mapping: Mapping, rule: TimeRule, platform: str | None, name: str, resolution_us: int | None
    ) -> None:
        self._map, self._rule, self._name, self._resolution = mapping, rule, name, resolution_us
        self._platform = platform.strip().lower() if platform else None
        self.tally: Counter[str] = Counter()

    def map(self, batch: RawBatch) -> tuple[pa.Table, dict[int, str]]:
        """Staged events, and why the other rows, by position, are none."""
        platforms = self._platforms(batch)
        accounts, reasons = self._accounts(batch, platforms)
        times = batch.times or time_column(
            batch.columns[self._map.columns["time"]], self._rule, self._name, batch.lines
        )
        columns = self._references(batch, platforms)
        kinds = self._kinds(batch, columns)
        for i, reason in times.reasons.items():
            reasons[i] = reasons[i] or reason
        reasons = [r or ("" if k else "unknown_kind") for r, k in zip(reasons, kinds, strict=True)]
        basis = [times.basis] * len(batch) if isinstance(times.basis, str) else times.basis
        steps = times.resolution_us if self._resolution is None else np.full(len(batch), self._resolution)
        columns |= {
            "platform": platforms, "account_id": accounts, "t_us": times.t_us, "t_basis": basis,
            "t_resolution_us": steps, "kind": kinds, "line": batch.lines,
            **self._content(batch, platforms), **self._where(batch, platforms, accounts), **self._shown(batch),
        }  # fmt: skip
        bad = {i: r for i, r in enumerate(reasons) if r}
        return _table(columns, np.array([not r for r in reasons], bool)), bad

    def _texts(self, batch: RawBatch, field: str) -> list[str | None]:
        return batch.texts(self._map.columns.get(field))

    def _values(self, batch: RawBatch, field: str) -> list[Any]:
        return batch.values(self._map.columns.get(field))

    def _lists(self, batch: RawBatch, field: str) -> list[list[str]]:
        return lists(self._values(batch, field), self._map.separators.get(field), field, self.tally)

    def _platforms(self, batch: RawBatch) -> list[str | None]:
        if "platform" not in self._map.columns:
            return [self._platform] * len(batch)
        return [(p or "").strip().lower() or self._platform for p in self._texts(batch, "platform")]

    def _accounts(self, batch: RawBatch, platforms: list[str | None]) -> tuple[list[str | None], list[str]]:
        natives, handles = self._texts(batch, "account"), self._texts(batch, "handle")
        found = list(map(account, platforms, natives, handles))
        return [a for a, _ in found], [r for _, r in found]

    def _references(self, batch: RawBatch, platforms: list[str | None]) -> dict[str, Any]:
        fields = {
            "repost_of": "repost_of", "quote_of": "quote_of", "reply_to": "reply_to",
            "target": "target_id", "thread": "thread_id",
        }  # fmt: skip
        columns: dict[str, Any] = {
            column: references(platforms, self._texts(batch, field), field, self.tally)
            for field, column in fields.items() if field in self._map.columns
        }  # fmt: skip
        own = list(map(own_id, platforms, self._texts(batch, "id")))
        columns["native_id"] = [i for i, _ in own]
        self.tally.update(problem for _, problem in own if problem)
        return columns

    def _kinds(self, batch: RawBatch, columns: dict[str, Any]) -> list[str | None]:
        if "kind" in self._map.columns:
            known = {**_KINDS, **self._map.kinds}
            return [known.get((v or "").strip()) or _KINDS.get((v or "").casefold().strip())
                    for v in self._texts(batch, "kind")]  # fmt: skip
        nothing = [None] * len(batch)
        by = [columns.get(c, nothing) for c in ("repost_of", "reply_to", "quote_of")]
        return ["repost" if rp else "reply" if re else "quote" if q else "post" for rp, re, q in zip(*by, strict=True)]

    def _content(self, batch: RawBatch, platforms: list[str | None]) -> dict[str, Any]:
        texts, fields = self._texts(batch, "text"), self._map.columns
        langs = self._texts(batch, "lang")
        urls = self._lists(batch, "urls") if "urls" in fields else [extract_urls(t) if t else [] for t in texts]
        if "hashtags" in fields:
            tags = [[s for t in row if (s := t.lstrip("#＃"))] for row in self._lists(batch, "hashtags")]
        else:
            tags = [extract_hashtags(t) if t else [] for t in texts]
        if "mentions" in fields:
            named = zip(platforms, self._lists(batch, "mentions"), strict=True)
            mentions = [[mention(p, m) for m in row] for p, row in named]
        else:
            said = zip(platforms, texts, strict=True)
            mentions = [[mention(p, f"@{m}") for m in extract_mentions(t, p)] if t else [] for p, t in said]
        return {
            "text": texts, "lang": langs, "lang_basis": ["platform" if x else None for x in langs],
            "urls": urls, "hashtags": tags, "mentions": [[m for m in row if m] for row in mentions],
        }  # fmt: skip

    def _where(self, batch: RawBatch, platforms: list[str | None], accounts: list[str | None]) -> dict[str, Any]:
        columns: dict[str, Any] = {c: self._texts(batch, c) for c in ("client", "permalink") if c in self._map.columns}
        if "place" in self._map.columns:
            places = [account(p, n)[0] for p, n in zip(platforms, self._texts(batch, "place"), strict=True)]
            columns["place"] = [p if p != a else None for p, a in zip(places, accounts, strict=True)]
        if "reach" in self._map.columns:
            columns["reach"] = numbers(self._values(batch, "reach"), "reach", self.tally)
        if "media" in self._map.columns:  # of a format that knows their kinds
            columns["media"] = self._values(batch, "media")
        elif {"media_hash", "media_url"} & self._map.columns.keys():
            pairs = zip(self._lists(batch, "media_hash"), self._lists(batch, "media_url"), strict=True)
            columns["media"] = [_media(hashes, urls) for hashes, urls in pairs]
        return columns

    def _shown(self, batch: RawBatch) -> dict[str, Any]:
        fields = self._map.columns
        written = ("name", "label", "description", "location", "avatar_hash")
        columns: dict[str, Any] = {f"account_{f}": self._texts(batch, f) for f in written if f in fields}
        for f in ("followers", "following"):
            if f in fields:
                columns[f"account_{f}"] = numbers(self._values(batch, f), f, self.tally)
        if "handle" in fields:
            columns["account_handle"] = [h and h.strip().lstrip("@") for h in self._texts(batch, "handle")]
        if "account_created" in fields:
            created = self._values(batch, "account_created")
            columns["account_created_us"] = times_or_none(created, self._rule, "account_created", self.tally)
        kinds = [(k or "unknown").strip().lower() for k in self._texts(batch, "account_kind")]
        self.tally[_UNKNOWN_KIND] += sum(k not in ACCOUNT_KINDS for k in kinds)
        columns["account_kind"] = [k if k in ACCOUNT_KINDS else "unknown" for k in kinds]
        return columns


def _table(columns: dict[str, Any], kept: Any) -> pa.Table:
    fields = [f for f in EVENT_STAGE if f.name in columns]
    arrays = [pa.array(columns[f.name], f.type) for f in fields]
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
