"""What is set against other times or sources, by plain loops: products sold in both months, watched days, advertising's share."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from plain_facts import Facts, came, shop_visits
from plain_metrics import (
    Rows,
    Value,
    channel_metrics,
    end_of,
    known,
    product_days,
    product_metrics,
    rate,
    store_days,
    store_metrics,
    whole,
)
from read_plainly import ZERO, Visit

DAY = timedelta(days=1)
Rates = Mapping[tuple[str, date], Decimal]
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


def watched_days(facts: Facts, rates: Rates) -> Rows:
    """By store, segment and day: what changes are told from. The store's own days stand where one of their figures is known."""
    days, visits = store_days(facts, "paid", rates), shop_visits(facts)
    found: Rows = {}
    for day in {*(day for day in facts.orders_on), *visits}:
        is_known = _is_known(facts, day)
        row = days.get((facts.told.currency, day))
        told: dict[str, Value] = {name: row[column] if is_known and row else None for name, column in WATCHED.items()}
        if is_known and row is None:
            told |= {"orders": 0, "sales": ZERO, "discounts_base": ZERO}
        told["visits"] = came(visits[day]) if day in visits else None
        if any(value is not None for value in told.values()):
            found[facts.told.name, "store", "", day] = told
    return found | _categories_watched(facts, rates) | _channels_watched(facts, rates)


def largest(rows: Rows, since: date) -> Rows:
    """The days from one on, of a store's eight categories and eight channels with the most sales."""
    recent = {key: row for key, row in rows.items() if key[3] >= since}
    sold: dict[tuple[str, str], dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for (store, of, segment, _), row in recent.items():
        sold[store, of][segment].append(row["sold"] if of == "category" else row["sales"])
    kept: set[tuple[str, str, str]] = set()
    for key, segments in sold.items():
        sums = {segment: known(values) for segment, values in segments.items()}
        order = sorted(sums, key=lambda one: (sums[one] is None, -(sums[one] or ZERO), one))
        kept |= {(*key, segment) for segment in order[:8]}
    return {key: {name: row[name] for name in (*WATCHED, "visits")} for key, row in recent.items() if key[:3] in kept}


def _is_known(facts: Facts, day: date) -> bool:
    return facts.orders_on.get(day) in ("present", "empty")


def _categories_watched(facts: Facts, rates: Rates) -> Rows:
    """Products' days added up by category; what the catalogue does not name is told apart by platform."""
    groups: dict[tuple[str, date], list[tuple[str, dict[str, Value]]]] = defaultdict(list)
    for (currency, product, day), row in product_days(facts, "paid").items():
        if product in facts.categories:
            category = facts.categories[product]
            segment = category if product in facts.catalogued else f"{facts.told.platform}: {category}"
            groups[segment, day].append((currency, row))
    found: Rows = {}
    for (segment, day), rows in groups.items():
        told: dict[str, Value] = {
            "visits": whole(row["visits"] for _, row in rows), "orders": whole(row["order_lines"] for _, row in rows),
            "sales": whole((_in_base(row["gross_sales"], currency, day, rates) for currency, row in rows), ZERO),
        }  # fmt: skip
        shown = told if _is_known(facts, day) else dict.fromkeys(told)
        found[facts.told.name, "category", segment, day] = dict.fromkeys(WATCHED) | shown | {"sold": told["sales"]}
    return found


def _channels_watched(facts: Facts, rates: Rates) -> Rows:
    """Sources' days added up by the group they are of, as the platform counts their orders."""
    groups: dict[tuple[str, date], list[Visit]] = defaultdict(list)
    for visit in facts.visits:
        if visit.report == "channel":
            groups[visit.group, visit.day].append(visit)
    found: Rows = {}
    for (segment, day), rows in groups.items():
        orders = [
            visit.count("platform_buyers" if visit.count("platform_orders") is None else "platform_orders") for visit in rows
        ]
        found[facts.told.name, "channel", segment, day] = dict.fromkeys(WATCHED) | {
            "visits": whole(came(visit) for visit in rows), "orders": whole(orders),
            "sales": whole((_in_base(visit.paid, facts.told.currency, day, rates) for visit in rows), ZERO),
        }  # fmt: skip
    return found


def _in_base(amount: Value, currency: str, day: date, rates: Rates) -> Value:
    at = Decimal(1) if currency == "CNY" else rates.get((currency, day))
    return None if amount is None or at is None else (amount * at).quantize(ZERO, ROUND_HALF_UP)
