"""docs/sources.md: each of its commands reads the data that it names."""

from __future__ import annotations

import shlex
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tests.conftest import ROOT, shared
from unisono.cli import app

ROWS = 20_000
FOLDERS = {
    "telegram_posts.parquet": "organic", "vk_comments.parquet": "organic", "twitter_cascades.parquet": "organic",
    "git_cofile_events.parquet": "organic", "coortweet_german_elections.parquet": "reference",
    "trend_bots_deletions.parquet": "operations",
}  # fmt: skip
USED = {
    "telegram_posts.parquet": {"post": 19_916, "repost": 84},
    "twitter_cascades.parquet": {"post": 62, "repost": 18_351, "reply": 1_587},
    "vk_comments.parquet": {"post": ROWS},
}
"""Of the first rows of tables of posts, how many are of which kind."""
TRACES = {
    "git_cofile_events.parquet": {"object"},
    "coortweet_german_elections.parquet": {"url", "hashtag", "domain", "image"},
    "trend_bots_deletions.parquet": {"synchrony"},
}
NO_OBJECT = {"coortweet_german_elections.parquet": 7_860}


def commands() -> dict[str, list[str]]:
    """The commands of the page by the file that each reads."""
    lines = (ROOT / "docs/sources.md").read_text(encoding="utf-8").splitlines()
    found = [shlex.split(line)[1:] for line in lines if line.startswith("unisono run ")]
    return {words[1]: words for words in found}


def test_the_page_has_a_command_for_each_data_set() -> None:
    assert commands().keys() == FOLDERS.keys() == USED.keys() | TRACES.keys()


@pytest.mark.data
@pytest.mark.parametrize("name", FOLDERS)
def test_the_first_rows_are_read_by_the_command_as_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = next(pq.ParquetFile(shared(f"{FOLDERS[name]}/{name}")).iter_batches(ROWS))
    pq.write_table(pa.Table.from_batches([rows]), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    words = commands()[name]
    done = CliRunner().invoke(app, ["read", *words[1:]])
    assert (done.exit_code, "Note:" in done.output) == (0, False), done.output
    study = tmp_path / words[words.index("--out") + 1]
    lost = pq.read_table(study / "rejects.parquet").column("reason").to_pylist()
    assert lost == ["no_object"] * NO_OBJECT.get(name, 0)
    if name in TRACES:
        traces = pq.read_table(study / "traces.parquet")
        assert set(traces.column("trace").to_pylist()) == TRACES[name]
        assert traces.num_rows >= ROWS - len(lost)
    else:
        kinds = pq.read_table(study / "events.parquet").column("kind").value_counts().to_pylist()
        assert {k["values"]: k["counts"] for k in kinds} == USED[name]
