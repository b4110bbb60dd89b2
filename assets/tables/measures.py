"""Measures: sums of facts at their finest grain."""

from assets.tables.table import PRODUCT_SUMS, SUMS, Stage, Table, columns_of

MEASURES = (
    Table(
        "store_visits",
        Stage.MEASURES,
        "one row per store and day whose traffic is known",
        ("store", "day"),
        columns_of(
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
        columns_of(
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
        columns_of(
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
        columns_of(f"month basis store currency day {SUMS} orders_with_lines"),
        days=("day",),
    ),
    Table(
        "product_days",
        Stage.MEASURES,
        "one row per basis, store, currency, product and day; sums only",
        ("basis", "store", "currency", "product_id", "day"),
        columns_of(f"month basis store currency product_id day {PRODUCT_SUMS} item_visits"),
        days=("day",),
    ),
    Table(
        "sku_days",
        Stage.MEASURES,
        "one row per basis, store, currency, product, merchant SKU, day, day paid and quantity of a line; for what lines cost",
        ("basis", "store", "currency", "product_id", "merchant_sku", "day", "paid_day", "quantity"),
        columns_of(
            """month basis store currency product_id merchant_sku day paid_day quantity order_lines returned_lines
            discounted_sales refunds_goods_order_day"""
        ),
        days=("day",),
    ),
    Table(
        "refund_ages",
        Stage.MEASURES,
        "one row per store, currency, product, day orders were paid and day refunds of them were done; sums only",
        ("store", "currency", "product_id", "day", "refund_day"),
        columns_of(
            "month store currency product_id day refund_day refunded_lines refunds_goods_order_day refunds_cash_order_day"
        ),
        days=("day",),
    ),
)
