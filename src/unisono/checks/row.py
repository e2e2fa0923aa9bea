"""What a check says: one row of `checks`, whether it saw something, saw nothing, or cannot say."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["note", "warning", "stops_a_test"]


class Row(NamedTuple):
    """One row of `checks`; the fields are its columns."""

    check: str
    finding: str
    subject: str
    status: str
    severity: str | None
    seen: str
    effect: str
    remedy: str
    value: float | None
    n: int


class Question(NamedTuple):
    """A thing that a check looks for: what it does to the tests if it is there, and what can be done."""

    check: str
    finding: str
    effect: str
    remedy: str

    def found(self, severity: Severity, seen: str, value: float, n: int, subject: str = "study") -> Row:
        """It is there."""
        row = (self.check, self.finding, subject, "found", severity, seen, self.effect, self.remedy, float(value), n)
        return Row(*row)

    def absent(self, seen: str, value: float, n: int, subject: str = "study") -> Row:
        """It is not there; `seen` says what was."""
        return Row(self.check, self.finding, subject, "not_found", None, seen, "none", "none needed", float(value), n)

    def unknown(self, why: str, n: int, subject: str = "study") -> Row:
        """The data cannot say."""
        why = f"insufficient data: {why}"
        return Row(self.check, self.finding, subject, "insufficient_data", None, why, "not known", self.remedy, None, n)


def percent(share: float) -> str:
    """A share from 0 to 1 in words."""
    return f"{100 * share:.3g} %"
