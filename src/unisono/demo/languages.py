"""Token languages: words made of syllables that mean nothing, in four scripts, one of them right to left.

The onsets of each language do not occur together in any natural one, so no word, name or slogan comes out.
Codes are from the range that ISO 639-2 keeps for private use (qaa to qtz).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unisono.maths.types import F64, I64

Ints = I64
Floats = F64
Words = npt.NDArray[np.object_]

SYLLABLES: dict[str, tuple[str, str]] = {
    "qaa": ("zv vl tl mn gz kr zl rv", "a e i o u"),
    "qab": ("xq qw fj xw jv qh jx wj", "ä ö ü y e"),
    "qac": ("жв зх кц хл цв шм вж гз", "а о у ы э"),
    "qad": ("ψ ξ θ γζ ζμ ξθ ψζ μξ", "α ε ι ο ω"),
    "qae": ("ژ ڤ ظ ث ڠ ذ ڭ ض", "ا و ي"),
}
"""Language code -> onsets, vowels. Latin, Latin with diacritics, Cyrillic, Greek, Arabic script."""
CODES = tuple(SYLLABLES)
VOCABULARY = 1200
FAVOURITES = 15
TOPICS = 8
TAGS_PER_TOPIC = 12


def make_words(rng: np.random.Generator, code: str, size: int = VOCABULARY) -> Words:
    """`size` different words of language `code`, frequent (short) ones first."""
    onsets, vowels = (part.split() for part in SYLLABLES[code])
    words: set[str] = set()
    while len(words) < size:
        n = int(rng.integers(2, 5))
        first, second = rng.integers(len(onsets), size=n), rng.integers(len(vowels), size=n)
        words.add("".join(onsets[i] + vowels[j] for i, j in zip(first, second, strict=True)))
    return np.array(sorted(words, key=lambda word: (len(word), word)), dtype=object)


def zipf(size: int) -> Floats:
    """Cumulative probabilities of `size` ranks under a Zipf-Mandelbrot law."""
    weights = 1 / (np.arange(size) + 2.7)
    return np.asarray(np.cumsum(weights) / weights.sum())


@dataclass(frozen=True)
class Voices:
    """How every account writes: its language, its favourite words, its usual length."""

    words: list[Words]  # one vocabulary per language
    language: Ints  # per account, a position in CODES
    favourites: Ints  # per account FAVOURITES ranks
    wordiness: Floats  # per account the mean number of words of a post

    @classmethod
    def draw(cls, rng: np.random.Generator, language: Ints) -> Voices:
        """A voice for each account, given their languages."""
        n = len(language)
        favourites = rng.integers(40, VOCABULARY, size=(n, FAVOURITES))
        return cls([make_words(rng, c) for c in CODES], language, favourites, rng.uniform(5, 14, size=n))

    def write(self, rng: np.random.Generator, authors: Ints) -> list[str]:
        """One fresh text per entry of `authors`: Zipf words, three in ten from the author's favourites."""
        lengths = 4 + rng.poisson(self.wordiness[authors])
        speaker = np.repeat(authors, lengths)
        rank = np.searchsorted(zipf(VOCABULARY), rng.random(len(speaker)))
        own = rng.random(len(speaker)) < 0.3
        chosen = self.favourites[speaker[own], rng.integers(FAVOURITES, size=int(own.sum()))]
        rank[own] = chosen
        flat = np.stack(self.words)[self.language[speaker], rank].tolist()
        ends = np.cumsum(lengths).tolist()
        return [" ".join(flat[a:b]) for a, b in zip([0, *ends], ends, strict=False)]

    def tags(self, rng: np.random.Generator, language: Ints, topic: Ints, count: Ints) -> list[list[str]]:
        """`count` different hashtags per post from its language and topic, popular ones more often."""
        ranks = np.arange(1, TAGS_PER_TOPIC + 1)
        order = np.argsort(rng.exponential(size=(len(count), TAGS_PER_TOPIC)) * ranks, axis=1)
        rank = topic[:, None] * TAGS_PER_TOPIC + order  # topics own disjoint stretches of words
        picked = np.stack(self.words)[language[:, None], rank + 100].tolist()
        return [tags[:n] for tags, n in zip(picked, count.tolist(), strict=True)]
