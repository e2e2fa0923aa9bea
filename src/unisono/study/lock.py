"""One run at a time in a study folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unisono.study.errors import UserError, setting
from unisono.study.files import inside

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The system frees it when its holder dies, and its file goes with it. Raises UserError."""
    path = inside(folder, LOCK)
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        if not _take(fd):
            os.close(fd)
            raise UserError(f"another unisono is at work in {folder}", f"wait for it, or use another {setting('out')}")
        if _is_at(fd, path):
            break
        os.close(fd)  # its last holder removed it after it was opened here: take the new one
    try:
        yield
    finally:
        if os.name == "posix":
            path.unlink(missing_ok=True)  # before it is freed, so that nobody ever holds a file that is gone
        os.close(fd)
        if os.name != "posix":  # Windows removes no open file
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _is_at(fd: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(fd), path.lstat())
    return False


if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> bool:
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
