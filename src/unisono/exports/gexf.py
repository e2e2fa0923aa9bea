"""network.gexf: GEXF 1.3, read by Gephi, Gephi Lite and networkx. Well-formed whatever the accounts wrote."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from unisono.exports.network import EDGE_FIELDS, NODE_FIELDS, Network
from unisono.study import Progress
from unisono.version import __version__


def write_gexf(network: Network, path: Path, progress: Progress) -> None:
    """Write the network. Parallel edges (traces, windows) have ids of their own; `weight` is n_objects."""
    progress.start("network.gexf", None, "edges")
    with path.open("w", encoding="utf-8", newline="\n") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n')
        f.write(f"<meta><creator>unisono {__version__}</creator></meta>\n")
        f.write('<graph mode="static" defaultedgetype="undirected">\n')
        _declare(f, "node", NODE_FIELDS)
        _declare(f, "edge", EDGE_FIELDS)
        _nodes(f, network)
        _edges(f, network, progress)
        f.write("</graph>\n</gexf>\n")


def _declare(f: IO[str], kind: str, fields: dict[str, str]) -> None:
    f.write(f'<attributes class="{kind}">\n')
    f.writelines(f'<attribute id="{name}" title="{name}" type="{t}"/>\n' for name, t in fields.items())
    f.write("</attributes>\n")


def _nodes(f: IO[str], network: Network) -> None:
    f.write("<nodes>\n")
    for node in network.nodes():
        values = "".join(f'<attvalue for="{k}" value="{v}"/>' for k, v in node.fields.items())
        f.write(f'<node id="{node.id}" label="{node.label}"><attvalues>{values}</attvalues></node>\n')
    f.write("</nodes>\n")


def _edges(f: IO[str], network: Network, progress: Progress) -> None:
    """Whole columns are joined at once: an edge file may have millions of lines."""
    f.write("<edges>\n")
    n = 0
    for a, b, fields in network.edges():
        ids = pa.array(range(n, n + len(a))).cast(pa.string())
        values = [_join(f'<attvalue for="{k}" value="', v, '"/>') for k, v in fields.items()]
        head = ('<edge id="e', ids, '" source="', a, '" target="', b, '" weight="', fields["n_objects"])
        lines = _join(*head, '"><attvalues>', *(pc.fill_null(v, "") for v in values), "</attvalues></edge>\n")
        f.writelines(lines.to_pylist())
        n += len(a)
        progress.advance(len(a))
    f.write("</edges>\n")


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
