"""Which files are read, what each is called, and how it is written."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from unisono.events.files import unpack
from unisono.events.files.encodings import Recoded, encoding_of
from unisono.study import Limits, Settings, UserError, setting
from unisono.study.files import sha256_file
from unisono.study.settings import FileFormat

_ENDINGS: dict[str, FileFormat] = {
    ".csv": "csv", ".tsv": "tsv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json",
    ".parquet": "parquet", ".xlsx": "xlsx",
}  # fmt: skip
TEXTS = ("csv", "tsv", "ndjson", "json")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_PACKINGS = (".gz", ".zst")
_TOLD, _LONGEST = 9, 200
"""Members of a zip that a note names, and letters of a name."""
_REMEDY = f"say how it is written with {setting('file_format')}: csv, tsv, ndjson, json, parquet or xlsx"


@dataclass(frozen=True)
class Source:
    """One table of input: a file, or a member of a zip.

    packing: "", ".gz" or ".zst"; delimiter, encoding: of a text file, as declared.
    """

    name: str
    path: Path
    member: zipfile.ZipInfo | None
    kind: FileFormat
    packing: str
    sha256: str
    bytes: int
    delimiter: str | None = None
    encoding: str | None = None

    def open(self, limits: Limits, on_read: Callable[[int], None] | None = None) -> unpack.Stream:
        """Its unpacked bytes from the start, text as UTF-8; `on_read` hears how many bytes of the file were read."""
        stream = unpack.open_stream(self.path, self.member, self.packing, self.name, limits, on_read)
        again = self.encoding not in (None, "utf-8") and self.kind in TEXTS
        return Recoded(stream, self.encoding or "") if again else stream

    @contextmanager
    def on_disk(self, limits: Limits, temp: Path) -> Iterator[Path]:
        """A file that can be read at any place; what is packed is unpacked into `temp`, and deleted in the end."""
        if self.member is None and not self.packing:
            yield self.path
            return
        with tempfile.TemporaryDirectory(dir=temp) as folder:
            path = Path(folder) / f"unpacked.{self.kind}"
            with self.open(limits) as stream, path.open("wb") as file:
                while block := stream.read_whole(1 << 20):
                    file.write(block)
            yield path


def source_names(paths: Sequence[Path]) -> list[str]:
    """What `source_file` says of each path: its base name, or the path as given where two share one."""
    counts = Counter(p.name for p in paths)
    return [p.name if counts[p.name] == 1 else p.as_posix() for p in paths]


def _delimiter(name: str | None) -> str | None:
    """The letter between cells that a user names. Raises UserError."""
    if name is None:
        return None
    letter = DELIMITERS.get(name.strip().lower(), "\t" if name == "\\t" else name)
    if len(letter) != 1 or not letter.isascii() or letter.isalnum() or letter in '"\r\n\0':
        raise UserError(f"{setting('delimiter')}: {name[:60]!r} parts no cells", f"write {', '.join(DELIMITERS)} or ;")
    return letter


def find_sources(paths: Sequence[Path], settings: Settings, note: Callable[[str], None]) -> list[Source]:
    """Every source behind the paths, in order; members of a zip one by one. Raises UserError."""
    if len(set(paths)) < len(paths):
        twice = next(p for p, n in Counter(paths).items() if n > 1)
        raise UserError(f"{twice} is named twice", "name each source once")
    for path in paths:
        if _shown(path.as_posix()) != path.as_posix():
            raise UserError(f"the name of {_shown(path.as_posix())} is no UTF-8", "rename the file")
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            raise UserError(f"{path} {what}", "give the paths of files, such as posts.csv")
    delimiter, encoding = _delimiter(settings.delimiter), encoding_of(settings.encoding)
    found = [s for p, n in zip(paths, source_names(paths), strict=True) for s in _of(p, n, settings, note)]
    return [replace(s, delimiter=delimiter, encoding=encoding) for s in found]


def _of(path: Path, name: str, settings: Settings, note: Callable[[str], None]) -> Iterator[Source]:
    if path.suffix.lower() == ".zip":
        yield from _members(path, name, settings, note)
        return
    kind, packing = _written(path.name, settings.file_format)
    if kind is None:
        raise UserError(f"{path} has no ending that says how it is written", _REMEDY)
    yield Source(name, path, None, kind, packing, sha256_file(path), path.stat().st_size)


def _written(name: str, declared: FileFormat | None) -> tuple[FileFormat | None, str]:
    stem = name.lower()
    packing = next((p for p in _PACKINGS if stem.endswith(p)), "")
    stem = stem.removesuffix(packing) if packing else stem
    return declared or next((k for e, k in _ENDINGS.items() if stem.endswith(e)), None), packing


def _members(path: Path, name: str, settings: Settings, note: Callable[[str], None]) -> Iterator[Source]:
    tables, others = [], []
    for member in unpack.list_members(path):
        kind, packing = _written(member.filename, settings.file_format)
        if kind is None or member.filename.startswith("__MACOSX/"):
            others.append(_shown(member.filename))
        else:
            tables.append(Source(f"{name}/{_shown(member.filename)}", path, member, kind, packing, "", 0))
    for other in others[:_TOLD]:
        note(f"{name}: member {other[:_LONGEST]} was not read: its ending names no table")
    if len(others) > _TOLD:
        note(f"{name}: {len(others) - _TOLD:,} more members were not read: their endings name no tables")
    if not tables:
        raise UserError(f"{path} holds no file whose ending names a table", _REMEDY)
    if len(tables) > settings.limits.members:
        raise UserError(
            f"{path} holds {len(tables):,} tables, more than the {settings.limits.members:,} that are read",
            "join them into fewer, or raise limits.members in study.yaml",
        )
    yield from (_measured(t, settings.limits) for t in tables)


def _measured(source: Source, limits: Limits) -> Source:
    """A member's sha256 and length are those of its own bytes, so that ids made of them differ."""
    sha, size = hashlib.sha256(), 0
    with unpack.open_stream(source.path, source.member, "", source.name, limits) as stream:
        while block := stream.read_whole(1 << 20):
            sha.update(block)
            size += len(block)
    return replace(source, sha256=sha.hexdigest(), bytes=size)


def _shown(member: str) -> str:
    return member.encode("utf-8", "replace").decode()
