"""Small tables as a scientist has them: three accounts that share twelve links within two seconds, among sixty."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from tests.nulls.made import crowd

S = 1_000_000
BEGIN = 1_700_000_000 * S
MAP = "account=author,time=created,id=post,text=body,urls=links"
TRIO = {"a60", "a61", "a62"}


def acts() -> list[tuple[str, str, int]]:
    """Account, object, time in microseconds UTC."""
    rows = crowd(0, 60, 60, 1500) + [(60 + k, o, o * 7200 * S + k * S, 0) for o in range(12) for k in range(3)]
    return [(f"a{a:02d}", f"o{o:02d}", BEGIN + t) for a, o, t, _ in rows]


def posts() -> pd.DataFrame:
    """A table of posts as pandas has it: times with a zone, links in lists, hostile words."""
    rows = acts()
    return pd.DataFrame({
        "author": [a for a, *_ in rows],
        "created": pd.to_datetime([t for *_, t in rows], unit="us", utc=True),
        "post": [f"p{k}" for k in range(len(rows))],
        "body": [f"<b>look</b> {k % 7}" for k in range(len(rows))],
        "links": [[f"https://example.org/{o}"] for _, o, _ in rows],
        "likes": [float(k) for k in range(len(rows))],
    })  # fmt: skip


def traces() -> pa.Table:
    """The same as rows of `traces`."""
    rows = acts()
    return pa.table({
        "trace": ["url"] * len(rows), "account_id": [a for a, *_ in rows], "object_id": [o for _, o, _ in rows],
        "t_us": [t for *_, t in rows], "event_id": [f"e{k}" for k in range(len(rows))],
    })  # fmt: skip
