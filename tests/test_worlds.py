"""Every published sum of the made-up worlds is what their ledgers say, to the cent.

The ledger knows the true orders and never read a file; the pipeline read the files and never saw an order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import worlds
from homes import drop, make_home, refreshed
from worlds import ZERO, ExportFile, Sums, World

from assets import published
from assets.home import Home

NETS = ("net_sales_order_day", "net_sales_refund_day", "net_paid_order_day", "net_paid_refund_day")
SUMS = tuple(field.name for field in fields(Sums))
TAX_ON_TOP = ("shopify_us",)

Amount = int | Decimal | None
Period = tuple[str, str, date]  # basis, store, first day of the period


@dataclass(frozen=True)
class Refreshed:
    """A world, the home its files were landed in, and a reader's connection to what was published."""

    world: World
    home: Home
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query on the published generation returns."""
        return self.connection.execute(sql).fetchall()

    def store_metrics(self, grain: str) -> dict[Period, dict[str, Amount]]:
        """Sums and nets of every basis, store and period of a grain."""
        names = (*SUMS, *NETS)
        found = self.rows(f"select basis, store, period_start, {', '.join(names)} from store_metrics where grain = '{grain}'")
        return {(basis, store, start): dict(zip(names, sums, strict=True)) for basis, store, start, *sums in found}


@pytest.fixture(scope="module", params=[worlds.taobao_world, worlds.mixed_world], ids=["taobao", "mixed"])
def refreshed_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    """Each world, landed and published once for all tests here."""
    world: World = request.param()
    home = make_home(tmp_path_factory.mktemp(world.name))
    world.write(home.root)
    refreshed(home)
    with published.open_published(home) as connection:
        yield Refreshed(world, home, connection)


def _as_amounts(sums: Sums) -> dict[str, Amount]:
    return {name: getattr(sums, name) for name in (*SUMS, *NETS)}


def _added_up(days: dict[worlds.StoreDay, Sums], grain: str) -> dict[Period, dict[str, Amount]]:
    """The ledger's days added up by period; a sum with an unknown part is unknown."""
    periods: dict[Period, dict[str, Amount]] = {}
    for (basis, store, day), sums in days.items():
        key, amounts = (basis, store, worlds.period_start(day, grain)), _as_amounts(sums)
        before = periods.get(key)
        periods[key] = amounts if before is None else {name: _plus(before[name], amounts[name]) for name in amounts}
    return periods


def _plus(known: Amount, more: Amount) -> Amount:
    return None if known is None or more is None else known + more


@pytest.mark.parametrize("grain", worlds.GRAINS)
def test_every_sum_of_every_period_is_the_ledgers(refreshed_world: Refreshed, grain: str) -> None:
    """On both bases a period's sums and nets are those of the ledger's days, and no period is there that the ledger lacks."""
    assert refreshed_world.store_metrics(grain) == _added_up(refreshed_world.world.store_days(), grain)


def test_the_ledger_holds_the_cases_worth_testing(refreshed_world: Refreshed) -> None:
    """No law here is true for want of cases: days with refunds alone, refunds, discounts and unknown sums are all there."""
    days = refreshed_world.world.store_days().values()
    assert any(day.refunds_cash_refund_day and not day.paid_orders for day in days)
    assert any(day.refunds_cash_order_day for day in days)
    assert any(day.discounts for day in days)
    assert any(day.platform_subsidy for day in days)
    assert any(day.tax is None for day in days)
    assert sum(not order.is_counted for order in refreshed_world.world.orders) > 0


def test_buyers_are_recounted_at_every_grain(refreshed_world: Refreshed) -> None:
    """A period's buyers are the distinct buyers of its counted orders, and a period with refunds alone has none."""
    found = refreshed_world.rows("select basis, grain, store, period_start, buyers from store_metrics where paid_orders > 0")
    assert {
        (basis, grain, store, start): buyers for basis, grain, store, start, buyers in found
    } == refreshed_world.world.buyers()
    assert refreshed_world.rows("select distinct buyers from store_metrics where paid_orders = 0") in ([], [(0,)])


def test_every_counted_order_names_its_buyer(refreshed_world: Refreshed) -> None:
    """Where every order names its buyer, the orders with a buyer and with known lines are the paid orders."""
    assert (
        refreshed_world.rows(
            "select * from store_metrics where orders_with_buyer <> paid_orders or orders_with_lines <> paid_orders"
        )
        == []
    )


def test_product_months_are_the_ledgers(refreshed_world: Refreshed) -> None:
    """Orders, lines, units, gross sales and discounts of every product and month are the ledger's."""
    found = refreshed_world.rows(
        """select basis, store, period_start, product_id, paid_orders, order_lines, units, gross_sales, discounts
           from product_metrics where grain = 'month' and order_lines > 0"""
    )
    assert {row[:4]: row[4:] for row in found} == refreshed_world.world.product_months()
    refunds_alone = refreshed_world.rows(
        "select distinct paid_orders, units, gross_sales from product_metrics where order_lines = 0"
    )
    assert refunds_alone in ([], [(0, 0, ZERO)])


@pytest.mark.parametrize(
    "column", [name for name in SUMS if name not in ("paid_orders", "shipping", "tax", "platform_subsidy", "paid_amount")]
)
def test_products_add_up_to_their_store(refreshed_world: Refreshed, column: str) -> None:
    """What can be told of products adds up, over a store's products, to the store's own figure of every period."""
    apart = refreshed_world.rows(
        f"""select * from (select basis, grain, period_start, store, {column} as whole from store_metrics) as stores
            full join (
                select basis, grain, period_start, store, sum({column}) as parts, count(*) = count({column}) as known
                from product_metrics group by all
            ) as products using (basis, grain, period_start, store)
            where coalesce(whole, 0) <> coalesce(parts, 0) or (products.store is not null and (whole is not null) <> known)"""
    )
    assert apart == []


def test_what_was_paid_is_what_it_is_made_of(refreshed_world: Refreshed) -> None:
    """Paid amount = gross sales − discounts − platform subsidy + shipping, and + tax where it comes on top, in every period."""
    stores = ", ".join(f"'{store}'" for store in TAX_ON_TOP)
    apart = refreshed_world.rows(
        f"""select * from store_metrics where paid_amount is distinct from
            gross_sales - discounts - platform_subsidy + shipping + case when store in ({stores}) then tax else 0 end"""
    )
    assert apart == []


def test_all_that_happened_is_refunded_on_both_days_alike(refreshed_world: Refreshed) -> None:
    """Over all history the refunds on the orders' days and on their own are the same cash and the same goods."""
    apart = refreshed_world.rows(
        """select store, basis from store_metrics where grain = 'day' group by all
           having count(refunds_cash_refund_day) = count(*) and (
               sum(refunds_cash_order_day) <> sum(refunds_cash_refund_day)
               or sum(refunds_goods_order_day) <> sum(refunds_goods_refund_day)
           )"""
    )
    assert apart == []


@pytest.mark.parametrize("minutes", [-1, 1])
def test_reports_exported_minutes_apart_say_the_same(home: Home, minutes: int) -> None:
    """Line reports made a minute before or after the order reports, as by hand they are, change no sum of any day."""
    world = worlds.taobao_world()
    drop(home, [_exported_later(file, minutes) if "DetailList" in file.name else file for file in world.files])
    refreshed(home)
    with published.open_published(home) as connection:
        assert Refreshed(world, home, connection).store_metrics("day") == _added_up(world.store_days(), "day")


def _exported_later(file: ExportFile, minutes: int) -> ExportFile:
    stamp = "".join(filter(str.isdigit, file.name))
    later = datetime.strptime(stamp, "%Y%m%d%H%M") + timedelta(minutes=minutes)
    return replace(file, name=file.name.replace(stamp, f"{later:%Y%m%d%H%M}"))


def test_nothing_is_refused_and_no_row_lost(refreshed_world: Refreshed) -> None:
    """Every file lands, every row stands or is superseded, and the only law broken warns of exchange rates that are not given."""
    world = refreshed_world.world
    assert refreshed_world.rows("select count(*) from quarantine") == [(0,)]
    assert refreshed_world.rows("select state, count(*) from files group by all") == [("landed", len(world.files))]
    assert refreshed_world.rows("select file from files where quarantined + skipped > 0 or kept + superseded <> rows_in") == []
    broken = {name for (name,) in refreshed_world.rows('select distinct "check" from checks where not passed')}
    assert broken == ({"every_amount_is_converted"} if any(store.currency != "CNY" for store in world.stores) else set())
