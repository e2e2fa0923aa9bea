"""How the people of the invented town write: three languages, five quarters of the town, and habits of every author.

A quarter reads its own papers and uses its own hashtags; two write English, two German, one Persian, from right to
left. Names are made of syllables, so that no street, shop or person is a real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unisono.demo.phrases import CLAIMS, LANGUAGES, TOPICS, Phrases
from unisono.maths.types import F64, I64

Ints = I64
Floats = F64
Words = npt.NDArray[np.object_]

SYLLABLES: dict[str, tuple[str, str]] = {
    "oldtown": ("br dr fl gl pl tr vl kl", "a e i o u"),
    "harbour": ("m n l r v y f w", "a e i o u"),
    "mill": ("st sch gr kn pf zw br fl", "a e i o u"),
    "hill": ("m n l r w f j b", "a e i o u"),
    "garden": ("ب ر ن م ل ز د ه", "ا و ی"),
}
"""Quarter -> onsets, vowels of its names."""
QUARTERS = tuple(SYLLABLES)
WRITTEN = np.array([0, 0, 1, 1, 2])
"""The language of each quarter, a position in LANGUAGES."""
CODES = tuple(LANGUAGES[i].code for i in WRITTEN.tolist())
"""The code of each quarter's language."""
_PREFIX = ("", "Harbour", "", "Berg", "")
VOCABULARY = 1200
FAVOURITES = 15
TAGS_PER_TOPIC = 12
MIDDLING, LONG = 9, 16
"""Length, in the words that are drawn, from which a post has one comment, and two."""


def make_names(rng: np.random.Generator, quarter: str, size: int = VOCABULARY) -> Words:
    """`size` different names of a quarter, frequent (short) ones first."""
    onsets, vowels = (part.split() for part in SYLLABLES[quarter])
    names: set[str] = set()
    while len(names) < size:
        n = int(rng.integers(2, 5))
        first, second = rng.integers(len(onsets), size=n), rng.integers(len(vowels), size=n)
        names.add("".join(onsets[i] + vowels[j] for i, j in zip(first, second, strict=True)).capitalize())
    return np.array(sorted(names, key=lambda name: (len(name), name)), dtype=object)


def zipf(size: int) -> Floats:
    """Cumulative probabilities of `size` ranks under a Zipf-Mandelbrot law."""
    weights = 1 / (np.arange(size) + 2.7)
    return np.asarray(np.cumsum(weights) / weights.sum())


def _table(rows: Sequence[object]) -> Words:
    return np.array(rows, dtype=object)


def _times(phrases: Phrases) -> list[str]:
    """Every other minute of a day, in the language's digits."""
    digits = str.maketrans("0123456789", phrases.digits)
    return [f"{m // 60}:{m % 60:02}".translate(digits) for m in range(0, 1440, 2)]


def _cut(sentence: str) -> tuple[str, str, str, bool]:
    """What stands before, between and after a name and a time, and whether the time comes first."""
    first, second = ("<>", "{}") if sentence.index("<>") < sentence.index("{}") else ("{}", "<>")
    before, rest = sentence.split(first)
    between, after = rest.split(second)
    return before, between, after, first == "<>"


_CLAIMS = _table([[[c.split("{}") for c in topic] for topic in p.claims] for p in LANGUAGES])
_COMMENTS = _table([p.comments for p in LANGUAGES])
_DETAILS = _table([[_cut(d) for d in p.details] for p in LANGUAGES])
_OPENERS = _table([p.openers for p in LANGUAGES])
_CLOSERS = _table([p.closers for p in LANGUAGES])
_TIMES = _table([_times(p) for p in LANGUAGES])
_TAGS = _table(
    [
        [f"{_PREFIX[q]}{t}{'_' if LANGUAGES[i].code == 'fa' else ''}{a}" for t in LANGUAGES[i].topics
         for a in LANGUAGES[i].aspects]
        for q, i in enumerate(WRITTEN.tolist())
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Voices:
    """How every account writes: its quarter, its favourites (names, and phrases by habit), its usual length."""

    names: list[Words]  # of each quarter
    quarter: Ints  # per account, a position in QUARTERS
    favourites: Ints  # per account FAVOURITES ranks
    wordiness: Floats  # per account the mean length of a post

    @classmethod
    def draw(cls, rng: np.random.Generator, quarter: Ints) -> Voices:
        """A voice for each account, given their quarters."""
        n = len(quarter)
        favourites = rng.integers(40, VOCABULARY, size=(n, FAVOURITES))
        return cls([make_names(rng, q) for q in QUARTERS], quarter, favourites, rng.uniform(5, 14, size=n))

    def write(self, rng: np.random.Generator, authors: Ints, topic: Ints | None = None) -> list[str]:
        """One fresh text per entry of `authors`: Zipf ranks, three in ten from the author's favourites, pick its
        phrases, names and times from tables. topic: positions in the topics of `phrases`; None leaves it to chance.
        """
        lengths = 4 + rng.poisson(self.wordiness[authors])
        speaker = np.repeat(authors, lengths)
        rank = np.searchsorted(zipf(VOCABULARY), rng.random(len(speaker)))
        own = rng.random(len(speaker)) < 0.3
        chosen = self.favourites[speaker[own], rng.integers(FAVOURITES, size=int(own.sum()))]
        rank[own] = chosen
        ends = np.cumsum(lengths)
        about = rank[ends - 1] % TOPICS if topic is None else topic
        return self._say(authors, about, lengths, [rank[ends - lengths + i] for i in range(4)])

    def _say(self, authors: Ints, topic: Ints, lengths: Ints, ranks: list[Ints]) -> list[str]:
        """Opener, claim, comment, detail, second comment, closer; openers, closers and most comments are habits."""
        a, b, c, d = ranks
        quarter, habits = self.quarter[authors], self.favourites[authors]
        language, names = WRITTEN[quarter], np.stack(self.names)
        claim = _CLAIMS[language, topic, a % CLAIMS]
        n = _COMMENTS.shape[1]
        comment = np.where(c % 5 < 3, habits[np.arange(len(c)), c % 3], c // 5) % n
        detail = _DETAILS[language, d % _DETAILS.shape[1]]
        name, other = names[quarter, b], names[quarter, (d // _DETAILS.shape[1] + 101 * (a // CLAIMS)) % VOCABULARY]
        time = _TIMES[language, (37 * (c // 5) + 17 * a + 7 * b + 101 * d) % _TIMES.shape[1]]
        time_first = detail[:, 3].astype(np.bool_)
        opener = np.where(b % 4 > 0, _OPENERS[language, habits[:, 3] % _OPENERS.shape[1]] + " ", "")
        closer = np.where(c % 3 > 0, " " + _CLOSERS[language, habits[:, 4] % _CLOSERS.shape[1]], "")
        parts = [
            opener, claim[:, 0], name, claim[:, 1],
            np.where(lengths >= MIDDLING, " " + _COMMENTS[language, comment], ""), " " + detail[:, 0],
            np.where(time_first, time, other), detail[:, 1], np.where(time_first, other, time), detail[:, 2],
            np.where(lengths >= LONG, " " + _COMMENTS[language, (comment + 1 + a // CLAIMS % (n - 1)) % n], ""), closer,
        ]  # fmt: skip
        return ["".join(row) for row in zip(*(p.tolist() for p in parts), strict=True)]

    def tags(self, rng: np.random.Generator, quarter: Ints, topic: Ints, count: Ints) -> list[list[str]]:
        """`count` different hashtags per post from its quarter and topic, popular ones more often."""
        ranks = np.arange(1, TAGS_PER_TOPIC + 1)
        order = np.argsort(rng.exponential(size=(len(count), TAGS_PER_TOPIC)) * ranks, axis=1)
        rank = topic[:, None] * TAGS_PER_TOPIC + order
        picked = _TAGS[quarter[:, None], rank].tolist()
        return [tags[:n] for tags, n in zip(picked, count.tolist(), strict=True)]
