"""Where the world is played: the log of posts that every part writes into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from unisono.demo.cast import Cast
from unisono.demo.languages import Ints, Voices


@dataclass
class Log:
    """Posts in the order in which they were made up; a post's number is its row."""

    author: list[int] = field(default_factory=list)
    t: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    links: list[Sequence[str]] = field(default_factory=list)
    tags: list[Sequence[str]] = field(default_factory=list)
    of: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    media: list[str | None] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """The random stream, the accounts, their voices and the log."""

    rng: np.random.Generator
    cast: Cast
    voices: Voices
    log: Log

    def post(
        self,
        author: Ints,
        t: Ints,
        text: list[str],
        *,
        kind: str = "post",
        links: Sequence[Sequence[str]] | None = None,
        tags: Sequence[Sequence[str]] | None = None,
        of: Ints | None = None,
        place: Ints | None = None,
        media: Sequence[str | None] | None = None,
    ) -> Ints:
        """Log one post per entry and return their numbers.

        `t` is in Unix seconds; `of` is the number of the post that a repost or reply is about; `place` the
        account on whose page or forum it stands (-1: its own wall). Tags and links also show in the text.
        """
        n, log = len(author), self.log
        first = len(log.t)
        links, tags = links or [()] * n, tags or [()] * n
        if kind != "repost":
            text = [_decorate(*row) for row in zip(text, tags, links, strict=True)]
        log.author += author.tolist()
        log.t += t.tolist()
        log.kind += [kind] * n
        log.text += text
        log.links += links
        log.tags += tags
        log.of += [-1] * n if of is None else of.tolist()
        log.place += [-1] * n if place is None else place.tolist()
        log.media += [None] * n if media is None else media
        return np.arange(first, first + n)

    def repost(self, author: Ints, t: Ints, of: Ints) -> Ints:
        """Log reposts of the numbered posts, with their text, links and tags."""
        rows, log = of.tolist(), self.log
        links, tags = [log.links[i] for i in rows], [log.tags[i] for i in rows]
        return self.post(author, t, [log.text[i] for i in rows], kind="repost", links=links, tags=tags, of=of)

    def tracked(self, author: Ints, link: Sequence[str]) -> list[list[str]]:
        """One link per post as its author wrote it: three in ten carry the network's tracking parameter."""
        marked = (self.rng.random(len(author)) < 0.3).tolist()
        network = self.cast.network[author].tolist()
        rows = zip(link, network, marked, strict=True)
        return [[f"{url}?utm_source={net}" if mark else url] for url, net, mark in rows]

    def photos(self, n: int) -> list[str]:
        """SHA-1 sums (hex) of `n` new photos."""
        return [self.rng.bytes(20).hex() for _ in range(n)]


def _decorate(text: str, tags: Sequence[str], links: Sequence[str]) -> str:
    """The text as published: words, then hashtags, then links."""
    return " ".join([text, *(f"#{tag}" for tag in tags), *links])
