"""Adding to a world: accounts, objects, acts. Every operation and look-alike goes through here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lab.simulator.causes import Causes
from lab.simulator.world import NONE, People, World
from unisono.maths.types import I32, I64

Ints = npt.NDArray[np.integer]


def assemble(causes: Causes, people: People, born: I64, account: Ints, obj: Ints, t: I64) -> World:
    """A world of the first acts there are: account, obj, t (n,), as drawn; what comes after the end is not seen.

    born: (n_objects,); both are shown by the clock of `causes`. Objects have no authors.
    """
    seen = t < causes.end_us
    shown = to_clock(t[seen], causes.resolution_us)
    post, author = np.arange(len(shown), dtype=np.int32), np.full(len(born), NONE, np.int32)
    who, what, born = account[seen].astype(np.int32), obj[seen].astype(np.int32), to_clock(born, causes.resolution_us)
    return ordered(World(who, what, shown, post, born, author, people, causes.end_us, causes.resolution_us))


def retimed(world: World, t: I64) -> World:
    """The same acts at other times, t (n,); those beyond the world's end are not seen."""
    moved = replace(world, t=to_clock(t, world.resolution_us))
    return ordered(moved.with_acts(moved.t < world.end_us, world.author))


def new_accounts(world: World, n: int) -> tuple[World, I32]:
    """n fresh accounts that never sleep, with no acts; returns their numbers too."""
    people = world.people
    none = np.full(n, NONE)
    grown = People(
        np.concatenate([people.place, np.zeros((n, 3))]),
        np.concatenate([people.wakes_us, none]),
        np.concatenate([people.speed, np.ones(n)]),
        np.concatenate([people.circle, none]).astype(np.int32),
        np.concatenate([people.quick_us, none]),
    )
    return replace(world, people=grown), np.arange(world.n_accounts, world.n_accounts + n, dtype=np.int32)


def new_objects(world: World, born: I64, author: I32 | None = None) -> tuple[World, I32]:
    """One fresh object per entry of `born` (k,), by `author` (k,) or by nobody; returns their numbers too."""
    k = len(born)
    author = np.full(k, NONE, np.int32) if author is None else author
    grown = replace(
        world,
        born=np.concatenate([world.born, to_clock(born, world.resolution_us)]),
        author=np.concatenate([world.author, author]).astype(np.int32),
    )
    return grown, np.arange(world.n_objects, world.n_objects + k, dtype=np.int32)


def add_acts(world: World, account: Ints, obj: Ints, t: I64) -> World:
    """k more acts; one act replaces all the world had of that account on that object.

    account, obj, t: (k,); t in microseconds, rounded down to the clock, and no later than the world's end.
    Acts that a plan would set beyond the end are set at the end: a plan's size must not depend on luck.
    """
    key = world.account.astype(np.int64) * world.n_objects + world.object
    keep = ~np.isin(key, account.astype(np.int64) * world.n_objects + obj)
    first = int(world.post.max(initial=-1)) + 1
    post = np.arange(first, first + len(t), dtype=np.int32)
    at = to_clock(np.minimum(t, world.end_us - world.resolution_us), world.resolution_us)
    return ordered(
        replace(
            world,
            account=np.concatenate([world.account[keep], account]).astype(np.int32),
            object=np.concatenate([world.object[keep], obj]).astype(np.int32),
            t=np.concatenate([world.t[keep], at]),
            post=np.concatenate([world.post[keep], post]),
        )
    )


def ordered(world: World) -> World:
    """The same world with its acts sorted by (object, t, account, post)."""
    order = np.lexsort((world.post, world.account, world.t, world.object))
    columns = ("account", "object", "t", "post")
    return replace(world, **{c: getattr(world, c)[order] for c in columns})


def to_clock(t: I64, resolution_us: int) -> I64:
    """Times rounded down to a multiple of the resolution, as a platform's clock shows them."""
    shown: I64 = (t // resolution_us * resolution_us).astype(np.int64)
    return shown
