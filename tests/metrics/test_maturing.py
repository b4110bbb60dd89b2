"""Refunds still to come: the curve and the estimate by hand, laws on any refunds, intervals that cover what they say."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returning import returning
from small import MONDAY, Small, ripe

from assets.pacing.delays import FINAL, Curve, curve_of, seen
from assets.pacing.lumps import at_least, interval
from assets.pacing.maturing import known_until, matured_refunds
from assets.pacing.ripening import Cell, Level, ahead
from checks.reconciliation import LAWS, judge

LAWS_OF_IT = [law for law in LAWS if law.about == "matured_refunds"]


def told(delays: list[int], ages: list[int], numbers: list[float]) -> Curve:
    """The curve of refunds alone, drawn to nothing."""
    return curve_of(seen(np.array(delays), np.array(ages), np.array(numbers)), ())


# ---- The curve ------------------------------------------------------------------------------------


def test_a_curve_by_hand() -> None:
    """Three days, two, one and none days old, refunded 4 + 4 + 2, 6 + 4 and 5 at once, next day, the day after.

    Of 10 that came by the second day 2 came on it: a fifth. Of 18 by the first 8: four ninths. So 4/5 has come by the first, and
    5/9 of that at once.
    """
    curve = told([0, 1, 2, 0, 1, 0], [2, 2, 2, 1, 1, 0], [4, 4, 2, 6, 4, 5])
    assert curve.share[:4] == pytest.approx([4 / 9, 4 / 5, 1, 1])
    assert curve.error[:3] == pytest.approx([((4 / 9) / (5 / 9) / 18 + 0.2 / 0.8 / 10) ** 0.5, (0.25 / 10) ** 0.5, 0])


def test_a_curve_without_refunds_is_that_of_the_wider_group() -> None:
    """And one with as many as pull is half-way in its hazards."""
    wide = seen(np.array([0, 1]), np.array([90, 90]), np.array([300.0, 300.0]))
    none = seen(np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([]))
    quick = seen(np.array([0]), np.array([90]), np.array([30.0]))
    assert curve_of(none, (wide,)).share[0] == pytest.approx(0.5)
    assert curve_of(quick, (wide,)).share[0] == pytest.approx(0.75)


def test_older_days_that_were_refunded_more_are_not_taken_for_slowness() -> None:
    """The level fell by half; every day's refunds still come half at once and half after ten days."""
    days = range(100)
    number = [100.0 if day < 50 else 50.0 for day in days]
    late = [day for day in days if 99 - day >= 10]
    curve = told(
        [0] * 100 + [10] * len(late),
        [99 - day for day in days] + [99 - day for day in late],
        number + [number[day] for day in late],
    )
    assert curve.share[0] == pytest.approx(0.5)


refunds_seen = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 400), st.integers(1, 50)), max_size=40)


@given(refunds_seen, refunds_seen)
def test_a_curve_never_falls_and_ends_at_one(own: list[tuple[int, int, int]], wider: list[tuple[int, int, int]]) -> None:
    groups = [
        seen(*(np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1)), np.array([float(row[2]) for row in rows]))
        for rows in (own, wider)
    ]
    curve = curve_of(groups[0], (groups[1],))
    assert curve.share[FINAL] == 1
    assert (np.diff(curve.share) >= 0).all()
    assert (curve.share >= 0).all()
    assert np.isfinite(curve.error).all()


def test_refunds_are_known_to_the_last_day_of_orders_unless_they_fall_silent() -> None:
    """With one a day, four silent days happen once in fifty (e^-4), five less than once in a hundred."""
    daily = [MONDAY + timedelta(days=n) for n in range(30)]
    assert known_until(daily[-1] + timedelta(days=4), daily) == daily[-1] + timedelta(days=4)
    assert known_until(daily[-1] + timedelta(days=5), daily) == daily[-1]
    assert known_until(daily[-3], daily) == daily[-1]
    assert known_until(daily[-1], []) == daily[-1]


# ---- The estimate ---------------------------------------------------------------------------------


def test_what_is_still_to_come_by_hand() -> None:
    """A day's sales of 1,000, half ripe, 80 refunded, where a tenth is usual in refunds of 10 and weeks vary by √0.1.

    The usual rate weighs 10 / (0.1 × 0.1) = 1,000 of sales: the day's own is (80 + 100) / 1,500 = 0.12, of 500 still to ripen 60.
    Its variance: 10 × 60 × (1 + 500 / 1,500) = 800.
    """
    nothing = np.zeros(1, dtype=np.bool_)
    none = seen(np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([]))
    cell = Cell(np.array([1000]), np.array([80]), nothing, nothing, np.array([0]), none, 10.0)
    curve = Curve(np.append(0.5, np.ones(FINAL)), np.zeros(FINAL + 1))
    found = ahead(cell, slice(0, 1), curve, Level(rate=0.1, error=0.0, lump=10.0, roughness=0.1))
    assert (found.mean, found.variance, found.unripe) == pytest.approx((60, 800, 500))


def test_an_old_week_is_what_it_shows() -> None:
    small = ripe()
    small.build("matured_refunds")
    rows = small.rows(f"select distinct matured_refunds, share_matured from matured_refunds where period_start = '{MONDAY}'")
    assert rows == [(Decimal(210), 1.0)]
    for law in LAWS_OF_IT:
        assert judge(law, small.connection).passed
        small.connection.execute("update matured_refunds set matured_refunds = matured_refunds - 0.01 where category = 'all'")
        assert not judge(law, small.connection).passed
        small.connection.execute("update matured_refunds set matured_refunds = matured_refunds + 0.01 where category = 'all'")


def test_without_dates_of_refunds_it_is_said_why() -> None:
    small = ripe()
    small.connection.execute("delete from refund_coverage")
    small.connection.execute("update refund_lines set refund_day = null")
    small.build("matured_refunds")
    sold = "select distinct goods_refund_rate, matured_refunds, why_unknown from matured_refunds where discounted_sales > 0"
    assert small.rows(sold) == [(0.1, None, "its exports do not date refunds")]


def test_few_refunds_tell_nothing() -> None:
    small = Small()
    small.store()
    small.order("o", MONDAY, [("mug", 1, "100", "0")])
    small.refund("r", "o", MONDAY, "100", "100", line="o-1")
    small.build("matured_refunds")
    assert small.one("select distinct why_unknown from matured_refunds") == "too few refunds are dated to tell how they come"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 119), st.sampled_from([0.3, 3.0, 20.0]))
def test_what_came_is_never_taken_back(seed: int, cut: int, volume: float) -> None:
    """Any store, any day: matured is no less than raw, categories add up to their store to the cent, in any order of rows."""
    made = returning(seed, [("one", volume), ("other", 5.0)], 120)
    days, delays = made.seen(cut)
    found = matured_refunds(days, delays)
    known = found.filter(pl.col("matured_refunds").is_not_null())
    assert (known["matured_refunds"] >= known["refunds_goods_order_day"]).all()
    assert (known["matured_refunds_lower"] >= known["refunds_goods_order_day"]).all()
    assert known["share_matured"].is_between(0, 1).all()
    key = ["store", "grain", "period_start"]
    sums = known.filter(pl.col("category") != "all").group_by(key).agg(pl.col("matured_refunds", "discounted_sales").sum())
    whole = known.filter(pl.col("category") == "all", pl.col("discounted_sales") > 0)
    beside = whole.join(sums, on=key, suffix="_of_parts")
    assert beside.height == whole.height
    assert (beside["matured_refunds"] == beside["matured_refunds_of_parts"]).all()
    assert (beside["discounted_sales"] == beside["discounted_sales_of_parts"]).all()
    assert found.equals(matured_refunds(days.sample(fraction=1, shuffle=True, seed=seed), delays.reverse()))


# ---- Intervals ------------------------------------------------------------------------------------


def test_an_interval_of_lumps_covers_what_it_says() -> None:
    """Sums of a few to many unlike lumps; nothing at all is inside where it is likely."""
    rng = np.random.default_rng(3)
    assert interval(0.02, 0.02, 1.0, 0.9)[0] == 0
    for mean in (0.5, 4.0, 60.0):
        numbers = rng.negative_binomial(5, 5 / (5 + mean), 4000)
        sums = np.array([rng.gamma(1.0, 1.0, n).sum() for n in numbers])  # lumps of mean 1, the noise's variance twice the mean
        variance = 2 * mean + mean**2 / 5
        lower, upper = interval(mean, variance, 2.0, 0.9)
        assert 0.87 <= ((sums >= lower) & (sums <= upper)).mean() <= 0.97
        assert abs(at_least(mean, mean, variance, 2.0) - (sums >= mean).mean()) < 0.08


def covered(seeds: range, stores: list[tuple[str, float]]) -> tuple[float, float, float]:
    """Of weeks not ripe yet, the share within the interval; the mean error of the raw rate and of the matured one."""
    inside: list[bool] = []
    raw, matured = [], []
    for seed in seeds:
        made = returning(seed, stores)
        for cut in (150, 225, 299):
            rows = matured_refunds(*made.seen(cut)).filter(pl.col("grain") == "week", pl.col("share_matured") < 0.97)
            whole = rows.filter(pl.col("period_start").dt.offset_by("6d") <= date(2026, 1, 5) + timedelta(days=cut))
            ended = whole.join(made.final(), on=["store", "category", "period_start"]).with_columns(
                pl.selectors.decimal().cast(float)
            )
            ends = [pl.col(f"matured_refunds_{end}") for end in ("lower", "upper")]
            inside += ended.select(pl.col("final").is_between(ends[0] - 0.01, ends[1] + 0.01)).to_series().to_list()
            final = pl.col("final") / pl.col("discounted_sales")
            raw += ended.select(pl.col("goods_refund_rate") - final).to_series().to_list()
            matured += ended.select(pl.col("matured_refund_rate") - final).to_series().to_list()
    return float(np.mean(inside)), float(np.mean(raw)), float(np.mean(matured))


def test_intervals_of_matured_refunds_cover_what_they_say() -> None:
    """Weeks of large and small stores, by category, whose rates vary by a fifth and drift: nine in ten end within."""
    inside, raw, matured = covered(range(3), [("large", 60.0), ("middling", 15.0), ("small", 4.0)])
    assert 0.85 <= inside <= 0.95
    assert raw < -0.03
    assert abs(matured) < 0.01


@pytest.mark.soak
def test_intervals_of_matured_refunds_cover_what_they_say_in_many_stores() -> None:
    for volume in (60.0, 15.0, 4.0, 1.0):
        inside, _, matured = covered(range(20), [("large", 60.0), ("one", volume)])
        assert 0.85 <= inside <= 0.96
        assert abs(matured) < 0.01
