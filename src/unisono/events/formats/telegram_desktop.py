r"""Telegram Desktop's `result.json`: one chat, or all chats of an account, as the program's own export writes them.

Fields: Telegram Desktop's writer (export_output_json.cpp). The writer emits control characters as \xHH, which is no
JSON: such escapes are mended, message by message. `date` is the local time of whoever exported and is not used;
`date_unixtime` is. Numbers of messages count within a chat, so ids are `channel123/45`. A forward names whom it is
from (`forwarded_from_id`, in older exports only a name) and not which message: it is a repost of an unknown post,
with that account as its target. `from_id` is a user, or the channel itself, which is then the account. "(File not
included...)" is no file. Reach is the sum of reactions: views are not exported.
"""

from __future__ import annotations

import re

from unisono.events.files.pages import PAGE, Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.posts import Media, Post, as_record, first_number, media, records_at, text_at

_MESSAGES = ("messages", "chats.list[].messages", "left_chats.list[].messages")
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_PEER = re.compile(r"(?:user|channel|chat)\d{1,20}", re.ASCII)
_KINDS = {"user": "person", "channel": "channel", "chat": "forum"}
_LINKS = {"link", "text_link"}


def mend(raw: bytes) -> bytes:
    r"""The bytes with \xHH as \u00HH; escapes of JSON, also of a backslash before an x, stay as they are."""
    return _ESCAPE.sub(lambda m: b"\\u00" + m[1] if m[1] else m[0], raw) if b"\\x" in raw else raw


def post(record: Record) -> Post | str:
    """A message; one of the service (somebody joined, pinned, renamed) is none."""
    kind = record.get("type")
    if kind == "service":
        return "service_message"
    if kind != "message":
        return "no_post"
    chat, who, own_id = _chat(as_record(record.get(PAGE))), text_at(record, "from_id"), text_at(record, "id")
    account = who or (chat if chat and chat.startswith("channel") else None)
    parts = _parts(record)
    forwarded = text_at(record, "forwarded_from_id")
    reposted = forwarded is not None or text_at(record, "forwarded_from") is not None
    said, peer = text_at(record, "reply_to_message_id"), text_at(record, "reply_to_peer_id") or chat
    return Post(
        account=account, account_kind=_kind(account), name=text_at(record, "from"),
        id=f"{chat}/{own_id}" if chat and own_id else None, time=record.get("date_unixtime"),
        text="".join(text for _, text, _ in parts) or None,
        kind="repost" if reposted else None, urls=_urls(parts), mentions=_mentions(parts),
        hashtags=_hashtags(parts),
        reply_to=f"{peer}/{said}" if peer and said else None, target=forwarded, place=chat,
        media=_media(record), client=text_at(record, "via_bot"),
        reach=_reactions(record), permalink=_permalink(chat, own_id),
    )  # fmt: skip


def _chat(head: Record) -> str | None:
    """The chat's id as `from_id` would write it; None where its type or id is not said."""
    kind, own_id = text_at(head, "type") or "", text_at(head, "id") or ""
    begin = {
        "personal_chat": "user", "bot_chat": "user", "saved_messages": "user", "private_group": "chat",
        "private_supergroup": "channel", "public_supergroup": "channel", "private_channel": "channel",
        "public_channel": "channel",
    }.get(kind)  # fmt: skip
    peer = f"{begin}{own_id}"
    return peer if begin and _PEER.fullmatch(peer) else None


def _kind(account: str | None) -> str:
    found = account if account and _PEER.fullmatch(account) else ""
    return _KINDS.get(found.rstrip("0123456789"), "unknown")


def _parts(record: Record) -> list[tuple[str, str, Record]]:
    """Pieces of the text: kind, text, and the whole piece. Older exports have them in `text`."""
    pieces = record.get("text_entities")
    pieces = pieces if isinstance(pieces, list) and pieces else record.get("text")
    found = []
    for piece in pieces if isinstance(pieces, list) else [pieces]:
        inner: Record = {"type": "plain", "text": piece} if isinstance(piece, str) else as_record(piece)
        found.append((text_at(inner, "type") or "", text_at(inner, "text") or "", inner))
    return found


def _urls(parts: list[tuple[str, str, Record]]) -> list[str] | None:
    if all(kind == "plain" for kind, _, _ in parts):
        return None
    return [u for kind, text, p in parts if kind in _LINKS and (u := text_at(p, "href") or text)]


def _hashtags(parts: list[tuple[str, str, Record]]) -> list[str] | None:
    if all(kind == "plain" for kind, _, _ in parts):
        return None
    return [text for kind, text, _ in parts if kind == "hashtag"]


def _mentions(parts: list[tuple[str, str, Record]]) -> list[str] | None:
    if all(kind == "plain" for kind, _, _ in parts):
        return None
    named = [text if kind == "mention" else f"user{n}" if (n := text_at(p, "user_id")) else ""
             for kind, text, p in parts if kind in ("mention", "mention_name")]  # fmt: skip
    return [n for n in named if n]


def _media(record: Record) -> list[Media]:
    """Files that were exported."""
    found: list[Media] = []
    for field in ("photo", "file"):
        path = text_at(record, field)
        if path is not None:
            kind = "photo" if field == "photo" else text_at(record, "media_type") or text_at(record, "mime_type")
            url = None if path.endswith(")") and "(File " in path else path
            found += [media(kind or "file", url)] if url else []
    return found


def _reactions(record: Record) -> int | None:
    counts = [first_number(r, "count") for r in records_at(record, "reactions")]
    return min(sum(c for c in counts if c), (1 << 63) - 1) if counts else None


def _permalink(chat: str | None, own_id: str | None) -> str | None:
    if not chat or not chat.startswith("channel") or not (own_id or "").isdecimal():
        return None
    return f"https://t.me/c/{chat.removeprefix('channel')}/{own_id}"


FORMAT = Format(
    name="telegram-desktop",
    summary="Telegram Desktop's export of a chat or of all chats (result.json)",
    about=__doc__,
    way=Records(post, Pages(arrays=frozenset(_MESSAGES), mend=mend)),
    known_by=tuple(tuple(f"{m}[].{key}" for key in ("date_unixtime", "id", "type")) for m in _MESSAGES[:2]),
    fields={
        "account": "from_id", "account_kind": "of from_id", "name": "from", "id": "id of the chat and id",
        "time": "date_unixtime", "text": "text_entities[], else text", "kind": "forwarded_from makes a repost",
        "urls": "text_entities[] link, text_link", "hashtags": "text_entities[] hashtag",
        "mentions": "text_entities[] mention, mention_name", "reply_to": "reply_to_peer_id, reply_to_message_id",
        "target": "forwarded_from_id", "place": "id and type of the chat", "media": "photo, file, media_type",
        "client": "via_bot", "reach": "reactions[].count", "permalink": "of the chat's id and id",
    },
    platform="telegram",
    time="unix",
)  # fmt: skip
