"""What goods cost and what is left, where `reference/costs.csv` says what a unit costs."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _PRODUCT = Additivity.ADDITIVE, Additivity.RATIO, Layer.PRODUCT
_TABLES = ("store_metrics", "product_metrics", "category_metrics", "group_metrics")
_BEFORE = "Before shipping, fees and advertising, of which no export says what they cost."

COSTS = (
    Metric(
        "costed_net_sales", "net sales of costed lines", "已知成本净销售额", _PRODUCT, _ADD, 1,
        "net sales by order day of the lines whose cost, discount and refunds are known",
        "成本、优惠与退款均已知的子订单的净销售额（按订单日）", "90 + 50", _TABLES,
        "A part of net sales: cost_coverage says which share. With the platform's subsidy in it, which the seller is paid.",
        "Shopify net sales with cost recorded",
    ),
    Metric(
        "cost_of_goods", "cost of goods", "商品成本", _PRODUCT, _ADD, 0,
        "Σ units × unit cost of the day paid, over costed lines that were not returned whole",
        "已知成本且未整单退回的子订单：件数 × 付款日单位成本之和", "3 × 20", _TABLES,
        "A line refunded whole is taken to have come back and be sold again; one refunded in part keeps its cost. "
        "Null, never zero, where no cost is known.",
        "Conjura; Shopify",
    ),
    Metric(
        "margin", "margin", "毛利", _PRODUCT, _ADD, 1,
        "net sales of costed lines − their cost", "已知成本净销售额 − 商品成本", "140 - 60", _TABLES,
        f"{_BEFORE} Over costed lines alone, never over all net sales.", "Shopify gross profit",
    ),
    Metric(
        "margin_rate", "margin rate", "毛利率", _PRODUCT, _RATIO, 1,
        "margin / net sales of costed lines", "毛利 ÷ 已知成本净销售额", "80 / 140", _TABLES,
        "Both sums are over costed lines alone: what has no cost makes it neither better nor worse.", "Shopify gross margin",
        numerator="margin", denominator="costed_net_sales",
    ),
    Metric(
        "cost_coverage", "share of sales with a cost", "成本覆盖率", _PRODUCT, _RATIO, 1,
        "net sales of costed lines / net sales by order day", "已知成本净销售额 ÷ 净销售额（按订单日）", "140 / 440", _TABLES,
        "Zero where costs.csv names none of its products: their margin is then unknown, not zero.", "edgewise",
        numerator="costed_net_sales", denominator="net_sales_order_day",
    ),
)  # fmt: skip
