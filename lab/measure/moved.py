"""Row 19: real accounts, every sitting moved whole to another day of its account: habits and sittings stay, company
goes. Whatever is linked there is an error."""

from __future__ import annotations

import numpy as np

from lab.measure.analysis import SECOND, find_in
from lab.measure.real import CASCADES, GERMAN, GIT, RUSSIAN, TELEGRAM, traces
from lab.measure.redrawn import judge
from lab.measure.row import Record, Row
from unisono.calibration.controls import by_sittings
from unisono.nulls.touches import first_touches

WINDOWS = {"60 s": 60 * SECOND, "10 min": 600 * SECOND, "1 h": 3600 * SECOND}
_SETS = (
    "cascades, shares", "git, same file", "CooRTweet German, url", "CooRTweet German, hashtag", "CooRTweet Russian",
    "telegram, url",
)  # fmt: skip
CELLS = tuple(f"{name}; {window}" for window in WINDOWS for name in _SETS)


def one(cell: str, seed: int) -> Record:
    """Links and accounts in groups of one draw."""
    name, window = cell.split("; ")
    arrays = traces(name)
    drawn = by_sittings(first_touches(arrays), np.random.default_rng(seed))
    found = find_in(drawn, arrays, WINDOWS[window])
    return {"edges": int(found.called.is_edge.sum()), "groups": len(found.groups), "accounts": len(found.accounts)}


ROW = Row(
    19, "every sitting moved whole to another day of its account, up to two hours earlier or later",
    "real: cascades, git, CooRTweet, telegram; windows 60 s, 10 min, 1 h",
    "draws with any link <= 4 of 20 in a cell and <= 7.6 % pooled", CELLS, 20, one, judge,
    needs=(CASCADES, TELEGRAM, GIT, RUSSIAN, GERMAN),
)  # fmt: skip
