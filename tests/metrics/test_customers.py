"""Customers: worked by hand, recomputed by plain loops, and never fewer than five people told apart."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
import worlds
from homes import make_home, refreshed
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small
from worlds import period_start

from assets.published import open_published
from assets.tables import TABLES

FIRST, LAST = date(2026, 1, 1), date(2026, 4, 10)
TABLES_OF_CUSTOMERS = ("customer_cohorts", "customer_segments", "customer_periods", "customer_windows", "repurchase")


def bought(orders: list[tuple[int, date, str]], missing: tuple[date, ...] = ()) -> Small:
    """A store of single-line orders (buyer, day, price), its days known from FIRST to LAST."""
    small = Small()
    small.store()
    for n, (buyer, day, price) in enumerate(orders):
        small.order(f"o{n}", day, [("mug", 1, price, "0")], buyer=buyer)
    small.days_known(FIRST, LAST, missing=missing)
    small.build(*TABLES_OF_CUSTOMERS)
    return small


def january() -> list[tuple[int, date, str]]:
    """Six people first buy in January; all come back in March, one of them twice; a seventh comes in February alone."""
    first = [(buyer, date(2026, 1, 10), "100") for buyer in range(6)]
    again = [(buyer, date(2026, 3, 5), "50") for buyer in range(6)]
    return [*first, *again, (0, date(2026, 3, 6), "25"), (6, date(2026, 2, 3), "10")]


def test_a_cohort_by_hand() -> None:
    """January's six bought for 600, nothing in February, 325 in March; April is not whole, so nothing is said of it."""
    small = bought(january())
    found = small.rows(
        """select cohort, age_months, cohort_buyers, buyers, paid_orders, net_sales_order_day, retention, lifetime_value
        from customer_cohorts order by 2"""
    )
    assert found == [
        ("2026-01", 0, 6, 6, 6, Decimal("600.00"), 1.0, Decimal(100)),
        ("2026-01", 1, 6, 0, 0, Decimal("0.00"), 0.0, Decimal(100)),
        ("2026-01", 2, 6, 6, 7, Decimal("325.00"), 1.0, Decimal("154.1667")),
    ]


def test_a_lifetime_value_ends_where_a_month_is_not_told() -> None:
    """Two of January's six buy in February: too few for its amount to be told, and so for every sum that holds it."""
    again = [(buyer, date(2026, 2, 5), "50") for buyer in range(2)]
    found = bought([*january(), *again]).rows(
        "select age_months, net_sales_so_far, lifetime_value from customer_cohorts order by 1"
    )
    assert found == [(0, 600, 100), (1, None, None), (2, None, None)]


def test_days_to_the_second_order_by_hand() -> None:
    """Five people of 1 January: two are back after 10 days, one after 20; two more of 1 April are seen for nine days alone.

    After ten days two of five are back (those of April were no longer seen), after twenty one of the three left: 3/5, then 2/5.
    Of all seven people three came back, and a mean over those three would say 13 days.
    """
    first = [(buyer, date(2026, 1, 1), "10") for buyer in range(5)] + [(buyer, date(2026, 4, 1), "10") for buyer in (5, 6)]
    again = [(0, date(2026, 1, 11), "10"), (1, date(2026, 1, 11), "10"), (2, date(2026, 1, 21), "10"), (3, date(2026, 1, 1), "5")]
    told = "select day, buyers, buyers_returned, median_days_to_return, round(returned_90d_share, 12) from repurchase"
    assert bought([*first, *again]).rows(told) == [(LAST, 7, 3, 20, 0.6)]


def test_without_half_of_them_back_there_is_no_median() -> None:
    """Of five people of February one came back; they are seen for 68 days, so nothing is said of ninety."""
    first = [(buyer, date(2026, 2, 1), "10") for buyer in range(5)]
    told = "select buyers, buyers_returned, median_days_to_return, returned_90d_share from repurchase"
    assert bought([*first, (0, date(2026, 2, 9), "10")]).rows(told) == [(5, 1, None, None)]
    assert bought(first[:4]).rows(told) == []


def test_a_refund_is_taken_off_its_order() -> None:
    """What a cohort kept is net of goods refunded, on the order's day."""
    small = Small()
    small.store()
    for n in range(5):
        small.order(f"o{n}", date(2026, 1, 10), [("mug", 1, "100", "10")], buyer=n)
    small.refund("r", "o1", date(2026, 2, 20), "90", "90", line="o1-1")
    small.days_known(FIRST, LAST)
    small.build("customer_cohorts")
    assert small.one("select net_sales_order_day from customer_cohorts where age_months = 0") == Decimal("360.00")


def test_a_month_that_misses_a_day_is_unknown_and_not_zero() -> None:
    small = bought(january(), missing=(date(2026, 2, 14),))
    found = small.rows("select age_months, buyers, paid_orders, net_sales_order_day from customer_cohorts order by 1")
    assert found[1] == (1, None, None, None)
    assert found[2][1] == 6


def test_amounts_of_fewer_than_five_people_are_not_told() -> None:
    """Two of January's six come back: how many is said, what they paid is not."""
    small = bought([*january()[:6], (0, date(2026, 2, 1), "70"), (1, date(2026, 2, 2), "80")])
    found = small.rows("select buyers, paid_orders, net_sales_order_day from customer_cohorts where age_months = 1")
    assert found == [(2, None, None)]


def test_small_cohorts_are_one() -> None:
    """Three people of January and two of February are `other`; alone neither is shown."""
    small = bought([(n, date(2026, 1 + n // 3, 5), "10") for n in range(5)])
    assert small.rows("select cohort, age_months, cohort_buyers, buyers from customer_cohorts order by 2") == [
        ("other", 0, 5, 5),
        ("other", 1, 5, 0),
    ]
    assert bought([(n, date(2026, 1, 5), "10") for n in range(4)]).rows("from customer_cohorts") == []


def test_new_and_returning_by_hand() -> None:
    """March: seven orders by six people who had all bought before; February: one new; January has no history to tell by."""
    small = bought(january())
    columns = """period_start, history_days, buyers, new_buyers, returning_buyers, returning_orders, repeat_buyers,
        new_buyer_share, returning_order_share, orders_per_buyer"""
    found = small.rows(f"select {columns} from customer_periods where grain = 'month' order by 1")
    assert found == [
        (date(2026, 1, 1), 0, 6, None, None, None, 0, None, None, 1.0),
        (date(2026, 2, 1), 31, 1, 1, 0, 0, 0, 1.0, 0.0, 1.0),
        (date(2026, 3, 1), 59, 6, 0, 6, 7, 1, 0.0, 1.0, 7 / 6),
    ]


def test_repeat_rates_of_named_windows_by_hand() -> None:
    """The 30 days to 31 March: one of six bought twice; the 90 days: all six of seven; 365 days are not known, so not said."""
    small = bought(january())
    found = small.rows("select day, window_days, buyers, repeat_buyers from customer_windows order by 1, 2")
    assert found == [
        (date(2026, 1, 31), 30, 6, 0),
        (date(2026, 2, 28), 30, 1, 0),
        (date(2026, 3, 31), 30, 6, 1),
        (date(2026, 3, 31), 90, 7, 6),
    ]


def test_segments_by_hand() -> None:
    """Ten people: five bought once long ago for little, five lately, twice, for much: lost, and champions."""
    old = [(n, date(2026, 1, 5), "10") for n in range(5)]
    late = [(n, day, "300") for n in range(5, 10) for day in (date(2026, 3, 30), date(2026, 4, 1))]
    small = bought([*old, *late])
    found = small.rows("select customer_segment, buyers, paid_orders, net_sales_order_day, buyer_share from customer_segments")
    # Above five of ten stand five: the fourth fifth of none is reached, 1 + 5 × 5 // 10 = 3 on every count.
    assert sorted(found) == [("fading", 5, 10, Decimal("3000.00"), 0.5), ("lost", 5, 5, Decimal("50.00"), 0.5)]


orders = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, (LAST - FIRST).days), st.integers(100, 9999)), min_size=1, max_size=80
)


@settings(max_examples=12, deadline=None)
@given(orders)
def test_customers_are_what_plain_loops_make_of_them(made: list[tuple[int, int, int]]) -> None:
    """Cohorts, periods and segments of any orders are those of loops over them; nothing is told of fewer than five people."""
    true = [(buyer, FIRST + timedelta(days=after), Decimal(cents) / 100) for buyer, after, cents in made]
    small = bought([(buyer, day, str(price)) for buyer, day, price in true])
    first: dict[int, date] = {}
    for buyer, day, _ in true:
        first[buyer] = min(day, first.get(buyer, day))
    sizes = Counter(day.replace(day=1) for day in first.values())
    people: dict[tuple[str, int], set[int]] = defaultdict(set)
    for buyer, day, _ in true:
        cohort = first[buyer].replace(day=1)
        name = f"{cohort:%Y-%m}" if sizes[cohort] >= 5 else "other"
        if day < date(2026, 4, 1):
            people[name, day.month - cohort.month].add(buyer)
    told = small.rows("select cohort, age_months, buyers, paid_orders, cohort_buyers from customer_cohorts")
    for cohort, age, buyers, paid, size in told:
        assert buyers == len(people[cohort, age])
        assert (paid is None) == (0 < buyers < 5)
        assert size >= 5
    for grain in ("week", "month"):
        for start, buyers, new in small.rows(
            f"select period_start, buyers, new_buyers from customer_periods where grain = '{grain}' and history_days > 0"
        ):
            who = {buyer for buyer, day, _ in true if period_start(day, grain) == start}
            assert buyers == len(who)
            assert new == sum(first[buyer] >= start for buyer in who)
    segments = small.rows("select buyers, paid_orders from customer_segments")
    assert all(buyers >= 5 for buyers, _ in segments)
    assert sum(buyers for buyers, _ in segments) <= len(first)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What is published of the Taobao world."""
    home = make_home(tmp_path_factory.mktemp("customers"))
    worlds.taobao_world().write(home.root)
    refreshed(home)
    with open_published(home) as connection:
        yield connection


def test_no_person_is_published(world: duckdb.DuckDBPyConnection) -> None:
    """No published table has a column of buyers' pseudonyms, nor any of the private tables."""
    published = {name for (name,) in world.execute("select table_name from duckdb_tables()").fetchall()}
    assert not published & {table.name for table in TABLES if table.private}
    assert world.execute("select count(*) from duckdb_columns() where column_name = 'buyer' and not internal").fetchall() == [
        (0,)
    ]
    for table in ("customer_segments", "customer_cohorts"):
        assert world.execute(f"select count(*) from {table}").fetchall() != [(0,)]


def test_new_and_returning_buyers_are_the_stores_buyers(world: duckdb.DuckDBPyConnection) -> None:
    """In every period the buyers told apart are the buyers of store_metrics, recounted there by other means."""
    apart = world.execute(
        """
        select * from customer_periods inner join store_metrics using (grain, period_start, store, currency)
        where basis = 'paid' and (customer_periods.buyers <> store_metrics.buyers
            or new_buyers + returning_buyers <> customer_periods.buyers
            or customer_periods.orders_with_buyer <> store_metrics.orders_with_buyer)
        """
    ).fetchall()
    assert apart == []
