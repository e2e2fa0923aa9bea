"""Every status and every basis gives one sentence, and none contradicts the row that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.nulls.layer import TIMING_HOLDS
from unisono.nulls.meetings import LEAST
from unisono.words import links
from unisono.words.links import ALL, DRIVEN, NO_DATA, SYNCHRONY, TESTED, TESTS, Link, verdict

STATUSES = (TESTED, NO_DATA, DRIVEN, None)
BASES = (*TESTS, None)

shares = st.none() | st.floats(0, 1)
counts = st.integers(0, 10**6)
rows = st.fixed_dictionaries({
    "trace": st.sampled_from(["url", "repost", ALL, SYNCHRONY]), "window_us": st.integers(0, 86_400_000_000),
    "n_objects": counts, "n_first": counts, "n_occasions": st.none() | counts, "n_days": counts,
    "expected": st.none() | st.floats(0, 1e6), "expected_timing": st.none() | st.floats(0, 1e6), "p_timing": shares,
    "q": shares, "q_selection": shares, "is_edge": st.booleans() | st.none(), "basis": st.sampled_from(BASES),
    "status": st.sampled_from(STATUSES),
})  # fmt: skip


@given(rows)
def test_every_row_has_one_sentence_that_does_not_contradict_it(row: dict[str, Any]) -> None:
    said = verdict(Link.of(row, "the same link"))
    assert said[0].isupper()
    assert said.endswith(".")
    assert "None" not in said
    assert "nan" not in said
    linked = said.startswith("Linked")
    assert sum(said.startswith(s) for s in ("Linked", "Not linked", "Not tested", "Too little data")) == 1
    assert linked == (bool(row["is_edge"]) and row["status"] not in (NO_DATA, DRIVEN))
    assert (row["status"] == NO_DATA) == said.startswith("Too little data")
    named = {b for b, test in TESTS.items() if f"({test})" in said}
    assert named == ({b for b in TESTS if TESTS[b] == TESTS.get(row["basis"])} if linked else set())
    assert ("our weakest" in said) == (linked and row["basis"] == "reference")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("is_edge", [True, False])
def test_no_combination_fails_even_of_empty_columns(status: str | None, basis: str | None, is_edge: bool) -> None:
    row = {"trace": "url", "window_us": 60_000_000, "status": status, "basis": basis, "is_edge": is_edge}
    assert verdict(Link.of(row, "the same link")).endswith(".")


def row(**changed: Any) -> Link:
    known = {"trace": "url", "window_us": 60_000_000, "n_first": 9, "expected": 0.0183, "expected_timing": 0.8,
             "p_timing": 1e-4, "q": 3e-9, "status": TESTED, "is_edge": True, "basis": "joint"}  # fmt: skip
    return Link.of(known | changed, "the same link")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (row(), "Linked (joint test): the same link 9 times within 60 s; expected: 0.018 (q = 3e-09)."),
        (row(n_first=1, expected=1e-9),
         "Linked (joint test): the same link once within 60 s; expected: less than 0.0001 (q = 3e-09)."),
        (row(basis="timing"),
         "Linked (timing test): the same link 9 times within 60 s; expected from these objects’ times: 0.8 (q = 3e-09)."
         " Their group was confirmed on data not used to find it."),
        (row(basis="reference"),
         "Linked (reference test, our weakest): the same link 9 times within 60 s, on objects that hardly anybody else "
         "touched; other objects are not shared so fast (q = 3e-09). Their group was confirmed on data not used to "
         "find it."),
        (row(basis="crowd", trace=SYNCHRONY, window_us=1_000_000),
         "Linked (synchrony test): acts within 1 s of each other on 9 days; expected: 0.018 (q = 3e-09)."),
        (row(expected=None, q=None, basis=None), "Linked: the same link 9 times within 60 s."),
        (row(is_edge=False, status=NO_DATA, basis=None, n_first=2),
         "Too little data: hardly anybody else touched what they share, so 2 coincidences cannot be judged."),
        (row(is_edge=False, status=DRIVEN, basis=None, q_selection=1e-5, p_timing=0.44),
         "Not linked: shared content (q = 1e-05), ordinary timing (p = 0.44). It may be common interest, or a list "
         "worked off over hours."),
        (row(is_edge=False, basis=None, q=0.4, p_timing=0.3),
         "Not linked: the same link 9 times within 60 s; expected: 0.018 (q = 0.4). Given what they share, their times "
         "are ordinary (p = 0.3)."),
        (row(is_edge=False, basis=None, expected=None, n_first=5, n_meetings=1),
         "Not linked: the same link 5 times within 60 s, in one sitting. What is done in one sitting may be one "
         "choice; at least 2 are needed."),
        (row(n_meetings=7),
         "Linked (joint test): the same link 9 times within 60 s, in 7 sittings; expected: 0.018 (q = 3e-09)."),
        (row(is_edge=False, basis=None, p_joint=1e-7, p_timing=0.04, q=1.0),
         "Not linked: the same link 9 times within 60 s; expected: 0.018 (q = 1). Given what they share, their times "
         "are ordinary (p = 0.04)."),
        (row(is_edge=False, basis=None, expected=None, expected_timing=None, n_first=1),
         "Not tested: the same link once within 60 s; at least 2 needed."),
    ],
)  # fmt: skip
def test_a_verdict_reads_so(link: Link, said: str) -> None:
    assert verdict(link) == said


def test_the_words_and_the_tests_have_the_same_limits() -> None:
    assert (links.LEAST, links.ORDINARY) == (LEAST, TIMING_HOLDS)
