"""What goods cost: the cost of the day, in any currency, over the lines that have one; unknown is never zero."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small import CURRENCY, MONDAY, Small

from checks.reconciliation import LAWS, judge

CENT = Decimal("0.01")
COLUMNS = "costed_net_sales, cost_of_goods, margin, cost_coverage"
TABLES = ("store_metrics", "product_metrics", "category_metrics", "group_metrics")


def cost(sku: str, unit: str, since: date, store: str | None = None, currency: str = CURRENCY) -> dict[str, Any]:
    """A line of costs.csv."""
    return {"store": store, "merchant_sku": sku, "valid_from": since, "unit_cost": Decimal(unit), "currency": currency}


def shop(*costs: dict[str, Any], rates: tuple[tuple[date, str, str], ...] = ()) -> Small:
    """A store with costs and rates, and nothing sold yet."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    small.source("reference_catalogue", [{"merchant_sku": sku, "item": sku, "category": "Home"} for sku in ("mug", "lamp")])
    small.source("reference_costs", costs)
    small.source("reference_rates", [{"day": day, "currency": code, "rate": Decimal(rate)} for day, code, rate in rates])
    small.store()
    return small


def week(small: Small, columns: str = COLUMNS, basis: str = "paid") -> tuple[Any, ...]:
    """The store's week, its rate to four digits."""
    (row,) = small.rows(f"select {columns} from store_metrics where grain = 'week' and basis = '{basis}'")
    return tuple(round(value, 4) if isinstance(value, float) else value for value in row)


def test_a_lines_cost_is_that_of_the_day_it_was_paid() -> None:
    """Two mugs on Monday at 20, one placed on Tuesday and paid on Wednesday, when a mug costs 25: 40 + 25 of 3 × 50."""
    small = shop(cost("mug", "20", MONDAY - timedelta(days=9)), cost("mug", "25", MONDAY + timedelta(days=2)))
    small.order("a", MONDAY, [("mug", 2, "50", "0")])
    small.order("b", MONDAY + timedelta(days=1), [("mug", 1, "50", "0")], paid=MONDAY + timedelta(days=2))
    small.build("store_metrics")
    assert week(small) == (150, 65, 85, 1)
    assert week(small, basis="placed") == (150, 65, 85, 1)
    days = "select period_start, cost_of_goods from store_metrics where grain = 'day' and basis = 'placed' order by 1"
    assert small.rows(days) == [(MONDAY, Decimal(40)), (MONDAY + timedelta(days=1), Decimal(25))]


def test_a_stores_own_cost_goes_before_every_stores() -> None:
    """Everywhere 20, from Tuesday 21; in this store 30 from Wednesday on: Monday 20, Tuesday 21, Wednesday 30."""
    after = [MONDAY + timedelta(days=n) for n in range(3)]
    small = shop(cost("mug", "20", MONDAY), cost("mug", "21", after[1]), cost("mug", "30", after[2], "shop"))
    for n, day in enumerate(after):
        small.order(f"o{n}", day, [("mug", 1, "50", "0")])
    small.build("store_metrics")
    assert [row[0] for row in small.rows("select cost_of_goods from cost_days where basis = 'paid' order by day")] == [20, 21, 30]


def test_a_margin_is_over_lines_with_a_cost_alone() -> None:
    """A mug at 50 costs 20; a lamp at 200 has no cost, nor has a mug sold before the first: 50 − 20 of 300 in all."""
    small = shop(cost("mug", "20", MONDAY + timedelta(days=1)))
    small.order("a", MONDAY, [("mug", 1, "50", "0")])
    small.order("b", MONDAY + timedelta(days=1), [("mug", 1, "50", "0"), ("lamp", 1, "200", "0")])
    small.build(*TABLES)
    assert week(small) == (50, 20, 30, round(50 / 300, 4))
    assert small.rows(
        "select product_id, margin, cost_coverage from product_metrics where grain = 'week' and basis = 'paid' order by 1"
    ) == [("lamp", None, 0), ("mug", Decimal(30), 0.5)]


def test_without_costs_nothing_is_known() -> None:
    small = shop()
    small.order("a", MONDAY, [("mug", 1, "50", "0")])
    small.build(*TABLES)
    for table in TABLES:
        base = "_base" if table == "group_metrics" else ""
        found = small.rows(f"select distinct cost_of_goods{base}, margin{base}, margin_rate, cost_coverage from {table}")
        assert found == [(None, None, None, 0)]


def test_what_comes_back_whole_gives_its_cost_back() -> None:
    """Three mugs at 50 cost 20: one comes back whole, of one 10 are refunded and it stays: 150 − 60 made, 40 spent."""
    small = shop(cost("mug", "20", MONDAY))
    for n in range(3):
        small.order(f"o{n}", MONDAY, [("mug", 1, "50", "0")])
    small.refund("whole", "o0", MONDAY + timedelta(days=9), "50", "50", line="o0-1")
    small.refund("part", "o1", MONDAY + timedelta(days=9), "10", "10", line="o1-1")
    small.build("store_metrics")
    (row,) = small.rows(
        f"select {COLUMNS} from store_metrics where grain = 'week' and basis = 'paid' and period_start = '{MONDAY}'"
    )
    assert row == (90, 40, 50, 1)


def test_refunds_that_are_not_known_leave_the_margin_unknown() -> None:
    small = shop(cost("mug", "20", MONDAY))
    small.order("a", MONDAY, [("mug", 1, "50", "0")])
    small.connection.execute("update order_lines set refunds_known = false")
    small.connection.execute("update orders set refunds_known = false")
    small.build("store_metrics")
    assert week(small) == (None, None, None, None)


def test_a_cost_in_another_currency_is_converted_by_its_day() -> None:
    """3.333 dollars at 7.1 are 23.6643 yuan, at 7.2 on Tuesday 23.9976: two and one, 47.33 + 24.00. Wednesday has no rate."""
    rates = ((MONDAY, "USD", "7.1"), (MONDAY + timedelta(days=1), "USD", "7.2"))
    small = shop(cost("mug", "3.333", MONDAY, currency="USD"), rates=rates)
    for n, quantity in enumerate((2, 1, 1)):
        small.order(f"o{n}", MONDAY + timedelta(days=n), [("mug", quantity, "50", "0")])
    small.build("store_metrics")
    assert week(small) == (150, Decimal("71.33"), Decimal("78.67"), 0.75)


def test_a_cost_in_yuan_of_a_store_in_dollars() -> None:
    """71 yuan at 7.1 are 10 dollars; in base the line's 20 dollars are 142, its cost 71."""
    small = shop(cost("mug", "71", MONDAY), rates=((MONDAY, "USD", "7.1"),))
    small.order("o", MONDAY, [("mug", 1, "20", "0")], currency="USD")
    small.build("store_metrics")
    assert week(small, "currency, cost_of_goods, margin, costed_net_sales_base, cost_of_goods_base, margin_base") == (
        "USD", 10, 10, 142, 71, 71,
    )  # fmt: skip


lines = st.tuples(
    st.sampled_from(["mug", "lamp", "none"]), st.integers(1, 5), st.integers(1, 9_999), st.integers(0, 8), st.integers(0, 2),
    st.sampled_from([0, 0, 50, 100]),
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(lines, min_size=1, max_size=12))
def test_margin_and_cost_are_the_net_sales_of_costed_lines(sold: list[tuple[str, int, int, int, int, int]]) -> None:
    """Whatever was sold, paid late and refunded: what a loop over the lines says, on both bases; parents are sums of parts."""
    change = MONDAY + timedelta(days=4)
    costs = {"mug": (Decimal("1.2345"), Decimal("2.3456")), "lamp": (Decimal(3), Decimal("3.005"))}
    small = shop(
        *(cost(sku, str(unit), day) for sku, units in costs.items() for unit, day in zip(units, (MONDAY, change), strict=True))
    )
    net = spent = Decimal(0)
    for n, (sku, quantity, cents, day, late, back) in enumerate(sold):
        placed = MONDAY + timedelta(days=day)
        paid = placed + timedelta(days=late)
        price = Decimal(cents) / 100
        small.order(f"o{n}", placed, [(sku, quantity, str(price), "0")], paid=paid)
        refund = (price * quantity * back / 100).quantize(CENT, ROUND_HALF_UP)
        if refund:
            small.refund(f"r{n}", f"o{n}", paid, str(refund), str(refund), line=f"o{n}-1")
        if sku in costs:
            net += price * quantity - refund
            kept = refund < price * quantity
            spent += (quantity * costs[sku][paid >= change]).quantize(CENT, ROUND_HALF_UP) if kept else 0
    small.build(*TABLES)
    held = any(sku in costs for sku, *_ in sold)
    wanted = (net, spent, net - spent) if held else (None, None, None)
    sums = "sum({0}costed_net_sales{1}), sum({0}cost_of_goods{1}), sum({0}margin{1})"
    for table, base in (*((name, "") for name in TABLES[:2]), ("group_metrics", "_base")):
        chosen = " where store_group = 'all'" if base else ""
        found = small.rows(f"select basis, grain, {sums.format('', base)} from {table}{chosen} group by all")
        assert {row[2:] for row in found} == {wanted}, table
        assert len(found) == 10
    (law,) = [law for law in LAWS if law.name == "margins_add_up"]
    assert judge(law, small.connection).passed
    if held:
        small.connection.execute("update store_metrics set margin = margin + 0.01")
        assert not judge(law, small.connection).passed
