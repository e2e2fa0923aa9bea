"""What is said of a group's facts: what it looks like, who comes first, how it stands beside others."""

from __future__ import annotations

from unisono.words.numbers import count, listing, whole_percent

FEED_RELAY = (
    "It may be relays of one feed: the group brings nearly all of its objects up itself, within seconds of each other "
    "and round the clock."
)
PUSH = (
    "Its members may receive the same notification, or follow the same sources: nearly all of its bursts fall on "
    "things that are new and that others had touched before."
)
FORWARDING = (
    "Its members may pass on what others of them post, as followers and friends do: the same one nearly always comes "
    "first."
)
ALONE = (
    "Two accounts alone may be friends, people of one household or office, or one person's: pairs like that act "
    "together without any plan."
)
TIMES_FILLED_IN = (
    "Its times may not be those of the acts: in many of its bursts the times are one and the same, as where a "
    "collector fills in times that it does not know, or where one scheduling tool posts for all."
)


def newsrooms(n_sites: int, all_day: bool) -> str:
    """The group looks like newsrooms. n_sites: to which its links go, 0 where they go to many; all_day: whether it acts
    at all hours."""
    sites = ["from one site" if n_sites == 1 else f"from {n_sites} sites"] if n_sites else []
    return (
        "It may be newsrooms that share an agency or a publisher: the group brings nearly all of its objects up "
        f"itself, {listing(sites + ['round the clock'] * all_day)}."
    )


def fan_call(n_occasions: int) -> str:
    """The group looks like fans who were called, or like viewers of an event."""
    return (
        "It may be a call that fans or members of a movement followed, or an event that all of them watched: nearly "
        "all of its co-action falls on "
        f"{'one occasion' if n_occasions == 1 else f'{n_occasions} occasions'}."
    )


def shared_exposure(one_account: bool) -> str:
    """The group looks like people who were shown the same. one_account: whether one account's posts came before."""
    before = "one account's posts" if one_account else "an act of somebody else on the same object"
    return (
        "Its members may all have been shown the same post at the same moment, by a notification, a broadcast or a "
        f"channel that they follow: nearly all of its bursts come right after {before}."
    )


def while_new(share: float, n_bursts: int) -> str:
    """Share of its bursts on things that are new."""
    return f"{whole_percent(share)} of {n_bursts:,} bursts fall within 45 minutes after the thing was first touched."


def in_order(one_first: float, one_sided: float, n_bursts: int) -> str:
    """Share of its bursts that one member begins; and of meetings of two in which the usual one is first."""
    return (
        f"One member begins {whole_percent(one_first)} of {n_bursts:,} bursts; of any two, the same one is first in "
        f"{whole_percent(one_sided)} of their meetings."
    )


def met(n_bursts: int, n_occasions: int) -> str:
    """How often two accounts met."""
    return f"They met in {count(n_bursts, 'burst')} on {count(n_occasions, 'occasion')}."


def brought_up(fresh: float, n_objects: int, lag_us: float) -> str:
    """Share of objects that appeared with the group, and how far apart its members are."""
    return f"{_brought_up(fresh, n_objects, lag_us)}."


def relayed(fresh: float, n_objects: int, lag_us: float, lag_most_us: float, hours: int) -> str:
    """The same, with the lag of nine in ten and the hours of the day in which the group acts."""
    return (
        f"{_brought_up(fresh, n_objects, lag_us)}, nine in ten below {_seconds(lag_most_us)}; it acted in {hours} of "
        "24 hours of the day."
    )


def on_occasions(share: float, n_objects: int, n: int) -> str:
    """Share of its co-action on the n busiest occasions."""
    most = "busiest occasion" if n == 1 else f"{n} busiest occasions"
    return f"{whole_percent(share)} of its co-action on {n_objects:,} objects falls on its {most}."


def of_bursts(share: float, n_bursts: int) -> str:
    """A share of its bursts."""
    return f"{whole_percent(share)} of {n_bursts:,} bursts."


def of_large_bursts(share: float, n_bursts: int) -> str:
    """A share of those of its bursts that are of three accounts or more."""
    return f"{whole_percent(share)} of {n_bursts:,} bursts of three accounts or more."


def _brought_up(fresh: float, n_objects: int, lag_us: float) -> str:
    return (
        f"{whole_percent(fresh)} of {n_objects:,} objects appeared with it; half of its lags are below "
        f"{_seconds(lag_us)}"
    )


def _seconds(us: float) -> str:
    return f"{us / 1e6:,.0f} s"


COMES_FIRST = (
    "An account may come first because its clock is early, because its platform or feed delivers sooner, because it "
    "makes what the others repeat (an author, a newsroom), or because it is simply quicker or earlier awake. Coming "
    "first is no proof of giving orders."
)
"""What else could explain that an account comes first."""


def came_before(share: float, n_objects: int, n_sittings: int, q: float | None, least: int) -> str:
    """How often a member came before the others. q: None with fewer sittings than the least that say something."""
    if not n_objects:
        return "no co-action with another member"
    said = f"came before {round(100 * share)} % of the others, on {n_objects:,} objects in {n_sittings:,} sittings"
    return f"{said}; fewer than {least} sittings say nothing" if q is None else f"{said} (q = {q:.2g})"


BESIDE_OTHERS = (
    "The other study may be about something that draws people together less, of another place, language or time, or "
    "collected in another way; a group was also chosen because it acts together, and its matches were not."
)
"""What else could explain that a group stands out among its matches in another study."""
NO_MATCH = "insufficient data: the other study has too few accounts of the same activity and platform"


def matched(seen: float, low: float, high: float, p: float) -> str:
    """A group's number, beside the lowest and the highest of its matches."""
    return f"{seen:.4g}; matched groups {low:.4g} to {high:.4g}, p = {p:.3f}"
