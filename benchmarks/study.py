"""A whole run on a real operation: 806,523 posts, from Parquet to the report. Needs the shared data."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import peak_gb, tell

MAP = "account=author_id,time=publish_date,text=content,kind=post_type:R=repost,Q=quote,=post,lang=language"


def main() -> None:
    """`unisono run` in a process of its own."""
    data = Path(os.environ.get("UNISONO_DATA", Path(__file__).parents[2] / "shared" / "data"))
    source = data / "operations" / "ira_tweets.parquet"
    if not source.is_file():
        print(f"whole run not measured: {source} is not there (set UNISONO_DATA)")
        return
    with tempfile.TemporaryDirectory() as folder:
        begin, peak = time.perf_counter(), 0.0
        switches = ["--map", MAP, "--zone", "UTC", "--window", "10m", "--trace", "url,hashtag,text", "--quiet"]
        command = [sys.executable, "-m", "unisono", "run", str(source), "--out", folder, *switches]
        with subprocess.Popen(command) as run:
            while run.poll() is None:
                peak = max(peak, peak_gb(run.pid))
                time.sleep(0.1)
        if run.returncode:
            raise SystemExit(run.returncode)
        seconds = time.perf_counter() - begin
        size = (Path(folder) / "report.html").stat().st_size / 1e6
        tell("whole run, 806,523 posts", seconds=seconds, peak_gb=peak, report_mb=size)


if __name__ == "__main__":
    main()
