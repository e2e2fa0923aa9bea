"""The verbs that look: into a study, at the formats, at which windows to use. They change nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from unisono.cli import screen
from unisono.cli.guard import FAILED
from unisono.cli.options import Fdr, Json, Quiet, Seed, StudyFolder, Trace, settings_of


def advise(
    study: StudyFolder, trace: Trace = None, fdr: Fdr = None, seed: Seed = None, quiet: Quiet = False,
    json_: Json = False,
) -> None:  # fmt: skip
    """Recommended windows and their power. Changes nothing; needs traces.

    power_10_1 is the probability that two accounts that act together on 10 objects within the window would be linked,
    power_10_100 the same where a hundred pairs do so; needs_1 and needs_100 how many objects the median pair needs.
    """
    from unisono.advise.study import advise_study
    from unisono.study import open_study
    from unisono.study.errors import spoken

    opened = open_study(study)
    chosen = settings_of({"trace": trace, "fdr": fdr, "seed": seed}, opened.settings_file)
    with screen.watching(quiet) as bars:
        rows, said = advise_study(opened, chosen.trace, chosen.fdr, chosen.seed, bars)
    lines = [spoken(line, "switches") for line in said]
    if json_:
        screen.data({"study": study, "rows": rows.to_pylist(), "story": lines})
        return
    screen.grid(rows, "What could be found at which window", rows.num_rows)
    if not quiet:
        screen.say(*lines)


def formats_(
    name: Annotated[str | None, typer.Argument(help="A format; without it, the list of all.")] = None,
    json_: Json = False,
) -> None:
    """Which formats are read, and by which columns each is known; of one, where every field is taken from."""
    from unisono.events.listing import about, rows_of_fields, rows_of_formats

    if name is None:
        rows = rows_of_formats()
        if json_:
            screen.data({"formats": [{"format": n, "what": what, "known_by": by} for n, what, by in rows]})
        else:
            screen.cells(("format", "what it is", "known by"), rows)
        return
    lines, fields = about(name), rows_of_fields(name)
    if json_:
        screen.data({"format": name, "about": lines, "fields": dict(fields)})
    else:
        screen.say(*lines, "")
        screen.cells(("field", "taken from"), fields)


def show(
    study: StudyFolder,
    table: Annotated[str | None, typer.Argument(help="A table; without it, the story so far.")] = None,
    pair: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="Two accounts.")] = None,
    account: Annotated[str | None, typer.Option(help="One account.")] = None,
    columns: Annotated[str | None, typer.Option(help="Columns to show, such as account_id,q; else all.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
    json_: Json = False,
) -> None:
    """Look into a study: the story, or the rows of a table, the strongest first.

    A table on a terminal, tab-separated where it is piped. `show STUDY groups`, `show STUDY edges --account X`,
    `show STUDY evidence --pair A B` (of any two accounts, linked or not).
    """
    from unisono.study import open_study

    opened = open_study(study)
    if table is None and pair is None and account is None:
        from unisono.cli.work import told

        said = told(opened)
        screen.data(said) if json_ else screen.say(*said["story"])
        return
    from unisono.cli.rows import chosen, page

    name = table or ("evidence" if pair else "edges")
    rows, total = page(opened, name, pair, account, limit)
    rows = chosen(rows, columns)
    if json_:
        screen.data({"table": name, "total": total, "rows": rows.to_pylist()})
    else:
        screen.grid(rows, f"{name}: {total:,} rows", total)


def why(
    study: StudyFolder,
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[str, typer.Argument(metavar="B")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[C...]")] = None,
    json_: Json = False,
) -> None:
    """Why two accounts are linked, or are not, or cannot be judged; of more, how many links this model cannot explain.

    The accounts may be picked by hand, after a look at the results: the bound holds for every set at once.
    """
    from unisono.study import open_study

    opened = open_study(study)
    if more:
        from unisono.groups.by_hand import bound_lines

        lines = list(bound_lines(opened, [a, b, *more]))
    else:
        from unisono.edges.why import why_lines
        from unisono.pairs.on_demand import pair_of

        lines = list(why_lines(opened, *pair_of(opened, a, b), a, b))
    if json_:
        screen.data({"accounts": [a, b, *(more or [])], "story": [line.strip() for line in lines]})
    else:
        screen.say(*lines)


def verify(
    study: StudyFolder,
    sources: Annotated[bool, typer.Option("--sources", help="Also whether the sources are what was read.")] = False,
    expect: Annotated[str | None, typer.Option(metavar="FINGERPRINT", help="The fingerprint that you kept.")] = None,
    json_: Json = False,
) -> None:
    """Whether anything changed since the study was written: every line of its manifest against files and the rest.

    It prints the study's fingerprint. Keep that elsewhere (in a mail, on paper): hashes inside a folder find accidents
    and edits, but somebody who computes them all anew is found only by a fingerprint that was out of reach. Exit
    status 3 where anything changed.
    """
    from unisono.study import open_study
    from unisono.study.verify import changed_sources, kept_files, problems

    opened = open_study(study)
    found, fingerprint = problems(opened), opened.manifest.made_fingerprint()
    if sources:
        found += changed_sources(opened)
    if expect is not None and expect.strip().lower() != fingerprint:
        found.append(f"its fingerprint is {fingerprint}, not the one expected")
    if json_:
        screen.data({"study": study, "ok": not found, "problems": found, "fingerprint": fingerprint})
    elif found:
        screen.complain(f"{study} is not what was written: " + "; ".join(found), "run it again from its sources")
    else:
        m = opened.manifest
        screen.say(
            f"{study} is as it was written: {len(m.tables)} tables, {len(m.files)} other files, all hashes agree."
        )
        if sources:
            screen.say("The sources are the files that were read.")
        if kept := kept_files(opened):
            screen.say(f"Beside it lie files that somebody had changed: {', '.join(kept)}.")
        screen.say(f"Fingerprint: {fingerprint}")
    if found:
        raise typer.Exit(FAILED)
