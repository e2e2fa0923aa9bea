"""Controls of acts without an object: the same accounts at other moments, tested for keeping time with one another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.calibration.controls import shuffled
from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import Flags, encode_clocked
from unisono.synchrony import find_synchrony
from unisono.synchrony.acts import Grid, place
from unisono.synchrony.find import TRACE
from unisono.synchrony.stage import clock_step, window_of

CONTROLS = ("slots", "sittings")
"""Those of `permuted.CONTROLS` that need no object."""
_MINUTE, _DAY = 60_000_000, 86_400_000_000
_LIKE_HOURS = 120
"""Minutes by which a day is moved beside being another day."""


class Alone(NamedTuple):
    """Acts without an object. account: (n,) numbers into account_ids; t: (n,) microseconds UTC; called: (accounts,)
    those in links that the study called."""

    account: I32
    t: I64
    account_ids: pa.Array
    window_us: int
    step_us: int
    called: Flags


def alone_of(traces: pa.Table, called: pa.Array | None = None) -> Alone | None:
    """Of the traces (rows of other behaviours are passed over); None where there are none, or at too coarse a clock."""
    arrays, resolution = encode_clocked(traces.filter(pc.fill_null(pc.equal(traces["trace"], TRACE), False)))
    step = clock_step(resolution)
    window = window_of(step)
    if not len(arrays) or window is None:
        return None
    known = np.zeros(len(arrays.account_ids), np.bool_)
    if called is not None:
        known = np.asarray(pc.is_in(arrays.account_ids, called), np.bool_)
    return Alone(arrays.account, arrays.t, arrays.account_ids, window, step, known)


def called_in(x: Alone, control: str, rng: np.random.Generator, fdr: float) -> tuple[list[tuple[str, F64, int]], int]:
    """[(null, log p of pairs that met twice, size of the family)] of one draw, and how many pairs are called.

    joint is the null of the crowd, timing that of the account's own rhythm, of which slots are no draw: they keep the
    moments at which all act.
    """
    account, t = draw(x, control, rng)
    found = find_synchrony(account, t, x.account_ids, x.window_us, x.step_us, fdr)
    n = int(pc.max(found["n_tests"]).as_py() or 0)
    with np.errstate(divide="ignore"):
        names = ("joint",) if control == "slots" else ("joint", "timing")
        nulls = [(name, np.log(found[f"p_{name}"].to_numpy()), n) for name in names]
    return nulls, int(pc.sum(found["is_edge"]).as_py() or 0)


def draw(x: Alone, control: str, rng: np.random.Generator) -> tuple[I32, I64]:
    """Accounts and times of one draw.

    slots: the accounts of a cell (half an hour where the clock is fine) in random order over its acts. Kept: how much
    each account did in it, and all its moments. sittings: each day of an account that is not linked, moved to another
    of its days and up to two hours earlier or later, by whole minutes. Kept: its pauses, about its hours, and its
    second of the minute. Raises ValueError for another control.
    """
    if control == "slots":
        acts = place(x.account, x.t, len(x.account_ids), Grid.of(x.window_us, x.step_us))
        return shuffled(acts.account, acts.cell, rng), acts.t
    if control != "sittings":
        raise ValueError(f"there is no control {control!r} of acts without an object")
    keep = ~x.called[x.account]
    account, t = x.account[keep], x.t[keep]
    order = np.lexsort((t, account))
    account, t = account[order], t[order]
    day = t // _DAY
    begins = np.flatnonzero(np.diff(account, prepend=-1) | np.diff(day, prepend=-1))
    moved = (shuffled(day[begins], account[begins], rng) - day[begins]) * _DAY
    moved += rng.integers(-_LIKE_HOURS, _LIKE_HOURS, len(begins), endpoint=True) * _MINUTE
    return account, t + np.repeat(moved, np.diff(begins, append=len(t)))
