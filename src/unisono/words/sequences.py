"""The same list in the same order: what was found, and what it may be instead."""

from __future__ import annotations

from unisono.clean.durations import format_duration
from unisono.words.numbers import count

MAY_BE = (
    "A public list, a thread or a newsletter read from top to bottom looks the same, and so do tools that bring in the "
    "same site's posts, or one person with several accounts."
)
WHAT = (
    "Times play no part: only the order counts, of things that were there before an account began, and in which it "
    "differs from oldest first and newest first. Pairs of sittings that overlap are left to the other tests."
)
_ONE = {
    "url": "link", "domain": "site", "hashtag": "hashtag", "hashtag_sequence": "row of hashtags", "media": "picture",
    "mention": "mention", "text": "text", "repost": "post shared", "reply": "post answered", "quote": "post quoted",
}  # fmt: skip
_MANY = {
    "hashtag_sequence": "rows of hashtags", "repost": "posts shared", "reply": "posts answered",
    "quote": "posts quoted",
}  # fmt: skip


def found(n_accounts: int, n_lists: int, n_tests: int) -> str:
    """How many accounts worked through lists. n_tests: accounts tested, over all kinds."""
    tested = f"({count(n_tests, 'account')} tested)"
    if not n_lists:
        none = "No two accounts go through the same things in one order more than habit and chance explain"
        return f"{none} {tested}."
    return (
        f"{count(n_accounts, 'account')} went through {count(n_lists, 'list')} of the same things in an order more "
        f"alike than habit and chance explain {tested}."
    )


def worked(n_accounts: int, trace: str, least: int, most: int, exact: bool, lag_us: int) -> str:
    """One list. least, most: objects that two of its accounts share; exact: all pairs have one order; lag_us: median
    time between the beginnings of two of them."""
    things = count(most, _ONE.get(trace, "object"), _MANY.get(trace))
    size = things if least == most else f"{least:,} to {things}"
    order = "in the same order" if exact else "in nearly the same order"
    return f"{count(n_accounts, 'account')} went through the same list of {size} {order}, {format_apart(lag_us)} apart"


def format_apart(lag_us: int) -> str:
    """A time apart, in its largest unit."""
    for unit, word in ((86_400_000_000, "day"), (3_600_000_000, "hour"), (60_000_000, "minute")):
        if lag_us >= 1.5 * unit:
            return f"about {count(round(lag_us / unit), word)}"
    return format_duration(lag_us)


def left_out(trace: str, n: int, most_runs: int) -> str:
    """Objects that were not looked at."""
    which = f"{count(n, 'object')} that more than {count(most_runs, 'sitting')} share"
    return f"lists of {trace}: {which} {'is' if n == 1 else 'are'} left out, which says little of an order"
