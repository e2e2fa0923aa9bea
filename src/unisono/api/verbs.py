"""The main line on tables in memory: read, trace, pair, test, evidence, group.

Anything that speaks the Arrow PyCapsule interface goes in (pyarrow, pandas, polars, DuckDB relations); what comes out
is a pyarrow.Table, or what `to` names. Columns, types and units are those of `unisono.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono import pipeline
from unisono.api.given import Sources, Windows, arrays_of, asked, layers, listed, sittings_of, warn, windows_of
from unisono.api.options import ReadOptions, settings_of
from unisono.api.source import sources_of
from unisono.clean.time import format_duration
from unisono.edges import assess_layers, edge_rows, judge
from unisono.edges.facts import Facts
from unisono.edges.rows import ALL
from unisono.engine.arrow import Frame, TableOut, To, in_order, table_in, table_out, with_facts
from unisono.groups.scan import DEFAULT_RESOLUTIONS
from unisono.groups.stage import gather
from unisono.nulls.meetings import LEAST
from unisono.pairs import TraceArrays, pair_table, plan_windows
from unisono.pairs.evidence import evidence as find_evidence
from unisono.pairs.stage import SYNCHRONY
from unisono.pairs.twins import encode_once
from unisono.pairs.windows import usable
from unisono.study import Quiet, UserError, make_settings, open_study
from unisono.study.writer import conform
from unisono.tables import EDGES, EVENTS, EVIDENCE, PAIRS, TRACES
from unisono.traces import chosen_kinds, traces_of

if TYPE_CHECKING:
    from typing import Unpack

    import pandas as pd
    import polars as pl

_ORIGIN = "give the traces that pair() was given"
_NO_FACTS = (
    "these edges lost what test() says beside its rows, as they do in polars and in files: q of groups is told without "
    "the groups that were certified, and as if only the windows and behaviours that are seen were tested"
)


@overload
def read(data: Frame | Sources, *, to: Literal["pyarrow"] = ..., **how: Unpack[ReadOptions]) -> dict[str, pa.Table]: ...
@overload
def read(data: Frame | Sources, *, to: Literal["pandas"], **how: Unpack[ReadOptions]) -> dict[str, pd.DataFrame]: ...
@overload
def read(data: Frame | Sources, *, to: Literal["polars"], **how: Unpack[ReadOptions]) -> dict[str, pl.DataFrame]: ...
def read(data: Frame | Sources, *, to: To = "pyarrow", **how: Unpack[ReadOptions]) -> object:
    """Posts to tables by name: events, accounts, rejects; and traces, where the rows are traces already.

    Parameters
    ----------
    data
        A table (pandas, polars, Arrow), a path, or several paths.
    to
        What the tables come out as: "pyarrow", "pandas" or "polars".
    how
        How the data is read: `map`, `zone`, `as_`, `platform`, ..., as for `study()`.

    Returns
    -------
    dict
        Tables by name. Every row of the data is a row of `events` (or makes rows of `traces`), or of `rejects`.

    Raises
    ------
    UserError
        For what you can mend: a column that is not there, times without a zone, a file in no known format.

    Examples
    --------
    >>> tables = un.read(df, map="account=author,time=created,text=body", zone="UTC")
    >>> sorted(tables)
    ['accounts', 'events', 'rejects']
    """
    chosen = settings_of(how, "read()")
    with TemporaryDirectory(prefix="unisono-") as folder, sources_of(data) as (paths, _):
        made = open_study(Path(folder) / "study", create=True)
        pipeline.run_stage("read", made, chosen.model_copy(update={"sources": paths}), Quiet())
        return {name: table_out(made.read(name), to) for name in made.manifest.tables}


@overload
def trace(
    events: Frame, traces: str | Sequence[str] | None = None, *, content_of_reposts: bool = False,
    to: Literal["pyarrow"] = ...,
) -> pa.Table: ...  # fmt: skip
@overload
def trace(
    events: Frame, traces: str | Sequence[str] | None = None, *, content_of_reposts: bool = False,
    to: Literal["pandas"],
) -> pd.DataFrame: ...  # fmt: skip
@overload
def trace(
    events: Frame, traces: str | Sequence[str] | None = None, *, content_of_reposts: bool = False,
    to: Literal["polars"],
) -> pl.DataFrame: ...  # fmt: skip
def trace(
    events: Frame, traces: str | Sequence[str] | None = None, *, content_of_reposts: bool = False, to: To = "pyarrow"
) -> TableOut:
    """Events to traces: which account touched which object, and when.

    Parameters
    ----------
    events
        Rows of `events`; of its columns only `event_id` must be there, what is absent is taken as unknown.
    traces
        Kinds of behaviour, such as "url" or ["url", "hashtag"]; else the defaults.
    content_of_reposts
        Also take links, tags and texts of reposts.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `traces`; times in microseconds UTC.

    Raises
    ------
    UserError
        For a kind that there is not, and a table of other columns.

    Examples
    --------
    >>> events = un.read(df, map="account=author,time=created,text=body", zone="UTC")["events"]
    >>> un.trace(events, "text").column_names
    ['trace', 'account_id', 'object_id', 't_us', 't_resolution_us', 'event_id']
    """
    table = table_in(events, EVENTS)
    parts = [TRACES.schema.empty_table()]
    for kind in chosen_kinds(listed(traces)):
        for batch in table.to_batches(max_chunksize=1 << 16):
            found = traces_of(batch, kind, content_of_reposts)
            parts.append(conform(found.append_column("trace", pa.array([kind.name] * len(found))), TRACES))
    return table_out(in_order(pa.concat_tables(parts), TRACES), to)


@overload
def pair(
    traces: Frame, window: Windows = None, *, min_objects: int = 2, threads: int = 1, to: Literal["pyarrow"] = ...
) -> pa.Table: ...
@overload
def pair(
    traces: Frame, window: Windows = None, *, min_objects: int = 2, threads: int = 1, to: Literal["pandas"]
) -> pd.DataFrame: ...
@overload
def pair(
    traces: Frame, window: Windows = None, *, min_objects: int = 2, threads: int = 1, to: Literal["polars"]
) -> pl.DataFrame: ...
def pair(
    traces: Frame, window: Windows = None, *, min_objects: int = 2, threads: int = 1, to: To = "pyarrow"
) -> TableOut:
    """Traces to pairs of accounts that co-acted within a window.

    Parameters
    ----------
    traces
        Rows of `traces`.
    window
        Such as "60s" or ["60s", "10m"]; else each behaviour's own. It is written beside the pairs (Arrow's schema,
        pandas' `attrs`), where test() finds it.
    min_objects
        Fewest common objects of a pair that is kept.
    threads
        Changes no result.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `pairs`, sorted by trace, window and accounts.

    Raises
    ------
    UserError
        For a window that is no duration, and a table of other columns.

    Warns
    -----
    UserWarning
        Of windows that are too fine for the clock of the traces.

    Examples
    --------
    >>> pairs = un.pair(traces, "60s")
    >>> pairs["n_objects"].to_pylist()
    [3, 3, 3]
    """
    make_settings({"min_objects": min_objects, "threads": threads}, "pair()")
    wanted, windows = asked(window), {}
    parts = [PAIRS.schema.empty_table()]
    for name, (arrays, resolution) in arrays_of(traces).items():
        plan = plan_windows(name, resolution, wanted)
        warn(plan.notes)
        windows[name] = [span for span, _ in plan.windows]
        for span, part in plan.windows:
            part_taking = arrays if part is None else arrays.take(part)
            parts.append(pair_table(part_taking, name, span, min_objects, threads))
    return table_out(with_facts(pa.concat_tables(parts), {"windows": windows}), to)


@overload
def test(
    pairs: Frame, traces: Frame, *, fdr: float = 0.05, any_dependence: bool = False, seed: int = 0,
    to: Literal["pyarrow"] = ...,
) -> pa.Table: ...  # fmt: skip
@overload
def test(
    pairs: Frame, traces: Frame, *, fdr: float = 0.05, any_dependence: bool = False, seed: int = 0,
    to: Literal["pandas"],
) -> pd.DataFrame: ...  # fmt: skip
@overload
def test(
    pairs: Frame, traces: Frame, *, fdr: float = 0.05, any_dependence: bool = False, seed: int = 0,
    to: Literal["polars"],
) -> pl.DataFrame: ...  # fmt: skip
def test(
    pairs: Frame, traces: Frame, *, fdr: float = 0.05, any_dependence: bool = False, seed: int = 0, to: To = "pyarrow"
) -> TableOut:
    """Pairs to edges: those that chance does not explain at a false-discovery rate, and every number behind it.

    Parameters
    ----------
    pairs
        What pair() gave, at the windows that it wrote beside them. polars keeps nothing beside a table: there the
        windows are taken from the rows, so a window that was asked for and in which no two accounts met is not known.
    traces
        Those that the pairs were made from. A behaviour in which no two accounts coincide was looked at as well, and
        counts among the tests.
    fdr
        Share of false findings among those called, between 0 and 1.
    any_dependence
        Links by e-BH: valid under any dependence, and finds much less.
    seed
        Seed of everything random.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `edges`. Rows of trace "all" combine a pair's behaviours and windows.

    Raises
    ------
    UserError
        Where the pairs were not made from these traces.

    Examples
    --------
    >>> edges = un.test(un.pair(traces), traces)
    >>> edges.filter(edges["is_edge"]).num_rows
    0
    """
    chosen = make_settings({"fdr": fdr, "any_dependence": any_dependence, "seed": seed}, "test()")
    known = in_order(table_in(pairs, PAIRS, "n_objects", "n_pairs", "n_first"), PAIRS)
    arrays = arrays_of(traces)
    if strange := sorted(set(known.column("trace").to_pylist()) - set(arrays)):
        raise UserError(f"there is no {strange[0]} trace for these pairs", _ORIGIN)
    windows = windows_of(pairs, arrays)
    for row in known.group_by(["trace", "window_us"]).aggregate([]).to_pylist():
        if row["window_us"] not in windows[row["trace"]]:
            at = format_duration(row["window_us"])
            raise UserError(f"the {row['trace']} pairs at {at} were not made from these traces", _ORIGIN)
    candidates = known.filter(pc.greater_equal(known["n_first"], LEAST))
    assessed = assess_layers(
        candidates, windows, arrays.__getitem__, sittings_of(traces), chosen.seed, lambda what, n: None
    )
    verdict = judge(assessed, chosen.fdr, chosen.seed, chosen.any_dependence)
    rows = edge_rows(known.to_batches(), verdict, {"all": verdict.combined})
    facts = {"windows": windows, "fdr": fdr, **verdict.facts.plain()}
    return table_out(with_facts(pa.concat_tables([EDGES.schema.empty_table(), *rows]), facts), to)


@overload
def evidence(edges: Frame, traces: Frame, *, to: Literal["pyarrow"] = ...) -> pa.Table: ...
@overload
def evidence(edges: Frame, traces: Frame, *, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def evidence(edges: Frame, traces: Frame, *, to: Literal["polars"]) -> pl.DataFrame: ...
def evidence(edges: Frame, traces: Frame, *, to: To = "pyarrow") -> TableOut:
    """The co-actions behind every row of `edges` (or of `pairs`) that is given, at most 1,000 for each.

    Parameters
    ----------
    edges
        Rows of `edges` or `pairs`: filter them first, or ask for all.
    traces
        Those that the pairs were made from.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    table
        Rows of `evidence`: which posts, on which object, how far apart (microseconds).

    Raises
    ------
    UserError
        Where the edges were not made from these traces.

    Examples
    --------
    >>> un.evidence(un.pair(traces), traces).num_rows
    9
    """
    wanted, parts = in_order(table_in(edges, PAIRS, "n_pairs"), PAIRS), [EVIDENCE.schema.empty_table()]
    wanted = wanted.filter(pc.invert(pc.is_in(wanted["trace"], pa.array([ALL, SYNCHRONY]))))
    given = layers(traces)
    if strange := sorted(set(wanted.column("trace").to_pylist()) - {name for name, _ in given}):
        raise UserError(f"there is no {strange[0]} trace for these edges", _ORIGIN)
    for name, rows in given:
        mine = wanted.filter(pc.equal(wanted.column("trace"), name))
        for span in pc.unique(mine.column("window_us")).to_pylist():
            arrays, resolution = encode_once(rows)
            arrays = arrays.take(usable(resolution, span))
            these = mine.filter(pc.equal(mine.column("window_us"), span))
            _check_origin(these, arrays, name, span)
            parts.extend(find_evidence(arrays, name, span, these))
    return table_out(pa.concat_tables(parts), to)


@overload
def group(
    edges: Frame, traces: Frame | None = None, *, fdr: float = 0.05, seed: int = 0, n_seeds: int = 20,
    min_accounts: int = 3, resolutions: Sequence[float] | None = None, to: Literal["pyarrow"] = ...,
) -> tuple[pa.Table, pa.Table]: ...  # fmt: skip
@overload
def group(
    edges: Frame, traces: Frame | None = None, *, fdr: float = 0.05, seed: int = 0, n_seeds: int = 20,
    min_accounts: int = 3, resolutions: Sequence[float] | None = None, to: Literal["pandas"],
) -> tuple[pd.DataFrame, pd.DataFrame]: ...  # fmt: skip
@overload
def group(
    edges: Frame, traces: Frame | None = None, *, fdr: float = 0.05, seed: int = 0, n_seeds: int = 20,
    min_accounts: int = 3, resolutions: Sequence[float] | None = None, to: Literal["polars"],
) -> tuple[pl.DataFrame, pl.DataFrame]: ...  # fmt: skip
def group(
    edges: Frame, traces: Frame | None = None, *, fdr: float = 0.05, seed: int = 0, n_seeds: int = 20,
    min_accounts: int = 3, resolutions: Sequence[float] | None = None, to: To = "pyarrow",
) -> tuple[TableOut, TableOut]:  # fmt: skip
    """Edges to groups and their members, with their q and at least how many of a group's links are true.

    Parameters
    ----------
    edges
        What test() gave, every row of it: the rows that are no edge are the family of the tests. polars loses what
        test() wrote beside them about groups that it certified: there a group's q may be larger.
    traces
        Those that the edges were made from; with them, accounts that come within a group's bursts too often join it.
    fdr
        Share of false findings among those who join.
    seed, n_seeds
        Of the search for communities: its seed, and runs at each resolution.
    min_accounts
        Fewest accounts of a group.
    resolutions
        CPM resolutions to try; else the defaults.
    to
        "pyarrow", "pandas" or "polars".

    Returns
    -------
    groups, members
        Rows of `groups` by rank, and of `members`.

    Raises
    ------
    UserError
        For a table of other columns, and a setting that makes no sense.

    Examples
    --------
    >>> groups, members = un.group(un.test(un.pair(traces), traces), traces)
    >>> groups.num_rows
    0
    """
    given = {"fdr": fdr, "seed": seed, "n_seeds": n_seeds, "min_accounts": min_accounts, "resolutions": resolutions}
    chosen, facts = make_settings(given, "group()"), Facts.beside(edges)
    if facts is None:
        warn([_NO_FACTS])
    known = table_in(edges, EDGES, "is_edge", "n_objects")
    load = None if traces is None else arrays_of(traces).__getitem__
    sittings = None if traces is None else sittings_of(traces)
    found = gather(
        known, load, sittings, chosen.fdr, facts or Facts(), seed=chosen.seed, n_seeds=chosen.n_seeds,
        min_accounts=chosen.min_accounts, resolutions=chosen.resolutions or DEFAULT_RESOLUTIONS,
    )  # fmt: skip
    return table_out(found.groups, to), table_out(found.members, to)


def _check_origin(pairs: pa.Table, arrays: TraceArrays, trace: str, window_us: int) -> None:
    """Evidence is looked up by the counts in `pairs`; counts of other traces would lead astray."""
    named = pa.concat_arrays([pairs.column(c).combine_chunks() for c in ("account_a", "account_b")])
    involved = np.asarray(pc.is_in(arrays.account_ids, named), dtype=bool)
    there = pair_table(arrays.take(involved[arrays.account]), trace, window_us, 1)
    columns = ["account_a", "account_b", "n_pairs"]
    counted = {tuple(r.values()) for r in there.select(columns).to_pylist()}
    if not counted.issuperset(tuple(r.values()) for r in pairs.select(columns).to_pylist()):
        raise UserError(f"the {trace} edges were not made from these traces", _ORIGIN)
