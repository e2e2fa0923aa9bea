"""What stands around a moment, and what else could explain it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.conftest import shared
from tests.moments.make import SECOND, WINDOW, burst, cascade, strangers, traces
from unisono.moments import Circumstances, circumstances, find_moments, other_explanations, scan_trace
from unisono.moments.circumstances import filled_in

PLAIN = Circumstances(
    n=60, n_object=777, n_before=300, age_us=86_400 * SECOND, n_only_here=10, p_only_here=0.7, n_same_time=4,
    filled_in=False, n_alongside=0, n_objects=1, n_tests=500,
)  # fmt: skip


def halved(rng: np.random.Generator, at: float, gap: float, n_piled: int, step: float = 1) -> np.ndarray:
    """Unknown times put half-way to the next known one, again and again, then the pile."""
    steps = [at - gap / 2**k for k in range(12)]
    return np.floor(np.r_[steps, np.full(n_piled, at)] / step) * step


def test_times_filled_in_are_recognised() -> None:
    rng, seen = np.random.default_rng(1), 0
    for _ in range(50):
        at = float(rng.uniform(40_000, 90_000))
        t = np.sort(np.r_[rng.uniform(at - 4000, at + 4000, 20), halved(rng, at, rng.uniform(100, 3000), 40)])
        us = (np.floor(t) * SECOND).astype(np.int64)
        seen += filled_in(us, round(at - 60) * SECOND, round(at + 1) * SECOND)
    assert seen >= 45


def test_times_of_people_are_not() -> None:
    rng, wrong = np.random.default_rng(2), 0
    for _ in range(300):
        t = np.sort(np.r_[rng.uniform(-4000, 4000, 30), burst(rng, 0, 60)])
        wrong += filled_in((np.floor(t) * SECOND).astype(np.int64), 0, WINDOW)
    for rate in (0.1, 1, 3):  # touches per second of a busy object
        for _ in range(30):
            t = np.sort(np.r_[rng.uniform(-900, 900, round(1800 * rate)), burst(rng, 0, 60)])
            wrong += filled_in((np.floor(t) * SECOND).astype(np.int64), 0, WINDOW)
    assert wrong <= 3
    piled = np.sort(np.r_[rng.uniform(-4000, 4000, 30), np.zeros(60)])
    assert not filled_in((np.floor(piled) * SECOND).astype(np.int64), 0, WINDOW), "a pile alone may be one tool"


def test_a_moment_of_filled_in_times_is_labelled() -> None:
    rng = np.random.default_rng(3)
    t = np.r_[cascade(rng), halved(rng, 70_000, 2000, 60)]
    table = find_moments(traces({"o": strangers(t, "o")}), "repost", WINDOW, SECOND, 0.05)
    assert table["status"].to_pylist() == ["times_filled_in"]


def test_who_is_in_it() -> None:
    rng = np.random.default_rng(4)
    accounts, seconds = strangers(cascade(rng, 300), "o")
    new, late = strangers(np.r_[burst(rng, 50_000, 40), np.full(9, 50_030.0)], "new")
    elsewhere = (accounts[:200] + new[:10], rng.uniform(0, 9e6, 210))
    scan = scan_trace(traces({"o": (accounts + new, np.r_[seconds, late]), "p": elsewhere}), "url", WINDOW, SECOND)
    (c,) = circumstances(scan, np.array([int(np.argmin(scan.p))]))
    inside = np.flatnonzero((seconds >= late.min()) & (seconds <= late.min() + 60))
    here = 39 + np.count_nonzero(inside >= 200)
    assert (c.n, c.n_object, c.n_only_here) == (49 + len(inside), 349, here)
    assert c.n_before == np.count_nonzero(seconds < late.min())
    assert c.p_only_here == pytest.approx(stats.hypergeom(349, 139, c.n).sf(here - 1))
    assert 9 <= c.n_same_time <= 14
    assert c.age_us == (late.min() - seconds.min()) * SECOND


def test_moments_at_the_same_time_know_of_each_other() -> None:
    rng = np.random.default_rng(5)
    at = {"a": 50_000, "b": 50_030, "c": 70_000}
    worlds = {o: strangers(np.r_[0, cascade(rng), burst(rng, s)], o) for o, s in at.items()}
    scan = scan_trace(traces(worlds), "url", WINDOW, SECOND)
    found = np.flatnonzero(scan.p < 1e-6)
    alongside = {str(scan.touches.object_ids[int(scan.object[i])]): c.n_alongside
                 for i, c in zip(found, circumstances(scan, found), strict=True)}  # fmt: skip
    assert alongside == {"a": 1, "b": 1, "c": 0}


@pytest.mark.parametrize(("change", "word"), [
    ({"filled_in": True}, "by halves"), ({"n_same_time": 31}, "very same time"), ({"n_alongside": 3}, "import"),
    ({"n_objects": 60}, "so common"), ({"n_object": 100}, "exactly 100"), ({"n_before": 2}, "beginning"),
    ({"n_only_here": 59, "p_only_here": 1e-9}, "newcomers"), ({}, "notification"),
])  # fmt: skip
def test_each_explanation_is_said_when_it_applies(change: dict[str, float], word: str) -> None:
    said = other_explanations(replace(PLAIN, **change))
    assert any(word in sentence for sentence in said)
    if change:
        assert not any(word in sentence for sentence in other_explanations(PLAIN))
    assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in said)
    assert all(sentence.endswith(".") for sentence in said)
    assert not any(w in " ".join(said).lower() for w in ("bot", "inauthentic"))


@pytest.mark.data
def test_the_retweet_cascades_are_full_of_times_filled_in() -> None:
    """Nearly every burst in them is a pile of times that the collector filled in; few remain."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from unisono.pairs.arrays import encode

    raw = pq.read_table(shared("organic/twitter_cascades.parquet"))
    raw = raw.filter(pc.and_(pc.equal(raw["kind"], "share"), pc.greater_equal(raw["delay_min"], 0)))
    rows = raw.select(["user_id", "source_tweet_id", "timestamp_utc"])
    rows = rows.rename_columns(["account_id", "object_id", "t_us"])
    rows = rows.set_column(2, "t_us", rows["t_us"].cast("timestamp[us]").cast("int64"))
    rows = rows.append_column("event_id", rows["account_id"])
    found = find_moments(encode(rows), "repost", WINDOW, 600_000, 0.05).to_pandas()
    plain = found[(found.status == "tested") & (found.n_same_time < found.n / 2)]
    assert found.object_id.nunique() > 100
    assert (found.status == "times_filled_in").mean() > 0.9
    assert plain.object_id.nunique() <= 0.01 * found.n_tests.max()
