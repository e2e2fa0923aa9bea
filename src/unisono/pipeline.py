"""The main job, top to bottom: files, events, traces, pairs, edges, groups; moments, co-actors, sequences,
reactions, profiles; checks of the data itself; report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unisono.calibration import write_calibration
from unisono.checks import write_checks
from unisono.co_actors import write_co_actors
from unisono.edges import write_edges
from unisono.events import read_sources, source_names
from unisono.exports.stage import write_exports
from unisono.groups import write_groups
from unisono.moments import write_moments
from unisono.pairs import write_pairs
from unisono.pairs.stage import window_us
from unisono.profiles import write_profiles
from unisono.reactions import write_reactions
from unisono.sequences import write_sequences
from unisono.study import Progress, Settings, StageOutput, Study, UserError, either, open_study
from unisono.study.files import sha256_file
from unisono.study.settings import MACHINE
from unisono.traces import write_traces


def _nothing(study: Study, settings: Settings) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Stage:
    """One step of the main job. Its key is the hash of all that it is shown: nothing else can decide what it makes.

    verb: the command that runs it alone. needs: tables without which it cannot run. reads: settings; it is shown no
    others (but those of the machine, which change no result). uses: tables that it reads where they are there. tells:
    settings of which it only speaks (an estimate, a limit beyond which it refuses): they decide no result, no key.
    beside: what decides and lies outside the study, such as the bytes of a source; its `reads` are the stage's.
    """

    name: str
    verb: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    make: Callable[[Study, Settings, StageOutput, Progress], None]
    uses: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    beside: Callable[[Study, Settings], dict[str, Any]] = _nothing


def _read(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    read_sources([Path(s) for s in settings.sources], settings, out, progress)


def _sources(study: Study, settings: Settings) -> dict[str, Any]:
    """Each source's name and sha256: what it says counts, not where it lies."""
    paths = [Path(s) for s in settings.sources]
    if not paths:
        raise UserError(
            "there is nothing to read",
            either("name at least one file: unisono run SOURCE --out STUDY", "name at least one file"),
        )
    if missing := [str(p) for p in paths if not p.is_file()]:
        raise UserError(f"{missing[0]} is no file", "check its name; several files are given one after the other")
    study.refuse_sources_inside(paths)
    return {"sources": [[n, sha256_file(p)] for n, p in zip(source_names(paths), paths, strict=True)]}


def _control(study: Study, settings: Settings) -> dict[str, Any]:
    """The traces of the ordinary accounts, and the study's own beside which they are set."""
    if not settings.control:
        return {}
    other = open_study(Path(settings.control))
    other.file("traces")  # says how to make them where there are none
    own = study.manifest.tables["traces"].content_hash if study.has("traces") else ""
    return {"control": other.manifest.tables["traces"].content_hash, "traces": own}


def _check(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    write_checks(study, out, progress)


def _known(study: Study, settings: Settings) -> dict[str, Any]:
    known = settings.known and Path(settings.known)
    return {"known_sha256": sha256_file(known)} if known and known.is_file() else {}


ALL = tuple(n for n in Settings.model_fields if n not in MACHINE)
STEPS = (
    Stage(
        "read", "read", (),
        ("sources", "format", "file_format", "delimiter", "encoding", "map", "platform", "zone", "time_format",
         "resolution", "limits"),
        _read, beside=_sources,
    ),
    Stage("trace", "trace", ("events",), ("trace", "content_of_reposts"), write_traces),
    Stage("pair", "pair", ("traces",), ("trace", "window", "min_objects"), write_pairs,
          tells=("max_pairs", "calibrations")),
    Stage("test", "test", ("traces", "pairs"), ("fdr", "any_dependence", "seed"), write_edges),
    Stage(
        "calibrate", "calibrate", ("traces", "pairs", "edges"), ("fdr", "any_dependence", "seed", "calibrations"),
        write_calibration,
    ),
    Stage(
        "group", "group", ("edges", "traces"), ("resolutions", "n_seeds", "min_accounts", "seed", "fdr"),
        write_groups,
    ),
    Stage("moment", "moment", ("traces", "pairs"), ("fdr",), write_moments),
    Stage("coact", "coact", ("traces", "pairs"), ("fdr",), write_co_actors),
    Stage("sequence", "sequence", ("traces", "pairs"), ("fdr",), write_sequences),
    Stage("react", "react", ("events", "traces"), ("trace", "fdr"), write_reactions),
    Stage("profile", "profile", ("members", "evidence", "edges"), ("fdr", "seed", "control"), write_profiles,
          uses=("events", "traces", "pairs"), beside=_control),
    Stage("check", "check", ("events",), (), _check, uses=("traces", "rejects", "edges")),
    Stage(
        "report", "report",
        ("events", "accounts", "rejects", "traces", "edges", "evidence", "groups", "members", "moments", "co_actors",
         "sequences", "reactions", "profiles", "calibration", "checks"),
        ALL, write_exports, uses=("pairs", "twins", "synchrony", "signals", "accounts_added"), beside=_known,
    ),
)  # fmt: skip
"""The main job, a line for each stage, in the order in which they run."""
STAGES = tuple(s.name for s in STEPS)
_BY_NAME = {s.name: s for s in STEPS}


def run(study: Study, settings: Settings, progress: Progress) -> list[str]:
    """All stages; those whose input and settings did not change are left alone. Returns the ones that ran."""
    return [s for s in STAGES if run_stage(s, study, settings, progress)]


def run_stage(name: str, study: Study, settings: Settings, progress: Progress) -> bool:
    """One stage. Returns whether it had anything to do. Raises UserError."""
    for window in settings.window or ():
        window_us(window)  # a typo is found before hours of reading
    ran = name != "trace" or not _traces_were_read(study)
    ran = ran and _run(_BY_NAME[name], study, settings, progress)
    study.use(settings)
    return ran


def _run(stage: Stage, study: Study, settings: Settings, progress: Progress) -> bool:
    shown = settings.only(*stage.reads, *stage.tells)

    def make(out: StageOutput) -> None:
        stage.make(study, shown, out, progress)

    key = shown.part(*stage.reads) | stage.beside(study, shown)
    return study.stage(stage.name, needs=stage.needs, uses=stage.uses, settings=key, make=make)


def _traces_were_read(study: Study) -> bool:
    """Whether the rows of the sources were traces already."""
    read = study.manifest.stages.get("read")
    return read is not None and "traces" in read.tables
