"""Of everything exports say, what holds: one state of each order, line, refund and report, by plain loops.

Which of two exports of one thing is believed is told by content alone: the later export where files say when they were made; else
the one that shows more returned, a later step in the order's life, a later moment. Where two are alike they say the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from read_plainly import ZERO, Back, Line, Lines, Standing, Told, Visit
from worlds import spread

Thing = TypeVar("Thing")
DAY = timedelta(days=1)
NEVER = Decimal(-1)


@dataclass
class Sold:
    """A line that stands, with its whole discount; None where no export tells it."""

    line: Line
    product: str
    discount: Decimal | None
    is_first_of_product: bool = False

    @property
    def net(self) -> Decimal:
        """What it sold for, before refunds."""
        return self.line.gross - (self.discount or ZERO)


@dataclass
class Order:
    """An order that stands."""

    number: str
    currency: str
    placed: date
    paid: date | None
    counted: bool
    goods: Decimal | None
    shipping: Decimal | None
    tax: Decimal | None
    subsidy: Decimal | None
    cash: Decimal | None
    refunded: Decimal | None
    refunds_known: bool
    buyer: str
    lines: list[Sold] = field(default_factory=list)
    lines_known: bool = False

    def day(self, basis: str) -> date:
        """The day it belongs to; an unpaid one to none."""
        day = self.paid if basis == "paid" else self.placed
        assert day is not None
        return day


@dataclass
class Refund:
    """A refund that counts, and the parts of it that fall on lines."""

    order: Order
    cash: Decimal
    goods: Decimal | None
    day: date | None
    parts: list[tuple[Sold, Decimal, Decimal | None]] = field(default_factory=list)


@dataclass
class Facts:
    """What a store's exports come to."""

    told: Told
    orders: list[Order]
    refunds: list[Refund]
    visits: list[Visit]
    states: dict[str, bool]
    refund_days: list[tuple[date, date]]
    categories: dict[str, str]
    catalogued: set[str]  # products whose category is the catalogue's
    orders_on: dict[date, str]  # present, empty or missing, between the first order and the last

    @property
    def counted(self) -> list[Order]:
        """The orders that are sales."""
        return [order for order in self.orders if order.counted]

    def dates_refunds(self, day: date) -> bool:
        """Whether a refund of that day would stand in an export."""
        return any(first <= day <= last for first, last in self.refund_days)


def facts_of(told: Told, catalogue: dict[str, str]) -> Facts:
    """Settle what a store's exports say.

    Args:
        told: all they say.
        catalogue: category by merchant SKU.
    """
    span = _refund_days(told)
    orders = {number: _order(versions, span) for number, versions in _by(told.orders, lambda one: one.number).items()}
    products = _products(told)
    units = {number: _believed(versions).units for number, versions in _by(told.orders, lambda one: one.number).items()}
    for number, sets in _by(told.lines, lambda one: one.number).items():
        best = max(sets, key=lambda one: (one.exported, one.refunded, one.rank, one.latest))
        if number in orders:
            _give_lines(orders[number], best, products, units[number])
    states = {
        "lines": bool(told.lines),
        "buyers": any(one.buyer for one in told.orders),
        "refunds": bool(told.refunds) or any(one.refunded is not None for one in told.orders),
    } | {
        name: any(getattr(one, name) is not None for one in told.orders)
        for name in ("goods", "shipping", "tax", "subsidy", "cash")
    }
    refunds = _refunds(told, orders)
    spans = [] if span is None else [span, *_dated_before(span[0], orders.values(), refunds)]
    own, named = _listed(told), _catalogued(told, orders, catalogue)
    on = _orders_on(orders.values())
    return Facts(told, list(orders.values()), refunds, _visits(told), states, spans, own | named, set(named), on)


def _by(things: Iterable[Thing], key: Callable[[Thing], str]) -> dict[str, list[Thing]]:
    found = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found


def _newest(versions: Sequence[Standing]) -> Standing:
    def age(one: Standing) -> tuple[object, ...]:
        return one.exported, NEVER if one.refunded is None else one.refunded, one.rank, max(one.placed, one.paid or one.placed)

    return max(versions, key=age)


def _of_each_kind(versions: Sequence[Standing]) -> list[Standing]:
    return [_newest([one for one in versions if one.authority == kind]) for kind in {one.authority for one in versions}]


def _believed(versions: Sequence[Standing]) -> Standing:
    """An order export is believed before a line export, unless only the latter knows the order as paid."""
    return max(_of_each_kind(versions), key=lambda one: (one.paid is not None, one.authority))


def _order(versions: Sequence[Standing], span: tuple[date, date] | None) -> Order:
    best = _believed(versions)
    others = [one for one in _of_each_kind(versions) if one is not best and one.refunded is not None]
    refunded = best.refunded
    for other in others:
        if refunded is None or (other.exported > best.exported and other.refunded is not None and other.refunded > refunded):
            refunded = other.refunded
    return Order(
        best.number, best.currency, best.placed.date(), best.paid and best.paid.date(),
        best.paid is not None and not best.is_test and not best.only_cards,
        best.goods, best.shipping, best.tax, best.subsidy, best.cash, refunded,
        refunded is not None or (span is not None and best.placed.date() >= span[0]), best.buyer,
    )  # fmt: skip


def _give_lines(order: Order, best: Lines, products: dict[str, str], units: int | None) -> None:
    goods = [line for line in best.lines if line.is_goods]
    nets = [line.gross - (line.own_discount or ZERO) for line in goods]
    extra = ZERO if order.goods is None else sum(nets, ZERO) - order.goods
    shares = spread(extra, nets) if sum(nets) else [extra if n == 0 else ZERO for n in range(len(nets))]
    met: set[str] = set()
    for line, share in zip(goods, shares, strict=True):
        is_told = line.own_discount is not None or order.goods is not None
        product = line.product or products.get(line.sku) or f"sku:{line.sku}"
        order.lines.append(Sold(line, product, (line.own_discount or ZERO) + share if is_told else None, product not in met))
        met.add(product)
    order.lines_known = units is None or units == sum(line.quantity for line in goods)


def _products(told: Told) -> dict[str, str]:
    """The one product a merchant SKU is listed under."""
    found = defaultdict(set)
    for product, sku, _ in told.listed:
        found[sku].add(product)
    return {sku: next(iter(products)) for sku, products in found.items() if sku and len(products) == 1}


def _listed(told: Told) -> dict[str, str]:
    """The listing's own category."""
    found: dict[str, str] = {}
    for product, _, category in told.listed:
        if category:
            found[product] = max(category, found.get(product, ""))
    return found


def _catalogued(told: Told, orders: dict[str, Order], catalogue: dict[str, str]) -> dict[str, str]:
    """The catalogue's category by merchant SKU."""
    skus = {(product, sku) for product, sku, _ in told.listed} | {
        (sold.product, sold.line.sku) for order in orders.values() for sold in order.lines
    }
    named = {product: [catalogue[sku] for of, sku in skus if of == product and sku in catalogue] for product, _ in skus}
    return {product: min(categories) for product, categories in named.items() if categories}


# ---- Refunds ------------------------------------------------------------------------------------------


def _refund_days(told: Told) -> tuple[date, date] | None:
    """From the month of the first refund exported, to the last export or 31 days after the last refund."""
    if not told.refunds:
        return None
    days = [day for back in told.refunds for day in (back.applied, back.done) if day is not None]
    last = max(days)
    made = [date(int(s[:4]), int(s[4:6]), int(s[6:8])) for back in told.refunds if (s := back.exported)]
    return min(back.applied for back in told.refunds).replace(day=1), max([last + 31 * DAY, *made])


def _dated_before(start: date, orders: Iterable[Order], refunds: Iterable[Refund]) -> list[tuple[date, date]]:
    """The days before that, while each order states what was refunded of it and all of that is dated."""
    undated = [order.placed for order in orders if order.counted and order.refunded is None]
    undated += [refund.order.placed for refund in refunds if refund.day is None]
    first, end = min((order.placed for order in orders), default=start), min([start, *undated])
    return [(first, end - DAY)] if first < end else []


def _refunds(told: Told, orders: dict[str, Order]) -> list[Refund]:
    made: list[Refund] = []
    dated: dict[str, tuple[Decimal, Decimal]] = {}
    for versions in _by(told.refunds, lambda one: one.id).values():
        best = max(versions, key=lambda one: (one.exported, one.succeeded, one.cash, one.latest))
        order = orders.get(best.number)
        if order is None or not best.succeeded:
            continue
        line = next((sold for sold in order.lines if sold.line.id == best.line), None)
        goods = _goods_of(best, order, line)
        cash, so_far = dated.get(order.number, (ZERO, ZERO))
        dated[order.number] = (cash + best.cash, so_far + (goods or ZERO))
        if order.counted:
            made.append(_parted(Refund(order, best.cash, goods, best.done), line, is_stated=False))
    for order in orders.values():
        cash, goods_so_far = dated.get(order.number, (ZERO, ZERO))
        if order.counted and order.refunded is not None and order.refunded > cash:
            rest, left = order.refunded - cash, None if order.goods is None else max(order.goods - goods_so_far, ZERO)
            is_all = order.cash is not None and order.refunded >= order.cash
            goods = left if left is None or is_all else min(rest, left)
            made.append(_parted(Refund(order, rest, goods, None), None, is_stated=True))
    return made


def _goods_of(back: Back, order: Order, line: Sold | None) -> Decimal | None:
    if back.is_shipping:
        return ZERO
    if back.goods is not None:
        came_back_whole = line is not None and line.line.owed is not None and back.goods >= line.line.owed
        return line.net if came_back_whole and line is not None else back.goods
    if not back.is_whole:
        return back.cash
    return back.cash if order.goods is None else min(back.cash, order.goods)


def _parted(refund: Refund, line: Sold | None, *, is_stated: bool) -> Refund:
    """Part a refund over the line it names, else over the order's lines by what they sold for."""
    lines = [line] if line else refund.order.lines
    if lines:
        weights = [max(sold.net, ZERO) for sold in lines]
        if is_stated:
            weights = [w if sold.line.refunded is None else sold.line.refunded for w, sold in zip(weights, lines, strict=True)]
        cash = _spread(refund.cash, weights)
        goods = [None] * len(lines) if refund.goods is None else _spread(refund.goods, weights)
        refund.parts = list(zip(lines, cash, goods, strict=True))
    return refund


def _spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    return spread(amount, weights) if sum(weights) else [amount if n == 0 else ZERO for n in range(len(weights))]


# ---- Visits and days ----------------------------------------------------------------------------------


def _visits(told: Told) -> list[Visit]:
    """A report's day is taken whole from the fullest file."""
    best: dict[tuple[str, date], tuple[tuple[int, int], list[Visit]]] = {}
    for file in told.visits:
        for (report, day), rows in _days_of(file).items():
            size = (len(rows), sum(_came(visit) or 0 for visit in rows))
            if (report, day) not in best or size > best[report, day][0]:
                best[report, day] = (size, rows)
    return [visit for _, rows in best.values() for visit in rows]


def _days_of(file: Iterable[Visit]) -> dict[tuple[str, date], list[Visit]]:
    found = defaultdict(list)
    for visit in file:
        found[visit.report, visit.day].append(visit)
    return found


def _came(visit: Visit) -> int | None:
    visitors = visit.count("visitors")
    return visit.count("sessions") if visitors is None else visitors


def came(visit: Visit) -> int | None:
    """People, or visits where people are not counted."""
    return _came(visit)


def shop_visits(facts: Facts) -> dict[date, Visit]:
    """The store's visits by day: of its own report, else, where visits add up, of its products'."""
    found = {visit.day: visit for visit in facts.visits if visit.report == "shop"}
    sums: dict[date, list[Visit]] = defaultdict(list)
    for visit in facts.visits:
        if visit.report == "item" and visit.dialect == "amazon" and visit.day not in found:
            sums[visit.day].append(visit)
    for day, rows in sums.items():
        counts = {name: sum(visit.count(name) or 0 for visit in rows) for name in ("sessions", "page_views", "platform_orders")}
        paid = sum((visit.paid or ZERO for visit in rows), ZERO)
        found[day] = replace(rows[0], dialect="amazon.child_sum", product="", counts=dict(counts), paid=paid)
    return found


def _orders_on(orders: Iterable[Order]) -> dict[date, str]:
    """Days in a row without orders are missing where the weeks around them would make twelve in that time, else empty."""
    seen: dict[date, int] = defaultdict(int)
    for order in orders:
        seen[order.placed] += 1
    if not seen:
        return {}
    first, last = min(seen), max(seen)
    states, day = {}, first
    while day <= last:
        if day in seen:
            states[day] = "present"
            day += DAY
            continue
        end = day
        while end + DAY not in seen:
            end += DAY
        around = sum(n for on, n in seen.items() if day - 28 * DAY <= on <= end + 28 * DAY)
        days = min(28, (day - first).days) + min(28, (last - end).days)
        is_missing = around / days * ((end - day).days + 1) >= 12
        while day <= end:
            states[day] = "missing" if is_missing else "empty"
            day += DAY
    return states
