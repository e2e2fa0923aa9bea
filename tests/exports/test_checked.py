"""What the data says of itself stands on the report's first page; words for a bound of 0; accounts that keep time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.exports.make import export, write_study
from unisono.exports.report import checked
from unisono.study import Study

CHECKS: list[dict[str, Any]] = [
    {"check": "gaps", "finding": "silence", "subject": "study", "status": "found", "severity": "note",
     "seen": "No post for 3 days", "effect": "pairs lose coincidences", "remedy": "", "value": 3.0, "n": 9},
    {"check": "collected", "finding": "positives_only", "subject": "study", "status": "found", "severity": "warning",
     "seen": "Nearly <b>every</b> account is linked", "effect": "there is no background", "remedy": "", "n": 9},
    {"check": "viral", "finding": "one", "subject": "study", "status": "not_found", "seen": "quiet", "n": 9},
]  # fmt: skip


def words(study: Study) -> str:
    return (export(study).path / "report.html").read_text(encoding="utf-8")


def test_findings_come_gravest_first_and_those_not_found_do_not(tmp_path: Path) -> None:
    study = write_study(tmp_path / "s", checks=CHECKS)
    assert [f.severity for f in checked.gather(study)] == ["warning", "note"]
    assert checked.gather(write_study(tmp_path / "t", absent=("checks",))) == []


def test_they_stand_on_the_first_page_as_text(tmp_path: Path) -> None:
    page = words(write_study(tmp_path / "s", checks=CHECKS))
    first = page[: page.index('id="groups"')]
    assert "Mind:" in first
    assert "Nearly &lt;b&gt;every&lt;/b&gt; account is linked" in first
    assert "account is linked; there is no background." in first
    assert "No post for 3 days" not in first
    checks = page[page.index('id="checks"') : page.index('id="chance"')]
    assert checks.index("account is linked; there is no background.") < checks.index("No post for 3 days; pairs lose")
    assert "quiet" not in first + checks


def test_accounts_that_keep_time_are_counted(tmp_path: Path) -> None:
    rows = [
        {"account_id": f"a{k}", "window_us": 1, "n_days": 3, "p_own": q, "q_own": q, "p_crowd": 1.0, "q_crowd": 1.0,
         "n_tests": 3, "score_own": 1.0} for k, q in enumerate([0.01, 0.04, 0.5])
    ]  # fmt: skip
    study = write_study(tmp_path / "s", synchrony=rows)
    assert checked.synchrony(study, 0.05) == checked.Synchrony(2, 0, 3)
    page = words(study)
    assert "2 accounts keep time with others, with no object in common" in page
    assert checked.synchrony(write_study(tmp_path / "t"), 0.05) is None
