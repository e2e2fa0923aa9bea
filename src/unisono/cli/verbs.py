"""Every verb of the command line, in the order of a study, with an example of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from unisono.cli import looking, making
from unisono.version import __version__

EXITS = (
    "Exit status: 0 done; 1 done, and nothing usable came of it; 2 refused, with a sentence that says why; 3 a check, "
    "such as verify, failed; 4 not finished: disk, memory or a fault of ours; 130 stopped by Ctrl-C."
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Find accounts that act in unison, and see the posts that show it.\n\n"
    "Start with `unisono demo`, then `unisono run posts.csv --map account=author,time=created,text=body "
    "--zone UTC --out STUDY` and open STUDY/report.html.",
    epilog=EXITS,
)

VERBS: dict[str, tuple[Callable[..., Any], str]] = {
    "run": (making.run, "run posts.csv --map account=author,time=created,text=body --zone UTC --out STUDY"),
    "read": (making.read, "read tweets.ndjson.gz --out STUDY"),
    "trace": (making.trace, "trace STUDY --trace url,hashtag"),
    "advise": (looking.advise, "advise STUDY --trace url"),
    "pair": (making.pair, "pair STUDY --window 60s,10m"),
    "test": (making.test_, "test STUDY --fdr 0.01"),
    "calibrate": (making.calibrate, "calibrate STUDY -k 20"),
    "group": (making.group, "group STUDY"),
    "moment": (making.moment, "moment STUDY"),
    "coact": (making.coact, "coact STUDY --fdr 0.01"),
    "sequence": (making.sequence, "sequence STUDY"),
    "react": (making.react, "react STUDY"),
    "profile": (making.profile, "profile STUDY --control ORDINARY"),
    "check": (making.check, "check STUDY"),
    "add": (making.add, "add STUDY --known newsrooms.csv"),
    "report": (making.report, "report STUDY --spreadsheet"),
    "demo": (making.demo, "demo --out demo"),
    "formats": (looking.formats_, "formats x-v2"),
    "show": (looking.show, "show STUDY evidence --pair A B"),
    "why": (looking.why, "why STUDY A B"),
    "verify": (looking.verify, "verify STUDY"),
}
"""Verb, and an example that `unisono VERB --help` ends with."""

for name, (verb, example) in VERBS.items():
    app.command(name, epilog=f"Example: unisono {example}")(verb)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"unisono {__version__}")
        raise typer.Exit


@app.callback()
def _unisono(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version, and nothing else.")
    ] = False,
) -> None:
    pass
