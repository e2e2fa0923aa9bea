"""Stages run once, resume, and take with them what was made from what changed."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from unisono.study import StageOutput, Study, UserError, open_study, schema_of
from unisono.study.folder import ROOM
from unisono.tables import ACCOUNTS, EVENTS, PAIRS, TRACES


class Toy:
    """A study of three toy stages, read > trace > pair, that counts what ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: list[str] = []
        self.text = "a"
        self.object = "o"
        self.seed = 0

    def run(self) -> list[str]:
        self.ran = []
        study = open_study(self.folder, create=True)
        with study.lock():
            study.stage("read", needs=(), settings={"text": self.text}, make=self.read)
            study.stage("trace", needs=("events",), settings={"object": self.object}, make=self.trace)
            study.stage("pair", needs=("traces",), settings={"seed": self.seed}, make=self.pair)
        return self.ran

    def read(self, out: StageOutput) -> None:
        self.ran.append("read")
        with out.table(EVENTS) as w:
            w.write(pa.table({"event_id": ["1"], "account_id": ["x"], "t_us": [1], "text": [self.text.lower()]}))
        with out.table(ACCOUNTS) as w:
            w.write(pa.table({"account_id": ["x"], "observed_us": [1]}))
        out.facts["n"] = 1

    def trace(self, out: StageOutput) -> None:
        self.ran.append("trace")
        with out.table(TRACES) as w:
            row = {"trace": ["url"], "account_id": ["x"], "object_id": [self.object], "t_us": [1], "event_id": ["1"]}
            w.write(pa.table(row))

    def pair(self, out: StageOutput) -> None:
        self.ran.append("pair")
        with out.table(PAIRS):
            pass
        with out.file("notes/why.txt") as path:
            path.write_text("because")
        out.note("nothing was paired")


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    made = Toy(tmp_path / "study")
    made.run()
    return made


def manifest(toy: Toy) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((toy.folder / "manifest.json").read_bytes())
    return data


def test_a_finished_study_is_left_alone(toy: Toy) -> None:
    before = (toy.folder / "manifest.json").read_bytes()
    assert toy.run() == []
    assert (toy.folder / "manifest.json").read_bytes() == before


def test_changed_settings_rerun_the_stage_and_what_depends_on_it(toy: Toy) -> None:
    toy.object = "other"
    assert toy.run() == ["trace", "pair"]
    toy.seed = 1
    assert toy.run() == ["pair"]
    toy.text = "b"
    assert toy.run() == ["read", "trace", "pair"]


def test_a_stage_that_makes_the_same_again_leaves_its_followers(toy: Toy) -> None:
    toy.text = "A"  # another setting, the same events
    assert toy.run() == ["read"]
    assert set(manifest(toy)["stages"]) == {"read", "trace", "pair"}


def test_what_was_made_from_changed_tables_leaves_the_manifest(toy: Toy) -> None:
    toy.text = "b"
    study = open_study(toy.folder)
    study.stage("read", needs=(), settings={"text": "b"}, make=toy.read)
    assert set(study.manifest.stages) == set(manifest(toy)["stages"]) == {"read"}
    assert not study.has("traces")
    assert not study.manifest.files
    with pytest.raises(UserError, match="has no table traces yet"):
        study.read("traces")


@pytest.mark.parametrize("name", ["events.parquet", "notes/why.txt"])
@pytest.mark.parametrize("harm", ["removed", "cut"])
def test_a_stage_whose_file_is_gone_or_cut_runs_again(toy: Toy, name: str, harm: str) -> None:
    before = manifest(toy)
    path = toy.folder / name
    path.unlink() if harm == "removed" else path.write_bytes(path.read_bytes()[:-1])
    assert toy.run() == (["read"] if name == "events.parquet" else ["pair"])
    # Stages stand in the order in which they last ran.
    assert manifest(toy) == before


@pytest.mark.parametrize("stage", ["read", "trace", "pair"])
def test_a_crash_inside_a_stage_leaves_the_old_results(toy: Toy, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (toy.folder / "manifest.json").read_bytes()
    files = {p: p.read_bytes() for p in toy.folder.rglob("*.parquet")}
    toy.text, toy.object, toy.seed = ("b", "o", 0) if stage == "read" else ("a", "p" if stage == "trace" else "o", 1)
    good = getattr(toy, stage)

    def crash(out: StageOutput) -> None:
        good(out)
        raise RuntimeError("struck")

    monkeypatch.setattr(toy, stage, crash)
    with pytest.raises(RuntimeError, match="struck"):
        toy.run()
    assert (toy.folder / "manifest.json").read_bytes() == before
    assert {p: p.read_bytes() for p in toy.folder.rglob("*.parquet")} == files
    monkeypatch.undo()
    assert stage in toy.run()
    assert not list(toy.folder.glob(".*.new"))


def test_a_crash_between_the_renames_names_nothing_that_is_half_new(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = import_module("unisono.study.folder")

    def struck(path: Path) -> None:
        raise KeyboardInterrupt

    toy.text = "b"
    monkeypatch.setattr(folder, "fsync_folder", struck)
    with pytest.raises(KeyboardInterrupt):
        toy.run()
    monkeypatch.undo()
    assert manifest(toy)["stages"] == {}
    assert toy.run() == ["read", "trace", "pair"]


def test_what_a_killed_run_left_aside_is_cleared(toy: Toy) -> None:
    (toy.folder / ".pair.new").mkdir()
    (toy.folder / ".pair.new" / "half.parquet").write_bytes(b"PAR1")
    assert toy.run() == []
    assert not (toy.folder / ".pair.new").exists()


def test_a_table_of_two_stages_belongs_to_the_last_one(toy: Toy) -> None:
    study = open_study(toy.folder)
    study.stage("import", needs=(), settings={}, make=toy.trace)
    assert set(study.manifest.stages) == {"read", "pair", "import"}  # the traces are the same, so the pairs hold
    assert study.manifest.notes == ["nothing was paired"]


def test_a_second_run_is_refused_while_one_is_at_work(toy: Toy) -> None:
    with open_study(toy.folder).lock(), pytest.raises(UserError, match="another unisono is at work"):
        toy.run()
    assert toy.run() == []


def test_open_study_makes_only_new_or_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no study folder"):
        open_study(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="is a file"):
        open_study(tmp_path / "file", create=True)
    with pytest.raises(UserError, match="holds other files") as e:
        open_study(tmp_path, create=True)
    assert "--out" in e.value.said("switches")[1]
    assert open_study(tmp_path / "new" / "deep", create=True).manifest.stages == {}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"stages": {"read": {}}}', b'{"more": 1}', b"\xff\0"])
def test_a_damaged_manifest_is_a_sentence(toy: Toy, damage: bytes) -> None:
    (toy.folder / "manifest.json").write_bytes(damage)
    with pytest.raises(UserError, match="is damaged") as e:
        open_study(toy.folder)
    assert "new folder" in e.value.remedy


def test_reading(toy: Toy) -> None:
    study: Study = open_study(toy.folder)
    assert study.read("events", ["text"]).to_pydict() == {"text": ["a"]}
    assert [b.num_rows for b in study.batches("events", ["event_id"])] == [1]
    assert study.file("pairs") == toy.folder / "pairs.parquet"
    with pytest.raises(UserError, match="there is no table 'event'"):
        schema_of("event")


def test_a_table_that_cannot_be_written_ends_quietly(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = StageOutput(tmp_path)
    with pytest.raises(ZeroDivisionError), out.table(ACCOUNTS) as writer:  # noqa: PT012
        writer.write(pa.table({"account_id": ["x"], "observed_us": [1]}))
        raise ZeroDivisionError
    del writer
    assert out.tables == {}
    assert "Exception ignored" not in capfd.readouterr().err


def test_what_was_loaded_is_kept_until_its_table_is_another(toy: Toy) -> None:
    study, loads = open_study(toy.folder), []

    def get(part: str, size: int) -> str:
        def load() -> str:
            loads.append(part)
            return f"{part} {len(loads)}"

        return study.kept_in_memory("traces", part, load, lambda _: size)

    assert [get("url", 10), get("text", ROOM), get("url", 10), get("text", ROOM)] == [
        "url 1", "text 2", "url 1", "text 3",
    ]  # fmt: skip
    toy.object = "another"
    toy.run()
    study.manifest = open_study(toy.folder).manifest
    assert [get("url", ROOM), get("url", ROOM), get("text", 1)] == ["url 4", "url 4", "text 5"]
