"""The demo world, made once."""

from __future__ import annotations

import pytest

from unisono.demo.scenario import make_demo
from unisono.demo.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return make_demo()


@pytest.fixture(scope="session")
def small() -> World:
    """The operation before a background a fiftieth of the size."""
    return make_demo(seed=5, scale=0.02)
