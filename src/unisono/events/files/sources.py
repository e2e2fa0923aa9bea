"""Which files are read, what each is called, and how it is written."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unisono.events.files import unpack
from unisono.study import Limits, Settings, UserError
from unisono.study.files import sha256_file
from unisono.study.settings import FileFormat

_ENDINGS: dict[str, FileFormat] = {
    ".csv": "csv", ".tsv": "tsv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json",
    ".parquet": "parquet", ".xlsx": "xlsx",
}  # fmt: skip
_PACKINGS = (".gz", ".zst")
_REMEDY = "say how it is written with --file-format csv, tsv, ndjson, json, parquet or xlsx"


@dataclass(frozen=True)
class Source:
    """One table of input: a file, or a member of a zip. `packing` is "", ".gz" or ".zst"."""

    name: str
    path: Path
    member: str | None
    kind: FileFormat
    packing: str
    sha256: str
    bytes: int

    def open(self, limits: Limits, on_read: Callable[[int], None] | None = None) -> unpack.Stream:
        """Its unpacked bytes from the start; `on_read` hears how many bytes of the file were consumed."""
        return unpack.open_stream(self.path, self.member, self.packing, self.name, limits, on_read)

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
    return [s for p, n in zip(paths, source_names(paths), strict=True) for s in _of(p, n, settings, note)]


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
    try:
        with zipfile.ZipFile(path) as archive:
            names = [i.filename for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as e:
        raise UserError(f"{path} is no zip file ({e})", "pack it again, or give the files in it") from None
    if len(set(names)) < len(names):
        raise UserError(f"{path} holds two members of one name", "unpack it and give the files in it")
    found = 0
    for member in names:
        kind, packing = _written(member, settings.file_format)
        if kind is None or member.startswith("__MACOSX/"):
            note(f"{name}: member {_shown(member)} was not read: its ending names no table")
            continue
        found += 1
        source = Source(f"{name}/{_shown(member)}", path, member, kind, packing, "", 0)
        yield _measured(source, settings.limits)
    if not found:
        raise UserError(f"{path} holds no file whose ending names a table", _REMEDY)


def _measured(source: Source, limits: Limits) -> Source:
    """A member's sha256 and length are those of its own bytes, so that ids made of them differ."""
    sha, size = hashlib.sha256(), 0
    with unpack.open_stream(source.path, source.member, "", source.name, limits) as stream:
        while block := stream.read_whole(1 << 20):
            sha.update(block)
            size += len(block)
    return Source(source.name, source.path, source.member, source.kind, source.packing, sha.hexdigest(), size)


def _shown(member: str) -> str:
    return member.encode("utf-8", "replace").decode()
