"""How far figures may be trusted: what the platform's own figure leaves unexplained."""

from assets.catalog.metric import Additivity, Layer, Metric

_BRIDGES, _STORES = ("bridges",), ("store_metrics", "customer_periods", "customer_segments")
_DAYS = (*_STORES, "period_coverage")

TRUST = (
    Metric(
        "calendar_days", "days of the calendar", "日历天数", Layer.STORE, Additivity.SEMI, 0,
        "days the period has", "该期的日历天数", "7", _STORES,
        "Days without any sale or visit have no row of their own: a period's are more than its rows of days.",
    ),
    Metric(
        "whole_days", "days known whole", "完整天数", Layer.STORE, Additivity.SEMI, 1,
        "days of the period whose orders are known whole, with orders or without", "订单完整已知的天数（有单或无单）",
        "7", _DAYS,
        "A day without an order is known; a day without an export is not.",
    ),
    Metric(
        "partial_days", "days known in part", "不完整天数", Layer.STORE, Additivity.SEMI, -1,
        "days of the period whose orders are known in part", "订单仅部分已知的天数", "7 - 7", _DAYS,
        "What was sold on them is at least what is shown. Most often it is the day an export was made on.",
    ),
    Metric(
        "orders_covered_share", "share of days known", "订单覆盖率", Layer.STORE, Additivity.RATIO, 1,
        "days known whole / days of the calendar", "完整天数 ÷ 日历天数", "7 / 7", _STORES,
        "Below one the period is under way, begins the store's history, or misses days: its sums are not a whole one's.",
        numerator="whole_days", denominator="calendar_days",
    ),
    Metric(
        "amount", "step of a bridge", "桥接金额", Layer.STORE, Additivity.ADDITIVE, 0,
        "what a step adds on the way from our paid amount to the platform's", "从本表支付金额到平台金额之间每一步的增减",
        "506", _BRIDGES, "Steps add up to the platform's figure; steps of unlike names are never added up otherwise.",
    ),
    Metric(
        "days_compared", "days compared", "可比天数", Layer.STORE, Additivity.ADDITIVE, 0,
        "days of the month on which both figures are known", "两个口径均已知的天数", "7", _BRIDGES,
        "Fewer than the month has: both figures are of these days alone.",
    ),
    Metric(
        "unexplained_share", "share that is not explained", "未解释占比", Layer.STORE, Additivity.RATIO, 0,
        "what no step explains / the platform's figure", "未解释金额 ÷ 平台金额", "0 / 516", _BRIDGES,
        "Small shares may hide two errors that cancel out.", numerator="amount", denominator="platform_paid",
    ),
)  # fmt: skip
