"""Sums of a Taobao store's orders by day and by item, channel or all of it, as its reports state them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assets.sample.catalogue import Leaf
from assets.sample.cells import ZERO
from assets.sample.orders import Line, Order
from assets.sample.taobao import line_refunds
from assets.sample.world import StoreWorld

SUBTOTAL = "汇总"
Path = tuple[str, str, str, str]


def path_of(leaf: Leaf) -> Path:
    """A channel's path of four levels."""
    one, two, three, four = leaf.path
    return one, two, three, four


def rollups(path: Path) -> list[Path]:
    """A leaf's path and every roll-up it is in, the widest first."""
    one, two, three, four = path
    found = [(SUBTOTAL,) * 4, (one, *(SUBTOTAL,) * 3), (one, two, SUBTOTAL, SUBTOTAL), (one, two, three, SUBTOTAL)]
    if three == four:
        found.pop()
    return [*((a, b, c, d) for a, b, c, d in found), (one, two, three, four)]


@dataclass
class Sold:
    """What was placed and paid of something on a day; money includes what the platform gave, as its reports do."""

    buyers: set[int]
    placed_by: set[int]
    known: set[int]
    orders: int = 0
    lines: int = 0
    units: int = 0
    amount: Decimal = ZERO
    placed_units: int = 0
    placed_amount: Decimal = ZERO
    refunded: Decimal = ZERO
    returning_amount: Decimal = ZERO

    def place(self, buyer: int, amount: Decimal, units: int) -> None:
        """Book what was ordered."""
        self.placed_by.add(buyer)
        self.placed_units += units
        self.placed_amount += amount

    def pay(self, buyer: int, amount: Decimal, units: int, lines: int, *, is_known: bool) -> None:
        """Book what was paid, and by whom: known are those who paid on an earlier day."""
        self.buyers.add(buyer)
        self.orders += 1
        self.lines += lines
        self.units += units
        self.amount += amount
        if is_known:
            self.known.add(buyer)
            self.returning_amount += amount


def nothing() -> Sold:
    """A day on which nothing happened."""
    return Sold(set(), set(), set())


class Books:
    """One store's days: of its items without postage, of its channels and of the shop with it."""

    def __init__(self, of: StoreWorld) -> None:
        self.items: dict[tuple[date, str], Sold] = {}
        self.channels: dict[tuple[date, Path], Sold] = {}
        self.item_channels: dict[tuple[date, str, Path], Sold] = {}
        self.shop: dict[date, Sold] = {}
        first_paid: dict[int, date] = {}
        for order in of.orders:
            paid = of.store.local(order.paid_at).date() if order.paid_at else None
            is_known = paid is not None and first_paid.setdefault(order.person.number, paid) < paid
            self._book_order(order, paid, is_known=is_known)
            for line, cash in zip(order.lines, line_refunds(order), strict=True):
                self._book_line(order, line, paid, cash, is_known=is_known)

    def _wide(self, day: date, path: Path) -> list[Sold]:
        of_channels = [self.channels.setdefault((day, up), nothing()) for up in rollups(path)]
        return [self.shop.setdefault(day, nothing()), *of_channels]

    def _book_order(self, order: Order, paid: date | None, *, is_known: bool) -> None:
        amount, units = order.payable + order.shipping, sum(line.quantity for line in order.lines)
        for sold in self._wide(order.store.local(order.placed_at).date(), path_of(order.leaf)):
            sold.place(order.person.number, amount, units)
        for sold in self._wide(paid, path_of(order.leaf)) if paid else ():
            sold.pay(order.person.number, amount, units, len(order.lines), is_known=is_known)
        for refund, at in order.succeeded():
            self.shop.setdefault(order.store.local(at).date(), nothing()).refunded += refund.cash

    def _book_line(self, order: Order, line: Line, paid: date | None, refunded: Decimal, *, is_known: bool) -> None:
        key, buyer = line.listing.product_id if line.listing else "", order.person.number
        placed = order.store.local(order.placed_at).date()
        self.items.setdefault((placed, key), nothing()).place(buyer, line.payable, line.quantity)
        if paid:
            of_item = [self.items.setdefault((paid, key), nothing())]
            of_item += [self.item_channels.setdefault((paid, key, up), nothing()) for up in rollups(path_of(order.leaf))]
            for sold in of_item:
                sold.pay(buyer, line.payable, line.quantity, 1, is_known=is_known)
        for _, at in order.succeeded()[:1]:
            self.items.setdefault((order.store.local(at).date(), key), nothing()).refunded += refunded
