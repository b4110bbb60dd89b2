"""Targets: what came, what was to come by now, where it will end, and what the gap is made of."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _QUANTILE, _STORE, _PACING = Additivity.ADDITIVE, Additivity.QUANTILE, Layer.STORE, ("kpi_pacing",)
_GROUPS = (*_PACING, "group_pacing")
_TOGETHER = "The effects add up to the gap. Each is its mean over all orders in which the factors may change (Shapley)."


def _effect(column: str, name: str, chinese: str, formula: str, formula_zh: str, worked: str, pitfall: str = "") -> Metric:
    return Metric(
        column, name, chinese, _STORE, _ADD, 1, formula, formula_zh, worked, _PACING, pitfall or _TOGETHER, "Shapley"
    )  # fmt: skip


TARGETS = (
    Metric(
        "target", "target", "目标", _STORE, _ADD, 0,
        "what targets.csv asks of the period", "targets.csv 中该周期的目标", "1400", _GROUPS,
        "A month's target need not be the sum of its weeks'.",
    ),
    Metric(
        "actual", "actual so far", "实际", _STORE, _ADD, 1,
        "what came of the metric in the days so far", "截至目前该指标的实际值", "7 × 100", _GROUPS,
        "Unknown where a day is missing, never a part. By order day, refunds of the last weeks are still to come.",
    ),
    Metric(
        "expected_so_far", "expected so far", "应达进度", _STORE, _ADD, 0,
        "target × the days so far / all days, each weighed by the store's own weekdays, season and promotions",
        "目标 × 已过天数权重 ÷ 全期天数权重（按本店星期、季节与活动加权）",
        "1400 × 7 / 7", _GROUPS, "Not a flat share: a month that ends with a sale has little behind it at its middle.",
    ),
    Metric(
        "gap", "gap", "进度差", _STORE, _ADD, 1,
        "actual − expected so far", "实际 − 应达进度", "700 - 1400", _GROUPS,
        "Early in a period it is mostly chance: see the probability.",
    ),
    Metric(
        "forecast", "forecast", "预测", _STORE, _ADD, 1,
        "actual + the days to come at the level of the last eight weeks", "实际 + 按近八周水平推算的剩余天数", "700 + 0",
        _GROUPS,
        "Knows of promotions in promotions.csv alone. Of net sales by order day it takes off the refunds still to come.",
    ),
    Metric(
        "forecast_lower", "forecast, lower end", "预测下限", _STORE, _QUANTILE, 1,
        "lower end of the forecast's 90 % interval", "预测90%区间的下限", "700", _PACING, "Ends do not add over stores.",
    ),
    Metric(
        "forecast_upper", "forecast, upper end", "预测上限", _STORE, _QUANTILE, 1,
        "upper end of the forecast's 90 % interval", "预测90%区间的上限", "700", _PACING, "Ends do not add over stores.",
    ),
    Metric(
        "probability_of_hit", "probability of reaching the target", "达成概率", _STORE, _QUANTILE, 1,
        "probability that the period ends at the target or above", "期末达到目标的概率", "0", _PACING,
        "At the recent level: it knows of no plans but promotions.csv.",
    ),
    _effect("visitors_effect", "effect of visits", "访客影响", "the gap's part by how many came", "由到访人数带来的差额", "0",
            "The plan has the rates of the eight weeks before, so all that the target asks beyond them is asked of visits."),
    _effect("conversion_effect", "effect of conversion", "转化影响", "the gap's part by how many of them bought",
            "由转化率带来的差额", "140 × 0.05 × 100 - 140 × 0.1 × 100"),
    _effect("orders_effect", "effect of orders", "订单影响", "the gap's part by how many orders came, where visits are not known",
            "由订单数带来的差额（访客未知时）", "0 - 700", "Instead of visits and conversion, never beside them."),
    _effect("basket_effect", "effect of the basket", "客单影响", "the gap's part by what an order holds, before discounts",
            "由每单原价金额（或件数）带来的差额", "0"),
    _effect("discount_effect", "effect of discounts", "优惠影响", "the gap's part by discounts", "由商家优惠带来的差额", "0"),
    _effect("refund_effect", "effect of refunds", "退款影响", "the gap's part by refunds", "由退款带来的差额", "0"),
    _effect("other_effect", "effect of shipping, subsidy and tax", "其他影响",
            "the gap's part by all between discounted sales and what was paid", "由运费、平台优惠、税费带来的差额", "0"),
    Metric(
        "days_left", "days left", "剩余天数", _STORE, Additivity.SEMI, 0,
        "days of the period after the last day known", "周期内最后已知日之后的天数", "0", _PACING,
    ),
    Metric(
        "days_missing", "days missing", "缺失天数", _STORE, _ADD, -1,
        "days so far of which the metric is not known", "截至目前该指标未知的天数", "0", _PACING,
    ),
)  # fmt: skip
