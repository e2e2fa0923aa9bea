"""A world: who did what and when, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lab.simulator.causes import SECOND_US
from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import Flags, TraceArrays
from unisono.tables import TRACES

NONE = -1
"""No circle, no author."""


@dataclass(frozen=True)
class People:
    """Facts about m accounts that no analysis sees; each an array of shape (m,).

    place: (m, 3) point of interest on the unit torus (zeros where interests are off)
    wakes_us: microseconds after midnight UTC at which it wakes; NONE: it never sleeps
    speed: factor on its delays; circle: number of its friend circle or NONE
    quick_us: median of its own delay, microseconds, if it is a quick reactor, else NONE
    """

    place: F64
    wakes_us: I64
    speed: F64
    circle: I32
    quick_us: I64

    @property
    def quick(self) -> Flags:
        """Which accounts are quick reactors."""
        quick: Flags = self.quick_us != NONE
        return quick


@dataclass(frozen=True)
class World:
    """n acts of n_accounts accounts on n_objects objects, sorted by (object, t, account, post).

    account, object, post: (n,) numbers; every act is its own post
    t: (n,) microseconds UTC, multiples of resolution_us
    born: (n_objects,) microseconds at which the object came to be, at or before every organic act on it
    author: (n_objects,) account that made the object, NONE where nobody of this world did
    people: facts about the accounts
    labels: account numbers by the name of what was planted: an operation, or a look-alike
    targets: object numbers by the same names
    end_us: when the world ends; operations keep to it as well
    follows: (e, 2) who follows whom: follower, followed; none where the world has no such graph
    reposts: (r, 2) which post repeats which, where somebody forwards: the post, the post it was taken from; pairs of
        posts that a later addition has replaced may stay
    """

    account: I32
    object: I32
    t: I64
    post: I32
    born: I64
    author: I32
    people: People
    end_us: int
    resolution_us: int = SECOND_US
    labels: dict[str, I32] = field(default_factory=dict)
    targets: dict[str, I32] = field(default_factory=dict)
    follows: I32 = field(default_factory=lambda: np.empty((0, 2), np.int32))
    reposts: I32 = field(default_factory=lambda: np.empty((0, 2), np.int32))

    def __len__(self) -> int:
        return len(self.t)

    @property
    def n_accounts(self) -> int:
        """Accounts, with or without acts."""
        return len(self.people.speed)

    @property
    def n_objects(self) -> int:
        """Objects, with or without acts."""
        return len(self.born)

    def arrays(self) -> TraceArrays:
        """The acts as the pair stage wants them. Ranks are account numbers: labels hold for them as they are.

        Accounts and objects without acts keep their number (and their id), unlike in `encode`.
        """
        ids = (numbered("a", self.n_accounts), numbered("o", self.n_objects))
        n_posts = int(self.post.max(initial=-1)) + 1
        return TraceArrays(self.account, self.object, self.post, self.t, *ids, numbered("p", n_posts))

    def table(self, trace: str = "repost") -> pa.Table:
        """The acts as a table of schema TRACES, sorted by its key, all of one kind of trace."""
        a = self.arrays()
        columns = [
            pa.repeat(trace, len(self)),
            a.account_ids.take(pa.array(a.account)),
            a.object_ids.take(pa.array(a.object)),
            pa.array(a.t),
            pa.repeat(pa.scalar(self.resolution_us, pa.int64()), len(self)),
            a.post_ids.take(pa.array(a.post)),
        ]
        return pa.table(columns, schema=TRACES.schema)

    def reposted(self) -> I32:
        """(n,) the account from which each act was forwarded, NONE where it was not, as data with reposts would say."""
        n_posts = int(max(self.post.max(initial=-1), self.reposts.max(initial=-1))) + 1
        by, source = np.full(n_posts, NONE, np.int32), np.full(n_posts, NONE, np.int32)
        by[self.post] = self.account
        source[self.reposts[:, 0]] = by[self.reposts[:, 1]]
        return source[self.post]

    def labelled(self) -> Flags:
        """(n_accounts,) which accounts carry any label."""
        out = np.zeros(self.n_accounts, np.bool_)
        for accounts in self.labels.values():
            out[accounts] = True
        return out

    def with_acts(self, keep: Flags, author: I32) -> World:
        """Some of the acts (keep: (n,)), and other authors of the objects."""
        kept = {c: getattr(self, c)[keep] for c in ("account", "object", "t", "post")}
        return replace(self, author=author, **kept)

    def with_label(self, name: str, accounts: I32, objects: I32 | None = None) -> World:
        """The same acts, with one more label. Raises ValueError where the name is taken."""
        if name in self.labels:
            raise ValueError(f"something is already labelled {name}; give this one another label")
        targets = self.targets if objects is None else self.targets | {name: np.sort(objects).astype(np.int32)}
        return replace(self, labels=self.labels | {name: np.sort(accounts).astype(np.int32)}, targets=targets)


def numbered(letter: str, n: int) -> pa.Array:
    """n ids, zero padded to at least 7 digits so that their byte order is the order of the numbers."""
    width = max(7, len(str(max(n - 1, 0))))
    digits = pc.utf8_lpad(pc.cast(pa.array(np.arange(n)), pa.string()), width=width, padding="0")
    return pc.binary_join_element_wise(pa.scalar(letter), digits, pa.scalar(""))
