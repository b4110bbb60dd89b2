"""What lands of the orders that most shops have, Taobao's, Tmall's and Shopify's: every value of every row."""

# ruff: noqa: E501
import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest
from golden_orders import ORDERS
from goldens import read_golden, rows_of

# Of each file: the moment it states, the rows in it, those refused with their reason and column, those skipped by reason, and what
# lands. A buyer is named here as the platform does.
SOLD = {"is_test": False, "only_gift_cards": False}
TRADE = {
    "placed_at": "2019-05-23 14:02:11",
    "placed_day": "2019-05-23",
    "currency": "CNY",
    "order_shipping": "0.00",
    "item_count": 3,
    **SOLD,
}
TABLE = {
    "order_id": "5119000000000000001",
    "placed_at": "2026-04-23 06:38:45",
    "placed_day": "2026-04-23",
    "paid_at": "2026-04-23 06:40:00",
    "paid_day": "2026-04-23",
    "status": "completed",
    "currency": "CNY",
    **SOLD,
}
LINE = {"order_id": "5119000000000000001", "currency": "CNY", "is_goods": True}
REFUND = {"order_id": "193000000000000018", "currency": "CNY", "applied_at": "2019-05-31 15:59:00"}
DONE = {"refunded_at": "2019-06-04 16:10:00", "refund_day": "2019-06-05", "succeeded": True}
HEAD = {
    "placed_at": "2024-05-01 03:58:12",
    "placed_day": "2024-04-30",
    "status": "paid",
    "currency": "USD",
    "order_shipping": "5.00",
    "order_tax": "2.10",
    "order_subsidy": "0.00",
    "refund_reported": "0.00",
    "region": "NY",
    **SOLD,
}
PAID = {"paid_at": "2024-05-01 14:00:00", "paid_day": "2024-05-01", "order_paid": "35.08"}
TEE = {
    "line_id": "#1",
    "position": 1,
    "product_id": "sku:TEE-BLK-S",
    "merchant_sku": "TEE-BLK-S",
    "title": "Crew Tee - Black / S",
    "currency": "USD",
    "quantity": 1,
    "unit_price": "9.99",
    "line_gross": "9.99",
    "own_discount": "0.00",
    "is_goods": True,
}
TWO_LINES = [
    TEE | {"order_id": "#1001", "quantity": 2, "line_gross": "19.98", "own_discount": "1.00", "row": 2},
    TEE
    | {
        "order_id": "#1001",
        "line_id": "#2",
        "position": 2,
        "product_id": "sku:00120",
        "merchant_sku": "00120",
        "title": "Mug",
        "unit_price": "12.00",
        "line_gross": "12.00",
        "row": 3,
    },
]
EXPECTED: dict[str, tuple[str, int, list[tuple[int, str, str]], dict[str, int], dict[str, list[dict[str, Any]]]]] = {
    "taobao.orders": (
        "2019-06-02T08:50:00",
        7,
        [(5, "status_unknown", "订单状态"), (6, "id_lost_precision", "订单编号"), (7, "money_unreadable", "买家应付货款")],
        {"total_row": 1},
        {
            "orders": [
                TRADE | {"order_id": "193000000000000017", "paid_at": "2019-05-23 14:02:30", "paid_day": "2019-05-23", "status": "shipped", "goods_amount": "598.00", "order_subsidy": "0.00", "order_paid": "598.00", "refund_reported": "0.00", "region": "吉林", "buyer": "buyer_x", "row": 2},
                TRADE | {"order_id": "193000000000000018", "placed_at": "2019-05-31 15:59:58", "placed_day": "2019-05-31", "paid_at": "2019-05-31 16:00:03", "paid_day": "2019-06-01", "status": "completed", "goods_amount": "1200.00", "order_shipping": "6.00", "order_subsidy": "20.00", "order_paid": "1186.00", "refund_reported": "200.00", "region": "吉林", "buyer": "buyer_x", "row": 3},
                TRADE | {"order_id": "193000000000000019", "status": "closed", "goods_amount": "598.00", "order_subsidy": "598.00", "order_paid": "0.00", "row": 4},
            ],
        },
    ),
    "taobao.orders 2016": (
        "",
        2,
        [(3, "date_unreadable", "订单创建时间")],
        {},
        {
            "orders": [
                TRADE | {"order_id": "1930000000000017", "placed_at": "2016-05-03 01:02:00", "placed_day": "2016-05-03", "paid_at": "2016-05-23 14:02:00", "paid_day": "2016-05-23", "status": "shipped", "goods_amount": "598.00", "order_subsidy": "0.00", "order_paid": "598.00", "region": "吉林", "buyer": "buyer_x", "row": 2},
            ],
        },
    ),
    "taobao.orders 2022": (
        "",
        3,
        [(4, "id_lost_precision", "订单编号")],
        {},
        {
            "orders": [
                TRADE | {"order_id": "2930000000000000017", "paid_at": "2019-05-23 14:02:30", "paid_day": "2019-05-23", "status": "paid", "goods_amount": "598.00", "order_subsidy": "0.00", "order_paid": "598.00", "refund_reported": "0.00", "region": "吉林", "buyer": "buyer_x", "row": 2},
                TRADE | {"order_id": "2930000000000000018", "status": "shipped", "goods_amount": "598.50", "order_subsidy": "498.50", "order_paid": "100.00", "refund_reported": "0.00", "region": "吉林", "buyer": "buyer_x", "row": 3},
            ],
        },
    ),
    "taobao.lines": (
        "2026-04-24T04:00:00",
        5,
        [(6, "quantity_not_whole", "购买数量")],
        {},
        {
            "orders": [
                TABLE | {"goods_amount": "4580.00", "refund_reported": "1580.00", "row": 2},
                TABLE | {"order_id": "5119000000000000021", "goods_amount": "57.00", "refund_reported": "0.00", "row": 5},
            ],
            "order_lines": [
                LINE | {"line_id": "5119000000000000011", "position": 1, "product_id": "sku:SKU-01", "merchant_sku": "SKU-01", "title": "岩板餐桌", "quantity": 1, "unit_price": "3000.00", "line_gross": "3000.00", "own_discount": "0.00", "refund_reported": "0.00", "row": 2},
                LINE | {"line_id": "5119000000000000012", "position": 2, "product_id": "sku:SKU-02", "merchant_sku": "SKU-02", "title": "实木餐椅", "quantity": 2, "unit_price": "800.00", "line_gross": "1600.00", "own_discount": "20.00", "refund_reported": "1580.00", "row": 3},
                LINE | {"line_id": "5119000000000000013", "position": 3, "product_id": "title:送货入户", "title": "送货入户", "quantity": 1, "unit_price": "0.00", "line_gross": "0.00", "own_discount": "0.00", "refund_reported": "0.00", "row": 4},
                LINE | {"order_id": "5119000000000000021", "line_id": "5119000000000000021", "position": 1, "product_id": "sku:SC-1", "merchant_sku": "SC-1", "title": "围巾 [removed]", "quantity": 3, "unit_price": "20.00", "line_gross": "60.00", "own_discount": "3.00", "refund_reported": "0.00", "row": 5},
            ],
        },
    ),
    "taobao.lines 2025": (
        "",
        3,
        [],
        {},
        {
            "orders": [
                TABLE | {"goods_amount": "4580.00", "order_shipping": "60.00", "order_paid": "4640.00", "refund_reported": "1580.00", "row": 2},
                {name: cell for name, cell in TABLE.items() if not name.startswith("paid_")} | {"order_id": "5119000000000000041", "goods_amount": "3000.00", "order_shipping": "60.00", "order_paid": "3060.00", "refund_reported": "0.00", "row": 4},
            ],
            "order_lines": [
                LINE | {"line_id": "5119000000000000011", "position": 1, "product_id": "680000000001", "merchant_sku": "SKU-01", "title": "岩板餐桌", "quantity": 1, "unit_price": "3000.00", "line_gross": "3000.00", "own_discount": "0.00", "refund_reported": "0.00", "row": 2},
                LINE | {"line_id": "5119000000000000012", "position": 2, "product_id": "680000000002", "merchant_sku": "SKU-02", "title": "实木餐椅", "quantity": 2, "unit_price": "800.00", "line_gross": "1600.00", "own_discount": "20.00", "refund_reported": "1580.00", "row": 3},
                LINE | {"order_id": "5119000000000000041", "line_id": "5119000000000000041", "position": 1, "product_id": "680000000001", "merchant_sku": "SKU-01", "title": "岩板餐桌", "quantity": 1, "unit_price": "3000.00", "line_gross": "3000.00", "own_discount": "0.00", "refund_reported": "0.00", "row": 4},
            ],
        },
    ),
    "taobao.lines_old": (
        "2017-06-02T08:50:00",
        3,
        [],
        {},
        {
            "order_lines": [
                {"order_id": "193000000000000017", "line_id": "#1", "position": 1, "product_id": "sku:FS-9", "merchant_sku": "FS-9", "title": "防晒霜", "currency": "CNY", "quantity": 1, "unit_price": "199.00", "line_gross": "199.00", "is_goods": True, "row": 2},
                {"order_id": "193000000000000018", "line_id": "#1", "position": 1, "product_id": "sku:XM-1", "merchant_sku": "XM-1", "title": "洗面奶", "currency": "CNY", "quantity": 2, "unit_price": "99.50", "line_gross": "199.00", "is_goods": True, "row": 3},
                {"order_id": "193000000000000017", "line_id": "#2", "position": 2, "product_id": "sku:FS-9", "merchant_sku": "FS-9", "title": "防晒霜", "currency": "CNY", "quantity": 2, "unit_price": "199.00", "line_gross": "398.00", "is_goods": True, "row": 4},
            ],
        },
    ),
    "taobao.refunds": (
        "2019-06-06T09:45:00",
        5,
        [(6, "id_missing", "订单编号")],
        {},
        {
            "refunds": [
                REFUND | DONE | {"refund_id": "88000000000000011", "is_full": False, "is_shipping_only": False, "refund_cash": "200.00", "row": 2},
                REFUND | DONE | {"refund_id": "88000000000000012", "is_full": True, "is_shipping_only": False, "refund_cash": "598.00", "row": 3},
                REFUND | DONE | {"refund_id": "88000000000000013", "is_full": False, "is_shipping_only": True, "refund_cash": "6.00", "row": 4},
                REFUND | {"refund_id": "88000000000000014", "succeeded": False, "is_full": False, "is_shipping_only": False, "refund_cash": "200.00", "row": 5},
            ],
        },
    ),
    "tmall.report": (
        "",
        5,
        [(5, "date_unreadable", "订单付款时间")],
        {"total_row": 1},
        {
            "orders": [
                {"order_id": "1", "placed_at": "2020-02-20 16:00:00", "placed_day": "2020-02-21", "status": "pending", "currency": "CNY", "order_paid": "0.00", "refund_reported": "0.00", "region": "上海", **SOLD, "row": 2},
                {"order_id": "2", "placed_at": "2020-02-20 15:59:54", "placed_day": "2020-02-20", "paid_at": "2020-02-20 16:00:02", "paid_day": "2020-02-21", "status": "paid", "currency": "CNY", "order_paid": "21.00", "refund_reported": "0.00", "region": "内蒙古", **SOLD, "row": 3},
                {"order_id": "3", "placed_at": "2020-02-20 15:59:35", "placed_day": "2020-02-20", "paid_at": "2020-02-20 15:59:40", "paid_day": "2020-02-20", "status": "paid", "currency": "CNY", "order_paid": "37.00", "refund_reported": "30.00", "region": "安徽", **SOLD, "row": 4},
            ],
        },
    ),
    "shopify.orders": (
        "",
        11,
        [(9, "order_head_missing", ""), (10, "status_unknown", "financial status"), (11, "order_head_missing", "")],
        {},
        {
            "orders": [
                HEAD | PAID | {"order_id": "#1001", "goods_amount": "28.98", "buyer": "ann@example.com", "row": 2},
                HEAD | {"order_id": "EU-1002", "placed_at": "2024-11-03 05:30:00", "placed_day": "2024-11-03", "paid_at": "2024-11-03 06:30:00", "paid_day": "2024-11-03", "status": "partially_refunded", "goods_amount": "9.99", "order_paid": "35.08", "refund_reported": "4.00", "buyer": "+1 212 555 0101", "row": 4},
                {name: cell for name, cell in (HEAD | PAID).items() if name != "region"} | {"order_id": "#1003", "goods_amount": "0.00", "order_shipping": "0.00", "order_tax": "0.00", "order_paid": "0.00", "only_gift_cards": True, "row": 5},
                HEAD | {"order_id": "#1004", "status": "pending", "goods_amount": "9.99", "order_paid": "0.00", "buyer": "ann@example.com", "row": 6},
                HEAD | PAID | {"order_id": "#1005", "goods_amount": "9.99", "is_test": True, "buyer": "ann@example.com", "row": 7},
                HEAD | PAID | {"order_id": "#1006", "goods_amount": "9.99", "is_test": True, "buyer": "ann@example.com", "row": 8},
                HEAD | PAID | {"order_id": "#1009", "goods_amount": "1.50", "buyer": "ann@example.com", "row": 12},
            ],
            "order_lines": [
                *TWO_LINES,
                TEE | {"order_id": "EU-1002", "row": 4},
                {name: cell for name, cell in TEE.items() if name != "merchant_sku"} | {"order_id": "#1003", "product_id": "title:Gift Card $25", "title": "Gift Card $25", "unit_price": "25.00", "line_gross": "25.00", "is_goods": False, "row": 5},
                *(TEE | {"order_id": f"#100{n}", "row": n + 2} for n in (4, 5, 6)),
                {name: cell for name, cell in TEE.items() if name != "merchant_sku"} | {"order_id": "#1009", "product_id": "title:Tip", "title": "Tip", "unit_price": "1.50", "line_gross": "1.50", "row": 12},
            ],
        },
    ),
    "shopify.orders pasted": (
        "",
        2,
        [],
        {},
        {"orders": [HEAD | PAID | {"order_id": "#1001", "goods_amount": "28.98", "buyer": "ann@example.com", "row": 2}], "order_lines": TWO_LINES},
    ),
}  # fmt: skip


def pseudonym(buyer: str) -> int:
    """What a buyer of the golden store is called: the first 64 bits of a hash of store and name, keyed by the key's digits."""
    digest = hmac.digest(bytes(32).hex().encode(), f"shop\0{buyer}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


def test_every_golden_file_has_its_expectation() -> None:
    """None is read without being held to anything."""
    assert set(EXPECTED) == set(ORDERS)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_file_lands_to_the_letter(tmp_path: Path, name: str) -> None:
    """Every value of every row, and nothing where the file says nothing; every other row has its reason."""
    stated, rows_in, refused, skipped, kinds = EXPECTED[name]
    landing, shaped = read_golden(tmp_path, ORDERS[name])
    named = {
        kind: [row | {"buyer": pseudonym(row["buyer"])} if "buyer" in row else row for row in rows]
        for kind, rows in kinds.items()
    }
    assert {kind: rows_of(shaped, kind) for kind in shaped.kinds if kind != "quarantine"} == named
    assert (landing.exported_at, landing.rows_in, shaped.problems.rows(), landing.skipped) == (stated, rows_in, refused, skipped)
