"""What is said of a whole study: what was read, what was found, how sure, and what it does not say."""

from __future__ import annotations

from collections.abc import Sequence

from unisono.clean.durations import format_duration, format_time
from unisono.words.links import HELD_OUT, LEAST
from unisono.words.numbers import apart, count, percent, rate

OBSERVED = "Coordinated behaviour observed"
NOT_YET = (
    "Acting together is not yet an operation: newsrooms that share an agency, relays of one feed, fans who follow a "
    "call and followers who are shown a post in the same second do so too."
)
NOT_SAID = (
    "Not who is behind an account, not why it acted, not whether anybody is paid, not whether accounts are false. "
    "Acting together is not wrong in itself. What is reported here is behaviour: what was posted, when, by which "
    "account."
)
LINKED_WHEN = "Two accounts are linked when they act together more than this model explains."


def read(n_files: int, rows: int, kept: int) -> str:
    """What came in."""
    return f"{count(n_files, 'file')} with {count(rows, 'row')}: {kept:,} used, {rows - kept:,} rejected."


def rejected(reasons: Sequence[tuple[str, int]], most: int | None = None) -> str:
    """Why rows were rejected, the most frequent reason first."""
    said = ", ".join(f"{n:,} as {reason.replace('_', ' ')}" for reason, n in reasons[:most])
    more = len(reasons) - len(reasons[:most])
    others = f" and {count(more, 'other reason')}" if more else ""
    return f"Rejected: {said}{others}." if reasons else ""


def headline(n_groups: int, n_accounts: int, n_links: int, n_first: int = 0) -> str:
    """The title of a result. n_first: accounts, of n_accounts in groups, that are always first."""
    if n_groups:
        return f"{OBSERVED}: {count(n_groups, 'group')}, {apart(n_accounts, n_first)}"
    return f"{OBSERVED}: {count(n_links, 'link')}, no group" if n_links else "No pair of accounts is linked"


def linked(n_links: int, n_tests: int, fdr: float) -> str:
    """How many pairs are linked, of how many, and how many of them may be wrong."""
    if not n_tests:
        return "No pair is linked, for none could be tested."
    if not n_links:
        return f"No pair is linked among {n_tests:,} tested, at a false-discovery rate of {rate(fdr)}."
    return (
        f"{count(n_links, 'linked pair')} of accounts, of {n_tests:,} tested, at a false-discovery rate of "
        f"{rate(fdr)}: if the model holds, about {rate(fdr)} of links are wrong on average over studies."
    )


def alone(sure_groups: int, n_groups: int, sure_accounts: int, n_accounts: int) -> str:
    """How many groups and accounts also pass without the others."""
    if sure_groups == n_groups and sure_accounts == n_accounts:
        return "Each group and account also passes alone (q of the group, q of the account)."
    return (
        f"{sure_groups:,} of {count(n_groups, 'group')} and {sure_accounts:,} of {count(n_accounts, 'account')} also "
        "pass alone (q of the group, q of the account); the others are here by their links, and that they belong is "
        "less sure."
    )


def too_little(n: int) -> str:
    """Pairs that could not be judged."""
    has = "has" if n == 1 else "have"
    return (
        f"{count(n, 'pair')} {has} too little data: hardly anybody else touched what they share. Such a pair is linked "
        f"only where its group was {HELD_OUT}."
    )


def driven(n: int) -> str:
    """Pairs with much in common, at ordinary times."""
    return (
        f"Shared content, ordinary timing: {count(n, 'pair')}, not linked; it may be common interest, or a list worked "
        "off over hours."
    )


def able(n_able: int, n_accounts: int) -> str:
    """Who could have been linked at all."""
    touched = f"touched {LEAST} or more objects of one kind"
    if not n_able:
        return f"Of {count(n_accounts, 'account')}, none {touched}; they could not have been linked, whatever they did."
    return (
        f"Of {count(n_accounts, 'account')}, at most {n_able:,} {touched}; the others could not have been linked, "
        "whatever they did."
    )


def unseen(trace: str, window_us: int, needs: int | None, share: float) -> str:
    """What could not have been seen: fewer common things than a pair needs to be linked (None: more than 200)."""
    least = "even 200 things" if needs is None else f"fewer than {count(needs, 'thing')}"
    return (
        f"two accounts that share {least} within {format_duration(window_us)} ({trace}; of pairs that share 10, "
        f"{percent(share)} would be linked)"
    )


def shuffled(n_ways: int, most: float, runs: int, n_links: int) -> str:
    """What the same tests find where there is nothing to find. most: links per run, at most over the ways."""
    ways = {1: "one way", 2: "two ways", 3: "three ways", 4: "four ways"}.get(n_ways, f"{n_ways} ways")
    found = f"at most {most:.3g} links per run" if most else "no link"
    return (
        f"After shuffling the data in {ways}, the same tests call {found} ({count(runs, 'run')} of each); in the data "
        f"as it is they call {n_links:,}."
    )


def not_shuffled(n_links: int) -> str:
    """Links that no shuffling can check."""
    return (
        f"{count(n_links, 'link')} {'rests' if n_links == 1 else 'rest'} on the reference test alone and "
        f"{'is' if n_links == 1 else 'are'} not among them: shuffling cannot check that test, since it keeps every "
        "object's times."
    )


def more_than_promised(fdr: float) -> str:
    """That the tests err on this data."""
    return (
        f"That is more than the {rate(fdr)} that were promised: on this data the tests are wrong more often, and its "
        "links should be read with that much doubt."
    )


def keeping_time(own: int, crowd: int, n: int) -> str:
    """Accounts that keep time with others, with no object in common."""
    keeps, its = ("keeps", "its") if own == 1 else ("keep", "their")
    return (
        f"{count(own, 'account')} {keeps} time with others, with no object in common, oftener than {its} own hours "
        f"explain, {crowd:,} of {n:,} oftener than common moments do."
    )


def moments(n_objects: int, n_tests: int) -> str:
    """Bursts."""
    if not n_objects:
        return f"No burst beyond an object’s own curve ({count(n_tests, 'test')})."
    return f"Bursts beyond the object’s own curve on {count(n_objects, 'object')} ({count(n_tests, 'test')})."


def reactions(n_accounts: int, n_authors: int, n_pairs: int) -> str:
    """Answers within seconds."""
    tested = f"({count(n_pairs, 'pair')} of account and author tested)"
    if not n_accounts:
        return f"Nobody unusually fast {tested}."
    answers = "answers" if n_accounts == 1 else "answer"
    return f"{count(n_accounts, 'account')} {answers} {count(n_authors, 'author')} unusually fast {tested}."


def leaders(n: int) -> str:
    """Members of groups that come first."""
    if not n:
        return "No consistent leader in any group."
    return f"{count(n, 'member')} of groups {'comes' if n == 1 else 'come'} first more often than chance."


def dates(first_us: int, last_us: int) -> str:
    """From when to when."""
    return f"from {format_time(first_us)} to {format_time(last_us)}"
