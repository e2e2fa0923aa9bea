"""Would the tests notice? Rooms of statistics changed in one place at a time, and the tests that use them run on each.

    python -m tests.mutants --per-file 3 --seed 1          a few drawn of every file
    python -m tests.mutants --only certify/ --per-file 20  many of one room

A mutant is one expression changed: a comparison, an operator, a number, a condition, min for max, or an operand left
out. It is killed where a test fails (or none ends in time); one that survives is printed, and makes the run fail unless
docs/mutants.md lists and judges it. Tests run are those of the room and those that import the file. Compiled kernels of
what did not change come from a cache; of the changed file and of all that import it they are compiled anew: Numba looks
at a function's own file alone (since 0.68 at its bytes), so each of these gets a line more.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("calibration", "certify", "edges", "groups", "maths", "nulls")
JUDGED = ROOT / "docs" / "mutants.md"
_SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}


Steps = tuple[tuple[str, int | None], ...]
"""Fields from the module to a node, and the number in the field where it is a list."""
Place = tuple[Steps, int]
"""A node, and which of its changes."""


@dataclass(frozen=True)
class Mutant:
    """file: below src/unisono; place: of the statement, as `function: before -> after`; source: of the whole file."""

    file: str
    place: str
    source: str

    @property
    def name(self) -> str:
        """By which docs/mutants.md knows it: no line numbers, which change with every comment."""
        return f"{self.file} {self.place}"


def places(source: str) -> list[Place]:
    """Every change that can be made to a file, in order. Docstrings, annotations, decorators and errors stay."""
    tree = ast.parse(source)
    return [(path, k) for path in _paths(tree) for k in range(len(_changes(_at(tree, path))))]


def mutant(file: str, source: str, place: Place) -> Mutant:
    """The file with one change."""
    tree, (path, k) = ast.parse(source), place
    before = _at(tree, path)
    after = _changes(copy.deepcopy(before))[k]
    name = f"{_function(tree, path)}: {_short(before)} -> {_short(after)}"
    _put(tree, path, after)
    return Mutant(file, name, ast.unparse(ast.fix_missing_locations(tree)))


def _paths(node: ast.AST, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    yield path
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and not isinstance(node, ast.Call):
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for k, child in children:
            if isinstance(child, ast.AST):
                yield from _paths(child, (*path, (name, k)))


def _at(node: ast.AST, path: Steps) -> ast.AST:
    for name, k in path:
        value = getattr(node, name)
        node = value if k is None else value[k]
    return node


def _put(tree: ast.AST, path: Steps, new: ast.AST) -> None:
    parent, (name, k) = _at(tree, path[:-1]), path[-1]
    if k is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[k] = new


def _function(tree: ast.AST, path: Steps) -> str:
    names = [n.name for n in (_at(tree, path[:i]) for i in range(len(path))) if isinstance(n, ast.FunctionDef)]
    return names[-1] if names else "module"


def _short(node: ast.AST) -> str:
    return re.sub(r"\s+", " ", ast.unparse(ast.fix_missing_locations(node)))[:90]


def _changes(node: ast.AST) -> list[ast.AST]:
    """What a node may become."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SWAPPED:
            return [ast.Compare(left, [_SWAPPED[type(op)]()], [right])]
        case ast.BinOp(left=left, op=op, right=right) if not isinstance(left, ast.Constant | ast.JoinedStr):
            swapped = [ast.BinOp(left, _SWAPPED[type(op)](), right)] if type(op) in _SWAPPED else []
            return [*swapped, left]
        case ast.BoolOp(op=op, values=values):
            return [ast.BoolOp(_SWAPPED[type(op)](), values), values[0]]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [operand]
        case ast.Constant(value=bool() as value):
            return [ast.Constant(not value)]
        case ast.Constant(value=int() | float() as value):
            return [ast.Constant(value + 1)]
        case ast.Name(id=name) if name in _NAMES:
            return [ast.Name(_NAMES[name], ast.Load())]
        case ast.Attribute(value=value, attr=name) if name in _NAMES:
            return [ast.Attribute(value, _NAMES[name], ast.Load())]
        case ast.If(test=test, body=body, orelse=orelse):
            return [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
    return []


def drawn(per_file: int, seed: int, only: str) -> Iterator[Mutant]:
    """Some mutants of every file; those of one do not depend on what other files there are."""
    for path in sorted(p for room in ROOMS for p in (ROOT / "src" / "unisono" / room).rglob("*.py")):
        file = path.relative_to(ROOT / "src" / "unisono").as_posix()
        if only in file:
            source = path.read_text()
            every = places(source)
            for place in random.Random(f"{seed} {file}").sample(every, min(per_file, len(every))):
                yield mutant(file, source, place)


def suite_of(file: str) -> list[str]:
    """Tests of the file's room, those that import the file first; those of other rooms that import it last."""
    module = "unisono." + file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    named = re.compile(rf"^\s*(from|import) {re.escape(module)}\b|^from {module.rpartition('.')[0]} import .*"
                       rf"\b{module.rpartition('.')[2]}\b", re.M)  # fmt: skip
    every = sorted((ROOT / "tests").rglob("test_*.py"))
    uses = [t for t in every if named.search(t.read_text())]
    room = [t for t in every if t.relative_to(ROOT / "tests").parts[0] == file.split("/")[0]]
    ordered = [t for t in uses if t in room] + [t for t in room if t not in uses] + [t for t in uses if t not in room]
    return [t.relative_to(ROOT).as_posix() for t in ordered]


def users_of(file: str, src: Path) -> list[Path]:
    """Files that import it, directly or not: kernels of theirs hold what it says."""
    texts = {p: p.read_text() for p in (src / "unisono").rglob("*.py")}
    reached, left = set(), [src / "unisono" / file]
    while left:
        path = left.pop()
        module = path.relative_to(src).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for p in [p for p, text in texts.items() if p not in reached and re.search(rf"\b{re.escape(module)}\b", text)]:
            reached.add(p)
            if p != src / "unisono" / "__init__.py":  # all stand below that name, and nobody needs what it names
                left.append(p)
    return sorted(reached)


def survives(mutant: Mutant, src: Path, cache: Path, seconds: float) -> bool:
    """Whether all tests stay green. src: a copy of the source, as it was before and as it is after; cache: of what was
    compiled from it."""
    path = src / "unisono" / mutant.file
    kept = {p: (p.read_text(), p.stat()) for p in {path, *users_of(mutant.file, src)}}
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "cache"
        shutil.copytree(cache, mine)
        try:
            for p, (text, _) in kept.items():
                p.write_text((mutant.source if p == path else text) + "\n# compiled for a mutant\n")
            return stays_green(mutant.file, src, mine, seconds)
        finally:
            for p, (text, was) in kept.items():
                p.write_text(text)
                os.utime(p, ns=(was.st_atime_ns, was.st_mtime_ns))


def stays_green(file: str, src: Path, cache: Path, seconds: float) -> bool:
    """Run the tests of a file on the source in `src`."""
    env = os.environ | {"PYTHONPATH": f"{src}{os.pathsep}{ROOT}", "NUMBA_CACHE_DIR": str(cache)}
    options = ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-m", "not data", "-n", "0"]
    command = [sys.executable, "-m", "pytest", *(options if _has_xdist() else options[:-2]), *suite_of(file)]
    try:
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def _has_xdist() -> bool:
    import importlib.util

    return importlib.util.find_spec("xdist") is not None


def main() -> int:
    """Run them; 1 where one survives that is not judged."""
    parser = argparse.ArgumentParser("python -m tests.mutants", description=__doc__)
    parser.add_argument("--per-file", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="part of the file's path below src/unisono")
    parser.add_argument("--seconds", type=float, default=600, help="after which tests that have not ended have failed")
    given = parser.parse_args()
    judged, killed, left = JUDGED.read_text() if JUDGED.exists() else "", 0, []
    with tempfile.TemporaryDirectory() as folder:
        src, cache = Path(folder) / "src", Path(folder) / "cache"
        shutil.copytree(ROOT / "src", src)
        cache.mkdir()
        sound: dict[str, bool] = {}
        for mutant in drawn(given.per_file, given.seed, given.only):
            if mutant.file not in sound:  # fills the cache too
                sound[mutant.file] = stays_green(mutant.file, src, cache, 4 * given.seconds)
                if not sound[mutant.file]:
                    print(f"{mutant.file}: its tests fail without a mutation, so they show nothing", flush=True)
            if not sound[mutant.file]:
                continue
            alive = survives(mutant, src, cache, given.seconds)
            killed += not alive
            known = f"`{mutant.name}`" in judged
            print(f"{'survives' if alive else 'killed'}{', judged' * (alive and known)}: {mutant.name}", flush=True)
            left += [mutant.name] if alive and not known else []
    print(f"{killed} killed; {len(left)} survive that docs/mutants.md does not judge")
    return int(bool(left) or not all(sound.values()))


if __name__ == "__main__":
    raise SystemExit(main())
