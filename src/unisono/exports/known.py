"""Known networks: accounts that are said to belong together openly (a newsroom, a party, a fan club)."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unisono.study import UserError, setting

COLUMNS = ("account_id", "network", "reason")
_HOW = "a table of known networks is UTF-8 CSV with the header account_id,network,reason"


@dataclass(frozen=True)
class Known:
    """Why an account is known: the network that it belongs to, and the reason given for saying so."""

    network: str
    reason: str


def load_known(path: str | None) -> dict[str, list[Known]]:
    """Known networks by account id; none where no file is set. Raises UserError with file and line."""
    if path is None:
        return {}
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as e:
        raise UserError(f"{path} cannot be read: {e.strerror}", f"give the file with {setting('known')}") from None
    except UnicodeDecodeError as e:
        raise UserError(f"{path} is no UTF-8 (byte {e.start})", _HOW) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(path, reader.fieldnames or [])
        return _gather(path, reader)
    except csv.Error as e:
        raise UserError(f"{path}, line {reader.reader.line_num}: {e}", _HOW) from None


def _check_header(path: str, header: Sequence[str]) -> None:
    for column in COLUMNS:
        if column not in header:
            near = difflib.get_close_matches(column, header, 1)
            hint = f"; did you mean its column {near[0]!r}?" if near else ""
            raise UserError(f"{path} has no column {column!r}{hint}", _HOW)


def _gather(path: str, reader: csv.DictReader[str]) -> dict[str, list[Known]]:
    known: dict[str, list[Known]] = {}
    for row in reader:
        account, network, reason = ((row[c] or "").strip() for c in COLUMNS)
        if not (account and network and reason):
            raise UserError(
                f"{path}, line {reader.line_num}: account_id, network or reason is empty",
                "every known account needs a network and a reason, for readers must be able to judge it",
            )
        entry = Known(network, reason)
        if entry not in known.setdefault(account, []):
            known[account].append(entry)
    return known
