"""Refunds still to come: how long they take, and what a period's will end at."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _QUANTILE, _STORE = Additivity.ADDITIVE, Additivity.RATIO, Additivity.QUANTILE, Layer.STORE
_MATURED = ("matured_refunds",)
_WEEKS = "Of weeks and months alone; a store's is the sum of its categories'."
_ENDS = "Nine in ten end within. Ends do not add over periods or stores."


def _end(column: str, name: str, chinese: str, end: str, worked: str, direction: int) -> Metric:
    said, said_zh = ("lower", "下限") if end == "lower" else ("upper", "上限")
    return Metric(
        f"{column}_{end}", f"{name}, {said} end", f"{chinese}{said_zh}", _STORE, _QUANTILE, direction,
        f"{said} end of its 90 % interval", f"其90%区间的{said_zh}", worked, _MATURED, _ENDS,
    )  # fmt: skip


REFUNDS = (
    Metric(
        "refunded_lines", "lines refunded", "退款子订单数", _STORE, _ADD, -1,
        "refunds of order lines done at an age of the order's day", "订单日后第若干天完成的退款子订单数", "3",
        ("refund_delays",), "A line refunded twice counts twice.",
    ),
    Metric(
        "goods_refund_rate", "refund rate of goods", "商品退款率", _STORE, _RATIO, -1,
        "goods refunded on the order's day / discounted sales", "商品退款（按订单日） ÷ 折后销售额", "210 / 2100", _MATURED,
        "What it shows so far: of recent weeks a part. refund_rate is of cash, shipping and all.",
        numerator="refunds_goods_order_day", denominator="discounted_sales",
    ),
    Metric(
        "share_matured", "share of refunds that have come", "退款成熟度", _STORE, _RATIO, 1,
        "sales of the period, each day's by the share of its refunds that came by its age / sales of the period",
        "按各日退款到达比例加权的销售额 ÷ 折后销售额", "2100 / 2100", _MATURED,
        "By the category's habit, drawn to other stores' where it has few refunds. One after ninety days.",
        "Lagakos, Barraj, De Gruttola 1988",
    ),
    Metric(
        "matured_refunds", "refunds matured", "成熟退款（商品）", _STORE, _ADD, -1,
        "goods refunded so far + those still to come", "已发生商品退款 + 预计尚未到达的退款", "210 + 0", _MATURED, _WEEKS,
        "chain ladder; Bornhuetter and Ferguson 1972",
    ),
    _end("matured_refunds", "refunds matured", "成熟退款", "lower", "210", -1),
    _end("matured_refunds", "refunds matured", "成熟退款", "upper", "210", -1),
    Metric(
        "matured_refund_rate", "refund rate matured", "成熟退款率", _STORE, _RATIO, -1,
        "refunds matured / discounted sales", "成熟退款（商品） ÷ 折后销售额", "210 / 2100", _MATURED,
        "An estimate until the period is ninety days old: read it with its interval.",
        numerator="matured_refunds", denominator="discounted_sales",
    ),
    _end("matured_refund_rate", "refund rate matured", "成熟退款率", "lower", "210 / 2100", -1),
    _end("matured_refund_rate", "refund rate matured", "成熟退款率", "upper", "210 / 2100", -1),
    Metric(
        "matured_net_sales", "net sales matured", "成熟净销售额", _STORE, _ADD, 1,
        "discounted sales − refunds matured", "折后销售额 − 成熟退款（商品）", "2100 - 210", _MATURED, _WEEKS,
    ),
    _end("matured_net_sales", "net sales matured", "成熟净销售额", "lower", "1890", 1),
    _end("matured_net_sales", "net sales matured", "成熟净销售额", "upper", "1890", 1),
)  # fmt: skip
