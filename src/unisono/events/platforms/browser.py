"""Which platform's own object a browser tool saved: by the name that the tool gives the platform, never by its keys."""

from __future__ import annotations

from collections.abc import Callable

from unisono.events.files.pages import Record
from unisono.events.platforms import instagram, tiktok, unread, x_web
from unisono.events.posts import Post, as_record

_READERS: dict[str, tuple[str, Callable[[Record], Post | str]]] = {
    "twitter.com": ("x", x_web.web_post), "x.com": ("x", x_web.web_post),
    "tiktok.com": ("tiktok", tiktok.web_post), "instagram.com": ("instagram", instagram.web_post),
}  # fmt: skip
FIELDS = {
    "account": "X: legacy.user_id_str; TikTok: author.uniqueId or author; Instagram: user.username, else user.pk",
    "handle": "X: core.user_results.result core or legacy screen_name; TikTok: author.uniqueId; Instagram: username",
    "name": "X: name; TikTok: author.nickname; Instagram: full_name", "label": "X: verified_type",
    "description": "X: description; TikTok: author.signature", "location": "X: location; TikTok: locationCreated",
    "followers": "X: followers_count; TikTok: authorStats.followerCount; Instagram: follower_count",
    "following": "X: friends_count; TikTok: authorStats.followingCount",
    "account_created": "X: created_at of the author; TikTok: author.createTime",
    "id": "X: rest_id; TikTok: id; Instagram: code, else shortcode",
    "time": "X: legacy.created_at; TikTok: createTime; Instagram: taken_at, else taken_at_timestamp",
    "text": "X: note_tweet, else legacy.full_text, of a retweet that of the original; TikTok: desc; Instagram: caption",
    "lang": "X: legacy.lang; TikTok: textLanguage",
    "urls": "X: entities.urls[].expanded_url; TikTok and Instagram: from the text",
    "hashtags": "X: entities.hashtags[].text; TikTok: textExtra[].hashtagName, else challenges[].title; "
    "Instagram: from the text",
    "mentions": "X: entities.user_mentions[].id_str, else @screen_name; TikTok: textExtra[].userUniqueId; "
    "Instagram: from the text",
    "repost_of": "X: retweeted_status_result.result.rest_id",
    "quote_of": "X: quoted_status_result.result.rest_id; TikTok: duetInfo.duetFromId",
    "reply_to": "X: in_reply_to_status_id_str", "thread": "X: conversation_id_str",
    "media": "X: extended_entities.media[], hash is the media key; TikTok: music.id, video.cover; "
    "Instagram: image_versions2 or display_url, of an album each",
    "client": "X: source",
    "reach": "X: views.count, else favorite_count; TikTok: playCount, else diggCount; "
    "Instagram: view_count, play_count, else like_count",
    "permalink": "of handle and id, or of the code", "platform": "source_platform",
}  # fmt: skip
"""Where our fields come from in these objects."""


def native_post(source: str | None, item: object) -> Post | str:
    """The post of an object of this platform; of one that has no reader a reason that names it (see `unread`)."""
    site = (source or "").strip().lower().removeprefix("www.")
    platform, read = _READERS.get(site, (None, None))
    if read is None:
        return unread.reason(site)
    found = read(as_record(item))
    return found if isinstance(found, str) else found | Post(platform=platform)
