"""The command that repeats a study."""

from __future__ import annotations

import shlex

from unisono.exports.command import command_line
from unisono.study import Limits, Settings


def test_defaults_leave_a_short_command() -> None:
    assert command_line(Settings(sources=("a.csv",))) == "unisono run a.csv --seed 0 --out STUDY"


def test_every_setting_that_changes_the_result_is_named() -> None:
    settings = Settings.model_validate({
        "sources": ("my posts.csv", "$(rm).csv"), "as": "table", "map": "account=a,time=t",
        "window": ("60s", "10m"),
        "seed": 7, "spreadsheet": True, "threads": 2, "memory": "4GB", "min_objects": 3, "fdr": 0.01,
    })  # fmt: skip
    words = shlex.split(command_line(settings))
    assert words[:4] == ["unisono", "run", "my posts.csv", "$(rm).csv"]
    options = " ".join(words[4:])
    for part in (
        "--as table",
        "--map account=a,time=t",
        "--window 60s,10m",
        "--seed 7",
        "--spreadsheet",
        "--min-objects 3",
        "--fdr 0.01",
    ):
        assert part in options
    assert "threads" not in options
    assert "memory" not in options


def test_limits_are_no_switch_and_come_from_the_file() -> None:
    line = command_line(Settings(sources=("a.csv",), limits=Limits(nesting=3)))
    assert "--study STUDY/study.yaml" in line
