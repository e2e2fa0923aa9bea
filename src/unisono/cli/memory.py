"""Memory is looked at before anything large is loaded or compiled.

LLVM and OpenBLAS end a process that is short of it: they abort, or interrupt it as Ctrl-C would.
"""

from __future__ import annotations

import sys

LOAD, COMPILE = 700 << 20, 2300 << 20
"""Address space in bytes to load the libraries, and to run a stage; measured, with a margin."""
REMEDY = "raise the cap (ulimit -v), or run where there is more; 4 GB are enough for a million posts"


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


def short(least: int) -> str:
    """A sentence where there is less room than that; else nothing."""
    left = room()
    if left >= least:
        return ""
    return f"there is too little memory: {left >> 20:,} MB are left to it, and it needs {least >> 20:,}"
