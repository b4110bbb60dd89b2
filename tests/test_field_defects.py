"""Mistakes that tools of this field are known to make, each as a case worked by hand that they get wrong.

A comment over each case tells the mistake. All cases are stores of one home, landed together; what one store's reload does to the
others is the last case.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from homes import drop, make_home, refreshed
from test_money_laws import GIFT_CARD, Row, export, item, lines, order, refund, refunds, sold, trade, trades
from worlds import SHOPIFY_ORDERS, TAOBAO_LINES_18, TAOBAO_ORDERS_2016, ExportFile

from assets import published
from assets.home import Home

GIVEN: dict[str, list[ExportFile]] = {}
STORES = [
    ("newyork", "shopify", "America/New_York", "USD"),
    ("sydney", "shopify", "Australia/Sydney", "AUD"),
    ("yen", "shopify", "Asia/Tokyo", "JPY"),
]
RATES = "date,currency,rate\n2024-05-01,JPY,0.05\n2024-05-01,USD,7\n2024-03-09,USD,7\n2024-11-02,USD,7\n"


def shopify(store: str, *orders: Sequence[Row]) -> None:
    """Give a store one export of Shopify orders."""
    GIVEN[store] = [export(store, "orders_export.csv", SHOPIFY_ORDERS, [row for rows in orders for row in rows])]


def taobao(store: str, *files: ExportFile) -> None:
    """Give a store some exports of Taobao."""
    GIVEN[store] = [replace(file, store=store) for file in files]


def money(*texts: str) -> list[Decimal]:
    """Amounts as the tables hold them."""
    return [Decimal(text) for text in texts]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All stores of all cases, landed and published once."""
    made = make_home(tmp_path_factory.mktemp("defects"))
    rows = "".join(f"{name},{platform},{zone},{currency},,\n" for name, platform, zone, currency in STORES)
    (made.reference / "stores.csv").write_text(f"store,platform,timezone,currency,name,group\n{rows}")
    (made.reference / "fx_rates.csv").write_text(RATES)
    for files in GIVEN.values():
        drop(made, files)
    refreshed(made)
    return made


class Shown:
    """What is published."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query returns."""
        with published.open_published(self._home) as connection:
            return connection.execute(sql).fetchall()

    def of(self, store: str, columns: str, day: str = "2024-05-01", grain: str = "day", basis: str = "paid") -> list[Any]:
        """A store's figures of a period."""
        where = f"store = '{store}' and grain = '{grain}' and basis = '{basis}' and period_start = date '{day}'"
        found = self.rows(f"select {columns} from store_metrics where {where}")
        assert len(found) == 1, found
        return list(found[0])

    def broken(self) -> set[str]:
        """The checks that warn."""
        return {name for (name,) in self.rows('select distinct "check" from checks where not passed')}


@pytest.fixture
def shown(home: Home) -> Shown:
    """A reader of it."""
    return Shown(home)


# A total that already holds the quantity is multiplied by the quantity again: 738 million shown for 51.
shopify("quantity", order("#1", "2024-05-01", [item("A", "10.00", 3), item("B", "5.00")], "35.00"))


def test_quantity_is_counted_once(shown: Shown) -> None:
    assert shown.of("quantity", "units, gross_sales, paid_amount") == [4, *money("35.00", "35.00")]
    assert shown.rows("select sum(gross_sales) from price_bands where store = 'quantity'") == [(Decimal("35.00"),)]


# Orders joined to their payments, and that to their refunds: two of each make four rows, and every sum doubles.
taobao(
    "fan",
    trades(trade("1", "2024-05-01", "60.00", "60.00", units=2, 退款金额="15.00", 支付单号="P1,P2")),
    lines(sold("1", "A", "40.00"), sold("1", "B", "20.00")),
    refunds(refund("R1", "1", "10.00", "2024-05-11", "部分退款"), refund("R2", "1", "5.00", "2024-05-12", "部分退款")),
)


def test_several_payments_lines_and_refunds_do_not_multiply_each_other(shown: Shown) -> None:
    of_order = shown.of("fan", "paid_orders, order_lines, gross_sales, paid_amount, refunds_cash_order_day")
    assert of_order == [1, 2, *money("60.00", "60.00", "15.00")]
    month = shown.of("fan", "refunds_goods_order_day, refunds_goods_refund_day, net_sales_refund_day", grain="month")
    assert month == money("15.00", "15.00", "45.00")
    products = (
        "select sum(refunds_cash_order_day) from product_metrics where store = 'fan' and grain = 'month' and basis = 'paid'"
    )
    assert shown.rows(products) == [(Decimal("15.00"),)]


# A subtotal that is already net is lessened by the discount again; or of two discounts only one is seen.
shopify(
    "discount",
    order(
        "#1", "2024-05-01", [item("A", "10.00", 2, "3.00"), item("B", "10.00")], "22.00", Discount_Amount="5.00", Subtotal="22.00"
    ),
)


def test_a_discount_is_subtracted_once_and_those_of_lines_and_order_both_are(shown: Shown) -> None:
    figures = shown.of("discount", "gross_sales, discounts, discounted_sales, net_sales_order_day")
    assert figures == money("30.00", "8.00", "22.00", "22.00")


# A refund of money alone, on a day without an order: it falls out where days are those of orders.
taobao(
    "adjustment",
    trades(trade("1", "2024-05-01", "50.00", "56.00", shipping="6.00", 退款金额="6.00")),
    lines(sold("1", "A", "50.00")),
    refunds(refund("R1", "1", "6.00", "2024-05-20", "部分退款", 买家退款原因="退运费")),
)


def test_a_refund_stands_on_a_day_without_orders(shown: Shown) -> None:
    figures = shown.of("adjustment", "paid_orders, gross_sales, refunds_goods_refund_day, refunds_cash_refund_day", "2024-05-20")
    assert figures == [0, *money("0.00", "0.00", "6.00")]
    assert shown.of("adjustment", "net_sales_refund_day, net_paid_refund_day", grain="month") == money("50.00", "50.00")


# Prices hold the tax; on a whole refund the tax is subtracted again, and net ends below zero.
back = {"Refunded_Amount": "120.00", "Financial_Status": "refunded"}
shopify("inclusive", order("#1", "2024-05-01", [item("A", "120.00")], "120.00", Taxes="20.00", **back))


def test_a_whole_refund_with_tax_in_the_price_ends_at_zero(shown: Shown) -> None:
    figures = shown.of("inclusive", "gross_sales, tax, refunds_goods_order_day, net_sales_order_day, net_paid_order_day")
    assert figures == money("120.00", "20.00", "120.00", "0.00", "0.00")


# The order value is taken with shipping and tax in it in one place, and without in another.
shopify("value", order("#1", "2024-05-01", [item("A", "40.00")], "54.00", Shipping="10.00", Taxes="4.00"))


def test_the_average_order_value_holds_neither_shipping_nor_tax(shown: Shown) -> None:
    assert shown.of("value", "aov, paid_amount, shipping, tax") == [Decimal("40.0000"), *money("54.00", "10.00", "4.00")]


# Guests have no account: all are one buyer, or each order is a buyer of its own, and cohorts fill with them.
thing = [item("A", "10.00")]
shopify(
    "guests",
    order("#1", "2024-05-01", thing, "10.00", Email="a@example.com"),
    order("#2", "2024-05-01", thing, "10.00", Email="A@example.com "),
    order("#3", "2024-05-01", thing, "10.00", Email="", Phone=""),
    order("#4", "2024-05-01", thing, "10.00", Email="", Phone=""),
)


def test_guests_are_nobody_and_a_buyer_is_known_again_however_written(shown: Shown) -> None:
    assert shown.of("guests", "paid_orders, buyers, orders_with_buyer") == [4, 1, 2]


# An export that stopped goes on as a row of zeros; refunds before the first refund export are a row of zeros.
shopify("stopped", order("#1", "2024-03-01", thing, "10.00"))
taobao(
    "undated",
    trades(trade("1", "2024-03-03", "50.00", "50.00"), trade("2", "2024-05-03", "50.00", "50.00"), header=TAOBAO_ORDERS_2016),
    lines(sold("1", "A", "50.00"), sold("2", "A", "50.00")),
    refunds(refund("R1", "2", "5.00", "2024-05-11", "部分退款"), stamp="202406021200"),
)


def test_what_was_not_exported_is_null_and_never_zero(shown: Shown) -> None:
    assert shown.rows("select max(period_start) from store_metrics where store = 'stopped' and grain = 'month'") == [
        (date(2024, 3, 1),)
    ]
    told = "refunds_cash_order_day, refunds_cash_refund_day, net_sales_refund_day"
    assert shown.of("undated", told, "2024-03-03") == [None, None, None]
    assert shown.of("undated", told, "2024-03-01", "month") == [None, None, None]
    assert shown.of("undated", told, "2024-05-01", "month") == money("5.00", "5.00", "45.00")
    assert shown.of("undated", told, "2024-01-01", "year") == [None, None, None]


# Where every order says that nothing came back, the months before the first refund are known after all.
taobao(
    "settled",
    trades(trade("1", "2024-03-03", "50.00", "50.00"), trade("2", "2024-05-03", "50.00", "50.00", 退款金额="5.00")),
    lines(sold("1", "A", "50.00"), sold("2", "A", "50.00")),
    refunds(refund("R1", "2", "5.00", "2024-05-11", "部分退款")),
)


def test_a_month_whose_orders_all_say_that_nothing_came_back_is_a_zero(shown: Shown) -> None:
    assert shown.of("settled", "refunds_cash_refund_day, net_sales_refund_day", "2024-03-01", "month") == money("0.00", "50.00")
    assert shown.of("settled", "refunds_cash_refund_day", "2024-01-01", "year") == money("5.00")


# 1,500 yen are added to 10 dollars as 1,510; one raw sum for a group of stores.
shopify("yen", order("#1", "2024-05-01", [item("A", "1500.00")], "1500.00", Currency="JPY"))


def test_currencies_are_never_added(shown: Shown) -> None:
    assert shown.of("yen", "currency, paid_amount, paid_amount_base") == ["JPY", *money("1500.00", "75.00")]
    summed = (
        "select sum(paid_amount_base) from store_metrics where grain = 'day' and basis = 'paid' and period_start = '2024-05-01'"
    )
    group = """select paid_amount_base from group_metrics
        where store_group = 'all' and grain = 'day' and basis = 'paid' and period_start = '2024-05-01'"""
    assert shown.rows(summed) == shown.rows(group)
    columns = {name for (name,) in shown.rows("select column_name from duckdb_columns() where table_name = 'group_metrics'")}
    assert "paid_amount" not in columns


# The day of 23 hours loses an order and that of 25 gains one; every store is put into one time zone, or into UTC.
shopify(
    "newyork",
    order("#1", "", thing, "10.00", Created_at="2024-03-10 23:30:00 -0400", Paid_at="2024-03-10 23:59:00 -0400"),
    order("#2", "", thing, "10.00", Created_at="2024-03-11 00:00:00 -0400", Paid_at="2024-03-11 00:00:00 -0400"),
    order("#3", "", thing, "10.00", Created_at="2024-11-03 01:30:00 -0400", Paid_at="2024-11-03 01:30:00 -0400"),
    order("#4", "", thing, "10.00", Created_at="2024-11-03 01:30:00 -0500", Paid_at="2024-11-03 01:30:00 -0500"),
    order("#5", "", thing, "10.00", Created_at="2024-11-03 23:59:59 -0500", Paid_at="2024-11-03 23:59:59 -0500"),
)
shopify("sydney", order("#1", "", thing, "10.00", Created_at="2024-11-03 20:00:00 +0000", Paid_at="2024-11-03 20:00:00 +0000"))


def test_days_of_23_and_of_25_hours_hold_their_orders(shown: Shown) -> None:
    by_day = {day: shown.of("newyork", "paid_orders", day) for day in ("2024-03-10", "2024-03-11", "2024-11-03")}
    assert by_day == {"2024-03-10": [1], "2024-03-11": [1], "2024-11-03": [3]}


def test_every_store_has_its_own_clock(shown: Shown) -> None:
    """The same moment is Sunday evening in New York and Monday in Sydney."""
    assert shown.of("sydney", "paid_orders", "2024-11-04") == [1]
    assert shown.rows(
        "select count(*) from store_metrics where store = 'sydney' and period_start = '2024-11-03' and grain = 'day'"
    ) == [(0,)]


# The total's rate is the mean of the parts' rates; buyers of days are added up to those of the month.
shopify(
    "ratios",
    order("#1", "2024-05-01", [item("A", "10.00", 1, "5.00")], "5.00", Email="a@example.com"),
    order("#2", "2024-05-02", [item("A", "990.00")], "990.00", Email="a@example.com"),
)


def test_a_totals_rate_is_of_the_totals_and_its_buyers_are_counted_again(shown: Shown) -> None:
    """5 off 1,000 is half a percent, though half of one day's sales and none of the other's."""
    days = [shown.of("ratios", "discount_rate, buyers", day) for day in ("2024-05-01", "2024-05-02")]
    assert days == [[0.5, 1], [0.0, 1]]
    assert shown.of("ratios", "discount_rate, buyers, aov", grain="month") == [0.005, 1, Decimal("497.5000")]


# An order that is paid, or comes to light, after its day was computed stays out: the look back is too short.
LATE = [trade("2", "2024-04-02", "30.00", "30.00")]
taobao("late", trades(trade("1", "2024-05-01", "50.00", "50.00")), lines(sold("1", "A", "50.00")))


# A gift card's refund is subtracted, though its sale was not added: net is below what was sold.
shopify(
    "card",
    order("#1", "2024-05-01", [GIFT_CARD, item("A", "20.00")], "70.00", Refunded_Amount="70.00", Financial_Status="refunded"),
    order(
        "#2",
        "2024-05-02",
        [GIFT_CARD, item("A", "20.00")],
        "70.00",
        Refunded_Amount="55.00",
        Financial_Status="partially_refunded",
    ),
    order("#3", "2024-05-03", [GIFT_CARD], "50.00", Refunded_Amount="50.00", Financial_Status="refunded"),
    order(
        "#4",
        "2024-05-04",
        [GIFT_CARD, item("A", "20.00")],
        "70.00",
        Refunded_Amount="12.00",
        Financial_Status="partially_refunded",
    ),
)


def test_a_refunded_gift_card_is_as_little_a_refund_as_it_was_a_sale(shown: Shown) -> None:
    """Goods come back first, as with any order; what comes back beyond them was the card's."""
    told = "refunds_cash_order_day, net_sales_order_day, net_paid_order_day"
    assert shown.of("card", told, "2024-05-01") == money("20.00", "0.00", "0.00")
    assert shown.of("card", told, "2024-05-02") == money("20.00", "0.00", "0.00")
    assert shown.of("card", told, "2024-05-04") == money("12.00", "8.00", "8.00")
    assert shown.rows("select counted from refunds where store = 'card' and order_id = '#3'") in ([], [(False,)])
    assert shown.of("card", "refunds_cash_order_day", grain="month") == money("52.00")


# An order of which a part is paid counts as sold in full and as paid in part, and nothing adds up.
partly = {"Financial_Status": "partially_paid", "Outstanding_Balance": "60.00"}
shopify(
    "part",
    order("#1", "2024-05-01", [item("A", "100.00")], "100.00", **partly),
    order("#2", "2024-05-02", [item("A", "100.00")], "100.00"),
)


def test_an_order_counts_once_all_of_it_is_paid(shown: Shown) -> None:
    assert shown.of("part", "paid_orders, gross_sales, paid_amount", grain="month") == [1, *money("100.00", "100.00")]


# The refund rows show less than the order says came back, and the rest is left out without a word.
taobao(
    "rest",
    trades(trade("1", "2024-05-01", "50.00", "56.00", shipping="6.00", 退款金额="20.00")),
    lines(sold("1", "A", "50.00")),
    refunds(refund("R1", "1", "12.00", "2024-05-11", "部分退款")),
)


def test_what_came_back_beyond_the_refund_rows_counts_and_is_warned_of(shown: Shown) -> None:
    """12.00 on their day; all 20.00 on the order's."""
    figures = shown.of("rest", "refunds_cash_order_day, refunds_goods_order_day, refunds_cash_refund_day", grain="month")
    assert figures == money("20.00", "20.00", "12.00")
    parts = shown.rows("select refund_cash, refund_day is null from refunds where store = 'rest' order by refund_cash")
    assert parts == [(Decimal("8.00"), True), (Decimal("12.00"), False)]
    assert "every_refund_stated_is_dated" in shown.broken()


# Two exports tell of one order's refund, and the older one is believed for being of the other kind.
def _line(back: str) -> Row:
    return {
        "子订单编号": "1", "主订单编号": "1", "标题": "甲", "价格": "50.00", "购买数量": "1", "商家编码": "A",
        "订单状态": "交易成功",
        "买家应付货款": "50.00", "买家实际支付金额": str(Decimal(50) - Decimal(back)), "退款金额": back,
        "订单创建时间": "2024-05-01 09:00:00", "订单付款时间": "2024-05-01 09:01:00",
    }  # fmt: skip


taobao(
    "newer",
    trades(trade("1", "2024-05-01", "50.00", "50.00")),
    export("", "ExportOrderDetailList202406151200.csv", TAOBAO_LINES_18, [_line("9.00")]),
)
taobao(
    "older",
    trades(trade("1", "2024-05-01", "50.00", "56.00", shipping="6.00", 退款金额="56.00")),
    export("", "ExportOrderDetailList202405151200.csv", TAOBAO_LINES_18, [_line("9.00")]),
)


def test_the_newer_of_two_kinds_of_export_tells_what_came_back(shown: Shown) -> None:
    assert shown.of("newer", "refunds_cash_order_day, paid_amount") == money("9.00", "50.00")
    assert shown.of("older", "refunds_cash_order_day, paid_amount") == money("56.00", "56.00")


# ---- After which nothing above may be asked of the home ----------------------------------------------


def test_late_orders_count_and_a_reload_of_one_store_leaves_the_others_alone(home: Home, shown: Shown) -> None:
    """A reload deletes by date and not by store: the other stores' days are gone. An order of a closed month stays out."""
    every = "select * exclude (buyers) from store_metrics where store <> 'late' order by all"
    before = shown.rows(every)
    assert shown.of("late", "paid_orders", "2024-01-01", "year") == [1]
    again = [trades(*LATE, part=" (2)", stamp="202406301200"), lines(sold("2", "A", "30.00"), part=" (2)", stamp="202406301200")]
    drop(home, [replace(file, store="late") for file in again])
    refreshed(home)
    assert shown.rows(every) == before
    assert shown.of("late", "paid_orders, gross_sales", "2024-04-01", "month") == [1, *money("30.00")]
    assert shown.of("late", "paid_orders, gross_sales", "2024-01-01", "year") == [2, *money("80.00")]
