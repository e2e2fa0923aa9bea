"""Work handed out: every item once, whatever the number of cores."""

from __future__ import annotations

import numpy as np
import pytest

from unisono.maths import threads


@pytest.mark.parametrize("cores", [1, 2, 7])
@pytest.mark.parametrize("n", [0, 1, 5, 257, 10_000])
def test_pieces_and_turns_cover_everything_once(n: int, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "n_cores", lambda: cores)
    by_piece, by_turn = np.zeros(n, np.int64), np.zeros(n, np.int64)

    def piece(begin: int, end: int) -> None:
        by_piece[begin:end] += 1

    def turn(k: int, of: int) -> None:
        by_turn[k::of] += 1

    threads.in_pieces(piece, n)
    threads.in_turn(turn, n)
    assert by_piece.tolist() == by_turn.tolist() == [1] * n


def test_what_fails_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "n_cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        threads.in_pieces(lambda begin, end: 1 // 0, 1000)
