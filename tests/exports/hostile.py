"""What people write to harm a reader: markup, formulas, hidden and right-to-left characters."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.exports.payloads import payloads

_FIRST = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)//https://ping.example/x",
    "<a href=javascript:alert(1)>x</a>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --!><iframe src=https://ping.example>",
    "]]><x xmlns:s='http://www.w3.org/1999/xhtml'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202eevil\u202c \u2066x",
    "nul\x00bell\x07esc\x1b[31m",
    "zero\u200bwidth\ufeff\u2060",
    "Z" + "\u0335\u0336\u0337" * 60,
    "سلام دنیا، این یک متن است",
    '=HYPERLINK("https://ping.example")',
    "`${alert(1)}`",
    "x" * 5000,
    "<style>@import url(https://ping.example/a.css)</style>",
    "",
)
PAYLOADS = tuple(dict.fromkeys((*_FIRST, *payloads())))
MARK = "hostile-row"


def poisoned(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The tables of a study with a payload in every text that is free to be anything."""
    turns: dict[str, Iterator[str]] = defaultdict(lambda: itertools.cycle(PAYLOADS))

    def payload(column: str) -> str:
        return next(turns[column])

    texts = {
        "events": ("text", "lang", "permalink", "client", "source_file"),
        "accounts": ("handle", "name", "label", "description", "location", "platform", "kind"),
    }  # fmt: skip
    made = {k: [dict(r) for r in v] for k, v in rows.items()}
    for table, columns in texts.items():
        for row in made[table]:
            row |= {c: payload(f"{table}.{c}") for c in columns}
    _rename(made, {t["object_id"]: f"{t['object_id']}{payload('object')}" for t in made["traces"]}, ("object_id",))
    ids = {a["account_id"]: f"{a['account_id']}{payload('account')}" for a in made["accounts"]}
    _rename(made, ids, ("account_id", "account_a", "account_b", "author_id", "subject_id"))
    return made


def _rename(made: dict[str, list[dict[str, Any]]], names: dict[str, str], columns: tuple[str, ...]) -> None:
    for rows in made.values():
        for row in rows:
            row |= {c: names[row[c]] for c in columns if c in row}
