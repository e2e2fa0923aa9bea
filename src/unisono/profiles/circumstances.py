"""Facts about a group's times and objects, for `lookalikes`: when it acts, who was there before, who brought it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.sorting import distinct
from unisono.maths.types import I64, Bools
from unisono.moments.circumstances import filled_in

HOUR_US = 3_600_000_000
PAUSE_US = 6 * HOUR_US
"""Longest pause inside an occasion: a call is followed for some hours, a habit is taken up again after sleep."""
FRESH_US = 900_000_000
"""An object appears with the group where nobody else touched it more than 15 minutes before the group's first touch."""
AFTER_US = 30_000_000
"""A burst comes right after somebody else's act: whoever is shown it reacts within half a minute."""
AROUND_US = 1_800_000_000
"""What is usual around a burst: half an hour before and after it."""
YOUNG_US = 2_700_000_000
"""An object is young for three quarters of an hour: who is told of new things comes then."""
BIRTH_US = 600_000_000
"""A burst comes right after the object's first touch, by one and the same outsider: followers take minutes."""
MOST = 30
"""Members of a burst whose order is looked at."""
BORN = "born"
"""Column of a crowd: the touch is the making of the post that is the object, by its author."""
Flags = Bools


@dataclass(frozen=True)
class Facts:
    """One group. Shares are 0 to 1; times are microseconds.

    n_objects: objects on which members met; n_bursts: stretches of their touches on one object without a pause longer
        than the window; n_large: of these, with three accounts or more
    fresh: share of objects that nobody else touched more than FRESH_US before the group
    lag_us, lag_most_us: median and 0.9 quantile of a member's first touch after the first member's
    occasions: shares of the touches on each occasion, largest first
    after: share of bursts that begin within AFTER_US after an outsider's act on the object, the making of the post
        left out: a fresh post of whoever it is comes before any act on it; after_usual: the mean share of the time
        around the bursts that is so soon after one
    led: share of bursts that begin within BIRTH_US after the object's first touch, by its commonest outsider
    young: share of bursts that begin within YOUNG_US after anybody's first act on the object
    own: share of bursts on objects on which a member acted before everybody else
    one_first: share of bursts that its commonest first member begins, alone
    one_sided: over the meetings of any two members in a burst, the share in which the one that is usually first is
    piled: share of large bursts in which most times are the same, or close in on one by halves
    n_acts, hours, quiet: all acts of the members; hours of the day UTC in which they act; share of acts in the six
        quietest hours in a row (0.25 where acts are even)
    n_domains: sites of the objects that are links, those of MOST of them; 0 where they are no links
    """

    n_objects: int
    n_bursts: int
    n_large: int
    fresh: float
    lag_us: float
    lag_most_us: float
    occasions: tuple[float, ...]
    after: float
    after_usual: float
    led: float
    young: float
    own: float
    one_first: float
    one_sided: float
    piled: float
    n_acts: int
    hours: int
    quiet: float
    n_domains: int


def facts_of(met: pa.Table, crowd: pa.Table, acts: pa.Table, members: pa.Array) -> Facts:
    """Facts of one group.

    met: touches (trace, object_id, account_id, t_us, window_us) of members that met another; crowd: all touches (trace,
    object_id, account_id, t_us, born) of these objects, by anybody; acts: t_us of every act of the members; members:
    ids.
    """
    met = met.group_by(["trace", "object_id", "account_id", "t_us"]).aggregate([("window_us", "max")])
    things = pa.concat_tables([met.select(_THING), crowd.select(_THING)]).group_by(_THING).aggregate([])
    things = things.sort_by([(c, "ascending") for c in _THING])
    key = _keys(things)
    order = pc.sort_indices(key)
    key, things = key.take(order), things.take(order)
    obj, t = _numbers(_keys(met), key), _ints(met["t_us"])
    who, window = _numbers(met["account_id"], members), _ints(met["window_us_max"])
    there, at = _numbers(_keys(crowd), key), _ints(crowd["t_us"])
    ids = pc.unique(pa.chunked_array([*crowd["account_id"].chunks, members])).sort()
    by, inside = _numbers(crowd["account_id"], ids), np.asarray(pc.is_in(crowd["account_id"], members), dtype=bool)
    out, bursts = _sorted(there[~inside], at[~inside], by[~inside]), list(_bursts(obj, t, who, window))
    fresh, lags = _arrival(things.num_rows, obj, _sorted(there[inside], at[inside], by[inside]), out)
    acted = ~np.asarray(crowd[BORN], dtype=bool)
    after, usual = _after(bursts, there[acted & ~inside], at[acted & ~inside])
    led = _led(bursts, out)
    young, own = _ages(bursts, *(_first(things.num_rows, there[x], at[x]) for x in (acted, acted & inside)))
    hours = np.bincount(_ints(acts["t_us"]) // HOUR_US % 24, minlength=24)
    six = np.convolve(np.r_[hours, hours[:5]], np.ones(6), "valid").min()
    large = [b for b in bursts if len(np.unique(b.who)) >= 3]
    return Facts(
        things.num_rows, len(bursts), len(large), fresh, *_quantiles(lags), _occasions(t), after, usual, led,
        young, own, _one_first(bursts), _one_sided(bursts), _share([_piled(b) for b in large]), int(hours.sum()),
        int((hours > 0).sum()), float(six / max(hours.sum(), 1)), _domains(things),
    )  # fmt: skip


@dataclass(frozen=True)
class _Burst:
    """Touches of one object, sorted by time: times and members."""

    obj: int
    t: I64
    who: I64


_THING = ["trace", "object_id"]


def _keys(rows: pa.Table) -> pa.Array:
    joined = pc.binary_join_element_wise(rows["trace"].cast(pa.string()), rows["object_id"].cast(pa.string()), "\n")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _bursts(obj: I64, t: I64, who: I64, window: I64) -> Iterator[_Burst]:
    order = np.lexsort((who, t, obj))
    obj, t, who, window = obj[order], t[order], who[order], window[order]
    new = np.flatnonzero((np.diff(obj) != 0) | (np.diff(t) > window[1:])) + 1
    for part in np.split(np.arange(len(t)), new):
        if len(part):
            yield _Burst(int(obj[part[0]]), t[part], who[part])


def _sorted(obj: I64, t: I64, who: I64) -> tuple[I64, I64, I64]:
    order = np.lexsort((who, t, obj))
    return obj[order], t[order], who[order]


def _arrival(n: int, obj: I64, members: tuple[I64, I64, I64], out: tuple[I64, I64, I64]) -> tuple[float, I64]:
    """Share of objects that appear with the group, and lags of members behind the first member of each object."""
    first, others = (np.full(n, np.iinfo(np.int64).max) for _ in range(2))
    np.minimum.at(first, members[0], members[1])
    np.minimum.at(others, out[0], out[1])
    came = distinct(obj)
    fresh = others[came] >= first[came] - FRESH_US
    what, t, who = members
    once = np.unique(what * (who.max(initial=0) + 1) + who, return_index=True)[1]
    lag = t[once] - first[what[once]]
    return _share(fresh.tolist()), lag[lag > 0]


def _after(bursts: list[_Burst], obj: I64, t: I64) -> tuple[float, float]:
    """Shares of bursts right after an outsider's act, and of the time around them. obj, t: of these acts."""
    order = np.lexsort((t, obj))
    obj, t = obj[order], t[order]
    after, usual = [], []
    for b in bursts:
        times = t[np.searchsorted(obj, b.obj) : np.searchsorted(obj, b.obj, "right")]
        k = int(np.searchsorted(times, b.t[0], "right"))
        after.append(bool(k > 0 and b.t[0] - times[k - 1] <= AFTER_US))
        usual.append(_soon_after(times, int(b.t[0])))
    return _share(after), float(np.mean(usual)) if usual else 0.0


def _led(bursts: list[_Burst], out: tuple[I64, I64, I64]) -> float:
    """Share of bursts soon after the object's first touch, by the commonest first toucher."""
    authors = []
    for b in bursts:
        begin = int(np.searchsorted(out[0], b.obj))
        there = begin < len(out[0]) and out[0][begin] == b.obj
        authors.append(int(out[2][begin]) if there and 0 <= b.t[0] - out[1][begin] <= BIRTH_US else -1)
    same = np.unique([a for a in authors if a >= 0], return_counts=True)[1].max(initial=0)
    return float(same / max(len(bursts), 1))


def _first(n: int, obj: I64, t: I64) -> I64:
    """(n,) first touch of each object; the largest number where there is none."""
    out = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(out, obj, t)
    return out


def _ages(bursts: list[_Burst], born: I64, members: I64) -> tuple[float, float]:
    """Shares of bursts on young objects, and on those that a member touched first. born, members: (n_objects,)."""
    young = _share([bool(b.t[0] - born[b.obj] <= YOUNG_US) for b in bursts])
    return young, _share([bool(members[b.obj] == born[b.obj]) for b in bursts])


def _one_first(bursts: list[_Burst]) -> float:
    """Share of bursts that the commonest first member begins; a burst that two begin is nobody's."""
    alone = [int(b.who[0]) for b in bursts if len(np.unique(b.who[b.t == b.t[0]])) == 1]
    return float(np.bincount(alone).max(initial=0) / len(bursts)) if alone else 0.0


def _one_sided(bursts: list[_Burst]) -> float:
    """Of each two members the larger number of bursts in which one comes before the other, over all their bursts; a tie
    is half for each. Of a burst the first MOST members."""
    before: Counter[tuple[int, int]] = Counter()
    for b in bursts:
        first = np.sort(np.unique(b.who, return_index=True)[1])[:MOST]
        who, t = b.who[first].tolist(), b.t[first].tolist()
        for j in range(len(who)):
            for i in range(j):
                before[who[i], who[j]] += 2 if t[i] < t[j] else 1
                before[who[j], who[i]] += 0 if t[i] < t[j] else 1
    most = sum(max(n, before[b, a]) for (a, b), n in before.items() if a < b)
    return most / before.total() if before.total() else 0.0


def _soon_after(times: I64, at: int) -> float:
    """Share of the time from AROUND_US before to AROUND_US after `at` that is within AFTER_US after one of `times`."""
    near = times[(times >= at - AROUND_US - AFTER_US) & (times <= at + AROUND_US)]
    begins = np.maximum(near, at - AROUND_US)
    ends = np.minimum(np.append(near[1:], at + AROUND_US), np.minimum(near + AFTER_US, at + AROUND_US))
    return float(np.maximum(ends - begins, 0).sum() / (2 * AROUND_US))


def _piled(b: _Burst) -> bool:
    most = int(np.unique(b.t, return_counts=True)[1].max())
    return most >= max(3, len(b.t) / 2) or filled_in(b.t, int(b.t[0]), int(b.t[-1]))


def _occasions(t: I64) -> tuple[float, ...]:
    t = np.sort(t)
    number = np.cumsum(np.r_[False, np.diff(t) > PAUSE_US])[: len(t)]
    return tuple((np.sort(np.bincount(number))[::-1] / max(len(t), 1)).tolist()) if len(t) else ()


def _domains(things: pa.Table) -> int:
    """How many sites make up four fifths of the links."""
    links = things.filter(pc.equal(things["trace"], "url"))["object_id"].to_pylist()
    n = np.sort(np.unique([urlsplit(x).netloc for x in links], return_counts=True)[1])[::-1] if links else np.zeros(0)
    return int(np.searchsorted(np.cumsum(n), 0.8 * n.sum()) + 1) if len(n) else 0


def _quantiles(lags: I64) -> tuple[float, float]:
    return (float(np.quantile(lags, 0.5)), float(np.quantile(lags, 0.9))) if len(lags) else (0.0, 0.0)


def _share(flags: list[bool]) -> float:
    return float(np.mean(flags)) if flags else 0.0


def _numbers(ids: pa.Array | pa.ChunkedArray, among: pa.Array) -> I64:
    found = pc.index_in(ids.cast(pa.string()), among)
    return np.asarray(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found, dtype=np.int64)


def _ints(column: pa.ChunkedArray) -> I64:
    numbers: I64 = np.asarray(column, dtype=np.int64)
    return numbers
