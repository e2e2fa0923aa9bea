"""Control: a group beside 50 groups of another study, matched on size, activity and platform.

Null: the group is a draw like its 50 matches, so each of the 51 is as likely to be the highest. It keeps size and
activity, not topic, language, place or time: docs/methods/control.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import F64, I64
from unisono.tables import PROFILES
from unisono.words.profiles import BESIDE_OTHERS, NO_MATCH, matched

SETS = 50
FEWEST = 20
"""Accounts of the other study with up to twice or half of a member's activity, or there is no match for it."""
FINDINGS = ("first_touches_together", "objects_together", "members_that_meet")
METHOD = (
    f"control 1: rank among {SETS} matched groups of another study: keeps size and activity, not topic; "
    "{n} tests, p not corrected"
)


class Touches(NamedTuple):
    """First touches, sorted by account: `begin` bounds each account's rows in the arrays after it.

    `window` is that of the touch's trace, microseconds.
    """

    ids: list[str]
    begin: I64
    thing: I64
    t_us: I64
    window: I64

    @property
    def activity(self) -> I64:
        """Objects touched by each account."""
        return np.diff(self.begin)


def touches_of(traces: pa.Table, windows: Mapping[str, int]) -> Touches:
    """First touches of each object of these traces by each account."""
    rows = traces.filter(pc.is_in(traces["trace"], pa.array(list(windows), pa.string())))
    rows = rows.group_by(["account_id", "trace", "object_id"], use_threads=False).aggregate([("t_us", "min")])
    things = rows.group_by(["trace", "object_id"], use_threads=False).aggregate([])
    things = things.append_column("thing", pa.array(np.arange(things.num_rows)))
    rows = rows.join(things, ["trace", "object_id"]).sort_by("account_id")
    ids, begin = np.unique(np.array(rows["account_id"].to_pylist(), dtype=object), return_index=True)
    bounds = np.append(begin, rows.num_rows).astype(np.int64)
    window = np.array([windows[t] for t in rows["trace"].to_pylist()], np.int64)
    thing, t_us = (np.asarray(rows[c], np.int64) for c in ("thing", "t_us_min"))
    return Touches(list(ids), bounds, thing, t_us, window)


def statistics(touches: Touches, accounts: I64) -> tuple[float, float, float]:
    """FINDINGS of a set of accounts: pairs of first touches within their window, their objects, share that meets."""
    rows = np.concatenate([np.arange(touches.begin[a], touches.begin[a + 1]) for a in accounts] or [np.zeros(0, int)])
    who = np.repeat(accounts, touches.activity[accounts])
    order = np.lexsort((touches.t_us[rows], touches.thing[rows]))
    thing, t, who = touches.thing[rows][order], touches.t_us[rows][order], who[order]
    window = touches.window[rows][order]
    pairs, objects, met = 0, set(), set()
    for step in range(1, len(t)):
        near = (thing[step:] == thing[:-step]) & (t[step:] - t[:-step] <= window[step:])
        if not near.any():
            break
        pairs += int(near.sum())
        objects |= set(thing[step:][near].tolist())
        met |= set(who[step:][near].tolist()) | set(who[:-step][near].tolist())
    return float(pairs), float(len(objects)), len(met) / max(len(accounts), 1)


def draw_sets(own: Touches, members: I64, other: Touches, seed: int) -> list[I64]:
    """SETS sets of accounts of the other study, each matched member by member; none where there are too few."""
    draw, platform = np.random.default_rng(seed), _platforms(other.ids)
    pools = []
    for m in members:
        n = own.activity[m]
        fits = (other.activity <= 2 * n) & (2 * other.activity >= n)
        same = platform == _platforms([own.ids[m]])[0]
        pools.append(np.flatnonzero(fits & same if same.any() else fits))
    # Half of the sets' places must be able to be taken by different accounts.
    if not pools or min(map(len, pools)) < max(FEWEST, 2 * len(members)):
        return []
    return [_one_set(pools, draw) for _ in range(SETS)]


def _one_set(pools: list[I64], draw: np.random.Generator) -> I64:
    taken: set[int] = set()
    for pool in pools:
        free = [int(a) for a in draw.permutation(pool)[: len(pools) + 1] if int(a) not in taken]
        taken.add(free[0])
    return np.array(sorted(taken), np.int64)


def control(
    members: pa.Table, traces: pa.Table, other: pa.Table, windows: Mapping[str, int], seed: int = 0
) -> pa.Table:
    """Rows of `profiles` (profile `control`): three for each group. traces, other: TRACES of the two studies.

    windows: microseconds, by trace; traces that only one study has take no part.
    """
    both = set(pc.unique(traces["trace"]).to_pylist()) & set(pc.unique(other["trace"]).to_pylist())
    windows = {t: w for t, w in sorted(windows.items()) if t in both}
    own, theirs = touches_of(traces, windows), touches_of(other, windows)
    place = {a: i for i, a in enumerate(own.ids)}
    groups: dict[str, list[int]] = {}
    for row in members.select(["group_id", "account_id"]).to_pylist():
        found = groups.setdefault(row["group_id"], [])
        if row["account_id"] in place:
            found.append(place[row["account_id"]])
    rows: list[dict[str, Any]] = []
    for number, (group, inside) in enumerate(sorted(groups.items())):
        at = np.array(sorted(inside), np.int64)
        sets = draw_sets(own, at, theirs, seed + number)
        null = np.array([statistics(theirs, s) for s in sets])
        seen = statistics(own, at)
        rows += [
            _row(group, f, seen[i], null[:, i] if sets else None, len(at), 3 * len(groups))
            for i, f in enumerate(FINDINGS)
        ]
    return pa.Table.from_pylist(rows, schema=PROFILES.schema)


def _row(group: str, finding: str, seen: float, null: F64 | None, n: int, tests: int) -> dict[str, Any]:
    row = {
        "group_id": group, "subject": "group", "subject_id": group, "profile": "control", "finding": finding,
        "value_num": seen, "n": n, "alternatives": BESIDE_OTHERS, "method": METHOD.format(n=tests),
        "evidence_ref": f"evidence within group {group}",
    }  # fmt: skip
    if null is None:
        return row | {"value_text": NO_MATCH, "status": "insufficient_data"}
    p = (1 + int(np.sum(null >= seen))) / (len(null) + 1)
    low, high = float(null.min()), float(null.max())
    status = "found" if p <= 0.05 else "not_found"
    return row | {"value_text": matched(seen, low, high, p), "low": low, "high": high, "status": status}


def _platforms(ids: list[str]) -> npt.NDArray[np.str_]:
    return np.array([i.partition("/")[0] if "/" in i else "" for i in ids], dtype=np.str_)
