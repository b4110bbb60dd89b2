"""The owner's small tables of the sample, and the page that says what it is."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from assets.sample.catalogue import ITEMS, Edge
from assets.sample.cells import ZERO, cents, table
from assets.sample.traffic import PROMOTIONS
from assets.sample.world import World

_RATES = {"USD": ("7.1000", "7.1200", "7.0900"), "GBP": ("9.2000", "9.2500", "9.1800")}
_METRIC_WORDS = {"conversion": "conversion", "basket": "gross sales per order line", "refund_rate": "share of lines refunded"}


def tables(world: World) -> dict[str, str]:
    """Every reference table as CSV text, by file name."""
    stores = [
        [of.store.name, of.store.platform, of.store.timezone, of.store.currency, of.store.title, of.store.group]
        for of in world.stores
    ]
    codes = [(item, variant) for item in ITEMS for variant in item.variants]
    return {
        "stores.csv": table(("store", "platform", "timezone", "currency", "name", "group"), stores),
        "fx_rates.csv": table(("date", "currency", "rate"), _rates(world)),
        "catalogue.csv": table(
            ("merchant_sku", "item", "category"),
            [[f"{item.code}-{variant[0]}", item.english, item.category] for item, variant in codes],
        ),
        "costs.csv": table(("store", "merchant_sku", "valid_from", "unit_cost", "currency"), _costs(world)),
        "promotions.csv": table(("name", "store", "starts", "ends"), _promotions(world)),
        "targets.csv": table(("store", "grain", "period_start", "metric", "target"), _targets(world)),
    }


def _rates(world: World) -> list[list[str]]:
    """Made-up rates in CNY, one a week, each a little off the one before."""
    first = world.days[0] - timedelta(days=world.days[0].weekday())
    weeks = [first + timedelta(weeks=n) for n in range(len(world.days) // 7 + 3)]
    return [[str(day), currency, rates[n % 3]] for n, day in enumerate(weeks) for currency, rates in _RATES.items()]


def _costs(world: World) -> list[list[str]]:
    """What a piece costs everywhere, in CNY, and from a later day a little more."""
    later = world.days[len(world.days) // 2]
    rows = []
    for day, share in ((world.days[0] - timedelta(days=30), Decimal("0.42")), (later, Decimal("0.44"))):
        for item in ITEMS:
            rows += [
                ["", f"{item.code}-{code}", str(day), f"{cents(item.price * share):.2f}", "CNY"] for code, _, _ in item.variants
            ]
    return rows


def _promotions(world: World) -> list[list[str]]:
    """A row per promotion and store of its group."""
    return [
        [name, of.store.name, str(first), str(last)]
        for name, group, first, last in PROMOTIONS
        for of in world.stores
        if of.store.group == group and first <= world.days[-1] and last >= world.days[0]
    ]


def _targets(world: World) -> list[list[str]]:
    """Targets of every month that began while the sample runs: what came on an average day, a little more or less of it."""
    months = sorted({day.replace(day=1) for day in world.days if day.replace(day=1) >= world.days[0]})
    rows = []
    for n, of in enumerate(world.stores):
        share = Decimal(94 + 4 * (n % 4)) / 100 / len(world.days)
        sales = share * sum((order.gross - order.discounts for order in of.counted), ZERO)
        for month in months:
            length = monthrange(month.year, month.month)[1]
            rows.append([of.store.name, "month", str(month), "net_sales_order_day", f"{round(sales * length, -2):.0f}"])
            rows.append([of.store.name, "month", str(month), "paid_orders", f"{share * len(of.counted) * length:.0f}"])
    return rows


def planted(edges: Iterable[Edge]) -> list[str]:
    """The edges in words."""
    return [
        f"{edge.store}, {edge.segment_type} {edge.segment}: {_METRIC_WORDS[edge.metric]} × {edge.factor:.2f}" for edge in edges
    ]


def page(world: World) -> str:
    """What the README of a sample says."""
    orders = sum(len(of.counted) for of in world.stores)
    return f"""# A made-up sample

Everything in this folder is made up: stores, products, people, addresses, amounts, rates. Only the columns, file names and
oddities of the files are those of the platforms' real exports. Any likeness to a shop or a person is chance.

{len(world.stores)} stores, {world.days[0]} to {world.days[-1]}, {orders:,d} orders that count.

| folder | holds |
|---|---|
| `inbox/<store>/` | exports as a platform writes them, several of the same days, some in a zip |
| `reference/` | stores, exchange rates, catalogue, costs, promotions, targets |
| `ledger/` | what every sum over the exports must be, taken from the truth and not from the files |

`ledger/store_days.csv` and `product_days.csv` are by the store's own day; an empty cell is what the exports cannot tell.
`channel_days.csv` has every channel of the shops that report them, and roll-ups. `planted_edges.csv` names what is to be found:

{chr(10).join(f"- {line}" for line in planted(world.edges))}

Stores and platforms also differ in level, in all segments alike. That is no edge.
"""
