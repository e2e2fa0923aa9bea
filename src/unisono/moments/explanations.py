"""What else could make a moment: sentences for a report, from its circumstances."""

from __future__ import annotations

from unisono.moments.circumstances import Circumstances

ROUND = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000)
"""Where collectors and interfaces stop counting."""
COMMON = 0.1
"""Share of tested objects with a moment from which moments are ordinary in a study."""


def other_explanations(c: Circumstances) -> list[str]:
    """Every explanation other than concerted action that the data of one moment suggests, as sentences.

    The first is about the moment itself and always there: timing alone cannot rule it out.
    """
    said = [_shown_at_once(c)]
    if c.filled_in:
        said.append(
            "Times close in on one time by halves: the collector seems to have filled in times that it did not know. "
            "Then this moment says nothing about when the accounts acted."
        )
    if c.n_same_time >= max(3, c.n / 2):
        said.append(
            f"{c.n_same_time:,} of its {c.n:,} accounts carry the very same time: it may be the time of an import or "
            "of a collector's visit, or the act of one scheduling tool that all of them use."
        )
    if c.n_alongside:
        said.append(
            f"{_objects(c.n_alongside)} a moment that overlaps it: an import or an outage "
            "of the collector or of the platform would look the same."
        )
    if c.n_objects >= 3 and c.n_objects >= COMMON * c.n_tests:
        said.append(
            f"Moments were found in {c.n_objects:,} of {c.n_tests:,} objects tested: where they are so common, "
            "look at how the times were recorded first."
        )
    if c.n_object in ROUND:
        said.append(
            f"The object has exactly {c.n_object:,} accounts: a limit of the collection may have cut its curve."
        )
    if c.n_before < c.n:
        said.append(
            f"Only {c.n_before:,} accounts had come to the object before: this may be the beginning of its public life."
        )
    return said


def _objects(n: int) -> str:
    return "1 other object has" if n == 1 else f"{n:,} other objects have"


def _shown_at_once(c: Circumstances) -> str:
    elsewhere = c.n - c.n_only_here
    if c.p_only_here <= 0.01:
        return (
            f"{c.n_only_here:,} of its {c.n:,} accounts touch nothing else here, more than the object's other accounts "
            "do: newcomers brought at once by an outside event, such as a broadcast, would look the same."
        )
    return (
        f"{elsewhere:,} of its {c.n:,} accounts act elsewhere too: followers who are shown a post at the same time, "
        "by a notification or a broadcast, and react within the window would look the same."
    )
