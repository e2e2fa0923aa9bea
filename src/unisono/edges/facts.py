"""What is known of the tests beside their rows: it stands in a study's manifest, and goes with a table in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import pyarrow as pa

KEY = "unisono.facts"
"""Under which it goes with a table: in the metadata of an Arrow schema, in `attrs` of pandas; polars has no place."""


@dataclass(frozen=True)
class Facts:
    """n_layers: traces x windows that were tested, those in which no pair was seen too, 0 where that is not known;
    n_accounts: of the test family, at least, 0 where that is not known; certified: groups that held on objects on which
    they were not found, {trace, window_us, q, draws, accounts}; draws: per layer the groups that were tested and the
    Monte Carlo draws that took, {trace, window_us, groups, draws}."""

    n_layers: int = 0
    n_accounts: int = 0
    certified: list[dict[str, Any]] = field(default_factory=list)
    draws: list[dict[str, Any]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Facts:
        """From the facts of a test stage."""
        return cls(**{f.name: facts[f.name] for f in fields(cls)})


def with_facts(edges: Any, facts: Facts) -> Any:
    """The table (pyarrow, pandas), which takes along what is known of its tests; others are left as they are."""
    text = json.dumps(facts.plain())
    if isinstance(edges, pa.Table):
        return edges.replace_schema_metadata({**(edges.schema.metadata or {}), KEY: text})
    if hasattr(edges, "attrs"):
        edges.attrs[KEY] = text
    return edges


def facts_of(edges: Any) -> Facts | None:
    """What a table took along; None where it lost that, or never had it."""
    if isinstance(edges, pa.Table):
        text = (edges.schema.metadata or {}).get(KEY.encode())
    else:
        text = getattr(edges, "attrs", {}).get(KEY)
    return Facts.of(json.loads(text)) if text else None
