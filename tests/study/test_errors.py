"""One message, two doors."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from unisono.study import UserError, either, setting
from unisono.study.errors import spoken

_OF_A_DOOR = re.compile(r"(^|[ `(])--[a-z]|`?\bunisono [a-z]+ [A-Z]")


def test_a_setting_is_said_as_the_door_says_it() -> None:
    e = UserError(
        f"{setting('map')} names text twice", f"say {setting('as', 'traces')}, {setting('file_format', 'csv')}"
    )
    assert e.said("switches") == ("--map names text twice", "say --as traces, --file-format csv")
    assert (e.what, e.remedy) == ("`map` names text twice", 'say as_="traces", file_format="csv"')
    assert str(e) == "`map` names text twice\n  " + e.remedy
    assert str(pickle.loads(pickle.dumps(e))) == str(e)
    assert str(UserError("no remedy")) == "no remedy"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x0e\x0f\x1f"))), st.text())
def test_texts_of_others_stay_in_their_place(text: str, other: str) -> None:
    said = f"{other} {setting('zone', text)} {either(text, text)}."
    for door in ("python", "switches"):
        plain = spoken(said, door)
        assert plain.endswith(".")
        assert spoken(setting("zone", text), door).startswith("--zone " if door == "switches" else 'zone="')


def test_no_message_knows_a_door() -> None:
    """Switches and commands stand in messages through `setting` and `either` alone, outside the command line."""
    told = []
    for path in sorted((ROOT / "src/unisono").rglob("*.py")):
        if "cli" in path.relative_to(ROOT / "src/unisono").parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UserError":
                told += [f"{path.name}:{node.lineno}: {s}" for s in _plain_texts(node) if _OF_A_DOOR.search(s)]
    assert told == []


def _plain_texts(node: ast.AST) -> Iterator[str]:
    """Texts in a call, without those that are handed to `setting` or `either`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in ("setting", "either"):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        yield from _plain_texts(child)
