"""The same input and settings give the same bytes, however many threads worked on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import MAP, small_sources
from unisono import pipeline
from unisono.study import Quiet, Study, UserError, make_settings, open_study
from unisono.study.verify import problems


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return small_sources(tmp_path_factory.mktemp("pipeline"))


def made(sources: list[Path], out: Path, **more: object) -> Study:
    study = open_study(out, create=True)
    given = {"sources": [str(p) for p in sources], "map": MAP, "n_seeds": 2, **more}
    assert pipeline.run(study, make_settings(given, "test"), Quiet()) == list(pipeline.STAGES)
    return study


def bytes_of(study: Study) -> dict[str, bytes]:
    names = [p.relative_to(study.path).as_posix() for p in study.path.rglob("*") if p.is_file()]
    return {n: (study.path / n).read_bytes() for n in names if n not in ("study.yaml", ".lock")}


def test_two_runs_are_equal_byte_by_byte_with_one_thread_two_and_seven(sources: list[Path], tmp_path: Path) -> None:
    first = made(sources, tmp_path / "one", threads=1)
    assert problems(first) == []
    assert first.manifest.tables["groups"].rows > 0
    expected = bytes_of(first)
    assert {"manifest.json", "report.html", "network.gexf", "edges.parquet"} <= expected.keys()
    for threads in (1, 2, 7):
        other = made(sources, tmp_path / f"again{threads}", threads=threads)
        assert bytes_of(other) == expected


def test_a_new_seed_leaves_what_draws_nothing_alone(sources: list[Path], tmp_path: Path) -> None:
    study = made(sources, tmp_path / "study")
    given = {"sources": [str(p) for p in sources], "map": MAP, "n_seeds": 2, "seed": 1}
    ran = pipeline.run(study, make_settings(given, "test"), Quiet())
    assert ran == ["test", "calibrate", "group", "profile", "check", "report"]
    assert pipeline.run(study, make_settings(given, "test"), Quiet()) == []


def test_a_changed_source_is_noticed(sources: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "plaza.ndjson"
    copy.write_bytes(sources[0].read_bytes())
    study = made([copy], tmp_path / "study")
    copy.write_bytes(b"\n".join(copy.read_bytes().splitlines()[:-1]) + b"\n")
    given = make_settings({"sources": [str(copy)], "map": MAP, "n_seeds": 2}, "test")
    assert pipeline.run(study, given, Quiet())[:2] == ["read", "trace"]
    copy.unlink()
    with pytest.raises(UserError, match="is no file"):
        pipeline.run(study, given, Quiet())


def test_a_changed_list_of_known_networks_is_told_again(sources: list[Path], tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("account_id,network,reason\nplaza/page_00001,syndicate,shares one newsroom\n")
    study = made(sources, tmp_path / "study", known=str(known))
    given = make_settings({"sources": [str(p) for p in sources], "map": MAP, "n_seeds": 2, "known": str(known)}, "test")
    assert pipeline.run(study, given, Quiet()) == []
    known.write_text(known.read_text().replace("one newsroom", "one owner"))
    assert pipeline.run(study, given, Quiet()) == ["report"]
