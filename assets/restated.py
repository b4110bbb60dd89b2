"""Which past numbers a refresh changed, by how much, and which files did it: what is built against what was published last.

A number is past where the last generation already knew one of that day or a later one; what only got newer is no restatement.
The files named are those with rows in the period; where none has any, as when a first refund export makes quiet days zero and
not unknown, all of the store's that came or went.
Ratios follow from their sums and are left out.
"""

from pathlib import Path

import duckdb
import polars as pl

METRICS = (
    "paid_orders", "units", "gross_sales", "discounts", "platform_subsidy", "shipping", "tax", "paid_amount",
    "refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day",
    "net_sales_order_day", "net_sales_refund_day", "buyers", "visitors", "sessions", "platform_paid",
)  # fmt: skip
NAMED = 3
_EARLIER = "earlier"
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "store": pl.String, "currency": pl.String, "metric": pl.String, "grain": pl.String, "period_start": pl.Date,
    "before": pl.Decimal(18, 2), "after": pl.Decimal(18, 2), "generation": pl.Int64, "cause": pl.String, "file": pl.String,
}  # fmt: skip
_DAYS = {
    "orders": ("placed_day", "paid_day"),
    "order_lines": ("placed_day", "paid_day"),
    "refunds": ("placed_day", "paid_day", "refund_day"),
    "traffic": ("day",),
}


def restatements(db: duckdb.DuckDBPyConnection, earlier: Path | None, generation: int, code_version: str) -> pl.DataFrame:
    """One row per store, metric and past period whose number is not what the last generation said.

    Args:
        db: the warehouse, every table built.
        earlier: the file of the last generation; None before anything was published.
        generation: the number of the generation being built.
        code_version: the version of the code that built it.

    Returns:
        Nothing where there is no earlier generation, or where its store_metrics has other columns.
    """
    if earlier is None or not earlier.exists():
        return pl.DataFrame(schema=_SCHEMA)
    path = str(earlier.resolve()).replace("'", "''")
    db.execute(f"attach '{path}' as {_EARLIER} (read_only)")
    try:
        return _compared(db, generation, code_version)
    finally:
        db.execute(f"detach {_EARLIER}")


def _compared(db: duckdb.DuckDBPyConnection, generation: int, code_version: str) -> pl.DataFrame:
    had = {
        (table, column)
        for table, column in db.execute(
            "select table_name, column_name from duckdb_columns() where database_name = ?", [_EARLIER]
        ).fetchall()
    }
    metrics = [name for name in METRICS if ("store_metrics", name) in had]
    if not metrics:
        return pl.DataFrame(schema=_SCHEMA)
    changed = " union all ".join(_changed(name) for name in metrics)
    tables = [table for table, days in _DAYS.items() if {(table, name) for name in ("landing", "store", *days)} <= had]
    (code,) = db.execute(f"select max(code_version) from {_EARLIER}.generation").fetchone() or (None,)
    otherwise = "code" if code != code_version else "reference"
    query = f"""
        with changed as ({changed}),
        touched as ({_touched(tables)}),
        named as (
            select changed.store, changed.grain, changed.period_start, list_sort(list(distinct touched.file)) as files
            from (select distinct store, grain, period_start, period_end from changed) as changed
            inner join touched
                on changed.store = touched.store and touched.day between changed.period_start and changed.period_end
            group by changed.store, changed.grain, changed.period_start
        ),
        of_store as (select store, list_sort(list(distinct file)) as files from touched group by store),
        told as (
            select changed.*, coalesce(named.files, of_store.files) as files
            from changed
            left join named
                on changed.store = named.store and changed.grain = named.grain and changed.period_start = named.period_start
            left join of_store on changed.store = of_store.store
        )
        select store, currency, metric, grain, period_start, before, after, {generation}::bigint as generation,
            case when files is null then '{otherwise}' else 'file' end as cause,
            case when len(files) > {NAMED}
                then concat(array_to_string(files[:{NAMED}], '; '), ' and ', len(files) - {NAMED}, ' more')
                else array_to_string(files, '; ')
            end as file
        from told
        order by store, grain, period_start, metric, currency
    """
    rows = db.execute(query).fetchall()
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _changed(metric: str) -> str:
    """The past days and whole months whose number is another one, or is known now, or no longer."""
    chosen = "basis = 'paid' and grain in ('day', 'month')"
    return f"""
        select coalesce(earlier_rows.store, now_rows.store) as store,
            coalesce(earlier_rows.currency, now_rows.currency) as currency,
            '{metric}' as metric,
            coalesce(earlier_rows.grain, now_rows.grain) as grain,
            coalesce(earlier_rows.period_start, now_rows.period_start) as period_start,
            case coalesce(earlier_rows.grain, now_rows.grain)
                when 'month' then last_day(coalesce(earlier_rows.period_start, now_rows.period_start))
                else coalesce(earlier_rows.period_start, now_rows.period_start)
            end as period_end,
            earlier_rows.{metric}::decimal(18, 2) as before,
            now_rows.{metric}::decimal(18, 2) as after
        from (select * from {_EARLIER}.store_metrics where {chosen}) as earlier_rows
        full outer join (select * from store_metrics where {chosen}) as now_rows
            on earlier_rows.store = now_rows.store and earlier_rows.currency = now_rows.currency
            and earlier_rows.grain = now_rows.grain and earlier_rows.period_start = now_rows.period_start
        inner join (
            select store, max(period_start) as last_known
            from {_EARLIER}.store_metrics
            where basis = 'paid' and grain = 'day' and {metric} is not null
            group by store
        ) as known on coalesce(earlier_rows.store, now_rows.store) = known.store
        where earlier_rows.{metric}::decimal(18, 2) is distinct from now_rows.{metric}::decimal(18, 2)
            and case coalesce(earlier_rows.grain, now_rows.grain)
                when 'month' then last_day(coalesce(earlier_rows.period_start, now_rows.period_start))
                else coalesce(earlier_rows.period_start, now_rows.period_start)
            end <= known.last_known
    """


def _touched(tables: list[str]) -> str:
    """Which days each file has rows on that was landed since, and each that was taken out since."""
    rows = [
        f"""
        select distinct facts.store, facts.{day} as day, files.file
        from {database}{table} as facts
        inner join {database}files as files on facts.landing = files.landing
        left join {other}files as known on facts.landing = known.landing and known.state = files.state
        where known.landing is null and facts.{day} is not null
        """
        for table in tables
        for day in _DAYS[table]
        for database, other in (("", f"{_EARLIER}."), (f"{_EARLIER}.", ""))
    ]
    return " union all ".join(rows) or "select null::varchar as store, null::date as day, null::varchar as file where false"
