"""Every command that the program prints can be given: the one that repeats a study, and those of errors and pages."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

import unisono
from unisono.cli import app, making
from unisono.exports.command import CHANGES_NOTHING, NO_SWITCH, command_line
from unisono.study import Limits, Settings, save_settings
from unisono.study.errors import spoken

SOURCE = Path(unisono.__file__).parent
VERBS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
PRINTED = re.compile(rf"unisono ((?:{'|'.join(sorted(VERBS))})\b[^`<.;\"]*)")

names = st.text("abc $'\"é-", min_size=1, max_size=8)
changed = st.fixed_dictionaries({}, optional={
    "as": st.sampled_from(["x_v2", "table"]), "map": st.just("account=who,time=at"), "zone": st.just("Europe/Prague"),
    "window": st.just(("60s", "10m")), "trace": st.just(("url", "text")), "fdr": st.sampled_from([0.01, 0.2]),
    "any_dependence": st.just(True), "content_of_reposts": st.just(True), "spreadsheet": st.just(True),
    "calibrations": st.just(20), "min_objects": st.just(3), "seed": st.integers(0, 9), "control": st.just("ordinary"),
    "known": st.just("known.csv"), "min_accounts": st.just(5), "n_seeds": st.just(4), "threads": st.just(2),
    "resolutions": st.just((0.1, 0.5)), "limits": st.just(Limits(nesting=3)), "time_format": st.just("%d-%m-%Y %H:%M"),
})  # fmt: skip


def plain(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(exclude=CHANGES_NOTHING)


@few(max_examples=40, deadline=None)
@given(st.lists(names, min_size=1, max_size=3), changed)
def test_the_command_that_repeats_a_study_makes_the_same_settings(
    tmp_path_factory: pytest.TempPathFactory, sources: list[str], given: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("repeat")
    settings = Settings.model_validate({"sources": tuple(sources)} | given)
    (folder / "STUDY").mkdir()
    save_settings(settings, folder / "STUDY" / "study.yaml")
    program, *words = shlex.split(command_line(settings))
    assert program == "unisono"
    taken: list[Settings] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "work", lambda out, stages, chosen, *more, **also: taken.append(chosen))
        patch.chdir(folder)
        app(words, prog_name="unisono", standalone_mode=False)
    assert plain(taken[0]) == plain(settings)


def test_every_setting_has_a_switch_or_is_known_to_have_none() -> None:
    switches = {o.removeprefix("--").replace("-", "_") for p in VERBS["run"].params for o in (*p.opts, p.name)}
    assert {f.alias or n for n, f in Settings.model_fields.items()} - switches == NO_SWITCH


def commands() -> list[tuple[str, str]]:
    """(file, command) of everything in the package's texts that reads like a command of ours."""
    found = []
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.js")]):
        if "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for said in _texts(text) if path.suffix == ".py" else [text]:
            found += [(path.name, m[1].strip()) for m in PRINTED.finditer(spoken(said, "switches"))]
    return found


def _texts(code: str) -> list[str]:
    """Texts of a module, with `X` in place of what is filled in; comments and names are none."""
    return [
        "".join(v.value if isinstance(v, ast.Constant) else "X" for v in node.values)
        if isinstance(node, ast.JoinedStr) else node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    ]  # type: ignore[misc]  # fmt: skip


def test_every_command_that_is_printed_is_one_that_can_be_given() -> None:
    found = commands()
    assert len(found) > 20
    for file, command in found:
        name, *words = command.split()
        options = {o for p in VERBS[name].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        for word in (w.rstrip(",:)") for w in words if re.match("-[-a-z]", w)):
            assert word.partition("=")[0] in options, f"{file} tells to say: unisono {command}"
