"""Whole studies, as a user runs them: stage by stage, CPU and wall seconds, with the bars beside.

`python -m benchmarks.study` runs every row but the longest; `python -m benchmarks.study demo german` runs some.
Each row is the command line itself in a process of its own; its stages are timed where the pipeline begins them.
A cold row starts with no compiled kernel. CPU is user and system time, of children too. Close other programs first:
wall figures mean nothing beside other work, CPU figures little changed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv

from benchmarks.measure import peak_gb, tell

AFTER_PAIR = ("test", "calibrate", "group", "moment", "react", "profile", "check", "report")
"""The price of proof: what is done once the pairs are known."""
IRA = "account=author_id,time=publish_date,text=content,kind=post_type:R=repost,Q=quote,=post,lang=language"
GERMAN = "account=account_id,time=timestamp,event=post_id,object:url=url_id,object:hashtag=hashtag_id"
POSTS = "id=id,account=author,time=created,text=text,lang=lang,kind=kind,repost_of=repost_of"
BLOCK = 500_000


@dataclass(frozen=True)
class Row:
    """One study. bars: the most CPU seconds of the whole, and of what comes after `pair`; wall seconds; GB."""

    name: str
    switches: tuple[str, ...]
    source: str | None = None
    posts: int = 0
    cold: bool = False
    cpu: float = math.inf
    after_pair: float = math.inf
    wall: float = math.inf
    gb: float = math.inf
    long: bool = False


ROWS = (
    Row("demo", ("demo",), cpu=7),
    Row("demo-cold", ("demo",), cold=True, cpu=40),
    Row("german", ("run", "--as", "traces", "--map", GERMAN, "--time-format", "unix"),
        "reference/coortweet_german_elections.parquet", cpu=10, after_pair=6),
    Row("ira", ("run", "--map", IRA, "--zone", "UTC", "--window", "10m", "--trace", "url,hashtag,text"),
        "operations/ira_tweets.parquet", cpu=100, wall=75),
    Row("csv-1m", ("run", "--map", POSTS, "--zone", "UTC", "--platform", "x"), posts=1_000_000, cpu=25, after_pair=12),
    Row("csv-10m", ("run", "--map", POSTS, "--zone", "UTC", "--platform", "x"), posts=10_000_000, wall=720, gb=6,
        long=True),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a run took: by stage (CPU, wall) seconds, `start` being imports and arguments and `end` the story."""

    stages: dict[str, tuple[float, float]]
    gb: float

    def of(self, names: tuple[str, ...]) -> float:
        """CPU seconds of some stages."""
        return sum(self.stages[n][0] for n in names if n in self.stages)

    def total(self) -> tuple[float, float]:
        """CPU and wall seconds."""
        return sum(c for c, _ in self.stages.values()), sum(w for _, w in self.stages.values())


def main() -> None:
    """The rows asked for; every warm row runs after one that compiles what it needs."""
    if sys.argv[1:2] == ["run-one"]:
        run_one(Path(sys.argv[2]), sys.argv[3:])
        return
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(r.name for r in ROWS))
    ask.add_argument("--keep", type=Path, help="folder in which the studies are left")
    ask.add_argument("--once", action="store_true", help="do not run a row twice to have its kernels compiled")
    given = ask.parse_args()
    if unknown := set(given.rows) - {r.name for r in ROWS}:
        ask.error(f"there is no row {', '.join(sorted(unknown))}")
    seen: dict[str, Seen] = {}
    for row in (r for r in ROWS if (r.name in given.rows if given.rows else not r.long)):
        with contextlib.ExitStack() as stack:
            folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            result = measure(row, folder, given.once)
        if result:
            seen[row.name] = result
            show(row, result)
    if {"csv-1m", "csv-10m"} <= seen.keys():
        small, large = seen["csv-1m"].stages, seen["csv-10m"].stages
        grows = {s: math.log10(large[s][0] / small[s][0]) for s in small if small[s][0] > 0.5}
        tell("growth from 1 M to 10 M posts, exponent of CPU by stage (at most 1.05)", **grows)


def measure(row: Row, folder: Path, once: bool) -> Seen | None:
    """Run a row; None where its data is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    source = find_source(row, folder)
    if source is None and row.source:
        print(f"{row.name} not measured: {row.source} is not in the shared data (set UNISONO_DATA)")
        return None
    kernels = folder / f"{row.name}-kernels"
    for k in range(1 if once or row.cold else 2):
        out = folder / f"{row.name}-{k}"
        command = [*row.switches[:1], *([str(source)] if source else []), *row.switches[1:], "--out", str(out)]
        result = run(command, folder / f"{row.name}.times", kernels if row.cold or not once else None)
    return result


def find_source(row: Row, folder: Path) -> Path | None:
    """The row's file: of the shared data, or made."""
    if row.source:
        data = Path(os.environ.get("UNISONO_DATA", Path(__file__).parents[2] / "shared" / "data"))
        return data / row.source if (data / row.source).is_file() else None
    if not row.posts:
        return None
    path = folder / f"posts-{row.posts}.csv"
    if not path.is_file():
        make = f"from benchmarks.study import write_posts; write_posts({str(path)!r}, {row.posts})"
        subprocess.run([sys.executable, "-c", make], check=True)
    return path


def write_posts(path: str, n: int) -> None:
    """Posts of `benchmarks.readers` as CSV; links, hashtags and mentions stand in their texts alone."""
    from benchmarks.readers import COLUMNS, posts

    def blocks() -> Iterator[pyarrow.Table]:
        rows = posts(n)
        for _ in range(0, n, BLOCK):
            block = [r for _, r in zip(range(BLOCK), rows, strict=False)]
            yield pyarrow.table({c: [r[c] for r in block] for c in COLUMNS})

    made = blocks()
    first = next(made)
    with pyarrow.csv.CSVWriter(path, first.schema) as writer:
        writer.write_table(first)
        for block in made:
            writer.write_table(block)


def run(command: list[str], times: Path, kernels: Path | None) -> Seen:
    """`unisono COMMAND` in a process of its own. kernels: where compiled ones are kept, if not beside the source."""
    times.unlink(missing_ok=True)
    environment = dict(os.environ)
    if kernels:
        environment["NUMBA_CACHE_DIR"] = str(kernels)
    whole = [sys.executable, "-m", "benchmarks.study", "run-one", str(times), *command, "--quiet"]
    begin, gb = time.perf_counter(), 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(whole, env=environment) as process:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                gb = max(gb, peak_gb(process.pid))
            time.sleep(0.1)
    if process.returncode:
        raise SystemExit(process.returncode)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    stages = {k: tuple(v) for k, v in json.loads(times.read_text()).items()}
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent = Seen(stages, gb).total()
    stages["end"] = (cpu - spent[0], wall - spent[1])
    return Seen(stages, gb)


def run_one(times: Path, command: list[str]) -> None:
    """The command line, with every stage timed; what is spent before and between stages is `start`."""
    begin = time.perf_counter()
    from unisono import cli, pipeline

    took = {"start": [0.0, 0.0]}
    stage_itself, last = pipeline.run_stage, [0.0, begin]

    def lap(name: str) -> None:
        now = [cpu_seconds(), time.perf_counter()]
        took[name] = [
            sum(x) for x in zip(took.get(name, [0.0, 0.0]), (now[0] - last[0], now[1] - last[1]), strict=True)
        ]
        last[:] = now
        times.write_text(json.dumps(took))

    def timed(name: str, *rest: object) -> bool:
        lap("start")
        try:
            return stage_itself(name, *rest)  # type: ignore[arg-type]
        finally:
            lap(name)

    pipeline.run_stage = timed  # type: ignore[assignment]
    sys.argv = ["unisono", *command]
    cli.main()


def cpu_seconds() -> float:
    """User and system seconds of this process and of its children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


def show(row: Row, seen: Seen) -> None:
    """A line per stage, then the totals beside their bars."""
    cpu, wall = seen.total()
    print(f"\n{row.name}: {' '.join(row.switches)}  ({os.cpu_count()} cores)")
    for name, (c, w) in seen.stages.items():
        print(f"  {name:<12}{c:>9.2f} CPU s{w:>9.2f} s")
    told = (("whole", cpu, row.cpu, "CPU s"), ("after pair", seen.of(AFTER_PAIR), row.after_pair, "CPU s"),
            ("wall", wall, row.wall, "s"), ("peak", seen.gb, row.gb, "GB"))  # fmt: skip
    for name, value, bar, unit in told:
        beside = "" if math.isinf(bar) else f"   bar {bar:g}{'' if value <= bar else '   MISSED'}"
        print(f"  {name:<12}{value:>9.2f} {unit}{beside}", flush=True)


if __name__ == "__main__":
    main()
