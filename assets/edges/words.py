"""A recommendation in words, in English and Chinese: what to do, why, what it is worth, how sure that is and how to try it.

Words come from templates with facts of the row; nothing is said that no column holds. Which rows become recommendations, and with
which move, belongs to `recommend`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, expm1, floor, log10
from typing import Any

from assets.edges.compared import OWN_PART
from assets.edges.names import CHANNEL_NAMES, LOWER_IS_BETTER, METRIC_NAMES, SEGMENT_NAMES, SHARES

POWER = 2.4865  # normal quantiles of 80 % power and of one wrong call in twenty, added up
TRIED = (0.10, 0.20, 0.30, 0.50)  # shares of the traffic a trial may move
SHORT_TRIAL, LONGEST_TRIAL = 8, 26  # weeks
LEAST_ODDS = 0.001  # of a wrong sign: below it no more digits are known

# (move, metric) -> what to do in English and in Chinese; `any` where metrics do not differ
_DO: dict[tuple[str, str], tuple[str, str]] = {
    ("attack", "conversion"): (
        "Send more visitors to {what} in {store}.",
        "给 {store} 的{what}加流量。",
    ),
    ("attack", "channel"): (
        "Spend more on {what} in {store}.",
        "加大 {store} 在{what}上的投入。",
    ),
    ("attack", "basket"): (
        "Put {what} up front in {store}: buyers spend more on a line there.",
        "把 {store} 的{what}放到显眼位置：这里每行卖得更多。",
    ),
    ("attack", "units_per_order"): (
        "Put {what} up front in {store}: buyers take more pieces there. Use its sets and quantities in the other stores too.",
        "把 {store} 的{what}放到显眼位置：这里每行买得更多件。把它的组合与件数做法用到其他店。",
    ),
    ("attack", "price_per_unit"): (
        "Put {what} up front in {store}: it sells the dearer goods. Keep its range and prices, and offer them elsewhere too.",
        "把 {store} 的{what}放到显眼位置：这里卖得动高价款。保持它的选品和价格，并在其他店也上架。",
    ),
    ("attack", "refund_rate"): (
        "Move sales of {what} to {store}: less of it comes back there.",
        "把{what}的销量多放到 {store}：这里退得更少。",
    ),
    ("attack", "repeat_rate"): (
        "Win new buyers of {store} with {what}: they come back sooner.",
        "用{what}为 {store} 拉新：这些买家更愿意回来再买。",
    ),
    ("attack", "margin"): (
        "Sell more of {what} in {store}: more is kept of every sale. Make room there before discounting anything else.",
        "在 {store} 多卖{what}：每笔销售留下的更多。先给它资源，再考虑别处让利。",
    ),
    ("hold", "any"): (
        "Keep {what} in {store} as it is: price, page and stock. {why_hold}",
        "{store} 的{what}保持不动：价格、页面、库存都不改。{why_hold}",
    ),
    ("fix", "conversion"): (
        "Mend {what} in {store} before sending it more visitors: compare page, price and reviews with the other stores.",
        "先修补 {store} 的{what}，再加流量：对照卖同类的店铺，检查页面、价格和评价。",
    ),
    ("fix", "channel"): (
        "Look at who comes by {what} to {store}, and where they land, before paying for more of it.",
        "先看 {store} 的{what}来的是谁、落到哪一页，再决定是否继续投入。",
    ),
    ("fix", "basket"): (
        "Raise what a line of {what} brings in {store}: sets, a price for two, the dearer goods first.",
        "提高 {store} 的{what}每行金额：做组合装、两件价，把高价款放前面。",
    ),
    ("fix", "price_per_unit"): (
        "Add dearer goods to {what} in {store}: it sells the cheap end of it.",
        "给 {store} 的{what}补充高价款：目前卖的多是低价款。",
    ),
    ("fix", "refund_rate"): (
        "Find out why {what} comes back to {store}: read the refund reasons, then check quality, description, packing.",
        "查清 {store} 的{what}为什么被退：先看退款原因，再查这些商品的质量、描述和包装。",
    ),
    ("fix", "repeat_rate"): (
        "Give buyers of {what} in {store} a reason to return: write to them within a month, offer refills or what goes with it.",
        "让买过 {store} {what}的人回来：一个月内主动联系，推荐补充装或搭配商品。",
    ),
    ("fix", "margin"): (
        "Look at what is given away on {what} in {store}: its purchase cost, discounts and price.",
        "检查 {store} 的{what}让掉了什么：进价、优惠和售价。",
    ),
    ("concede", "any"): (
        "Let {leader} lead {what}, and move what {store} spends on it to its own edges{own_edges}.",
        "{what}交给 {leader} 主攻，{store} 的投入转到自己的强项{own_edges}。",
    ),
    ("explore", "any"): (
        "Give {what} in {store} a little more traffic for some weeks before deciding anything.",
        "{store} 的{what}先加少量流量观察几周，再做决定。",
    ),
    ("explore", "untried"): (
        "Keep an eye on {what} in {store}: it sells too little for a trial to tell within half a year.",
        "留意 {store} 的{what}：量太小，半年内试不出结果。",
    ),
}


@dataclass(frozen=True)
class Told:
    """What a text needs beside its row.

    The reporting currency, who leads the segment and by how much, the store's own best edges, claimed drivers, how to try it; of
    what is undecided, the effect a trial looks for.
    """

    currency: str
    leader: str = ""
    leads_by: float = 0.0
    own_edges: tuple[tuple[str, str], ...] = ()
    drivers: tuple[tuple[str, float], ...] = ()
    trial: tuple[float, int] | None = None
    hoped: float | None = None
    leads_already: bool = False


def hoped(row: Mapping[str, Any]) -> float:
    """The effect a trial of an undecided cell looks for: as far to the good as it may well be, one standard deviation."""
    size = max(abs(float(row["effect"])), float(row["sd"]))
    return -size if row["metric"] in LOWER_IS_BETTER else size


def trial(row: Mapping[str, Any], effect: float) -> tuple[float, int] | None:
    """The share of the traffic and the weeks that show an effect of this size with 80 % power, at the noise measured.

    Two arms, the moved share and the rest, differ in a week with variance error² × weeks × (1 / share + 1 / (1 − share)). The
    smallest share that needs no more than eight weeks; None where half the traffic would need longer than half a year.
    """
    if not effect or not row["error"] or not row["weeks"]:
        return None
    of_week = (POWER * row["error"] / effect) ** 2 * row["weeks"]
    weeks = {share: max(ceil(of_week * (1.0 / share + 1.0 / (1.0 - share))), 1) for share in TRIED}
    share = next((share for share in TRIED if weeks[share] <= SHORT_TRIAL), TRIED[-1])
    return (share, weeks[share]) if weeks[share] <= LONGEST_TRIAL else None


def in_english(row: Mapping[str, Any], move: str, told: Told) -> str:
    """What to do, why, what it is worth and how sure that is, how to try it."""
    return " ".join(
        part for part in (to_do(row, move, told, 0), _why_en(row, told), _money_en(row, move, told), _try_en(row, told)) if part
    )


def in_chinese(row: Mapping[str, Any], move: str, told: Told) -> str:
    """The same in Chinese."""
    return "".join((to_do(row, move, told, 1), _why_zh(row, told), _money_zh(row, move, told), _try_zh(row, told)))


def to_do(row: Mapping[str, Any], move: str, told: Told, language: int) -> str:
    """What to do, by the move and the metric, in English (0) or Chinese (1): the words a text begins with."""
    keys = ["conversion" if row["metric"] == "sales_per_visit" else str(row["metric"]), "any"]
    if row["segment_type"] == "channel":
        keys.insert(0, "channel")
    if row["metric"] == "basket":
        keys = [*(driver for driver, _ in told.drivers), *keys]
    if move == "explore" and told.trial is None:
        keys = ["untried"]
    template = next(_DO[move, key] for key in keys if (move, key) in _DO)[language]
    edges = "、" if language else ", "
    own = edges.join(name for _, name in told.own_edges)
    reasons = (
        ("它在本组已占大半。", "再加流量收益不大。"),
        ("It has most of the group's already.", "There is little more to win."),
    )
    return template.format(
        what=segment_name(row, language),
        store=row["store"],
        leader=told.leader,
        own_edges=(f"（{own}）" if language else f" ({own})") if own else "",
        why_hold=reasons[1 - language][0 if told.leads_already else 1],
    )


def segment_name(row: Mapping[str, Any], language: int) -> str:
    """A segment with its kind, where its name alone would not tell it."""
    kind, name = row["segment_type"], str(row["segment"]).split(": ", 1)[-1]  # a platform's own categories carry its name
    if kind == "channel":
        return f"“{CHANNEL_NAMES.get(name, name)}”渠道" if language else f"traffic from {name}"
    if language:
        return f"「{name}」{'' if kind == 'category' else SEGMENT_NAMES[kind][1]}"
    return name if kind in ("category", "item") else f"{name} ({SEGMENT_NAMES[kind][0]})"


def _why_en(row: Mapping[str, Any], told: Told) -> str:
    name, metric = METRIC_NAMES[row["metric"]][0], row["metric"]
    usual = (
        "in line with the store's other segments it would be" if row["compared"] == OWN_PART else "in a typical other store it is"
    )
    better = row["yearly_value_base"] > 0
    weeks = f"better in {row['weeks_ahead']} of {row['weeks']} weeks" if better else (
        f"worse in {row['weeks'] - row['weeks_ahead']} of {row['weeks']} weeks"
    )  # fmt: skip
    said = (
        f"Its {name} there is {shown(row['value'], metric)}; {usual} {shown(row['peer_value'], metric)}. That is "
        f"{change(row['effect'], metric)} once luck is allowed for, {weeks}, with {row['peers']} other stores to compare."
    )
    if told.drivers:
        said += " It comes with " + _listed([f"{METRIC_NAMES[d][0]} {change(e, d)}" for d, e in told.drivers], "and") + "."
    if told.leader and told.leader != row["store"]:
        said += f" {told.leader} is {change(told.leads_by, metric)} there."
    return said


def _why_zh(row: Mapping[str, Any], told: Told) -> str:
    name, metric = METRIC_NAMES[row["metric"]][1], row["metric"]
    usual = "按本店其他细分推算应为" if row["compared"] == OWN_PART else "典型店铺为"
    better = row["yearly_value_base"] > 0
    ahead = row["weeks_ahead"] if better else row["weeks"] - row["weeks_ahead"]
    side, by = ("高出" if row["effect"] > 0 else "低"), change(row["effect"], metric).lstrip("+−±").replace("points", "个百分点")
    said = (
        f"{name}为 {shown(row['value'], metric)}，{usual} {shown(row['peer_value'], metric)}：扣除偶然后{side} {by}，"
        f"{row['weeks']} 周中 {ahead} 周{'更好' if better else '更差'}，对照 {row['peers']} 家店。"
    )
    if told.drivers:
        said += "同时" + "、".join(f"{METRIC_NAMES[d][1]} {change(e, d)}" for d, e in told.drivers) + "。"
    if told.leader and told.leader != row["store"]:
        said += f"{told.leader} 在此为 {change(told.leads_by, metric)}。"
    return said


def _money_en(row: Mapping[str, Any], move: str, told: Told) -> str:
    lasted = (
        f"not back-tested: {row['untested']}"
        if row["untested"]
        else f"{row['persistence']:.0%} of past effects lasted, counted in"
    )
    money, low, high = (rounded(row[name]) for name in ("yearly_value_base", "value_lower", "value_upper"))
    if move == "explore":
        side = "a gain" if row["yearly_value_base"] > 0 else "a loss"
        return (
            f"This is no claim: the odds that it is ahead are {row['p_ahead']:.0%}. The best guess is {side} of {money} "
            f"{told.currency} a year ({lasted}), and knowing would be worth {rounded(row['information'])}."
        )
    verb = "It is worth" if row["yearly_value_base"] > 0 else "It costs"
    low, high = (low, high) if row["yearly_value_base"] > 0 else (high, low)
    wrong = "less than 0.1 %" if row["lfsr"] < LEAST_ODDS else f"{row['lfsr']:.1%}"
    return (
        f"{verb} about {money} {told.currency} a year ({low} to {high}; {lasted}). The odds that the sign is wrong are {wrong}."
    )


def _money_zh(row: Mapping[str, Any], move: str, told: Told) -> str:
    lasted = "尚未回测" if row["untested"] else f"已按历史持续率 {row['persistence']:.0%} 折算"
    money, low, high = (rounded(row[name]) for name in ("yearly_value_base", "value_lower", "value_upper"))
    if move == "explore":
        side = "值" if row["yearly_value_base"] > 0 else "损失"
        return (
            f"这不是结论：领先的可能为 {row['p_ahead']:.0%}。目前估计每年约{side} {money} {told.currency}（{lasted}），"
            f"弄清楚约值 {rounded(row['information'])}。"
        )
    low, high = (low, high) if row["yearly_value_base"] > 0 else (high, low)
    wrong = "低于 0.1%" if row["lfsr"] < LEAST_ODDS else f"为 {row['lfsr']:.1%}"
    verb = "值" if row["yearly_value_base"] > 0 else "损失"
    return f"每年约{verb} {money} {told.currency}（{low} 至 {high}；{lasted}），方向判断有误的可能{wrong}。"


def _try_en(row: Mapping[str, Any], told: Told) -> str:
    if told.trial is None:
        return ""
    share, weeks = told.trial
    span = "a week" if weeks == 1 else f"{weeks} weeks"
    size = (
        f"were it {change(told.hoped, row['metric'])}, that would show"
        if told.hoped is not None
        else "an effect of this size then shows"
    )
    return f"To test it, change {share:.0%} of its traffic for {span}: {size} four times in five."


def _try_zh(row: Mapping[str, Any], told: Told) -> str:
    if told.trial is None:
        return ""
    share, weeks = told.trial
    size = f"若真有 {change(told.hoped, row['metric'])}，" if told.hoped is not None else "这样大小的效果"
    return f"验证：拿 {share:.0%} 的流量试 {weeks} 周，{size}有八成把握能看出来。"


def _listed(names: Sequence[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def shown(value: float, metric: str) -> str:
    """A metric's value as a person writes it; a price position as what it is off the others' prices."""
    if metric == "price_position":
        return change(value, metric)
    return f"{value:.2%}" if metric in SHARES else f"{value:,.2f}"


def change(effect: float, metric: str = "") -> str:
    """An effect as the change it stands for: per cent; of a margin the points it differs by."""
    told = f"{effect * 100:+.1f} points" if metric == "margin" else f"{expm1(effect):+.0%}"
    return f"±{told[1:]}" if told[1:] in ("0%", "0.0 points") else told.replace("-", "−")


def rounded(amount: Any) -> str:
    """An amount, without its sign, to three digits: no more of it is known."""
    value = abs(float(amount))
    if value < 1.0:
        return f"{value:.2f}"
    step = 10 ** max(floor(log10(value)) - 2, 0)
    return f"{round(value / step) * step:,.0f}"
