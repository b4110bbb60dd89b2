"""What happens in the stores of small worlds: what is sold, paid, shipped and returned, and when. Not how it is exported."""

import csv
import io
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from worlds import ExportFile

ZERO = Decimal("0.00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = Mapping[str, str]
SPANS = (  # first days of history: over ends of months and years, and over changes of the clock
    date(2023, 12, 20), date(2024, 2, 20), date(2024, 3, 4), date(2024, 3, 25), date(2024, 10, 20), date(2024, 6, 1),
)  # fmt: skip
CLOCKS = {
    "taobao": ("Asia/Shanghai",),
    "douyin": ("Asia/Shanghai",),
    "pinduoduo": ("Asia/Shanghai",),
    "shopify": ("America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata"),
    "amazon": ("America/Los_Angeles", "Europe/Berlin"),
}
MONEY = {"shopify": ("USD", "GBP", "EUR", "CNY"), "amazon": ("USD", "EUR")}
CATEGORIES = ("杯子", "Lamps", "家居")


@dataclass(frozen=True)
class Shop:
    """A store: what stores.csv says of it, and how it exports."""

    name: str
    platform: str
    timezone: str
    currency: str
    group: str
    vintage: int
    tax: str = ""  # blank, "included", "on top"

    def local(self, moment: datetime) -> datetime:
        """A moment on the store's clock."""
        return moment.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True)
class Item:
    """A line of an order. Discounts and subsidies are of the line."""

    sku: str
    product: str
    title: str
    price: Decimal
    quantity: int
    discount: Decimal = ZERO
    subsidy: Decimal = ZERO
    is_gift_card: bool = False

    @property
    def gross(self) -> Decimal:
        """Price times quantity."""
        return self.price * self.quantity

    @property
    def owed(self) -> Decimal:
        """What the buyer owes for the line."""
        return self.gross - self.discount - self.subsidy


@dataclass(frozen=True)
class Return:
    """A refund, wished for at a moment and decided at another, or not yet."""

    applied: datetime
    done: datetime | None
    cash: Decimal
    is_whole: bool = False
    is_shipping: bool = False
    is_refused: bool = False
    line: int = 0

    def counts(self, by: datetime) -> bool:
        """Whether it has succeeded by a moment."""
        return self.done is not None and self.done <= by and not self.is_refused


@dataclass(frozen=True)
class Sale:
    """An order and all that happens to it."""

    number: str
    buyer: str
    placed: datetime
    paid: datetime | None
    shipped: datetime
    completed: datetime
    closed: datetime | None
    items: tuple[Item, ...]
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    tax_on_top: bool = False
    is_test: bool = False
    returns: tuple[Return, ...] = field(default=())

    @property
    def owed(self) -> Decimal:
        """Goods and cards after all discounts, without shipping."""
        return sum((item.owed for item in self.items), ZERO) - self.discount

    @property
    def total(self) -> Decimal:
        """What the buyer pays in all."""
        return self.owed + self.shipping + (self.tax if self.tax_on_top else ZERO)

    def refunded(self, by: datetime) -> Decimal:
        """Cash returned by a moment."""
        return sum((back.cash for back in self.returns if back.counts(by)), ZERO)


# ---- What happens -------------------------------------------------------------------------------------


def cents(count: int) -> Decimal:
    """So many cents."""
    return Decimal(count).scaleb(-2)


def part_of(rng: random.Random, amount: Decimal, percent: int) -> Decimal:
    """Some cents of an amount, at most so many percent."""
    return cents(rng.randint(1, max(1, int(amount * percent))))


def windows(rng: random.Random, start: datetime, days: int) -> list[tuple[datetime, datetime]]:
    """What each export covers: from a moment to the moment it was made; the last covers all and is made long after."""
    end = start + days * DAY
    last = (start - DAY, end + 40 * DAY)
    cuts = sorted(start + rng.randint(1, max(1, days - 1)) * DAY + rng.randint(0, 86_000) * timedelta(seconds=1) for _ in "12")
    return [(start - DAY, cuts[0]), (start + rng.randint(0, days // 2) * DAY, cuts[1]), last][3 - rng.choice((1, 2, 3)) :]


def catalogue(rng: random.Random, shop: Shop) -> list[Item]:
    """What a store sells; some merchant SKUs are sold by other stores too."""
    made = []
    for n in range(rng.randint(2, 5)):
        sku = rng.choice((f"{shop.name}-{n}", f"SHARED-{n}"))
        price = cents(rng.choice((0, 990, 1000, 1999, 4999, 5000, 12345, 20000, 66666)) if n else rng.randint(500, 9000))
        made.append(Item(sku, f"7{shop.name[1:4]}{ord(shop.name[4])}{n:04d}", f"宝贝{n}", price, 1))
    return made


def sales(rng: random.Random, shop: Shop, number: Callable[[int, datetime], str], start: datetime, days: int) -> list[Sale]:
    """A store's history."""
    on_sale, made = catalogue(rng, shop), []
    many, crowd = rng.choice((3, 8, 15, 25, 70)), rng.choice((6, 16, 30))
    for n in range(many):
        placed = start + timedelta(seconds=rng.randrange(days * 86_400))
        if many == 70 and 15 < (placed - start).days < 29:  # so many orders, and none for two weeks: an export is missing
            placed -= 14 * DAY
        if rng.random() < 0.2:  # close to a local midnight
            local = shop.local(placed).replace(hour=23, minute=58, second=30)
            placed = local.astimezone(UTC)
        wait = rng.choice((timedelta(seconds=rng.randint(1, 900)), rng.randint(1, 60) * HOUR))
        paid = None if rng.random() < 0.12 else placed + wait
        after = paid or placed
        shipped = after + rng.randint(1, 30) * HOUR
        closed = placed + DAY if paid is None and rng.random() < 0.6 else None
        chosen = rng.sample(on_sale, min(len(on_sale), rng.choice((1, 1, 2, 3))))
        items = tuple(_line(rng, shop, item) for item in chosen)
        sale = Sale(
            number(n, placed), rng.choice(("", *(f"person{k}" for k in range(crowd)), f"once{n}")), placed, paid, shipped,
            shipped + rng.randint(30, 120) * HOUR, closed, items,
            shipping=cents(rng.choice((0, 0, 600, 1250))), tax_on_top=shop.tax == "on top",
        )  # fmt: skip
        made.append(sale)
    return made


def _line(rng: random.Random, shop: Shop, item: Item) -> Item:
    quantity = rng.choices((1, 2, 3), (75, 20, 5))[0]
    gross = item.price * quantity
    discount = part_of(rng, gross, 30) if gross and rng.random() < 0.4 else ZERO
    subsidy = part_of(rng, gross - discount, 20) if shop.platform == "douyin" and gross and rng.random() < 0.3 else ZERO
    return Item(item.sku, item.product, item.title, item.price, quantity, discount, subsidy)


def changed(sale: Sale, **parts: object) -> Sale:
    """The sale with some parts exchanged."""
    return Sale(**{**{name: getattr(sale, name) for name in Sale.__dataclass_fields__}, **parts})  # type: ignore[arg-type]


def exported(
    shop: Shop, name: str, header: Sequence[str], rows: Iterable[Row], encoding: str = "utf-8", sep: str = ","
) -> ExportFile:
    """A file; what the header lacks is left out."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sep, quoting=csv.QUOTE_NONE if sep == "\t" else csv.QUOTE_MINIMAL)
    writer.writerows([header, *([row.get(column.strip(), "") for column in header] for row in rows)])
    return ExportFile(shop.name, name, text.getvalue().encode(encoding))


def history(rng: random.Random, shop: Shop) -> tuple[datetime, int]:
    """When a store's history starts, and how many days it has."""
    start = datetime.combine(rng.choice(SPANS), datetime.min.time(), ZoneInfo(shop.timezone)).astimezone(UTC)
    return start, rng.choice((6, 20, 45, 75))


def days_of(rng: random.Random, start: datetime, days: int, shop: Shop) -> list[date]:
    """The days a traffic report has: some are missing."""
    first = shop.local(start).date()
    gaps = rng.random() < 0.5
    return [first + n * DAY for n in range(days + 3) if not gaps or rng.random() > 0.1]


def clock(shop: Shop, moment: datetime | None, by: datetime) -> str:
    """A moment that has come, as the store's clock shows it."""
    return f"{shop.local(moment):%Y-%m-%d %H:%M:%S}" if moment is not None and moment <= by else ""
