"""What pairing will cost is told before it begins, and is about what it then is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from unisono import pipeline
from unisono.pairs import cost as costs
from unisono.pairs import stage
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.ranges import prepare
from unisono.pairs.run import pair_table
from unisono.study import Quiet, UserError, make_settings, open_study

S = 1_000_000


def crowd(n_accounts: int, n_objects: int, seconds: int) -> TraceArrays:
    """Every account on every object, at random times inside so many seconds."""
    rng, n = np.random.default_rng(0), n_accounts * n_objects
    obj = np.repeat(np.arange(n_objects, dtype=np.int32), n_accounts)
    t = np.sort(rng.integers(0, seconds * S, (n_objects, n_accounts)), axis=1).ravel()
    account = np.concatenate([rng.permutation(n_accounts) for _ in range(n_objects)]).astype(np.int32)
    ids = pa.array([f"a{k:05}" for k in range(n_accounts)])
    return TraceArrays(
        account, obj, np.arange(n, dtype=np.int32), t, ids, pa.array([f"o{k}" for k in range(n_objects)]),
        pa.nulls(n, pa.string()),
    )  # fmt: skip


class Heard(Quiet):
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


def test_the_estimate_is_near_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = crowd(400, 12, 600)
    truth = pair_table(arrays, "url", 60 * S, 2)
    monkeypatch.setattr(costs, "_LOOK", 20_000)
    found = costs.cost(prepare(arrays, 60 * S, 2), 2, 1)
    assert found is not None
    assert found.pairs == pytest.approx(truth.num_rows, rel=0.25)
    firsts = truth.column("n_first").to_numpy()
    assert found.candidates == pytest.approx(np.count_nonzero(firsts >= 2), rel=0.25)
    assert found.co_actions == pytest.approx(truth.column("n_pairs").to_numpy().sum(), rel=0.6)
    assert "`min_objects`" in costs.sentence(found, "url", 60 * S, 2)


def test_little_work_is_not_estimated() -> None:
    assert costs.cost(prepare(crowd(20, 3, 600), 60 * S, 2), 2, 1) is None


def test_a_crowd_is_refused_before_it_is_paired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "_LOOK", 500)
    monkeypatch.setattr(stage, "_LONG", 0)
    rows = [f"a{a},o{o},{1_600_000_000 + 1000 * o + a % 50},{a}-{o}" for o in range(8) for a in range(60)]
    source = tmp_path / "crowd.csv"
    source.write_text("who,what,at,post\n" + "\n".join(rows) + "\n")
    given = {"sources": [str(source)], "as": "traces", "map": "account=who,time=at,object=what,event=post"}
    settings = make_settings(given | {"time_format": "unix", "max_pairs": 100}, "test")
    study, heard = open_study(tmp_path / "study", create=True), Heard()
    with pytest.raises(UserError, match=r"about 1,\d\d\d pairs") as e:
        pipeline.run(study, settings, heard)
    assert "--max-pairs" in e.value.said("switches")[1]
    assert "to test" in heard.lines[0]
