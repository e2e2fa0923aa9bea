"""coordination-network-toolkit 1.5.2 on the same input in the same run: same pairs, both directed weights.

Its known faults, and what the comparison does about each:
- a CSV row without a link stores the empty string as a link, so that all such posts co-link: rows without a
  link are left out of its input;
- a message id is stored once, so a post that reposts two objects keeps the first only: both sides get the
  first row of each post;
- loops of an account with itself are stored: they are dropped;
- posts that carry two common links count as one in its weights, as in our n_events columns.
"""

from __future__ import annotations

import contextlib
import csv
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from coordination_network_toolkit.compute_networks import compute_co_link_network, compute_co_retweet_parallel
from coordination_network_toolkit.preprocess import preprocess_csv_files

import unisono
from benchmarks import THREADS
from benchmarks.generator import bursts
from benchmarks.measure import repeated, tell, timed

HEADER = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
Row = tuple[str, str, str, float]
"""post, account, object, time in seconds."""
Weights = dict[tuple[str, str], int]
W = 60


def main() -> None:
    """Co-retweet on the Russian set, co-link on the German one, and 300 k reposts for speed."""
    data = Path(os.environ.get("UNISONO_DATA", Path(__file__).parents[2] / "shared" / "data")) / "reference"
    if data.is_dir():
        compare("co-retweet, Russian set", russian(data), "repost", compute_co_retweet_parallel)
        compare("co-link, German set", german(data), "url", compute_co_link_network)
    else:
        print(f"reference sets not compared: {data} is not there (set UNISONO_DATA)")
    for n_objects, n_accounts in ((50_000, 100_000), (15_000, 30_000)):
        b = bursts(300_000, n_objects, n_accounts)
        touches = enumerate(zip(b.account, b.object, b.t, strict=True))
        rows = [(f"p{k}", f"a{a}", f"o{o}", float(t)) for k, (a, o, t) in touches]
        name = f"300 k reposts, {n_objects:,} objects, {n_accounts:,} accounts"
        compare(name, rows, "repost", compute_co_retweet_parallel)


def russian(data: Path) -> list[Row]:
    """First row of each post."""
    t = pq.read_table(data / "coortweet_russian.parquet").to_pydict()
    rows = zip(t["content_id"], t["account_id"], t["object_id"], t["timestamp_share"], strict=True)
    return list({r[0]: r for r in reversed(list(rows))}.values())


def german(data: Path) -> list[Row]:
    """Posts with a link; a post may carry several."""
    t = pq.read_table(data / "coortweet_german_elections.parquet").to_pydict()
    rows = zip(t["post_id"], t["account_id"], t["url_id"], t["timestamp"], strict=True)
    return [(str(p), a, f"u{u}", s) for p, a, u, s in rows if p is not None and u is not None]


def compare(name: str, rows: list[Row], trace: str, network: Callable[..., object]) -> None:
    """Run both, require equal weights, tell the ratio."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(None):
        db = Path(folder) / "cnt.db"
        write_input(rows, trace, Path(folder) / "posts.csv")
        _, ingest = timed(lambda: preprocess_csv_files(str(db), [str(Path(folder) / "posts.csv")]))
        _, theirs = timed(lambda: network(str(db), W, n_threads=THREADS, min_edge_weight=1))
        expected = weights_of(db, "co_link_network" if trace == "url" else "co_retweet_network")
    traces = as_traces(rows, trace)
    unisono.pair(traces.slice(0, 1_000), f"{W}s", min_objects=1, threads=THREADS)  # compiled
    pairs, ours = repeated(lambda: unisono.pair(traces, f"{W}s", min_objects=1, threads=THREADS), 5)
    if our_weights(pairs) != expected:
        raise SystemExit(f"{name}: the weights differ")
    tell(name, directed_edges=len(expected), ours=ours.told(), toolkit_seconds=theirs, toolkit_ingest=ingest,
         ratio=[round(theirs / s, 1) for s in (ours.wall[-1], ours.wall[0])])  # fmt: skip


def write_input(rows: Iterable[Row], trace: str, path: Path) -> None:
    """The toolkit's CSV: a line per post."""
    posts: dict[str, tuple[str, float, list[str]]] = {}
    for post, account, obj, t in rows:
        posts.setdefault(post, (account, t, []))[2].append(obj)
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(HEADER)
        for post, (account, t, objects) in posts.items():
            repost, urls = (objects[0], "") if trace == "repost" else ("", " ".join(objects))
            out.writerow((post, account, account, repost, "", "", t, urls))


def weights_of(db: Path, table: str) -> Weights:
    """The toolkit's directed weights, without loops."""
    with contextlib.closing(sqlite3.connect(db)) as con:
        rows = con.execute(f"SELECT user_1, user_2, weight FROM {table} WHERE user_1 <> user_2")  # noqa: S608
        return {(a, b): w for a, b, w in rows}


def our_weights(pairs: pa.Table) -> Weights:
    """n_events_a and n_events_b as directed weights."""
    found: Weights = {}
    for a, b, there, back in zip(
        *(pairs.column(c).to_pylist() for c in ("account_a", "account_b", "n_events_a", "n_events_b")), strict=True
    ):
        found[a, b], found[b, a] = there, back
    return found


def as_traces(rows: Iterable[Row], trace: str) -> pa.Table:
    """The same rows as our traces."""
    post, account, obj, t = zip(*dict.fromkeys(rows), strict=True)
    return pa.table({
        "trace": [trace] * len(post), "account_id": account, "object_id": obj,
        "t_us": pa.array([int(s * 1_000_000) for s in t]), "event_id": post,
    })  # fmt: skip


if __name__ == "__main__":
    main()
