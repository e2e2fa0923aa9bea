"""The worlds of issue 5's table by name: without dependence (row 1), with unplanned dependence (row 2), with plans.

Every function takes the number of a world, from 0; its seed is FIRST_SEED + number, as in `worlds`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from lab.measure.analysis import SECOND
from lab.measure.worlds import FIRST_SEED
from lab.simulator import World, dependent, independent, planned
from lab.simulator.sequence import Sequence

Make = Callable[[int], World]
"""A seed to a world."""
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
WINDOWS_US = (MINUTE, 10 * MINUTE, HOUR)
"""The windows at which worlds without a plan are looked at, microseconds."""
INDEPENDENT: dict[str, Make] = {
    "heavy tails": independent.heavy_tails,
    "drift": independent.drift,
    "zones and weeks": independent.zones,
    "super-users": independent.super_users,
    "scheduled :00/:30": independent.schedulers,
    "collector's gaps": independent.gaps,
    "outage, queue flushed": independent.outage,
    "minute clock": independent.minute_clock,
    "sittings": independent.sittings,
    "sittings, 300 objects": partial(independent.sittings, causes=replace(independent.ORDINARY, n_objects=300)),
    "sittings, 3,000 objects": partial(independent.sittings, causes=replace(independent.ORDINARY, n_objects=3_000)),
    "sessions": independent.sessions,
    "feed": independent.feed,
    "live event": independent.live_event,
}
"""Row 1: whatever is called in them is called wrongly; the viewers of the event are labelled "live_event"."""
DEPENDENT: dict[str, tuple[Make, str]] = {
    "push": (dependent.push, "push"),
    "mild push": (dependent.mild_push, "push"),
    "TV goals": (dependent.tv_goals, "tv_goals"),
    "fans, 20 s": (dependent.fans, "fans"),
    "fans, 90 s": (partial(dependent.fans, median_s=90.0), "fans"),
    "feed relays": (dependent.feed_relays, "rss"),
    "households, 1 min": (dependent.households, "households"),
    "households, 4 min": (partial(dependent.households, mean_s=240.0), "households"),
    "forwarding, 90 s": (dependent.forwarding, "forwarders"),
    "forwarding, 8 min": (partial(dependent.forwarding, median_s=480.0), "forwarders"),
}
"""Row 2: the world, and the label of the accounts that the cause moves."""
_WINDOW_OF = {
    "20 viral, 600 s": 10 * MINUTE, "jitter 2 h": HOUR, "log-normal 120 s, 15 objects": 10 * MINUTE,
    "log-normal 120 s, 10 objects, fidelity .4": 10 * MINUTE,
}  # fmt: skip
PLANNED: dict[str, tuple[Make, str, int]] = {
    **{
        name: (partial(planned.operation, name), "planted", _WINDOW_OF.get(name, MINUTE))
        for name in (*planned.PLANS, *planned.FARMS)
    },
    "shadows of a bystander": (planned.shadowed, "shadows", MINUTE),
    "shadows of three": (planned.three_shadowed, "shadows", MINUTE),
    "object sequence": (planned.sequence, "planted", 24 * HOUR),
    "object sequence, three lists": (partial(planned.sequence, plan=Sequence(n_lists=3)), "planted", 24 * HOUR),
    "object sequence, permuted": (planned.sequence_permuted, "planted", 24 * HOUR),
}
"""Rows 7, 13 and 14: the world, the label of the operation, and the window that suits it, microseconds."""
MIXED: Make = planned.mixed
"""Row 6: what stands around every plan, and no plan."""


def named(name: str, number: int) -> World:
    """World number `number` (from 0) of this name, of any of the three rows. Raises KeyError where there is none."""
    if name in INDEPENDENT:
        return INDEPENDENT[name](FIRST_SEED + number)
    return (DEPENDENT[name] if name in DEPENDENT else PLANNED[name])[0](FIRST_SEED + number)
