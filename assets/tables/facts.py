"""Facts: what exports say together, merged."""

from assets.tables.table import TRAFFIC, Stage, Table, columns_of

FACTS = (
    Table(
        "store_sources",
        Stage.FACTS,
        "one row per store: what its exports can tell at all",
        ("store",),
        columns_of(
            """store refunds_from states_refunds states_buyers states_lines states_goods states_shipping states_tax
            states_subsidy states_paid"""
        ),
        whole=True,
    ),
    Table(
        "orders",
        Stage.FACTS,
        "one row per store and order: the newest, furthest version any export states",
        ("store", "order_id"),
        columns_of(
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
        columns_of(
            """month store order_id line_id position product_id merchant_sku title currency quantity unit_price line_gross
            line_discount line_owed refund_reported is_goods lines_known opens_order opens_product placed_day paid_day counted
            refunds_known landing row"""
        ),
        days=("placed_day", "paid_day"),
    ),
    Table(
        "refunds",
        Stage.FACTS,
        "one row per store and refund; a synthetic one of what an export states of an order beyond its refund rows",
        ("store", "refund_id"),
        columns_of(
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
        columns_of(
            """store refund_id order_id line_id product_id merchant_sku currency refund_cash refund_goods
            returned_units placed_day paid_day refund_day"""
        ),
        days=("placed_day", "paid_day", "refund_day"),
        whole=True,
    ),
    Table(
        "order_buyers",
        Stage.FACTS,
        "one row per store and order whose buyer an export names",
        ("store", "order_id"),
        columns_of("month store order_id currency buyer epochs_ago placed_day paid_day counted"),
        days=("placed_day", "paid_day"),
        private=True,
    ),
    Table(
        "traffic",
        Stage.FACTS,
        "one row per store, report, day, product and channel: a report's day whole from its newest, fullest export",
        ("store", "dialect", "report", "about_product", "day", "product_id", "channel"),
        columns_of(
            f"month store dialect report about_product day product_id channel channel_group currency {TRAFFIC} landing row"
        ),
        days=("day",),
    ),
    Table(
        "listings",
        Stage.FACTS,
        "one row per store, product and variant: as the newest export shows it",
        ("store", "product_id", "variant"),
        columns_of(
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
        columns_of("store merchant_sku product_id"),
        whole=True,
    ),
    Table(
        "store_ratings",
        Stage.FACTS,
        "one row per store and day whose scores an export states",
        ("store", "day"),
        columns_of("month store day description_score service_score logistics_score landing row"),
        days=("day",),
    ),
    Table(
        "order_coverage",
        Stage.FACTS,
        "one row per store and day between its first and last order: whether its orders are known",
        ("store", "day"),
        columns_of("store day orders_seen orders_expected state"),
        days=("day",),
        whole=True,
    ),
    Table(
        "refund_coverage",
        Stage.FACTS,
        "one row per store and day whose refunds are dated: only then is a day without refunds a zero",
        ("store", "day"),
        columns_of("store day"),
        days=("day",),
        whole=True,
    ),
)
