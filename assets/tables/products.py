"""Products: their lives, ranges, prices, costs and stocks."""

from assets.tables.table import Stage, Table, columns_of, in_base

PRODUCTS = (
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
        "unit_costs",
        Stage.METRICS,
        "one row per store, merchant SKU and day from which on a unit costs something",
        ("store", "merchant_sku", "valid_from"),
        columns_of("store merchant_sku valid_from valid_until unit_cost currency"),
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
        "stock_returns",
        Stage.METRICS,
        "one row per store, product and day looked back from: what thirty days' margin is to the stock it bound",
        ("store", "day", "product_id"),
        columns_of("store day product_id days_stock_seen") + in_base(("margin_30d", "stock_cost")) + columns_of("gmroi_30d"),
        whole=True,
    ),
)
