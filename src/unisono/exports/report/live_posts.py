"""The posts that the page's script may show: each text, post, object and account once, as many as there is room for."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from unisono.clean.time import format_duration, format_time
from unisono.exports.report.curves import Curve
from unisono.exports.report.posts import Post
from unisono.traces import meaning
from unisono.words import shown
from unisono.words.numbers import percent

_OCCASION_BYTES, _LINE_BYTES = 40, 200
_MS = 1_000


class Shelf:
    """Fills up with posts, the most telling first, until `room` bytes are taken."""

    def __init__(self, known: dict[str, Post], curves: dict[tuple[str, str], Curve], room: int) -> None:
        self._known, self._curves, self._room = known, curves, room
        self.texts: list[str | list[str]] = []
        self.posts: list[list[Any]] = []
        self.objects: list[list[Any]] = []
        self.occasions: dict[int, list[list[Any]]] = defaultdict(list)
        """Posts side by side, by line: [post, post, object, lag in ms, lag in words, share by chance, others]."""
        self._totals: dict[int, int] = {}
        self._text_at: dict[str, int] = {}
        self._post_at: dict[tuple[str, int], int] = {}
        self._object_at: dict[tuple[str, str], int] = {}
        self._account_at: dict[str, int] = {}

    def put(self, row: dict[str, Any]) -> bool:
        """One row of live_edges.gather; False once there is no room."""
        if self._room <= 0:
            return False
        a, b = (self._post(row[f"event_{x}"], row[f"t_{x}"]) for x in "ab")
        share = "" if row["q_o"] is None else percent(row["q_o"])
        lag = format_duration(abs(row["lag_us"]))
        found = [
            a,
            b,
            self._object(row["trace"], row["object_id"]),
            row["lag_us"] / _MS,
            lag,
            share,
            row["n_common"] - 1,
        ]
        if row["line"] not in self.occasions:
            self._room -= _LINE_BYTES
        self.occasions[row["line"]].append(found)
        self._totals[row["line"]] = row["n_occasions"]
        self._room -= _OCCASION_BYTES
        return True

    def behind(self, line: int) -> tuple[int, list[list[Any]]]:
        """How often the two acted together, and what is shown of it."""
        return self._totals.get(line, 0), self.occasions.get(line, [])

    def account(self, account: str) -> int:
        """The number of an account."""
        return self._account_at.setdefault(account, len(self._account_at))

    def accounts(self, labels: dict[str, str]) -> list[list[str]]:
        """[label, id] by number."""
        return [[labels.get(a) or shown.short(a), shown.short(a, 80)] for a in self._account_at]

    def _post(self, event: str, t_us: int) -> int:
        key = event, t_us
        if key not in self._post_at:
            self._post_at[key] = len(self.posts)
            post = self._known.get(event) or Post("", None, "", None)
            name = shown.shown(post.permalink or event, 160)
            row = [t_us / _MS, format_time(t_us), shown.short(post.kind), self._text(post.text), post.lang or "", name,
                   shown.openable(post.permalink) or ""]  # fmt: skip
            self._keep(self.posts, row)
        return self._post_at[key]

    def _text(self, text: str) -> int:
        """The number of a text, -1 for none. Hidden characters stand at the odd places of a list."""
        if not text:
            return -1
        if text not in self._text_at:
            self._text_at[text] = len(self.texts)
            parts = shown.segments(text)
            self._keep(self.texts, parts[0] if len(parts) == 1 else parts)
        return self._text_at[text]

    def _object(self, trace: str, object_id: str) -> int:
        key = trace, object_id
        if key not in self._object_at:
            self._object_at[key] = len(self.objects)
            row: list[Any] = [meaning(trace), shown.shown(object_id, 200)]
            if curve := self._curves.get(key):
                steps = sorted(curve.counts.items())
                row += [curve.t0_us / _MS, curve.width_us / _MS, curve.accounts, steps]
            self._keep(self.objects, row)
        return self._object_at[key]

    def _keep(self, rows: list[Any], row: Any) -> None:
        rows.append(row)
        self._room -= len(json.dumps(row, ensure_ascii=False).encode())
