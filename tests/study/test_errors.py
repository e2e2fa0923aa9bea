"""One message, two doors."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from unisono.study import UserError, either, setting
from unisono.study.errors import spoken


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
        assert spoken(setting("zone", text), door).startswith(
            "--zone" if door == "switches" else "`zone`" if not text else 'zone="'
        )
