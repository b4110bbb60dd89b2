"""From the table of edges to recommendations: one per store and segment, a move, what it is worth, and words for it.

Words come from templates with facts, in English and Chinese; nothing is said that no column holds. What is claimed and how
sure it is belongs to `cells`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from assets.edges.backtest import TOO_SHORT, lasting
from assets.edges.cells import LEVEL, OWN_PART, PLACEBO_FAILED
from assets.edges.estimate import NO_LEVEL
from assets.edges.names import CHANNEL_NAMES, METRIC_NAMES, MOVE_NAMES, SEGMENT_NAMES

MATERIAL = 0.03  # a smaller effect is held, not pushed: there is little more to win
LEADER_SHARE = 0.5  # of the exposure compared: who has more already leads the segment
EXPLORED = 10  # undecided cells worth a test, at most
UNDECIDED_LFSR = (0.05, 0.40)

_DO_EN = {
    "attack": "Send it more traffic and stock from where you are only average.",
    "hold": "Keep price, page and stock as they are; more traffic has little left to win here.",
    "fix": "Compare its page, price and reviews with the peers' before spending more on it.",
    "concede": "Let {leader} lead it, and move this store's traffic to its own edges.",
    "explore": "Give it a little more traffic for some weeks before deciding.",
}
_DO_ZH = {
    "attack": "把流量和库存从表现平平的地方调到这里。",
    "hold": "价格、页面、库存保持不动，这里再加流量收益不大。",
    "fix": "先对照同行店铺检查页面、价格和评价，再追加投入。",
    "concede": "让 {leader} 主攻，本店流量转向自己的强项。",
    "explore": "先加少量流量观察几周，再做决定。",
}
_PERCENT = {"conversion", "cart_rate", "refund_rate"}


def recommendations(
    edges: pl.DataFrame, back_test: pl.DataFrame, reference_catalogue: pl.DataFrame, reporting: pl.DataFrame
) -> pl.DataFrame:
    """What each store should do, the most worth first.

    Args:
        edges: the table of edges, ranked and claimed over the whole list.
        back_test: what share of claimed effects lasted, by which values are multiplied; where a placebo failed, nothing is said.
        reference_catalogue: item and category, where the owner keeps them.
        reporting: one row; `currency` is the reporting currency.

    Returns:
        One row per store and segment with a claimed edge, by the metric that is worth most; then at most ten undecided ones that
        are worth a test. They rest on a cell's own part: a store's level, which shows in all its segments, is no reason to push
        one of them. A store with one segment alone has no level apart from it, and is compared whole. An item says nothing of its
        own where its category says the same of the store.
    """
    currency = str(reporting["currency"][0])
    if PLACEBO_FAILED in back_test["verdict"]:
        edges = edges.clear()
    edges = _lasting(edges, back_test)
    worth = pl.col("yearly_value_base").abs()
    valued = _told(edges).filter(pl.col("yearly_value_base").is_not_null())
    per_segment = ["store", "segment_type", "segment"]
    claimed = valued.filter("claimed").sort(worth, "metric", descending=[True, False]).unique(per_segment, keep="first")
    claimed = _without_echoes(claimed, claimed, reference_catalogue)
    undecided = (
        valued.filter(~pl.col("claimed"), pl.col("lfsr").is_between(*UNDECIDED_LFSR), pl.col("yearly_value_base") > 0)
        .join(claimed, on=per_segment, how="anti")
        .sort("yearly_value_base", "metric", descending=[True, False])
        .unique(per_segment, keep="first", maintain_order=True)
    )
    undecided = _without_echoes(undecided, claimed, reference_catalogue).head(EXPLORED)
    leaders = _leaders(claimed)
    shares = _shares(_told(edges))
    rows = [_row(row, _move(row, leaders, shares), leaders, currency) for row in claimed.iter_rows(named=True)]
    rows.sort(key=lambda row: (-abs(row["yearly_value_base"]), row["id"]))
    rows += [_row(row, "explore", leaders, currency) for row in undecided.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=_SCHEMA).with_columns(
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32),
    )


def _told(edges: pl.DataFrame) -> pl.DataFrame:
    """Of each cell and metric its own part; where its store has no other segment to tell a level by, the cell compared whole."""
    alone = edges.filter(pl.col("reason_if_not_shown") == NO_LEVEL).select(*_CELL)
    whole = edges.filter(pl.col("compared") == LEVEL).join(alone, on=_CELL, how="semi")
    own = edges.filter(pl.col("compared") == OWN_PART).join(whole.select(*_CELL), on=_CELL, how="anti")
    return pl.concat([own, whole])


def _lasting(edges: pl.DataFrame, back_test: pl.DataFrame) -> pl.DataFrame:
    """Values times the share of past effects that lasted, where that is known; and why it is not."""
    shares = [(*key, how, share) for how in (OWN_PART, LEVEL) for key, share in lasting(back_test, how).items()]
    names = {"segment_type": pl.String, "metric": pl.String, "compared": pl.String, "persistence": pl.Float64}
    overall = back_test.filter(pl.col("segment_type") == "all")
    too_short = overall["reason"][0] if overall.height and overall["verdict"][0] == TOO_SHORT else "too few past claims to tell"
    share = pl.col("persistence").fill_null(1.0)
    money = [(pl.col(name).cast(pl.Float64) * share).round(2).cast(pl.Decimal(38, 2)) for name in _PROMISED]
    known = edges.join(pl.DataFrame(shares, schema=names, orient="row"), on=["segment_type", "metric", "compared"], how="left")
    return known.with_columns(*money, untested=pl.when(pl.col("persistence").is_null()).then(pl.lit(too_short)))


_PROMISED = ("yearly_value_base", "value_lower", "value_upper")
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "store": pl.String, "move": pl.String, "layer": pl.String, "segment_type": pl.String, "segment": pl.String,
    "metric": pl.String, "effect": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "lfsr": pl.Float64,
    "yearly_value_base": pl.Decimal(38, 2), "value_lower": pl.Decimal(38, 2), "value_upper": pl.Decimal(38, 2),
    "persistence": pl.Float64, "evidence": pl.String, "text_en": pl.String, "text_zh": pl.String,
}  # fmt: skip
Segment = tuple[str, str]
_CELL = ("store", "segment_type", "segment", "metric")


def _leaders(claimed: pl.DataFrame) -> dict[Segment, str]:
    """Per segment the store whose claimed edge is worth most."""
    ahead = claimed.filter(pl.col("yearly_value_base") > 0).sort("yearly_value_base", "store", descending=[True, False])
    best = ahead.unique(["segment_type", "segment"], keep="first", maintain_order=True)
    return {(kind, segment): store for kind, segment, store in best.select("segment_type", "segment", "store").iter_rows()}


def _without_echoes(rows: pl.DataFrame, claimed: pl.DataFrame, reference_catalogue: pl.DataFrame) -> pl.DataFrame:
    """Rows without items whose category is claimed of the same store to the same side: they repeat it piece by piece."""
    categories = reference_catalogue.drop_nulls().unique("item", keep="first", maintain_order=True)
    of_category = claimed.filter(pl.col("segment_type") == "category").select(
        "store", category="segment", category_side=pl.col("effect") > 0
    )
    echoes = (
        rows.filter(pl.col("segment_type") == "item")
        .join(categories.select("category", segment="item"), on="segment")
        .join(of_category, on=["store", "category"])
        .filter((pl.col("effect") > 0) == pl.col("category_side"))
    )
    return rows.join(echoes, on=["store", "segment_type", "segment"], how="anti", maintain_order="left")


def _shares(edges: pl.DataFrame) -> dict[tuple[str, str, str, str], float]:
    """Each cell's share of the exposure of all stores compared with it."""
    whole = pl.col("exposure").sum().over("segment_type", "segment", "metric")
    cells = edges.select("store", "segment_type", "segment", "metric", share=pl.col("exposure") / whole)
    return {row[:4]: row[4] for row in cells.iter_rows()}


def _move(row: Mapping[str, Any], leaders: dict[Segment, str], shares: dict[tuple[str, str, str, str], float]) -> str:
    if row["yearly_value_base"] < 0:
        leader = leaders.get((row["segment_type"], row["segment"]))
        return "concede" if leader and leader != row["store"] else "fix"
    share = shares[row["store"], row["segment_type"], row["segment"], row["metric"]]
    return "hold" if abs(row["effect"]) < MATERIAL or share > LEADER_SHARE else "attack"


def _row(row: Mapping[str, Any], move: str, leaders: dict[Segment, str], currency: str) -> dict[str, Any]:
    key = "\0".join((row["store"], row["segment_type"], row["segment"], row["metric"], move))
    names = (*_SCHEMA,)
    evidence = {
        name: row[name]
        for name in (
            *("exposure", "weeks", "weeks_ahead", "peers", "value", "peer_value", "overdispersion", "compared", "dialect"),
            "untested",
        )
    }
    leader = leaders.get((row["segment_type"], row["segment"]), "")
    made = {
        "id": hashlib.sha256(key.encode()).hexdigest()[:12],
        "move": move,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "text_en": _in_english(row, move, leader, currency),
        "text_zh": _in_chinese(row, move, leader, currency),
    }
    return {name: made.get(name, row.get(name)) for name in names}


def _in_english(row: Mapping[str, Any], move: str, leader: str, currency: str) -> str:
    metric, _ = METRIC_NAMES[row["metric"]]
    beyond = "its own level would give here" if row["compared"] == OWN_PART else "the typical peer has"
    kind, _ = SEGMENT_NAMES[row["segment_type"]]
    sure = f"{row['weeks_ahead']} of {row['weeks']} weeks ahead" if row["yearly_value_base"] > 0 else f"{row['weeks']} weeks seen"
    return (
        f"{MOVE_NAMES[move][0]}: {row['store']}, {kind} {row['segment']}. Its {metric} is {_shown(row['value'], row['metric'])}, "
        f"{_change(row['effect'])} against what {beyond} ({_shown(row['peer_value'], row['metric'])}; "
        f"interval {_change(row['lower'])} to {_change(row['upper'])}), {sure}, {row['peers']} peers. "
        f"{_money_en(row, move, currency)} {_DO_EN[move].format(leader=leader)}"
    )


def _in_chinese(row: Mapping[str, Any], move: str, leader: str, currency: str) -> str:
    _, metric = METRIC_NAMES[row["metric"]]
    beyond = "本店整体水平在此应有的" if row["compared"] == OWN_PART else "典型同行的"
    _, kind = SEGMENT_NAMES[row["segment_type"]]
    segment = CHANNEL_NAMES.get(row["segment"], row["segment"]) if row["segment_type"] == "channel" else row["segment"]
    sure = f"{row['weeks']} 周中 {row['weeks_ahead']} 周领先" if row["yearly_value_base"] > 0 else f"观察 {row['weeks']} 周"
    return (
        f"{MOVE_NAMES[move][1]}：{row['store']}，{kind}「{segment}」。{metric} {_shown(row['value'], row['metric'])}，"
        f"比{beyond} {_shown(row['peer_value'], row['metric'])} 相差 {_change(row['effect'])}"
        f"（区间 {_change(row['lower'])} 至 {_change(row['upper'])}），{sure}，{row['peers']} 家对照。"
        f"{_money_zh(row, move, currency)}{_DO_ZH[move].format(leader=leader)}"
    )


def _money_en(row: Mapping[str, Any], move: str, currency: str) -> str:
    lasted = (
        "not back-tested: " + row["untested"] if row["untested"] else f"after {row['persistence']:.0%} of past effects lasted"
    )
    if move == "explore":
        return f"Not sure yet; the best guess is {row['yearly_value_base']:,.0f} {currency} a year ({lasted})."
    gain = row["yearly_value_base"] > 0
    low, high = sorted((abs(row["value_lower"]), abs(row["value_upper"])))
    verb = "Worth" if gain else "Costs"
    return f"{verb} about {abs(row['yearly_value_base']):,.0f} {currency} a year ({low:,.0f} to {high:,.0f}; {lasted})."


def _money_zh(row: Mapping[str, Any], move: str, currency: str) -> str:
    lasted = "尚未回测" if row["untested"] else f"已按历史持续率 {row['persistence']:.0%} 折算"
    if move == "explore":
        return f"尚不确定；目前估计每年约值 {row['yearly_value_base']:,.0f} {currency}（{lasted}）。"
    gain = row["yearly_value_base"] > 0
    low, high = sorted((abs(row["value_lower"]), abs(row["value_upper"])))
    worth = f"{abs(row['yearly_value_base']):,.0f} {currency}（{low:,.0f} 至 {high:,.0f}；{lasted}）"
    return f"每年约{'值' if gain else '损失'} {worth}。"


def _shown(value: float, metric: str) -> str:
    return f"{value:.2%}" if metric in _PERCENT else f"{value:,.2f}"


def _change(effect: float) -> str:
    """A log ratio as the change it stands for."""
    return f"{pl.Series([effect]).exp().item() - 1:+.0%}"
