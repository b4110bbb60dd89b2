"""An alert in words, English and Chinese: what, where, since when, how much, how sure, and the likely cause. Facts alone."""

from collections.abc import Mapping
from datetime import date
from math import expm1
from typing import Any

from assets.edges.names import CHANNEL_NAMES

METRIC_NAMES = {
    "visits": ("visits", "访客数"),
    "conversion": ("conversion", "转化率"),
    "basket": ("sales per order", "笔单价"),
    "discount_rate": ("discount rate", "折扣率"),
    "refunds": ("refunds against recent sales", "退款占近期销售"),
}
SEGMENT_WORDS = {"category": ("category", "类目"), "channel": ("channel", "渠道")}
_PERCENT = {"conversion", "discount_rate", "refunds"}
_STATES = {
    "open": ("still so", "仍在持续"),
    "over": ("over since {day}", "已于 {day} 恢复"),
    "settled": ("taken as the new level since {day}", "自 {day} 起视为新的常态"),
}
_CAUSE = {
    "visits": ("how many come: look at its channels first", "先看各渠道来的人"),
    "conversion": (
        "how many of those who come buy: price, stock, page, reviews or payment",
        "先看价格、库存、页面、评价与支付",
    ),
    "basket": ("what an order holds: prices, bundles or the mix of products", "先看价格、套餐与商品结构"),
    "discount_rate": ("what is given away: coupons and promotions not in promotions.csv", "先看优惠券与未登记的活动"),
    "refunds": ("what comes back: a product, its description or delivery", "先看具体商品、描述与物流"),
}

_SOURCES = {
    "": ("any kind", "全部"),
    "orders": ("orders", "订单"),
    "sales": ("sales by day", "按日销售"),
    "shop": ("the store's visits", "店铺流量"),
    "item": ("products' visits", "商品流量"),
    "channel": ("visits by source", "流量来源"),
    "item_channel": ("products' visits by source", "单品流量来源"),
    "keyword": ("search words", "搜索词"),
}


def of_change(row: Mapping[str, Any], currency: str) -> tuple[str, str]:
    """The words of a change.

    Args:
        row: a row of the table of alerts, its words yet to come.
        currency: the reporting currency.
    """
    english, chinese = METRIC_NAMES[row["metric"]]
    up = row["change"] > 0
    size = f"{abs(row['change']):.0%}"
    span = f"{row['change_lower']:+.0%} to {row['change_upper']:+.0%}".replace("-", "−")
    span_zh = f"{row['change_lower']:+.0%} 至 {row['change_upper']:+.0%}".replace("-", "−")
    levels = _levels(row)
    state_en, state_zh = (text.format(day=row["seen_until"]) for text in _STATES[row["alert_state"]])
    where_en, where_zh = _where(row)
    cause_en, cause_zh = _cause(row)
    money_en, money_zh = _money(row, currency)
    seen_en = f" Most of it in {row['where_seen']}." if row["where_seen"] else ""
    seen_zh = f"主要在 {row['where_seen']}。" if row["where_seen"] else ""
    days = row["days_changed"]
    in_english = (
        f"{where_en}: {english} {'up' if up else 'down'} {size} since {row['changed_on']}{levels} "
        f"(interval {span}; {days} day{'s' if days > 1 else ''}), {state_en}. {money_en} {cause_en}{seen_en} "
        f"By chance such an alarm comes on {_rare(row['chance'])} nights."
    )
    in_chinese = (
        f"{where_zh}：{chinese}自 {row['changed_on']} 起{'上升' if up else '下降'} {size}{levels}"
        f"（区间 {span_zh}，共 {days} 天），{state_zh}。{money_zh}{cause_zh}{seen_zh}"
        f"偶然出现此类警报的概率为每晚 {row['chance']:.5%}。"
    )
    return in_english, in_chinese


def of_stop(store: str, source: str, since: date, until: date, days: int) -> tuple[str, str]:
    """The words of an export that stopped, or of all of a store's where no source is named."""
    english, chinese = _SOURCES.get(source, (source.replace("_", " "), f"{source} "))
    in_english = (
        f"{store}: no export of {english} reaches beyond {since}; {days} days to {until} are missing, "
        f"which is no drop. Export them again into inbox/{store}/."
    )
    in_chinese = f"{store}：{chinese}导出止于 {since}，至 {until} 共缺 {days} 天；缺失不等于下降。请补导出到 inbox/{store}/。"
    return in_english, in_chinese


def _levels(row: Mapping[str, Any]) -> str:
    if row["usual"] is None or row["since_then"] is None:
        return ""
    shown = "{:.2%}" if row["metric"] in _PERCENT else "{:,.2f}" if row["metric"] == "basket" else "{:,.0f}"
    return f", {shown.format(row['usual'])} → {shown.format(row['since_then'])}"


def _where(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["scope"] == "everywhere":
        return f"{row['stores']} stores on all platforms", f"各平台共 {row['stores']} 家店"
    if row["scope"] == "platform":
        return f"{row['stores']} stores of {row['platform']}", f"{row['platform']} 共 {row['stores']} 家店"
    if row["segment_type"] == "store":
        return row["store"], row["store"]
    english, chinese = SEGMENT_WORDS[row["segment_type"]]
    segment = row["segment"]
    local = CHANNEL_NAMES.get(segment, segment) if row["segment_type"] == "channel" else segment
    return f"{row['store']}, {english} {segment}", f"{row['store']}，{chinese}「{local}」"


def _cause(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["scope"] == "everywhere":
        return (
            "It is everywhere at once, so hardly of one store's making: a holiday, a season, or all exports changed.",
            "各处同时发生，多半不是单店原因：节假日、季节，或导出口径变化。",
        )
    if row["scope"] == "platform":
        return (
            f"It is on {row['platform']} alone: a change of the platform, its traffic or its rules.",
            f"只在 {row['platform']} 发生：多半是平台流量、规则或展示的变化。",
        )
    english, chinese = _CAUSE[row["metric"]]
    return f"It is in this store alone, in {english}.", f"只在本店发生，{chinese}。"


def _money(row: Mapping[str, Any], currency: str) -> tuple[str, str]:
    if row["money_a_day_base"] is None:
        return "What it is worth is not known: its sales are not.", "销售额未知，金额不详。"
    value = float(row["money_a_day_base"])
    low, high = sorted((abs(float(row["money_a_day_lower"])), abs(float(row["money_a_day_upper"]))))
    english, chinese = ("Worth", "约多") if value > 0 else ("Costs", "约少")
    return (
        f"{english} about {abs(value):,.0f} {currency} a day ({low:,.0f} to {high:,.0f}).",
        f"每天{chinese} {abs(value):,.0f} {currency}（{low:,.0f} 至 {high:,.0f}）。",
    )


def _rare(chance: float) -> str:
    return "fewer than 1 in 100,000" if chance < 1e-5 else f"1 in {1 / chance:,.0f}"  # noqa: PLR2004  what a reader can picture


def as_change(effect: float) -> float:
    """A log ratio as the change it stands for."""
    return expm1(effect)
