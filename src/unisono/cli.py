"""The command line: verbs only."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from unisono import pipeline, terminal
from unisono.add import add_known, add_table
from unisono.checks import check_lines
from unisono.edges import pair_of
from unisono.edges.advise_words import advise_study
from unisono.edges.why import why_lines
from unisono.events.listing import about, rows_of_fields, rows_of_formats
from unisono.groups.by_hand import bound_lines
from unisono.guard import guarded
from unisono.lab.demo import DEMO_MAP, make_demo, write_sources
from unisono.options import (
    AnyDependence,
    As,
    Calibrations,
    Control,
    Fdr,
    FileFormat,
    Known,
    Map,
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
from unisono.show import page
from unisono.study import UserError, make_settings, open_study
from unisono.verify import changed_sources, kept_files, problems
from unisono.work import one_stage, work

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Find accounts that act in unison, and see the posts that show it.\n\n"
    "Start with `unisono demo`, then `unisono run posts.csv --map account=author,time=created,text=body "
    "--zone UTC --out STUDY` and open STUDY/report.html.",
)


@app.command()
def run(
    out: Out, sources: Sources = None, as_: As = None, map_: Map = None, file_format: FileFormat = None,
    platform: Platform = None, zone: Zone = None, time_format: TimeFormat = None, resolution: Resolution = None,
    trace: Trace = None, window: Window = None, min_objects: MinObjects = None, content_of_reposts: Reposts = None,
    fdr: Fdr = None, any_dependence: AnyDependence = None, calibrations: Calibrations = None, known: Known = None,
    control: Control = None, spreadsheet: Spreadsheet = None,
    seed: Seed = None, threads: Threads = None, memory: Memory = None, study_file: StudyFile = None,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """The main job: tables, report.html, network.gexf and manifest.json. Resumes where it stopped."""
    switches = {k: v for k, v in locals().items() if k not in ("out", "study_file", "quiet")}
    work(out, pipeline.STAGES, settings_of(switches, study_file), quiet, create=True)


@app.command()
def read(
    out: Out, sources: Sources = None, as_: As = None, map_: Map = None, file_format: FileFormat = None,
    platform: Platform = None, zone: Zone = None, time_format: TimeFormat = None, resolution: Resolution = None,
    threads: Threads = None, memory: Memory = None, study_file: StudyFile = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Files to events, accounts and rejects (or straight to traces). Nothing is lost silently."""
    switches = {k: v for k, v in locals().items() if k not in ("out", "study_file", "quiet")}
    work(out, ("read",), settings_of(switches, study_file), quiet, create=True)


@app.command()
def trace(
    study: StudyFolder, trace: Trace = None, content_of_reposts: Reposts = None,
    threads: Threads = None, memory: Memory = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Events to traces: which account touched which object, and when."""
    one_stage("trace", locals())


@app.command()
def advise(study: StudyFolder, trace: Trace = None, fdr: Fdr = None, seed: Seed = None, quiet: Quiet = False) -> None:
    """Which windows to use: what the clocks allow, and what could be found at each. Changes nothing; needs traces.

    power_10_1 is the probability that two accounts that act together on 10 objects within the window would be an edge,
    power_10_100 the same where a hundred pairs do so; needs_1 and needs_100 how many objects a middling pair needs.
    """
    opened = open_study(study)
    chosen = settings_of({"trace": trace, "fdr": fdr, "seed": seed}, opened.settings_file)
    with terminal.watching(quiet) as bars:
        rows, lines = advise_study(opened, chosen.trace, chosen.fdr, chosen.seed, bars)
    terminal.grid(rows, "What could be found at which window", rows.num_rows)
    if not quiet:
        terminal.say(*lines)


@app.command()
def pair(
    study: StudyFolder, trace: Trace = None, window: Window = None, min_objects: MinObjects = None,
    threads: Threads = None, memory: Memory = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Traces to pairs of accounts that co-acted within a window."""
    one_stage("pair", locals())


@app.command("test")
def test_(
    study: StudyFolder, fdr: Fdr = None, any_dependence: AnyDependence = None, seed: Seed = None,
    threads: Threads = None, memory: Memory = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Pairs to edges: those that chance cannot explain, and the posts behind each."""
    one_stage("test", locals())


@app.command()
def calibrate(
    study: StudyFolder, calibrations: Calibrations = None, fdr: Fdr = None, seed: Seed = None, threads: Threads = None,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """The same tests on the same accounts with the coordination destroyed: what they still find is error.

    Four ways to destroy it: accounts permuted over each object's own times, whole posts dealt to others, accounts
    permuted among the equally fast, and who touched what drawn anew. The table `calibration` sets the error that a p
    promises (nominal) beside the error measured; -k 20 says how often a study like this one, in which nothing is to
    be found, has an edge at all.
    """
    one_stage("calibrate", locals())


@app.command()
def group(
    study: StudyFolder, fdr: Fdr = None, seed: Seed = None, threads: Threads = None, quiet: Quiet = False
) -> None:
    """Edges to groups: communities, and how stable they are."""
    one_stage("group", locals())


@app.command()
def moments(study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False) -> None:
    """Bursts: many accounts on one object at once, beyond the object's own curve.

    It needs no pair that meets again, so it also shows accounts that act once. It says nothing about any single
    account, and a notification, a broadcast or an import can look the same: read `alternatives` in each row.
    """
    one_stage("moment", locals())


@app.command()
def reactions(study: StudyFolder, fdr: Fdr = None, quiet: Quiet = False) -> None:
    """Accounts that answer one author within seconds, again and again.

    Sooner than the author's other followers, and sooner than they are themselves with others. It needs reposts,
    quotes or replies, and the posts that they answer. A fan with notifications switched on looks the same.
    """
    one_stage("react", locals())


@app.command()
def profile(study: StudyFolder, fdr: Fdr = None, control: Control = None, quiet: Quiet = False) -> None:
    """Facts about each group: who comes first when it acts, and is that more than chance.

    Coming first is no proof of giving orders: a clock may be early, an author comes before those who repeat it.
    """
    one_stage("profile", locals())


@app.command()
def check(study: StudyFolder, quiet: Quiet = False) -> None:
    """The data itself: how it was collected, gaps, caps, clocks, and what each of them does to the tests.

    Facts about a collection, no accusations: docs/check.md says what each check sees. The table is `checks`.
    """
    one_stage("check", locals())
    if not quiet:
        terminal.say(*check_lines(open_study(study)))


@app.command()
def add(
    study: StudyFolder,
    signals: Annotated[list[Path] | None, typer.Option(help="Table of account_id,kind,value,time,source.")] = None,
    accounts: Annotated[list[Path] | None, typer.Option(help="Table of account_id,time,handle,name,...")] = None,
    known: Annotated[Path | None, typer.Option(help="CSV of legitimate networks: account_id,network,reason.")] = None,
    map_: Annotated[str | None, typer.Option("--map", help="Columns of other names: account_id=user.")] = None,
    observed: Annotated[str | None, typer.Option(help="Time of rows without one: 2024-05-31T12:00:00Z.")] = None,
    file_format: FileFormat = None, platform: Platform = None, zone: Zone = None, time_format: TimeFormat = None,
) -> None:  # fmt: skip
    """What you know beside the posts: signals, accounts as they were at other times, known networks.

    CSV, TSV, NDJSON, JSON or Parquet. A signal's kind is ip, asn, device, admin, email_domain, phone_prefix, payment,
    registrant or analytics_id. An account's columns are account_id, time, platform, kind, created, handle, name,
    description, location, avatar_hash, label, followers, following. Rows that cannot be used are in
    csv/rejects_signals.csv or csv/rejects_accounts.csv, with the reason. Adding again replaces what was added by the
    same switch; name a switch twice for two files.
    """
    tables = {n: v for n, v in (("signals", signals), ("accounts", accounts)) if v}
    if not tables and not known:
        raise UserError("there is nothing to add", "name a file with --signals, --accounts or --known")
    if len(tables) > 1 and map_:
        raise UserError("--map is of one table, and two are given", "add signals and accounts one after the other")
    opened = open_study(study)
    switches = {"map": map_, "file_format": file_format, "platform": platform, "zone": zone, "time_format": time_format}
    with opened.lock():
        for name, files in tables.items():
            terminal.say(*add_table(name, opened, files, settings_of(switches, None), observed))
        if known:
            terminal.say(*add_known(opened, known))


@app.command()
def report(study: StudyFolder, known: Known = None, spreadsheet: Spreadsheet = None, quiet: Quiet = False) -> None:
    """The report, the networks (GEXF, GraphML) and CSV files, from the tables that are there."""
    one_stage("report", locals())


@app.command()
def demo(
    out: Out = Path("demo"), seed: Annotated[int, typer.Option(help="Another seed, another world.")] = 20210416,
    threads: Threads = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """The main job on a built-in scenario: an invented crowd, and an operation planted in it."""
    source = out / "source"
    names = write_sources(make_demo(seed), source)  # the same seed gives the same bytes, so the study resumes
    given = {"sources": [str(p) for p in names], "map": DEMO_MAP, "threads": threads}
    settings = make_settings({k: v for k, v in given.items() if v is not None}, "demo")
    work(out / "study", pipeline.STAGES, settings, quiet, create=True)
    if not quiet:
        terminal.say(f"What was planted is in {source / 'truth.csv'}; the study never saw it.")


@app.command("formats")
def formats_(
    name: Annotated[str | None, typer.Argument(help="A format; without it, the list of all.")] = None,
) -> None:
    """Which formats are read, and by which columns each is known; of one, where every field is taken from."""
    if name is None:
        terminal.cells(("format", "what it is", "known by"), rows_of_formats())
        return
    fields = rows_of_fields(name)
    terminal.say(*about(name), "")
    terminal.cells(("field", "taken from"), fields)


@app.command()
def show(
    study: StudyFolder,
    table: Annotated[str | None, typer.Argument(help="A table; without it, the story so far.")] = None,
    pair: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="Two accounts.")] = None,
    account: Annotated[str | None, typer.Option(help="One account.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
) -> None:  # fmt: skip
    """Look into a study: `show STUDY edges`, `show STUDY evidence --pair A B`, `show STUDY events --account X`."""
    opened = open_study(study)
    if table is None and pair is None and account is None:
        terminal.say(*terminal.summary(opened))
        return
    name = table or ("evidence" if pair else "edges")
    rows, total = page(opened, name, pair, account, limit)
    terminal.grid(rows, f"{name}: {total:,} rows", total)


@app.command()
def why(
    study: StudyFolder,
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[str, typer.Argument(metavar="B")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[C...]")] = None,
) -> None:
    """Why two accounts are linked, or are not, or cannot be judged; of more accounts, how many links are real at least.

    The accounts may be picked by hand, after a look at the results: the bound holds for every set at once.
    """
    opened = open_study(study)
    if more:
        terminal.say(*bound_lines(opened, [a, b, *more]))
    else:
        terminal.say(*why_lines(opened, *pair_of(opened, a, b), a, b))


@app.command()
def verify(
    study: StudyFolder,
    sources: Annotated[
        bool, typer.Option("--sources", help="Read the sources again too: are they what was read?")
    ] = False,
    expect: Annotated[str | None, typer.Option(metavar="FINGERPRINT", help="The fingerprint that you kept.")] = None,
) -> None:
    """Whether anything changed since the study was written: every line of its manifest against files and the rest.

    It prints the study's fingerprint. Keep that elsewhere (in a mail, on paper): hashes inside a folder find accidents
    and edits, but somebody who computes them all anew is found only by a fingerprint that was out of reach.
    """
    opened = open_study(study)
    found = problems(opened)
    fingerprint = opened.manifest.made_fingerprint()
    if sources:
        found += changed_sources(opened)
    if expect is not None and expect.strip().lower() != fingerprint:
        found.append(f"its fingerprint is {fingerprint}, not the one expected")
    if found:
        raise UserError(f"{study} is not what was written: " + "; ".join(found), "run it again from its sources")
    m = opened.manifest
    terminal.say(f"{study} is as it was written: {len(m.tables)} tables, {len(m.files)} other files, all hashes agree.")
    if sources:
        terminal.say("The sources are the files that were read.")
    if kept := kept_files(opened):
        terminal.say(f"Beside it lie files that somebody had changed: {', '.join(kept)}.")
    terminal.say(f"Fingerprint: {fingerprint}")


def main() -> None:
    """Run the command; whatever goes wrong ends in a sentence, not in a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):  # a console or pipe of a small alphabet gets the rest escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(guarded(lambda: app(prog_name="unisono", standalone_mode=True)))


if __name__ == "__main__":
    main()
