"""What most commands do: run stages under the study's lock, show progress, and tell the story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from unisono.cli.options import WHERE, plain

if TYPE_CHECKING:
    from unisono.study import Settings


ALL: tuple[str, ...] = ()
"""Every stage of the main job."""


def one_stage(name: str, switches: dict[str, Any]) -> None:
    """One stage of the study in `switches`, with its settings as they were but for the switches given."""
    from unisono.study import changed_settings, open_study

    folder = switches["study"]
    used = open_study(folder).path / "study.yaml"
    work(folder, (name,), changed_settings(used, plain(switches), WHERE), switches["quiet"])


def work(folder: Path, stages: tuple[str, ...], settings: Settings, quiet: bool, create: bool = False) -> None:
    """Run stages under the study's lock, with progress, and tell the story. Raises UserError."""
    from unisono import pipeline
    from unisono.cli import compiling, screen
    from unisono.cli.story import summary
    from unisono.study import open_study

    study = open_study(folder, create=create)
    with study.lock(), screen.watching(quiet) as bars, compiling.shown(bars):
        for stage in stages or pipeline.STAGES:
            pipeline.run_stage(stage, study, settings, bars)
    if not quiet:
        screen.say(*summary(study))
        if "report.html" in study.manifest.files:
            screen.say(f"Report: {(study.path / 'report.html').resolve()}")
        elif "groups" in study.manifest.tables:
            screen.say(f"There is no report of these results yet; unisono report {study.path} makes it")
