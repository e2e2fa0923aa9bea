"""Rivals are what they say they are: each beside its definition, written out slowly."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, permutations
from math import comb, log

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.rivals import RIVALS, average_precision, common, configuration, cosine
from lab.rivals.common import incidence, pairs_in_window, products, shared_touches
from lab.rivals.hypergeometric import hypergeometric_tail
from lab.rivals.scores import account_scores
from lab.rivals.timing import timing_tail
from lab.simulator import Causes, Plan, World, plant, simulate
from tests.pairs.brute import Row, co_actions
from tests.pairs.test_kernel import table
from unisono.nulls.configuration import fit_configuration_model
from unisono.pairs import TraceArrays, encode
from unisono.pairs.chance import within_share

S = 1_000_000
WINDOW = 60 * S
touch = st.tuples(
    st.sampled_from("abcdef"), st.sampled_from("uvwxyz"), st.integers(0, 8).map(lambda k: 30 * k * S),
    st.uuids().map(str),
)  # fmt: skip
rows = st.lists(touch, max_size=50) | st.lists(touch, min_size=25, max_size=50)


@pytest.fixture(scope="module")
def planted() -> World:
    world = simulate(Causes(n_accounts=800, n_objects=600, n_acts=16_000), 5)
    return plant(world, Plan(n_objects=20), 6)


def is_planted(world: World) -> np.ndarray:
    return np.isin(np.arange(world.n_accounts), world.labels["planted"])


# From pairs to accounts, and how well accounts are ranked.


@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 3), st.integers(4, 7), st.sampled_from([0.0, 0.5, 0.5 + 1e-12, 2.0, np.inf])),
        max_size=20,
    )
)
def test_the_best_pair_counts_then_how_many_are_as_good(pairs: list[tuple[int, int, float]]) -> None:
    a, b = (np.array([p[i] for p in pairs], np.int64) for i in (0, 1))
    got = account_scores(a, b, np.array([p[2] for p in pairs]), 9)
    mine = [[round(v, 9) for x, y, v in pairs if u in (x, y)] for u in range(9)]
    key = [(max(m), m.count(max(m))) if m else (-1.0, 0) for m in mine]
    for u, v in combinations(range(9), 2):
        assert (got[u] > got[v], got[u] < got[v]) == (key[u] > key[v], key[u] < key[v])
    assert all((got[u] == 0) == (not mine[u]) for u in range(9))


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        account_scores(np.array([0]), np.array([1]), np.array([np.nan]), 2)
    with pytest.raises(ValueError, match="numbers"):
        average_precision(np.array([np.nan, 1.0]), np.array([True, False]))
    with pytest.raises(ValueError, match="planted"):
        average_precision(np.zeros(2), np.zeros(2, np.bool_))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6).filter(lambda x: any(p for _, p in x))
)
def test_average_precision_is_the_mean_over_all_orders_of_ties(accounts: list[tuple[int, bool]]) -> None:
    values = []
    for order in permutations(accounts):
        if all(x[0] >= y[0] for x, y in pairwise(order)):
            hits = np.array([p for _, p in order])
            values.append((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())
    score, planted = np.array([s for s, _ in accounts], np.float64), np.array([p for _, p in accounts])
    assert average_precision(score, planted) == pytest.approx(np.mean(values))


def test_average_precision_by_hand() -> None:
    truth = np.array([True, False, True, False])
    assert average_precision(np.array([9.0, 1, 8, 0]), truth) == 1.0
    assert average_precision(np.array([0.0, 2, 1, 3]), truth) == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert average_precision(np.array([np.inf, 2, -np.inf, 3]), truth) == pytest.approx((1 + 2 / 4) / 2)


# The pairs.


@given(rows=rows, most=st.integers(2, 6), block=st.integers(1, 6))
def test_common_objects_of_all_pairs(rows: list[Row], most: int, block: int) -> None:
    arrays = encode(table(rows))
    names = arrays.account_ids.to_pylist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common, "_ROWS", block)
        a, b, n = products(incidence(shared_touches(arrays, most)), 2)
    sharers = {o: {r[0] for r in rows if r[1] == o} for o in "uvwxyz"}
    expected = Counter(p for s in sharers.values() if len(s) <= most for p in combinations(sorted(s), 2))
    got = {(names[x], names[y]): k for x, y, k in zip(a, b, n, strict=True)}
    assert got == {p: k for p, k in expected.items() if k >= 2}


@given(rows=rows)
def test_rules_rank_by_the_best_pair(rows: list[Row]) -> None:
    arrays = encode(table(rows))
    found = {p: (len({o for o, _, _ in c}), len(c)) for p, c in co_actions(set(rows), WINDOW).items()}
    found = {p: n for p, n in found.items() if n[0] >= 2}
    for which, name in enumerate(("count rule", "CooRTweet")):
        got = dict(zip(arrays.account_ids.to_pylist(), RIVALS[name](arrays, WINDOW), strict=True))
        mine = {u: [n[which] for p, n in found.items() if u in p] for u in got}
        key = {u: (max(m), m.count(max(m))) if m else (0, 0) for u, m in mine.items()}
        for u, v in combinations(got, 2):
            assert (got[u] > got[v], got[u] < got[v]) == (key[u] > key[v], key[u] < key[v])


def test_cosine_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cosine, "MIN_ACTS", 3)
    acts = {"a": "uuv", "b": "uvw", "c": "uvw", "d": "uwwx", "e": "uu"}
    rows = [(who, o, 1000 * i * S, f"{who}{i}") for who, objects in acts.items() for i, o in enumerate(objects)]
    arrays = encode(table(rows))
    got = (cosine.weights(arrays) @ cosine.weights(arrays).T).toarray()
    sharers = {"u": 4, "v": 3, "w": 3}  # x has one, and e too few acts to count
    vector = {
        who: {o: (1 + log(objects.count(o))) * (1 + log(5 / (1 + n))) for o, n in sharers.items() if o in objects}
        for who, objects in acts.items()
        if who != "e"
    }
    for i, u in enumerate("abcd"):
        for j, v in enumerate("abcd"):
            dot = sum(x * vector[v].get(o, 0) for o, x in vector[u].items())
            norm = np.prod([np.sqrt(sum(x * x for x in vector[w].values())) for w in (u, v)])
            assert got[i, j] == pytest.approx(dot / norm)
    assert not got[4].any()
    score = RIVALS["TF-IDF cosine"](arrays, WINDOW)
    assert score[1] == score[2] == max(score)
    assert score[4] == 0


# The tails.


@given(st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), *[st.integers(0, n)] * 3)))
def test_hypergeometric_tail_is_exact(case: tuple[int, int, int, int]) -> None:
    n, k, m, c = case
    ways = sum(comb(k, x) * comb(n - k, m - x) for x in range(c, min(k, m) + 1))
    got = hypergeometric_tail(n, *(np.array([v]) for v in (k, m, c)))[0]
    assert got == (pytest.approx(log(ways / comb(n, m)), abs=1e-11) if ways else -np.inf)


def test_hypergeometric_tail_far_out() -> None:
    ways = sum(comb(300, x) * comb(2_700, 250 - x) for x in range(200, 251))
    got = hypergeometric_tail(3_000, *(np.array([v]) for v in (300, 250, 200)))[0]
    assert got == pytest.approx(log(ways) - log(comb(3_000, 250)), rel=1e-12)


def test_expected_common_objects_are_the_sum_of_products(planted: World) -> None:
    first = shared_touches(planted.arrays())
    rng = np.random.default_rng(0)
    weight = rng.random(planted.n_objects)
    model = fit_configuration_model(first, np.zeros(first.n_accounts, np.int32))
    a, b = rng.choice(np.unique(first.account), (2, 20))
    for u, v, got in zip(a, b, configuration.expected(first, weight, a, b), strict=True):
        p = [model.probability(u, o) * model.probability(v, o) for o in range(planted.n_objects)]
        assert got == pytest.approx(np.dot(p, weight), rel=1e-9)


def test_timing_tail_is_that_of_all_permutations() -> None:
    """Accounts 0 and 1 on two objects, with 4 and 3 sharers: every order of every object is tried."""
    times = {"u": [0, 10, 65, 400], "v": [0, 50, 300]}
    rows = [(str(i), o, t * S, f"{o}{i}") for o, ts in times.items() for i, t in enumerate(ts)]
    arrays = encode(table(rows))
    counts: Counter[int] = Counter()
    for u in permutations(times["u"]):
        for v in permutations(times["v"]):
            counts[(abs(u[0] - u[1]) <= 60) + (abs(v[0] - v[1]) <= 60)] += 1
    zero, one = np.zeros(3, np.int64), np.ones(3, np.int64)
    got = np.exp(timing_tail(shared_touches(arrays), within_share(arrays, WINDOW), zero, one, np.arange(3)))
    assert got == pytest.approx([sum(n for k, n in counts.items() if k >= s) / counts.total() for s in range(3)])


# All of them.


@pytest.mark.parametrize("name", RIVALS)
def test_planted_accounts_are_ranked_by_what_looks_at_times(planted: World, name: str) -> None:
    arrays, truth = planted.arrays(), is_planted(planted)
    got = average_precision(RIVALS[name](arrays, WINDOW), truth)
    blind = name in ("TF-IDF cosine", "hypergeometric", "configuration model")
    assert got < 0.5 if blind else got > 0.6
    later = TraceArrays(arrays.account, arrays.object, arrays.post, 2 * arrays.t, *ids(arrays))
    same = bool((RIVALS[name](later, WINDOW) == RIVALS[name](arrays, WINDOW)).all())
    assert same == blind


@pytest.mark.parametrize("name", RIVALS)
def test_the_order_of_rows_plays_no_part(planted: World, name: str) -> None:
    arrays = planted.arrays()
    traces = pa.table({
        "account_id": arrays.account_ids.take(pa.array(arrays.account)),
        "object_id": arrays.object_ids.take(pa.array(arrays.object)),
        "event_id": arrays.post_ids.take(pa.array(arrays.post)), "t_us": arrays.t,
    })  # fmt: skip
    scores = [RIVALS[name](encode(traces.take(rows)), WINDOW) for rows in orders(len(arrays))]
    assert (scores[0] == scores[1]).all()


@pytest.mark.parametrize("name", RIVALS)
def test_nothing_and_next_to_nothing(name: str) -> None:
    assert len(RIVALS[name](encode(table([])), WINDOW)) == 0
    alone = encode(table([("a", "u", 0, "1"), ("b", "u", S, "2"), ("a", "v", 0, "3")]))
    assert RIVALS[name](alone, WINDOW).tolist() == [0.0, 0.0]


def test_pairs_in_window_carry_the_numbers_of_the_arrays(planted: World) -> None:
    """Also where accounts without pairs lie between: ranks are those of `arrays`, not of the pair stage."""
    pairs = pairs_in_window(planted.arrays(), WINDOW)
    group = planted.labels["planted"]
    top = np.argsort(-pairs.n_objects, kind="stable")[:20]
    assert np.isin(pairs.a[top], group).mean() > 0.8
    assert (pairs.a < pairs.b).all()


def orders(n: int) -> list[np.ndarray]:
    return [np.arange(n), np.random.default_rng(0).permutation(n)]


def ids(arrays: TraceArrays) -> tuple[pa.Array, pa.Array, pa.Array]:
    return arrays.account_ids, arrays.object_ids, arrays.post_ids
