"""A small world of authors and followers: who reposts whose posts, and how soon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from unisono.pairs.arrays import encode
from unisono.reactions import Layer, origins_of

S = 1_000_000
DAY = 86_400 * S


@dataclass(frozen=True)
class Followership:
    """Organic accounts with a speed of their own; each author's followers react to some of the author's posts.

    Delay: lognormal, a median for each author (5 min to 5 h), sigma 1.3; times the account's speed factor
    (lognormal, sigma `speed`). A share `quick` of the accounts reacts to everybody with a median of 30 s. With
    `zones`, authors post in eight hours of the day and accounts sleep for eight: acts wait for the morning.
    """

    n_authors: int = 15
    n_accounts: int = 300
    n_posts: int = 60
    follows: int = 3
    reacts: float = 0.4
    speed: float = 0.9
    quick: float = 0.0
    zones: bool = False


def world(cast: Followership, seed: int, amplifiers: int = 0) -> pa.Table:
    """Rows (author_id, account_id, object_id, born_us, t_us); amplifiers (ids `amp...`) push author 0.

    An amplifier reacts to 80 % of the posts with a median of 20 s (lognormal .5), and besides is an ordinary
    follower of two other authors.
    """
    rng = np.random.default_rng(seed)
    born = rng.uniform(0, 60 * DAY, (cast.n_authors, cast.n_posts)).astype(np.int64) // S * S
    if cast.zones:
        at_work = rng.uniform(0, DAY, (cast.n_authors, 1)) + rng.uniform(0, DAY / 3, born.shape)
        born = (born // DAY * DAY + at_work).astype(np.int64) // S * S
    median = np.exp(rng.uniform(np.log(300), np.log(18_000), cast.n_authors))
    parts = []
    for i in range(cast.n_accounts + amplifiers):
        amplifies = i >= cast.n_accounts
        name = f"amp{i:04d}" if amplifies else f"acc{i:04d}"
        own = np.exp(rng.normal(0, cast.speed))
        hasty = rng.random() < cast.quick
        bed = rng.integers(0, DAY // S)
        chosen = rng.choice(np.arange(1 if amplifies else 0, cast.n_authors), 2 if amplifies else cast.follows, False)
        for author in chosen:
            posts = np.flatnonzero(rng.random(cast.n_posts) < cast.reacts)
            delay = (30 if hasty else median[author] * own) * np.exp(rng.normal(0, 1.3, len(posts)))
            if cast.zones:
                asleep = ((born[author, posts] / S + delay - bed) % (DAY / S)) / (DAY / S) < 1 / 3
                clock = (born[author, posts] / S + delay - bed) % (DAY / S)
                delay = np.where(asleep, delay + DAY / S / 3 - clock + rng.exponential(3600, len(posts)), delay)
            parts.append((name, author, posts, delay))
        if amplifies:
            posts = np.flatnonzero(rng.random(cast.n_posts) < 0.8)
            parts.append((name, 0, posts, 20 * np.exp(rng.normal(0, 0.5, len(posts)))))
    author = np.concatenate([np.full(len(p), a) for _, a, p, _ in parts])
    post = np.concatenate([p for _, _, p, _ in parts])
    delay = np.concatenate([d for *_, d in parts])
    return pa.table({
        "author_id": [f"w/author{a:02d}" for a in author],
        "account_id": [f"w/{n}" for n, _, p, _ in parts for _ in p],
        "object_id": [f"w/{a}-{p}" for a, p in zip(author, post, strict=True)],
        "born_us": born[author, post],
        "t_us": born[author, post] + np.round(delay).astype(np.int64) * S,
    })  # fmt: skip


def layer(rows: pa.Table, trace: str = "repost", known: bool = True, resolution_us: int = S) -> Layer:
    """Rows of `world` as a layer, by way of the tables a study would have. known: are the authors' posts there?"""
    traces = pa.table({
        "account_id": rows.column("account_id"), "object_id": rows.column("object_id"),
        "t_us": rows.column("t_us"), "event_id": [f"e{i}" for i in range(rows.num_rows)],
    })  # fmt: skip
    posts = {r["object_id"]: (r["author_id"], r["born_us"]) for r in rows.to_pylist()} if known else {}
    events = pa.table({
        "event_id": pa.array(list(posts), pa.string()),
        "account_id": pa.array([a for a, _ in posts.values()], pa.string()),
        "t_us": pa.array([t for _, t in posts.values()], pa.int64()),
    })  # fmt: skip
    arrays = encode(traces)
    return Layer(trace, arrays, origins_of(arrays, events), resolution_us)
