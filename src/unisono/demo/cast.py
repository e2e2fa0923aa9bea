"""Who is in the world: the public, newsrooms, look-alikes, and the planted operation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unisono.demo.languages import QUARTERS, Floats, Ints
from unisono.demo.phrases import TOPICS
from unisono.demo.rhythm import SITE_ZONE
from unisono.maths.types import Bools

Labels = npt.NDArray[np.str_]

PLAZA, LENS = "plaza", "lens"
CLUSTERS = ("cluster-1", "cluster-2", "cluster-3")
RINGS = ("ring-1", "ring-2")
ROLES = {**dict.fromkeys(CLUSTERS, "operation"), **dict.fromkeys((*RINGS, "fans", "quick"), "look_alike")}
"""Part -> role; every other part (public, newsroom, star) is organic."""

PUBLIC = {"person": 4100, "page": 200, "forum": 70, "media_account": 1150}
"""The public at scale 1, accounts by kind."""
NEWSROOMS_PER_QUARTER = 5
OPERATION = {"person": (48, 43, 37), "page": (15, 14, 12), "forum": (8, 7, 6), "media_account": (54, 49, 43)}
"""Planted accounts by kind and cluster: 128 persons, 41 pages, 21 forums, 146 photo accounts."""
CLUSTER_QUARTERS = ("harbour", "mill", "garden")
HOME_ZONES = {"oldtown": (0, 2, 3), "harbour": (2, 3), "mill": (4, 5), "hill": (3, 4), "garden": (5, 6, 1)}
"""Where the readers of a quarter live, positions in rhythm.OFFSETS."""


@dataclass(frozen=True)
class Cast:
    """All accounts, one entry per account in each array."""

    name: Labels
    part: Labels
    kind: Labels
    quarter: Ints  # position in QUARTERS
    zone: Ints  # position in rhythm.OFFSETS
    office: Bools  # keeps office hours
    weight: Floats  # how often it acts of its own accord, relative
    interests: Ints  # two topics each

    def find(self, part: str) -> Ints:
        """Positions of the accounts of a part."""
        return np.flatnonzero(self.part == part)

    @property
    def network(self) -> Labels:
        """The network that each account is on."""
        return np.where(self.kind == "media_account", LENS, PLAZA)


def _roll(rng: np.random.Generator, scale: float) -> list[tuple[str, str, int]]:
    """(part, kind, quarter) of every account."""
    roll: list[tuple[str, str, int]] = []
    for kind, count in PUBLIC.items():
        quarters = rng.choice(len(QUARTERS), size=max(1, round(count * scale)), p=[0.32, 0.2, 0.18, 0.12, 0.18])
        roll += [("public", kind, quarter) for quarter in quarters.tolist()]
    for quarter in range(len(QUARTERS)):
        roll += [("newsroom", "page", quarter)] * NEWSROOMS_PER_QUARTER
    for quarter, ring in enumerate(RINGS):
        roll += [(ring, "page", quarter)] * 6
    roll += [("star", "page", 0)] + [("fans", "person", 0)] * 45
    roll += [("quick", "person", quarter) for quarter in (0, 1, 2) for _ in range(10)]
    for kind, counts in OPERATION.items():
        for cluster, quarter_name, count in zip(CLUSTERS, CLUSTER_QUARTERS, counts, strict=True):
            roll += [(cluster, kind, QUARTERS.index(quarter_name))] * count
    return roll


def _names(rng: np.random.Generator, kind: Labels) -> Labels:
    """Neutral names such as person_00412, numbered in random order so that a number gives no role away."""
    number = np.empty(len(kind), dtype=np.int64)
    for one in np.unique(kind):
        rows = np.flatnonzero(kind == one)
        number[rows] = rng.permutation(len(rows)) + 1
    short = np.where(kind == "media_account", "photo", kind)
    return np.array([f"{k}_{n:05d}" for k, n in zip(short.tolist(), number.tolist(), strict=True)])


def make_cast(rng: np.random.Generator, scale: float) -> Cast:
    """The accounts of a world; `scale` multiplies the public, never the operation or its look-alikes."""
    roll = _roll(rng, scale)
    part, kind = np.array([r[0] for r in roll]), np.array([r[1] for r in roll])
    quarter = np.array([r[2] for r in roll], dtype=np.int64)
    office = np.isin(part, CLUSTERS)
    zone = np.array([rng.choice(HOME_ZONES[QUARTERS[i]]) for i in quarter], dtype=np.int64)
    weight = np.minimum(1 + rng.pareto(1.3, size=len(roll)), 300)  # heavy tail, as on every platform
    weight = np.where(office, rng.gamma(4, 1.5, size=len(roll)), weight)
    weight[np.isin(part, ("newsroom", "star", *RINGS))] = 0  # they publish, they do not react
    interests = np.argsort(rng.random((len(roll), TOPICS)), axis=1)[:, :2]
    zone = np.where(office, SITE_ZONE, zone)
    return Cast(_names(rng, kind), part, kind, quarter, zone, office, weight, interests)
