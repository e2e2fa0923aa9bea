"""The command line. What a verb needs is imported when it runs: `unisono --version` costs next to nothing."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unisono.cli.verbs import app

__all__ = ["app", "command", "main"]


def main() -> None:
    """The program `unisono`."""
    sys.meta_path.insert(0, _NoPandas())
    command()


class _NoPandas:
    """pyarrow imports pandas, where there is one, to ask of any value whether it is pandas'. Here none ever is, and
    it would be the longest of all imports."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ImportError("the command line needs no pandas")


def command() -> None:
    """Run the command in `sys.argv` and exit; whatever goes wrong ends in a sentence, not in a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):  # a console or pipe of a small alphabet gets the rest escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.argv[1:] == ["--version"]:
        from unisono.version import __version__

        sys.stdout.write(f"unisono {__version__}\n")
        sys.exit(0)
    from unisono.cli.guard import guarded

    sys.exit(guarded(_run))


def _run() -> None:
    from unisono.cli.verbs import app

    app(prog_name="unisono", standalone_mode=True)


def __getattr__(name: str) -> Any:
    """The application, imported when first asked for."""
    if name == "app":
        from unisono.cli.verbs import app

        return app
    raise AttributeError(f"module 'unisono.cli' has no attribute {name!r}")
