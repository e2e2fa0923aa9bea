"""Followers who forward: what somebody does is seen by those who follow, and a few of them pass it on within minutes.

A branching process on a follower graph: every act, forwarded or not, excites acts of the followers after it, as in the
self-exciting point processes of Hawkes (1971) with which cascades of retweets are modelled (Zhao et al. 2015, "SEISMIC:
a self-exciting point process model for predicting tweet popularity"); each tie has its own chance, as in the
independent cascade model (Kempe, Kleinberg and Tardos 2003). It is true dependence, and nobody has planned it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.circles import first_of
from lab.simulator.grow import add_acts
from lab.simulator.selection import select
from lab.simulator.timing import asleep
from lab.simulator.world import World
from unisono.maths.types import F64, I32, I64

GENERATIONS = 30
"""More than any cascade with less than one child per act has."""


@dataclass(frozen=True)
class Forwarding:
    """Each account follows lognormal(follows, 0.8) others: near in interest, the famous more often (Pareto 1.5).

    branching: acts that an act of the world's own brings about directly, on average
    median_s, sigma: of the lognormal delay of a forward after the act that it forwards
    loyalty: shape of the Gamma law of ties; the smaller, the more of an account's forwards come from a few it follows
    """

    follows: float = 15.0
    branching: float = 0.6
    median_s: float = 90.0
    sigma: float = 1.0
    loyalty: float = 0.3


def add_forwarding(world: World, plan: Forwarding | None = None, seed: int = 0, label: str = "forwarders") -> World:
    """A new world with cascades on every object; labels[label] are the accounts that forwarded something.

    follows is the graph, and reposts says which act was forwarded from which. Who is asleep when an act would reach it
    does not forward it, and nobody forwards what it touches anyway.
    """
    plan = plan or Forwarding()
    rng = np.random.default_rng(seed)
    follows = follower_graph(world, plan.follows, rng)
    chance = _ties(world, follows, plan, rng)
    first = int(world.post.max(initial=-1)) + 1
    who, what, when, post = world.account, world.object, world.t, world.post.astype(np.int64)
    known = who.astype(np.int64) * world.n_objects + what
    made: list[tuple[I32, I32, I64]] = []
    pairs: list[I64] = []
    begin = np.searchsorted(follows[:, 1], np.arange(world.n_accounts + 1))
    for _ in range(GENERATIONS):
        act, tie = _exposures(begin, who)
        hit = rng.random(len(act)) < chance[tie]
        act, reader = act[hit], follows[tie[hit], 0]
        at = when[act] + (plan.median_s * rng.lognormal(0, plan.sigma, len(act)) * SECOND_US).astype(np.int64)
        key = reader.astype(np.int64) * world.n_objects + what[act]
        new = (asleep(reader, at, world.people) == 0) & (at < world.end_us) & ~np.isin(key, known)
        rows = np.flatnonzero(new)[np.argsort(at[new], kind="stable")]
        rows = rows[first_of(key[rows])]
        source, who, what, when = post[act[rows]], reader[rows], what[act[rows]], at[rows]
        post = first + np.arange(len(rows))
        first, known = first + len(rows), np.concatenate([known, key[rows]])
        made, pairs = [*made, (who, what, when)], [*pairs, np.stack([post, source], axis=1)]
    account, obj, t = (np.concatenate(column) for column in zip(*made, strict=True))
    world = add_acts(world, account, obj, t).with_label(label, np.unique(account))
    return replace(world, follows=follows, reposts=np.concatenate([world.reposts, *pairs]).astype(np.int32))


def follower_graph(world: World, follows: float, rng: np.random.Generator) -> I32:
    """(e, 2) follower and followed, by followed. Nobody follows itself."""
    n = np.clip(follows * rng.lognormal(0, 0.8, world.n_accounts), 1, world.n_accounts / 4).astype(np.int64)
    place = world.people.place
    follower, followed = select(n, rng.pareto(1.5, world.n_accounts) + 1, place, place, rng)
    pairs = np.stack([follower, followed], axis=1)[follower != followed]
    graph: I32 = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    return graph


def _ties(world: World, follows: I32, plan: Forwarding, rng: np.random.Generator) -> F64:
    """(e,) chance that the follower forwards an act of the followed, in the order of `follows`.

    Scaled so that the world's own acts have `branching` forwards each on average, sleep and ends not counted.
    """
    acts = np.bincount(world.account, minlength=world.n_accounts)
    n_followers = np.bincount(follows[:, 1], minlength=world.n_accounts)
    tie = rng.gamma(plan.loyalty, 1 / plan.loyalty, len(follows)) / np.sqrt(n_followers[follows[:, 1]])
    chance = np.zeros(len(follows))
    scale = plan.branching * len(world) / max((tie * acts[follows[:, 1]]).sum(), 1e-9)
    for _ in range(20):  # what the cap takes from the strongest ties goes to all the others
        chance = np.minimum(tie * scale, 0.8)
        scale *= plan.branching * len(world) / max((chance * acts[follows[:, 1]]).sum(), 1e-9)
    return chance


def _exposures(begin: I64, who: I32) -> tuple[I64, I64]:
    """Every (act, tie) at which a follower sees an act; begin: (m + 1,) where each account's ties begin."""
    n = begin[who + 1] - begin[who]
    act = np.repeat(np.arange(len(who)), n)
    tie = np.arange(len(act)) - np.repeat(np.cumsum(n) - n, n) + np.repeat(begin[who], n)
    return act, tie
