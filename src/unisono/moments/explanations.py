"""What else could make a moment: which explanations its circumstances suggest."""

from __future__ import annotations

from unisono.moments.circumstances import Circumstances
from unisono.words import moments as say

ROUND = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000)
"""Where collectors and interfaces stop counting."""
COMMON = 0.1
"""Share of tested objects with a moment from which moments are ordinary in a study."""


def other_explanations(c: Circumstances) -> list[str]:
    """Every explanation other than concerted action that the data of one moment suggests, as sentences.

    The first is about the moment itself and always there: timing alone cannot rule it out.
    """
    new = c.p_only_here <= 0.01
    said = [say.newcomers(c.n_only_here, c.n) if new else say.shown_at_once(c.n - c.n_only_here, c.n)]
    if c.filled_in:
        said.append(say.FILLED_IN)
    if c.n_same_time >= max(3, c.n / 2):
        said.append(say.same_time(c.n_same_time, c.n))
    if c.n_alongside:
        said.append(say.alongside(c.n_alongside))
    if c.n_objects >= 3 and c.n_objects >= COMMON * c.n_tests:
        said.append(say.common(c.n_objects, c.n_tests))
    if c.n_object in ROUND:
        said.append(say.round_number(c.n_object))
    if c.n_before < c.n:
        said.append(say.beginning(c.n_before))
    return said
