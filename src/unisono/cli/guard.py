"""Whatever goes wrong ends in a sentence that says what to do, never in a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unisono.cli import screen
from unisono.study.errors import UserError
from unisono.version import __version__

NOTHING, REFUSED, FAILED, BROKEN, STOPPED = 1, 2, 3, 4, 130
"""Exit status of a command that ended well and found nothing usable; that was refused; of a check that failed; of one
that could not end (disk, memory, a fault of ours); and of one that was interrupted, which typer makes of Ctrl-C."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def guarded(work: Callable[[], Any]) -> int:
    """Run `work`; returns the exit status. UNISONO_DEBUG=1 shows tracebacks."""
    try:
        work()
    except UserError as e:
        screen.complain(*e.said("switches"))
        return REFUSED
    except (KeyboardInterrupt, SystemExit) as e:
        if isinstance(e, SystemExit) and e.code != STOPPED:
            raise
        screen.complain("stopped", "the same command resumes")
        return STOPPED
    except MemoryError:
        screen.complain(
            "there is not enough memory",
            "give less of it to tables with --memory 2GB, or pair fewer behaviours with --trace",
        )
        return BROKEN
    except OSError as e:
        screen.complain(*_system_error(e))
        return BROKEN
    except Exception as e:
        if _of_engine(e):
            screen.complain(*_system_error(e))
            return BROKEN
        if os.environ.get("UNISONO_DEBUG"):
            traceback.print_exc()
        where = traceback.extract_tb(e.__traceback__)[-1]
        screen.complain(
            f"a fault of its own in {Path(where.filename).name}, line {where.lineno}: {type(e).__name__}: {e}",
            f"please report it with the version ({__version__}); UNISONO_DEBUG=1 shows more. "
            "The study holds what was finished.",
        )
        return BROKEN
    return 0


def _of_engine(e: Exception) -> bool:
    """Whether the table engine raised it; where it was never imported, it did not."""
    engine = sys.modules.get("duckdb")
    return engine is not None and isinstance(e, engine.Error)


def _system_error(e: Exception) -> tuple[str, str]:
    text = " ".join(str(e).split())
    says_full = "No space left" in text or (_of_engine(e) and "disk" in text.lower())
    if says_full or getattr(e, "errno", None) in _FULL:
        return (
            f"the disk is full ({text})",
            "free some space and give the same command: it resumes",
        )
    if _of_engine(e):
        return (
            f"the table engine stopped: {text}",
            "give it more with --memory, or free disk space in the study folder",
        )
    return text, "check the path and its permissions, then give the same command: it resumes"
