"""The time of every pattern, cleaning function and reader grows with the length of its text and not with its square."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from tests.growth.attacks import Attack, of_pattern, zoo
from tests.growth.measure import BOUND, exponent
from tests.growth.patterns import PACKAGES, Used, modules, patterns
from unisono.clean.time import TimeRule

MOST, ALL = 1 << 14, 1 << 20
"""Characters of an attack, in the tests that always run and in those of a release."""
_GIVEN: dict[str, tuple[Any, ...]] = {
    "parse_time": (TimeRule(None, "UTC"),), "from_pattern": ("%d/%m/%Y %H:%M",), "is_tracking": ("a.example",),
    "account_id": ("x",), "event_id": ("x",),
}  # fmt: skip
"""What functions ask for beside their text. Those of two names get the text last."""
_LAST = {"account_id", "event_id"}
_ENOUGH = 3


def slow(run: Callable[[Any], object], attacks: list[Attack], most: int, as_bytes: bool = False) -> list[str]:
    """The attacks under which time grows too fast, each with its exponent."""
    found = []
    for attack in attacks:
        text: Callable[[int], Any] = attack.text
        if as_bytes:
            text = partial(_bytes, attack)
        if (grows := exponent(run, text, most)) > BOUND:
            found.append(f"{tuple(attack)!a}: {grows:.2f}")
        if len(found) == _ENOUGH:
            break
    return found


def _bytes(attack: Attack, n: int) -> bytes:
    return attack.text(n).encode("utf-8", "surrogatepass")


def use(used: Used) -> Callable[[Any], object]:
    """All that the pattern does to a text."""
    method = getattr(used.pattern, used.method)
    if used.method in ("sub", "subn"):
        return lambda text: method(text[:0], text)
    if used.method == "finditer":
        return lambda text: sum(1 for _ in method(text))
    return lambda text: method(text)  # type: ignore[no-any-return]


def cleaning() -> list[Callable[..., Any]]:
    """Public functions of `clean` that take a text."""
    found: dict[str, Callable[..., Any]] = {}
    for module in modules(PACKAGES[:1]):
        for name, f in inspect.getmembers(module, callable):
            f = getattr(f, "__wrapped__", f)
            if name[0] == "_" or not inspect.isfunction(f) or f.__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(f).parameters.values()), None)
            if first is not None and ("str" in str(first.annotation) or first.annotation == "object"):
                found[name] = f
    return list(found.values())


def call(f: Callable[..., Any], text: str) -> None:
    """Whatever it says: errors are answers too."""
    given = _GIVEN.get(f.__name__, ())
    with suppress(ValueError):
        f(*given, text) if f.__name__ in _LAST else f(text, *given)


def check_pattern(used: Used, most: int) -> None:
    attacks = of_pattern(used.pattern) + zoo()
    assert slow(use(used), attacks, most, isinstance(used.pattern.pattern, bytes)) == []


def check_function(f: Callable[..., Any], most: int) -> None:
    shared = [a for used in patterns() if used.name[0].isupper() for a in of_pattern(used.pattern)]
    own = [a for used in patterns() if used.module == f.__module__ for a in of_pattern(used.pattern)]
    assert slow(partial(call, f), sorted({*zoo(), *own, *shared}), most) == []


@pytest.mark.parametrize("used", patterns(), ids=lambda u: f"{u.module}.{u.name}.{u.method}")
def test_pattern(used: Used) -> None:
    check_pattern(used, MOST)


@pytest.mark.parametrize("f", cleaning(), ids=lambda f: f.__name__)
def test_cleaning(f: Callable[..., Any]) -> None:
    check_function(f, MOST)


def test_the_measure_can_tell() -> None:
    """A pattern and a function that are quadratic are found, linear ones are not."""
    tags = re.compile(r"[#＃]+\w+")
    assert slow(tags.findall, of_pattern(tags), MOST)
    comment = re.compile(r"/\*.*?\*/", re.DOTALL)
    assert slow(comment.findall, of_pattern(comment), MOST)
    assert slow(lambda s: [s[i:].count("x") for i in range(0, len(s), 8)], zoo()[:1], MOST)
    assert not slow(re.compile(r"#++(?:\w+)?").findall, zoo()[:9], MOST)
    assert not slow(lambda s: sorted(s), zoo(), MOST)
