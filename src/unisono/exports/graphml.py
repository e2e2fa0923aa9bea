"""network.graphml: GraphML, read by Gephi, yEd, Cytoscape, igraph and networkx."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from unisono.exports.network import EDGE_FIELDS, NODE_FIELDS, Network
from unisono.study import Progress

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.'
    'org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def write_graphml(network: Network, path: Path, progress: Progress) -> None:
    """Write the network. Parallel edges (traces, windows) have ids of their own."""
    progress.start("network.graphml", None, "edges")
    with path.open("w", encoding="utf-8", newline="\n") as f:
        f.write(_HEAD)
        _declare(f, "node", {"label": "string"} | NODE_FIELDS)
        _declare(f, "edge", EDGE_FIELDS)
        f.write('<graph id="unisono" edgedefault="undirected">\n')
        for node in network.nodes():
            values = "".join(_data("node", k, v) for k, v in ({"label": node.label} | node.fields).items())
            f.write(f'<node id="{node.id}">{values}</node>\n')
        _edges(f, network, progress)
        f.write("</graph>\n</graphml>\n")


def _declare(f: IO[str], kind: str, fields: dict[str, str]) -> None:
    f.writelines(
        f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{t}"/>\n' for name, t in fields.items()
    )


def _data(kind: str, field: str, value: str) -> str:
    return f'<data key="{kind}_{field}">{value}</data>'


def _edges(f: IO[str], network: Network, progress: Progress) -> None:
    """Whole columns are joined at once: an edge file may have millions of lines."""
    n = 0
    for a, b, fields in network.edges():
        ids = pa.array(range(n, n + len(a))).cast(pa.string())
        values = [_join(f'<data key="edge_{k}">', v, "</data>") for k, v in fields.items()]
        head = ('<edge id="e', ids, '" source="', a, '" target="', b, '">')
        f.writelines(_join(*head, *(pc.fill_null(v, "") for v in values), "</edge>\n").to_pylist())
        n += len(a)
        progress.advance(len(a))


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
