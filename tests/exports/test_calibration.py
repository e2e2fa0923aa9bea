"""The report on how often the tests err: numbers as they are in the table, a drawing that says the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.make import export, scenario, whole, write_study
from unisono.calibration import CONTROLS, NOMINAL
from unisono.exports.drawings.calibration import Dot, draw_calibration
from unisono.exports.report.calibration import gather
from unisono.study import StageOutput, Study
from unisono.tables import CALIBRATION

S = 1_000_000
dots = st.lists(
    st.builds(Dot, st.sampled_from(NOMINAL), st.floats(0, 1).map(lambda x: x if x > 1e-9 else 0.0),
              st.integers(1, 10**9)), max_size=6,
)  # fmt: skip


@given(st.lists(st.tuples(st.text(max_size=9), dots), max_size=4))
def test_every_dot_is_drawn_inside_and_none_wrong_is_hollow(series: list[tuple[str, list[Dot]]]) -> None:
    root = ElementTree.fromstring(draw_calibration(series, "t").markup)
    drawn = [c for c in root.findall("circle") if c.find("title") is not None]
    every = [d for _, own in series for d in own]
    assert len(drawn) == len(every)
    assert sum("ring" in c.get("class", "") for c in drawn) == sum(not d.empirical for d in every)
    for c in drawn:
        assert 0 <= float(c.get("cx", "")) <= 420
        assert 0 <= float(c.get("cy", "")) <= 300


def test_a_test_that_breaks_its_promise_is_drawn_above_the_line() -> None:
    picture = draw_calibration([("x", [Dot(1e-3, 1e-2, 9), Dot(1e-2, 1e-3, 9), Dot(1e-3, 1e-3, 9)])], "t")
    root = ElementTree.fromstring(picture.markup)
    (line,) = [e for e in root.findall("line") if e.get("class") == "l"]
    x1, y1, x2, y2 = (float(line.get(k, "")) for k in ("x1", "y1", "x2", "y2"))
    above = [
        y1 + (float(c.get("cx", "")) - x1) / (x2 - x1) * (y2 - y1) - float(c.get("cy", ""))
        for c in root.findall("circle")[:3]
    ]
    assert above[0] > 20
    assert above[1] < -20
    assert abs(above[2]) < 0.2


def rows(runs: int = 2, edges: float = 0.0) -> list[dict[str, Any]]:
    made = []
    for trace, window in (("text", 600 * S), ("url", 60 * S)):
        for control in CONTROLS:
            for test in ("joint", "timing", *(["selection"] if control == "curveball" else [])):
                share = {1e-2: 0.004 if trace == "url" else 0.008, 1e-3: 0.0005, 1e-4: 0.0, 1e-5: 0.0}
                made += [
                    {"trace": trace, "window_us": window, "null": f"{test}/{control}", "nominal": p,
                     "empirical": share[p], "n": 1_000_000 if trace == "url" else 3_000_000}
                    for p in NOMINAL
                ]  # fmt: skip
    for control in CONTROLS:
        here = edges if control == "slots" else 0.0
        made.append({"trace": "all", "window_us": 0, "null": f"edges/{control}", "nominal": 0.0, "empirical": here,
                     "n": runs})  # fmt: skip
        made.append({"trace": "all", "window_us": 0, "null": f"any edge/{control}", "nominal": 0.05,
                     "empirical": float(here > 0) / runs, "n": runs})  # fmt: skip
    return made


def calibrated(
    folder: Path, runs: int = 2, edges: float = 0.0, notes: tuple[str, ...] = (), same: float | None = None
) -> Study:
    """same: every measured share, instead of those of `rows`."""
    study = write_study(folder / "study", absent=("calibration",), **whole(scenario()))

    def make(out: StageOutput) -> None:
        with out.table(CALIBRATION) as writer:
            found = rows(runs, edges)
            for r in found:
                r["empirical"] = r["empirical"] if same is None or r["trace"] == "all" else same
            writer.write_sorted(pa.Table.from_pylist(found, schema=CALIBRATION.schema))
        for note in notes:
            out.note(note)
        out.facts.update(runs=runs, fdr=0.05, sampled={})

    study.stage("calibrate", needs=[], settings={}, make=make)
    return study


def section(study: Study) -> str:
    body = (study.path / "report.html").read_text("utf-8")
    part = re.search(r'<section id="calibration">.*?</section>', body, re.S)
    assert part
    return words_of(part[0])


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_layers_are_added_up_and_kept_apart(tmp_path: Path) -> None:
    found = gather(calibrated(tmp_path))
    assert found is not None
    line = next(x for x in found.lines if (x.test, x.control) == ("joint", "posts"))
    assert (line.n, line.shares) == (4_000_000, [0.007, 0.0005, 0.0, 0.0])
    assert [(t, w) for t, w, _ in found.layers] == [("text", 600 * S), ("url", 60 * S)]
    assert found.layers[1][2][0].shares[0] == 0.004
    assert [x.control for x in found.lines if x.test == "selection"] == ["curveball"]


def test_the_section_says_what_the_same_tests_call(tmp_path: Path) -> None:
    text = section(export(calibrated(tmp_path)))
    assert "With accounts permuted over each object’s own times the same tests call 0 edges (2 runs)" in text
    assert "at most 5 % of runs should have any edge" in text
    assert "joint posts 0.007 0.0005 none none 4,000,000" in text
    assert "Few runs say little" in text
    text = section(export(calibrated(tmp_path / "b", runs=20, edges=0.35, notes=("only <b>sampled</b>",))))
    assert "the same tests call 7 edges (20 runs)" in text
    assert "an edge in 1 of 20 runs" in text
    assert "Few runs say little" not in text
    assert "only &lt;b&gt;sampled" in text


def test_a_study_that_was_not_calibrated_says_so(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", **whole(scenario()))
    assert gather(study) is None
    assert "Not measured: there was nothing to permute." in section(export(study))


def test_the_sheet_holds_the_table(tmp_path: Path) -> None:
    study = export(calibrated(tmp_path))
    lines = (study.path / "csv" / "calibration.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(rows()) + 1
    assert lines[0] == '"trace","window_us","null","nominal","empirical","n"'
