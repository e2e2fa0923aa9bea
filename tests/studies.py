"""Ten small studies and the content hash of each of their tables: what a change that only moves code must leave equal.

`python -m tests.studies --write` writes the hashes anew, after a change of what a study says; the commit names the
tables and the reason.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.planted import as_posts, as_traces
from tests.small import MAP, small_sources
from unisono import pipeline
from unisono.study import Quiet, make_settings, open_study

GOLDEN = Path(__file__).parent / "golden" / "studies.json"
_FIXTURES = Path(__file__).parent / "events" / "fixtures"
_EXPORTS = {
    "x": "x_v2_page.json", "telegram": "telegram_chat.json", "mastodon": "mastodon.json",
    "bluesky": "bsky_jetstream_v2.ndjson", "reddit": "reddit_comments.ndjson", "facebook": "crowdtangle_facebook.csv",
    "youtube": "youtube_comments.json",
}  # fmt: skip
NAMES = ("demo", "posts", "traces", *_EXPORTS)


def hashes(name: str, folder: Path) -> dict[str, str]:
    """Content hash of every table of one of the ten studies, which is made in `folder`."""
    study = open_study(folder / "study", create=True)
    pipeline.run(study, make_settings(_settings(name, folder), name), Quiet())
    return {t: r.content_hash for t, r in sorted(study.manifest.tables.items())}


def _settings(name: str, folder: Path) -> dict[str, Any]:
    if name in _EXPORTS:
        return {"sources": [str(_FIXTURES / _EXPORTS[name])], "min_objects": 1}
    if name == "demo":
        return {"sources": [str(p) for p in small_sources(folder)], "map": MAP, "n_seeds": 2}
    planted = as_posts(folder) if name == "posts" else as_traces(folder)
    return {"sources": [str(planted.path)], "n_seeds": 2, **planted.reads}


def write() -> None:
    """Write the golden file, and say which tables changed."""
    old = json.loads(GOLDEN.read_text()) if GOLDEN.is_file() else {}
    new = {}
    for name in NAMES:
        with TemporaryDirectory() as folder:
            new[name] = hashes(name, Path(folder))
        changed = [t for t in new[name] if new[name][t] != old.get(name, {}).get(t)]
        print(f"{name}: {', '.join(changed) or 'as before'}")
    GOLDEN.write_text(json.dumps(new, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"{__doc__}")
    write()
