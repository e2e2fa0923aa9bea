"""Accounts that act in the same seconds again and again, with no object in common: pairs, and accounts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.sorting import distinct
from unisono.maths.types import I64
from unisono.synchrony.accounts import account_tests
from unisono.synchrony.acts import Acts, Grid, place
from unisono.synchrony.describe import describe
from unisono.synchrony.join import MAX_MEETINGS, companions
from unisono.synchrony.pairs import pair_tests
from unisono.tables import EDGES

TRACE = "synchrony"
MIN_DAYS = 2
"""One coincidence is none: a pair is in the family where both are active in one cell on so many days."""
Accounts = npt.NDArray[np.integer]


def find_synchrony(
    account: Accounts, t_us: I64, account_ids: pa.Array, window_us: int, resolution_us: int, fdr: float = 0.05,
    day_starts_us: int = 0, max_meetings: int = MAX_MEETINGS,
) -> pa.Table:  # fmt: skip
    """Rows of table `edges`, trace 'synchrony': pairs that met within the window on two days or more.

    account: (n,) numbers into account_ids, which are sorted by UTF-8 bytes; t_us: (n,) microseconds UTC; any order.
    n_objects, n_first, n_days: local days with a meeting (one a day counts). expected, p_joint and p are those of the
    crowd null, expected_timing and p_timing those of the account's own rhythm. day_starts_us: midnight of the local
    day, microseconds after midnight UTC.
    Raises ValueError where the window or the resolution is above 90 s (see `Grid.of`).
    """
    acts = place(account, t_us, len(account_ids), Grid.of(window_us, resolution_us, day_starts_us))
    a, b, days, _ = companions(acts, MIN_DAYS, max_meetings)
    expected, p = pair_tests(acts, a, b, days)
    n_tests = max(family(acts, MIN_DAYS), len(a))
    q = benjamini_hochberg(p[:, 0], n_tests)
    columns = describe(acts, a, b) | {
        "trace": pa.array([TRACE] * len(a), pa.string()), "window_us": np.full(len(a), window_us),
        "account_a": account_ids.take(pa.array(a)), "account_b": account_ids.take(pa.array(b)),
        "n_objects": days, "n_first": days, "n_days": days,
        "expected": expected[:, 0], "expected_timing": expected[:, 1], "p_joint": p[:, 0], "p_timing": p[:, 1],
        "p_selection": pa.nulls(len(a), pa.float64()), "p": p[:, 0], "q": q, "n_tests": np.full(len(a), n_tests),
        "is_edge": q <= fdr, "status": pa.array(["tested"] * len(a), pa.string()),
    }  # fmt: skip
    columns["n_evidence"] = columns["n_pairs"]
    for name in (
        "n_meetings", "basis", "p_speed", "q_timing", "n_tests_timing", "p_reference", "q_reference", "q_selection",
    ):  # fmt: skip
        columns[name] = pa.nulls(len(a), EDGES.schema.field(name).type)
    return pa.table({f.name: pa.array(columns[f.name]).cast(f.type) for f in EDGES.schema}, schema=EDGES.schema)


def synchronous_accounts(
    account: Accounts, t_us: I64, account_ids: pa.Array, window_us: int, resolution_us: int, day_starts_us: int = 0
) -> pa.Table:
    """Of each account with an act, by id: does it keep time with others, whoever they are?

    Columns account_id, n_days (days with an act), p_crowd, q_crowd, p_own, q_own: by the crowd null, and by the
    own-rhythm null, for which common moments are no excuse. score_own: how much own rhythm speaks for it (mean of
    -log p over windows of 1, 3 and 10 times the one given); p_own is 1 for many, the score tells them apart.
    Arguments and errors as in `find_synchrony`. The family is every account with an act; Benjamini-Hochberg in each
    null.
    """
    acts = place(account, t_us, len(account_ids), Grid.of(window_us, resolution_us, day_starts_us))
    days, log_p, score = account_tests(acts)
    active = np.flatnonzero(days)
    columns = {"account_id": account_ids.take(pa.array(active)), "n_days": days[active]}
    for k, null in enumerate(("crowd", "own")):
        p = np.exp(log_p[active, k])
        columns |= {f"p_{null}": p, f"q_{null}": benjamini_hochberg(p, len(p))}
    return pa.table(columns | {"score_own": score[active]})


def family(acts: Acts, min_days: int) -> int:
    """Upper bound on the pairs that are both active in one cell, or in adjacent ones, on `min_days` days or more.

    A function of who was active in which cell alone, which the null keeps: it may be fixed before looking at ticks.
    """
    day = acts.cell_day[acts.cell].astype(np.int64)
    active = distinct(acts.account.astype(np.int64) * max(acts.n_days, 1) + day) // max(acts.n_days, 1)
    able = np.bincount(active, minlength=acts.n_accounts) >= min_days
    at = distinct(acts.account.astype(np.int64) * len(acts.cell_at) + acts.cell)
    in_cell = at[able[at // max(len(acts.cell_at), 1)]] % max(len(acts.cell_at), 1)
    n = np.bincount(in_cell, minlength=len(acts.cell_at)).astype(np.float64)
    meetings = np.sum(n * (n - 1) / 2) + np.sum((n[1:] * n[:-1])[np.diff(acts.cell_at) == 1])
    return int(min(able.sum() * (able.sum() - 1) / 2, meetings / min_days))
