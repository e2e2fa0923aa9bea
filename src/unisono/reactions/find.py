"""Reactions of all layers, as rows of the table `reactions`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.reactions.followers import against_followers
from unisono.reactions.origins import Layer
from unisono.reactions.own_speed import MIN_OTHERS, against_itself, early_slots
from unisono.reactions.slots import F64, Followers, followers_of, slots_of, usable_windows
from unisono.tables import REACTIONS

QUICK = 0.01
"""An account whose p against the followers of any author is at most this is no yardstick for others' haste."""
TESTED, FOLLOWERS_ONLY, NO_DATA = "tested", "followers_only", "insufficient_data"


def find_reactions(layers: Sequence[Layer], fdr: float = 0.05) -> pa.Table:
    """Rows of `reactions`, sorted by key: every account that touched MIN_OBJECTS objects of one author or more.

    A reaction must be beyond both the author's other followers and the account's own haste with others: p is the
    larger of the two (Berger, Technometrics 24 (1982)). Benjamini-Hochberg over all layers, within each status;
    only rows of status `tested` are called. A q above `fdr` is only known to be above it: the own-haste test is
    not run where followers alone explain the row. `fdr` is in (0, 1); raises ValueError else, or where two layers
    have one name.
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
    p = np.asarray(pc.fill_null(rows.column("p"), np.nan), dtype=np.float64)
    n_tests, q = np.zeros(len(p), np.int64), np.full(len(p), np.nan)
    for family in (TESTED, FOLLOWERS_ONLY):
        here = status == family
        n_tests[here] = here.sum()
        q[here] = benjamini_hochberg(p[here], int(here.sum()))
    called = {"n_tests": pa.array(n_tests), "q": _or_null(q), "is_reaction": pa.array((status == TESTED) & (q <= fdr))}
    for name, column in called.items():
        rows = rows.set_column(rows.schema.get_field_index(name), REACTIONS.schema.field(name), column)
    return rows


def _or_null(values: F64) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
