"""How each store stands in each layer of the business, as a whole and against the stores counted like it.

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
from assets.edges.cells import LEVEL, NOT_HELD, NOT_SURE, PLACEBO_FAILED
from assets.edges.estimate import LEAST_PEERS
from assets.edges.panel import Floats

SURE = 0.95  # probability of being above the group's median from which a store is graded A; below the rest of it, C
LOWER_IS_BETTER = frozenset({"refund_rate"})
MADE_OF: Mapping[str, tuple[tuple[str, str], ...]] = {
    "product": (("category", "basket"), ("category", "refund_rate")),
    "store": (("category", "conversion"),),
    "content": (("channel", "conversion"),),
    "customer": (),
    "brand": (),
}  # layer -> segment types and metrics that tell of it
NEEDS = {
    "product": "exports of order lines with prices and refunds",
    "store": "exports of order lines and of daily visits by product",
    "content": "exports of daily visits and orders by traffic source",
}  # exports that would make a layer known; of the others none would yet
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "store": pl.String, "layer": pl.String, "grade": pl.String, "probability": pl.Float64, "effect": pl.Float64,
    "sd": pl.Float64, "peers": pl.Int64, "strongest_segment": pl.String, "is_strongest": pl.Boolean, "is_next": pl.Boolean,
    "climb_value_base": pl.Decimal(38, 2), "reason": pl.String,
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


def store_layers(edges: pl.DataFrame, stores: pl.DataFrame) -> pl.DataFrame:
    """Every store's grade in every layer, the layer it is strongest in, and the one to climb next.

    Args:
        edges: the table of edges; of stores counted alike, compared whole.
        stores: all stores.

    Returns:
        One row per store and layer.
    """
    names = sorted(stores["store"].unique().to_list())
    whole = edges.filter(pl.col("compared") == LEVEL, pl.col("claimed") | (pl.col("reason_if_not_shown") == NOT_SURE))
    doubted = edges.filter(pl.col("compared") == LEVEL, pl.col("reason_if_not_shown").is_in([PLACEBO_FAILED, NOT_HELD]))
    held = whole.join(doubted, on=["segment_type", "metric"], how="anti", maintain_order="left")
    by_layer = {layer: _graded(_scores(held, made_of), layer) for layer, made_of in MADE_OF.items()}
    seen = {layer: _compared_at_all(edges, made_of) for layer, made_of in MADE_OF.items()}
    in_doubt = {layer: _compared_at_all(doubted, made_of) for layer, made_of in MADE_OF.items()}
    rows: list[Row] = []
    for store in names:
        of_store = [
            by_layer[layer].get(store) or _unknown(layer, known=store in seen[layer], doubted=bool(in_doubt[layer]))
            for layer in MADE_OF
        ]
        rows += [{"store": store, **row} for row in _marked(of_store)]
    return pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)


def _compared_at_all(edges: pl.DataFrame, made_of: Iterable[tuple[str, str]]) -> set[str]:
    """The stores that have the data, though it may be that nobody is counted like them."""
    kinds = [(pl.col("segment_type") == kind) & (pl.col("metric") == metric) for kind, metric in made_of]
    return set(edges.filter(pl.any_horizontal(kinds))["store"]) if kinds else set()


def _scores(whole: pl.DataFrame, made_of: Iterable[tuple[str, str]]) -> list[Score]:
    kinds = [(pl.col("segment_type") == kind) & (pl.col("metric") == metric) for kind, metric in made_of]
    if not kinds:
        return []
    lower = pl.when(pl.col("metric").is_in(LOWER_IS_BETTER)).then(-1.0).otherwise(1.0)
    rows = whole.filter(pl.any_horizontal(kinds), pl.col("at_peer_base") > 0).with_columns(effect=pl.col("effect") * lower)
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


def _graded(scores: list[Score], layer: str) -> dict[str, Row]:
    """The stores with enough others counted like them, each against the median of these."""
    graded: dict[str, Row] = {}
    for one in scores:
        others = [other for other in scores if other.dialect == one.dialect and other.store != one.store]
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
            "strongest_segment": one.segment,
            "climb_value_base": round(max(float(np.expm1(best - one.mean)), 0.0) * one.earned, 2),
        }
    return graded


def _unknown(layer: str, *, known: bool, doubted: bool) -> Row:
    """A layer without a grade, and why."""
    lacks = f"needs {NEEDS[layer]}" if layer in NEEDS else "nothing compares it yet"
    alone = f"fewer than {LEAST_PEERS} other stores are counted like it"
    return {"layer": layer, "grade": "unknown", "reason": (NOT_HELD if doubted else alone) if known else lacks}


def _marked(rows: list[Row]) -> list[Row]:
    """A store's layers, with the one in which it is surely above the others most, and the one to climb next.

    That is the layer in which it is surely behind and the way up is worth most; else the first whose data is missing; else the
    one in which the way up is worth most.
    """
    sure = [row for row in rows if row["grade"] == "A"]
    behind = [row for row in rows if row["grade"] == "C"]
    missing = [row for row in rows if row["grade"] == "unknown" and row["reason"].startswith("needs")]
    open_ = [row for row in rows if row["grade"] == "B"]
    strongest = max(sure, key=lambda row: row["probability"], default=None)
    climb = max(behind, key=_worth, default=None) or next(iter(missing), None) or max(open_, key=_worth, default=None)
    if climb and climb["grade"] != "unknown":
        how = "surely behind the median of its group" if climb["grade"] == "C" else "the way up to the best is worth most"
        climb["reason"] = how
    return [{**row, "is_strongest": row is strongest, "is_next": row is climb} for row in rows]


def _worth(row: Row) -> float:
    return float(row["climb_value_base"])
