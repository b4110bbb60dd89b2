"""Visits, what people do on them, channels and scores; and the buyers a period has."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _DISTINCT = Additivity.ADDITIVE, Additivity.RATIO, Additivity.DISTINCT
_STORE, _PRODUCT, _CONTENT, _CUSTOMER, _BRAND = Layer.STORE, Layer.PRODUCT, Layer.CONTENT, Layer.CUSTOMER, Layer.BRAND
_PEOPLE, _VISITS = ("sycm", "pinduoduo"), ("shopify", "amazon", "amazon.child_sum")
_ITEMS = ("product_metrics", "category_metrics")
_CUSTOMERS = ("customer_periods", "customer_windows", "customer_cohorts", "customer_segments", "repurchase")

TRAFFIC = (
    Metric(
        "visitors", "visitors", "访客数", _STORE, _DISTINCT, 1,
        "people who came on a day, as the platform counts them", "当日到访人数，按平台口径", "40", ("store_metrics",),
        "A month's visitors are not the sum of its days'; above the day it is null, and visitor_days stands.",
        "生意参谋; 商智",
    ),
    Metric(
        "visitor_days", "visitor-days", "访客日数", _STORE, _ADD, 1,
        "Σ of the days' visitors", "每日访客数之和", "40 + 30 + 30 + 20 + 20 + 10 + 10", ("store_metrics",),
        "Who came on three days counts three times. Null where a day is missing.", "生意参谋 累加访客",
    ),
    Metric(
        "sessions", "sessions", "会话数", _STORE, _ADD, 1,
        "visits, as the platform counts them", "到访次数，按平台口径", "160", ("store_metrics",),
        "Not people: one person's two visits are two.", "Shopify; Amazon", dialects=_VISITS,
    ),
    Metric(
        "page_views", "page views", "浏览量", _STORE, _ADD, 1,
        "pages seen", "浏览的页面数", "100 + 80 + 70 + 50 + 50 + 25 + 25", ("store_metrics",), "", "生意参谋",
    ),
    Metric(
        "favourites", "favourites", "收藏人数", _STORE, _ADD, 1,
        "Σ of the days' people, or sessions, that marked a product", "每日收藏人数之和", "2 + 2 + 2 + 1 + 1",
        ("store_metrics",),
        "People who also put it into the cart are in both: never add the two.", "生意参谋",
    ),
    Metric(
        "carts", "carts", "加购人数", _STORE, _ADD, 1,
        "Σ of the days' people, or sessions, that put a product into the cart", "每日加购人数之和", "4 + 4 + 4 + 2 + 2",
        ("store_metrics", "channel_metrics"), "People, not pieces: 加购件数 is another figure.", "生意参谋",
    ),
    Metric(
        "visits", "visits of a channel", "访问量", _CONTENT, _ADD, 1,
        "Σ over days of visitors, or sessions, a source brought", "每日来源访客数（或会话数）之和", "60 + 40",
        ("channel_metrics",),
        "Who comes by two sources counts in both: shares of sources add to more than one.", "生意参谋 流量来源",
    ),
    Metric(
        "item_visits", "visits of a product", "商品访问量", _PRODUCT, _ADD, 1,
        "Σ over days of the product's visitors, or sessions", "商品每日访客数（或会话数）之和", "30 + 20 + 10", _ITEMS,
        "Over products of a store it counts one person several times.", "生意参谋 商品访客数; Amazon",
    ),
    Metric(
        "products", "products with sales or visits", "动销商品数", _PRODUCT, _DISTINCT, 0,
        "products sold or visited in the period", "期内有销售或有访问的商品数", "2", ("category_metrics",),
        "Count again at the period wanted; days' counts do not add.", "edgewise",
    ),
    Metric(
        "platform_orders", "orders as the platform counts them", "支付订单数（平台）", _STORE, _ADD, 1,
        "orders of the platform's own report", "平台报表中的支付订单数", "1 + 1 + 1", ("store_metrics", "channel_metrics"),
        "From another report than paid_orders: presale, splits and clocks may differ.", "生意参谋; Shopify",
    ),
    Metric(
        "platform_buyers", "buyers as the platform counts them", "支付买家数（平台）", _CONTENT, _ADD, 1,
        "Σ over days of a source's buyers", "来源每日支付买家数之和", "1 + 1", ("channel_metrics",),
        "Who buys on two days counts twice.", "生意参谋",
    ),
    Metric(
        "platform_paid", "paid amount as the platform states it", "支付金额（平台）", _STORE, _ADD, 1,
        "paid amount of the platform's own report", "平台报表中的支付金额", "278 + 58 + 180",
        ("store_metrics", "channel_metrics"),
        "The shop's report holds postage, the items' does not. Compare with paid_amount by bridges alone.",
        "生意参谋; Amazon",
    ),
    Metric(
        "matched_visits", "visits of days with orders known", "可比访问量", _STORE, _ADD, 0,
        "visits of the days on which orders are known too", "订单同样已知的日子的访问量", "40 + 30 + 30 + 20 + 20 + 10 + 10",
        ("store_metrics", *_ITEMS), "The denominator of conversion, not a measure of traffic.",
    ),
    Metric(
        "matched_orders", "orders of days with visits known", "可比订单数", _STORE, _ADD, 0,
        "paid orders of the days on which visits are known too", "访问同样已知的日子的支付订单数", "1 + 1 + 1",
        ("store_metrics",),
        "The numerator of conversion, not a measure of sales.",
    ),
    Metric(
        "matched_lines", "order lines of days with visits known", "可比子订单数", _PRODUCT, _ADD, 0,
        "order lines of the days on which the product's visits are known too", "商品访问同样已知的日子的子订单数", "1 + 1",
        _ITEMS,
        "The numerator of a product's conversion.",
    ),
    Metric(
        "matched_sales", "sales of days with visits known", "可比销售额", _STORE, _ADD, 0,
        "discounted sales of the days on which visits are known too", "访问同样已知的日子的折后销售额", "270 + 50 + 180",
        ("store_metrics", *_ITEMS), "The numerator of sales per visit.",
    ),
    Metric(
        "days_with_traffic", "days with traffic known", "有流量数据的天数", _STORE, _ADD, 0,
        "days of the period whose traffic is known", "期内流量已知的天数", "7", ("store_metrics", *_ITEMS, "channel_metrics"),
        "Less than days_in_period: sums of visits are unknown.",
    ),
    Metric(
        "days_in_period", "days in the period", "期内天数", _STORE, _ADD, 0,
        "days between the store's first and last day of traffic", "店铺首末流量日之间的天数", "7",
        ("store_metrics", "channel_metrics"),
    ),
    Metric(
        "conversion", "conversion of a store, per visitor", "转化率", _STORE, _RATIO, 1,
        "paid orders / visitor-days, over days on which both are known", "支付订单数 ÷ 访客日数（取两者皆已知的日子）",
        "3 / 160",
        ("store_metrics",), "生意参谋 divides buyers by visitors; Shopify and Amazon count visits: never compare them raw.",
        "edgewise", "orders_per_visitor", "matched_orders", "matched_visits", _PEOPLE,
    ),
    Metric(
        "conversion", "conversion of a store, per session", "转化率", _STORE, _RATIO, 1,
        "paid orders / sessions, over days on which both are known", "支付订单数 ÷ 会话数（取两者皆已知的日子）", "3 / 160",
        ("store_metrics",), "Lower than per visitor by how often people come back.",
        "Shopify", "orders_per_session", "matched_orders", "matched_visits", _VISITS,
    ),
    Metric(
        "conversion", "conversion of a product, per visitor", "转化率", _PRODUCT, _RATIO, 1,
        "order lines / the product's visitor-days, over days on which both are known",
        "子订单数 ÷ 商品访客日数（取两者皆已知的日子）",
        "2 / 60", _ITEMS, "A store's products' visitors overlap, so it is not the store's conversion taken apart.",
        "生意参谋 商品支付转化率", "lines_per_visitor", "matched_lines", "matched_visits", _PEOPLE,
    ),
    Metric(
        "conversion", "conversion of a product, per session", "转化率", _PRODUCT, _RATIO, 1,
        "order lines / the product's sessions, over days on which both are known",
        "子订单数 ÷ 商品会话数（取两者皆已知的日子）",
        "2 / 60", _ITEMS, "Amazon's unit session percentage counts units and may exceed one; this counts lines.",
        "Amazon", "lines_per_session", "matched_lines", "matched_visits", _VISITS,
    ),
    Metric(
        "sales_per_visit", "sales per visit", "访客价值", _STORE, _RATIO, 1,
        "discounted sales / visits, over days on which both are known", "折后销售额 ÷ 访问量（取两者皆已知的日子）",
        "500 / 160",
        ("store_metrics", *_ITEMS), "= conversion × average order value where all three are over the same days.",
        "生意参谋 UV价值",
        numerator="matched_sales", denominator="matched_visits",
    ),
    Metric(
        "cart_rate", "cart rate", "加购率", _STORE, _RATIO, 1,
        "carts / visits", "加购人数 ÷ 访问量", "16 / 160", ("store_metrics", "channel_metrics"),
        "People per person, or sessions per session: not pieces.", "Lazada; 生意参谋",
        numerator="carts", denominator="visits",
    ),
    Metric(
        "favourite_rate", "favourite rate", "收藏率", _STORE, _RATIO, 1,
        "favourites / visits", "收藏人数 ÷ 访问量", "8 / 160", ("store_metrics",),
        "收藏加购率 counts who did either once; it is not the sum of the two rates.", "生意参谋",
        numerator="favourites", denominator="visits",
    ),
    Metric(
        "platform_conversion", "conversion of a channel, buyers per visitor", "渠道转化率", _CONTENT, _RATIO, 1,
        "the source's buyers / its visitors, as the platform counts both", "来源支付买家数 ÷ 来源访客数（平台口径）",
        "2 / 100",
        ("channel_metrics",), "The platform says which source a buyer came by; sources' buyers overlap.",
        "生意参谋", "buyers_per_visitor", "platform_buyers", "visits", ("sycm",),
    ),
    Metric(
        "platform_conversion", "conversion of a channel, orders per session", "渠道转化率", _CONTENT, _RATIO, 1,
        "the source's orders / its sessions, as the platform counts both", "来源订单数 ÷ 来源会话数（平台口径）", "2 / 100",
        ("channel_metrics",), "Last click.", "Shopify", "orders_per_session", "platform_orders", "visits", ("shopify",),
    ),
    Metric(
        "orders_with_buyer", "orders whose buyer is known", "可识别买家的订单数", _CUSTOMER, _ADD, 0,
        "paid orders whose buyer an export names", "导出中有买家标识的已付款订单数", "3",
        ("store_metrics", "customer_periods"),
        "Where it is less than paid orders, buyers are too few.",
    ),
    Metric(
        "buyers", "buyers", "支付买家数", _CUSTOMER, _DISTINCT, 1,
        "distinct people who paid, counted again at every grain", "支付的去重人数，每个粒度重新计算", "2",
        ("store_metrics", "product_metrics", "group_metrics", *_CUSTOMERS),
        "Days' buyers do not add to a month's, nor products' to a store's. Who buys in two stores of a group is two.",
        "生意参谋",
    ),
    Metric(
        "sales_per_buyer", "sales per buyer", "客单价", _CUSTOMER, _RATIO, 1,
        "paid amount / buyers", "支付金额 ÷ 支付买家数", "506 / 2", ("store_metrics",),
        "Per buyer, with postage. The Western average order value is per order: see aov.", "生意参谋; 商智",
        numerator="paid_amount", denominator="buyers",
    ),
    Metric(
        "stores", "stores", "店铺数", _BRAND, _DISTINCT, 0,
        "stores of the group with anything in the period", "组内当期有数据的店铺数", "1",
        ("group_metrics", "item_metrics", "group_pacing"),
    ),
    Metric(
        "stores_known", "stores that know their sales", "销售额已知的店铺数", _BRAND, _DISTINCT, 0,
        "stores whose paid amount is known; the group's sums are over these", "支付金额已知的店铺数，组合计以此为准", "1",
        ("group_metrics", "group_pacing"),
        "Less than stores: the group's sums are of a part.",
    ),
    Metric(
        "description_score", "description score", "描述相符", _STORE, Additivity.QUANTILE, 1,
        "the platform's rolling mean of buyers' scores", "平台滚动统计的买家评分均值", "4.8", ("store_ratings",),
        "A rolling window: a day's score is not a day's ratings, and days do not average.", "淘宝 DSR",
    ),
    Metric(
        "service_score", "service score", "服务态度", _STORE, Additivity.QUANTILE, 1,
        "the platform's rolling mean of buyers' scores", "平台滚动统计的买家评分均值", "4.9", ("store_ratings",),
        "A rolling window: days do not average.", "淘宝 DSR",
    ),
    Metric(
        "logistics_score", "delivery score", "物流服务", _STORE, Additivity.QUANTILE, 1,
        "the platform's rolling mean of buyers' scores", "平台滚动统计的买家评分均值", "4.7", ("store_ratings",),
        "A rolling window: days do not average.", "淘宝 DSR",
    ),
)  # fmt: skip
