"""Money, worked out by hand: tiny exports in the platforms' own columns, through a whole refresh, to numbers anyone can check.

Each case says in a comment how its number comes about. That larger histories add up is test_worlds' business.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from homes import drop, refreshed
from worlds import (
    SHOPIFY_ORDERS,
    TAOBAO_LINES_10,
    TAOBAO_LINES_24,
    TAOBAO_ORDERS_2016,
    TAOBAO_ORDERS_2019,
    TAOBAO_REFUNDS,
    ExportFile,
)

from assets import published
from assets.home import Home

BASES = ("paid", "placed")
NOTHING = Decimal("0.00")

Row = Mapping[str, str]


def money(text: str) -> Decimal:
    """An amount as the tables hold it."""
    return Decimal(text)


def export(store: str, name: str, header: Sequence[str], rows: Sequence[Row]) -> ExportFile:
    """A file with a platform's header, and under it only the cells that are named; the header's own blanks do not count."""
    unknown = {cell for row in rows for cell in row} - {column.strip() for column in header}
    assert not unknown, f"the header has no {unknown}"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *([row.get(column.strip(), "") for column in header] for row in rows)])
    return ExportFile(store, name, text.getvalue().encode())


def asked(home: Home, sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows a query on what is published returns, by column."""
    with published.open_published(home) as connection:
        found = connection.execute(sql, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def period(home: Home, start: str, *, grain: str = "day", basis: str = "paid") -> dict[str, Any]:
    """The one store's metrics of a period; empty where it has none."""
    sql = "select * from store_metrics where grain = ? and basis = ? and period_start = cast(? as date)"
    found = asked(home, sql, grain, basis, start)
    assert len(found) <= 1
    return found[0] if found else {}


def products(home: Home, start: str, column: str) -> dict[str, Any]:
    """One column of the products of a day."""
    sql = f"""select product_id, {column} as amount from product_metrics
              where grain = 'day' and basis = 'paid' and period_start = cast(? as date)"""
    return {row["product_id"]: row["amount"] for row in asked(home, sql, start)}


def only(metrics: Mapping[str, Any], *names: str) -> list[Any]:
    """Some columns of a period, in the order asked for."""
    return [metrics[name] for name in names]


def broken(home: Home) -> set[str]:
    """The laws that are broken, as the generation tells."""
    return {row["check"] for row in asked(home, 'select distinct "check" from checks where not passed')}


# ---- Shopify: qty, line and order discounts, gift cards, test orders, tax, refunds ------------------


def item(sku: str, price: str, quantity: int = 1, discount: str = "0.00") -> Row:
    """A line of a Shopify order."""
    return {
        "Lineitem sku": sku, "Lineitem name": f"Thing {sku}", "Lineitem price": price, "Lineitem quantity": str(quantity),
        "Lineitem discount": discount, "Lineitem requires shipping": "true",
    }  # fmt: skip


GIFT_CARD: Row = {
    "Lineitem sku": "", "Lineitem name": "Gift Card - $50.00", "Lineitem price": "50.00", "Lineitem quantity": "1",
    "Lineitem discount": "0.00", "Lineitem requires shipping": "false",
}  # fmt: skip


def order(number: str, day: str, lines: Sequence[Row], total: str, **cells: str) -> list[Row]:
    """The rows of a Shopify order placed and paid on a day; what belongs to the order stands on its first row only."""
    head = {
        "Email": "buyer@example.com", "Financial Status": "paid", "Currency": "USD", "Total": total,
        "Created at": f"{day} 10:00:00 +0000", "Paid at": f"{day} 10:05:00 +0000", "Shipping": "0.00", "Taxes": "0.00",
        "Discount Amount": "0.00", "Refunded Amount": "0.00", "Outstanding Balance": "0.00", "Payment Method": "Shopify Payments",
    }  # fmt: skip
    named = {name.replace("_", " "): text for name, text in cells.items()}
    return [{"Name": number, **line, **(head | named if n == 0 else {})} for n, line in enumerate(lines)]


def shopify(home: Home, *orders: list[Row]) -> None:
    """Land Shopify orders in one export."""
    drop(home, [export("shop", "orders_export.csv", SHOPIFY_ORDERS, [row for rows in orders for row in rows])])
    refreshed(home)


def test_an_order_discount_is_spread_by_largest_remainder_and_ties_go_to_the_earlier_line(home: Home) -> None:
    """A tie over three equal lines gives the odd cent to the first; quantities and line discounts count before the spread."""
    # A: 2 × 6.00 − 2.00 = 10.00. B: 10.00. C: 10.00. An order discount of 0.10 is 3⅓ cents each: 3, 3, 3 and the tie to A.
    # Goods 32.00 − 2.00 − 0.10 = 29.90; with 5.00 shipping and 2.39 tax on top the total is 37.29.
    lines = [item("A", "6.00", 2, "2.00"), item("B", "10.00"), item("C", "10.00")]
    shopify(home, order("#1", "2024-05-01", lines, "37.29", Discount_Amount="0.10", Shipping="5.00", Taxes="2.39"))
    day = period(home, "2024-05-01")
    assert only(day, "paid_orders", "order_lines", "units") == [1, 3, 4]
    assert only(day, "gross_sales", "discounts", "discounted_sales") == [money("32.00"), money("2.10"), money("29.90")]
    assert only(day, "shipping", "tax", "paid_amount") == [money("5.00"), money("2.39"), money("37.29")]
    assert only(day, "aov", "units_per_order", "average_price") == [money("29.9000"), 4.0, money("7.4750")]
    assert products(home, "2024-05-01", "discounts") == {"sku:A": money("2.04"), "sku:B": money("0.03"), "sku:C": money("0.03")}


def test_the_largest_remainder_is_served_before_an_earlier_line(home: Home) -> None:
    """The odd cent goes to the line that lost most by rounding down, wherever it stands."""
    # 10 cents over 10.00, 10.00 and 13.00: 3.03, 3.03 and 3.94 cents, so 3, 3, 3 and the odd cent to the third.
    lines = [item("A", "10.00"), item("B", "10.00"), item("C", "13.00")]
    shopify(home, order("#1", "2024-05-01", lines, "32.90", Discount_Amount="0.10"))
    assert products(home, "2024-05-01", "discounts") == {"sku:A": money("0.03"), "sku:B": money("0.03"), "sku:C": money("0.04")}


def test_a_gift_card_counts_nowhere(home: Home) -> None:
    """Beside goods a gift card adds neither line, unit nor money; alone it makes no order at all."""
    # Mixed: goods 20.00 + card 50.00 + shipping 5.00 = 75.00 charged, of which 25.00 are sales.
    shopify(
        home,
        order("#1", "2024-05-01", [GIFT_CARD, item("A", "10.00", 2)], "75.00", Shipping="5.00"),
        order("#2", "2024-05-02", [GIFT_CARD], "50.00"),
    )
    day = period(home, "2024-05-01")
    assert only(day, "paid_orders", "order_lines", "units", "buyers") == [1, 1, 2, 1]
    assert only(day, "gross_sales", "discounts", "shipping", "paid_amount") == [
        money("20.00"),
        NOTHING,
        money("5.00"),
        money("25.00"),
    ]
    assert products(home, "2024-05-01", "gross_sales") == {"sku:A": money("20.00")}
    assert period(home, "2024-05-02") == {}
    assert asked(home, "select counted from orders where order_id = '#2'") == [{"counted": False}]


def test_test_orders_and_unpaid_orders_count_nowhere(home: Home) -> None:
    """The bogus gateway and the tag `test` make a test order, a tag that only holds the letters does not."""
    thing = [item("A", "10.00")]
    shopify(
        home,
        order("#1", "2024-05-01", thing, "10.00", Payment_Method="Bogus Gateway"),
        order("#2", "2024-05-02", thing, "10.00", Tags="vip, Test"),
        order("#3", "2024-05-03", thing, "10.00", Tags="contest, latest"),
        order("#4", "2024-05-04", thing, "10.00", Financial_Status="pending", Paid_at="", Outstanding_Balance="10.00"),
    )
    assert [
        row["day"]
        for row in asked(home, "select distinct strftime(period_start, '%d') as day from store_metrics where grain = 'day'")
    ] == ["03"]
    assert only(period(home, "2024-05-03"), "paid_orders", "paid_amount") == [1, money("10.00")]


def test_included_tax_is_part_of_sales_and_tax_on_top_is_not(home: Home) -> None:
    """Tax in the price: sales and cash are the price. Tax on top: cash is more by the tax. Both say the tax."""
    shopify(
        home,
        order("#1", "2024-05-01", [item("A", "12.00")], "12.00", Taxes="2.00"),  # 12.00 with 2.00 in it
        order("#2", "2024-05-02", [item("A", "10.00")], "12.00", Taxes="2.00"),  # 10.00 and 2.00 on it
    )
    included, on_top = period(home, "2024-05-01"), period(home, "2024-05-02")
    assert only(included, "gross_sales", "tax", "paid_amount") == [money("12.00"), money("2.00"), money("12.00")]
    assert only(on_top, "gross_sales", "tax", "paid_amount") == [money("10.00"), money("2.00"), money("12.00")]


def test_a_shopify_refund_stands_on_the_orders_day_goods_first_and_on_no_other(home: Home) -> None:
    """The cumulative refund is cash on the order's day, goods up to the order's goods; Shopify dates no refund."""
    # #1: 5.00 of 20.00 back: all goods. #2: 20.00 and 5.00 shipping all back: 20.00 goods, the rest shipping.
    lines = [item("A", "10.00", 2)]
    shopify(
        home,
        order("#1", "2024-05-01", lines, "25.00", Shipping="5.00", Refunded_Amount="5.00", Financial_Status="partially_refunded"),
        order("#2", "2024-05-02", lines, "25.00", Shipping="5.00", Refunded_Amount="25.00", Financial_Status="refunded"),
        order("#3", "2024-05-03", lines, "25.00", Shipping="5.00"),
    )
    part, whole, none = (period(home, f"2024-05-0{day}") for day in (1, 2, 3))
    names = ("refunds_goods_order_day", "refunds_cash_order_day", "net_sales_order_day", "net_paid_order_day")
    assert only(part, *names) == [money("5.00"), money("5.00"), money("15.00"), money("20.00")]
    assert only(whole, *names) == [money("20.00"), money("25.00"), NOTHING, NOTHING]
    assert only(none, *names) == [NOTHING, NOTHING, money("20.00"), money("25.00")]
    undated = ("refunds_goods_refund_day", "refunds_cash_refund_day", "net_sales_refund_day", "net_paid_refund_day")
    assert all(only(day, *undated) == [None] * 4 for day in (part, whole, none))
    assert only(period(home, "2024-05-01", grain="month"), "refunds_cash_order_day", "refund_rate") == [money("30.00"), 30 / 75]


def test_an_order_and_its_lines_stand_as_one_export_states_them(home: Home) -> None:
    """Of two exports of an edited order that nothing ranks, one is taken whole: never one's money with the other's lines."""
    # Twelve orders, each with a line of 5.00 in one export and without it in the other. Neither file says which is newer.
    # Money of one and lines of the other would show as a discount of 5.00, or as an order whose discount is −5.00.
    days = [f"2024-05-{n:02d}" for n in range(1, 13)]
    more = [row for n, day in enumerate(days) for row in order(f"#{n}", day, [item("A", "10.00"), item("B", "5.00")], "15.00")]
    less = [row for n, day in enumerate(days) for row in order(f"#{n}", day, [item("A", "10.00")], "10.00")]
    drop(home, [export("shop", f"{name}.csv", SHOPIFY_ORDERS, rows) for name, rows in (("more", more), ("less", less))])
    refreshed(home)
    found = [tuple(only(period(home, day), "gross_sales", "discounts", "paid_amount")) for day in days]
    assert set(found) <= {(money("15.00"), NOTHING, money("15.00")), (money("10.00"), NOTHING, money("10.00"))}


def test_the_same_orders_stand_on_both_bases_each_on_its_own_day(home: Home) -> None:
    """An order placed before midnight and paid after it is the same money on two days, and a month apart here."""
    cells = {"Created_at": "2024-04-30 23:50:00 +0000", "Paid_at": "2024-05-01 00:10:00 +0000"}
    shopify(home, order("#1", "", [item("A", "10.00")], "10.00", **cells))
    assert (
        period(home, "2024-05-01")["paid_amount"] == period(home, "2024-04-30", basis="placed")["paid_amount"] == money("10.00")
    )
    assert period(home, "2024-04-30") == period(home, "2024-05-01", basis="placed") == {}


def test_amounts_are_converted_at_their_days_rate_or_not_at_all(home: Home) -> None:
    """A day without a rate takes the last earlier one for seven days; after that the amount in base is null, the amount not."""
    (home.reference / "fx_rates.csv").write_text("date,currency,rate\n2024-05-01,USD,7.1\n")
    thing = [item("A", "29.90")]
    shopify(home, *(order(f"#{n}", day, thing, "29.90") for n, day in enumerate(("2024-05-01", "2024-05-08", "2024-05-09"))))
    # 29.90 × 7.1 = 212.29
    days = [period(home, day) for day in ("2024-05-01", "2024-05-08", "2024-05-09")]
    assert [day["paid_amount_base"] for day in days] == [money("212.29"), money("212.29"), None]
    assert [day["paid_amount"] for day in days] == [money("29.90")] * 3
    assert period(home, "2024-05-01", grain="month")["paid_amount_base"] is None
    assert "every_amount_is_converted" in broken(home)


# ---- Taobao: spread discounts, refunds by kind, what cannot be known --------------------------------

STAMP = "202405311200"


def trade(number: str, day: str, goods: str, paid: str, *, shipping: str = "0.00", units: int = 1, **cells: str) -> Row:
    """A row of Taobao's order report: an order placed and paid on a day. `paid` may be less than goods and shipping: points."""
    return {
        "订单编号": number, "买家会员名": f"买家{number}", "买家应付货款": goods, "买家应付邮费": shipping,
        "总金额": str(Decimal(goods) + Decimal(shipping)), "买家实际支付金额": paid, "订单状态": "交易成功",
        "订单创建时间": f"{day} 09:00:00", "订单付款时间": f"{day} 09:01:00", "宝贝总数量": str(units), **cells,
    }  # fmt: skip


def sold(number: str, sku: str, price: str, quantity: int = 1) -> Row:
    """A row of Taobao's ten-column line report."""
    return {
        "订单编号": number, "标题": f"宝贝{sku}", "价格": price, "购买数量": str(quantity), "商家编码": sku,
        "订单状态": "交易成功",
    }  # fmt: skip


def refund(number: str, of: str, cash: str, done: str, kind: str, **cells: str) -> Row:
    """A row of Taobao's refund report: refunded on a day, in whole or in part."""
    return {
        "退款编号": number, "订单编号": of, "买家退款金额": cash, "退款的申请时间": "2024-05-10 08:00:00", "退款状态": "退款成功",
        "退款完结时间": f"{done} 12:00:00" if done else "", "部分退款/全部退款": kind, "买家退款原因": "质量问题", **cells,
    }  # fmt: skip


def trades(*rows: Row, header: Sequence[str] = TAOBAO_ORDERS_2019, part: str = "", stamp: str = STAMP) -> ExportFile:
    """An order report; the 2019 vintage states refunds in 退款金额, that of 2016 does not."""
    stated = [({"退款金额": "0.00"} if "退款金额" in header else {}) | dict(row) for row in rows]
    return export("店", f"ExportOrderList{stamp}{part}.csv", header, stated)


def lines(*rows: Row, part: str = "", stamp: str = STAMP) -> ExportFile:
    """A line report of ten columns: prices and quantities, no discounts, no times."""
    return export("店", f"ExportOrderDetailList{stamp}{part}.csv", TAOBAO_LINES_10, rows)


def refunds(*rows: Row, stamp: str = STAMP) -> ExportFile:
    """A refund report."""
    return export("店", f"退款导出{stamp}.csv", TAOBAO_REFUNDS, rows)


def taobao(home: Home, *files: ExportFile) -> None:
    """Land Taobao exports."""
    drop(home, files)
    refreshed(home)


def test_a_taobao_orders_discount_is_spread_over_its_lines(home: Home) -> None:
    """Lines without discounts of their own share what the order was discounted, and later what is refunded of it, to the cent."""
    # 60.00 + 2 × 25.00 = 110.00 at list price, 99.80 payable: 10.20 discount. 1020 × 60/110 = 556.36, 1020 × 50/110 = 463.64
    # cents: 556, 463 and the odd one to the second. 1.50 of the 105.80 were paid in points, which the platform bears.
    # 10.00 refunded over 54.44 and 45.36: 545.49 and 454.51 cents: 545, 454 and the odd one to the second.
    taobao(
        home,
        trades(trade("1", "2024-05-01", "99.80", "104.30", shipping="6.00", units=3)),
        lines(sold("1", "A", "60.00"), sold("1", "B", "25.00", 2)),
        refunds(refund("R1", "1", "10.00", "2024-05-11", "部分退款")),
    )
    day = period(home, "2024-05-01")
    assert only(day, "gross_sales", "discounts", "discounted_sales") == [money("110.00"), money("10.20"), money("99.80")]
    assert only(day, "platform_subsidy", "shipping", "tax", "paid_amount") == [
        money("1.50"),
        money("6.00"),
        None,
        money("104.30"),
    ]
    assert products(home, "2024-05-01", "discounts") == {"sku:A": money("5.56"), "sku:B": money("4.64")}
    assert products(home, "2024-05-01", "refunds_cash_order_day") == {"sku:A": money("5.45"), "sku:B": money("4.55")}
    assert products(home, "2024-05-11", "refunds_goods_refund_day") == {"sku:A": money("5.45"), "sku:B": money("4.55")}


def a_shop_with_refunds(home: Home) -> None:
    """Five orders of 99.80 + 6.00 shipping on the first five days of May, each with its own kind of refund, and one unknown."""
    numbers = ("1", "2", "3", "4", "5")
    taobao(
        home,
        trades(*(trade(n, f"2024-05-0{n}", "99.80", "105.80", shipping="6.00") for n in numbers)),
        lines(*(sold(n, "A", "99.80") for n in numbers)),
        refunds(
            refund("R1", "1", "105.80", "2024-05-11", "全部退款"),
            refund("R2", "2", "6.00", "2024-05-12", "部分退款", 买家退款原因="退运费"),
            refund("R3", "3", "20.00", "2024-05-13", "部分退款"),
            refund("R4", "4", "99.80", "2024-05-14", "全部退款", 退款状态="退款关闭"),
            refund("R5a", "5", "10.00", "2024-05-15", "部分退款"),
            refund("R5b", "5", "5.00", "", "部分退款", 退款状态="买家已经申请退款，等待卖家同意"),
            refund("R9", "9", "30.00", "2024-05-19", "部分退款"),
        ),
    )


GOODS_AND_CASH = {  # day of the order, day of the refund: goods, cash
    ("01", "11"): ("99.80", "105.80"),  # the whole order, not shipped: 6.00 of it is shipping
    ("02", "12"): ("0.00", "6.00"),  # 退运费: shipping alone
    ("03", "13"): ("20.00", "20.00"),  # part of the goods
    ("04", "14"): ("0.00", "0.00"),  # refused: nothing
    ("05", "15"): ("10.00", "10.00"),  # one done; the other is still asked for
}


@pytest.mark.parametrize("basis", BASES)
def test_a_refund_is_goods_and_cash_on_the_orders_day_and_on_its_own(home: Home, basis: str) -> None:
    """Whole, partial and shipping refunds part into goods and shipping; refused and unfinished ones are nothing."""
    a_shop_with_refunds(home)
    for (placed, done), (goods, cash) in GOODS_AND_CASH.items():
        ordered = period(home, f"2024-05-{placed}", basis=basis)
        assert only(ordered, "refunds_goods_order_day", "refunds_cash_order_day") == [money(goods), money(cash)]
        assert only(ordered, "net_sales_order_day", "net_paid_order_day") == [
            money("99.80") - money(goods),
            money("105.80") - money(cash),
        ]
        assert only(ordered, "net_sales_refund_day", "net_paid_refund_day") == [money("99.80"), money("105.80")]
        refunded = period(home, f"2024-05-{done}", basis=basis)
        if cash == "0.00":
            assert refunded == {}
        else:
            assert only(refunded, "paid_orders", "refunds_goods_refund_day", "refunds_cash_refund_day") == [
                0,
                money(goods),
                money(cash),
            ]
            assert only(refunded, "net_sales_refund_day", "net_paid_refund_day") == [-money(goods), -money(cash)]


def test_a_refund_waits_for_its_order_and_then_counts(home: Home) -> None:
    """The refund of an order no export names counts nowhere and is warned of; once the order arrives it counts on its day."""
    a_shop_with_refunds(home)
    assert period(home, "2024-05-19") == {}
    month = period(home, "2024-05-01", grain="month")
    assert only(month, "refunds_cash_order_day", "refunds_cash_refund_day") == [money("141.80"), money("141.80")]
    assert "every_refund_has_its_order" in broken(home)
    taobao(home, trades(trade("9", "2024-04-20", "99.80", "99.80"), part=" (2)"), lines(sold("9", "A", "99.80"), part=" (2)"))
    assert only(period(home, "2024-05-19"), "paid_orders", "refunds_cash_refund_day") == [0, money("30.00")]
    assert period(home, "2024-04-20")["refunds_cash_order_day"] == money("30.00")
    may = period(home, "2024-05-01", grain="month")
    assert only(may, "refunds_cash_order_day", "refunds_cash_refund_day") == [money("141.80"), money("171.80")]
    assert "every_refund_has_its_order" not in broken(home)


def test_what_the_lines_would_tell_is_null_while_they_are_missing(home: Home) -> None:
    """An order without its lines, or with too few, makes sales and units of its day and month null, never less; cash is known."""
    taobao(
        home,
        trades(
            trade("1", "2024-05-01", "20.00", "20.00"),
            trade("2", "2024-05-01", "30.00", "30.00"),  # no line
            trade("3", "2024-05-02", "40.00", "40.00", units=2),  # one unit of two
            trade("4", "2024-05-03", "50.00", "50.00"),
        ),
        lines(sold("1", "A", "25.00"), sold("3", "A", "25.00"), sold("4", "A", "60.00")),
    )
    unknown = ("gross_sales", "discounts", "units", "order_lines")
    missing, short, known, month = (
        period(home, day, grain=grain)
        for day, grain in (("2024-05-01", "day"), ("2024-05-02", "day"), ("2024-05-03", "day"), ("2024-05-01", "month"))
    )
    assert only(missing, "paid_orders", "orders_with_lines", "paid_amount", *unknown) == [2, 1, money("50.00"), *[None] * 4]
    assert only(short, "paid_orders", "orders_with_lines", "paid_amount", *unknown) == [1, 0, money("40.00"), *[None] * 4]
    assert only(known, *unknown) == [money("60.00"), money("10.00"), 1, 1]
    assert only(month, "paid_orders", "orders_with_lines", "paid_amount", *unknown) == [4, 2, money("140.00"), *[None] * 4]
    taobao(home, lines(sold("2", "B", "33.00"), sold("3", "A", "25.00"), sold("3", "B", "25.00"), part=" (2)"))
    # 25.00 + 33.00 + 50.00 + 60.00 at list price, 140.00 payable
    assert only(period(home, "2024-05-01", grain="month"), *unknown) == [money("168.00"), money("28.00"), 5, 5]


@pytest.mark.parametrize("in_one_run", [True, False])
def test_the_newest_export_says_how_an_order_its_lines_and_its_refunds_stand(home: Home, *, in_one_run: bool) -> None:
    """A later export wins whole, also where it says less than an earlier one and whichever of them comes first."""
    # On 31 May the order was 110.00 with 10.00 refunded of it. By 30 June a line was taken out, and the refund was made 4.00.
    june = [
        trades(trade("1", "2024-05-01", "60.00", "60.00", 退款金额="4.00"), stamp="202406301200"),
        lines(sold("1", "A", "60.00"), stamp="202406301200"),
        refunds(refund("R1", "1", "4.00", "2024-05-11", "部分退款"), stamp="202406301200"),
    ]
    may = [
        trades(trade("1", "2024-05-01", "110.00", "110.00", units=3, 退款金额="10.00")),
        lines(sold("1", "A", "60.00"), sold("1", "B", "25.00", 2)),
        refunds(refund("R1", "1", "10.00", "2024-05-11", "部分退款")),
    ]
    for files in [[*june, *may]] if in_one_run else [june, may]:
        taobao(home, *files)
    day = period(home, "2024-05-01")
    assert only(day, "order_lines", "gross_sales", "discounts", "paid_amount") == [1, money("60.00"), NOTHING, money("60.00")]
    assert day["refunds_cash_order_day"] == period(home, "2024-05-11")["refunds_cash_refund_day"] == money("4.00")
    assert products(home, "2024-05-01", "units") == {"sku:A": 1}


def test_refunds_nobody_states_are_null_and_not_zero(home: Home) -> None:
    """The order report of 2016 has no refund column: without a refund export, refunds and nets are null on every day."""
    taobao(home, trades(trade("1", "2024-05-01", "20.00", "20.00"), header=TAOBAO_ORDERS_2016), lines(sold("1", "A", "20.00")))
    day = period(home, "2024-05-01")
    kinds = [
        f"{kind}_{on}_day" for kind in ("refunds_goods", "refunds_cash", "net_sales", "net_paid") for on in ("order", "refund")
    ]
    assert only(day, *kinds, "refund_rate") == [None] * 9
    assert only(day, "gross_sales", "paid_amount", "buyers") == [money("20.00"), money("20.00"), 1]
    assert products(home, "2024-05-01", "refunds_cash_order_day") == {"sku:A": None}


def test_a_refund_total_without_a_refund_export_stands_on_the_orders_day_alone(home: Home) -> None:
    """退款金额 in the order report tells what came back, not when: known on the order's day, null on the refund's."""
    taobao(
        home,
        trades(
            trade("1", "2024-05-01", "20.00", "25.00", shipping="5.00", 退款金额="22.00"),
            trade("2", "2024-05-02", "20.00", "20.00", 退款金额="0.00"),
        ),
        lines(sold("1", "A", "20.00"), sold("2", "A", "20.00")),
    )
    told = ("refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day")
    assert only(period(home, "2024-05-01"), *told) == [money("20.00"), money("22.00"), None, None]
    assert only(period(home, "2024-05-02"), *told) == [NOTHING, NOTHING, None, None]


def test_orders_known_from_their_lines_alone_count(home: Home) -> None:
    """The line report of 24 columns dates its orders, so they count without an order report; the buyer stays unknown."""
    # 60.00 + 2 × 25.00 = 110.00 at list price, 54.00 + 50.00 payable, 6.00 shipping once: 110.00 paid.
    # 20.00 of the second line came back, and its 实付 is already less by it: 30.00.
    both = {
        "主订单编号": "3590000000000000017", "订单状态": "交易成功", "买家应付邮费": "6.00",
        "订单创建时间": "2024-05-01 09:00:00", "订单付款时间": "2024-05-01 09:01:00",
    }  # fmt: skip
    first = {"子订单编号": "3590000000000000018", "商品标题": "甲", "商品价格": "60.00", "购买数量": "1", "商家编码": "A"}
    second = {"子订单编号": "3590000000000000019", "商品标题": "乙", "商品价格": "25.00", "购买数量": "2", "商家编码": "B"}
    rows = [
        both | first | {"商品ID": "611", "买家应付货款": "54.00", "买家实付金额": "54.00", "退款金额": "无退款申请"},
        both | second | {"商品ID": "612", "买家应付货款": "50.00", "买家实付金额": "30.00", "退款金额": "20.00"},
    ]
    taobao(home, export("店", f"ExportOrderDetailList{STAMP}.csv", TAOBAO_LINES_24, rows))
    day = period(home, "2024-05-01")
    assert only(day, "paid_orders", "order_lines", "units", "buyers") == [1, 2, 3, None]
    assert only(day, "gross_sales", "discounts", "shipping", "paid_amount") == [
        money("110.00"), money("6.00"), money("6.00"), money("110.00"),
    ]  # fmt: skip
    told = ("refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day")
    assert only(day, *told) == [money("20.00"), money("20.00"), None, None]
    assert products(home, "2024-05-01", "refunds_cash_order_day") == {"611": NOTHING, "612": money("20.00")}
    assert products(home, "2024-05-01", "discounts") == {"611": money("6.00"), "612": NOTHING}


# ---- What was paid is what it is made of ----------------------------------------------------------


def test_cash_paid_is_sales_less_what_seller_and_platform_gave_and_what_was_added(home: Home) -> None:
    """paid_amount = gross_sales − discounts − platform_subsidy + shipping, + tax where it comes on top; at every grain."""
    goods = [item("A", "6.00", 2, "2.00"), item("B", "10.00")]
    on_top = order("#1", "2024-05-01", goods, "26.90", Discount_Amount="0.10", Shipping="5.00", Taxes="2.00")
    with_card = order("#2", "2024-05-02", [*goods, GIFT_CARD], "77.00", Shipping="5.00", Taxes="2.00")
    back = order(
        "#3", "2024-05-03", goods, "27.00", Shipping="5.00", Taxes="2.00", Refunded_Amount="27.00", Financial_Status="refunded"
    )
    drop(home, [export("shop", "orders_export.csv", SHOPIFY_ORDERS, [*on_top, *with_card, *back])])
    in_points = trade("1", "2024-05-01", "99.80", "104.30", shipping="6.00", units=3)
    taobao(home, trades(in_points), lines(sold("1", "A", "60.00"), sold("1", "B", "25.00", 2)))
    apart = asked(
        home,
        """select * from store_metrics where paid_amount is distinct from
           gross_sales - discounts - platform_subsidy + shipping + case when store = 'shop' then tax else 0 end""",
    )
    assert apart == []
    assert asked(
        home, "select sum(paid_amount) as paid from store_metrics where grain = 'year' and basis = 'paid' and store = 'shop'"
    ) == [
        {"paid": money("80.90")}  # 26.90 + 27.00 without the card + 27.00, refunded but paid
    ]
