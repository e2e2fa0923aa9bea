"""verify finds whatever changed since a study was written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unisono import pipeline
from unisono.study import Quiet, Study, load_settings, make_settings, open_study
from unisono.study.files import sha256_file
from unisono.study.manifest import Manifest, digest
from unisono.study.verify import _in_order, changed_sources, problems
from unisono.tables import TRACES

TEXT = "the harvest moon rose over the quiet valley"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("made")
    posts = folder / "posts.csv"
    rows = [f"{a},2021-03-{d:02} 07:00:0{k},{TEXT} {d}" for d in range(1, 6) for k, a in enumerate("abc")]
    posts.write_text("\n".join(["who,at,text", *rows, "nobody,never,x"]))
    made = open_study(folder / "study", create=True)
    given = {"sources": [str(posts)], "map": "account=who,time=at,text=text", "zone": "UTC", "n_seeds": 2}
    pipeline.run(made, make_settings(given, "test"), Quiet())
    assert problems(made) == []
    return made


@pytest.fixture
def study(tmp_path: Path, made: Study) -> Study:
    """A copy, to be harmed."""
    return open_study(Path(shutil.copytree(made.path, tmp_path / "study")))


def edited(study: Study, change: Callable[[dict[str, Any]], None], *, keys: bool = False) -> list[str]:
    """Edit the manifest as somebody would who computes its fingerprint anew (and with `keys` those of the stages)."""
    path = study.path / "manifest.json"
    data = json.loads(path.read_bytes())
    change(data)
    made = Manifest.model_validate(data)
    for name, stage in made.stages.items() if keys else ():
        stage.key = stage.made_key(name)
    made.save(path)
    return problems(open_study(study.path))


def forged(study: Study, table: str, rows: pa.Table) -> list[str]:
    """Replace a table's file, and what the manifest says of the file."""
    path = study.path / f"{table}.parquet"
    pq.write_table(rows, path)

    def change(data: dict[str, Any]) -> None:
        for stage in data["stages"].values():
            if table in stage["tables"]:
                stage["tables"][table]["files"][path.name] = {"sha256": sha256_file(path), "bytes": path.stat().st_size}

    return edited(study, change)


@pytest.mark.parametrize("name", ["events.parquet", "evidence.parquet", "report.html", "network.gexf", "csv/edges.csv"])
def test_a_flipped_bit_and_a_removed_file(study: Study, name: str) -> None:
    path = study.path / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert problems(study) == [f"{name} was changed"]
    path.unlink()
    assert problems(study) == [f"{name} is gone"]


def test_other_rows_under_a_mended_file_hash(study: Study) -> None:
    rows = study.read("edges")
    says = "the content of edges is not what the manifest says"
    assert forged(study, "edges", rows.slice(1)) == [says]
    changed = rows.set_column(rows.column_names.index("n_objects"), "n_objects", pa.array([9] * rows.num_rows))
    assert forged(study, "edges", changed) == [says]
    assert forged(study, "edges", rows) == []


@pytest.mark.parametrize("rows", [pa.table({"a": [1]}), pa.table({"account_a": [b"x"]})])
def test_another_table_under_a_mended_file_hash(study: Study, rows: pa.Table) -> None:
    (found,) = forged(study, "edges", rows)
    assert "edges" in found


def test_a_file_that_is_no_table_under_a_mended_hash(study: Study) -> None:
    forged(study, "edges", study.read("edges"))
    path = study.path / "edges.parquet"
    path.write_bytes(b"no table")

    def change(data: dict[str, Any]) -> None:
        record = {"sha256": sha256_file(path), "bytes": 8}
        data["stages"]["test"]["tables"]["edges"]["files"]["edges.parquet"] = record

    assert edited(study, change) == ["edges is no such table"]


def test_an_edited_manifest(study: Study) -> None:
    def rows(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["tables"]["pairs"]["rows"] += 1

    assert edited(study, rows) == ["the content of pairs is not what the manifest says"]

    def lost(data: dict[str, Any]) -> None:
        rows_back(data)
        data["sources"]["posts.csv"]["kept"] -= 1

    def rows_back(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["tables"]["pairs"]["rows"] -= 1

    assert edited(study, lost) == ["the sources are not those that were read", "rows of posts.csv do not add up"]


def test_an_upstream_that_was_swapped(study: Study) -> None:
    def change(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["inputs"]["traces"] = "0" * 64

    assert edited(study, change, keys=True) == ["stage pair was made from another traces"]

    def drop(data: dict[str, Any]) -> None:
        del data["stages"]["trace"]

    assert "stage test was made from another traces" in edited(study, drop)


def test_nothing_to_verify(study: Study) -> None:
    (study.path / "manifest.json").write_text("{}")
    assert problems(open_study(study.path)) == ["no stage was finished in it"]


def test_a_table_out_of_order(study: Study) -> None:
    from unisono.study.hashing import content_hash
    from unisono.study.writer import conform

    rows = study.read("traces")
    turned = conform(rows.take(pa.array(range(rows.num_rows - 1, -1, -1))), TRACES)

    def change(data: dict[str, Any]) -> None:
        data["stages"]["trace"]["tables"]["traces"]["content_hash"] = content_hash(turned)
        for stage in data["stages"].values():
            if "traces" in stage["inputs"]:
                stage["inputs"]["traces"] = content_hash(turned)

    forged(study, "traces", turned)
    assert edited(study, change, keys=True) == ["traces is not sorted by its key"]


def test_order_goes_across_batches_and_byte_by_byte() -> None:
    def table(*names: str) -> pa.Table:
        return pa.table({"a": list(names), "b": [1] * len(names)})

    assert _in_order(table("Z", "a", "a", "é", "\U0001f600"), ("a", "b"), None)
    assert not _in_order(table("a", "Z"), ("a", "b"), None)
    assert _in_order(table("b"), ("a", "b"), table("a"))
    assert not _in_order(table("a"), ("a", "b"), table("b"))
    assert not _in_order(pa.table({"a": ["x", "x"], "b": [2, 1]}), ("a", "b"), None)
    assert _in_order(table("a"), ("a", "b"), None)


EDITS: dict[str, tuple[str, str]] = {
    "source counts": ("m['sources']['posts.csv'].update(rows=17, kept=16)", "the sources are not those that were read"),
    "rejects": ("m['sources']['posts.csv']['rejects'].update(bad_time=2)", "the sources are not those that were read"),
    "no sources": ("m['sources'].clear()", "what became of its rows is not told"),
    "another source": ("m['sources'].update({'x.csv': m['sources']['posts.csv']})", "x.csv is no source that was read"),
    "a key": ("m['stages']['test'].update(key='0' * 64)", "the key of stage test is not that of its inputs"),
    "a setting": ("m['stages']['test']['settings'].update(fdr=0.5)", "the key of stage test is not that of its inputs"),
    "its version": ("m['stages']['test'].update(unisono='9.9')", "the key of stage test is not that of its inputs"),
    "the version": ("m.update(unisono='9.9')", "no stage was made by version 9.9"),
    "a fact": ("m['stages']['test']['facts'].update(n_tests=1)", "what was noted beside edges is not what stage"),
    "a fact that is a setting": ("m['stages']['test']['facts'].update(fdr=0.5)", "says fdr = 0.5 and was given 0.05"),
    "a note": ("m['stages']['read']['notes'].append('fine')", "what was noted beside events is not what stage"),
    "another input": ("m['stages']['test']['inputs'].update(x='0' * 64)", "stage test was made from another x"),
    "bytes": ("m['stages']['report']['files']['report.html'].update(bytes=1)", "report.html was changed"),
    "study.yaml": ("m['settings'].update(sha256='0' * 64)", "study.yaml was changed"),
    "study.yaml not named": ("m.update(settings=None)", "no part of the study: study.yaml"),
    "a file not named": ("m['stages']['report']['files'].pop('csv/edges.csv')", "no part of the study: csv/edges.csv"),
    "a file twice": (
        "m['stages']['pair']['tables']['pairs']['files'] |= m['stages']['test']['tables']['edges']['files']",
        "the table pairs is said to be in",
    ),
    "half-way": ("m['unfinished'].update({'x.csv': []})", "a run was stopped half-way"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("seal", [True, False])
def test_every_line_of_the_manifest_is_checked_against_the_others(study: Study, name: str, seal: bool) -> None:
    """Whoever edits it by hand is found by the fingerprint; whoever computes that anew, by all the rest."""
    code, says = EDITS[name]
    path = study.path / "manifest.json"
    data = json.loads(path.read_bytes())
    exec(code, {"m": data})
    if seal:
        Manifest.model_validate(data).save(path)
    else:
        path.write_text(json.dumps(data))
    found = problems(open_study(study.path))
    assert any(says in f for f in found), found
    assert seal == ("manifest.json was edited: its fingerprint is another" not in found)


def test_counts_are_held_against_the_tables(study: Study) -> None:
    """Sources, facts and keys that agree with each other, and not with the rows."""

    def change(data: dict[str, Any]) -> None:
        data["sources"]["posts.csv"].update(kept=14, rejects={"bad_time": 1, "no_author": 1})
        data["stages"]["read"]["facts"]["sources"] = digest(data["sources"])
        says = Manifest.model_validate(data).stages["read"].says
        for stage in data["stages"].values():
            stage["said"].update({t: says for t in stage["said"] if t in data["stages"]["read"]["tables"]})

    assert edited(study, change, keys=True) == [
        "the rejects are not as many as the sources say",
        "the events are not as many as the sources say",
    ]


def test_files_that_were_added_are_listed(study: Study, tmp_path: Path) -> None:
    for name in ("extra.parquet", "csv/extra.csv", ".hidden", "deep/er/x"):
        (study.path / name).parent.mkdir(parents=True, exist_ok=True)
        (study.path / name).write_text("x")
    (study.path / "empty").mkdir()
    (study.path / "link").symlink_to(tmp_path)
    says = "files that are no part of the study: .hidden, csv/extra.csv, deep/er/x, empty, extra.parquet, link"
    assert problems(study) == [says]


def test_sources_are_read_again(study: Study, made: Study) -> None:
    source = made.path.parent / "posts.csv"
    assert changed_sources(study) == []
    before = source.read_bytes()
    source.write_bytes(before + b"\n")
    assert changed_sources(study) == [f"{source} is not the file that was read"]
    source.unlink()
    assert "is not there" in changed_sources(study)[0]
    source.write_bytes(before)


def test_the_same_study_has_the_same_fingerprint(study: Study, made: Study) -> None:
    assert study.manifest.fingerprint == made.manifest.fingerprint == made.manifest.made_fingerprint()
    settings = load_settings(made.settings_file)
    study.use(settings.model_copy(update={"seed": 1}))
    assert study.manifest.fingerprint != made.manifest.fingerprint
