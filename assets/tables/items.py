"""Items across stores: what they sold together, and how strong items and stores are apart from each other."""

from assets.tables.table import Stage, Table, columns_of, in_base

ITEMS = (
    Table(
        "item_metrics",
        Stage.METRICS,
        "one row per basis, grain from month to year, period and item: over all stores, in the reporting currency",
        ("basis", "grain", "period_start", "item"),
        columns_of("basis grain period_start item stores order_lines units")
        + in_base(("gross_sales", "discounts", "discounted_sales")),
        whole=True,
    ),
    Table(
        "item_strength",
        Stage.EDGES,
        "one row per item sold in several stores and metric: its own part, whichever the store",
        ("item", "metric"),
        columns_of("item metric effect lower upper sd stores component"),
        whole=True,
    ),
    Table(
        "store_strength",
        Stage.EDGES,
        "one row per store and metric, over the items it shares with others: its own part, whichever the item",
        ("store", "metric"),
        columns_of("store metric dialect effect lower upper sd items component"),
        whole=True,
    ),
)
