"""One study of the small table, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import unisono as un
from tests.api.made import MAP, posts

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="session")
def hand() -> un.Study[pd.DataFrame]:
    """A study in memory, of a pandas table."""
    return un.study(posts(), map=MAP, trace="url")


@pytest.fixture(scope="session")
def saved(hand: un.Study[pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> un.Study[pd.DataFrame]:
    """The same, saved."""
    return hand.save(tmp_path_factory.mktemp("saved") / "study")
