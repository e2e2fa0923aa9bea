"""How a text file is written: which encoding its bytes are likely in, and another one read as UTF-8."""

from __future__ import annotations

import codecs
import difflib
import re

from unisono.events.files.unpack import Stream
from unisono.study import UserError, setting

_KNOWN = re.compile(
    r"utf[-_](?:8|16|32)(?:[-_][lb]e)?|utf[-_]8[-_]sig|iso8859[-_][0-9]{1,2}|cp[0-9]{3,4}|koi8[-_][rtu]|mac[-_][a-z]{5,9}|"
    r"gb2312|gbk|gb18030|big5(?:hkscs)?|shift_jis(?:_2004|x0213)?|euc_(?:jp|kr)|johab|tis[-_]620|kz1048|ptcp154"
)
"""Codecs that turn bytes into text and nothing else, by the names that Python gives them."""
_COMMON = ("utf-8", "utf-16", "latin-1", "windows-1252", "windows-1251", "windows-1250", "shift_jis", "gb18030", "big5")
_HIGH = re.compile(rb"[\x80-\xff]++")
_LETTER = re.compile(rb"[A-Za-z]")
_WORD, _FEW = 2.5, 0.15
"""Letters of a run from which on they are words; a share of bytes that is small."""
_DAMAGE = "unisono.damage"
codecs.register_error(_DAMAGE, lambda e: ("\udcff", e.end if isinstance(e, UnicodeDecodeError) else 0))


def encoding_of(name: str | None) -> str | None:
    """The codec that a user names; None where nothing is said. Raises UserError."""
    if name is None:
        return None
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        found = ""
    if not _KNOWN.fullmatch(found):
        near = difflib.get_close_matches(name[:60].lower(), _COMMON, 1, 0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UserError(f"{setting('encoding')}: {name[:60]!r} is not known", f"{hint}write {', '.join(_COMMON)}")
    return found


def likely_encoding(data: bytes) -> str | None:
    """In what the beginning of a file is likely written, where that is not UTF-8; None where nothing else is likely.

    A file whose letters beyond ASCII are mostly UTF-8 is a damaged one, and so is one of bytes that look like no text.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    even, odd = data[0:4096:2], data[1:4096:2]
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if 2 * zeros.count(0) > len(zeros) and 20 * others.count(0) <= len(others):
            return name
    if _decodes(data, "utf-8"):
        return None
    runs = list(_HIGH.finditer(data))
    bad = [m for m in runs if not _is_utf8(m[0], m.end() == len(data))]
    if not bad or len(bad) <= len(runs) - len(bad):
        return None
    size = sum(len(m[0]) for m in bad)
    if size < _WORD * len(bad):
        beside = sum(bool(_LETTER.search(data, max(m.start() - 1, 0), m.end() + 1)) for m in bad)
        return "windows-1252" if 2 * beside > len(bad) else None
    low, upper, lower = (sum(a <= b <= z for m in bad for b in m[0]) for a, z in ((128, 191), (192, 223), (224, 255)))
    if low < _FEW * size:
        return "windows-1251" if lower >= upper else "koi8-r"
    return next((name for name in ("shift_jis", "gb18030", "euc_kr", "big5") if _decodes(data, name)), None)


def _is_utf8(run: bytes, cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(run, not cut)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


class Recoded(Stream):
    """A stream of another encoding, as UTF-8; what cannot be decoded becomes bytes that are none, so that its row is a
    reject and no other."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)(_DAMAGE)
        self._ended = False

    def read(self, n: int) -> bytes:
        """Up to about `n` bytes of the file, as UTF-8; b"" at the end. Raises as the stream does."""
        while not self._ended:
            block = self._stream.read(n)
            self._ended = not block
            if text := self._decoder.decode(block, self._ended):
                return text.encode("utf-8", "surrogatepass")
        return b""

    def read_whole(self, n: int) -> bytes:
        """As `read`, where a damaged file is a UserError."""
        block = self._stream.read_whole(n)
        text = self._decoder.decode(block, not block).encode("utf-8", "surrogatepass")
        return text or (self.read_whole(n) if block else b"")

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
