"""What pairing will cost is told before it begins, and is about what it then is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from unisono.pairs import cost as costs
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.ranges import prepare
from unisono.pairs.run import pair_table

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
    assert "--min-objects" in costs.told(found, "url", 60 * S, 2)


def test_little_work_is_not_estimated() -> None:
    assert costs.cost(prepare(crowd(20, 3, 600), 60 * S, 2), 2, 1) is None
