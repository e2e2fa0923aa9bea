"""Versions of an account over time, and when it changed its name."""

from __future__ import annotations

from pathlib import Path

from tests.exports.make import write_study
from unisono.cli.rows import page
from unisono.cli.supply import add_table
from unisono.exports.accounts import Change, changes, versions
from unisono.study import Settings


def test_versions_of_both_tables_in_order_and_their_changes(tmp_path: Path) -> None:
    seen = [
        {"account_id": "x/1", "observed_us": 2_000_000, "handle": "b", "name": "One"},
        {"account_id": "x/1", "observed_us": 4_000_000, "handle": "b", "name": None},
        {"account_id": "x/2", "observed_us": 1_000_000, "handle": "other", "name": "Two"},
    ]
    study = write_study(tmp_path / "s", accounts=seen)
    assert versions(study, ["x/2"]).num_rows == 1
    given = tmp_path / "a.csv"
    given.write_text(
        "account_id,time,handle,name\nx/1,1970-01-01T00:00:01Z,a,One\nx/1,1970-01-01T00:00:05Z,b,Uno\n", "utf-8"
    )
    add_table("accounts", study, [given], Settings(), None)
    rows, total = page(study, "accounts", None, "x/1", 20)
    assert rows["observed_us"].to_pylist() == [1_000_000, 2_000_000, 4_000_000, 5_000_000]
    assert total == 4
    assert changes(versions(study, ["x/1", "x/2"])) == [
        Change("x/1", "handle", 1_000_000, 2_000_000, "a", "b"),
        Change("x/1", "name", 2_000_000, 5_000_000, "One", "Uno"),
    ]
    assert changes(versions(study, ["nobody"])) == []
