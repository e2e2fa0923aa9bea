"""The one error that a user is meant to see."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend: what is wrong (with file and line) and what to do about it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  {self.remedy}" if self.remedy else self.what
