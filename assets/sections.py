"""What each section of the report is told from: rows of the published tables, and no more of them than a person reads.

How they look stands in `report.html`, the drawings in `drawn`, how rows and values are read in `reading`.
"""

import duckdb

from assets import reading
from assets.drawn import paced, worth
from assets.edges.names import CHANNEL_NAMES, METRIC_NAMES, MOVE_NAMES, SEGMENT_NAMES
from assets.exports.reasons import REASONS
from assets.reading import Row, claimed, kept, kept_said, recommended, reporting_currency, rows_of

RECOMMENDED = 30  # recommendations told in full
LISTED = 60  # rows of any other table
LAYER_NAMES = {
    "product": "产品", "store": "店铺", "content": "内容", "customer": "客户", "brand": "品牌",
}  # fmt: skip
EFFECTS = {
    "visitors_effect": ("visitors", "访客"), "conversion_effect": ("conversion", "转化"), "orders_effect": ("orders", "订单"),
    "basket_effect": ("basket", "客单"), "discount_effect": ("discounts", "优惠"), "refund_effect": ("refunds", "退款"),
    "other_effect": ("other", "其他"),
}  # fmt: skip
STATES = {"open": ("open", "持续"), "over": ("over", "已恢复"), "settled": ("the new level", "已成常态")}
VERDICTS = {
    "passed": "通过",
    "failed": "未通过",
    "too short": "历史太短",
    "placebo failed": "安慰剂检验未通过",
    "nothing claimed": "此前没有结论",
    "no data": "数据不足",
}


def recommendations(database: duckdb.DuckDBPyConnection) -> Row:
    """The ranked list, apart from it what is undecided, and how many of the list will be wrong."""
    rows = recommended(database)
    listed = [row for row in rows if row["move"] != "explore"]
    undecided = [row for row in rows if row["move"] == "explore"]
    currency = reporting_currency(database)
    return {
        "listed": listed[:RECOMMENDED],
        "more_listed": len(listed) - len(listed[:RECOMMENDED]),
        "undecided": undecided,
        "kept": kept_said(record, currency) if (record := kept(database)) else None,
        "claimed": claimed(database),
        "wrong": sum(row["lfsr"] for row in listed),
        "moves": MOVE_NAMES,
        "worth": worth([*listed[:RECOMMENDED], *undecided], currency),
    }


def alerts(database: duckdb.DuckDBPyConnection) -> Row:
    """What changed on the latest days: open, over, and exports that stopped."""
    rows = reading.alerts(database)
    changes = [row for row in rows if row["alert_kind"] == "change"]
    return {
        "changed": [row for row in changes if row["alert_state"] == "open"],
        "passed_by": [row for row in changes if row["alert_state"] != "open"][:LISTED],
        "stopped": [row for row in rows if row["alert_kind"] == "stopped_export"],
        "became": STATES,
    }


def months(database: duckdb.DuckDBPyConnection) -> list[Row]:
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


def ripening(database: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every store's last two months whose refunds are still coming: what they show, and what they will end at."""
    return rows_of(
        database,
        """
        select matured_refunds.*
        from matured_refunds
        where grain = 'month' and category = 'all' and share_matured < 0.995 and discounted_sales > 0
        qualify row_number() over (partition by store, currency order by period_start desc) <= 2
        order by store, period_start desc, currency
        """,
    )


def targets(database: duckdb.DuckDBPyConnection) -> Row:
    """The newest period of every target that has begun: what came, what was to come by now, where it will end and why."""
    rows = rows_of(
        database,
        """
        select
            kpi_pacing.*, coalesce(metric_catalog.name_en, kpi_pacing.metric) as name_en,
            coalesce(metric_catalog.name_zh, '') as name_zh, metric_catalog.unit = 'money' as is_money
        from kpi_pacing
        left join metric_catalog on metric_catalog.metric = kpi_pacing.metric
        where period_start <= (select max(last_day) from stores)
        qualify row_number() over (partition by store, kpi_pacing.metric, kpi_pacing.grain order by period_start desc) = 1
        order by kpi_pacing.metric, kpi_pacing.grain, period_start, probability_of_hit, store
        """,
    )
    for row in rows:
        made_of = [(en, zh, row[name]) for name, (en, zh) in EFFECTS.items() if row[name]]
        row["made_of"] = sorted(made_of, key=lambda part: -abs(part[2]))[:2]
    return {"targets": rows[:LISTED], "more_targets": len(rows) - len(rows[:LISTED]), "paced": paced(rows[:LISTED])}


def races(database: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """The segments somebody should lead: the leader, what it gains the group, and who gives way to it; items apart."""
    rows = rows_of(
        database,
        """
        with giving_way as (
            select segment_type, segment, leader, list(store order by conceded_base desc, store) as stores
            from lineup where move in ('concede', 'lend') group by all
        )
        select lineup.*, coalesce(giving_way.stores, []) as giving_way
        from lineup
        left join giving_way
            on giving_way.segment_type = lineup.segment_type and giving_way.segment = lineup.segment
            and giving_way.leader = lineup.leader
        where lineup.store = lineup.leader
        order by lineup.claimed desc, lineup.expected_value_base desc nulls last, lineup.segment_type, lineup.segment
        limit $1
        """,
        [2 * LISTED],
    )
    for row in rows:
        row["kind"] = SEGMENT_NAMES[row["segment_type"]]
        row["segment_zh"] = CHANNEL_NAMES.get(row["segment"], "") if row["segment_type"] == "channel" else ""
        row["metric_names"] = METRIC_NAMES[row["metric"]]
    items = [row for row in rows if row["segment_type"] == "item"]
    return {"": [row for row in rows if row not in items], f"{len(items)} items 商品": items} if rows else {}


def layers(database: duckdb.DuckDBPyConnection) -> Row:
    """Every store's grade in each layer, as a grid; and in words why a layer is the next to climb."""
    rows = rows_of(database, "from store_layers order by store")
    graded: dict[str, dict[str, Row]] = {}
    for row in rows:
        graded.setdefault(row["store"], {})[row["layer"]] = row
    return {"layer_names": LAYER_NAMES, "graded": graded, "known_layers": any(row["grade"] != "unknown" for row in rows)}


def back_test(database: duckdb.DuckDBPyConnection) -> list[Row]:
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


def checks(database: duckdb.DuckDBPyConnection) -> Row:
    """What was checked: that which failed first by how much it matters."""
    rows = rows_of(database, 'from checks order by passed, severity, about, "check"')
    return {
        "failed": [row for row in rows if not row["passed"]],
        "passed": [row for row in rows if row["passed"]],
    }


def files(database: duckdb.DuckDBPyConnection) -> Row:
    """What became of files and rows; those refused, with the reason and what to do."""
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


def untellable(database: duckdb.DuckDBPyConnection) -> list[Row]:
    """What stores' exports leave untold, one row per thing that would tell it: the metrics, in both languages, and the stores."""
    rows = rows_of(
        database,
        """
        select
            reason_if_not_shown as reason, reason_zh, list(distinct metric order by metric) as metrics,
            count(distinct store) as stores, string_agg(distinct store, ', ' order by store) as names
        from edge_gaps group by all order by stores desc, reason
        """,
    )
    for row in rows:
        names = [METRIC_NAMES[metric] for metric in row["metrics"]]
        row["metric_names"] = tuple(", ".join(name[at] for name in names) for at in (0, 1))
    return rows
