"""The command line: every verb, and the family that it belongs to. What a verb needs is imported when it runs."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import typer

from unisono.cli import looking, making
from unisono.cli.guard import guarded

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Find accounts that act in unison, and see the posts that show it.\n\n"
    "Start with `unisono demo`, then `unisono run posts.csv --map account=author,time=created,text=body "
    "--zone UTC --out STUDY` and open STUDY/report.html.",
)

for name, verb in (
    ("run", making.run), ("read", making.read), ("trace", making.trace), ("advise", looking.advise),
    ("pair", making.pair), ("test", making.test_), ("calibrate", making.calibrate), ("group", making.group),
    ("moments", making.moments), ("reactions", making.reactions), ("profile", making.profile),
    ("check", making.check), ("add", making.add), ("report", making.report), ("demo", making.demo),
    ("formats", looking.formats_), ("show", looking.show), ("why", looking.why), ("verify", looking.verify),
):  # fmt: skip
    app.command(name)(verb)


def main() -> None:
    """Run the command; whatever goes wrong ends in a sentence, not in a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):  # a console or pipe of a small alphabet gets the rest escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(guarded(lambda: app(prog_name="unisono", standalone_mode=True)))
