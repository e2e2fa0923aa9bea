"""The study folder, its settings and its manifest."""

from unisono.study.errors import UserError, either, setting
from unisono.study.folder import StageOutput, Study, open_study, schema_of
from unisono.study.progress import Progress, Quiet
from unisono.study.settings import Limits, Settings, changed_settings, load_settings, make_settings, save_settings

__all__ = [
    "Limits", "Progress", "Quiet", "Settings", "StageOutput", "Study", "UserError",
    "changed_settings", "either", "load_settings", "make_settings", "open_study", "save_settings", "schema_of",
    "setting",
]  # fmt: skip
