"""Every format of records on its own fixtures, broken at random: nothing raises, no row is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.breaking import OF, RECORDS, broken_records
from tests.events.reading import fixture, mapped
from unisono.study import UserError


def test_every_format_of_records_has_a_fixture() -> None:
    assert set(OF.values()) == set(RECORDS)


@pytest.mark.parametrize("name", OF)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rng=st.randoms())
def test_nothing_breaks_and_nothing_is_lost(name: str, rng: random.Random) -> None:
    raw = broken_records(rng, fixture(name), name.endswith(".json"))
    try:
        kept, lost, rows = mapped(name, raw, format=OF[name])
    except UserError:  # the file as a whole is refused
        return
    assert len(kept) + lost == rows
