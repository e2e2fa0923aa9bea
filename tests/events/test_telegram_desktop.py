"""Telegram Desktop: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.telegram_desktop import export
from tests.events.reading import accounts, events, fixture, mapped, read_tables, reasons
from unisono.events.formats.telegram_desktop import mend
from unisono.study import Limits

CHAT, ACCOUNT = fixture("telegram_chat.json"), fixture("telegram_account.json")


def test_fields() -> None:
    first, _ = events("result.json", CHAT)
    assert first == first | {
        "event_id": "telegram/channel1234567890/2", "account_id": "telegram/channel1234567890", "platform": "telegram",
        "kind": "post", "t_us": 1_614_834_367_000_000, "t_basis": "platform", "t_resolution_us": 1_000_000,
        "text": "Read \x0b\\x41 https://a.example/x and here #مهم @Ann Bob", "place": None, "reach": 15,
        "urls": ["https://a.example/x", "https://b.example/y"], "hashtags": ["مهم"],
        "mentions": ["telegram/@ann", "telegram/user77"], "permalink": "https://t.me/c/1234567890/2", "source_line": 2,
        "media": [{"kind": "photo", "url": "photos/photo_1@04-03-2021_06-06-07.jpg", "hash": None, "hash_kind": None}],
    }  # fmt: skip


def test_escapes_that_are_no_json_are_mended_and_others_left_alone() -> None:
    assert json.loads(mend(rb'"\x0B\\x41\\\x1f\n\u0041"')) == "\x0b\\x41\\\x1f\nA"
    assert mend(rb'"\u00e9\\"') == rb'"\u00e9\\"'
    assert len(events("result.json", CHAT)) == 2


def test_the_time_is_unix_time_and_never_the_local_date() -> None:
    (event,) = events("result.json", CHAT.replace(b'"2021-03-04T06:06:07"', b'"1999-01-01T00:00:00"'))[:1]
    assert event["t_us"] == 1_614_834_367_000_000
    assert (3, "no_time") in reasons("result.json", CHAT.replace(b'"date_unixtime": "1614834427"', b'"x": "0"'))


def test_messages_of_the_service_and_unsupported_ones_are_rejects() -> None:
    assert reasons("result.json", CHAT) == [(1, "service_message"), (4, "no_post")]


def test_many_messages_of_the_service_are_no_sign_of_a_wrong_format() -> None:
    service = {"id": 1, "type": "service", "date_unixtime": "1614834367", "action": "pin_message"}
    data = json.dumps({"type": "public_channel", "id": 1, "messages": [service] * 50})
    assert read_tables("result.json", data).sources["result.json"].rejects == {"service_message": 50}


def test_a_forward_is_a_repost_of_an_unknown_post_of_a_known_account() -> None:
    forward = events("result.json", CHAT)[1]
    assert (forward["kind"], forward["repost_of"], forward["target_id"]) == ("repost", None, "telegram/channel55")
    assert (forward["client"], forward["reply_to"]) == ("@gif", "telegram/channel1234567890/2")
    assert (forward["urls"], forward["hashtags"]) == (["https://c.example/z"], ["tag"])
    older = events("result.json", ACCOUNT)[1]
    assert (older["kind"], older["target_id"]) == ("repost", None)


def test_a_file_that_was_not_included_is_no_media() -> None:
    assert events("result.json", CHAT)[1]["media"] == []
    media = [e["media"] for e in events("result.json", ACCOUNT)]
    assert media == [
        [{"kind": "application/pdf", "url": "files/a.pdf", "hash": None, "hash_kind": None}],
        [],
        [],
        [],
        [],
    ]


def test_numbers_of_messages_count_within_their_chat() -> None:
    found = {e["event_id"]: (e["place"], e["account_id"]) for e in events("result.json", ACCOUNT)}
    assert found == {
        "telegram/channel500/2": ("telegram/channel500", "telegram/user77"),
        "telegram/channel500/3": ("telegram/channel500", "telegram/user78"),
        "telegram/user77/2": (None, "telegram/user77"),
        "telegram/chat9/2": ("telegram/chat9", "telegram/user77"),
        "telegram/channel501/2": (None, "telegram/channel501"),
    }


def test_a_reply_to_another_chat() -> None:
    assert events("result.json", ACCOUNT)[1]["reply_to"] == "telegram/channel1234567890/2"


def test_kinds_of_accounts_and_names() -> None:
    found = {**accounts("result.json", CHAT), **accounts("result.json", ACCOUNT)}
    assert {i: (a["kind"], a["name"]) for i, a in found.items()} == {
        "telegram/channel1234567890": ("channel", "News Channel"),
        "telegram/channel501": ("channel", "Gone"),
        "telegram/user77": ("person", "Bob"),
        "telegram/user78": ("person", None),
    }


def test_text_of_older_exports_is_a_text_or_a_list() -> None:
    older = json.loads(mend(CHAT))
    for message in older["messages"]:
        message.pop("text_entities", None)
    assert [{**e, "source_file": ""} for e in events("result.json", json.dumps(older))] == [
        {**e, "source_file": ""} for e in events("result.json", CHAT)
    ]


def test_a_message_whose_chat_is_not_said_keeps_no_id() -> None:
    data = json.dumps({"messages": [{"id": 1, "type": "message", "date_unixtime": "1614834367", "from_id": "user1",
                                     "text": "x"}]})  # fmt: skip
    (event,) = events("result.json", data)
    assert event["event_id"].startswith("row/")
    assert event["place"] is None


def test_one_bad_message_is_one_reject() -> None:
    data = CHAT.replace(b'"id": 2,', b'"id": \xff2,')
    assert reasons("result.json", data) == [(1, "service_message"), (2, "bad_utf8"), (4, "no_post")]
    assert (0, "truncated_file") in reasons("result.json", CHAT[:-200])


def test_an_export_larger_than_a_line_may_be_is_read_message_by_message() -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1614834367", "from_id": "user1", "text": "y" * 500}
    whole = {"type": "public_channel", "id": 1, "messages": [message | {"id": i} for i in range(4_000)]}
    found, lost, rows = mapped("result.json", json.dumps(whole).encode(), Limits(line_bytes=1 << 20))
    assert (len(found), lost, rows) == (4_000, 0, 4_000)


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    found, lost, rows = mapped("result.json", export(given_posts, 500))
    assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
    for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
        kind = post["kind"] if post["kind"] != "quote" else "post"
        tail = " l" * len(post["urls"]) + "".join(f"#{t}" for t in post["hashtags"]) + " m" * len(post["mentions"])
        assert event == event | {
            "native_id": f"telegram/channel500/{i + 1}", "account_id": f"telegram/user{post['account']['native']}",
            "account_name": post["account"]["name"], "t_us": post["t_us"], "kind": kind, "place": "telegram/channel500",
            "text": post["text"] + tail, "urls": post["urls"] or event["urls"],
            "mentions": [f"telegram/user{m}" for m in post["mentions"]], "client": post["client"],
            "reach": post["views"], "hashtags": post["hashtags"],
            "target_id": f"telegram/channel{post['refers']}" if kind == "repost" else None,
            "reply_to": f"telegram/channel500/{post['refers']}" if kind == "reply" else None,
            "permalink": f"https://t.me/c/500/{i + 1}",
        }  # fmt: skip
        assert [m["url"] for m in event["media"]] == ([f"photos/{i}.jpg"] if post["media"] else [])
