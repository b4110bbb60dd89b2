"""What the statistics of refunds start from, by plain loops over facts: what came back of each day, how much later, and so far.

The statistics themselves are held elsewhere; here is what they count.
"""

from collections import defaultdict
from typing import Any

from plain_facts import Facts
from plain_metrics import Rows, Value, minus, product_days, store_days, whole
from read_plainly import ZERO

ALL, REST = "all", "uncategorised"
LAST_AGE, OLDEST = 90, 365


def refund_delays(facts: Facts) -> Rows:
    """By store, currency, category or `all`, day paid and age: refunds of lines, and the goods of them."""
    parts: dict[tuple[Any, ...], list[Value]] = defaultdict(list)
    for refund in facts.refunds:
        if refund.day is None or refund.order.paid is None:
            continue
        age = (refund.day - refund.order.paid).days
        of_lines = [(facts.categories.get(sold.product, REST), goods) for sold, _, goods in refund.parts]
        for category, goods in of_lines or [(REST, refund.goods)]:
            for named in (category, ALL):
                parts[facts.told.name, refund.order.currency, named, refund.order.paid, age].append(goods)
    return {key: {"refunded_lines": len(goods), "refunds_goods_order_day": whole(goods, ZERO)} for key, goods in parts.items()}


def maturing_days(facts: Facts) -> Rows:
    """By store, currency, category or `all`, and day paid: goods sold, and what came back of them so far."""
    found: Rows = {}
    dated = bool(facts.refund_days)
    stores = {key: row for key, row in store_days(facts, "paid", {}).items() if _has_happened(facts, key)}
    groups: dict[tuple[Any, ...], list[dict[str, Value]]] = defaultdict(list)
    for (currency, product, day), row in product_days(facts, "paid").items():
        if product in facts.categories and (currency, day) in stores:
            groups[currency, day, facts.categories[product]].append(row)
    names = ("discounted_sales", "refunds_goods_order_day")
    sums = {key: {name: whole((row[name] for row in rows), ZERO) for name in names} for key, rows in groups.items()}
    for (currency, day), row in stores.items():
        told = {name: row[name] for name in names}
        found[facts.told.name, currency, ALL, day] = told | {"dates_refunds": dated}
        of_day = {category: one for (money, on, category), one in sums.items() if (money, on) == (currency, day)}
        for category, one in of_day.items():
            found[facts.told.name, currency, category, day] = one | {"dates_refunds": dated}
        rest = {name: minus(told[name], whole((one[name] for one in of_day.values()), ZERO)) for name in names}
        if any(value is None or value != 0 for value in rest.values()):
            found[facts.told.name, currency, REST, day] = rest | {"dates_refunds": dated}
    return found


def _has_happened(facts: Facts, key: tuple[str, Any]) -> bool:
    """Whether an order was paid or a refund done on the day."""
    return any((order.currency, order.paid) == key for order in facts.counted) or any(
        key in ((refund.order.currency, refund.order.paid), (refund.order.currency, refund.day)) for refund in facts.refunds
    )


def counted(refunds: list[tuple[int, int, float]]) -> tuple[list[float], list[float]]:
    """Of refunds (days until they came, days the order's day is old, how many): those on each age, and those by it that tell."""
    on, by = [0.0] * (LAST_AGE + 1), [0.0] * (LAST_AGE + 1)
    for delay, age, number in refunds:
        if delay > LAST_AGE or age > OLDEST or age < delay:
            continue
        on[max(delay, 0)] += number
        for n in range(max(delay, 0), min(age, LAST_AGE) + 1):
            by[n] += number
    return on, by
