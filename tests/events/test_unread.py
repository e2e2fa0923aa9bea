"""Sources without a reader: each is refused in its own name, with a --map that reads it."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from typing import Any

import pytest

from tests.events.generators import web
from tests.events.reading import LOOSE, events, read_tables, reasons
from tests.events.test_fourcat import table
from unisono.events.platforms import unread
from unisono.study import UserError

WHEN = 1_614_834_367
OWN: dict[str, dict[str, Any]] = {
    "9gag.com": {"id": "a", "creator": {"username": "ann"}, "creationTs": WHEN, "title": "hi"},
    "douyin.com": {"aweme_id": "a", "author": {"uid": "ann"}, "create_time": WHEN, "desc": "hi"},
    "gab.com": {"id": "a", "account": {"id": "ann", "username": "n"}, "created_at": "2021-03-04T05:06:07.000Z",
                "content": "hi"},
    "imgur.com": {"id": "a", "account_id": "ann", "created_at": "2021-03-04T05:06:07Z", "title": "hi"},
    "pinterest.com": {"id": "a", "pinner": {"username": "ann"}, "created_at": "Thu, 04 Mar 2021 05:06:07 +0000",
                      "description": "hi"},
    "threads.net": {"code": "a", "user": {"pk": "ann", "username": "n"}, "taken_at": WHEN, "caption": {"text": "hi"}},
    "tiktok-comments": {"cid": "a", "user": {"unique_id": "ann"}, "create_time": WHEN, "text": "hi"},
    "truthsocial.com": {"id": "a", "account": {"id": "ann", "username": "n"}, "created_at": "2021-03-04T05:06:07.000Z",
                        "content": "hi"},
}  # fmt: skip
TABLES = {
    "LinkedIn": {"id": "a", "thread_id": "a", "body": "hi", "timestamp": "2021-03-04 05:06:07", "author": "ann",
                 "timestamp_ago": "2w", "author_mentions": "", "unix_timestamp": WHEN},
    "Imgur": {"id": "a", "body": "hi", "timestamp": "2021-03-04 05:06:07", "author": "ann", "album_media": 1,
              "virality_score": 2, "unix_timestamp": WHEN},
    "Douyin": {"id": "a", "thread_id": "a", "body": "hi", "timestamp": "2021-03-04 05:06:07", "author_user_id": "ann",
               "author_nickname": "n", "unix_timestamp": WHEN},
    "a source": {"id": "a", "thread_id": "a", "body": "hi", "timestamp": "2021-03-04 05:06:07", "author": "ann",
                 "unix_timestamp": WHEN},
}  # fmt: skip


def refused(name: str, data: str) -> UserError:
    with pytest.raises(UserError) as error:
        events(name, data)
    return error.value


def read_as_told(name: str, data: str, error: UserError) -> dict[str, Any]:
    """The only event, read with the --map of the error."""
    words = shlex.split(error.said("switches")[1])
    (event,) = events(name, data, map=words[words.index("--map") + 1])
    return event


@pytest.mark.parametrize("wrap", [web.wrapped, web.imported])
@pytest.mark.parametrize("site", OWN)
def test_a_file_of_a_platform_without_a_reader_is_refused_by_name_and_read_as_told(site: str, wrap: Any) -> None:
    data = json.dumps(wrap(site, OWN[site], 1))
    error = refused("p.ndjson", data)
    assert f"holds rows of {unread.name_of(site)}, for which there is no reader yet" in error.what
    event = read_as_told("p.ndjson", data, error)
    assert (event["account_id"], event["text"], event["event_id"]) == ("ann", "hi", "a")
    assert event["t_us"] == WHEN * 1_000_000


@pytest.mark.parametrize("site", ["linkedin.com", "bilibili.com", "instagram-comments", "xiaohongshu.com"])
def test_where_no_map_is_known_the_way_to_write_one_is_told(site: str) -> None:
    error = refused("p.ndjson", json.dumps(web.wrapped(site, {"id": 1}, 1)))
    assert str(unread.name_of(site)) in error.what
    assert "--map account=COLUMN,time=COLUMN,text=COLUMN" in error.said("switches")[1]
    assert "data.user.name" in error.remedy


@pytest.mark.parametrize("name", TABLES)
def test_a_csv_of_4cat_without_a_reader_is_refused_by_name_and_read_as_told(name: str) -> None:
    error = refused("p.csv", table(TABLES[name]))
    assert f"looks like 4CAT's CSV of {name}, for which there is no reader yet" in error.what
    event = read_as_told("p.csv", table(TABLES[name]), error)
    assert (event["account_id"], event["text"], event["t_us"]) == ("ann", "hi", WHEN * 1_000_000)


def test_rows_without_a_reader_beside_others_are_rejects_that_name_it() -> None:
    video = {"id": "5", "desc": "hi", "createTime": WHEN, "author": "ann"}
    rows = [web.wrapped("tiktok.com", video, 1), web.wrapped("linkedin.com", {}, 2), web.wrapped("a.example", {}, 3)]
    data = "\n".join(map(json.dumps, rows))
    assert reasons("p.ndjson", data) == [(2, "no_reader_linkedin"), (3, "unknown_platform")]
    notes = read_tables("p.ndjson", data, limits=LOOSE).out.notes
    assert "p.ndjson: 1 rows of LinkedIn, for which there is no reader yet; not used" in notes


def test_a_table_that_only_has_common_columns_is_not_said_to_be_of_4cat() -> None:
    assert unread.table("p.csv", ["id", "author", "body", "timestamp"]) is None
    assert unread.refusal("p.ndjson", Counter({"unknown_platform": 5, "no_post": 2}), "data.") is None


@pytest.mark.parametrize("odd", [None, 7, [], {}, "", "LINKEDIN.COM ", "www.linkedin.com", "x" * 10_000])
def test_whatever_stands_for_a_platform_is_a_reject(odd: Any) -> None:
    rows = [web.wrapped("x.com", {}, 1) | {"source_platform": odd}, web.wrapped("tiktok.com", {}, 2)]
    found = (
        read_tables("p.ndjson", "\n".join(map(json.dumps, rows)), limits=LOOSE, format="zeeschuimer")
        if ("linkedin" not in str(odd).lower())
        else None
    )
    assert found is None or found.sources["p.ndjson"].kept == 0
