"""Names that mean several things, and why their values are not set side by side."""

from assets.catalog.registry import BY_KEY

# One name in the field, several meanings: per name, what each metric called so divides by what.
CONFUSED: dict[str, dict[str, str]] = {
    "conversion 转化率": {
        "conversion.orders_per_visitor": "orders per person who came to the store",
        "conversion.orders_per_session": "orders per visit to the store",
        "conversion.lines_per_visitor": "order lines per person who saw the product",
        "conversion.lines_per_session": "order lines per visit to the product",
        "platform_conversion.buyers_per_visitor": "buyers per person a source brought",
        "platform_conversion.orders_per_session": "orders per visit a source brought",
        "unit_session_rate": "units per visit, which may exceed one",
    },
    "paid traffic 付费流量": {
        "paid_traffic_share.visitors": "people the platform gives to advertisements, some of them to others too",
        "paid_traffic_share.sessions": "visits whose last click was on an advertisement",
        "ad_sales_share": "sales the platform gives to advertisements",
    },
    "growth 增长": {
        "growth_month": "all that was paid, against the month before",
        "growth_year": "all that was paid, against the year before",
        "same_product_growth": "sales of products sold in both months",
    },
    "basket 客单价": {
        "sales_per_buyer": "paid amount per buyer",
        "aov": "discounted sales per order",
        "average_price": "discounted sales per unit",
    },
    "MER": {
        "ad_cost_ratio": "spend divided by revenue: less is better",
        "mer_x": "revenue divided by spend: more is better",
    },
    "return rate 退款率": {
        "refund_rate": "cash refunded per cash paid",
        "goods_refund_rate": "goods refunded per discounted sales",
        "order_return_rate": "orders with a refund per order",
        "unit_return_rate": "units of lines refunded whole per unit",
    },
    "discounting 折扣": {
        "discount_rate": "what was given per gross sales",
        "discounted_order_share": "orders with a discount per order",
        "full_price_share": "sales at the full price per discounted sales",
    },
    "net sales 净销售额": {
        "net_sales_order_day": "refunds on the day of their order",
        "net_sales_refund_day": "refunds on the day they were done",
    },
    "net paid 净支付金额": {
        "net_paid_order_day": "refunds on the day of their order",
        "net_paid_refund_day": "refunds on the day they were done",
    },
    "paid amount 支付金额": {
        "paid_amount": "the cash buyers paid, from order exports",
        "platform_paid": "what the platform's own report says was paid",
    },
    "visitors 访客数": {
        "visitors": "people counted once a day",
        "visitor_days": "people counted once for every day they came",
        "sessions": "visits",
    },
}


def comparable(one: str, other: str) -> str:
    """Why two metrics are not comparable; blank where they are.

    Args:
        one: a metric's key: its id, and after a dot its variant where it has several.
        other: another's.
    """
    if one == other and (one in BY_KEY or _known(one)):
        return ""
    for name, meanings in CONFUSED.items():
        if one in meanings and other in meanings:
            return f"both are called {name}: {one} is {meanings[one]}, {other} is {meanings[other]}"
    for key in (one, other):
        if key not in BY_KEY and not _known(key):
            variants = sorted(known for known in BY_KEY if known.partition(".")[0] == key)
            return f"{key} is no metric" + (f": say which, {' or '.join(variants)}" if variants else "")
    return f"{one} and {other} measure different things"


def _known(key: str) -> bool:
    return any(key in meanings for meanings in CONFUSED.values())
