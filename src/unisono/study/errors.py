"""The one error that a user is meant to see, in the words of the door that the user came in by.

Who raises it knows neither the command line nor Python: `setting("zone", "UTC")` in a message is `--zone UTC` on the
one side and `zone="UTC"` on the other. Who shows it chooses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Literal

Door = Literal["python", "switches"]

_BEGIN, _BETWEEN, _END = "\x0e", "\x1f", "\x0f"
_EITHER = re.compile(f"{_BEGIN}([^{_BETWEEN}{_END}]*){_BETWEEN}([^{_END}]*){_END}")
_RESERVED = {"as": "as_"}  # words of the language


class UserError(Exception):
    """Something the user can mend: what is wrong (with file and line) and what to do about it.

    `what`, `remedy` and `str()` speak Python; `said("switches")` speaks as the command line does.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)

    @property
    def what(self) -> str:
        """What is wrong."""
        return self.said("python")[0]

    @property
    def remedy(self) -> str:
        """What to do about it; may be empty."""
        return self.said("python")[1]

    def said(self, door: Door) -> tuple[str, str]:
        """What is wrong and what to do about it, in the words of one door."""
        what, remedy = self.args
        return spoken(what, door), spoken(remedy, door)

    def __str__(self) -> str:
        return f"{self.what}\n  {self.remedy}" if self.remedy else self.what


def setting(name: str, value: str | None = None) -> str:
    """A setting in a message: `--file-format csv` or `file_format="csv"`. name: as in study.yaml, or `out`."""
    switch = "--" + name.replace("_", "-")
    keyword = _RESERVED.get(name, name)
    if value is None:
        return either(switch, f"`{keyword}`")
    return either(f"{switch} {value}", f'{keyword}="{value}"')


def either(command: str, python: str) -> str:
    """A part of a message that the command line and Python say differently."""
    return f"{_BEGIN}{_plain(command)}{_BETWEEN}{_plain(python)}{_END}"


def spoken(text: str, door: Door) -> str:
    """A message in the words of one door."""
    return _EITHER.sub(lambda m: m[1 if door == "switches" else 2], text)


def close_to(name: str, known: Iterable[str]) -> str:
    """`did you mean edges? `, or nothing where no known name is close: the begin of a remedy."""
    near = difflib.get_close_matches(name.lower(), list(known), 1, 0.6)
    return f"did you mean {near[0]}? " if near else ""


def _plain(text: str) -> str:
    """Anybody's text may stand in a message, but it draws no border of ours."""
    return re.sub(f"[{_BEGIN}{_BETWEEN}{_END}]", " ", text)
