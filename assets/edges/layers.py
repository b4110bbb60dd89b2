"""How each store stands in each layer of the business, as a whole and against the other stores.

A layer's score is what its cells' effects come to, each weighing what it earns. Where nothing compares a layer it is unknown,
and the exports are named that would make it known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr

from assets.edges.belief import MEDIAN_LOSS
from assets.edges.cells import MIXED, NOT_HELD, NOT_SURE, PLACEBO_FAILED
from assets.edges.compared import ACROSS, LEVEL
from assets.edges.estimate import LEAST_PEERS
from assets.edges.names import LOWER_IS_BETTER
from assets.edges.panel import Floats

SURE = 0.95  # probability of being above the group's median from which a store is graded A; below the rest of it, C
LEAST_COMPARED = 0.05  # a margin is divided by the peers', which may be next to nothing
Part = tuple[str, str, str | None]  # segment type, metric, and the one segment that tells where not all do
MADE_OF: Mapping[str, tuple[Part, ...]] = {
    "product": (("category", "basket", None), ("category", "margin", None)),
    "store": (("category", "conversion", None),),
    "content": (("channel", "conversion", None), ("channel", "traffic_share", "search")),
    "customer": (("category", "repeat_rate", None), ("category", "refund_rate", None)),
    "brand": (("channel", "traffic_share", "direct"), ("category", "price_position", None)),
}  # layer -> what tells of it
CLIMB = {
    "product": ("raise what a sale brings: sets and dearer goods, and less given away", "提高每笔销售：组合装、高价款，少让利"),
    "store": ("turn more of the visits into orders: pages, prices, reviews", "把更多访问变成订单：页面、价格、评价"),
    "content": ("turn more of each source's visits into orders, and win visits from search", "提高各来源的成交，争取搜索流量"),
    "customer": ("bring buyers back and let less come back from them", "让买家复购，减少退款"),
    "brand": ("win visits that come by themselves, and hold the price", "争取主动来访，守住价格"),
}  # fmt: skip
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "store": pl.String, "layer": pl.String, "grade": pl.String, "probability": pl.Float64, "effect": pl.Float64,
    "sd": pl.Float64, "peers": pl.Int64, "compared": pl.String, "strongest_segment": pl.String, "is_strongest": pl.Boolean,
    "is_next": pl.Boolean, "climb_value_base": pl.Decimal(18, 2), "reason": pl.String, "reason_zh": pl.String,
}  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """A store's score in a layer: log ratio to its typical peer, its variance, what is earned on it, and its best segment."""

    store: str
    dialect: str
    mean: float
    variance: float
    earned: float
    segment: str | None


def store_layers(edges: pl.DataFrame, edge_gaps: pl.DataFrame, stores: pl.DataFrame) -> pl.DataFrame:
    """Every store's grade in every layer, the layer it is strongest in, and the one to climb next.

    Args:
        edges: the table of edges. A store is graded among the stores counted like it, where there are enough of them; else, in
            what no platform counts, among all.
        edge_gaps: what stores' exports cannot tell.
        stores: all stores.

    Returns:
        One row per store and layer.
    """
    doubted = edges.filter(pl.col("reason_if_not_shown").is_in([PLACEBO_FAILED, NOT_HELD]))
    usable = edges.filter(pl.col("claimed") | pl.col("reason_if_not_shown").is_in([NOT_SURE, MIXED]))
    held = usable.join(doubted, on=["segment_type", "metric", "compared"], how="anti", maintain_order="left")
    by_layer = {layer: _grades(held, made_of, layer) for layer, made_of in MADE_OF.items()}
    rows: list[Row] = []
    for store in sorted(stores["store"].unique().to_list()):
        of_store = [by_layer[layer].get(store) or _unknown(store, layer, edges, doubted, edge_gaps) for layer in MADE_OF]
        rows += [{"store": store, **row} for row in _marked(of_store)]
    return pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)


def _grades(held: pl.DataFrame, made_of: Iterable[Part], layer: str) -> dict[str, Row]:
    """Grades among stores counted alike; of the stores that have too few of these, among all."""
    among_all = _graded(_scores(held.filter(pl.col("compared") == ACROSS), made_of), layer, ACROSS)
    return among_all | _graded(_scores(held.filter(pl.col("compared") == LEVEL), made_of), layer, LEVEL)


def _about(made_of: Iterable[Part]) -> pl.Expr:
    """The rows of edges that tell of a layer."""
    kinds = []
    for kind, metric, segment in made_of:
        told = (pl.col("segment_type") == kind) & (pl.col("metric") == metric)
        kinds.append(told if segment is None else told & (pl.col("segment") == segment))
    return pl.any_horizontal(kinds)


def _scores(whole: pl.DataFrame, made_of: Iterable[Part]) -> list[Score]:
    """Each store's score; of a margin, by how much of the peers' it differs, so that it weighs what it is worth."""
    lower = pl.when(pl.col("metric").is_in(LOWER_IS_BETTER)).then(-1.0).otherwise(1.0)
    per = pl.when(pl.col("metric") == "margin").then(pl.max_horizontal("peer_value", LEAST_COMPARED)).otherwise(1.0)
    scaled = [pl.col("effect") * lower / per, pl.col("sd") / per, pl.col("sd_shared") / per]
    rows = whole.filter(_about(made_of), pl.col("at_peer_base") > 0).with_columns(scaled)
    return [
        _score(str(store), part)
        for (store,), part in rows.sort("store", "metric", "segment").group_by("store", maintain_order=True)
    ]


def _score(store: str, part: pl.DataFrame) -> Score:
    def floats(name: str) -> Floats:
        return part[name].cast(pl.Float64).to_numpy()

    earned, effect = floats("at_peer_base"), floats("effect")
    weight = earned / earned.sum()
    shared = floats("sd_shared")
    variance = float((weight * shared).sum() ** 2 + (weight**2 * (floats("sd") ** 2 - shared**2)).sum())
    best = int(effect.argmax())
    segment = part["segment"][best] if effect[best] > 0.0 else None
    return Score(store, part["dialect"][0], float((weight * effect).sum()), variance, float(earned.sum()), segment)


def _graded(scores: list[Score], layer: str, compared: str) -> dict[str, Row]:
    """The stores with enough others to stand beside, each against the median of these."""
    graded: dict[str, Row] = {}
    for one in scores:
        others = [other for other in scores if other.store != one.store and (compared == ACROSS or other.dialect == one.dialect)]
        if len(others) < LEAST_PEERS:
            continue
        median = float(np.median([other.mean for other in others]))
        variance = one.variance + MEDIAN_LOSS * sum(other.variance for other in others) / len(others) ** 2
        above = one.mean - median
        probability = float(ndtr(above / np.sqrt(variance))) if variance > 0.0 else 0.5 * (1.0 + float(np.sign(above)))
        best = max(other.mean for other in others)
        graded[one.store] = {
            "layer": layer,
            "grade": "A" if probability >= SURE else "C" if probability <= 1.0 - SURE else "B",
            "probability": probability,
            "effect": one.mean,
            "sd": float(np.sqrt(variance)),
            "peers": len(others),
            "compared": compared,
            "strongest_segment": one.segment,
            # among stores of other platforms it is not known how much of the way up is the store's to go
            "climb_value_base": round(max(float(np.expm1(best - one.mean)), 0.0) * one.earned, 2) if compared == LEVEL else None,
        }
    return graded


def _unknown(store: str, layer: str, edges: pl.DataFrame, doubted: pl.DataFrame, edge_gaps: pl.DataFrame) -> Row:
    """A layer without a grade, and why: exports that are missing, claims that did not hold, or nobody to stand beside."""
    about, of_store = _about(MADE_OF[layer]), pl.col("store") == store
    enough = pl.col("claimed") | pl.col("reason_if_not_shown").is_in([NOT_SURE, MIXED, PLACEBO_FAILED, NOT_HELD])
    compared = not edges.filter(about, of_store, enough).is_empty()
    if compared and not doubted.filter(about).is_empty():
        reason, chinese = NOT_HELD, "此类结论在回测中未能保持"
    elif compared:
        reason = f"fewer than {LEAST_PEERS} other stores are counted like it"
        chinese = f"口径相同的其他店铺少于 {LEAST_PEERS} 家"
    else:
        kinds = [(pl.col("segment_type") == kind) & (pl.col("metric") == metric) for kind, metric, _ in MADE_OF[layer]]
        lacking = edge_gaps.filter(of_store, pl.any_horizontal(kinds))
        told = lacking.row(0, named=True) if lacking.height else None
        reason = told["reason_if_not_shown"] if told else f"fewer than {LEAST_PEERS} other stores to compare it with"
        chinese = told["reason_zh"] if told else f"可对照的其他店铺少于 {LEAST_PEERS} 家"
    return {"layer": layer, "grade": "unknown", "reason": reason, "reason_zh": chinese}


def _marked(rows: list[Row]) -> list[Row]:
    """A store's layers, with the one in which it is surely above the others most, and the one to climb next.

    That is the layer in which it is surely behind and the way up is worth most; else the one in which the way up is worth most,
    if it is worth anything; else the first whose data is missing.
    """
    sure = [row for row in rows if row["grade"] == "A"]
    behind = [row for row in rows if row["grade"] == "C"]
    missing = [row for row in rows if row["grade"] == "unknown" and row["reason"].startswith("needs")]
    open_ = [row for row in rows if row["grade"] == "B" and _worth(row) > 0.0]
    strongest = max(sure, key=lambda row: row["probability"], default=None)
    climb = max(behind, key=_worth, default=None) or max(open_, key=_worth, default=None) or next(iter(missing), None)
    if climb and climb["grade"] != "unknown":
        how = "surely behind the median of its group" if climb["grade"] == "C" else "the way up to the best is worth most here"
        zh = "确定低于同组中位" if climb["grade"] == "C" else "追上最好的一家在此最值"
        do, do_zh = CLIMB[climb["layer"]]
        climb["reason"], climb["reason_zh"] = f"{how}: {do}", f"{zh}：{do_zh}"
    return [{**row, "is_strongest": row is strongest, "is_next": row is climb} for row in rows]


def _worth(row: Row) -> float:
    return float(row["climb_value_base"] or 0.0)
