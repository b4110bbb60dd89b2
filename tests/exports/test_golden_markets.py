"""What lands of JD's, Etsy's, WooCommerce's, TikTok Shop's and Lazada's exports: every value of every row."""

# ruff: noqa: E501
from pathlib import Path
from typing import Any

import pytest
from golden_markets import MARKETS, TIKTOK, TIKTOK_ROWS
from goldens import read, read_golden, rows_of

from assets.exports.opening import StoreFacts

# Of each file: the rows in it, those refused with their reason and column, those skipped by reason, and what lands.
EXPECTED: dict[str, tuple[int, list[tuple[int, str, str]], dict[str, int], dict[str, list[dict[str, Any]]]]] = {
    "jd.orders 2015": (
        7,
        [(7, "status_unknown", "订单状态"), (8, "money_missing", "京东价")],
        {"roll_up": 1},
        {
            "orders": [
                {"order_id": "11729000072", "placed_at": "2015-12-31 15:19:56", "placed_day": "2015-12-31", "paid_at": "2015-12-31 15:20:30", "paid_day": "2015-12-31", "status": "paid", "currency": "CNY", "goods_amount": "932.45", "order_shipping": "0.00", "order_subsidy": "0.00", "order_paid": "932.45", "region": "江西", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "11729000936", "placed_at": "2015-12-31 16:10:00", "placed_day": "2016-01-01", "paid_at": "2015-12-31 16:11:00", "paid_day": "2016-01-01", "status": "shipped", "currency": "CNY", "goods_amount": "1500.00", "order_shipping": "10.00", "order_subsidy": "20.00", "order_paid": "1490.00", "region": "江西", "is_test": False, "only_gift_cards": False, "row": 5},
                {"order_id": "11729000074", "placed_at": "2015-12-31 15:19:56", "placed_day": "2015-12-31", "status": "closed", "currency": "CNY", "goods_amount": "932.45", "order_shipping": "0.00", "order_subsidy": "0.00", "order_paid": "932.45", "region": "江西", "is_test": False, "only_gift_cards": False, "row": 6},
            ],
            "order_lines": [
                {"order_id": "11729000072", "line_id": "#1", "position": 1, "product_id": "1953000331", "merchant_sku": "ZZ-01", "title": "珍珠银饰 套装", "currency": "CNY", "quantity": 1, "unit_price": "758.00", "line_gross": "758.00", "is_goods": True, "row": 2},
                {"order_id": "11729000072", "line_id": "#2", "position": 2, "product_id": "1953000332", "merchant_sku": "ZZ-02", "title": "珍珠耳钉", "currency": "CNY", "quantity": 3, "unit_price": "113.00", "line_gross": "339.00", "is_goods": True, "row": 3},
                {"order_id": "11729000936", "line_id": "#1", "position": 1, "product_id": "1953000331", "merchant_sku": "ZZ-01", "title": "珍珠银饰 套装", "currency": "CNY", "quantity": 2, "unit_price": "758.00", "line_gross": "1516.00", "is_goods": True, "row": 5},
                {"order_id": "11729000074", "line_id": "#1", "position": 1, "product_id": "1953000331", "merchant_sku": "ZZ-01", "title": "珍珠银饰 套装", "currency": "CNY", "quantity": 1, "unit_price": "758.00", "line_gross": "758.00", "is_goods": True, "row": 6},
            ],
        },
    ),
    "jd.orders 2018": (
        1,
        [],
        {},
        {
            "orders": [
                {"order_id": "11729000072", "placed_at": "2018-03-05 01:08:00", "placed_day": "2018-03-05", "paid_at": "2018-03-05 01:09:00", "paid_day": "2018-03-05", "status": "paid", "currency": "CNY", "goods_amount": "932.45", "order_shipping": "0.00", "order_subsidy": "0.00", "order_paid": "932.45", "region": "江西", "is_test": False, "only_gift_cards": False, "row": 2},
            ],
            "order_lines": [
                {"order_id": "11729000072", "line_id": "#1", "position": 1, "product_id": "1953000331", "merchant_sku": "SKU-9", "title": "珍珠银饰 套装", "currency": "CNY", "quantity": 1, "unit_price": "758.00", "line_gross": "758.00", "is_goods": True, "row": 2},
            ],
        },
    ),
    "jd.items": (
        4,
        [(4, "count_unreadable", "商品访客数")],
        {"total_row": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "100012345678", "currency": "CNY", "visitors": 1200, "page_views": 2600, "carts": 80, "platform_buyers": 7, "platform_orders": 8, "platform_units": 9, "platform_paid": "5000.00", "platform_refunds": "310.00", "row": 3},
                {"day": "2026-04-19", "product_id": "100012345680", "currency": "CNY", "visitors": 0, "platform_orders": 0, "platform_paid": "0.00", "row": 5},
            ],
            "listings": [
                {"seen_day": "2026-04-19", "product_id": "100012345678", "variant": "-", "title": "养生壶", "category": "家用电器", "currency": "CNY", "row": 3},
                {"seen_day": "2026-04-19", "product_id": "100012345680", "variant": "-", "title": "杯刷", "currency": "CNY", "row": 5},
            ],
        },
    ),
    "jd.items self": (
        2,
        [],
        {"not_a_day": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "100012345678", "currency": "CNY", "visitors": 12, "page_views": 26, "carts": 3, "platform_buyers": 2, "platform_orders": 2, "platform_units": 2, "platform_paid": "598.00", "row": 2},
            ],
            "listings": [
                {"seen_day": "2026-04-19", "product_id": "100012345678", "variant": "-", "title": "养生壶", "category": "家用电器", "currency": "CNY", "row": 2},
            ],
        },
    ),
    "jd.stock": (
        3,
        [],
        {"subset": 1},
        {
            "listings": [
                {"seen_day": "2026-04-20", "product_id": "100012345678", "variant": "-", "title": "养生壶", "category": "家用电器", "currency": "CNY", "price": "299.00", "stock": 1204, "listing_status": "上柜", "row": 2},
                {"seen_day": "2026-04-20", "product_id": "100012345679", "variant": "-", "title": "滤网", "currency": "CNY", "price": "31.00", "stock": 0, "listing_status": "下柜", "row": 4},
            ],
        },
    ),
    "etsy.orders": (
        5,
        [(5, "date_unreadable", "sale date"), (6, "id_missing", "order id")],
        {},
        {
            "orders": [
                {"order_id": "9002", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-12 00:00:00", "paid_day": "2026-09-12", "status": "paid", "currency": "CAD", "goods_amount": "24.30", "order_shipping": "5.00", "order_tax": "3.51", "order_subsidy": "0.00", "order_paid": "32.81", "refund_reported": "0.00", "region": "ON", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 2},
                {"order_id": "3001", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-12 00:00:00", "paid_day": "2026-09-12", "status": "paid", "currency": "CAD", "goods_amount": "24.30", "order_shipping": "5.00", "order_tax": "3.51", "order_subsidy": "0.00", "order_paid": "32.81", "refund_reported": "12.81", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 3},
                {"order_id": "9003", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-12 00:00:00", "paid_day": "2026-09-12", "status": "paid", "currency": "CAD", "goods_amount": "24.30", "order_shipping": "0.00", "order_tax": "0.00", "order_subsidy": "0.00", "order_paid": "32.81", "refund_reported": "0.00", "region": "ON", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 4},
            ],
        },
    ),
    "etsy.orders french": (
        2,
        [(3, "money_unreadable", "order value")],
        {},
        {
            "orders": [
                {"order_id": "9010", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-12 00:00:00", "paid_day": "2026-09-12", "status": "paid", "currency": "EUR", "goods_amount": "1200.00", "order_shipping": "9.90", "order_tax": "0.00", "order_subsidy": "0.00", "order_paid": "1209.90", "refund_reported": "0.00", "region": "ON", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 2},
            ],
        },
    ),
    "etsy.lines": (
        4,
        [(5, "id_missing", "transaction id")],
        {},
        {
            "orders": [
                {"order_id": "9002", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-13 00:00:00", "paid_day": "2026-09-13", "status": "paid", "currency": "CAD", "goods_amount": "36.80", "order_shipping": "6.00", "order_tax": "3.51", "order_subsidy": "0.00", "order_paid": "46.31", "region": "ON", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "3001", "placed_at": "2026-09-12 00:00:00", "placed_day": "2026-09-12", "paid_at": "2026-09-12 00:00:00", "paid_day": "2026-09-12", "status": "paid", "currency": "CAD", "goods_amount": "24.30", "order_shipping": "6.00", "order_tax": "3.51", "order_subsidy": "0.00", "order_paid": "33.81", "region": "ON", "is_test": False, "only_gift_cards": False, "row": 4},
            ],
            "order_lines": [
                {"order_id": "9002", "line_id": "4002", "position": 1, "product_id": "1502", "merchant_sku": "SOAP", "title": "Soap Bar; mail [removed]", "currency": "CAD", "quantity": 3, "unit_price": "9.00", "line_gross": "27.00", "own_discount": "2.70", "is_goods": True, "row": 2},
                {"order_id": "9002", "line_id": "4003", "position": 2, "product_id": "1503", "title": "Mug", "currency": "CAD", "quantity": 1, "unit_price": "12.50", "line_gross": "12.50", "own_discount": "0.00", "is_goods": True, "row": 3},
                {"order_id": "3001", "line_id": "4004", "position": 1, "product_id": "1502", "merchant_sku": "SOAP", "title": "Soap Bar; mail [removed]", "currency": "CAD", "quantity": 3, "unit_price": "9.00", "line_gross": "27.00", "own_discount": "2.70", "is_goods": True, "row": 4},
            ],
        },
    ),
    "etsy.listings": (
        2,
        [],
        {"no_sku": 1},
        {
            "listings": [
                {"product_id": "SOAP", "variant": "SOAP", "merchant_sku": "SOAP", "title": "Soap Bar", "currency": "CAD", "price": "9.00", "stock": 12, "row": 2},
            ],
        },
    ),
    "woocommerce.orders": (
        5,
        [(5, "status_unknown", "status"), (6, "money_negative", "net sales")],
        {},
        {
            "orders": [
                {"order_id": "1001", "placed_at": "2026-05-01 10:20:30", "placed_day": "2026-05-01", "paid_at": "2026-05-01 10:20:30", "paid_day": "2026-05-01", "status": "completed", "goods_amount": "2999.00", "item_count": 3, "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "1002", "placed_at": "2026-05-01 10:20:30", "placed_day": "2026-05-01", "status": "pending", "goods_amount": "10.50", "item_count": 1, "is_test": False, "only_gift_cards": False, "row": 3},
                {"order_id": "1003", "placed_at": "2026-05-01 10:20:30", "placed_day": "2026-05-01", "paid_at": "2026-05-01 10:20:30", "paid_day": "2026-05-01", "status": "refunded", "goods_amount": "2999.00", "item_count": 3, "is_test": False, "only_gift_cards": False, "row": 4},
            ],
        },
    ),
    "tiktok.orders": (
        5,
        [(6, "status_unknown", "order status")],
        {},
        {
            "orders": [
                {"order_id": "580000000000000011", "placed_at": "2026-10-06 07:00:00", "placed_day": "2026-10-06", "paid_at": "2026-10-06 07:01:00", "paid_day": "2026-10-06", "status": "completed", "goods_amount": "110000.00", "order_shipping": "9000.00", "order_subsidy": "5000.00", "order_paid": "114000.00", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 2},
                {"order_id": "580000000000000012", "placed_at": "2026-10-25 23:30:00", "placed_day": "2026-10-25", "status": "closed", "goods_amount": "90000.00", "order_shipping": "9000.00", "order_subsidy": "5000.00", "order_paid": "94000.00", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 4},
                {"order_id": "580000000000000013", "placed_at": "2026-10-06 07:00:00", "placed_day": "2026-10-06", "paid_at": "2026-10-06 07:01:00", "paid_day": "2026-10-06", "status": "paid", "goods_amount": "90000.00", "order_shipping": "9000.00", "order_subsidy": "5000.00", "order_paid": "94000.00", "refund_reported": "94000.00", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 5},
            ],
            "order_lines": [
                {"order_id": "580000000000000011", "line_id": "#1", "position": 1, "product_id": "1729000000000000001", "merchant_sku": "KAOS-M", "title": "Kaos Polos", "quantity": 2, "unit_price": "50000.00", "line_gross": "100000.00", "own_discount": "10000.00", "is_goods": True, "row": 2},
                {"order_id": "580000000000000011", "line_id": "#2", "position": 2, "product_id": "1729000000000000002", "title": "Kaos Polos", "quantity": 1, "unit_price": "25000.00", "line_gross": "25000.00", "own_discount": "5000.00", "is_goods": True, "row": 3},
                {"order_id": "580000000000000012", "line_id": "#1", "position": 1, "product_id": "1729000000000000001", "merchant_sku": "KAOS-M", "title": "Kaos Polos", "quantity": 2, "unit_price": "50000.00", "line_gross": "100000.00", "own_discount": "10000.00", "is_goods": True, "row": 4},
                {"order_id": "580000000000000013", "line_id": "#1", "position": 1, "product_id": "1729000000000000001", "merchant_sku": "KAOS-M", "title": "Kaos Polos", "quantity": 2, "unit_price": "50000.00", "line_gross": "100000.00", "own_discount": "10000.00", "is_goods": True, "row": 5},
            ],
        },
    ),
    "tiktok.orders xlsx": (
        2,
        [],
        {"column_notes": 1},
        {
            "orders": [
                {"order_id": "580000000000000011", "placed_at": "2025-12-05 09:30:33", "placed_day": "2025-12-05", "paid_at": "2025-12-05 12:05:00", "paid_day": "2025-12-05", "status": "completed", "goods_amount": "90.00", "order_shipping": "9.00", "order_subsidy": "5.00", "order_paid": "94.00", "refund_reported": "0.00", "region": "CA", "is_test": False, "only_gift_cards": False, "buyer": True, "row": 3},
            ],
            "order_lines": [
                {"order_id": "580000000000000011", "line_id": "#1", "position": 1, "product_id": "1729000000000000001", "merchant_sku": "KAOS-M", "title": "Kaos Polos", "quantity": 2, "unit_price": "50.00", "line_gross": "100.00", "own_discount": "10.00", "is_goods": True, "row": 3},
            ],
        },
    ),
    "lazada.orders": (
        6,
        [(7, "date_unreadable", "createtime")],
        {},
        {
            "orders": [
                {"order_id": "340000000000001", "placed_at": "2022-07-04 11:46:00", "placed_day": "2022-07-04", "paid_at": "2022-07-04 11:46:00", "paid_day": "2022-07-04", "status": "completed", "goods_amount": "190000.00", "order_shipping": "10000.00", "order_paid": "200000.00", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "340000000000002", "placed_at": "2022-07-04 11:46:00", "placed_day": "2022-07-04", "status": "closed", "goods_amount": "0.00", "order_shipping": "0.00", "order_paid": "0.00", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 5},
                {"order_id": "340000000000003", "placed_at": "2022-07-04 11:46:00", "placed_day": "2022-07-04", "paid_at": "2022-07-04 11:46:00", "paid_day": "2022-07-04", "status": "refunded", "goods_amount": "95000.00", "order_shipping": "10000.00", "order_paid": "105000.00", "refund_reported": "95000.00", "is_test": False, "only_gift_cards": False, "row": 6},
            ],
            "order_lines": [
                {"order_id": "340000000000001", "line_id": "370000000000101", "position": 1, "product_id": "2400000001_VNAMZ-1", "merchant_sku": "CASE-BLK", "title": "Phone case", "quantity": 1, "line_gross": "100000.00", "own_discount": "5000.00", "is_goods": True, "row": 2},
                {"order_id": "340000000000001", "line_id": "370000000000102", "position": 2, "product_id": "2400000001_VNAMZ-1", "merchant_sku": "CASE-BLK", "title": "Phone case", "quantity": 1, "line_gross": "100000.00", "own_discount": "5000.00", "is_goods": True, "row": 3},
                {"order_id": "340000000000001", "line_id": "370000000000103", "position": 3, "product_id": "2400000001_VNAMZ-1", "merchant_sku": "CASE-BLK", "title": "Phone case", "quantity": 0, "line_gross": "0.00", "own_discount": "0.00", "is_goods": True, "row": 4},
                {"order_id": "340000000000002", "line_id": "370000000000201", "position": 1, "product_id": "2400000001_VNAMZ-1", "merchant_sku": "CASE-BLK", "title": "Phone case", "quantity": 0, "line_gross": "0.00", "own_discount": "0.00", "is_goods": True, "row": 5},
                {"order_id": "340000000000003", "line_id": "370000000000301", "position": 1, "product_id": "2400000001_VNAMZ-1", "merchant_sku": "CASE-BLK", "title": "Phone case", "quantity": 1, "line_gross": "100000.00", "own_discount": "5000.00", "is_goods": True, "row": 6},
            ],
        },
    ),
}  # fmt: skip


def test_every_golden_file_has_its_expectation() -> None:
    """None is read without being held to anything."""
    assert set(EXPECTED) == set(MARKETS)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_file_lands_to_the_letter(tmp_path: Path, name: str) -> None:
    """Every value of every row, and nothing where the file says nothing; every other row has its reason."""
    rows_in, refused, skipped, kinds = EXPECTED[name]
    landing, shaped = read_golden(tmp_path, MARKETS[name])
    told = {kind: rows_of(shaped, kind) for kind in shaped.kinds if kind != "quarantine"}
    sold = ("orders", "order_lines", "refunds")  # whose currency is XXX where neither file nor store names one
    kinds = {kind: [({"currency": "XXX"} if kind in sold else {}) | row for row in rows] for kind, rows in kinds.items()}
    assert {kind: [row | ({"buyer": True} if "buyer" in row else {}) for row in rows] for kind, rows in told.items()} == kinds
    assert (landing.rows_in, shaped.problems.rows(), landing.skipped) == (rows_in, refused, skipped)


def clocked(tmp_path: Path, days: list[str], zone: str = "") -> tuple[list[str], list[str]]:
    """The days TikTok's orders of these times land on, and what is refused."""
    rows = [TIKTOK_ROWS[0] | {"Order ID": f"58{n}", "Created Time": day, "Paid Time": ""} for n, day in enumerate(days)]
    ((_, shaped),) = read(tmp_path, TIKTOK.with_rows(rows).content, "orders.csv", facts=StoreFacts(timezone=zone))
    assert shaped is not None
    return [row["placed_day"] for row in rows_of(shaped, "orders")], shaped.problems["reason"].to_list()


@pytest.mark.parametrize(
    ("days", "zone", "expected"),
    [
        (["06/10/2026 07:00:00", "25/10/2026 07:00:00"], "", ["2026-10-06", "2026-10-25"]),
        (["06/10/2026 07:00:00", "06/25/2026 07:00:00"], "", ["2026-06-10", "2026-06-25"]),
        (["06/10/2026 07:00:00 AM", "06/11/2026 12:30:00 PM"], "", ["2026-06-10", "2026-06-11"]),
        (["06/10/2026 07:00:00"], "Asia/Jakarta", ["2026-10-06"]),
        (["06/10/2026 07:00:00"], "America/Los_Angeles", ["2026-06-10"]),
        (["06/10/2026 07:00:00", "07/10/2026 07:00:00"], "", []),
        (["06/06/2026 07:00:00"], "", ["2026-06-06"]),
    ],
)
def test_the_month_stands_before_the_day_in_all_of_a_file_or_after_it(
    tmp_path: Path, days: list[str], zone: str, expected: list[str]
) -> None:
    """The file's own days tell, else the store's zone; where neither does, no day is guessed."""
    found, refused = clocked(tmp_path, days, zone)
    assert found == expected
    assert refused == ([] if expected else ["date_order_ambiguous"] * len(days))


def test_jds_subtotal_is_no_product(tmp_path: Path) -> None:
    """The row of all SKUs together is left out and counted."""
    _, shaped = read_golden(tmp_path, MARKETS["jd.items"])
    assert "合计" not in {row["product_id"] for row in rows_of(shaped, "traffic")}
