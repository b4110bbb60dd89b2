"""Which columns a column is made from, told by the SQL itself.

Only columns whose values go into it count: what rows are joined, filtered or counted by does not. Sources that are no table,
like reference rates, are left out.
"""

from collections.abc import Iterator
from functools import cache

from sqlglot import exp
from sqlglot.lineage import Node, lineage

from assets.definitions import inputs_of, sql_of
from assets.tables import BY_NAME, Table

Origin = tuple[str, str]


@cache
def origins(table: Table) -> dict[str, tuple[Origin, ...]]:
    """For each column of a table the (table, column) pairs it is made from, sorted; empty for a table that code fills."""
    sql = sql_of(table)
    if sql is None:
        return {}
    schema = {
        name: {column.name: column.type for column in BY_NAME[name].columns} for name in inputs_of(table) if name in BY_NAME
    }
    nodes = lineage(None, sql, schema, dialect="duckdb", trim_selects=False)
    if isinstance(nodes, Node):
        raise TypeError("one column was asked for")
    return {column.name: tuple(sorted(set(_leaves(nodes[column.name])))) for column in table.columns if column.name in nodes}


def _leaves(node: Node) -> Iterator[Origin]:
    for below in node.walk():
        if not below.downstream and isinstance(below.expression, exp.Table) and below.expression.name in BY_NAME:
            yield below.expression.name, below.name.rsplit(".", 1)[-1].strip('"')
