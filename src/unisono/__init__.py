"""unisono finds accounts that act in unison and shows the posts behind every link.

import unisono as un
s = un.study("posts.csv", map="account=author,time=created,text=body", zone="UTC")
s                    # what was found, and how sure that is
s.links()            # one row per pair of accounts that is linked
s.plot.network(1)    # the first group, drawn
"""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from unisono.version import __version__

if TYPE_CHECKING:
    from unisono.api.beside import advise, bound, calibrate, coact, moment, profile, react, sequence
    from unisono.api.hand import Study, open, study
    from unisono.api.verbs import evidence, group, pair, read, test, trace
    from unisono.study import UserError

_WHERE = {
    "api.hand": ("study", "open", "Study"),
    "api.verbs": ("read", "trace", "pair", "test", "evidence", "group"),
    "api.beside": ("moment", "coact", "sequence", "react", "profile", "advise", "calibrate", "bound"),
    "study": ("UserError",),
}
_HOME = {name: module for module, names in _WHERE.items() for name in names}

__all__ = [
    "Study", "UserError", "__version__", "advise", "bound", "calibrate", "coact", "evidence", "group", "moment", "open",
    "pair", "profile", "react", "read", "sequence", "study", "test", "trace",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The names above, imported when first used: `import unisono` costs nothing."""
    if name in _HOME:
        return getattr(import_module(f"unisono.{_HOME[name]}"), name)
    raise AttributeError(f"module 'unisono' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What there is to be used."""
    return __all__


class _Package(ModuleType):
    """`unisono.study` and `unisono.advise` are functions. Rooms of these names are imported by their path alone; Python
    would put them in the functions' place as soon as anything imports them."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def _keep_kernels_somewhere() -> None:
    """Numba keeps compiled kernels beside the package or in the user's cache, and fails where it can do neither: a
    package of the system, a user without a home, a sandbox. There they go to a folder that ends with this process."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    beside = os.path.join(os.path.dirname(__file__), "maths", "__pycache__")
    place = {"darwin": "Library/Caches", "win32": "AppData/Local"}.get(sys.platform, ".cache")
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), place)
    if _can_be_written(beside) or _can_be_written(os.path.join(caches, "numba")):
        return
    import atexit
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="unisono-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = folder
    if numba := sys.modules.get("numba"):  # it has looked already
        numba.config.CACHE_DIR = folder


def _can_be_written(folder: str) -> bool:
    """Whether a folder can be written into, or made."""
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder) or "."
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def _forget_old_kernels(folder: str) -> None:
    """Numba compiles a kernel anew where its own file changed, not where a kernel that it calls did. A working copy
    changes file by file; an installed package, whose files are all as old as it, need not be looked at."""
    stamp = os.path.join(folder, "__pycache__", "kernels.stamp")
    if "site-packages" in folder or not _can_be_written(os.path.dirname(stamp)):
        return
    newest, size, kept = 0, 0, []
    for room, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                found = os.stat(os.path.join(room, name))
                newest, size = max(newest, found.st_mtime_ns), size + found.st_size
            elif name.endswith((".nbi", ".nbc")):
                kept.append(os.path.join(room, name))
    now = f"{newest} {size}"
    try:
        with builtins.open(stamp) as file:
            if file.read() == now:
                return
    except OSError:
        pass
    for path in kept:
        with suppress(OSError):
            os.unlink(path)
    with suppress(OSError):
        os.makedirs(os.path.dirname(stamp), exist_ok=True)
        with builtins.open(stamp, "w") as file:
            file.write(now)


_keep_kernels_somewhere()
_forget_old_kernels(os.path.dirname(__file__))
