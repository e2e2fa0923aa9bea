"""Reactions of all layers, as rows of the table `reactions`."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64
from unisono.reactions.followers import against_followers
from unisono.reactions.origins import Layer
from unisono.reactions.own_speed import MIN_OTHERS, against_itself, early_slots
from unisono.reactions.slots import Followers, followers_of, slots_of, usable_windows
from unisono.tables import REACTIONS

QUICK = 0.01
"""An account whose p against the followers of any author is at most this is no yardstick for others' haste."""
MAX_P_EARLY = 0.05
"""An account that is not early on the objects of the author and of others together cannot be called."""
FOLLOWERS_SHARE = 0.1
"""Of the false discoveries that are allowed: what those may be that the author's other followers explain, per row."""
TESTED, FOLLOWERS_ONLY, NO_DATA = "tested", "followers_only", "insufficient_data"


def find_reactions(layers: Sequence[Layer], fdr: float = 0.05) -> pa.Table:
    """Rows of `reactions`, sorted by key: every account that touched MIN_OBJECTS objects of one author or more.

    A reaction must be beyond both the author's other followers and the account's own haste with others: p is the
    larger of the two (Berger, Technometrics 24 (1982)). Benjamini-Hochberg over all layers, within each status, of
    tested rows as in `_q_of_tested`; only these are called. A q above `fdr` is only known to be above it: the
    own-haste test is not run where followers alone explain the row. `fdr` is in (0, 1); raises ValueError else, or
    where two layers have one name.
    """
    if not 0 < fdr < 1:
        raise ValueError(f"fdr must lie between 0 and 1, not {fdr}")
    if len({layer.trace for layer in layers}) < len(layers):
        raise ValueError("two layers have the same trace")
    rows = pa.concat_tables([REACTIONS.schema.empty_table(), *(_judge(layer, fdr) for layer in layers)])
    rows = rows.sort_by([(column, "ascending") for column in REACTIONS.key])
    return _call(rows, fdr)


def _judge(layer: Layer, fdr: float) -> pa.Table:
    """One layer's rows without n_tests, q and is_reaction."""
    slots = slots_of(layer)
    pairs = followers_of(slots)
    n, n_accounts = len(pairs.author), len(layer.arrays.account_ids)
    windows = usable_windows(layer.clock_us)
    if not windows or not n:
        return _rows(layer, pairs, {"status": pa.array([NO_DATA] * n, pa.string())})
    seen = against_followers(slots, pairs, windows)
    quick = np.zeros(n_accounts, bool)
    quick[pairs.account[seen.p <= QUICK]] = True
    own = against_itself(slots, pairs, early_slots(slots, quick), seen.p <= fdr, n_accounts)
    enough = own.n_others >= MIN_OTHERS
    p_self = np.where(enough, own.p, np.nan)
    return _rows(layer, pairs, {
        "window_us": pa.array(np.asarray(windows)[seen.window]),
        "n_fast": pa.array(seen.n_fast),
        "expected": pa.array(seen.expected),
        "p_followers": pa.array(seen.p),
        "p_self": _or_null(p_self),
        "p": pa.array(np.fmax(seen.p, p_self)),
        "n_others": pa.array(own.n_others),
        "p_early": pa.array(own.p_early),
        "author_fast": _or_null(own.author_fast),
        "others_fast": _or_null(own.others_fast),
        "status": pa.array(np.where(enough, TESTED, FOLLOWERS_ONLY).tolist(), pa.string()),
    })  # fmt: skip


def _rows(layer: Layer, pairs: Followers, columns: dict[str, pa.Array]) -> pa.Table:
    n = len(pairs.author)
    columns = columns | {
        "trace": pa.repeat(layer.trace, n),
        "author_id": layer.origins.author_ids.take(pa.array(pairs.author)),
        "account_id": layer.arrays.account_ids.take(pa.array(pairs.account)),
        "n_objects": pa.array(np.diff(pairs.start)),
    }
    empty = {f.name: pa.nulls(n, f.type) for f in REACTIONS.schema if f.name not in columns}
    columns = columns | empty
    return pa.table([columns[name] for name in REACTIONS.names], schema=REACTIONS.schema)


def _call(rows: pa.Table, fdr: float) -> pa.Table:
    """Fill n_tests, q and is_reaction."""
    status = np.asarray(rows.column("status").to_pylist(), dtype=object)
    p, p_followers, p_early = (_or_nan(rows.column(name)) for name in ("p", "p_followers", "p_early"))
    n_tests, q = np.zeros(len(p), np.int64), np.full(len(p), np.nan)
    here = status == FOLLOWERS_ONLY
    n_tests[here], q[here] = here.sum(), benjamini_hochberg(p[here], int(here.sum()))
    here = status == TESTED
    n_tests[here], q[here] = _q_of_tested(p[here], p_followers[here], p_early[here])
    called = {"n_tests": pa.array(n_tests), "q": _or_null(q), "is_reaction": pa.array((status == TESTED) & (q <= fdr))}
    for name, column in called.items():
        rows = rows.set_column(rows.schema.get_field_index(name), REACTIONS.schema.field(name), column)
    return rows


def _q_of_tested(p: F64, p_followers: F64, p_early: F64) -> tuple[int, F64]:
    """Size of the family, and q: Benjamini-Hochberg of max(p, p_followers / FOLLOWERS_SHARE).

    A row is null because the followers explain it, or because its own haste does. Of the former, m at most, a
    threshold t lets through FOLLOWERS_SHARE x t x m; of the latter t x those that may be called at all. Which these
    are is told by how often an account was early in all, and on that the test of its own haste is conditional
    (independent filtering: Bourgon, Gentleman and Huber, PNAS 107 (2010)); so the rest need not be counted.
    """
    may = p_early <= MAX_P_EARLY
    n_tests = int(may.sum()) + math.ceil(FOLLOWERS_SHARE * len(p))
    q = np.ones(len(p))
    q[may] = benjamini_hochberg(np.minimum(np.maximum(p, p_followers / FOLLOWERS_SHARE), 1.0)[may], n_tests)
    return n_tests, q


def _or_nan(column: pa.ChunkedArray) -> F64:
    return np.asarray(pc.fill_null(column, np.nan), dtype=np.float64)


def _or_null(values: F64) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
