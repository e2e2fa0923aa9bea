"""What else could explain a group, from measured facts: newsrooms, a relayed feed, a call, exposure, filled-in times.

Beyond chance is no verdict: these act in unison too. A sentence is attached where the group's times and objects look
like one of them; it neither clears a group nor accuses it, and where none is attached none is excluded. Every threshold
stands here with its reason; docs/methods/lookalikes.md says how often each is right on planted groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from unisono.profiles.circumstances import Facts
from unisono.tables import PROFILES

PROFILE = "lookalike"
METHOD = "lookalikes 1: thresholds on the group's times and objects, no test"
MOST = 0.8
"""Share of a group's objects or bursts from which it is said of the group: most, with room for a few exceptions."""
MIN_OBJECTS, MIN_BURSTS = 3, 3
"""With fewer objects or bursts nothing can be said of a habit."""
EVEN, HOURS, MIN_ACTS = 0.3, 20, 48
"""Round the clock: MIN_ACTS acts or more (two for every hour), in HOURS different hours of the day UTC, and in the
quietest six in a row EVEN of an even share: people sleep, a newsroom's night is quiet but not silent, and 60 stories at
any hour leave six hours with half of their share by luck alone."""
RELAY_US, RELAY_MOST_US = 30_000_000, 60_000_000
"""A relay polls its feed: half of its lags are within 30 s, nine in ten within a minute. Newsrooms take minutes."""
OCCASIONS, OF_THEM = 2, 0.9
"""A call: nine tenths of all co-action on one or two occasions, with two objects more than occasions. Work goes on."""
DOMAINS = 3
"""Links of a group of newsrooms go to few sites: its own, or its agency's."""
BEYOND = 0.5
"""On a busy object every moment comes right after somebody's act. Of the bursts that would not have by chance, as the
time around them goes, at least half must."""
FILLED_IN = 0.5
"""Share of bursts with a pile of equal times from which times are doubted before accounts are."""

_SENTENCES = {
    "newsroom_syndication": "It may be newsrooms that share an agency or a publisher: the group brings nearly all of "
    "its objects up itself, {how}.",
    "feed_relay": "It may be relays of one feed: the group brings nearly all of its objects up itself, within seconds "
    "of each other and round the clock.",
    "fan_call": "It may be a call that fans or members of a movement followed: nearly all of its co-action falls on "
    "{how}.",
    "shared_exposure": "Its members may all have been shown the same post at the same moment, by a notification, a "
    "broadcast or a channel that they follow: nearly all of its bursts come right after {how}.",
    "times_filled_in": "Its times may not be those of the acts: in many of its bursts the times are one and the same, "
    "as where a collector fills in times that it does not know, or where one scheduling tool posts for all.",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One likeness: the share on which it rests (0 to 1), observations behind it, facts in words.

    found: None where there are too few observations; how: fills the gap in the sentence.
    """

    value: float
    n: int
    text: str
    found: bool | None
    how: str = ""


def newsroom(f: Facts) -> Finding:
    """Objects first appear with the group, at all hours or from few sites; slower than a relay."""
    all_day, few = _round_the_clock(f), 0 < f.n_domains <= DOMAINS
    how = " and ".join(
        [f"from {f.n_domains} sites" if f.n_domains > 1 else "from one site"] * few + ["round the clock"] * all_day
    )
    text = (
        f"{_percent(f.fresh)} of {f.n_objects:,} objects appeared with it; half of its lags are below {_s(f.lag_us)}."
    )
    found = f.fresh >= MOST and (all_day or few) and not (all_day and _relay(f))
    return Finding(f.fresh, f.n_objects, text, _enough(f.n_objects, MIN_OBJECTS, found), how)


def feed_relay(f: Facts) -> Finding:
    """Objects first appear with the group, within seconds, at all hours."""
    text = (
        f"{_percent(f.fresh)} of {f.n_objects:,} objects appeared with it; half of its lags are below {_s(f.lag_us)}, "
        f"nine in ten below {_s(f.lag_most_us)}; it acted in {f.hours} of 24 hours of the day."
    )
    found = f.fresh >= MOST and _round_the_clock(f) and _relay(f)
    return Finding(f.fresh, f.n_objects, text, _enough(f.n_objects, MIN_OBJECTS, found))


def fan_call(f: Facts) -> Finding:
    """Nearly all co-action on one or two occasions."""
    shares = f.occasions[:OCCASIONS]
    n = next((k + 1 for k in range(len(shares)) if sum(shares[: k + 1]) >= OF_THEM), 0)
    how = "one occasion" if n == 1 else f"{n} occasions"
    most = "busiest occasion" if len(shares) == 1 else f"{len(shares)} busiest occasions"
    text = f"{_percent(sum(shares))} of its co-action on {f.n_objects:,} objects falls on its {most}."
    return Finding(
        float(sum(shares)), f.n_objects, text, _enough(f.n_objects, MIN_OBJECTS, n > 0 and f.n_objects >= n + 2), how
    )


def shared_exposure(f: Facts) -> Finding:
    """Bursts right after somebody else's act on the object, or after its birth by one author."""
    after = f.after if f.after - f.after_usual > BEYOND * (1 - f.after_usual) else 0.0
    led = f.led >= after
    share, how = (f.led, "one account's posts") if led else (after, "an act of somebody else on the same object")
    text = f"{_percent(share)} of {f.n_bursts:,} bursts."
    return Finding(share, f.n_bursts, text, _enough(f.n_bursts, MIN_BURSTS, share >= MOST), how)


def times_filled_in(f: Facts) -> Finding:
    """Piles of equal times."""
    text = f"{_percent(f.piled)} of {f.n_large:,} bursts of three accounts or more."
    return Finding(f.piled, f.n_large, text, _enough(f.n_large, MIN_BURSTS, f.piled >= FILLED_IN))


LIKENESSES: dict[str, Callable[[Facts], Finding]] = {
    "fan_call": fan_call, "feed_relay": feed_relay, "newsroom_syndication": newsroom,
    "shared_exposure": shared_exposure, "times_filled_in": times_filled_in,
}  # fmt: skip


def lookalikes(groups: dict[str, Facts]) -> pa.Table:
    """Rows of `profiles`, one for each group and likeness, sorted by key.

    groups: facts by group_id. value_num is the share on which it rests; `alternatives` the sentence where it was found.
    """
    rows = [_row(group, name, f(facts)) for group, facts in sorted(groups.items()) for name, f in LIKENESSES.items()]
    return pa.Table.from_pylist([{c: r.get(c) for c in PROFILES.names} for r in rows], schema=PROFILES.schema)


def _row(group: str, name: str, f: Finding) -> dict[str, Any]:
    known = f.found is not None
    return {
        "group_id": group, "subject": "group", "subject_id": group, "profile": PROFILE, "finding": name,
        "value_num": f.value if known else None, "value_text": f.text if known else None, "n": f.n,
        "status": ("found" if f.found else "not_found") if known else "insufficient_data",
        "alternatives": _SENTENCES[name].format(how=f.how) if f.found else None,
        "method": METHOD, "evidence_ref": f"evidence within group {group}",
    }  # fmt: skip


def sentences(rows: pa.Table) -> Iterator[str]:
    """The sentences of rows of `profiles` that were found."""
    for row in rows.to_pylist():
        if row["profile"] == PROFILE and row["status"] == "found":
            yield row["alternatives"]


def _enough(n: int, least: int, found: bool) -> bool | None:
    return found if n >= least else None


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _s(us: float) -> str:
    return f"{us / 1e6:,.0f} s"


def _relay(f: Facts) -> bool:
    return f.lag_us <= RELAY_US and f.lag_most_us <= RELAY_MOST_US


def _round_the_clock(f: Facts) -> bool:
    return f.n_acts >= MIN_ACTS and f.hours >= HOURS and f.quiet >= EVEN * 0.25
