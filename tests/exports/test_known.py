"""The table of known networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from unisono.exports.known import Known, load_known
from unisono.study import UserError


def _load(tmp_path: Path, data: bytes) -> dict[str, list[Known]]:
    path = tmp_path / "known.csv"
    path.write_bytes(data)
    return load_known(str(path))


def test_no_file_knows_nobody() -> None:
    assert load_known(None) == {}


def test_an_account_may_be_in_several_networks(tmp_path: Path) -> None:
    text = 'account_id,network,reason\nx/1,Desk,"a newsroom, says so"\nx/1,Club,fans\nx/1,Club,fans\n'
    found = _load(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert found == {"x/1": [Known("Desk", "a newsroom, says so"), Known("Club", "fans")]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"account,network,reason\nx/1,a,b\n", "no column 'account_id'; did you mean its column 'account'?"),
        (b"account_id,network\nx/1,a\n", "no column 'reason'"),
        (b"", "no column 'account_id'"),
        (b"account_id,network,reason\nx/1,a,\n", "line 2: account_id, network or reason is empty"),
        (b"account_id,network,reason\nx/1,a\n", "line 2: account_id, network or reason is empty"),
        (b"account_id,network,reason\nx/1,a,\xff\n", "no UTF-8"),
        (b'account_id,network,reason\nx/1,"a"b,c\n', "line 2"),
    ],
)
def test_a_bad_table_is_said_with_file_and_line(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(UserError) as e:
        _load(tmp_path, data)
    assert says in e.value.what
    assert "known.csv" in e.value.what
    assert e.value.remedy


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_known(str(tmp_path / "none.csv"))
