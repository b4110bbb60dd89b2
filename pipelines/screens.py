"""What a person reads in the terminal. Nothing is computed here beyond what a line needs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid
from rich.text import Text

from assets.exports.formats import Format
from assets.explained import Explanation
from assets.landed import Summary
from assets.ledger import Landing
from assets.published import Generation
from checks.reconciliation import Severity, Verdict

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
SHOWN = 8


@contextmanager
def progress(tables: int) -> Iterator[tuple[Any, Any]]:
    """Bars for reading and for building; yields what to call as each goes on."""
    columns = (SpinnerColumn(), TextColumn("{task.description:<22}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bars:
        reading = bars.add_task("reading 读取 (KiB)", total=None)
        building = bars.add_task("tables 建表", total=tables)

        def read(done: int, total: int) -> None:
            bars.update(reading, completed=done >> 10, total=max(total >> 10, 1))

        def built(step: str) -> None:
            bars.update(building, advance=1, description=step)

        yield read, built


def summary(home: Path, landed: Summary, verdicts: Sequence[Verdict], generation: Generation, database: duckdb.DuckDBPyConnection) -> None:
    """What a refresh did, and where its result is."""
    fates = dict(zip(("in", "kept", "superseded", "quarantined", "skipped"), _fates(database), strict=True))
    grid = Grid.grid(padding=(0, 2))
    grid.add_row("files 文件", ", ".join(f"{count} {state}" for state, count in landed.files.most_common()) or "nothing new")
    grid.add_row("rows 行", " · ".join(f"{count:,} {fate}" for fate, count in fates.items()))
    passed = sum(verdict.passed for verdict in verdicts)
    grid.add_row("checks 校验", f"{passed} of {len(verdicts)} passed")
    console.print(grid)
    warnings([verdict for verdict in verdicts if not verdict.passed])
    stores(database)
    console.print(f"generation {generation.number} · {home / 'published' / generation.file}", style="bold")


def warnings(verdicts: Sequence[Verdict]) -> None:
    """A line for each law that is not kept, and what to do."""
    for verdict in verdicts:
        blocking = verdict.law.severity is Severity.BLOCKING
        line = Text("✗ " if blocking else "! ", style="bold red" if blocking else "bold yellow")
        line.append(f"{verdict.law.name.replace('_', ' ')} — {verdict.seen}", style="red" if blocking else "yellow")
        errors.print(line)
        errors.print(f"    {verdict.worst}", style="dim", markup=False, overflow="ellipsis", no_wrap=not blocking)
        if verdict.law.way_out:
            errors.print(f"    {verdict.law.way_out}", style="dim", markup=False)


def stores(database: duckdb.DuckDBPyConnection) -> None:
    """The stores with the most paid, last month with orders and the one before."""
    rows = database.execute(
        """
        select store, currency, period_start, paid_orders, paid_amount, net_sales_order_day, buyers
        from store_metrics
        where basis = 'paid' and grain = 'month'
        qualify row_number() over (partition by store, currency order by period_start desc) = 1
        order by paid_amount desc nulls last, store
        """
    ).fetchall()
    if not rows:
        return
    grid = Grid(box=None, header_style="bold", padding=(0, 1))
    grid.add_column("store\n店铺", overflow="fold")
    grid.add_column("month\n月份", no_wrap=True)
    for name in ("orders\n支付订单", "paid\n支付金额", "net sales\n净销售额", "buyers\n买家"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("\n货币")
    for store, currency, month, orders, paid, net, buyers in rows[:SHOWN]:
        grid.add_row(Text(store), f"{month:%Y-%m}", _number(orders), _money(paid), _money(net), _number(buyers), currency)
    console.print(grid)
    if len(rows) > SHOWN:
        console.print(f"  and {len(rows) - SHOWN:,} more stores: edgewise query 'from store_metrics'", style="dim")


def _fates(database: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    row = database.execute("select sum(rows_in), sum(kept), sum(superseded), sum(quarantined), sum(skipped) from files").fetchone()
    return tuple(int(value or 0) for value in row or (0,) * 5)


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _money(value: Any) -> str:
    return "—" if value is None else f"{value:,.2f}"


def refused(landings: Sequence[Landing]) -> None:
    """The files of this run a person should look at."""
    for landing in landings[:SHOWN]:
        told = landing.reason or ", ".join(f"{count} rows {reason}" for reason, count in landing.quarantined.items())
        errors.print(f"! {landing.label}: {told}", style="yellow", markup=False)
    if len(landings) > SHOWN:
        errors.print(f"! and {len(landings) - SHOWN} more files: edgewise query 'from quarantine'", style="yellow")


def explanation(said: Explanation) -> None:
    """How a table of a file would be read."""
    grid = Grid.grid(padding=(0, 2))
    grid.add_row("file", Text(said.file))
    grid.add_row("store", said.store)
    grid.add_row("result", Text(said.state if not said.reason else f"{said.state}: {said.reason}", style="" if not said.reason else "yellow"))
    if said.what_to_do:
        grid.add_row("", Text(said.what_to_do, style="yellow"))
    if said.format:
        grid.add_row("format", f"{said.format} — {said.title}")
        grid.add_row("encoding", said.encoding)
        grid.add_row("header", f"row {said.header_row}, {len(said.mapping)} columns used, {len(said.not_loaded)} not loaded")
        grid.add_row("exported at", f"{said.exported_at} UTC" if said.exported_at else "not stated: the rows themselves decide which is newer")
        grid.add_row("rows", f"{said.rows:,}")
        for kind, rows in said.landed.items():
            grid.add_row("", f"{rows:,} {kind}")
        for reason, rows in said.skipped.items():
            grid.add_row("", f"{rows:,} skipped: {reason.replace('_', ' ')}")
    console.print(grid)
    for row in said.refused:
        where = f" in {row['column']}" if row["column"] else ""
        first = ", ".join(str(number) for number in row["first_rows"])
        errors.print(f"! {row['rows']:,} rows quarantined: {row['reason']}{where} (row {first}{' …' if row['rows'] > len(row['first_rows']) else ''})", style="yellow", markup=False)
        errors.print(f"    {row['says']}: {row['what_to_do']}", style="dim", markup=False)
    if said.mapping:
        console.print("what becomes what", style="bold")
        mapping = Grid.grid(padding=(0, 2))
        for canonical, column in said.mapping.items():
            mapping.add_row(Text(canonical), "←", Text(column))
        console.print(mapping)
    if said.not_loaded:
        console.print(Text(f"not loaded, and never stored: {', '.join(said.not_loaded)}", style="dim"))
    for kind, rows in said.sample.items():
        console.print(f"first {kind}", style="bold")
        for row in rows:
            console.print(Text("  " + ", ".join(f"{name}={value}" for name, value in row.items())))


def known_formats(formats: Sequence[Format]) -> None:
    """The formats, a line each."""
    grid = Grid.grid(padding=(0, 2))
    for known in formats:
        grid.add_row(Text(known.name, style="bold"), Text(", ".join(known.kinds) or "recognised, not used"), Text(known.title))
    console.print(grid)


def one_format(known: Format) -> None:
    """One format's columns."""
    console.print(Text(f"{known.name} — {known.title}", style="bold"))
    for fingerprint in (known.recognise, *known.parts):
        if fingerprint:
            required = ", ".join("/".join(one_of) for one_of in fingerprint.required)
            console.print(Text(f"recognised by {required}" + (f"; never with {', '.join(fingerprint.forbidden)}" if fingerprint.forbidden else "")))
    for kind in known.kinds:
        console.print(kind, style="bold")
        for name, entry in getattr(known, kind).items():
            console.print(Text(f"  {name} ← {entry.model_dump(exclude_defaults=True, by_alias=True)}"))


def all_generations(built: Sequence[Generation], current: str, held: str) -> None:
    """The generations that can be read."""
    grid = Grid.grid(padding=(0, 2))
    for generation in built:
        mark = ("held" if held == generation.file else "current") if generation.file == current else ""
        rows = sum(rows for rows, _ in generation.tables.values())
        grid.add_row(str(generation.number), generation.built_at, f"{rows:,} rows", generation.code_version, Text(mark, style="bold green"))
    console.print(grid)
    if held:
        console.print("publishing is held: `edgewise rollback --release` lets readers see the newest again", style="yellow")


def age(generation: Generation) -> str:
    """How long ago a generation was built."""
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(generation.built_at)).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def rows(found: duckdb.DuckDBPyConnection, limit: int) -> None:
    """A query's answer as a table."""
    grid = Grid(box=None, header_style="bold", padding=(0, 2))
    numeric = {"INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "UBIGINT", "SMALLINT"}
    for name, kind, *_ in found.description:
        grid.add_column(Text(name), justify="right" if str(kind) in numeric or str(kind).startswith("DECIMAL") else "left", overflow="fold")
    fetched = found.fetchmany(limit + 1)
    for row in fetched[:limit]:
        grid.add_row(*(Text("—" if value is None else str(value)) for value in row))
    console.print(grid)
    if len(fetched) > limit:
        errors.print(f"the first {limit} rows; --limit shows more, --format csv all", style="dim")
