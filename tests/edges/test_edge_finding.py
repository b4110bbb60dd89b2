"""Edges that are there are found, those that are not are not, and thin data says that it is thin."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from planted import World, world
from simulated import simulate

from assets.edges.batches import events_of
from assets.edges.estimate import Estimates, estimate
from assets.edges.events import edges
from assets.edges.metrics import AOV, CONVERSION, METRICS, ORDER_RATE, RPV
from assets.edges.panel import Grid, Moments, Panel


def found(rows: World, *, centred: bool = False) -> Estimates:
    return estimate(rows.panel(), CONVERSION, centred=centred)


def at(told: Estimates, store: int, segment: int) -> int:
    return int(np.flatnonzero((told.store == store) & (told.segment == segment))[0])


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize(("stores", "segments"), [(4, 5), (6, 12), (20, 8)])
def test_where_nothing_is_nothing_is_claimed(stores: int, segments: int, *, centred: bool) -> None:
    for seed in range(4):
        told = found(world(seed, stores=stores, segments=segments, noise=0.5, memory=0.8), centred=centred)
        assert not (told.lfsr <= 0.05).any()
        assert not told.certified.any()


@pytest.mark.soak
def test_where_nothing_is_nothing_is_claimed_for_long() -> None:
    claims = [int((found(world(seed, stores=40, segments=20, noise=0.5, memory=0.9)).lfsr <= 0.05).sum()) for seed in range(50)]
    assert sum(claims) <= 8, "0.2 claims in 1,000 cells"


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("effect", [0.7, -0.7])
def test_a_planted_edge_is_found_with_its_sign_and_size(effect: float, *, centred: bool) -> None:
    rows = world(11, stores=8, segments=6, traffic=400.0, edges={(3, 2): effect})
    told = found(rows, centred=centred)
    cell = at(told, 3, 2)
    assert told.lfsr[cell] < 0.01
    assert told.certified[cell]
    assert told.lower[cell] < effect < told.upper[cell]
    assert told.effect[cell] == pytest.approx(effect, abs=0.2)
    assert np.sign(told.value[cell]) == np.sign(effect)
    assert told.value_lower[cell] < told.value[cell] < told.value_upper[cell]
    assert told.information[cell] < 0.05 * abs(told.value[cell])
    assert (told.lfsr <= 0.05).sum() == 1
    assert (told.weeks_ahead[cell] > 7) == (effect > 0)


@pytest.mark.parametrize(("stores", "segments", "seeds"), [(6, 12, 4), pytest.param(5, 8, 30, marks=pytest.mark.soak)])
def test_intervals_of_small_groups_cover_what_they_say(stores: int, segments: int, seeds: int) -> None:
    covered: list[float] = []
    for seed in range(seeds):
        size = {"stores": stores, "segments": segments, "carry": 1.0, "zipf_stores": 0.6, "visitors_day": 3600.0 * stores}
        made = simulate("store_effects", seed, **size)
        both = edges(events_of(made.events)).join(made.truth, on=["store", "segment", "metric"])
        inside = pl.col("true_effect").is_between(pl.col("lower") - 1e-6, pl.col("upper") + 1e-6)
        covered.extend(both.select(inside.cast(pl.Float64)).to_series())
    assert float(np.mean(covered)) > 0.9


def test_what_is_typical_of_a_product_is_the_median_of_products() -> None:
    """Of stores that differ: what one has in conversion and another in baskets must not be taken off both."""
    rows = world(3, stores=7, segments=8, traffic=900.0, noise=0.05, levels=0.4)
    factor = np.exp(np.linspace(-0.6, 0.6, 7))[(rows.store * 3) % 7]
    rows = replace(rows, revenue=rows.revenue * factor)
    rate, basket = ((rows.panel(metric), metric) for metric in (CONVERSION, AOV))
    told = estimate(rows.panel(RPV), RPV, factors=[rate, basket])
    by_segment = [np.median(told.raw[told.segment == g]) for g in range(8)]
    apart = told.raw - np.array(by_segment)[told.segment]
    middle = np.abs(apart) < 0.05
    assert np.abs(told.effect[middle]).mean() < 0.12
    assert np.corrcoef(told.effect, told.raw)[0, 1] > 0.95


def test_shrinking_never_turns_a_ratio_round() -> None:
    told = found(world(5, traffic=400.0, edges={(1, 1): 0.6, (2, 2): -0.6}))
    claimed = told.lfsr <= 0.05
    assert claimed.any()
    assert (np.sign(told.effect[claimed]) == np.sign(told.raw[claimed])).all()
    assert (np.abs(told.effect[claimed]) <= np.abs(told.raw[claimed]) + 0.05).all()


def test_a_store_good_everywhere_has_edges_but_not_centred_ones() -> None:
    rows = world(13, stores=20, segments=10, traffic=200.0, levels=0.3)
    plain, centred = found(rows), found(rows, centred=True)
    assert (plain.lfsr <= 0.05).mean() > 0.3
    assert np.abs(plain.store_level).max() > 0.2
    assert not (centred.lfsr <= 0.05).any()


def test_a_product_is_known_better_by_its_factors() -> None:
    rows = world(17, stores=10, segments=8, traffic=100.0, noise=0.15, edges={(3, 2): 0.5, (5, 5): -0.5})
    grid, moments = rows.grid(), rows.panel(AOV).moments
    panel = Panel(grid, rows.visitors, rows.revenue, moments)
    alone = estimate(panel, RPV)
    factors = [(rows.panel(), ORDER_RATE), (rows.panel(AOV), AOV)]
    product = estimate(panel, RPV, factors=factors)
    for cell in (at(alone, 3, 2), at(alone, 5, 5)):
        assert product.lfsr[cell] < min(alone.lfsr[cell] + 1e-6, 0.01)
    assert (product.lfsr <= 0.05).sum() == 2
    np.testing.assert_allclose(product.expected, alone.expected)


def told_of(store: list[int], segment: list[int], day: list[int], x: list[float], y: list[float], **how: bool) -> Estimates:
    return estimate(Panel(Grid.of(store, segment, day), np.array(x, float), np.array(y, float)), CONVERSION, **how)


@pytest.mark.parametrize(("x", "y"), [(-1.0, 1.0), (1.0, -1.0), (np.nan, 1.0), (1.0, np.inf)])
def test_sums_that_cannot_be_are_refused(x: float, y: float) -> None:
    with pytest.raises(ValueError, match="finite and not below 0"):
        told_of([1], [1], [1], [x], [y])


@pytest.mark.parametrize("centred", [False, True])
def test_what_is_empty_or_thin_says_so(*, centred: bool) -> None:
    assert len(told_of([], [], [], [], [], centred=centred).effect) == 0
    for x, y in ((0.0, 0.0), (10.0, 1.0), (0.0, 5.0), (1e9, 1e6), (50.0, 50.0)):
        told = told_of([1], [1], [1], [x], [y], centred=centred)
        assert told.thin.all()
        assert told.reason[0]
        assert told.lfsr[0] >= 0.5
        assert np.isfinite(told.effect).all()


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize(
    ("shape", "y", "why"),
    [
        ({"stores": 1}, None, "fewer than 3 peers"),
        ({"days": 1}, None, "fewer than 4 active weeks"),
        ({}, 0.0, "fewer than 5 events expected"),
    ],
)
def test_each_rule_of_minimum_data_is_named(shape: dict[str, int], y: float | None, why: str, *, centred: bool) -> None:
    rows = world(1, **{"stores": 5, "days": 60, **shape}, traffic=900.0)
    panel = rows.panel()
    told = estimate(panel if y is None else Panel(panel.grid, panel.x, np.full_like(panel.x, y)), CONVERSION, centred=centred)
    assert told.thin.all()
    assert why in set(told.reason)


def test_a_store_of_one_segment_has_nothing_of_its_own_to_compare() -> None:
    told = found(world(1, segments=1), centred=True)
    assert set(told.reason) == {"no other segment to take the store's level from"}


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_runs_on_values_all_alike_and_on_none(metric: object) -> None:
    rows = world(1)
    grid = rows.grid()
    count = grid.by_cell(rows.orders)
    for y, moments in ((rows.orders, Moments(count, count, count)), (rows.orders * 0.0, Moments(*[count * 0.0] * 3))):
        told = estimate(Panel(grid, rows.visitors, y, moments), metric)  # type: ignore[arg-type]
        assert np.isfinite(told.effect).all()
        assert np.isfinite(told.lower).all()
