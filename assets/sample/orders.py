"""What an order is, and what its money comes to: stated as plainly as can be, apart from any file's shape."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from assets.sample.catalogue import Leaf, Listing, Sku, Store
from assets.sample.cells import ZERO, spread


@dataclass(frozen=True)
class Person:
    """A made-up buyer of one store; nothing of it belongs to anybody."""

    number: int

    @property
    def member(self) -> str:
        """What a Chinese platform calls them."""
        return f"样品买家{self.number:05d}"

    @property
    def chinese(self) -> str:
        """A name that is none."""
        return f"收货人样{self.number:05d}"

    @property
    def mobile(self) -> str:
        """A Chinese mobile number, as made up as the rest."""
        return f"1380000{self.number % 10_000:04d}"

    @property
    def street(self) -> str:
        """A street in no town."""
        return f"示例路{self.number}号"

    @property
    def email(self) -> str:
        """An address at the domain kept for examples."""
        return f"buyer{self.number:05d}@example.com"

    @property
    def english(self) -> str:
        """A name that is none."""
        return f"Sample Buyer{self.number:05d}"

    @property
    def phone(self) -> str:
        """A number from the range kept for fiction."""
        return f"+1555{self.number:07d}"


@dataclass(frozen=True)
class Line:
    """One line. Money in the store's currency: `discount` the seller's own on it, the rest what others gave."""

    listing: Listing | None
    sku: Sku | None
    title: str
    price: Decimal
    quantity: int
    discount: Decimal = ZERO
    by_platform: Decimal = ZERO
    by_talent: Decimal = ZERO
    by_payment: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Unit price times quantity."""
        return self.price * self.quantity

    @property
    def payable(self) -> Decimal:
        """After the line's own discount."""
        return self.gross - self.discount

    @property
    def subsidy(self) -> Decimal:
        """What the platform, a talent or a payment service gave."""
        return self.by_platform + self.by_talent + self.by_payment

    @property
    def code(self) -> str:
        """The merchant SKU; a gift card has none."""
        return self.sku.code if self.sku else ""


@dataclass(frozen=True)
class Refund:
    """One refund, in progress until `done_at`; `line` is the place of the line it is for, where the platform says so.

    `cash` is all that went back, `goods` the goods part on the merchant's basis.
    """

    number: str
    kind: str
    line: int
    cash: Decimal
    goods: Decimal
    applied_at: datetime
    done_at: datetime | None
    reason: str

    @property
    def is_refused(self) -> bool:
        """Whether it ends without money."""
        return self.kind == "refused"


@dataclass(frozen=True)
class Order:
    """One order as it finally stands."""

    store: Store
    number: str
    person: Person
    leaf: Leaf
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    lines: tuple[Line, ...]
    order_discount: Decimal = ZERO
    shipping: Decimal = ZERO
    shipping_waived: Decimal = ZERO
    tax: Decimal = ZERO
    is_tax_on_top: bool = False
    mark: str = ""
    refunds: tuple[Refund, ...] = ()

    @property
    def goods(self) -> tuple[Line, ...]:
        """The lines that count: all but gift cards."""
        return tuple(line for line in self.lines if line.sku is not None)

    @property
    def is_counted(self) -> bool:
        """Paid, no test, and not only gift cards."""
        return self.paid_at is not None and self.mark not in ("gateway", "tag") and len(self.goods) > 0

    @property
    def gross(self) -> Decimal:
        """Goods before any discount."""
        return sum((line.gross for line in self.goods), ZERO)

    @property
    def discounts(self) -> Decimal:
        """What the seller gave, on lines and on the order."""
        return sum((line.discount for line in self.goods), ZERO) + self.order_discount

    @property
    def subsidy(self) -> Decimal:
        """What others gave."""
        return sum((line.subsidy for line in self.goods), ZERO)

    @property
    def payable(self) -> Decimal:
        """Goods after the seller's discounts."""
        return self.gross - self.discounts

    @property
    def paid_amount(self) -> Decimal:
        """The cash the buyer paid for what counts; a gift card's price is not in it."""
        return self.payable - self.subsidy + self.shipping + (self.tax if self.is_tax_on_top else ZERO)

    @property
    def line_discounts(self) -> list[Decimal]:
        """Of every line that counts, its own discount and its part of the order's."""
        parts = spread(self.order_discount, [line.payable for line in self.goods])
        return [line.discount + part for line, part in zip(self.goods, parts, strict=True)]

    def day(self, basis: str) -> date:
        """The store-local day the order belongs to; Amazon's reports know only the day of purchase.

        Raises:
            ValueError: it was never paid.
        """
        if self.paid_at is None:
            raise ValueError(f"order {self.number} was never paid")
        is_by_placing = basis == "placed" or self.store.platform == "amazon"
        return self.store.local(self.placed_at if is_by_placing else self.paid_at).date()

    def succeeded(self, by: datetime | None = None) -> list[tuple[Refund, datetime]]:
        """The refunds that succeeded by a moment (or ever), each with when."""
        done = [(r, r.done_at) for r in self.refunds if r.done_at is not None and not r.is_refused]
        return [(refund, at) for refund, at in done if by is None or at <= by]

    def refunded(self, by: datetime | None = None) -> Decimal:
        """All cash returned by a moment (or ever)."""
        return sum((refund.cash for refund, _ in self.succeeded(by)), ZERO)

    def has_come(self, moment: datetime | None, by: datetime) -> bool:
        """Whether a step of it had been taken by a moment."""
        return moment is not None and moment <= by


def tax_on(amount: Decimal, rate: Decimal) -> Decimal:
    """Tax on top of an amount, to the cent."""
    return (amount * rate).quantize(ZERO, ROUND_HALF_UP)


def tax_within(amount: Decimal, rate: Decimal) -> Decimal:
    """The tax an amount includes, to the cent."""
    return (amount * rate / (1 + rate)).quantize(ZERO, ROUND_HALF_UP)
