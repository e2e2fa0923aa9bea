"""What the tests say of two accounts, in one sentence, whatever the status and whichever test called the link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from unisono.clean.durations import format_duration, format_time
from unisono.words.numbers import about, count, listing, small

LEAST = 2
"""Separate sittings that a pair needs before it is tested."""
ORDINARY = 0.1
"""Timing p above which the times are called ordinary, given what the two share; no such pair is linked."""
DOUBT = 0.01
"""Joint p below which a reader asks why a pair is not linked."""
TESTED, NO_DATA, DRIVEN = "tested", "insufficient_data", "selection_driven"
"""The statuses of a row of `edges`."""
ALL, SYNCHRONY = "all", "synchrony"
"""Rows of `edges` that are about no single behaviour: over all of them together, and without any object."""
TESTS = {
    "joint": "joint test", "timing": "timing test", "reference": "reference test, our weakest",
    "crowd": "synchrony test", "synchrony": "synchrony test",
}  # fmt: skip
"""The test that called a link, by the column `basis`."""
NAMED = 3
"""Other names of an object that are told."""
HELD_OUT = "confirmed on data not used to find it"
CAVEAT = "This says how often chance would do the same, not why they do it, nor who is behind them."


@dataclass(frozen=True)
class Link:
    """Two accounts at one window of one behaviour: a row of `edges`, or of `pairs` where nothing was tested.

    what: what the two have in common, such as "the same link"
    n_first: objects whose first touches by both fall together; n_occasions: distinct pairs of posts behind all of it;
    n_meetings: sittings in which most of what both touched fell together, None where that was not looked at
    expected, expected_timing: such objects under the joint and under the timing null
    """

    what: str
    trace: str
    window_us: int
    n_objects: int = 0
    n_first: int = 0
    n_occasions: int | None = None
    n_meetings: int | None = None
    n_days: int = 0
    p_joint: float | None = None
    expected: float | None = None
    expected_timing: float | None = None
    p_timing: float | None = None
    q: float | None = None
    q_selection: float | None = None
    is_edge: bool = False
    basis: str | None = None
    status: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any], what: str) -> Self:
        """From a row; columns that it lacks or leaves empty keep their defaults."""
        return cls(what, **{k: row[k] for k in cls.__dataclass_fields__ if k != "what" and row.get(k) is not None})

    @property
    def linked(self) -> bool:
        """Whether it is called a link. What cannot be judged is none, whatever else the row says."""
        return self.is_edge and self.status not in (NO_DATA, DRIVEN)

    @property
    def n(self) -> int:
        """Coincidences: objects met on together, at most as many as there were occasions to meet."""
        return self.n_first if self.n_occasions is None else min(self.n_first, self.n_occasions)


def verdict(link: Link) -> str:
    """The sentence: linked and by which test, not linked, too little data, or not tested."""
    if link.linked:
        return _linked(link)
    if link.status == NO_DATA:
        return (
            f"Too little data: hardly anybody else touched what they share, so {count(link.n, 'coincidence')} "
            "cannot be judged."
        )
    if link.status == DRIVEN:
        return (
            f"Not linked: shared content{_p('q', link.q_selection)}, ordinary timing{_p('p', link.p_timing)}. It may "
            "be common interest, or a list worked off over hours."
        )
    if link.trace == ALL:
        return f"Not linked: all behaviours and windows together{_p('q', link.q)}."
    if link.trace != SYNCHRONY and (link.expected_timing is None or link.n_first < LEAST):
        return f"Not tested: {seen(link)}; at least {LEAST} needed."
    if link.expected is None or (link.n_meetings is not None and link.n_meetings < LEAST):
        return f"Not linked: {seen(link)}. What is done in one sitting may be one choice; at least {LEAST} are needed."
    times = f" Given what they share, their times are ordinary{_p('p', link.p_timing)}." if _ordinary(link) else ""
    return f"Not linked: {seen(link)}; expected: {about(link.expected)}{_p('q', link.q)}.{times}"


def _ordinary(link: Link) -> bool:
    """Whether the timing kept it from being called, whatever the joint test says."""
    if link.p_timing is None:
        return False
    kept_out = link.q is not None and link.q >= 1 and link.p_joint is not None and link.p_joint < DOUBT
    return link.p_timing > ORDINARY or kept_out


def _linked(link: Link) -> str:
    test = TESTS.get(link.basis or "")
    said = f"Linked ({test}): {seen(link)}" if test else f"Linked: {seen(link)}"
    if link.basis == "reference":
        return (
            f"{said}, on objects that hardly anybody else touched; other objects are not shared so "
            f"fast{_p('q', link.q)}. Their group was {HELD_OUT}."
        )
    if link.basis == "timing":
        by = (
            ""
            if link.expected_timing is None
            else f"; expected from these objects’ times: {about(link.expected_timing)}"
        )
        return f"{said}{by}{_p('q', link.q)}. Their group was {HELD_OUT}."
    expected = "" if link.expected is None else f"; expected: {about(link.expected)}"
    return f"{said}{expected}{_p('q', link.q)}."


def seen(link: Link) -> str:
    """What was counted: `the same link 9 times within 60 s`."""
    if link.trace == ALL:
        return "all behaviours and windows together"
    within = f"within {format_duration(link.window_us)}"
    if link.trace == SYNCHRONY:
        return f"acts {within} of each other on {count(link.n_first, 'day')}"
    if not link.n:
        return f"{link.what} {within}, but never by the first act of both"
    met = f"{link.what} {'once' if link.n == 1 else f'{link.n:,} times'} {within}"
    if link.n_meetings is None or link.n < LEAST or link.n_meetings >= link.n:
        return met
    return f"{met}, in {'one sitting' if link.n_meetings <= 1 else f'{link.n_meetings:,} sittings'}"


def _p(name: str, value: float | None) -> str:
    return "" if value is None else f" ({name} = {small(value)})"


def met(a: str, b: str, link: Link) -> str:
    """On how much a pair met, before any test."""
    if link.trace == SYNCHRONY:
        return f"{a} and {b} have no object in common; their times alone were compared."
    where = f"{link.trace} within {format_duration(link.window_us)}"
    return f"{a} and {b} co-acted on {count(link.n_objects, 'object')} ({where}), on {count(link.n_days, 'day')}."


def never_met(a: str, b: str, windows: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Two accounts without any co-action. windows: (trace, microseconds) that were looked at."""
    if asked := "; ".join(f"{trace} at {format_duration(w)}" for trace, w in windows):
        yield f"{a} and {b} never co-acted: no common object within a window ({asked})."
    yield "There is nothing to test between them."


def no_window(trace: str, reasons: Iterable[str]) -> str:
    """A behaviour that was paired at no window, and why."""
    return f"Not testable by {trace}: {'; '.join(reasons) or 'it was paired at no window'}."


def co_action(trace: str, object_id: str, t_a: int, t_b: int, q_o: float | None, others: Sequence[str] = ()) -> str:
    """Two posts on one object: times in microseconds UTC; q_o: share of all pairs on it that are as close; others: the
    object's other names."""
    apart = f"{format_duration(abs(t_b - t_a))} apart" if t_a != t_b else "at the same time"
    close = "" if q_o is None else f"; of all pairs of accounts on it {q_o:.2%} are that close"
    named = f"{object_id}{also(others)}"
    return f"{trace} {named}: {format_time(t_a)} and {format_time(t_b)}, {apart}{close}."


def also(names: Sequence[str]) -> str:
    """Other names of an object, behind its first: ` (also b and c)`."""
    if not names:
        return ""
    shown = [*names[:NAMED], *([f"{len(names) - NAMED:,} more"] if len(names) > NAMED else [])]
    return f" (also {listing(shown)})"


def twins(trace: str, n: int, n_objects: int) -> str:
    """Objects of a trace that are others under a second name, told by the stage that counts them once."""
    return (
        f"{twins_of(trace, n, n_objects)}: the same accounts touched both at the same times. They count once, under "
        "the name that is first in byte order; the table twins lists them"
    )


def twins_of(trace: str, n: int, n_objects: int) -> str:
    """How many: `url: 3 of 80 objects are others under a second name`."""
    return f"{trace}: {n:,} of {n_objects:,} objects {'is another' if n == 1 else 'are others'} under a second name"


def bases(by_test: Iterable[tuple[str, int]], n_links: int) -> str:
    """By which tests the links were called. by_test: (basis, linked pairs)."""
    named = list(by_test)
    if not named or not n_links:
        return ""
    if len(named) == 1:
        test = TESTS.get(named[0][0], named[0][0])
        return f"The one link rests on the {test}." if n_links == 1 else f"All {n_links:,} links rest on the {test}."
    return f"Links rest on {listing([f'the {TESTS.get(b, b)} ({n:,})' for b, n in named])}."
