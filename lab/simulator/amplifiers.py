"""One author and those who amplify it: they react to it within seconds, and to nobody else so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.audience import add_audience, unlabelled
from lab.simulator.causes import DAY_US, SECOND_US, START_US
from lab.simulator.grow import add_acts, new_objects
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import NONE, World


@dataclass(frozen=True)
class Amplifiers:
    """An author with n_posts posts; n_amplifiers accounts react to a share fidelity of them.

    Their delay is lognormal with median_s seconds and sigma. Each post also has 30 to 100 ordinary reactions
    from the author's n_followers followers. n_amplifiers = 0 is the organic control.
    """

    n_amplifiers: int = 15
    n_posts: int = 60
    fidelity: float = 0.8
    median_s: float = 20.0
    sigma: float = 0.5
    n_followers: int = 300
    audience: tuple[int, int] = (30, 100)


def plant_amplifiers(
    world: World, plan: Amplifiers | None = None, seed: int = 0, label: str = "amplifiers"
) -> tuple[World, int]:
    """A new world and the author's number; labels[label] are the amplifiers, targets[label] the posts.

    The author is an ordinary account; its posts are new objects (world.author, world.born). Raises ValueError
    where accounts are too few.
    """
    plan = plan or Amplifiers()
    rng = np.random.default_rng(seed)
    author, *helpers = ordinary(world, 1 + plan.n_amplifiers, rng).tolist()
    accounts = np.array(helpers, np.int32)
    # At the hours of other objects, and early enough for the slowest reactions to be mostly seen.
    born = rng.choice(world.born, plan.n_posts) + rng.integers(0, 3600 * SECOND_US, plan.n_posts)
    born = np.clip(born, START_US, max(START_US, world.end_us - DAY_US // 2))
    world, posts = new_objects(world, born, np.full(plan.n_posts, author, np.int32))
    followers = np.setdiff1d(unlabelled(world), [author, *helpers])
    followers = choose(followers, plan.n_followers, "followers", rng)
    world = add_audience(world, posts, plan.audience, followers, rng)
    i, j = np.nonzero(rng.random((plan.n_posts, plan.n_amplifiers)) < plan.fidelity)
    delay = plan.median_s * rng.lognormal(0, plan.sigma, len(i)) * SECOND_US
    world = add_acts(world, accounts[j], posts[i], world.born[posts[i]] + delay.astype(np.int64))
    return world.with_label(label, accounts, posts), author


def assign_authors(world: World, n_authors: int = 300, seed: int = 0) -> World:
    """Give every object without an author one of n_authors ordinary accounts, prolific ones more often.

    Organic reactions need organic authors. Posts per author are Pareto 1.1; acts of an author on its own
    objects are taken out. Raises ValueError where accounts are too few.
    """
    rng = np.random.default_rng(seed)
    authors = ordinary(world, n_authors, rng)
    weight = rng.pareto(1.1, n_authors) + 1
    drawn = rng.choice(authors, world.n_objects, p=weight / weight.sum())
    author = np.where(world.author == NONE, drawn, world.author).astype(np.int32)
    keep = author[world.object] != world.account
    return world.with_acts(keep, author)
