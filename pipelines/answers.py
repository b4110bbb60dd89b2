"""A query's answer, and stores side by side, as a person reads them in the terminal. What other commands show is `screens`."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from assets.catalog.side_by_side import Block
from pipelines.consoles import console, errors

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


def side_by_side(found: Sequence[Block]) -> None:
    """Blocks of stores that may be compared within; between them stands why not across."""
    if not found:
        console.print("no store's exports let it be told 没有店铺的导出含有该指标")
        return
    for at, block in enumerate(found):
        if at:
            before = found[at - 1]
            same = (block.metric.key, block.counted) == (before.metric.key, before.counted)
            unlike = "in another currency 币种不同" if same else "counted otherwise 口径不同"
            console.print(f"\nnot to be compared with those above 不可与上面比较: {unlike}", style="yellow")
        title = (f"{block.metric.name_en} {block.metric.name_zh}", f"{block.month:%Y-%m}", block.counted, block.currency)
        console.print(" · ".join(part for part in title if part), style="bold")
        grid = Grid(box=None, show_header=False, padding=(0, 2))
        grid.add_column(overflow="fold")
        grid.add_column(justify="right")
        for store, value in block.values:
            grid.add_row(Text(store), Text(_figure(value, block.metric.unit)))
        console.print(grid)


def _figure(value: Decimal | float | None, unit: str) -> str:
    """A metric's value as its unit is written: a share as per cent, money to the cent, a count whole."""
    if value is None:
        return "—"
    if unit == "ratio":
        return f"{value:.2%}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
