"""The demo's answers: every number is that of the tables and the truth, and the page loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.make import group_id, write_study
from unisono.demo.answers import answers, write_page
from unisono.study import Study

OFFICE = [f"plaza/person_{i}" for i in range(6)]
RING = [f"plaza/page_{i}" for i in range(3)]
PUBLIC = ["lens/photo_7", "plaza/person_8", "plaza/person_9"]


@pytest.fixture
def told(tmp_path: Path) -> list[str]:
    study = _study(tmp_path / "s")
    truth = tmp_path / "truth.csv"
    roles = [(a, "operation", f"cluster-{i % 2 + 1}") for i, a in enumerate(OFFICE)]
    roles += [(a, "look_alike", "ring-1") for a in RING] + [("plaza/person_6", "look_alike", "quick")]
    roles += [(a, "organic", "") for a in PUBLIC]
    rows = [f"{a.split('/')[1]},{a.split('/')[0]},{role},{part}" for a, role, part in roles]
    truth.write_text("\n".join(["author,network,role,cluster", *rows]) + "\n", encoding="utf-8")
    return answers(study, truth)


def _study(path: Path) -> Study:
    teams = [OFFICE[:4] + PUBLIC[:1], RING]
    groups = [
        {"group_id": group_id(t), "rank": i + 1, "n_accounts": len(t), "n_edges": 3, "traces": ["url"], "first_us": 0,
         "last_us": 1} for i, t in enumerate(teams)
    ]  # fmt: skip
    members = [{"group_id": group_id(t), "account_id": a, "role": "core"} for t in teams for a in t]
    ring = {"group_id": group_id(RING), "subject": "group", "subject_id": group_id(RING), "profile": "lookalike",
            "finding": "newsroom_syndication", "status": "found"}  # fmt: skip
    names = [*OFFICE, *RING, *PUBLIC, "plaza/person_6"]
    accounts = [{"account_id": a, "observed_us": 1, "kind": a.split("/")[1].split("_")[0]} for a in names]
    return write_study(path, groups=groups, members=members, profiles=[ring], accounts=accounts)


def test_they_count_what_was_planted_found_and_missed(told: list[str]) -> None:
    assert told[0].startswith("Planted: 6 accounts run from one office, in 2 clusters (6 persons).")
    assert told[1] == "Found: 4 of 6, in group 1."
    assert told[2].startswith("Missed: 2 (2 persons).")
    assert told[-1] == "Of 3 ordinary accounts, 1 was called; each such call is an error."


def test_they_say_of_each_look_alike_what_became_of_it_and_why_it_is_one(told: list[str]) -> None:
    quick, ring = told[3:-1]
    assert "thirty people who see the news as it comes out: none of 1 called." in quick
    assert "each is early with everything" in quick
    assert "3 of 3 called, in group 2, and its card says what else it may be." in ring
    assert "one feed does it, openly" in ring


def test_the_page_has_them_as_text_and_loads_nothing(tmp_path: Path) -> None:
    page = write_page(["a <b>bold</b> claim"], tmp_path).read_text("utf-8")
    assert "<li>a &lt;b&gt;bold&lt;/b&gt; claim</li>" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert page.count("href=") == 1
