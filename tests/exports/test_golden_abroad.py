"""What lands of Shopify's products and visits, and of Amazon's orders, visits and listings: every value of every row."""

# ruff: noqa: E501
from pathlib import Path
from typing import Any

import pytest
from golden_abroad import ABROAD
from goldens import read_golden, rows_of

# Of each file: the rows in it, those refused with their reason and column, those skipped by reason, and what lands.
EXPECTED: dict[str, tuple[int, list[tuple[int, str, str]], dict[str, int], dict[str, list[dict[str, Any]]]]] = {
    "shopify.products": (
        6,
        [(7, "money_unreadable", "variant price")],
        {"not_a_variant": 1},
        {
            "listings": [
                {"product_id": "crew-tee", "variant": "TEE-S", "merchant_sku": "TEE-S", "title": "Crew Tee", "category": "Shirts", "price": "9.99", "list_price": "12.00", "stock": 12, "listing_status": "active", "row": 2},
                {"product_id": "crew-tee", "variant": "0042", "merchant_sku": "0042", "title": "Crew Tee", "category": "Shirts", "price": "9.99", "stock": -3, "listing_status": "active", "row": 3},
                {"product_id": "crew-tee", "variant": "TEE-L", "merchant_sku": "TEE-L", "title": "Crew Tee", "category": "Shirts", "price": "10.50", "listing_status": "active", "row": 5},
                {"product_id": "mug", "variant": "-", "title": "Mug, white; ask [removed]", "category": "Home", "price": "1200.00", "stock": 0, "listing_status": "draft", "row": 6},
            ],
        },
    ),
    "shopify.products_2025": (
        4,
        [],
        {"not_a_variant": 1},
        {
            "listings": [
                {"product_id": "crew-tee", "variant": "TEE-S", "merchant_sku": "TEE-S", "title": "Crew Tee", "category": "Shirts", "price": "9.99", "list_price": "12.00", "stock": 12, "listing_status": "Active", "row": 2},
                {"product_id": "crew-tee", "variant": "TEE-M", "merchant_sku": "TEE-M", "title": "Crew Tee", "category": "Shirts", "price": "9.99", "stock": 0, "listing_status": "Active", "row": 3},
                {"product_id": "gift-wrap", "variant": "-", "title": "Gift wrap", "category": "Services", "price": "0.00", "listing_status": "Archived", "row": 5},
            ],
        },
    ),
    "shopify.sessions": (
        4,
        [(4, "count_unreadable", "sessions"), (5, "date_missing", "day")],
        {},
        {
            "traffic": [
                {"day": "2026-04-18", "visitors": 310, "sessions": 1402, "carts": 44, "platform_orders": 11, "row": 2},
                {"day": "2026-04-19", "sessions": 0, "carts": 0, "row": 3},
            ],
        },
    ),
    "shopify.landing_pages": (
        5,
        [],
        {"added_up": 1, "not_a_product": 2},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "crew-tee", "sessions": 120, "carts": 10, "platform_orders": 4, "row": 2},
                {"day": "2026-04-19", "product_id": "mug", "visitors": 7, "sessions": 8, "carts": 0, "platform_orders": 0, "row": 4},
            ],
        },
    ),
    "amazon.orders": (
        10,
        [(7, "money_missing", "item-price"), (8, "status_unknown", "order-status"), (9, "currency_unreadable", "currency")],
        {},
        {
            "orders": [
                {"order_id": "111-0000001-0000001", "placed_at": "2026-04-19 03:04:21", "placed_day": "2026-04-18", "paid_at": "2026-04-19 03:04:21", "paid_day": "2026-04-18", "status": "shipped", "currency": "USD", "goods_amount": "91.95", "order_shipping": "0.00", "order_tax": "7.60", "order_subsidy": "0.00", "order_paid": "99.55", "region": "GA", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "111-0000002-0000002", "placed_at": "2026-04-19 03:04:21", "placed_day": "2026-04-18", "status": "pending", "goods_amount": "0.00", "order_shipping": "0.00", "order_tax": "0.00", "order_subsidy": "0.00", "region": "GA", "is_test": False, "only_gift_cards": False, "row": 4},
                {"order_id": "111-0000003-0000003", "placed_at": "2026-04-19 03:04:21", "placed_day": "2026-04-18", "status": "closed", "goods_amount": "0.00", "order_shipping": "0.00", "order_tax": "0.00", "order_subsidy": "0.00", "order_paid": "0.00", "region": "GA", "is_test": False, "only_gift_cards": False, "row": 5},
                {"order_id": "111-0000004-0000004", "placed_at": "2026-04-19 12:00:00", "placed_day": "2026-04-19", "paid_at": "2026-04-19 12:00:00", "paid_day": "2026-04-19", "status": "completed", "currency": "USD", "goods_amount": "79.95", "order_shipping": "0.00", "order_tax": "7.60", "order_subsidy": "0.00", "order_paid": "87.55", "is_test": False, "only_gift_cards": False, "row": 6},
                {"order_id": "111-0000008-0000008", "placed_at": "2026-04-19 03:04:21", "placed_day": "2026-04-18", "paid_at": "2026-04-19 03:04:21", "paid_day": "2026-04-18", "status": "shipped", "currency": "USD", "goods_amount": "79.95", "order_shipping": "0.00", "order_tax": "7.60", "order_subsidy": "0.00", "order_paid": "87.55", "region": "GA", "is_test": False, "only_gift_cards": False, "row": 10},
            ],
            "order_lines": [
                {"order_id": "111-0000001-0000001", "line_id": "#1", "position": 1, "product_id": "B000000001", "merchant_sku": "SKU-1", "title": 'Screen 24" wide, "new"', "currency": "USD", "quantity": 2, "line_gross": "89.95", "own_discount": "10.00", "is_goods": True, "row": 2},
                {"order_id": "111-0000001-0000001", "line_id": "#2", "position": 2, "product_id": "B000000002", "merchant_sku": "SKU-2", "title": '"Mug', "currency": "USD", "quantity": 1, "line_gross": "12.00", "own_discount": "0.00", "is_goods": True, "row": 3},
                {"order_id": "111-0000002-0000002", "line_id": "#1", "position": 1, "product_id": "B000000001", "merchant_sku": "SKU-1", "title": 'Screen 24" wide, "new"', "quantity": 2, "own_discount": "0.00", "is_goods": True, "row": 4},
                {"order_id": "111-0000003-0000003", "line_id": "#1", "position": 1, "product_id": "B000000001", "merchant_sku": "SKU-1", "title": 'Screen 24" wide, "new"', "quantity": 0, "line_gross": "0.00", "own_discount": "0.00", "is_goods": True, "row": 5},
                {"order_id": "111-0000004-0000004", "line_id": "#1", "position": 1, "product_id": "B000000001", "merchant_sku": "SKU-1", "title": 'Screen 24" wide, "new"', "currency": "USD", "quantity": 1, "line_gross": "89.95", "own_discount": "10.00", "is_goods": True, "row": 6},
                {"order_id": "111-0000008-0000008", "line_id": "#1", "position": 1, "product_id": "B000000001", "merchant_sku": "SKU-1", "title": 'Screen 24" wide, "new"', "currency": "USD", "quantity": 1, "line_gross": "89.95", "own_discount": "10.00", "is_goods": True, "row": 10},
                {"order_id": "111-0000008-0000008", "line_id": "#2", "position": 2, "product_id": "B000000001", "merchant_sku": "SKU-3", "title": 'Screen 24" wide, "new"', "quantity": 0, "line_gross": "0.00", "own_discount": "0.00", "is_goods": True, "row": 11},
            ],
        },
    ),
    "amazon.items": (
        4,
        [(5, "money_unreadable", "ordered product sales")],
        {"added_up": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "B096000000", "sessions": 12140, "page_views": 17014, "platform_orders": 669, "platform_units": 684, "platform_paid": "12924.00", "row": 2},
                {"day": "2026-04-19", "product_id": "B096000001", "sessions": 0, "page_views": 0, "platform_orders": 0, "platform_units": 0, "platform_paid": "2000.00", "row": 4},
            ],
        },
    ),
    "amazon.shop": (
        5,
        [(4, "money_negative", "ordered product sales"), (6, "date_unreadable", "date")],
        {},
        {
            "traffic": [
                {"day": "2026-04-09", "sessions": 1213, "page_views": 1700, "platform_units": 68, "platform_paid": "1290.25", "row": 2},
                {"day": "2026-04-19", "sessions": 0, "page_views": 0, "platform_units": 0, "platform_paid": "0.00", "row": 3},
                {"day": "2026-04-21", "sessions": 1, "platform_units": 1, "platform_paid": "5.00", "row": 5},
            ],
        },
    ),
    "amazon.listings": (
        4,
        [(5, "id_missing", "asin1")],
        {},
        {
            "listings": [
                {"product_id": "B000000001", "variant": "0042", "merchant_sku": "0042", "title": 'Vest 12" "slim"', "price": "20.00", "stock": 1, "listing_status": "Active", "row": 2},
                {"product_id": "B000000002", "variant": "FBA-1", "merchant_sku": "FBA-1", "title": 'Vest 12" "slim"', "price": "20.00", "listing_status": "Inactive", "row": 3},
                {"product_id": "B000000003", "variant": "FBA-2", "merchant_sku": "FBA-2", "title": 'Vest 12" "slim"', "stock": 1, "row": 4},
            ],
        },
    ),
    "amazon.listings active": (
        4,
        [(5, "id_missing", "asin1")],
        {},
        {
            "listings": [
                {"product_id": "B000000001", "variant": "0042", "merchant_sku": "0042", "title": 'Vest 12" "slim"', "price": "20.00", "stock": 1, "row": 2},
                {"product_id": "B000000002", "variant": "FBA-1", "merchant_sku": "FBA-1", "title": 'Vest 12" "slim"', "price": "20.00", "row": 3},
                {"product_id": "B000000003", "variant": "FBA-2", "merchant_sku": "FBA-2", "title": 'Vest 12" "slim"', "stock": 1, "row": 4},
            ],
        },
    ),
}  # fmt: skip


def test_every_golden_file_has_its_expectation() -> None:
    """None is read without being held to anything."""
    assert set(EXPECTED) == set(ABROAD)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_file_lands_to_the_letter(tmp_path: Path, name: str) -> None:
    """Every value of every row, and nothing where the file says nothing; every other row has its reason."""
    rows_in, refused, skipped, kinds = EXPECTED[name]
    landing, shaped = read_golden(tmp_path, ABROAD[name])
    assert {kind: rows_of(shaped, kind) for kind in shaped.kinds if kind != "quarantine"} == kinds
    assert (landing.rows_in, shaped.problems.rows(), landing.skipped) == (rows_in, refused, skipped)
