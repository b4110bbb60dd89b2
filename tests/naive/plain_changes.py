"""What is set against other times or sources, by plain loops: products sold in both months, watched days, advertising's share."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plain_facts import Facts, came, shop_visits
from plain_metrics import Rows, Value, channel_metrics, end_of, product_metrics, rate, store_days, store_metrics, whole
from read_plainly import ZERO

DAY = timedelta(days=1)
WATCHED = {
    "orders": "paid_orders", "sales": "gross_sales_base", "discounts_base": "discounts_base",
    "refunds_cash_refund_day_base": "refunds_cash_refund_day_base",
}  # fmt: skip


def paid_traffic(facts: Facts) -> Rows:
    """By grain, first day, store, way of counting and currency."""
    groups: dict[tuple[Any, ...], list[dict[str, Value]]] = defaultdict(list)
    dialects = {visit.dialect for visit in facts.visits if visit.report == "channel"}
    for (grain, start, store, _), row in channel_metrics(facts).items():
        (dialect,) = dialects
        groups[grain, start, store, dialect].append(row)
    found: Rows = {}
    for key, rows in groups.items():
        ads = [row for row in rows if row["channel_group"] == "ads"]
        visits, sales = whole(row["visits"] for row in rows), whole((row["platform_paid"] for row in rows), ZERO)
        ad_visits = None if visits is None else whole(row["visits"] for row in ads)
        ad_sales = None if sales is None else whole((row["platform_paid"] for row in ads), ZERO)
        found[key] = {
            "channel_visits": visits, "ad_visits": ad_visits, "paid_traffic_share": rate(ad_visits, visits),
            "channel_sales": sales, "ad_sales": ad_sales, "ad_sales_share": rate(ad_sales, sales),
        }  # fmt: skip
    return found


def same_products(facts: Facts) -> Rows:
    """By month, store, currency and what it is compared with; whole months with all lines and discounts known alone."""
    months = {
        (key[2], key[4])
        for key, row in store_metrics(facts, {}).items()
        if key[0] == "paid" and key[1] == "month" and row["discounts"] is not None and _is_whole(facts, key[2])
    }
    sold: dict[tuple[date, str], dict[str, Decimal]] = defaultdict(dict)
    for (basis, grain, start, _, currency, product), row in product_metrics(facts).items():
        if basis == "paid" and grain == "month" and row["order_lines"]:
            sold[start, currency][product] = row["discounted_sales"]
    found: Rows = {}
    for month, currency in months:
        for name, span in (("month before", 1), ("year before", 12)):
            back = month.year * 12 + month.month - 1 - span
            before = date(back // 12, back % 12 + 1, 1)
            if (before, currency) not in months:
                continue
            now, then = sold[month, currency], sold[before, currency]
            same = now.keys() & then.keys()
            kept, was = sum((now[one] for one in same), ZERO), sum((then[one] for one in same), ZERO)
            found[month, facts.told.name, currency, name] = {
                "same_products": len(same), "same_product_sales": kept, "same_product_sales_before": was,
                "same_product_growth": rate(kept - was, was),
                "new_product_sales": sum((now[one] for one in now.keys() - same), ZERO),
                "gone_product_sales": sum((then[one] for one in then.keys() - same), ZERO),
            }  # fmt: skip
    return found


def _is_whole(facts: Facts, month: date) -> bool:
    days = [month + n * DAY for n in range((end_of(month, "month") - month).days + 1)]
    return all(facts.orders_on.get(day) in ("present", "empty") for day in days)


def watched_days(facts: Facts, rates: Mapping[tuple[str, date], Decimal]) -> Rows:
    """By store and day with an order known or a visit: the store's own days, as changes are told from."""
    days, visits = store_days(facts, "paid", rates), shop_visits(facts)
    found: Rows = {}
    for day in {*(day for day in facts.orders_on), *visits}:
        state = facts.orders_on.get(day)
        is_known = state in ("present", "empty")
        row = days.get((facts.told.currency, day))
        told: dict[str, Value] = {name: row[column] if is_known and row else None for name, column in WATCHED.items()}
        if is_known and row is None:
            told |= {"orders": 0, "sales": ZERO, "discounts_base": ZERO}
        told["visits"] = came(visits[day]) if day in visits else None
        found[facts.told.name, day] = told
    return found
