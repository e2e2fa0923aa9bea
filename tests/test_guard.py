"""Every error ends in a sentence; those of our own making ask to be reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import duckdb
import pytest

from unisono.cli.guard import guarded
from unisono.study import UserError


def raising(e: BaseException) -> Callable[[], NoReturn]:
    def work() -> NoReturn:
        raise e

    return work


CASES: list[tuple[BaseException, int, str]] = [
    (UserError("the file is empty", "give another"), 2, "give another"),
    (UserError("the file is empty"), 2, "the file is empty"),
    (KeyboardInterrupt(), 130, "resumes"),
    (SystemExit(130), 130, "resumes"),
    (MemoryError(), 4, "--memory"),
    (OSError(28, "No space left on device"), 4, "the disk is full"),
    (OSError(27, "File too large"), 4, "the disk is full"),
    (OSError(122, "Quota exceeded"), 4, "the disk is full"),
    (FileNotFoundError(2, "No such file", "/disk/posts.csv"), 4, "check the path"),
    (duckdb.IOException("IO Error: No space left on device"), 4, "the disk is full"),
    (duckdb.OutOfMemoryException("failed to pin block"), 4, "--memory"),
    (ZeroDivisionError("division by zero"), 4, "please report it"),
]


@pytest.mark.parametrize(("e", "code", "remedy"), CASES, ids=[repr(c[0])[:40] for c in CASES])
def test_every_error_is_a_sentence(
    e: BaseException, code: int, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(raising(e)) == code
    said = capsys.readouterr()
    assert remedy in " ".join(said.err.split())
    assert said.err.startswith("unisono: ")
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_disk_in_a_path_is_not_a_full_disk(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(PermissionError(13, "Permission denied", "/disk1/posts.csv")))
    assert "full" not in capsys.readouterr().err


def test_other_exits_are_passed_on() -> None:
    with pytest.raises(SystemExit) as e:
        guarded(raising(SystemExit(2)))
    assert e.value.code == 2
    assert guarded(lambda: None) == 0


def test_debugging_shows_where(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("UNISONO_DEBUG", "1")
    guarded(raising(ZeroDivisionError()))
    assert "Traceback" in capsys.readouterr().err


def test_hostile_text_in_an_error_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    hostile: Any = "\x1b[2J\u202e\0evil\ud800"
    guarded(raising(UserError(hostile, hostile)))
    err = capsys.readouterr().err
    assert not {"\x1b", "\u202e", "\0", "\ud800"} & set(err)
    assert "evil" in err
