"""docs/howto.md: a section for every format, and each of its commands reads a file of that format."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard
from typer.testing import CliRunner

from tests.conftest import ROOT
from tests.events.generators import tables
from tests.events.reading import fixture
from tests.events.test_fourcat import X, table
from tests.events.test_round_trips import as_csv
from unisono.cli import app
from unisono.events.formats import formats

_POST: dict[str, Any] = {
    "account": {"native": "7", "handle": "ann1", "name": "Ann", "description": "d", "location": "here",
                "followers": 5, "following": 6, "created_us": 1_500_000_000_000_000},
    "t_us": 1_614_834_000_000_000, "text": "a text", "lang": "en", "kind": "post", "refers": "5", "thread": "9",
    "urls": ["https://a.example/x"], "hashtags": ["tag"], "mentions": [], "client": "web", "views": 3, "media": True,
}  # fmt: skip


def _by_line(name: str) -> bytes:
    return json.dumps(json.loads(fixture(name))).encode()


FILES = {
    "tweets.jsonl": ("x-v2", lambda: _by_line("x_v2_page.json")),
    "tweets-v1.jsonl": ("x-v1", lambda: fixture("x_v1.ndjson")),
    "ira_tweets_csv_hashed.csv": ("x-disclosure", lambda: as_csv([tables.released(_POST, 1)])),
    "zeeschuimer-export.ndjson": ("zeeschuimer", lambda: fixture("zeeschuimer.ndjson")),
    "zeeschuimer-instagram.ndjson": ("zeeschuimer", lambda: fixture("zeeschuimer_instagram.ndjson")),
    "4cat-export.csv": ("4cat", lambda: table(X).encode()),
    "4cat-export.ndjson": ("4cat-ndjson", lambda: fixture("4cat_ndjson.ndjson")),
    "result.json": ("telegram-desktop", lambda: fixture("telegram_chat.json")),
    "frames.ndjson": ("bsky-jetstream", lambda: fixture("bsky_jetstream_v2.ndjson")),
    "statuses.json": ("mastodon", lambda: fixture("mastodon.json")),
    "outbox.json": ("activitypub", lambda: fixture("activitypub_outbox.json")),
    "RC_2021-03.zst": ("reddit", lambda: zstandard.compress(fixture("reddit_comments.ndjson"))),
    "RS_2021-03.zst": ("reddit", lambda: zstandard.compress(fixture("reddit_submissions.ndjson"))),
    "videos.ndjson": ("tiktok-research", lambda: _by_line("tiktok_research.json")),
    "comments.json": ("youtube", lambda: fixture("youtube_comments.json")),
    "crowdtangle-facebook.csv": ("crowdtangle-facebook", lambda: fixture("crowdtangle_facebook.csv")),
    "crowdtangle-instagram.csv": ("crowdtangle-instagram", lambda: fixture("crowdtangle_instagram.csv")),
    "mcl-posts.csv": ("meta-content-library", lambda: fixture("mcl.csv")),
    "mediacloud-stories.csv": ("media-cloud", lambda: fixture("media_cloud.csv")),
    "20210304051500.gkg.csv": ("gdelt-gkg", lambda: tables.article(_POST, 1).encode()),
    "coortweet.csv": ("coortweet", lambda: as_csv([tables.share(_POST, i) for i in range(2)])),
    "toolkit.csv": ("cnt", lambda: as_csv([tables.toolkit(_POST, 1)])),
}
TEXT = (ROOT / "docs/howto.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line)[1:] for line in TEXT.splitlines() if line.startswith("unisono run ")]


def test_every_format_has_a_section() -> None:
    named = set(re.findall(r"Formats? `([\w-]+)`(?:[^.]*? and `([\w-]+)`)?", TEXT))
    assert {n for pair in named for n in pair if n} == set(formats()) - {"table", "traces"}
    assert {n for n, _ in FILES.values()} == set(formats()) - {"table", "traces"}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda w: w[1])
def test_each_command_reads_its_file(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [w for w in words[1:] if w in FILES]
    assert files
    for name in files:
        (tmp_path / name).write_bytes(FILES[name][1]())
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["read", *words[1:]])
    assert done.exit_code == 0, done.output
    made = "traces" if FILES[files[0]][0] == "coortweet" else "events"
    assert pq.read_table(tmp_path / "STUDY" / f"{made}.parquet").num_rows > 0
