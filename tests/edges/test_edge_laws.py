"""What must not change an edge: names, the order of rows, units of money, how a day is cut up, rows with nothing in them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import World, world

from assets.edges.estimate import Estimates, estimate
from assets.edges.metrics import AOV, CONVERSION, RPV, Metric
from assets.edges.panel import Grid, Ints, Moments, Panel

FEW = settings(max_examples=15)
SEEDS = st.integers(0, 10_000)
EDGES = {(2, 1): 0.7, (5, 3): -0.6}
TOLD = ("exposure", "observed", "expected", "raw", "effect", "sd", "lower", "upper", "lfsr", "value", "overdispersion", "shock")


def found(rows: World, metric: Metric = CONVERSION, *, centred: bool = False) -> Estimates:
    return estimate(rows.panel(metric), metric, centred=centred)


def same(one: Estimates, other: Estimates, order: Ints | slice = slice(None), *, names: tuple[str, ...] = TOLD) -> None:
    for name in names:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name)[order], rtol=2e-4, atol=2e-5, err_msg=name)


@FEW
@given(SEEDS)
def test_names_of_stores_and_segments_mean_nothing(seed: int) -> None:
    rows, rng = world(seed, edges=EDGES), np.random.default_rng(seed)
    stores, segments = rng.permutation(8), rng.permutation(6)
    one, other = found(rows), found(replace(rows, store=stores[rows.store], segment=segments[rows.segment]))
    place = {(s, g): i for i, (s, g) in enumerate(zip(other.store, other.segment, strict=True))}
    order = np.array([place[stores[s], segments[g]] for s, g in zip(one.store, one.segment, strict=True)])
    same(one, other, order)


@FEW
@given(SEEDS)
def test_the_order_of_rows_is_irrelevant(seed: int) -> None:
    rows = world(seed, edges=EDGES)
    same(found(rows), found(rows.take(np.random.default_rng(seed).permutation(len(rows.day)))))


@FEW
@given(SEEDS, st.sampled_from([0.01, 7.3, 1e5]), st.sampled_from([AOV, RPV]))
def test_the_unit_of_money_is_irrelevant(seed: int, rate: float, metric: Metric) -> None:
    rows = world(seed, edges=EDGES)
    panel = rows.panel(metric)
    assert panel.moments is not None
    moments = Moments(panel.moments.count, panel.moments.total * rate, panel.moments.squares * rate**2)
    converted = estimate(replace(panel, y=panel.y * rate, moments=moments), metric)
    same(estimate(panel, metric), converted, names=("raw", "effect", "sd", "lower", "upper", "lfsr"))


@FEW
@given(SEEDS)
def test_a_day_may_come_in_two_rows(seed: int) -> None:
    rows, rng = world(seed, edges=EDGES), np.random.default_rng(seed)
    counts = {name: getattr(rows, name) for name in ("visitors", "orders", "revenue")}
    parts = {name: np.floor(count * rng.random(len(count))) for name, count in counts.items()}
    part, rest = replace(rows, **parts), replace(rows, **{name: counts[name] - parts[name] for name in counts})
    both = World(*(np.concatenate([getattr(part, name), getattr(rest, name)]) for name in rows.__dataclass_fields__))
    same(found(rows), found(both))


@FEW
@given(SEEDS)
def test_rows_without_exposure_change_nothing(seed: int) -> None:
    rows = world(seed, edges=EDGES)
    empty = world(seed + 1, stores=3, segments=6, days=70, traffic=1e-9)
    more = World(*(np.concatenate([getattr(rows, name), getattr(empty, name)]) for name in rows.__dataclass_fields__))
    more = replace(more, store=np.concatenate([rows.store, empty.store + 100]))
    one, other = found(rows), found(more)
    same(one, other, np.flatnonzero(other.store < 100))
    assert other.thin[other.store >= 100].all()


@FEW
@given(SEEDS, st.sampled_from([0.02, 3.0, 500.0]), st.booleans())
def test_centred_effects_do_not_know_how_a_platform_counts_visitors(seed: int, times: float, levels: bool) -> None:
    rows = world(seed, edges=EDGES, levels=0.2 if levels else 0.0)
    counted = replace(rows, visitors=np.where(rows.store == 2, rows.visitors * times, rows.visitors))
    same(found(rows, centred=True), found(counted, centred=True), names=("raw", "effect", "sd", "lower", "upper", "lfsr"))


def test_labels_may_be_text_and_days_may_be_dates() -> None:
    rows = world(1, edges=EDGES)
    dates = np.datetime64("2026-01-01") + rows.day.astype("timedelta64[D]")
    names = Grid.of(np.array([f"store {s}" for s in rows.store]), np.array([f"segment {g}" for g in rows.segment]), dates)
    told = estimate(Panel(names, rows.visitors, rows.orders), CONVERSION)
    same(found(rows), told)
    assert told.store[0] == "store 0"
    assert told.segment[-1] == "segment 5"


def test_days_that_are_no_days_are_refused() -> None:
    with pytest.raises(ValueError, match="the days span"):
        Grid.of([1, 1], [1, 1], [20250101, 20260101])
