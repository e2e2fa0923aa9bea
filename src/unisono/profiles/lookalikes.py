"""What else could explain a group, from measured facts: newsrooms, a relayed feed, a call, exposure, notifications,
followers who pass on, filled-in times; and of two accounts alone, that they know each other.

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
from unisono.words import profiles as say

PROFILE = "lookalike"
METHOD = "lookalikes 2: thresholds on the group's times and objects, no test"
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
OWN = 0.5
"""Who brings things up touches most of them first; who is told of new things comes after others."""
ONE_SIDED = 0.85
"""Two who meet at random two or three times have three quarters by luck, and less the oftener they meet."""
FILLED_IN = 0.5
"""Share of bursts with a pile of equal times from which times are doubted before accounts are."""


@dataclass(frozen=True)
class Finding:
    """One likeness: the share on which it rests (0 to 1), observations behind it, these facts in words, and the
    sentence that is said where it is found.

    found: None where there are too few observations.
    """

    value: float
    n: int
    text: str
    sentence: str
    found: bool | None


def newsroom(f: Facts) -> Finding:
    """Objects first appear with the group, at all hours or from few sites; slower than a relay."""
    all_day, few = _round_the_clock(f), 0 < f.n_domains <= DOMAINS
    text = say.brought_up(f.fresh, f.n_objects, f.lag_us)
    sentence = say.newsrooms(f.n_domains if few else 0, all_day)
    found = _brings_up(f) and (all_day or few) and not (all_day and _relay(f))
    return Finding(f.fresh, f.n_objects, text, sentence, _enough(f.n_objects, MIN_OBJECTS, found))


def feed_relay(f: Facts) -> Finding:
    """Objects first appear with the group, within seconds, at all hours."""
    text = say.relayed(f.fresh, f.n_objects, f.lag_us, f.lag_most_us, f.hours)
    found = _brings_up(f) and _round_the_clock(f) and _relay(f)
    return Finding(f.fresh, f.n_objects, text, say.FEED_RELAY, _enough(f.n_objects, MIN_OBJECTS, found))


def fan_call(f: Facts) -> Finding:
    """Nearly all co-action on one or two occasions."""
    shares = f.occasions[:OCCASIONS]
    n = next((k + 1 for k in range(len(shares)) if sum(shares[: k + 1]) >= OF_THEM), 0)
    share, found = float(sum(shares)), n > 0 and f.n_objects >= n + 2
    text = say.on_occasions(share, f.n_objects, len(shares))
    return Finding(share, f.n_objects, text, say.fan_call(n), _enough(f.n_objects, MIN_OBJECTS, found))


def shared_exposure(f: Facts) -> Finding:
    """Bursts right after somebody else's act on the object, or after its birth by one author."""
    after = f.after if f.after - f.after_usual > BEYOND * (1 - f.after_usual) else 0.0
    led = f.led >= after
    share = f.led if led else after
    text = say.of_bursts(share, f.n_bursts)
    return Finding(share, f.n_bursts, text, say.shared_exposure(led), _enough(f.n_bursts, MIN_BURSTS, share >= MOST))


def push(f: Facts) -> Finding:
    """Bursts on things that are new, and that others touched before."""
    found = f.young >= MOST and f.own < OWN
    return Finding(
        f.young, f.n_bursts, say.while_new(f.young, f.n_bursts), say.PUSH, _enough(f.n_bursts, MIN_BURSTS, found)
    )


def forwarding(f: Facts) -> Finding:
    """One member begins, the others come after it; or of any two the same one does."""
    found = f.one_first >= MOST or f.one_sided >= ONE_SIDED
    text = say.in_order(f.one_first, f.one_sided, f.n_bursts)
    return Finding(f.one_first, f.n_bursts, text, say.FORWARDING, _enough(f.n_bursts, MIN_BURSTS, found))


def times_filled_in(f: Facts) -> Finding:
    """Piles of equal times."""
    text = say.of_large_bursts(f.piled, f.n_large)
    return Finding(f.piled, f.n_large, text, say.TIMES_FILLED_IN, _enough(f.n_large, MIN_BURSTS, f.piled >= FILLED_IN))


LIKENESSES: dict[str, Callable[[Facts], Finding]] = {
    "fan_call": fan_call, "feed_relay": feed_relay, "forwarding": forwarding, "newsroom_syndication": newsroom,
    "push": push, "shared_exposure": shared_exposure, "times_filled_in": times_filled_in,
}  # fmt: skip
ALONE = "household"
"""What two accounts outside every group look like where nothing else fits them."""


def lookalikes(groups: dict[str, Facts]) -> pa.Table:
    """Rows of `profiles`, one for each group and likeness, sorted by key.

    groups: facts by group_id. value_num is the share on which it rests; `alternatives` the sentence where it was found.
    """
    rows = [_row(group, name, f(facts)) for group, facts in sorted(groups.items()) for name, f in LIKENESSES.items()]
    return pa.Table.from_pylist([{c: r.get(c) for c in PROFILES.names} for r in rows], schema=PROFILES.schema)


def of_pairs(pairs: dict[tuple[str, str], Facts]) -> pa.Table:
    """The same of linked pairs outside groups: subject pair, subject_id both ids with a blank between, no group.

    Two accounts that act together and with nobody else may know each other, whatever their times look like: that is
    said where no other sentence fits, on any number of bursts.
    """
    rows = []
    for (a, b), facts in sorted(pairs.items()):
        found = {name: f(facts) for name, f in LIKENESSES.items()}
        alone = not any(x.found for x in found.values())
        met = say.met(facts.n_bursts, len(facts.occasions))
        found[ALONE] = Finding(float(alone), facts.n_bursts, met, say.ALONE, alone)
        rows += [_row("", name, x, f"{a} {b}") for name, x in found.items()]
    return pa.Table.from_pylist([{c: r.get(c) for c in PROFILES.names} for r in rows], schema=PROFILES.schema)


def _row(group: str, name: str, f: Finding, pair: str = "") -> dict[str, Any]:
    known = f.found is not None
    return {
        "group_id": group, "subject": "pair" if pair else "group", "subject_id": pair or group, "profile": PROFILE,
        "finding": name,
        "value_num": f.value if known else None, "value_text": f.text if known else None, "n": f.n,
        "status": ("found" if f.found else "not_found") if known else "insufficient_data",
        "alternatives": f.sentence if f.found else None,
        "method": METHOD,
        "evidence_ref": f"evidence of {pair}" if pair else f"evidence within group {group}",
    }  # fmt: skip


def sentences(rows: pa.Table) -> Iterator[str]:
    """The sentences of rows of `profiles` that were found."""
    for row in rows.to_pylist():
        if row["profile"] == PROFILE and row["status"] == "found":
            yield row["alternatives"]


def _enough(n: int, least: int, found: bool) -> bool | None:
    return found if n >= least else None


def _brings_up(f: Facts) -> bool:
    return f.fresh >= MOST and f.own >= OWN


def _relay(f: Facts) -> bool:
    return f.lag_us <= RELAY_US and f.lag_most_us <= RELAY_MOST_US


def _round_the_clock(f: Facts) -> bool:
    return f.n_acts >= MIN_ACTS and f.hours >= HOURS and f.quiet >= EVEN * 0.25
