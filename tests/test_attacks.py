"""What an attack on the whole command found once, and must not find again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import unisono
from tests.small import run
from unisono.study import Study, UserError
from unisono.study.verify import problems

MAP = "account=a,time=t,text=x,id=i"
TRACES = "account=a,time=t,object=o,event=e"


def posts(path: Path, *rows: str) -> Path:
    path.write_text("a,t,x,i\n" + "".join(f"{r}\n" for r in rows))
    return path


def many(path: Path, text: str = "the same twenty characters") -> Path:
    stamps = [f"2024-01-{d:02d}T10:{m:02d}:0{s}Z" for d in range(1, 10) for m in range(9) for s in range(2)]
    return posts(path, *(f"{'ab'[k % 2]},{t},{text} {k // 2},{k}" for k, t in enumerate(stamps)))


def hashes(study: Study) -> dict[str, str]:
    return {n: t.content_hash for n, t in study.manifest.tables.items()}


def test_the_order_of_sources_counts(tmp_path: Path) -> None:
    one = posts(tmp_path / "one.csv", "a,2024-01-01T10:00:00Z,first text,1")
    two = posts(tmp_path / "two.csv", "a,2024-01-01T10:00:00Z,second text,1")
    kept = []
    for order in ([one, two], [two, one]):
        study = run(order, tmp_path / "s", map=MAP)
        kept.append(study.read("events").column("text").to_pylist())
    assert kept == [["second text"], ["first text"]]


def test_a_damaged_file_is_made_again_and_never_read(tmp_path: Path) -> None:
    source = many(tmp_path / "p.csv")
    study = run([source], tmp_path / "s", map=MAP)
    before = hashes(study)
    for name in ("edges.parquet", "report.html"):
        path = study.path / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert problems(study) == [f"{name} was changed"]
        study = run([source], tmp_path / "s", map=MAP)
        assert hashes(study) == before
        assert problems(study) == []


def test_no_report_of_other_numbers_stays_behind(tmp_path: Path) -> None:
    source = many(tmp_path / "p.csv")
    study = run([source], tmp_path / "s", map=MAP)
    assert (study.path / "report.html").exists()
    with study.lock():
        from unisono import pipeline
        from unisono.study import Quiet, make_settings

        settings = make_settings({"sources": [str(source)], "map": MAP, "min_objects": 1_000}, "test")
        pipeline.run_stage("pair", study, settings, Quiet())
    left = sorted(p.name for p in study.path.iterdir() if p.suffix in (".parquet", ".html", ".gexf"))
    assert left == ["accounts.parquet", "events.parquet", "pairs.parquet", "reactions.parquet", "rejects.parquet",
                    "traces.parquet", "twins.parquet"]  # fmt: skip


def test_a_burst_is_no_clock(tmp_path: Path) -> None:
    noon = posts(
        tmp_path / "noon.csv", *(f"u{k},2024-01-01T12:00:00Z,the same twenty characters,{k}" for k in range(30))
    )
    study = run([noon], tmp_path / "s", map=MAP)
    assert study.manifest.sources["noon.csv"].resolution_us is None
    assert set(study.read("events").column("t_resolution_us").to_pylist()) == {1_000_000}


def test_binary_columns_are_text_and_what_is_none_is_a_reject(tmp_path: Path) -> None:
    table = {"a": [b"a", b"b\xff", b"c"], "t": [1_600_000_000] * 3, "o": [b"o"] * 3, "e": [b"1", b"2", b"3"]}
    pq.write_table(pa.table(table), tmp_path / "b.parquet")
    got = unisono.read([tmp_path / "b.parquet"], format="traces", map=TRACES)
    assert got["traces"].column("account_id").to_pylist() == ["a", "c"]
    assert got["rejects"].column("reason").to_pylist() == ["bad_utf8"]


def test_a_crowd_ends_in_a_sentence(tmp_path: Path) -> None:
    rows = {
        "a": [f"u{k}" for k in range(40)] * 2,
        "t": [1_600_000_000] * 40 + [1_600_003_600] * 40,
        "o": ["o", "p"] * 40,
        "e": list(map(str, range(80))),
    }
    rows["o"] = ["o"] * 40 + ["p"] * 40
    pq.write_table(pa.table(rows), tmp_path / "c.parquet")
    with pytest.raises(UserError, match="more than 100 pairs") as e:
        run([tmp_path / "c.parquet"], tmp_path / "s", format="traces", map=TRACES, max_pairs=100)
    assert "min_objects" in e.value.remedy
    assert "--max-pairs" in e.value.said("switches")[1]


def test_a_source_of_nothing_but_rejects_says_so(tmp_path: Path) -> None:
    bad = posts(tmp_path / "bad.csv", *(f"a,no time,text,{k}" for k in range(5)))
    study = run([bad], tmp_path / "s", map=MAP)
    assert any(n.startswith("no row of bad.csv could be used") for n in study.manifest.notes)


def test_wrong_arguments_of_the_interface_are_sentences(tmp_path: Path) -> None:
    source = many(tmp_path / "p.csv")
    traces = unisono.trace(unisono.read(source, map=MAP)["events"])  # one source needs no list
    assert unisono.pair(traces, 60).num_rows == unisono.pair(traces, ["60s"]).num_rows
    for wrong in ({"threads": 0}, {"min_objects": 0}, {"to": "excel"}, {"window": "soon"}):
        with pytest.raises(UserError):
            unisono.pair(traces, **wrong)


def test_a_clock_stays_with_its_trace_whatever_the_order_of_rows() -> None:
    coarse, fine = 3_600_000_000, 1_000_000
    rows = [{"trace": "url", "account_id": a, "object_id": o, "t_us": 7_200_000_000 * k, "event_id": a + o,
             "t_resolution_us": coarse if a == "c" else fine}
            for a in "cab" for k, o in enumerate(("p", "o", "q"))]  # fmt: skip
    shuffled = rows[::-2] + rows[1::2]
    for order in (rows, shuffled, sorted(rows, key=str)):
        with pytest.warns(UserWarning, match="3 of 9 traces take no part"):
            pairs = unisono.pair(pa.Table.from_pylist(order), "60s").to_pylist()
        assert [(p["account_a"], p["account_b"]) for p in pairs] == [("a", "b")]
