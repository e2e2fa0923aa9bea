"""How much is tested, what workers share, and where the data is.

`make test` leaves out what is marked `full` and tries few examples of each property; `make test-full` (`pytest --full`)
is what a release needs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).parent.parent
LOCKS = ROOT / ".pytest_cache" / "compiling"

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that wait must not spin where workers share the cores

# What is compiled at its first call takes a second, and machines are shared: no test of ours asserts a time.
settings.register_profile("few", deadline=None, max_examples=40)
settings.register_profile("full", deadline=None, max_examples=300)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="everything, and many examples of each property")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("full" if config.getoption("--full") else "few")
    if "PYTEST_XDIST_WORKER" in os.environ:
        compile_once()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--full"):
        return
    left_out = [i for i in items if i.get_closest_marker("full")]
    items[:] = [i for i in items if not i.get_closest_marker("full")]
    config.hook.pytest_deselected(items=left_out)


def compile_once() -> None:
    """Workers share compiled kernels on disk: one that needs what another compiles waits for it.

    Numba looks on disk inside `compile`, so that the wait has to end before. Its own lock is taken first, as it does
    itself: a thread with a file's lock never waits for another thread, and files are locked from caller to callee only.
    """
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compile_, locks = Dispatcher.compile, dict[str, FileLock]()
    LOCKS.mkdir(parents=True, exist_ok=True)

    def one_at_a_time(self: Any, sig: Any) -> Any:
        name = f"{self.py_func.__module__}.{self.py_func.__qualname__}"
        if not name.startswith(("unisono.", "lab.")):
            return compile_(self, sig)
        with global_compiler_lock, locks.setdefault(name, FileLock(LOCKS / name)):
            return compile_(self, sig)

    Dispatcher.compile = one_at_a_time


def shared(name: str) -> Path:
    """A file of the shared data (UNISONO_DATA, else ../shared/data); skips the test, saying so, where it is missing."""
    path = Path(os.environ.get("UNISONO_DATA", ROOT.parent / "shared" / "data")) / name
    if not path.is_file():
        pytest.skip(f"NOT TESTED on real data: {path} is not there (set UNISONO_DATA)")
    return path
