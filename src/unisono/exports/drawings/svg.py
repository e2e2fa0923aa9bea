"""SVG that is safe by construction: text and attribute values are escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from unisono.clean.text import xml_text

Value = str | int | float


@dataclass(frozen=True)
class Svg:
    """A finished piece of SVG. Only `element` makes one, so its markup can be trusted."""

    markup: str

    def __html__(self) -> str:
        """What Jinja's autoescape puts into the page as it is."""
        return self.markup


def number(value: float) -> str:
    """A coordinate in pixels with one decimal: small files, and no digits that a screen cannot show."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, attributes: Mapping[str, Value], *children: Svg | str) -> Svg:
    """`<name attributes>children</name>`. `name` and attribute names are ours; all else may be hostile."""
    given = "".join(f' {k}="{_value(v)}"' for k, v in attributes.items())
    inner = "".join(c.markup if isinstance(c, Svg) else escape(xml_text(c)) for c in children)
    return Svg(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def picture(width: float, height: float, title: str, kind: str, *children: Svg) -> Svg:
    """The outermost element: scales to its place, and says to screen readers what it shows."""
    return element(
        "svg",
        {
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "class": kind,
            "role": "img",
            "aria-label": title,
        },
        *children,
    )


def label(x: float, y: float, text: str, kind: str, anchor: str = "start") -> Svg:
    """One line of text at (x, y), in pixels."""
    return element("text", {"x": number(x), "y": number(y), "class": kind, "text-anchor": anchor}, text)


def _value(value: Value) -> str:
    return number(value) if isinstance(value, float) else escape(xml_text(str(value)))
