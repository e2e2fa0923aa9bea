"""Reading, one core: NDJSON, CSV and Parquet to staged rows; what is taken out of texts is counted apart."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.measure import tell
from unisono.clean.handle import extract_hashtags, extract_mentions
from unisono.clean.url import extract_urls
from unisono.events.event_rows import EVENT_STAGE
from unisono.events.files.sources import find_sources
from unisono.events.plan import make_plans
from unisono.events.reading import read_source
from unisono.events.staging import StageFile, reject_stage
from unisono.study import Settings
from unisono.study.progress import Quiet

N = 200_000
COLUMNS = ("id", "author", "created", "text", "lang", "kind", "repost_of")
MAP = "id=id,account=author,time=created,text=text,lang=lang,kind=kind,repost_of=repost_of"
_WORDS = (
    "the",
    "people",
    "of",
    "our",
    "town",
    "want",
    "to",
    "know",
    "why",
    "nobody",
    "asked",
    "before",
    "it",
    "closed",
)


def main() -> None:
    """Each kind of file, then what extraction alone costs on the same texts."""
    rows = list(posts(N))
    with tempfile.TemporaryDirectory() as folder:
        for name, write, fields in (
            ("p.ndjson", _ndjson, None), ("flat.ndjson", _flat, _FLAT), ("p.csv", _csv, _LISTED),
            ("p.parquet", _parquet, _LISTED),
        ):  # fmt: skip
            path = Path(folder) / name
            write(path, rows)
            given = Settings(map=fields, zone="UTC", platform="x")
            read(path, given)  # once for what is compiled and imported
            begin = time.perf_counter()
            n = read(path, given)
            seconds = time.perf_counter() - begin
            size = path.stat().st_size / len(rows)
            tell(f"read {name}", rows=n, bytes_per_row=size, rows_per_second=n / seconds)
    _extraction([str(r["text"]) for r in rows])


_LISTED = MAP + ",urls=links:space,hashtags=tags:space,mentions=named:space"
"""With lists of their own, so that nothing is extracted."""
_FLAT = (
    "id=id,account=author_id,time=created_at,text=text,lang=lang,thread=conversation_id,client=source,"
    "reach=public_metrics.like_count,urls=links,hashtags=tags,mentions=named"
)
"""Tweets by `--map`, without what --as x-v2 knows of them."""


def posts(n: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Posts of a tenth as many accounts."""
    rng = random.Random(seed)
    for i in range(n):
        text = " ".join(rng.choices(_WORDS, k=18))
        repost = rng.random() < 0.4
        t = 1_700_000_000 + i
        yield {
            "id": str(1_700_000_000_000_000_000 + i), "author": str(10**9 + rng.randrange(n // 10)),
            "created": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(t)), "lang": "en",
            "text": f"{text} #town https://t.co/{i:010d}", "kind": "repost" if repost else "post",
            "repost_of": str(1_600_000_000_000_000_000 + rng.randrange(n // 5)) if repost else "",
            "links": f"https://a.example/{i % 999}", "tags": "town", "named": "",
        }  # fmt: skip


def read(path: Path, given: Settings) -> int:
    """Rows staged."""
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        (plan,) = make_plans(find_sources([path], given, print), given, folder)
        with StageFile(folder / "s", EVENT_STAGE) as staged, reject_stage(folder) as rejected:
            done = read_source(plan, 0, 0, staged, rejected, given.limits, folder, Quiet())
            staged.finish()
    return done.rows


def _ndjson(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w") as file:
        for r in rows:
            file.write(json.dumps(_tweet(r)) + "\n")


def _flat(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w") as file:
        for r in rows:
            lists = {"links": [r["links"]], "tags": [r["tags"]], "named": []}
            file.write(json.dumps({k: v for k, v in _tweet(r).items() if k != "entities"} | lists) + "\n")


def _tweet(r: dict[str, Any]) -> dict[str, Any]:
    made = {
        "id": r["id"], "author_id": r["author"], "created_at": r["created"], "text": r["text"], "lang": r["lang"],
        "conversation_id": r["id"], "source": "Web", "possibly_sensitive": False, "reply_settings": "everyone",
        "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": 2, "impression_count": 10},
        "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": r["links"]}], "hashtags": [{"tag": "town"}]},
    }  # fmt: skip
    if r["repost_of"]:
        made["referenced_tweets"] = [{"type": "retweeted", "id": r["repost_of"]}]
    return made


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({c: [r[c] for r in rows] for c in (*COLUMNS, "links", "tags", "named")})


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    pyarrow.csv.write_csv(_table(rows), path)


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(_table(rows), path)


def _extraction(texts: list[str]) -> None:
    def all_of(work: Callable[[str], Any]) -> float:
        begin = time.perf_counter()
        for t in texts:
            work(t)
        return time.perf_counter() - begin

    seconds = all_of(extract_urls) + all_of(extract_hashtags) + all_of(lambda t: extract_mentions(t, "x"))
    tell("links, hashtags and mentions of texts", rows=len(texts), rows_per_second=len(texts) / seconds)


if __name__ == "__main__":
    main()
