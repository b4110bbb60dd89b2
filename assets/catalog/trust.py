"""How far figures may be trusted: what the platform's own figure leaves unexplained."""

from assets.catalog.metric import Additivity, Layer, Metric

_BRIDGES = ("bridges",)

TRUST = (
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
