"""How often the tests err on this very study once its coordination is destroyed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from unisono.calibration import CONTROLS, NOMINAL
from unisono.calibration.run import ANY_CALLED, EDGES_CALLED
from unisono.edges.rows import ALL
from unisono.exports.drawings.calibration import Dot, draw_calibration
from unisono.exports.drawings.svg import Svg
from unisono.pairs.stage import SYNCHRONY
from unisono.study import Study

TESTS = ("joint", "timing", "selection")
DESTROYED = {
    "slots": "accounts permuted over each {of}’s own times", "posts": "whole posts dealt to other accounts",
    "latency": "accounts that are not linked permuted among the equally fast",
    "sittings": "sittings of accounts that are not linked moved whole to other days of theirs",
    "curveball": "who touched what drawn anew, times permuted",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One test under one control: the share of n tests with p at most each of NOMINAL (None without tests)."""

    test: str
    control: str
    n: int
    shares: list[float | None]


@dataclass(frozen=True)
class Called:
    """What the tests call where nothing is to be found: edges in all runs, runs with an edge."""

    control: str
    edges: int
    runs: int


@dataclass(frozen=True)
class Calibration:
    """The section. pairs: that the study itself calls by the same tests; reference: that only the reference test calls;
    layers: the lines of each kind and window; of: what it is whose times are dealt anew."""

    runs: int
    fdr: float
    pairs: int
    reference: int
    called: list[Called]
    lines: list[Line]
    layers: list[tuple[str, int, list[Line]]]
    plot: Svg
    notes: list[str]
    of: str
    nominal: tuple[float, ...] = NOMINAL

    @property
    def dots(self) -> list[dict[str, Any]]:
        """What the plot shows, as rows: promised and measured error of one test under one control, in n tests."""
        return [
            {"test": x.test, "control": x.control, "nominal": p, "empirical": s, "n": x.n}
            for x in self.lines for p, s in zip(self.nominal, x.shares, strict=True) if s is not None
        ]  # fmt: skip

    @property
    def destroyed(self) -> dict[str, str]:
        """What each control destroys, in words."""
        return {control: words.format(of=self.of) for control, words in DESTROYED.items()}

    @property
    def slots(self) -> Called:
        """The control that everybody knows."""
        return self.called[0]


def gather(study: Study) -> Calibration | None:
    """The section's numbers; None where the study was not calibrated, or had nothing to permute."""
    stage = study.manifest.stages.get("calibrate")
    if stage is None or not study.has("calibration") or not study.manifest.tables["calibration"].rows:
        return None
    rows = study.read("calibration").to_pylist()
    tests = [r for r in rows if r["null"].split("/")[0] in TESTS]
    layers = sorted({(r["trace"], r["window_us"]) for r in tests}, key=lambda k: (k[0].encode(), k[1]))
    lines = _lines(tests)
    by_layer = [(t, w, _lines([r for r in tests if (r["trace"], r["window_us"]) == (t, w)])) for t, w in layers]
    return Calibration(
        stage.facts["runs"], stage.facts["fdr"], *_pairs(study), _called(rows), lines, by_layer if layers[1:] else [],
        draw_calibration(_series(lines), "Measured error against promised error, both axes logarithmic"), stage.notes,
        "half hour" if {trace for trace, _ in layers} == {SYNCHRONY} else "object",
    )  # fmt: skip


def _lines(rows: list[dict[str, Any]]) -> list[Line]:
    """Layers together: wrong ones over all tests."""
    hits: dict[tuple[str, str], dict[float, float]] = defaultdict(lambda: defaultdict(float))
    n: dict[tuple[str, str], dict[float, int]] = defaultdict(lambda: defaultdict(int))
    for r in rows:
        test, control = r["null"].split("/")
        hits[test, control][r["nominal"]] += (r["empirical"] or 0.0) * r["n"]
        n[test, control][r["nominal"]] += r["n"]
    made = [k for test in TESTS for k in ((test, c) for c in CONTROLS) if k in n]
    return [
        Line(*k, n[k][NOMINAL[0]], [round(hits[k][x]) / n[k][x] if n[k][x] else None for x in NOMINAL]) for k in made
    ]


def _called(rows: list[dict[str, Any]]) -> list[Called]:
    whole = {r["null"]: r for r in rows if r["trace"] == ALL}
    return [
        Called(c, *(round(whole[f"{what}/{c}"]["empirical"] * whole[f"{what}/{c}"]["n"]) for what in
                    (EDGES_CALLED, ANY_CALLED)))
        for c in CONTROLS if f"{EDGES_CALLED}/{c}" in whole
    ]  # fmt: skip


def _series(lines: list[Line]) -> list[tuple[str, list[Dot]]]:
    made = [t for t in TESTS if any(x.test == t for x in lines)]
    return [
        (t, [Dot(p, s, x.n) for x in lines if x.test == t for p, s in zip(NOMINAL, x.shares, strict=True)
             if s is not None])
        for t in made
    ]  # fmt: skip


def _pairs(study: Study) -> tuple[int, int]:
    """Pairs of accounts that the study calls an edge: by the tests that were run on permuted data, and by the
    reference test alone."""
    if not study.has("edges"):
        return 0, 0
    edges = study.read("edges", ["trace", "account_a", "account_b", "basis"], pc.field("is_edge"))
    edges = edges.filter(pc.not_equal(edges["trace"], ALL))
    permuted = edges.filter(pc.fill_null(pc.not_equal(edges["basis"], "reference"), True))
    n, every = (int(x.group_by(["account_a", "account_b"]).aggregate([]).num_rows) for x in (permuted, edges))
    return n, every - n
