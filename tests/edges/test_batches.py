"""Events read in batches: the same cells, days and sums however the rows are cut, and the same as all of them at once."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import world

from assets.edges import batches, panel
from assets.edges.batches import BY_CELL, COLUMNS, DAILY, Events, events_of, read
from assets.edges.events import edges
from assets.edges.metrics import CONVERSION
from assets.edges.panel import Grid
from assets.home import UsageError


def table(seed: int = 1, most: int = 70) -> pl.DataFrame:
    """Events of a few stores, in any order, one of them from the middle on, counts beyond a byte among them."""
    rows, rng = world(seed, stores=5, segments=4, days=most), np.random.default_rng(seed)
    made = pl.DataFrame(
        {
            "store": rows.store,
            "segment": pl.Series(rows.segment).cast(pl.String),
            "day": rows.day + 20_000,
            "visitors": rows.visitors * 9,
            "buyers": rows.orders,
            "orders": rows.orders.astype(int),
            "revenue": rows.revenue * 1.02,
            "refunds": np.floor(rows.orders * 0.06),
            "revenue_w": rows.revenue,
            "revenue_w_sq": rows.revenue * 60.0,
        }
    )
    return made.filter((pl.col("store") != 3) | (pl.col("day") > 20_000 + most // 2))[
        rng.permutation(made.height - most // 2 * 4 - 4)
    ]


def in_full(told: pl.DataFrame) -> tuple[Grid, pl.DataFrame]:
    """The same with all rows as they are."""
    return Grid.of(told["store"].to_numpy(), told["segment"].to_numpy(), told["day"].to_numpy()), told


def same(events: Events, told: pl.DataFrame) -> None:
    grid, rows = in_full(told)
    np.testing.assert_array_equal(events.stores.gather(events.grid.store), grid.stores[grid.store])
    np.testing.assert_array_equal(events.segments.gather(events.grid.segment), grid.segments[grid.segment])
    np.testing.assert_array_equal(events.grid.row_cell, grid.row_cell)
    np.testing.assert_array_equal(events.grid.row_day, grid.row_day)
    assert (events.grid.days, events.grid.blocks) == (grid.days, grid.blocks)
    for name in DAILY:
        np.testing.assert_array_equal(events.rows[name], rows[name].to_numpy())
    for name in BY_CELL:
        np.testing.assert_allclose(events.cells[name], grid.by_cell(rows[name].to_numpy()), rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 500))
def test_however_rows_are_cut_the_same_is_kept(seed: int, at_once: int) -> None:
    told = table(seed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batches, "ROWS_AT_ONCE", at_once)
        patched.setattr(panel, "ROWS_AT_ONCE", max(at_once // 3, 1))
        same(events_of(told), told)


def test_sums_over_parts_are_sums_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "ROWS_AT_ONCE", 37)
    grid, told = in_full(table())
    rng = np.random.default_rng(0)
    values, by_cell, by_day = told["visitors"].to_numpy(), rng.random(grid.cells), rng.random(grid.days)
    cells, blocks, days = np.zeros(grid.cells), np.zeros((grid.cells, grid.blocks)), np.zeros(grid.days)
    for value, cell, day in zip(values, grid.row_cell, grid.row_day, strict=True):
        cells[cell] += value
        blocks[cell, min(day // 7, grid.blocks - 1)] += value * by_day[day]
        days[day] += value * by_cell[cell]
    np.testing.assert_allclose(grid.by_cell(values), cells)
    np.testing.assert_allclose(grid.by_block(values, by_day), blocks)
    np.testing.assert_allclose(grid.by_day(values, by_cell), days)
    np.testing.assert_allclose(grid.by_block(values).sum(axis=1), cells)


def test_counts_are_kept_small_and_money_exact() -> None:
    kept = events_of(table()).rows
    assert {name: kept[name].dtype.name for name in ("visitors", "refunds", "revenue_w")} == {
        "visitors": "uint16",
        "refunds": "uint8",
        "revenue_w": "float64",
    }
    many = table().with_columns(visitors=pl.lit(5_000_000_000))
    np.testing.assert_array_equal(events_of(many).rows["visitors"], 5e9)
    half = table().with_columns(orders=pl.lit(0.5))
    np.testing.assert_array_equal(events_of(half).rows["orders"], 0.5)


def test_edges_are_the_same_from_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    told = table(7)
    whole = edges(events_of(told))
    for module, name, few in ((batches, "ROWS_AT_ONCE", 101), (panel, "ROWS_AT_ONCE", 64)):
        monkeypatch.setattr(module, name, few)
    for module in ("assets.edges.mixture", "assets.edges.noise"):
        monkeypatch.setattr(f"{module}.CELLS_AT_ONCE", 3)
    monkeypatch.setattr("assets.edges.posterior.CHUNK", 4)
    parts = edges(events_of(told))
    assert whole.height > 0
    assert whole.select("store", "segment", "metric").equals(parts.select("store", "segment", "metric"))
    for name in ("effect", "lower", "upper", "lfsr"):
        np.testing.assert_allclose(parts[name], whole[name], atol=1e-7)


def test_a_csv_whose_labels_turn_to_text_late_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "TELLING_ROWS", 5)
    told = table().sort("store")
    late = pl.concat([told, told.head(3).with_columns(day=pl.lit(20_001, pl.Int64))]).with_row_index()
    late = late.with_columns(
        store=pl.when(pl.col("index") < told.height).then(pl.col("store").cast(pl.String)).otherwise(pl.lit("a"))
    )
    late.drop("index").write_csv(tmp_path / "events.csv")
    assert "a" in read(tmp_path / "events.csv").stores.to_list()


@pytest.mark.parametrize("name", COLUMNS)
def test_a_gap_in_a_late_batch_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_AT_ONCE", 50)
    told = table().with_row_index()
    gap = told.with_columns(pl.when(pl.col("index") < told.height - 1).then(pl.col(name)).alias(name)).drop("index")
    with pytest.raises(UsageError, match=f"{name} must be filled"):
        events_of(gap)


def test_no_rows_at_all_are_no_cells() -> None:
    empty = events_of(table().clear())
    assert (empty.grid.cells, empty.grid.days) == (0, 0)
    assert edges(empty).is_empty()
    assert CONVERSION.name not in edges(empty)["metric"].to_list()
