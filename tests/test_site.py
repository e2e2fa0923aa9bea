"""The site: it is built, says everything that a user can name, and stops at what says nothing of itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from docs import reference
from tests.conftest import ROOT, shared
from unisono.cli import app
from unisono.events.formats import formats
from unisono.tables import TABLES


def test_every_command_switch_table_column_and_format_has_its_place() -> None:
    made = reference.pages()
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        part = made["reference/commands.md"].split(f"\n## {name}\n")[1].split("\n## ")[0]
        for given in command.params:
            assert given.name == "help" or given.param_type_name == "argument" or f"| `{given.opts[0]}` |" in part
    for table in TABLES.values():
        part = made["reference/tables.md"].split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert all(f"| `{c.name}` |" in part for c in table.columns)
    assert all(f"## {name}\n" in made["reference/formats.md"] for name in formats())


def test_what_says_nothing_of_itself_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = replace(next(iter(formats().values())), summary=" ")
    monkeypatch.setattr(reference, "formats", lambda: {silent.name: silent})
    with pytest.raises(reference.UndocumentedError, match=silent.name):
        reference.pages()


def test_the_front_page_links_to_pages_of_the_site() -> None:
    front = reference.front()
    assert "](docs/" not in front
    assert "](methods/joint.md)" in front


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=_quiet(), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "site/reference/tables.html").read_text(encoding="utf-8")
    assert "true_edges_at_least" in page
    assert "https://fonts" not in page


@pytest.mark.data
def test_the_tutorial_tells_what_is_seen(tmp_path: Path) -> None:
    """Its first command on the data that it names (here as Parquet), and the lines that it quotes."""
    text = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    command = next(line for line in text.splitlines() if line.startswith("unisono run ")).split()[1:]
    given = [str(shared("reference/coortweet_german_elections.parquet")) if a.endswith(".csv") else a for a in command]
    done = subprocess.run([sys.executable, "-m", "unisono", *given], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    told = done.stdout.splitlines()
    quoted = [line for line in text.splitlines() if line.startswith(("Read: ", "Pairs: ", "Coordinated behaviour obs"))]
    assert len(quoted) == 3
    assert set(quoted) <= set(told)


def _quiet() -> dict[str, str]:
    """The notebook is not run here: tests/test_notebook.py does that."""
    return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "UNISONO_DATA": "nowhere"}
