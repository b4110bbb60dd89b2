"""What is still to come: refunds that ripen, and targets."""

from assets.tables.table import Stage, Table, columns_of, in_base

AHEAD = (
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
)
