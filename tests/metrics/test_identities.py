"""What must hold between figures whatever was sold: parts make wholes, rates are sums divided, two ways to one number agree.

Facts are drawn at random, the real definitions are built on them, and every identity is asked of every grain and basis.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small import CURRENCY, Small
from worlds import BASES, GRAINS, period_start

from assets.catalog.metric import Additivity, Metric
from assets.catalog.registry import METRICS
from assets.tables import BY_NAME

FIRST, DAYS = date(2025, 12, 22), 45  # over the end of a year, a quarter and two months
TABLES = ("store_metrics", "product_metrics", "category_metrics", "channel_metrics")
PARTED = (("month", "quarter"), ("quarter", "year"), ("day", "week"), ("day", "month"), ("day", "year"))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sale:
    """An order of one or two lines, its buyer, how long it took to be paid, and what came back of its first line, and when."""

    after: int
    paid_after: int
    buyer: int
    lines: tuple[tuple[str, int, int, int], ...]  # product, quantity, price in cents, percent off
    back: tuple[int, int] | None  # percent of the first line, days later


lines = st.tuples(st.sampled_from("abcd"), st.integers(1, 3), st.integers(1, 50_000), st.integers(0, 60))
sales = st.builds(
    Sale,
    st.integers(0, DAYS - 1),
    st.integers(0, 3),
    st.integers(1, 4),
    st.lists(lines, min_size=1, max_size=2, unique_by=lambda line: line[0]).map(tuple),
    st.none() | st.tuples(st.integers(1, 100), st.integers(0, 20)),
)
visits = st.lists(st.integers(0, 200), min_size=DAYS, max_size=DAYS)


def built(made: Iterable[Sale], came: list[int]) -> Small:
    """A store of which every day is known: sales, refunds and visits."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    small.source(
        "reference_catalogue", [{"merchant_sku": sku, "item": sku, "category": "xy"[n % 2]} for n, sku in enumerate("abcd")]
    )
    small.store()
    for n, sale in enumerate(made):
        placed = FIRST + timedelta(days=sale.after)
        paid = placed + timedelta(days=sale.paid_after)
        whole = [
            (sku, count, f"{cents / 100:.2f}", f"{cents * count * off // 100 / 100:.2f}") for sku, count, cents, off in sale.lines
        ]
        small.order(f"o{n}", placed, whole, paid=paid, buyer=sale.buyer, shipping="5")
        if sale.back:
            _, count, cents, off = sale.lines[0]
            kept = count * cents - cents * count * off // 100
            cash = f"{kept * sale.back[0] // 100 / 100:.2f}"
            small.refund(f"r{n}", f"o{n}", paid + timedelta(days=sale.back[1]), cash, cash, line=f"o{n}-1")
    small.days_known(FIRST, FIRST + timedelta(days=DAYS + 30))
    for n in range(DAYS + 31):
        people = came[n % DAYS]
        day = FIRST + timedelta(days=n)
        small.traffic(day, "shop", visitors=people, carts=people // 3, favourites=people // 5)
        for sku in "abcd":
            small.traffic(day, "item", product_id=sku, visitors=people // 2)
        for channel, share in (("search", 2), ("ads", 3)):
            small.traffic(
                day, "channel", channel=channel, channel_group=channel, visitors=people // share, platform_buyers=people // 9
            )
    small.build(*TABLES)
    return small


def rows_of(small: Small, table: str) -> list[dict[str, Any]]:
    """A table's rows by column."""
    found = small.connection.execute(f"select * from {table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def keyed(table: str, row: Row) -> tuple[Any, ...]:
    """What a row is of, but for its grain and period."""
    return tuple(row[name] for name in BY_NAME[table].key if name not in ("grain", "period_start"))


def children(table: str, rows: Iterable[Row], small: str, large: str) -> list[tuple[Row, list[Row]]]:
    """Each period of a large grain with those of the small one that lie in it."""
    told = list(rows)
    inside: dict[Any, list[Row]] = defaultdict(list)
    for row in told:
        if row["grain"] == small:
            inside[keyed(table, row), period_start(row["period_start"], large)].append(row)
    return [(row, inside[keyed(table, row), row["period_start"]]) for row in told if row["grain"] == large]


def whole(rows: Iterable[Row], name: str) -> Any:
    """The sum; None where a part is."""
    values = [row[name] for row in rows]
    return None if None in values else sum(values)


def near(value: Any, expected: Fraction) -> bool:
    """A rate is the fraction, as near as its column can hold it."""
    room = Fraction(1, 20_000) if isinstance(value, Decimal) else abs(expected) / 10**12 + Fraction(1, 10**15)
    return abs(Fraction(value) - expected) <= room


def of_table(table: str, additivity: Additivity) -> list[Metric]:
    """The metrics of a table with that additivity, where the table holds what they divide."""
    names = {column.name for column in BY_NAME[table].columns}
    found = {
        metric.id: metric
        for metric in METRICS
        if table in metric.tables and metric.additivity is additivity and {metric.numerator, metric.denominator} - {""} <= names
    }
    return [metric for metric in found.values() if metric.id in names]


def parts_add_up(small: Small) -> None:
    """Of what the catalog says adds, months make quarters, quarters years and days every period, in every table."""
    for table in TABLES:
        rows = rows_of(small, table)
        for part, large in PARTED:
            for row, parts in children(table, rows, part, large):
                for metric in of_table(table, Additivity.ADDITIVE):
                    total = whole(parts, metric.id)
                    if row[metric.id] is not None and total is not None:
                        assert row[metric.id] == total, (table, metric.id, large, row["period_start"])
                    assert (row[metric.id] is None) == (total is None), (table, metric.id, large, row["period_start"])


def rates_are_sums_divided(small: Small) -> None:
    """A period's rate is Σ above / Σ below of the periods in it."""
    for table in TABLES:
        rows = rows_of(small, table)
        for part, large in PARTED:
            for row, parts in children(table, rows, part, large):
                for metric in of_table(table, Additivity.RATIO):
                    if metric.denominator == "calendar_days":
                        continue  # days without a row count too: plain loops over files hold it
                    counted = metric.denominator in ("buyers", "products")
                    above, below = whole(parts, metric.numerator), row["buyers"] if counted else whole(parts, metric.denominator)
                    if above is not None and below:
                        assert near(row[metric.id], Fraction(above) / Fraction(below)), (
                            table,
                            metric.id,
                            large,
                            row["period_start"],
                        )


def visits_are_worth_conversion_times_value(small: Small) -> None:
    """访客价值 = 转化率 × 每单, and in cash = 买家 per visit × 客单价; of every store, product and category, and every period."""
    for table, orders in (
        ("store_metrics", "matched_orders"),
        ("product_metrics", "matched_lines"),
        ("category_metrics", "matched_lines"),
    ):
        for row in rows_of(small, table):
            if row["matched_visits"] and row[orders]:
                each = Fraction(row["matched_sales"]) / row[orders]
                assert near(row["sales_per_visit"], Fraction(row["conversion"]).limit_denominator(10**9) * each)
    for row in rows_of(small, "store_metrics"):
        if row["visitor_days"] and row["buyers"]:
            buying = Fraction(row["buyers"], row["visitor_days"])
            per_visit = Fraction(row["paid_amount"]) / row["visitor_days"]
            assert abs(buying * Fraction(row["sales_per_buyer"]) - per_visit) <= buying / 20_000


def both_days_of_refunds_come_to_the_same(small: Small) -> None:
    """Over all history what came back is one sum, by the day of its order and by its own; and so are both nets."""
    for table in ("store_metrics", "product_metrics", "category_metrics"):
        for basis in BASES:
            for grain in GRAINS:
                rows = [row for row in rows_of(small, table) if row["basis"] == basis and row["grain"] == grain]
                kinds = [n for n in ("refunds_goods", "refunds_cash", "net_sales", "net_paid") if f"{n}_order_day" in rows[0]]
                for kind in kinds:
                    assert whole(rows, f"{kind}_order_day") == whole(rows, f"{kind}_refund_day"), (table, basis, grain, kind)


def products_and_categories_make_the_store(small: Small) -> None:
    """Of what adds over products, theirs and their categories' come to the store's, in every period and on both bases."""
    names = (
        "order_lines",
        "units",
        "gross_sales",
        "discounts",
        "discounted_sales",
        "refunds_goods_order_day",
        "net_sales_refund_day",
    )
    stores = {(row["basis"], row["grain"], row["period_start"]): row for row in rows_of(small, "store_metrics")}
    for table in ("product_metrics", "category_metrics"):
        parts: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows_of(small, table):
            parts[row["basis"], row["grain"], row["period_start"]].append(row)
        for key, store in stores.items():
            for name in names:
                assert store[name] == whole(parts[key], name), (table, key, name)


def both_bases_hold_the_same_orders(small: Small) -> None:
    """All that was sold is one sum, by the day it was placed and by the day it was paid."""
    rows = [row for row in rows_of(small, "store_metrics") if row["grain"] == "day"]
    for name in ("paid_orders", "units", "gross_sales", "discounts", "paid_amount", "refunds_cash_order_day"):
        paid, placed = (whole([row for row in rows if row["basis"] == basis], name) for basis in BASES)
        assert paid == placed, name


IDENTITIES: tuple[Callable[[Small], None], ...] = (
    parts_add_up,
    rates_are_sums_divided,
    visits_are_worth_conversion_times_value,
    both_days_of_refunds_come_to_the_same,
    products_and_categories_make_the_store,
    both_bases_hold_the_same_orders,
)


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(sales, min_size=1, max_size=14), visits)
def test_every_identity_holds_of_whatever_is_sold(made: list[Sale], came: list[int]) -> None:
    """Each of the identities above, at every grain and on both bases."""
    small = built(made, came)
    for identity in IDENTITIES:
        identity(small)


@pytest.mark.soak
@settings(max_examples=120, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(sales, min_size=1, max_size=40), visits)
def test_every_identity_holds_of_much_more(made: list[Sale], came: list[int]) -> None:
    """The same of more and larger histories."""
    test_every_identity_holds_of_whatever_is_sold.hypothesis.inner_test(made, came)


def test_an_identity_that_does_not_hold_is_seen() -> None:
    """Each of them fails where one figure is a little off: none of them is true of anything."""
    sale = Sale(3, 1, 1, (("a", 2, 1000, 10), ("b", 1, 500, 0)), (50, 4))
    spoilt = {
        parts_add_up: "update store_metrics set units = units + 1 where grain = 'quarter'",
        rates_are_sums_divided: "update store_metrics set aov = aov + 1 where grain = 'month'",
        visits_are_worth_conversion_times_value: "update store_metrics set sales_per_visit = sales_per_visit + 1",
        both_days_of_refunds_come_to_the_same: "update store_metrics set refunds_cash_refund_day = 9999",
        products_and_categories_make_the_store: "update category_metrics set gross_sales = gross_sales + 0.01",
        both_bases_hold_the_same_orders: "update store_metrics set paid_amount = paid_amount + 0.01 where basis = 'paid'",
    }
    assert set(spoilt) == set(IDENTITIES)
    small = built([sale], [60] * DAYS)
    for identity, change in spoilt.items():
        small.connection.execute("begin")
        identity(small)
        small.connection.execute(change)
        with pytest.raises(AssertionError):
            identity(small)
        small.connection.execute("rollback")
