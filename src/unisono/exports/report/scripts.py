"""Scripts and styles of the page, all inside it, and the policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

OWN = ("dom.js", "posts.js", "panel.js", "filter.js", "stage.js", "network.js", "charts.js", "main.js")
"""Our scripts, in the order in which they run."""
CHARTS = ("timeline", "burst", "calibration")
"""Charts that are kept as data: exports/charts/NAME.json, each a Vega-Lite specification without values."""
_HERE = files("unisono.exports")
_SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*\Z")
_IMPORT = re.compile(r"^import (\{[^}]*\}) from 'vega-util';", re.MULTILINE)
_EXPORT = re.compile(r"^export \{ expression as expressionInterpreter \};", re.MULTILINE)


_UNSAFE = re.compile("[<>&'\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")


def vendored() -> list[dict[str, Any]]:
    """The libraries in the page: name, version, file, sha256, licence and its text, in the order in which they run."""
    found: list[dict[str, Any]] = json.loads(_HERE.joinpath("vendor", "vendored.json").read_text("utf-8"))
    return found


def scripts() -> list[str]:
    """All scripts of the page, in order."""
    own = "\n".join(_HERE.joinpath("templates", name).read_text("utf-8") for name in OWN)
    return [*(_library(v) for v in vendored()), own]


def elements(data: dict[str, Any]) -> Iterator[str]:
    """The last elements of the page: what scripts know, as JSON, then the scripts."""
    for name, value in (("data", data), ("charts", charts())):
        yield f'<script type="application/json" id="{name}">{as_json(value)}</script>\n'
    for text in scripts():
        yield f"<script>{text}</script>\n"


def as_json(value: object) -> str:
    """JSON for `<script type="application/json">`: no character in it is markup to a browser, or hides text."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def charts() -> dict[str, Any]:
    """The chart specifications by name."""
    return {name: json.loads(_HERE.joinpath("charts", f"{name}.json").read_text("utf-8")) for name in CHARTS}


def policy(style: str, run: list[str]) -> str:
    """The content security policy: nothing loads, and nothing runs but these scripts and this style sheet."""
    allowed = " ".join(f"'sha256-{_digest(s)}'" for s in run)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _library(vendor: dict[str, Any]) -> str:
    """A library's text. Source maps would be looked for by a browser's tools; an ES module is made a plain script;
    one that fails as soon as it runs without a kind of drawing is kept from running there.
    """
    text = _SOURCE_MAP.sub("\n", _HERE.joinpath("vendor", vendor["file"]).read_text("utf-8"))
    if "needs" in vendor:
        return f'if (document.createElement("canvas").getContext("{vendor["needs"]}")) {{\n{text}}}\n'
    if _EXPORT.search(text):
        body = _EXPORT.sub("return expression;", _IMPORT.sub(r"const \1 = vega;", text))
        return f"globalThis.vegaInterpreter = (() => {{\n{body}}})();\n"
    return text


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
