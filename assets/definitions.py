"""The definitions of tables: where each one's `SELECT` or function is, and which tables it reads, told by the definition."""

from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp

from assets.computed import computed
from assets.tables import TABLES, Stage, Table


@cache
def sql_of(table: Table) -> str | None:
    """The table's `SELECT`; None for a table that a function or the program itself fills."""
    path = Path(__file__).parent / table.stage / f"{table.name}.sql"
    return path.read_text() if path.exists() else None


@cache
def inputs_of(table: Table) -> tuple[str, ...]:
    """Names of the tables and sources the table's definition reads, sorted."""
    if made := computed(table):
        return tuple(sorted(made.reads))
    sql = sql_of(table)
    if sql is None:
        return ()
    tree = sqlglot.parse_one(sql, read="duckdb")
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    return tuple(sorted({found.name for found in tree.find_all(exp.Table)} - ctes))


@cache
def in_order() -> tuple[Table, ...]:
    """All tables that are built, each after those it reads."""
    defined = {table.name: table for table in TABLES if table.stage is not Stage.PUBLISHED}
    graph = {name: [read for read in inputs_of(table) if read in defined] for name, table in defined.items()}
    return tuple(defined[name] for name in TopologicalSorter(graph).static_order())
