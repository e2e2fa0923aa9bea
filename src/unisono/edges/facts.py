"""What is known of the tests beside their rows: it stands in a study's manifest, and goes with a table in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from unisono.engine.arrow import Frame, facts_of


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

    @classmethod
    def beside(cls, edges: Frame) -> Facts | None:
        """What a table in memory took along; None where it lost that, or never had it."""
        facts = facts_of(edges)
        return cls.of(facts) if all(f.name in facts for f in fields(cls)) else None
