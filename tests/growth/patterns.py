"""Every regular expression of a package, and by which methods it is used."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

import unisono

PACKAGES = ("clean", "events", "files", "fields", "formats")
"""Where what others wrote is read."""
_METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})


class Used(NamedTuple):
    """A pattern: its module, its name there, and the method that its text goes through."""

    module: str
    name: str
    pattern: re.Pattern[Any]
    method: str


def modules(packages: tuple[str, ...] = PACKAGES) -> list[ModuleType]:
    """All modules of these packages, those that there are."""
    found = []
    for name in packages:
        if name not in {m.name for m in pkgutil.iter_modules(unisono.__path__)}:
            continue
        package = importlib.import_module(f"unisono.{name}")
        found.append(package)
        found += [
            importlib.import_module(m.name) for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        ]
    return found


def patterns() -> list[Used]:
    """Those that modules hold by name, in tuples, lists and dicts too, and those that functions write out."""
    used: dict[str, set[str]] = {}
    for module in modules():
        for name, method in _uses(module):
            used.setdefault(name, set()).add(method)
    found: dict[tuple[re.Pattern[Any], str], Used] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _within(value):
                # One that a list holds is used under some name of its module; there `split` is that of texts.
                for method in used.get(name) or {m for _, m in _uses(module) if m != "split"}:
                    found.setdefault((pattern, method), Used(module.__name__, name, pattern, method))
        for name, text, method in _written(module):
            pattern = re.compile(text)
            found.setdefault((pattern, method), Used(module.__name__, name, pattern, method))
    return sorted(found.values(), key=lambda u: (u.module, u.name, u.method, str(u.pattern.pattern)))


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _within(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for v in value:
            yield from _within(v)


def _calls(module: ModuleType) -> Iterator[ast.Call]:
    return (n for n in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(n, ast.Call))


def _uses(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Names and the methods of patterns that are called on them."""
    for call in _calls(module):
        at = call.func
        if isinstance(at, ast.Attribute) and at.attr in _METHODS and isinstance(at.value, ast.Name | ast.Attribute):
            yield at.value.id if isinstance(at.value, ast.Name) else at.value.attr, at.attr


def _written(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Patterns written out where they are used: `re.split("[#]+", text)`. Those that are put together there have no
    place in this: a pattern that a test cannot find is refused."""
    for call in _calls(module):
        at = call.func
        if not isinstance(at, ast.Attribute) or at.attr not in _METHODS or ast.unparse(at.value) != "re":
            continue
        assert isinstance(call.args[0], ast.Constant), f"{module.__name__}, line {call.lineno}"
        yield f"line {call.lineno}", call.args[0].value, at.attr
