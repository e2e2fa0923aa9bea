"""What else could make a moment, a sentence each. Accounts are counted by their first touch of the object."""

from __future__ import annotations

FILLED_IN = (
    "Times close in on one time by halves: the collector seems to have filled in times that it did not know. Then this "
    "moment says nothing about when the accounts acted."
)


def newcomers(n_only_here: int, n: int) -> str:
    """Many of its accounts touch nothing else."""
    return (
        f"{n_only_here:,} of its {n:,} accounts touch nothing else here, more than the object's other accounts do: "
        "newcomers brought at once by an outside event, such as a broadcast, would look the same."
    )


def shown_at_once(n_elsewhere: int, n: int) -> str:
    """Its accounts act elsewhere too."""
    return (
        f"{n_elsewhere:,} of its {n:,} accounts act elsewhere too: followers who are shown a post at the same time, by "
        "a notification or a broadcast, and react within the window would look the same."
    )


def same_time(n_same_time: int, n: int) -> str:
    """Many of its accounts carry one time."""
    return (
        f"{n_same_time:,} of its {n:,} accounts carry the very same time: it may be the time of an import or of a "
        "collector's visit, or the act of one scheduling tool that all of them use."
    )


def alongside(n: int) -> str:
    """Other objects have a moment just then."""
    objects = "1 other object has" if n == 1 else f"{n:,} other objects have"
    return (
        f"{objects} a moment that overlaps it: an import or an outage of the collector or of the platform would look "
        "the same."
    )


def common(n_objects: int, n_tests: int) -> str:
    """Moments are ordinary in this study."""
    return (
        f"Moments were found in {n_objects:,} of {n_tests:,} objects tested: where they are so common, look at how the "
        "times were recorded first."
    )


def round_number(n_object: int) -> str:
    """The object has as many accounts as a collector takes."""
    return f"The object has exactly {n_object:,} accounts: a limit of the collection may have cut its curve."


def beginning(n_before: int) -> str:
    """Few had come to the object before."""
    return f"Only {n_before:,} accounts had come to the object before: this may be the beginning of its public life."
