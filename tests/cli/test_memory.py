"""Little memory, and Ctrl-C while libraries are loaded, end in a sentence."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")


def command(*words: object, cap: int = 0) -> subprocess.Popen[str]:
    """`python -m unisono ...` that may have `cap` bytes of address space."""
    argv = [sys.executable, "-m", "unisono", *map(str, words)]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (cap, cap))) if cap else None
    pipe = subprocess.PIPE
    return subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, preexec_fn=limit)


@pytest.mark.parametrize("cap", [200 << 20, 400 << 20, 600 << 20, 1000 << 20, 1600 << 20])
def test_little_memory_is_a_sentence(tmp_path: Path, cap: int) -> None:
    source = tmp_path / "posts.csv"
    source.write_text("account,time,text\na,2021-01-01T00:00:00Z,hello there\n")
    run = command("run", source, "--map", "account=account,time=time,text=text", "-o", tmp_path / "s", "-q", cap=cap)
    _, err = run.communicate(timeout=120)
    assert run.returncode == 2, err
    assert "unisono: there is too little memory" in err
    assert "ulimit -v" in err
    assert "Traceback" not in err
    assert not (tmp_path / "s").exists()


def test_the_version_needs_little_memory() -> None:
    run = command("--version", cap=200 << 20)
    out, err = run.communicate(timeout=120)
    assert (run.returncode, err) == (0, "")
    assert out.startswith("unisono ")


def test_ctrl_c_while_libraries_are_loaded_is_a_sentence(tmp_path: Path) -> None:
    """It is pressed once unisono itself runs: what the interpreter does before that is out of reach."""
    code = "import sys; from unisono.__main__ import main; sys.argv = ['unisono', 'show', 'nowhere']; "
    code += "print('up', flush=True); main()"
    for delay in (0.05, 0.2, 0.5):
        run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(delay)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=120)
        assert "Traceback" not in err
        assert run.returncode in (130, 2)  # 2: it had already found that there is no such study
