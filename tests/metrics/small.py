"""Small hand-written facts, and the real definitions built on them in memory: no files, no landing, no refresh.

`EXAMPLE` is the week the page of metrics works its examples on. What it must come to is worked by hand there, never here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from assets.computed import computed
from assets.definitions import in_order, inputs_of, sql_of
from assets.reference import SCHEMAS
from assets.sources import FORMATS, LANDINGS
from assets.tables import BY_NAME, Stage, Table

Row = Mapping[str, Any]
MONDAY = date(2026, 3, 2)
CURRENCY = "CNY"


class Small:
    """A database in memory: facts by hand, everything after them by its definition."""

    def __init__(self, reporting: str = CURRENCY) -> None:
        self.connection = duckdb.connect()
        for name, schema in SCHEMAS.items():
            self.connection.register(name, pl.DataFrame(schema=schema))
        self.connection.register("reporting", pl.DataFrame({"currency": [reporting], "margin": [0.3]}))
        self.connection.register("ledger_landings", pl.DataFrame(schema=LANDINGS))
        self.connection.register("ledger_formats", pl.DataFrame(schema=dict.fromkeys(FORMATS, pl.String)))
        self.connection.register("ledger_realms", pl.DataFrame(schema={"store": pl.String, "realm": pl.String}))
        for table in BY_NAME.values():
            if table.stage in (Stage.LANDED, Stage.FACTS):
                self._create(table)

    def _create(self, table: Table) -> None:
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        self.connection.execute(f"create or replace table {table.name} ({columns})")

    def source(self, name: str, rows: Iterable[Row]) -> None:
        """State a reference table."""
        self.connection.register(name, pl.DataFrame(list(rows), schema=SCHEMAS[name]))

    def state(self, name: str, rows: Iterable[Row]) -> None:
        """Add rows to a fact; what a row does not say is null."""
        for row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {name} ({columns}) values ({marks})", list(row.values()))

    def build(self, *names: str) -> None:
        """Build tables by their definitions, and all they read that no fact states."""
        wanted = set(names)
        for table in reversed(in_order()):
            if table.name in wanted:
                wanted |= {read for read in inputs_of(table) if read in BY_NAME}
        for table in in_order():
            if table.name in wanted and table.stage not in (Stage.LANDED, Stage.FACTS):
                self._build(table)

    def _build(self, table: Table) -> None:
        made = computed(table)
        if table.view:
            self.connection.execute(f"create or replace view {table.name} as {sql_of(table)}")
            return
        self._create(table)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        if made is None:
            self.connection.execute(f"insert into {table.name} ({names}) select {names} from ({sql_of(table)}\n) as definition")
            return
        frames = [self.connection.sql(f"select * from {name}").pl() for name in made.reads]
        self.connection.register("made", made.function(*frames))
        self.connection.execute(f"insert into {table.name} ({names}) select {names} from made")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query returns."""
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        """The one value a query returns."""
        ((value,),) = self.rows(sql)
        return value

    # ---- facts in short ---------------------------------------------------------------------------

    def store(self, name: str = "shop", *, refunds: bool = True, tax: bool = True) -> None:
        """A store whose exports state everything."""
        told = ("lines", "goods", "shipping", "subsidy", "paid", "buyers")
        states = dict.fromkeys((f"states_{name}" for name in told), True)
        self.state("store_sources", [{"store": name, "states_refunds": True, "states_tax": tax, **states}])
        days = "unnest(generate_series(date '2025-01-01', date '2026-12-31', interval 1 day))"
        if refunds:
            self.connection.execute(f"insert into refund_coverage (store, day) select '{name}', cast({days} as date)")

    def order(
        self,
        number: str,
        placed: date,
        lines: Iterable[tuple[str, int, str, str]],
        *,
        paid: date | None = None,
        buyer: int | None = None,
        shipping: str = "0",
        subsidy: str = "0",
        tax: str | None = None,
        store: str = "shop",
        currency: str = CURRENCY,
        epochs_ago: int = 0,
    ) -> None:
        """An order of lines (product, quantity, unit price, discount), paid on the day it was placed unless said."""
        paid = paid or placed
        whole = [(product, quantity, Decimal(price), Decimal(off)) for product, quantity, price, off in lines]
        goods = sum((quantity * price - off for _, quantity, price, off in whole), Decimal(0))
        common = {
            "month": placed.replace(day=1), "store": store, "order_id": number, "placed_day": placed, "paid_day": paid,
            "currency": currency, "counted": True,
        }  # fmt: skip
        money = {
            "goods_amount": goods, "order_shipping": Decimal(shipping), "order_subsidy": Decimal(subsidy),
            "order_tax": tax and Decimal(tax), "order_paid": goods + Decimal(shipping) - Decimal(subsidy),
        }  # fmt: skip
        known = {"refunds_known": True, "status": "completed", "landing": 1, "row": 2}
        self.state("orders", [common | money | known])
        met: set[str] = set()
        for n, (product, quantity, price, off) in enumerate(whole, 1):
            line = {
                "line_id": f"{number}-{n}", "position": n, "product_id": product, "merchant_sku": product, "title": product,
                "quantity": quantity, "unit_price": price, "line_gross": quantity * price, "line_discount": off, "is_goods": True,
                "lines_known": True, "opens_order": n == 1, "opens_product": product not in met, "refunds_known": True,
            }  # fmt: skip
            self.state("order_lines", [common | line])
            met.add(product)
        if buyer is not None:
            self.state("order_buyers", [common | {"buyer": buyer, "epochs_ago": epochs_ago}])

    def refund(self, number: str, order: str, day: date, goods: str, cash: str, line: str = "", store: str = "shop") -> None:
        """A refund that succeeded, of one line where it says so."""
        placed, paid, currency = self.rows(
            f"select placed_day, paid_day, currency from orders where store = '{store}' and order_id = '{order}'"
        )[0]
        common = {
            "store": store, "refund_id": number, "order_id": order, "currency": currency, "refund_cash": Decimal(cash),
            "refund_goods": Decimal(goods), "placed_day": placed, "paid_day": paid, "refund_day": day, "line_id": line or None,
        }  # fmt: skip
        self.state("refunds", [common | {"counted": True, "succeeded": True, "is_estimate": False}])
        product = self.rows(f"select product_id, merchant_sku from order_lines where line_id = '{line}'") or [(None, None)]
        self.state("refund_lines", [common | {"product_id": product[0][0], "merchant_sku": product[0][1], "returned_units": 0}])
        of_line = f"store = '{store}' and line_id = '{line}'"
        back = self.rows(f"select sum(refund_goods), min(refund_id) from refund_lines where {of_line}")[0]
        for units, net in self.rows(f"select quantity, line_gross - line_discount from order_lines where {of_line}"):
            if 0 < back[0] >= net:  # all the line was sold for came back: its units stand on its first refund
                self.connection.execute(f"update refund_lines set returned_units = 0 where {of_line}")
                self.connection.execute(
                    f"update refund_lines set returned_units = {units} where refund_id = '{back[1]}' and {of_line}"
                )

    def days_known(self, first: date, last: date, store: str = "shop", missing: Iterable[date] = ()) -> None:
        """State that the orders of every day are known, but for some."""
        gaps = set(missing)
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            (seen,) = self.rows(f"select count(*) from orders where store = '{store}' and placed_day = date '{day}'")[0]
            state = "missing" if day in gaps else "present" if seen else "empty"
            self.state("order_coverage", [{"store": store, "day": day, "orders_seen": seen, "state": state}])

    def traffic(self, day: date, report: str, **counts: Any) -> None:
        """A row of a traffic report."""
        common = {"month": day.replace(day=1), "store": "shop", "dialect": "sycm", "report": report, "day": day}
        self.state("traffic", [{**common, "currency": CURRENCY, **counts}])


def example(dialect: str = "sycm") -> Small:
    """The week the page of metrics tells."""
    small, people = Small(), "visitors" if dialect == "sycm" else "sessions"
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    small.source("reference_catalogue", [{"merchant_sku": sku, "item": sku, "category": "Home"} for sku in ("mug", "lamp")])
    cost = {"merchant_sku": "mug", "valid_from": date(2026, 1, 1), "unit_cost": Decimal(20), "currency": CURRENCY}
    small.source("reference_costs", [cost])
    small.store()
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    small.order("A", days[0], [("mug", 2, "50", "10"), ("lamp", 1, "200", "20")], buyer=1, shipping="8", subsidy="10", tax="30")
    small.order("B", days[0], [("mug", 1, "50", "0")], paid=days[1], buyer=2, shipping="8", tax="6")
    small.order("C", days[2], [("lamp", 1, "200", "20")], buyer=1, tax="20")
    small.refund("R", "C", days[4], "60", "60", line="C-1")
    small.days_known(days[0], days[-1])
    visits, lamp = (40, 30, 30, 20, 20, 10, 10), (30, 20, 10, 0, 0, 0, 0)
    views, carts, marks = (100, 80, 70, 50, 50, 25, 25), (4, 4, 4, 2, 2, 0, 0), (2, 2, 2, 1, 1, 0, 0)
    orders, paid = (1, 1, 1, 0, 0, 0, 0), (278, 58, 180, 0, 0, 0, 0)
    search = ((60, 6, 1), (40, 4, 1))
    for n, day in enumerate(days):
        counts = {people: visits[n], "page_views": views[n], "carts": carts[n], "favourites": marks[n]}
        small.traffic(day, "shop", dialect=dialect, platform_orders=orders[n], platform_paid=Decimal(paid[n]), **counts)
        small.traffic(day, "item", dialect=dialect, product_id="lamp", **{people: lamp[n]})
        came, put, bought = search[n] if n < 2 else (0, 0, 0)
        counted = "platform_buyers" if dialect == "sycm" else "platform_orders"
        small.traffic(
            day, "channel", dialect=dialect, channel="search", channel_group="search", carts=put, platform_paid=Decimal(paid[n]),
            **{people: came, counted: bought},
        )  # fmt: skip
        clicked = (15, 10)[n] if n < 2 else 0
        earned = Decimal(129 if n == 0 else 0)
        common = {"dialect": dialect, "channel": "直通车", "channel_group": "ads", "platform_paid": earned}
        small.traffic(day, "channel", carts=0, **common, **{people: clicked, counted: int(n == 0)})
    small.state(
        "store_ratings",
        [
            {"month": MONDAY.replace(day=1), "store": "shop", "day": MONDAY, "description_score": Decimal("4.8")}
            | {"service_score": Decimal("4.9"), "logistics_score": Decimal("4.7")}
        ],
    )
    return small


def people() -> Small:
    """The customers of the page of metrics: eight people of January to March, days known to 10 April."""
    small = Small()
    small.store()
    orders = [(n, date(2026, 1, 10), "100") for n in range(6)] + [(6, date(2026, 2, 3), "10")]
    orders += [(n, date(2026, 3, 5), "50") for n in range(6)] + [(0, date(2026, 3, 6), "25"), (7, date(2026, 3, 20), "10")]
    for n, (buyer, day, price) in enumerate(orders):
        small.order(f"o{n}", day, [("mug", 1, price, "0")], buyer=buyer)
    small.days_known(date(2026, 1, 1), date(2026, 4, 10))
    return small


def shelf() -> Small:
    """The range of the page of metrics: four listed products over the thirty days to 31 March, five days of them without mugs."""
    small, last = Small(), date(2026, 3, 31)
    small.source("reference_stores", [{"store": "shop", "platform": "taobao", "currency": CURRENCY}])
    small.source(
        "reference_catalogue", [{"merchant_sku": sku, "item": sku, "category": "Home"} for sku in ("mug", "lamp", "cup")]
    )
    cost = {"merchant_sku": "mug", "valid_from": date(2026, 1, 1), "unit_cost": Decimal(20), "currency": CURRENCY}
    small.source("reference_costs", [cost])
    small.store()
    small.order("first", date(2026, 2, 1), [("mug", 1, "100", "0")])
    small.order("o1", date(2026, 3, 10), [("mug", 8, "100", "0"), ("cup", 5, "10", "0")])
    small.order("o2", date(2026, 3, 20), [("lamp", 3, "50", "0")])
    small.days_known(date(2026, 2, 1), last)
    stocks = {"mug": 16, "lamp": 9, "cup": 100, "plate": 5}
    row = {"store": "shop", "variant": "-", "currency": CURRENCY, "seen_day": last, "landing": 1, "row": 2}
    small.state("listings", [row | {"product_id": name, "stock": stock, "title": name} for name, stock in stocks.items()])
    empty = [date(2026, 3, day) for day in range(11, 16)]
    seen = [(day, 0) for day in empty] + [(date(2026, 3, day), 16) for day in (29, 30, 31)]
    shown = [row | {"product_id": "mug", "merchant_sku": "mug", "stock": stock, "seen_day": day} for day, stock in seen]
    small.state("landed_listings", shown)
    return small


def ripe() -> Small:
    """The refunds of the page of metrics: a week of three lamps a day at 100, of each 10 back after three days; one in July."""
    small, last = Small(), date(2026, 7, 1)
    small.source("reference_catalogue", [{"merchant_sku": "lamp", "item": "lamp", "category": "Home"}])
    small.store()
    for n in range(21):
        day = MONDAY + timedelta(days=n // 3)
        small.order(f"o{n}", day, [("lamp", 1, "100", "0")])
        small.refund(f"r{n}", f"o{n}", day + timedelta(days=3), "10", "10", line=f"o{n}-1")
    small.order("last", last, [("lamp", 1, "100", "0")])
    small.refund("last", "last", last, "10", "10", line="last-1")
    small.days_known(MONDAY, last)
    return small


def plan() -> Small:
    """The target of the page of metrics: 1,400 for a week; eight weeks before it a day made 100 of 10 visits, in it 100 of 20.

    The store `blind` is the same without traffic reports.
    """
    small, first = Small(), MONDAY - timedelta(days=56)
    stores = ("shop", "blind")
    small.source("reference_stores", [{"store": store, "platform": "taobao", "currency": CURRENCY} for store in stores])
    row = {"grain": "week", "period_start": MONDAY, "metric": "net_paid_order_day", "target": Decimal(1400)}
    small.source("reference_targets", [row | {"store": store} for store in stores])
    for store in stores:
        small.store(store)
        for n in range(63):
            small.order(f"{store}{n}", first + timedelta(days=n), [("mug", 1, "100", "0")], store=store)
        small.days_known(first, first + timedelta(days=62), store)
    for n in range(63):
        small.traffic(first + timedelta(days=n), "shop", visitors=10 if n < 56 else 20)
    return small
