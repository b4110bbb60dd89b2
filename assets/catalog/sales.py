"""Sales, refunds and what is divided by them: of stores, groups of stores, products and categories."""

from assets.catalog.metric import Additivity, Layer, Metric

_ALL = ("store_metrics", "product_metrics", "category_metrics", "group_metrics")
_STORES = ("store_metrics", "group_metrics")
_PEOPLE = ("customer_cohorts", "customer_segments")
_BANDS = (*_ALL, "price_bands", "item_metrics")
_MATURED = "matured_refunds"
_ADD, _RATIO, _STORE, _PRODUCT = Additivity.ADDITIVE, Additivity.RATIO, Layer.STORE, Layer.PRODUCT
_UNPAID = "Other tools' order counts may hold unpaid or test orders; these never do."

SALES = (
    Metric(
        "paid_orders", "paid orders", "支付订单数", _STORE, _ADD, 1,
        "orders that are paid, no test and more than gift cards", "已付款、非测试、且不全是礼品卡的订单数",
        "1 + 1 + 1", ("store_metrics", "product_metrics", "group_metrics", *_PEOPLE),
        f"{_UNPAID} A product's orders do not add up to the store's: one order may hold several products.",
        "生意参谋; Shopify",
    ),
    Metric(
        "order_lines", "order lines", "支付子订单数", _STORE, _ADD, 1,
        "lines of paid orders", "已付款订单的子订单数", "2 + 1 + 1", _BANDS,
        "A platform may split one line into several when it is shipped in parts.", "生意参谋",
    ),
    Metric(
        "units", "units sold", "支付件数", _STORE, _ADD, 1,
        "Σ quantity of paid lines", "已付款子订单的件数之和", "2 + 1 + 1 + 1", _BANDS,
        "A bundle listed beside its parts counts twice.", "生意参谋; Amazon",
    ),
    Metric(
        "gross_sales", "gross sales", "商品原价总额", _STORE, _ADD, 1,
        "Σ unit price × quantity, before any discount, without shipping", "单价 × 件数之和，未减任何优惠，不含运费",
        "2 × 50 + 200 + 50 + 200", _BANDS,
        "GMV in Chinese tools may count unpaid orders; 支付金额 is after discounts and with postage.", "Shopify gross sales",
    ),
    Metric(
        "discounts", "seller's discounts", "商家优惠", _STORE, _ADD, 0,
        "what the seller gave on lines and on orders", "商家在子订单与订单上给出的优惠",
        "30 + 0 + 20", _BANDS, "What the platform gave is apart: platform subsidy.", "Shopify; 抖店",
    ),
    Metric(
        "discounted_sales", "discounted sales", "折后销售额", _STORE, _ADD, 1,
        "gross sales − discounts", "商品原价总额 − 商家优惠", "550 - 50", (*_BANDS, "customer_segments", _MATURED),
        "Refunds are still in it.", "Shopify",
    ),
    Metric(
        "full_price_sales", "full-price sales", "原价销售额", _PRODUCT, _ADD, 1,
        "gross sales of lines on which the seller gave nothing, on the line or on the order",
        "商家未给任何优惠（子订单与订单）的子订单的商品原价总额", "50", _ALL,
        "Full is the price asked that day: a list price struck out before is seen in no order. A platform's subsidy is none "
        "of the seller's and leaves a line at full price.",
        "retail full-price sell-through",
    ),
    Metric(
        "discounted_orders", "orders with a discount", "有优惠订单数", _STORE, _ADD, 0,
        "paid orders with a line on which the seller gave something", "商家在任一子订单上给出优惠的已付款订单数", "1 + 1",
        _STORES,
        "What an order is discounted is spread over its lines, so an order with a code is one. One a platform subsidises is not.",
        "Varos; Shopify",
    ),
    Metric(
        "platform_subsidy", "platform subsidy", "平台优惠", _STORE, _ADD, 0,
        "what the platform, a host or a payment service gave", "平台、达人、支付渠道承担的优惠", "10 + 0 + 0", _STORES,
        "The seller is paid it: it lowers what the buyer paid, not what was sold.", "抖店; 拼多多",
    ),
    Metric(
        "shipping", "shipping charged", "运费", _STORE, _ADD, 0,
        "shipping after its discount", "优惠后的运费", "8 + 8 + 0", _STORES,
        "What shipping costs the seller is not in any export.", "Shopify; 淘宝",
    ),
    Metric(
        "tax", "tax", "税费", _STORE, _ADD, 0,
        "tax of paid orders", "已付款订单的税费", "30 + 6 + 20", _STORES,
        "In some stores it is part of the prices, in others on top of them.", "Shopify; Amazon",
    ),
    Metric(
        "paid_amount", "paid amount", "支付金额", _STORE, _ADD, 1,
        "gross sales − discounts − platform subsidy + shipping, + tax where it comes on top",
        "商品原价总额 − 商家优惠 − 平台优惠 + 运费（税费另计的再加税费）", "550 - 50 - 10 + 16", _STORES,
        "Refunds are not taken off. The platform's own figure may hold its subsidy or leave postage out: see bridges.",
        "生意参谋",
    ),
    Metric(
        "refunds_goods_order_day", "goods refunded, by order day", "退款（商品，按订单日）", _STORE, _ADD, -1,
        "goods part of refunds, on the day of their order", "退款中的商品部分，记在订单当日", "60",
        (*_ALL, _MATURED, "refund_delays"),
        "Recent weeks are not ripe: refunds of their orders are still to come; see matured_refunds.",
        "Shopify returns",
    ),
    Metric(
        "refunds_cash_order_day", "cash refunded, by order day", "退款（现金，按订单日）", _STORE, _ADD, -1,
        "all cash returned, on the day of its order", "退回的全部现金，记在订单当日", "60",
        ("store_metrics", "product_metrics", "group_metrics"),
        "Holds shipping and tax returned; recent weeks are not ripe.", "生意参谋 成功退款金额",
    ),
    Metric(
        "refunds_goods_refund_day", "goods refunded, by refund day", "退款（商品，按退款日）", _STORE, _ADD, -1,
        "goods part of refunds, on the day they were done", "退款中的商品部分，记在退款完成当日", "60", _ALL,
        "Unknown where the export does not date refunds.", "Shopify returns",
    ),
    Metric(
        "refunds_cash_refund_day", "cash refunded, by refund day", "退款（现金，按退款日）", _STORE, _ADD, -1,
        "all cash returned, on the day it was returned", "退回的全部现金，记在退款完成当日", "60",
        ("store_metrics", "product_metrics", "group_metrics"),
        "A day's refunds belong to earlier days' orders: never divide them by the same day's sales.", "生意参谋 成功退款金额",
    ),
    Metric(
        "returned_orders", "orders with a refund", "有退款订单数", _STORE, _ADD, -1,
        "paid orders of which anything was refunded, on the order's day", "有任何退款成功的已付款订单数，记在订单当日", "1",
        _STORES,
        "A refund of postage alone is one. Recent weeks are not ripe.", "生意参谋 退款笔数; Varos",
    ),
    Metric(
        "returned_units", "units of lines refunded whole", "全额退款件数", _PRODUCT, _ADD, -1,
        "units of lines of which all they were sold for was refunded, on the order's day",
        "全额退款的子订单的件数，记在订单当日", "1 - 1", _ALL,
        "No export names returned units: of a line refunded in part none is counted, and goods a buyer keeps after a refund are. "
        "An estimate.",
        "Amazon; BigSeller",
    ),
    Metric(
        "net_sales_order_day", "net sales, by order day", "净销售额（按订单日）", _STORE, _ADD, 1,
        "gross sales − discounts − goods refunded on the order's day", "商品原价总额 − 商家优惠 − 商品退款（按订单日）",
        "500 - 60", (*_ALL, *_PEOPLE, _MATURED),
        "The last weeks look better than they will be: their refunds are still to come; see matured_net_sales.",
        "Shopify net sales",
    ),
    Metric(
        "net_sales_refund_day", "net sales, by refund day", "净销售额（按退款日）", _STORE, _ADD, 1,
        "gross sales − discounts − goods refunded on the refund's day", "商品原价总额 − 商家优惠 − 商品退款（按退款日）",
        "500 - 60", _ALL,
        "May be negative on a day that had returns and few sales.", "Shopify net sales",
    ),
    Metric(
        "net_paid_order_day", "net paid, by order day", "净支付金额（按订单日）", _STORE, _ADD, 1,
        "paid amount − cash refunded on the order's day", "支付金额 − 现金退款（按订单日）", "506 - 60", _STORES,
        "The last weeks look better than they will be.", "edgewise",
    ),
    Metric(
        "net_paid_refund_day", "net paid, by refund day", "净支付金额（按退款日）", _STORE, _ADD, 1,
        "paid amount − cash refunded on the refund's day", "支付金额 − 现金退款（按退款日）", "506 - 60", _STORES,
        "May be negative on a day.", "edgewise",
    ),
    Metric(
        "orders_with_lines", "orders whose lines are known", "明细完整的订单数", _STORE, _ADD, 0,
        "paid orders all of whose lines an export states", "子订单明细完整的已付款订单数", "3", ("store_metrics",),
        "Where it is less than paid orders, units and gross sales are unknown.",
    ),
    Metric(
        "aov", "average order value", "笔单价", _STORE, _RATIO, 1,
        "discounted sales / paid orders", "折后销售额 ÷ 支付订单数", "500 / 3", ("store_metrics",),
        "Per order. 客单价 is per buyer: see sales_per_buyer. Never the mean of days' values.", "Shopify AOV",
        numerator="discounted_sales", denominator="paid_orders",
    ),
    Metric(
        "average_price", "average price", "件单价", _PRODUCT, _RATIO, 0,
        "discounted sales / units", "折后销售额 ÷ 支付件数", "500 / 5",
        ("store_metrics", "product_metrics", "category_metrics"),
        "Moves with the mix of products, not only with prices.", "Amazon ASP",
        numerator="discounted_sales", denominator="units",
    ),
    Metric(
        "units_per_order", "units per order", "连带率", _STORE, _RATIO, 1,
        "units / paid orders", "支付件数 ÷ 支付订单数", "5 / 3", _STORES,
        "Some call the share of orders with two products so.", "retail UPT",
        numerator="units", denominator="paid_orders",
    ),
    Metric(
        "discount_rate", "discount rate", "折扣率", _PRODUCT, _RATIO, -1,
        "discounts / gross sales", "商家优惠 ÷ 商品原价总额", "50 / 550",
        ("store_metrics", "product_metrics", "category_metrics", "group_metrics"),
        "Markdowns of the list price itself are not in it.", "Varos",
        numerator="discounts", denominator="gross_sales",
    ),
    Metric(
        "refund_rate", "refund rate", "退款率", _STORE, _RATIO, -1,
        "cash refunded on the order's day / paid amount", "现金退款（按订单日） ÷ 支付金额", "60 / 506", _STORES,
        "By money and by order day; rates by count of orders differ. Recent weeks are not ripe.", "edgewise",
        numerator="refunds_cash_order_day", denominator="paid_amount",
    ),
    Metric(
        "full_price_share", "full-price share of sales", "原价销售占比", _PRODUCT, _RATIO, 1,
        "full-price sales / discounted sales", "原价销售额 ÷ 折后销售额", "50 / 500", _ALL,
        "Both are what was sold for, before refunds. Of a store whose shop always shows a sale price it is high and says little.",
        "retail full-price share",
        numerator="full_price_sales", denominator="discounted_sales",
    ),
    Metric(
        "discounted_order_share", "share of orders with a discount", "优惠订单占比", _STORE, _RATIO, -1,
        "orders with a discount / paid orders", "有优惠订单数 ÷ 支付订单数", "2 / 3", _STORES,
        "By count: a cent off counts as half off does. See discount_rate.", "Varos",
        numerator="discounted_orders", denominator="paid_orders",
    ),
    Metric(
        "order_return_rate", "return rate by orders", "订单退款率", _STORE, _RATIO, -1,
        "orders with a refund / paid orders", "有退款订单数 ÷ 支付订单数", "1 / 3", _STORES,
        "By count and order day, in part or whole: refund_rate is by money. Of recent weeks too low: refunds are still to come.",
        "Varos; 生意参谋",
        numerator="returned_orders", denominator="paid_orders",
    ),
    Metric(
        "unit_return_rate", "return rate by units", "件数退货率", _PRODUCT, _RATIO, -1,
        "units of lines refunded whole / units", "全额退款件数 ÷ 支付件数", "0 / 5", _ALL,
        "At least this: units of lines refunded in part are not told. Never set beside the rate by orders.", "Amazon; BigSeller",
        numerator="returned_units", denominator="units",
    ),
)  # fmt: skip
