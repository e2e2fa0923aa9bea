"""CooRTweet's documented filter and edge weights, from our traces and our evidence for all pairs."""

from __future__ import annotations

import pandas as pd


def edges(traces: pd.DataFrame, evidence: pd.DataFrame, min_participation: int) -> pd.DataFrame:
    """CooRTweet 2.1.3: detect_groups(min_participation) and the weights of generate_coordinated_network.

    traces: account_id, object_id, event_id, as CooRTweet's input rows. evidence: every co-action of every pair.
    An account takes part with at least `min_participation` rows; then rows whose post is in some pair are
    counted per account over all partners, and a pair stays if either side has enough of them.
    """
    rows = traces.groupby("account_id").size()
    busy = set(rows[rows >= min_participation].index)
    found = evidence[evidence.account_a.isin(busy) & evidence.account_b.isin(busy)]
    loops = (found.object_id == found.event_a) | (found.object_id == found.event_b)
    found = found[~loops]
    posts = set(found.event_a) | set(found.event_b)
    kept = traces[traces.account_id.isin(busy) & traces.event_id.isin(posts)].groupby("account_id").size()
    enough = set(kept[kept >= min_participation].index)
    found = found[found.account_a.isin(enough) | found.account_b.isin(enough)]
    return found.groupby(["account_a", "account_b"]).size().rename("weight").reset_index()
