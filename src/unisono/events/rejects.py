"""Rows that could not be used: counted at once, their bytes hashed where need be in a second pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from unisono.events.files.bare_rows import Bare
from unisono.events.files.batch import RawBatch, Reject, row_sha256
from unisono.events.files.pages import Pages
from unisono.events.files.parquet_rows import ParquetRows
from unisono.events.files.rows import open_rows
from unisono.events.files.sources import Source
from unisono.events.staging import StageFile, stage_rejects
from unisono.maths.types import I64
from unisono.study import Limits, UserError, either, setting

HARMLESS = frozenset({"duplicate", "superseded", "no_object", "sentinel_account", "service_message", "empty_page"})
"""Rows that were read well and are of no use here: no sign of a wrong format, whatever their share."""
_FEWEST, _TOLD = 20, 4


class SourceRejects:
    """The rejects of one source."""

    def __init__(self, source: Source, stage: StageFile, pages: Pages, bare: Bare | None = None) -> None:
        self.source, self._stage, self._pages, self._bare = source, stage, pages, bare
        self.counts: Counter[str] = Counter()
        self._rows: list[I64] = []
        self._codes: list[I64] = []
        self._reasons: dict[str, int] = {}
        self._first: Reject | None = None

    def take(self, batch: RawBatch, reasons: Mapping[int, str]) -> None:
        """Rejects of a batch: its own, and the rows at these positions."""
        if batch.raw is None:
            self.later(batch.rows[list(reasons)], list(reasons.values()))
            self.later(np.array([r.line for r in batch.rejects], np.int64), [r.reason for r in batch.rejects])
            return
        rows = [Reject(int(batch.lines[i]), reason, row_sha256(batch.raw[i])) for i, reason in reasons.items()]
        for reject in (*rows, *batch.rejects):
            self._count(reject)
        stage_rejects(self._stage, self.source.name, (*rows, *batch.rejects))

    def later(self, rows: I64, reasons: Sequence[str]) -> None:
        """Rejects whose bytes are no longer at hand, by the numbers of their records."""
        for row, reason in zip(rows.tolist(), reasons, strict=True):
            self._count(Reject(row, reason, None))
        self._rows.append(rows)
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
            f"check {setting('map')}, {setting('time_format')} and {setting('file_format')}; "
            "if the file is as it should be, "
            + either("raise limits.rejects_share in study.yaml", 'say limits={"rejects_share": 1}'),
        )

    def look_up(self, limits: Limits, temp: Path) -> None:
        """Read the source once more for the lines and bytes of rejects of which only the number is known."""
        if not sum(map(len, self._rows)):
            return
        rows, codes = np.concatenate(self._rows), np.concatenate(self._codes)
        order = np.argsort(rows, kind="stable")
        rows, codes, names = rows[order], codes[order], list(self._reasons)
        found = 0
        for here, lines, hashes in _hashes(self.source, rows, limits, temp, self._pages, self._bare):
            at = np.searchsorted(rows, here)
            seen = zip(lines.tolist(), codes[at].tolist(), hashes, strict=True)
            stage_rejects(self._stage, self.source.name, (Reject(n, names[c], h) for n, c, h in seen))
            found += len(here)
        if found != len(rows):
            raise UserError(f"{self.source.name} changed while it was read", "run again when it is complete")


def _hashes(
    source: Source, rows: I64, limits: Limits, temp: Path, pages: Pages, bare: Bare | None
) -> Iterator[tuple[I64, I64, list[str]]]:
    """Numbers, lines and hashes of these records, as they are met."""
    with open_rows(source, limits, temp, pages=pages, bare=bare) as opened:
        if isinstance(opened, ParquetRows):
            yield from ((here, here, hashes) for here, hashes in opened.sha256(rows))
            return
        for batch in opened.batches([]):
            at = np.flatnonzero(np.isin(batch.rows, rows, assume_unique=True))
            if len(at) and batch.raw is not None:
                yield batch.rows[at], batch.lines[at], [row_sha256(batch.raw[i]) for i in at.tolist()]
