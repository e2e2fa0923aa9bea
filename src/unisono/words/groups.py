"""What is said of a group, whether it was found or picked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unisono.clean.durations import format_duration, format_time
from unisono.words.links import CAVEAT, HELD_OUT
from unisono.words.numbers import apart, count, listing, small
from unisono.words.shown import short

LEVEL = "95 %"
"""Confidence of the lower bound on true links."""


MAY_BE_SHADOWED = "always first: may lead, be the source, or be shadowed"
"""Of a member that comes before all others; order cannot tell which."""


def always_first(names: Sequence[str], of: int) -> str:
    """Members that are counted apart. names: of those that are known, three of which are told; of: of how many."""
    told = list(names[:3])
    others = [count(of - len(told), "more" if told else "account", "more" if told else "accounts")]
    who = listing([*told, *(others if of > len(told) else [])])
    return (
        f"{who} {'is' if of == 1 else 'are'} {MAY_BE_SHADOWED}. Whoever copies an account's every act within seconds "
        "makes it look like this, so the links of such an account say nothing of it."
    )


def lead(
    n_accounts: int, n_first: int, n_edges: int, platforms: Sequence[str], what: Sequence[str], window_us: int,
    first_us: int, last_us: int,
) -> str:  # fmt: skip
    """The sentence that may be quoted. what: what its accounts have in common, such as "the same link"."""
    on = "" if list(platforms) == ["unknown"] else f" on {listing([short(p) for p in platforms[:6]])}"
    return (
        f"{apart(n_accounts, n_first)}{on} left the same traces within {format_duration(window_us)} of each other: "
        f"{listing(what)}. {count(n_edges, 'pair')} of them {'is' if n_edges == 1 else 'are'} linked: they did so more "
        f"often than this model explains, between {format_time(first_us)} and {format_time(last_us)}."
    )


def unexplained(least: int | None) -> str:
    """The lower bound in a few words."""
    if least is None:
        return ""
    return f"at least {count(least, 'pair')} that this model does not explain" if least else "no single link is certain"


def certain(least: int | None, n_accounts: int, n_edges: int) -> str:
    """The lower bound on true links as a sentence."""
    pairs = count(n_accounts * (n_accounts - 1) // 2, "pair")
    if least is None:
        return ""
    if not least:
        return f"No single link is certain, at {LEVEL}."
    return (
        f"At least {least:,} of its {pairs} {'is one' if least == 1 else 'are pairs'} that this model does not "
        f"explain, at {LEVEL}, whether called a link ({n_edges:,}) or not."
    )


def whole(q: float | None) -> str:
    """That the group as a whole is chance."""
    return "" if q is None else f"Group q-value: {small(q)}."


def core(n_core: int, n_joined: int) -> str:
    """Who is linked, and who only comes along."""
    linked = f"{n_core:,} directly linked {'account' if n_core == 1 else 'accounts'}"
    if not n_joined:
        return f"{linked}."
    its = "it comes" if n_joined == 1 else "they come"
    return (
        f"{linked}; {n_joined:,} joined: {its} within the bursts of the core too often for chance, without a link of "
        f"{'its' if n_joined == 1 else 'their'} own."
    )


def stability(share: float) -> str:
    """How much of it comes out again."""
    return (
        f"Stability {share:.2f}: how much of the group came out again, on average, when the grouping was repeated with "
        "other random starts (1 is the same members each time)."
    )


def line(
    rank: int, group_id: str, n_accounts: int, n_first: int, n_edges: int, least: int | None, q: float | None,
    traces: Sequence[str], first_us: int, last_us: int,
) -> str:  # fmt: skip
    """A group on one line."""
    facts = [apart(n_accounts, n_first), count(n_edges, "link"), unexplained(least)]
    sure = [] if q is None else [f"q = {small(q)}"]
    return (
        f"{rank}. group {group_id}: {', '.join(filter(None, facts + sure))} ({', '.join(traces)}), "
        f"{format_time(first_us)} to {format_time(last_us)}"
    )


SITTING = "a sitting ends with a pause of an hour"
UNLIKE = (
    "Nothing in its times and objects looks like shared newsrooms, a relayed feed, a fan call, posts shown to all at "
    "once, or filled-in times. That excludes none of them."
)
REFERENCE = f"Only in groups that were {HELD_OUT}."


def leaders(n_found: int, n_tested: int, n_accounts: int, sittings: int) -> str:
    """Whether anybody comes first, and how many could be asked. sittings: those that a member needs."""
    if not n_tested:
        return f"Not tested: no member acted with the group in {sittings} sittings or more ({SITTING})."
    of = (
        f"{n_tested:,} of {count(n_accounts, 'member')} acted with the group in {sittings} sittings or more "
        f"({SITTING}) and {'was' if n_tested == 1 else 'were'} tested"
    )
    return f"{of}." if n_found else f"No consistent leader ({n_tested:,} tested): {of}."


def beside_others(rank: int, finding: str, said: str) -> str:
    """A group beside matched groups of ordinary accounts. said: its number, theirs, and p."""
    return f"group {rank}: {finding.replace('_', ' ')}: {said}"


def by_hand(n: int, n_edges: int, n_alone: int, least: int, q: float) -> Iterator[str]:
    """Accounts that a reader picked. n_edges: pairs of them that are linked; n_alone: accounts without a link here."""
    pairs = n * (n - 1) // 2
    yield (
        f"{n:,} accounts, {count(pairs, 'pair')}: {n_edges:,} of them {'is' if n_edges == 1 else 'are'} linked; "
        f"{n_alone:,} of the accounts {'has' if n_alone == 1 else 'have'} no link among these."
    )
    yield (
        f"At least {least:,} of these {pairs:,} pairs are not explained by this model, at {LEVEL} (closed testing over "
        f"all pairs of the study, so a set picked by hand may be asked about). Group q-value: {small(q)}."
    )
    if not least:
        yield "0 says that nothing can be promised, not that nothing is there."
    yield CAVEAT
