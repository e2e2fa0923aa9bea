"""Names of columns: each one once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from unisono.study import UserError


def check_names(columns: Iterable[str], name: str) -> None:
    """Raise UserError where source `name` has two columns of one name."""
    twice = [c for c, n in Counter(columns).items() if n > 1]
    if twice:
        raise UserError(f"{name} has more than one column {twice[0]!r}", "give each column its own name")
