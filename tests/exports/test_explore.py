"""The network, the posts behind every link, charts, keyboard and what is left without WebGL or script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exports.browser import CHROMIUM, NEEDED, NO_WEBGL, Watch
from tests.exports.hostile import PAYLOADS, poisoned
from tests.exports.make import export, scenario, whole, write_study
from tests.exports.test_calibration import calibrated
from unisono.study import Study

pytestmark = NEEDED
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PANEL = "dialog[open]"


@pytest.fixture
def watch(browser: Any, small: Study) -> Iterator[Watch]:
    made = Watch(browser, small)
    yield made
    made.context.close()


def test_two_clicks_lead_from_all_groups_to_the_posts_of_an_edge(watch: Watch) -> None:
    watch.settle()
    watch.page.mouse.click(*watch.at("node", 0))  # the group of that account
    watch.settle()
    assert watch.page.locator(".path b").inner_text() == "Group 1"
    watch.page.mouse.move(*watch.at("edge", 0))
    watch.settle(300)
    watch.page.mouse.click(*watch.at("edge", 0))
    watch.page.wait_for_selector(PANEL)
    assert watch.page.locator(f"{PANEL} .clock .side").count() >= 2
    assert "expected: " in watch.page.locator(f"{PANEL} .lead").inner_text()
    assert "later" in watch.page.locator(f"{PANEL} .lag").first.inner_text()
    watch.page.wait_for_selector(f"{PANEL} .curve svg")
    assert watch.seen == []


def test_every_edge_of_every_group_opens_with_its_posts(watch: Watch, small: Study) -> None:
    counts = watch.page.evaluate("""() => unisono.data.groups.flatMap((g) => g.edges.map((e, i) => {
      unisono.openEdge(g, i);
      const n = document.querySelectorAll('dialog .clock .side').length;
      document.querySelector('dialog').close();
      return n;
    }))""")
    assert len(counts) == sum(g["n_edges"] for g in small.read("groups").to_pylist())
    assert min(counts) >= 2
    assert watch.seen == []


def test_a_member_shows_its_links_and_posts(watch: Watch) -> None:
    watch.page.evaluate("unisono.showGroup(unisono.data.groups[0])")
    watch.settle()
    watch.page.mouse.click(*watch.at("node", 1))
    watch.page.wait_for_selector(PANEL)
    assert watch.page.locator(f"{PANEL} .side").count() >= 1
    watch.page.locator(f"{PANEL} .choice").first.click()
    assert watch.page.locator(f"{PANEL} .clock .side").count() >= 2
    watch.page.get_by_role("button", name="Back").click()
    assert "Posts behind them" in watch.page.locator(PANEL).inner_text()
    assert watch.seen == []


def test_keyboard_alone_reaches_the_posts_and_comes_back(watch: Watch) -> None:
    page = watch.page
    page.locator("#network .choice").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".path b").inner_text() == "Group 1"
    page.locator("#network .choices").nth(1).evaluate("u => { u.parentElement.open = true }")
    link = page.locator("#network .choices").nth(1).locator("button").first
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Escape")
    assert page.locator(PANEL).count() == 0
    assert link.evaluate("b => b === document.activeElement")
    page.locator(".canvas").focus()
    for key in ("ArrowLeft", "+", "-", "Escape"):
        page.keyboard.press(key)
    assert page.locator(".path b").inner_text() == "All groups"
    assert watch.seen == []


def test_an_account_is_found_by_name(watch: Watch) -> None:
    name = watch.page.evaluate("unisono.data.accounts[unisono.data.groups[1].members[0][0]][0]")
    watch.page.locator("#find").fill(name)
    assert watch.page.locator("#network .choice").first.inner_text() == name
    watch.page.locator("#network .choice").first.click()
    assert name in watch.page.locator(f"{PANEL} h2").inner_text()


def test_a_link_is_inert_until_asked_for(watch: Watch) -> None:
    watch.page.evaluate("unisono.openEdge(unisono.data.groups[0], 0)")
    assert watch.page.locator(f"{PANEL} a").count() == 0
    watch.page.get_by_role("button", name="Show link").first.click()
    link = watch.page.locator(f"{PANEL} a")
    assert link.get_attribute("href").startswith("https://example.org/")
    assert link.get_attribute("rel") == "noreferrer noopener"
    assert watch.seen == []


def test_charts_are_drawn_and_print_keeps_the_still_ones(watch: Watch) -> None:
    figure = watch.page.locator("figure[data-chart=timeline]").first
    figure.scroll_into_view_if_needed()
    watch.page.wait_for_selector("figure.live .chart svg")
    assert "time, UTC" in figure.locator(".chart").inner_text()
    assert not figure.locator("svg.timeline").is_visible()
    watch.page.emulate_media(media="print")
    assert figure.locator("svg.timeline").is_visible()
    assert watch.seen == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(browser: Any, small: Study, scheme: str, width: int) -> None:
    watch = Watch(browser, small, width, scheme)
    watch.settle()
    assert _violations(watch) == []
    watch.page.evaluate("unisono.showGroup(unisono.data.groups[0]); unisono.openEdge(unisono.data.groups[0], 0)")
    watch.settle()
    assert _violations(watch) == []
    assert watch.page.evaluate("document.documentElement.scrollWidth") <= width
    assert watch.page.evaluate("(d => d.scrollWidth - d.clientWidth)(document.querySelector('dialog'))") <= 0
    watch.context.close()


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_chart_of_dots_of_one_kind_alone(browser: Any, tmp_path: Path, share: float) -> None:
    study = calibrated(tmp_path, same=share)
    watch = Watch(browser, export(study))
    watch.page.locator("#calibration").scroll_into_view_if_needed()
    watch.page.wait_for_selector("figure.live[data-chart=calibration] .chart svg")
    assert watch.page.locator("#calibration .chart .mark-symbol path").count() > 0
    assert watch.seen == []
    assert _violations(watch) == []
    watch.context.close()


def _violations(watch: Watch) -> list[str]:
    if not watch.page.evaluate("'axe' in window"):
        watch.page.evaluate(AXE.read_text("utf-8"))  # the page's policy allows no other script
    found = watch.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]


def test_without_webgl_lists_and_still_drawings_do(browser: Any, small: Study) -> None:
    still = browser.browser_type.launch(executable_path=CHROMIUM, args=NO_WEBGL)
    watch = Watch(still, small)
    assert "no WebGL" in watch.page.locator("#network").inner_text()
    assert watch.page.locator("svg.network").first.is_visible()
    watch.page.locator("#network .choice").first.click()
    watch.page.locator("#network .choices").nth(1).locator("button").first.click()
    assert watch.page.locator(f"{PANEL} .side").count() >= 2
    assert watch.seen == []
    still.close()


def test_without_script_everything_still_stands(browser: Any, small: Study) -> None:
    watch = Watch(browser, small, script=False)
    assert watch.page.locator("svg.week").first.is_visible()
    assert watch.page.locator("svg.groups").is_visible()
    watch.page.locator(".whole > summary").first.click()
    assert watch.page.locator("svg.network").first.is_visible()
    assert watch.page.locator("figure[data-chart] svg.timeline").first.is_visible()
    assert watch.page.locator("details.pair").count() > 10
    assert not watch.page.locator("#network").is_visible()
    watch.context.close()


def test_hidden_characters_show_on_demand(browser: Any, tmp_path: Path) -> None:
    rows = whole(scenario())
    rows["events"] = [e | {"text": "pay\u200bload \u202eevil"} for e in rows["events"]]
    watch = Watch(browser, export(write_study(tmp_path / "s", **rows)))
    watch.page.evaluate("unisono.openEdge(unisono.data.groups[0], 0)")
    text = watch.page.locator(f"{PANEL} .text").first
    assert text.inner_text() == "payload evil"
    assert "2 invisible characters" in watch.page.locator(PANEL).inner_text()
    watch.page.locator(f"{PANEL} .unseen-switch").first.click()
    assert text.inner_text() == "pay⟨ZWSP⟩load ⟨RLO⟩evil"
    watch.context.close()


@pytest.fixture(scope="module")
def poison(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Every payload in every text field: more posts than payloads, and more members of groups."""
    rows = poisoned(whole(scenario(sizes=(25,) * 9, objects=5)))
    assert min(len(rows["members"]), len({e["text"] for e in rows["events"]})) >= len(PAYLOADS)
    return export(write_study(tmp_path_factory.mktemp("p") / "s", **rows))


def test_nothing_hostile_runs_however_much_is_opened(browser: Any, poison: Study) -> None:
    watch = Watch(browser, poison)
    watch.page.evaluate("document.documentElement.classList.add('show-unseen')")
    elements = watch.page.evaluate("""() => {
      const names = new Set();
      for (const g of unisono.data.groups) {
        unisono.showGroup(g);
        g.members.forEach((m, i) => { unisono.openMember(g, i); note(); });
        g.edges.forEach((e, i) => { unisono.openEdge(g, i); reveal(); note(); });
      }
      function reveal() {
        const asked = [...document.querySelectorAll('dialog button')];
        asked.filter((b) => b.textContent === 'Show link').forEach((b) => b.click());
      }
      function note() { for (const e of document.querySelectorAll('dialog *')) {
        names.add(e.localName);
        for (const a of e.getAttributeNames()) if (a.startsWith('on')) names.add(a);
        if (e.href && !/^https?:/.test(e.href)) names.add(String(e.href));
      } }
      return [...names];
    }""")
    watch.settle(1500)
    drawn = {"svg", "g", "path", "rect", "text", "line", "canvas", "clippath", "defs", "clipPath", "style"}
    ours = {
        "a",
        "article",
        "b",
        "bdi",
        "button",
        "div",
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "li",
        "p",
        "span",
        "ul",
    }
    assert set(elements) <= ours | drawn - {"style"}
    for figure in watch.page.query_selector_all("figure[data-chart]"):
        figure.scroll_into_view_if_needed()
        watch.settle(200)
    assert watch.seen == []
    watch.context.close()
