"""What the published tables must hold: sums and rates by plain loops over facts, at every grain and on both bases.

A value is None where contract.md says it is not known: where a part of a sum is unknown,
or no export of the store tells it. Rates
are exact fractions; how they are rounded is the comparison's business.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from plain_facts import Facts, Order, Refund, Sold, came, shop_visits
from read_plainly import ZERO, Visit
from worlds import BASES, GRAINS, period_start

DAY = timedelta(days=1)
Value = Any
Rows = dict[tuple[Any, ...], dict[str, Value]]
MONEY = (
    "gross_sales", "discounts", "discounted_sales", "full_price_sales", "platform_subsidy", "shipping", "tax", "paid_amount",
    "refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day",
)  # fmt: skip
COUNTS = ("paid_orders", "order_lines", "units")
RETURNS = ("discounted_orders", "returned_orders", "returned_units")
SHARES = (
    ("full_price_share", "full_price_sales_base", "discounted_sales_base"),
    ("discounted_order_share", "discounted_orders", "paid_orders"),
    ("order_return_rate", "returned_orders", "paid_orders"),
    ("unit_return_rate", "returned_units", "units"),
)
PRODUCT_SUMS = (
    *COUNTS, "returned_units", "gross_sales", "discounts", "discounted_sales", "full_price_sales",
    "refunds_goods_order_day", "refunds_cash_order_day", "refunds_goods_refund_day", "refunds_cash_refund_day",
)  # fmt: skip
BANDS = (0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


def whole(values: Iterable[Value], start: Value = 0) -> Value:
    """The sum; None where one of them is."""
    total = start
    for value in values:
        if value is None:
            return None
        total += value
    return total


def known(values: Iterable[Value]) -> Value:
    """The sum of those that are known; None where none is."""
    told = [value for value in values if value is not None]
    return sum(told[1:], told[0]) if told else None


def rate(above: Value, below: Value) -> Fraction | None:
    """One over the other; None where either is unknown or there is nothing to divide by."""
    return None if above is None or not below else Fraction(above) / Fraction(below)


def minus(one: Value, other: Value) -> Value:
    """The difference; None where either is."""
    return None if one is None or other is None else one - other


def end_of(start: date, grain: str) -> date:
    """The last day of a period."""
    lengths = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
    end = start + (lengths[grain] - 1) * DAY
    while period_start(end, grain) != start:
        end -= DAY
    return end


# ---- Stores -------------------------------------------------------------------------------------------


def _store_day(
    facts: Facts, basis: str, day: date, orders: list[Order], back: list[Refund], done: list[Refund]
) -> dict[str, Value]:
    states, dated = facts.states, facts.dates_refunds(day)
    lines_known = states["lines"] and all(order.lines_known for order in orders)
    lines = [sold for order in orders for sold in order.lines]
    gross = whole((sold.line.gross for sold in lines), ZERO) if lines_known else None
    goods = whole((order.goods for order in orders), ZERO) if states["goods"] else None
    refunds_known = states["refunds"] and all(order.refunds_known for order in orders)
    goods_back = whole((refund.goods for refund in back), ZERO) if refunds_known else None
    prices_known = gross is not None and goods is not None
    returned = [sold for order in orders for sold in order.lines if is_returned(sold, back)]
    return {
        "full_price_sales": sum((one.line.gross for one in lines if one.discount == 0), ZERO) if prices_known else None,
        "discounted_orders": sum(any(one.discount for one in order.lines) for order in orders) if prices_known else None,
        "returned_orders": len({id(refund.order) for refund in back if refund.cash > 0}) if refunds_known else None,
        "returned_units": sum(one.line.quantity for one in returned) if prices_known and goods_back is not None else None,
        "paid_orders": len(orders),
        "order_lines": len(lines) if lines_known else None,
        "units": sum(sold.line.quantity for sold in lines) if lines_known else None,
        "gross_sales": gross, "discounts": minus(gross, goods), "discounted_sales": goods,
        "platform_subsidy": whole((order.subsidy for order in orders), ZERO) if states["subsidy"] else None,
        "shipping": whole((order.shipping for order in orders), ZERO) if states["shipping"] else None,
        "tax": whole((order.tax for order in orders), ZERO) if states["tax"] else None,
        "paid_amount": whole((order.cash for order in orders), ZERO) if states["cash"] else None,
        "refunds_goods_order_day": goods_back,
        "refunds_cash_order_day": whole((refund.cash for refund in back), ZERO) if refunds_known else None,
        "refunds_goods_refund_day": whole((refund.goods for refund in done), ZERO) if dated else None,
        "refunds_cash_refund_day": whole((refund.cash for refund in done), ZERO) if dated else None,
        "orders_with_lines": sum(order.lines_known for order in orders),
    }  # fmt: skip


def is_returned(sold: Sold, back: Iterable[Refund]) -> bool:
    """All a line was sold for came back, and that was something."""
    return all_came_back(sold, [goods for refund in back for line, _, goods in refund.parts if line is sold])


def all_came_back(sold: Sold, parts: Iterable[Decimal | None]) -> bool:
    """The same, of the parts of refunds that fall on a line."""
    came_back: Value = whole(parts, ZERO)
    return came_back is not None and came_back > 0 and came_back >= sold.net


def _unknown_day() -> dict[str, Value]:
    return {**dict.fromkeys((*COUNTS, *MONEY, *RETURNS)), "orders_with_lines": 0}


def store_days(facts: Facts, basis: str, rates: Mapping[tuple[str, date], Decimal]) -> dict[tuple[str, date], dict[str, Value]]:
    """Every day with a sale, a refund or a visit, by currency."""
    orders, back, done = defaultdict(list), defaultdict(list), defaultdict(list)
    for order in facts.counted:
        orders[order.currency, order.day(basis)].append(order)
    for refund in facts.refunds:
        back[refund.order.currency, refund.order.day(basis)].append(refund)
        if refund.day is not None:
            done[refund.order.currency, refund.day].append(refund)
    days: dict[tuple[str, date], dict[str, Value]] = {
        key: _store_day(facts, basis, key[1], orders[key], back[key], done[key]) for key in {*orders, *back, *done}
    }
    sold: dict[str, int] = defaultdict(int)
    for (currency, _), values in days.items():
        sold[currency] += values["paid_orders"]
    shown_in = min(sold, key=lambda one: (-sold[one], one)) if sold else facts.told.currency
    for values in days.values():
        values["within"] = True
    for day, visit in shop_visits(facts).items():
        if (shown_in, day) not in days:
            state = facts.orders_on.get(day)
            quiet = _store_day(facts, basis, day, [], [], []) if state in ("present", "empty") else _unknown_day()
            days[shown_in, day] = {**quiet, "within": state is not None}
        days[shown_in, day]["visit"] = visit
    for (currency, day), values in days.items():
        at = Decimal(1) if currency == "CNY" else rates.get((currency, day))
        for name in MONEY:
            amount = values[name]
            values[f"{name}_base"] = None if amount is None or at is None else (amount * at).quantize(ZERO, ROUND_HALF_UP)
    return days


def store_metrics(facts: Facts, rates: Mapping[tuple[str, date], Decimal]) -> Rows:
    """By basis, grain, first day, store and currency."""
    found: Rows = {}
    visited = shop_visits(facts)
    for basis in BASES:
        days = store_days(facts, basis, rates)
        for grain in GRAINS:
            groups = defaultdict(list)
            for (currency, day), values in days.items():
                groups[currency, period_start(day, grain)].append(values)
            for (currency, start), parts in groups.items():
                row = _store_period(parts, grain, start, visited)
                people = {
                    order.buyer
                    for order in facts.counted
                    if order.buyer and order.currency == currency and period_start(order.day(basis), grain) == start
                }
                named = sum(
                    1
                    for order in facts.counted
                    if order.buyer and order.currency == currency and period_start(order.day(basis), grain) == start
                )
                none_sold = row["paid_orders"] == 0 and facts.states["buyers"]
                row["buyers"], row["orders_with_buyer"] = len(people) or (0 if none_sold else None), named
                row["sales_per_buyer"] = rate(row["paid_amount"], row["buyers"])
                row |= _covered(facts, start, grain)
                found[basis, grain, start, facts.told.name, currency] = row
    return found


def _covered(facts: Facts, start: date, grain: str) -> dict[str, Value]:
    length = (end_of(start, grain) - start).days + 1
    told = sum(facts.orders_on.get(start + n * DAY) in ("present", "empty") for n in range(length))
    return {"calendar_days": length, "whole_days": told, "orders_covered_share": rate(told, length)}


def _store_period(parts: list[dict[str, Value]], grain: str, start: date, visited: Mapping[date, Visit]) -> dict[str, Value]:
    inside = [part for part in parts if part["within"]]
    row: dict[str, Value] = {}
    for name in (*COUNTS, *RETURNS, *MONEY, *(f"{name}_base" for name in MONEY)):
        values = [part[name] for part in inside]
        row[name] = whole(values, ZERO if name.removesuffix("_base") in MONEY else 0) if values else None
    row["orders_with_lines"] = sum(part["orders_with_lines"] for part in parts)
    for base in ("", "_base"):
        for on in ("order", "refund"):
            row[f"net_sales_{on}_day{base}"] = minus(row[f"discounted_sales{base}"], row[f"refunds_goods_{on}_day{base}"])
            row[f"net_paid_{on}_day{base}"] = minus(row[f"paid_amount{base}"], row[f"refunds_cash_{on}_day{base}"])
    seen = [part for part in parts if "visit" in part]
    visits = [part["visit"] for part in seen]
    first, last = (min(visited), max(visited)) if visited else (start, start - DAY)
    length = (min(end_of(start, grain), last) - max(start, first)).days + 1
    is_complete = len(visits) > 0 and len(visits) == length
    row["days_with_traffic"], row["days_in_period"] = len(visits), max(length, 0) if visited else None
    row["dialect"] = max((visit.dialect for visit in visits), default=None)
    people = known(visit.count("visitors") for visit in visits)
    row["visitors"] = people if grain == "day" else None
    row["visitor_days"] = people if is_complete else None
    row["sessions"] = known(visit.count("sessions") for visit in visits) if is_complete else None
    row["page_views"] = known(visit.count("page_views") for visit in visits) if is_complete else None
    came_in_all = known(came(visit) for visit in visits)
    counted = {
        name: whole(visit.count(name) for visit in visits if came(visit) is not None) if visits else None
        for name in ("favourites", "carts", "platform_orders")
    }
    for name, value in counted.items():
        row[name] = value if is_complete else None
    row["platform_paid"] = whole((visit.paid for visit in visits), ZERO) if is_complete else None
    row["cart_rate"], row["favourite_rate"] = rate(counted["carts"], came_in_all), rate(counted["favourites"], came_in_all)
    both = [part for part in seen if part["paid_orders"] is not None]
    sold = [part for part in seen if part["discounted_sales"] is not None]
    row["matched_visits"] = known(came(part["visit"]) for part in both)
    row["matched_orders"] = known(part["paid_orders"] for part in both)
    row["matched_sales"] = known(part["discounted_sales"] for part in sold)
    row["conversion"] = rate(row["matched_orders"], row["matched_visits"])
    row["sales_per_visit"] = rate(row["matched_sales"], known(came(part["visit"]) for part in sold))
    row["aov"] = rate(row["discounted_sales"], row["paid_orders"])
    row["average_price"] = rate(row["discounted_sales"], row["units"])
    row["units_per_order"] = rate(row["units"], row["paid_orders"])
    row["discount_rate"] = rate(row["discounts"], row["gross_sales"])
    row["refund_rate"] = rate(row["refunds_cash_order_day"], row["paid_amount"])
    row["full_price_share"] = rate(row["full_price_sales"], row["discounted_sales"])
    row["discounted_order_share"] = rate(row["discounted_orders"], row["paid_orders"])
    row["order_return_rate"] = rate(row["returned_orders"], row["paid_orders"])
    row["unit_return_rate"] = rate(row["returned_units"], row["units"])
    return row


def group_metrics(stores: Rows, groups: Mapping[str, str]) -> Rows:
    """By basis, grain, first day and group of stores; sums over the stores that know them, in the reporting currency."""
    members: dict[tuple[Any, ...], list[tuple[str, dict[str, Value]]]] = defaultdict(list)
    for (basis, grain, start, store, _), row in stores.items():
        for group in {"all", groups[store]} - {""}:
            members[basis, grain, start, group].append((store, row))
    nets = [f"net_{kind}_{on}_day" for kind in ("sales", "paid") for on in ("order", "refund")]
    found = {}
    for key, rows in members.items():
        told = [row for _, row in rows]
        values = {f"{name}_base": known(row[f"{name}_base"] for row in told) for name in (*MONEY, *nets)}
        values |= {name: known(row[name] for row in told) for name in (*COUNTS, *RETURNS)}
        named = [row["buyers"] for row in told if row["orders_with_buyer"]]  # of two stores one person may be two
        values["buyers"] = known(row["buyers"] for row in told) if len(named) <= 1 else None
        values["stores"] = len({store for store, _ in rows})
        values["stores_known"] = len({store for store, row in rows if row["paid_amount_base"] is not None})
        values["units_per_order"] = rate(values["units"], known(row["paid_orders"] for row in told if row["units"] is not None))
        gross = known(row["gross_sales_base"] for row in told if row["discounts_base"] is not None)
        values["discount_rate"] = rate(values["discounts_base"], gross)
        paid = known(row["paid_amount_base"] for row in told if row["refunds_cash_order_day_base"] is not None)
        values["refund_rate"] = rate(values["refunds_cash_order_day_base"], paid)
        for name, above, below in SHARES:
            values[name] = rate(values[above], known(row[below] for row in told if row[above] is not None))
        found[key] = values
    return found


# ---- Products and categories --------------------------------------------------------------------------


def _item_visits(facts: Facts) -> dict[tuple[str, date], int | None]:
    return {(visit.product, visit.day): came(visit) for visit in facts.visits if visit.report == "item"}


def product_days(facts: Facts, basis: str) -> dict[tuple[str, str, date], dict[str, Value]]:
    """Every day a product was sold, refunded or looked at, by currency."""
    lines, back, done = defaultdict(list), defaultdict(list), defaultdict(list)
    for order in facts.counted:
        for sold in order.lines:
            lines[order.currency, sold.product, order.day(basis)].append((order, sold))
    for refund in facts.refunds:
        for sold, cash, goods in refund.parts:
            back[refund.order.currency, sold.product, refund.order.day(basis)].append((cash, goods))
            if refund.day is not None:
                done[refund.order.currency, sold.product, refund.day].append((cash, goods))
    goods_back = defaultdict(list)
    for refund in facts.refunds:
        for sold, _, goods in refund.parts:
            goods_back[id(sold)].append(goods)
    visits = _item_visits(facts)
    visited = {day for _, day in visits}
    seen = {(facts.told.currency, product, day) for product, day in visits}
    found = {}
    for key in {*lines, *back, *done, *seen}:
        _, product, day = key
        state = facts.orders_on.get(day)
        is_known = bool(lines[key] or back[key] or done[key]) or (state in ("present", "empty") and facts.states["lines"])
        of_day = lines[key]
        refunds_known = is_known and facts.states["refunds"] and all(order.refunds_known for order, _ in of_day)
        dated = is_known and facts.dates_refunds(day)
        gross = sum((sold.line.gross for _, sold in of_day), ZERO)
        off = whole((sold.discount for _, sold in of_day), ZERO)
        goods_known = refunds_known and off is not None and None not in (goods for _, goods in back[key])
        returned = [sold for _, sold in of_day if all_came_back(sold, goods_back[id(sold)])]
        found[key] = {
            "full_price_sales": sum((sold.line.gross for _, sold in of_day if sold.discount == 0), ZERO)
            if is_known and off is not None
            else None,
            "returned_units": sum(sold.line.quantity for sold in returned) if goods_known else None,
            "paid_orders": sum(sold.is_first_of_product for _, sold in of_day) if is_known else None,
            "order_lines": len(of_day) if is_known else None,
            "units": sum(sold.line.quantity for _, sold in of_day) if is_known else None,
            "gross_sales": gross if is_known else None,
            "discounts": off if is_known else None,
            "discounted_sales": minus(gross, off) if is_known else None,
            "refunds_goods_order_day": whole((goods for _, goods in back[key]), ZERO) if refunds_known else None,
            "refunds_cash_order_day": sum((cash for cash, _ in back[key]), ZERO) if refunds_known else None,
            "refunds_goods_refund_day": whole((goods for _, goods in done[key]), ZERO) if dated else None,
            "refunds_cash_refund_day": sum((cash for cash, _ in done[key]), ZERO) if dated else None,
            "visits": visits.get((product, day)),
            "within": is_known or state is not None,
            "visited": day in visited,
        }
        if found[key]["visited"] and found[key]["visits"] is None:
            found[key]["visits"] = 0
    return found


def product_metrics(facts: Facts) -> Rows:
    """By basis, grain, first day, store, currency and product."""
    found: Rows = {}
    visited = {visit.day for visit in facts.visits if visit.report == "item"}
    for basis in BASES:
        days = product_days(facts, basis)
        for grain in GRAINS:
            groups = defaultdict(list)
            for (currency, product, day), values in days.items():
                groups[currency, product, period_start(day, grain)].append(values)
            for (currency, product, start), parts in groups.items():
                row = _product_period(parts)
                of_period = {day for day in visited if period_start(day, grain) == start}
                row["days_with_traffic"] = len(of_period)
                if grain == "day":
                    row["item_visits"] = parts[0]["visits"]
                else:
                    end = min(end_of(start, grain), max(visited)) if visited else start
                    is_complete = len(of_period) == (end - max(start, min(visited))).days + 1 if of_period else False
                    row["item_visits"] = known(part["visits"] for part in parts) if is_complete else None
                row["buyers"] = _product_buyers(facts, basis, grain, start, product, currency, row["paid_orders"])
                found[basis, grain, start, facts.told.name, currency, product] = row
    return found


def _product_period(parts: list[dict[str, Value]]) -> dict[str, Value]:
    inside = [part for part in parts if part["within"]]
    row: dict[str, Value] = {
        name: whole((part[name] for part in inside), _nothing(name)) if inside else None for name in PRODUCT_SUMS
    }
    for on in ("order", "refund"):
        row[f"net_sales_{on}_day"] = minus(row["discounted_sales"], row[f"refunds_goods_{on}_day"])
    row["matched_visits"] = known(part["visits"] for part in parts if part["order_lines"] is not None)
    row["matched_lines"] = known(part["order_lines"] for part in parts if part["visits"] is not None)
    row["matched_sales"] = known(part["discounted_sales"] for part in parts if part["visits"] is not None)
    _product_rates(row)
    return row


def _nothing(name: str) -> Value:
    return 0 if name in (*COUNTS, *RETURNS) else ZERO


def _product_rates(row: dict[str, Value]) -> None:
    row["average_price"] = rate(row["discounted_sales"], row["units"])
    row["discount_rate"] = rate(row["discounts"], row["gross_sales"])
    row["full_price_share"] = rate(row["full_price_sales"], row["discounted_sales"])
    row["unit_return_rate"] = rate(row["returned_units"], row["units"])
    row["conversion"] = rate(row["matched_lines"], row["matched_visits"])
    row["sales_per_visit"] = rate(row["matched_sales"], row["matched_visits"])


def _product_buyers(facts: Facts, basis: str, grain: str, start: date, product: str, currency: str, sold: Value) -> int | None:
    if grain in ("day", "week"):
        return None
    people = {
        order.buyer
        for order in facts.counted
        if order.buyer
        and order.currency == currency
        and period_start(order.day(basis), grain) == start
        and any(line.product == product for line in order.lines)
    }
    return len(people) or (0 if sold == 0 and facts.states["buyers"] else None)


def category_metrics(products: Rows, facts: Facts) -> Rows:
    """By basis, grain, first day, store, currency and category: products added up."""
    groups = defaultdict(list)
    for (basis, grain, start, store, currency, product), row in products.items():
        if product in facts.categories:
            groups[basis, grain, start, store, currency, facts.categories[product]].append(row)
    found: Rows = {}
    for key, rows in groups.items():
        values: dict[str, Value] = {
            name: whole((row[name] for row in rows), _nothing(name))
            for name in PRODUCT_SUMS
            if name != "paid_orders" and not name.startswith("refunds_cash")
        }
        values["products"], values["item_visits"] = len(rows), whole(row["item_visits"] for row in rows)
        for on in ("order", "refund"):
            values[f"net_sales_{on}_day"] = minus(values["discounted_sales"], values[f"refunds_goods_{on}_day"])
        values |= {name: known(row[name] for row in rows) for name in ("matched_visits", "matched_lines", "matched_sales")}
        _product_rates(values)
        found[key] = values
    return found


def price_bands(facts: Facts) -> Rows:
    """By month, store, currency, category and band."""
    groups, shares = defaultdict(list), defaultdict(list)
    for order in facts.counted:
        for sold in order.lines:
            price = sold.line.gross / sold.line.quantity
            band = max(edge for edge in BANDS if edge <= price)
            category = facts.categories.get(sold.product, "-")
            key = (period_start(order.day("paid"), "month"), facts.told.name, order.currency, category)
            groups[*key, Decimal(band)].append(sold)
            shares[key].append(sold.line.gross)
    found: Rows = {}
    for key, lines in groups.items():
        gross, off = sum((sold.line.gross for sold in lines), ZERO), whole((sold.discount for sold in lines), ZERO)
        found[key] = {
            "order_lines": len(lines), "units": sum(sold.line.quantity for sold in lines), "gross_sales": gross, "discounts": off,
            "discounted_sales": minus(gross, off), "band_share": rate(gross, sum(shares[key[:4]], ZERO)),
        }  # fmt: skip
    return found


def product_life(facts: Facts) -> Rows:
    """By store, currency, day looked back from and product: products that had sold by then."""
    days = product_days(facts, "paid")
    told = {day for day, state in facts.orders_on.items() if state != "missing"}
    found: Rows = {}
    for look in {day for day in told if (day + DAY).day == 1 or day == max(told)}:
        is_whole = all(look - n * DAY in told for n in range(30))
        lives: dict[str, dict[str, Value]] = {}
        for (_, product, day), values in days.items():
            if values["order_lines"] and day <= look:
                life = lives.setdefault(product, {"sold": [], "recent": []})
                life["sold"].append(day)
                life["recent"] += [values] if day > look - 30 * DAY else []
        sums = {
            product: (
                whole((v["units"] for v in life["recent"]), 0),
                known([ZERO, *(v["discounted_sales"] for v in life["recent"])]),
            )
            for product, life in lives.items()
        }
        is_told = all(v["discounted_sales"] is not None for life in lives.values() for v in life["recent"])
        total = sum((sales for _, sales in sums.values()), ZERO) if is_told else None
        above = ZERO
        for place, product in enumerate(sorted(lives, key=lambda one: (-sums[one][1], one)), 1):
            units, sales = sums[product]
            is_ranked = is_whole and sales > 0 and total is not None and total > 0
            knows = all(v["discounted_sales"] is not None for v in lives[product]["recent"])
            share = above / total if total else ZERO
            found[facts.told.name, _currency(facts), look, product] = {
                "first_sale": min(lives[product]["sold"]), "last_sale": max(lives[product]["sold"]),
                "days_since_sale": (look - max(lives[product]["sold"])).days,
                "sold_30d": bool(lives[product]["recent"]) if is_whole else None, "units_30d": units if is_whole else None,
                "sales_30d": sales if is_whole and knows else None, "sales_share": rate(sales, total) if is_whole else None,
                "sales_rank": place if is_ranked else None,
                "abc": ("A" if share < Decimal("0.8") else "B" if share < Decimal("0.95") else "C") if is_ranked else None,
            }  # fmt: skip
            above += sales
    return found


def _currency(facts: Facts) -> str:
    """The currency of a store whose orders all have one."""
    return next((order.currency for order in facts.orders), facts.told.currency)


# ---- Channels and customers ---------------------------------------------------------------------------


def channel_metrics(facts: Facts) -> Rows:
    """By grain, first day, store and channel."""
    rows = [visit for visit in facts.visits if visit.report == "channel"]
    days = {visit.day for visit in rows}
    found: Rows = {}
    for grain in GRAINS:
        groups = defaultdict(list)
        for visit in rows:
            groups[period_start(visit.day, grain), visit.channel].append(visit)
        for (start, channel), parts in groups.items():
            seen = sum(1 for day in days if period_start(day, grain) == start)
            length = (min(end_of(start, grain), max(days)) - max(start, min(days))).days + 1
            visits, buyers = whole(came(v) for v in parts), whole(v.count("platform_buyers") for v in parts)
            carts = whole(v.count("carts") for v in parts)
            found[grain, start, facts.told.name, channel] = {
                "channel_group": parts[0].group, "days_with_traffic": seen, "days_in_period": length,
                "visits": visits if seen == length else None, "carts": carts, "platform_buyers": buyers,
                "platform_paid": whole((v.paid for v in parts), ZERO), "platform_conversion": rate(buyers, visits),
                "cart_rate": rate(carts, visits),
            }  # fmt: skip
    return found


def customer_periods(facts: Facts) -> Rows:
    """By grain, first day, store and currency: new and returning buyers, on the day orders were paid."""
    named = [order for order in facts.counted if order.buyer]
    firsts: dict[str, date] = {}
    for order in named:
        firsts[order.buyer] = min(order.day("paid"), firsts.get(order.buyer, date.max))
    start_of_history = min((day for day, state in facts.orders_on.items() if state != "missing"), default=None)
    found: Rows = {}
    for grain in GRAINS:
        groups: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for order in named:
            groups[period_start(order.day("paid"), grain)][order.buyer] += 1
        for start, people in groups.items():
            assert start_of_history is not None
            history = max((start - start_of_history).days, 0)
            old = [buyer for buyer in people if firsts[buyer] < start]
            orders, back = sum(people.values()), sum(people[buyer] for buyer in old)
            found[grain, start, facts.told.name, _currency(facts)] = {
                "history_days": history, "buyers": len(people), "orders_with_buyer": orders,
                "new_buyers": len(people) - len(old) if history else None, "returning_buyers": len(old) if history else None,
                "returning_orders": back if history else None, "repeat_buyers": sum(1 for n in people.values() if n > 1),
                "new_buyer_share": rate(len(people) - len(old), len(people)) if history else None,
                "returning_order_share": rate(back, orders) if history else None, "orders_per_buyer": rate(orders, len(people)),
            } | _covered(facts, start, grain)  # fmt: skip
    return found


def customer_cohorts(facts: Facts) -> Rows:
    """By store, currency, cohort and age in months. Cohorts of fewer than five are one; of fewer than five no amount is told."""
    named = [order for order in facts.counted if order.buyer]
    cohorts: dict[str, date] = {}
    for order in sorted(named, key=lambda one: one.day("paid")):
        cohorts.setdefault(order.buyer, order.day("paid").replace(day=1))
    days_known: dict[date, int] = defaultdict(int)
    for day, state in facts.orders_on.items():
        days_known[day.replace(day=1)] += state in ("present", "empty")
    is_whole = {month: known_days == (end_of(month, "month") - month).days + 1 for month, known_days in days_known.items()}
    ends = [month for month, told in is_whole.items() if told]
    cells: dict[tuple[str, int], list[dict[str, Value]]] = defaultdict(list)
    for cohort in set(cohorts.values()):
        people = {buyer for buyer, first in cohorts.items() if first == cohort}
        for month in sorted(is_whole):
            if not ends or not cohort <= month <= max(ends):
                continue
            bought = [order for order in named if order.buyer in people and order.day("paid").replace(day=1) == month]
            age = (month.year - cohort.year) * 12 + month.month - cohort.month
            cells["other" if len(people) < 5 else f"{cohort:%Y-%m}", age].append({
                "cohort_buyers": len(people),
                "history_days": max((cohort - min(facts.orders_on)).days, 0),
                "buyers": len({order.buyer for order in bought}) if is_whole[month] else None,
                "paid_orders": len(bought) if is_whole[month] else None,
                "net": whole((_kept(facts, order) for order in bought), ZERO) if is_whole[month] else None,
            })  # fmt: skip
    found: Rows = {}
    for (name, age), parts in cells.items():
        size, buyers = sum(part["cohort_buyers"] for part in parts), whole(part["buyers"] for part in parts)
        if size < 5:
            continue
        is_told = buyers is not None and (buyers == 0 or buyers >= 5)
        found[facts.told.name, _currency(facts), name, age] = {
            "cohort_buyers": size, "history_days": min(part["history_days"] for part in parts), "buyers": buyers,
            "paid_orders": whole(part["paid_orders"] for part in parts) if is_told else None,
            "net_sales_order_day": whole((part["net"] for part in parts), ZERO) if is_told else None, "retention": rate(buyers,
            size),
        }  # fmt: skip
    for (store, currency, name, age), row in found.items():
        before = [found.get((store, currency, name, n), {"net_sales_order_day": None}) for n in range(age + 1)]
        row["net_sales_so_far"] = None if name == "other" else whole((one["net_sales_order_day"] for one in before), ZERO)
        row["lifetime_value"] = rate(row["net_sales_so_far"], row["cohort_buyers"])
    return found


def _kept(facts: Facts, order: Order) -> Decimal | None:
    """What an order sold for, less the goods that came back."""
    if not order.refunds_known:
        return None
    back: Value = whole((refund.goods for refund in facts.refunds if refund.order is order), ZERO)
    kept: Decimal | None = minus(order.goods, back)
    return kept
