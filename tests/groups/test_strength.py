"""q of groups and accounts, and the lower bound on true links: against their definitions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from unisono.groups.strength import strength
from unisono.maths.hommel import hommel_value, true_discoveries_at_least

NAMES = list("abcdef")


def edges(p: dict[tuple[str, str], float], n_tests: int = 1000, timed: int | None = 50) -> pa.Table:
    """Combined rows for the pairs; timed: size of the timing family, None where nothing touches an object."""
    rows = [
        {"trace": "all", "window_us": 0, "account_a": a, "account_b": b, "p": v, "q": 1.0, "n_tests": n_tests,
         "is_edge": False, "p_timing": None, "p_speed": None,
         "q_timing": None, "n_tests_timing": timed, "p_reference": None,
         "q_reference": None} for (a, b), v in p.items()
    ]  # fmt: skip
    schema = pa.schema([
        ("trace", pa.string()), ("window_us", pa.int64()), ("account_a", pa.string()), ("account_b", pa.string()),
        ("p", pa.float64()), ("q", pa.float64()), ("n_tests", pa.int64()), ("is_edge", pa.bool_()),
        ("p_timing", pa.float64()), ("p_speed", pa.float64()),
        ("q_timing", pa.float64()), ("n_tests_timing", pa.int64()),
        ("p_reference", pa.float64()), ("q_reference", pa.float64()),
    ])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def values() -> dict[tuple[str, str], float]:
    rng = np.random.default_rng(4)
    return {pair: float(10 ** rng.uniform(-9, -2)) for pair in combinations(NAMES, 2)}


def test_the_bound_is_hommels_over_the_pairs_inside() -> None:
    p = values()
    sure = strength(edges(p))
    h = hommel_value(np.array(list(p.values())), 1000, 0.04)
    for k in range(2, 7):
        for chosen in combinations(NAMES, k):
            inside = np.array([v for pair, v in p.items() if set(pair) <= set(chosen)])
            expected = true_discoveries_at_least(inside, h, 0.04)
            assert sure.true_at_least(sure.numbers(pa.array(chosen))) == expected
    everybody = sure.numbers(pa.array(NAMES))
    assert 0 < sure.true_at_least(everybody) <= 15


def test_the_q_of_a_group_is_simes_over_its_pairs_in_the_whole_family() -> None:
    p = values()
    sure = strength(edges(p))
    chosen = ["a", "b", "d"]
    inside = sorted(v for pair, v in p.items() if set(pair) <= set(chosen))
    simes = min(1000 * v / (i + 1) for i, v in enumerate(inside))
    assert sure.q(sure.numbers(pa.array(chosen))) == pytest.approx(min(1.0, 3 * simes))
    assert sure.q(np.empty(0, np.int64)) == 1.0
    alone = strength(edges(p, timed=None))  # no other family: all of the error is this one's
    assert alone.q(alone.numbers(pa.array(chosen))) == pytest.approx(min(1.0, simes))
    h = hommel_value(np.array(list(p.values())), 1000, 0.05)
    assert alone.true_at_least(alone.numbers(pa.array(chosen))) == true_discoveries_at_least(np.array(inside), h, 0.05)


def test_more_accounts_in_the_family_make_an_account_less_sure() -> None:
    p = values()
    few, many = strength(edges(p)).account_q, strength(edges(p), 1_000).account_q
    assert np.all(few <= many)
    assert np.any(few < many)


@pytest.mark.parametrize("n_layers", [0, 1, 2, 7])
def test_layers_in_which_nobody_was_seen_count_among_the_k(n_layers: int) -> None:
    """Two layers are seen, (url, 60) and (text, 600): never four, as if every trace had every window."""
    rows = [
        {"trace": trace, "window_us": window, "account_a": a, "account_b": b, "p": 1.0, "q": 1.0, "n_tests": 1000,
         "is_edge": False, "p_timing": p, "p_speed": p / 2, "q_timing": 0.5, "n_tests_timing": 50,
         "p_reference": p / 10, "q_reference": 0.5}
        for trace, window, a, b, p in (("url", 60, "a", "b", 1e-4), ("text", 600, "a", "b", 1e-3),
                                       ("text", 600, "c", "d", 1e-2))
    ]  # fmt: skip
    sure = strength(pa.Table.from_pylist(rows, edges({}).schema), n_layers=n_layers)
    k = max(n_layers, 2)
    _, timing, reference = sure.families
    assert timing.p.tolist() == pytest.approx([k * 1e-4, k * 1e-2])
    assert reference.p.tolist() == pytest.approx([k * 1e-5, k * 1e-3])
    assert sure.q(sure.numbers(pa.array(["a", "b"]))) == pytest.approx(min(1.0, 3 * 50 * k * 1e-5))


def test_accounts_without_any_test_are_no_numbers() -> None:
    sure = strength(edges(values()))
    assert sure.numbers(pa.array(["a", "nobody"])).tolist() == [0]
    assert strength(edges({})).q(np.empty(0, np.int64)) == 1.0


def test_dictionaries_of_row_groups_may_differ() -> None:
    plain = edges(values())
    coded = pa.chunked_array(pa.array(["zz", t]).dictionary_encode().slice(1) for t in plain["trace"].to_pylist())
    apart = plain.set_column(0, "trace", pa.chunked_array([*coded.chunks[1:], pa.array(["all"]).dictionary_encode()]))
    assert strength(apart).account_q.tolist() == strength(plain).account_q.tolist()
