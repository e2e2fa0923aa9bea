"""What only looks is quick: nothing is imported that it does not need. Seconds would depend on the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.exports.make import scenario, whole, write_study

COMPILES = {"numba", "scipy"}
HEAVY = COMPILES | {"pyarrow", "duckdb", "numpy", "pydantic", "jinja2", "rich", "yaml", "tldextract", "pandas"}

LOADED = """
import sys
sys.argv = ["unisono", *sys.argv[1:]]
try:
    from unisono.cli import main
    main()
except SystemExit as e:
    assert not e.code, e.code
sys.stderr.write("loaded: " + " ".join(sorted({m.partition(".")[0] for m, found in sys.modules.items() if found})))
"""


def loaded(*words: object) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, words)], capture_output=True, text=True, check=True, timeout=300
    )
    return set(done.stderr.rpartition("loaded: ")[2].split())


@pytest.mark.parametrize("words", [["--version"], ["--help"]])
def test_help_and_version_import_nothing_heavy(words: list[str]) -> None:
    assert not loaded(*words) & HEAVY


@pytest.mark.parametrize("verb", ["run", "show"])
def test_help_of_a_verb_imports_what_its_parser_does(verb: str) -> None:
    assert not loaded(verb, "--help") & (HEAVY - {"pydantic"})  # typer makes it read the types of switches


def test_the_version_needs_no_parser_either() -> None:
    assert not loaded("--version") & {"typer", "click"}


def test_the_package_itself_imports_nothing_heavy() -> None:
    code = "import sys, unisono; print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert not set(done.stdout.split()) & HEAVY


def test_looking_into_a_study_compiles_nothing(tmp_path: Path) -> None:
    study = write_study(tmp_path / "s", **whole(scenario())).path
    for words in (["show", study], ["show", study, "groups"], ["show", study, "edges", "--json"]):
        assert not loaded(*words) & (COMPILES | {"duckdb", "jinja2", "tldextract", "pandas", "rich"}), words
