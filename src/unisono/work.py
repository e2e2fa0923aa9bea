"""What most commands do: run stages under the study's lock, show progress, and tell the story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unisono import pipeline, terminal
from unisono.options import WHERE, plain
from unisono.study import Settings, changed_settings, open_study


def one_stage(name: str, switches: dict[str, Any]) -> None:
    """One stage of the study in `switches`, with its settings as they were but for the switches given."""
    folder = switches["study"]
    used = open_study(folder).settings_file
    work(folder, (name,), changed_settings(used, plain(switches), WHERE), switches["quiet"])


def work(folder: Path, stages: tuple[str, ...], settings: Settings, quiet: bool, create: bool = False) -> None:
    """Run stages under the study's lock, with progress, and tell the story. Raises UserError."""
    study = open_study(folder, create=create)
    with study.lock(), terminal.watching(quiet) as bars:
        for stage in stages:
            pipeline.run_stage(stage, study, settings, bars)
    for name, kept in study.kept.items():
        terminal.warn(f"{name} was changed since unisono wrote it; it is kept as {kept}")
    if not quiet:
        terminal.say(*terminal.summary(study))
        if "report.html" in study.manifest.files:
            terminal.say(f"Report: {(study.path / 'report.html').resolve()}")
        elif "groups" in study.manifest.tables:
            terminal.say(f"There is no report of these results yet; unisono report {study.path} makes it")
