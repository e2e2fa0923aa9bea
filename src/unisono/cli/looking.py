"""The verbs that look: into a study, at the formats, at which windows to use. They change nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from unisono.cli import screen
from unisono.cli.options import Fdr, Quiet, Seed, StudyFolder, Trace, settings_of


def advise(study: StudyFolder, trace: Trace = None, fdr: Fdr = None, seed: Seed = None, quiet: Quiet = False) -> None:
    """Which windows to use: what the clocks allow, and what could be found at each. Changes nothing; needs traces.

    power_10_1 is the probability that two accounts that act together on 10 objects within the window would be an edge,
    power_10_100 the same where a hundred pairs do so; needs_1 and needs_100 how many objects a middling pair needs.
    """
    from unisono.advise.sentences import advise_study
    from unisono.study import open_study

    opened, chosen = open_study(study), settings_of({"trace": trace, "fdr": fdr, "seed": seed}, study / "study.yaml")
    with screen.watching(quiet) as bars:
        rows, lines = advise_study(opened, chosen.trace, chosen.fdr, chosen.seed, bars)
    screen.grid(rows, "What could be found at which window", rows.num_rows)
    if not quiet:
        screen.say(*lines)


def formats_(
    name: Annotated[str | None, typer.Argument(help="A format; without it, the list of all.")] = None,
) -> None:
    """Which formats are read, and by which columns each is known; of one, where every field is taken from."""
    from unisono.events.listing import about, rows_of_fields, rows_of_formats

    if name is None:
        screen.cells(("format", "what it is", "known by"), rows_of_formats())
        return
    fields = rows_of_fields(name)
    screen.say(*about(name), "")
    screen.cells(("field", "taken from"), fields)


def show(
    study: StudyFolder,
    table: Annotated[str | None, typer.Argument(help="A table; without it, the story so far.")] = None,
    pair: Annotated[tuple[str, str] | None, typer.Option(metavar="A B", help="Two accounts.")] = None,
    account: Annotated[str | None, typer.Option(help="One account.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
) -> None:  # fmt: skip
    """Look into a study: `show STUDY edges`, `show STUDY evidence --pair A B`, `show STUDY events --account X`."""
    from unisono.cli.rows import page
    from unisono.cli.story import summary
    from unisono.study import open_study

    opened = open_study(study)
    if table is None and pair is None and account is None:
        screen.say(*summary(opened))
        return
    name = table or ("evidence" if pair else "edges")
    rows, total = page(opened, name, pair, account, limit)
    screen.grid(rows, f"{name}: {total:,} rows", total)


def why(
    study: StudyFolder,
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[str, typer.Argument(metavar="B")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[C...]")] = None,
) -> None:
    """Why two accounts are linked, or are not, or cannot be judged; of more accounts, how many links are real at least.

    The accounts may be picked by hand, after a look at the results: the bound holds for every set at once.
    """
    from unisono.study import open_study

    opened = open_study(study)
    if more:
        from unisono.groups.by_hand import bound_lines

        screen.say(*bound_lines(opened, [a, b, *more]))
    else:
        from unisono.edges.why import why_lines
        from unisono.pairs.on_demand import pair_of

        screen.say(*why_lines(opened, *pair_of(opened, a, b), a, b))


def verify(study: StudyFolder) -> None:
    """Whether anything changed since the study was written: file hashes, content hashes, order, counts."""
    from unisono.study import UserError, open_study
    from unisono.study.verify import problems

    opened = open_study(study)
    found = problems(opened)
    if found:
        raise UserError(f"{study} is not what was written: " + "; ".join(found), "run it again from its sources")
    m = opened.manifest
    screen.say(f"{study} is as it was written: {len(m.tables)} tables, {len(m.files)} other files, all hashes agree.")
