"""CooRTweet on its own Russian set, where R has it: the same pairs with the same weights; else it says so.

Its filter (accounts with two rows in pairs) and its weights are derived from our evidence as in `tests/peers`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq

import unisono
from benchmarks import THREADS
from benchmarks.measure import repeated, tell
from tests.peers.coortweet import edges

W, MIN_PARTICIPATION = 60, 2
_SCRIPT = """
suppressMessages(library(CooRTweet)); data.table::setDTthreads({threads})
x <- read.csv("{rows}", colClasses = c("character", "character", "character", "numeric"))
took <- system.time(r <- detect_groups(x, time_window = {w}, min_participation = {n}, remove_loops = TRUE))
a <- pmin(r$account_id, r$account_id_y); b <- pmax(r$account_id, r$account_id_y)
write.csv(aggregate(list(weight = rep(1, length(a))), list(a = a, b = b), sum), "{out}", row.names = FALSE)
cat(took["elapsed"])
"""


def main() -> None:
    """Skipped without R, without CooRTweet or without the data."""
    data = Path(os.environ.get("UNISONO_DATA", Path(__file__).parents[2] / "shared" / "data")) / "reference"
    source = data / "coortweet_russian.parquet"
    if not installed():
        print("CooRTweet not compared: R with CooRTweet is not installed")
    elif not source.is_file():
        print(f"CooRTweet not compared: {source} is not there (set UNISONO_DATA)")
    else:
        compare(source)


def installed() -> bool:
    """Whether Rscript finds CooRTweet."""
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(CooRTweet)"], capture_output=True, check=False).returncode == 0


def compare(source: Path) -> None:
    """Pairs in 60 s of both, equal weights, and the ratio of detecting them."""
    traces = unisono.read([source], format="coortweet")["traces"]
    pairs, ours = repeated(lambda: unisono.pair(traces, f"{W}s", min_objects=1, threads=THREADS), 5)
    found = edges(traces.to_pandas(), unisono.evidence(pairs, traces).to_pandas(), MIN_PARTICIPATION)
    with tempfile.TemporaryDirectory() as folder:
        rows, out = Path(folder) / "rows.csv", Path(folder) / "pairs.csv"
        columns = ["object_id", "account_id", "content_id", "timestamp_share"]
        pyarrow.csv.write_csv(pq.read_table(source, columns=columns), rows)
        script = _SCRIPT.format(rows=rows, out=out, w=W, n=MIN_PARTICIPATION, threads=THREADS)
        took = subprocess.run(["Rscript", "-e", script], capture_output=True, check=True, text=True).stdout
        types = {"a": "string", "b": "string"}
        theirs = pyarrow.csv.read_csv(out, convert_options=pyarrow.csv.ConvertOptions(column_types=types)).to_pylist()
    expected = {(r["a"], r["b"]): r["weight"] for r in theirs}
    if {(r.account_a, r.account_b): r.weight for r in found.itertuples()} != expected:
        raise SystemExit("CooRTweet, Russian set: the weights differ")
    ratios = [round(float(took) / s, 1) for s in (ours.wall[-1], ours.wall[0])]
    tell("CooRTweet, Russian set", pairs=len(expected), ours=ours.told(), theirs=float(took), ratio=ratios)


if __name__ == "__main__":
    main()
