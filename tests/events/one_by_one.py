"""Rows become events one by one, in Python: what a column of them at once must equal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from unisono.clean.clock import shown
from unisono.clean.handle import extract_hashtags, extract_mentions
from unisono.clean.time import BadTime, TimeRule, parse_time
from unisono.clean.url import extract_urls
from unisono.events.fields.cells import items, whole_number
from unisono.events.fields.ids import account, mention, own_id, reference
from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import as_text
from unisono.tables import ACCOUNT_KINDS, KINDS

_KINDS = {k.casefold(): k for k in KINDS}
_REFERENCES = {"repost_of": "repost_of", "quote_of": "quote_of", "reply_to": "reply_to",
               "target": "target_id", "thread": "thread_id"}  # fmt: skip


class OneByOne:
    """A mapper of rows; `tally` counts what is worth a note."""

    def __init__(self, mapping: Mapping, rule: TimeRule, platform: str | None) -> None:
        self._map, self._rule, self._platform = mapping, rule, platform
        self.tally: Counter[str] = Counter()
        self.bad_times, self._why = 0, ""

    def row(self, cells: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Fields of a row's event, and why it is none."""
        value = {f: cells.get(c) for f, c in self._map.columns.items()}
        text = {f: as_text(v) for f, v in value.items()}
        platform = (text.get("platform") or "").strip().lower() or self._platform
        who, reason = account(platform, text.get("account"), text.get("handle"))
        made: dict[str, Any] = {"platform": platform, "account_id": who}
        for field, column in _REFERENCES.items():
            if field in text:
                made[column], problem = reference(platform, text[field])
                self._count(f"values of {field} {problem}" if problem else "")
        made["native_id"], problem = own_id(platform, text.get("id"))
        self._count(problem)
        made["t_us"], made["t_resolution_us"], late = self._time(value["time"])
        made["kind"] = self._kind(text, made)
        made |= self._content(platform, value, text) | self._rest(platform, who, value, text)
        return made, reason or late or ("" if made["kind"] else "unknown_kind")

    def counts(self) -> Counter[str]:
        """What was counted, above zero."""
        late = {f"times that could not be read, the first because {self._why}": self.bad_times}
        return +(self.tally + Counter(late))

    def _count(self, what: str) -> None:
        if what:
            self.tally[what] += 1

    def _time(self, value: Any) -> tuple[int, int, str]:
        if value is None or value == "" or value != value:
            return 0, 1, "no_time"
        try:
            return (*parse_time(value, self._rule), "")
        except BadTime as e:
            self._why = self._why or str(e)
            self.bad_times += 1
            return 0, 1, "bad_time"

    def _kind(self, text: dict[str, Any], made: dict[str, Any]) -> str | None:
        if "kind" in text:
            written = text["kind"] or ""
            known = {**_KINDS, **self._map.kinds}
            kind = known.get(written.strip()) or _KINDS.get(written.casefold().strip())
            self._count("" if kind else f"rows of kind {shown(written)}, which the map does not name; not used")
            return kind
        for kind, column in (("repost", "repost_of"), ("reply", "reply_to"), ("quote", "quote_of")):
            if made.get(column):
                return kind
        return "post"

    def _list(self, field: str, value: Any) -> list[str]:
        found = items(value, self._map.separators.get(field))
        self._count("" if found is not None else f"values of {field} that are no JSON lists; left empty")
        return found or []

    def _content(self, platform: str | None, value: dict[str, Any], text: dict[str, Any]) -> dict[str, Any]:
        body = text.get("text") or ""
        urls = self._list("urls", value["urls"]) if "urls" in value else extract_urls(body)
        tags = extract_hashtags(body)
        if "hashtags" in value:
            tags = [s for t in self._list("hashtags", value["hashtags"]) if (s := t.lstrip("#＃"))]
        said = [f"@{m}" for m in extract_mentions(body, platform)]
        named = self._list("mentions", value["mentions"]) if "mentions" in value else said
        lang = text.get("lang")
        return {
            "text": text.get("text"), "lang": lang, "lang_basis": "platform" if lang else None, "urls": urls,
            "hashtags": tags, "mentions": [m for n in named if (m := mention(platform, n)[0])],
        }  # fmt: skip

    def _rest(self, platform: str | None, who: str | None, value: dict[str, Any], text: dict[str, Any]) -> Any:
        made = {c: text[c] for c in ("client", "permalink") if c in text}
        made |= {f"account_{c}": text[c] for c in ("name", "description") if c in text}
        if "place" in text:
            place = account(platform, text["place"])[0]
            made["place"] = place if place != who else None
        for field, column in (("reach", "reach"), ("followers", "account_followers")):
            if field in value:
                made[column] = whole_number(value[field])
                lost = made[column] is None and as_text(value[field]) is not None
                self._count(f"values of {field} that are no whole numbers; left empty" if lost else "")
        if "handle" in text:
            made["account_handle"] = text["handle"] and text["handle"].strip().lstrip("@")
        kind = (text.get("account_kind") or "unknown").strip().lower()
        self._count("account kinds that are none of ours; taken as unknown" if kind not in ACCOUNT_KINDS else "")
        return made | {"account_kind": kind if kind in ACCOUNT_KINDS else "unknown"}
