"""The trace stage: one sorted table of every kind, whatever the threads, the memory and the batches."""

from __future__ import annotations

from pathlib import Path

import pytest

from unisono import pipeline
from unisono.study import Quiet, Study, UserError, make_settings, open_study
from unisono.tables import TRACES
from unisono.traces import trace_kinds

ROWS = 400


@pytest.fixture
def study(tmp_path: Path) -> Study:
    posts = tmp_path / "posts.csv"
    head = "who,at,id,text,tags,links,kind,of\n"
    rows = (
        f"u{k % 7},2021-03-15T07:{k % 60:02}:{k * 7 % 60:02}Z,{k},the harvest moon rose over valley {k % 5},"
        f"A|b|a|Ä,https://example.org/{k % 9}|http://example.org/{k % 9}?utm_source=x,{'repost' if k % 4 else 'post'},"
        f"{k // 8 if k % 4 == 1 else ''}\n"
        for k in range(ROWS)
    )
    posts.write_text(head + "".join(rows))
    made = open_study(tmp_path / "study", create=True)
    map_ = "account=who,time=at,id=id,text=text,hashtags=tags:pipe,urls=links:pipe,kind=kind,repost_of=of"
    pipeline.run_stage("read", made, make_settings({"sources": [str(posts)], "map": map_}, "test"), Quiet())
    return made


def trace(study: Study, **given: object) -> list[dict[str, object]]:
    pipeline.run_stage("trace", study, make_settings(given, "test"), Quiet())
    rows: list[dict[str, object]] = study.read("traces").to_pylist()
    return rows


def test_all_default_kinds_sorted_by_the_key(study: Study) -> None:
    rows = trace(study)
    keys = [tuple(v.encode() if isinstance(v, str) else v for v in (r[k] for k in TRACES.key)) for r in rows]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    assert {r["trace"] for r in rows} == {"repost", "text", "url", "hashtag_sequence"}
    assert not {k.name for k in trace_kinds().values() if k.named_only} & {r["trace"] for r in rows}
    assert sum(r["trace"] == "repost" for r in rows) == ROWS // 4
    # Two spellings of one link in one post are one touch; half of the posts carry their own content.
    assert sum(r["trace"] == "url" for r in rows) == ROWS - ROWS // 4


def test_named_kinds_and_the_content_of_reposts(study: Study) -> None:
    rows = trace(study, trace=["hashtag", "domain"], content_of_reposts=True)
    assert {r["trace"] for r in rows} == {"hashtag", "domain"}
    assert sum(r["trace"] == "domain" for r in rows) == ROWS


def test_threads_and_memory_change_nothing(study: Study) -> None:
    hashes = set()
    for threads, memory in ((1, None), (2, "200MB"), (7, "1GB")):
        if study.manifest.stages.pop("trace", None):
            (study.path / "traces.parquet").unlink()  # else it were a file that nobody knows, and in the way
        trace(study, threads=threads, memory=memory)
        hashes.add(study.manifest.tables["traces"].content_hash)
    assert len(hashes) == 1
    assert {p.name for p in study.path.iterdir() if p.is_dir()} == set()


def test_a_typo_suggests_and_leaves_no_trace(study: Study) -> None:
    with pytest.raises(UserError, match="'hashtags'") as e:
        trace(study, trace=["hashtags"])
    assert "did you mean hashtag?" in e.value.remedy
    assert not study.has("traces")


def test_a_size_of_memory_that_is_none(study: Study) -> None:
    with pytest.raises(UserError, match="no size of memory"):
        trace(study, memory="lots")
