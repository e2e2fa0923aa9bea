"""Each check sees what was planted, and an organic collection has none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.checks.made import HOUR, START, S, organic, said, view
from unisono.checks import (
    caps,
    clocks,
    collected,
    gaps,
    originals,
    rejected,
    resolutions,
    run_checks,
    span,
    twins,
    viral,
)
from unisono.checks.row import Question
from unisono.tables import CHECKS

Columns = dict[str, Any]


def query(c: Columns) -> None:
    c["text"] = [f"{t} Referendum" for t in c["text"]]


def query_of_a_tag(c: Columns) -> None:
    c["hashtags"] = [["Vote", *t] for t in c["hashtags"]]


def account_list(c: Columns) -> None:
    c["account_id"] = [f"a{i % 40}" for i in range(len(c["text"]))]


def everybody_on_everything(c: Columns) -> None:
    n = len(c["text"])
    c["account_id"], c["object_id"] = [f"a{i % 20}" for i in range(n)], [f"o{i // 20}" for i in range(n)]


def two_days_missing(c: Columns) -> None:
    lost = (c["t_us"] >= START + 400 * HOUR) & (c["t_us"] < START + 448 * HOUR)
    for name, column in c.items():
        c[name] = [v for v, x in zip(column, lost, strict=True) if not x]
    c["t_us"] = np.array(c["t_us"])


def capped(c: Columns) -> None:
    for k in range(4):
        c["account_id"][k * 500 : (k + 1) * 500] = [f"big{k}"] * 500


def round_days(c: Columns) -> None:
    day = (np.arange(len(c["text"])) // 200) * 24 * HOUR
    c["t_us"] = START // (24 * HOUR) * 24 * HOUR + day + np.arange(len(day)) % 200 * 400 * S


def collector(c: Columns) -> None:
    c["t_basis"] = ["collector" if i % 3 else "platform" for i in range(len(c["text"]))]


def batches(c: Columns) -> None:
    for k in range(5):
        c["t_us"][k * 40 : k * 40 + 40] = START + (50 + k) * HOUR + 1234 * S
        c["account_id"][k * 40 : k * 40 + 40] = [f"b{i}" for i in range(40)]


def minutes(c: Columns) -> None:
    c["t_us"] = c["t_us"] // (60 * S) * 60 * S


def no_originals(c: Columns) -> None:
    c["repost_of"] = [r and f"gone{r}" for r in c["repost_of"]]


def mixed_steps(c: Columns) -> None:
    c["t_resolution_us"] = np.where(np.arange(len(c["text"])) % 2, 60 * S, S)


def doubled(c: Columns) -> None:
    for name in ("account_id", "object_id", "t_us", "trace"):
        c[name][1000:2000] = c[name][:1000]


def at_the_epoch(c: Columns) -> None:
    c["t_us"][:5] = 0


def in_the_far_future(c: Columns) -> None:
    c["t_us"][:3] = START + 30 * 365 * 24 * HOUR


def viral_object(c: Columns) -> None:
    n = len(c["text"])
    c["object_id"] = ["viral" if i % 3 else f"o{i}" for i in range(n)]
    c["account_id"] = [f"a{i}" for i in range(n)]
    c["object_id"][0] = c["object_id"][3]


PLANTED: list[tuple[Callable[[Columns], None], str, str]] = [
    (query, "by_query", "the word referendum"),
    (query_of_a_tag, "by_query", "the tag #vote"),
    (account_list, "by_account_list", "40 accounts"),
    (everybody_on_everything, "positives_only", "are shared by half of the accounts"),
    (two_days_missing, "gaps", "1 gap, 4"),
    (capped, "accounts_at_a_cap", "4 accounts have exactly 500 posts"),
    (round_days, "days_of_round_totals", "30 of 30 days"),
    (collector, "times_not_of_the_platform", "collector 66.7 %"),
    (batches, "many_accounts_at_one_instant", "5 instants"),
    (minutes, "whole_minutes", "100 % of 6,000 times"),
    (no_originals, "originals_missing", "(100 %)"),
    (mixed_steps, "mixed_resolutions", "of the acts are on objects with more than one step"),
    (doubled, "posts_twice_under_two_ids", "acts repeat another"),
    (at_the_epoch, "times_far_from_the_rest", "5 posts far before and 0"),
    (in_the_far_future, "times_far_from_the_rest", "3 far after"),
    (viral_object, "one_object_dominates", "66.7 % of all touches"),
]


@pytest.mark.parametrize(("plant", "finding", "words"), PLANTED)
def test_what_was_planted_is_seen(plant: Callable[[Columns], None], finding: str, words: str) -> None:
    columns = organic()
    plant(columns)
    row = said(view(columns))[finding]
    assert row["status"] == "found"
    assert words in row["seen"]
    assert row["severity"] in ("note", "warning", "stops_a_test")
    assert len(row["effect"]) > 3
    assert row["remedy"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_organic_collection_has_none_of_it(seed: int) -> None:
    rows = said(view(organic(seed), linked=6))
    assert {f for f, r in rows.items() if r["status"] == "found"} == {"time_span"}
    names = {"collected", "gaps", "caps", "clocks", "originals", "resolutions", "rejects", "span", "twins", "viral"}
    assert {r["check"] for r in rows.values()} == names


def test_nearly_all_accounts_linked_stops_a_test() -> None:
    seen = view(organic())
    row = said(view(organic(), linked=seen.n_accounts - 3))["positives_only"]
    assert row["severity"] == "stops_a_test"
    assert "no organic background" in row["effect"]


def test_rejects_are_counted_by_reason() -> None:
    rows = said(view(rows=10_000, rejects={"sentinel_account": 900, "bad_time": 30, "no_account": 1, "duplicate": 50}))
    assert rows["sentinel_accounts"]["severity"] == "warning"
    assert "900 of 10,000 input rows (9 %)" in rows["sentinel_accounts"]["seen"]
    assert rows["rows_not_used"]["severity"] == "note"
    assert rows["rows_not_used"]["seen"].endswith("bad_time 30, no_account 1")
    assert rows["rows_given_twice"]["value"] == 0.005
    assert said(view())["sentinel_accounts"]["status"] == "not_found"


def test_a_source_of_a_round_total() -> None:
    row = said(view(source_rows={"a.csv": 5000, "b.csv": 4999}))["source_of_a_round_total"]
    assert (row["subject"], row["severity"]) == ("a.csv", "note")


def test_only_the_clock_of_the_collector_stops_a_test() -> None:
    columns = organic()
    columns["t_basis"] = ["collector"] * 6000
    assert said(view(columns))["times_not_of_the_platform"]["severity"] == "stops_a_test"
    columns["t_basis"] = ["id"] * 6000
    assert said(view(columns))["times_not_of_the_platform"]["severity"] == "note"


def test_too_little_to_say() -> None:
    columns = {k: v[:4] for k, v in organic().items()}
    rows = run_checks(view(columns)).to_pylist()
    unsaid = {r["finding"] for r in rows if r["status"] == "insufficient_data"}
    assert {"by_query", "by_account_list", "gaps", "whole_minutes", "one_object_dominates"} <= unsaid
    assert all(r["seen"].startswith("insufficient data: ") for r in rows if r["finding"] in unsaid)


@pytest.mark.parametrize("room", [caps, clocks, collected, gaps, originals, rejected, resolutions, span, twins, viral])
def test_remedies_name_settings_and_neither_switches_nor_commands(room: ModuleType) -> None:
    """The table is read from a terminal and in Python alike."""
    questions = [q for q in vars(room).values() if isinstance(q, Question)]
    assert questions
    assert not [q for q in questions if re.search("--[a-z]|unisono ", q.effect + q.remedy)]


def test_nothing_at_all() -> None:
    empty = {k: v[:0] for k, v in organic().items()}
    empty = {k: np.array(v, "int64") if "_us" in k else v for k, v in empty.items()}
    kinds = {"hashtags": pa.list_(pa.string()), "urls": pa.list_(pa.string())}
    table = {k: pa.array(v, pa.int64() if "_us" in k else kinds.get(k, pa.string())) for k, v in empty.items()}
    rows = run_checks(view(table, source_rows={}))
    assert "found" not in rows["status"].to_pylist()
    assert rows.schema.equals(CHECKS.schema)
