"""The verbs that make something: the main job, each of its stages, the demonstration, and what a user adds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unisono.cli import screen
from unisono.cli.options import (
    AnyDependence,
    As,
    Calibrations,
    Control,
    Delimiter,
    Encoding,
    Fdr,
    FileFormat,
    Json,
    Known,
    Map,
    MaxPairs,
    Memory,
    MinObjects,
    Out,
    Platform,
    Quiet,
    Reposts,
    Resolution,
    Seed,
    Sources,
    Spreadsheet,
    StudyFile,
    StudyFolder,
    Threads,
    TimeFormat,
    Trace,
    Window,
    Zone,
    settings_of,
)
from unisono.cli.work import ALL, one_stage, work


def run(
    out: Out, sources: Sources = None, as_: As = None, map_: Map = None, file_format: FileFormat = None,
    delimiter: Delimiter = None, encoding: Encoding = None, platform: Platform = None, zone: Zone = None,
    time_format: TimeFormat = None, resolution: Resolution = None,
    trace: Trace = None, window: Window = None, min_objects: MinObjects = None, max_pairs: MaxPairs = None,
    content_of_reposts: Reposts = None,
    fdr: Fdr = None, any_dependence: AnyDependence = None, calibrations: Calibrations = None, known: Known = None,
    control: Control = None, spreadsheet: Spreadsheet = None,
    seed: Seed = None, threads: Threads = None, memory: Memory = None, study_file: StudyFile = None,
    quiet: Quiet = False, json_: Json = False,
) -> None:  # fmt: skip
    """The main job: tables, report.html, network.gexf and manifest.json. Given again, it resumes.

    Name the columns of a table with --map; known formats (`unisono formats`) need no map. Times without a zone need
    --zone. Every row of every file becomes an event or a reject with its reason.
    """
    switches = {k: v for k, v in locals().items() if k not in ("out", "study_file", "quiet", "json_")}
    work(out, ALL, settings_of(switches, study_file), quiet, json_, create=True)


def read(
    out: Out, sources: Sources = None, as_: As = None, map_: Map = None, file_format: FileFormat = None,
    delimiter: Delimiter = None, encoding: Encoding = None, platform: Platform = None, zone: Zone = None,
    time_format: TimeFormat = None, resolution: Resolution = None,
    threads: Threads = None, memory: Memory = None, study_file: StudyFile = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Files to events, accounts and rejects (or straight to traces). Nothing is lost silently."""
    switches = {k: v for k, v in locals().items() if k not in ("out", "study_file", "quiet", "json_")}
    work(out, ("read",), settings_of(switches, study_file), quiet, json_, create=True)


def trace(
    study: StudyFolder, trace: Trace = None, content_of_reposts: Reposts = None,
    threads: Threads = None, memory: Memory = None, quiet: Quiet = False, json_: Json = False,
) -> None:  # fmt: skip
    """Events to traces: which account touched which object, and when."""
    one_stage("trace", locals())


def pair(
    study: StudyFolder, trace: Trace = None, window: Window = None, min_objects: MinObjects = None,
    max_pairs: MaxPairs = None, threads: Threads = None, memory: Memory = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Traces to pairs of accounts that co-acted within a window."""
    one_stage("pair", locals())


def test_(
    study: StudyFolder, fdr: Fdr = None, any_dependence: AnyDependence = None, seed: Seed = None,
    threads: Threads = None, memory: Memory = None, quiet: Quiet = False, json_: Json = False,
) -> None:  # fmt: skip
    """Pairs to edges: those that act together more than the model explains, and the posts behind each."""
    one_stage("test", locals())


def calibrate(
    study: StudyFolder, calibrations: Calibrations = None, fdr: Fdr = None, seed: Seed = None, threads: Threads = None,
    quiet: Quiet = False, json_: Json = False,
) -> None:  # fmt: skip
    """The same tests on the same accounts with the coordination destroyed: what they still find is error.

    Four ways to destroy it: accounts permuted over each object's own times, whole posts dealt to others, accounts
    permuted among the equally fast, and who touched what drawn anew. The table `calibration` sets the error that a p
    promises (nominal) beside the error measured; -k 20 says how often a study like this one, in which nothing is to
    be found, has an edge at all.
    """
    one_stage("calibrate", locals())


def group(
    study: StudyFolder,
    fdr: Fdr = None,
    seed: Seed = None,
    threads: Threads = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Edges to groups: communities, and how stable they are."""
    one_stage("group", locals())


def moment(
    study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Bursts: many accounts on one object at once, beyond the object's own curve.

    It needs no pair that meets again, so it also shows accounts that act once. It says nothing about any single
    account, and a notification, a broadcast or an import can look the same: read `alternatives` in each row.
    """
    one_stage("moment", locals())


def coact(
    study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Co-actors: accounts that are in company again and again, whoever the company is.

    It needs no pair that meets again, so it shows large groups whose members seldom share a task. People who are shown
    a post at the same moment, and followers who forward at once, can look the same.
    """
    one_stage("coact", locals())


def sequence(
    study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Sequences: accounts that go through the same things in the same order, at any distance in time.

    Task sheets and bought packages are worked off like that; so is a public list, a thread or a newsletter that is read
    from top to bottom. Reading by age or by popularity is allowed for.
    """
    one_stage("sequence", locals())


def react(
    study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Accounts that answer one author within seconds, again and again.

    Sooner than the author's other followers, and sooner than they are themselves with others. It needs reposts,
    quotes or replies, and the posts that they answer. A fan with notifications switched on looks the same.
    """
    one_stage("react", locals())


def profile(
    study: StudyFolder, fdr: Fdr = None, control: Control = None, quiet: Quiet = False, json_: Json = False
) -> None:
    """Facts about each group: who comes first, what else could explain it, how it compares (--control).

    Coming first is no proof of giving orders: a clock may be early, an author comes before those who repeat it.
    """
    one_stage("profile", locals())


def check(
    study: StudyFolder, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """The data itself: how it was collected, gaps, caps, clocks, and what each of them does to the tests.

    Facts about a collection, no accusations: docs/check.md says what each check sees. The table is `checks`.
    """
    one_stage("check", locals())


def report(
    study: StudyFolder, known: Known = None, spreadsheet: Spreadsheet = None, quiet: Quiet = False, json_: Json = False
) -> None:
    """The report, the networks (GEXF, GraphML) and CSV files, from the tables that are there."""
    one_stage("report", locals())


def demo(
    out: Out = Path("demo"), seed: Annotated[int, typer.Option(help="Another seed, another world.")] = 20210416,
    threads: Threads = None, quiet: Quiet = False, json_: Json = False,
) -> None:  # fmt: skip
    """The main job on a built-in scenario: an invented crowd, and an operation planted in it."""
    from unisono.demo.answers import answers, write_page
    from unisono.demo.scenario import DEMO_MAP, make_demo, write_sources
    from unisono.study import make_settings, open_study

    source = out / "source"
    names = write_sources(make_demo(seed), source)  # the same seed gives the same bytes, so the study resumes
    given = {"sources": [str(p) for p in names], "map": DEMO_MAP, "threads": threads}
    settings = make_settings({k: v for k, v in given.items() if v is not None}, "demo")
    work(out / "study", ALL, settings, quiet, json_, create=True)
    truth = source / "truth.csv"
    lines = answers(open_study(out / "study"), truth) if truth.exists() else []
    page = write_page(lines, out) if lines else None
    if not quiet and not json_:
        screen.say(f"What was planted is in {truth}; the study never saw it.", *lines)
        screen.say(*([f"The same as a page: {page}"] if page else []))


def add(
    study: StudyFolder,
    signals: Annotated[list[Path] | None, typer.Option(help="Table of account_id,kind,value,time,source.")] = None,
    accounts: Annotated[list[Path] | None, typer.Option(help="Table of account_id,time,handle,name,...")] = None,
    known: Annotated[Path | None, typer.Option(help="CSV of legitimate networks: account_id,network,reason.")] = None,
    map_: Annotated[str | None, typer.Option("--map", help="Columns of other names: account_id=user.")] = None,
    observed: Annotated[str | None, typer.Option(help="Time of rows without one: 2024-05-31T12:00:00Z.")] = None,
    file_format: FileFormat = None, delimiter: Delimiter = None, encoding: Encoding = None, platform: Platform = None,
    zone: Zone = None, time_format: TimeFormat = None, json_: Json = False,
) -> None:  # fmt: skip
    """What you know beside the posts: signals, accounts as they were at other times, known networks.

    CSV, TSV, NDJSON, JSON or Parquet. A signal's kind is ip, asn, device, admin, email_domain, phone_prefix, payment,
    registrant or analytics_id. An account's columns are account_id, time, platform, kind, created, handle, name,
    description, location, avatar_hash, label, followers, following. Rows that cannot be used are in
    csv/rejects_signals.csv or csv/rejects_accounts.csv, with the reason. Adding again replaces what was added by the
    same switch; name a switch twice for two files.
    """
    from unisono.cli.supply import add_known, add_table
    from unisono.study import UserError, open_study

    tables = {n: v for n, v in (("signals", signals), ("accounts", accounts)) if v}
    if not tables and not known:
        raise UserError("there is nothing to add", "name a file with --signals, --accounts or --known")
    if len(tables) > 1 and map_:
        raise UserError("--map is of one table, and two are given", "add signals and accounts one after the other")
    opened, lines = open_study(study), []
    switches = {
        "map": map_, "file_format": file_format, "delimiter": delimiter, "encoding": encoding, "platform": platform,
        "zone": zone, "time_format": time_format,
    }  # fmt: skip
    with opened.lock():
        for name, files in tables.items():
            lines += add_table(name, opened, files, settings_of(switches, None), observed)
        if known:
            lines += add_known(opened, known)
    if json_:
        screen.data({"study": study, "story": lines})
    else:
        screen.say(*lines)
