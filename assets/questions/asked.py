"""The questions: what is asked, in two languages, and the statement that answers it.

A statement fits on a screen and reads as the question does. What would make it longer belongs in a view beside.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question.

    Attributes:
        name: a word for it.
        en: the question.
        zh: the same in Chinese.
        sql: one SELECT on what is published.
        told: how the answer is to be read, and where not to trust it.
    """

    name: str
    en: str
    zh: str
    sql: str
    told: str


QUESTIONS = (
    Question(
        "growth", "Which stores grow, like for like?", "哪些店铺在同店增长？",
        """
select store, currency, month, paid_amount, growth_month, growth_year
from store_growth
where month = (select max(month) from store_growth)
order by growth_month desc nulls last
""",
        "Whole months alone are compared. Growth is per store in its own currency, so exchange rates are not growth.",
    ),
    Question(
        "same_products", "Does a store grow by what it sold before, or by what is new?", "增长来自老品还是新品？",
        """
select store, currency, same_product_growth, same_product_sales, new_product_sales, gone_product_sales
from same_products
where compared_with = 'month before' and month = (select max(month) from store_growth)
order by same_product_growth desc, store
""",
        "The last whole month against the one before, before refunds. New and gone are so between these two months alone.",
    ),
    Question(
        "products", "Which products carry each store?", "每家店靠哪些商品撑起来？",
        """
select store, title, sales_30d, sales_share, share_so_far, days_of_cover
from products_now
where sales_rank <= 2
order by store, sales_rank
""",
        "Of the thirty days to each store's last known day, before refunds. A share needs all thirty days known.",
    ),
    Question(
        "conversion", "Where is conversion falling?", "转化率在哪里下滑？",
        """
select store, segment, visits, conversion, conversion_before, conversion_change, is_clear
from conversion_change
where conversion_change < 0
order by is_clear desc, conversion_change
limit 5
""",
        "Against the 28 days before. Of falls that are not clear, some come by chance. `-` is the whole store.",
    ),
    Question(
        "refunds", "What did refunds take?", "退款吃掉了多少？",
        """
select store, currency, period_start, paid_amount, refunds_cash_order_day, refund_rate
from store_metrics
where basis = 'paid' and grain = 'month' and refund_rate is not null
order by refund_rate desc, store, period_start
limit 10
""",
        "On the day of the order, so that a month bears its own refunds. Those of the last weeks have not all arrived.",
    ),
    Question(
        "returns", "How much comes back, by orders, by units and by money?", "退货退款有多少（按订单、件数、金额）？",
        """
select store, paid_orders, returned_orders, order_return_rate, unit_return_rate, refund_rate
from store_metrics
where basis = 'paid' and grain = 'month' and period_start = (select max(month) from store_growth)
order by order_return_rate desc nulls last, store
""",
        "Of the last whole month's orders, so far. Units are of lines refunded whole: at least so many came back.",
    ),
    Question(
        "product_returns", "Which products come back, and which sell at full price?", "哪些商品退得多，哪些按原价卖得动？",
        """
select store, title, units, returned_units, unit_return_rate, full_price_share
from product_metrics inner join products using (store, product_id)
where basis = 'paid' and grain = 'month' and period_start = (select max(month) from store_growth) and units >= 30
order by unit_return_rate desc nulls last, units desc, store, product_id
limit 10
""",
        "Of the last whole month's orders, so far. Units are of lines refunded whole; below thirty a rate says little.",
    ),
    Question(
        "full_price", "How much sells at full price?", "有多少是原价卖出的？",
        """
select store, full_price_share, discounted_order_share, discount_rate
from store_metrics
where basis = 'paid' and grain = 'month' and period_start = (select max(month) from store_growth)
order by full_price_share nulls last, store
""",
        "Full is the price asked on the day. Discounts are the seller's own; what the platform gave is none.",
    ),
    Question(
        "stock", "Which stock earns the least?", "哪些库存最不赚钱？",
        """
select stock_returns.store, title, margin_30d_base, stock_cost_base, gmroi_30d, days_stock_seen
from stock_returns inner join products using (store, product_id)
where gmroi_30d is not null and stock_returns.day = (select max(day) from stock_returns)
order by gmroi_30d, stock_cost_base desc
limit 10
""",
        "Margin of thirty days per mean cost of the stock, in the reporting currency; needs costs.csv and listing exports.",
    ),
    Question(
        "categories", "Which categories are won or lost?", "哪些类目赢了，哪些输了？",
        """
select store, segment, metric, move, effect, lower, upper, yearly_value_base
from recommendations
where segment_type = 'category' and move <> 'explore'
order by rank
""",
        "Against the owner's other stores. Only what is claimed at a false sign rate of 5 % stands here; `edges` holds the rest.",
    ),
    Question(
        "items", "Where does the same item sell better?", "同一款商品在哪家店卖得更好？",
        """
select segment as item, store, exp(effect) as times_peers, exp(lower) as lower, exp(upper) as upper, claimed
from edges
where segment_type = 'item' and metric = 'conversion' and compared = 'level'
order by claimed desc, lfsr, item, store
limit 10
""",
        "Times the conversion the item has in a typical store that counts visits alike, with the 95 % interval.",
    ),
    Question(
        "returning", "Who comes back?", "谁在复购？",
        """
select store, day, window_days, buyers, repeat_buyers, repeat_rate
from customer_windows
where window_days = 30 and day = (select max(day) from customer_windows)
order by repeat_rate desc, store
""",
        "Of the thirty days to the end of the last whole month. Stores whose exports name no buyer are not in it.",
    ),
    Question(
        "repurchase", "How soon do customers buy again?", "客户多久会再次购买？",
        """
select store, currency, day, buyers, buyers_returned, median_days_to_return, returned_90d_share
from repurchase
order by returned_90d_share desc nulls last, store
""",
        "Who has not come back yet still may, and counts as far as seen. Where fewer than half come back there is no median.",
    ),
    Question(
        "worth", "What is a new customer worth after some months?", "新客几个月后价值多少？",
        """
select store, currency, cohort, age_months, cohort_buyers, retention, lifetime_value
from customer_cohorts
where lifetime_value is not null
order by store, cohort, age_months desc
limit 12
""",
        "Net sales so far per person who first bought in the month. Compare cohorts at one age. Costs are not taken off.",
    ),
    Question(
        "prices", "What is the price mix?", "价格带结构如何？",
        """
select store, currency, band_from, sum(units) as units, sum(gross_sales) as gross_sales
from price_bands
where month = (select max(month) from store_growth)
group by all
order by store, band_from
""",
        "Of the last whole month, by asked price, before discounts, in the store's own currency.",
    ),
    Question(
        "targets", "Are we on target?", "目标完成得怎么样？",
        """
select store, metric, grain, period_start, target, actual, forecast, probability_of_hit
from kpi_pacing
order by period_start desc, probability_of_hit, store, metric
limit 10
""",
        "Of the targets in `reference/targets.csv`. Where nothing is said, `why_unknown` tells why.",
    ),
    Question(
        "doubts", "What can I not trust?", "哪些数字不能直接相信？",
        """
select store, about, what, how
from doubts
where about <> 'unknown'
order by store, about, what
limit 12
""",
        "`unknown` are figures no export of the store states: they are null everywhere. `checks` tells what laws warn of.",
    ),
    Question(
        "changes", "What changed since yesterday?", "和昨天相比，哪些历史数字变了？",
        """
select store, metric, period_start, before, after, cause, file
from restatements
where grain = 'month'
order by abs(after - before) desc
""",
        "Past numbers alone: days that are new are no change. `file` is the export that did it.",
    ),
    Question(
        "paid_traffic", "How much of the traffic is paid for, and does it buy?", "付费流量占多少，成交如何？",
        """
select store, dialect, channel_visits, paid_traffic_share, ad_sales_share
from paid_traffic
where grain = 'month' and period_start = (select max(month) from store_growth)
order by paid_traffic_share desc nulls last, store
""",
        "Of sources, which overlap, and by the platform's attribution. Compare stores of one way of counting (`dialect`) alone.",
    ),
    Question(
        "channels", "How do channels compare?", "各渠道对比如何？",
        """
select store, channel_group, sum(visits) as visits, sum(platform_buyers)::double / sum(visits) as platform_conversion
from channel_metrics
where grain = 'month' and period_start = (select max(month) from store_growth)
group by all
order by store, visits desc
""",
        "Who comes by two channels counts in both. Unlike platforms count unlike things: compare within a store.",
    ),
)  # fmt: skip
BY_NAME = {question.name: question for question in QUESTIONS}
