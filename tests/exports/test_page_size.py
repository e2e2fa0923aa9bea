"""A study as large as the demo: one page first, all else on demand; phone, network and print keep what matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exports.browser import NEEDED, Watch
from tests.exports.test_explore import _violations
from tests.exports.test_first_screen import made
from unisono.study import Study

pytestmark = NEEDED
SIZES = (60, 55, 47, 43, 42, 30, 7, 7, 6, 6, 4, 4)
LIKE = dict.fromkeys((0, 1, 2, 8, 9, 10, 11), "shared_exposure") | dict.fromkeys((6, 7), "newsroom_syndication")
HIGH = 12_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return made(tmp_path_factory.mktemp("large") / "s", LIKE, SIZES)


@pytest.fixture
def page(browser: Any, large: Study) -> Iterator[Any]:
    """The page as it opens, nothing unfolded."""
    watch = Watch(browser, large, unfold=False)
    yield watch.page
    assert watch.seen == []
    watch.context.close()


def test_it_is_at_most_so_high_and_nothing_stands_out(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollHeight") <= HIGH
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    first = page.locator("section.verdict").bounding_box(), page.locator(".card").first.bounding_box()
    assert first[0]["y"] + first[0]["height"] < first[1]["y"] + 200 < 900  # a verdict and a card without scrolling


@pytest.mark.parametrize("unfold", [False, True])
def test_a_phone_keeps_kinds_and_dates(browser: Any, large: Study, unfold: bool) -> None:
    watch = Watch(browser, large, 390, unfold=unfold)
    assert watch.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = """() => [...document.querySelectorAll('.card, .card *, table.list td')]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).clipPath === 'none')
      .map((e) => e.outerHTML)"""
    assert watch.page.evaluate(wide) == []
    card = watch.page.locator(".card").first.inner_text()
    assert "the same link" in card
    assert "2021-03-" in card
    assert watch.seen == []
    watch.context.close()


def test_a_name_that_nobody_has_is_no_match(page: Any) -> None:
    page.locator("#find").fill("zzzz-nobody")
    assert page.locator(".found").inner_text() == "No match."
    assert page.locator("#network .choice").count() == 0
    assert page.evaluate("unisono.marked") == 0
    name = page.evaluate("unisono.data.accounts[unisono.data.groups[1].members[0][0]][0]")
    page.locator("#find").fill(name)
    named = """(name) => unisono.data.groups.flatMap((g) => g.members).filter((m) =>
      unisono.data.accounts[m[0]].some((t) => t.toLowerCase().includes(name.toLowerCase()))).length"""
    n = page.evaluate(named, name)
    assert page.locator(".found").inner_text() == f"{n} account{'s' if n > 1 else ''} found"
    assert page.evaluate("unisono.marked") == n
    page.locator("#find").fill("")
    assert page.locator(".found").inner_text() == ""


def test_the_choices_leave_what_is_asked_for(page: Any) -> None:
    groups = page.evaluate("unisono.data.groups.map((g) => [g.id, g.rank, g.members.length, g.edges.length])")
    key, rank, _, n_edges = groups[2]
    page.locator("#of-group").select_option(key)
    assert page.locator(".path b").inner_text() == f"Group {rank}"
    page.locator("#of-kind").select_option("url")
    left = page.evaluate("(i) => unisono.data.groups[i].edges.filter((e) => e[7].includes('url')).length", 2)
    assert f"{left} of {n_edges} links drawn fit the choice" in page.locator("#network").inner_text()
    page.locator("#of-test").select_option("joint")
    page.locator("#of-kind").select_option("")
    assert f"{n_edges} of {n_edges} links drawn" in page.locator("#network").inner_text()
    page.locator("#of-group").select_option("")
    assert page.locator(".path b").inner_text() == "All groups"
    every = sum(g[3] for g in groups)
    assert f"{every:,} of {every:,} links drawn" in page.locator("#network").inner_text()
    page.evaluate("unisono.data.groups.forEach((g) => g.edges.forEach((e) => (e[8] = ['timing'])))")
    page.locator("#of-kind").select_option("text")
    assert "No link fits the choice." in page.locator("#network").inner_text()


def test_no_two_groups_share_a_colour(page: Any) -> None:
    tones = page.evaluate("unisono.data.groups.map((g, i) => unisono.tone(i))")
    assert len(set(tones)) == len(tones) == len(SIZES)
    assert page.locator("#network .key").count() == len(SIZES)


def test_an_address_opens_the_section_it_names(browser: Any, large: Study) -> None:
    watch = Watch(browser, large, unfold=False)
    watch.page.locator(".card .more a").first.click()
    assert watch.page.locator(".whole").first.evaluate("d => d.open")
    assert watch.page.locator(".whole .pair").first.is_visible()
    watch.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_print_has_ten_pieces_of_evidence_of_each_group(browser: Any, large: Study, script: bool) -> None:
    watch = Watch(browser, large, script=script, unfold=False)
    watch.page.emulate_media(media="print")
    pieces = watch.page.locator(".in-print")
    assert pieces.count() == len(SIZES)
    for i in range(pieces.count()):
        rows = pieces.nth(i).locator(".piece")
        assert rows.count() == 10
        assert rows.first.is_visible()
        assert rows.last.is_visible()
    assert watch.page.locator(".card svg.week").first.is_visible()
    watch.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(browser: Any, large: Study, width: int) -> None:
    watch = Watch(browser, large, width, unfold=False)
    watch.settle()
    assert _violations(watch) == []
    watch.context.close()


def test_the_page_without_a_finding_is_short_too(browser: Any, tmp_path: Path) -> None:
    from tests.exports.make import export, write_study

    watch = Watch(browser, export(write_study(tmp_path / "s")), unfold=False)
    assert watch.page.evaluate("document.documentElement.scrollHeight") <= HIGH / 2
    assert "Nothing could be compared." in watch.page.locator(".verdict").inner_text()
    assert watch.seen == []
    watch.context.close()
