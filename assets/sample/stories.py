"""From wishes to orders: baskets, buyers who come back, discounts and subsidies, what is paid, shipped, closed and refunded."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from assets.sample.catalogue import Edge, Leaf, Store, leaves
from assets.sample.cells import ZERO, cents
from assets.sample.orders import Line, Order, Person, Refund, tax_on, tax_within
from assets.sample.traffic import Wish, basket_factor, refund_factor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_HOURS = (3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 8, 7, 7, 7, 7, 7, 8, 9, 11, 12, 10, 6)
_QUANTITIES = {1.0: (80, 15, 5), 1.4: (45, 35, 20)}  # weights of 1, 2 and 3 pieces: 1.25 of them a line, and 1.4 times as many
_UNPAID = {"taobao": 0.07, "douyin": 0.08, "pdd": 0.06, "shopify": 0.03, "amazon": 0.04}
_TOGETHER = {"taobao": 0.15, "douyin": 0.08, "shopify": 0.2, "amazon": 0.1, "pdd": 0.0}
_RETURNING = 0.22
_REFUNDS: dict[str, dict[str, float]] = {  # percent of paid orders by what is asked back
    "taobao": {"": 90.5, "whole": 5, "part": 2, "freight": 1, "refused": 1.5},
    "shopify": {"": 92, "whole": 5, "part": 3},
    "douyin": {"": 90, "whole": 6, "part": 2, "refused": 2},
    "pdd": {"": 93.5, "whole": 6.5},
    "amazon": {"": 100},
}
_REASONS = ("七天无理由退换货", "质量问题", "多拍/错拍/不想要", "与描述不符")
_US_TAX, _UK_TAX, _AMAZON_TAX = Decimal("0.08875"), Decimal("0.20"), Decimal("0.0825")
_GIFT_CARD = Line(None, None, "Gift Card - 50.00", Decimal("50.00"), 1)
_FREE_FROM = Decimal(60)


@dataclass
class Teller:
    """Makes up the orders of one store."""

    rng: random.Random
    store: Store
    serial: int
    edges: Sequence[Edge]
    horizon: datetime
    people: list[Person] = field(default_factory=list)

    def orders(self, wishes: Iterable[Wish]) -> tuple[Order, ...]:
        """All orders, numbered in the order they were placed."""
        drafts = [self._draft(basket, leaf, day) for basket, leaf, day in self._baskets(wishes)]
        unpaid = [self._unpaid(draft) for draft in drafts if self.rng.random() < _UNPAID[self.store.platform]]
        odd = self._oddities(drafts) if self.store.platform == "shopify" else []
        placed = sorted((*drafts, *unpaid, *odd), key=lambda order: order.placed_at)
        numbered = [replace(order, number=self._number(order, n)) for n, order in enumerate(placed, 1)]
        return tuple(as_of(self._refunded(order), self.horizon) for order in numbered)

    def _baskets(self, wishes: Iterable[Wish]) -> Iterator[tuple[list[Wish], Leaf, date]]:
        """Wishes of one day and channel, some of them bought together."""
        channels, open_ones = leaves(self.store), dict[tuple[date, int], list[Wish]]()
        for wish in wishes:
            key = (wish.day, wish.leaf)
            basket = open_ones.get(key)
            fits = basket is not None and all(other.listing != wish.listing for other in basket)
            if basket is not None and fits and self.rng.random() < _TOGETHER[self.store.platform]:
                basket.append(wish)
                continue
            if basket is not None:
                yield basket, channels[wish.leaf], wish.day
            open_ones[key] = [wish]
        for (day, leaf), basket in open_ones.items():
            yield basket, channels[leaf], day

    def _moment(self, day: date) -> datetime:
        hour = self.rng.choices(range(24), _HOURS)[0]
        zone, minute, second, fold = ZoneInfo(self.store.timezone), *(self.rng.randrange(n) for n in (60, 60, 2))
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone, fold=fold).astimezone(UTC)

    def _person(self) -> Person:
        if self.people and self.rng.random() < _RETURNING:
            return self.rng.choice(self.people)
        person = Person(self.serial * 10_000 + len(self.people) + 1)
        self.people.append(person)
        return person

    def _draft(self, basket: Sequence[Wish], leaf: Leaf, day: date) -> Order:
        rng, placed = self.rng, self._moment(day)
        wait = timedelta(seconds=rng.randint(5, 900)) if rng.random() < 0.86 else rng.randint(1, 30) * HOUR  # noqa: PLR2004
        paid = placed + wait
        shipped = paid + rng.randint(3, 40) * HOUR
        order = Order(
            store=self.store,
            number="",
            person=self._person(),
            leaf=leaf,
            placed_at=placed,
            paid_at=paid,
            shipped_at=shipped,
            completed_at=shipped + rng.randint(72, 210) * HOUR,
            closed_at=None,
            lines=tuple(line for wish in basket for line in self._lines(wish)),
        )
        return self._priced(order)

    def _lines(self, wish: Wish) -> list[Line]:
        rng, sku = self.rng, self.rng.choice(wish.listing.skus)
        factor = basket_factor(self.edges, self.store, wish.listing.item.category)
        quantity = rng.choices((1, 2, 3), _QUANTITIES[factor])[0]
        is_english = self.store.platform in ("shopify", "amazon")
        title = wish.listing.english if is_english else wish.listing.chinese
        whole = self._discounted(Line(wish.listing, sku, title, sku.price, quantity))
        if self.store.platform == "amazon" and quantity > 1 and rng.random() < 0.1:  # noqa: PLR2004  sent in two parcels
            parts = [replace(whole, quantity=n, discount=ZERO, tax=ZERO) for n in (1, quantity - 1)]
            return [replace(part, tax=tax_on(part.payable, _AMAZON_TAX)) for part in parts]
        return [whole]

    def _part(self, amount: Decimal, least: int, most: int) -> Decimal:
        return cents(amount * self.rng.randint(least, most) / 100)

    def _discounted(self, line: Line) -> Line:
        """What the seller and others give on a line, after the platform's customs."""
        rng, platform = self.rng, self.store.platform
        luck = [rng.random() for _ in range(4)]
        seller = {"taobao": 0.45, "shopify": 0.2, "amazon": 0.2, "douyin": 0.5, "pdd": 0.4}[platform]
        if luck[0] < seller:
            line = replace(line, discount=self._part(line.gross, 4, 18))
        if platform in ("douyin", "pdd"):
            line = replace(line, by_platform=self._part(line.payable, 2, 10) if luck[1] < 0.35 else ZERO)  # noqa: PLR2004
            line = replace(line, by_payment=self._part(line.payable, 1, 3) if luck[2] < 0.2 else ZERO)  # noqa: PLR2004
        if platform == "douyin" and luck[3] < 0.1:  # noqa: PLR2004
            line = replace(line, by_talent=self._part(line.payable, 1, 4))
        if platform == "taobao" and luck[1] < 0.12:  # noqa: PLR2004  points
            line = replace(line, by_platform=cents(Decimal(rng.randint(10, 300)) / 100))
        return replace(line, tax=tax_on(line.payable, _AMAZON_TAX)) if platform == "amazon" else line

    def _priced(self, order: Order) -> Order:
        """Order discount, shipping and tax."""
        rng, platform = self.rng, self.store.platform
        if platform == "shopify":
            share = self._part(order.payable, 5, 15) if rng.random() < 0.3 else ZERO  # noqa: PLR2004
            order = replace(
                order, order_discount=share, shipping=ZERO if order.payable - share >= _FREE_FROM else Decimal("4.95")
            )
            if self.store.currency == "USD":
                return replace(order, tax=tax_on(order.payable, _US_TAX), is_tax_on_top=True)
            return replace(order, tax=tax_within(order.payable + order.shipping, _UK_TAX))
        if platform == "amazon":
            luck, price = rng.random(), Decimal("5.99")
            shipping, waived = (price, ZERO) if luck < 0.12 else (ZERO, price) if luck < 0.25 else (ZERO, ZERO)  # noqa: PLR2004
            tax = sum((line.tax for line in order.lines), ZERO)
            return replace(order, shipping=shipping, shipping_waived=waived, tax=tax, is_tax_on_top=True)
        return replace(order, shipping=Decimal("8.00") if rng.random() < 0.12 else ZERO)  # noqa: PLR2004

    def _unpaid(self, like: Order) -> Order:
        """An order of the same goods that was never paid."""
        placed = self._moment(self.store.local(like.placed_at).date())
        closed = placed + self.rng.randint(1, 24) * HOUR if self.rng.random() < 0.8 else None  # noqa: PLR2004
        return replace(
            like, person=self._person(), placed_at=placed, paid_at=None, shipped_at=None, completed_at=None, closed_at=closed
        )

    def _oddities(self, drafts: Sequence[Order]) -> list[Order]:
        """Orders that count for nothing or only in part: gift cards, test orders, and one whose tag only looks like a test's."""
        found = []
        for n, like in enumerate(self.rng.sample(drafts, min(len(drafts), 5 + len(drafts) // 100))):
            mark = ("gateway", "tag", "gift", "mixed", "decoy")[n % 5]
            placed = self._moment(self.store.local(like.placed_at).date())
            order = replace(like, placed_at=placed, paid_at=placed + HOUR / 6, mark=mark, person=self._person())
            order = replace(order, shipped_at=placed + DAY, completed_at=placed + 5 * DAY)
            if mark == "gift":
                order = replace(order, lines=(_GIFT_CARD,), order_discount=ZERO, shipping=ZERO, tax=ZERO)
            if mark == "mixed":
                order = self._priced(replace(order, order_discount=ZERO))
                order = replace(order, order_discount=ZERO)
                tax = (
                    tax_on(order.payable, _US_TAX) if order.is_tax_on_top else tax_within(order.payable + order.shipping, _UK_TAX)
                )
                order = replace(order, lines=(*order.lines, _GIFT_CARD), tax=tax)
            found.append(order)
        return found

    def _number(self, order: Order, n: int) -> str:
        local = self.store.local(order.placed_at)
        return {
            "taobao": str(2_860_000_000_000_000_017 + self.serial * 10**13 + 1000 * n),
            "shopify": f"#{1000 + n}",
            "amazon": f"11{self.serial % 10}-{n:07d}-{5_000_000 + 7 * n:07d}",
            "douyin": str(6_950_000_000_000_000_017 + self.serial * 10**13 + 1000 * n),
            "pdd": f"{local:%y%m%d}-{self.serial:03d}{n:012d}",
        }[self.store.platform]

    def _refunded(self, order: Order) -> Order:
        """Let some buyers ask their money back, days later."""
        if not order.is_counted or order.paid_at is None:
            return order
        rng, shares, first = self.rng, _REFUNDS[self.store.platform], order.goods[0]
        factor = refund_factor(self.edges, self.store, first.listing.item.category) if first.listing else 1.0
        if factor != 1.0:  # what is asked back more often, the rest less
            shares = {kind: share * factor for kind, share in shares.items() if kind}
            shares[""] = 100 - sum(shares.values())
        kind = rng.choices(list(shares), list(shares.values()))[0]
        applied = order.paid_at + rng.randint(120, 60 * 24 * 9) * timedelta(minutes=1)
        done = applied + rng.randint(1, 96) * HOUR
        if kind == "whole" and self.store.platform == "taobao" and order.subsidy:
            kind = "part"
        if kind == "freight" and not order.shipping:
            kind = "part"
        if not kind:
            return order
        if kind == "whole":
            shipped = order.shipped_at if order.shipped_at is not None and order.shipped_at < applied else None
            order = replace(order, shipped_at=shipped, completed_at=None)
        line = rng.randrange(len(order.goods)) if factor == 1.0 else 0
        cash, goods = self._given_back(order, kind, line)
        number = f"5{order.number[1:-3]}911" if self.store.platform == "taobao" else f"14{order.number[2:-3]}733"
        return replace(order, refunds=(Refund(number, kind, line, cash, goods, applied, done, rng.choice(_REASONS)),))

    def _given_back(self, order: Order, kind: str, place: int) -> tuple[Decimal, Decimal]:
        """Cash, and the goods part of it, by the platform's rules."""
        line, platform = order.goods[place], self.store.platform
        if kind == "freight":
            return order.shipping, ZERO
        if kind in ("part", "refused"):
            amount = self._part(line.payable - line.subsidy, 5, 40)
            return amount, amount
        if platform == "douyin":
            freight = order.shipping if place == 0 and order.shipped_at is None else ZERO
            return line.payable - line.subsidy + freight, line.payable
        if platform == "taobao":
            return order.payable + (order.shipping if order.shipped_at is None else ZERO), order.payable
        return order.paid_amount, order.payable


def as_of(order: Order, horizon: datetime) -> Order:
    """An order without what happened from a moment on."""

    def known(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment < horizon else None

    refunds = tuple(replace(r, done_at=known(r.done_at)) for r in order.refunds if r.applied_at < horizon)
    return replace(
        order,
        paid_at=known(order.paid_at),
        shipped_at=known(order.shipped_at),
        completed_at=known(order.completed_at),
        closed_at=known(order.closed_at),
        refunds=refunds if known(order.paid_at) else (),
    )
