"""The planted operation: one office, three target audiences, each served by a cluster of accounts.

Every working day a list of tasks comes in. A task reaches the accounts that are on duty that day, each of
which carries it out with probability FIDELITY, seconds to minutes after the others. Between tasks the
accounts are kept alive with ordinary posts (`organic` draws them along, in office hours).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unisono.demo.cast import CLUSTERS, PLAZA
from unisono.demo.languages import Ints
from unisono.demo.log import Stage
from unisono.demo.organic import News
from unisono.demo.rhythm import DAYS, SITE_ZONE, START, activity, local, moments
from unisono.maths.types import Bools

FIDELITY = 0.6
DUTY = 0.6
"""Share of the accounts of a cluster that are worked on any one day."""
HASTE_S, SLACK_S = 80, 420
"""Latest follow-up, seconds, of a task to be done at once, and of one that may wait."""
TASKS = {"links": 20, "tags": 15, "copies": 15, "swarms": 24, "photos": 24}
CENTRAL_PAGES = 2
CENTRAL_POSTS = 15

Task = tuple[Ints, Ints]
"""Who takes part, and when each of them posts (Unix seconds)."""


def operate(stage: Stage, news: News) -> None:
    """Run all tasks of all clusters."""
    duty = stage.rng.random((len(stage.cast.name), DAYS)) < DUTY
    for cluster in CLUSTERS:
        crew = stage.cast.find(cluster)
        for behaviour in (share_links, chain_tags, copy_texts, pass_photos):
            behaviour(stage, crew, duty)
        swarm(stage, crew, duty, news)
        amplify(stage, crew, duty)
    everyone = np.flatnonzero(np.isin(stage.cast.part, CLUSTERS))
    share_links(stage, everyone, duty, 2)  # the whole office now and then: clusters are not islands


def _muster(stage: Stage, crew: Ints, duty: Bools, start: int, latest_s: int) -> Task:
    """Those of the crew who do the task that starts then, in the seconds after it."""
    day = (int(local(np.array([start]), np.array([SITE_ZONE]))[0]) - START) // 86_400
    able = duty[crew, min(day, DAYS - 1)] & (stage.rng.random(len(crew)) < FIDELITY)
    who = crew[able]
    return who, start + stage.rng.integers(1, latest_s, size=len(who))


def _tasks(stage: Stage, crew: Ints, duty: Bools, n: int, latest_s: int) -> Iterator[Task]:
    """`n` tasks at office moments."""
    site, office = np.full(n, SITE_ZONE), np.ones(n, dtype=np.bool_)
    for start in moments(stage.rng, site, office).tolist():
        yield _muster(stage, crew, duty, start, latest_s)


def share_links(stage: Stage, crew: Ints, duty: Bools, n: int = TASKS["links"]) -> None:
    """Co-link: the same article, each in own words, on both networks."""
    for who, t in _tasks(stage, crew, duty, n, HASTE_S):
        link = f"https://bulletin-{stage.rng.integers(100, 120)}.example/{len(stage.log.t)}"
        text = stage.voices.write(stage.rng, who)
        stage.post(who, t, text, links=stage.tracked(who, [link] * len(who)), media=_pictures(stage, who))


def chain_tags(stage: Stage, crew: Ints, duty: Bools) -> None:
    """Hashtag sequence: the same three to five tags in the same order, each in own words."""
    rng, pick = stage.rng, _kinds(stage, crew, "person", "page", "media_account")
    for who, t in _tasks(stage, pick, duty, TASKS["tags"], SLACK_S):
        topic, count = rng.integers(8, size=1), rng.integers(3, 6, size=1)
        tags = stage.voices.tags(rng, stage.cast.quarter[crew[:1]], topic, count)
        stage.post(who, t, stage.voices.write(rng, who), tags=tags * len(who), media=_pictures(stage, who))


def copy_texts(stage: Stage, crew: Ints, duty: Bools) -> None:
    """Copied texts: one text, by one writer, differing in the link or the account it addresses."""
    rng = stage.rng
    for who, t in _tasks(stage, crew, duty, TASKS["copies"], SLACK_S):
        text = " ".join(stage.voices.write(rng, crew[:2]))
        named = rng.random(len(who)) < np.where(stage.cast.network[who] == PLAZA, 0.4, 0)
        pages = stage.cast.name[rng.choice(_kinds(stage, crew, "page"), size=len(who))].tolist()
        texts = [f"@{page} {text}" if yes else text for page, yes in zip(pages, named.tolist(), strict=True)]
        serials = rng.integers(10_000, 99_999, size=len(who)).tolist()
        links = [[f"https://notes-{k % 40}.example/{k}"] for k in serials]
        stage.post(who, t, texts, links=links, media=_pictures(stage, who))


def pass_photos(stage: Stage, crew: Ints, duty: Bools) -> None:
    """Same picture: the photo accounts post one file, each with its own caption."""
    crew = _kinds(stage, crew, "media_account")
    for who, t in _tasks(stage, crew, duty, TASKS["photos"], HASTE_S):
        stage.post(who, t, stage.voices.write(stage.rng, who), media=stage.photos(1) * len(who))


def swarm(stage: Stage, crew: Ints, duty: Bools, news: News) -> None:
    """Comment swarm: persons reply within a minute under a newsroom's post that came out in office hours."""
    rng, crew = stage.rng, _kinds(stage, crew, "person")
    site = np.full(len(news.t), SITE_ZONE)
    open_hours = activity(news.t, site, np.ones(len(news.t), dtype=np.bool_)) > 0.3
    targets = np.flatnonzero(open_hours & (news.quarter == stage.cast.quarter[crew[0]]))
    for i in rng.choice(targets, size=min(TASKS["swarms"], len(targets)), replace=False).tolist():
        who, t = _muster(stage, crew, duty, int(news.t[i]) + 5, 60)
        of, place = np.full(len(who), news.number[i]), np.full(len(who), news.author[i])
        stage.post(who, t, stage.voices.write(rng, who), kind="reply", of=of, place=place)


def amplify(stage: Stage, crew: Ints, duty: Bools) -> None:
    """Reposts of a few central pages by the cluster's persons and pages."""
    rng, pages = stage.rng, _kinds(stage, crew, "page")
    central, others = pages[:CENTRAL_PAGES], _kinds(stage, crew, "person", "page")
    author = np.repeat(central, CENTRAL_POSTS)
    t = moments(rng, stage.cast.zone[author], stage.cast.office[author])
    numbers = stage.post(author, t, stage.voices.write(rng, author))
    fans = np.setdiff1d(others, central)
    for number, start in zip(numbers.tolist(), t.tolist(), strict=True):
        who, when = _muster(stage, fans, duty, start + 10, HASTE_S)
        stage.repost(who, when, np.full(len(who), number))


def _kinds(stage: Stage, crew: Ints, *kinds: str) -> Ints:
    return crew[np.isin(stage.cast.kind[crew], kinds)]


def _pictures(stage: Stage, who: Ints) -> list[str | None]:
    """A new picture for each photo account (that network has no post without one), none for the others."""
    photo = stage.cast.kind[who] == "media_account"
    return [sha if shown else None for sha, shown in zip(stage.photos(len(who)), photo.tolist(), strict=True)]
