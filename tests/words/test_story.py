"""The story in the terminal, word by word: whoever changes a sentence changes it here, and reads it."""

from __future__ import annotations

from pathlib import Path

from tests.exports.make import combined, scenario, whole, write_study
from unisono.exports.story import summary

FOUND = """\
Read: 1 file with 136 rows: 133 used, 3 rejected.
Rejected: 2 as bad time, 1 as no account.
Traces: 133.
Pairs: 16 linked pairs of accounts, of 12,345 tested, at a false-discovery rate of 5 %: if the model holds, about 5 % \
of links are wrong on average over studies.
All 16 links rest on the joint test.
Coordinated behaviour observed: 2 groups, 11 accounts.
  1. group c066c2536598: 6 accounts, 12 links, at least 7 pairs that this model does not explain, q = 2e-05 \
(text, url), 2021-03-05 01:09:10 UTC to 2021-03-14 01:23:40 UTC
  2. group f0c1957c5561: 5 accounts, 4 links, at least 2 pairs that this model does not explain, q = 2e-05 \
(text, url), 2021-03-04 18:12:29 UTC to 2021-03-10 16:20:27 UTC
Acting together is not yet an operation: newsrooms that share an agency, relays of one feed, fans who follow a call \
and followers who are shown a post in the same second do so too.
"""


def told(study: Path, **rows: object) -> str:
    made = write_study(study, **rows)  # type: ignore[arg-type]
    any_stage = next(iter(made.manifest.stages.values()))
    facts = {"n_tests": 12_345 if rows.get("groups") else 0, "fdr": 0.05}
    made.manifest.stages["test"] = any_stage.model_copy(update={"facts": facts, "tables": {}, "files": {}, "notes": []})
    lines = summary(made)
    return "".join(f"{line}\n" for line in lines if not line.startswith("Note: "))


def test_a_study_with_groups(tmp_path: Path) -> None:
    assert told(tmp_path / "s", **whole(scenario())) == FOUND


def test_a_study_in_which_nothing_could_be_tested(tmp_path: Path) -> None:
    lines = told(tmp_path / "s", edges=combined([])).splitlines()
    assert "Pairs: No pair is linked, for none could be tested." in lines
    assert "Coordinated behaviour observed: 0 groups, 0 accounts." in lines
