"""A whole run on a real operation: 806,523 posts, from Parquet to the report. Needs the shared data."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import tell

MAP = "account=author_id,time=publish_date,text=content,kind=post_type:R=repost,Q=quote,=post,lang=language"


def main() -> None:
    """`unisono run` in a process of its own."""
    data = Path(os.environ.get("UNISONO_DATA", Path(__file__).parents[2] / "shared" / "data"))
    source = data / "operations" / "ira_tweets.parquet"
    if not source.is_file():
        print(f"whole run not measured: {source} is not there (set UNISONO_DATA)")
        return
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "unisono", "run", str(source), "--map", MAP, "--zone", "UTC", "--window", "10m",
             "--trace", "url,hashtag,text", "--out", folder, "--quiet"],
            check=True,
        )  # fmt: skip
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
        tell(
            "whole run, 806,523 posts",
            seconds=seconds,
            peak_gb=peak,
            report_mb=(Path(folder) / "report.html").stat().st_size / 1e6,
        )


if __name__ == "__main__":
    main()
