"""Random small worlds of export files: a store or two each, with all that makes totals go wrong.

A world is made for what its *files* say, and nothing else is handed on: what its tables must be is worked out by reading those
files again (`read_plainly`, `plain_facts`, `plain_metrics`). What may happen is `happenings`; how each platform writes it down at
a moment, `exports_of_…`. The same seed makes the same bytes.

Files of one store overlap, so most orders stand in several of them, as they were at each file's moment.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from exports_abroad import amazon, shopify
from exports_of_china import douyin, pinduoduo
from exports_of_taobao import taobao
from happenings import CATEGORIES, CLOCKS, DAY, MONEY, Shop
from worlds import ExportFile

WRITERS: dict[str, Callable[[random.Random, Shop], list[ExportFile]]] = {
    "taobao": taobao, "shopify": shopify, "douyin": douyin, "pinduoduo": pinduoduo, "amazon": amazon,
}  # fmt: skip


@dataclass(frozen=True)
class SmallWorld:
    """Some stores and their files, in the order they come."""

    shops: tuple[Shop, ...]
    files: tuple[ExportFile, ...]


def small_world(seed: int) -> SmallWorld:
    """One or two stores of platforms drawn by chance."""
    rng = random.Random(seed)
    shops, files = [], []
    for n in range(rng.choice((1, 1, 2))):
        platform = rng.choice(tuple(CLOCKS))
        clock, money = rng.choice(CLOCKS[platform]), rng.choice(MONEY.get(platform, ("CNY",)))
        tax = rng.choice(("included", "on top", "")) if platform == "shopify" else ""
        shop = Shop(f"w{seed:03d}{'ab'[n]}", platform, clock, money, rng.choice(("", "north", "south")), rng.randrange(6), tax)
        shops.append(shop)
        files += WRITERS[platform](rng, shop)
    rng.shuffle(files)
    return SmallWorld(tuple(shops), tuple(files))


def reference(shops: Iterable[Shop], seed: int) -> dict[str, str]:
    """stores.csv, fx_rates.csv with days that lack a rate, catalogue.csv, and costs.csv of some goods in some stores."""
    rng = random.Random(seed)
    stores = ["store,platform,timezone,currency,name,group"]
    stores += [f"{s.name},{s.platform},{s.timezone},{s.currency},{s.name},{s.group}" for s in shops]
    rates = ["date,currency,rate"]
    for currency, near in (("USD", 71_000), ("GBP", 90_000), ("EUR", 77_777)):
        given = [n for n in range(420) if rng.random() < (0.7 if currency == "USD" else 0.12)]
        near_by = {date(2023, 12, 1) + n * DAY: Decimal(near + rng.randint(-900, 900)).scaleb(-4) for n in given}
        rates += [f"{day},{currency},{rate}" for day, rate in near_by.items()]
    items = ["merchant_sku,item,category", *(f"SHARED-{n},item {n},{CATEGORIES[n % 3]}" for n in range(4))]
    costs = ["store,merchant_sku,valid_from,unit_cost,currency"]
    for owner, sku in [("", f"SHARED-{n}") for n in range(3)] + [(s.name, f"{s.name}-{n}") for s in shops for n in (0, 2)]:
        own = rng.choice([shop.name for shop in shops])
        for store, since in (
            (owner, date(2023, 12, 1)),
            (owner, date(2024, 1, 1) + rng.randrange(60) * DAY),
            (own, date(2024, 2, 1)),
        ):
            money = rng.choice(("CNY", "CNY", "USD", "GBP"))
            costs.append(f"{store},{sku},{since},{Decimal(rng.randint(1, 99_999)).scaleb(-3)},{money}")
    names = ("stores.csv", "fx_rates.csv", "catalogue.csv", "costs.csv")
    return {name: "\n".join(rows) + "\n" for name, rows in zip(names, (stores, rates, items, costs), strict=True)}
