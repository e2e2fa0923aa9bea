"""Signals, accounts and known networks: every row is in a table, repeats another or is rejected with a reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.exports.make import scenario, write_study
from unisono.cli.supply import add_known, add_table
from unisono.study import Settings, Study, UserError, load_settings, open_study
from unisono.study.verify import problems

HEADER = "account_id,kind,value,time,source\n"
T = "2021-03-04T05:06:07Z"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = scenario()
    return write_study(tmp_path / "study", events=made["events"], accounts=made["accounts"], traces=made["traces"])


def file(study: Study, text: str, name: str = "signals.csv") -> Path:
    path = study.path.parent / name
    path.write_text(text, "utf-8")
    return path


def add(study: Study, name: str, path: Path, observed: str | None = None, **settings: Any) -> list[str]:
    return add_table(name, study, [path], Settings(**settings), observed)


def test_every_row_is_kept_repeated_or_rejected(study: Study) -> None:
    before = problems(open_study(study.path))  # a made-up study: its sources were never read
    known = study.read("accounts")["account_id"][0].as_py()
    rows = (
        f"{known},ip,192.0.2.1,{T},court\n{known},IP,192.0.2.1,{T},court\nx/new,device,abc,{T},\n"
        f",ip,192.0.2.1,{T},\n[deleted],ip,192.0.2.1,{T},\nx/1,mood,bad,{T},\nx/1,,v,{T},\nx/1,ip,,{T},\n"
        "x/1,ip,192.0.2.2,,\nx/1,ip,192.0.2.2,yesterday,\n1.2E+17,ip,v,2021,\n"
    )
    lines = add(study, "signals", file(study, HEADER + rows))
    facts = study.manifest.stages["add_signals"].facts
    assert (facts["rows"], facts["kept"], facts["repeated"]) == (11, 2, 1)
    assert facts["rows"] == facts["kept"] + facts["repeated"] + sum(facts["rejects"].values())
    with (study.path / "csv" / "rejects_signals.csv").open(encoding="utf-8") as f:
        reasons = {int(r["line"]): r["reason"] for r in csv.DictReader(f)}
    assert list(reasons.values())[:7] == [
        "no_account", "sentinel_account", "bad_kind", "no_kind", "no_value", "no_time", "bad_time",
    ]  # fmt: skip
    assert "11 rows read, 2 kept" in lines[0]
    assert any("1 of their accounts are not in the study" in line for line in lines)
    kept = study.read("signals").to_pylist()
    assert {(r["account_id"], r["kind"], r["source"]) for r in kept} == {
        (known, "ip", "court"), ("x/new", "device", "signals.csv"),
    }  # fmt: skip
    assert problems(open_study(study.path)) == before


def test_columns_of_other_names_and_a_time_for_all(study: Study) -> None:
    path = file(study, "user,what,it\n7,asn,AS64500\n")
    add(study, "signals", path, T, map="account_id=user,kind=what,value=it", platform="x")
    (row,) = study.read("signals").to_pylist()
    assert (row["account_id"], row["t_us"]) == ("x/7", 1_614_834_367_000_000)


def test_accounts_are_further_versions(study: Study) -> None:
    path = file(study, f"account_id,time,handle,followers\nx/1,{T},old,7\nx/1,2022-01-01T00:00:00Z,new,many\n")
    lines = add(study, "accounts", path)
    rows = study.read("accounts_added").to_pylist()
    assert [(r["handle"], r["followers"]) for r in rows] == [("old", 7), ("new", None)]
    assert any("no whole numbers" in line for line in lines)
    assert study.has("accounts")


def test_adding_again_replaces_and_the_same_is_left_alone(study: Study) -> None:
    first = file(study, f"{HEADER}x/1,ip,192.0.2.1,{T},a\n")
    add(study, "signals", first)
    before = study.file("signals").stat().st_mtime_ns
    add(study, "signals", first)
    assert study.file("signals").stat().st_mtime_ns == before
    add(study, "signals", file(study, f"{HEADER}x/2,ip,192.0.2.1,{T},a\n"))
    assert study.read("signals")["account_id"].to_pylist() == ["x/2"]


@pytest.mark.parametrize(("text", "settings", "words"), [
    ("account_id,kind\nx/1,ip\n", {}, "no column 'value'"),
    (HEADER + "x/1,ip,v,2021-03-04 05:06,a\n", {}, "carry no zone"),
    (HEADER + f"x/1,ip,v,{T},a\n", {"map": "acount_id=user"}, "map` says"),
])  # fmt: skip
def test_what_cannot_be_read_is_said(study: Study, text: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        add(study, "signals", file(study, text), **settings)
    assert not study.has("signals")
    with pytest.raises(UserError, match="--observed"):
        add(study, "signals", file(study, text), "noon")


def test_known_networks_are_checked_and_named(study: Study) -> None:
    path = file(study, "account_id,network,reason\nx/1,Newsroom,named on its site\n", "known.csv")
    assert "1 accounts" in add_known(study, path)[0]
    assert load_settings(study.path / "study.yaml").known == str(path.resolve())
    with pytest.raises(UserError, match="no column"):
        add_known(study, file(study, "a,b\n", "bad.csv"))
