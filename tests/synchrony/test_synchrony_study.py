"""Times without objects, from the file to groups: combined rows, evidence, q of groups and accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from tests.small import run
from tests.synchrony.ring import RING, S, acts_of_a_ring
from unisono.exports import story
from unisono.study import Study
from unisono.synchrony.combined import with_synchrony
from unisono.tables import EDGES


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A ring without objects, from a file."""
    folder = tmp_path_factory.mktemp("sync")
    account, t = acts_of_a_ring()
    rows = {"who": [f"a{k:03}" for k in account], "t": t // S}
    pyarrow.csv.write_csv(pa.table(rows), folder / "acts.csv")
    switches = {"as": "traces", "map": "account=who,time=t", "resolution": "1s"}
    return run([folder / "acts.csv"], folder / "study", **switches)


def test_the_ring_is_one_group_and_sure(study: Study) -> None:
    groups, members = study.read("groups").to_pylist(), study.read("members")
    assert len(groups) == 1
    assert members["account_id"].to_pylist() == [f"a{k:03}" for k in range(RING)]
    assert groups[0]["q"] <= 0.05
    assert 20 <= groups[0]["true_edges_at_least"] <= 28
    assert pc.max(members["q"]).as_py() <= 0.05


def test_accounts_are_told_as_well(study: Study) -> None:
    rows = study.read("synchrony")
    assert rows["account_id"].to_pylist() == [f"a{k:03}" for k in range(120)]
    low = [r["account_id"] for r in rows.to_pylist() if r["q_own"] <= 0.05]
    assert low == [f"a{k:03}" for k in range(RING)]
    assert set(rows["n_tests"].to_pylist()) == {120}
    assert set(rows["window_us"].to_pylist()) == {S}
    assert any(line.startswith(f"Keeping time: {RING} accounts ") for line in story.summary(study))


def test_every_pair_has_a_combined_row(study: Study) -> None:
    edges = study.read("edges")
    alone = edges.filter(pc.and_(pc.equal(edges["trace"], "synchrony"), pc.less(edges["p"], 1.0)))
    combined = edges.filter(pc.equal(edges["trace"], "all"))
    for column in ("account_a", "account_b", "p", "q", "n_tests", "is_edge"):
        assert combined[column].to_pylist() == alone[column].to_pylist()
    assert set(combined["window_us"].to_pylist()) == {0}


def test_every_edge_has_its_meetings(study: Study) -> None:
    edges, evidence = study.read("edges"), study.read("evidence")
    called = edges.filter(pc.and_(edges["is_edge"], pc.equal(edges["trace"], "synchrony")))
    assert evidence.num_rows == pc.sum(called["n_evidence"]).as_py() > 0
    assert set(evidence["object_id"].to_pylist()) == {"*"}
    lag = evidence["lag_us"].to_numpy()
    assert np.all(np.abs(lag) <= S)
    assert np.array_equal(lag, evidence["t_b"].to_numpy() - evidence["t_a"].to_numpy())
    q = evidence["q_o"].to_numpy()
    assert np.all((q > 0) & (q < 0.05))
    counts = evidence.group_by(["account_a", "account_b"]).aggregate([([], "count_all")])
    assert dict(zip(zip(*(counts[c].to_pylist() for c in ("account_a", "account_b")), strict=True),
                    counts["count_all"].to_pylist(), strict=True)) == {
        (e["account_a"], e["account_b"]): e["n_pairs"] for e in called.to_pylist()}  # fmt: skip


def rows(trace: str, *pairs: tuple[str, str, float, float, bool]) -> pa.Table:
    made = [
        {"trace": trace, "window_us": 0, "account_a": a, "account_b": b, "p": p, "q": q, "n_tests": 100, "is_edge": e}
        for a, b, p, q, e in pairs
    ]
    return pa.Table.from_pylist(made, schema=EDGES.schema)


def test_two_families_are_combined_by_bonferroni() -> None:
    objects = rows("all", ("a", "b", 1e-6, 1e-4, True), ("a", "c", 0.6, 1.0, False))
    alone = rows("synchrony", ("a", "b", 1e-3, 0.1, False), ("b", "c", 1e-5, 1e-3, True), ("c", "d", 1.0, 1.0, False))
    made = with_synchrony(objects, 40, alone).select(["account_a", "account_b", "p", "q", "n_tests", "is_edge"])
    assert [tuple(r.values()) for r in made.to_pylist()] == [
        ("a", "b", 2e-6, 1e-4, 140, True), ("a", "c", 1.0, 1.0, 140, False), ("b", "c", 2e-5, 1e-3, 140, True),
    ]  # fmt: skip
    assert with_synchrony(objects, 40, alone.slice(0, 0)) is objects
