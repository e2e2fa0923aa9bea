"""One viral object: most pairs of a trace meet on it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View, codes, touch_counts

VIRAL = Question(
    "viral", "one_object_dominates",
    "nearly all pairs that can be seen meet on this object, which says little of any of them; margins learnt from it "
    "are those of one crowd, and fewer objects are left to tell pairs apart",
    "see the moments on it, and collect more objects",
)  # fmt: skip


def viral(view: View) -> Iterator[Row]:
    """The largest object of each trace: half of its touches, or nine tenths of its pairs."""
    for trace, rows in view.by_trace():
        size = touch_counts(codes(rows["object_id"]), codes(rows["account_id"])).astype(np.float64)
        touches = int(size.sum())
        shared = size[size >= 2]
        if touches < 100 or len(shared) < 2:
            why = f"{touches:,} touches of {len(shared)} objects shared; 100 and 2 are needed"
            yield VIRAL.unknown(why, touches, trace)
            continue
        top = float(size.max())
        pairs = top * (top - 1) / float((shared * (shared - 1)).sum())
        share = top / touches
        seen = (
            f"the largest object of {trace} has {top:,.0f} accounts: {percent(share)} of all touches, "
            f"{percent(pairs)} of the pairs that share anything"
        )
        if share >= 0.5 or pairs >= 0.9:
            yield VIRAL.found("warning", seen, max(share, pairs), touches, trace)
        else:
            yield VIRAL.absent(seen, max(share, pairs), touches, trace)
