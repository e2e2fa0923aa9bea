"""A bar as wide as a share, to stand beside its number."""

from __future__ import annotations

from unisono.exports.drawings.svg import Svg, element

WIDTH, HEIGHT = 60, 8


def bar(share: float) -> Svg:
    """A bar of `share` (0 to 1) of the full width. Hidden from screen readers: the number is beside it."""
    frame: dict[str, str | int | float] = {"width": WIDTH, "height": HEIGHT}
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "class": "bar", "aria-hidden": "true"}
    full = WIDTH * min(max(share, 0.0), 1.0)
    return element(
        "svg", frame | box,
        element("rect", {"width": WIDTH, "height": HEIGHT, "class": "room"}),
        element("rect", {"width": max(full, 1.0) if share > 0 else 0, "height": HEIGHT, "class": "fill"}),
    )  # fmt: skip
