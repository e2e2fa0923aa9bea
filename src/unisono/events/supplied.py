"""Tables that a user supplies beside posts: signals, and further versions of accounts. Nothing is lost silently."""

from __future__ import annotations

import csv
import difflib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from unisono.clean.handle import is_sentinel
from unisono.clean.text import well_formed
from unisono.clean.time import BadTime, NaiveTime, TimeRule, parse_time
from unisono.events.fields.cells import times_or_none
from unisono.events.fields.columns import numbers
from unisono.events.fields.ids import account
from unisono.events.fields.times import time_rule
from unisono.events.files.batch import RawBatch, Reject, row_sha256
from unisono.events.files.rows import open_rows
from unisono.events.files.sources import Source, find_sources
from unisono.events.plan import missing_column
from unisono.study import Settings, StageOutput, UserError, setting
from unisono.tables import ACCOUNT_KINDS, ACCOUNTS_ADDED, SIGNAL_KINDS, SIGNALS, Table

TEXTS = ("handle", "name", "description", "location", "avatar_hash", "label")
COUNTS = ("followers", "following")


@dataclass(frozen=True)
class Supplied:
    """What a table is read into. `fields` are its columns, `needs` those that it cannot do without."""

    name: str
    table: Table
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    kinds: tuple[str, ...]


SUPPLIED = {
    "signals": Supplied(
        "signals", SIGNALS, ("account_id", "kind", "value", "time", "source"), ("account_id", "kind", "value"),
        SIGNAL_KINDS,
    ),
    "accounts": Supplied(
        "accounts", ACCOUNTS_ADDED, ("account_id", "time", "platform", "kind", "created", *TEXTS, *COUNTS),
        ("account_id",), ACCOUNT_KINDS,
    ),
}  # fmt: skip


def parse_columns(text: str | None, what: Supplied) -> dict[str, str]:
    """`field=column,...`; a field that is not named is the column of its own name. Raises UserError."""
    columns = {f: f for f in what.fields}
    for token in text.split(",") if text else ():
        field, _, column = (p.strip() for p in token.partition("="))
        if field not in columns or not column:
            near = difflib.get_close_matches(field, what.fields, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UserError(f"{setting('map')} says {token.strip()!r}", f"{hint}write field=column; {_fields(what)}")
        columns[field] = column
    return columns


def read_supplied(
    what: Supplied, paths: Sequence[Path], settings: Settings, observed_us: int | None, out: StageOutput
) -> pa.Table:
    """Write the table and csv/rejects_NAME.csv; facts are rows, kept and rejects by reason. Returns the table.

    settings: map, file_format, zone, time_format, limits and platform of these files; observed_us: the time of rows
    without one. Raises UserError.
    """
    columns, rule = parse_columns(settings.map, what), time_rule(settings, None, None)
    rows: list[dict[str, Any]] = []
    rejects: list[tuple[str, Reject]] = []
    tally: Counter[str] = Counter()
    for source in find_sources(paths, settings, out.note):
        for batch in _batches(source, columns, what, settings, out.folder):
            rejects += [(source.name, r) for r in batch.rejects]
            made = _rows(what, source, batch, columns, rule, settings.platform, observed_us, tally)
            rows += [r for r in made if isinstance(r, dict)]
            rejects += [(source.name, r) for r in made if isinstance(r, Reject)]
    kept = _once(rows, what)
    for said, n in sorted(tally.items()):
        out.note(f"{what.name}: {n:,} {said}")
    if repeated := len(rows) - kept.num_rows:
        out.note(f"{what.name}: {repeated:,} rows repeat another; they count once")
    out.facts = {
        "rows": len(rows) + len(rejects), "kept": kept.num_rows, "repeated": repeated,
        "rejects": dict(sorted(Counter(r.reason for _, r in rejects).items())),
    }  # fmt: skip
    with out.table(what.table) as writer:
        writer.write_sorted(kept)
    _write_rejects(what, rejects, out)
    return kept


def _batches(source: Source, columns: dict[str, str], what: Supplied, settings: Settings, temp: Path) -> list[RawBatch]:
    with open_rows(source, settings.limits, temp) as rows:
        for field in what.fields:
            named = columns[field] != field or field in what.needs
            if named and columns[field] not in rows.columns and not rows.open_ended:
                raise missing_column(source, columns[field], rows.columns)
        return list(rows.batches(list(dict.fromkeys(columns.values()))))


def _rows(
    what: Supplied, source: Source, batch: RawBatch, columns: dict[str, str], rule: TimeRule, platform: str | None,
    observed_us: int | None, tally: Counter[str],
) -> list[dict[str, Any] | Reject]:  # fmt: skip
    texts = {f: batch.texts(columns[f]) for f in what.fields}
    counts = (f for f in COUNTS if f in texts)
    more: dict[str, list[int | None]] = {f: numbers(batch.values(columns[f]), f, tally).to_pylist() for f in counts}
    if "created" in texts:
        more["created_us"] = times_or_none(batch.values(columns["created"]), rule, "created", tally)
    times = batch.values(columns["time"])
    made: list[dict[str, Any] | Reject] = []
    for i in range(len(batch)):
        one = {f: v[i] for f, v in texts.items()}
        t_us, reason = _time(times[i], rule, observed_us, source.name, int(batch.lines[i]))
        row = reason or _row(what, one, t_us, platform)
        if isinstance(row, str):
            sha = row_sha256(batch.raw[i]) if batch.raw is not None else None
            made.append(Reject(int(batch.lines[i]), row, sha))
        else:
            made.append(row | {f: v[i] for f, v in more.items()} | {"source": row.get("source") or source.name})
    return made


def _row(what: Supplied, one: dict[str, str | None], t_us: int, platform: str | None) -> dict[str, Any] | str:
    """A row of the table, or why it is none."""
    # An id that names its platform is taken as it stands.
    written = (one["account_id"] or "").strip()
    found, reason = account(None if "/" in written else platform, written)
    if found is None:
        return reason
    kind = (one["kind"] or "").strip().lower()
    if kind not in what.kinds and (kind or "kind" in what.needs):
        return "bad_kind" if kind else "no_kind"
    if "value" in what.needs and (not one["value"] or is_sentinel(one["value"])):
        return "no_value"
    texts = {f: well_formed(v.strip()) if v else None for f, v in one.items() if f not in ("account_id", "time")}
    return texts | {"account_id": found, "kind": kind or None, "t_us": t_us, "observed_us": t_us}


def _time(value: object, rule: TimeRule, observed_us: int | None, name: str, line: int) -> tuple[int, str]:
    if value is None or value == "":
        return (observed_us, "") if observed_us is not None else (0, "no_time")
    try:
        return parse_time(value, rule)[0], ""
    except NaiveTime as e:
        raise UserError(
            f"{name}: times carry no zone (line {line}: {e})", f"say which with {setting('zone', 'UTC')}"
        ) from None
    except BadTime:
        return 0, "bad_time"


def _once(rows: list[dict[str, Any]], what: Supplied) -> pa.Table:
    """One row for each key, the last given; for accounts a later row of the same time replaces an earlier one."""
    key: Callable[[dict[str, Any]], tuple[Any, ...]] = lambda r: tuple(r[k] for k in what.table.key)  # noqa: E731
    return pa.Table.from_pylist(list({key(r): r for r in rows}.values()), schema=what.table.schema)


def _write_rejects(what: Supplied, rejects: list[tuple[str, Reject]], out: StageOutput) -> None:
    with out.file(f"csv/rejects_{what.name}.csv") as path, path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(("source_file", "line", "reason", "sha256"))
        writer.writerows((name, r.line, r.reason, r.sha256 or "") for name, r in rejects)


def _fields(what: Supplied) -> str:
    return f"fields of {what.name} are: {', '.join(what.fields)}"
