"""unisono finds accounts that act in unison and shows the posts that prove it."""

from __future__ import annotations

from typing import Any

from unisono.version import __version__

_VERBS = (
    "run", "read", "trace", "advise", "pair", "test", "evidence", "calibrate", "group", "moment", "react", "profile",
    "report", "bound",
)  # fmt: skip
__all__ = ["__version__", *_VERBS]


def __getattr__(name: str) -> Any:
    """The verbs, imported when first used: `import unisono` costs nothing."""
    if name in _VERBS:
        from unisono import api, api_chance

        return getattr(api_chance if name in ("advise", "bound", "calibrate") else api, name)
    raise AttributeError(f"module 'unisono' has no attribute {name!r}")
