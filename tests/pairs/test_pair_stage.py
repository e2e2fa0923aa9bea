"""The pair stage on traces that a user brings: notes, named objects, synchrony, clocks of several steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pairs import brute
from unisono import pipeline
from unisono.study import Quiet, Study, make_settings, open_study

S = 1_000_000


class Bench:
    """Reads rows of traces from a file, and pairs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def study(self, text: str, map_: str = "account=who,time=at,object=what,event=post", **more: object) -> Study:
        source = self.folder / "rows.csv"
        source.write_text(text)
        made = open_study(self.folder / "study", create=True)
        given = {"sources": [str(source)], "as": "traces", "map": map_, "zone": "UTC", "n_seeds": 2, **more}
        pipeline.run(made, make_settings(given, "test"), Quiet())
        return made


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


ROWS = [(a, f"o{k}", 60 * k + 2 * d, f"{a}{k}") for k in range(4) for d, a in enumerate("abc")]
TEXT = "who,what,at,post\n" + "".join(f"{a},{o},2021-03-15T07:{t // 60:02}:{t % 60:02}Z,{p}\n" for a, o, t, p in ROWS)


def test_traces_of_a_user_are_paired_at_their_own_window(bench: Bench) -> None:
    study = bench.study(TEXT, window=["4s", "2s"], resolution="1s")
    day = 1_615_791_600
    rows = [(a, o, (day + t) * S, p) for a, o, t, p in ROWS]
    got = study.read("pairs").to_pylist()
    assert {r["window_us"] for r in got} == {2 * S, 4 * S}
    for window in (2 * S, 4 * S):
        mine = [r for r in got if r["window_us"] == window]
        expected = brute.pairs(rows, window, 2)
        assert [(r["account_a"], r["account_b"]) for r in mine] == [(r["account_a"], r["account_b"]) for r in expected]
        assert [r["n_objects"] for r in mine] == [r["n_objects"] for r in expected]
    keys = [(r["window_us"], r["account_a"], r["account_b"]) for r in got]
    assert keys == sorted(keys)
    assert not study.manifest.stages.get("trace")


def test_a_clock_that_nobody_declared_is_not_refused(bench: Bench) -> None:
    study = bench.study(TEXT, window=["0s"])
    assert study.manifest.stages["pair"].notes == []


def test_a_window_finer_than_the_clock_is_refused_with_the_one_that_would_do(bench: Bench) -> None:
    study = bench.study(TEXT, window=["10s"], resolution="1m")
    (note,) = study.manifest.stages["pair"].notes
    assert "at 10 s was refused" in note
    assert "2 min" in note
    assert study.manifest.tables["pairs"].rows == 0


def test_a_default_window_follows_the_clock(bench: Bench) -> None:
    study = bench.study(TEXT, resolution="1h")
    (windows,) = study.manifest.stages["pair"].facts["windows"].values()
    assert windows == [7200 * S]
    assert "instead of the default 60 s" in study.manifest.stages["pair"].notes[0]
    assert study.manifest.tables["pairs"].rows == 3


def test_a_trace_that_is_not_there_is_noted(bench: Bench) -> None:
    study = bench.study(TEXT, trace=["star"])
    assert any(n.startswith("no star among the traces") for n in study.manifest.stages["pair"].notes)
    assert study.manifest.tables["pairs"].rows == 0


def test_traces_with_no_object_are_kept_and_not_paired(bench: Bench) -> None:
    study = bench.study(TEXT, map_="account=who,time=at,event=post")
    assert study.manifest.tables["traces"].rows == len(ROWS)
    assert study.manifest.tables["pairs"].rows == 0
    assert any("synchrony" in n for n in study.manifest.stages["pair"].notes)
