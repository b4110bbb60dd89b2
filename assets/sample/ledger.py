"""What every sum must be, by plain loops over the true orders and visits; never by reading a file.

A cell left empty is what the platform's exports cannot tell. Money is in the store's currency, days are the store's own.
"""

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal

from assets.sample import amazon, shopify, sycm
from assets.sample.books import SUBTOTAL, path_of, rollups
from assets.sample.catalogue import Edge, Listing, leaves
from assets.sample.cells import ZERO, table
from assets.sample.orders import Order
from assets.sample.world import StoreWorld, World

BASES = ("paid", "placed")
_DATES_REFUNDS = ("taobao", "douyin")
_KNOWS_BUYERS = ("taobao", "shopify")
_HAS_TAX = ("shopify", "amazon")


@dataclass
class StoreDay:
    """The sums of one store-day; None is what this platform's files cannot tell."""

    paid_orders: int = 0
    order_lines: int = 0
    units: int = 0
    gross_sales: Decimal = ZERO
    discounts: Decimal = ZERO
    platform_subsidy: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal | None = None
    paid_amount: Decimal = ZERO
    refunds_goods_order_day: Decimal | None = None
    refunds_cash_order_day: Decimal | None = None
    refunds_goods_refund_day: Decimal | None = None
    refunds_cash_refund_day: Decimal | None = None
    buyers: int | None = None
    visitors: int | None = None
    sessions: int | None = None
    page_views: int | None = None


@dataclass
class ProductDay:
    """The sums of one product-day, on the day of payment."""

    paid_orders: int = 0
    order_lines: int = 0
    units: int = 0
    gross_sales: Decimal = ZERO
    discounts: Decimal = ZERO
    item_visits: int | None = None


def tables(world: World) -> dict[str, str]:
    """Every table of the ledger as CSV text, by file name."""
    of_all = [(of, store_days(of), product_days(of)) for of in world.stores]
    store_rows = [
        [basis, of.store.name, str(day), of.store.currency, *_texts(sums)]
        for of, days, _ in of_all
        for (basis, day), sums in sorted(days.items())
    ]
    product_rows = [
        [of.store.name, product_id, str(day), *_texts(sums)]
        for of, _, products in of_all
        for (product_id, day), sums in sorted(products.items())
    ]
    channel_rows = [row for of in world.stores for row in _channel_rows(of)]
    return {
        "store_days.csv": table(("basis", "store", "day", "currency", *_names(StoreDay)), store_rows),
        "product_days.csv": table(("store", "product_id", "day", *_names(ProductDay)), product_rows),
        "channel_days.csv": table(
            ("store", "channel", "path", "is_subtotal", "day", "visitors", "paid_buyers", "paid_orders", "paid_amount"),
            channel_rows,
        ),
        "planted_edges.csv": table(
            ("store", "segment_type", "segment", "metric", "factor", "log_effect", "paid_orders", "order_lines", "visits"),
            [_edge_row(world, edge) for edge in world.edges],
        ),
    }


def _names(of: type[StoreDay | ProductDay]) -> list[str]:
    return [field.name for field in fields(of)]


def _texts(sums: StoreDay | ProductDay) -> list[str]:
    return ["" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value) for value in astuple(sums)]


# ---- Stores ---------------------------------------------------------------------------------------


def _no_sums(platform: str) -> StoreDay:
    refunds = None if platform == "amazon" else ZERO
    dated = ZERO if platform in _DATES_REFUNDS else None
    return StoreDay(
        tax=ZERO if platform in _HAS_TAX else None,
        refunds_goods_order_day=refunds,
        refunds_cash_order_day=refunds,
        refunds_goods_refund_day=dated,
        refunds_cash_refund_day=dated,
        buyers=0 if platform in _KNOWS_BUYERS else None,
    )


def goods_returned(order: Order) -> Decimal:
    """The goods part of an order's refunds; Shopify states one cumulative amount, taken as goods first."""
    if order.store.platform == "shopify":
        return min(order.refunded(), order.payable)
    return sum((refund.goods for refund, _ in order.succeeded()), ZERO)


def store_days(of: StoreWorld) -> dict[tuple[str, date], StoreDay]:
    """The sums of every (basis, day) of a store: of all its days, and of later ones on which a refund was done."""
    platform = of.store.platform
    found = {(basis, day): _no_sums(platform) for basis in BASES for day in of.days}
    buyers: dict[tuple[str, date], set[int]] = {}
    for basis in BASES:
        for order in of.counted:
            key = (basis, order.day(basis))
            _book(found.setdefault(key, _no_sums(platform)), order)
            buyers.setdefault(key, set()).add(order.person.number)
            if platform in _DATES_REFUNDS:
                for refund, at in order.succeeded():
                    done = found.setdefault((basis, of.store.local(at).date()), _no_sums(platform))
                    done.refunds_goods_refund_day = (done.refunds_goods_refund_day or ZERO) + refund.goods
                    done.refunds_cash_refund_day = (done.refunds_cash_refund_day or ZERO) + refund.cash
        for day in of.days:
            _count_visits(found[basis, day], of, day)
    if platform in _KNOWS_BUYERS:
        for key, people in buyers.items():
            found[key].buyers = len(people)
    return found


def _book(day: StoreDay, order: Order) -> None:
    day.paid_orders += 1
    day.order_lines += len(order.goods)
    day.units += sum(line.quantity for line in order.goods)
    day.gross_sales += order.gross
    day.discounts += order.discounts
    day.platform_subsidy += order.subsidy
    day.shipping += order.shipping
    day.paid_amount += order.paid_amount
    if day.tax is not None:
        day.tax += order.tax
    if day.refunds_goods_order_day is not None and day.refunds_cash_order_day is not None:
        day.refunds_goods_order_day += goods_returned(order)
        day.refunds_cash_order_day += order.refunded()


def _count_visits(sums: StoreDay, of: StoreWorld, day: date) -> None:
    platform = of.store.platform
    if platform == "taobao":
        sums.visitors = of.visitors(day)
        sums.page_views = sycm.pages(sum(of.visitors_of(listing, day) for listing in of.listings))
    elif platform == "shopify":
        sums.sessions = shopify.store_sessions(of, day)
        sums.visitors = shopify.store_visitors(sums.sessions)
    elif platform == "amazon":
        sums.sessions = amazon.store_sessions(of, day)
        sums.page_views = amazon.pages(sums.sessions)


# ---- Products -------------------------------------------------------------------------------------


def product_days(of: StoreWorld) -> dict[tuple[str, date], ProductDay]:
    """The sums of every (product, day) of a store, on the day of payment."""
    is_counted = of.store.platform != "douyin"
    found = {
        (listing.product_id, day): ProductDay(item_visits=_visits(of, listing, day) if is_counted else None)
        for listing in of.listings
        for day in of.days
    }
    for order in of.counted:
        day, met = order.day("paid"), set[str]()
        for line, discount in zip(order.goods, order.line_discounts, strict=True):
            if line.listing is None:
                continue
            sums = found.setdefault((line.listing.product_id, day), ProductDay())
            sums.paid_orders += line.listing.product_id not in met
            sums.order_lines += 1
            sums.units += line.quantity
            sums.gross_sales += line.gross
            sums.discounts += discount
            met.add(line.listing.product_id)
    return found


def _visits(of: StoreWorld, listing: Listing, day: date) -> int:
    count = {"shopify": shopify.landings, "amazon": amazon.sessions}.get(of.store.platform)
    return count(of, listing, day) if count else of.visitors_of(listing, day)


# ---- Channels -------------------------------------------------------------------------------------


def _channel_rows(of: StoreWorld) -> Iterable[list[str]]:
    """One row per channel, widest roll-up and day; money as the platform states it, with postage and what the platform gave."""
    if of.store.platform != "taobao":
        return
    names = {leaf.path: leaf.channel for leaf in leaves(of.store)}
    for day in of.days:
        for path, visitors in sycm.rolled_visitors(of.by_channel(day)).items():
            if path not in names and path[1] != SUBTOTAL:
                continue
            orders = [o for o in of.paid.get(day, []) if path in rollups(path_of(o.leaf))]
            amount = sum((order.payable + order.shipping for order in orders), ZERO)
            buyers = len({order.person.number for order in orders})
            is_leaf = path in names
            cells = [of.store.name, names.get(path, ""), ">".join(path), str(int(not is_leaf)), str(day)]
            yield [*cells, str(visitors), str(buyers), str(len(orders)), f"{amount:.2f}"]


# ---- Edges ----------------------------------------------------------------------------------------


def _edge_row(world: World, edge: Edge) -> list[str]:
    """An edge, and what of its cell happened: orders and lines with it, and visits where the platform counts them."""
    of = next(each for each in world.stores if each.store.name == edge.store)
    if edge.segment_type == "category":
        lines = [
            line for order in of.counted for line in order.goods if line.listing and line.listing.item.category == edge.segment
        ]
        orders = _orders_with(of, edge.segment)
        visits = sum(of.visitors_of(li, day) for li in of.listings if li.item.category == edge.segment for day in of.days)
        count = len(lines)
    else:
        mine = [order for order in of.counted if order.leaf.channel == edge.segment]
        orders, count = len(mine), sum(len(order.goods) for order in mine)
        visits = sum(number for day in of.days for leaf, number in of.by_channel(day).items() if leaf.channel == edge.segment)
    known = "" if of.store.platform == "douyin" else str(visits)
    cells = [edge.store, edge.segment_type, edge.segment, edge.metric, f"{edge.factor:.4f}", f"{math.log(edge.factor):.4f}"]
    return [*cells, str(orders), str(count), known]


def _orders_with(of: StoreWorld, category: str) -> int:
    return sum(any(li.listing and li.listing.item.category == category for li in order.goods) for order in of.counted)
