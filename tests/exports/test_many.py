"""A study with 5,000 members in a group: the page loads, says what it left out, and stays under 15 MB."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.exports import make as made
from tests.exports.browser import NEEDED, Watch
from tests.exports.make import START, WINDOW, Rows, S, combined, export, group_id, write_study
from unisono.study import Study

pytestmark = NEEDED
MEMBERS, SMALL = 5_000, 400
TEXT = "a post as long as posts usually are, with words about a thing that happened somewhere, and what to think of it"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A ring of 5,000 in which each is linked with the next four, and one of 400; three common objects per link."""
    return export(write_study(tmp_path_factory.mktemp("many") / "s", **rings((MEMBERS, SMALL))))


def rings(sizes: tuple[int, ...]) -> dict[str, Rows]:
    rows: dict[str, Rows] = {k: [] for k in ("events", "traces", "accounts", "edges", "evidence", "groups", "members")}
    for g, n in enumerate(sizes):
        names = [f"x/{g}{i:05}" for i in range(n)]
        rows["accounts"] += [{"account_id": a, "observed_us": START, "platform": "x", "kind": "person"} for a in names]
        for i, account in enumerate(names):
            _posts(rows, account, f"https://site{g}.example/{i // 5}", START + i * 60 * S)
            for step in (1, 2, 3, 4):
                _link(rows, *sorted((account, names[(i + step) % n])))
        key, links = group_id(names), 4 * n
        rows["members"] += [
            {"group_id": key, "account_id": a, "evidence_mass": 1 / n, "q": 1e-4, "role": "core"} for a in names
        ]
        rows["groups"].append({"group_id": key, "traces": ["url"], "n_accounts": n, "n_edges": links, "stability": 1.0,
                               "q": 1e-5, "true_edges_at_least": n, "first_us": START, "last_us": START + n * 60 * S,
                               "mass": links, "rank": g + 1})  # fmt: skip
    rows["edges"] += combined(rows["edges"])
    return rows


def _posts(rows: dict[str, Rows], account: str, thing: str, t: int) -> None:
    for o in range(3):
        event = f"{account}-{o}"
        rows["events"].append({
            "event_id": event, "platform": "x", "account_id": account, "t_us": t + o * S, "kind": "post", "lang": "en",
            "t_basis": "platform", "t_resolution_us": S, "text": f"{event} {TEXT}", "source_file": "posts.csv",
            "source_line": len(rows["events"]),
        })  # fmt: skip
        rows["traces"].append(
            {"trace": "url", "account_id": account, "object_id": f"{thing}/{o}", "t_us": t, "event_id": event}
        )


def _link(rows: dict[str, Rows], a: str, b: str) -> None:
    key = {"trace": "url", "window_us": WINDOW, "account_a": a, "account_b": b}
    rows["edges"].append(key | {
        "n_objects": 3, "n_pairs": 3, "n_events_a": 3, "n_events_b": 3, "n_first": 3, "n_occasions": 3, "n_days": 1,
        "first_us": START, "last_us": START + S, "median_lag_us": S, "a_first": 0.5, "is_edge": True, "n_evidence": 3,
        **made.tested(3, called=True),
    })  # fmt: skip
    rows["evidence"] += [
        key | {"object_id": f"https://site.example/{a}/{o}", "event_a": f"{a}-{o}", "event_b": f"{b}-{o}", "t_a": START,
               "t_b": START + S, "lag_us": S, "q_o": 0.1 * (o + 1)} for o in range(3)
    ]  # fmt: skip


def test_five_thousand_members_load_and_groups_are_drawn_first(browser: Any, many: Study) -> None:
    assert (many.path / "report.html").stat().st_size < 15_000_000
    begin = time.monotonic()
    watch = Watch(browser, many)
    watch.settle()
    assert time.monotonic() - begin < 30
    assert watch.page.evaluate("unisono.data.groups[0].members.length") == MEMBERS
    assert "Each circle is a group" in watch.page.locator("#network").inner_text()
    watch.page.mouse.click(*watch.at("node", 0))
    watch.settle(3000)
    note = watch.page.locator("#network").inner_text()
    drawn = watch.page.evaluate("unisono.data.groups[0].edges.length")
    assert f"{drawn:,} links of {4 * MEMBERS:,}" in note if drawn < 4 * MEMBERS else "Drawn:" not in note
    assert watch.page.evaluate("Math.min(...unisono.data.groups.flatMap((g) => g.edges.map((e) => e[6].length)))") >= 1
    watch.page.mouse.click(*watch.at("node", 4321))
    watch.page.wait_for_selector("dialog[open] .side")
    assert watch.seen == []
    watch.context.close()


def test_what_has_no_room_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Any) -> None:
    monkeypatch.setattr("unisono.exports.report.live.DATA_BYTES", 40_000)
    watch = Watch(browser, export(write_study(tmp_path / "s", **rings((60,)))))
    group = watch.page.evaluate("unisono.data.groups[0]")
    assert 10 < len(group["edges"]) < 240
    watch.page.evaluate("unisono.showGroup(unisono.data.groups[0])")
    assert f"{len(group['edges'])} links of 240, the strongest" in watch.page.locator("#network").inner_text()
    watch.context.close()
