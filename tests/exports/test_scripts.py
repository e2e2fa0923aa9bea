"""Scripts in the page: known libraries, hashes that agree, data that cannot leave its element."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.payloads import payloads
from tests.exports.test_report import report
from unisono.exports.report import scripts
from unisono.study import Study
from unisono.words.shown import openable

EXPORTS = Path(scripts.__file__).parents[1]
PERMITTED = {"MIT", "BSD-3-Clause"}
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


def test_vendored_files_are_those_that_are_listed() -> None:
    for v in scripts.vendored():
        assert hashlib.sha256((EXPORTS / "vendor" / v["file"]).read_bytes()).hexdigest() == v["sha256"], v["name"]
        assert v["licence"] in PERMITTED
        assert "Copyright" in v["licence_text"]
        assert v["version"] in v["source"]
    listed = {v["file"] for v in scripts.vendored()} | {"vendored.json"}
    assert {p.name for p in (EXPORTS / "vendor").iterdir()} == listed


def test_the_page_names_its_libraries_with_their_licences(small: Study) -> None:
    for v in scripts.vendored():
        assert f"{v['name']} {v['version']}" in report(small)
        assert v["sha256"] in report(small)


def test_the_policy_allows_the_scripts_of_the_page_and_nothing_else(small: Study) -> None:
    body = report(small)
    csp = re.search(r'Content-Security-Policy" content="([^"]*)"', body)
    assert csp
    rules = dict(r.strip().split(" ", 1) for r in csp[1].replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in csp[1]
    found = re.findall(r"<script>(.*?)</script>", body, re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in found]
    assert rules["script-src"].split() == hashes
    assert len(found) == len(scripts.vendored()) + 1


@pytest.mark.parametrize("text", scripts.scripts())
def test_a_script_stays_in_its_element(text: str) -> None:
    assert not re.search(r"</script|<!--|<script|\r|\x00|sourceMappingURL", text, re.IGNORECASE)


@pytest.mark.parametrize("name", scripts.OWN)
def test_our_scripts_are_small_and_write_text_only(name: str) -> None:
    text = (EXPORTS / "templates" / name).read_text("utf-8")
    code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    assert len(text.splitlines()) < 300
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setTimeout\(\W*['\"]", code
    )
    assert not re.search(
        r"fetch\(|XMLHttpRequest|sendBeacon|WebSocket|Worker|localStorage|document\.cookie|import\(", code
    )
    assert not re.search(r"setAttribute\([^)]*(style|on[a-z]+)", code)


@given(_ANY)
def test_json_in_the_page_is_no_markup_and_reads_back(value: Any) -> None:
    text = scripts.as_json(value)
    assert not set("<>&'\u2028\u2029\u202e\u200b\ufeff") & set(text)
    assert json.loads(text) == value


@pytest.mark.parametrize("name", scripts.CHARTS)
def test_charts_are_data_with_units_in_utc_and_safe_colours(name: str) -> None:
    spec = scripts.charts()[name]
    text = json.dumps(spec)
    assert "values" not in text
    assert "url" not in text.replace("https://vega.github.io/schema", "")
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    assert colours <= {"#0072b2", "#d55e00", "#009e73", "#777777", "#999999"}  # Okabe and Ito (2008), and greys
    for axis in _temporal(spec):
        assert axis.get("scale") == {"type": "utc"}
    assert not re.search(r'"(arc|geoshape)"', text)


def _temporal(part: Any) -> list[dict[str, Any]]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    own = [part] if isinstance(part, dict) and part.get("type") == "temporal" else []
    return own + [x for p in inner for x in _temporal(p)]


def test_only_plain_web_addresses_may_be_opened() -> None:
    allowed = [p for p in payloads() if openable(p)]
    assert "https://ping.example/x" in allowed
    assert all(re.fullmatch(r"https?://[^\s<>\"'@]+", p) for p in allowed)
    assert openable("https://social.example/@user/1") == "https://social.example/@user/1"
    assert openable(None) is openable("") is openable("https://" + "x" * 3000) is None
