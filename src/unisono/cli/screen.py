"""What a person sees in a terminal: progress, lines, tables, errors. Text is shown, never obeyed."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from unisono.clean.text import visible
from unisono.clean.time import format_duration, format_time

OUT = Console(highlight=False, markup=False, emoji=False)
ERR = Console(stderr=True, highlight=False, markup=False, emoji=False)


class Bars:
    """One progress bar per piece of work, with its speed, on stderr."""

    def __init__(self, progress: Progress, quiet: bool = False) -> None:
        self._progress, self._quiet = progress, quiet
        self._task: TaskID | None = None
        self._compiling: TaskID | None = None

    def start(self, what: str, total: int | None, unit: str) -> None:
        """Finish the last bar and open a new one."""
        self.finish()
        self._task = self._progress.add_task(what, total=total, unit=unit)

    def advance(self, n: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.advance(self._task, n)

    def compiled(self, n: int, total: int) -> None:
        """A bar of its own for what is compiled beside the work."""
        if self._compiling is None:
            self._compiling = self._progress.add_task("compiling, this once", total=total, unit="kernels")
        self._progress.update(self._compiling, completed=n, total=total)

    def say(self, text: str) -> None:
        """A line above the bars."""
        if not self._quiet:
            self._progress.console.print(visible(text), soft_wrap=True)

    def finish(self) -> None:
        """Fill the bar: the work is done, even where its size was only estimated."""
        if self._task is not None:
            done = next(t.completed for t in self._progress.tasks if t.id == self._task)
            self._progress.update(self._task, total=max(done, 1), completed=max(done, 1))


class _Speed(TaskProgressColumn):
    def render(self, task: Any) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:>14,.0f} {task.fields['unit']}/s" if speed else "")


@contextmanager
def watching(quiet: bool) -> Iterator[Bars]:
    """Bars on stderr while the block runs; nothing where it is no terminal or the user wants quiet."""
    columns = (
        TextColumn("{task.description:<24}", markup=False),
        BarColumn(24),
        TaskProgressColumn(),
        _Speed(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, disable=quiet or not sys.stderr.isatty()) as progress:
        bars = Bars(progress, quiet)
        yield bars
        bars.finish()


def say(*lines: str) -> None:
    """Plain lines on stdout."""
    for line in lines:
        OUT.print(visible(line), soft_wrap=True)


def grid(table: pa.Table, title: str, total: int) -> None:
    """A table's rows as text: aligned in a terminal, tab-separated where it is piped."""
    rows = [[cell(table.schema.field(n).name, v) for n, v in row.items()] for row in table.to_pylist()]
    cells(table.column_names, rows, title)
    if OUT.is_terminal and total > len(rows):
        OUT.print(f"{total - len(rows):,} more rows; --limit shows more")


def cells(names: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> None:
    """Rows of texts under names: aligned in a terminal, tab-separated where they are piped."""
    if not OUT.is_terminal:
        sys.stdout.write("\n".join("\t".join(r) for r in [names, *rows]) + "\n")
        return
    drawn = Grid(title=title, title_justify="left", header_style="bold")
    for name in names:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(c) for c in row))
    OUT.print(drawn)


def cell(column: str, value: Any) -> str:
    """One value as text on one line. Times are UTC, spans have units."""
    if value is None:
        return ""
    if column.endswith(("resolution_us", "window_us", "lag_us", "width_us")):
        return ("-" if value < 0 else "") + format_duration(abs(value))
    if column.endswith("_us") or column in ("t_a", "t_b"):
        return format_time(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(visible(text).split())


def complain(what: str, remedy: str) -> None:
    """An error as a sentence and what to do about it, on stderr."""
    width = max(40, shutil.get_terminal_size((100, 24)).columns - 2)
    ERR.print(Text("unisono: ", style="bold red") + Text(visible(what)), soft_wrap=True)
    if remedy:
        ERR.print(textwrap.fill(visible(remedy), width, initial_indent="  ", subsequent_indent="  "), soft_wrap=True)
