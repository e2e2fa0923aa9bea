"""What a person sees in a terminal: progress, lines, tables, errors. Text is shown, never obeyed.

Lines and errors are written plainly; what it takes to draw a grid or a bar is imported where a terminal wants one.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console
    from rich.progress import Progress, TaskID


def console(stderr: bool = False) -> Console:
    """Where grids and bars are drawn."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def on_terminal() -> bool:
    """Whether somebody looks at stdout, and no pipe."""
    return sys.stdout.isatty()


class Bars:
    """One progress bar per piece of work, with its speed, on stderr; without a terminal, nothing."""

    def __init__(self, progress: Progress | None, quiet: bool = False) -> None:
        self._progress, self._quiet = progress, quiet
        self._task: TaskID | None = None
        self._compiling: TaskID | None = None

    def start(self, what: str, total: int | None, unit: str) -> None:
        """Finish the last bar and open a new one."""
        self.finish()
        if self._progress is not None:
            self._task = self._progress.add_task(what, total=total, unit=unit)

    def advance(self, n: int) -> None:
        """Move the bar."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, n)

    def compiled(self, n: int, total: int) -> None:
        """A bar of its own for what is compiled beside the work."""
        if self._progress is None:
            return
        if self._compiling is None:
            self._compiling = self._progress.add_task("compiling, this once", total=total, unit="kernels")
        self._progress.update(self._compiling, completed=n, total=total)

    def say(self, text: str) -> None:
        """A line above the bars, on stderr."""
        from unisono.clean.text import visible

        if self._progress is not None:
            self._progress.console.print(visible(text), soft_wrap=True)
        elif not self._quiet:
            sys.stderr.write(visible(text) + "\n")

    def finish(self) -> None:
        """Fill the bar: the work is done, even where its size was only estimated."""
        if self._progress is not None and self._task is not None:
            done = next(t.completed for t in self._progress.tasks if t.id == self._task)
            self._progress.update(self._task, total=max(done, 1), completed=max(done, 1))


@contextmanager
def watching(quiet: bool) -> Iterator[Bars]:
    """Bars on stderr while the block runs; nothing where it is no terminal or the user wants quiet."""
    if quiet or not sys.stderr.isatty():
        yield Bars(None, quiet)
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Speed(TaskProgressColumn):
        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:>14,.0f} {task.fields['unit']}/s" if speed else "")

    columns = (
        TextColumn("{task.description:<24}", markup=False),
        BarColumn(24),
        TaskProgressColumn(),
        Speed(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True)) as progress:
        bars = Bars(progress, quiet)
        yield bars
        bars.finish()


def say(*lines: str) -> None:
    """Plain lines on stdout."""
    from unisono.clean.text import visible

    for line in lines:
        sys.stdout.write(visible(line) + "\n")


def data(value: Any) -> None:
    """Anything as JSON on stdout: one value, UTF-8 escaped, not-a-number as null."""
    sys.stdout.write(json.dumps(_plain(value), indent=1) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def grid(table: pa.Table, title: str, total: int) -> None:
    """A table's rows as text: aligned in a terminal, tab-separated where it is piped."""
    rows = [[cell(table.schema.field(n).name, v) for n, v in row.items()] for row in table.to_pylist()]
    cells(table.column_names, rows, title)
    if on_terminal() and total > len(rows):
        console().print(f"{total - len(rows):,} more rows; --limit shows more")


def cells(names: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> None:
    """Rows of texts under names: aligned in a terminal, tab-separated where they are piped."""
    if not on_terminal():
        sys.stdout.write("\n".join("\t".join(r) for r in [names, *rows]) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title, title_justify="left", header_style="bold")
    for name in names:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(c) for c in row))
    console().print(drawn)


def cell(column: str, value: Any) -> str:
    """One value as text on one line. Times are UTC, spans have units."""
    from unisono.clean.durations import format_duration, format_time
    from unisono.clean.text import visible

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


def warn(what: str) -> None:
    """A sentence on stderr about what the user would not expect; the work goes on."""
    from unisono.clean.text import visible

    sys.stderr.write(visible(f"unisono: {what}") + "\n")


def complain(what: str, remedy: str) -> None:
    """An error as a sentence and what to do about it, on stderr."""
    from unisono.clean.text import visible

    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    name = "\x1b[1;31munisono:\x1b[0m " if coloured else "unisono: "
    sys.stderr.write(f"{name}{visible(what)}\n")
    if remedy:
        width = max(40, shutil.get_terminal_size((100, 24)).columns - 2)
        sys.stderr.write(textwrap.fill(visible(remedy), width, initial_indent="  ", subsequent_indent="  ") + "\n")
