"""Every table: its grain, its key and its columns.

Add a table here before anything fills it. Dagster's column schemas, the landed Parquet schemas, the checks and the data
dictionary are derived from what stands here. How a table is computed does not belong here: that is its `.sql` file.
"""

from dataclasses import dataclass
from enum import StrEnum

from assets.columns import COLUMNS, MONEY_SUM, Column


class Stage(StrEnum):
    """The stages of the flow, in order; also the groups of the asset graph."""

    LANDED = "landed"
    FACTS = "facts"
    MEASURES = "measures"
    METRICS = "metrics"
    EDGES = "edges"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Table:
    """A table of the warehouse.

    `days` names the columns whose months other tables select this one by; a change of a row makes those months of its
    readers stale. `whole` says that the table is computed in one piece and not month by month. `private` tables hold
    buyer pseudonyms and are never published. A `view` is defined in the database and stores nothing.
    """

    name: str
    stage: Stage
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    days: tuple[str, ...] = ()
    whole: bool = False
    private: bool = False
    view: bool = False

    @property
    def business_columns(self) -> tuple[str, ...]:
        """The columns that make up the table's content: all but those that say where a row came from."""
        return tuple(column.name for column in self.columns if column.name not in PROVENANCE)


PROVENANCE = frozenset({"landing", "row"})
_SUMS = """paid_orders order_lines units gross_sales discounts discounted_sales platform_subsidy shipping tax paid_amount
    refunds_goods_order_day refunds_cash_order_day refunds_goods_refund_day refunds_cash_refund_day"""
_NETS = "net_sales_order_day net_sales_refund_day net_paid_order_day net_paid_refund_day"
_BUYERS = "orders_with_lines orders_with_buyer buyers"
_VISITS = """dialect visitors visitor_days sessions page_views favourites carts platform_orders platform_paid days_with_traffic
    days_in_period matched_visits matched_orders matched_sales"""
_RATIOS = "aov sales_per_buyer average_price units_per_order discount_rate refund_rate"
_VISIT_RATIOS = "conversion sales_per_visit cart_rate favourite_rate"
MONEY_MEASURES = tuple(name for name in f"{_SUMS} {_NETS}".split() if COLUMNS[name].unit == "money")


def _columns(names: str) -> tuple[Column, ...]:
    return tuple(COLUMNS[name] for name in names.split())


def _in_base(names: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_base", MONEY_SUM, f"{COLUMNS[name].meaning}, in the reporting currency", "reporting currency")
        for name in names
    )


_TRAFFIC = """visitors sessions page_views new_visitors favourites carts cart_units search_visitors platform_buyers
    platform_orders platform_units platform_paid platform_refunds"""
_VERSION = "exported_at latest_at rank content landing row"
_PRODUCT_SUMS = "paid_orders order_lines units gross_sales discounts discounted_sales " + " ".join(
    name for name in _SUMS.split() if name.startswith("refunds_")
)
_PRODUCT_NETS = "net_sales_order_day net_sales_refund_day"
_ITEM_VISITS = "item_visits days_with_traffic matched_visits matched_lines matched_sales"
_ITEM_RATIOS = "average_price discount_rate conversion sales_per_visit"

LANDED = (
    Table(
        "landed_orders",
        Stage.LANDED,
        "one row per landing and order as that export states it",
        ("landing", "store", "order_id"),
        _columns(
            """store month order_id placed_at placed_day paid_at paid_day status currency goods_amount order_shipping
            order_tax order_subsidy order_paid refund_reported item_count region is_test only_gift_cards buyer authority """
            + _VERSION
        ),
    ),
    Table(
        "landed_order_lines",
        Stage.LANDED,
        "one row per landing and order line as that export states it",
        ("landing", "row", "store"),
        _columns(
            """store month order_id line_id position product_id merchant_sku title currency quantity unit_price
            line_gross own_discount line_owed refund_reported is_goods set_complete set_refunded set_rank set_latest_at
            set_content """
            + _VERSION
        ),
    ),
    Table(
        "landed_refunds",
        Stage.LANDED,
        "one row per landing and refund as that export states it",
        ("landing", "row", "store"),
        _columns(
            """store month refund_id order_id line_id currency applied_at refunded_at refund_day succeeded is_full
            is_shipping_only refund_cash stated_goods """
            + _VERSION
        ),
    ),
    Table(
        "landed_traffic",
        Stage.LANDED,
        "one row per landing and row of a traffic report, of one day",
        ("landing", "row", "store"),
        _columns(
            f"""store month day report dialect about_product product_id channel channel_group currency {_TRAFFIC}
            set_rows set_visits set_content """
            + _VERSION
        ),
    ),
    Table(
        "landed_listings",
        Stage.LANDED,
        "one row per landing and listed variant as that export shows it",
        ("landing", "row", "store"),
        _columns(
            """store month seen_day product_id variant merchant_sku title category currency price list_price stock
            listing_status """
            + _VERSION
        ),
    ),
    Table(
        "landed_ratings",
        Stage.LANDED,
        "one row per landing, store and day whose scores an export states",
        ("landing", "row", "store"),
        _columns("store month day description_score service_score logistics_score " + _VERSION),
    ),
    Table(
        "landed_quarantine",
        Stage.LANDED,
        "one row per refused row of a file",
        ("landing", "row"),
        _columns("store landing row reason column"),
    ),
)

TABLES = (
    Table(
        "store_sources",
        Stage.FACTS,
        "one row per store: what its exports can tell at all",
        ("store",),
        _columns("store dates_refunds states_lines states_goods states_shipping states_tax states_subsidy states_paid"),
        whole=True,
    ),
    Table(
        "orders",
        Stage.FACTS,
        "one row per store and order: the newest, furthest version any export states",
        ("store", "order_id"),
        _columns(
            """month store order_id placed_at placed_day paid_at paid_day status currency goods_amount order_shipping
            order_tax order_subsidy order_paid refund_reported item_count region counted refunds_known landing row"""
        ),
        days=("placed_day", "paid_day"),
    ),
    Table(
        "order_lines",
        Stage.FACTS,
        "one row per store, order and line: the lines of the order's winning export, whole",
        ("store", "order_id", "line_id"),
        _columns(
            """month store order_id line_id position product_id merchant_sku title currency quantity unit_price line_gross
            line_discount line_owed refund_reported is_goods lines_known opens_order opens_product placed_day paid_day counted
            refunds_known landing row"""
        ),
        days=("placed_day", "paid_day"),
    ),
    Table(
        "refunds",
        Stage.FACTS,
        "one row per store and refund; a synthetic one where an export states only the order's total",
        ("store", "refund_id"),
        _columns(
            """month store refund_id order_id line_id currency applied_at refunded_at refund_day succeeded is_shipping_only
            refund_cash refund_goods is_estimate placed_day paid_day counted landing row"""
        ),
        days=("placed_day", "paid_day", "refund_day"),
        whole=True,
    ),
    Table(
        "refund_lines",
        Stage.FACTS,
        "one row per counted refund and order line it is spread over",
        ("store", "refund_id", "line_id"),
        _columns(
            """store refund_id order_id line_id product_id merchant_sku currency refund_cash refund_goods placed_day
            paid_day refund_day"""
        ),
        days=("placed_day", "paid_day", "refund_day"),
        whole=True,
    ),
    Table(
        "order_buyers",
        Stage.FACTS,
        "one row per store and order whose buyer an export names",
        ("store", "order_id"),
        _columns("month store order_id currency buyer placed_day paid_day counted"),
        days=("placed_day", "paid_day"),
        private=True,
    ),
    Table(
        "traffic",
        Stage.FACTS,
        "one row per store, report, day, product and channel: a report's day whole from its newest, fullest export",
        ("store", "dialect", "report", "about_product", "day", "product_id", "channel"),
        _columns(
            f"month store dialect report about_product day product_id channel channel_group currency {_TRAFFIC} landing row"
        ),
        days=("day",),
    ),
    Table(
        "listings",
        Stage.FACTS,
        "one row per store, product and variant: as the newest export shows it",
        ("store", "product_id", "variant"),
        _columns(
            """store product_id variant merchant_sku title category currency price list_price stock listing_status seen_day
            landing row"""
        ),
        whole=True,
    ),
    Table(
        "product_ids",
        Stage.FACTS,
        "one row per store and merchant SKU that stands for one product alone",
        ("store", "merchant_sku"),
        _columns("store merchant_sku product_id"),
        whole=True,
    ),
    Table(
        "store_ratings",
        Stage.FACTS,
        "one row per store and day whose scores an export states",
        ("store", "day"),
        _columns("month store day description_score service_score logistics_score landing row"),
        days=("day",),
    ),
    Table(
        "order_coverage",
        Stage.FACTS,
        "one row per store and day between its first and last order: whether its orders are known",
        ("store", "day"),
        _columns("store day orders_seen orders_expected state"),
        days=("day",),
        whole=True,
    ),
    Table(
        "store_visits",
        Stage.MEASURES,
        "one row per store and day whose traffic is known",
        ("store", "day"),
        _columns(
            """month store day dialect currency visits visitors sessions page_views new_visitors favourites carts
            platform_buyers platform_orders platform_units platform_paid"""
        ),
        days=("day",),
    ),
    Table(
        "product_visits",
        Stage.MEASURES,
        "one row per store, product and day whose visits are known",
        ("store", "product_id", "day"),
        _columns(
            """month store product_id day dialect currency visits visitors sessions page_views favourites carts
            search_visitors platform_orders platform_buyers platform_units platform_paid"""
        ),
        days=("day",),
    ),
    Table(
        "channel_days",
        Stage.MEASURES,
        "one row per store, channel and day; visitors of two channels may be the same people",
        ("store", "channel", "day"),
        _columns(
            """month store dialect channel_group channel day currency visits visitors sessions new_visitors favourites carts
            platform_buyers platform_orders platform_paid"""
        ),
        days=("day",),
    ),
    Table(
        "store_days",
        Stage.MEASURES,
        "one row per basis, store, currency and day; sums only",
        ("basis", "store", "currency", "day"),
        _columns(f"month basis store currency day {_SUMS} orders_with_lines"),
        days=("day",),
    ),
    Table(
        "product_days",
        Stage.MEASURES,
        "one row per basis, store, currency, product and day; sums only",
        ("basis", "store", "currency", "product_id", "day"),
        _columns(f"month basis store currency product_id day {_PRODUCT_SUMS} item_visits"),
        days=("day",),
    ),
    Table(
        "buyer_days",
        Stage.MEASURES,
        "one row per basis, store, currency, day and buyer",
        ("basis", "store", "currency", "day", "buyer"),
        _columns("month basis store currency day buyer paid_orders"),
        days=("day",),
        private=True,
    ),
    Table(
        "product_buyers",
        Stage.MEASURES,
        "one row per basis, store, currency, product, month and buyer",
        ("basis", "store", "currency", "product_id", "month", "buyer"),
        _columns("month basis store currency product_id buyer"),
        days=("month",),
        private=True,
    ),
    Table(
        "store_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store and currency",
        ("basis", "grain", "period_start", "store", "currency"),
        _columns(f"basis grain period_start store currency {_SUMS} {_NETS} {_BUYERS} {_VISITS} {_RATIOS} {_VISIT_RATIOS}")
        + _in_base(MONEY_MEASURES),
        whole=True,
    ),
    Table(
        "product_periods",
        Stage.METRICS,
        "one row per basis, grain from week to year, period, store, currency and product",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        _columns(f"""basis grain period_start store currency product_id {_PRODUCT_SUMS} {_PRODUCT_NETS} buyers {_ITEM_VISITS}"""),
        whole=True,
    ),
    Table(
        "product_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and product; days are read through from product_days",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        _columns(
            f"""basis grain period_start store product_id merchant_sku item category currency {_PRODUCT_SUMS}
            {_PRODUCT_NETS} buyers {_ITEM_VISITS} {_ITEM_RATIOS}"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "channel_metrics",
        Stage.METRICS,
        "one row per grain, period, store and channel",
        ("grain", "period_start", "store", "channel"),
        _columns(
            """grain period_start store dialect channel_group channel currency days_with_traffic days_in_period visits carts
            platform_buyers platform_orders platform_paid platform_conversion cart_rate"""
        ),
        whole=True,
    ),
    Table(
        "category_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and category",
        ("basis", "grain", "period_start", "store", "currency", "category"),
        _columns(
            f"""basis grain period_start store currency category products order_lines units gross_sales
            discounts discounted_sales refunds_goods_order_day refunds_goods_refund_day {_PRODUCT_NETS} {_ITEM_VISITS}
            {_ITEM_RATIOS}"""
        ),
        whole=True,
    ),
    Table(
        "group_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, group of stores and column; sums over the stores that know it",
        ("basis", "grain", "period_start", "store_group"),
        _columns("basis grain period_start store_group stores stores_known paid_orders order_lines units buyers")
        + _in_base(MONEY_MEASURES)
        + _columns("units_per_order discount_rate refund_rate"),
        whole=True,
    ),
    Table(
        "stores",
        Stage.METRICS,
        "one row per store",
        ("store",),
        _columns(
            "store platform name timezone currency store_group listed first_day last_day days_with_orders days_covered_share"
        ),
        whole=True,
    ),
    Table(
        "products",
        Stage.METRICS,
        "one row per store and product",
        ("store", "product_id"),
        _columns(
            """store product_id merchant_sku item title category category_source price list_price stock listing_status
            first_seen last_seen"""
        ),
        whole=True,
    ),
    Table(
        "observability",
        Stage.METRICS,
        "one row per platform, export format and metric: how well it can be known",
        ("platform", "source", "metric"),
        _columns("platform source metric grade how"),
        whole=True,
    ),
    Table(
        "coverage",
        Stage.METRICS,
        "one row per store, source and day between the source's first and last: whether it is known",
        ("store", "source", "day"),
        _columns("store source day state"),
        whole=True,
    ),
    Table(
        "files",
        Stage.METRICS,
        "one row per landing: what became of a file",
        ("landing",),
        _columns(
            """landing store file hash format encoding exported_at state reason rows_in kept superseded quarantined skipped
            what_to_do"""
        ),
        whole=True,
    ),
    Table(
        "quarantine",
        Stage.METRICS,
        "one row per refused row; never the row itself",
        ("landing", "row"),
        _columns("store file landing row reason column what_to_do"),
        whole=True,
    ),
    Table(
        "store_rates",
        Stage.METRICS,
        "one row per store, currency and day with anything on it",
        ("store", "currency", "day"),
        _columns("store currency day rate"),
        whole=True,
    ),
    Table(
        "cell_days",
        Stage.METRICS,
        "one row per store, segment and day, on the day orders were paid",
        ("store", "segment_type", "segment", "day"),
        _columns("store segment_type segment day dialect visits carts orders units refunded sales sales_w sales_w_sq"),
        whole=True,
    ),
    Table(
        "back_test",
        Stage.EDGES,
        "one row per metric and way of comparing, and one for all: how well what was told on earlier days held later",
        ("segment_type", "metric", "compared"),
        _columns(
            """segment_type metric compared folds cells claims rmse_edge rmse_raw rmse_mean score_edge score_raw score_mean
            order_edge order_raw signs_held signs_expected persistence persistence_error persistence_raw promised_over_realised
            placebo_labels placebo_weeks verdict reason"""
        ),
        whole=True,
    ),
    Table(
        "edges",
        Stage.EDGES,
        "one row per store, segment, metric and way of comparing: how it stands against its typical peer, and how sure that is",
        ("store", "segment_type", "segment", "metric", "compared"),
        _columns(
            """store segment_type segment metric layer compared dialect peers weeks weeks_ahead exposure value peer_value effect
            sd sd_shared lower upper lfsr s_value yearly_value_base value_lower value_upper at_peer_base information
            overdispersion claimed rank
            reason_if_not_shown"""
        ),
        whole=True,
    ),
    Table(
        "recommendations",
        Stage.EDGES,
        "one row per store and segment there is something to do about, the most worth first",
        ("id",),
        _columns(
            """id rank store move layer segment_type segment metric effect lower upper lfsr yearly_value_base value_lower
            value_upper persistence evidence text_en text_zh"""
        ),
        whole=True,
    ),
    Table(
        "lineup",
        Stage.EDGES,
        "one row per contested segment and store: who should lead it, who gives way, and what that is worth",
        ("segment_type", "segment", "store"),
        _columns(
            """segment_type segment metric store move leader runner_up win_probability effect expected_value_base conceded_base
            reason"""
        ),
        whole=True,
    ),
    Table(
        "store_layers",
        Stage.EDGES,
        "one row per store and layer of the business: how it stands against the stores counted alike",
        ("store", "layer"),
        _columns(
            """store layer grade probability effect sd peers strongest_segment is_strongest is_next climb_value_base
            reason"""
        ),
        whole=True,
    ),
    Table(
        "track_record",
        Stage.EDGES,
        "one row per promise as first made, with what was decided and what came; and one per move, and for all, of their sums",
        ("record", "id"),
        _columns(
            """record id generation built_at store segment_type segment metric move effect lower upper yearly_value_base
            value_lower value_upper promised_from promised_until decision decided_on later_effect later_error
            realised_value_base verdict promises judged kept_promises kept_expected"""
        ),
        whole=True,
    ),
    Table(
        "buyer_orders",
        Stage.METRICS,
        "one row per store and counted order whose buyer an export names",
        ("store", "order_id"),
        _columns("store order_id currency buyer day discounted_sales net_sales_order_day"),
        whole=True,
        private=True,
    ),
    Table(
        "buyer_scores",
        Stage.METRICS,
        "one row per store, currency and buyer: how recently, how often and for how much",
        ("store", "currency", "buyer"),
        _columns(
            """store currency buyer last_day paid_orders discounted_sales net_sales_order_day recency_score frequency_score
            money_score"""
        ),
        whole=True,
        private=True,
    ),
    Table(
        "customer_cohorts",
        Stage.METRICS,
        "one row per store, currency, cohort and age in months; of five people and more",
        ("store", "currency", "cohort", "age_months"),
        _columns("store currency cohort age_months cohort_buyers history_days buyers paid_orders net_sales_order_day retention"),
        whole=True,
    ),
    Table(
        "customer_segments",
        Stage.METRICS,
        "one row per store, currency and segment of customers, as of the store's last known day; of five people and more",
        ("store", "currency", "customer_segment"),
        _columns(
            """store currency customer_segment day history_days buyers paid_orders discounted_sales net_sales_order_day
            buyer_share sales_share"""
        ),
        whole=True,
    ),
    Table(
        "customer_periods",
        Stage.METRICS,
        "one row per grain, period, store and currency: new and returning buyers, on the day orders were paid",
        ("grain", "period_start", "store", "currency"),
        _columns(
            """grain period_start store currency history_days buyers orders_with_buyer new_buyers returning_buyers
            returning_orders repeat_buyers new_buyer_share returning_order_share orders_per_buyer"""
        ),
        whole=True,
    ),
    Table(
        "customer_windows",
        Stage.METRICS,
        "one row per store, currency, month's last day and window that ends on it: who bought twice",
        ("store", "currency", "day", "window_days"),
        _columns("store currency day window_days buyers repeat_buyers repeat_rate"),
        whole=True,
    ),
    Table(
        "product_life",
        Stage.METRICS,
        "one row per store, currency, product and day looked back from: each month's last, and the last known",
        ("store", "currency", "day", "product_id"),
        _columns(
            """store currency day product_id merchant_sku item category first_sale last_sale days_since_sale sold_30d units_30d
            sales_30d sales_share sales_rank abc stock days_in_stock_30d days_of_cover"""
        ),
        whole=True,
    ),
    Table(
        "store_range",
        Stage.METRICS,
        "one row per store, currency and day looked back from: how many products sell, and how concentrated sales are",
        ("store", "currency", "day"),
        _columns(
            """store currency day products_sold_30d products_listed listed_and_sold sales_30d sell_active_rate top1_share
            top3_share top10_share hhi effective_products"""
        ),
        whole=True,
    ),
    Table(
        "price_bands",
        Stage.METRICS,
        "one row per store, currency, month, category and band of asked prices, on the day orders were paid",
        ("store", "currency", "month", "category", "band_from"),
        _columns(
            """month store currency category band_from band_below order_lines units gross_sales discounts discounted_sales
            band_share"""
        ),
        whole=True,
    ),
    Table(
        "bridges",
        Stage.METRICS,
        "one row per store, currency, month and step from our paid amount to the platform's own figure",
        ("store", "currency", "month", "step"),
        _columns("month store currency dialect against step step_name amount days_compared unexplained_share"),
        whole=True,
    ),
    Table(
        "pacing_days",
        Stage.METRICS,
        "one row per store with a target and day between its first and last order; for pacing alone",
        ("store", "day"),
        _columns(
            """store currency day paid_orders units gross_sales discounts discounted_sales paid_amount refunds_goods_order_day
            refunds_goods_refund_day refunds_cash_order_day refunds_cash_refund_day visits"""
        ),
        whole=True,
    ),
    Table(
        "kpi_pacing",
        Stage.METRICS,
        "one row per store, metric and period with a target, as of the last day the metric is known",
        ("store", "metric", "grain", "period_start"),
        _columns(
            """store metric grain period_start currency day target actual expected_so_far forecast forecast_lower
            forecast_upper probability_of_hit gap visitors_effect conversion_effect orders_effect basket_effect
            discount_effect refund_effect other_effect days_left days_missing why_unknown"""
        ),
        whole=True,
    ),
    Table(
        "metric_catalog",
        Stage.METRICS,
        "one row per metric and variant: what it means, how it may be added, where people go wrong with it",
        ("metric", "variant"),
        _columns(
            """metric variant name_en name_zh meaning layer grain unit direction additivity numerator denominator formula
            formula_zh worked pitfall source published_in"""
        ),
        whole=True,
    ),
    Table(
        "checks",
        Stage.PUBLISHED,
        "one row per check of the refresh",
        ("check", "about"),
        _columns("check about kind of_columns passed outcome severity seen worst"),
        whole=True,
    ),
    Table(
        "restatements",
        Stage.PUBLISHED,
        "one row per store, currency, metric and past period whose number is not what the last generation said",
        ("store", "currency", "metric", "grain", "period_start"),
        _columns("store currency metric grain period_start before after generation cause file"),
        whole=True,
    ),
    Table(
        "generation",
        Stage.PUBLISHED,
        "one row: this published state",
        ("generation",),
        _columns("generation built_at inputs_digest contract_version code_version engine"),
        whole=True,
    ),
)

BY_NAME = {table.name: table for table in (*LANDED, *TABLES)}
