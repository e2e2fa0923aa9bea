"""Lines of a text file, with a cap on their length, one by one or many at once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from unisono.events.files.unpack import Stream, Truncated
from unisono.study import Limits

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Damage(bytes):
    """Stands where a line could not be read; its own bytes are none.

    `reason` says why, `sha256` is that of what was read of it, `whole` says that the file ends here.
    """

    reason: str
    sha256: str
    whole: bool

    @classmethod
    def of(cls, reason: str, sha256: str, *, whole: bool = False) -> Damage:
        """Make one."""
        damage = cls()
        damage.reason, damage.sha256, damage.whole = reason, sha256, whole
        return damage


class Lines:
    """Lines with their ends, the byte order mark dropped.

    A line longer than limits.line_bytes is a Damage `line_too_long`; where a packed file breaks off, what was
    read of the last line is a Damage `truncated_file` (it may look whole and is not).
    """

    def __init__(self, stream: Stream, limits: Limits, size: int = _BLOCK) -> None:
        self._stream, self._most, self._size = stream, limits.line_bytes, size
        self._ahead = io.BytesIO()
        self._tail = b""
        self._first, self._ended, self._broken = True, False, False

    def __iter__(self) -> Iterator[bytes]:
        """Line by line."""
        while (block := self.block()) is not None:
            if isinstance(block, Damage):
                yield block
                continue
            self._ahead = io.BytesIO(block)
            for line in self._ahead:  # at LF only: a CR may stand inside a quoted cell
                yield line if len(line) <= self._most else _too_long(line)

    def block(self) -> bytes | None:
        """What is next: whole lines, of whatever length, or a Damage; None at the end."""
        return self._ahead.read() or self._more()

    def put_back(self, lines: bytes) -> None:
        """These are next, once more."""
        self._ahead = io.BytesIO(lines)

    def _more(self) -> bytes | None:
        try:
            while not self._ended:
                block = self._read()
                if not block:
                    self._ended = True
                    return self._tail or None
                cut = block.rfind(b"\n") + 1
                if cut:
                    whole, self._tail = self._tail + block[:cut], block[cut:]
                    return whole
                self._tail += block
                if len(self._tail) > self._most:
                    return self._skip_line()
        except Truncated:
            self._ended = True
            return Damage.of("truncated_file", hashlib.sha256(self._tail).hexdigest(), whole=True)
        return None

    def _read(self) -> bytes:
        block = self._gathered()
        if self._first and block:
            self._first = False
            return block.removeprefix(_BOM) or self._gathered()
        return block

    def _gathered(self) -> bytes:
        """As many bytes as asked for: unpackers give them in small pieces."""
        if self._broken:
            raise Truncated
        parts: list[bytes] = []
        left = self._size
        try:
            while left > 0 and (part := self._stream.read(left)):
                parts.append(part)
                left -= len(part)
        except Truncated:
            if not parts:
                raise
            self._broken = True
        return b"".join(parts)

    def _skip_line(self) -> Damage:
        """Read on to the end of an overlong line, hashing it; what follows it is next."""
        sha = hashlib.sha256(self._tail)
        rest = b""
        while block := self._read():
            head, end, rest = block.partition(b"\n")
            sha.update(head)
            if end:
                break
        cut = rest.rfind(b"\n") + 1
        self._tail = rest[cut:]
        self.put_back(rest[:cut])
        return Damage.of("line_too_long", sha.hexdigest())


def _too_long(line: bytes) -> Damage:
    return Damage.of("line_too_long", hashlib.sha256(line.rstrip(b"\r\n")).hexdigest())
