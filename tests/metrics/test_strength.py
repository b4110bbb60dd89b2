"""Store and item taken apart: what was planted comes out, intervals hold what they say, islands are told apart."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from small import Small

from assets.items.strength import Fitted, fitted, item_strength, store_strength

Effects = tuple[np.ndarray, np.ndarray]


def planted(seed: int, stores: int = 30, items: int = 120, held: float = 0.15) -> tuple[Fitted, Effects]:
    """Effects of known size on a thin, uneven web of pairs, and what the model makes of them."""
    rng = np.random.default_rng(seed)
    store, item = rng.normal(0, 0.3, stores), rng.normal(0, 0.5, items)
    there = rng.random((stores, items)) < held
    there[:, 0] = True
    at_store, at_item = np.nonzero(there[:, there.sum(axis=0) > 1])
    kept = np.flatnonzero(there.sum(axis=0) > 1)
    events = np.exp(rng.normal(4, 1, len(at_store)))
    noise = 1 / events
    value = -3.5 + store[at_store] + item[kept][at_item] + rng.normal(0, 0.15, len(noise)) + rng.normal(0, np.sqrt(noise))
    return fitted(at_store, at_item, value, noise), (store, item[kept])


def test_intervals_hold_what_they_say() -> None:
    """Over ten webs nineteen in twenty true effects, less their mean, lie within; the variances are found."""
    inside, variances = {"store": [], "item": []}, []
    for seed in range(10):
        found, (store, item) = planted(seed)
        variances.append(found.variances)
        for name, mean, sd, truth in (("store", found.store, found.store_sd, store), ("item", found.item, found.item_sd, item)):
            inside[name] += list(np.abs(mean - truth) <= 1.96 * sd)
    assert 0.90 <= np.mean(inside["store"]) <= 0.99
    assert 0.92 <= np.mean(inside["item"]) <= 0.98
    assert np.mean(np.sqrt(np.array(variances)), axis=0) == pytest.approx((0.3, 0.5, 0.15), abs=0.05)


def test_a_strong_item_in_weak_stores_is_not_a_weak_item() -> None:
    """Told apart, effects are nearer the truth than means over the stores that sell the item."""
    rng = np.random.default_rng(1)
    store, item = np.array([-0.6, -0.6, -0.6, 0.6, 0.6, 0.6]), rng.normal(0, 0.2, 40)
    pairs = (
        [(s, i) for i in range(40) for s in ((0, 1, 2) if i % 2 else (3, 4, 5))]
        + [(s, 0) for s in range(3)]
        + [(s, 1) for s in (3, 4, 5)]
    )
    at_store, at_item = (np.array(side) for side in zip(*pairs, strict=True))
    noise = np.full(len(pairs), 0.002)
    value = store[at_store] + item[at_item] + rng.normal(0, np.sqrt(noise))
    found = fitted(at_store, at_item, value, noise)
    naive = np.array([value[at_item == i].mean() for i in range(40)])
    assert np.std(found.item - item) < 0.5 * np.std(naive - naive.mean() - item)


def test_islands_are_told_apart() -> None:
    """Two groups of stores that share nothing are two components, each around its own level."""
    at_store, at_item = np.array([0, 1, 0, 1, 2, 3, 2, 3]), np.array([0, 0, 1, 1, 2, 2, 3, 3])
    value = np.array([0.0, 0.2, 0.1, 0.3, 5.0, 5.2, 5.1, 5.3])
    found = fitted(at_store, at_item, value, np.full(8, 0.001))
    assert found.store_component[0] == found.store_component[1] != found.store_component[2] == found.store_component[3]
    assert found.item_component[0] == found.item_component[1] != found.item_component[3]
    assert np.abs(found.store).max() < 0.5


def days(factor: dict[str, float], rate: dict[str, float]) -> pl.DataFrame:
    """Cells of every item in every store: 1,000 visits a day for sixty days, orders as rates and factors have them."""
    rng = np.random.default_rng(5)
    rows = [
        {
            "store": store, "segment_type": "item", "segment": item, "day": date(2026, 1, 1) + timedelta(days=n),
            "dialect": "sycm" if store < "c" else "shopify", "visits": 1000, "orders": int(orders), "units": int(orders),
            "sales": Decimal(int(orders) * 20),
        }
        for store, times in factor.items() for item, each in rate.items()
        for n, orders in enumerate(rng.poisson(1000 * each * times, 60))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"sales": pl.Decimal(18, 2)})


def test_the_tables_of_four_stores() -> None:
    """A platform that counts twice the visits halves its stores and leaves items as they are; one that is alone is not told."""
    rate = {f"i{n}": 0.02 * 1.2**n for n in range(6)}
    cells = days({"a": 1.0, "b": 1.0, "c": 0.5, "d": 0.5}, rate)
    alone = cells.filter(pl.col("store") == "a", pl.col("segment") == "i0").with_columns(segment=pl.lit("only here"))
    items, stores = (table(pl.concat([cells, alone])) for table in (item_strength, store_strength))
    of_items = items.filter(pl.col("metric") == "conversion").sort("item")
    assert of_items["item"].to_list() == sorted(rate)
    assert np.diff(of_items["effect"].to_numpy()) == pytest.approx(np.full(5, np.log(1.2)), abs=0.1)  # three standard errors
    assert of_items["stores"].to_list() == [4] * 6
    of_stores = dict(stores.filter(pl.col("metric") == "conversion").select("store", "effect").iter_rows())
    assert of_stores["a"] - of_stores["c"] == pytest.approx(np.log(2), abs=0.08)
    assert stores.filter(pl.col("metric") == "conversion").select("dialect", "items").unique().sort("dialect").rows() == [
        ("shopify", 6), ("sycm", 6),
    ]  # fmt: skip
    assert items.filter(pl.col("metric") == "price")["effect"].abs().max() < 0.01  # type: ignore[operator]  # there are rows


def test_without_items_there_is_nothing_to_tell() -> None:
    empty = days({"a": 1.0}, {"i": 0.05}).clear()
    assert item_strength(empty).is_empty()
    assert store_strength(days({"a": 1.0}, {"i": 0.05})).is_empty()


def test_an_items_sums_by_hand() -> None:
    """Two listings of one item: two and one units of 50 in March; in the quarter an April order more."""
    small = Small()
    small.source("reference_catalogue", [{"merchant_sku": sku, "item": "Mug", "category": "Home"} for sku in ("mug", "cup")])
    small.store()
    small.order("a", date(2026, 3, 2), [("mug", 2, "50", "10")])
    small.order("b", date(2026, 3, 9), [("cup", 1, "50", "0"), ("lamp", 1, "99", "0")])
    small.days_known(date(2026, 3, 1), date(2026, 3, 31))
    small.build("item_metrics")
    columns = "item, stores, order_lines, units, gross_sales_base, discounts_base, discounted_sales_base"
    assert small.rows(f"select {columns} from item_metrics where grain = 'month' and basis = 'paid'") == [
        ("Mug", 1, 2, 3, Decimal(150), Decimal(10), Decimal(140)),
    ]  # fmt: skip
