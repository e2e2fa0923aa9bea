"""q of groups and accounts, and the lower bound on true links: against their definitions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.groups.strength import Family, account_q, strength
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
    h = hommel_value(np.array(list(p.values())), 1000, 0.03)
    for k in range(2, 7):
        for chosen in combinations(NAMES, k):
            inside = np.array([v for pair, v in p.items() if set(pair) <= set(chosen)])
            expected = true_discoveries_at_least(inside, h, 0.03)
            assert sure.true_at_least(sure.numbers(pa.array(chosen))) == expected
    everybody = sure.numbers(pa.array(NAMES))
    assert 0 < sure.true_at_least(everybody) <= 15


def test_the_q_of_a_group_is_simes_over_its_pairs_in_the_whole_family() -> None:
    p = values()
    sure = strength(edges(p))
    chosen = ["a", "b", "d"]
    inside = sorted(v for pair, v in p.items() if set(pair) <= set(chosen))
    simes = min(1000 * v / (i + 1) for i, v in enumerate(inside))
    assert sure.q(sure.numbers(pa.array(chosen))) == pytest.approx(min(1.0, 5 / 3 * simes))  # 3 of 5 % are this one's
    assert sure.q(np.empty(0, np.int64)) == 1.0
    alone = strength(edges(p, timed=None))  # no other family: all of the error is this one's
    assert alone.q(alone.numbers(pa.array(chosen))) == pytest.approx(min(1.0, simes))
    h = hommel_value(np.array(list(p.values())), 1000, 0.05)
    assert alone.true_at_least(alone.numbers(pa.array(chosen))) == true_discoveries_at_least(np.array(inside), h, 0.05)


def test_a_group_is_as_sure_as_its_surest_family_by_the_weight_that_it_has() -> None:
    """Joint, timing and reference p of one pair: 3, 1 and 1 of 5 %."""
    for joint, timing, reference in ((1e-6, 1e-3, 1e-3), (1e-3, 1e-6, 1e-4), (1e-3, 1e-4, 1e-7)):
        rows = edges({("a", "b"): joint}).to_pylist()
        layered = rows[0] | {
            "trace": "url", "window_us": 60, "p_timing": timing, "p_speed": timing / 2, "q_timing": 0.5,
            "p_reference": reference, "q_reference": 1.0,
        }  # fmt: skip
        sure = strength(pa.Table.from_pylist([*rows, layered], edges({}).schema), n_layers=1)
        assert sum(f.level for f in sure.families) == pytest.approx(0.05)
        expected = min(5 / 3 * 1000 * joint, 5 * 50 * timing, 5 * 50 * reference)
        assert sure.q(sure.numbers(pa.array(["a", "b"]))) == pytest.approx(min(1.0, expected))


SOME_P = st.sampled_from([1.0, 0.5, 1e-2, 1e-3, 1.1e-3, 1e-5, 1e-12, 0.0])
BY_PAIR = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(4, 7)), SOME_P)
FAMILIES = st.lists(st.tuples(BY_PAIR, st.sampled_from([0.01, 0.03, 0.05])), min_size=1, max_size=3)
"""Per family p by pair, and its level."""


def discovered(p: list[float], n_tests: int, alpha: float) -> list[bool]:
    """Benjamini and Hochberg, in their words: reject all up to the largest k with p_(k) <= k alpha / m."""
    ordered = sorted(p)
    k = max((i + 1 for i, x in enumerate(ordered) if x <= (i + 1) * alpha / n_tests), default=0)
    return [k > 0 and x <= ordered[k - 1] for x in p]


@given(FAMILIES, st.integers(8, 300))
def test_an_account_is_simes_over_its_pairs_in_its_surest_family(
    families: list[tuple[dict[tuple[int, int], float], float]], n_tested: int
) -> None:
    """Then discovered by its own, in the family of all accounts that are tested."""
    total, best, made = sum(level for _, level in families), dict.fromkeys(range(10), 1.0), []
    for pairs, level in families:
        for u in range(8):
            own = sorted(max(p, 1e-300) for pair, p in pairs.items() if u in pair)
            simes = [x * (n_tested - 1) / (k + 1) for k, x in enumerate(own)]
            best[u] = min([best[u], *(total / level * x for x in simes)])
        a, b = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
        made.append(Family(a, b, np.array(list(pairs.values()), np.float64), 1000, level, 0))
    found = account_q(made, 10, n_tested)
    for alpha in (0.0117, 0.0523, 0.317):
        called = discovered(list(best.values()), n_tested, alpha)
        assert [q <= alpha for q in found.tolist()] == called
    assert np.all(found[8:] == 1)
    assert np.all(found <= 1)


def test_a_clique_of_strong_links_is_called_account_by_account() -> None:
    a, b = (x.astype(np.int64) for x in np.triu_indices(5, 1))
    found = account_q([Family(a, b, np.full(10, 1e-13), 4950, 0.05, 0)], 100, 100)
    assert np.all(found[:5] < 1e-6)
    assert np.all(found[5:] == 1)


def test_an_account_is_no_surer_for_the_q_of_its_links() -> None:
    """Regression: the smallest q of its edges was taken, so that 2 of 3,186 members of groups were in doubt though 72
    of 286 groups were."""
    doubtful = edges({("a", "b"): 0.2}).to_pylist()
    by_layer = {"p_timing": 0.5, "p_speed": 0.5, "q_timing": 1.0, "p_reference": 1.0, "q_reference": 1.0}
    edge = doubtful[0] | by_layer | {"trace": "url", "q": 1e-9, "is_edge": True}
    sure = strength(pa.Table.from_pylist([*doubtful, edge], edges({}).schema))
    assert sure.account_q.tolist() == [1.0, 1.0]


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
    assert sure.q(sure.numbers(pa.array(["a", "b"]))) == pytest.approx(min(1.0, 5 * 50 * k * 1e-5))


def test_accounts_without_any_test_are_no_numbers() -> None:
    sure = strength(edges(values()))
    assert sure.numbers(pa.array(["a", "nobody"])).tolist() == [0]
    assert strength(edges({})).q(np.empty(0, np.int64)) == 1.0
    assert account_q([], 3, 0).tolist() == [1.0, 1.0, 1.0]


def test_dictionaries_of_row_groups_may_differ() -> None:
    plain = edges(values())
    coded = pa.chunked_array(pa.array(["zz", t]).dictionary_encode().slice(1) for t in plain["trace"].to_pylist())
    apart = plain.set_column(0, "trace", pa.chunked_array([*coded.chunks[1:], pa.array(["all"]).dictionary_encode()]))
    assert strength(apart).account_q.tolist() == strength(plain).account_q.tolist()
