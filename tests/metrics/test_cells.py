"""What the statistics of edges are computed from, by hand: values of lines, margins, buyers who return, prices of peers."""

from datetime import date, timedelta
from decimal import Decimal
from math import log

import pytest
from small import MONDAY, Small

NEXT = MONDAY + timedelta(days=1)


@pytest.fixture(scope="module")
def cells() -> Small:
    """Three stores that sell the same mug at 40, 50 and 80; one of them with costs, buyers and a lamp."""
    small = Small()
    stores = ("shop", "cheap", "dear")
    small.source("reference_stores", [{"store": store, "platform": "taobao", "currency": "CNY"} for store in stores])
    small.source(
        "reference_catalogue",
        [
            {"merchant_sku": "mug", "item": "Mug", "category": "Home"},
            {"merchant_sku": "lamp", "item": "Lamp", "category": "Light"},
        ],
    )
    costs = [(None, MONDAY, "20"), (None, NEXT, "30"), ("cheap", MONDAY, "10")]
    small.source(
        "reference_costs",
        [
            {"store": store, "merchant_sku": "mug", "valid_from": day, "unit_cost": Decimal(cost), "currency": "CNY"}
            for store, day, cost in costs
        ],
    )
    for store in stores:
        small.store(store)
    small.order("A", MONDAY, [("mug", 2, "50", "10"), ("lamp", 1, "200", "0")], buyer=1)
    small.order("B", NEXT, [("mug", 1, "50", "5")], buyer=2)
    small.order("C", MONDAY + timedelta(days=29), [("lamp", 1, "200", "0")], buyer=1)
    small.order("D", MONDAY + timedelta(days=40), [("mug", 1, "50", "0")], buyer=2)
    small.order("E", MONDAY, [("mug", 1, "40", "0")], store="cheap")
    small.order("F", MONDAY, [("mug", 1, "80", "0")], store="dear")
    small.days_known(MONDAY, MONDAY + timedelta(days=45))
    small.build("cell_days")
    return small


def test_values_of_lines(cells: Small) -> None:
    """Monday's mugs: a line of two at 50. The largest line of the segment cuts nothing off of itself."""
    found = cells.rows(
        f"""select sales_w, sales_w_sq, units_w, units_w_sq, price_w, price_w_sq from cell_days
            where store = 'shop' and segment_type = 'category' and segment = 'Home' and day = date '{MONDAY}'"""
    )
    assert found == [(100.0, 10_000.0, 2.0, 4.0, 100.0, 5_000.0)]


def test_margins_take_the_stores_own_cost_then_the_common_one_valid_that_day(cells: Small) -> None:
    """Two mugs for 90 cost 40; the day after one for 45 costs 30; the cheap store has its own cost. Lamps have none."""
    found = cells.rows(
        f"""select store, segment, day, costed_lines, costed_sales, costed_margin from cell_days
            where segment_type = 'category' and day <= date '{NEXT}' order by all"""
    )
    assert found == [
        ("cheap", "Home", MONDAY, 1, Decimal("40.00"), Decimal("30.00")),
        ("dear", "Home", MONDAY, 1, Decimal("80.00"), Decimal("60.00")),
        ("shop", "Home", MONDAY, 1, Decimal("90.00"), Decimal("50.00")),
        ("shop", "Home", NEXT, 1, Decimal("45.00"), Decimal("15.00")),
        ("shop", "Light", MONDAY, None, None, None),
    ]


def test_buyers_are_watched_for_thirty_days_that_are_all_known(cells: Small) -> None:
    """Buyer 1 came back on day 29; buyer 2 on day 39, too late. The lamp of day 29 is watched to day 59, which is not known."""
    found = cells.rows("select segment, day, watched_buyers, returned_buyers from cell_buyers order by all")
    assert found == [("Home", MONDAY, 1, 1), ("Home", NEXT, 1, 0), ("Light", MONDAY, 1, 1)]


def test_prices_stand_beside_the_median_of_the_others(cells: Small) -> None:
    """50 beside 40 and 80, whose median is 60; 40 beside 50 and 80. The lamp is sold by nobody else."""
    found = cells.rows(
        f"select store, segment, matched_items, price_log from cell_prices where day = date '{MONDAY}' order by store"
    )
    assert [row[:3] for row in found] == [("cheap", "Home", 1), ("dear", "Home", 1), ("shop", "Home", 1)]
    assert [row[3] for row in found] == pytest.approx([log(40 / 65), log(80 / 45), log(50 / 60)], abs=1e-6)


def test_segments_and_what_they_are_part_of(cells: Small) -> None:
    """A mug is of its category, its item, and the band its mean price lies in; what is part of a category names it."""
    found = cells.rows("select segment_type, segment, parent from segments where store = 'dear' order by all")
    assert found == [("category", "Home", None), ("item", "Mug", "Home"), ("price_band", "Home · 50–100", "Home")]


def test_values_without_a_rate_are_not_known() -> None:
    """A store whose currency has no rate has lines and units, but no value of them: null, never zero."""
    small = Small("USD")
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": "CNY"}])
    small.source("reference_catalogue", [{"merchant_sku": "mug", "item": "Mug", "category": "Home"}])
    small.store()
    small.order("A", date(2026, 3, 2), [("mug", 2, "50", "10")])
    small.days_known(date(2026, 3, 2), date(2026, 3, 2))
    small.build("cell_days")
    found = small.rows(
        "select orders, units_w, sales, sales_w, sales_w_sq, price_w from cell_days where segment_type = 'category'"
    )
    assert found == [(1, 2.0, None, None, None, None)]
