"""Gives commands in children that are killed (SIGKILL): before their k-th change of a folder, or after some time.

`python -m tests.cli.killing` reads jobs from standard input, one JSON object a line, and answers each with a line. It
imports everything once and starts no thread, so that each child costs what its command does and no more. A job:

words: of the command; folder: whose changes count; before: the change before which the child is killed (0: never);
after: seconds after which it is killed, where `before` is 0 (0: never). The answer: killed; changes, what each of them
names, where the child ended by itself; seconds; code, the exit status.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.move"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def main() -> None:
    """Answer every job."""
    import unisono.cli.making  # the verbs; what they import when they run comes with the next line
    from unisono import pipeline
    from unisono.exports.report import page

    assert pipeline
    assert page
    assert unisono.cli.making
    for line in sys.stdin:
        print(json.dumps(done(**json.loads(line))), flush=True)


def done(words: list[str], folder: str, before: int, after: float) -> dict[str, Any]:
    """Do one job in a child."""
    out, into = os.pipe()
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(out)
        _obey(words, folder, before, into)
    os.close(into)
    if after:
        deadline, status = begin + after, 0
        while time.monotonic() < deadline and not (status := os.waitpid(child, os.WNOHANG)[1]) and _lives(child):
            time.sleep(0.002)
        if _lives(child):
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    else:
        _, status = os.waitpid(child, 0)
    with os.fdopen(out) as f:
        changes = json.loads(f.read() or "[]")
    killed = os.WIFSIGNALED(status)
    code = -1 if killed else os.WEXITSTATUS(status)
    return {"killed": killed, "changes": changes, "seconds": time.monotonic() - begin, "code": code}


def _lives(child: int) -> bool:
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return False
    return True


def _obey(words: list[str], folder: str, before: int, into: int) -> None:
    """The child: run the command; never comes back."""
    changes: list[str] = []

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if not _changes(event, args, folder):
            return
        changes.append(os.fsdecode(args[0]))
        if len(changes) == before:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 70
    try:
        from unisono.cli import command

        sys.argv = ["unisono", *words]
        sys.addaudithook(watch)
        command()
    except SystemExit as e:
        code = int(e.code or 0)
    finally:
        with os.fdopen(into, "w") as f:
            f.write(json.dumps(changes))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _changes(event: str, args: tuple[Any, ...], folder: str) -> bool:
    """Whether an event is a change of the folder; names that are relative to an open folder are believed to be."""
    if event == "open":
        path, _, flags = args
        return isinstance(path, str | bytes | os.PathLike) and bool(flags & _WRITES) and _in(path, folder)
    return event in CHANGES and any(_in(a, folder) or not os.path.isabs(a) for a in args if isinstance(a, str))


def _in(path: Any, folder: str) -> bool:
    return os.fsdecode(path).startswith(folder)


if __name__ == "__main__":
    main()
