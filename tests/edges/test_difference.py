"""Margins and price positions: compared by their difference, which may be below zero, with noise of their own weeks."""

import numpy as np
import pytest

from assets.edges.compared import MARGIN, PRICE_POSITION
from assets.edges.estimate import Estimates, estimate
from assets.edges.panel import Floats, Grid, Moments, Panel

STORES, SEGMENTS, DAYS, LINES = 8, 5, 84, 6


def margins(seed: int, *, apart: dict[tuple[int, int], float] | None = None, levels: float = 0.0, noise: float = 0.05) -> Panel:
    """Sales and margins a day: a share of 0.4, the week's and the line's chance, the store's level, and what is planted."""
    rng = np.random.default_rng(seed)
    shape = (STORES, SEGMENTS, DAYS)
    share = np.full(shape, 0.4) + (levels * rng.standard_normal(STORES))[:, None, None]
    for cell, difference in (apart or {}).items():
        share[cell] += difference
    share += np.repeat(noise * rng.standard_normal((STORES, SEGMENTS, DAYS // 7)), 7, axis=2)
    count = rng.poisson(LINES, shape)
    sales = 100.0 * count
    margin = sales * share + 10.0 * np.sqrt(count) * rng.standard_normal(shape)
    store, segment, day = (index.ravel() for index in np.indices(shape))
    grid = Grid.of(store, segment, day)
    none = np.zeros(grid.cells)
    moments = Moments(grid.by_cell(count.ravel().astype(float)), none, none)
    return Panel(grid, sales.ravel(), margin.ravel(), moments, signed=True)


def at(told: Estimates, store: int, segment: int) -> int:
    return int(np.flatnonzero((told.store == store) & (told.segment == segment))[0])


@pytest.mark.parametrize("centred", [False, True])
def test_where_nothing_is_nothing_is_claimed(*, centred: bool) -> None:
    claims = [int((estimate(margins(seed), MARGIN, centred=centred).lfsr <= 0.05).sum()) for seed in range(8)]
    assert sum(claims) == 0


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("difference", [0.12, -0.12])
def test_a_planted_difference_is_found_with_its_sign_and_size(difference: float, *, centred: bool) -> None:
    told = estimate(margins(3, apart={(2, 3): difference}), MARGIN, centred=centred, scale=np.full(STORES * SEGMENTS, 1000.0))
    cell = at(told, 2, 3)
    assert told.lfsr[cell] < 0.01
    assert told.lower[cell] < difference < told.upper[cell]
    assert told.value[cell] == pytest.approx(1000.0 * told.effect[cell]), "a difference is worth its share of sales"
    assert told.observed[cell] / told.exposure[cell] == pytest.approx(0.4 + difference, abs=0.03)
    assert told.expected[cell] / told.exposure[cell] == pytest.approx(0.4, abs=0.03)
    assert (told.lfsr <= 0.05).sum() == 1
    assert (told.weeks_ahead[cell] > 8) == (difference > 0)


def test_a_margin_may_be_lost() -> None:
    told = estimate(margins(4, apart={(1, 1): -0.6}), MARGIN)
    cell = at(told, 1, 1)
    assert told.observed[cell] < 0.0
    assert told.effect[cell] == pytest.approx(-0.6, abs=0.06)


def test_a_level_of_the_store_is_taken_out_of_its_own_part() -> None:
    panel = margins(5, levels=0.1, noise=0.02)
    assert (estimate(panel, MARGIN).lfsr <= 0.05).any()
    assert not (estimate(panel, MARGIN, centred=True).lfsr <= 0.05).any()


def test_few_items_tell_less_of_a_price_position_than_many() -> None:
    """The same prices day for day: what is not sure is whether other items are priced alike."""
    store, day = (index.ravel() for index in np.indices((6, 56)))
    grid = Grid.of(store, np.zeros_like(store), day)
    level = np.array([0.1, -0.1, 0.0, 0.05, -0.05, 0.0])[store]

    def spread(items: float) -> Floats:
        x = np.full(len(store), items)
        squares = x * (level**2 + 0.1**2)
        moments = Moments(*(grid.by_cell(rows) for rows in (x, x * level, squares)))
        return estimate(Panel(grid, x, x * level, moments, signed=True), PRICE_POSITION).raw_error

    assert (spread(2.0) > 2.0 * spread(18.0)).all()


def test_a_difference_without_a_count_is_refused() -> None:
    panel = margins(1)
    with pytest.raises(ValueError, match="number of values"):
        estimate(Panel(panel.grid, panel.x, panel.y, signed=True), MARGIN)


def test_a_cell_whose_sales_all_came_back_is_too_thin_and_breaks_nothing() -> None:
    """Lines there were, sales none are left: nothing is divided by them, and nothing is claimed."""
    whole = margins(7)
    gone = np.asarray(whole.grid.row_cell) == 5
    panel = Panel(whole.grid, np.where(gone, 0.0, whole.x), np.where(gone, 0.0, whole.y), whole.moments, signed=True)
    told = estimate(panel, MARGIN)
    assert told.thin[5]
    assert told.reason[5] == "exposure below 30"
