"""What most commands do: run stages under the study's lock, show progress, and tell the story."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from unisono.cli import screen
from unisono.cli.guard import NOTHING
from unisono.cli.options import WHERE, plain

if TYPE_CHECKING:
    from unisono.study import Settings, Study

ALL: tuple[str, ...] = ()
"""Every stage of the main job."""
_TOLD = ("calibrate", "moment", "coact", "sequence", "react", "profile", "check")
"""Stages whose tables only the report reads: it is made again after them, where there was one."""


def one_stage(name: str, switches: dict[str, Any]) -> None:
    """One stage of the study in `switches`, with its settings as they were but for the switches given."""
    from unisono.study import changed_settings, open_study

    folder = switches["study"]
    study = open_study(folder)
    stages = (name, "report") if name in _TOLD and "report.html" in study.manifest.files else (name,)
    settings = changed_settings(study.settings_file, plain(switches), WHERE)
    work(folder, stages, settings, switches["quiet"], switches["json_"])


def work(
    folder: Path, stages: tuple[str, ...], settings: Settings, quiet: bool, as_json: bool = False, create: bool = False
) -> None:
    """Run stages under the study's lock, with progress, and tell the story.

    Raises UserError; typer.Exit(NOTHING) where no row became anything that could be compared.
    """
    from unisono.cli import memory
    from unisono.study import UserError, open_study

    if what := memory.short(memory.COMPILE):  # before anything is compiled
        raise UserError(what, memory.REMEDY)
    gc.disable()  # what modules are made of stays: a search for garbage in it finds none
    from unisono import pipeline
    from unisono.cli import compiling

    gc.enable()
    study = open_study(folder, create=create)
    with study.lock(), screen.watching(quiet) as bars, compiling.shown(bars):
        for stage in stages or pipeline.STAGES:
            pipeline.run_stage(stage, study, settings, bars)
    for name, kept in study.kept.items():
        screen.warn(f"{name} was changed since unisono wrote it; it is kept as {kept}")
    if as_json:
        screen.data(told(study, stages))
    elif not quiet:
        said = told(study, stages)
        screen.say(*said["story"])
        if said["report"]:
            screen.say(f"Report: {said['report']}")
        elif "groups" in study.manifest.tables:
            screen.say(f"There is no report of these results yet; unisono report {study.path} makes it")
    tables = study.manifest.tables
    if not any(tables[t].rows for t in ("events", "traces") if t in tables):
        raise typer.Exit(NOTHING)


def told(study: Study, stages: tuple[str, ...] = ALL) -> dict[str, Any]:
    """The story of a study, its tables' rows, and where its report is; after a check, what was found."""
    from unisono.exports.story import summary

    lines = summary(study)
    if "check" in stages:
        from unisono.checks import check_lines

        lines += check_lines(study)
    report = study.path / "report.html" if "report.html" in study.manifest.files else None
    tables = {name: t.rows for name, t in study.manifest.tables.items()}
    return {"study": str(study.path), "story": lines, "tables": tables, "report": report and str(report.resolve())}
