"""The way in: `unisono`, and `python -m unisono`.

Nothing is imported here before it is guarded: while libraries are loaded a user may press Ctrl-C, and one of them ends
the process without a word where memory is capped.
"""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """Load the command line and run it; whatever goes wrong meanwhile is a sentence."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more are never used; where it gets less it interrupts us
    try:
        from unisono.cli import main as command
        from unisono.cli import memory

        plain = {"--help", "--version"} & set(sys.argv)
        if not plain and (what := memory.short(memory.LOAD)):
            _end(what, memory.REMEDY, 2)
        command()
    except KeyboardInterrupt:  # before the command's own guard stood, or after it
        _end("stopped", "the same command resumes", 130)
    finally:  # all is done and said: Ctrl-C while the interpreter takes itself down would make it look killed
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(what: str, remedy: str, status: int) -> None:
    sys.stderr.write(f"unisono: {what}\n  {remedy}\n")
    sys.stderr.flush()
    os._exit(status)  # libraries that were half loaded would complain on the way out


if __name__ == "__main__":
    main()
