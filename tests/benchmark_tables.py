"""From facts to metrics: what building measures and metrics takes, beside one plain script of DuckDB on the same facts.

Not a test, and not collected as one; run by hand, on facts made up by `facts`, or on a home that `benchmark.py make` has
written and a run has read:

    .venv/bin/python tests/benchmark_tables.py facts DIR --lines 10000000
    .venv/bin/python tests/benchmark_tables.py race DIR

Both sides read the same facts from the warehouse's files with as many threads as are asked for, each in a process of its own, and
write tables to a file. The plain script makes the daily sums of stores and products and their monthly distinct buyers, on both
bases as edgewise does (the day paid and the day placed) and with refunds on the order's day and on their own; it keeps no week,
quarter or year, knows nothing of what is missing, and takes no digests. Of edgewise two times are told: that of the tables that
answer the same questions (`SAME`: their measures, and their metrics from day to year), and that of everything made from
facts. Laws and expectations are timed by `benchmark.py`.

The facts are made up in the warehouse itself, since reading files is not what is timed: eight stores of a thousand products over
36 months, 1.85 lines an order, the first products by far the most sold, one order in twenty refunded whole.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import duckdb
import polars as pl
import typer

from assets.tables import Table

SAME = ("store_days", "product_days", "buyer_days", "product_buyers", "store_metrics", "product_periods", "product_metrics")


def _plain(basis: str) -> dict[str, str]:
    """The plain script's tables on one basis."""
    day = f"{basis}_day"
    return {
        f"store_days_{basis}": f"""
            with ordered as (
                select store, currency, {day} as day, count(*) as orders, sum(goods_amount) as goods,
                    sum(order_shipping) as shipping, sum(order_tax) as tax, sum(order_paid) as paid
                from orders where counted group by all
            ),
            lines as (
                select store, currency, {day} as day, count(*) as lines, sum(quantity) as units, sum(line_gross) as gross
                from order_lines where counted and is_goods group by all
            ),
            of_orders as (
                select store, currency, {day} as day, sum(refund_goods) as goods_of_orders, sum(refund_cash) as cash_of_orders
                from refunds where counted group by all
            ),
            done as (
                select store, currency, refund_day as day, sum(refund_goods) as goods_back, sum(refund_cash) as cash_back
                from refunds where counted and refund_day is not null group by all
            )
            select * from ordered full join lines using (store, currency, day)
            full join of_orders using (store, currency, day) full join done using (store, currency, day)
        """,
        f"product_days_{basis}": f"""
            with lines as (
                select store, currency, product_id, {day} as day, count(*) as lines, count_if(opens_product) as orders,
                    sum(quantity) as units, sum(line_gross) as gross, sum(line_discount) as discount
                from order_lines where counted and is_goods group by all
            ),
            of_orders as (
                select store, currency, product_id, {day} as day, sum(refund_goods) as goods_of_orders,
                    sum(refund_cash) as cash_of_orders
                from refund_lines group by all
            ),
            done as (
                select store, currency, product_id, refund_day as day, sum(refund_goods) as goods_back,
                    sum(refund_cash) as cash_back
                from refund_lines where refund_day is not null group by all
            )
            select * from lines full join of_orders using (store, currency, product_id, day)
            full join done using (store, currency, product_id, day)
        """,
        f"store_buyers_{basis}": f"""
            select store, currency, date_trunc('month', {day}) as month, count(distinct buyer) as buyers
            from order_buyers where counted group by all
        """,
        f"product_buyers_{basis}": f"""
            select store, lines.currency, product_id, date_trunc('month', lines.{day}) as month, count(distinct buyer) as buyers
            from order_lines as lines join order_buyers using (store, order_id)
            where lines.counted and lines.is_goods group by all
        """,
    }


PLAIN = _plain("paid") | _plain("placed")
MADE = """
create temp table made as
select
    number, 'store_' || number % 8 as store, case when number % 8 < 5 then 'CNY' else 'USD' end as currency,
    (190000000000000000 + number)::varchar as order_id,
    date '2023-01-01' + (hash(number, 1) % 1096)::integer as placed_day,
    (placed_day + (hash(number, 2) % 10 = 0)::integer)::date as paid_day,
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4][(hash(number, 3) % 20)::integer + 1] as size,
    ((hash(number, 4) % 1000000 / 1e6) ** 2.5 * 1000)::integer as product,
    (hash(number % 8, ((hash(number, 5) % 1000000 / 1e6) ** 1.6 * {people})::bigint) >> 1)::bigint as buyer,
    hash(number, 6) % 20 = 0 as refunded,
    (paid_day + 2 + (hash(number, 7) % 20)::integer)::date as refund_day
from range({orders}) as numbers(number)
order by placed_day;
create temp table made_lines as
select
    made.*, position, '#' || position as line_id, '6' || lpad(((product + position * 7) % 1000)::varchar, 11, '0') as product_id,
    1 + (hash(number, position) % 5 = 0)::bigint as quantity,
    ((2000 + hash(product_id) % 28000) / 100)::decimal(18, 2) as unit_price,
    (quantity * unit_price)::decimal(18, 2) as line_gross,
    (quantity * unit_price * (hash(number, position, 8) % 4)::integer * 0.05)::decimal(18, 2) as line_discount
from made, range(1, size + 1) as positions(position);
create temp table owed as
select number, sum(line_gross - line_discount)::decimal(18, 2) as goods from made_lines group by number
"""
FACTS = {
    "store_sources": """
        select distinct store, null::date as refunds_from, true as states_refunds, true as states_buyers, true as states_lines,
            true as states_goods, true as states_shipping, true as states_tax, true as states_subsidy,
                true as states_paid from made
    """,
    "orders": """
        select *, date_trunc('month', placed_day)::date as month, placed_day::timestamp as placed_at,
            paid_day::timestamp as paid_at,
            'paid' as status, goods as goods_amount, 6.00 as order_shipping, 0.00 as order_tax, 0.00 as order_subsidy,
            goods + 6 as order_paid, 0.00 as refund_reported, size as item_count, null as region, true as counted,
            true as refunds_known, 1 as landing, number as row
        from made join owed using (number)
    """,
    "order_lines": """
        select *, date_trunc('month', placed_day)::date as month, product_id || '-M' as merchant_sku,
            'Tee ' || product_id as title,
            null as line_owed, null as refund_reported, true as is_goods, true as lines_known, position = 1 as opens_order,
            true as opens_product, true as counted, true as refunds_known, 1 as landing, number as row
        from made_lines
    """,
    "refunds": """
        select *, date_trunc('month', placed_day)::date as month, 'r' || number as refund_id, null as line_id,
            refund_day::timestamp as applied_at, refund_day::timestamp as refunded_at, true as succeeded,
                false as is_shipping_only,
            goods as refund_cash, goods as refund_goods, false as is_estimate, true as counted, 1 as landing, number as row
        from made join owed using (number) where refunded
    """,
    "refund_lines": """
        select *, 'r' || number as refund_id, product_id || '-M' as merchant_sku, line_gross - line_discount as refund_cash,
            line_gross - line_discount as refund_goods, quantity as returned_units
        from made_lines where refunded
    """,
    "order_buyers": "select *, 0 as epochs_ago, date_trunc('month', placed_day)::date as month, true as counted from made",
    "product_ids": "select distinct store, product_id || '-M' as merchant_sku, product_id from made_lines",
    "order_coverage": """
        select store, placed_day as day, count(*) as orders_seen, null as orders_expected, 'present' as state
        from made group by all
    """,
    "refund_coverage": "select distinct store, placed_day as day from made",
}

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


def _told(name: str, begun: float, processor: float) -> tuple[float, float]:
    wall, spent = time.perf_counter() - begun, time.process_time() - processor
    typer.echo(f"{name:<24}{wall:>8.2f} s{spent:>8.2f} s of the processor")
    return wall, spent


def _memory() -> str:
    return f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MiB"


@app.command()
def facts(home: HomeArgument, lines: int = 10_000_000) -> None:
    """Make up facts in a new home's warehouse."""
    from assets import sources
    from assets.home import Home
    from assets.ledger import Ledger
    from assets.tables import BY_NAME, Stage
    from assets.warehouse import Warehouse
    from pipelines.settings import settings_of

    if home.exists():
        raise typer.BadParameter(f"{home} is there already")
    (home / "inbox").mkdir(parents=True)
    settings = settings_of(home)
    made = Home(settings.home)
    ledger = Ledger(made)
    frames = sources.all_of(made, ledger, settings.reporting_currency, settings.margin)
    orders = round(lines / 1.85)
    with Warehouse(made, ledger, frames, settings.memory) as warehouse:
        for statement in MADE.format(orders=orders, people=orders // 8 * 3 // 4).split(";"):
            warehouse.connection.execute(statement)
        for table in (table for table in BY_NAME.values() if table.stage is Stage.FACTS):
            warehouse.write(table, pl.DataFrame(schema=[column.name for column in table.columns]))
        for name, script in FACTS.items():
            _fill(warehouse.connection, BY_NAME[name], script)
            (rows,) = warehouse.connection.execute(f"select count(*) from {name}").fetchone() or (0,)
            typer.echo(f"{name:<24}{rows:>12,} rows")


def _fill(database: duckdb.DuckDBPyConnection, table: Table, script: str) -> None:
    """Fill a fact, and say of which months it has rows and which it reaches."""
    where, names = "private" if table.private else "warehouse", ", ".join(column.name for column in table.columns)
    database.execute(f"insert into {where}.main.{table.name} ({names}) select {names} from ({script})")
    month = "null" if table.whole else "month"
    database.execute(
        f"insert into {where}.meta.partitions select '{table.name}', {month}, 'made', count(*), 0 from {table.name} group by all"
    )
    for day in table.days:
        database.execute(
            f"""insert into {where}.meta.reaches
            select '{table.name}', {month}, date_trunc('month', {day}), count(*), 0
            from {table.name} where {day} is not null group by all"""
        )


@app.command(hidden=True)
def plain(home: HomeArgument, threads: int = 2) -> None:
    """Run the plain script alone."""
    written = home / "plain"
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir()
    database = duckdb.connect(str(written / "plain.duckdb"), config={"threads": threads, "preserve_insertion_order": False})
    for name in ("warehouse", "private"):
        path = home / "warehouse" / f"{name}.duckdb"
        database.execute(f"attach '{path}' as {name} (read_only)")
    database.execute("set search_path = 'warehouse.main,private.main,plain.main'")
    whole = time.perf_counter(), time.process_time()
    for name, script in PLAIN.items():
        begun = time.perf_counter(), time.process_time()
        database.execute(f"create table plain.main.{name} as {script}")
        _told(name, *begun)
    _told("plain", *whole)
    typer.echo(_memory())


@app.command(hidden=True)
def tables(home: HomeArgument, threads: int = 2) -> None:
    """Build all measures and metrics from the facts that stand."""
    from assets import sources
    from assets.definitions import in_order
    from assets.home import Home
    from assets.ledger import Ledger
    from assets.tables import Stage
    from assets.warehouse import Warehouse
    from pipelines.settings import settings_of

    settings = settings_of(home)
    made = Home(settings.home)
    ledger = Ledger(made)
    frames = sources.all_of(made, ledger, settings.reporting_currency, settings.margin)
    wanted = [table for table in in_order() if table.stage in (Stage.MEASURES, Stage.METRICS)]
    same_wall, same_spent = 0.0, 0.0
    for file in ("warehouse", "private"):
        with duckdb.connect(str(made.warehouse / f"{file}.duckdb")) as database:
            database.execute(f"delete from meta.partitions where table_name in {tuple(table.name for table in wanted)}")
    with Warehouse(made, ledger, frames, settings.memory) as warehouse:
        warehouse.connection.execute(f"set threads = {threads}")
        warehouse.show_landed()
        whole = time.perf_counter(), time.process_time()
        for table in wanted:
            begun = time.perf_counter(), time.process_time()
            warehouse.build(table)
            wall, spent = _told(table.name, *begun)
            if table.name in SAME:
                same_wall, same_spent = same_wall + wall, same_spent + spent
        _told("everything", *whole)
    typer.echo(f"{'the same answers':<24}{same_wall:>8.2f} s{same_spent:>8.2f} s of the processor")
    typer.echo(_memory())


@app.command()
def race(home: HomeArgument, threads: int = 2) -> None:
    """Run both, each in a process of its own, and say how many times the plain script's time edgewise takes."""
    typer.echo(f"{threads} threads, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    said = {}
    for command in ("plain", "tables"):
        own = [sys.executable, str(Path(__file__).resolve()), command, str(home), "--threads", str(threads)]
        told = subprocess.run(own, check=True, capture_output=True, text=True).stdout
        typer.echo(told)
        for line in told.splitlines():
            name, (wall, spent) = line[:24].strip(), _numbers(line) or (0.0, 0.0)
            said[name] = wall, spent
    wall, spent = said["plain"]
    for name in ("the same answers", "everything"):
        own_wall, own_spent = said[name]
        typer.echo(
            f"{name}: {own_wall / wall:.2f} times the plain script's wall time, {own_spent / spent:.2f} times its processor"
        )


def _numbers(line: str) -> tuple[float, float] | None:
    """Wall and processor time of a line that tells both; None of any other."""
    words = line[24:].split()
    return (float(words[0]), float(words[2])) if line.endswith("s of the processor") else None


if __name__ == "__main__":
    app()
