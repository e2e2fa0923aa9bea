"""The command that repeats a study."""

from __future__ import annotations

import shlex

from unisono.study import Settings

CHANGES_NOTHING = {"threads", "memory"}
"""Settings that change no result."""
NO_SWITCH = {"limits", "resolutions", "n_seeds", "min_accounts"}
"""Settings that only a study.yaml can hold."""


def command_line(settings: Settings) -> str:
    """`unisono run ...` with every setting that differs from its default, quoted for a POSIX shell.

    What has no switch is taken from the study's own file.
    """
    dashed = any(s.startswith("-") for s in settings.sources)  # such a name reads like a switch, but after "--"
    words = ["unisono", "run", *([] if dashed else settings.sources)]
    data = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=CHANGES_NOTHING | {"sources"})
    if data.keys() & NO_SWITCH:
        words += ["--study", "STUDY/study.yaml"]
    for name, value in data.items():
        if name in NO_SWITCH:
            continue
        words.append("--" + name.replace("_", "-"))
        if isinstance(value, list):
            words.append(",".join(str(v) for v in value))
        elif value is not True:
            words.append(str(value))
    if settings.seed == 0:
        words += ["--seed", "0"]
    return shlex.join([*words, "--out", "STUDY", *(["--", *settings.sources] if dashed else [])])
