"""`unisono formats`: every format, what it is known by, and where its fields come from."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Unisono
from unisono.events.fields.mapping import FIELDS
from unisono.events.formats import formats
from unisono.events.listing import fields_of


def test_the_list_has_every_format_with_its_marks(unisono: Unisono) -> None:
    head, *rows = (line.split("\t") for line in unisono("formats").out.splitlines())
    assert head == ["format", "what it is", "known by"]
    assert [r[0] for r in rows] == list(formats())
    known = {name: marks for name, _, marks in rows}
    assert known["table"] == "only by --as table"
    assert known["x-disclosure"].startswith("tweetid, userid")


def test_one_format_says_its_traps_and_its_fields(unisono: Unisono) -> None:
    said = unisono("formats", "media-cloud").out
    assert "`publish_date` is a day as a rule" in said
    assert "time\tpublish_date\n" in said


@pytest.mark.parametrize("name", formats())
def test_every_field_that_is_named_exists(name: str) -> None:
    fields = fields_of(formats()[name])
    assert "time" in fields
    assert fields.keys() & {"account", "handle"}
    if name not in ("traces", "coortweet"):
        assert fields.keys() <= {*FIELDS, "media"}
    assert all(fields.values())


def test_traces_name_their_objects() -> None:
    assert any(field.startswith("object") for field in fields_of(formats()["coortweet"]))
    assert "object, object:TRACE" in fields_of(formats()["traces"])


def test_a_name_that_is_none_is_told_the_nearest(unisono: Unisono) -> None:
    said = unisono("formats", "media-clod")
    assert said.code == 2
    assert "did you mean media-cloud?" in said.err
