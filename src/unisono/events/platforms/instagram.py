"""Instagram's own objects as its web pages hold them, which is what browser tools save.

Fields: 4CAT's import of Instagram (the schema that is documented) and the structure of exports of 2026; no post of it
has been read here. An object is of an item list (`code`, `taken_at`, `caption.text`) or of the older graph
(`shortcode`, `taken_at_timestamp`, `edge_media_to_caption`). The account is `@username`, as in CrowdTangle's and 4CAT's
tables, which know no other, so that one account is one in all of them; its number (`pk`) serves where the name is
missing. The id is the code in the post's address. Advertisements are no posts, nor are objects without a time (pages
load some with nothing but a picture). Comments, users that are tagged in the picture and the alternative text, which
Instagram writes itself, are not used. Who else is named as an author (`coauthor_producers`) is not read: the post is
its owner's.
"""

from __future__ import annotations

import re

from unisono.events.files.pages import Record
from unisono.events.posts import Media, Post, as_record, first_number, first_text, media, records_at, text_at

_CODE = re.compile(r"[\w-]{1,64}", re.ASCII)
_KINDS = {"1": "photo", "2": "video", "GraphImage": "photo", "GraphVideo": "video"}


def web_post(item: Record) -> Post | str:
    """A post or reel of the web pages."""
    link = text_at(item, "link") or ""
    if text_at(item, "product_type") == "ad" or link.startswith("https://www.facebook.com/ads/ig_redirect"):
        return "advertisement"
    when = item.get("taken_at") or item.get("taken_at_timestamp")
    if not when:
        return "no_post"
    user = {**as_record(item.get("owner")), **{k: v for k, v in as_record(item.get("user")).items() if v}}
    code, name = _code(item), text_at(user, "username")
    caption = text_at(item, "caption.text") if "caption" in item else _graph_caption(item)
    return Post(
        account=None if name else first_text(user, "pk", "id"), handle=name, name=text_at(user, "full_name"),
        followers=first_number(user, "follower_count", "edge_followed_by.count"), id=code, time=when, text=caption,
        kind="post", media=_media(item), permalink=f"https://www.instagram.com/p/{code}/" if code else None,
        reach=first_number(item, "view_count", "play_count", "video_view_count", "like_count",
                                       "edge_media_preview_like.count"),
    )  # fmt: skip


def _code(item: Record) -> str | None:
    code = first_text(item, "code", "shortcode")
    return code if code and _CODE.fullmatch(code) else None


def _graph_caption(item: Record) -> str | None:
    texts = (text_at(edge, "node.text") for edge in records_at(item, "edge_media_to_caption.edges"))
    return next((t for t in texts if t), None)


def _media(item: Record) -> list[Media]:
    """Every picture and video of the post, by the address of its picture."""
    nodes = records_at(item, "carousel_media")
    nodes = nodes or [as_record(e.get("node")) for e in records_at(item, "edge_sidecar_to_children.edges")]
    found = []
    for node in nodes or [item]:
        kind = _KINDS.get(first_text(node, "media_type", "__typename") or "", "photo")
        url = next((u for c in records_at(node, "image_versions2.candidates") if (u := text_at(c, "url"))), None)
        url = url or first_text(node, "display_url", "video_url")
        if url:
            found.append(media(kind, url))
    return found
