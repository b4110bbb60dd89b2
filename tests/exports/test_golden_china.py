"""What lands of Taobao's reports and listings, and of Pinduoduo's and Douyin's exports: every value of every row."""

# ruff: noqa: E501
from pathlib import Path
from typing import Any

import pytest
from golden_china import CHINA
from goldens import read_golden, rows_of

# Of each file: the rows in it, those refused with their reason and column, those skipped by reason, and what lands.
EXPECTED: dict[str, tuple[int, list[tuple[int, str, str]], dict[str, int], dict[str, list[dict[str, Any]]]]] = {
    "sycm.items": (
        11,
        [(13, "count_unreadable", "商品访客数"), (14, "money_unreadable", "支付金额"), (15, "date_unreadable", "统计日期")],
        {"blank": 1, "not_a_day": 1, "subset": 1, "total_row": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "988000000001", "currency": "CNY", "visitors": 1391, "page_views": 3186, "favourites": 18, "carts": 63, "cart_units": 70, "search_visitors": 126, "platform_buyers": 6, "platform_units": 9, "platform_paid": "31396.00", "platform_refunds": "13796.00", "row": 6},
                {"day": "2026-04-19", "product_id": "988000000002", "currency": "CNY", "visitors": 412, "page_views": 800, "favourites": 0, "carts": 2, "cart_units": 3, "platform_buyers": 1, "platform_units": 1, "platform_paid": "89.50", "row": 8},
                {"day": "2026-04-19", "product_id": "988000000003", "currency": "CNY", "visitors": 12000, "row": 10},
                {"day": "2026-04-19", "product_id": "988000000004", "currency": "CNY", "visitors": 5, "platform_paid": "0.00", "row": 12},
            ],
            "listings": [
                {"seen_day": "2026-04-19", "product_id": "988000000001", "variant": "-", "title": "某某洗衣机", "currency": "CNY", "listing_status": "当前在线", "row": 6},
                {"seen_day": "2026-04-19", "product_id": "988000000002", "variant": "KZ-01", "merchant_sku": "KZ-01", "title": "帆布包 [removed]", "currency": "CNY", "listing_status": "已下架", "row": 8},
                {"seen_day": "2026-04-19", "product_id": "988000000003", "variant": "-", "title": "围巾", "currency": "CNY", "listing_status": "当前在线", "row": 10},
                {"seen_day": "2026-04-19", "product_id": "988000000004", "variant": "-", "currency": "CNY", "row": 12},
            ],
        },
    ),
    "sycm.items 2022": (
        3,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "988000000001", "currency": "CNY", "visitors": 1391, "page_views": 3186, "favourites": 18, "carts": 63, "cart_units": 70, "search_visitors": 126, "platform_buyers": 6, "platform_units": 9, "platform_paid": "31396.00", "platform_refunds": "13796.00", "row": 5},
                {"day": "2026-04-19", "product_id": "988000000002", "currency": "CNY", "visitors": 412, "page_views": 800, "favourites": 0, "carts": 2, "cart_units": 3, "platform_buyers": 1, "platform_units": 1, "platform_paid": "89.50", "row": 6},
                {"day": "2022-06-01", "product_id": "988000000003", "currency": "CNY", "visitors": 12000, "row": 7},
            ],
            "listings": [
                {"seen_day": "2026-04-19", "product_id": "988000000001", "variant": "-", "title": "某某洗衣机", "currency": "CNY", "listing_status": "当前在线", "row": 5},
                {"seen_day": "2026-04-19", "product_id": "988000000002", "variant": "KZ-01", "merchant_sku": "KZ-01", "title": "帆布包 [removed]", "currency": "CNY", "listing_status": "已下架", "row": 6},
                {"seen_day": "2022-06-01", "product_id": "988000000003", "variant": "-", "title": "围巾", "currency": "CNY", "listing_status": "当前在线", "row": 7},
            ],
        },
    ),
    "sycm.shop": (
        6,
        [(10, "count_unreadable", "访客数")],
        {"not_a_day": 1, "total_row": 1},
        {
            "traffic": [
                {"day": "2026-04-18", "currency": "CNY", "visitors": 12345, "page_views": 30001, "new_visitors": 10000, "favourites": 321, "platform_buyers": 210, "platform_orders": 215, "platform_units": 250, "platform_paid": "45678.90", "row": 5},
                {"day": "2026-04-19", "currency": "CNY", "visitors": 800, "platform_paid": "0.00", "row": 6},
                {"day": "2026-04-20", "currency": "CNY", "visitors": 0, "new_visitors": 0, "platform_paid": "0.00", "row": 7},
            ],
            "ratings": [
                {"day": "2026-04-18", "description_score": "4.8100", "service_score": "4.7900", "logistics_score": "4.8000", "row": 5},
            ],
        },
    ),
    "sycm.channels": (
        11,
        [(17, "count_unreadable", "访客数")],
        {"roll_up": 4, "subset": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "channel": "付费推广 > 直通车", "channel_group": "ads", "currency": "CNY", "visitors": 500, "new_visitors": 480, "platform_buyers": 5, "platform_paid": "1000.00", "row": 10},
                {"day": "2026-04-19", "channel": "付费推广 > 超级推荐 > 推荐 > 首页", "channel_group": "ads", "currency": "CNY", "visitors": 100, "platform_paid": "200.00", "row": 12},
                {"day": "2026-04-19", "channel": "付费推广 > 超级推荐 > 推荐 > 购中", "channel_group": "ads", "currency": "CNY", "visitors": 60, "row": 13},
                {"day": "2026-04-19", "channel": "自主访问", "channel_group": "direct", "currency": "CNY", "visitors": 1234, "platform_buyers": 70, "platform_paid": "7000.00", "row": 14},
                {"day": "2026-04-19", "channel": "站外 > 小红书", "channel_group": "social", "currency": "CNY", "visitors": 33, "row": 15},
            ],
        },
    ),
    "sycm.channels_old": (
        5,
        [],
        {"roll_up": 1},
        {
            "traffic": [
                {"day": "2017-11-12", "channel": "淘内免费 > 手淘搜索", "channel_group": "search", "currency": "CNY", "visitors": 1500, "row": 7},
                {"day": "2017-11-12", "channel": "淘内免费 > 手淘首页", "channel_group": "other", "currency": "CNY", "visitors": 900, "row": 8},
                {"day": "2017-11-12", "channel": "自主访问", "channel_group": "direct", "currency": "CNY", "visitors": 77, "row": 9},
                {"day": "2017-11-12", "channel": "付费流量 > 直通车", "channel_group": "ads", "currency": "CNY", "row": 10},
            ],
        },
    ),
    "sycm.item_channels": (
        5,
        [],
        {"roll_up": 2},
        {
            "traffic": [
                {"day": "2026-04-19", "about_product": "988000000001", "product_id": "988000000001", "channel": "店内流转 > 商品导流", "channel_group": "other", "currency": "CNY", "visitors": 200, "page_views": 400, "favourites": 2, "carts": 9, "platform_buyers": 3, "platform_units": 3, "platform_paid": "1500.00", "row": 8},
                {"day": "2026-04-19", "about_product": "988000000001", "product_id": "988000000001", "channel": "店内流转 > 店铺导流", "channel_group": "other", "currency": "CNY", "visitors": 120, "page_views": 1300, "row": 9},
                {"day": "2026-04-19", "about_product": "988000000001", "product_id": "988000000001", "channel": "我的淘宝", "channel_group": "direct", "currency": "CNY", "visitors": 12, "page_views": 13, "platform_buyers": 1, "platform_units": 1, "platform_paid": "9.90", "row": 10},
            ],
        },
    ),
    "sycm.item_channels 2023": (
        2,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "about_product": "988000000001", "product_id": "988000000001", "channel": "手淘搜索", "channel_group": "search", "currency": "CNY", "visitors": 88, "page_views": 99, "platform_paid": "100.00", "row": 7},
                {"day": "2026-04-19", "about_product": "988000000001", "product_id": "988000000001", "channel": "手淘推荐 > 猜你喜欢", "channel_group": "content", "currency": "CNY", "visitors": 1088, "page_views": 1099, "favourites": 4, "carts": 5, "platform_buyers": 2, "platform_units": 2, "platform_paid": "200.00", "row": 8},
            ],
        },
    ),
    "taobao.listings": (
        5,
        [(8, "money_unreadable", "sku价格"), (9, "id_missing", "商品id")],
        {},
        {
            "listings": [
                {"product_id": "680000000011", "variant": "4900000000012", "merchant_sku": "TS-W-M", "title": "棉质短袖 T恤", "category": "女装>T恤", "currency": "CNY", "price": "99.00", "list_price": "199.00", "stock": 1204, "row": 5},
                {"product_id": "680000000011", "variant": "4900000000013", "merchant_sku": "TS", "title": "棉质短袖 T恤", "category": "女装>T恤", "currency": "CNY", "price": "89.50", "list_price": "199.00", "stock": 0, "row": 6},
                {"product_id": "680000000011", "variant": "4900000000014", "merchant_sku": "TS", "title": "棉质短袖 T恤", "category": "女装>T恤", "currency": "CNY", "list_price": "199.00", "row": 7},
            ],
        },
    ),
    "pdd.orders": (
        6,
        [(6, "status_unknown", "订单状态")],
        {"total_row": 1},
        {
            "orders": [
                {"order_id": "260606-400000000000001", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "paid_at": "2026-06-06 05:41:00", "paid_day": "2026-06-06", "status": "shipped", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "260606-400000000000002", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "paid_at": "2026-06-06 05:41:00", "paid_day": "2026-06-06", "status": "refunded", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "143.65", "is_test": False, "only_gift_cards": False, "row": 3},
                {"order_id": "260605-400000000000003", "placed_at": "2026-06-04 16:00:00", "placed_day": "2026-06-05", "paid_at": "2026-06-06 05:41:00", "paid_day": "2026-06-06", "status": "completed", "currency": "CNY", "goods_amount": "1669.90", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "1644.56", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 4},
                {"order_id": "260606-400000000000004", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "status": "pending", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 5},
            ],
            "order_lines": [
                {"order_id": "260606-400000000000001", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 2},
                {"order_id": "260606-400000000000002", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 3},
                {"order_id": "260605-400000000000003", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 10, "line_gross": "1689.90", "own_discount": "20.00", "is_goods": True, "row": 4},
                {"order_id": "260606-400000000000004", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 5},
            ],
        },
    ),
    "pdd.orders blank": (
        3,
        [],
        {},
        {
            "orders": [
                {"order_id": "260606-400000000000001", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "paid_at": "2026-06-05 16:00:00", "paid_day": "2026-06-06", "status": "shipped", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 3},
                {"order_id": "260606-400000000000002", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "status": "pending", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 4},
                {"order_id": "260606-400000000000003", "placed_at": "2026-06-05 16:00:00", "placed_day": "2026-06-06", "status": "closed", "currency": "CNY", "goods_amount": "168.99", "order_shipping": "0.00", "order_subsidy": "25.34", "order_paid": "143.65", "refund_reported": "0.00", "is_test": False, "only_gift_cards": False, "row": 5},
            ],
            "order_lines": [
                {"order_id": "260606-400000000000001", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 3},
                {"order_id": "260606-400000000000002", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 4},
                {"order_id": "260606-400000000000003", "line_id": "#1", "position": 1, "product_id": "754000000001", "merchant_sku": "PDD-01", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "line_gross": "168.99", "own_discount": "0.00", "is_goods": True, "row": 5},
            ],
        },
    ),
    "pdd.items": (
        3,
        [],
        {"total_row": 1},
        {
            "traffic": [
                {"day": "2026-06-06", "product_id": "754000000001", "currency": "CNY", "visitors": 1020, "page_views": 2300, "favourites": 12, "platform_buyers": 8, "platform_orders": 8, "platform_units": 9, "platform_paid": "1433.00", "row": 2},
                {"day": "2026-06-06", "product_id": "754000000002", "currency": "CNY", "visitors": 3, "page_views": 3, "platform_units": 0, "platform_paid": "0.00", "row": 3},
            ],
            "listings": [
                {"seen_day": "2026-06-06", "product_id": "754000000001", "variant": "-", "title": "洗面奶打泡机", "category": "美妆", "currency": "CNY", "row": 2},
                {"seen_day": "2026-06-06", "product_id": "754000000002", "variant": "-", "title": "毛巾", "currency": "CNY", "row": 3},
            ],
        },
    ),
    "douyin.orders": (
        5,
        [(6, "id_lost_precision", "主订单编号")],
        {},
        {
            "orders": [
                {"order_id": "6953000000000000242", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "paid_at": "2026-06-07 07:12:40", "paid_day": "2026-06-07", "status": "completed", "currency": "CNY", "goods_amount": "154.00", "order_shipping": "0.00", "order_subsidy": "5.00", "order_paid": "149.00", "region": "广东", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "6953000000000000500", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "paid_at": "2026-06-07 07:12:40", "paid_day": "2026-06-07", "status": "shipped", "currency": "CNY", "goods_amount": "184.00", "order_shipping": "6.00", "order_subsidy": "8.00", "order_paid": "182.00", "region": "新疆", "is_test": False, "only_gift_cards": False, "row": 3},
                {"order_id": "6953000000000000600", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "status": "closed", "currency": "CNY", "goods_amount": "154.00", "order_shipping": "0.00", "order_subsidy": "5.00", "order_paid": "149.00", "is_test": False, "only_gift_cards": False, "row": 5},
            ],
            "order_lines": [
                {"order_id": "6953000000000000242", "line_id": "6953000000000000242", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 2},
                {"order_id": "6953000000000000500", "line_id": "6953000000000000501", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 3},
                {"order_id": "6953000000000000500", "line_id": "6953000000000000502", "position": 2, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 3, "unit_price": "10.00", "line_gross": "30.00", "own_discount": "0.00", "line_owed": "28.00", "is_goods": True, "row": 4},
                {"order_id": "6953000000000000600", "line_id": "6953000000000000600", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 5},
            ],
        },
    ),
    "douyin.orders_2026": (
        5,
        [(6, "id_lost_precision", "主订单编号")],
        {},
        {
            "orders": [
                {"order_id": "6953000000000000242", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "paid_at": "2026-06-07 07:12:40", "paid_day": "2026-06-07", "status": "completed", "currency": "CNY", "goods_amount": "154.00", "order_shipping": "0.00", "order_subsidy": "5.00", "order_paid": "149.00", "region": "广东", "is_test": False, "only_gift_cards": False, "row": 2},
                {"order_id": "6953000000000000500", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "paid_at": "2026-06-07 07:12:40", "paid_day": "2026-06-07", "status": "shipped", "currency": "CNY", "goods_amount": "184.00", "order_shipping": "6.00", "order_subsidy": "8.00", "order_paid": "182.00", "region": "新疆", "is_test": False, "only_gift_cards": False, "row": 3},
                {"order_id": "6953000000000000600", "placed_at": "2026-06-07 07:12:37", "placed_day": "2026-06-07", "status": "closed", "currency": "CNY", "goods_amount": "154.00", "order_shipping": "0.00", "order_subsidy": "5.00", "order_paid": "149.00", "is_test": False, "only_gift_cards": False, "row": 5},
            ],
            "order_lines": [
                {"order_id": "6953000000000000242", "line_id": "6953000000000000242", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 2},
                {"order_id": "6953000000000000500", "line_id": "6953000000000000501", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 3},
                {"order_id": "6953000000000000500", "line_id": "6953000000000000502", "position": 2, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 3, "unit_price": "10.00", "line_gross": "30.00", "own_discount": "0.00", "line_owed": "28.00", "is_goods": True, "row": 4},
                {"order_id": "6953000000000000600", "line_id": "6953000000000000600", "position": 1, "product_id": "3600000000000000001", "merchant_sku": "SKU-1", "title": "洗面奶打泡机", "currency": "CNY", "quantity": 1, "unit_price": "169.00", "line_gross": "169.00", "own_discount": "15.00", "line_owed": "149.00", "is_goods": True, "row": 5},
            ],
        },
    ),
    "douyin.refunds": (
        5,
        [(5, "money_unreadable", "退商品金额(元)"), (6, "id_missing", "售后单号")],
        {},
        {
            "refunds": [
                {"refund_id": "147000000000000001", "order_id": "6953000000000000500", "line_id": "6953000000000000502", "currency": "CNY", "applied_at": "2026-06-08 01:05:00", "refunded_at": "2026-06-08 01:30:00", "refund_day": "2026-06-08", "succeeded": True, "refund_cash": "33.00", "stated_goods": "28.00", "row": 2},
                {"refund_id": "147000000000000002", "order_id": "6953000000000000500", "line_id": "6953000000000000502", "currency": "CNY", "applied_at": "2026-06-08 01:05:00", "succeeded": False, "refund_cash": "33.00", "stated_goods": "28.00", "row": 3},
                {"refund_id": "147000000000000003", "order_id": "6953000000000000500", "line_id": "6953000000000000502", "currency": "CNY", "applied_at": "2026-06-08 01:05:00", "refunded_at": "2026-06-08 01:31:00", "refund_day": "2026-06-08", "succeeded": True, "refund_cash": "28.00", "stated_goods": "28.00", "row": 4},
            ],
        },
    ),
}  # fmt: skip


def test_every_golden_file_has_its_expectation() -> None:
    """None is read without being held to anything."""
    assert set(EXPECTED) == set(CHINA)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_file_lands_to_the_letter(tmp_path: Path, name: str) -> None:
    """Every value of every row, and nothing where the file says nothing; every other row has its reason."""
    rows_in, refused, skipped, kinds = EXPECTED[name]
    landing, shaped = read_golden(tmp_path, CHINA[name])
    assert {kind: rows_of(shaped, kind) for kind in shaped.kinds if kind != "quarantine"} == kinds
    assert (landing.rows_in, shaped.problems.rows(), landing.skipped) == (rows_in, refused, skipped)
