"""The supra-graph, and the rule that picks a resolution."""

from __future__ import annotations

import numpy as np
import pytest

from tests.groups.make import clique, edge, names, table
from unisono.groups import find_groups
from unisono.groups import scan as scanning
from unisono.groups.graph import COUPLING, read_links, supra_graph
from unisono.groups.scan import Reading, most_stable, scan


def reading(resolution: float, stability: float, labels: list[int]) -> Reading:
    return Reading(resolution, stability, np.array(labels), np.ones(max(labels) + 1))


def test_supra_graph_has_a_node_per_account_and_trace() -> None:
    rows = [edge("x/a", "x/b"), edge("x/a", "x/b", window_us=1), edge("x/b", "x/c", trace="text"),
            edge("x/a", "x/b", trace="reply"), edge("x/y", "x/z")]  # fmt: skip
    graph = supra_graph(read_links(table(rows), 3))
    traces, accounts = graph.links.traces, graph.links.accounts.to_pylist()
    node = [(accounts[a], traces[t]) for a, t in zip(graph.account, graph.trace, strict=True)]
    weights = {
        (node[i], node[j]): graph.weights[k]
        for i in range(len(node))
        for k in range(graph.indptr[i], graph.indptr[i + 1])
        for j in [graph.indices[k]]
    }
    half = {
        (("x/a", "reply"), ("x/b", "reply")): 1, (("x/a", "url"), ("x/b", "url")): 1,
        (("x/b", "text"), ("x/c", "text")): 1, (("x/a", "reply"), ("x/a", "url")): COUPLING,
        (("x/b", "reply"), ("x/b", "url")): COUPLING, (("x/b", "reply"), ("x/b", "text")): COUPLING,
        (("x/b", "text"), ("x/b", "url")): COUPLING,
    }  # fmt: skip
    assert weights == half | {(b, a): w for (a, b), w in half.items()}


def test_many_parallel_edges_do_not_hide_a_component() -> None:
    rows = [edge("x/a", "x/b", window_us=w) for w in range(256)] + [edge("x/b", "x/c")]
    assert len(read_links(table(rows), 3).a) == 2


def test_the_most_stable_resolution_wins() -> None:
    readings = [
        reading(0.1, 0.7, [0, 0, 0, 0]),
        reading(0.2, 0.9, [0, 0, 1, 1]),
        reading(0.3, 0.5, [0, 1, 2, 3]),
    ]
    assert most_stable(readings).resolution == 0.2
    assert most_stable(readings[::-1]).resolution == 0.2


def test_of_equally_stable_ones_the_structure_that_survives_most_scales_wins() -> None:
    whole, halves = [0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1]
    readings = [reading(r, 1.0, whole) for r in (0.01, 0.02)] + [reading(r, 1.0, halves) for r in (0.1, 0.2, 0.3)]
    assert most_stable(readings).resolution == 0.1
    readings[3] = reading(0.2, 0.985, halves)
    readings[0] = reading(0.01, 1.0, halves)
    assert most_stable(readings).resolution == 0.01


def test_a_difference_within_the_noise_of_seeds_does_not_decide() -> None:
    readings = [
        reading(0.1, 1.0, [0, 0, 0, 0]),
        reading(0.2, 0.995, [0, 0, 1, 1]),
        reading(0.3, 0.8, [0, 0, 1, 1]),
    ]
    assert most_stable(readings).resolution == 0.2


def test_singletons_are_never_the_most_stable() -> None:
    """Above 1 every node of a clique is alone, always, for every seed: that is not stability."""
    result = find_groups(table(clique(names("a", 6))), seed=1, resolutions=(0.5, 2.0), n_seeds=3)
    assert result.grid == [(0.5, 1.0, 1), (2.0, 0.0, 0)]
    assert result.resolution == 0.5


@pytest.mark.parametrize("size", [4, 10])
def test_cliques_on_a_string_are_told_apart(size: int) -> None:
    rows = [row for i in range(12) for row in clique(names(f"{i:02d}-", size))]
    rows += [edge(f"x/{i:02d}-000", f"x/{i + 1:02d}-001") for i in range(11)]
    result = find_groups(table(rows), seed=3, n_seeds=6)
    assert result.groups["n_accounts"].to_pylist() == [size] * 12
    assert result.stability == pytest.approx(1)


def test_noise_is_unstable_and_says_so() -> None:
    rng = np.random.default_rng(0)
    people = names("p", 300)
    rows = {(a, b): edge(people[a], people[b]) for a, b in np.sort(rng.integers(0, 300, (900, 2))) if a != b}
    team = clique(names("t", 20))
    result = find_groups(table([*rows.values(), *team]), seed=1, n_seeds=5)
    by_rank = sorted(result.groups.to_pylist(), key=lambda g: g["rank"])
    assert (by_rank[0]["n_accounts"], by_rank[0]["stability"]) == (20, 1.0)
    assert np.median([g["stability"] for g in by_rank[1:]]) < 0.7


def test_only_what_is_open_after_five_seeds_is_run_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what they agree on to the last node, nor what is clearly less stable than another resolution."""
    ran: dict[float, int] = {}
    shaky = [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]]
    noise = [[0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 2, 0], [0, 1, 2, 0, 1, 2]]

    def leiden(indptr: object, indices: object, weights: object, resolution: float, seed: int) -> np.ndarray:
        n = ran[resolution] = ran.get(resolution, 0) + 1
        labels = {0.1: [[0] * 6], 0.2: shaky, 0.3: noise}[resolution]
        return np.array(labels[n % len(labels)])

    monkeypatch.setattr(scanning, "leiden_cpm", leiden)
    graph = supra_graph(read_links(table(clique(names("a", 6))), 3))
    readings = scan(graph, (0.1, 0.2, 0.3), 0, 12, 1, None)
    assert [r.stability for r in readings] == sorted((r.stability for r in readings), reverse=True)
    assert ran == {0.1: 5, 0.2: 5, 0.3: 5}  # 0.2 is far behind what is always the same
    ran.clear()
    readings = scan(graph, (0.2, 0.3), 0, 12, 1, None)
    assert ran == {0.2: 12, 0.3: 5}
