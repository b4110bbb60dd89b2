"""Metrics: sums over periods, ratios, dimensions, and what became of files."""

from assets.tables.table import (
    BUYERS,
    COSTED,
    COVERED,
    ITEM_RATIOS,
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
        "one row per basis, grain from week to year, period, store, currency and product",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of(f"""basis grain period_start store currency product_id {PRODUCT_SUMS} {PRODUCT_NETS} buyers {ITEM_VISITS}
            costed_net_sales cost_of_goods"""),
        whole=True,
    ),
    Table(
        "product_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and product; days are read through from product_days",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of(
            f"""basis grain period_start store product_id merchant_sku item category currency {PRODUCT_SUMS}
            {PRODUCT_NETS} buyers {ITEM_VISITS} {ITEM_RATIOS} {MARGINS}"""
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
        "category_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and category",
        ("basis", "grain", "period_start", "store", "currency", "category"),
        columns_of(
            f"""basis grain period_start store currency category products order_lines units gross_sales
            discounts discounted_sales refunds_goods_order_day refunds_goods_refund_day {PRODUCT_NETS} {ITEM_VISITS}
            {ITEM_RATIOS} {MARGINS}"""
        ),
        whole=True,
    ),
    Table(
        "group_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, group of stores and column; sums over the stores that know it",
        ("basis", "grain", "period_start", "store_group"),
        columns_of("""basis grain period_start store_group stores stores_known paid_orders order_lines units discounted_orders
            returned_orders returned_units buyers""")
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
        "cost_days",
        Stage.METRICS,
        "one row per basis, store, currency, product and day with a line whose cost is known",
        ("basis", "store", "currency", "product_id", "day"),
        columns_of("basis store currency product_id day costed_net_sales cost_of_goods")
        + in_base(("costed_net_sales", "cost_of_goods")),
        whole=True,
    ),
    Table(
        "buyer_orders",
        Stage.METRICS,
        "one row per store and counted order whose buyer an export names",
        ("store", "order_id"),
        columns_of("store order_id currency buyer day discounted_sales net_sales_order_day"),
        whole=True,
        private=True,
    ),
    Table(
        "buyer_scores",
        Stage.METRICS,
        "one row per store, currency and buyer: how recently, how often and for how much",
        ("store", "currency", "buyer"),
        columns_of(
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
        columns_of(
            """store currency cohort age_months cohort_buyers history_days buyers paid_orders net_sales_order_day retention
            net_sales_so_far lifetime_value"""
        ),
        whole=True,
    ),
    Table(
        "customer_segments",
        Stage.METRICS,
        "one row per store, currency and segment of customers, as of the store's last known day; of five people and more",
        ("store", "currency", "customer_segment"),
        columns_of(
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
        columns_of(
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
        columns_of("store currency day window_days buyers repeat_buyers repeat_rate"),
        whole=True,
    ),
    Table(
        "repurchase",
        Stage.METRICS,
        "one row per store and currency: how long people take to buy again, as of the last known day; of five people and more",
        ("store", "currency"),
        columns_of("store currency day buyers buyers_returned median_days_to_return returned_90d_share"),
        whole=True,
    ),
    Table(
        "product_life",
        Stage.METRICS,
        "one row per store, currency, product and day looked back from: each month's last, and the last known",
        ("store", "currency", "day", "product_id"),
        columns_of(
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
        columns_of(
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
        columns_of(
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
        columns_of("month store currency dialect against step step_name amount days_compared unexplained_share"),
        whole=True,
    ),
    Table(
        "refund_delays",
        Stage.METRICS,
        "one row per store, currency, category or `all`, day orders were paid and age at which refunds of them were done",
        ("store", "currency", "category", "day", "age_days"),
        columns_of("store currency category day age_days refunded_lines refunds_goods_order_day"),
        whole=True,
    ),
    Table(
        "maturing_days",
        Stage.METRICS,
        "one row per store, currency, category or `all`, and day orders were paid; for the statistics of refunds alone",
        ("store", "currency", "category", "day"),
        columns_of("store currency category day discounted_sales refunds_goods_order_day dates_refunds"),
        whole=True,
    ),
    Table(
        "matured_refunds",
        Stage.METRICS,
        "one row per store, currency, category or `all`, week or month, and what its refunds will come to",
        ("store", "currency", "category", "grain", "period_start"),
        columns_of(
            """store currency category grain period_start day discounted_sales refunds_goods_order_day goods_refund_rate
            share_matured matured_refunds matured_refunds_lower matured_refunds_upper matured_refund_rate
            matured_refund_rate_lower matured_refund_rate_upper net_sales_order_day matured_net_sales matured_net_sales_lower
            matured_net_sales_upper why_unknown"""
        ),
        whole=True,
    ),
    Table(
        "pacing_days",
        Stage.METRICS,
        "one row per store with a target and day between its first and last order; for pacing alone",
        ("store", "day"),
        columns_of(
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
        columns_of(
            """store metric grain period_start currency day target actual expected_so_far forecast forecast_lower
            forecast_upper probability_of_hit gap visitors_effect conversion_effect orders_effect basket_effect
            discount_effect refund_effect other_effect days_left days_missing why_unknown"""
        ),
        whole=True,
    ),
    Table(
        "group_pacing",
        Stage.METRICS,
        "one row per group of stores, metric and period with a target; sums over the stores that know it",
        ("store_group", "metric", "grain", "period_start"),
        columns_of("store_group metric grain period_start stores stores_known")
        + in_base(("target", "actual", "expected_so_far", "forecast", "gap")),
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
