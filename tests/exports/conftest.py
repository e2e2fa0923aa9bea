"""Fixtures: one exported study that tests only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.exports.make import export, scenario, whole, write_study
from unisono.study import Study


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two groups of accounts, exported."""
    return export(write_study(tmp_path_factory.mktemp("small") / "s", notes=["a note"], **whole(scenario())))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with WebGL."""
    from tests.exports.browser import ARGS, chromium

    with chromium(ARGS) as started:
        yield started
