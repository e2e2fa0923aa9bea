"""Whatever is wrong with the input ends in a sentence that says what, and what to do."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Unisono
from tests.small import MAP
from unisono.study import open_study
from unisono.study.files import HashingFile

COLUMNS = "account=who,time=at,text=text"
HEAD = "who,at,text\n"
TEXT = "the harvest moon rose over the quiet valley"


def csv_of(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def run(unisono: Unisono, tmp_path: Path, text: str, *more: object) -> Said:
    source = csv_of(tmp_path / "posts.csv", text)
    return unisono("run", source, "--map", COLUMNS, "--zone", "UTC", "--out", tmp_path / "study", *more)


def test_one_row(unisono: Unisono, tmp_path: Path) -> None:
    said = run(unisono, tmp_path, f"{HEAD}a,2021-03-15 07:00:00,{TEXT}\n")
    assert (said.code, said.err) == (0, "")
    assert "1 row: 1 used" in said.out
    assert "Coordinated behaviour observed: 0 groups, 0 accounts." in said.out
    assert "text" in (tmp_path / "study" / "report.html").read_text()


def test_one_account(unisono: Unisono, tmp_path: Path) -> None:
    said = run(unisono, tmp_path, HEAD + "".join(f"a,2021-03-15 07:00:{s:02},{TEXT}\n" for s in range(30)))
    assert (said.code, said.err) == (0, "")
    assert "Pairs: No pair is linked, for none could be tested." in said.out


def test_no_pair(unisono: Unisono, tmp_path: Path) -> None:
    said = run(unisono, tmp_path, HEAD + "".join(f"{a},2021-03-1{k} 07:00:00,{TEXT}\n" for k, a in enumerate("abc")))
    assert (said.code, said.err) == (0, "")
    assert "Pairs: No pair is linked, for none could be tested." in said.out
    assert unisono("verify", tmp_path / "study").code == 0
    assert unisono("show", tmp_path / "study", "pairs").code == 0


def test_one_viral_object(unisono: Unisono, tmp_path: Path) -> None:
    rows = "".join(f"u{k:03},2021-03-15 07:00:{k % 60:02},{TEXT}\n" for k in range(300))
    said = run(unisono, tmp_path, HEAD + rows, "--min-objects", "1")
    assert (said.code, said.err) == (0, "")
    assert "Pairs: No pair is linked, for none could be tested." in said.out
    assert "0 groups" in said.out


@pytest.mark.parametrize(
    ("text", "says"), [("", "posts.csv is empty"), ("who,text\na,b\n", "at"), ("\0\0\0", "posts.csv")]
)
def test_nothing_in_it(unisono: Unisono, tmp_path: Path, text: str, says: str) -> None:
    said = run(unisono, tmp_path, text)
    assert said.code == 2
    assert says in said.err
    assert len(said.err.strip().splitlines()) >= 2


def test_a_header_without_rows_is_a_study_of_nothing(unisono: Unisono, tmp_path: Path) -> None:
    said = run(unisono, tmp_path, HEAD)
    assert (said.code, said.err) == (1, "")
    assert "posts.csv has no rows" in said.out
    assert unisono("verify", tmp_path / "study").code == 0


def test_a_missing_column_names_those_that_are_there(unisono: Unisono, tmp_path: Path) -> None:
    source = csv_of(tmp_path / "posts.csv", f"who,created,text\na,2021-03-15 07:00:00,{TEXT}\n")
    said = unisono(
        "run", source, "--map", "account=who,time=craeted,text=text", "--zone", "UTC", "--out", tmp_path / "s"
    )
    assert said.code == 2
    assert "craeted" in said.err
    assert "created" in said.err.replace("craeted", "")


WRONG = [
    (["--window", "nonsense"], "--window nonsense", "60s, 10m"),
    (["--window", ""], "window: ", "--help"),
    (["--window", "60s,,x"], "--window x", "60s, 10m"),
    (["--trace", "hashtga"], "'hashtga'", "did you mean hashtag?"),
    (["--trace", "zzz"], "'zzz'", "the traces are: "),
    (["--trace", ","], "trace: ", "--help"),
    (["--min-objects", "0"], "min_objects: ", "--help"),
    (["--threads", "0"], "threads: ", "--help"),
    (["--memory", "lots"], "'lots'", "--memory 4GB"),
    (["--seed", "-1"], "seed: ", "--help"),
    (["--as", "csv"], "there is no format 'csv'", "formats are: "),
    (["--known", "nowhere.csv"], "nowhere.csv", ""),
    (["--study", "nowhere.yaml"], "nowhere.yaml", "study.yaml"),
]


@pytest.mark.parametrize(("switches", "what", "remedy"), WRONG, ids=[" ".join(w[0]) for w in WRONG])
def test_a_wrong_switch(unisono: Unisono, tmp_path: Path, switches: list[str], what: str, remedy: str) -> None:
    said = run(unisono, tmp_path, f"{HEAD}a,2021-03-15 07:00:00,{TEXT}\nb,2021-03-15 07:00:01,{TEXT}\n", *switches)
    assert said.code == 2
    assert what in said.err
    assert remedy in " ".join(said.err.split())


def test_a_typo_in_a_window_is_found_before_anything_is_read(unisono: Unisono, tmp_path: Path) -> None:
    assert run(unisono, tmp_path, HEAD, "--window", "1 fortnight").code == 2
    assert not (tmp_path / "study" / "manifest.json").exists()


def test_unknown_switches_verbs_and_files(unisono: Unisono, tmp_path: Path) -> None:
    assert "--widow" in unisono("run", "x", "--out", tmp_path / "s", "--widow", "60s").err
    assert "runn" in unisono("runn").err
    said = unisono("run", tmp_path / "none.csv", "--map", COLUMNS, "--out", tmp_path / "s")
    assert "none.csv is no file" in said.err
    said = unisono("run", "--out", tmp_path / "s")
    assert "nothing to read" in said.err
    assert "unisono run SOURCE" in said.err
    for verb in ("trace", "report", "verify", "show"):
        said = unisono(verb, tmp_path / "nowhere")
        assert said.code == 2
        assert "is no study folder" in said.err
    (tmp_path / "full").mkdir()
    csv_of(tmp_path / "full" / "posts.csv", HEAD)
    said = unisono("run", tmp_path / "full" / "posts.csv", "--map", COLUMNS, "--out", tmp_path / "full")
    assert "holds other files" in said.err


def test_a_naive_time_says_how_to_declare_its_zone(unisono: Unisono, tmp_path: Path) -> None:
    source = csv_of(tmp_path / "posts.csv", f"{HEAD}a,2021-03-15 07:00:00,{TEXT}\n")
    said = unisono("run", source, "--map", COLUMNS, "--out", tmp_path / "study")
    assert said.code == 2
    assert "--zone" in said.err


@pytest.mark.parametrize("kilobytes", [4, 256])
def test_a_disk_that_fills(sources: list[Path], tmp_path: Path, kilobytes: int) -> None:
    """No file may grow beyond a limit, which fails as a full disk does; without it the same command goes on."""
    out = tmp_path / "study"
    words = [sys.executable, "-m", "unisono", "run", *map(str, sources), "--map", MAP, "--out", str(out), "--quiet"]

    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    done = subprocess.run(words, preexec_fn=narrow, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (2, 4), done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "a fault of its own" not in done.stderr
    assert "disk" in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 2
    assert not list(out.glob(".*.new"))


def test_a_full_disk_leaves_what_was_finished(
    unisono: Unisono, study: Path, sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: HashingFile, data: object) -> int:
        raise OSError(28, "No space left on device")

    before = (study / "manifest.json").read_bytes()
    with monkeypatch.context() as disk:
        disk.setattr(HashingFile, "write", full)
        said = unisono("pair", study, "--window", "1h")
    assert said.code == 4
    assert "the disk is full" in said.err
    assert "resumes" in said.err
    assert (study / "manifest.json").read_bytes() == before
    assert unisono("pair", study, "--window", "1h").code == 0


def test_ctrl_c_says_that_the_study_goes_on(sources: list[Path], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "unisono", "run", *map(str, sources), "--map", MAP, "--out", str(tmp_path / "s")]
    work = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while not (tmp_path / "s" / ".read.new").exists() and work.poll() is None:
        time.sleep(0.005)
    work.send_signal(signal.SIGINT)
    _, err = work.communicate(timeout=30)
    assert work.returncode == 130
    assert "resumes" in err
    assert "Traceback" not in err


def test_a_reader_that_leaves_early_is_no_error(finished: Path) -> None:
    words = [sys.executable, "-m", "unisono", "show", str(finished), "events", "--limit", "100000"]
    work = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert work.stdout is not None
    assert work.stderr is not None
    work.stdout.readline()
    work.stdout.close()
    with work.stderr:
        assert work.stderr.read() == b""
    assert work.wait(30) in (0, 1)


def test_a_table_that_was_taken_away(unisono: Unisono, study: Path) -> None:
    (study / "traces.parquet").unlink()
    said = unisono("show", study, "traces")
    assert said.code == 4
    assert "traces.parquet" in said.err
    assert "check the path" in said.err


def test_a_folder_that_may_not_be_written(unisono: Unisono, study: Path) -> None:
    if os.geteuid() == 0:
        shutil.rmtree(study / "csv")
        (study / "csv").write_text("in the way")
        assert unisono("report", study, "--spreadsheet").code == 2  # a file of the user's, which stays
        assert (study / "csv").read_text() == "in the way"
    else:
        study.chmod(0o500)
        assert unisono("report", study, "--spreadsheet").code == 4
        study.chmod(0o700)
    assert open_study(study).has("edges")
