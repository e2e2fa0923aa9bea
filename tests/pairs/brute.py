"""Co-action by its definition, pair of rows by pair of rows: what the kernel must equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

Row = tuple[str, str, int, str]
"""account, object, time in microseconds, post."""
DAY = 86_400_000_000


def act(row: Row) -> tuple[str, ...]:
    """What was done at once: the post, or all that the account did without a name at one time."""
    return (row[0], str(row[2])) if row[3].startswith("row/") else (row[3],)


def co_actions(rows: Iterable[Row], window_us: int) -> dict[tuple[str, str], list[tuple[str, Row, Row]]]:
    """Every co-action (object, row of a, row of b) of every pair a < b."""
    by_object: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_object[row[1]].append(row)
    found: dict[tuple[str, str], list[tuple[str, Row, Row]]] = defaultdict(list)
    for obj, touches in by_object.items():
        for x, y in combinations(touches, 2):
            if x[0] == y[0] or x[3] == y[3] or abs(x[2] - y[2]) > window_us:
                continue
            a, b = sorted((x, y))
            found[a[0], b[0]].append((obj, a, b))
    return found


def pairs(rows: list[Row], window_us: int, min_objects: int) -> list[dict[str, object]]:
    """Rows of `pairs` (without trace and window), sorted by account_a, account_b."""
    ordered = sorted(rows, key=lambda r: (r[1].encode(), r[2], r[0].encode(), r[3].encode()))
    first: dict[tuple[str, str], Row] = {}
    for row in ordered:
        first.setdefault(row[:2], row)
    out = []
    for (a, b), found in sorted(co_actions(ordered, window_us).items()):
        if len({o for o, _, _ in found}) < min_objects:
            continue
        lags = sorted(y[2] - x[2] for _, x, y in found)
        out.append({
            "account_a": a, "account_b": b,
            "n_objects": len({o for o, _, _ in found}), "n_pairs": len(found),
            "n_events_a": len({act(x) for _, x, _ in found}), "n_events_b": len({act(y) for _, _, y in found}),
            "n_first": sum(first[a, o] == x and first[b, o] == y for o, x, y in found),
            "n_occasions": len({(act(x), act(y)) for _, x, y in found}),
            "n_days": len({min(x[2], y[2]) // DAY for _, x, y in found}),
            "first_us": min(min(x[2], y[2]) for _, x, y in found),
            "last_us": max(max(x[2], y[2]) for _, x, y in found),
            "median_lag_us": lags[(len(lags) - 1) // 2],
            "a_first": sum(1.0 if lag > 0 else 0.5 if lag == 0 else 0.0 for lag in lags) / len(lags),
        })  # fmt: skip
    return out
