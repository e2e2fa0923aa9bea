"""Files that are there whole or not at all, and a folder in which no link is followed."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from unisono.study.errors import UserError

_HERE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOW = getattr(os, "O_NONBLOCK", 0)  # a pipe that lies where a file should be must not keep us waiting


def is_name_inside(name: str) -> bool:
    """Whether a manifest may name a file so: at most one folder deep, nothing hidden, nowhere else."""
    parts = name.split("/")
    return len(parts) <= 2 and all(
        p and not p.startswith(".") and p.isprintable() and not {"\\", ":"} & set(p) for p in parts
    )


def inside(folder: Path, name: str) -> Path:
    """The path of a file of a study. Raises UserError where a link or something that is no file stands in its way."""
    path = folder
    *parents, last = name.split("/")
    for part in (*parents, last):
        path = path / part
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if stat.S_ISLNK(mode):
            raise UserError(f"{path} is a link, and none is followed inside a study", f"remove it: rm {path}")
        if part is last and not stat.S_ISREG(mode):
            raise UserError(f"{path} is no file", "move it out of the study folder")
        if part is not last and not stat.S_ISDIR(mode):
            raise UserError(f"{path} is no folder", "move it out of the study folder")
    return path


def read_bytes(path: Path, most: int) -> bytes:
    """A file of a study, link never followed. Raises FileNotFoundError, and UserError above `most` bytes."""
    with os.fdopen(os.open(inside(path.parent, path.name), os.O_RDONLY | _HERE | _NOW), "rb") as f:
        data = f.read(most + 1)
    if len(data) > most:
        raise UserError(f"{path} is larger than {most >> 20} MB", "unisono did not write it: use another study folder")
    return data


def fsync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut (where the system can: not on Windows)."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader, or a crash, sees the old file or the new one. Raises UserError."""
    inside(path.parent, path.name)
    aside = inside(path.parent, path.name + ".new")
    aside.unlink(missing_ok=True)  # what a killed run left; never opened, it may be another name of somebody's file
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _HERE, 0o666), "wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    os.replace(aside, path)
    fsync_folder(path.parent)


def sha256_file(path: Path) -> str:
    """sha256 of a file's bytes, 64 hex characters."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def sha256_inside(folder: Path, name: str) -> str:
    """sha256 of a file of a study, no link followed, 64 hex characters. Raises UserError, FileNotFoundError."""
    with os.fdopen(os.open(inside(folder, name), os.O_RDONLY | _HERE | _NOW), "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


class HashingFile:
    """A new file that knows the sha256 and length of what was written to it. Written front to back only."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("xb")
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
