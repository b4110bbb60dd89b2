"""The back-test: passes where edges last, claims nothing where there are none, and a placebo that fails withholds the list."""

import polars as pl
import pytest
from days import REPORTING, cell_days
from simulated import simulate

from assets.edges import placebo
from assets.edges.backtest import (
    ALL,
    FAILED,
    GAP_DAYS,
    NO_CLAIMS,
    NO_DATA,
    PASSED,
    TOO_SHORT,
    back_test,
    folds,
    lasting,
)
from assets.edges.cells import NOT_HELD, PLACEBO_FAILED, edges, known_days, panels_of
from assets.edges.compared import COMPARED
from assets.edges.lineup import lineup
from assets.edges.recommend import recommendations

EDGES = {(f"s{i}", f"g{(3 * i) % 10}"): 0.5 - (i % 3) * 0.4 for i in range(8)} | {
    (f"s{i}", f"g{(3 * i + 4) % 10}"): 0.35 for i in range(8)
}


def recommended(days: pl.DataFrame, tested: pl.DataFrame) -> pl.DataFrame:
    return recommendations(edges(days, tested, REPORTING), tested, REPORTING)


def overall(tested: pl.DataFrame) -> dict[str, object]:
    return tested.filter(pl.col("segment_type") == ALL).row(0, named=True)


def test_days_are_split_by_time_with_a_gap() -> None:
    assert folds(112) == ([(56, 63, 112)], 0)
    year, left_out = folds(364)
    assert (len(year), left_out) == (4, 0)
    for fitted, start, end in year:
        assert start - fitted == GAP_DAYS
        assert end - start == 56
    assert [b[1] for b in year[1:]] == [a[2] for a in year[:-1]], "no later day is looked at twice"
    assert year[-1][2] == 364
    assert folds(364, cells=100_000) == (year[-2:], 4)


def test_too_short_a_history_says_so_and_promises_as_it_is() -> None:
    tested = back_test(cell_days(1, days=84, edges={("s1", "g1"): 0.6}))
    assert tested.height == 1
    assert (tested["verdict"][0], tested["reason"][0]) == (TOO_SHORT, "12 weeks of history, 16 are needed")
    rows = recommended(cell_days(1, days=84, edges={("s1", "g1"): 0.6}), tested)
    assert rows["persistence"].null_count() == rows.height > 0
    assert rows["text_en"].str.contains("not back-tested: 12 weeks of history, 16 are needed", literal=True).all()
    assert rows["text_zh"].str.contains("尚未回测").all()
    assert overall(back_test(cell_days(1).clear()))["verdict"] == NO_DATA


def test_edges_that_last_pass() -> None:
    tested = back_test(cell_days(3, segments=10, days=140, edges=EDGES))
    told = overall(tested)
    assert told["verdict"] == PASSED, told["reason"]
    assert told["rmse_edge"] < min(told["rmse_raw"], told["rmse_mean"])
    assert told["persistence"] == pytest.approx(1.0, abs=0.12)
    assert told["promised_over_realised"] == pytest.approx(1.0, abs=0.2)
    assert told["placebo_labels"] == told["placebo_weeks"] == 0.0


def test_edges_that_halve_are_promised_by_half() -> None:
    halved = {cell: effect / 2.0 for cell, effect in EDGES.items()}
    days = cell_days(3, segments=10, days=140, edges=EDGES, later=halved, since=70)
    tested = back_test(days)
    assert overall(tested)["persistence"] == pytest.approx(0.5, abs=0.1)
    whole = recommended(days, tested.with_columns(persistence=pl.lit(1.0)))
    rows = recommended(days, tested)
    shares = rows.join(whole, on="id", suffix="_whole").select(
        told=pl.col("yearly_value_base").cast(pl.Float64) / pl.col("yearly_value_base_whole").cast(pl.Float64),
        meant="persistence",
    )
    assert shares.height > 5
    assert shares.select((pl.col("told") - pl.col("meant")).abs().max()).item() < 1e-3
    assert rows["text_en"].str.contains("of past effects lasted, counted in").all()


def test_edges_that_turn_round_fail_and_promise_nothing() -> None:
    turned = {cell: -effect for cell, effect in EDGES.items()}
    tested = back_test(cell_days(3, segments=10, days=140, edges=EDGES, later=turned, since=70))
    told = overall(tested)
    assert told["verdict"] == FAILED
    assert "claimed signs held less often than expected" in str(told["reason"])
    assert set(lasting(tested).values()) == {0.0}
    days = cell_days(3, segments=10, days=140, edges=EDGES)
    rows = edges(days, tested, REPORTING).filter(pl.col("metric") == "conversion", pl.col("compared") == "own part")
    assert not rows["claimed"].any()
    assert (rows["reason_if_not_shown"] == NOT_HELD).sum() > 5


def test_where_nothing_is_nothing_is_claimed_by_anybody() -> None:
    for seed in range(3):
        tested = back_test(cell_days(seed, days=140, noise=0.4))
        assert overall(tested)["verdict"] == NO_CLAIMS
        assert overall(tested)["placebo_labels"] == overall(tested)["placebo_weeks"] == 0.0
        assert lasting(tested) == {}


def test_a_placebo_that_fails_withholds_the_list() -> None:
    days = cell_days(1, edges={("s1", "g1"): 0.7})
    fine = back_test(cell_days(1, days=140, edges={("s1", "g1"): 0.7}))
    failed = fine.with_columns(verdict=pl.when(pl.col("segment_type") == ALL).then(pl.lit(PLACEBO_FAILED)).otherwise("verdict"))
    assert edges(days, fine, REPORTING)["claimed"].any()
    rows = edges(days, failed, REPORTING)
    assert not rows["claimed"].any()
    assert (rows["reason_if_not_shown"] == PLACEBO_FAILED).sum() == edges(days, fine, REPORTING)["claimed"].sum()
    assert recommendations(rows, failed, REPORTING).is_empty()
    assert recommendations(edges(days, fine, REPORTING), failed, REPORTING).is_empty()
    assert set(lineup(rows, failed)["move"]) == {"even"}


def test_a_placebo_fails_only_beyond_chance() -> None:
    cells = tuple(("category", 0, 0, i) for i in range(1000))
    assert [placebo.fails(placebo.Found(cells, cells[:claims])) for claims in (0, 1, 3, 4, 40)] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert not placebo.fails(placebo.Found((), ()))


def test_weeks_that_differ_by_turns_fail_a_placebo() -> None:
    """A store good in every other week only: its weeks are no sample of its years, and the list must say so."""
    days = cell_days(5, stores=10, days=168, visits=1500.0, noise=0.02)
    week = (pl.col("day") - days["day"].min()).dt.total_days() // 7 % 2
    apart = pl.col("segment").is_in(["g1", "g2"]) & pl.col("store").is_in(["s1", "s3", "s5"])
    times = pl.when(apart & (week == 1)).then(2.0).otherwise(1.0)
    told = [(pl.col(name) * times).cast(days.schema[name]) for name in ("orders", "sales", "sales_w", "sales_w_sq")]
    tested = back_test(days.with_columns(told))
    assert overall(tested)["verdict"] == PLACEBO_FAILED
    assert "between odd and even weeks" in str(overall(tested)["reason"])


def test_dealing_names_out_keeps_every_row_in_its_segment_and_week() -> None:
    days = cell_days(1, days=28)
    panels = panels_of(known_days(days, COMPARED[0]), COMPARED[0])
    found = placebo.labels_permuted(panels, COMPARED[0])
    assert len(found.tested) == 48
    assert found == placebo.labels_permuted(panels, COMPARED[0]), "the same every time"


def test_stores_of_one_segment_are_recommended_on_by_what_lasted_of_whole_comparisons() -> None:
    days = cell_days(1, stores=30, segments=1, days=112, visits=800.0, edges={(f"s{i}", "g0"): 0.6 for i in range(22)})
    tested = back_test(days)
    rows = recommended(days, tested)
    assert rows.height > 0
    of_level = lasting(tested, "level")
    assert rows["persistence"].to_list() == [of_level.get(("category", metric)) for metric in rows["metric"]]


@pytest.mark.soak
@pytest.mark.parametrize("regime", ["store_effects", "few_big", "overdispersed"])
def test_simulated_edges_pass(regime: str) -> None:
    for seed in range(3):
        told = overall(back_test(simulate(regime, seed).cell_days()))
        assert told["verdict"] == PASSED, told["reason"]


@pytest.mark.soak
def test_simulated_groups_without_edges_claim_nothing() -> None:
    for seed in range(5):
        told = overall(back_test(simulate("null", seed).cell_days()))
        assert told["verdict"] == NO_CLAIMS
