"""How it was collected: by a query, from a list of accounts, or only those already suspected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import numpy as np

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View, codes, touch_counts
from unisono.maths.sorting import distinct

NEARLY_ALL = 0.9
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset({"that", "this", "with", "from", "have", "http", "https", "para", "como", "nicht", "pour", "dans"})
_FEW, _MIDDLING = 0.1, 20
"""Lists of accounts on real data (Telegram channels, the IRA, bloggers): 0 to 2.4 % have one post or two, the middling
one 100 and more. What a query or a platform gives (X, VK, code): 30 to 96 %, and 1 to 10 posts."""
_LONG = 60
"""Words of a middling post from which any frequent word of a language is in nearly all of them."""

QUERY = Question(
    "collected", "by_query",
    "what all posts share is no sign of anything; accounts are seen only when they use it, so their other acts, and "
    "how active they are, are not known",
    "leave out the trace that the query fixes (the setting `trace`), or collect the accounts' other posts too",
)  # fmt: skip
ACCOUNTS = Question(
    "collected", "by_account_list",
    "the crowd that also shared the same things is missing, so objects look rarer than they are and the expected "
    "coincidences are too few",
    "add posts of others on the same objects, or compare with another study (the setting `control`)",
)  # fmt: skip
POSITIVES = Question(
    "collected", "positives_only",
    "the selection and the joint null have no organic background to learn from; the timing null still stands, given "
    "who shared what",
    "add ordinary accounts of the same place, language and time, or compare with another study (the setting `control`)",
)  # fmt: skip


def collected(view: View) -> Iterator[Row]:
    """Query, account list, positives only."""
    yield _by_query(view)
    yield _by_list(view)
    yield from _positives(view)


def _by_query(view: View) -> Row:
    texts = [t or "" for t in view.texts["text"].to_pylist()]
    sizes = [len(t.split()) for t in texts if t]
    if len(sizes) < 100:
        return QUERY.unknown(f"{len(sizes):,} posts with a text, and 100 are needed", len(sizes))
    counts: Counter[str] = Counter()
    words = float(np.median(sizes)) <= _LONG
    for text, tags, urls in zip(texts, *(view.texts[c].to_pylist() for c in ("hashtags", "urls")), strict=True):
        counts.update(_marks(text if words else "", tags or (), urls or ()))
    mark, n = min(counts.items(), key=lambda x: (-x[1], x[0]), default=("nothing", 0))
    share = n / len(texts)
    seen = f"{mark} is in {percent(share)} of {len(texts):,} posts looked at"
    if share >= NEARLY_ALL:
        return QUERY.found("warning", seen, share, len(texts))
    return QUERY.absent(f"most common: {seen}", share, len(texts))


def _marks(text: str, tags: Iterable[str], urls: Iterable[str]) -> set[str]:
    """What one post would be found by: its words, tags and sites."""
    found = {f"the word {w}" for w in _WORD.findall(text.casefold()) if w not in _COMMON}
    return found | {f"the tag #{t.casefold()}" for t in tags} | {f"the site {s}" for u in urls if (s := _site(u))}


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _by_list(view: View) -> Row:
    if view.n_accounts < 10:
        return ACCOUNTS.unknown(f"{view.n_accounts} accounts, and 10 are needed", view.n_accounts)
    posts = np.bincount(view.account)
    few, middling = float(np.mean(posts <= 2)), float(np.median(posts))
    seen = (
        f"{view.n_accounts:,} accounts, the middling one with {middling:,.0f} posts, and {percent(few)} with one or two"
    )
    if few < _FEW and middling >= _MIDDLING:
        return ACCOUNTS.found("warning", seen, few, view.n_accounts)
    return ACCOUNTS.absent(seen, few, view.n_accounts)


def _positives(view: View) -> Iterator[Row]:
    if view.linked is not None and view.n_accounts >= 10:
        share = min(1.0, view.linked / view.n_accounts)
        seen = f"{view.linked:,} of {view.n_accounts:,} accounts are linked"
        over = share >= 0.8
        yield (
            POSITIVES.found("stops_a_test", seen, share, view.n_accounts)
            if over
            else POSITIVES.absent(seen, share, view.n_accounts)
        )
    for trace, rows in view.by_trace():
        account, thing = codes(rows["account_id"]), codes(rows["object_id"])
        n, size = len(distinct(account)), touch_counts(thing, account)
        shared = size[size >= 2]
        if n < 5 or len(shared) < 10:
            why = f"{n} accounts and {len(shared)} objects of two accounts or more; 5 and 10 are needed"
            yield POSITIVES.unknown(why, n, trace)
            continue
        broad = float(np.mean(shared >= n / 2))
        seen = f"{percent(broad)} of {len(shared):,} objects that are shared at all are shared by half of the accounts"
        if broad >= 0.5:
            yield POSITIVES.found("stops_a_test", seen, broad, n, trace)
        else:
            yield POSITIVES.absent(seen, broad, n, trace)
