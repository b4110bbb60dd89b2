"""What stock earns and how products sold before do, by hand; null, never zero, where a cost or a stock is not known."""

from datetime import date
from decimal import Decimal

from small import CURRENCY, Small

LAST = date(2026, 3, 31)


def shelf(*, costs: tuple[tuple[str, str, str], ...], stocks: tuple[tuple[date, str, str, int], ...]) -> Small:
    """Two months: in February mugs for 300 and cups for 60; in March mugs for 450 and lamps for 200, on the tenth."""
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    rates = [{"currency": "USD", "day": date(2026, 3, day), "rate": Decimal(7)} for day in range(1, 32)]
    small.source("reference_rates", rates)
    rows = [
        {"merchant_sku": sku, "valid_from": date(2026, 1, 1), "unit_cost": Decimal(cost), "currency": money}
        for sku, cost, money in costs
    ]
    small.source("reference_costs", rows)
    small.store()
    small.order("f", date(2026, 2, 10), [("mug", 3, "100", "0"), ("cup", 2, "30", "0")])
    small.order("m", date(2026, 3, 10), [("mug", 5, "100", "50"), ("lamp", 1, "200", "0")])
    small.days_known(date(2026, 2, 1), LAST)
    row = {"store": "shop", "currency": CURRENCY, "landing": 1, "row": 2, "content": 1}
    small.state(
        "landed_listings",
        [row | {"product_id": "mug", "variant": sku, "merchant_sku": sku, "stock": n, "seen_day": d} for d, _, sku, n in stocks],
    )
    small.build("stock_returns", "same_products")
    return small


def test_margin_on_the_mean_cost_of_what_lay_there() -> None:
    """Five mugs for 450 cost 200: 250. Ten at 40 and then two: 240 on the mean of two days; 250 / 240."""
    stocks = ((date(2026, 3, 5), "mug", "mug", 10), (date(2026, 3, 30), "mug", "mug", 2))
    small = shelf(costs=(("mug", "40", CURRENCY),), stocks=stocks)
    columns = "product_id, margin_30d_base, stock_cost_base, days_stock_seen, gmroi_30d"
    assert small.rows(f"select {columns} from stock_returns where day = date '{LAST}'") == [
        ("mug", Decimal(250), Decimal(240), 2, 250 / 240)
    ]


def test_a_cost_in_dollars_is_that_of_the_days_rate() -> None:
    """Ten at five dollars of seven: 350; five sold cost 175."""
    small = shelf(costs=(("mug", "5", "USD"),), stocks=((date(2026, 3, 5), "mug", "mug", 10),))
    assert small.rows(f"select margin_30d_base, stock_cost_base from stock_returns where day = date '{LAST}'") == [
        (Decimal(275), Decimal(350))
    ]


def test_a_variant_without_a_cost_makes_the_stock_unknown() -> None:
    """Not cheaper: unknown. Of none left it costs nothing, and nothing is divided by it."""
    day = date(2026, 3, 5)
    two = ((day, "mug", "mug", 10), (day, "mug", "mug-red", 1))
    none = ((day, "mug", "mug", 0), (day, "mug", "mug-red", 0))
    told = [
        shelf(costs=(("mug", "40", CURRENCY),), stocks=stocks).rows("select stock_cost_base, gmroi_30d from stock_returns")
        for stocks in (two, none)
    ]
    assert told == [[(None, None)], [(Decimal(0), None)]]


def test_products_sold_in_both_months_and_those_that_came_and_went() -> None:
    """Mugs made 300 and then 450; lamps came with 200, cups went with 60. All of it is the two months' sales."""
    small = shelf(costs=(), stocks=())
    columns = "compared_with, same_products, same_product_sales, same_product_sales_before, same_product_growth"
    assert small.rows(f"select {columns}, new_product_sales, gone_product_sales from same_products") == [
        ("month before", 1, Decimal(450), Decimal(300), 0.5, Decimal(200), Decimal(60))
    ]


def test_a_month_with_a_missing_day_is_compared_with_nothing() -> None:
    small = shelf(costs=(), stocks=())
    small.connection.execute("delete from order_coverage where day = date '2026-02-20'")
    small.days_known(date(2026, 2, 20), date(2026, 2, 20), missing=[date(2026, 2, 20)])
    small.build("same_products")
    assert small.rows("select * from same_products") == []
