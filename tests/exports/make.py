"""Small studies, written the way the pipeline writes them: synthetic accounts, token texts, brute force."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from unisono.exports.stage import write_exports
from unisono.study import Quiet, Settings, StageOutput, Study, open_study
from unisono.study.manifest import SourceRecord
from unisono.tables import TABLES

START = 1_614_834_000_000_000
S = 1_000_000
WINDOW = 60 * S

Rows = list[dict[str, Any]]
Build = Callable[..., Study]


def write_study(path: Path, *, notes: Iterable[str] = (), absent: Iterable[str] = (), **tables: Rows) -> Study:
    """A study with these rows; tables that are not given are empty, those in `absent` are not there."""
    study = open_study(path, create=True)

    def make(out: StageOutput) -> None:
        for name in (
            "events",
            "accounts",
            "rejects",
            "traces",
            "pairs",
            "edges",
            "evidence",
            "groups",
            "members",
            "sequences",
            "moments",
            "co_actors",
            "reactions",
            "profiles",
            "calibration",
            "checks",
            *(["synchrony"] if "synchrony" in tables else []),
        ):
            if name in absent:
                continue
            with out.table(TABLES[name]) as writer:
                writer.write_sorted(_table(name, tables.get(name, [])))
        for note in notes:
            out.note(note)
        n = len(tables.get("events", tables.get("traces", [])))
        out.sources = {
            "posts.csv": SourceRecord(
                sha256="0" * 64,
                bytes=1,
                format="table",
                rows=n + 3,
                kept=n,
                rejects={"bad_time": 2, "no_account": 1},
            )
        }

    study.stage("everything", needs=[], settings={}, make=make)
    return study


def _table(name: str, rows: Rows) -> pa.Table:
    schema = TABLES[name].schema
    return pa.table({f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in schema})


def group_id(accounts: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{a}\n" for a in sorted(accounts)).encode()).hexdigest()[:12]


def derive(traces: Rows, groups: list[list[str]], window: int = WINDOW) -> dict[str, Rows]:
    """Edges, evidence, groups and members of traces, by brute force."""
    found: dict[tuple[str, str, str], Rows] = defaultdict(list)
    by_object: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in traces:
        by_object[row["trace"], row["object_id"]].append(row)
    for (trace, thing), rows in sorted(by_object.items()):
        rows = sorted(rows, key=lambda r: (r["account_id"], r["t_us"]))
        close = sum(abs(a["t_us"] - b["t_us"]) <= window for a, b in itertools.combinations(rows, 2))
        q = close / max(len(rows) * (len(rows) - 1) / 2, 1)
        for a, b in itertools.combinations(rows, 2):
            if a["account_id"] != b["account_id"] and abs(a["t_us"] - b["t_us"]) <= window:
                found[trace, a["account_id"], b["account_id"]].append(
                    {"object_id": thing, "event_a": a["event_id"], "event_b": b["event_id"], "t_a": a["t_us"],
                     "t_b": b["t_us"], "lag_us": b["t_us"] - a["t_us"], "q_o": q}
                )  # fmt: skip
    edges, evidence = [], []
    for (trace, a, b), rows in found.items():
        key = {"trace": trace, "window_us": window, "account_a": a, "account_b": b}
        n, times = len({r["object_id"] for r in rows}), [t for r in rows for t in (r["t_a"], r["t_b"])]
        if n >= 2:
            lags = sorted(r["lag_us"] for r in rows)
            edges.append(
                key | {
                    "n_objects": n, "n_pairs": len(rows), "n_events_a": n, "n_events_b": n, "n_first": n,
                    "n_occasions": len(rows), "n_days": len({t // 86_400_000_000 for t in times}),
                    "first_us": min(times), "last_us": max(times),
                    "median_lag_us": lags[(len(lags) - 1) // 2],
                    "a_first": 0.5, "is_edge": n >= 3, "n_evidence": len(rows),
                    **tested(n, called=n >= 3),
                }
            )  # fmt: skip
            evidence += [key | r for r in rows if n >= 3]
    return {"edges": combined(edges) + edges, "evidence": evidence} | _gather(groups, edges)


N_TESTS = 12_345


def tested(n: int, called: bool) -> dict[str, Any]:
    """What the tests might say of a pair with n coincidences."""
    q = 10.0**-n if called else 1.0
    return {
        "expected": 0.02, "expected_timing": 0.5, "p_joint": q / 10, "p_timing": 0.004, "p_selection": 0.3, "p": q / 10,
        "n_tests": N_TESTS, "q": q, "basis": "joint" if called else None, "status": "tested",
    }  # fmt: skip


def combined(edges: Rows) -> Rows:
    """The rows of trace 'all': one per pair, its pair columns empty."""
    pairs: dict[tuple[str, str], Rows] = defaultdict(list)
    for e in edges:
        pairs[e["account_a"], e["account_b"]].append(e)
    return [
        {"trace": "all", "window_us": 0, "account_a": a, "account_b": b, "p": min(e["p"] for e in rows),
         "q": min(e["q"] for e in rows), "n_tests": N_TESTS, "is_edge": any(e["is_edge"] for e in rows),
         "status": "tested"}
        for (a, b), rows in pairs.items()
    ]  # fmt: skip


def _gather(groups: list[list[str]], edges: Rows) -> dict[str, Rows]:
    rows, members = [], []
    for accounts in groups:
        inside = [e for e in edges if e["is_edge"] and {e["account_a"], e["account_b"]} <= set(accounts)]
        key, total = group_id(accounts), 2 * sum(e["n_objects"] for e in inside) or 1
        for account in accounts:
            own = sum(e["n_objects"] for e in inside if account in (e["account_a"], e["account_b"]))
            members.append({"group_id": key, "account_id": account, "evidence_mass": own / total, "q": 1e-4,
                            "role": "core" if own else "joined"})  # fmt: skip
        rows.append({
            "group_id": key, "traces": sorted({e["trace"] for e in inside}), "n_accounts": len(accounts),
            "n_edges": len({(e["account_a"], e["account_b"]) for e in inside}), "stability": 0.97,
            "q": 2e-5, "true_edges_at_least": len(inside) // 2,
            "first_us": min((e["first_us"] for e in inside), default=0),
            "last_us": max((e["last_us"] for e in inside), default=0), "mass": total,
        })  # fmt: skip
    rows.sort(key=lambda r: (-r["mass"], r["group_id"]))
    return {"groups": [r | {"rank": i + 1} for i, r in enumerate(rows)], "members": members}


def scenario(seed: int = 1, sizes: tuple[int, ...] = (6, 5), objects: int = 14, outsiders: int = 10) -> dict[str, Any]:
    """Groups that post the same link or text within a minute, and outsiders who do so hours later."""
    draw = random.Random(seed)
    teams = [[f"{'x' if i % 3 else 'telegram'}/{g}{i:03}" for i in range(n)] for g, n in enumerate(sizes)]
    crowd = [f"x/9{i:03}" for i in range(outsiders)]
    words = ["".join(draw.choices("abdeiklmnorstuvz", k=draw.randint(2, 8))) for _ in range(300)]
    events: Rows = []
    traces: Rows = []

    def post(account: str, trace: str, thing: str, text: str, t: int) -> None:
        event = f"{account.split('/')[0]}/e{len(events):06}"
        events.append({
            "event_id": event, "platform": account.split("/")[0], "account_id": account, "t_us": t,
            "t_basis": "platform", "t_resolution_us": S, "kind": "post", "text": text, "lang": "en",
            "permalink": f"https://example.org/{event}", "source_file": "posts.csv",
            "source_line": len(events),
        })  # fmt: skip
        traces.append({"trace": trace, "account_id": account, "object_id": thing, "t_us": t, "event_id": event})

    for g, team in enumerate(teams):
        for o in range(objects):
            trace, t0 = ("url", "text")[(g + o) % 2], START + draw.randrange(10 * 86400) * S
            text = " ".join(draw.choices(words, k=draw.randint(6, 30)))
            thing = f"https://site{g}.example/{o}" if trace == "url" else text
            for account in draw.sample(team, max(3, int(len(team) * draw.uniform(0.3, 0.9)))):
                post(
                    account,
                    trace,
                    thing,
                    f"{text} https://site{g}.example/{o}",
                    t0 + int(draw.expovariate(1 / 12)) * S,
                )
            for account in draw.sample(crowd, min(o % 4, len(crowd))):
                post(account, trace, thing, text, t0 + draw.randrange(3600, 40000) * S)
    accounts = [
        {"account_id": a, "observed_us": START, "platform": a.split("/")[0],
         "kind": ("person", "page")[i % 5 == 0],
         "handle": f"{words[i % 300]}{i}", "name": words[(i * 7) % 300].title()}
        for i, a in enumerate(itertools.chain(*teams, crowd))
    ]  # fmt: skip
    return {"events": events, "traces": traces, "accounts": accounts, "teams": teams}


def whole(made: dict[str, Any]) -> dict[str, Rows]:
    """All tables of a scenario."""
    rows = {k: v for k, v in made.items() if k != "teams"}
    return rows | derive(made["traces"], made["teams"])


def export(study: Study, settings: Settings | None = None) -> Study:
    """Run the report stage."""
    used = settings or Settings(sources=("posts.csv",))
    study.stage("report", needs=["groups"], uses=tuple(TABLES), settings=used.part("known", "spreadsheet", "seed"),
                make=lambda out: write_exports(study, used, out, Quiet()))  # fmt: skip
    return study
