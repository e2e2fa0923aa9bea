"""Rows of exports and releases that are tables: CrowdTangle, the Meta Content Library, Media Cloud, GDELT, X, tools."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from typing import Any

from unisono.events.formats.gdelt_gkg import BARE

_ZONES = ((-5, "EST"), (-7, "PDT"))


def _clock(t_us: int, hours: int = 0) -> datetime:
    return datetime.fromtimestamp(t_us // 10**6, UTC) + timedelta(hours=hours)


def _stamped(t_us: int, i: int) -> str:
    hours, name = _ZONES[i % 2]
    return f"{_clock(t_us, hours):%Y-%m-%d %H:%M:%S} {name}"


def facebook(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A post of a page, or of a group where it has no media; in one of two zones."""
    who = p["account"]
    shared = f"https://www.facebook.com/{who['native']}7/posts/{p['refers']}" if p["kind"] == "repost" else ""
    return {
        "Page Name" if p["media"] else "Group Name": who["name"], "User Name": who["handle"],
        "Facebook Id": who["native"], "Page Category": "MEDIA", "Page Admin Top Country": who["location"],
        "Page Description": who["description"],
        "Page Created": _stamped(who["created_us"], i), "Likes at Posting": "7",
        "Followers at Posting": f"{who['followers']:,}", "Post Created": _stamped(p["t_us"], i), "Type": "Link",
        "Total Interactions": "1,234", "Likes": "3", "Post Views": "0", "Total Views": f"{p['views']:,}",
        "URL": f"https://www.facebook.com/{who['native']}/posts/{i}", "Message": p["text"], "Link": "",
        "Final Link": shared or (p["urls"] or [""])[0], "Image Text": "read off a picture", "Link Text": "theirs",
    }  # fmt: skip


def instagram(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A picture of an account."""
    who = p["account"]
    return {
        "Account": who["name"], "User Name": who["handle"], "Followers at Posting": f"{who['followers']:,}",
        "Post Created": _stamped(p["t_us"], i), "Type": "Photo", "Likes": "1", "Views": f"{p['views']:,}",
        "URL": f"https://www.instagram.com/p/C{i}-_x/", "Link": f"https://www.instagram.com/p/C{i}-_x/",
        "Photo": f"https://cdn.example/{i}.jpg" if p["media"] else "", "Title": "", "Description": p["text"],
    }  # fmt: skip


def library(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A post of the Meta Content Library, nested as in its JSON."""
    who = p["account"]
    return {
        "id": str(i), "creation_time": f"{_clock(p['t_us']):%Y-%m-%dT%H:%M:%S+00:00}", "modified_time": None,
        "post_owner": {"id": who["native"], "type": ["profile", "page"][i % 2], "username": who["handle"],
                       "name": who["name"]},
        "text": p["text"], "lang": p["lang"], "hashtags": p["hashtags"], "content_type": "posts",
        "link_attachment": {"link": p["urls"][0]} if p["urls"] else None,
        "shared_post_id": p["refers"] if p["kind"] == "repost" else None,
        "surface": {"id": p["thread"], "type": "group"},
        "multimedia": [{"id": str(i), "type": "photo", "url": None}] if p["media"] else [],
        "statistics": {"views": p["views"], "like_count": 1}, "mcl_url": f"https://www.facebook.com/mcl/{i}",
    }  # fmt: skip


def dotted(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A nested row as the columns of a CSV; lists as Python writes them."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        found |= dotted(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
    return {k: str(v) if isinstance(v, list) else "" if v is None else v for k, v in found.items()}


def story(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A story of Media Cloud: its day, or its second where it is a reply."""
    exact, site = p["kind"] == "reply", p["account"]["handle"].replace("_", "-")
    return {
        "id": f"s{i}", "indexed_date": f"{_clock(p['t_us'], 9):%Y-%m-%d %H:%M:%S}", "language": p["lang"],
        "media_name": p["account"]["name"], "media_url": f"http://www.{site}.example/",
        "publish_date": f"{_clock(p['t_us']):{'%Y-%m-%d %H:%M:%S' if exact else '%Y-%m-%d'}}", "title": p["text"],
        "url": f"https://{i}.example/",
    }  # fmt: skip


def article(p: dict[str, Any], i: int) -> str:
    """A row of GDELT's knowledge graph."""
    extras = f"<PAGE_LINKS>x</PAGE_LINKS><PAGE_TITLE>{html.escape(p['text'])}</PAGE_TITLE>"
    cells = {
        "GKGRECORDID": f"{_clock(p['t_us']):%Y%m%d%H%M%S}-{i}", "V2.1DATE": f"{_clock(p['t_us']):%Y%m%d%H%M%S}",
        "V2SourceCommonName": f"{p['account']['handle']}.example", "V2DocumentIdentifier": f"https://{i}.example/a",
        "V2.1SharingImage": f"https://{i}.example/a.jpg" if p["media"] else "",
        "V2.1TranslationInfo": f"srclc:{p['lang']};eng:Moses 2.1.1", "V2ExtrasXML": extras,
    }  # fmt: skip
    return "\t".join((dict.fromkeys(BARE.columns, "") | cells).values())


def toolkit(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A row of the coordination-network-toolkit's input."""
    return {
        "message_id": f"m{i}", "user_id": p["account"]["native"], "username": p["account"]["handle"],
        "repost_id": p["refers"] if p["kind"] == "repost" else "",
        "reply_id": p["refers"] if p["kind"] == "reply" else "", "message": p["text"], "timestamp": p["t_us"] // 10**6,
        "urls": " ".join(p["urls"]),
    }  # fmt: skip


def released(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A row of X's releases; older than its ids with a time in them."""
    who = p["account"]
    return {
        "tweetid": str(i), "userid": f"{who['native']}=", "user_display_name": who["name"],
        "user_screen_name": who["handle"], "user_reported_location": who["location"],
        "user_profile_description": who["description"], "user_profile_url": "absent",
        "follower_count": who["followers"], "following_count": f"{who['following']}.0",
        "account_creation_date": f"{_clock(who['created_us']):%Y-%m-%d}", "account_language": "absent",
        "tweet_language": p["lang"], "tweet_text": p["text"], "tweet_time": f"{_clock(p['t_us']):%Y-%m-%d %H:%M}",
        "tweet_client_name": p["client"], "in_reply_to_userid": "",
        "in_reply_to_tweetid": p["refers"] if p["kind"] == "reply" else "absent",
        "quoted_tweet_tweetid": p["refers"] if p["kind"] == "quote" else "0.0",
        "is_retweet": str(p["kind"] == "repost"), "retweet_userid": "",
        "retweet_tweetid": p["refers"] if p["kind"] == "repost" else "", "latitude": "", "longitude": "",
        "quote_count": "0", "reply_count": "0", "like_count": str(p["views"]), "retweet_count": "0",
        "hashtags": str(p["hashtags"]), "urls": f"[{', '.join(p['urls'])}]" if i % 2 else str(p["urls"]),
        "user_mentions": str([f"{m}=" for m in p["mentions"]]), "poll_choices": "",
    }  # fmt: skip


def share(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A row of CooRTweet's table."""
    return {"object_id": p["thread"], "account_id": p["account"]["native"], "content_id": f"c{i}",
            "timestamp_share": p["t_us"] // 10**6}  # fmt: skip
