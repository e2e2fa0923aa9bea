"""study.yaml is typed, goes round, and its errors name the line's key."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.study import Limits, Settings, UserError, changed_settings, load_settings, make_settings, save_settings

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
SETTINGS = st.builds(
    Settings,
    sources=st.lists(TEXT, max_size=3).map(tuple),
    format=st.sampled_from([None, "table", "traces", "cnt"]),
    map=st.none() | TEXT,
    zone=st.none() | TEXT,
    window=st.none() | st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    resolutions=st.none() | st.lists(st.floats(0.001, 1), max_size=2).map(tuple),
    limits=st.builds(Limits, nesting=st.integers(1, 99)),
    fdr=st.floats(0, 1, exclude_min=True, exclude_max=True),
    spreadsheet=st.booleans(),
    seed=st.integers(0, 2**31 - 1),
)


@given(chosen=SETTINGS)
def test_settings_go_round(tmp_path_factory: pytest.TempPathFactory, chosen: Settings) -> None:
    path = tmp_path_factory.getbasetemp() / "study.yaml"
    save_settings(chosen, path)
    assert load_settings(path) == chosen
    assert not path.with_name("study.yaml.new").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("widow: 60s", "widow: Extra inputs"),
        ("threads: 0", "threads: "),
        ("threads: many", "threads: "),
        ("seed: -1", "seed: "),
        ("as: [word]", "as: "),
        ("window: 60s", "window: "),
        ("window: []", "window: "),
        ("trace: []", "trace: "),
        ("limits: {nesting: 0}", "limits.nesting: "),
        ("fdr: 0", "fdr: "),
        ("fdr: 1", "fdr: "),
        ("- a", "holds no settings"),
        ("", "holds no settings"),
        ("a: b: c", "is no YAML"),
        ("a: \x00", "is no YAML"),
        ("!!python/object/apply:os.system [true]", "is no YAML"),
    ],
)
def test_a_wrong_study_yaml_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as e:
        load_settings(path)
    assert says in e.value.what
    assert str(path) in e.value.what
    assert e.value.remedy


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        load_settings(tmp_path / "study.yaml")
    (tmp_path / "study.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is no YAML"):
        load_settings(tmp_path / "study.yaml")


def test_changes_go_before_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    save_settings(make_settings({"seed": 1, "as": "cnt", "limits": {"nesting": 3}}, "test"), path)
    changed = changed_settings(path, {"seed": 2}, "test")
    assert (changed.seed, changed.format, changed.limits.nesting) == (2, "cnt", 3)
    with pytest.raises(UserError, match="test: sead: "):
        changed_settings(path, {"sead": 2}, "test")


def test_settings_that_change_no_result_are_in_no_key() -> None:
    assert Settings(threads=1).part("seed", "window") == Settings(memory="1GB").part("seed", "window")
    assert Settings(threads=3).n_threads == 3
    assert Settings().n_threads >= 1


def test_an_error_without_remedy_is_one_line() -> None:
    assert str(UserError("a")) == "a"
    assert str(UserError("a", "b")) == "a\n  b"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seed: 2021-13-45", "seed: Input should be a valid integer"),
        ("zone: !!timestamp 2021-13-45", "line 1: tags"),
        (f"seed: {'1' * 10_000}", "a number of so many digits"),
        (f"seed: {'1:' * 5_000}1", "a number of so many digits|seed: Input"),
        ("[" * 20_000, "more than 20 deep"),
        ("- " * 20_000, "more than 20 deep"),
        ("{a: " * 30 + "}" * 30, "more than 20 deep"),
        ("a: &a [x, x]\nb: *a", "line 1: anchors"),
        ("limits: {nesting: 5}\n<<: {seed: 1}", "<<: Extra inputs"),
        ("seed: 1\nseed: 2", "line 2: 'seed' stands there twice"),
        ("? [a, b]\n: 1", "a name is a list"),
        ("seed: 1\n" * 200_000, "larger than 1 MB"),
        ("".join(f"a{i}: 1\n" for i in range(50)), "and 41 more"),
        (f"{'k' * 900}: 1", "^[^k]*k{60}: Extra"),
    ],
)
def test_what_others_put_into_a_study_yaml_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as e:
        load_settings(path)
    assert re.search(says, e.value.what.removeprefix(str(path))), e.value.what[:300]
    with pytest.raises(UserError, match="cannot be read"):
        load_settings(tmp_path)


@given(st.text(st.sampled_from("ab12:-?[]{}&*!|>'\"%@`#,. \n\t~<"), max_size=60))
def test_any_text_is_settings_or_a_sentence(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(text)
        with suppress(UserError):
            load_settings(path)
