"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO


def fsync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut (where the system can: not on Windows)."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader, or a crash, sees the old file or the new one."""
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    os.replace(aside, path)
    fsync_folder(path.parent)


def sha256_file(path: Path) -> str:
    """sha256 of a file's bytes, 64 hex characters."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


class HashingFile:
    """A new file that knows the sha256 and length of what was written to it. Written front to back only."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")
        self._sha = hashlib.sha256()
        self.bytes = 0
        self._abandoned = False

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._file.closed

    @property
    def sha256(self) -> str:
        """sha256 of the bytes so far, 64 hex characters."""
        return self._sha.hexdigest()

    def write(self, data: Any) -> int:
        """Append bytes."""
        view = memoryview(data)
        if self._abandoned:
            return view.nbytes
        self._sha.update(view)
        self.bytes += view.nbytes
        return self._file.write(view)

    def tell(self) -> int:
        """Bytes written."""
        return self.bytes

    def flush(self) -> None:
        """Hand what was written to the system."""
        if not self._abandoned:
            self._file.flush()

    def abandon(self) -> None:
        """Swallow what is still written: the file failed, and its writers must come to an end in silence."""
        self._abandoned = True
        with suppress(OSError):
            self._file.close()

    def close(self) -> None:
        """Make it durable and close it."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
