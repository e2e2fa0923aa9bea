"""A stage is a function of what its line in the table declares: of no other setting, table, note or file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.small import MAP, small_sources
from unisono import pipeline
from unisono.pipeline import ALL, STEPS, Stage
from unisono.study import Progress, Quiet, Settings, StageOutput, Study, make_settings, open_study
from unisono.study.folder import UndeclaredTable
from unisono.study.manifest import Manifest
from unisono.study.settings import MACHINE, UndeclaredSetting
from unisono.tables import TABLES

NAMES = [s.name for s in STEPS]


class Stop(Exception):  # noqa: N818
    """Ends a stage that has shown what it sees."""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Settings of a small study, as a study.yaml has them."""
    sources = small_sources(tmp_path_factory.mktemp("stages"))
    with sources[0].open("a") as f:
        f.write('{"cut off\n')  # a reject
    return {"sources": [str(p) for p in sources], "map": MAP, "n_seeds": 2, "threads": 1}


@pytest.fixture(scope="module")
def finished(given: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It, finished, with a list of known networks and set beside itself as the study of ordinary accounts."""
    folder = tmp_path_factory.mktemp("finished")
    study = open_study(folder / "study", create=True)
    pipeline.run(study, make_settings(given, "test"), Quiet())
    given["control"] = str(shutil.copytree(study.path, folder / "ordinary"))
    (folder / "known.csv").write_text("account_id,network,reason\nplaza/page_00001,syndicate,one newsroom\n")
    given["known"] = str(folder / "known.csv")
    pipeline.run(study, make_settings(given, "test"), Quiet())
    return study.path


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Study:
    """A copy of the finished study."""
    return open_study(Path(shutil.copytree(finished, tmp_path / "study")))


def swap(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setitem(pipeline._BY_NAME, stage.name, stage)


def in_reach(look: Callable[[str], object], name: str) -> bool:
    """Whether a stage may look at this setting or table."""
    try:
        look(name)
    except (UndeclaredSetting, UndeclaredTable):
        return False
    return True


@pytest.mark.parametrize("stage", STEPS, ids=NAMES)
def test_a_stage_that_looks_at_what_it_does_not_declare_fails(
    stage: Stage, study: Study, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, set[str]] = {}
    declared = {*stage.needs, *stage.uses}
    absent = declared - study.manifest.tables.keys()

    def look(inner: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
        seen["settings"] = {n for n in Settings.model_fields if in_reach(lambda n: getattr(settings, n), n)}
        for how in (inner.has, inner.file, inner.read, lambda t: next(inner.batches(t), None)):
            seen[str(how)] = {t for t in TABLES if t not in absent and in_reach(how, t)}
        raise Stop

    other = {"seed": 9} if "seed" in stage.reads else {"map": "a=b"} if "map" in stage.reads else {}
    swap(monkeypatch, replace(stage, make=look, beside=lambda study, settings: {"again": True}))
    with pytest.raises(Stop):
        pipeline.run_stage(stage.name, study, make_settings(given | other, "test"), Quiet())
    assert seen.pop("settings") == {*stage.reads, *stage.tells, *MACHINE}
    assert len(seen) == 4
    assert all(tables == declared - absent for tables in seen.values())


def alone(finished: Path, tables: Iterable[str], folder: Path) -> Study:
    """A study that holds these tables, what their makers noted beside them, and nothing else."""
    whole, shown = open_study(finished), Manifest()
    for name, record in whole.manifest.stages.items():
        if left := {t: r for t, r in record.tables.items() if t in tables}:
            blank: dict[str, Any] = {"key": "", "settings": {}, "inputs": {}, "said": {}, "files": {}, "tables": left}
            shown.stages[name] = record.model_copy(update=blank)
            shown.sources |= whole.manifest.sources if name == "read" else {}
            for file in (f for t in left.values() for f in t.files):
                folder.mkdir(exist_ok=True)
                shutil.copy(finished / file, folder / file)
    folder.mkdir(exist_ok=True)
    shown.save(folder / "manifest.json")
    return open_study(folder)


def made(stage: Stage, study: Study, settings: Settings, folder: Path) -> dict[str, Any]:
    """What a stage makes of a study: tables by content, files by bytes, notes and facts."""
    folder.mkdir()
    out = StageOutput(folder)
    stage.make(study, settings, out, Quiet())
    tables = {n: t.content_hash for n, t in out.tables.items()}
    return {"tables": tables, "files": {n: f.sha256 for n, f in out.files.items()}, "notes": out.notes} | out.facts


def kept(stage: Stage, finished: Path) -> dict[str, Any]:
    """The same of the finished study."""
    record = open_study(finished).manifest.stages[stage.name]
    tables = {n: t.content_hash for n, t in record.tables.items()}
    facts = {n: f for n, f in record.facts.items() if n != "sources"}
    return {"tables": tables, "files": {n: f.sha256 for n, f in record.files.items()}, "notes": record.notes} | facts


@pytest.mark.parametrize("stage", STEPS, ids=NAMES)
def test_what_a_stage_declares_is_all_that_it_needs(
    stage: Stage, finished: Path, given: dict[str, Any], tmp_path: Path
) -> None:
    shown = make_settings(given, "test").only(*stage.reads, *stage.tells)
    few = alone(finished, (*stage.needs, *stage.uses), tmp_path / "alone")
    assert made(stage, few, shown, tmp_path / "out") == kept(stage, finished)


@pytest.mark.parametrize("stage", STEPS, ids=NAMES)
def test_a_stage_declares_nothing_that_it_does_not_need(
    stage: Stage, finished: Path, given: dict[str, Any], tmp_path: Path
) -> None:
    settings, tables = make_settings(given, "test"), (*stage.needs, *stage.uses)
    names = (*stage.reads, *stage.tells)
    for i, hidden in enumerate(() if stage.reads == ALL else names):  # the report tells them all, as a command
        few = alone(finished, tables, tmp_path / f"alone{i}")
        with pytest.raises(UndeclaredSetting, match=repr(hidden)):
            made(stage, few, settings.only(*(n for n in names if n != hidden)), tmp_path / f"out{i}")
    for hidden in [t for t in tables if t in open_study(finished).manifest.tables]:
        few = alone(finished, [t for t in tables if t != hidden], tmp_path / hidden)
        try:
            same = made(stage, few, settings.only(*names), tmp_path / f"{hidden}.out") == kept(stage, finished)
        except Exception:
            same = False
        assert not same, hidden


CHANGED: dict[str, Any] = {
    "as": "table", "file_format": "csv", "delimiter": "tab", "encoding": "utf-16", "map": "account=a,time=b",
    "platform": "x", "zone": "Europe/Prague", "time_format": "unix", "resolution": "1s", "limits": {"nesting": 3},
    "content_of_reposts": True, "trace": ["url"], "window": ["60s"], "min_objects": 3, "max_pairs": 5_000_000,
    "resolutions": [0.1], "n_seeds": 3, "min_accounts": 4, "fdr": 0.01, "any_dependence": True, "calibrations": 2,
    "spreadsheet": True, "seed": 1, "control": None, "known": None,
}  # fmt: skip
"""Every setting by another value; sources have tests of their own."""


def stand_in(patch: pytest.MonkeyPatch, finished: Path) -> None:
    """Stages that make again what they made, whatever they are told: what runs is decided by their keys alone."""
    whole = open_study(finished)

    def making(name: str) -> Callable[[Study, Settings, StageOutput, Progress], None]:
        def make(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
            record = whole.manifest.stages[name]
            for file in record.all_files:
                (out.folder / file).parent.mkdir(exist_ok=True)
                shutil.copy(finished / file, out.folder / file)
            out.tables, out.files, out.notes, out.facts = record.tables, record.files, record.notes, {**record.facts}
            out.sources = whole.manifest.sources if name == "read" else None

        return make

    for stage in STEPS:
        swap(patch, replace(stage, make=making(stage.name)))


@pytest.mark.parametrize("setting", CHANGED)
def test_a_changed_setting_makes_the_stages_that_declare_it_again_and_no_other(
    setting: str, finished: Path, study: Study, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, finished)
    assert pipeline.run(study, make_settings(given, "test"), Quiet()) == []
    name = "format" if setting == "as" else setting
    declared = [s.name for s in STEPS if name in s.reads]
    other = make_settings(given | {setting: CHANGED[setting]}, "test")
    assert pipeline.run(study, other, Quiet()) == declared
    assert declared[-1] == "report"
    assert pipeline.run(study, other, Quiet()) == []
    assert pipeline.run(study, make_settings(given, "test"), Quiet()) == declared


def test_every_setting_is_changed_once() -> None:
    assert {"format" if n == "as" else n for n in CHANGED} | {"sources"} == set(ALL)
    assert {*ALL, *MACHINE} == set(Settings.model_fields)


def test_a_source_counts_by_its_bytes_and_name_and_not_by_its_place(
    finished: Path, study: Study, given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, finished)

    def ran(*sources: str) -> list[str]:
        return pipeline.run(study, make_settings(given | {"sources": sources}, "test"), Quiet())

    first, second = given["sources"]
    assert ran(first, second) == []
    moved = shutil.copy(first, tmp_path)
    assert ran(moved, second) == ["report"]  # which tells the command
    assert ran(second, moved) == ["read", "report"]  # the later collected one stays
    assert ran(first, second) == ["read", "report"]
    renamed = shutil.copy(first, str(tmp_path / "other.ndjson"))
    assert ran(renamed, second) == ["read", "report"]
    with Path(renamed).open("ab") as f:
        f.write(b"\n")
    assert ran(renamed, second) == ["read"]  # the stand-in tells the same of other bytes


@pytest.mark.parametrize("name", MACHINE)
def test_a_setting_of_the_machine_makes_nothing_again(
    name: str, finished: Path, study: Study, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, finished)
    other = {"threads": 2, "memory": "1GB"}[name]
    assert pipeline.run(study, make_settings(given | {name: other}, "test"), Quiet()) == []
