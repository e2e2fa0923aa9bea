"""The elements of a JSON array, one after the other, without holding the array."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from unisono.events.lines import Damage
from unisono.events.unpack import Stream, Truncated
from unisono.study import Limits, UserError

_BLOCK = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{},]', re.DOTALL)


def elements(stream: Stream, name: str, limits: Limits) -> Iterator[bytes]:
    """Bytes of each element, commas and outer white space left out.

    Where the file breaks off, an element is longer than limits.line_bytes, or something stands behind the
    array, the last item is a Damage. Raises UserError where the file is empty or no array.
    """
    data, start, pos, level = _begin(stream, name), 1, 1, 0
    while True:
        for token in _TOKEN.finditer(data, pos):
            mark = token[0]
            if mark == b'"':
                break  # a string that goes on beyond what was read
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
                    yield from _rest(data[pos:], stream)
                    return
        tail = data[start:]
        try:
            # Reading twice as much each time keeps an endless string from being scanned again and again.
            more = stream.read(max(_BLOCK, len(tail)))
        except Truncated:
            more = b""
        if not more or len(tail) > limits.line_bytes:
            reason = "line_too_long" if more else "truncated_file"
            yield Damage.of(reason, hashlib.sha256(tail).hexdigest(), whole=True)
            return
        data, start, pos = tail + more, 0, pos - start


def _begin(stream: Stream, name: str) -> bytes:
    data = b""
    while not (data := data.lstrip(b" \t\r\n")):
        if not (block := stream.read_whole(_BLOCK)):
            raise UserError(f"{name} is empty", "give a file with a JSON array of objects")
        data = block.removeprefix(b"\xef\xbb\xbf")
    if data[:1] != b"[":
        what = "begins with an object" if data[:1] == b"{" else "does not begin with ["
        raise UserError(
            f"{name} is no JSON array: it {what}",
            "if it holds one object per line, say --file-format ndjson",
        )
    return data


def _rest(rest: bytes, stream: Stream) -> Iterator[bytes]:
    try:
        while not (rest := rest.strip()) and (rest := stream.read(_BLOCK)):
            pass
    except Truncated:
        return
    if rest:
        yield Damage.of("after_the_end", hashlib.sha256(rest).hexdigest(), whole=True)
