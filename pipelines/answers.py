"""A query's answer as a person reads it in the terminal. What other commands show stands in `screens`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from pipelines.screens import console, errors

NUMERIC = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "FLOAT", "DOUBLE"})
WHOLE = 1e6  # from here on a double is written without decimals
UNBOUNDED = 10_000  # columns: as wide as the table is


def rows(found: duckdb.DuckDBPyConnection, limit: int, to: Path | None = None) -> None:
    """A table where the terminal is wide enough for it, else row by row; in a file or a pipe always a table."""
    names = [name for name, *_ in found.description]
    fetched = found.fetchmany(limit + 1)
    grid = Grid(box=None, header_style="bold", padding=(0, 2))
    for name, kind, *_ in found.description:
        is_number = str(kind) in NUMERIC or str(kind).startswith("DECIMAL")
        grid.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in fetched[:limit]:
        grid.add_row(*(Text(_cell(value)) for value in row))
    if to:
        with to.open("w") as file:
            Console(file=file, highlight=False, width=UNBOUNDED).print(grid)
    elif not console.is_terminal:
        Console(highlight=False, width=UNBOUNDED).print(grid)
    elif Measurement.get(console, console.options.update(max_width=UNBOUNDED), grid).maximum <= console.width:
        console.print(grid)
    else:
        for at, row in enumerate(fetched[:limit], 1):
            console.print(_record(at, names, row))
    if len(fetched) > limit:
        errors.print(f"the first {limit} rows; --limit shows more, --format csv all", style="dim")


def _record(at: int, names: Sequence[str], row: Sequence[Any]) -> Grid:
    """One row, a line for each of its columns."""
    record = Grid(box=None, padding=(0, 2), show_header=False, title=f"row {at}", title_justify="left", title_style="dim")
    for name, value in zip(names, row, strict=True):
        record.add_row(Text(name, style="bold"), Text(_cell(value)))
    return record


def _cell(value: Any) -> str:
    """A value in words: a double with the six digits that mean something, — for what is not known."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= WHOLE else f"{value:.6g}"
    return str(value)
