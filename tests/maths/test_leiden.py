"""Leiden with CPM: planted communities are found whole, and every run can be repeated."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from unisono.maths.leiden import by_first_appearance, leiden_cpm


def graph(pairs: np.ndarray, n: int) -> sparse.csr_matrix:
    pairs = np.unique(np.sort(np.asarray(pairs, np.int64).reshape(-1, 2), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    half = sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    full = (half + half.T).tocsr()
    full.sort_indices()
    return full


def run(full: sparse.csr_matrix, resolution: float, seed: int = 1) -> np.ndarray:
    return leiden_cpm(full.indptr, full.indices, full.data, resolution, seed)


def planted(n_groups: int, size: int, p_in: float, p_out: float) -> tuple[sparse.csr_matrix, np.ndarray]:
    rng = np.random.default_rng(7)
    n, inside = n_groups * size, np.array(list(combinations(range(size), 2)))
    own = [inside[rng.random(len(inside)) < p_in] + size * g for g in range(n_groups)]
    across = rng.integers(0, n, (rng.poisson(p_out * n * n / 2), 2))
    return graph(np.vstack([*own, across]), n), np.repeat(np.arange(n_groups), size)


def gains_of_mergers(full: sparse.csr_matrix, labels: np.ndarray, resolution: float) -> np.ndarray:
    """Gain in quality for every two communities that are joined (dense and slow)."""
    member = np.eye(labels.max() + 1)[labels]
    between, size = member.T @ (full @ member), member.sum(axis=0)
    gain = between - resolution * np.outer(size, size)
    return gain[np.triu_indices(len(size), 1)]


def test_two_hundred_groups_are_found_whole() -> None:
    full, truth = planted(200, 50, 0.2, 0.0005)
    labels = run(full, 0.03)
    sizes = np.bincount(labels)
    assert (sizes >= 40).sum() == 200
    assert sum(np.bincount(labels[truth == g]).max() for g in range(200)) >= 0.995 * len(truth)


@given(
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=80),
    st.sampled_from([0.02, 0.1, 0.3, 0.5, 1.5]),
    st.integers(0, 2**64 - 1),
)
def test_no_two_communities_gain_by_merging(pairs: list[tuple[int, int]], resolution: float, seed: int) -> None:
    full = graph(np.array(pairs), 20)
    labels = run(full, resolution, seed)
    assert (gains_of_mergers(full, labels, resolution) <= 1e-9).all()
    assert np.array_equal(labels, run(full, resolution, seed))
    assert np.array_equal(labels, by_first_appearance(labels))
    for label in range(labels.max() + 1):  # no community is in pieces
        part = full[labels == label][:, labels == label]
        assert sparse.csgraph.connected_components(part)[0] == 1


def test_mergers_are_completed_where_the_library_stops_short() -> None:
    full, _ = planted(40, 50, 0.2, 0.002)
    for resolution in (0.02, 0.05, 0.1):
        assert (gains_of_mergers(full, run(full, resolution), resolution) <= 1e-9).all()


def test_weights_count() -> None:
    full = graph(np.array([[0, 1], [2, 3], [1, 2]]), 4)
    full[1, 2] = full[2, 1] = 0.1
    assert run(full, 0.5).tolist() == [0, 0, 1, 1]


def test_resolution_is_the_density_that_holds_a_community_together() -> None:
    clique = graph(np.array(list(combinations(range(10), 2))), 10)
    assert run(clique, 0.9).max() == 0
    assert run(clique, 1.1).tolist() == list(range(10))


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_graph_without_edges_is_all_singletons(n: int) -> None:
    assert run(graph(np.empty((0, 2)), n), 0.1).tolist() == list(range(n))


@pytest.mark.parametrize("resolution", [0.0, -1.0, float("nan")])
def test_a_resolution_must_be_above_zero(resolution: float) -> None:
    with pytest.raises(ValueError, match="resolution must be above 0"):
        run(graph(np.array([[0, 1]]), 2), resolution)


def test_labels_are_numbered_by_first_appearance() -> None:
    assert by_first_appearance(np.array([7, 7, 2, 9, 2, 0])).tolist() == [0, 0, 1, 2, 1, 3]
