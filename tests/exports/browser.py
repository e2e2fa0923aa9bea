"""A page in headless Chromium, and everything that it should not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from unisono.study import Study

CHROMIUM = os.environ.get("UNISONO_CHROMIUM") or shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (or name it in UNISONO_CHROMIUM)"),
]
ARGS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
NO_WEBGL = [*ARGS[:5], "--disable-gpu", "--disable-3d-apis"]


@contextmanager
def chromium(args: list[str]) -> Iterator[Any]:
    """A browser."""
    with playwright.sync_playwright() as p:
        started = p.chromium.launch(executable_path=CHROMIUM, args=args)
        yield started
        started.close()


class Watch:
    """A page, and everything that it should not do."""

    def __init__(
        self, browser: playwright.Browser, study: Study, width: int = 1280, scheme: str = "light", script: bool = True,
        unfold: bool = True,
    ) -> None:  # fmt: skip
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        self.context.set_default_timeout(120_000)  # a machine that others use as well is slow, and no fault of the page
        self.page = self.context.new_page()
        self.seen: list[str] = []
        self.page.on("console", lambda m: self.seen.append(f"console: {m.text}"))
        self.page.on("pageerror", lambda e: self.seen.append(f"error: {e}"))
        self.page.on("dialog", lambda d: (self.seen.append("dialog"), d.dismiss()))
        url = (study.path / "report.html").resolve().as_uri()
        self.page.on("request", lambda r: self.seen.append(r.url) if r.url != url else None)
        self.page.goto(url)
        if not script or not unfold:
            return
        for details in self.page.query_selector_all("details"):
            details.evaluate("d => { d.open = true }")

    def settle(self, milliseconds: int = 700) -> None:
        """Let drawings appear."""
        self.page.wait_for_timeout(milliseconds)

    def at(self, kind: str, i: int) -> tuple[float, float]:
        """Where a node or an edge of the network is on the screen."""
        self.page.locator("#network").scroll_into_view_if_needed()
        box = self.page.locator(".canvas").bounding_box()
        spot = self.page.evaluate(f"unisono.whereIs('{kind}', {i})")
        return box["x"] + spot["x"], box["y"] + spot["y"]
