"""Accounts in company: what was found, and what it may be instead."""

from __future__ import annotations

from unisono.words.numbers import about, count

MAY_BE = (
    "People who are shown a post at the same moment (a notification, a broadcast), followers who forward at once and "
    "friends who read one another can look the same."
)
NOT_A_PAIR = (
    "No two of them need to have met twice: what is tested is one account, and whether others are always there when it "
    "acts, whoever they are. An account that is in no group may be here."
)


def found(n: int, n_tests: int, outside: int, gatherings: int) -> str:
    """How many accounts are in company. n_tests: accounts tested, over kinds and windows; outside: in no group."""
    tested = f"({count(n_tests, 'test')})"
    if not n:
        return f"No account is in company more often than chance {tested}."
    acts, its = ("acts", "its") if n == 1 else ("act", "their")
    line = (
        f"When {count(n, 'account')} {acts}, others act on the same things within the window, again and again and more "
        f"than the crowds on {its} objects and the busy hours of the study explain {tested}."
    )
    if outside and outside < n:
        line += f" {count(outside, 'of them is', 'of them are')} in no group."
    elif outside:
        line += " It is in no group." if n == 1 else " None of them is in a group."
    return line + (
        f" They form {count(gatherings, 'cluster')}, by the crowds that they share." if gatherings > 1 else ""
    )


def company(observed: int, expected: float) -> str:
    """One account: others at its most crowded acts, one act a sitting."""
    return f"{count(observed, 'other')} where {about(expected)} {'is' if expected == 1 else 'are'} expected"
