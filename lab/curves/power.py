"""Power curves: how much of a planted operation each method finds, as one parameter of the plan changes.

Planted worlds, every organic cause on (`lab.simulator`). One parameter changes at a time, the others stay at
the base plan. Recall of accounts, and where a method calls pairs, of pairs; what is found beside the plan is counted.
docs/methods/limits.py asks another question: at which size a group becomes its own chance.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from lab.curves import trials
from lab.curves.sync import Together
from lab.curves.trials import Record
from lab.measure.analysis import FDR
from lab.measure.row import code
from lab.simulator import Amplifiers, Causes, Disposable, Plan, TaskSheet
from unisono.version import __version__

MIDDLE = Causes(n_accounts=2_500, n_objects=2_000, n_acts=55_000)
SMALL = Causes(n_accounts=1_500, n_objects=1_500, n_acts=30_000)


@dataclass(frozen=True)
class Method:
    """name: of its JSON; base: the plans by the name of their line; sweeps: values by parameter of the plan.

    trial(plan, causes, seed): what is found in one world. worlds: of each point, for every seed asked for; more where
    a world costs a fraction of a second.
    """

    name: str
    what: str
    causes: Causes
    base: dict[str, Any]
    sweeps: dict[str, tuple[float, ...]]
    trial: Callable[[Any, Causes, int], Record]
    worlds: int = 1


METHODS = (
    Method(
        "pairs", "pair tests, window 60 s", MIDDLE,
        {"viral": Plan(n_objects=8), "niche": Plan(n_objects=8, target="niche")},
        {"n_objects": (2, 3, 4, 6, 8, 12, 20), "fidelity": (0.2, 0.4, 0.6, 0.8, 1.0),
         "jitter_s": (15, 60, 120, 240, 600), "n_accounts": (3, 5, 8, 15, 30, 60)}, trials.pairs,
    ),
    Method(
        "selection", "selection test at one day; a task sheet on 20 days of 30", SMALL,
        {"task sheet": TaskSheet(items_per_day=2)},
        {"items_per_day": (1, 2, 5, 10, 20), "fidelity": (0.2, 0.4, 0.6, 0.8, 1.0), "n_days": (3, 5, 10, 20),
         "n_accounts": (3, 8, 15, 30)}, trials.selection,
    ),
    Method(
        "moments", "moments of 60 s; accounts that act once, on six viral objects", Causes(),
        {"any time": Disposable(180, 30), "busy time": Disposable(180, 30, moment="act")},
        {"per_moment": (5, 10, 15, 20, 25, 30, 40, 60), "width_s": (15, 30, 60, 90, 120, 240)}, trials.moments, 5,
    ),
    Method(
        "reactions", "reactions to one author among 300", Causes(), {"amplifiers": Amplifiers(n_posts=30)},
        {"median_s": (5, 10, 20, 40, 80, 160, 320), "n_posts": (3, 5, 10, 20, 30, 60),
         "fidelity": (0.1, 0.2, 0.4, 0.6, 0.8, 1.0), "n_amplifiers": (1, 3, 8, 15, 30, 60)}, trials.reactions, 5,
    ),
    Method(
        "synchrony", "synchrony at 1 s, no object in common", Causes(), {"together": Together()},
        {"n_moments": (2, 3, 5, 10, 20), "fidelity": (0.2, 0.4, 0.6, 0.8, 1.0), "width_s": (0, 1, 2, 5, 15, 60),
         "n_accounts": (3, 5, 8, 15, 30, 60)}, trials.synchrony, 5,
    ),
)  # fmt: skip


def curves(method: Method, n_seeds: int) -> Record:
    """What the JSON of a method holds: every panel (a parameter), line (a base plan) and point, with every seed."""
    seeds, known, sources = range(n_seeds * method.worlds), dict[tuple[Any, int], Record](), code()

    def point(plan: Any, x: float) -> Record:
        for seed in seeds:
            if (plan, seed) not in known:  # the base plan is a point of every panel
                known[plan, seed] = {"seed": seed, **method.trial(plan, method.causes, seed)}
        print(f"{method.name}: {plan}", file=sys.stderr, flush=True)
        return {"x": x, **means([known[plan, seed] for seed in seeds])}

    panels = [
        {
            "parameter": parameter,
            "lines": {name: [point(vary(base, parameter, x), x) for x in values] for name, base in method.base.items()},
        }
        for parameter, values in method.sweeps.items()
    ]
    return {
        "method": method.name, "what": method.what, "version": __version__, "code": sources, "fdr": FDR,
        "worlds": len(seeds),
        "world": asdict(method.causes), "base": {name: asdict(plan) for name, plan in method.base.items()},
        "panels": panels,
    }  # fmt: skip


def vary(plan: Any, parameter: str, x: float) -> Any:
    """The plan with one parameter set; of moments, the number of objects stays what it was."""
    if parameter == "per_moment":
        return replace(plan, per_moment=x, n_accounts=round(plan.n_accounts / plan.per_moment) * x)
    return replace(plan, **{parameter: x})


def means(records: list[Record]) -> Record:
    """Means over seeds of every route's shares and of what is found beside the plan; and the seeds."""
    kinds = ("accounts", "edges", "others")
    mean = {
        kind: {r: round(float(np.mean([x[kind][r] for x in records])), 4) for r in records[0][kind]} for kind in kinds
    }
    return mean | {"per_seed": records}
