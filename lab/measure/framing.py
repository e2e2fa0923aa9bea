"""Row 17: accounts that shadow a bystander must not make it a suspect; and no true member is counted apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from lab.measure.analysis import find
from lab.measure.cases import PLANNED, named
from lab.measure.mixed import BARS, kinds
from lab.measure.row import Record, Row
from unisono.groups.framing import order_of
from unisono.pairs.arrays import UNKNOWN
from unisono.pairs.sittings import sittings_in

FRAMED = ("shadows of a bystander", "shadows of three")
CELLS = (*FRAMED, *BARS)
PRECISION, RECALL, MARKED, WRONGLY = 0.95, 0.90, 0.95, 0.05


def one(cell: str, seed: int) -> Record:
    """Who is called in a group, and who of them is marked as always first."""
    world, (_, label, window_us) = named(cell, seed), PLANNED[cell]
    arrays = world.arrays()
    found = find(arrays, window_us)
    kind = kinds(world, label)
    groups = [np.union1d(g, e) for g, e in zip(found.groups, found.extended, strict=True)]
    accounts = np.concatenate([np.empty(0, np.int64), *groups])
    members = pa.table({
        "group_id": pa.array(np.repeat(np.arange(len(groups)), [len(g) for g in groups]).astype(str), pa.string()),
        "account_id": arrays.account_ids.take(pa.array(accounts)),
    })  # fmt: skip
    unknown = np.full(len(arrays), UNKNOWN)
    order = order_of(members, {"x": [window_us]}, lambda trace: (arrays, unknown), sittings_in(world.table()))
    called, marked = np.unique(accounts), np.unique(accounts[order.always_first])
    out: Record = {
        "true": int((kind[called] == 1).sum()), "false": int((kind[called] == 0).sum()),
        "planted": int((kind == 1).sum()), "true_marked": int((kind[marked] == 1).sum()),
    }  # fmt: skip
    if cell in FRAMED:
        bystanders = world.labels["bystander"]
        out |= {"bystanders": int(np.isin(called, bystanders).sum()), "marked": int(np.isin(marked, bystanders).sum())}
        out["false"] = int((kind[np.setdiff1d(called, bystanders)] == 0).sum())
    return out


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Shadows called, bystanders among the called that are marked, true members of plans that are marked."""
    framed = [r for r in records if r["cell"] in FRAMED]
    plans = [r for r in records if r["cell"] not in FRAMED]
    seen: Record = {}
    holds = True
    if framed:
        true, false = (sum(r[k] for r in framed) for k in ("true", "false"))
        inside, marked = (sum(r[k] for r in framed) for k in ("bystanders", "marked"))
        seen["shadows"] = {
            "worlds": len(framed), "precision": round(true / max(true + false, 1), 4),
            "recall": round(true / sum(r["planted"] for r in framed), 4), "bystanders_called": inside,
            "bystanders_marked": marked,
        }  # fmt: skip
        holds &= seen["shadows"]["precision"] >= PRECISION and seen["shadows"]["recall"] >= RECALL
        holds &= marked >= MARKED * inside
    if plans:
        true, marked = (sum(r[k] for r in plans) for k in ("true", "true_marked"))
        seen["plans"] = {"worlds": len(plans), "members": true, "marked": marked}
        holds &= marked <= WRONGLY * true
    return seen, bool(holds) if framed and plans else None


ROW = Row(
    17, "framing: bystanders whose acts are copied within seconds; and the members of the plans of row 15",
    "simulated, 2,000 accounts, 1,500 objects: 10 accounts shadow one or three others on 20 objects, 5 to 50 s later",
    "shadows called .95/.90; bystanders among the called marked in >= 95 %; true members marked <= 5 %",
    CELLS, 50, one, judge,
)  # fmt: skip
