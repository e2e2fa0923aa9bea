"""Elements of JSON arrays, one after the other, without holding the array: at the root, or inside an object."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from unisono.events.files.lines import Damage
from unisono.events.files.unpack import Stream, Truncated
from unisono.study import Limits, UserError, setting

_BLOCK = 1 << 20
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|(\\?\Z))'
"""A string; group 1 is none unless it goes on beyond what was read."""
_TOKEN = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_STEP = re.compile(_STRING + rb"|[\[\]{},:]|[^\s\"\[\]{},:]++", re.DOTALL)
_MOST_KEYS, _LONGEST_SCALAR = 10_000, 4 << 10

Head = dict[str, Any]
"""Texts and numbers that an object showed before one of its arrays began."""


class JsonBytes:
    """What was read of a JSON text and is not passed yet: `data` from `pos` on."""

    def __init__(self, stream: Stream | None, data: bytes, limits: Limits) -> None:
        self._stream, self._most = stream, limits.line_bytes
        self.nesting = limits.nesting
        self.data, self.pos = data, 0
        self.damage: Damage | None = None

    def more(self, start: int) -> bool:
        """Read on, forgetting what stands before `start`. False, with `damage` set, where nothing can be added."""
        tail = self.data[start:]
        try:
            # Reading twice as much each time keeps an endless string from being scanned again and again.
            block = self._stream.read(max(_BLOCK, len(tail))) if self._stream else b""
        except Truncated:
            block = b""
        if not block or len(tail) > self._most:
            self.fail("line_too_long" if block else "truncated_file", tail)
            return False
        self.data, self.pos = tail + block, 0
        return True

    def fail(self, reason: str, tail: bytes) -> None:
        """Set `damage`: the text cannot be read from here on."""
        self.damage = Damage.of(reason, hashlib.sha256(tail).hexdigest(), whole=True)

    def token(self) -> bytes | None:
        """The next string, mark or scalar; None, with `damage` set, where there is none that is whole."""
        while True:
            found = _STEP.search(self.data, self.pos)
            if found and found[1] is None and (found.end() < len(self.data) or found[0][:1] in b'"[]{},:'):
                self.pos = found.end()
                return found[0]
            if not self.more(found.start() if found else len(self.data)):
                return None

    def rest(self) -> Iterator[Damage]:
        """A Damage `after_the_end` where anything but white space is left."""
        rest = self.data[self.pos :]
        try:
            while not (rest := rest.strip()) and self._stream and (rest := self._stream.read(_BLOCK)):
                pass
        except Truncated:
            return
        self.data, self.pos = rest, 0
        if rest:
            yield Damage.of("after_the_end", hashlib.sha256(rest).hexdigest(), whole=True)


def begin(stream: Stream, name: str, limits: Limits) -> JsonBytes:
    """The text without byte order mark and leading white space. Raises UserError for an empty file."""
    data = b""
    while not (data := data.lstrip(b" \t\r\n")):
        if not (block := stream.read_whole(_BLOCK)):
            raise UserError(f"{name} is empty", "give a file with a JSON array of objects")
        data = block.removeprefix(b"\xef\xbb\xbf")
    return JsonBytes(stream, data, limits)


def no_array(text: JsonBytes, name: str) -> UserError:
    """The error that says what the file begins with."""
    what = "begins with an object" if text.data[:1] == b"{" else "does not begin with ["
    return UserError(
        f"{name} is no JSON array: it {what}",
        f"if it holds one object per line, say {setting('file_format', 'ndjson')}",
    )


def elements(text: JsonBytes, name: str) -> Iterator[bytes]:
    """Bytes of each element of an array, commas and outer white space left out.

    Where the file breaks off, an element is longer than limits.line_bytes, or something stands behind the
    array, the last item is a Damage. Raises UserError where the text is no array.
    """
    if text.data[:1] != b"[":
        raise no_array(text, name)
    text.pos = 1
    yield from array_elements(text)
    if text.damage is None:
        yield from text.rest()


def array_elements(text: JsonBytes) -> Iterator[bytes]:
    """Elements of the array whose bracket was passed; text.pos ends behind it. A Damage ends both."""
    start, pos, level = text.pos, text.pos, 0
    while True:
        data = text.data
        for token in _TOKEN.finditer(data, pos):
            mark = token[0]
            if token[1] is not None:
                break
            pos = token.end()
            if mark in b"[{":
                level += 1
            elif level and mark in b"]}":
                level -= 1
            elif not level and mark in b",]}":
                if element := data[start : token.start()].strip():
                    yield element
                start = pos
                if mark != b",":
                    text.pos = pos
                    return
        if not text.more(start):
            if text.damage is not None:
                yield text.damage
            return
        pos, start = pos - start, 0


def root_value(text: JsonBytes) -> bytes:
    """The bytes of the object that the text begins with; text.pos ends behind it. A Damage where it has no end."""
    pos = level = 0
    while True:
        for token in _TOKEN.finditer(text.data, pos):
            mark = token[0]
            if token[1] is not None:
                break
            pos = token.end()
            level += (mark in b"[{") - (mark in b"]}")
            if level == 0:
                text.pos = pos
                return text.data[:pos]
        if not text.more(0):
            assert text.damage is not None
            return text.damage


@dataclass
class _Frame:
    path: str
    is_array: bool
    key: str | None = None
    head: Head = field(default_factory=dict)

    def inner(self) -> str:
        if self.is_array:
            return f"{self.path}[]"
        return f"{self.path}.{self.key}" if self.path else self.key or ""


def elements_at(
    text: JsonBytes, paths: frozenset[str], mend: Callable[[bytes], bytes], keys: dict[str, None] | None = None
) -> Iterator[tuple[bytes, Head]]:
    """Elements of the arrays at these paths (`messages`, `chats.list[].messages`), each with its object's head.

    The text must begin with an object. `mend` is applied to keys and heads before they are parsed; `keys`, where
    given, takes every path that is met outside the elements. A text that breaks off ends in a Damage.
    """
    frames = [_Frame("", False)]
    text.pos = 1
    while (token := text.token()) is not None:
        top = frames[-1]
        if token in (b"{", b"["):
            path = top.inner()
            if token == b"[" and path in paths:
                head = dict(top.head)
                yield from ((e, head) for e in array_elements(text))
                if text.damage is not None:
                    return
            else:
                frames.append(_Frame(path, token == b"["))
                if len(frames) > text.nesting:
                    text.fail("too_deep", text.data[text.pos :])
                    break
        elif token in (b"}", b"]"):
            frames.pop()
            if not frames:
                return
        elif token == b",":
            top.key = None
        elif token != b":":
            _take(top, token, mend, keys)
    if text.damage is not None:
        yield text.damage, {}


def _take(top: _Frame, token: bytes, mend: Callable[[bytes], bytes], keys: dict[str, None] | None) -> None:
    """A key, or a value that is worth keeping."""
    if top.is_array or (len(token) > _LONGEST_SCALAR and top.key is not None):
        return
    value = _value(mend(token))
    if top.key is None:
        top.key = str(value)
        if keys is not None and len(keys) < _MOST_KEYS:
            keys.setdefault(top.inner())
    elif len(top.head) < _MOST_KEYS:
        top.head[top.key] = value


def _value(token: bytes) -> Any:
    try:
        return orjson.loads(token)
    except orjson.JSONDecodeError:
        return token.strip(b'"').decode("utf-8", "replace")
