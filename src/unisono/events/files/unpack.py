"""Bytes of a file, unpacked as they are needed, with a bound on how much a packed byte may become."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self, cast

import zstandard

from unisono.study import Limits, UserError

_HARMLESS = 16 << 20
"""Files that unpack to less than this are no bomb, whatever their ratio."""
_INPUT = 64 << 10
_ZSTD_INPUT = 1 << 10
"""A zstd block may unpack to 128 kB per few bytes: little in at a time keeps what comes out below 50 MB."""
_LZMA_WINDOW = 128 << 20
"""What 7-Zip uses at most, and twice as much."""
_LOCAL = struct.Struct("<26x2H")
"""The header before a member of a zip; lengths of the name and of what else stands behind it."""

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
        self.close()

    def close(self) -> None:
        """Close the file."""
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


class _Part:
    """The next `size` bytes of a file."""

    def __init__(self, raw: _Reader, size: int) -> None:
        self._raw, self._left = raw, size

    def read(self, n: int) -> bytes:
        block = self._raw.read(min(n, self._left))
        self._left -= len(block)
        return block

    read1 = read

    def close(self) -> None:
        pass


class _Codec(Protocol):
    """What the decompressors of the standard library have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Inflate:
    """zlib's decompressor, made like the others."""

    def __init__(self) -> None:
        self._zlib, self._full = zlib.decompressobj(-zlib.MAX_WBITS), False

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not (self._full or self._zlib.unconsumed_tail)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self._full = len(out) == max_length
        return out


class _Unpacked:
    """What a codec makes of packed bytes, never more at a time than was asked for; `endless` where it may be that only
    the end of the bytes says that they are all."""

    def __init__(self, packed: _Reader, codec: _Codec, endless: bool = False) -> None:
        self._packed, self._codec, self._endless = packed, codec, endless

    def read(self, n: int) -> bytes:
        while not self._codec.eof:
            more = self._codec.needs_input
            packed = self._packed.read(_INPUT) if more else b""
            if more and not packed:
                if self._endless:
                    break
                raise EOFError("it ends too early")
            try:
                out = self._codec.decompress(packed, n)
            except OSError as e:  # so says bzip2 that it is damaged
                raise zipfile.BadZipFile(str(e)) from None
            if out:
                return out
        return b""

    read1 = read

    def close(self) -> None:
        pass


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
                if self._begun and not size:
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


class _Member:
    """A member of a zip, whose length and checksum are compared in the end."""

    def __init__(self, raw: _Counted, info: zipfile.ZipInfo) -> None:
        self._info, self._crc, self._size = info, 0, 0
        raw.seek(info.header_offset)
        head = raw.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("the member is not where the directory says")
        if info.flag_bits & 1:
            raise zipfile.BadZipFile("it is encrypted")
        name, extra = _LOCAL.unpack(head)
        raw.seek(name + extra, 1)
        self._reader = _codec(_Part(raw, info.compress_size), info.compress_type)

    def read(self, n: int) -> bytes:
        block = self._reader.read(n)
        self._crc, self._size = zlib.crc32(block, self._crc), self._size + len(block)
        if not block and (self._crc, self._size) != (self._info.CRC, self._info.file_size):
            raise zipfile.BadZipFile("its checksum is another")
        return block

    read1 = read

    def close(self) -> None:
        pass


def _codec(packed: _Reader, method: int) -> _Reader:
    match method:
        case zipfile.ZIP_STORED:
            return packed
        case zipfile.ZIP_DEFLATED:
            return _Unpacked(packed, _Inflate())
        case zipfile.ZIP_BZIP2:
            return _Unpacked(packed, bz2.BZ2Decompressor())
        case zipfile.ZIP_LZMA:
            codec = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[_lzma_filter(packed)])
            return _Unpacked(packed, codec, endless=True)
        case 93:
            return _Zstd(packed)
    raise zipfile.BadZipFile(f"it is packed by a method that is not read here, number {method}")


def _lzma_filter(packed: _Reader) -> dict[str, int]:
    """What stands before LZMA in a zip: version, length of the properties, and they: 5 bytes."""
    head = packed.read(9)
    if len(head) < 9 or head[2:4] != b"\x05\x00":
        raise zipfile.BadZipFile("its LZMA properties are damaged")
    size = int.from_bytes(head[5:], "little")
    if size > _LZMA_WINDOW:
        raise zipfile.BadZipFile(f"LZMA asks for {size >> 20:,} MB of memory")
    rest, lc = divmod(head[4], 9)
    pb, lp = divmod(rest, 5)
    return {"id": lzma.FILTER_LZMA1, "dict_size": max(size, 1 << 12), "lc": lc, "lp": lp, "pb": pb}


def open_stream(
    path: Path,
    member: zipfile.ZipInfo | None,
    packing: str,
    name: str,
    limits: Limits,
    on_read: Callable[[int], None] | None = None,
) -> Stream:
    """Open a file or a member of a zip, unpacked. Raises UserError where it cannot be opened."""
    raw = _Counted(path.open("rb"), on_read)
    try:
        reader: _Reader = raw if member is None else _Member(raw, member)
    except (*_DAMAGE, ValueError, OSError) as e:
        raw.close()
        raise UserError(f"{name} cannot be unpacked ({e})", "unpack it by hand first") from None
    if packing == ".gz":
        reader = gzip.GzipFile(fileobj=cast(IO[bytes], reader))
    elif packing == ".zst":
        reader = _Zstd(reader)
    return Stream(raw, reader, name, limits)


def list_members(path: Path) -> list[zipfile.ZipInfo]:
    """The members of a zip that are no folders, none of which holds bytes of another. Raises UserError."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [i for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError, EOFError) as e:
        raise UserError(f"{path} is no zip file ({e})", "pack it again, or give the files in it") from None
    if len({m.filename for m in members}) < len(members):
        raise UserError(f"{path} holds two members of one name", "unpack it and give the files in it")
    placed = sorted(members, key=lambda m: m.header_offset)
    for one, following in pairwise(placed):
        if one.header_offset + _LOCAL.size + one.compress_size > following.header_offset:
            raise UserError(f"{path} is no zip file (its members overlap)", "pack it again, or give the files in it")
    return members
