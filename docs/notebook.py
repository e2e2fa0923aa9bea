"""The notebook as a page of the site: executed where its data is, else shown with a note.

A hook of mkdocs. `python -m docs.notebook FILE` writes the page to a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
DATA = "reference/coortweet_russian.parquet"
_STILL = 'import altair\naltair.renderers.enable("svg")'
"""Charts become drawings: the site makes no request, and altair's own page would load Vega."""
_NOTE = (
    "!!! note\n    This page was built without the data that it reads, so its cells are shown and were not run. "
    "[The notebook](https://jupyter.org) runs wherever `UNISONO_DATA` names the folder of the data.\n"
)
_FORMS = ("image/svg+xml", "text/html", "text/plain")
"""What is shown of an output, the first that there is."""


def data() -> Path:
    """The folder that the notebook reads from."""
    return Path(os.environ.get("UNISONO_DATA", ROOT.parent / "shared" / "data"))


def page() -> str:
    """The notebook as Markdown, its outputs as HTML. Raises CellExecutionError where a cell fails."""
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    there = (data() / DATA).is_file()
    return "\n".join(_parts(executed(notebook) if there else notebook, there))


def executed(notebook: Any) -> Any:
    """The notebook after all its cells were run, in a kernel of its own."""
    hidden = nbformat.v4.new_code_cell(_STILL)
    notebook.cells.insert(0, hidden)
    before = dict(os.environ)
    os.environ["UNISONO_DATA"] = str(data().resolve())
    try:
        NotebookClient(
            notebook, timeout=1800, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
        ).execute()
    finally:
        os.environ.clear()
        os.environ.update(before)
    notebook.cells.remove(hidden)
    return notebook


def _parts(notebook: Any, there: bool) -> Iterator[str]:
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            yield cell.source + "\n"
            if i == 0 and not there:
                yield _NOTE
            continue
        yield f"```python\n{cell.source}\n```\n"
        for output in cell.get("outputs", ()):
            yield from _shown(output)


def _shown(output: Any) -> Iterator[str]:
    """An output as HTML in a box of its own; blank lines would end the HTML for Markdown."""
    if output.output_type == "stream":
        return
    form = next((f for f in _FORMS if f in output.data), None)
    if form is None or not (text := "".join(output.data[form]).strip()):
        return
    if form == "text/plain":
        yield f"```\n{text}\n```\n"
    else:
        yield (
            '<div class="output" style="overflow-x: auto">\n'
            + "\n".join(filter(str.strip, text.splitlines()))
            + "\n</div>\n"
        )


def on_files(files: Any, config: Any) -> Any:
    """Add the page to the site (mkdocs calls this)."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, "notebook.md", content=page()))
    return files


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
