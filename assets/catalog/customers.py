"""Customers: cohorts, repeat purchases, new and returning buyers, segments."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _DISTINCT, _SEMI = Additivity.ADDITIVE, Additivity.RATIO, Additivity.DISTINCT, Additivity.SEMI
_CUSTOMER = Layer.CUSTOMER
_REPURCHASE = ("repurchase",)
_PERIODS, _WINDOWS, _COHORTS, _SEGMENTS = (
    ("customer_periods",),
    ("customer_windows",),
    ("customer_cohorts",),
    ("customer_segments",),
)

CUSTOMERS = (
    Metric(
        "history_days", "days of history", "历史天数", _CUSTOMER, _SEMI, 0,
        "days of orders known before the period", "期前已知订单的天数", "31 + 28",
        ("customer_periods", "customer_cohorts", "customer_segments"),
        "Who bought before it still looks new: the shorter it is, the more so.",
    ),
    Metric(
        "new_buyers", "new buyers", "新买家数", _CUSTOMER, _DISTINCT, 1,
        "buyers without a paid order in the store before the period", "期前在本店没有已付款订单的买家", "7 - 6", _PERIODS,
        "生意参谋 forgets after 365 days; here any earlier order counts, as far as history goes.",
        "Shopify",
    ),
    Metric(
        "returning_buyers", "returning buyers", "老买家数", _CUSTOMER, _DISTINCT, 1,
        "buyers with a paid order in the store before the period", "期前在本店有过已付款订单的买家", "6", _PERIODS,
        "Only those told again by the export's own name of the buyer.", "Shopify",
    ),
    Metric(
        "returning_orders", "orders of returning buyers", "老买家订单数", _CUSTOMER, _ADD, 1,
        "paid orders of returning buyers", "老买家的支付订单数", "6 + 1", _PERIODS,
        "Of periods of one length alone: a month's returning buyers are more than its weeks'.", "Varos",
    ),
    Metric(
        "repeat_buyers", "repeat buyers", "复购买家数", _CUSTOMER, _DISTINCT, 1,
        "buyers with two orders or more in the period or window", "期内（或窗口内）有两单及以上的买家", "1",
        ("customer_periods", "customer_windows"),
        "The longer the window the more there are: name it. Orders a platform splits look like repeats.", "商智",
    ),
    Metric(
        "new_buyer_share", "share of new buyers", "新客占比", _CUSTOMER, _RATIO, 0,
        "new buyers / buyers", "新买家数 ÷ 支付买家数", "1 / 7", _PERIODS,
        "Falls by itself as history grows.", "生意参谋", numerator="new_buyers", denominator="buyers",
    ),
    Metric(
        "returning_order_share", "share of returning buyers' orders", "老客订单占比", _CUSTOMER, _RATIO, 1,
        "orders of returning buyers / orders whose buyer is known", "老买家订单数 ÷ 可识别买家的订单数", "7 / 8", _PERIODS,
        "Rises by itself as history grows.", "Varos repeat-order ratio", numerator="returning_orders",
        denominator="orders_with_buyer",
    ),
    Metric(
        "orders_per_buyer", "orders per buyer", "人均订单数", _CUSTOMER, _RATIO, 1,
        "orders whose buyer is known / buyers", "可识别买家的订单数 ÷ 支付买家数", "8 / 7", _PERIODS,
        "Of the period: a year's is not the mean of its months'.", "Shopify", numerator="orders_with_buyer",
        denominator="buyers",
    ),
    Metric(
        "repeat_rate", "repeat rate", "复购率", _CUSTOMER, _RATIO, 1,
        "buyers with two orders or more in the window / buyers in it", "窗口内两单及以上买家数 ÷ 窗口内买家数", "1 / 7",
        _WINDOWS,
        "Rates of unlike windows are not compared. Who bought late in it had little time to come back.",
        "商智 30天、90天复购率",
        numerator="repeat_buyers", denominator="buyers",
    ),
    Metric(
        "cohort_buyers", "people of a cohort", "首购人数", _CUSTOMER, _DISTINCT, 1,
        "people whose first paid order in the store was in the cohort's month", "首单在该月的人数", "6", _COHORTS,
        "In the first months of history many are old customers.", "Shopify",
    ),
    Metric(
        "retention", "retention", "留存率", _CUSTOMER, _RATIO, 1,
        "people of the cohort who bought in the month / people of the cohort", "该月有购买的人数 ÷ 首购人数", "6 / 6",
        _COHORTS,
        "Ages end with the last whole month; later ones are unknown, never zero.", "Peel",
        numerator="buyers", denominator="cohort_buyers",
    ),
    Metric(
        "net_sales_so_far", "net sales of a cohort so far", "首购人群累计净销售额", _CUSTOMER, _SEMI, 1,
        "net sales of the cohort's people, from their first month to this age", "首购人群自首购月至该月龄的净销售额之和",
        "600 + 0 + 325", _COHORTS,
        "Adds over cohorts of one age, never over ages. Null from the first month not known, or of fewer than five buyers.",
        "Peel",
    ),
    Metric(
        "lifetime_value", "lifetime value so far", "客户累计价值", _CUSTOMER, _RATIO, 1,
        "net sales of the cohort so far / people of the cohort", "首购人群累计净销售额 ÷ 首购人数", "925 / 6", _COHORTS,
        "Of sales, before costs. Compare cohorts at one age: older ones had longer to buy. What is still to come is not in it.",
        "Peel; Conjura",
        numerator="net_sales_so_far", denominator="cohort_buyers",
    ),
    Metric(
        "buyers_returned", "people who came back", "回购人数", _CUSTOMER, _DISTINCT, 1,
        "people with orders on two days or more", "在两天及以上有购买的人数", "6", _REPURCHASE,
        "Over all people it is too little: who bought lately had little time to come back. See returned_90d_share.",
        "edgewise",
    ),
    Metric(
        "median_days_to_return", "median days to the second order", "回购间隔中位数", _CUSTOMER, Additivity.QUANTILE, -1,
        "days after which half of the people have bought again, those not back yet counted as far as they were seen",
        "半数买家再次购买所需天数（尚未回购者按观察期计入）", "28 - 10 + 31 + 5", _REPURCHASE,
        "Null where fewer than half come back as far as is seen. A mean over those who came back leaves out all who have not.",
        "Kaplan and Meier 1958",
    ),
    Metric(
        "returned_90d_share", "share that buys again in ninety days", "90天回购率", _CUSTOMER, Additivity.QUANTILE, 1,
        "1 − Π (1 − people who come back on a day / people seen that long and not back before), to ninety days",
        "1 − Π（1 − 当日回购人数 ÷ 仍在观察且未回购人数），至90天", "6 / 7", _REPURCHASE,
        "Not repeat_rate: that is of a window, this from each first order on. Null before ninety days are seen.",
        "Kaplan and Meier 1958",
    ),
    Metric(
        "buyer_share", "segment's share of buyers", "人数占比", _CUSTOMER, _RATIO, 0,
        "the segment's buyers / the store's", "分层人数 ÷ 本店买家数", "6 / 8", _SEGMENTS,
        "Fifths are of one store's own buyers: a champion there is none elsewhere.", "RFM",
        numerator="buyers", denominator="buyers",
    ),
)  # fmt: skip
