"""`unisono add`: signals, further versions of accounts and known networks, from a user's tables into a study."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import BadTime, NaiveTime, TimeRule, parse_time
from unisono.events.supplied import SUPPLIED, read_supplied
from unisono.exports.known import load_known
from unisono.study import Settings, StageOutput, Study, UserError, load_settings
from unisono.study.files import sha256_file


def add_table(name: str, study: Study, paths: list[Path], settings: Settings, observed: str | None) -> list[str]:
    """Read `signals` or `accounts` into the study; they replace what was added by that name before. Returns lines.

    observed: time of rows that carry none, ISO 8601 with its zone. Raises UserError.
    """
    if missing := [str(p) for p in paths if not p.is_file()]:
        raise UserError(f"{missing[0]} is no file", "check its name")
    study.refuse_sources_inside(paths)
    observed_us = _observed(observed)
    reads = settings.part("file_format", "delimiter", "encoding", "map", "platform", "zone", "time_format", "limits")
    reads |= {"observed_us": observed_us, "sources": [[p.name, sha256_file(p)] for p in paths]}

    def make(out: StageOutput) -> None:
        read_supplied(SUPPLIED[name], paths, settings, observed_us, out)

    # It needs no table: what a user gave must outlive a study that is read again.
    study.stage(f"add_{name}", needs=(), settings=reads, make=make)
    stage = study.manifest.stages[f"add_{name}"]
    facts, rejects = stage.facts, ", ".join(f"{r} {n:,}" for r, n in stage.facts["rejects"].items())
    said = f"{name}: {facts['rows']:,} rows read, {facts['kept']:,} kept, {facts['repeated']:,} repeated"
    where = f", rejected: {rejects} (csv/rejects_{name}.csv)" if rejects else ", none rejected"
    notes = list(stage.notes)
    # Said and not kept: it is about the accounts of now, which a study that is read again need not have.
    if n := _strangers(study, study.read(SUPPLIED[name].table.name, ["account_id"])):
        notes.append(f"{name}: {n:,} of their accounts are not in the study; they are kept")
    return [f"{said}{where}.", *(f"Note: {n}" for n in notes)]


def add_known(study: Study, path: Path) -> list[str]:
    """Name a table of known networks in the study's settings, once it is read well. Returns lines."""
    known = load_known(str(path))
    used = study.settings_file
    settings = load_settings(used) if used.is_file() else Settings()
    study.use(settings.model_copy(update={"known": str(path.resolve())}))
    return [f"known networks: {len(known):,} accounts; `unisono report {study.path}` marks them."]


def _observed(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_time(text, TimeRule(None, None))[0]
    except (BadTime, NaiveTime) as e:
        raise UserError(f"--observed: {e}", "write it like 2024-05-31T12:00:00Z") from None


def _strangers(study: Study, rows: pa.Table) -> int:
    if not rows.num_rows or not study.has("accounts"):
        return 0
    given = pc.unique(rows["account_id"])
    known = study.read("accounts", ["account_id"])["account_id"]
    if not len(known) and study.has("traces"):
        known = study.read("traces", ["account_id"])["account_id"]
    return len(given) - int(pc.sum(pc.is_in(given, pc.unique(known))).as_py() or 0)
