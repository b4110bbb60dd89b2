"""Alerts: what changed on the latest days, and the days it is told from."""

from assets.tables.table import Stage, Table, columns_of, in_base

ALERTS = (
    Table(
        "watched_days",
        Stage.METRICS,
        "one row per store, segment and day of the last thirteen months; for the statistics of alerts alone",
        ("store", "segment_type", "segment", "day"),
        columns_of("store segment_type segment day visits orders sales") + in_base(("discounts", "refunds_cash_refund_day")),
        whole=True,
    ),
    Table(
        "alerts",
        Stage.EDGES,
        "one row per change that is open or was within four weeks, by its cause, and per export that stopped",
        ("id",),
        columns_of(
            """id rank alert_kind alert_state scope store platform stores segment_type segment metric source changed_on found_on
            seen_until days_changed usual since_then change change_lower change_upper money_a_day_base money_a_day_lower
            money_a_day_upper money_so_far_base chance where_seen text_en text_zh"""
        ),
        whole=True,
    ),
)
