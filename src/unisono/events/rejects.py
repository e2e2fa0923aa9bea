"""Rows that could not be used: counted at once, their bytes hashed where need be in a second pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from unisono.events.files.batch import RawBatch, Reject, row_sha256
from unisono.events.files.pages import Pages
from unisono.events.files.parquet_rows import ParquetRows
from unisono.events.files.rows import open_rows
from unisono.events.files.sources import Source
from unisono.events.staging import StageFile, stage_rejects
from unisono.maths.types import I64
from unisono.study import Limits, UserError

HARMLESS = frozenset({"duplicate", "superseded", "no_object", "sentinel_account", "service_message", "empty_page"})
"""Rows that were read well and are of no use here: no sign of a wrong format, whatever their share."""
_FEWEST, _TOLD = 20, 4


class SourceRejects:
    """The rejects of one source."""

    def __init__(self, source: Source, stage: StageFile, pages: Pages) -> None:
        self.source, self._stage, self._pages = source, stage, pages
        self.counts: Counter[str] = Counter()
        self._lines: list[I64] = []
        self._codes: list[I64] = []
        self._reasons: dict[str, int] = {}
        self._first: Reject | None = None

    def take(self, batch: RawBatch, reasons: Mapping[int, str]) -> None:
        """Rejects of a batch: its own, and the rows at these positions."""
        if batch.raw is None:
            self.later(batch.lines[list(reasons)], list(reasons.values()))
            self.later(np.array([r.line for r in batch.rejects], np.int64), [r.reason for r in batch.rejects])
            return
        rows = [Reject(int(batch.lines[i]), reason, row_sha256(batch.raw[i])) for i, reason in reasons.items()]
        for reject in (*rows, *batch.rejects):
            self._count(reject)
        stage_rejects(self._stage, self.source.name, (*rows, *batch.rejects))

    def later(self, lines: I64, reasons: Sequence[str]) -> None:
        """Rejects whose bytes are no longer at hand."""
        for line, reason in zip(lines.tolist(), reasons, strict=True):
            self._count(Reject(line, reason, None))
        self._lines.append(lines)
        codes = [self._reasons.setdefault(r, len(self._reasons)) for r in reasons]
        self._codes.append(np.array(codes, np.int64))

    def _count(self, reject: Reject) -> None:
        self.counts[reject.reason] += 1
        if reject.reason not in HARMLESS and (self._first is None or reject.line < self._first.line):
            self._first = reject

    def check(self, rows: int, share: float, told: Sequence[str] = ()) -> None:
        """Raise UserError where so many rows could not be read that the format is likely another. told: what else was
        met, of which the error gives the first."""
        bad = Counter({r: n for r, n in self.counts.items() if r not in HARMLESS})
        if rows < _FEWEST or bad.total() <= share * rows or self._first is None:
            return
        top = ", ".join(f"{r} {n:,}" for r, n in sorted(bad.items(), key=lambda x: (-x[1], x[0]))[:3])
        raise UserError(
            f"{bad.total():,} of {rows:,} rows of {self.source.name} could not be read ({top}); "
            f"the first is line {self._first.line} ({self._first.reason})"
            + "".join(f"; {what}" for what in told[:_TOLD]),
            "check --map, --time-format and --file-format; if the file is as it should be, "
            "raise limits.rejects_share in study.yaml",
        )

    def look_up(self, limits: Limits, temp: Path) -> None:
        """Read the source once more for the bytes of rejects that are known by their line only."""
        if not sum(map(len, self._lines)):
            return
        lines, codes = np.concatenate(self._lines), np.concatenate(self._codes)
        order = np.argsort(lines, kind="stable")
        lines, codes, names = lines[order], codes[order], list(self._reasons)
        found = 0
        for here, hashes in _hashes(self.source, lines, limits, temp, self._pages):
            at = np.searchsorted(lines, here)
            rows = zip(here.tolist(), codes[at].tolist(), hashes, strict=True)
            stage_rejects(self._stage, self.source.name, (Reject(n, names[c], h) for n, c, h in rows))
            found += len(here)
        if found != len(lines):
            raise UserError(f"{self.source.name} changed while it was read", "run again when it is complete")


def _hashes(source: Source, lines: I64, limits: Limits, temp: Path, pages: Pages) -> Iterator[tuple[I64, list[str]]]:
    with open_rows(source, limits, temp, pages=pages) as rows:
        if isinstance(rows, ParquetRows):
            yield from rows.sha256(lines)
            return
        for batch in rows.batches([]):
            at = np.flatnonzero(np.isin(batch.lines, lines, assume_unique=True))
            if len(at) and batch.raw is not None:
                yield batch.lines[at], [row_sha256(batch.raw[i]) for i in at.tolist()]
