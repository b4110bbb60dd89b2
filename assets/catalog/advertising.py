"""What traffic that is paid for brings, as the platform's own reports tell it. What it costs is in no export that is read."""

from assets.catalog.metric import Additivity, Layer, Metric

_ADD, _RATIO, _CONTENT, _PAID = Additivity.ADDITIVE, Additivity.RATIO, Layer.CONTENT, ("paid_traffic",)
_OVERLAP = "Sources overlap: who comes by an advertisement and by search is in both, and the share is of sources, not of people."

ADVERTISING = (
    Metric(
        "channel_visits", "visits of all channels", "全渠道访问量", _CONTENT, _ADD, 1,
        "Σ over sources of the visits each brought", "各来源访问量之和", "60 + 40 + 25", _PAID,
        "More than the store's visitors: who comes by two sources counts in both.", "生意参谋 流量来源",
    ),
    Metric(
        "ad_visits", "visits that were paid for", "付费渠道访问量", _CONTENT, _ADD, 0,
        "Σ of the visits brought by sources that are paid for", "付费来源（推广、直通车、万相台、淘宝客等）访问量之和", "15 + 10",
        _PAID,
        "What counts as paid for is told by the source's name: formats list the words.", "生意参谋 付费流量",
    ),
    Metric(
        "paid_traffic_share", "share of visitors that is paid for", "付费流量占比", _CONTENT, _RATIO, 0,
        "visitors of sources that are paid for / visitors of all sources", "付费来源访客数 ÷ 各来源访客数之和", "25 / 125", _PAID,
        _OVERLAP, "生意参谋 付费流量占比", "visitors", "ad_visits", "channel_visits", ("sycm", "pinduoduo"),
    ),
    Metric(
        "paid_traffic_share", "share of sessions that is paid for", "付费流量占比", _CONTENT, _RATIO, 0,
        "sessions of sources that are paid for / sessions of all sources", "付费来源会话数 ÷ 各来源会话数之和", "25 / 125", _PAID,
        "By the last click: a session has one source. Never set beside a share of visitors.", "Shopify", "sessions",
        "ad_visits", "channel_visits", ("shopify", "amazon", "amazon.child_sum"),
    ),
    Metric(
        "channel_sales", "paid amount of all channels", "全渠道支付金额", _CONTENT, _ADD, 1,
        "Σ over sources of the paid amount the platform gives them", "各来源支付金额之和", "516 + 129", _PAID,
        "More than was paid where the platform gives one order to two sources.", "生意参谋 流量来源",
    ),
    Metric(
        "ad_sales", "paid amount of channels that are paid for", "付费渠道支付金额", _CONTENT, _ADD, 0,
        "Σ of the paid amount the platform gives sources that are paid for", "付费来源支付金额之和", "129", _PAID,
        "What the platform gives an advertisement might have been bought without it.", "生意参谋 付费流量",
    ),
    Metric(
        "ad_sales_share", "share of sales that advertising brought", "付费渠道成交占比", _CONTENT, _RATIO, 0,
        "paid amount of sources that are paid for / paid amount of all sources", "付费来源支付金额 ÷ 各来源支付金额之和",
        "129 / 645", _PAID,
        "By the platform's attribution, before refunds. Beside paid_traffic_share it says whether such visits buy like others.",
        "生意参谋",
        numerator="ad_sales", denominator="channel_sales",
    ),
)  # fmt: skip
