"""Products' life: worked by hand, and recomputed by plain loops."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small, shelf

from checks.reconciliation import LAWS, judge

LAST = date(2026, 3, 31)
TABLES = ("product_life", "store_range", "price_bands")


@pytest.fixture(scope="module")
def shown() -> Small:
    """The example range."""
    small = shelf()
    small.build(*TABLES)
    return small


def test_products_by_hand(shown: Small) -> None:
    """Mugs make 800 of 1,000, lamps 150, cups 50, plates nothing."""
    found = shown.rows(
        f"""select product_id, first_sale, last_sale, days_since_sale, sold_30d, units_30d, sales_30d, sales_share, sales_rank,
            abc, stock, days_in_stock_30d, days_of_cover
            from product_life where day = date '{LAST}' order by sales_rank nulls last"""
    )
    tenth, twentieth = date(2026, 3, 10), date(2026, 3, 20)
    assert found == [
        ("mug", date(2026, 2, 1), tenth, 21, True, 8, Decimal("800.00"), 0.8, 1, "A", 16, 25, 50.0),
        ("lamp", twentieth, twentieth, 11, True, 3, Decimal("150.00"), 0.15, 2, "B", 9, 12, 36.0),
        ("cup", tenth, tenth, 21, True, 5, Decimal("50.00"), 0.05, 3, "C", 100, 22, 440.0),
        ("plate", None, None, None, False, 0, Decimal("0.00"), 0.0, None, None, 5, None, None),
    ]


def test_a_month_with_too_little_history_says_nothing_of_thirty_days(shown: Small) -> None:
    """February's 28 days are not thirty: the mug's sale is known, its share and class are not; stock is of the last day alone."""
    columns = "product_id, first_sale, sold_30d, units_30d, sales_share, abc, stock"
    found = shown.rows(f"select {columns} from product_life where day = date '2026-02-28'")
    assert found == [("mug", date(2026, 2, 1), None, None, None, None, None)]
    assert shown.rows("select products_sold_30d, hhi, products_listed from store_range where day = date '2026-02-28'") == [
        (None, None, None)
    ]


def test_the_range_by_hand(shown: Small) -> None:
    """Three of four listed products sold; shares .8, .15 and .05 have squares of .665, as 1.5 equal products would."""
    ((sold, listed, rate, top1, top3, hhi, equal),) = shown.rows(
        f"""select products_sold_30d, products_listed, sell_active_rate, top1_share, top3_share, hhi, effective_products
            from store_range where day = date '{LAST}'"""
    )
    assert (sold, listed, rate, top1) == (3, 4, 0.75, 0.8)
    assert (top3, hhi, equal) == pytest.approx((1, 0.665, 1 / 0.665))


def test_price_bands_by_hand(shown: Small) -> None:
    """A price on the edge of two bands belongs to the upper one; bands are by asked price."""
    found = shown.rows(
        "select band_from, band_below, order_lines, units, gross_sales, band_share from price_bands where month = '2026-03-01'"
    )
    assert sorted(found) == [
        (Decimal(10), Decimal(20), 1, 5, Decimal("50.00"), 0.05),
        (Decimal(50), Decimal(100), 1, 3, Decimal("150.00"), 0.15),
        (Decimal(100), Decimal(200), 1, 8, Decimal("800.00"), 0.8),
    ]


def test_a_missing_day_leaves_thirty_days_unknown() -> None:
    small = Small()
    small.store()
    small.order("o", date(2026, 3, 10), [("mug", 1, "100", "0")])
    small.days_known(date(2026, 2, 1), LAST, missing=[date(2026, 3, 15)])
    small.build(*TABLES)
    assert small.rows("select units_30d, sales_share, last_sale from product_life") == [(None, None, date(2026, 3, 10))]


sales = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.integers(0, 58), st.integers(1, 4), st.integers(1, 200_000)), min_size=1, max_size=40
)


def test_a_band_knows_its_discounts() -> None:
    """Bands are by asked price: two mugs at 60, 30 off, are of the band from 50 and made 90."""
    small = Small()
    small.store()
    small.order("o", date(2026, 3, 10), [("mug", 2, "60", "30")])
    small.days_known(date(2026, 3, 1), LAST)
    small.build("price_bands")
    assert small.rows("select band_from, gross_sales, discounts, discounted_sales from price_bands") == [(50, 120, 30, 90)]


@settings(max_examples=12, deadline=None)
@given(sales)
def test_products_are_what_plain_loops_make_of_them(made: list[tuple[str, int, int, int]]) -> None:
    """Windows, shares, classes and concentration of any sales are those of loops over them; bands hold every cent."""
    first = date(2026, 2, 1)
    small = Small()
    small.store()
    for n, (product, after, units, cents) in enumerate(made):
        small.order(f"o{n}", first + timedelta(days=after), [(product, units, str(Decimal(cents) / 100), "0")])
    small.days_known(first, LAST)
    small.build(*TABLES)
    of_30: dict[str, int] = defaultdict(int)
    for product, after, units, cents in made:
        of_30[product] += units * cents if first + timedelta(days=after) > LAST - timedelta(days=30) else 0
    total = sum(of_30.values())
    classes, above = {}, 0
    for product in sorted(of_30, key=lambda one: (-of_30[one], one)):
        if of_30[product]:
            classes[product] = "A" if above * 100 < total * 80 else "B" if above * 100 < total * 95 else "C"
        above += of_30[product]
    told = small.rows(f"select product_id, sales_30d, abc, sales_share from product_life where day = date '{LAST}'")
    assert {product: int(money * 100) for product, money, *_ in told} == dict(of_30)
    assert {product: name for product, _, name, _ in told if name} == classes
    if total:
        concentration = small.one(f"select hhi from store_range where day = date '{LAST}'")
        assert concentration == pytest.approx(sum((part / total) ** 2 for part in of_30.values()))
    assert broken(small, ["price_bands_add_up_to_lines"]) == []
    assert int(small.one("select sum(gross_sales) from price_bands") * 100) == sum(units * cents for _, _, units, cents in made)


def broken(small: Small, names: Iterable[str]) -> list[str]:
    """The laws, of those named, that are broken."""
    return [law.name for law in LAWS if law.name in names and not judge(law, small.connection).passed]


def test_a_band_that_lost_a_line_breaks_the_law(shown: Small) -> None:
    assert broken(shown, ["price_bands_add_up_to_lines"]) == []
    shown.connection.execute("begin")
    shown.connection.execute("delete from price_bands where band_from = 10")
    assert broken(shown, ["price_bands_add_up_to_lines"]) == ["price_bands_add_up_to_lines"]
    shown.connection.execute("rollback")
