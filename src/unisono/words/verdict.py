"""The first screen in words: what was found, what carries it, what else could explain it, and where to look first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from unisono.words.links import TESTS
from unisono.words.numbers import apart, count, listing, rate, whole_percent

MODEL = "this model of interest, activity, speed, hours and sittings"
RESTS = {
    "joint": "two accounts met on the same things, close in time, more often than the model explains",
    "timing": "accounts with many things in common touched them too close together in time",
    "reference": "things that hardly anybody else touched were shared faster than other things are",
    "crowd": "accounts acted in the same moments, beyond those that many share",
    "synchrony": "accounts acted in the same moments, beyond their own hours",
}  # fmt: skip
"""What a test found where it called a link, by the column `basis`."""
OPEN = {
    "newsroom_syndication": "newsrooms that share an agency or a publisher",
    "feed_relay": "relays of one feed",
    "fan_call": "fans who followed a call, or people who watched one event",
    "shared_exposure": "people who were shown the same post at the same moment",
    "times_filled_in": "times that a collector filled in",
    "forwarding": "followers who pass on what they are shown",
    "push": "people who received the same notification",
    "event": "people who watched the same event",
    "household": "people of one household or one office",
    "import": "posts that were imported together",
}  # fmt: skip
"""Open reasons to act together, by the finding that suggests them; others go by their own name."""
UNSEEN = (
    "Accounts that act seldom, slowly or only once are hardly seen: that an account is not listed here says nothing "
    "in its favour."
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def together(n_accounts: int, n_groups: int, n_first: int = 0) -> str:
    """What was found, in one sentence."""
    act = "acts" if n_accounts == 1 else "act"
    return f"In {count(n_groups, 'group')}, {apart(n_accounts, n_first)} {act} together more than {MODEL} explains."


def in_pairs(n_links: int) -> str:
    """The same where pairs form no group."""
    act = "acts" if n_links == 1 else "act"
    return f"{count(n_links, 'pair')} of accounts {act} together more than {MODEL} explains; no group comes of it."


def carried(by_test: Sequence[tuple[str, int]], n_links: int) -> str:
    """Which test carries it, and what that test found. by_test: (basis, linked pairs), the most frequent first."""
    if not by_test or not n_links:
        return ""
    (first, n), *others = by_test
    links = f"all {count(n_links, 'link')}" if n == n_links > 1 else f"{n:,} of {count(n_links, 'link')}"
    said = f"It rests on the {TESTS.get(first, first)} ({links if n_links > 1 else 'the one link'})"
    why = f": {RESTS[first]}." if first in RESTS else "."
    rest = listing([f"the {TESTS.get(b, b)} ({k:,})" for b, k in others])
    return f"{said}{why}" + (f" Other links rest on {rest}." if rest else "")


def open_reason(finding: str) -> str:
    """What a group may be, in a few words."""
    return OPEN.get(finding, finding.replace("_", " "))


def other(finding: str, n_groups: int, of: int, n_accounts: int) -> str:
    """The strongest other explanation: the one that fits the most accounts."""
    accounts = count(n_accounts, "account")
    if of == 1:
        fits = f"The group looks like that ({accounts})."
    else:
        fits = f"{n_groups:,} of {count(of, 'group')} ({accounts}) look{'s' if n_groups == 1 else ''} like that."
    return f"The strongest other explanation: {open_reason(finding)}. {fits}"


def first_look(ranks: Sequence[int], n_accounts: int, of: int) -> str:
    """Where to look first. ranks: of the groups that no open explanation fits."""
    if not ranks:
        return "Every group looks like something that is done openly: read its sentence first, then its posts."
    none = "No open explanation that we look for fits them" if len(ranks) > 1 else "No open explanation fits it"
    if len(ranks) == of > 1:
        return f"{none}; that excludes none. Begin with the strongest."
    named = listing([f"{r}" for r in ranks[:6]]) if len(ranks) <= 6 else f"{', '.join(map(str, ranks[:6]))} and more"
    groups = f"group {named}" if len(ranks) == 1 else f"groups {named}"
    return f"Look first at {groups} ({count(n_accounts, 'account')}). {none}; that excludes none."


def explained(groups: Sequence[tuple[int, int, Collection[str]]], looked_for: bool) -> Iterator[str]:
    """What else could explain it, and where to look first. groups: (rank, accounts, findings that were found);
    looked_for: whether open explanations could be looked for at all."""
    accounts: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for _, n, findings in groups:
        for finding in set(findings):
            accounts[finding] += n
            times[finding] += 1
    if accounts:
        finding = min(accounts, key=lambda f: (-accounts[f], f))
        yield other(finding, times[finding], len(groups), accounts[finding])
    if looked_for and groups:
        plain = [(rank, n) for rank, n, findings in groups if not findings]
        yield first_look([rank for rank, _ in plain], sum(n for _, n in plain), len(groups))


def wrong(fdr: float) -> str:
    """How many calls may be wrong."""
    return f"If the model holds, about {rate(fdr)} of calls are wrong on average over studies."


def who(kinds: Sequence[tuple[str, str, int]], n_accounts: int, known: int) -> str:
    """Of what kind the accounts are: (kind, platform, accounts), the most frequent first; known: accounts of those."""
    named = [("account" if k == "unknown" else k.replace("_", " "), p and f" on {p}", n) for k, p, n in kinds[:4]]
    more = ["others"] if len(kinds) > 4 else []
    if known < n_accounts or len(kinds) == 1:
        return listing([f"{k}s{p}" for k, p, _ in named] + more)
    return ", ".join([f"{count(n, k)}{p}" for k, p, n in named] + more)


def shared(members: int, n_accounts: int) -> str:
    """How many members touched a thing together: `12 of 43 accounts`."""
    return f"{members:,} of {count(n_accounts, 'account')}"


def hours(first: int, last: int, weekend: float) -> str:
    """Between which hours nine in ten posts fall (last is the hour after), and how many fall on weekends."""
    span = "at all hours" if last - first >= 20 else f"between {first:02}:00 and {last % 24:02}:00 UTC"
    return f"Nine in ten posts {span}; {whole_percent(weekend)} at weekends."


def at(weekday: int, hour: int, n: int) -> str:
    """One field of a heat map."""
    return f"{_DAYS[weekday]}, {hour:02}:00 UTC: {count(n, 'post')}"


def about(authors: Sequence[tuple[str, int]], n: int) -> str:
    """Whose posts it takes up. authors: (name, posts), the most frequent first; n: posts of anybody."""
    named = listing([f"{name} ({k:,})" for name, k in authors])
    return f"Reposts, quotes or answers {count(n, 'post')}, most often of {named}." if named else ""


def beside(linked: Sequence[tuple[int, int]], shares: Sequence[tuple[int, int]]) -> str:
    """Other groups that it is tied to: (rank, links) and (rank, common accounts)."""
    ties = [f"{count(n, 'link')} to group {r}" for r, n in linked[:3]]
    ties += [f"{count(n, 'account')} also in group {r}" for r, n in shares[:3]]
    said = listing(ties)
    return f"{said[0].upper()}{said[1:]}." if ties else "No link to another group."


def strength(n_links: int, least: int | None, q: str) -> str:
    """How sure a group is, for its card."""
    pairs = f"{count(n_links, 'linked pair')}"
    sure = (
        "; no single pair is certain" if least == 0 else f"; at least {least:,} not explained (95 %)" if least else ""
    )
    return f"{pairs}{sure}" + (f"; group q = {q}" if q else "")


def repeats(n_texts: int, n_posts: int, of: int) -> str:
    """Exact repeats. n_texts: texts that several accounts published; n_posts: posts with one of them."""
    if not n_texts:
        return "No text was published word for word by two accounts, reposts aside."
    were = "was" if n_texts == 1 else "were"
    return (
        f"{count(n_texts, 'text')} {were} published word for word by two accounts or more, reposts aside: "
        f"{n_posts:,} of {count(of, 'post')}."
    )
