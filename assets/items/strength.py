"""How strong an item is wherever it is sold, and how strong a store is whatever it sells: crossed effects with shrinkage.

The log rate of an item in a store is level + store + item + what the two have together beyond that + noise: a mixed model, its
variances found by EM (Dempster, Laird and Rubin 1977) on Henderson's equations, the items swept out. Effects are comparable only
among stores and items that hang together by shared items; each such component has its own level. How a platform counts visits
is part of its stores' effects and of none of its items': of unlike dialects only items may be compared.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Vector = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

DAYS = 182  # looked back on
LEAST_EVENTS, LEAST_VISITS = 5, 50  # of an item in a store
_ROUNDS, _CLOSE = 200, 1e-6
_FIRST, _LEAST = 0.05, 1e-6  # variances: where EM starts, and below which there is none
_ORDER_CV2, _PRICE_CV2 = 0.6, 0.1  # squared scatter of an order's value, of a unit's price
_Z95 = 1.96
METRICS = ("conversion", "sales_per_visit", "price", "units")


@dataclass(frozen=True)
class Fitted:
    """Posterior means and standard deviations of stores and items, what hangs together, and the variances found."""

    store: Vector
    store_sd: Vector
    item: Vector
    item_sd: Vector
    store_component: Index
    item_component: Index
    variances: tuple[float, float, float]


def fitted(stores: Index, items: Index, value: Vector, noise: Vector) -> Fitted:
    """Fit the crossed effects.

    Args:
        stores: of each pair the number of its store, from 0.
        items: of each pair the number of its item, from 0.
        value: log of what was seen.
        noise: its sampling variance.
    """
    count, many = int(stores.max()) + 1, int(items.max()) + 1
    graph = coo_matrix((np.ones(len(value)), (stores, items + count)), shape=(count + many, count + many))
    parts, component = connected_components(graph, directed=False)
    of_store, of_item = component[:count].astype(np.int64), component[count:].astype(np.int64)
    between_stores, between_items, beyond = _FIRST, _FIRST, _FIRST
    for _ in range(_ROUNDS):
        solved = _solved(stores, items, value, 1 / (noise + beyond), of_store, parts, between_stores, between_items)
        store, store_var, item, item_var, rest, rest_var = solved
        drawn = beyond / (beyond + noise)
        new = (
            max(_LEAST, float(np.mean(store**2 + store_var))),
            max(_LEAST, float(np.mean(item**2 + item_var))),
            max(_LEAST, float(np.mean(drawn**2 * (rest**2 + rest_var) + drawn * noise))),
        )
        moved = max(abs(a - b) for a, b in zip(new, (between_stores, between_items, beyond), strict=True))
        between_stores, between_items, beyond = new
        if moved < _CLOSE:
            break
    return Fitted(
        store, np.sqrt(store_var), item, np.sqrt(item_var), of_store, of_item, (between_stores, between_items, beyond)
    )  # fmt: skip


def _solved(
    stores: Index, items: Index, value: Vector, weight: Vector, of_store: Index, parts: int, between_stores: float,
    between_items: float,
) -> tuple[Vector, Vector, Vector, Vector, Vector, Vector]:  # fmt: skip
    """Means and variances of stores and items at given variances; and what each pair has beyond, with the variance of the fit."""
    count, many, size = len(of_store), int(items.max()) + 1, parts + len(of_store)
    level, column = of_store[stores], parts + stores
    cross = np.zeros((many, size))
    np.add.at(cross, (items, level), weight)
    np.add.at(cross, (items, column), weight)
    own = np.bincount(items, weight, many) + 1 / between_items
    dense = np.zeros((size, size))
    for one, other in ((level, level), (level, column), (column, level), (column, column)):
        np.add.at(dense, (one, other), weight)
    dense[np.arange(parts, size), np.arange(parts, size)] += 1 / between_stores
    right = np.bincount(level, weight * value, size) + np.bincount(column, weight * value, size)
    of_items = np.bincount(items, weight * value, many)
    swept = cross / own[:, None]
    covariance = np.linalg.pinv(dense - cross.T @ swept, hermitian=True)
    effects = covariance @ (right - swept.T @ of_items)
    item = (of_items - cross @ effects) / own
    linked = swept @ covariance
    item_var = 1 / own + np.einsum("ij,ij->i", linked, swept)
    fit_var = (
        covariance[level, level] + covariance[column, column] + 2 * covariance[level, column]
        + item_var[items] - 2 * (linked[items, level] + linked[items, column])
    )  # fmt: skip
    rest = value - effects[level] - effects[column] - item[items]
    diagonal = np.diag(covariance)[parts : parts + count]
    return effects[parts:], diagonal, item, item_var, rest, np.maximum(fit_var, 0.0)


def pairs_of(cell_days: pl.DataFrame) -> pl.DataFrame:
    """Items in stores over the last half year: store, item, dialect and sums over the days on which both sides are known."""
    of_items = cell_days.filter(pl.col("segment_type") == "item")
    last = of_items["day"].max()
    if last is None:
        return of_items.select("store", item="segment").with_columns(dialect=pl.lit("")).clear()
    both = pl.col("visits").is_not_null() & pl.col("orders").is_not_null()
    return (
        of_items.filter(pl.col("day") > pl.lit(last).dt.offset_by(f"-{DAYS}d"), pl.col("orders").is_not_null())
        .group_by("store", "segment")
        .agg(
            pl.col("dialect").drop_nulls().mode().sort().first(),
            pl.col("visits").filter(both).sum(),
            matched_orders=pl.col("orders").filter(both).sum(),
            matched_sales=pl.col("sales").cast(pl.Float64).filter(both).sum(),
            orders=pl.col("orders").sum(),
            units=pl.col("units").sum(),
            sales=pl.col("sales").cast(pl.Float64).sum(),
            days=pl.col("day").n_unique(),
        )
        .rename({"segment": "item"})
        .sort("store", "item")
    )


def _measured(pairs: pl.DataFrame, metric: str) -> pl.DataFrame:
    """The log of a metric and its sampling variance, of the pairs that have enough."""
    events, visits = pl.col("orders"), pl.col("visits")
    matched = pl.col("matched_orders")
    told = {
        "conversion": (matched, visits, 1 / matched, (matched >= LEAST_EVENTS) & (visits >= LEAST_VISITS)),
        "sales_per_visit": (
            pl.col("matched_sales"), visits, (1 + _ORDER_CV2) / matched, (matched >= LEAST_EVENTS) & (visits >= LEAST_VISITS),
        ),
        "price": (pl.col("sales"), pl.col("units"), _PRICE_CV2 / events, events >= LEAST_EVENTS),
        "units": (pl.col("units"), pl.col("days"), 1.5 / events, events >= LEAST_EVENTS),
    }  # fmt: skip
    above, below, noise, enough = told[metric]
    found = pairs.filter(enough & (above > 0) & (below > 0)).select(
        "store", "item", "dialect", value=(above / below).log(), noise=noise.cast(pl.Float64)
    )
    shared = found.filter(pl.col("store").n_unique().over("item") > 1)
    return shared.sort("store", "item")


_ITEM = {
    "item": pl.String, "metric": pl.String, "effect": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "sd": pl.Float64,
    "stores": pl.Int64, "component": pl.Int64,
}  # fmt: skip
_STORE = {
    "store": pl.String, "metric": pl.String, "dialect": pl.String, "effect": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "sd": pl.Float64, "items": pl.Int64, "component": pl.Int64,
}  # fmt: skip


def item_strength(cell_days: pl.DataFrame) -> pl.DataFrame:
    """One row per item in several stores and metric: how far it is above the items it hangs together with, in whichever store."""
    return _all(cell_days, "item").select(*_ITEM)


def store_strength(cell_days: pl.DataFrame) -> pl.DataFrame:
    """One row per store and metric, over the items it shares: how far it is above the stores it hangs together with."""
    return _all(cell_days, "store").select(*_STORE)


def _all(cell_days: pl.DataFrame, side: str) -> pl.DataFrame:
    schema = _ITEM | _STORE
    pairs = pairs_of(cell_days)
    rows = [pl.DataFrame(schema=schema)]
    for metric in METRICS if pairs.height else ():
        measured = _measured(pairs, metric)
        if measured.height:
            rows.append(_told(measured, metric, side).cast(schema))  # type: ignore[arg-type]  # polars takes a mapping
    return pl.concat(rows)


def _told(measured: pl.DataFrame, metric: str, side: str) -> pl.DataFrame:
    names = {of: measured[of].unique().sort() for of in ("store", "item")}
    at = {
        of: measured[of].replace_strict(names[of], pl.int_range(names[of].len(), eager=True)).cast(pl.Int64).to_numpy()
        for of in names
    }
    found = fitted(at["store"], at["item"], measured["value"].to_numpy(), measured["noise"].to_numpy())
    effect, sd = (found.item, found.item_sd) if side == "item" else (found.store, found.store_sd)
    component = found.item_component if side == "item" else found.store_component
    counted = measured.group_by(side).agg(
        stores=pl.col("store").n_unique(), items=pl.col("item").n_unique(), dialect=pl.col("dialect").first()
    )
    made = pl.DataFrame(
        {
            side: names[side],
            "effect": effect,
            "lower": effect - _Z95 * sd,
            "upper": effect + _Z95 * sd,
            "sd": sd,
            "component": component,
        }
    ).join(counted, on=side, maintain_order="left")
    other = "store" if side == "item" else "item"
    return made.with_columns(pl.lit(None, pl.String).alias(other), metric=pl.lit(metric)).select(*(_ITEM | _STORE))
