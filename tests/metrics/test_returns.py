"""What comes back and what sells at full price, worked by hand: by orders, by units, and null where exports do not tell."""

from datetime import timedelta
from decimal import Decimal

import pytest
from small import MONDAY, Small

RATES = "full_price_share, discounted_order_share, order_return_rate, unit_return_rate"
COUNTS = "full_price_sales, discounted_orders, returned_orders, returned_units"


@pytest.fixture(scope="module")
def returned() -> Small:
    """A week of four orders: 10 units for 500, of them 150 at full price.

    One (3 mugs at 50) is refunded whole, in two parts. One (4 mugs at 50 for 180, a lamp of 170 for 130) has its postage
    refunded. One (a mug of 50 for 40) is refunded in part; the last (a lamp given away) is not.
    """
    small = Small()
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": "CNY", "group": "all of it"}])
    small.store()
    small.order("whole", MONDAY, [("mug", 3, "50", "0")], buyer=1)
    small.order("postage", MONDAY, [("mug", 4, "50", "20"), ("lamp", 1, "170", "40")], buyer=2, shipping="8")
    small.order("part", MONDAY + timedelta(days=1), [("mug", 1, "50", "10")], paid=MONDAY + timedelta(days=2), buyer=3)
    small.order("gift", MONDAY + timedelta(days=3), [("lamp", 1, "170", "170")], buyer=3)
    small.refund("r1", "whole", MONDAY + timedelta(days=2), "100", "100", line="whole-1")
    small.refund("r2", "whole", MONDAY + timedelta(days=9), "50", "50", line="whole-1")
    small.refund("r3", "postage", MONDAY + timedelta(days=4), "0", "8", line="postage-2")
    small.refund("r4", "part", MONDAY + timedelta(days=4), "30", "30", line="part-1")
    small.days_known(MONDAY, MONDAY + timedelta(days=6))
    small.source("reference_catalogue", [{"merchant_sku": sku, "item": sku, "category": "Home"} for sku in ("mug", "lamp")])
    small.build("store_metrics", "group_metrics", "product_metrics", "category_metrics")
    return small


def test_a_week_by_hand(returned: Small) -> None:
    """150 of 500 at full price; three of four orders discounted, three of four with a refund; 3 of 10 units back whole."""
    week = f"from store_metrics where basis = 'paid' and grain = 'week' and period_start = date '{MONDAY}'"
    assert returned.rows(f"select discounted_sales, units, {COUNTS} {week}") == [(Decimal(500), 10, Decimal(150), 3, 3, 3)]
    assert returned.rows(f"select {RATES} {week}") == [(0.3, 0.75, 0.75, 0.3)]


def test_on_the_day_of_the_order_on_both_bases(returned: Small) -> None:
    """What came back in the week after is Monday's; an order placed on Tuesday and paid on Wednesday is on either."""
    days = f"select period_start - date '{MONDAY}', {COUNTS} from store_metrics where grain = 'day' and basis = "
    monday, gift = (0, Decimal(150), 1, 2, 3), (3, Decimal(0), 1, 0, 0)
    assert returned.rows(f"{days} 'paid' and paid_orders > 0 order by 1") == [monday, (2, Decimal(0), 1, 1, 0), gift]
    assert returned.rows(f"{days} 'placed' and paid_orders > 0 order by 1") == [monday, (1, Decimal(0), 1, 1, 0), gift]


def test_a_group_divides_what_its_stores_know(returned: Small) -> None:
    week = (
        f"from group_metrics where basis = 'paid' and grain = 'week' and store_group = 'all' and period_start = date '{MONDAY}'"
    )
    assert returned.rows(f"select full_price_sales_base, {RATES} {week}") == [(Decimal(150), 0.3, 0.75, 0.75, 0.3)]


PRODUCT = "full_price_sales, returned_units, full_price_share, unit_return_rate"


def test_products_by_hand(returned: Small) -> None:
    """Mugs: 150 of 370 at full price, 3 of 8 back whole. Lamps: a 170 sold for 130 and one given away, none back."""
    for grain in ("week", "month", "quarter", "year"):
        of = f"from product_metrics where basis = 'paid' and grain = '{grain}' and units > 0"
        mugs = f"select discounted_sales, units, {PRODUCT} {of} and product_id = 'mug'"
        assert returned.rows(mugs) == [(Decimal(370), 8, Decimal(150), 3, 150 / 370, 3 / 8)]
        lamps = f"select discounted_sales, units, {PRODUCT} {of} and product_id = 'lamp'"
        assert returned.rows(lamps) == [(Decimal(130), 2, Decimal(0), 0, 0.0, 0.0)]


def test_products_on_the_day_of_the_order_on_both_bases(returned: Small) -> None:
    """Mugs of Monday: 150 of 330 at full price, 3 of 7 back; the one placed on Tuesday and paid on Wednesday neither."""
    days = f"""select period_start - date '{MONDAY}', {PRODUCT} from product_metrics
        where grain = 'day' and product_id = 'mug' and units > 0 and basis = """
    monday = (0, Decimal(150), 3, 150 / 330, 3 / 7)
    assert returned.rows(f"{days} 'paid' order by 1") == [monday, (2, Decimal(0), 0, 0.0, 0.0)]
    assert returned.rows(f"{days} 'placed' order by 1") == [monday, (1, Decimal(0), 0, 0.0, 0.0)]


def test_a_category_divides_the_sums_of_its_products(returned: Small) -> None:
    """All of the week: 150 of 500, 3 of 10, as the store's."""
    of = f"from category_metrics where basis = 'paid' and grain = 'week' and period_start = date '{MONDAY}'"
    assert returned.rows(f"select {PRODUCT} {of}") == [(Decimal(150), 3, 0.3, 0.3)]


def test_what_exports_do_not_tell_is_null() -> None:
    """A store whose exports state no refunds has no return rate; one whose orders state no goods has no full price."""
    small = Small()
    small.state("store_sources", [{"store": "shop", "states_lines": True, "states_goods": True, "states_paid": True}])
    small.order("one", MONDAY, [("mug", 1, "50", "0")])
    small.connection.execute("update orders set refunds_known = false")
    small.connection.execute("update order_lines set refunds_known = false")
    small.build("store_metrics", "product_metrics")
    columns = f"select distinct {COUNTS} from store_metrics where grain = 'week'"
    assert small.rows(columns) == [(Decimal(50), 0, None, None)]
    assert small.rows(f"select distinct {PRODUCT} from product_metrics") == [(Decimal(50), None, 1.0, None)]
    small.connection.execute("update store_sources set states_goods = false, states_refunds = true")
    small.connection.execute("update orders set refunds_known = true, goods_amount = null")
    small.build("store_metrics")
    assert small.rows(columns) == [(None, None, 0, None)]
