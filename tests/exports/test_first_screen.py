"""The first screen: what comes first, and no sentence or number on the page that contradicts a table."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.exports.make import Rows, export, scenario, whole, write_study
from unisono.exports.report import cards
from unisono.study import Study
from unisono.words import verdict
from unisono.words.numbers import small

SIZES = (9, 8, 7, 6, 5)
LIKE = {0: "shared_exposure", 2: "newsroom_syndication", 3: "shared_exposure"}
"""Open explanations by position in the order of the tables' ranks."""


def likely(rows: dict[str, Rows], like: dict[int, str]) -> Rows:
    """Rows of `profiles`: one finding for each group, found where `like` names it."""
    return [
        {
            "group_id": g["group_id"], "subject": "group", "subject_id": g["group_id"], "profile": "lookalike",
            "finding": name, "value_text": "91 % of 64 bursts.",
            "status": "found" if like.get(g["rank"] - 1) == name else "not_found",
            "alternatives": f"It may be <i>{name}</i>." if like.get(g["rank"] - 1) == name else None,
        }
        for g in rows["groups"] for name in ("newsroom_syndication", "shared_exposure")
    ]  # fmt: skip


def made(path: Path, like: dict[int, str], sizes: tuple[int, ...] = SIZES) -> Study:
    rows = whole(scenario(seed=4, sizes=sizes))
    return export(write_study(path, profiles=likely(rows, like), **rows))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return made(tmp_path_factory.mktemp("first") / "s", LIKE)


def source(study: Study) -> str:
    return (study.path / "report.html").read_text("utf-8").split("<body>")[1]


def text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def cards_of(study: Study) -> dict[str, str]:
    """The words of each card by its group's id, in the order of the page."""
    found = re.findall(r'<article class="card" id="c-(\w+)">(.*?)</article>', source(study), re.DOTALL)
    return {key: text(body) for key, body in found}


def number(said: str) -> int:
    return int(said.replace(",", ""))


def test_the_order_is_verdict_cards_timeline_data_network_evidence_checks_calibration(study: Study) -> None:
    page = source(study)
    parts = ['class="verdict"', 'id="groups"', 'class="card"', 'class="groups"', 'id="data-read"', 'id="network"',
             'id="evidence"', 'class="group"', 'id="outside"', 'id="checks"', 'id="calibration"']  # fmt: skip
    places = [page.index(p) for p in parts]
    assert places == sorted(places)


def test_groups_without_an_open_explanation_come_first(study: Study) -> None:
    ranks = {g["group_id"]: g["rank"] for g in study.read("groups").to_pylist()}
    order = [ranks[key] for key in cards_of(study)]
    assert order == [2, 5, 1, 3, 4]
    sections = [int(n) for n in re.findall(r"<summary><h2>Group (\d+)</h2>", source(study))]
    assert sections == order
    accounts = sum(g["n_accounts"] for g in study.read("groups").to_pylist() if g["rank"] in (2, 5))
    assert f"Look first at groups 2 and 5 ({accounts} accounts)." in text(source(study))


def test_no_sentence_contradicts_a_table(study: Study) -> None:
    contradictions(study)


def test_nor_where_nothing_or_everything_has_an_open_explanation(tmp_path: Path, small: Study) -> None:
    contradictions(small)
    contradictions(made(tmp_path / "all", dict.fromkeys(range(3), "fan_call") | {0: "shared_exposure"}, (5, 4, 3)))
    every = made(tmp_path / "every", dict.fromkeys(range(3), "shared_exposure"), (5, 4, 3))
    contradictions(every)
    assert "Every group looks like something that is done openly" in text(source(every))


def contradictions(study: Study) -> None:
    """Read the first screen and the tables, and compare every number."""
    groups = {g["group_id"]: g for g in study.read("groups").to_pylist()}
    members = study.read("members").to_pylist()
    edges = [e for e in study.read("edges").to_pylist() if e["is_edge"] and e["trace"] != "all"]
    links = {(e["account_a"], e["account_b"]) for e in edges}
    found = [r for r in study.read("profiles").to_pylist() if r["status"] == "found"]
    page = text(source(study))
    accounts = len({m["account_id"] for m in members})
    first = len({m["account_id"] for m in members if m["always_first"]})
    apart = r"(?: and ([\d,]+) that (?:is|are) always first)?"
    said = re.search(rf"In ([\d,]+) groups?, ([\d,]+) accounts?{apart} acts? together more than", page)
    assert said
    assert [number(said[k] or "0") for k in (1, 2, 3)] == [len(groups), accounts - first, first]
    _basis(page, edges, len(links))
    _other(page, groups, found)
    for key, card in cards_of(study).items():
        _card(card, groups[key], [m for m in members if m["group_id"] == key], edges, found)
    for rank, n, k in re.findall(r"Group (\d+) ([\d,]+) accounts, ([\d,]+) links?:", page):
        group = next(g for g in groups.values() if g["rank"] == int(rank))
        assert (number(n), number(k)) == (group["n_accounts"], group["n_edges"])


def _basis(page: str, edges: Rows, n_links: int) -> None:
    said = re.search(r"It rests on the (.+?) \((?:all )?([\d,]+)(?: of ([\d,]+))? links\)", page)
    assert said
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for e in edges:
        pair = e["account_a"], e["account_b"]
        if pair not in best or (e["q"], e["basis"]) < (best[pair]["q"], best[pair]["basis"]):
            best[pair] = e
    basis, n = Counter(e["basis"] for e in best.values()).most_common(1)[0]
    assert said[1] == verdict.TESTS[basis]
    assert number(said[2]) == n
    assert number(said[3] or said[2]) == n_links


def _other(page: str, groups: dict[str, dict[str, Any]], found: Rows) -> None:
    said = re.search(
        r"The strongest other explanation: (.+?)\. ([\d,]+) of ([\d,]+) groups \(([\d,]+) accounts?\)", page
    )
    assert bool(said) == bool(found)
    if said:
        size: Counter[str] = Counter()
        for r in found:
            size[r["finding"]] += groups[r["group_id"]]["n_accounts"]
        finding, most = size.most_common(1)[0]
        assert said[1] == verdict.open_reason(finding)
        assert number(said[4]) == most
        assert number(said[2]) == sum(r["finding"] == finding for r in found)
        assert number(said[3]) == len(groups)
    plain = [g for key, g in groups.items() if key not in {r["group_id"] for r in found}]
    first = re.search(r"Look first at groups? ([\d, and]+) \(([\d,]+) accounts?\)", page)
    if first:
        assert sorted(map(int, re.findall(r"\d+", first[1]))) == sorted(g["rank"] for g in plain)
        assert number(first[2]) == sum(g["n_accounts"] for g in plain)


def _card(card: str, group: dict[str, Any], members: Rows, edges: Rows, found: Rows) -> None:
    title = re.match(r"Group (\d+): ([\d,]+) accounts?", card)
    assert title
    assert int(title[1]) == group["rank"]
    assert number(title[2]) == group["n_accounts"] == len(members)
    inside = {m["account_id"] for m in members}
    pairs = {
        (e["account_a"], e["account_b"]) for e in edges
        if {e["account_a"], e["account_b"]} <= inside and e["trace"] in group["traces"]
    }  # fmt: skip
    said = re.search(r"([\d,]+) linked pairs?(; at least ([\d,]+) not explained)?", card)
    assert said
    assert number(said[1]) == group["n_edges"] == len(pairs)
    assert number(said[3] or "0") == group["true_edges_at_least"]
    assert f"group q = {small(group['q'])}." in card
    own = [r for r in found if r["group_id"] == group["group_id"]]
    assert all(r["alternatives"] in card for r in own)
    assert ("It may be" in card) == bool(own)
    sizes = [number(n) for n in re.findall(r"([\d,]+) of ([\d,]+) accounts", card) for n in n[1:]]
    assert set(sizes) <= {group["n_accounts"]}


def test_what_the_data_is_stands_there_before_any_test(study: Study) -> None:
    page = source(study)
    part = text(page[page.index('id="data-read"') : page.index('id="network"')])
    events = study.read("events").to_pylist()
    posts = Counter(e["platform"] for e in events)
    for platform, n in posts.items():
        accounts = len({e["account_id"] for e in events if e["platform"] == platform})
        assert f"{platform} {n:,} {accounts:,}" in part
    texts: dict[str, set[str]] = {}
    for e in events:
        texts.setdefault(e["text"], set()).add(e["account_id"])
    shared = [t for t, who in texts.items() if len(who) > 1]
    repeated = sum(e["text"] in shared for e in events)
    assert f"{len(shared)} texts were published word for word by two accounts or more" in part
    assert f"{repeated:,} of {len(events):,} posts." in part
    assert f"en {len(events):,}" in part


def test_every_group_prints_its_ten_strongest_pieces_each_a_row_of_evidence(study: Study) -> None:
    evidence = {(e["event_a"], e["event_b"]): e for e in study.read("evidence").to_pylist()}
    blocks = re.findall(r'<div class="in-print">(.*?)</div>', source(study), re.DOTALL)
    assert [b.count('class="piece"') for b in blocks] == [10] * len(SIZES)
    objects = {e["object_id"].replace("https://", "hxxps://").replace(".", "[.]") for e in evidence.values()}
    objects |= {e["object_id"] for e in evidence.values()}
    for block in blocks:
        shown = [text(o) for o in re.findall(r'class="object"><bdi dir="auto">(.*?)</bdi>', block)]
        assert all(any(o.startswith(s[:40]) for o in objects) for s in shown)


def test_at_most_so_many_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CARDS", 3)
    monkeypatch.setattr(cards, "LARGE", 2)
    study = made(tmp_path / "s", LIKE)
    assert len(cards_of(study)) == 3
    assert "All groups as a table (5; 3 have a card)" in text(source(study))
    contradictions(study)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({(0, 23): 5, (1, 0): 5}, "Nine in ten posts between 23:00 and 01:00 UTC; 0 % at weekends."),
        ({(5, h): 1 for h in range(24)}, "Nine in ten posts at all hours; 100 % at weekends."),
        ({}, ""),
    ],
)
def test_hours_run_round_midnight(counts: dict[tuple[int, int], int], said: str) -> None:
    assert cards._span(counts) == said
