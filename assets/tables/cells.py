"""What edges are computed from: which product is in which segment, and the days of cells: lines, buyers, prices, visits."""

from assets.tables.table import Stage, Table, columns_of

CELLS = (
    Table(
        "segments",
        Stage.METRICS,
        "one row per store, product and segment it is compared in",
        ("store", "product_id", "segment_type", "segment"),
        columns_of("store product_id segment_type segment parent"),
        whole=True,
    ),
    Table(
        "cell_lines",
        Stage.METRICS,
        "one row per store, segment and day orders were paid: statistics of single lines",
        ("store", "segment_type", "segment", "day"),
        columns_of(
            """store segment_type segment day sales_w sales_w_sq units_w units_w_sq price_w price_w_sq costed_lines costed_sales
            costed_margin"""
        ),
        whole=True,
    ),
    Table(
        "cell_buyers",
        Stage.METRICS,
        "one row per store, category and day buyers were first seen to buy of it, where the next thirty days are known: counts",
        ("store", "segment_type", "segment", "day"),
        columns_of("store segment_type segment day watched_buyers returned_buyers"),
        whole=True,
    ),
    Table(
        "cell_prices",
        Stage.METRICS,
        "one row per store, category and day on which items that other stores sell too were paid for: prices against theirs",
        ("store", "segment_type", "segment", "day"),
        columns_of("store segment_type segment day matched_items price_log price_log_sq"),
        whole=True,
    ),
    Table(
        "cell_days",
        Stage.METRICS,
        "one row per store, segment and day, on the day orders were paid",
        ("store", "segment_type", "segment", "day"),
        columns_of(
            """store segment_type segment parent day dialect visits carts favourites search_visitors all_visits orders units
            refunded sales sales_w sales_w_sq units_w units_w_sq price_w price_w_sq costed_lines costed_sales costed_margin
            watched_buyers returned_buyers matched_items price_log price_log_sq"""
        ),
        whole=True,
    ),
)
