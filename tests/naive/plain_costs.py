"""What goods cost and what is left, by plain loops over facts: a line's cost is that of the day it was paid.

A line counts where its SKU, discount and refunds are known and costs.csv says what a unit cost; one that came back whole costs
nothing.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from plain_facts import Facts, Sold
from plain_metrics import Rows, Value, known, minus, rate
from read_plainly import ZERO
from worlds import BASES, GRAINS, period_start

Costs = dict[tuple[str, str], list[tuple[date, Decimal, str]]]
Rates = Mapping[tuple[str, date], Decimal]
FOUR = Decimal("0.0001")
SUMS = ("costed_net_sales", "cost_of_goods")


def costs_of(text: str) -> Costs:
    """By store, blank for every store, and SKU: from which day on, how much, in which currency."""
    found: Costs = defaultdict(list)
    for row in csv.DictReader(io.StringIO(text)):
        since = date.fromisoformat(row["valid_from"])
        found[row["store"], row["merchant_sku"]].append((since, Decimal(row["unit_cost"]), row["currency"]))
    return found


def unit_cost(costs: Costs, rates: Rates, store: str, sku: str, paid: date, currency: str) -> Decimal | None:
    """The store's own cost where it has one by that day, else every store's; None where there is none or no rate."""
    for owner in (store, ""):
        valid = [cost for cost in costs.get((owner, sku), []) if cost[0] <= paid]
        if valid:
            _, amount, money = max(valid)
            if money == currency:
                return amount
            of_cost, of_line = (Decimal(1) if one == "CNY" else rates.get((one, paid)) for one in (money, currency))
            if of_cost is None or of_line is None:
                return None
            return (amount * of_cost / of_line).quantize(FOUR, ROUND_HALF_UP)
    return None


def with_margins(rows: Rows, facts: Facts, costs: Costs, rates: Rates, *, by_product: bool) -> Rows:
    """The rows of a store, or of its products, with what their goods cost beside."""
    days = _days(facts, costs, rates)
    groups: dict[tuple[object, ...], list[tuple[str, date, Decimal, Decimal]]] = defaultdict(list)
    for (basis, currency, product, day), (net, cost) in days.items():
        for grain in GRAINS:
            key = (basis, grain, period_start(day, grain), facts.told.name, currency)
            groups[(*key, product) if by_product else key].append((currency, day, net, cost))
    return {key: row | _margin(row, groups.get(key, []), rates, in_base=not by_product) for key, row in rows.items()}


def _days(facts: Facts, costs: Costs, rates: Rates) -> dict[tuple[str, str, str, date], tuple[Decimal, Decimal]]:
    """Net sales of the lines whose cost is known, and the cost, by basis, currency, product and day."""
    back: dict[int, list[Decimal | None]] = defaultdict(list)
    for refund in facts.refunds:
        for sold, _, goods in refund.parts:
            back[id(sold)].append(goods)
    found: dict[tuple[str, str, str, date], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for order in facts.counted:
        for sold in order.lines:
            assert order.paid is not None
            returned = back[id(sold)]
            each = unit_cost(costs, rates, facts.told.name, sold.line.sku, order.paid, order.currency)
            if each is None or sold.discount is None or not order.refunds_known or None in returned:
                continue
            came_back = sum((goods for goods in returned if goods is not None), ZERO)
            for basis in BASES:
                key = (basis, order.currency, sold.product, order.day(basis))
                net, cost = found[key]
                found[key] = (net + sold.net - came_back, cost + _cost_of(sold, each, came_back))
    return found


def _cost_of(sold: Sold, each: Decimal, came_back: Decimal) -> Decimal:
    if came_back > 0 and came_back >= sold.net:
        return ZERO
    return (sold.line.quantity * each).quantize(ZERO, ROUND_HALF_UP)


def _margin(
    row: dict[str, Value], parts: Iterable[tuple[str, date, Decimal, Decimal]], rates: Rates, *, in_base: bool
) -> dict[str, Value]:
    told = list(parts)
    net = sum((one[2] for one in told), ZERO) if told else None
    cost = sum((one[3] for one in told), ZERO) if told else None
    left, all_net = minus(net, cost), row["net_sales_order_day"]
    found = {
        "costed_net_sales": net, "cost_of_goods": cost, "margin": left, "margin_rate": rate(left, net),
        "cost_coverage": rate(None if all_net is None else net or ZERO, all_net),
    }  # fmt: skip
    if not in_base:
        return found
    of_days = [Decimal(1) if money == "CNY" else rates.get((money, day)) for money, day, _, _ in told]
    for name, place in (("costed_net_sales", 2), ("cost_of_goods", 3)):
        amounts = [
            None if at is None else (one[place] * at).quantize(ZERO, ROUND_HALF_UP) for at, one in zip(of_days, told, strict=True)
        ]
        found[f"{name}_base"] = sum(amounts, ZERO) if amounts and None not in amounts else None
    found["margin_base"] = minus(found["costed_net_sales_base"], found["cost_of_goods_base"])
    return found


def with_category_margins(rows: Rows, products: Rows, categories: Mapping[str, Mapping[str, str]]) -> Rows:
    """The rows of categories with what their products' goods cost beside."""
    parts: dict[tuple[object, ...], list[dict[str, Value]]] = defaultdict(list)
    for (basis, grain, start, store, currency, product), row in products.items():
        if product in categories[store]:
            parts[basis, grain, start, store, currency, categories[store][product]].append(row)
    return {key: row | _shares({name: known(one[name] for one in parts[key]) for name in SUMS}, row) for key, row in rows.items()}


def with_group_margins(rows: Rows, stores: Rows, groups: Mapping[str, str]) -> Rows:
    """The rows of groups of stores with what their goods cost beside, in the reporting currency."""
    parts: dict[tuple[object, ...], list[dict[str, Value]]] = defaultdict(list)
    for (basis, grain, start, store, _), row in stores.items():
        for group in {"all", groups[store]} - {""}:
            parts[basis, grain, start, group].append(row)
    found = {}
    for key, row in rows.items():
        sums = {f"{name}_base": known(one[f"{name}_base"] for one in parts[key]) for name in (*SUMS, "margin")}
        net = row["net_sales_order_day_base"]
        covered = known(one["costed_net_sales_base"] for one in parts[key] if one["net_sales_order_day_base"] is not None)
        found[key] = row | sums | {
            "margin_rate": rate(sums["margin_base"], sums["costed_net_sales_base"]),
            "cost_coverage": rate(None if net is None else covered or ZERO, net),
        }  # fmt: skip
    return found


def _shares(sums: dict[str, Value], row: dict[str, Value]) -> dict[str, Value]:
    left, net = minus(sums["costed_net_sales"], sums["cost_of_goods"]), row["net_sales_order_day"]
    return sums | {
        "margin": left, "margin_rate": rate(left, sums["costed_net_sales"]),
        "cost_coverage": rate(None if net is None else sums["costed_net_sales"] or ZERO, net),
    }  # fmt: skip
