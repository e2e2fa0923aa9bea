"""The demo's answers: what was planted, what was found of it, what was missed, and why each look-alike is one."""

from __future__ import annotations

from collections.abc import Sequence

from unisono.words.numbers import count, listing

OPERATION = "operation"
WHAT = {
    "ring-1": "six papers of the old town that print one agency's headlines",
    "ring-2": "six papers of the harbour that print one agency's headlines",
    "fans": "forty-five fans of one star",
    "quick": "thirty people who see the news as it comes out",
}
"""Honest parts of the world that look coordinated, by their name in truth.csv."""
WHY = {
    "ring-1": "They publish the same link and headline within a minute, as an operation would; but one feed does it, "
    "openly and at all hours.",
    "ring-2": "They publish the same link and headline within a minute, as an operation would; but one feed does it, "
    "openly and at all hours.",
    "fans": "They repost the same posts within minutes, as an operation would; but a star's posts bring them, and "
    "nobody gives them tasks.",
    "quick": "They react within a minute to the same news, as an operation would; but each is early with everything, "
    "whoever else is.",
}
"""Why each of them looks coordinated, and what it is instead."""
LATE = "They carried out too few tasks with the same others to be told from chance."


def planted(kinds: Sequence[tuple[str, int]], n_clusters: int) -> str:
    """What was planted. kinds: (kind, accounts)."""
    n = sum(k for _, k in kinds)
    return (
        f"Planted: {count(n, 'account')} run from one office, in {n_clusters} clusters ({_kinds(kinds)}). Every "
        "working day they share links, pass on photos, copy texts, chain hashtags, answer and repost, and chat in "
        "between."
    )


def found(n: int, of: int, ranks: Sequence[int]) -> str:
    """How much of it was found."""
    return f"Found: {n:,} of {of:,}{_where(ranks)}."


def missed(kinds: Sequence[tuple[str, int]]) -> str:
    """What was not."""
    n = sum(k for _, k in kinds)
    return f"Missed: {n:,} ({_kinds(kinds)}). {LATE}" if n else "Missed: none."


def look_alike(part: str, n: int, of: int, ranks: Sequence[int], told: int) -> str:
    """What became of a look-alike. told: how many of the groups carry a sentence of an open explanation."""
    if not n:
        fate = f"none of {of:,} called"
    else:
        says = "and each says what else it may be" if told == len(ranks) else f"and {told:,} of them say so"
        one = "and its card says what else it may be" if told else "and its card does not say so"
        fate = f"{n:,} of {of:,} called{_where(ranks)}, {one if len(ranks) == 1 else says}"
    return f"Look-alike: {WHAT.get(part, part)}: {fate}. {WHY.get(part, '')}".rstrip()


def others(n: int, of: int) -> str:
    """Ordinary accounts that were called."""
    were = "was" if n == 1 else "were"
    return f"Of {count(of, 'ordinary account')}, {n:,} {were} called; each such call is an error."


def _kinds(kinds: Sequence[tuple[str, int]]) -> str:
    return listing([count(n, kind.replace("_", " ")) for kind, n in kinds])


def _where(ranks: Sequence[int]) -> str:
    if not ranks:
        return ""
    return f", in group{'s' if len(ranks) > 1 else ''} {listing([str(r) for r in ranks])}"
