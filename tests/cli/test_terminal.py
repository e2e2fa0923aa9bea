"""What a person sees: plain text where it is piped, bars only on a terminal, hostile text shown and not obeyed."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from tests.cli.conftest import Unisono
from unisono import cli
from unisono.cli import screen as drawing
from unisono.exports.story import summary
from unisono.study import open_study

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eright\u200bto\0left\nsecond\tline\x9b"
OBEYED = {"\x1b", "\u202e", "\0", "\x07", "\x9b", "\u200b"}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A terminal of 200 columns in place of both streams."""
    drawn = io.StringIO()
    console = Console(file=drawn, force_terminal=True, width=200, highlight=False, markup=False, emoji=False)
    monkeypatch.setattr(drawing, "console", lambda stderr=False: console)
    monkeypatch.setattr(drawing, "on_terminal", lambda: True)
    return drawn


def test_hostile_text_stays_on_its_line_and_is_visible(capsys: pytest.CaptureFixture[str]) -> None:
    table = pa.table({"text": [HOSTILE, None], "urls": [[HOSTILE], []]})
    drawing.grid(table, "t", 2)
    out = capsys.readouterr().out
    assert not OBEYED & set(out)
    assert [line.count("\t") for line in out.splitlines()] == [1, 1, 1]
    assert "⟨RLO⟩" in out
    assert "\u2400" in out
    drawing.say(HOSTILE, "[bold]not markup[/bold] :smile:")
    out = capsys.readouterr().out
    assert not OBEYED & set(out)
    assert "[bold]not markup[/bold] :smile:" in out


def test_a_grid_on_a_terminal_says_how_much_is_left(screen: io.StringIO) -> None:
    drawing.grid(pa.table({"text": [HOSTILE, "[red]b[/red]"]}), "texts: 12 rows", 12)
    drawn = screen.getvalue()
    assert "texts: 12 rows" in drawn
    assert "10 more rows; --limit shows more" in drawn
    assert "[red]b[/red]" in drawn
    assert not (OBEYED - {"\x1b"}) & set(drawn)
    assert "\x1b]0;" not in drawn
    drawing.grid(pa.table({"text": ["a"]}), "texts: 1 rows", 1)
    assert screen.getvalue().count("--limit") == 1


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("t_us", 1_614_834_367_000_000, "2021-03-04 05:06:07 UTC"),
        ("t_a", 0, "1970-01-01 00:00:00 UTC"),
        ("window_us", 600_000_000, "10 min"),
        ("lag_us", -1_500_000, "-1.5 s"),
        ("median_lag_us", 0, "0 s"),
        ("t_resolution_us", 1_000, "1 ms"),
        ("q_o", 0.123456, "0.1235"),
        ("n_objects", 1234567, "1234567"),
        ("traces", ["text", "url"], "text, url"),
        ("is_edge", True, "True"),
        ("lang", None, ""),
        ("first_us", 1 << 62, f"{1 << 62} us since 1970 UTC"),
    ],
)
def test_cells_have_units(column: str, value: object, shown: str) -> None:
    assert drawing.cell(column, value) == shown


def test_bars_are_drawn_on_a_terminal_only(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(quiet: bool) -> str:
        screen.seek(0)
        screen.truncate()
        with drawing.watching(quiet) as bars:
            bars.advance(1)  # before any work has a name
            bars.start("traces", 10, "events")
            bars.advance(4)
            bars.start("groups", None, "partitions")
            bars.advance(0)
        return screen.getvalue()

    assert "traces" not in work(quiet=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "traces" not in work(quiet=True)
    drawn = work(quiet=False)
    assert "traces" in drawn
    assert "groups" in drawn
    assert drawn.count("100%") >= 2  # done is done, even where the size was a guess


def test_a_story_is_plain_where_it_is_piped(unisono: Unisono, finished: Path) -> None:
    out = unisono("show", finished).out
    assert "\x1b" not in out
    assert out.splitlines() == [line for s in summary(open_study(finished)) for line in s.splitlines()]


def test_a_real_terminal_shows_bars_and_a_pipe_gets_none(sources: list[Path], tmp_path: Path) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("who,at,text\na,2021-03-15 07:00:00,the harvest moon rose over the quiet valley\n")
    words = [
        sys.executable,
        "-m",
        "unisono",
        "run",
        str(posts),
        "--map",
        "account=who,time=at,text=text",
        "--zone",
        "UTC",
    ]
    ours, theirs = pty.openpty()
    command = [*words, "--out", str(tmp_path / "s")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as run:
        os.close(theirs)
        drawn = b""
        while chunk := _read(ours):  # while it draws: a terminal that nobody reads is full after a few bars
            drawn += chunk
        os.close(ours)
        said, _ = run.communicate(timeout=60)
    assert (run.returncode, b"\x1b" in said) == (0, False)
    assert b"groups" in drawn


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 1 << 16)
    except OSError:  # how a terminal says that nobody is there any more
        return b""


def test_output_that_a_pipe_cannot_encode_is_escaped(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("who,at,text\nä,2021-03-15T07:00:00Z,über alles Maß\n")
    written = io.BytesIO()
    for words in (["read", posts, "--map", "account=who,time=at,text=text", "--out", tmp_path / "s"],
                  ["show", tmp_path / "s", "events"]):  # fmt: skip
        with monkeypatch.context() as m:
            m.setattr("sys.stdout", io.TextIOWrapper(written, "ascii", write_through=True))
            m.setattr("sys.argv", ["unisono", *map(str, words)])
            with pytest.raises(SystemExit) as e:
                cli.command()
            sys.stdout.detach()  # type: ignore[attr-defined]
        assert not e.value.code
    assert rb"\xfcber alles Ma\xdf" in written.getvalue()
