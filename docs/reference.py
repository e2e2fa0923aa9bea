"""Pages of the site that are made from the program itself; the build stops at whatever says nothing of itself.

A hook of mkdocs: the front page is the README, and under `reference/` stand every command with its switches, every
table with its columns, every trace, and every format with its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from docs.python import python
from unisono.cli import app
from unisono.events.formats import formats
from unisono.events.listing import fields_of
from unisono.study.settings import Limits, Settings
from unisono.tables import TABLES
from unisono.traces.registry import trace_kinds

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\]\(docs/([^)]+)\)")
_NOTEBOOK = re.compile(r"\]\(notebook\.ipynb\)")
_SOURCE = re.compile(r"\[([^\]]+)\]\((?:src|benchmarks)/[^)]+\)")


class UndocumentedError(Exception):
    """Something that a user can name, and that no page explains."""


def pages() -> dict[str, str]:
    """Every made page by its path. Raises UndocumentedError."""
    return {
        "index.md": front(), "reference/commands.md": "\n".join(commands()), "reference/tables.md": "\n".join(tables()),
        "reference/traces.md": "\n".join(traces()), "reference/formats.md": "\n".join(sources()),
        "reference/settings.md": "\n".join(settings()), "reference/python.md": "\n".join(python()),
    }  # fmt: skip


def front() -> str:
    """The README, its links turned to the site's own pages."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return _NOTEBOOK.sub("](notebook.md)", _SOURCE.sub(r"\1", _LINK.sub(r"](\1)", text)))


def commands() -> Iterator[str]:
    """Each command: what it does, its arguments and switches."""
    yield "# Commands\n\n`unisono COMMAND --help` says the same in the terminal.\n"
    for name, command in sorted(typer.main.get_command(app).commands.items()):  # type: ignore[attr-defined]
        yield f"## {name}\n\n{_said(f'command {name}', command.help)}\n"
        yield "| switch | meaning |\n|---|---|"
        for given in command.params:
            if given.name == "help":
                continue
            written = given.metavar or given.name.upper() if given.param_type_name == "argument" else given.opts[0]
            yield f"| `{_cell(written)}` | {_cell(_said(f'{name} {written}', given.help or _ARGUMENTS.get(written)))} |"
        yield ""


def tables() -> Iterator[str]:
    """Each table: what a row is, its key, its columns."""
    yield "# Tables\n\nOne folder is one study; each table is `STUDY/<table>.parquet`, sorted by its key.\n"
    for table in TABLES.values():
        yield f"## {table.name}\n\nOne row is {_said(table.name, table.row)}. Key: {', '.join(table.key)}.\n"
        yield "| column | type | meaning |\n|---|---|---|"
        for column in table.columns:
            meaning = _said(f"{table.name}.{column.name}", column.meaning)
            yield f"| `{column.name}` | {_cell(str(column.type))} | {_cell(meaning)} |"
        yield ""


def traces() -> Iterator[str]:
    """Each trace: what two accounts have in common, and its default window."""
    yield "# Traces\n\n| trace | two accounts share |\n|---|---|"
    for name, kind in sorted(trace_kinds().items()):
        yield f"| `{name}` | {_cell(_said(f'trace {name}', kind.meaning))} |"


def sources() -> Iterator[str]:
    """Each format: what it is, how to read it, which field comes from where, and what to know (its traps)."""
    yield "# Formats\n\n`unisono formats` lists them in the terminal.\n"
    for name, fmt in formats().items():
        yield f"## {name}\n\n{_said(f'format {name}', fmt.summary)}.\n"
        yield f"```\nunisono run FILE --as {name} --out STUDY\n```\n"
        yield _said(f"format {name} (what to know of it)", fmt.about) + "\n"
        yield "| field | taken from |\n|---|---|"
        for field, source in fields_of(fmt).items():
            yield f"| `{field}` | {_cell(_said(f'{name} {field}', source))} |"
        yield ""


def settings() -> Iterator[str]:
    """What study.yaml may hold."""
    yield "# Settings\n\n`study.yaml` in the study folder holds what was used.\n\n| setting | meaning |\n|---|---|"
    for model, prefix in ((Settings, ""), (Limits, "limits.")):
        for name, field in model.model_fields.items():
            if name != "limits":
                yield f"| `{prefix}{field.alias or name}` | {_cell(_said(f'setting {name}', field.description))} |"


_ARGUMENTS = {"TABLE": "A table.", "A": "An account.", "B": "Another account.", "[C...]": "More accounts."}
"""Arguments whose name says it all."""


def _said(what: str, text: str | None) -> str:
    if not (text or "").strip():
        raise UndocumentedError(f"{what} is not documented")
    return str(text).strip()


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "\\|")).strip()


def on_files(files: Any, config: Any) -> Any:
    """Add the pages to the site (mkdocs calls this)."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files
