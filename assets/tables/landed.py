"""Landed tables: what exports say, row by row, typed and without personal data."""

from assets.tables.table import TRAFFIC, VERSION, Stage, Table, columns_of

LANDED = (
    Table(
        "landed_orders",
        Stage.LANDED,
        "one row per landing and order as that export states it",
        ("landing", "store", "order_id"),
        columns_of(
            """store month order_id placed_at placed_day paid_at paid_day status currency goods_amount order_shipping
            order_tax order_subsidy order_paid refund_reported item_count region is_test only_gift_cards buyer authority """
            + VERSION
        ),
    ),
    Table(
        "landed_order_lines",
        Stage.LANDED,
        "one row per landing and order line as that export states it",
        ("landing", "row", "store"),
        columns_of(
            """store month order_id line_id position product_id merchant_sku title currency quantity unit_price
            line_gross own_discount line_owed refund_reported is_goods set_complete set_refunded set_rank set_latest_at
            set_content """
            + VERSION
        ),
    ),
    Table(
        "landed_refunds",
        Stage.LANDED,
        "one row per landing and refund as that export states it",
        ("landing", "row", "store"),
        columns_of(
            """store month refund_id order_id line_id currency applied_at refunded_at refund_day succeeded is_full
            is_shipping_only refund_cash stated_goods """
            + VERSION
        ),
    ),
    Table(
        "landed_traffic",
        Stage.LANDED,
        "one row per landing and row of a traffic report, of one day",
        ("landing", "row", "store"),
        columns_of(
            f"""store month day report dialect about_product product_id channel channel_group currency {TRAFFIC}
            set_rows set_visits set_content """
            + VERSION
        ),
    ),
    Table(
        "landed_listings",
        Stage.LANDED,
        "one row per landing and listed variant as that export shows it",
        ("landing", "row", "store"),
        columns_of(
            """store month seen_day product_id variant merchant_sku title category currency price list_price stock
            listing_status """
            + VERSION
        ),
    ),
    Table(
        "landed_ratings",
        Stage.LANDED,
        "one row per landing, store and day whose scores an export states",
        ("landing", "row", "store"),
        columns_of("store month day description_score service_score logistics_score " + VERSION),
    ),
    Table(
        "landed_quarantine",
        Stage.LANDED,
        "one row per refused row of a file",
        ("landing", "row"),
        columns_of("store landing row reason column"),
    ),
)
