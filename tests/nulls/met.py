"""Meetings of a pair by plain loops over the objects that both touched, each sitting known by its post."""

from __future__ import annotations

from collections.abc import Sequence

from tests.nulls.made import Touch

Both = list[tuple[Touch, Touch]]
"""Per common object the touch of one account and that of the other."""


def common(rows: Sequence[Touch], a: int, b: int) -> Both:
    mine, theirs = ({r[1]: r for r in rows if r[0] == u} for u in (a, b))
    return [(mine[o], theirs[o]) for o in sorted(mine.keys() & theirs.keys())]


def clusters(both: Both) -> list[Both]:
    """What both touched in the same sitting of one and in the same sitting of the other."""
    keys = sorted({(x[3], y[3]) for x, y in both})
    return [[(x, y) for x, y in both if (x[3], y[3]) == key] for key in keys]


def n_sittings(of: Sequence[Both]) -> int:
    return min(len({x[3] for c in of for x, _ in c}), len({y[3] for c in of for _, y in c}))


def hits(both: Both, window: int) -> int:
    return sum(abs(x[2] - y[2]) <= window for x, y in both)


def meetings(both: Both, window: int) -> int:
    """The statistic S."""
    return n_sittings([c for c in clusters(both) if hits(c, window) > len(c) / 2])


def bound(q: Sequence[float]) -> float:
    """Most that P(more than half coincide) can be: by the definition, over every t."""
    k, m = len(q), len(q) // 2 + 1
    return min([1.0, *(sum(sorted(q)[: k - t]) / (m - t) for t in range(m))])
