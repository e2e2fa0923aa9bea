"""Links as a graph of networkx or igraph, each only where the user installed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study import UserError

if TYPE_CHECKING:
    import igraph
    import networkx


def networkx_of(accounts: pa.Table, links: pa.Table) -> networkx.Graph[str]:
    """Nodes from `accounts` (the first column names them), edges from `links` (the first two are its ends)."""
    try:
        import networkx
    except ImportError:
        raise UserError("networkx is not installed", "pip install 'unisono[notebook]'") from None
    graph: networkx.Graph[str] = networkx.Graph()
    for (name,), fields in _rows(accounts, 1):
        graph.add_node(name, **fields)
    for (a, b), fields in _rows(links, 2):
        graph.add_edge(a, b, **fields)
    return graph


def igraph_of(accounts: pa.Table, links: pa.Table) -> igraph.Graph:
    """The same for igraph; the account's id is the vertex attribute `name`, what it is called `label`."""
    try:
        import igraph
    except ImportError:
        raise UserError(
            "igraph is not installed", "pip install igraph (its licence is the GPL), or leave `to` away for networkx"
        ) from None
    nodes = [{**fields, "called": fields.pop("name", None), "name": name} for (name,), fields in _rows(accounts, 1)]
    edges = [{"source": a, "target": b, **fields} for (a, b), fields in _rows(links, 2)]
    return igraph.Graph.DictList(nodes, edges, vertex_name_attr="name")


def _rows(table: pa.Table, n_names: int) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Names and fields of each row, in values that every graph format can hold; what is not known is left out."""
    plain = pa.table({f.name: _plain(table[f.name], f.type) for f in table.schema})
    for row in plain.to_pylist():
        names = tuple(row.pop(c) for c in table.column_names[:n_names])
        yield names, {k: v for k, v in row.items() if v is not None}


def _plain(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_timestamp(kind):
        text = pc.replace_substring(column.cast(pa.timestamp("us")).cast(pa.string()), " ", "T")
        return pc.binary_join_element_wise(text, pa.scalar("Z"), "")
    if pa.types.is_duration(kind):
        return pc.divide(column.cast(pa.int64()).cast(pa.float64()), 1e6)
    if pa.types.is_list(kind):
        return pc.binary_join(column, " ")
    return column
