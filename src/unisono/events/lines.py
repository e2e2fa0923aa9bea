"""Physical lines of a text file, with a cap on their length."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from unisono.events.unpack import Stream, Truncated
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


def physical_lines(stream: Stream, limits: Limits) -> Iterator[bytes]:
    """Lines with their ends, the byte order mark dropped.

    A line longer than limits.line_bytes is a Damage `line_too_long`; where a packed file breaks off, what was
    read of the last line is a Damage `truncated_file` (it may look whole and is not).
    """
    tail, first = b"", True
    try:
        while block := stream.read(_BLOCK):
            if first:
                while len(block) < 3 and (more := stream.read(_BLOCK)):
                    block += more
                block, first = block.removeprefix(_BOM), False
            lines = io.BytesIO(tail + block).readlines()  # at LF only: a CR may stand inside a quoted cell
            tail = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
            for line in lines:
                yield line if len(line) <= limits.line_bytes else _too_long(line)
            if len(tail) > limits.line_bytes:
                damage, tail = _skip_line(stream, tail)
                yield damage
    except Truncated:
        yield Damage.of("truncated_file", hashlib.sha256(tail).hexdigest(), whole=True)
        return
    if tail:
        yield tail


def _too_long(line: bytes) -> Damage:
    return Damage.of("line_too_long", hashlib.sha256(line.rstrip(b"\r\n")).hexdigest())


def _skip_line(stream: Stream, tail: bytes) -> tuple[Damage, bytes]:
    """Read on to the end of an overlong line, hashing it; what follows it is the new tail."""
    sha = hashlib.sha256(tail)
    while block := stream.read(_BLOCK):
        head, end, rest = block.partition(b"\n")
        sha.update(head)
        if end:
            return Damage.of("line_too_long", sha.hexdigest()), rest
    return Damage.of("line_too_long", sha.hexdigest()), b""
