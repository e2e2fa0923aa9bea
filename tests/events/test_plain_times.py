"""Times of a column at once: exactly what the strict parser says of each."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.clean.time import BadTime, TimeRule, parse_time
from unisono.events.fields.plain_times import plain_times
from unisono.events.fields.times import time_column
from unisono.events.files.batch import as_numbers
from unisono.study import UserError

_N = st.integers(0, 99).map("{:02d}".format)
_YEAR = st.sampled_from(["0000", "0001", "1969", "1970", "2000", "2021", "2100", "9999"])
_TAIL = st.sampled_from(["", "", ".000", ".123", ".123456", ".12", ",123", "+01", ".123+01", ".1234567", "٣"])
_WRITTEN = st.builds(
    "{}-{}-{}{}{}:{}:{}{}{}".format, _YEAR, _N, _N, st.sampled_from("TT t"), _N, _N, _N, _TAIL, st.sampled_from("ZZz "),
).map(str.strip)  # fmt: skip
_REAL = st.datetimes().map(lambda d: d.isoformat(timespec="milliseconds") + "Z")
_CELLS = st.lists(_WRITTEN | _REAL | st.none() | st.integers() | st.text(max_size=3), max_size=12)


@given(_CELLS, st.sampled_from([TimeRule(), TimeRule(zone="UTC"), TimeRule(zone="+03:00"), TimeRule("unix", "UTC")]))
def test_it_says_what_the_strict_parser_says(cells: list[object], rule: TimeRule) -> None:
    t_us, steps, known = plain_times(pa.array([c if isinstance(c, str) else None for c in cells], pa.string()), rule)
    for i in np.flatnonzero(known).tolist():
        assert (int(t_us[i]), int(steps[i])) == parse_time(cells[i], rule)


@given(_CELLS)
def test_columns_are_what_their_cells_are(cells: list[object]) -> None:
    rule = TimeRule(zone="UTC")
    found = time_column(cells, rule, "p", as_numbers(range(len(cells))))
    for i, cell in enumerate(cells):
        expected = None
        if cell is not None and cell != "":
            with suppress(BadTime):
                expected = parse_time(cell, rule)
        assert (i in found.reasons) == (expected is None)
        if expected is not None:
            assert (int(found.t_us[i]), int(found.resolution_us[i])) == expected


def test_the_common_forms_are_taken_at_once() -> None:
    cells = ["2021-03-04T05:06:07Z", "2021-03-04 05:06:07.000Z", "2024-02-29T23:59:59.123456Z"]
    assert plain_times(pa.array(cells), TimeRule())[2].all()
    assert not plain_times(pa.array(["2023-02-29T00:00:00Z", "2021-03-04 05:06:07"]), TimeRule())[2].any()
    assert plain_times(pa.array(["2021-03-04 05:06:07"]), TimeRule(zone="UTC"))[2].all()
    with pytest.raises(UserError, match="carry no zone"):
        time_column(["2021-03-04 05:06:07"], TimeRule(), "p", as_numbers([1]))
