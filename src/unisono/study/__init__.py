"""The study folder, its settings and its manifest; each imported when first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unisono.study.errors import UserError, either, setting
    from unisono.study.folder import StageOutput, Study, open_study, schema_of
    from unisono.study.progress import Progress, Quiet
    from unisono.study.settings import (
        Limits,
        Settings,
        UndeclaredSetting,
        changed_settings,
        load_settings,
        make_settings,
        save_settings,
    )

__all__ = [
    "Limits", "Progress", "Quiet", "Settings", "StageOutput", "Study", "UndeclaredSetting", "UserError",
    "changed_settings", "either", "load_settings", "make_settings", "open_study", "save_settings", "schema_of",
    "setting",
]  # fmt: skip

_WHERE = {
    "errors": ("UserError", "either", "setting"),
    "folder": ("StageOutput", "Study", "open_study", "schema_of"),
    "progress": ("Progress", "Quiet"),
    "settings": (
        "Limits", "Settings", "UndeclaredSetting", "changed_settings", "load_settings", "make_settings",
        "save_settings",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
