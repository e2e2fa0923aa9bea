"""Hostile text stays text, wherever it stands."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.exports.hostile import PAYLOADS, poisoned
from tests.exports.make import export, scenario, whole, write_study
from unisono.exports.report import scripts
from unisono.study import Settings, Study

TEMPLATES = Path(__file__).parents[2] / "src" / "unisono" / "exports" / "templates"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study in which every free text is a payload, with a table of known networks that is one too."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = poisoned(whole(scenario(objects=30)))
    with (folder / "known.csv").open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(["account_id", "network", "reason"])
        texts = [p for p in PAYLOADS if p.strip() and "\x00" not in p]
        ids = [m["account_id"] for m in rows["members"]]
        writer.writerows([a, t, t] for a, t in zip(ids, texts * 2, strict=False) if "\x00" not in a)
    study = write_study(folder / "s", notes=PAYLOADS, **rows)
    return export(study, Settings(sources=PAYLOADS, map="<script>", known=str(folder / "known.csv")))


class _Elements(HTMLParser):
    """Elements and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [v or "" for k, v in attrs if k in ("href", "src", "xlink:href", "action")]


def _report(study: Study) -> str:
    return (study.path / "report.html").read_text("utf-8")


def markup(study: Study) -> str:
    """The report without its scripts and what they know."""
    return re.sub(r"<script.*?</script>", "", _report(study), flags=re.DOTALL)


def test_no_payload_becomes_an_element_or_attribute(hostile: Study) -> None:
    page = _Elements()
    page.feed(_report(hostile))
    assert page.scripts == len(scripts.scripts()) + 2
    assert not page.names & {
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "link",
        "x",
    }
    assert not [a for a in page.attributes if a.startswith("on") or a == "style"]
    assert all(link.startswith("#") for link in page.links)


def test_nothing_hidden_reaches_the_page(hostile: Study) -> None:
    assert not set("\x00\x07\x1b\u202e\u2066\u200b\ufeff\u2060") & set(_report(hostile))


def test_every_anchor_leads_somewhere(hostile: Study, small: Study) -> None:
    for body in map(markup, (hostile, small)):
        ids = re.findall(r' id="([^"]*)"', body)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]*)"', body)) <= set(ids)


def test_long_texts_are_cut_and_links_defanged(hostile: Study) -> None:
    body = re.sub(r"<code>.*?</code>", "", markup(hostile), flags=re.DOTALL)  # commands stay exact
    assert "x" * 700 not in body
    assert "[cut, " in body
    assert "https://ping.example" not in body
    data = _report(hostile).split('id="data">')[1].split("</script>")[0]
    addresses = {p[6] for p in json.loads(data)["posts"]}
    assert "https://ping.example/x" in addresses
    assert all(re.match(r"https?://[^@/]*(/|$)|$", a) for a in addresses)


def test_the_networks_are_well_formed(hostile: Study) -> None:
    for name in ("network.gexf", "network.graphml"):
        ElementTree.parse(hostile.path / name)


def test_templates_never_switch_escaping_off() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|<script|style=", text), template.name
    code = "\n".join(p.read_text("utf-8") for p in TEMPLATES.parent.rglob("*.py"))
    assert "Markup" not in code
    assert code.count("def __html__") == 1
