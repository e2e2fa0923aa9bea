"""Beside the pairs, on tables in memory: moments, reactions, facts about groups; and what the tests can do at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, overload

import pyarrow as pa
import pyarrow.compute as pc

from unisono.advise.windows import ADVICE
from unisono.advise.windows import advise as advise_trace
from unisono.api.given import Windows, arrays_of, asked, layers, sittings_of, warn
from unisono.calibration import alone_of, in_links, parts_of
from unisono.calibration import calibrate as measure
from unisono.co_actors.stage import Looked, look, rows_of
from unisono.co_actors.stage import untested as nobody
from unisono.edges.facts import Facts
from unisono.engine.arrow import Frame, TableOut, To, in_order, table_in, table_out
from unisono.groups.by_hand import TESTED
from unisono.groups.by_hand import bound as bound_of
from unisono.moments import Scan, moments_of
from unisono.moments.stage import scan_lengths, scan_windows
from unisono.moments.stage import untested as no_moments
from unisono.pairs import plan_windows
from unisono.pairs.twins import encode_once
from unisono.profiles import leadership
from unisono.profiles.stage import USED, explanations
from unisono.reactions import Layer, find_reactions
from unisono.reactions.stage import POST_TRACES, layer_of
from unisono.reactions.stage import untested as no_reactions
from unisono.sequences.stage import left_out as no_order
from unisono.sequences.stage import look as order_of
from unisono.sequences.stage import rows_of as rows_in_order
from unisono.study import make_settings
from unisono.tables import CO_ACTORS, EDGES, EVENTS, EVIDENCE, MEMBERS, PROFILES, SEQUENCES, TRACES

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@overload
def moment(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["pyarrow"] = ...) -> pa.Table: ...
@overload
def moment(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def moment(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["polars"]) -> pl.DataFrame: ...
def moment(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: To = "pyarrow") -> TableOut:
    """Traces to moments: bursts of accounts on one object beyond its own curve, at the windows of pair() and longer.

    Parameters
    ----------
    traces
        Rows of `traces`.
    window
        Such as "60s" or ["60s", "10m"]; else each behaviour's own.
    fdr
        Share of false findings, between 0 and 1.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `moments`; begin and width in microseconds.

    Raises
    ------
    UserError
        For a window that is no duration, and a table of other columns.

    Warns
    -----
    UserWarning
        Of what could not be tested.

    Examples
    --------
    >>> un.moment(traces).num_rows
    0
    """
    chosen, wanted = make_settings({"fdr": fdr}, "moment()"), asked(window)
    scans: list[Scan] = []
    for name, (arrays, resolution) in arrays_of(traces).items():
        plan = plan_windows(name, resolution, wanted)
        warn(plan.notes)
        scans.extend(scan_lengths(arrays, resolution, name, scan_windows([w for w, _ in plan.windows])))
    warn(no_moments(scans))
    return table_out(moments_of(scans, chosen.fdr), to)


@overload
def coact(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["pyarrow"] = ...) -> pa.Table: ...
@overload
def coact(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def coact(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: Literal["polars"]) -> pl.DataFrame: ...
def coact(traces: Frame, window: Windows = None, *, fdr: float = 0.05, to: To = "pyarrow") -> TableOut:
    """Traces to co-actors: accounts that are in company again and again, whoever the company is.

    Parameters
    ----------
    traces
        Rows of `traces`.
    window
        That of pair().
    fdr
        Share of false findings, between 0 and 1.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `co_actors`: accounts with p below 1.

    Raises
    ------
    UserError
        For a window that is no duration, and a table of other columns.

    Warns
    -----
    UserWarning
        Where no account acts in two sittings, and of windows too fine for the clock.

    Examples
    --------
    >>> un.coact(traces).num_rows
    0
    """
    chosen, wanted = make_settings({"fdr": fdr}, "coact()"), asked(window)
    sittings = sittings_of(traces)
    looked: list[Looked] = []
    for name, (arrays, resolution) in arrays_of(traces).items():
        plan = plan_windows(name, resolution, wanted)
        warn(plan.notes)
        windows = [w for w, _ in plan.windows]
        looked += look(name, arrays, resolution, sittings.of(arrays), windows, chosen.fdr)
    warn(nobody(looked))
    return table_out(in_order(rows_of(looked, chosen.fdr), CO_ACTORS), to)


@overload
def sequence(traces: Frame, *, fdr: float = 0.05, to: Literal["pyarrow"] = ...) -> pa.Table: ...
@overload
def sequence(traces: Frame, *, fdr: float = 0.05, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def sequence(traces: Frame, *, fdr: float = 0.05, to: Literal["polars"]) -> pl.DataFrame: ...
def sequence(traces: Frame, *, fdr: float = 0.05, to: To = "pyarrow") -> TableOut:
    """Traces to sequences: accounts that go through the same things in the same order, at any distance in time.

    Parameters
    ----------
    traces
        Rows of `traces`.
    fdr
        Share of false findings, between 0 and 1.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `sequences`: accounts that share six things or more with another, each in a sitting.

    Raises
    ------
    UserError
        For a table of other columns.

    Warns
    -----
    UserWarning
        Where nothing can be compared, and of things that were left out since they stand in too many sittings.

    Examples
    --------
    >>> un.sequence(traces).num_rows
    0
    """
    chosen, sittings = make_settings({"fdr": fdr}, "sequence()"), sittings_of(traces)
    looked = [order_of(name, arrays, sittings.of(arrays)) for name, (arrays, _) in arrays_of(traces).items()]
    warn(no_order(looked))
    return table_out(in_order(rows_in_order(looked, chosen.fdr), SEQUENCES), to)


@overload
def react(traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["pyarrow"] = ...) -> pa.Table: ...
@overload
def react(traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def react(traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["polars"]) -> pl.DataFrame: ...
def react(traces: Frame, events: Frame, *, fdr: float = 0.05, to: To = "pyarrow") -> TableOut:
    """Traces to reactions: accounts that answer one author sooner than its other followers, again and again.

    Parameters
    ----------
    traces
        Rows of `traces`: reposts, quotes and replies are looked at.
    events
        Rows of `events`, among them the posts that are answered.
    fdr
        Share of false findings, between 0 and 1.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `reactions`; spans in microseconds.

    Raises
    ------
    UserError
        For a table of other columns.

    Warns
    -----
    UserWarning
        Of what could not be tested.
    """
    chosen, made = make_settings({"fdr": fdr}, "react()"), table_in(events, EVENTS)
    tested: list[Layer] = []
    for name, rows in layers(traces):
        if name in POST_TRACES:
            layer, notes = layer_of(name, *encode_once(rows), made)
            warn(notes)
            tested.append(layer)
    found = find_reactions(tested, chosen.fdr)
    warn(no_reactions(tested, found))
    return table_out(found, to)


@overload
def profile(
    members: Frame, evidence: Frame, traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["pyarrow"] = ...
) -> pa.Table: ...
@overload
def profile(
    members: Frame, evidence: Frame, traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["pandas"]
) -> pd.DataFrame: ...
@overload
def profile(
    members: Frame, evidence: Frame, traces: Frame, events: Frame, *, fdr: float = 0.05, to: Literal["polars"]
) -> pl.DataFrame: ...
def profile(
    members: Frame, evidence: Frame, traces: Frame, events: Frame, *, fdr: float = 0.05, to: To = "pyarrow"
) -> TableOut:
    """Groups to facts about them: who comes first, and is that more than chance; what else could explain them.

    Parameters
    ----------
    members, evidence, traces, events
        Rows of these tables.
    fdr
        Share of false findings, between 0 and 1.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `profiles`.

    Raises
    ------
    UserError
        For a table of other columns.
    """
    chosen, known = make_settings({"fdr": fdr}, "profile()"), table_in(members, MEMBERS)
    there = {"traces": table_in(traces, TRACES), "events": table_in(events, EVENTS)}
    met = table_in(evidence, EVIDENCE, "t_a", "t_b")
    among = [pc.is_in(met[c], pc.unique(known["account_id"])) for c in ("account_a", "account_b")]
    inside = met.filter(pc.and_(*among)).select(USED)

    def read(table: str, columns: list[str], where: pc.Expression) -> pa.Table:
        return there[table].filter(where).select(columns)

    rows = [leadership(known, inside, chosen.fdr), explanations(known, inside, read)]
    return table_out(in_order(pa.concat_tables(rows), PROFILES), to)


@overload
def advise(
    traces: Frame, window: Windows = None, *, fdr: float = 0.05, seed: int = 0, to: Literal["pyarrow"] = ...
) -> pa.Table: ...
@overload
def advise(
    traces: Frame, window: Windows = None, *, fdr: float = 0.05, seed: int = 0, to: Literal["pandas"]
) -> pd.DataFrame: ...
@overload
def advise(
    traces: Frame, window: Windows = None, *, fdr: float = 0.05, seed: int = 0, to: Literal["polars"]
) -> pl.DataFrame: ...
def advise(traces: Frame, window: Windows = None, *, fdr: float = 0.05, seed: int = 0, to: To = "pyarrow") -> TableOut:
    """Traces to advice: which windows the clocks allow, and the power that a test would have at each.

    Parameters
    ----------
    traces
        Rows of `traces`.
    window
        Such as "60s" or ["60s", "10m"]; else from a second to a day.
    fdr
        Share of false findings, between 0 and 1.
    seed
        Seed of everything random.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        A row per trace and window. power_10_1 is the probability that two accounts that act together on 10 objects
        would be an edge, power_10_100 the same where a hundred pairs do so; needs_1 and needs_100 are how many objects
        the median pair needs.

    Raises
    ------
    UserError
        For a window that is no duration, and a table of other columns.
    """
    chosen, wanted = make_settings({"fdr": fdr, "seed": seed}, "advise()"), asked(window)
    given = arrays_of(traces)
    rows = [advise_trace(name, *arrays, chosen.fdr, len(given), seed, wanted) for name, arrays in given.items()]
    return table_out(pa.concat_tables([ADVICE.empty_table(), *rows]), to)


@overload
def calibrate(
    traces: Frame, window: Windows = None, *, edges: Frame | None = None, calibrations: int = 1, fdr: float = 0.05,
    seed: int = 0, threads: int = 1, to: Literal["pyarrow"] = ...,
) -> pa.Table: ...  # fmt: skip
@overload
def calibrate(
    traces: Frame, window: Windows = None, *, edges: Frame | None = None, calibrations: int = 1, fdr: float = 0.05,
    seed: int = 0, threads: int = 1, to: Literal["pandas"],
) -> pd.DataFrame: ...  # fmt: skip
@overload
def calibrate(
    traces: Frame, window: Windows = None, *, edges: Frame | None = None, calibrations: int = 1, fdr: float = 0.05,
    seed: int = 0, threads: int = 1, to: Literal["polars"],
) -> pl.DataFrame: ...  # fmt: skip
def calibrate(
    traces: Frame, window: Windows = None, *, edges: Frame | None = None, calibrations: int = 1, fdr: float = 0.05,
    seed: int = 0, threads: int = 1, to: To = "pyarrow",
) -> TableOut:  # fmt: skip
    """Traces to calibration: the tests of test() on the same traces with the coordination destroyed.

    Parameters
    ----------
    traces
        Rows of `traces`.
    window
        That of pair().
    edges
        Those of test(): the accounts in its links are left out of the controls in which they would be a class of their
        own. Without them nobody is.
    calibrations
        Runs; each takes about five times as long as test().
    fdr
        Share of false findings, between 0 and 1.
    seed
        Seed of everything random.
    threads
        Changes no result.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `calibration`: the error that a p promises beside the error measured.

    Raises
    ------
    UserError
        For a window that is no duration, and a table of other columns.

    Warns
    -----
    UserWarning
        Of windows that are too fine for the clock of the traces.
    """
    given = {"calibrations": calibrations, "fdr": fdr, "seed": seed, "threads": threads}
    chosen, wanted = make_settings(given, "calibrate()"), asked(window)
    arrays = arrays_of(traces)
    plans = {name: plan_windows(name, resolution, wanted) for name, (_, resolution) in arrays.items()}
    warn([note for plan in plans.values() for note in plan.notes])
    windows = {name: [w for w, _ in plan.windows] for name, plan in plans.items()}
    links = EDGES.schema.empty_table() if edges is None else table_in(edges, EDGES, "is_edge")
    parts = parts_of(windows, arrays.__getitem__, sittings_of(traces), chosen.seed, called=in_links(links))
    alone = alone_of(table_in(traces, TRACES), in_links(links, alone=True))
    return table_out(measure(parts, chosen.fdr, chosen.calibrations, chosen.seed, threads, alone=alone), to)


def bound(edges: Frame, accounts: Sequence[str]) -> tuple[int, float]:
    """At least how many links among these accounts are true, at 95 %, and q of there being none.

    Parameters
    ----------
    edges
        What test() gave, every row of it.
    accounts
        Picked by hand, after a look at the results if you like: both numbers hold for every set at once
        (`docs/methods/combination.md`).

    Returns
    -------
    links, q
        The simultaneous lower bound, and the group's q.

    Raises
    ------
    UserError
        For a table of other columns.

    Examples
    --------
    >>> un.bound(un.test(un.pair(traces), traces), ["ada", "bob", "cyd"])
    (0, 1.0)
    """
    return bound_of(table_in(edges, EDGES, *TESTED), accounts, Facts.beside(edges))
