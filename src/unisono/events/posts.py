"""Records of a platform become posts: what a reader gives for each record, and how that becomes columns.

A format of a platform's own JSON is read by `Records(post)`: `post(record)` gives the fields of one post, or the reason
why the record is none. The getters below take whatever stands there: posts are written by adversaries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import numpy as np

from unisono.clean.handle import extract_hashtags, extract_mentions
from unisono.clean.time import TimeRule
from unisono.clean.url import extract_urls
from unisono.events.fields.mapping import FIELDS, Mapping
from unisono.events.fields.times import forgiving_times
from unisono.events.files.batch import RawBatch, Reject, Times, as_text, row_sha256
from unisono.events.files.pages import Record


class Media(TypedDict):
    """A picture, video, sound or effect; by `hash` (of the kind `hash_kind`) all who post it on share it."""

    kind: str | None
    url: str | None
    hash: str | None
    hash_kind: str | None


def media(kind: str | None, url: str | None, shared: str | None = None, hash_kind: str | None = None) -> Media:
    """One of a post's media; `shared` is its hash, whose kind is only said where there is one."""
    return Media(kind=kind, url=url, hash=shared, hash_kind=hash_kind if shared else None)


class Post(TypedDict, total=False):
    """Fields of one post, by the names of `--map`; ids are the platform's own, mentions an id or `@handle`.

    urls, hashtags, mentions: taken from the text where absent or None; media: see `media`
    time: as written, read by `rule`, else by ISO 8601, RFC 822 or unix seconds, UTC where it says no zone; or t_us and
    step_us, which are microseconds; step_us alone where the clock is coarser than it is written; basis: whose clock
    (`platform` unless said)
    kind: where absent it follows from repost_of, reply_to and quote_of, in this order
    """

    account: str | None
    account_kind: str | None
    handle: str | None
    name: str | None
    label: str | None
    description: str | None
    location: str | None
    avatar_hash: str | None
    followers: int | None
    following: int | None
    account_created: object
    id: str | None
    time: object
    rule: TimeRule
    t_us: int
    step_us: int
    basis: str
    text: str | None
    kind: str | None
    lang: str | None
    urls: list[str] | None
    hashtags: list[str] | None
    mentions: list[str] | None
    repost_of: str | None
    quote_of: str | None
    reply_to: str | None
    target: str | None
    thread: str | None
    place: str | None
    media: list[Media]
    client: str | None
    reach: int | None
    permalink: str | None
    platform: str | None


Reader = Callable[[Record], Post | str]
"""Fields of a record's post, or the reason (one of a fixed list of words) why it is none."""

MAPPING = Mapping({f: f for f in (*FIELDS, "media") if not f.startswith("media_")})
"""Every field is a column of its own name."""
UNIX_US = TimeRule("unix_us")
_UTC = TimeRule(None, "UTC")
_OF_TEXT = {"urls": extract_urls, "hashtags": extract_hashtags}


def posts_of(batch: RawBatch, read: Reader, platform: str | None = None, rule: TimeRule | None = _UTC) -> RawBatch:
    """The batch with one column per field of `Post`, and records that are no post among its rejects.

    platform: whose handles the mentions in a text are; rule: how `time` is written, None where the user may say so.
    """
    found = [read(r) for r in batch.records or []]
    kept = [i for i, p in enumerate(found) if not isinstance(p, str)]
    posts: list[Post] = [p for p in found if not isinstance(p, str)]
    columns: dict[str, Any] = {f: [p.get(f) for p in posts] for f in MAPPING.columns}
    for field, extract in _OF_TEXT.items():
        cells = zip(columns[field], columns["text"], strict=True)
        columns[field] = [(extract(t or "") if x is None else x) for x, t in cells]
    columns["mentions"] = [
        [f"@{m}" for m in extract_mentions(t or "", platform)] if x is None else x
        for x, t in zip(columns["mentions"], columns["text"], strict=True)
    ]
    columns["media"] = [m or [] for m in columns["media"]]
    columns["kind"] = [p.get("kind") or _kind(p) for p in posts]
    raw = batch.raw
    lost = [
        Reject(int(batch.lines[i]), p, None if raw is None else row_sha256(raw[i]))
        for i, p in enumerate(found) if isinstance(p, str)
    ]  # fmt: skip
    return RawBatch(
        batch.rows[kept],
        columns,
        None if raw is None else [raw[i] for i in kept],
        batch.rejects + lost,
        None if rule is None else _times(posts, rule),
        places=None if batch.places is None else batch.places[kept],
    )


def _kind(post: Post) -> str:
    if post.get("repost_of"):
        return "repost"
    return "reply" if post.get("reply_to") else "quote" if post.get("quote_of") else "post"


def _times(posts: list[Post], rule: TimeRule) -> Times:
    t_us, steps = np.zeros(len(posts), np.int64), np.ones(len(posts), np.int64)
    reasons: dict[int, str] = {}
    why = ""
    written: dict[int, tuple[TimeRule, list[int]]] = {}
    for i, post in enumerate(posts):
        if "t_us" in post:
            t_us[i] = post["t_us"]
        else:
            how = post.get("rule", rule)
            written.setdefault(id(how), (how, []))[1].append(i)
    for how, rows in written.values():
        times = forgiving_times([posts[i].get("time") for i in rows], how)
        t_us[rows], steps[rows] = times.t_us, times.resolution_us
        reasons |= {rows[i]: reason for i, reason in times.reasons.items()}
        why = why or times.why
    for i, post in enumerate(posts):
        if "step_us" in post:
            steps[i] = post["step_us"]
    bases = [p.get("basis", "platform") for p in posts]
    return Times(t_us, steps, bases[0] if len(set(bases)) == 1 else bases, reasons, why)


def at(record: Any, path: str) -> Any:
    """What stands at a dotted path; None where anything on the way is no object."""
    if "." not in path:  # most, and this is called forty times for a post
        return record.get(path) if isinstance(record, dict) else None
    for key in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def text_of(value: Any) -> str | None:
    """A text or number, as text; None for anything else, also for true, false, lists and objects."""
    if value is None or type(value) is str:
        return value or None
    return as_text(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def text_at(record: Any, path: str) -> str | None:
    """The text or number there; see `text_of`."""
    return text_of(at(record, path))


def number_of(value: Any) -> int | None:
    """A whole number, also one written as text; None for anything else and beyond 64 bits."""
    if type(value) is not int:
        text = text_of(value)
        if text is None or not text.lstrip("+-").isdecimal() or len(text) > 19:
            return None
        value = int(text)
    return value if -(1 << 63) <= value < 1 << 63 else None


def number_at(record: Any, path: str) -> int | None:
    """The whole number there; see `number_of`."""
    return number_of(at(record, path))


def records_of(value: Any) -> list[Record]:
    """The objects of a list; anything else in it is passed over."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def records_at(record: Any, path: str) -> list[Record]:
    """The objects of the list there; see `records_of`."""
    return records_of(at(record, path))


def first_text(record: Any, *paths: str) -> str | None:
    """The first of several places that holds a text or number."""
    for path in paths:
        if (text := text_of(at(record, path))) is not None:
            return text
    return None


def first_number(record: Any, *paths: str) -> int | None:
    """The first of several places that holds a whole number other than 0; else 0 where one holds that."""
    first = None
    for path in paths:
        number = number_of(at(record, path))
        if number:
            return number
        first = number if first is None else first
    return first


def as_record(value: Any) -> Record:
    """An object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def texts_at(record: Any, path: str) -> list[str]:
    """The texts of a list there; anything else in it is passed over."""
    value = at(record, path)
    return [v for v in value if isinstance(v, str) and v] if isinstance(value, list) else []
