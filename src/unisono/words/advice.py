"""What is said of a trace before anything is tested: its clocks, its objects, and the window to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unisono.clean.durations import format_duration
from unisono.study.errors import setting
from unisono.words.numbers import count

NO_OBJECTS = "synchrony: traces without objects are tested against each account's own rhythm, at no window."
TWO_SHARERS_ONLY = "Every shared object has two sharers: whom they waited for, nobody can tell. Times say nothing here."
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms"), (1, "us"))


def clocks(known: Mapping[int, int], n_unknown: int) -> str:
    """What the clocks can tell apart. known: traces by resolution, microseconds; n_unknown: those that declare none."""
    said = [f"{format_duration(r)} ({count(n, 'trace')})" for r, n in sorted(known.items())]
    if n_unknown:
        said.append(
            f"unknown ({count(n_unknown, 'trace')}): nothing is refused, so declare what the source's clock can tell "
            f"apart with {setting('resolution')}"
        )
    return f"clock of {', '.join(said)}." if said else "no traces."


def several_clocks(n_objects: int) -> str:
    """Objects on which clocks of several resolutions meet."""
    return (
        f"Clocks of several resolutions meet on {count(n_objects, 'object')}. At a window, traces of a clock coarser "
        "than half of it take no part, so that nothing coarse is compared with what is finer than it: n_coarse counts "
        "the traces left out, n_cut the objects that they are cut from."
    )


def refused(windows_us: Sequence[int], smallest_us: int) -> str:
    """Windows that no clock is fine enough for."""
    return (
        f"Refused: {', '.join(map(format_duration, windows_us))}. Two times that the clock cannot tell apart are no "
        f"coincidence; the smallest window that can be tested is {format_duration(smallest_us)}."
    )


def no_window(no_pair: bool) -> str:
    """That nothing can be tested. no_pair: because no two accounts can be; else because of the clock."""
    why = "fewer than two accounts touch two objects that others touch too" if no_pair else "the times are too coarse"
    return f"Insufficient data: {why}. No window helps."


def two_sharers(share: float) -> str:
    """Objects whose times say nothing."""
    return f"{share:.0%} of the shared objects have two sharers only; their times say nothing."


def bursts(window_us: int) -> str:
    """From which window on most objects are crowded by themselves."""
    return (
        f"From {format_duration(window_us)} on, half of the objects are bursts: half of all their sharers coincide by "
        "the object's own curve."
    )


def not_recommended(window_us: int, n_objects: int, power: float) -> str:
    """That no window would show much. power: probability to be an edge on n_objects."""
    return (
        f"Recommended: none. Even a pair that acts together on {n_objects} objects within {format_duration(window_us)} "
        f"would be an edge in {power:.0%} of cases only."
    )


def recommended(window_us: int, power: Mapping[int, float], needs: int | None, needs_of_many: int | None) -> str:
    """The window to use. power: probability to be an edge by number of objects; needs: objects that a middling pair
    needs, alone and among a hundred pairs (None: more than 200)."""
    return (
        f"Recommended: {setting('window', written(window_us))}. A pair that acts together within it on "
        f"{', '.join(map(str, power))} objects would be an edge with probability "
        f"{', '.join(f'{p:.2f}' for p in power.values())}; a middling pair needs {_needs(needs)}, and "
        f"{_needs(needs_of_many)} where a hundred pairs do so."
    )


def wider(window_us: int, n_objects: int, power: float) -> str:
    """A second window, for what is slower."""
    return (
        f"For slower operations add {written(window_us)}, the widest window tried at which {n_objects} objects still "
        f"suffice in {power:.0%} of cases; each further window costs every other a little."
    )


def sampled(n: int, of: int) -> str:
    """That not all was looked at."""
    return f"From {n:,} of {of:,} traces, whole objects drawn at random."


def written(window_us: int) -> str:
    """A window as the setting `window` takes it: 60s, 10m, 1h."""
    if window_us == 60_000_000:
        return "60s"
    size, unit = next((size, unit) for size, unit in _UNITS if window_us % size == 0)
    return f"{window_us // size}{unit}"


def _needs(n: int | None) -> str:
    return "more than 200" if n is None else f"{n}"
