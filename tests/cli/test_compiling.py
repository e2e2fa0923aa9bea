"""The first run says that it compiles, once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from numba.core.event import Event, EventStatus

from unisono.cli.compiling import KERNELS, _Watch


class Told:
    """What the bars were told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.counts: list[tuple[int, int]] = []

    def say(self, text: str) -> None:
        self.lines.append(text)

    def compiled(self, n: int, total: int) -> None:
        self.counts.append((n, total))


def compiled(module: str) -> Event:
    kernel = SimpleNamespace(py_func=SimpleNamespace(__module__=module))
    return Event("numba:compile", EventStatus.END, {"dispatcher": kernel})


def test_kernels_of_ours_are_counted_and_told_of_once() -> None:
    told = Told()
    watch = _Watch(told)  # type: ignore[arg-type]
    for _ in range(5):
        watch.notify(compiled("unisono.pairs.kernel"))
        watch.notify(compiled("numba.np.arrayobj"))
    assert len(told.lines) == 1
    assert "first run" in told.lines[0]
    assert told.counts == [(n, KERNELS) for n in (3, 4, 5)]


def test_where_nothing_can_be_kept_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, says in (("/tmp/unisono-kernels-x1", "each run compiles"), ("/tmp/mine", "the first run here")):
        monkeypatch.setenv("NUMBA_CACHE_DIR", folder)
        told = Told()
        watch = _Watch(told)  # type: ignore[arg-type]
        for _ in range(3):
            watch.notify(compiled("unisono.pairs.kernel"))
        assert says in told.lines[0]
