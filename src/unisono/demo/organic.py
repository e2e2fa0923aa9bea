"""The organic background: newsrooms publish, people write about their interests and react to the news."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unisono.demo.cast import LENS, PLAZA
from unisono.demo.languages import Floats, Ints
from unisono.demo.log import Stage
from unisono.demo.phrases import TOPICS
from unisono.demo.rhythm import END, activity, moments

NEWS_PER_ROOM = 112
TOPICAL = 0.7
"""Share of reactions that follow the reader's own interests."""


@dataclass(frozen=True)
class News:
    """Published posts that others react to, one entry per post in each array."""

    number: Ints  # in the log
    author: Ints
    t: Ints
    quarter: Ints
    topic: Ints
    appeal: Floats  # heavy tail
    link: list[str]


def publish(stage: Stage, author: Ints, t: Ints, text: list[str] | None = None) -> News:
    """Log posts with a link of their own to an article, with tags of one topic."""
    rng, n = stage.rng, len(author)
    topic, quarter = rng.integers(TOPICS, size=n), stage.cast.quarter[author]
    serial = rng.permutation(n) + len(stage.log.t)
    host = [name.replace("_", "-") for name in stage.cast.name[author].tolist()]
    link = [f"https://{h}.example/{k // 100}/{k}" for h, k in zip(host, serial.tolist(), strict=True)]
    tags = stage.voices.tags(rng, quarter, topic, rng.integers(0, 3, size=n))
    text = text or stage.voices.write(rng, author, topic)
    number = stage.post(author, t, text, links=[[url] for url in link], tags=tags)
    return News(number, author, t, quarter, topic, np.minimum(1 + rng.pareto(1.0, size=n), 200), link)


def publish_news(stage: Stage) -> News:
    """Every newsroom's output over the 28 days."""
    rooms = np.repeat(stage.cast.find("newsroom"), NEWS_PER_ROOM)
    return publish(stage, rooms, moments(stage.rng, stage.cast.zone[rooms], stage.cast.office[rooms]))


def _audience(stage: Stage, network: str, n: int) -> Ints:
    """`n` draws of who acts: the public, the fast and the operation's cover alike, by weight."""
    weight = np.where(stage.cast.network == network, stage.cast.weight, 0)
    return stage.rng.choice(len(weight), size=n, p=weight / weight.sum())


def _matches(stage: Stage, reader: Ints, news: News) -> Ints:
    """For each reader a piece of news of its quarter, mostly of its interests, by appeal."""
    rng, cast = stage.rng, stage.cast
    wanted = cast.interests[reader, rng.integers(2, size=len(reader))]
    wanted = np.where(rng.random(len(reader)) < TOPICAL, wanted, rng.integers(TOPICS, size=len(reader)))
    cell = cast.quarter[reader] * TOPICS + wanted
    offer = news.quarter * TOPICS + news.topic
    pick = np.full(len(reader), -1, dtype=np.int64)
    for one in np.unique(cell):
        shelf, rows = np.flatnonzero(offer == one), np.flatnonzero(cell == one)
        if len(shelf):
            odds = news.appeal[shelf] / news.appeal[shelf].sum()
            pick[rows] = rng.choice(shelf, size=len(rows), p=odds)
    return pick


def reactions(stage: Stage, news: News, reader: Ints, median_s: float, spread: float) -> tuple[Ints, Ints, Ints]:
    """Who reacts to which news when: log-normal delay, only while awake, each reader once per piece.

    Returns (reader, position in news, Unix seconds); fewer rows than readers went in.
    """
    pick = _matches(stage, reader, news)
    delay = stage.rng.lognormal(np.log(median_s), spread, size=len(reader)).astype(np.int64) + 3
    t = news.t[pick] + delay
    mood = activity(np.minimum(t, END - 1), stage.cast.zone[reader], stage.cast.office[reader])
    keep = np.flatnonzero((pick >= 0) & (t < END) & (stage.rng.random(len(t)) < mood))
    _, first = np.unique(reader[keep] * len(news.t) + pick[keep], return_index=True)
    keep = keep[np.sort(first)]
    return reader[keep], pick[keep], t[keep]


def react(stage: Stage, news: News, n: int) -> None:
    """About n / 2 reactions to the news: reposts, replies and links shared with own words."""
    write = stage.voices.write
    who, what, t = reactions(stage, news, _audience(stage, PLAZA, n // 2), 600, 1.5)
    stage.repost(who, t, news.number[what])
    who, what, t = reactions(stage, news, _audience(stage, PLAZA, n // 4), 600, 1.5)
    stage.post(
        who, t, write(stage.rng, who, news.topic[what]), kind="reply", of=news.number[what], place=news.author[what]
    )
    for network, part in ((PLAZA, 5), (LENS, 20)):
        who, what, t = reactions(stage, news, _audience(stage, network, n // part), 1200, 1.6)
        text = write(stage.rng, who, news.topic[what])
        stage.post(who, t, text, links=stage.tracked(who, [news.link[i] for i in what]))


def chat(stage: Stage, n: int) -> None:
    """`n` posts in own words, some with hashtags, some in a forum of the author's quarter."""
    rng, cast = stage.rng, stage.cast
    who = _audience(stage, PLAZA, n)
    t = moments(rng, cast.zone[who], cast.office[who])
    topic, tags = _own_tags(stage, who, rng.choice(5, size=n, p=[0.5, 0.2, 0.15, 0.1, 0.05]))
    place = np.full(n, -1, dtype=np.int64)
    forums = np.flatnonzero(cast.kind == "forum")
    for quarter in np.unique(cast.quarter[forums]):
        visitors = np.flatnonzero((cast.quarter[who] == quarter) & (rng.random(n) < 0.2))
        place[visitors] = rng.choice(forums[cast.quarter[forums] == quarter], size=len(visitors))
    place[place == who] = -1
    stage.post(who, t, stage.voices.write(rng, who, topic), tags=tags, place=place)


def show_photos(stage: Stage, n: int) -> None:
    """`n` photo posts with captions, one in eight of a picture that goes round for days."""
    rng, cast = stage.rng, stage.cast
    who = _audience(stage, LENS, n)
    t = moments(rng, cast.zone[who], cast.office[who])
    media, round_trip = stage.photos(n), stage.photos(max(1, n // 100))
    favourite = np.minimum(rng.pareto(1.1, size=n) * 3, len(round_trip) - 1).astype(np.int64)
    for i in np.flatnonzero(rng.random(n) < 0.125).tolist():
        media[i] = round_trip[favourite[i]]
    topic, tags = _own_tags(stage, who, rng.choice(6, size=n, p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]))
    stage.post(who, t, stage.voices.write(rng, who, topic), tags=tags, media=media)


def _own_tags(stage: Stage, who: Ints, count: Ints) -> tuple[Ints, list[list[str]]]:
    """One of each author's two interests, and hashtags of it."""
    topic = stage.cast.interests[who, stage.rng.integers(2, size=len(who))]
    return topic, stage.voices.tags(stage.rng, stage.cast.quarter[who], topic, count)
