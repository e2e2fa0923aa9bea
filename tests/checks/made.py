"""An organic collection, five weeks long: heavy-tailed activity, a day's rhythm, everybody's own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from unisono.checks import View, run_checks, view_of
from unisono.checks.view import EVENT_COLUMNS, TRACE_COLUMNS

START = 1_700_000_000_000_000 // 3_600_000_000 * 3_600_000_000
HOUR, S = 3_600_000_000, 1_000_000


def organic(seed: int = 1, n: int = 6000, weeks: int = 5, accounts: int = 600) -> dict[str, Any]:
    """Columns of events, and of traces: one object each."""
    draw = np.random.default_rng(seed)
    hours = np.arange(weeks * 168)
    rate = 1.2 + np.sin(hours / 24 * 2 * np.pi)
    hour = draw.choice(hours, n, p=rate / rate.sum())
    weight = draw.pareto(1.1, accounts) + 0.1
    account = draw.choice(accounts, n, p=weight / weight.sum())
    thing = (draw.pareto(1.0, n) * 20).astype(int)
    words = np.array([f"w{chr(97 + k % 26)}{chr(97 + k // 26 % 26)}{chr(97 + k // 676)}" for k in range(2000)])
    return {
        "event_id": [f"e{i}" for i in range(n)],
        "account_id": [f"a{a}" for a in account],
        "t_us": START + hour * HOUR + draw.integers(0, 3600, n) * S,
        "t_basis": ["platform"] * n,
        "t_resolution_us": np.full(n, S),
        "kind": ["post"] * n,
        "repost_of": [f"e{draw.integers(n)}" if i % 4 == 0 else None for i in range(n)],
        "source_file": ["posts.csv"] * n,
        "trace": ["url"] * n,
        "object_id": [f"o{o}" for o in thing],
        "text": [" ".join(w) for w in words[draw.integers(0, 2000, (n, 12))]],
        "hashtags": [[f"tag{draw.integers(300)}"] for _ in range(n)],
        "urls": [[f"https://site{draw.integers(300)}.example/x"] for _ in range(n)],
    }


def view(columns: dict[str, Any] | None = None, **counts: Any) -> View:
    """A view of columns; counts: rows, rejects, source_rows, linked."""
    made = pa.table(organic() if columns is None else columns)
    given = {"rows": made.num_rows, "rejects": {}, "source_rows": {"posts.csv": made.num_rows + 1}} | counts
    texts = made.select(["text", "hashtags", "urls"])
    return view_of(made.select(list(EVENT_COLUMNS)), made.select(list(TRACE_COLUMNS)), texts, **given)


def said(seen: View) -> dict[str, dict[str, Any]]:
    """Rows by finding: those that were found, where a finding has several."""
    rows = run_checks(seen).to_pylist()
    return {r["finding"]: r for r in sorted(rows, key=lambda r: r["status"] == "found")}
