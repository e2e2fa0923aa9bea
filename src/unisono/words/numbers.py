"""Numbers and lists as a reader meets them."""

from __future__ import annotations

from collections.abc import Sequence


def number(n: int) -> str:
    """1234 -> `1,234`."""
    return f"{n:,}"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 group`, `7 groups`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def apart(n: int, n_first: int) -> str:
    """Accounts of groups, those that are always first counted apart: `11 accounts and 1 that is always first`."""
    if not n_first:
        return count(n, "account")
    return f"{count(n - n_first, 'account')} and {n_first:,} that {'is' if n_first == 1 else 'are'} always first"


def listing(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def percent(share: float) -> str:
    """0.1234 -> `12 %`; small shares keep a digit, and none is rounded to nothing."""
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")


def whole_percent(share: float) -> str:
    """0.1234 -> `12 %`, small shares too: where nothing hangs on them."""
    return f"{100 * share:.0f} %"


def rate(share: float) -> str:
    """A rate that somebody chose, as chosen: 0.05 -> `5 %`."""
    return f"{100 * share:g} %"


def small(p: float) -> str:
    """A p or q to two digits: `0.012`, `3.1e-12`; what rounds to nothing is below the smallest number there is."""
    return f"{p:.2g}" if p > 0 else "less than 1e-300"


def about(expected: float) -> str:
    """An expected number to two digits: `0.018`, `3.2`, `1,240`; next to nothing is said so."""
    if expected < 1e-4:
        return "less than 0.0001"
    return f"{expected:.2g}" if expected < 10 else f"{expected:,.0f}"
