"""The report's charts: which rows each is drawn from, and how many.

How a chart looks is `charts`, what stands around it `report`.
"""

import re
from typing import TYPE_CHECKING

import duckdb
import polars as pl
from markupsafe import Markup

from assets.edges.names import CHANNEL_NAMES, METRIC_NAMES, SEGMENT_NAMES
from assets.reading import Row, one_of, recommended, rows_of

if TYPE_CHECKING:
    import altair as alt

TRENDS = 24  # stores whose trend is drawn
TREND_WEEKS = 26
SEGMENTS = 18  # segments drawn
STORES_OF_SEGMENT = 20
STRIPS = 60  # sources of stores whose coverage is drawn
COVERED_DAYS = 200
LONGEST_NAME = 16  # of a store, as a label holds it

WEEKS = """
    with calendar as (
        select unnest(generate_series(greatest(min(period_start), max(period_start) - to_weeks($3 - 1)), max(period_start),
            interval 1 week)) as week
        from store_metrics where grain = 'week'
    ),
    days as (
        select date_trunc('week', day) as week, count(*) filter (state in ('present', 'empty')) as known
        from coverage where source = 'orders' and store = $1 group by all
    )
    select
        calendar.week::date as period_start, shown.paid_orders,
        coalesce(shown.net_sales_order_day, shown.discounted_sales) as sales, shown.conversion,
        coalesce(days.known, 0) = 7 as is_whole
    from calendar
    left join days on days.week = calendar.week
    left join store_metrics as shown
        on shown.period_start = calendar.week and shown.grain = 'week' and shown.basis = 'paid'
        and shown.store = $1 and shown.currency = $2
    order by calendar.week
"""

_EDGES = """
    select
        store, metric, effect, lower, upper, claimed, compared,
        coalesce(nullif(yearly_value_base, 0), effect) > 0 as is_better,
        count(*) over (partition by metric, compared) as stores
    from edges
    where segment_type = $1 and segment = $2
    qualify max(claimed) over (partition by metric, compared)
        and row_number() over (partition by metric, compared order by claimed desc, exposure desc, store) <= $3
    order by metric, compared, effect desc
"""


def worth(rows: list[Row], currency: str) -> Markup:
    """What recommendations are worth a year, as a drawing; blank where there are none."""
    from assets import charts

    if not rows:
        return Markup()
    frame = pl.DataFrame(
        [
            {
                "label": f"{row['rank']}. {_short(row['store'])} · {row['segment'].split(': ', 1)[-1]}",
                "claimed": row["move"] != "explore",
                **{name: float(row[name]) for name in ("yearly_value_base", "value_lower", "value_upper")},
            }
            for row in rows
        ]
    )
    return _drawn(charts.worth(frame, currency))


def _short(store: str) -> str:
    """A store's name as a label holds it, so that the segment beside it can be read."""
    return store if len(store) <= LONGEST_NAME else f"{store[: LONGEST_NAME - 1]}…"


def paced(rows: list[Row]) -> Markup:
    """How targets stand, as a drawing in shares of the target; blank where none is known."""
    from assets import charts

    money = ("actual", "expected_so_far", "forecast", "forecast_lower", "forecast_upper")
    known = [
        {
            "kind": f"{row['name_en']} {row['name_zh']} · {row['grain']} from {row['period_start']} 起",
            "store": row["store"],
            "probability_of_hit": row["probability_of_hit"],
            **{name: None if row[name] is None else float(row[name] / row["target"]) for name in money},
        }
        for row in rows
        if row["actual"] is not None and row["target"]
    ]
    return _drawn(charts.pace(pl.DataFrame(known, infer_schema_length=None))) if known else Markup()


def trends(database: duckdb.DuckDBPyConnection) -> Row:
    """The stores with the most orders, each with its weeks drawn."""
    from assets import charts

    stores = rows_of(
        database,
        """
        select store_metrics.store, any_value(stores.name) as name,
            any_value(stores.platform) as platform, arg_max(store_metrics.currency, paid_orders) as currency,
            bool_or(net_sales_order_day is not null) as is_net
        from store_metrics
        join stores on stores.store = store_metrics.store
        where basis = 'paid' and grain = 'week'
        group by store_metrics.store
        order by sum(paid_orders) desc, store_metrics.store
        """,
    )
    names = {True: "net sales 净销售额", False: "sales before refunds 退款前销售额"}
    for store in stores[:TRENDS]:
        weeks = database.sql(WEEKS, params=[store["store"], store["currency"], TREND_WEEKS]).pl()
        store["chart"] = _drawn(charts.trend(weeks, store["currency"], names[store["is_net"]]))
    return {"stores": stores[:TRENDS], "more": len(stores) - len(stores[:TRENDS])}


def peers(database: duckdb.DuckDBPyConnection) -> Row:
    """Segments in which some store stands apart, the clearest first; items only where they are recommended on."""
    from assets import charts

    segments = rows_of(
        database,
        """
        with drawn as (
            select segment_type, segment, metric, count(*) filter (claimed) as claimed
            from edges group by all
        )
        select segment_type, segment, sum(claimed) as claimed, list(metric order by metric) filter (claimed = 0) as quiet
        from drawn
        group by all
        order by claimed desc, segment_type, segment
        """,
    )
    told = {(row["segment_type"], row["segment"]) for row in recommended(database)}
    loud = [
        row for row in segments
        if row["claimed"] and (row["segment_type"] != "item" or (row["segment_type"], row["segment"]) in told)
    ]  # fmt: skip
    for row in loud[:SEGMENTS]:
        edges = database.sql(_EDGES, params=[row["segment_type"], row["segment"], STORES_OF_SEGMENT]).pl()
        row["chart"] = _drawn(charts.against_peers(edges.with_columns(metric=_panel(edges))))
        row["left_out"] = edges.select(pl.max("stores") - pl.n_unique("store")).item()
        row["quiet"] = [METRIC_NAMES[name] for name in row["quiet"] or ()]
        row["kind"] = SEGMENT_NAMES[row["segment_type"]]
        row["segment_zh"] = CHANNEL_NAMES.get(row["segment"], "") if row["segment_type"] == "channel" else ""
    quiet = [row for row in segments if row not in loud[:SEGMENTS]]
    counted = {kind: sum(row["segment_type"] == kind for row in quiet) for kind in SEGMENT_NAMES}
    return {"segments": loud[:SEGMENTS], "quiet": [(*SEGMENT_NAMES[kind], count) for kind, count in counted.items() if count]}


def _panel(edges: pl.DataFrame) -> pl.Expr:
    """What each panel of a segment is called: its metric, and how it is compared where it is compared in more ways than one."""
    title = pl.col("metric").replace({name: " ".join(both) for name, both in METRIC_NAMES.items()})
    ways = edges.group_by("metric").agg(pl.n_unique("compared")).filter(pl.col("compared") > 1)["metric"].to_list()
    return pl.when(pl.col("metric").is_in(ways)).then(pl.format("{} · {}", title, "compared")).otherwise(title)


def stores_without_visits(database: duckdb.DuckDBPyConnection) -> list[str]:
    """Stores of which no visits are known at all."""
    rows = rows_of(
        database,
        """
        select store from store_metrics where grain = 'month' and basis = 'paid'
        group by store having max(days_with_traffic) is null or max(days_with_traffic) = 0 order by store
        """,
    )
    return [row["store"] for row in rows]


def coverage(database: duckdb.DuckDBPyConnection) -> Row:
    """The strips of the last days, those with most missing first."""
    from assets import charts

    days = database.sql(
        """
        with strips as (
            select store, source, count(*) filter (state in ('missing', 'partial')) as unknown
            from coverage
            where day > (select max(day) from coverage) - to_days($1)
            group by all
            order by unknown desc, store, source
            limit $2
        )
        select coverage.store, coverage.source, coverage.day, coverage.state
        from coverage semi join strips on strips.store = coverage.store and strips.source = coverage.source
        where day > (select max(day) from coverage) - to_days($1)
        """,
        params=[COVERED_DAYS, STRIPS],
    ).pl()
    strips = int(one_of(database, "select count(*) from (select distinct store, source from coverage)"))
    states = rows_of(database, "select state, count(*) as days from coverage group by state order by days desc, state")
    return {
        "covered": _drawn(charts.coverage(days)) if days.height else Markup(),
        "more_strips": max(strips - STRIPS, 0),
        "states": states,
    }


def _drawn(chart: "alt.TopLevelMixin") -> Markup:
    """A chart as SVG that can stand in a page."""
    from assets import charts

    drawn = re.sub(r' xmlns(:xlink)?="[^"]*"| version="1.1"', "", charts.as_svg(chart), count=3)
    return Markup(drawn)  # noqa: S704  made by the renderer, which escapes what it writes
