"""The same things in the same order: what was found, and what it may be instead."""

from __future__ import annotations

from unisono.words.numbers import count

MAY_BE = (
    "A public list, a thread or a newsletter that is read from top to bottom looks the same; so do the same sites read "
    "one after the other, and things read by their age where the data show them only long after they came up."
)


def found(n: int, n_tests: int, n_lists: int) -> str:
    """How many accounts keep to an order. n_tests: accounts that share things in a sitting with another."""
    tested = f"({count(n_tests, 'account')} compared)"
    if not n:
        return f"Nobody goes through the same things in the same order as others {tested}."
    goes = "goes" if n == 1 else "go"
    line = (
        f"{count(n, 'account')} {goes} through the same things in the same order as others, at any distance in time, "
        f"more than reading by age or by popularity explains {tested}."
    )
    return line + (f" They work through {count(n_lists, 'list')}." if n_lists else "")


def beside(n_common: int, n_opposite: int) -> str:
    """Two sittings."""
    pairs = n_common * (n_common - 1) // 2
    if not n_opposite:
        return f"{n_common:,} things, all in the same order"
    return f"{n_common:,} things, {pairs - n_opposite:,} of {count(pairs, 'pair')} in the same order"
