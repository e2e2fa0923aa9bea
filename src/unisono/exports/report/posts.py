"""Posts by their id, as far as the study holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from unisono.exports.report.database import Database

_POSTS = """
SELECT e.event_id, e.text, e.lang, e.kind, e.permalink
FROM events e JOIN wanted_posts w ON w.event_id = e.event_id
"""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Post:
    """What was published; `lang` only where it is a well-formed language code."""

    text: str
    lang: str | None
    kind: str
    permalink: str | None


def gather(db: Database, ids: Iterable[str]) -> dict[str, Post]:
    """The posts with these ids; ids that the study holds no post of are absent."""
    db.make("wanted_posts", pa.table({"event_id": pa.array(sorted(set(ids)), pa.string())}))
    return {
        row["event_id"]: Post(row["text"] or "", _language(row["lang"]), row["kind"] or "", row["permalink"])
        for row in db.rows(_POSTS)
    }


def _language(code: str | None) -> str | None:
    return code if code and _LANGUAGE.fullmatch(code) and code.lower() != "und" else None
