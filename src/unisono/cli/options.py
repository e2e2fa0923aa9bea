"""The switches of the command line, each said once, and the settings that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from unisono.study import Settings

Sources = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SOURCE...", help="CSV, TSV, NDJSON, JSON or Parquet; plain, .gz, .zst, .zip."),
]
StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="A study folder.")]
Out = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="STUDY", help="Folder for the tables and the report; made if absent."),
]
As = Annotated[str | None, typer.Option("--as", help="Named format of the sources; else detected by their columns.")]
Map = Annotated[
    str | None,
    typer.Option(
        "--map",
        help="Which column is what: account=author,time=created,text=body. `kind=post_type:R=repost,=post` maps "
        "values; `urls=links:pipe` names the separator of a list.",
    ),
]
Delimiter = Annotated[str | None, typer.Option(help="What parts cells: comma, semicolon, tab, pipe, or the letter.")]
Encoding = Annotated[
    str | None, typer.Option(help="Encoding of text files, such as utf-16 or windows-1252; else UTF-8.")
]
FileFormat = Annotated[
    str | None,
    typer.Option("--file-format", help="csv, tsv, ndjson, json, parquet, xlsx; else by the file's ending."),
]
Platform = Annotated[str | None, typer.Option(help="Prefix of ids, such as telegram.")]
Zone = Annotated[str | None, typer.Option(help="Time zone of times that carry none: UTC, Europe/Prague, +03:00.")]
TimeFormat = Annotated[
    str | None,
    typer.Option("--time-format", help="unix, unix_ms, unix_us or a pattern such as %d-%m-%Y %H:%M."),
]
Resolution = Annotated[str | None, typer.Option(help="Smallest step of the source's clock, such as 1s or 1m.")]
Trace = Annotated[str | None, typer.Option(help="Behaviours to pair, such as url,hashtag,text; else the defaults.")]
Window = Annotated[str | None, typer.Option(help="Windows, such as 60s,10m; else each behaviour's own.")]
MinObjects = Annotated[
    int | None,
    typer.Option("--min-objects", help="Fewest common objects of a pair that is written (default 2)."),
]
MaxPairs = Annotated[
    int | None,
    typer.Option("--max-pairs", help="Most pairs of one behaviour and window; more are refused (default 20,000,000)."),
]
Reposts = Annotated[
    bool | None, typer.Option("--content-of-reposts", help="Also take links, tags and texts of reposts.")
]
Fdr = Annotated[
    float | None,
    typer.Option("--fdr", help="Share of false findings among those called, between 0 and 1 (default 0.05)."),
]
AnyDependence = Annotated[
    bool | None,
    typer.Option(
        "--any-dependence",
        help="Call links by e-BH: valid under any dependence of the tests, and finds much less.",
    ),
]
Calibrations = Annotated[
    int | None,
    typer.Option(
        "--calibrations", "-k", min=1, max=1000,
        help="Runs on permuted data that measure the error (default 1; each costs about four times the test).",
    ),
]  # fmt: skip
Control = Annotated[
    Path | None,
    typer.Option("--control", metavar="STUDY2", help="A study of ordinary accounts: each group beside 50 like it."),
]
Known = Annotated[Path | None, typer.Option(help="CSV of legitimate networks: account_id,network,reason.")]
Spreadsheet = Annotated[
    bool | None, typer.Option("--spreadsheet", help="CSV files that are safe to open in a spreadsheet.")
]
Seed = Annotated[int | None, typer.Option(help="Seed of everything random (default 0).")]
Threads = Annotated[int | None, typer.Option(help="Processor threads; changes no result.")]
Memory = Annotated[str | None, typer.Option(help="Memory for tables, such as 4GB; changes no result.")]
StudyFile = Annotated[Path | None, typer.Option("--study", help="A study.yaml to start from; switches go before it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]

WHERE = "the switches"


def settings_of(switches: dict[str, Any], study_file: Path | None) -> Settings:
    """Switches over a study.yaml over the defaults."""
    from unisono.study import changed_settings, make_settings

    given = plain(switches)
    return changed_settings(study_file, given, WHERE) if study_file else make_settings(given, WHERE)


def plain(switches: dict[str, Any]) -> dict[str, Any]:
    """Switches that were given, under the names that settings have."""
    named = {k.rstrip("_"): v for k, v in switches.items() if v is not None and k not in ("study", "quiet", "json_")}
    for name in {"trace", "window"} & named.keys():
        named[name] = [p.strip() for p in named[name].split(",") if p.strip()]
    return {
        k: [str(p) for p in v] if k == "sources" else str(v) if isinstance(v, Path) else v for k, v in named.items()
    }
