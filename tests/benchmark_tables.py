"""From facts to metrics: what building all measures and metrics takes, beside one plain script of DuckDB on the same facts.

Not a test, and not collected as one; run by hand, on a home that `benchmark.py make` has written and a run has read:

    .venv/bin/python tests/benchmark.py make DIR --lines 10000000
    .venv/bin/edgewise run --home DIR
    .venv/bin/python tests/benchmark_tables.py race DIR

Each side runs in a process of its own with as many threads as are asked for. The plain script makes the daily sums and the
monthly distinct buyers of stores and products on the day of payment; edgewise makes these and everything else up to the
metrics, on two bases, and takes digests of it all. Laws and expectations are timed by `benchmark.py`.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import duckdb
import typer

PLAIN = {
    "store days": """
        with paid as (
            select store, currency, paid_day as day, count(*) as orders, sum(goods_amount) as goods,
                sum(order_shipping) as shipping, sum(order_tax) as tax, sum(order_paid) as paid
            from orders where counted and paid_day is not null group by all
        ),
        lines as (
            select store, currency, paid_day as day, count(*) as lines, sum(quantity) as units, sum(line_gross) as gross
            from order_lines where counted and is_goods and paid_day is not null group by all
        ),
        refunded as (
            select store, currency, refund_day as day, sum(refund_goods) as goods_back, sum(refund_cash) as cash_back
            from refunds where counted and refund_day is not null group by all
        )
        select * from paid full join lines using (store, currency, day) full join refunded using (store, currency, day)
    """,
    "product days": """
        with lines as (
            select store, currency, product_id, paid_day as day, count(*) as lines, count_if(opens_product) as orders,
                sum(quantity) as units, sum(line_gross) as gross, sum(line_discount) as discount
            from order_lines where counted and is_goods and paid_day is not null group by all
        ),
        refunded as (
            select store, currency, product_id, refund_day as day, sum(refund_goods) as goods_back, sum(refund_cash) as cash_back
            from refund_lines where refund_day is not null group by all
        )
        select * from lines full join refunded using (store, currency, product_id, day)
    """,
    "store buyers": """
        select store, currency, date_trunc('month', paid_day) as month, count(distinct buyer) as buyers
        from order_buyers where counted and paid_day is not null group by all
    """,
    "product buyers": """
        select store, lines.currency, product_id, date_trunc('month', lines.paid_day) as month, count(distinct buyer) as buyers
        from order_lines as lines join order_buyers using (store, order_id)
        where lines.counted and lines.is_goods and lines.paid_day is not null group by all
    """,
}

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


def _told(name: str, begun: float, processor: float) -> tuple[float, float]:
    wall, spent = time.perf_counter() - begun, time.process_time() - processor
    typer.echo(f"{name:<20}{wall:>8.2f} s{spent:>8.2f} s of the processor")
    return wall, spent


def _memory() -> str:
    return f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MiB"


@app.command(hidden=True)
def plain(home: HomeArgument, threads: int = 2) -> None:
    """Run the plain script alone."""
    database = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    for name in ("warehouse", "private"):
        path = home / "warehouse" / f"{name}.duckdb"
        database.execute(f"attach '{path}' as {name} (read_only)")
    database.execute("set search_path = 'warehouse.main,private.main,memory.main'")
    whole = time.perf_counter(), time.process_time()
    for name, script in PLAIN.items():
        begun = time.perf_counter(), time.process_time()
        database.execute(f'create table memory.main."{name}" as {script}')
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
    with Warehouse(made, ledger, frames, settings.memory) as warehouse:
        warehouse.connection.execute(f"set threads = {threads}")
        for database in ("warehouse", "private"):
            warehouse.connection.execute(
                f"delete from {database}.meta.partitions where table_name in {tuple(t.name for t in wanted)}"
            )
        whole = time.perf_counter(), time.process_time()
        for table in wanted:
            begun = time.perf_counter(), time.process_time()
            warehouse.build(table)
            _told(table.name, *begun)
        _told("edgewise", *whole)
    typer.echo(_memory())


@app.command()
def race(home: HomeArgument, threads: int = 2) -> None:
    """Run both, each in a process of its own, and say how many times the plain script's time edgewise takes."""
    typer.echo(f"{threads} threads, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    took = []
    for command in ("plain", "tables"):
        own = [sys.executable, str(Path(__file__).resolve()), command, str(home), "--threads", str(threads)]
        said = subprocess.run(own, check=True, capture_output=True, text=True).stdout
        typer.echo(said)
        *_, total, _ = said.splitlines()
        took.append([float(word) for word in total.split() if word.replace(".", "").isdigit()])
    (wall, processor), (ours, our_processor) = took
    typer.echo(
        f"edgewise: {ours / wall:.2f} times the plain script's wall time, {our_processor / processor:.2f} times its processor"
    )


if __name__ == "__main__":
    app()
