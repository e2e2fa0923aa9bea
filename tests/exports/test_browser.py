"""The report in a real browser: no request, no dialog, no console message; light, dark, phone, print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.browser import NEEDED, Watch, playwright
from tests.exports.make import export, scenario, whole, write_study
from tests.exports.test_beside_pairs import hostile_rows
from unisono.study import Study

pytestmark = NEEDED
VIEWS = {"light": (1200, "light"), "dark": (1200, "dark"), "phone": (390, "light")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return export(write_study(tmp_path_factory.mktemp("h") / "s", **hostile_rows(30)))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["small", "hostile"])
def test_the_page_is_quiet_and_fits(
    browser: playwright.Browser, request: pytest.FixtureRequest, view: str, kind: str
) -> None:
    watch = Watch(browser, request.getfixturevalue(kind), *VIEWS[view])
    assert watch.page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view][0]
    assert watch.page.query_selector("svg.network circle")
    watch.page.mouse.move(300, 300)
    assert watch.seen == []
    watch.context.close()


def test_the_style_sheet_is_allowed_and_dark_is_dark(browser: playwright.Browser, small: Study) -> None:
    shades = {}
    for view in ("light", "dark"):
        watch = Watch(browser, small, *VIEWS[view])
        shades[view] = watch.page.evaluate("getComputedStyle(document.body).backgroundColor")
        watch.context.close()
    assert shades == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 26)"}


def test_a_link_leads_to_its_posts_by_keyboard(browser: playwright.Browser, small: Study) -> None:
    watch = Watch(browser, small, *VIEWS["light"])
    pair = watch.page.query_selector("details.pair")
    assert pair
    pair.evaluate("d => { d.open = false; d.querySelector('summary').focus() }")
    watch.page.keyboard.press("Enter")
    assert pair.evaluate("d => d.open")
    assert len(pair.query_selector_all(".side")) >= 2
    watch.context.close()


def test_right_to_left_text_runs_right_to_left(browser: playwright.Browser, tmp_path: Path) -> None:
    rows = whole(scenario())
    rows["events"] = [e | {"text": "سلام دنیا، این یک متن است", "lang": "fa"} for e in rows["events"]]
    watch = Watch(browser, export(write_study(tmp_path / "s", **rows)), *VIEWS["light"])
    bdi = watch.page.query_selector(".text bdi")
    assert bdi
    assert bdi.evaluate("b => getComputedStyle(b).direction") == "rtl"
    assert bdi.get_attribute("lang") == "fa"
    around = watch.page.query_selector(".side .when")
    assert around
    assert around.evaluate("b => getComputedStyle(b).direction") == "ltr"
    watch.context.close()


def test_it_prints(browser: playwright.Browser, small: Study) -> None:
    watch = Watch(browser, small, *VIEWS["light"])
    assert len(watch.page.pdf()) > 10_000
    watch.page.emulate_media(media="print")
    assert not watch.page.query_selector("nav").is_visible()
    watch.context.close()
