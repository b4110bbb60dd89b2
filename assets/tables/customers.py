"""Customers: who buys again, when and for how much. Rows of single buyers are private."""

from assets.tables.table import COVERED, Stage, Table, columns_of

CUSTOMERS = (
    Table(
        "buyer_breaks",
        Stage.METRICS,
        "one row per store and change of its buyers' pseudonyms: of the key, or of the stores they are linked with",
        ("store", "epochs_ago"),
        columns_of("store epochs_ago linked_from linked_until"),
        whole=True,
    ),
    Table(
        "unlinked_periods",
        Stage.METRICS,
        "one row per store, grain and period on both sides of a change of pseudonyms: its buyers cannot be counted",
        ("store", "grain", "period_start"),
        columns_of("store grain period_start"),
        whole=True,
    ),
    Table(
        "buyer_days",
        Stage.METRICS,
        "one row per store, currency, buyer and day on which he paid or placed an order",
        ("store", "currency", "buyer", "day"),
        columns_of(
            """store currency buyer day epochs_ago paid_orders placed_orders discounted_sales net_sales_order_day paid_before
            paid_next placed_before first_paid"""
        ),
        whole=True,
        private=True,
    ),
    Table(
        "product_buyers",
        Stage.METRICS,
        "one row per basis, grain from month to year, period, store, currency and product: how many people bought it",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        columns_of("basis grain period_start store currency product_id buyers"),
        whole=True,
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
        )
        + columns_of(COVERED),
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
        )
        + columns_of(COVERED),
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
)
