"""CrowdTangle's exports: every documented field comes out, and each trap by name."""

from __future__ import annotations

from tests.events.reading import accounts, events, fixture, read_tables, reasons

FACEBOOK, INSTAGRAM = fixture("crowdtangle_facebook.csv"), fixture("crowdtangle_instagram.csv")
T_US = 1_614_834_367_000_000


def test_facebook_fields() -> None:
    first, _ = events("p.csv", FACEBOOK)
    assert first == first | {
        "event_id": "facebook/100_900", "account_id": "facebook/100", "kind": "post", "t_us": T_US,
        "t_resolution_us": 1_000_000, "text": "Read this, now #tag", "urls": ["https://a.example/story"],
        "hashtags": ["tag"], "reach": 15, "permalink": "https://www.facebook.com/100/posts/900",
    }  # fmt: skip
    page = accounts("p.csv", FACEBOOK)["facebook/100"]
    assert (page["kind"], page["handle"], page["name"], page["label"]) == ("page", "thepage", "The Page", "NEWS_SITE")
    assert (page["location"], page["description"], page["created_us"]) == ("CZ", "About us", 1_330_614_000_000_000)


def test_zone_abbreviations_are_read_by_a_fixed_table_and_others_refused() -> None:
    first, second = events("p.csv", FACEBOOK)
    assert second["t_us"] - first["t_us"] == 122 * 86_400_000_000  # EST, then EDT: both at 05:06:07 UTC
    assert reasons("p.csv", FACEBOOK) == [(4, "bad_time"), (5, "bad_time")]


def test_a_link_to_a_post_of_another_page_is_a_share() -> None:
    share = events("p.csv", FACEBOOK)[1]
    assert (share["kind"], share["repost_of"], share["target_id"]) == ("repost", "facebook/200_555", "facebook/200")
    own = FACEBOOK.replace(b"facebook.com/200/posts/555", b"facebook.com/100/posts/555")
    assert events("p.csv", own)[1]["kind"] == "post"


def test_thousands_are_parted_by_commas_and_views_of_0_are_no_views() -> None:
    assert [e["reach"] for e in events("p.csv", FACEBOOK)] == [15, 1080]
    first = accounts("p.csv", FACEBOOK.split(b"\nThe Page")[0] + b"\nThe Page" + FACEBOOK.split(b"\nThe Page")[1])
    assert first["facebook/100"]["followers"] == 1234


def test_the_final_link_wins_over_the_short_one() -> None:
    assert events("p.csv", FACEBOOK)[0]["urls"] == ["https://a.example/story"]
    bare = FACEBOOK.replace(b",https://a.example/story,", b",,")
    assert events("p.csv", bare)[0]["urls"] == ["http://bit.ly/x"]


def test_posts_of_a_group_are_the_groups() -> None:
    group = FACEBOOK.replace(b"Page Name,", b"Group Name,")
    assert accounts("p.csv", group)["facebook/100"]["kind"] == "forum"


def test_a_file_whose_every_row_is_damaged_is_read_to_its_end() -> None:
    header = FACEBOOK.split(b"\n")[0]
    assert reasons("p.csv", header + b"\nonly one cell\n") == [(2, "bad_row")]


def test_instagram_fields() -> None:
    (event,) = events("p.csv", INSTAGRAM)
    assert event == event | {
        "event_id": "instagram/CxY_1-z", "account_id": "instagram/@ann.a", "t_us": T_US, "text": "Look @bob.b #sun",
        "hashtags": ["sun"], "reach": 1000, "permalink": "https://www.instagram.com/p/CxY_1-z/",
        "media": [{"kind": "photo", "url": "https://cdn.example/p.jpg", "hash": None, "hash_kind": None}],
    }  # fmt: skip
    assert accounts("p.csv", INSTAGRAM)["instagram/@ann.a"]["followers"] == 12_345


def test_older_exports_call_the_time_created() -> None:
    assert events("p.csv", FACEBOOK.replace(b"Post Created,", b"Created,"))[0]["t_us"] == T_US
    assert events("p.csv", INSTAGRAM.replace(b"Post Created,", b"Created,"))[0]["t_us"] == T_US


def test_an_address_may_call_a_page_by_its_name() -> None:
    named = FACEBOOK.replace(b"facebook.com/100/posts/900", b"facebook.com/The.Page/posts/900")
    assert events("p.csv", named)[0]["event_id"] == "facebook/100_900"
    share = FACEBOOK.replace(b"facebook.com/200/posts/555", b"facebook.com/Other/posts/555")
    found = events("p.csv", share)[1]
    assert (found["repost_of"], found["target_id"]) == ("facebook/other_555", "facebook/@other")
    own = FACEBOOK.replace(b"facebook.com/200/posts/555", b"facebook.com/THEPAGE/posts/555")
    assert events("p.csv", own)[1]["kind"] == "post"


def test_a_declared_zone_reads_its_own_abbreviation_and_what_has_none() -> None:
    summer = FACEBOOK.replace(b" EDT", b" CEST")
    assert len(reasons("p.csv", summer)) == 3
    assert "the first because the zone 'CEST' is not unequivocal" in str(read_tables("p.csv", summer).out.notes)
    assert [e["t_us"] - T_US for e in events("p.csv", summer, zone="Europe/Prague")[2:]] == [0, 0]
    assert reasons("p.csv", summer, zone="Europe/Prague") == []
