"""Whatever goes wrong ends in a sentence that says what to do, never in a traceback."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from unisono.cli import screen
from unisono.study import UserError
from unisono.version import __version__

_STOPPED = 130
"""Exit status of a command that was interrupted; typer turns Ctrl-C into it."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def guarded(work: Callable[[], Any]) -> int:
    """Run `work`; returns the exit status. UNISONO_DEBUG=1 shows tracebacks."""
    try:
        work()
    except UserError as e:
        screen.complain(*e.said("switches"))
        return 2
    except (KeyboardInterrupt, SystemExit) as e:
        if isinstance(e, SystemExit) and e.code != _STOPPED:
            raise
        screen.complain("stopped", "the same command goes on where it stopped")
        return _STOPPED
    except MemoryError:
        screen.complain(
            "there is not enough memory",
            "give less of it to tables with --memory 2GB, or pair fewer behaviours with --trace",
        )
        return 1
    except (OSError, duckdb.Error) as e:
        screen.complain(*_system_error(e))
        return 1
    except Exception as e:
        if os.environ.get("UNISONO_DEBUG"):
            traceback.print_exc()
        where = traceback.extract_tb(e.__traceback__)[-1]
        screen.complain(
            f"a fault of its own in {Path(where.filename).name}, line {where.lineno}: {type(e).__name__}: {e}",
            f"please report it with the version ({__version__}); UNISONO_DEBUG=1 shows more. "
            "The study holds what was finished.",
        )
        return 1
    return 0


def _system_error(e: Exception) -> tuple[str, str]:
    text = " ".join(str(e).split())
    says_full = "No space left" in text or (isinstance(e, duckdb.Error) and "disk" in text.lower())
    if says_full or getattr(e, "errno", None) in _FULL:
        return (
            f"the disk is full ({text})",
            "free some space and give the same command: it goes on where it stopped",
        )
    if isinstance(e, duckdb.Error):
        return (
            f"the table engine stopped: {text}",
            "give it more with --memory, or free disk space in the study folder",
        )
    return text, "check the path and its permissions, then give the same command: it goes on where it stopped"
