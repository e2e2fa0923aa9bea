"""Calibration figures of the joint, timing and selection tests: python -m docs.methods.figures

Nominal p against the share of the test family with a p at most that, pooled over simulated worlds in which nobody
is coordinated. Each test is shown on the worlds as they are, and on draws from its own null made of them. As in a
study, a pair with fewer than two coincidences counts as p = 1 in the joint and timing tests; the selection test,
which needs none, is shown on pairs drawn at random. Prints the ratios, writes calibration-*.svg beside this file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lab.measure.analysis import candidates
from lab.simulator import Causes, simulate
from unisono.calibration import by_slots, curveball
from unisono.exports.drawings.svg import Svg, Value, element, number
from unisono.maths.types import F64
from unisono.nulls.joint import joint, timeless
from unisono.nulls.layer import SELECTION_LEVELS, Background, Tested, assess, background, chances_of
from unisono.nulls.strata import LEVELS, strata
from unisono.nulls.timing import observe
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import TraceArrays

Shares = dict[str, dict[str, F64]]
WINDOW_US, FIRST_SEED, SAMPLE = 60_000_000, 30_000, 20_000
NOMINAL = 10.0 ** np.arange(-1, -7.1, -0.5)
COLOURS = ("#1b6ca8", "#c8553d", "#5b8c5a", "#8a6bb1")
SIZE, LEFT, TOP, BOTTOM = 380, 62, 30, 52


def world(seed: int) -> Shares:
    """Of one world, by figure and curve: (len(NOMINAL),) shares of the family with p at most each."""
    arrays = simulate(Causes(), seed).arrays()
    first, rng = first_touches(arrays), np.random.default_rng(seed)
    real = background(first)
    drawn = background(curveball(first, strata(first, LEVELS)[SELECTION_LEVELS - 1], rng))
    as_is, anew, shuffled = (_tested(g, arrays) for g in (real, drawn, background(by_slots(first, rng))))
    plain = np.where(as_is.observed.n_common >= 3, as_is.observed.log_p, 0.0)
    finest, worst, coarsest = _selection(drawn, rng)[1], *_selection(real, rng)[1:]
    return {
        "joint": {
            "drawn from the null": _share(_often(anew), anew.n_pairs),
            "organic, joint p": _share(_often(as_is), as_is.n_pairs),
            "organic, p of the edge test": _share(as_is.log_p_edge, as_is.n_pairs),
        },
        "timing": {
            "drawn from the null": _share(shuffled.log_p_timing, shuffled.n_timing),
            "organic, slots alone": _share(plain, as_is.n_timing),
            "organic, p of the test": _share(as_is.log_p_timing, as_is.n_timing),
        },
        "selection": {
            "drawn from the null": _share(finest, len(finest)),
            "organic, strata of 500 alone": _share(coarsest, len(coarsest)),
            "organic, p of the test": _share(worst, len(worst)),
        },
    }


def _tested(ground: Background, arrays: TraceArrays) -> Tested:
    pairs = candidates(ground.first, arrays, WINDOW_US)
    return assess(ground, chances_of(ground, WINDOW_US), *pairs)


def _often(t: Tested) -> F64:
    return np.where(t.observed.occasions >= 2, t.log_p_joint, 0.0)


def _selection(ground: Background, rng: np.random.Generator) -> tuple[int, F64, F64]:
    """Pairs drawn at random from the family; their log p over the levels of the test, and at the coarsest."""
    pairs = np.sort(rng.choice(np.flatnonzero(ground.first.tested), (SAMPLE, 2)), axis=1)
    a, b = (np.ascontiguousarray(x) for x in pairs[pairs[:, 0] < pairs[:, 1]].T)
    chance = chances_of(ground, WINDOW_US)
    common = observe(ground.first, ground.touch_speed, ground.clocks, chance, a, b).n_common
    blind = timeless(ground.speed, ground.clocks, chance), a, b, common
    levels = [joint(model, *blind)[1] for model in ground.models[:SELECTION_LEVELS]]
    return len(a), np.max(levels, axis=0), levels[0]


def _share(log_p: F64, n_tests: int) -> F64:
    below: F64 = (log_p[:, None] <= np.log(NOMINAL) + 1e-12).sum(axis=0) / n_tests
    return below


def figure(name: str, curves: dict[str, F64], n_worlds: int) -> Svg:
    """Empirical against nominal p, both logarithmic; the diagonal is a test that is exactly what it says."""
    least = -7 if name != "selection" else -5
    span = SIZE - LEFT - 18

    def x(p: float) -> float:
        return float(LEFT + span * (np.log10(p) - least) / -least)

    def y(p: float) -> float:
        return float(TOP + span * np.log10(p) / least)

    parts = [element("rect", {"x": 0.0, "y": 0.0, "width": float(SIZE), "height": 500.0, "fill": "white"})]
    for k in range(least, 1):
        p = 10.0**k
        parts += [_line(x(p), y(1), x(p), y(10.0**least), "#e4e4e4")]
        parts += [_line(x(10.0**least), y(p), x(1), y(p), "#e4e4e4")]
        parts += [_text(x(p), TOP + span + 16, f"1e{k}" if k else "1", "middle")]
        parts += [_text(LEFT - 6, y(p) + 4, f"1e{k}" if k else "1", "end")]
    parts += [_line(x(10.0**least), y(10.0**least), x(1), y(1), "#555", "5 4")]
    title = f"{name} test, {n_worlds} simulated worlds, 60 s"
    parts += [_text(LEFT, 18, title), _text(LEFT + span / 2, TOP + span + 34, "nominal p", "middle")]
    parts += [_text(14, TOP + span / 2, "share with p at most that", "middle", turn=True)]
    for colour, (label, share), k in zip(COLOURS, curves.items(), range(9), strict=False):
        seen = [(x(p), y(s)) for p, s in zip(NOMINAL, share, strict=True) if p >= 10.0**least and s >= 10.0**least]
        points = " ".join(f"{number(a)},{number(b)}" for a, b in seen)
        stroke: dict[str, Value] = {"stroke": colour, "stroke-width": 2.0, "fill": "none"}
        if k == 2:  # the last may lie on another
            stroke["stroke-dasharray"] = "6 4"
        parts += [element("polyline", {"points": points} | stroke)]
        parts += [element("circle", {"cx": a, "cy": b, "r": 2.5, "fill": colour}) for a, b in seen]
        at = TOP + span + BOTTOM + 16 * k
        parts += [_line(LEFT, at - 4, LEFT + 20, at - 4, colour), _text(LEFT + 26, at, label)]
    height = TOP + span + BOTTOM + 16 * len(curves)
    box = f"0 0 {SIZE} {number(height)}"
    frame: dict[str, Value] = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "width": SIZE}
    frame |= {"role": "img", "aria-label": title}
    return element("svg", frame, *parts)


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, dash: str = "none") -> Svg:
    return element("line", {"x1": x0, "y1": y0, "x2": x1, "y2": y1, "stroke": colour, "stroke-dasharray": dash})


def _text(x: float, y: float, text: str, anchor: str = "start", turn: bool = False) -> Svg:
    place: dict[str, Value] = {"x": float(x), "y": float(y), "text-anchor": anchor}
    place |= {"font-family": "sans-serif", "font-size": 11}
    if turn:
        place["transform"] = f"rotate(-90 {number(x)} {number(y)})"
    return element("text", place, text)


def main(n_worlds: int = 10) -> None:
    """Simulate, print the ratios of empirical to nominal p, and write the figures."""
    worlds: Sequence[Shares] = [world(FIRST_SEED + k) for k in range(n_worlds)]
    for name in worlds[0]:
        curves = {c: np.mean([w[name][c] for w in worlds], axis=0) for c in worlds[0][name]}
        print(name, "| empirical / nominal at", *(f"{p:.0e}" for p in NOMINAL[2::2]))
        for label, share in curves.items():
            print(f"  {label}:", *(f"{r:.3g}" for r in (share / NOMINAL)[2::2]))
        drawing = figure(name, curves, n_worlds).markup + "\n"
        Path(__file__).with_name(f"calibration-{name}.svg").write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
