"""Targets: gaps are split to the cent, shares are the store's own, the forecast covers what it says, errors are plain."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returning import FIRST, paced_days, returning
from rolling import brier, rolled
from small import CURRENCY, Small, plan

from assets import plans
from assets.home import Home, UsageError
from assets.pacing.lumps import interval
from assets.pacing.maturing import matured_refunds
from assets.pacing.pace import EFFECTS, Target, kpi_pacing
from assets.pacing.shape import Shape, learned, outlook
from assets.pacing.split import in_cents, shapley
from assets.pacing.unripe import NOTHING, unripe_of
from checks.reconciliation import LAWS, judge

MONDAY = date(2026, 3, 2)
SPLIT = ("orders_effect", "refund_effect", *dict.fromkeys(EFFECTS.values()))


def on(monday: date, days: int) -> list[date]:
    """So many days from a day on."""
    return [monday + timedelta(days=n) for n in range(days)]


# ---- The split ------------------------------------------------------------------------------------


def test_a_split_by_hand() -> None:
    """100 × 2 % was planned, 120 × 3 % came: visitors made half of 20 at each rate, conversion the rest."""
    now = {"visits": Fraction(120), "conversion": Fraction(3, 100)}
    planned = {"visits": Fraction(100), "conversion": Fraction(2, 100)}
    assert shapley(now, planned) == {"visits": Fraction(1, 2), "conversion": Fraction(11, 10)}


factor = st.fractions(min_value=0, max_value=1000, max_denominator=1000)


@given(st.lists(st.tuples(factor, factor), min_size=1, max_size=6))
def test_the_parts_of_a_split_add_up(pairs: list[tuple[Fraction, Fraction]]) -> None:
    """Exactly in fractions, and to the cent in cents; what did not change made nothing."""
    now, planned = ({f"f{n}": pair[side] for n, pair in enumerate(pairs)} for side in (0, 1))
    parts = shapley(now, planned)
    total = prod(now.values()) - prod(planned.values())
    assert sum(parts.values()) == total
    assert all(parts[name] == 0 for name in now if now[name] == planned[name])
    rounded = Decimal(round(total * 100)) / 100
    cents = in_cents(parts, rounded)
    assert sum(cents.values()) == rounded
    assert all(abs(Fraction(cents[name]) - parts[name]) <= Fraction(1, 50) for name in parts)


# ---- The shape and the outlook --------------------------------------------------------------------


def test_a_shape_by_hand() -> None:
    """Eight weeks of 10 on working days and 20 at weekends: drawn by two mean days, a working day is 0.822, a weekend's 1.444."""
    days = {day: 20.0 if day.weekday() >= 5 else 10.0 for day in on(MONDAY, 56)}
    shape = learned(days, frozenset())
    assert shape.weekdays == pytest.approx((74 / 90,) * 5 + (130 / 90,) * 2)
    assert shape.months == (1.0,) * 12
    assert shape.total(on(MONDAY, 7), frozenset()) == pytest.approx(7)


def test_a_promotion_lifts_its_days() -> None:
    """Three days at three times the rest: drawn by three mean days, they weigh twice as much. Three weeks have no shape."""
    special = frozenset(on(MONDAY + timedelta(days=56), 3))
    days = dict.fromkeys(on(MONDAY, 56), 10.0) | dict.fromkeys(special, 30.0)
    assert learned(days, special).promotion == pytest.approx((90 + 30) / (30 + 30))
    assert learned(dict.fromkeys(on(MONDAY, 20), 10.0), frozenset()) == Shape()


def test_a_year_has_a_season() -> None:
    """Where November sells twice as much as other months, a day of it weighs about twice as much."""
    days = {day: 20.0 if day.month == 11 else 10.0 for day in on(date(2025, 1, 1), 400)}
    months = learned(days, frozenset()).months
    assert months[10] / months[5] == pytest.approx(1.8, abs=0.1)


def test_growth_is_no_season() -> None:
    """A store that doubles over a year, evenly, has no months; nor has one of which no week is known a year later."""
    grown = {day: 10.0 * 2 ** (n / 365) for n, day in enumerate(on(date(2025, 1, 6), 430))}
    months = learned(grown, frozenset()).months
    assert max(months) / min(months) < 1.06
    young = {day: value for day, value in grown.items() if (day - date(2025, 1, 6)).days < 380}
    assert learned(young, frozenset()).months == (1.0,) * 12


def test_the_forecasts_interval_covers_what_it_says() -> None:
    """Of 400 made-up stores nine in ten end within it: half a year of noisy days, weekdays, for half of them a drift."""
    rng = np.random.default_rng(7)
    within, hits = 0, 0
    for _ in range(400):
        level = rng.uniform(5, 60) * np.exp(np.cumsum(rng.normal(0, 0.02, 212)) * rng.integers(0, 2))
        means = [one * (1.4 if n % 7 >= 5 else 0.9) for n, one in enumerate(level)]
        came = [float(rng.negative_binomial(one / 1.5, 1 / 2.5)) for one in means]
        known = dict(zip(on(MONDAY, 196), came[:196], strict=True))
        ahead = outlook(known, on(MONDAY + timedelta(days=196), 16), learned(known, frozenset()), frozenset())
        assert ahead is not None
        end = sum(came[196:])
        lower, upper = interval(ahead.mean, ahead.variance, ahead.lump, 0.9)
        within += lower <= end <= upper
        hits += end >= ahead.mean
    assert 0.85 <= within / 400 <= 0.95
    assert 0.42 <= hits / 400 <= 0.58


# ---- The table ------------------------------------------------------------------------------------


def paced(
    target: str,
    made: Sequence[tuple[int, int, str]],
    *,
    metric: str = "gross_sales",
    missing: Sequence[date] = (),
    refund: tuple[int, str] | None = None,
) -> Small:
    """A store with days of (orders, visits, price) from 5 January on, and a target of the week of 2 March."""
    small, first = Small(), date(2026, 1, 5)
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    row = {"store": "shop", "grain": "week", "period_start": MONDAY, "metric": metric, "target": Decimal(target)}
    small.source("reference_targets", [row])
    small.store()
    for n, (orders, visits, price) in enumerate(made):
        day = first + timedelta(days=n)
        for k in range(0 if day in missing else orders):
            small.order(f"{n}-{k}", day, [("mug", 1, price, "0")])
        small.traffic(day, "shop", visitors=visits)
    if refund:
        day = first + timedelta(days=refund[0])
        small.refund("r", f"{refund[0]}-0", day, refund[1], refund[1], line=f"{refund[0]}-0-1")
    small.days_known(first, first + timedelta(days=len(made) - 1), missing=missing)
    small.build("kpi_pacing")
    return small


PAST = [(1, 10, "100")] * 56


def one(small: Small, columns: str) -> tuple[object, ...]:
    """The one row."""
    (row,) = small.rows(f"select {columns} from kpi_pacing")
    return row


def test_a_finished_week_by_hand() -> None:
    """1,400 were asked, 700 came from 140 visits at half the rate: the visits are there, conversion made the whole gap."""
    small = paced("1400", [*PAST, *[(1, 20, "100")] * 7])
    columns = "actual, expected_so_far, gap, visitors_effect, conversion_effect, basket_effect, days_left, probability_of_hit"
    assert one(small, columns) == (700, 1400, -700, 0, -700, 0, 0, 0.0)
    assert one(small, "forecast, forecast_lower, forecast_upper") == (700, 700, 700)


def test_a_week_under_way_by_hand() -> None:
    """Three even days of seven: 300 of 700 were to be expected, 600 came: twice the basket; the same again is to come."""
    small = paced("700", [*PAST, *[(1, 10, "200")] * 3])
    assert one(small, "day, actual, expected_so_far, gap, basket_effect, days_left") == (
        MONDAY + timedelta(days=2), Decimal(600), Decimal(300), Decimal(300), Decimal(300), 4,
    )  # fmt: skip
    forecast, lower, upper, hit = one(small, "forecast, forecast_lower, forecast_upper, probability_of_hit")
    assert lower <= forecast <= upper  # type: ignore[operator]
    assert Decimal(1000) < forecast < Decimal(1100)  # type: ignore[operator]
    assert hit > 0.99  # type: ignore[operator]


def test_refunds_are_an_effect_of_their_own() -> None:
    small = paced("700", [*PAST, *[(1, 10, "100")] * 7], metric="net_sales_order_day", refund=(60, "40"))
    assert one(small, "actual, gap, visitors_effect, refund_effect") == (660, -40, 0, -40)


def test_without_visits_orders_take_their_place() -> None:
    small = paced("1400", [*PAST, *[(1, 20, "100")] * 7])
    small.connection.execute("delete from traffic")
    small.build("kpi_pacing")
    assert one(small, "visitors_effect, conversion_effect, orders_effect, basket_effect") == (None, None, -700, 0)


def test_a_missing_day_leaves_the_figure_unknown() -> None:
    """Not a partial sum: what is asked by now is said, what came is not."""
    small = paced("700", [*PAST, *[(1, 10, "100")] * 5], missing=[MONDAY + timedelta(days=1)])
    actual, gap, missing, why = one(small, "actual, gap, days_missing, why_unknown")
    assert (actual, gap, missing) == (None, None, 1)
    assert why == "1 of 5 days so far are missing, the first 2026-03-03"


def test_a_period_to_come_says_so() -> None:
    assert one(paced("700", PAST[:50]), "actual, why_unknown") == (None, "the period has not begun")


def test_periods_have_their_days() -> None:
    """A quarter that ends a year, a leap February, a year."""
    assert len(Target("s", "units", "quarter", date(2026, 10, 1), Decimal(1)).days) == 92
    assert len(Target("s", "units", "month", date(2024, 2, 1), Decimal(1)).days) == 29
    assert len(Target("s", "units", "year", date(2024, 1, 1), Decimal(1)).days) == 366


day_of_sale = st.tuples(st.integers(0, 4), st.integers(0, 40), st.integers(1, 99_999).map(lambda cents: f"{cents / 100:.2f}"))


@settings(max_examples=8, deadline=None)
@given(st.lists(day_of_sale, min_size=1, max_size=7), st.integers(1, 10_000_000), st.sampled_from(plans.TARGETED))
def test_every_gap_is_split_to_the_cent(week: list[tuple[int, int, str]], cents: int, metric: str) -> None:
    """Whatever came, the effects add up to the gap, as the law asks; actual is what a loop over the orders says."""
    small = paced(str(Decimal(cents) / 100), [*PAST, *week], metric=metric)
    (law,) = [law for law in LAWS if law.name == "gaps_are_split_to_the_cent"]
    assert judge(law, small.connection).passed
    parts = [value for value in one(small, ", ".join(SPLIT)) if value is not None]
    gap, actual = one(small, "gap, actual")
    if parts:
        assert sum(parts) == gap  # type: ignore[arg-type]
    sums = {"paid_orders": sum(orders for orders, *_ in week), "units": sum(orders for orders, *_ in week)}
    assert actual == sums.get(metric, sum(orders * Decimal(price) for orders, _, price in week))


def test_a_gap_that_does_not_add_up_breaks_the_law() -> None:
    small = paced("1400", [*PAST, *[(1, 20, "100")] * 7])
    (law,) = [law for law in LAWS if law.name == "gaps_are_split_to_the_cent"]
    small.connection.execute("update kpi_pacing set basket_effect = basket_effect + 0.01")
    assert not judge(law, small.connection).passed


# ---- What the owner writes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("targets.csv", "shop,day,2026-03-02,units,5", "the grain day is none of week, month, quarter, year"),
        ("targets.csv", "shop,week,2026-03-02,aov,5", "no metric that adds up over days"),
        ("targets.csv", "shop,week,2026-03-02,units,many", "the target many is no amount"),
        ("targets.csv", "shop,week,2026-03-02,units,-1", "the target -1 is no amount"),
        ("targets.csv", "shop,month,2026-03-02,units,5", "is not the first day of a month, which is 2026-03-01"),
        ("targets.csv", "shop,quarter,2026-02-01,units,5", "is not the first day of a quarter, which is 2026-01-01"),
        ("targets.csv", "shop,week,2/3/26,units,5", "a period starts on a date like 2026-01-01"),
        ("targets.csv", "shop,week,2026-03-02,units,5\nshop,week,2026-03-02,units,6", "stands twice"),
        ("costs.csv", ",mug,2026-03-02,cheap,CNY", "the cost cheap is no amount like 12.50"),
        ("costs.csv", ",mug,soon,1,CNY", "a cost is valid from a date like 2026-01-01"),
        ("costs.csv", ",mug,2026-03-02,1,yuan", "yuan is no currency like CNY"),
        ("costs.csv", ",mug,2026-03-02,1,CNY\n,mug,2026-03-02,2,CNY", "mug stands twice from 2026-03-02"),
        ("promotions.csv", "618,,2026-06-18,2026-06-17", "ends on 2026-06-17, before it starts on 2026-06-18"),
        ("promotions.csv", "618,,2026-06-18,later", "dates are written 2026-11-01"),
    ],
)
def test_a_wrong_line_is_told_in_one(home: Home, file: str, line: str, told: str) -> None:
    """The message names the file and the line's own words, on one line."""
    headers = {
        "targets.csv": "store,grain,period_start,metric,target",
        "costs.csv": "store,merchant_sku,valid_from,unit_cost,currency",
    }
    (home.reference / file).write_text(f"{headers.get(file, 'name,store,starts,ends')}\n{line}\n")
    reader = {"targets.csv": plans.targets, "costs.csv": plans.costs, "promotions.csv": plans.promotions}[file]
    with pytest.raises(UsageError) as error:
        reader(home)
    assert told in str(error.value)
    assert f"reference/{file}" in str(error.value)
    assert "\n" not in str(error.value)


def test_without_files_there_are_no_plans(home: Home) -> None:
    assert (plans.targets(home).height, plans.costs(home).height, plans.promotions(home).height) == (0, 0, 0)


# ---- Looking back ---------------------------------------------------------------------------------


def test_forecasts_made_over_and_over_are_calibrated() -> None:
    """Made-up stores, large and small: nine in ten periods end within, and what is said to be likely is what comes."""
    made = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        days = on(date(2025, 1, 6), 360)
        level = (2.0, 20.0)[seed % 2] * np.exp(np.cumsum(rng.normal(0, 0.02, 360)))
        sales = [float(np.round(np.exp(rng.normal(4, 0.6, n)), 2).sum()) for n in rng.poisson(level)]
        starts = [("month", day) for day in days if day.day == 1] + [("week", day) for day in days[::28]]
        made += rolled(dict(zip(days, sales, strict=True)), starts, frozenset(), rng)
    assert 0.85 <= np.mean([one.inside for one in made]) <= 0.95
    rate = np.mean([one.hit for one in made])
    assert brier(made) < 0.7 * rate * (1 - rate)
    likely = [one for one in made if one.probability >= 0.7]
    assert np.mean([one.hit for one in likely]) == pytest.approx(np.mean([one.probability for one in likely]), abs=0.1)


def test_a_groups_target_is_the_sum_of_its_stores() -> None:
    """Two stores of 1,400 each; one of them sells in dollars at 7: 1,400 + 9,800, and all that follows."""
    small = plan()
    small.build("group_pacing")
    sums = "sum(target), sum(actual), sum(expected_so_far), sum(forecast), sum(gap)"
    bases = "target_base, actual_base, expected_so_far_base, forecast_base, gap_base"
    assert small.rows(f"select {bases} from group_pacing where store_group = 'all'") == small.rows(
        f"select {sums} from kpi_pacing"
    )
    small.source("reference_rates", [{"day": MONDAY + timedelta(days=6), "currency": "USD", "rate": Decimal(7)}])
    for table in ("orders", "order_lines"):
        small.connection.execute(f"update {table} set currency = 'USD' where store = 'blind'")
    stores = [
        {"store": "shop", "platform": "taobao", "currency": CURRENCY},
        {"store": "blind", "platform": "taobao", "currency": "USD"},
    ]
    small.source("reference_stores", stores)
    small.build("group_pacing")
    assert small.rows(f"select {bases}, stores, stores_known from group_pacing where store_group = 'all'") == [
        (11_200, 5_600, 11_200, 5_600, -5_600, 2, 2)
    ]
    small.source("reference_rates", [])
    small.build("group_pacing")
    assert small.rows("select target_base, stores, stores_known from group_pacing where store_group = 'all'") == [(1_400, 2, 1)]


# ---- Refunds still to come ------------------------------------------------------------------------


def test_what_is_to_come_by_hand() -> None:
    """Of January 60 to 90 is to come beyond 100, of February 30 to 50 beyond 20: a quarter's means add, and so do its errors."""
    rows = [
        {"grain": "month", "period_start": date(2026, 1, 1), "ends": (160, 175, 190), "came": 100, "rate": 0.1, "ripe": 0.9},
        {"grain": "month", "period_start": date(2026, 2, 1), "ends": (50, 60, 70), "came": 20, "rate": 0.2, "ripe": 0.5},
        {"grain": "week", "period_start": date(2026, 2, 23), "ends": (10, 10, 10), "came": 10, "rate": 0.2, "ripe": 0.5},
        {"grain": "week", "period_start": date(2026, 1, 5), "ends": (10, 10, 10), "came": 10, "rate": 0.1, "ripe": 1.0},
    ]
    names = ("matured_refunds_lower", "matured_refunds", "matured_refunds_upper")
    frame = pl.DataFrame(
        [
            {"store": "shop", "currency": CURRENCY, "category": "all", "grain": row["grain"], "period_start": row["period_start"]}
            | dict(zip(names, row["ends"], strict=True))  # type: ignore[call-overload]  # a row's three ends
            | {"refunds_goods_order_day": row["came"], "matured_refund_rate": row["rate"], "share_matured": row["ripe"]}
            for row in rows
        ]
    )
    unripe = unripe_of(frame)["shop", CURRENCY]
    coming = unripe.of_period("quarter", [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2)])
    assert coming.mean == 75 + 40
    assert coming.variance == pytest.approx(((30 + 20) / (2 * 1.6448536)) ** 2)
    assert unripe.of_period("month", [date(2026, 3, 1)]) == NOTHING
    assert unripe.as_it_ends(date(2026, 2, 24), Decimal(100), 95.0) == 80
    assert unripe.as_it_ends(date(2026, 2, 24), Decimal(100), 70.0) == 70, "more came back than the week's rate has it"
    assert unripe.as_it_ends(date(2026, 1, 6), Decimal(100), 95.0) == 95, "ripe"


def test_a_target_of_net_sales_counts_refunds_still_to_come() -> None:
    """A month that is over shows what it has and says where it will end; of metrics without such refunds nothing changes."""
    made = returning(7, (("shop", 40.0),), days=150)
    seen = made.seen(146)  # the last of May
    start = date(2026, 5, 1)
    common = {"store": "shop", "grain": "month", "period_start": start, "target": Decimal(1)}
    asked = pl.DataFrame([common | {"metric": metric} for metric in ("net_sales_order_day", "discounted_sales")])
    promotions = pl.DataFrame(schema={"name": pl.String, "store": pl.String, "starts": pl.Date, "ends": pl.Date})
    days, ripening = paced_days(seen[0]), matured_refunds(*seen)
    net, sales = kpi_pacing(days, ripening, asked, promotions).to_dicts()
    assert sales["forecast"] == sales["forecast_lower"] == sales["actual"]
    month = ripening.filter(pl.col("category") == "all", pl.col("grain") == "month", pl.col("period_start") == start).row(
        0, named=True
    )
    assert net["actual"] == month["net_sales_order_day"]
    assert net["forecast"] == month["matured_net_sales"]
    assert net["forecast_lower"] < net["forecast"] < min(net["forecast_upper"], net["actual"])
    kept = made.orders.filter(pl.col("day").dt.truncate("1mo") == start).select(pl.col("cents") - pl.col("refund")).sum().item()
    assert float(net["forecast_lower"]) <= kept / 100 <= float(net["forecast_upper"])


def test_targets_of_net_sales_end_within_what_is_said() -> None:
    """Of months of made-up stores at three cuts and once they are over; the full run is `tests/benchmark_money.py net`."""
    inside = []
    promotions = pl.DataFrame(schema={"name": pl.String, "store": pl.String, "starts": pl.Date, "ends": pl.Date})
    for seed in (1, 2):
        made = returning(seed, (("30 a day", 30.0), ("8 a day", 8.0)), days=240)
        for start in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)):
            asked = pl.DataFrame(
                {"store": ["30 a day", "8 a day"], "grain": "month", "period_start": start, "target": Decimal(1)}
            ).with_columns(metric=pl.lit("net_sales_order_day"))
            final = made.orders.filter(pl.col("day").dt.truncate("1mo") == start).group_by("store")
            ended = dict(final.agg((pl.col("cents") - pl.col("refund")).sum() / 100).iter_rows())
            for cut in (3, 10, 20, 30):
                seen = made.seen((start - FIRST).days + cut - 1)
                rows = kpi_pacing(paced_days(seen[0]), matured_refunds(*seen), asked, promotions).to_dicts()
                inside += [float(row["forecast_lower"]) <= ended[row["store"]] <= float(row["forecast_upper"]) for row in rows]
    assert len(inside) == 48
    assert np.mean(inside) >= 0.8
