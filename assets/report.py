"""The report: one page of a published generation, in English and Chinese, that asks nothing of any other machine.

What the page says is read here from published tables; how it looks stands in `report.html`, its charts in `charts`. Nothing is
computed that a table could hold.
"""

from pathlib import Path

import duckdb
import jinja2

from assets.columns import COLUMNS, Column
from assets.drawn import coverage, peers, stores_without_visits, trends, worth
from assets.edges.names import METRIC_NAMES, MOVE_NAMES, SEGMENT_NAMES
from assets.exports.reasons import REASONS
from assets.home import Home, UsageError, write_durably
from assets.published import current, generations, open_published
from assets.reading import (
    Row,
    change,
    claimed,
    few,
    money,
    number,
    odds,
    recommended,
    reporting_currency,
    rows_of,
    share,
    unsaid,
    words,
)

RECOMMENDED = 30  # recommendations told in full
LISTED = 60  # rows of any other table
DEFINED = """
    store currency period_start basis paid_orders paid_amount net_sales_order_day buyers visits conversion
    sales_per_visit cart_rate refund_rate segment layer compared peers weeks weeks_ahead exposure value peer_value
    effect lower upper lfsr yearly_value_base overdispersion claimed move
"""
VERDICTS = {
    "passed": "通过",
    "failed": "未通过",
    "too short": "历史太短",
    "placebo failed": "安慰剂检验未通过",
    "nothing claimed": "此前没有结论",
    "no data": "数据不足",
}


def write(home: Home) -> Path:
    """Write the page of the current generation, and take away pages of generations that are gone.

    Raises:
        UsageError: nothing is published yet.
    """
    path = place(home)
    with open_published(home, int(path.stem[1:])) as database:
        page = render(database)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, page.encode())
    kept = {Path(generation.file).stem for generation in generations(home)}
    for old in path.parent.glob("g*.html"):
        if old.stem not in kept:
            old.unlink(missing_ok=True)
    return path


def place(home: Home) -> Path:
    """Where the page of the current generation stands once it is written.

    Raises:
        UsageError: nothing is published yet.
    """
    generation = current(home)
    if generation is None:
        raise UsageError(f"nothing is published in {home.root} yet: edgewise run --home {home.root}")
    return home.published / "report" / f"{Path(generation.file).stem}.html"


def render(database: duckdb.DuckDBPyConnection) -> str:
    """The page of an open generation."""
    page = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {"number": number, "money": money, "share": share, "change": change, "odds": odds, "few": few, "words": words}
    return page.get_template("report.html").render(
        **_about(database),
        **_recommended(database),
        months=_months(database),
        trends=trends(database),
        **peers(database),
        back_test=_back_test(database),
        unsaid=unsaid(database),
        without_visits=stores_without_visits(database),
        **coverage(database),
        **_checks(database),
        **_files(database),
        definitions=[_definition(COLUMNS[name]) for name in DEFINED.split()],
    )


def _about(database: duckdb.DuckDBPyConnection) -> Row:
    (generation,) = rows_of(database, "from generation")
    (span,) = rows_of(database, "select count(*) as stores, min(first_day) as first_day, max(last_day) as last_day from stores")
    return {"generation": generation, "span": span, "currency": reporting_currency(database)}


def _recommended(database: duckdb.DuckDBPyConnection) -> Row:
    rows = recommended(database)
    listed = [row for row in rows if row["move"] != "explore"]
    undecided = [row for row in rows if row["move"] == "explore"]
    currency = reporting_currency(database)
    return {
        "listed": listed[:RECOMMENDED],
        "more_listed": len(listed) - len(listed[:RECOMMENDED]),
        "undecided": undecided,
        "claimed": claimed(database),
        "wrong": sum(row["lfsr"] for row in listed),
        "moves": MOVE_NAMES,
        "worth": worth([*listed[:RECOMMENDED], *undecided], currency),
    }


def _months(database: duckdb.DuckDBPyConnection) -> list[Row]:
    """The last two months of every store: the newest month of all stores, and the one before."""
    return rows_of(
        database,
        """
        with months as (
            select distinct period_start from store_metrics where basis = 'paid' and grain = 'month'
            order by period_start desc limit 2
        ),
        days as (
            select store, date_trunc('month', day) as period_start, count(*) filter (state in ('present', 'empty')) as known
            from coverage where source = 'orders' group by all
        )
        select
            stores.store, stores.name, months.period_start, coalesce(shown.currency, stores.currency) as currency,
            shown.paid_orders, shown.paid_amount, shown.net_sales_order_day, shown.buyers,
            coalesce(shown.visitor_days, shown.sessions) as visits, shown.conversion,
            coalesce(days.known, 0) as days_known, shown.days_with_traffic,
            day(last_day(months.period_start)) as days_in_month
        from stores
        cross join months
        left join store_metrics as shown
            on shown.store = stores.store and shown.period_start = months.period_start
            and shown.basis = 'paid' and shown.grain = 'month'
        left join days on days.store = stores.store and days.period_start = months.period_start
        order by stores.store, months.period_start desc, shown.paid_orders desc
        """,
    )


def _back_test(database: duckdb.DuckDBPyConnection) -> list[Row]:
    """How effects of earlier days held on later ones: all of them together first, then each metric."""
    rows = rows_of(
        database,
        """
        select segment_type, metric, folds, claims, signs_held, signs_expected, persistence, persistence_raw, verdict, reason
        from back_test order by segment_type <> 'all', segment_type, metric
        """,
    )
    for row in rows:
        of_metric, of_kind = METRIC_NAMES.get(row["metric"], ("all", "全部")), SEGMENT_NAMES.get(row["segment_type"], ("", ""))
        row["what"] = " ".join(part for part in (of_kind[0], of_metric[0], of_kind[1], of_metric[1]) if part)
        row["verdict_zh"] = VERDICTS.get(row["verdict"], "")
    return rows


def _checks(database: duckdb.DuckDBPyConnection) -> Row:
    rows = rows_of(database, 'from checks order by passed, severity, about, "check"')
    return {
        "failed": [row for row in rows if not row["passed"]],
        "passed": [row for row in rows if row["passed"]],
    }


def _files(database: duckdb.DuckDBPyConnection) -> Row:
    refused = rows_of(
        database, "select store, file, state, reason, what_to_do from files where state in ('refused', 'waiting') order by all"
    )
    rows = rows_of(
        database,
        """
        select store, file, reason, "column", what_to_do, count(*) as rows, min(row) as first_row
        from quarantine group by all order by rows desc, store, file, reason
        """,
    )
    (fates,) = rows_of(
        database,
        """
        select count(*) as files, sum(rows_in) as rows_in, sum(kept) as kept, sum(superseded) as superseded,
            sum(quarantined) as quarantined, sum(skipped) as skipped
        from files
        """,
    )
    for row in (*refused, *rows):
        row["says"] = REASONS[row["reason"]].says if row["reason"] in REASONS else ""
    return {
        "fates": fates,
        "refused": refused[:LISTED],
        "more_refused": len(refused) - len(refused[:LISTED]),
        "quarantined": rows[:LISTED],
        "more_quarantined": len(rows) - len(rows[:LISTED]),
    }


def _definition(column: Column) -> Row:
    return {"name": column.name, "meaning": column.meaning, "unit": column.unit}
