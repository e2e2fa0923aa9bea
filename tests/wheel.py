"""`make dist`: the wheel installs into an empty environment, from the package index, and runs the demo there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path


def main() -> None:
    """Install dist/*.whl and run the demo. Raises CalledProcessError where anything fails."""
    (wheel,) = Path(sys.argv[1]).glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "env", with_pip=True)
        binaries = home / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([binaries / "python", "-m", "pip", "install", "--quiet", str(wheel.resolve())], check=True)
        subprocess.run([binaries / "unisono", "demo", "--out", home / "demo", "--quiet"], check=True, cwd=home)
        report = (home / "demo" / "study" / "report.html").read_text("utf-8")
        subprocess.run([binaries / "unisono", "verify", home / "demo" / "study"], check=True, cwd=home)
    if "Coordinated behaviour observed" not in report:
        raise SystemExit("the wheel's demo found nothing")
    print(f"{wheel.name} installs into an empty environment and runs the demo")


if __name__ == "__main__":
    main()
