"""Power curves and the cost of evasion, in tiny worlds; and that pages and figures say what the JSON says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import orjson
import pytest

from lab.curves import __main__ as entry
from lab.curves import evasion, page, power, scene, trials
from lab.curves.drawing import HEIGHT, TOP, Panel, chart
from lab.curves.power import METHODS, curves, vary
from lab.curves.sync import Together, plant_together
from lab.measure.analysis import SECOND
from lab.simulator import Causes, Plan, TaskSheet, plant
from lab.simulator.causes import HOUR_US
from tests.conftest import ROOT

TINY = Causes(n_accounts=500, n_objects=500, n_acts=9_000)
DOCS = ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def scenes() -> list[scene.Scene]:
    return [scene.scene(TINY, seed) for seed in (0, 1)]


def tiny(name: str, **sweeps: tuple[float, ...]) -> power.Method:
    method = next(m for m in METHODS if m.name == name)
    return replace(method, causes=TINY, sweeps=sweeps, worlds=1)


def test_more_objects_show_more_of_a_group() -> None:
    base = {"viral": Plan(6, fidelity=0.8), "niche": Plan(6, fidelity=0.8, target="niche")}  # six are quickly tested
    report = curves(replace(tiny("pairs", n_objects=(2, 20)), base=base), 1)
    for points in report["panels"][0]["lines"].values():
        for kind in ("accounts", "edges"):
            few, many = (p[kind]["report"] for p in points)
            assert few <= many
    few, many = report["panels"][0]["lines"]["viral"]
    assert few["accounts"]["report"] <= 0.4
    assert many["accounts"]["report"] >= 0.9


@pytest.mark.parametrize(
    ("name", "route", "parameter", "hard", "easy"),
    [
        ("moments", "moments", "per_moment", 5, 60),
        ("synchrony", "synchrony-own", "n_moments", 2, 20),
        ("synchrony", "synchrony-edges", "n_moments", 2, 20),
    ],
)
def test_more_of_a_plan_is_found_where_it_is_larger(
    name: str, route: str, parameter: str, hard: float, easy: float
) -> None:
    points = curves(tiny(name, **{parameter: (hard, easy)}), 2)["panels"][0]["lines"]
    for few, many in points.values():
        assert few["accounts"][route] <= 0.4 < 0.6 <= many["accounts"][route]
        assert many["others"][route] <= 2


def test_quick_amplifiers_are_found_before_slow_ones() -> None:
    causes = Causes(n_accounts=1_500, n_objects=1_000, n_acts=30_000)
    quick, slow = curves(replace(tiny("reactions", median_s=(10, 3600)), causes=causes), 1)["panels"][0]["lines"][
        "amplifiers"
    ]
    assert slow["accounts"]["reactions"] <= 0.2 < 0.5 <= quick["accounts"]["reactions"]


def test_longer_task_sheets_are_found_before_short_ones() -> None:
    plans = [TaskSheet(n_accounts=10, items_per_day=1, n_days=n, fidelity=0.9) for n in (3, 20)]
    few, many = (trials.selection(plan, TINY, 0)["accounts"]["selection"] for plan in plans)
    assert few <= 0.2 < 0.6 <= many


def test_routes_are_parts_of_the_report() -> None:
    record = trials.pairs(Plan(n_objects=12, target="niche"), TINY, 0)
    assert record["edges"]["report"] > 0
    for route in ("joint", "timing", "reference"):
        assert record["edges"][route] <= record["edges"]["report"]
        assert record["accounts"][route] <= record["accounts"]["report"]


def test_a_point_is_the_mean_of_its_worlds_and_the_base_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Plan, int]] = []

    def trial(plan: Plan, _: Causes, seed: int) -> trials.Record:
        seen.append((plan, seed))
        return {"planted": 15, "accounts": {"x": plan.n_objects / 100 + seed}, "edges": {}, "others": {"x": seed}}

    base = Plan(n_objects=8)
    sweeps: dict[str, tuple[float, ...]] = {"n_objects": (4, 8), "fidelity": (base.fidelity, 1.0)}
    report = curves(power.Method("x", "nothing", TINY, {"only": base}, sweeps, trial, worlds=2), 1)
    first = report["panels"][0]["lines"]["only"]
    assert [(p["x"], p["accounts"]["x"], p["others"]["x"]) for p in first] == [(4, 0.54, 0.5), (8, 0.58, 0.5)]
    assert [r["seed"] for r in first[0]["per_seed"]] == [0, 1]
    assert len(seen) == len(set(seen)) == 6


def test_moments_keep_their_number_of_objects() -> None:
    base = next(m for m in METHODS if m.name == "moments").base["any time"]
    other = vary(base, "per_moment", 60)
    assert (other.per_moment, other.n_accounts) == (60, 360)


def test_accounts_in_step_share_no_object_by_plan() -> None:
    world = trials.organic(TINY, 0)
    plan = Together(n_accounts=10, n_moments=4, fidelity=1.0, width_s=3.0)
    planted = plant_together(world, plan, 1)
    before = set(zip(world.account.tolist(), world.object.tolist(), world.t.tolist(), strict=True))
    rows = zip(planted.account.tolist(), planted.object.tolist(), planted.t.tolist(), strict=True)
    new = sorted((t, o, a) for a, o, t in rows if (a, o, t) not in before)
    assert len(new) == 40
    for k in range(4):
        acts = new[10 * k : 10 * k + 10]
        assert len({o for _, o, _ in acts}) == len({a for _, _, a in acts}) == 10
        assert acts[-1][0] - acts[0][0] <= 3 * SECOND


def test_reach_by_hand() -> None:
    objects, moments = np.array([7, 3], np.int32), np.array([100 * HOUR_US, 50 * HOUR_US])
    acts = (
        np.array([1, 2, 1, 2], np.int32),
        np.array([7, 7, 3, 3], np.int32),
        np.array([100 * HOUR_US, 101 * HOUR_US, 50 * HOUR_US + HOUR_US // 2, 53 * HOUR_US]),
    )
    assert evasion.reach(acts, objects, moments, HOUR_US) == pytest.approx(1 + 0.5 + 0.5**0.5 + 0.125)
    assert evasion.reach(acts, objects, moments, 2 * HOUR_US) == pytest.approx(1 + 0.5**0.5 + 0.5**0.25 + 0.5**1.5)


def test_moves_keep_group_and_posts_and_do_what_they_say(scenes: list[scene.Scene]) -> None:
    at = scenes[0]
    moves = {m.name: m for m in scene.MOVES}
    who, what, when = at.acts(scene.UNWATCHED)
    assert len(who) == 300
    wanted = dict(zip(at.objects.tolist(), at.moments.tolist(), strict=True))
    assert all(0 <= t - wanted[o] <= 60 * SECOND for o, t in zip(what.tolist(), when.tolist(), strict=True))
    for move in moves.values():
        world, acts = move.apply(at, move.strengths[-1])
        assert set(acts[0].tolist()) <= set(at.accounts.tolist())
        assert set(acts[1].tolist()) <= set(at.objects.tolist())
        assert acts[2].max() < world.end_us
        assert len(world) > len(at.world) if move.name == "cover activity" else world is at.world
    shifted = moves["cells with posts of their own"].apply(at, 5)[1]
    groups = {o: frozenset(shifted[0][shifted[1] == o].tolist()) for o in at.objects.tolist()}
    assert len(set(groups.values())) == 5
    assert all(len(g) == 4 for g in groups.values())
    who, what, when = moves["cells in turn"].apply(at, 4)[1]
    for o in at.objects.tolist():
        late = (when[what == o] - wanted[o]) // scene.APART_US
        assert np.bincount(late).tolist() == [5, 5, 5, 5]


def test_a_group_is_reported_until_it_gives_up_reach(scenes: list[scene.Scene]) -> None:
    unwatched = evasion.one(None, 0, scenes[0])
    assert unwatched["reported"] >= 0.9
    assert unwatched["reach"] == dict.fromkeys(evasion.HALF_LIVES_US, 1.0)
    rotate = next(m for m in scene.MOVES if m.name == "rotate")
    hidden = evasion.one(rotate, 0.1, scenes[0])
    assert hidden["reported"] < 0.1
    assert hidden["reach"]["1 h"] == pytest.approx(0.1, abs=0.01)  # 2 of 20 accounts on every post


def test_what_is_left_out_could_only_add() -> None:
    """Where the joint test names the whole group, the full run does so too; and wider windows take nobody away."""
    world = plant(trials.organic(TINY, 1), Plan(6, 10, fidelity=1.0), 1)
    mine = world.labels["planted"].astype(np.int64)
    assert evasion.reported(world, mine) == {"reported": 1.0, "wider": 1.0}
    full = evasion.reported(world, np.append(mine, world.n_accounts))  # who does not exist is never named
    assert full == pytest.approx({"reported": 6 / 7, "wider": 6 / 7})


def test_wider_windows_find_who_only_waits() -> None:
    world = plant(trials.organic(TINY, 0), Plan(8, 20, fidelity=1.0, jitter_s=3600.0, moment="act"), 1)
    seen = evasion.reported(world, world.labels["planted"].astype(np.int64))
    assert seen["reported"] <= seen["wider"]
    assert seen["wider"] >= 0.9


def test_cost_is_the_smallest_reach_given_up_among_strengths_that_evade() -> None:
    def point(reported: float, reach: float) -> evasion.Record:
        return {"reported": reported, "wider": 1.0, "reach": dict.fromkeys(evasion.HALF_LIVES_US, reach)}

    points = [point(1.0, 0.9), point(0.09, 0.3), point(0.0, 0.35), point(0.1, 0.8)]
    assert evasion.costs(points, "reported")["1 h"] == pytest.approx(0.65)
    assert evasion.costs(points[:1], "reported") == dict.fromkeys(evasion.HALF_LIVES_US)
    assert evasion.costs(points, "wider") == dict.fromkeys(evasion.HALF_LIVES_US)
    assert (evasion.least([None, 0.3, 0.2]), evasion.least([None])) == (0.2, None)


def _small_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    quick = replace(tiny("synchrony", n_moments=(2, 20)), name="synchrony")
    monkeypatch.setattr(entry, "METHODS", (quick,))
    monkeypatch.setattr(entry, "MIDDLE", TINY)
    moves = tuple(replace(m, strengths=m.strengths[-1:]) for m in scene.MOVES[1:3])
    monkeypatch.setattr(entry, "measure", lambda causes, n: evasion.measure(causes, n, moves))
    pages = folder / "methods"
    pages.mkdir()
    for name in ("power.md", "evasion.md"):
        (pages / name).write_text(f"# Before\n\n{page.BEGIN}\nold\n{page.END}\n\nAfter.\n", encoding="utf-8")
    entry.main(["--seeds", "1", "--out", str(folder / "curves")])
    return folder / "curves"


def test_a_run_leaves_json_figures_and_pages_that_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = _small_run(tmp_path, monkeypatch)
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        "evasion.json", "evasion.svg", "power-synchrony-crowd.svg", "power-synchrony-edges.svg",
        "power-synchrony-own.svg", "power_synchrony.json",
    ]  # fmt: skip
    report = orjson.loads((out / "evasion.json").read_bytes())
    for by, cheapest in report["cost"].items():
        paid = [r["cost"][by]["1 h"] for r in report["moves"]]
        assert cheapest["1 h"] == evasion.least(paid)
    text = (tmp_path / "methods" / "evasion.md").read_text(encoding="utf-8")
    assert text.startswith("# Before")
    assert text.endswith("After.\n")
    assert "old" not in text
    agree(text, report)
    entry.main(["--only", "pages", "--out", str(out)])
    assert (tmp_path / "methods" / "evasion.md").read_text(encoding="utf-8") == text
    drawing = ElementTree.parse(out / "evasion.svg").getroot()
    assert len(drawing.findall(f"{SVG}polyline")) == 4  # two moves, two panels


def agree(text: str, report: page.Report) -> None:
    """The page's tables hold the JSON's numbers, read from the page as a reader would."""
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    for move in report["moves"]:
        paid = [r[1:] for r in rows if r[0] == move["move"] and len(r) == 4]
        expected = [[move["cost"][by][h] for h in cheapest] for by, cheapest in report["cost"].items()]
        assert paid == [["never evades" if c is None else f"{100 * c:.0f} %" for c in cost] for cost in expected]
        for p in move["points"]:
            row = next(r for r in rows if r[:2] == [move["move"], f"{p['strength']:g} {move['unit']}"])
            shown = [p["reach"][report["half_life"]], p["reported"], p["wider"], p["bursts"]]
            assert row[2:] == [f"{100 * x:.0f} %" for x in shown]


@pytest.mark.parametrize("broken", ["nothing", f"{page.BEGIN}", f"{page.END}\n{page.BEGIN}"])
def test_pages_without_their_marks_are_refused(tmp_path: Path, broken: str) -> None:
    (tmp_path / "page.md").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match="needs one line"):
        page.insert(tmp_path / "page.md", "measured")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == broken


def test_charts_put_shares_where_they_belong() -> None:
    panels = [Panel("n <x>", {"a & b": [(1, 0.0), (10, 1.0)], "c": [(1, 0.5)]}, (1, 10), frozenset({"c"}))]
    drawing = ElementTree.fromstring(chart("title", "share", panels).markup)
    lines = drawing.findall(f"{SVG}polyline")
    heights = [[float(point.split(",")[1]) for point in x.attrib["points"].split()] for x in lines]
    assert heights == [[TOP + HEIGHT, TOP], [TOP + HEIGHT / 2]]
    assert [x.attrib["stroke-dasharray"] for x in lines] == ["none", "6 4"]
    assert {"a & b", "c", "n <x>", "title"} <= {x.text for x in drawing.findall(f"{SVG}text")}
    assert panels[0].logarithmic
    assert not Panel("x", {}, (0, 1)).logarithmic


@pytest.mark.skipif(not (DOCS / "curves" / "evasion.json").is_file(), reason="NOT TESTED: nothing was measured yet")
def test_docs_show_what_the_json_in_them_says(tmp_path: Path) -> None:
    report = orjson.loads((DOCS / "curves" / "evasion.json").read_bytes())
    agree((DOCS / "methods" / "evasion.md").read_text(encoding="utf-8"), report)
    for name, measured in (
        ("evasion", page.evasion_tables(report)), ("power", page.power_tables(DOCS / "curves")),
    ):  # fmt: skip
        text = (DOCS / "methods" / f"{name}.md").read_text(encoding="utf-8")
        assert f"{page.BEGIN}\n\n{measured}\n{page.END}" in text
    copies = tmp_path / "curves"
    copies.mkdir()
    for path in (DOCS / "curves").glob("*.json"):
        (copies / path.name).write_bytes(path.read_bytes())
    page.write_figures(copies)
    drawn = {path.name: path.read_bytes() for path in copies.glob("*.svg")}
    assert drawn == {path.name: path.read_bytes() for path in (DOCS / "curves").glob("*.svg")}
