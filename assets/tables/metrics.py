"""Metrics: sums over periods, ratios, dimensions, and what became of files. Products, customers and what is ahead stand apart."""

from assets.tables.table import (
    BUYERS,
    COSTED,
    COVERED,
    ITEM_RATIOS,
    ITEM_SHARES,
    ITEM_VISITS,
    MARGINS,
    MONEY_MEASURES,
    NETS,
    PRODUCT_NETS,
    PRODUCT_SUMS,
    RATIOS,
    RETURNS,
    SUMS,
    VISIT_RATIOS,
    VISITS,
    Stage,
    Table,
    columns_of,
    in_base,
)

METRICS = (
    Table(
        "store_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store and currency",
        ("basis", "grain", "period_start", "store", "currency"),
        columns_of(f"basis grain period_start store currency {SUMS} {NETS} {BUYERS} {VISITS} {RATIOS} {VISIT_RATIOS} {MARGINS}")
        + in_base((*MONEY_MEASURES, *COSTED.split()))
        + columns_of(COVERED),
        whole=True,
    ),
    Table(
        "product_periods",
        Stage.METRICS,
        "one row per basis, grain from month to year, period, store, currency and product",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of(f"""basis grain period_start store currency product_id {PRODUCT_SUMS} {PRODUCT_NETS} buyers {ITEM_VISITS}
            costed_net_sales cost_of_goods"""),
        whole=True,
    ),
    Table(
        "product_weeks",
        Stage.METRICS,
        "one row per basis, week, store, currency and product; read through from product_days",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of(f"""basis grain period_start store currency product_id {PRODUCT_SUMS} {PRODUCT_NETS} buyers {ITEM_VISITS}
            costed_net_sales cost_of_goods"""),
        whole=True,
        view=True,
    ),
    Table(
        "product_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and product; days and weeks are read through from product_days",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of(
            f"""basis grain period_start store product_id merchant_sku item category currency {PRODUCT_SUMS}
            {PRODUCT_NETS} buyers {ITEM_VISITS} {ITEM_RATIOS} {ITEM_SHARES} {MARGINS}"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "channel_metrics",
        Stage.METRICS,
        "one row per grain, period, store and channel",
        ("grain", "period_start", "store", "channel"),
        columns_of(
            """grain period_start store dialect channel_group channel currency days_with_traffic days_in_period visits carts
            platform_buyers platform_orders platform_paid platform_conversion cart_rate"""
        ),
        whole=True,
    ),
    Table(
        "paid_traffic",
        Stage.METRICS,
        "one row per grain, period, store, way of counting and currency: what sources that are paid for brought",
        ("grain", "period_start", "store", "dialect", "currency"),
        columns_of(
            """grain period_start store dialect currency channel_visits ad_visits paid_traffic_share channel_sales ad_sales
            ad_sales_share"""
        ),
        whole=True,
    ),
    Table(
        "category_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and category",
        ("basis", "grain", "period_start", "store", "currency", "category"),
        columns_of(
            f"""basis grain period_start store currency category products order_lines units gross_sales
            discounts discounted_sales full_price_sales refunds_goods_order_day refunds_goods_refund_day returned_units
            {PRODUCT_NETS} {ITEM_VISITS} {ITEM_RATIOS} {ITEM_SHARES} {MARGINS}"""
        ),
        whole=True,
    ),
    Table(
        "group_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, group of stores and column; sums over the stores that know it",
        ("basis", "grain", "period_start", "store_group"),
        columns_of("""basis grain period_start store_group stores stores_known paid_orders order_lines units discounted_orders
            returned_orders returned_units buyers why_no_buyers""")
        + in_base((*MONEY_MEASURES, *COSTED.split()))
        + columns_of(f"units_per_order discount_rate refund_rate {RETURNS} margin_rate cost_coverage"),
        whole=True,
    ),
    Table(
        "stores",
        Stage.METRICS,
        "one row per store",
        ("store",),
        columns_of(
            "store platform name timezone currency store_group listed first_day last_day days_with_orders days_covered_share"
        ),
        whole=True,
    ),
    Table(
        "products",
        Stage.METRICS,
        "one row per store and product",
        ("store", "product_id"),
        columns_of(
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
        columns_of("platform source metric grade how"),
        whole=True,
    ),
    Table(
        "coverage",
        Stage.METRICS,
        "one row per store, source and day from the source's first to the store's last: whether it is known",
        ("store", "source", "day"),
        columns_of("store source day state"),
        whole=True,
    ),
    Table(
        "period_coverage",
        Stage.METRICS,
        "one row per store, grain and period: how many of its days' orders are known whole, and in part",
        ("store", "grain", "period_start"),
        columns_of("store grain period_start whole_days partial_days"),
        whole=True,
    ),
    Table(
        "files",
        Stage.METRICS,
        "one row per landing: what became of a file",
        ("landing",),
        columns_of(
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
        columns_of("store file landing row reason column what_to_do"),
        whole=True,
    ),
    Table(
        "store_rates",
        Stage.METRICS,
        "one row per store, currency and day with anything on it",
        ("store", "currency", "day"),
        columns_of("store currency day rate"),
        whole=True,
    ),
    Table(
        "bridges",
        Stage.METRICS,
        "one row per store, currency, month and step from our paid amount to the platform's own figure",
        ("store", "currency", "month", "step"),
        columns_of("month store currency dialect against step step_name amount days_compared unexplained_share"),
        whole=True,
    ),
    Table(
        "metric_catalog",
        Stage.METRICS,
        "one row per metric and variant: what it means, how it may be added, where people go wrong with it",
        ("metric", "variant"),
        columns_of(
            """metric variant name_en name_zh meaning layer grain unit direction additivity numerator denominator formula
            formula_zh worked pitfall source published_in"""
        ),
        whole=True,
    ),
)
