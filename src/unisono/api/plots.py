"""Charts of a study, as in the report: its Vega-Lite specifications with the study's values, as altair charts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from unisono.api.views import Views
from unisono.exports.drawings.layout import force_layout
from unisono.exports.drawings.network import LABELS
from unisono.exports.report import calibration, groups, moments, objects
from unisono.exports.report.database import open_database
from unisono.study import Settings, Study, UserError, load_settings
from unisono.words import numbers
from unisono.words.shown import account_label, short

if TYPE_CHECKING:
    import altair

_MS = 1_000
_MOST_LINKS = 5_000
"""Links that a chart shows, those that are explained least: beyond it a browser is slow, and nobody sees more."""


class Plots:
    """The charts of a study. Each is an altair chart: show it, change it, `save("chart.svg")`.

    Needs altair: `pip install "unisono[notebook]"`.
    """

    def __init__(self, study: Study, views: Views) -> None:
        self._study, self._views = study, views

    def network(self, group: int | str = 1) -> altair.LayerChart:
        """A group as a network: dots are accounts (larger: more of the group's evidence), lines are links.

        Parameters
        ----------
        group
            Rank or id of a group.

        Raises
        ------
        UserError
            Where altair is not installed, or there is no such group.
        """
        accounts, links = self._views.network(group)
        links = links.slice(0, _MOST_LINKS)
        place = {a: i for i, a in enumerate(accounts["account_id"].to_pylist())}
        shown = links.select(["account_a", "account_b", "n_objects", "traces", "q"]).to_pylist()
        ends = np.array([(place[r["account_a"]], place[r["account_b"]]) for r in shown], np.int64).reshape(-1, 2)
        strength = np.array([r["n_objects"] or 1 for r in shown], np.float64)
        at = force_layout(len(place), ends, strength)
        dots = list(_dots(accounts.to_pylist(), at))
        lines = [
            {
                **dict(zip(("x", "y", "x2", "y2"), [*_xy(at[a]), *_xy(at[b])], strict=True)),
                "accounts": f"{dots[a]['name']} and {dots[b]['name']}", "objects": r["n_objects"] or 0,
                "by": numbers.listing([short(t) for t in r["traces"]]),
                "q": "" if r["q"] is None else numbers.small(r["q"]),
            }
            for (a, b), r in zip(ends, shown, strict=True)
        ]  # fmt: skip
        named = sorted(dots, key=lambda d: -d["share"])[:LABELS]
        chart: altair.LayerChart = _chart("network", {"links": lines, "accounts": dots, "names": named}, {})
        return chart

    def timeline(self, group: int | str = 1) -> altair.VConcatChart:
        """When a group acted: its co-acting posts over time, all members above, a row per member below. Times are UTC.

        Parameters
        ----------
        group
            Rank or id of one of the first 50 groups.

        Raises
        ------
        UserError
            Where altair is not installed, or there is no such group.
        """
        rank = self._views.rank_of(group)
        if rank > groups.DRAWN:
            raise UserError(f"group {rank} has no timeline", f"the first {groups.DRAWN} groups have one")
        with (
            TemporaryDirectory(prefix="unisono-") as aside,
            open_database(self._study, self._settings, Path(aside)) as db,
        ):
            listed = groups.gather(db, self._study, {})
            objects.gather(db, self._study)
            one = next(g for g in listed if g.rank == rank)
            when = moments.gather(db, [one])[one.group_id]
        labels = [m.label for m in one.members]
        twice = {name for name, n in Counter(labels).items() if n > 1}
        names = [m.account_id if m.label in twice else m.label for m in one.members]

        def bar(step: int, n: int) -> dict[str, Any]:
            begin = when.t0_us + step * when.width_us
            return {"from": begin / _MS, "to": (begin + when.width_us) / _MS, "n": n}

        values = {
            "total": [bar(*x) for x in sorted(when.total.items())],
            "lanes": [
                bar(*x) | {"place": i, "member": names[i]}
                for i, lane in sorted(when.lanes.items()) for x in sorted(lane.items())
            ],
        }  # fmt: skip
        spec = _spec("timeline")
        for part in spec["vconcat"]:
            part["width"] = 560
            for shown in part["encoding"]["tooltip"]:
                if shown.pop("scale", None):  # the report's way to UTC, which altair's schema does not know
                    shown["timeUnit"] = "utcyearmonthdatehoursminutesseconds"
        spec["vconcat"][0]["encoding"]["y"]["title"] = f"posts per {when.width or 'step'}"
        chart: altair.VConcatChart = _chart("timeline", values, spec)
        return chart

    def calibration(self) -> altair.LayerChart:
        """Error measured on this very study after shuffling it, against the error that the tests promise.

        On the line or below it a test keeps its promise; an open mark is a test that never erred, drawn at 1/n.

        Raises
        ------
        UserError
            Where altair is not installed, or nothing was there to shuffle.
        """
        found = calibration.gather(self._study)
        if found is None or not found.dots:
            raise UserError(
                "this study has no calibration: there was nothing to permute",
                "see `study.notes` for what could be tested",
            )
        dots = [
            d | {
                "none": not d["empirical"], "height": d["empirical"] or 1 / d["n"],
                "measured": f"{d['empirical']:.2g}" if d["empirical"] else f"none of {d['n']:,}",
            }
            for d in found.dots
        ]  # fmt: skip
        ends = [d["nominal"] for d in dots]
        values = {"dots": dots, "diagonal": [{"p": min(ends)}, {"p": max(ends)}]}
        chart: altair.LayerChart = _chart("calibration", values, {"width": 420})
        return chart

    @property
    def _settings(self) -> Settings:
        return load_settings(self._study.settings_file)


def _dots(accounts: list[dict[str, Any]], at: np.ndarray) -> Iterator[dict[str, Any]]:
    by = "platform" if len({a["platform"] for a in accounts}) > 1 else "kind"
    for a, xy in zip(accounts, at, strict=True):
        x, y = _xy(xy)
        name = account_label(a["account_id"], a["handle"], a["name"])
        yield {
            "x": x, "y": y, "name": name, "id": short(a["account_id"], 80), "share": round(a["share"], 4),
            "kind": short(a[by] or "unknown"),
        }  # fmt: skip


def _xy(at: np.ndarray) -> tuple[float, float]:
    return round(float(at[0]), 4), round(1 - float(at[1]), 4)


def _spec(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(files("unisono.exports").joinpath("charts", f"{name}.json").read_text("utf-8"))
    return spec


def _chart(name: str, values: dict[str, list[dict[str, Any]]], changes: dict[str, Any]) -> Any:
    """An altair chart from a specification and its named values."""
    try:
        import altair
    except ImportError:
        raise UserError("altair is not installed", "pip install 'unisono[notebook]'") from None
    return altair.Chart.from_dict(_spec(name) | changes | {"datasets": values})
