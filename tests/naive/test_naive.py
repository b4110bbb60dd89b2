"""The published tables are what plain loops over the same files come to: to the cent, to the row, null exactly where unknown.

Two hundred random small worlds stand side by side in homes; the loops read the files' bytes and know nothing of the pipeline.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import plain_ahead
import plain_changes
import plain_costs
import plain_maturing
import plain_metrics
import pytest
import small_worlds
from homes import drop, make_home, refreshed
from plain_facts import Facts, facts_of
from plain_metrics import Rows
from read_plainly import told_by

from assets import published
from assets.pacing.delays import seen

A_FEW, A_HOME, ALL = 30, 50, 200
KEYS = {
    "store_metrics": ("basis", "grain", "period_start", "store", "currency"),
    "group_metrics": ("basis", "grain", "period_start", "store_group"),
    "product_metrics": ("basis", "grain", "period_start", "store", "currency", "product_id"),
    "category_metrics": ("basis", "grain", "period_start", "store", "currency", "category"),
    "channel_metrics": ("grain", "period_start", "store", "channel"),
    "price_bands": ("month", "store", "currency", "category", "band_from"),
    "product_life": ("store", "currency", "day", "product_id"),
    "customer_periods": ("grain", "period_start", "store", "currency"),
    "customer_cohorts": ("store", "currency", "cohort", "age_months"),
    "paid_traffic": ("grain", "period_start", "store", "dialect"),
    "same_products": ("month", "store", "currency", "compared_with"),
    "watched_days": ("store", "segment_type", "segment", "day"),
    "refund_delays": ("store", "currency", "category", "day", "age_days"),
    "maturing_days": ("store", "currency", "category", "day"),
    "matured_refunds": ("store", "currency", "category", "grain", "period_start"),
}
ROWS = {  # of some tables the loops tell a part
    "product_life": "first_sale is not null",
    "watched_days": "segment_type <> 'store' or coalesce(visits, orders, sales, refunds_cash_refund_day_base) is not null",
}


@dataclass
class Home:
    """Some worlds, what loops make of their files, and a reader of what was published."""

    facts: list[Facts]
    rates: dict[tuple[str, date], Decimal]
    costs: plain_costs.Costs
    connection: duckdb.DuckDBPyConnection

    @cached_property
    def stores(self) -> Rows:
        """What `store_metrics` must be."""
        found: Rows = {}
        for facts in self.facts:
            rows = plain_metrics.store_metrics(facts, self.rates)
            found |= plain_costs.with_margins(rows, facts, self.costs, self.rates, by_product=False)
        return found

    @cached_property
    def products(self) -> list[tuple[Facts, Rows]]:
        """What `product_metrics` must be, by store."""
        return [(facts, plain_metrics.product_metrics(facts)) for facts in self.facts]

    def expected(self, table: str) -> Rows:
        """What a table must be: of all stores together where they tell of each other, else of each."""
        together: dict[str, Callable[[], Rows]] = {
            "store_metrics": lambda: self.stores, "group_metrics": self._groups, "product_metrics": self._products,
            "category_metrics": self._categories, "watched_days": self._watched,
            "matured_refunds": lambda: plain_maturing.matured_refunds(self.facts),
        }  # fmt: skip
        if table in together:
            return together[table]()
        loops = plain_ahead if hasattr(plain_ahead, table) else plain_changes if hasattr(plain_changes, table) else plain_metrics
        compute: Callable[[Facts], Rows] = getattr(loops, table)
        return {key: row for facts in self.facts for key, row in compute(facts).items()}

    def _groups(self) -> Rows:
        groups = {facts.told.name: facts.told.group for facts in self.facts}
        return plain_costs.with_group_margins(plain_metrics.group_metrics(self.stores, groups), self.stores, groups)

    def _products(self) -> Rows:
        found: Rows = {}
        for facts, rows in self.products:
            found |= plain_costs.with_margins(rows, facts, self.costs, self.rates, by_product=True)
        return found

    def _categories(self) -> Rows:
        parts = [plain_metrics.category_metrics(rows, facts) for facts, rows in self.products]
        found = {key: row for rows in parts for key, row in rows.items()}
        return plain_costs.with_category_margins(found, self._products(), {f.told.name: f.categories for f in self.facts})

    def _watched(self) -> Rows:
        newest = max(day for facts in self.facts for day in facts.orders_on)
        days = {key: row for facts in self.facts for key, row in plain_changes.watched_days(facts, self.rates).items()}
        return plain_changes.largest(days, date(newest.year - 1, newest.month, 1))

    def published(self, table: str, columns: list[str]) -> Rows:
        """What a table is, or the part of it that is told."""
        keys = KEYS[table]
        rows = self.connection.execute(
            f"select {', '.join([*keys, *columns])} from {table} where {ROWS.get(table, 'true')}"
        ).fetchall()
        found = {row[: len(keys)]: dict(zip(columns, row[len(keys) :], strict=True)) for row in rows}
        assert len(found) == len(rows), f"{table}: a key stands twice"
        return found


def _rates(text: str) -> dict[tuple[str, date], Decimal]:
    """A day's rate is the last of the seven days up to it, at most that old."""
    given = {
        (row["currency"], date.fromisoformat(row["date"])): Decimal(row["rate"]) for row in csv.DictReader(io.StringIO(text))
    }
    found = dict(given)
    for (currency, day), rate in given.items():
        for n in range(1, 8):
            later = (currency, day + timedelta(days=n))
            if any((currency, day + timedelta(days=k)) in given for k in range(1, n + 1)):
                break
            found[later] = rate
    return found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(range(A_FEW), id=f"{A_FEW} worlds"),
        *(pytest.param(range(n, n + A_HOME), marks=pytest.mark.soak, id=f"worlds from {n}") for n in range(0, ALL, A_HOME)),
    ],
)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Some worlds in one home, landed and published at once."""
    made = [small_worlds.small_world(seed) for seed in request.param]
    root = make_home(tmp_path_factory.mktemp("naive"))
    texts = small_worlds.reference([shop for world in made for shop in world.shops], request.param[0])
    for name, text in texts.items():
        (root.reference / name).write_text(text)
    files = [file for world in made for file in world.files]
    drop(root, files)
    refreshed(root)
    catalogue = {row["merchant_sku"]: row["category"] for row in csv.DictReader(io.StringIO(texts["catalogue.csv"]))}
    facts = [facts_of(told, catalogue) for told in told_by(files, texts["stores.csv"]).values()]
    with published.open_published(root) as connection:
        yield Home(facts, _rates(texts["fx_rates.csv"]), plain_costs.costs_of(texts["costs.csv"]), connection)


def agrees(found: Any, expected: Any) -> bool:
    """Amounts, counts and days are equal; a rate is the fraction, as near as its column can hold it, or one less it."""
    if found is None or expected is None:
        return found is expected
    if isinstance(expected, Fraction):
        room = Fraction(1, 20_000) if isinstance(found, Decimal) else max(abs(expected) / 10**12, Fraction(1, 10**15))
        return abs(Fraction(found) - expected) <= room
    return bool(found == expected)


@pytest.mark.parametrize("table", KEYS)
def test_a_published_table_is_what_loops_over_the_files_come_to(home: Home, table: str) -> None:
    """Every row of one is in the other, and every figure agrees."""
    expected = home.expected(table)
    assert expected, "no world has any"
    found = home.published(table, sorted(next(iter(expected.values()))))
    assert sorted(map(str, found.keys() - expected.keys())) == [], "rows that should not be"
    assert sorted(map(str, expected.keys() - found.keys())) == [], "rows that are missing"
    apart = [
        (key, name, found[key][name], value)
        for key, row in expected.items()
        for name, value in row.items()
        if not agrees(found[key][name], value)
    ]
    assert apart == []


def test_the_shares_of_refunds_that_came_are_counted_as_loops_count_them(home: Home) -> None:
    """Refunds on each age, and by it of days old enough to tell, as of every tenth day of every store."""
    asked = "select store, currency, day, age_days, refunded_lines from refund_delays where category = 'all' order by all"
    rows = home.connection.execute(asked).fetchall()
    assert rows
    for store, currency in {row[:2] for row in rows}:
        of_store = [row[2:] for row in rows if row[:2] == (store, currency)]
        last = max(day for day, *_ in of_store)
        for back in range(-30, 30, 10):
            refunds = [(age, (last - day).days - back, float(number)) for day, age, number in of_store]
            on, by = plain_ahead.counted(refunds)
            delays, ages, numbers = (np.array(one) for one in zip(*refunds, strict=True))
            told = seen(delays, ages, numbers)
            assert (list(told.on), list(told.by)) == (on, by)


def test_no_row_of_the_worlds_is_refused(home: Home) -> None:
    """The comparison is of all that was exported."""
    assert home.connection.execute("select file, row, reason from quarantine").fetchall() == []
    assert home.connection.execute("select distinct state from files where state not in ('landed', 'duplicate')").fetchall() == []


@pytest.mark.parametrize("home", [range(A_FEW)], indirect=True, ids=[f"{A_FEW} worlds"])
def test_the_worlds_hold_what_makes_totals_go_wrong(home: Home) -> None:
    """No agreement is for want of cases: every one of them is there."""
    stores = home.stores.values()
    orders = [order for facts in home.facts for order in facts.counted if order.tax and order.goods is not None]
    beyond_price = {(order.cash or 0) - order.goods - (order.shipping or 0) == order.tax for order in orders if order.goods}
    assert beyond_price == {True, False}, "tax on top of prices, and in them"
    days = {basis: {key[1:] for key in home.stores if key[0] == basis} for basis in ("paid", "placed")}
    assert days["paid"] != days["placed"], "orders paid on another day"
    assert any(state == "missing" for facts in home.facts for state in facts.orders_on.values()), "days without an export"
    due, watched = home.expected("matured_refunds").values(), home.expected("watched_days")
    cases = {
        "refunds still due": any(
            row["matured_refunds"] and row["matured_refunds"] > row["refunds_goods_order_day"] for row in due
        ),
        "bounds beyond what is due": any(
            row["matured_refunds"] and row["matured_refunds"] < row["matured_refunds_upper"] for row in due
        ),
        "channels that are watched": any(key[1] == "channel" and row["sales"] for key, row in watched.items()),
        "categories that are watched": any(
            key[1] == "category" and row["visits"] and row["sales"] for key, row in watched.items()
        ),
        "a platform's own categories": any(key[1] == "category" and ": " in key[2] for key in watched),
        "a day with refunds alone": any(row["refunds_cash_refund_day"] and row["paid_orders"] == 0 for row in stores),
        "sums that are not known": any(row["gross_sales"] is None and row["paid_orders"] for row in stores),
        "days whose orders are not known": any(row["visitors"] and row["paid_orders"] is None for row in stores),
        "amounts that cannot be converted": any(row["paid_amount"] and row["paid_amount_base"] is None for row in stores),
        "subsidy": any(row["platform_subsidy"] for row in stores),
        "refunds of unknown day": any(row["refunds_cash_order_day"] and row["refunds_cash_refund_day"] is None for row in stores),
        "visits on days without sales": any(row["matched_visits"] and row["paid_orders"] == 0 for row in stores),
        "missing traffic": any(row["days_with_traffic"] and row["page_views"] is None for row in stores),
        "margins": any(row["margin"] and row["cost_coverage"] < 1 for row in stores),
        "costs that cannot be converted": any(row["margin"] and row["margin_base"] is None for row in stores),
        "guests": any(row["buyers"] and row["orders_with_buyer"] < row["paid_orders"] for row in stores if row["paid_orders"]),
    }
    assert [name for name, is_there in cases.items() if not is_there] == []
