"""Honest people who look coordinated: syndicating newsrooms, a fan club, and the very quick."""

from __future__ import annotations

import numpy as np

from unisono.demo.cast import RINGS
from unisono.demo.languages import Ints
from unisono.demo.log import Stage
from unisono.demo.organic import News, publish, reactions
from unisono.demo.rhythm import DAYS, moments

STORIES_PER_DAY = 3
STAR_POSTS_PER_DAY = 2


def syndicate(stage: Stage) -> None:
    """Each ring's outlets put the same headline and link out within a minute: one feed, many papers."""
    rng, cast = stage.rng, stage.cast
    for ring in RINGS:
        outlets = cast.find(ring)
        lead = np.full(STORIES_PER_DAY * DAYS, outlets[0])
        headlines = stage.voices.write(rng, lead)
        news = publish(stage, lead, moments(rng, cast.zone[lead], cast.office[lead]), headlines)
        story = np.repeat(np.arange(len(lead)), len(outlets) - 1)
        who = np.tile(outlets[1:], len(lead))
        taken = rng.random(len(who)) < 0.8
        who, story = who[taken], story[taken]
        t = news.t[story] + rng.integers(2, 45, size=len(who))
        rows = story.tolist()
        stage.post(
            who,
            t,
            [headlines[i] for i in rows],
            links=stage.tracked(who, [news.link[i] for i in rows]),
            tags=[stage.log.tags[i] for i in news.number[rows].tolist()],
        )


def cheer(stage: Stage) -> None:
    """Fans repost whatever their star publishes, most within minutes, at any hour they are awake."""
    rng, cast = stage.rng, stage.cast
    star = np.repeat(cast.find("star"), STAR_POSTS_PER_DAY * DAYS)
    news = publish(stage, star, moments(rng, cast.zone[star], cast.office[star]))
    who, what, t = _watch(stage, "fans", news, 70, 120)
    stage.repost(who, t, news.number[what])


def hurry(stage: Stage, news: News) -> None:
    """Some people see the news as it comes out and repost or answer within a minute."""
    who, what, t = _watch(stage, "quick", news, 120, 30)
    stage.repost(who, t, news.number[what])
    who, what, t = _watch(stage, "quick", news, 60, 40)
    text = stage.voices.write(stage.rng, who)
    stage.post(who, t, text, kind="reply", of=news.number[what], place=news.author[what])


def _watch(stage: Stage, part: str, news: News, tries: int, median_s: float) -> tuple[Ints, Ints, Ints]:
    """Reactions of everyone in a part, each trying so many times."""
    return reactions(stage, news, np.repeat(stage.cast.find(part), tries), median_s, 0.9)
