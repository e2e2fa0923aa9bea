"""The way in: `unisono`, and `python -m unisono`.

Nothing is imported here before it is guarded: loading the numerical libraries takes a second or more, in which a user
may press Ctrl-C, and ends in the abort of one of them where memory is capped.
"""

from __future__ import annotations

import os
import sys

STOPPED = 130
"""Exit status of a command that was interrupted."""
LEAST = 1 << 30
"""Address space in bytes without which the libraries cannot even be loaded (measured: 0.9 GB)."""


def main() -> None:
    """Load the command line and run it; whatever goes wrong meanwhile is a sentence."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it is never asked for more, and interrupts us if it gets less
    try:
        if room() < LEAST:
            _end(f"there is too little memory to start: a process may have {room() >> 20:,} MB here", _CAP, 2)
        from unisono.cli import main as command
    except KeyboardInterrupt:
        _end("stopped", "nothing was begun", STOPPED)
    except (MemoryError, ImportError, OSError) as e:
        if isinstance(e, ModuleNotFoundError):
            raise
        _end(f"its libraries cannot be loaded ({' '.join(str(e).split())})", _CAP, 1)
    command()


_CAP = "raise the cap (ulimit -v) or the container's memory; 4 GB are enough for a million posts"


def room() -> int:
    """Bytes that this process may still ask for: what its own cap leaves. Very large where there is none."""
    try:
        import resource

        cap = resource.getrlimit(resource.RLIMIT_AS)[0]
        with open("/proc/self/statm", encoding="ascii") as f:
            used = int(f.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):  # no such cap, or no such file, on this system
        return sys.maxsize
    return sys.maxsize if cap == resource.RLIM_INFINITY else max(cap - used, 0)


def _end(what: str, remedy: str, status: int) -> None:
    sys.stderr.write(f"unisono: {what}\n  {remedy}\n")
    sys.stderr.flush()
    os._exit(status)  # libraries that were half loaded would complain on the way out


if __name__ == "__main__":
    main()
