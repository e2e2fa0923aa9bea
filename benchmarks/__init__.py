"""Speed, measured against what a user would pick instead, on the same input in the same run."""

import os

THREADS = 2
"""Of everybody; polars reads its own when it is imported."""
os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))
