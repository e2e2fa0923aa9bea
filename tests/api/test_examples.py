"""Every example in the docstrings runs; every public name has its place on the page about Python."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import unisono as un
from docs.python import SilentError, python
from unisono.api import beside, hand, verbs

S = 1_000_000


def given() -> dict[str, Any]:
    """What the examples take as given: a table of twelve posts, and nine traces of three accounts."""
    names = ["ada", "bob", "cyd"]
    posts = pd.DataFrame({
        "author": names * 4,
        "created": [f"2024-03-0{1 + k // 3} 10:00:0{k % 3}" for k in range(12)],
        "body": [f"what is said in post number {k}" for k in range(12)],
        "link": [f"https://example.org/{k // 3}" for k in range(12)],
    })  # fmt: skip
    traces = pa.table({
        "trace": ["url"] * 9, "account_id": names * 3, "object_id": [f"o{k // 3}" for k in range(9)],
        "t_us": [k // 3 * 3600 * S + k % 3 * S for k in range(9)], "event_id": [f"e{k}" for k in range(9)],
    })  # fmt: skip
    return {"un": un, "df": posts, "traces": traces}


def examples() -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    for module in (hand, verbs, beside):
        yield from (t for t in finder.find(module, extraglobs=given()) if t.examples)


@pytest.mark.parametrize("example", list(examples()), ids=lambda t: t.name)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_examples_run(example: doctest.DocTest) -> None:
    assert doctest.DocTestRunner().run(example) == doctest.TestResults(0, len(example.examples))


def test_every_public_name_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "\n".join(python())
    for name in set(un.__all__) - {"__version__"}:
        assert f"\n## {name}\n" in page
    for member in ("links", "evidence", "why", "posts", "network", "report", "save", "plot.timeline", "groups"):
        assert f"\n### Study.{member}\n" in page
    monkeypatch.setattr(un.Study.links, "__doc__", None)
    with pytest.raises(SilentError, match=r"Study\.links"):
        list(python())
