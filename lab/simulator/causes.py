"""What organic people do, each cause with a switch, so that a false positive can be traced to its cause."""

from __future__ import annotations

from dataclasses import dataclass

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US
START_US = 1_704_067_200 * SECOND_US
"""2024-01-01T00:00:00Z: the first moment of every world."""


@dataclass(frozen=True)
class Causes:
    """Size of a world, and which organic causes work in it.

    n_acts: acts aimed at; what is lost to the end of the world and to duplicates costs a few per cent
    heavy_tails: activity Pareto 1.3 (at most `max_acts` acts) and popularity Pareto 1.1; else lognormal .5
    interests: accounts and objects are points, and an account prefers what is near
    circles: share of accounts that live in friend circles of 5 to 12 and copy objects from one another
    time_zones: accounts sleep some 8 hours at their own time; what falls in their sleep waits for the morning
    quick_reactors: share of accounts that act within tens of seconds of an object's birth; 0 also makes all
        accounts equally fast (else a lognormal factor of sigma .9 multiplies each account's delays)
    shared_exposure: share of acts that follow a hub's post on the object instead of its birth, by
        Exp(exposure_delay_s); each of n_hubs hubs posts once on every object, each account follows 3
    repeats: share of acts that are followed by a second act of the same account on the same object
    resolution_us: step of the clock, microseconds

    Raises ValueError where a share is outside 0..1 or the acts do not fit the accounts and objects.
    """

    n_accounts: int = 4000
    n_objects: int = 3000
    days: float = 30.0
    n_acts: int = 95_000
    heavy_tails: bool = True
    interests: bool = True
    circles: float = 0.15
    time_zones: bool = True
    quick_reactors: float = 0.02
    shared_exposure: float = 0.1
    exposure_delay_s: float = 180.0
    n_hubs: int = 60
    max_acts: int = 600
    repeats: float = 0.03
    resolution_us: int = SECOND_US

    def __post_init__(self) -> None:
        for name in ("circles", "quick_reactors", "shared_exposure", "repeats"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share: 0 to 1, not {getattr(self, name)}")
        if min(self.n_accounts, self.n_objects, self.n_acts, self.resolution_us, self.max_acts) < 1 or self.days <= 0:
            raise ValueError("a world needs accounts, objects, acts, days and a clock")
        if self.n_acts > self.n_accounts * min(self.max_acts, self.n_objects) / 2:
            raise ValueError(f"{self.n_acts} acts do not fit {self.n_accounts} accounts and {self.n_objects} objects")
        if self.shared_exposure and self.n_hubs < 3:
            raise ValueError("each account follows 3 hubs: n_hubs must be at least 3")

    @property
    def end_us(self) -> int:
        """When the world ends: nothing later is seen."""
        return START_US + int(self.days * DAY_US)
