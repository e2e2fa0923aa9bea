"""The command that repeats a study."""

from __future__ import annotations

import shlex

from unisono.study import Settings

NO_SWITCH = {"sources", "limits", "threads", "memory"}
"""Settings that are no switch, or change no result."""


def command_line(settings: Settings) -> str:
    """`unisono run ...` with every setting that differs from its default, quoted for a POSIX shell."""
    words = ["unisono", "run", *settings.sources]
    data = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=NO_SWITCH)
    for name, value in data.items():
        words.append("--" + name.replace("_", "-"))
        if isinstance(value, list):
            words.append(",".join(str(v) for v in value))
        elif value is not True:
            words.append(str(value))
    if settings.limits != type(settings.limits)():
        words += ["--study", "study.yaml"]
    if settings.seed == 0:
        words += ["--seed", "0"]
    return shlex.join([*words, "--out", "STUDY"])
