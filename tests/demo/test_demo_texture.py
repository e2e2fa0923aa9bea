"""The grain of the world: tails, languages, voices, rhythm."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.co_action import plain
from unisono.demo.languages import QUARTERS, VOCABULARY, Voices, make_names, zipf
from unisono.demo.phrases import CLAIMS, LANGUAGES, PERSIAN, TOPICS, Phrases
from unisono.demo.rhythm import END, OFFSETS, START, SUMMER, activity, local, moments
from unisono.demo.world import World


def test_activity_and_popularity_have_heavy_tails(world: World) -> None:
    for column, share in (("author", 0.08), ("repost_of", 0.1)):
        counts = sorted(Counter(x for x in world.events[column].to_pylist() if x).values(), reverse=True)
        top = counts[: len(counts) // 100]
        assert sum(top) > share * sum(counts), column
        assert counts[0] > 20 * counts[len(counts) // 2], column


def test_reactions_come_in_bursts(world: World) -> None:
    """Log-normal delays: the median repost comes within an hour, the slowest tenth takes hours."""
    at = dict(zip(world.events["post_id"].to_pylist(), world.events["created_at"].to_pylist(), strict=True))
    pairs = zip(world.events["created_at"].to_pylist(), world.events["repost_of"].to_pylist(), strict=True)
    delay = [(np.datetime64(t[:-1]) - np.datetime64(at[of][:-1])).astype(int) for t, of in pairs if of]
    assert min(delay) > 0
    assert np.median(delay) < 3600
    assert np.quantile(delay, 0.9) > 4 * np.median(delay)


def test_names_are_many_and_no_two_quarters_use_one_hashtag(world: World) -> None:
    rng = np.random.default_rng(0)
    names = {q: set(make_names(rng, q)) for q in QUARTERS}
    assert all(len(own) == VOCABULARY for own in names.values())
    rows = zip(*(world.events[c].to_pylist() for c in ("author", "tags")), strict=True)
    used = {tag for _, tags in rows for tag in tags}
    assert len(used) == len(QUARTERS) * TOPICS * 12


def test_one_language_runs_from_right_to_left() -> None:
    letters = "".join(make_names(np.random.default_rng(0), "garden")) + "".join(c for t in PERSIAN.claims for c in t)
    assert {unicodedata.bidirectional(ch) for ch in letters if ch.isalpha()} == {"AL"}


@pytest.mark.parametrize("phrases", LANGUAGES, ids=lambda p: p.code)
def test_every_language_has_as_many_phrases_with_their_places(phrases: Phrases) -> None:
    assert [len(t) for t in phrases.claims] == [CLAIMS] * TOPICS == [CLAIMS] * len(phrases.topics)
    for part in ("comments", "details", "openers", "closers", "aspects"):
        own = getattr(phrases, part)
        assert len(own) == len(set(own)) == len(getattr(LANGUAGES[0], part))
    assert all(c.count("{}") == 1 for topic in phrases.claims for c in topic)
    assert all(d.count("{}") == d.count("<>") == 1 for d in phrases.details)


def test_posts_are_sentences_of_their_language(world: World) -> None:
    """Three languages; every post has a claim of one, names filled in, and no place left open."""
    columns = (world.events["language"].to_pylist(), world.events["text"].to_pylist())
    known = {p.code: [c.split("{}") for topic in p.claims for c in topic] for p in LANGUAGES}
    seen: Counter[str] = Counter()
    for language, text in itertools.islice(zip(*columns, strict=True), 0, None, 7):
        assert any(a in text and b in text for a, b in known[language]), text
        assert "{" not in text
        assert "<" not in text
        seen[language] += 1
    assert set(seen) == {"en", "de", "fa"}
    assert min(seen.values()) > 500


def test_the_same_words_come_from_two_accounts_where_they_were_copied_only(world: World) -> None:
    """Copied tasks, and headlines that a ring takes over: nobody repeats another's text by chance."""
    roles = {r["author"]: r["role"] for r in world.truth.to_pylist()}
    authors: dict[str, set[str]] = defaultdict(set)
    for row in world.events.to_pylist():
        if row["post_type"] != "repost":
            authors[plain(re.sub(r"#\S+", "", row["text"]))].add(row["author"])
    again = [who for who in authors.values() if len(who) > 1]
    assert 100 < len(again) < 400
    assert all(roles[a] != "organic" for who in again for a in who)


def test_authors_have_a_voice_of_their_own() -> None:
    """Two samples of one author are nearer to each other than to another author of the same language."""
    rng = np.random.default_rng(3)
    voices = Voices.draw(rng, np.zeros(20, dtype=np.int64))

    def sample(author: int) -> Counter[str]:
        return Counter(w for text in voices.write(rng, np.full(60, author)) for w in text.split())

    def overlap(a: Counter[str], b: Counter[str]) -> float:
        return (a & b).total() / min(a.total(), b.total())

    first, second = [sample(i) for i in range(20)], [sample(i) for i in range(20)]
    nearest = [max(range(20), key=lambda j, i=i: overlap(first[i], second[j])) for i in range(20)]
    assert nearest == list(range(20))


def test_frequent_words_are_zipfian() -> None:
    steps = np.diff(zipf(100), prepend=0.0)
    assert np.all(np.diff(steps) < 0)
    assert steps.sum() == pytest.approx(1)


def test_no_author_name_gives_a_role_away(world: World) -> None:
    """Numbers are dealt at random: planted accounts are spread over the whole range of names."""
    rows = [r for r in world.truth.to_pylist() if r["author"].startswith("person_")]
    planted = [int(r["author"].split("_")[1]) for r in rows if r["role"] == "operation"]
    assert 0.35 < np.mean(planted) / len(rows) < 0.65


def test_every_text_is_well_formed(world: World) -> None:
    for text in world.events["text"].to_pylist():
        text.encode("utf-8")
        assert text == unicodedata.normalize("NFC", text)
        assert text.strip() == text != ""


@given(st.integers(START, END - 1), st.integers(0, len(OFFSETS) - 1), st.booleans())
def test_activity_is_a_probability_at_any_moment(t: int, zone: int, office: bool) -> None:
    level = activity(np.array([t]), np.array([zone]), np.array([office]))[0]
    assert 0 <= level <= 1


def test_summer_time_begins_in_europe_only() -> None:
    for zone, offset in enumerate(OFFSETS.tolist()):
        before, after = local(np.array([SUMMER - 1, SUMMER]), np.full(2, zone))
        assert before == SUMMER - 1 + 3600 * offset
        assert after - before == (3601 if offset in (0, 1, 2) else 1)


def test_nobody_is_drawn_into_closed_office_hours() -> None:
    zone, office = np.full(3000, 3), np.ones(3000, dtype=np.bool_)
    t = moments(np.random.default_rng(1), zone, office)
    assert np.all(activity(t, zone, office) > 0)
    hours = local(t, zone) % 86_400 / 3600
    assert hours.min() >= 8
    assert hours.max() < 17.5
