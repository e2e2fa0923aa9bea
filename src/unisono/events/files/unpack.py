"""Bytes of a file, unpacked as they are needed, with a bound on how much a packed byte may become."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self, cast

import zstandard

from unisono.study import Limits, UserError

_HARMLESS = 16 << 20
"""Files that unpack to less than this are no bomb, whatever their ratio."""
_ZSTD_INPUT = 4 << 10
"""A zstd block may unpack to 128 kB per few bytes: little in at a time keeps what comes out bounded."""

_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile, gzip.BadGzipFile)


class Truncated(Exception):  # noqa: N818
    """The packed file ends too early or is damaged; what came before is good."""


class _Reader(Protocol):
    def read(self, n: int, /) -> bytes: ...
    def read1(self, n: int, /) -> bytes: ...
    def close(self) -> None: ...


class Stream:
    """Unpacked bytes, front to back."""

    def __init__(self, raw: _Counted, unpacked: _Reader, name: str, limits: Limits) -> None:
        self._raw, self._unpacked, self._name, self._ratio = raw, unpacked, name, limits.expand_ratio
        self._out = 0

    def read(self, n: int) -> bytes:
        """Up to about `n` bytes, b"" at the end. Raises Truncated, and UserError for a bomb."""
        try:
            block = self._unpacked.read1(n)  # what `read` has gathered is lost when a file breaks off
        except _DAMAGE as e:
            raise self._damaged(e) from None
        except RuntimeError as e:
            raise UserError(f"{self._name} cannot be unpacked ({e})", "unpack it by hand first") from None
        self._out += len(block)
        check_expansion(self._name, self._out, self._raw.count, self._ratio, "unpack it first, or ")
        return block

    def _damaged(self, e: Exception) -> Exception:
        if not self._out:
            return UserError(f"{self._name} cannot be unpacked ({e or 'it ends too early'})", "fetch it again")
        return Truncated(str(e))

    def read_whole(self, n: int) -> bytes:
        """As `read`, where a damaged file is a UserError."""
        try:
            return self.read(n)
        except Truncated as e:
            raise UserError(f"{self._name} is damaged ({e})", "fetch it again") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._unpacked.close()
        self._raw.close()


def check_expansion(name: str, unpacked: int, packed: int, ratio: int, remedy: str = "") -> None:
    """Raise UserError where so many bytes came, or would come, of so few. remedy: what else can be done."""
    if unpacked > max(_HARMLESS, ratio * packed):
        raise UserError(
            f"{name} unpacks to more than {ratio} times its size",
            f"if you trust it, {remedy}raise limits.expand_ratio in study.yaml",
        )


class _Counted:
    """A binary file that counts what was read from it; `seek` and `tell` serve zip files."""

    def __init__(self, file: IO[bytes], on_read: Callable[[int], None] | None) -> None:
        self._file, self._on_read = file, on_read
        self.count = 0

    def read(self, n: int = -1) -> bytes:
        block = self._file.read(n)
        self.count += len(block)
        if self._on_read:
            self._on_read(len(block))
        return block

    read1 = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        self._file.close()


class _Zstd:
    """zstd frames one after the other; unlike the library's stream reader it knows a cut-off frame."""

    def __init__(self, raw: _Reader) -> None:
        self._raw = raw
        self._context = zstandard.ZstdDecompressor(max_window_size=1 << 31)
        self._frame = self._context.decompressobj()
        self._left, self._begun = b"", False

    def read(self, n: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while size < n:
            packed, self._left = self._left or self._raw.read(_ZSTD_INPUT), b""
            if not packed:
                if self._begun and not parts:
                    raise EOFError("the last zstd frame is cut off")
                break
            self._begun = True
            block = self._frame.decompress(packed)
            if self._frame.eof:
                self._left, self._begun = self._frame.unused_data, False
                self._frame = self._context.decompressobj()
            parts.append(block)
            size += len(block)
        return b"".join(parts)

    read1 = read

    def close(self) -> None:
        pass


def open_stream(
    path: Path,
    member: str | None,
    packing: str,
    name: str,
    limits: Limits,
    on_read: Callable[[int], None] | None = None,
) -> Stream:
    """Open a file or a member of a zip, unpacked. Raises UserError where it cannot be opened."""
    raw = _Counted(path.open("rb"), on_read)
    try:
        reader: _Reader = raw if member is None else _member(raw, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError) as e:
        raw.close()
        raise UserError(f"{name} cannot be unpacked ({e})", "unpack it by hand first") from None
    if packing == ".gz":
        reader = gzip.GzipFile(fileobj=cast(IO[bytes], reader))
    elif packing == ".zst":
        reader = _Zstd(reader)
    return Stream(raw, reader, name, limits)


def _member(raw: _Counted, member: str) -> _Reader:
    return cast(_Reader, zipfile.ZipFile(cast(IO[bytes], raw)).open(member))
