"""A study in hand: everything from posts to groups, in one object."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

import pyarrow as pa

from unisono import pipeline
from unisono.api import shown, views
from unisono.api.given import Sources
from unisono.api.networks import igraph_of, networkx_of
from unisono.api.options import StudyOptions, plain
from unisono.api.plots import Plots
from unisono.api.source import sources_of
from unisono.api.watch import watching
from unisono.edges.why import why_lines
from unisono.engine.arrow import Frame, To, table_out
from unisono.exports.story import in_short
from unisono.pairs.on_demand import pair_of
from unisono.study import Limits, Progress, UserError, changed_settings, load_settings, make_settings, open_study
from unisono.study import Study as Folder
from unisono.study.settings import FileFormat
from unisono.tables import GROUPS
from unisono.words import numbers as words

if TYPE_CHECKING:
    from typing import Unpack

    import igraph
    import networkx
    import pandas as pd
    import polars as pl

F = TypeVar("F")
"""What tables come out as: pandas.DataFrame, polars.DataFrame or pyarrow.Table."""
_UNTIL_REPORT = tuple(s for s in pipeline.STAGES if s != "report")


class Study(Generic[F]):
    """A study in hand: `unisono.study()` makes one, `unisono.open()` opens one.

    Shown, it tells what was found in five lines, and lists the groups. Its tables come out as what went in (pandas
    for files, where it is installed), or as `to` named. Times are timestamps in UTC, windows and lags durations;
    `study["edges"]` is a table as it is stored (int64 microseconds; `study.tables` lists them).

    Attributes
    ----------
    groups, members
        The groups by rank, and the accounts in each.
    plot
        Charts: `plot.network(1)`, `plot.timeline(1)`, `plot.calibration()`.
    notes
        What was refused, left out or assumed, and why.
    path
        The study folder; None for a study in memory.

    Examples
    --------
    >>> s = un.study(df, map="account=author,time=created,text=body,urls=link", zone="UTC")
    >>> s.tables["events"]
    12
    >>> s.links().empty
    True
    """

    def __init__(self, folder: Folder, to: To, in_memory: bool) -> None:
        self._folder, self._to, self._in_memory = folder, to, in_memory
        self._views = views.Views(folder)
        self.plot = Plots(folder, self._views)
        if in_memory:
            weakref.finalize(folder, shutil.rmtree, folder.path, ignore_errors=True)  # views and plots hold it too

    @property
    def path(self) -> Path | None:
        """The study folder; None for a study in memory."""
        return None if self._in_memory else self._folder.path

    @property
    def tables(self) -> dict[str, int]:
        """The tables that there are, and how many rows each has."""
        return {name: record.rows for name, record in self._folder.manifest.tables.items()}

    @property
    def notes(self) -> list[str]:
        """What was refused, left out or assumed, and why."""
        return self._folder.manifest.notes

    @property
    def settings(self) -> dict[str, object]:
        """What was asked: the settings that differ from their defaults, as study.yaml has them."""
        return load_settings(self._folder.settings_file).model_dump(by_alias=True, exclude_defaults=True)

    @property
    def groups(self) -> F:
        """The groups by rank: a row each, with its accounts, links, q, and when it acted."""
        return self._out(self._views.groups())

    @property
    def members(self) -> F:
        """The accounts of each group, by its rank and their share of the evidence."""
        return self._out(self._views.members())

    def links(self) -> F:
        """One row per pair of accounts that is called, the least likely first.

        Returns
        -------
        table
            account_a, account_b; trace, window, n_first, n_meetings, expected, q and basis of the test that explains it
            least; traces: every behaviour by which it is called; n_objects, n_days: the most in any of them; first,
            last; group: rank of the first group that holds both.
        """
        return self._out(self._views.links())

    def edges(self) -> F:
        """Every pair that was looked at, in every behaviour and window, with every test: the table `edges`.

        Rows of trace "all" combine a pair's behaviours and windows.
        """
        return self._out(views.readable(self._folder.read("edges")))

    def evidence(self, a: str, b: str) -> F:
        """What two accounts did together, whether they are linked or not: a row per co-action, the least likely first.

        Parameters
        ----------
        a, b
            Account ids.

        Returns
        -------
        table
            The table `evidence`, with both texts where the study holds the posts.

        Raises
        ------
        UserError
            Where an account left no trace in the study, or both are one.
        """
        return self._out(self._views.evidence(a, b))

    def why(self, a: str, b: str) -> shown.Lines:
        """Why two accounts are linked, or are not, or cannot be judged, in sentences.

        Raises
        ------
        UserError
            Where an account left no trace in the study, or both are one.
        """
        return shown.Lines(why_lines(self._folder, *pair_of(self._folder, a, b), a, b))

    def posts(self, *, group: int | str | None = None, account: str | None = None) -> F:
        """Posts in the order of time.

        Parameters
        ----------
        group
            Rank or id of a group: the posts behind its links.
        account
            An account: all its posts. With a group, its posts behind the group's links.

        Returns
        -------
        table
            Rows of `events`; without any argument all of them.

        Raises
        ------
        UserError
            For a group or an account that is not there, and where the study was made of traces and holds no posts.
        """
        return self._out(self._views.posts(group, account))

    @overload
    def network(self, *, group: int | str | None = None, to: Literal["networkx"] = ...) -> networkx.Graph[str]: ...
    @overload
    def network(self, *, group: int | str | None = None, to: Literal["igraph"]) -> igraph.Graph: ...
    def network(
        self, *, group: int | str | None = None, to: Literal["networkx", "igraph"] = "networkx"
    ) -> networkx.Graph[str] | igraph.Graph:
        """The accounts that are linked, as a graph: nodes are accounts, edges are the rows of links().

        Parameters
        ----------
        group
            Rank or id of a group: its members and the links among them. Else all.
        to
            "networkx" (of the extra `unisono[notebook]`), or "igraph" where you installed it.

        Returns
        -------
        graph
            Nodes carry platform, kind, handle, name, group (rank; 0 is none) and share (of the group's evidence); edges
            carry the columns of links(), times as ISO 8601 text, so that every writer can take them.

        Raises
        ------
        UserError
            Where the library is not installed, or there is no such group.
        """
        accounts, links = self._views.network(group)
        if to == "igraph":
            return igraph_of(accounts, links)
        if to != "networkx":
            raise UserError(f"there is no graph of {to!r}", 'to is "networkx" or "igraph"')
        return networkx_of(accounts, links)

    def report(self, path: str | Path, *, known: str | Path | None = None, spreadsheet: bool | None = None) -> Path:
        """Write the report: one HTML file that needs nothing else.

        Parameters
        ----------
        path
            Where to, such as "report.html"; a file that is there is replaced.
        known
            CSV of legitimate networks (account_id, network, reason), marked in it.
        spreadsheet
            Whether the CSV files beside it (in the study folder) are safe to open in a spreadsheet.

        Returns
        -------
        Path
            That path.

        Raises
        ------
        UserError
            Where a table that it tells of is not there, or the file cannot be written.
        """
        self._report({"known": known, "spreadsheet": spreadsheet})
        return _copied(self._folder.path / "report.html", Path(path))

    def save(self, folder: str | Path) -> Study[F]:
        """Write the study into a new folder, as the command line would have: tables, report, networks, CSV.

        Returns
        -------
        Study
            The study in that folder; `unisono verify FOLDER` and every other command take it.

        Raises
        ------
        UserError
            Where the folder holds other things.
        """
        self._report({})
        target, m = Path(folder), self._folder.manifest
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UserError(f"{target} is there already", "give a new folder")
        files = [*m.files, *(n for t in m.tables.values() for n in t.files), "study.yaml", "manifest.json"]
        for name in files:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            _copied(self._folder.path / name, target / name)
        return Study(open_study(target), self._to, in_memory=False)

    def __getitem__(self, table: str) -> F:
        """A table as it is stored, by its name."""
        return self._out(self._folder.read(views.known(self._folder, table)))

    def _ipython_key_completions_(self) -> list[str]:
        return sorted(self.tables)

    def __repr__(self) -> str:
        return shown.as_text(self._story(), self._ranked())

    def _repr_html_(self) -> str:
        return shown.as_html(self._story(), self._ranked())

    def _story(self) -> list[str]:
        notes = len(self.notes)
        return [*in_short(self._folder), *([f"{words.count(notes, 'note')}: study.notes"] if notes else [])]

    def _ranked(self) -> pa.Table:
        return (
            self._folder.read("groups").sort_by("rank") if self._folder.has("groups") else GROUPS.schema.empty_table()
        )

    def _out(self, table: pa.Table) -> F:
        return table_out(table, self._to)  # type: ignore[return-value]

    def _report(self, changes: Mapping[str, object]) -> None:
        """Have a report of these tables, with what is asked of it now."""
        asked = plain(changes)
        if not asked and "report" in self._folder.manifest.stages:
            return
        chosen = changed_settings(self._folder.settings_file, asked, "report()")
        with self._folder.lock(), watching(None) as progress:
            pipeline.run_stage("report", self._folder, chosen, progress)


@overload
def study(
    data: pd.DataFrame, *, out: str | Path | None = ..., to: None = ..., progress: bool | Progress | None = ...,
    **how: Unpack[StudyOptions],
) -> Study[pd.DataFrame]: ...  # fmt: skip
@overload
def study(
    data: pl.DataFrame, *, out: str | Path | None = ..., to: None = ..., progress: bool | Progress | None = ...,
    **how: Unpack[StudyOptions],
) -> Study[pl.DataFrame]: ...  # fmt: skip
@overload
def study(
    data: Sources, *, out: str | Path | None = ..., to: None = ..., progress: bool | Progress | None = ...,
    **how: Unpack[StudyOptions],
) -> Study[pd.DataFrame]: ...  # fmt: skip
@overload
def study(
    data: Frame, *, out: str | Path | None = ..., to: None = ..., progress: bool | Progress | None = ...,
    **how: Unpack[StudyOptions],
) -> Study[pa.Table]: ...  # fmt: skip
@overload
def study(
    data: Frame | Sources, *, out: str | Path | None = ..., to: Literal["pyarrow"],
    progress: bool | Progress | None = ..., **how: Unpack[StudyOptions],
) -> Study[pa.Table]: ...  # fmt: skip
@overload
def study(
    data: Frame | Sources, *, out: str | Path | None = ..., to: Literal["pandas"],
    progress: bool | Progress | None = ..., **how: Unpack[StudyOptions],
) -> Study[pd.DataFrame]: ...  # fmt: skip
@overload
def study(
    data: Frame | Sources, *, out: str | Path | None = ..., to: Literal["polars"],
    progress: bool | Progress | None = ..., **how: Unpack[StudyOptions],
) -> Study[pl.DataFrame]: ...  # fmt: skip
def study(
    data: Frame | Sources, *, out: str | Path | None = None, to: To | None = None,
    progress: bool | Progress | None = None, as_: str | None = None, map: str | None = None,
    file_format: FileFormat | None = None, delimiter: str | None = None, encoding: str | None = None,
    platform: str | None = None, zone: str | None = None,
    time_format: str | None = None, resolution: str | None = None, limits: Limits | Mapping[str, float] | None = None,
    content_of_reposts: bool | None = None, trace: str | Sequence[str] | None = None,
    window: str | Sequence[str] | None = None, min_objects: int | None = None, max_pairs: int | None = None,
    resolutions: Sequence[float] | None = None, n_seeds: int | None = None, min_accounts: int | None = None,
    fdr: float | None = None, any_dependence: bool | None = None, calibrations: int | None = None,
    control: str | Path | None = None, known: str | Path | None = None, spreadsheet: bool | None = None,
    seed: int | None = None, threads: int | None = None, memory: str | None = None,
) -> object:  # fmt: skip
    """Posts to a study: everything that `unisono run` does, in memory or in a folder.

    Parameters
    ----------
    data
        A table (pandas, polars, Arrow, a DuckDB relation), the path of a file, or a list of paths.
    out
        Folder for the tables and the report; made if absent, and resumed if it holds this study. Without it the study
        is in memory: nothing is left on disk. (While it lives, its tables are in a temporary folder, which is removed
        with it.)
    to
        What tables come out as: "pandas", "polars" or "pyarrow". Else what went in; for files pandas where it is
        installed.
    progress
        Whether to show it: in a notebook unless False; or an object with `start` and `advance`.
    as_
        Named format of the data, such as "traces" or "coortweet"; else known by its columns.
    map
        Which column is what: "account=author,time=created,text=body". `kind=post_type:R=repost,=post` maps values,
        `urls=links:pipe` names the separator of a list in a text cell; columns of lists need none.
    file_format
        How files are written: csv, tsv, ndjson, json, parquet or xlsx; else known by their ending.
    delimiter
        What parts the cells of a text table: "comma", "semicolon", "tab", "pipe", or the letter itself.
    encoding
        Encoding of text files, such as "utf-16" or "windows-1252"; else UTF-8.
    platform
        Prefix of ids, for data that names no platform.
    zone
        Time zone of times that carry none: "UTC", "Europe/Prague", "+03:00".
    time_format
        "unix", "unix_ms", "unix_us" or a pattern such as "%d-%m-%Y %H:%M".
    resolution
        Smallest step of the source's clock, such as "1s".
    limits
        How much of a file is believed before it is refused.
    content_of_reposts
        Also take links, tags and texts of reposts.
    trace
        Behaviours to pair, such as ["url", "hashtag"]; else the defaults.
    window
        Windows, such as "60s" or ["60s", "10m"]; else each behaviour's own.
    min_objects
        Fewest common objects of a pair that is kept (2).
    max_pairs
        Most pairs of one behaviour and window; more are refused, with what lowers their number (20,000,000).
    resolutions, n_seeds, min_accounts
        Of the search for groups: CPM resolutions, runs at each (20), fewest accounts of a group (3).
    fdr
        Share of false findings among those called (0.05).
    any_dependence
        Links by e-BH: valid under any dependence, and finds much less.
    calibrations
        Runs on permuted data that measure the error (1).
    control
        Folder of a study of ordinary accounts: each group is set beside 50 like it.
    known
        CSV of legitimate networks: account_id, network, reason.
    spreadsheet
        CSV files that are safe to open in a spreadsheet.
    seed
        Seed of everything random (0).
    threads, memory
        Processor threads, and memory for tables such as "4GB"; they change no result.

    Returns
    -------
    Study
        The same tables, to the bit, whether in memory or in a folder.

    Raises
    ------
    UserError
        For what you can mend: a column that is not there, times without a zone, data in no known format, a setting that
        makes no sense. It says what to do.

    Examples
    --------
    >>> s = un.study(df, map="account=author,time=created,text=body,urls=link", zone="UTC")
    >>> s.tables["events"], s.tables["rejects"]
    (12, 0)
    """
    given = {k: v for k, v in locals().items() if k not in ("data", "out", "to", "progress")}
    chosen = make_settings(plain(given), "study()")
    form = to or _form_of(data)
    with sources_of(data) as (paths, names), watching(progress) as bars:
        place = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="unisono-"))
        try:
            folder = open_study(place, create=True)
            with folder.lock():
                pipeline.run_stage("read", folder, chosen.model_copy(update={"sources": paths}), bars)
                remembered = chosen.model_copy(update={"sources": names})
                for stage in (pipeline.STAGES if out is not None else _UNTIL_REPORT)[1:]:
                    pipeline.run_stage(stage, folder, remembered, bars)
        except BaseException:
            if out is None:
                shutil.rmtree(place, ignore_errors=True)
            raise
    return Study(folder, form, in_memory=out is None)


@overload
def open(path: str | Path, *, to: Literal["pandas"] | None = ...) -> Study[pd.DataFrame]: ...
@overload
def open(path: str | Path, *, to: Literal["polars"]) -> Study[pl.DataFrame]: ...
@overload
def open(path: str | Path, *, to: Literal["pyarrow"]) -> Study[pa.Table]: ...
def open(path: str | Path, *, to: To | None = None) -> object:
    """Open a study folder, whoever made it.

    Parameters
    ----------
    path
        The folder.
    to
        What tables come out as: "pandas" (where it is installed), "polars" or "pyarrow".

    Returns
    -------
    Study
        The study; nothing is run or changed.

    Raises
    ------
    UserError
        Where it is no study folder.
    """
    return Study(open_study(Path(path)), to or _form_of(None), in_memory=False)


def _form_of(data: object) -> To:
    """The form of tables that go out, by what came in."""
    for form in ("pandas", "polars"):
        if type(data).__module__.split(".")[0] == form:
            return form
    from_file = data is None or isinstance(data, str | Path | Sequence)
    return "pandas" if from_file and find_spec("pandas") else "pyarrow"


def _copied(source: Path, target: Path) -> Path:
    """The target, as a copy of the source. Raises UserError."""
    try:
        shutil.copyfile(source, target)
    except OSError as e:
        raise UserError(f"{target} cannot be written: {e.strerror}", "check the path and its permissions") from None
    return target
