"""The main job, top to bottom: files, events, traces, pairs, edges, groups; moments, reactions, profiles;
checks of the data itself; report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unisono.calibration import write_calibration
from unisono.checks import write_checks
from unisono.edges import write_edges
from unisono.events import read_sources, source_names
from unisono.exports.stage import write_exports
from unisono.groups import write_groups
from unisono.moments import write_moments
from unisono.pairs import write_pairs
from unisono.pairs.stage import window_us
from unisono.profiles import write_profiles
from unisono.reactions import write_reactions
from unisono.study import Progress, Settings, StageOutput, Study, UserError, open_study, save_settings
from unisono.study.files import sha256_file
from unisono.traces import write_traces

STAGES = ("read", "trace", "pair", "test", "calibrate", "group", "moment", "react", "profile", "check", "report")


def run(study: Study, settings: Settings, progress: Progress) -> list[str]:
    """All stages; those whose input and settings did not change are left alone. Returns the ones that ran."""
    return [s for s in STAGES if run_stage(s, study, settings, progress)]


def run_stage(name: str, study: Study, settings: Settings, progress: Progress) -> bool:
    """One stage. Returns whether it had anything to do. Raises UserError."""
    for window in settings.window or ():
        window_us(window)  # a typo is found before hours of reading
    stage = {
        "read": _read, "trace": _trace, "pair": _pair, "test": _test, "calibrate": _calibrate, "group": _group,
        "moment": _moment, "react": _react, "profile": _profile, "check": _check, "report": _report,
    }[name]  # fmt: skip
    ran = stage(study, settings, progress)
    save_settings(settings, study.path / "study.yaml")
    return ran


def _read(study: Study, settings: Settings, progress: Progress) -> bool:
    paths = [Path(s) for s in settings.sources]
    if not paths:
        raise UserError("there is nothing to read", "name at least one file: unisono run SOURCE --out STUDY")
    if missing := [str(p) for p in paths if not p.is_file()]:
        raise UserError(f"{missing[0]} is no file", "check its name; several files are given one after the other")
    reads = settings.part("format", "file_format", "map", "platform", "zone", "time_format", "resolution", "limits")
    reads["sources"] = [[n, sha256_file(p)] for n, p in zip(source_names(paths), paths, strict=True)]

    def make(out: StageOutput) -> None:
        read_sources(paths, settings, out, progress)

    return study.stage("read", needs=(), settings=reads, make=make)


def _trace(study: Study, settings: Settings, progress: Progress) -> bool:
    read = study.manifest.stages.get("read")
    if read and "traces" in read.tables:  # the rows were traces already
        return False

    def make(out: StageOutput) -> None:
        write_traces(study, settings, out, progress)

    return study.stage("trace", needs=("events",), settings=settings.part("trace", "content_of_reposts"), make=make)


def _pair(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_pairs(study, settings, out, progress)

    return study.stage("pair", needs=("traces",), settings=settings.part("trace", "window", "min_objects"), make=make)


def _test(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_edges(study, settings, out, progress)

    pair = study.manifest.stages.get("pair")
    reads = settings.part("fdr", "any_dependence", "seed") | {"windows": pair.facts["windows"] if pair else {}}
    return study.stage("test", needs=("traces", "pairs"), settings=reads, make=make)


def _calibrate(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_calibration(study, settings, out, progress)

    pair = study.manifest.stages.get("pair")
    reads = settings.part("fdr", "any_dependence", "seed", "calibrations")
    reads |= {"windows": pair.facts["windows"] if pair else {}}
    return study.stage("calibrate", needs=("traces", "pairs"), settings=reads, make=make)


def _group(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_groups(study, settings, out, progress)

    reads = settings.part("resolutions", "n_seeds", "min_accounts", "seed", "fdr")
    return study.stage("group", needs=("edges", "traces"), settings=reads, make=make)


def _moment(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_moments(study, settings, out, progress)

    pair = study.manifest.stages.get("pair")
    reads = settings.part("fdr") | {"windows": pair.facts["windows"] if pair else {}}
    return study.stage("moment", needs=("traces", "pairs"), settings=reads, make=make)


def _react(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_reactions(study, settings, out, progress)

    return study.stage("react", needs=("events", "traces"), settings=settings.part("trace", "fdr"), make=make)


def _profile(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_profiles(study, settings, out, progress)

    reads = settings.part("fdr")
    if settings.control:
        other = open_study(Path(settings.control))
        other.file("traces")  # says how to make them where there are none
        own = study.manifest.tables["traces"].content_hash if study.has("traces") else ""
        reads |= settings.part("seed") | {"control": other.manifest.tables["traces"].content_hash, "traces": own}
    return study.stage("profile", needs=("members", "evidence"), settings=reads, make=make)


def _check(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_checks(study, out, progress)

    needs = [t for t in ("events", "traces", "rejects", "edges") if study.has(t) or t == "events"]
    return study.stage("check", needs=needs, settings={}, make=make)


def _report(study: Study, settings: Settings, progress: Progress) -> bool:
    def make(out: StageOutput) -> None:
        write_exports(study, settings, out, progress)

    tells: dict[str, Any] = settings.model_dump(mode="json", by_alias=True, exclude={"threads", "memory"})
    if settings.known and Path(settings.known).is_file():
        tells["known_sha256"] = sha256_file(Path(settings.known))
    tables = (
        "events", "accounts", "rejects", "traces", "edges", "evidence", "groups", "members",
        "moments", "reactions", "profiles", "calibration", "checks",
    )  # fmt: skip
    return study.stage("report", needs=tables, settings=tells, make=make)
