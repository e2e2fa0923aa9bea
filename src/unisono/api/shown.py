"""What a study, and sentences about it, look like at a prompt and in a notebook. Text is shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from unisono.clean.durations import format_time
from unisono.clean.text import visible
from unisono.words import numbers
from unisono.words.shown import short

_MOST = 10
"""Groups that are listed."""
_COLUMNS = ("group", "accounts", "links", "of them true at least", "q", "by", "from", "to")

_PAGE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string("""
<div class="unisono" style="max-width: 60em">
{% for line in story %}
<p style="margin: 0.2em 0" dir="auto">{{ line }}</p>
{% endfor %}
{% if rows %}
<table>
<thead><tr>{% for name in columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr>{% for cell in row %}<td><bdi>{{ cell }}</bdi></td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if more %}
<p style="margin: 0.2em 0">{{ more }}</p>
{% endif %}
</div>
""")


class Lines(str):
    """Sentences, each on a line of its own, that show themselves as text."""

    def __new__(cls, lines: Iterable[str]) -> Lines:
        return super().__new__(cls, "\n".join(visible(line) for line in lines))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return Markup("<br>").join(escape(line) for line in self.splitlines())


def as_text(story: Iterable[str], groups: pa.Table) -> str:
    """The story and the groups (rows of `groups` by rank) as lines."""
    cells = [_COLUMNS, *_rows(groups)]
    wide = [max(len(row[i]) for row in cells) for i in range(len(_COLUMNS))]
    table = ["  ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)).rstrip() for row in cells]
    lines = [*(visible(line) for line in story), *(table if groups.num_rows else ()), *_more(groups)]
    return "\n".join(lines)


def as_html(story: Iterable[str], groups: pa.Table) -> str:
    """The same as HTML."""
    more = "".join(_more(groups))
    lines = [visible(line) for line in story]
    return _PAGE.render(story=lines, columns=_COLUMNS, rows=_rows(groups), more=more).strip()


def _rows(groups: pa.Table) -> list[tuple[str, ...]]:
    return [_row(g) for g in groups.slice(0, _MOST).to_pylist()]


def _row(g: dict[str, Any]) -> tuple[str, ...]:
    least, q = g["true_edges_at_least"], g["q"]
    return (
        str(g["rank"]), numbers.number(g["n_accounts"]), numbers.number(g["n_edges"]),
        "" if least is None else numbers.number(least), "" if q is None else numbers.small(q),
        numbers.listing([short(t) for t in g["traces"]]), format_time(g["first_us"]), format_time(g["last_us"]),
    )  # fmt: skip


def _more(groups: pa.Table) -> list[str]:
    n = groups.num_rows - _MOST
    return [f"{numbers.count(n, 'more group')}: study.groups"] if n > 0 else []
