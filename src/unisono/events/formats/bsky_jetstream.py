"""Bluesky's Jetstream, v1 (`did`, `time_us`, `commit`) and v2 (`payload`), one frame per line.

Fields: jetstream's README and event.go; the lexicons app.bsky.feed.post, .repost, .like, app.bsky.graph.follow. Time
is when the stream saw the commit: `record.createdAt` is whatever the client says and is not used. Facets count in
bytes of UTF-8, so their order is that of `index.byteStart`, and nothing is cut out of the text by them: link, tag and
mention stand in the facet itself. The CID of an image or video is a hash of its bytes. A deleted record is an act of
its own (`delete`, its target the record); frames about an account, and records of other collections, are no post.
v2 puts what v1 has under `commit` into `payload`, beside `did`, `time` and `seq`.
"""

from __future__ import annotations

from unisono.events.files.pages import Record
from unisono.events.formats import Format, Records
from unisono.events.posts import (
    UNIX_US,
    Media,
    Post,
    as_record,
    first_text,
    media,
    number_at,
    records_at,
    text_at,
    texts_at,
)  # fmt: skip

_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_LIKE, _FOLLOW = "app.bsky.feed.like", "app.bsky.graph.follow"
_COLLECTIONS = frozenset({_POST, _REPOST, _LIKE, _FOLLOW})


def post(frame: Record) -> Post | str:
    """The act of a commit; other frames are none."""
    v2 = as_record(frame.get("payload"))
    commit = v2 or as_record(frame.get("commit"))
    did, rkey, collection = text_at(v2 or frame, "did"), text_at(commit, "rkey"), text_at(commit, "collection")
    operation = text_at(commit, "operation")
    if not did or not rkey or collection not in _COLLECTIONS or operation not in ("create", "update", "delete"):
        return "no_post"
    uri = f"at://{did}/{collection}/{rkey}"
    found = Post(account=did, id=uri, basis="collector")
    if v2:
        found["time"] = v2.get("time")
    else:
        found["time"], found["rule"] = number_at(frame, "time_us"), UNIX_US
    if operation == "delete":
        return found | Post(id=f"{uri}#delete", kind="delete", target=uri)
    record = as_record(commit.get("record"))
    if collection == _POST:
        return found | _content(record, uri) | Post(permalink=f"https://bsky.app/profile/{did}/post/{rkey}")
    if collection == _REPOST:
        return found | Post(kind="repost", repost_of=text_at(record, "subject.uri"))
    if collection == _LIKE:
        return found | Post(kind="like", target=text_at(record, "subject.uri"))
    return found | Post(kind="follow", target=text_at(record, "subject"))


def _content(record: Record, uri: str) -> Post:
    features = _features(record)
    embed = as_record(record.get("embed"))
    links = [u for f in features if _is(f, "link") and (u := text_at(f, "uri"))]
    cards = (text_at(e, "external.uri") for e in (embed, embed.get("media")))
    tags = [t for f in features if _is(f, "tag") and (t := text_at(f, "tag"))]
    langs = texts_at(record, "langs")
    return Post(
        text=text_at(record, "text"), lang=langs[0] if langs else None,
        urls=list(dict.fromkeys([*links, *(c for c in cards if c)])), hashtags=tags + texts_at(record, "tags"),
        mentions=[d for f in features if _is(f, "mention") and (d := text_at(f, "did"))],
        reply_to=text_at(record, "reply.parent.uri"), quote_of=first_text(embed, "record.uri", "record.record.uri"),
        thread=text_at(record, "reply.root.uri") or uri, media=_media(embed) + _media(as_record(embed.get("media"))),
    )  # fmt: skip


def _features(record: Record) -> list[Record]:
    """What facets say, in the order in which they stand in the text."""
    facets = sorted(records_at(record, "facets"), key=lambda f: number_at(f, "index.byteStart") or 0)
    return [feature for facet in facets for feature in records_at(facet, "features")]


def _is(feature: Record, kind: str) -> bool:
    return feature.get("$type") == f"app.bsky.richtext.facet#{kind}"


def _media(embed: Record) -> list[Media]:
    """Images and the video; older records have the CID as plain text."""
    blobs = [("image", i.get("image")) for i in records_at(embed, "images")]
    blobs += [("video", embed["video"])] if "video" in embed else []
    cids = [(kind, text_at(blob, "ref.$link") or text_at(blob, "cid")) for kind, blob in blobs]
    return [media(kind, None, cid, "cid") for kind, cid in cids if cid]


FORMAT = Format(
    name="bsky-jetstream",
    summary="Bluesky's Jetstream, v1 or v2: posts, reposts, likes, follows and deletions, one frame per line",
    about=__doc__,
    way=Records(post),
    known_by=(
        ("did", "time_us", "commit.collection", "commit.rkey"),
        ("payload.did", "payload.time", "payload.collection", "payload.rkey"),
    ),
    fields={
        "account": "did", "id": "at://did/collection/rkey",
        "time": "time_us, in v2 payload.time (the collector's clock)", "text": "record.text",
        "kind": "collection and operation", "lang": "record.langs[0]",
        "urls": "facets link.uri, embed.external.uri", "hashtags": "facets tag.tag, record.tags[]",
        "mentions": "facets mention.did", "repost_of": "record.subject.uri",
        "quote_of": "embed.record.uri, embed.record.record.uri", "reply_to": "record.reply.parent.uri",
        "target": "of a like subject.uri, of a follow subject, of a delete the record",
        "thread": "record.reply.root.uri", "media": "embed.images[].image, embed.video; hash is the CID",
        "permalink": "of did and rkey",
    },
    platform="bsky",
    zone="UTC",
)  # fmt: skip
