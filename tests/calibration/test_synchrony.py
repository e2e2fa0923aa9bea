"""Acts without an object have controls too: what they keep; a ring is lost in them, and chance calls nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import unisono
from tests.synchrony.ring import S, acts_of_a_ring
from unisono.calibration.synchrony import Alone, alone_of, called_in, draw
from unisono.synchrony import find_synchrony
from unisono.tables import TRACES

COLUMNS = ("trace", "account_id", "object_id", "t_us", "t_resolution_us", "event_id")
MINUTE, DAY = 60 * S, 86_400 * S


@pytest.fixture(scope="module")
def ring() -> Alone:
    """120 accounts, of which the first eight keep time."""
    account, t = acts_of_a_ring()
    ids = pa.array([f"a{k:03}" for k in range(120)])
    return Alone(account.astype(np.int32), t, ids, S, S, np.arange(120) < 8)


def test_slots_keep_the_moments_and_how_much_each_did_in_every_half_hour(ring: Alone) -> None:
    account, t = draw(ring, "slots", np.random.default_rng(0))
    once = {(int(a), int(x) // S) for a, x in zip(ring.account, ring.t, strict=True)}  # an act in a tick
    assert Counter((t // S).tolist()) == Counter(x for _, x in once)
    cells = Counter((a, x // 1800) for a, x in once)
    assert Counter(zip(account.tolist(), (t // S // 1800).tolist(), strict=True)) == cells


def test_days_are_moved_whole_and_linked_accounts_stay_out(ring: Alone) -> None:
    account, t = draw(ring, "sittings", np.random.default_rng(0))
    assert account.min() == 8
    for k in range(8, 20):
        was, now = (np.sort(x[y == k]) for x, y in ((ring.t, ring.account), (t, account)))
        assert len(was) == len(now)
        assert Counter((was % MINUTE).tolist()) == Counter((now % MINUTE).tolist())
        pauses = [Counter(np.diff(x).tolist()) for x in (was, now)]
        assert (pauses[0] & pauses[1]).total() >= len(was) - 1 - 2 * len(np.unique(was // DAY))


def test_the_ring_is_lost_in_both_and_nothing_else_is_called(ring: Alone) -> None:
    found = find_synchrony(ring.account, ring.t, ring.account_ids, S, S)
    assert pc.sum(found["is_edge"]).as_py() == 28
    for control in ("slots", "sittings"):
        nulls, n_edges = called_in(ring, control, np.random.default_rng(1), 0.05)
        assert n_edges == 0
        assert [name for name, _, _ in nulls] == ["joint", "timing"][: 1 + (control == "sittings")]
        assert all((log_p <= np.log(1e-3)).sum() <= 0.002 * n for _, log_p, n in nulls)


def test_another_control_is_refused(ring: Alone) -> None:
    with pytest.raises(ValueError, match="curveball"):
        draw(ring, "curveball", np.random.default_rng(0))


def table(t: np.ndarray, trace: str = "synchrony", step: int = S) -> pa.Table:
    n = len(t)
    return pa.table({
        "trace": [trace] * n, "account_id": [f"a{k % 3}" for k in range(n)], "object_id": [""] * n, "t_us": t,
        "t_resolution_us": [step] * n, "event_id": [str(k) for k in range(n)],
    }, schema=pa.schema([TRACES.schema.field(c) for c in COLUMNS]))  # fmt: skip


def test_nothing_to_permute_is_none() -> None:
    assert alone_of(table(np.empty(0, np.int64))) is None
    assert alone_of(table(np.arange(9) * MINUTE, trace="url")) is None
    assert alone_of(table(np.arange(9) * MINUTE, step=2 * MINUTE)) is None
    some = alone_of(table(np.arange(9) * MINUTE), pa.array(["a1"]))
    assert some is not None
    assert some.called.tolist() == [False, True, False]


def test_one_account_is_calibrated_to_nothing() -> None:
    one = Alone(np.zeros(5, np.int32), np.arange(5) * MINUTE, pa.array(["a"]), S, S, np.zeros(1, np.bool_))
    for control in ("slots", "sittings"):
        assert called_in(one, control, np.random.default_rng(0), 0.05)[1] == 0
    everybody = one._replace(called=np.ones(1, np.bool_))
    assert called_in(everybody, "sittings", np.random.default_rng(0), 0.05)[1] == 0


def test_the_table_has_rows_of_acts_without_an_object() -> None:
    account, t = acts_of_a_ring()
    traces = pa.table({
        "trace": ["synchrony"] * len(t), "account_id": [f"a{k:03}" for k in account], "object_id": [""] * len(t),
        "t_us": t, "t_resolution_us": [S] * len(t), "event_id": [str(k) for k in range(len(t))],
    })  # fmt: skip
    found = unisono.calibrate(traces).to_pylist()
    called = {(r["trace"], r["null"]): r["empirical"] for r in found if r["null"].startswith("edges/")}
    assert called == {(trace, f"edges/{c}"): 0.0 for trace in ("all", "synchrony") for c in ("slots", "sittings")}
