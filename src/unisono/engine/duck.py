"""DuckDB: sorting, joining and counting tables that may be larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from unisono.study.errors import UserError, setting

DEFAULT_MEMORY = "1500MB"
"""Sorting spills to disk beyond this; DuckDB counts its own buffers only, so a process holds some more."""


def connect(settings_threads: int, memory: str | None, temp: Path) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that reads and spills inside the folder `temp` only.

    `memory` is a size such as "4GB". Raises UserError where it is none.
    """
    con = duckdb.connect(config={"threads": settings_threads, "python_enable_replacements": False})
    try:
        con.execute("SET memory_limit = $1", [memory or DEFAULT_MEMORY])
    except duckdb.Error:
        con.close()
        if memory is None:
            raise
        raise UserError(f"{memory!r} is no size of memory", f"write it as {setting('memory', '4GB')}") from None
    con.execute("SET temp_directory = $1", [str(temp)])
    con.execute("SET allowed_directories = $1", [[str(temp)]])
    con.execute("SET enable_external_access = false")
    with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets, where it cannot draw one anyway
        con.execute("SET enable_progress_bar = false")
    return con


@contextmanager
def engine_errors(memory: str | None) -> Iterator[None]:
    """Turn the engine's running out of memory or disk into a UserError."""
    try:
        yield
    except duckdb.OutOfMemoryException as e:
        raise UserError(
            f"the tables need more memory than {memory or DEFAULT_MEMORY} ({_first_line(e)})",
            f"give more with {setting('memory', '8GB')}, or free some disk space for spilling",
        ) from None
    except duckdb.IOException as e:
        raise UserError(
            f"a table could not be written or read back ({_first_line(e)})",
            "check that the disk of the study folder has space left",
        ) from None


def _first_line(e: Exception) -> str:
    return str(e).splitlines()[0][:200]
