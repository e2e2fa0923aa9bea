"""Mutants: each is a program, each differs, and they are the same every time."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import ROOT, Mutant, drawn, mutant, places, suite_of, survives, users_of

SOURCE = '''
"""Text that stays: 1 < 2."""
LEAST = 2

def f(a: int = 3, b: "x" = 4) -> int:
    """Stays as well."""
    if a < b and not a:
        raise ValueError(f"{a} < {b}")
    return min(a * 2, -b, held(h ^ 1))
'''


TEST, ERROR = "if a < b and (not a)", "raise ValueError(f'{a} < {b}')"


def test_every_kind_of_change() -> None:
    found = [mutant("room/file.py", SOURCE, place) for place in places(SOURCE)]
    assert {m.place for m in found} == {
        "module: 2 -> 3",
        f"f: {TEST}: {ERROR} -> if not (a < b and (not a)): {ERROR}",
        "f: a < b and (not a) -> a < b or not a", "f: a < b and (not a) -> a < b", "f: a < b -> a <= b",
        "f: not a -> a", "f: min -> max", "f: a * 2 -> a / 2", "f: a * 2 -> a", "f: 2 -> 3", "f: -b -> b",
        "f: h ^ 1 -> h", "f: 1 -> 2",
    }  # fmt: skip
    for m in found:
        assert ast.dump(ast.parse(m.source)) != ast.dump(ast.parse(SOURCE))
        assert "Text that stays: 1 < 2." in m.source


def test_they_are_drawn_by_seed() -> None:
    names = [m.name for m in drawn(2, 1, "maths/")]
    assert names == [m.name for m in drawn(2, 1, "maths/")]
    assert names != [m.name for m in drawn(2, 2, "maths/")]
    assert len(names) >= 16


def test_the_tests_of_a_file_and_who_uses_it() -> None:
    tests = suite_of("certify/slot_sampler.py")
    assert tests[0] == "tests/certify/test_permutation.py"
    assert "tests/certify/test_splits.py" in tests
    users = {
        p.relative_to(ROOT / "src" / "unisono").as_posix() for p in users_of("certify/slot_sampler.py", ROOT / "src")
    }
    assert {"certify/permutation.py", "certify/sample_splitting.py", "edges/call.py", "pipeline.py"} <= users
    assert "maths/tails.py" not in users


def test_who_uses_a_mutant_is_compiled_anew_and_all_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: users were touched alone, and Numba, which looks at a file's bytes, took their old kernels."""
    src, cache = Path(shutil.copytree(ROOT / "src", tmp_path / "src")), tmp_path / "cache"
    cache.mkdir()
    texts = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in src.rglob("*.py")}
    changed: set[str] = set()

    def look(file: str, src: Path, cache: Path, seconds: float) -> bool:
        changed.update(p.relative_to(src / "unisono").as_posix() for p in texts if p.read_bytes() != texts[p][0])
        assert (src / "unisono" / file).read_text().startswith("x = 1\n")
        return True

    monkeypatch.setattr(mutants, "stays_green", look)
    assert survives(Mutant("certify/slot_sampler.py", "module: 0 -> 1", "x = 1\n"), src, cache, 1)
    assert {"certify/slot_sampler.py", "certify/permutation.py", "certify/sample_splitting.py"} <= changed
    assert "maths/tails.py" not in changed
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in texts} == texts
