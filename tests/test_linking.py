"""Whose buyers can be counted together: across a change of the pseudonym key never, across one owner's stores where he asks."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import worlds
from homes import KEY, drop, make_home, published_digests, refreshed
from typer.testing import CliRunner
from worlds import ExportFile

from assets import erasing, published
from assets.exports.privacy import realm
from assets.home import Home
from assets.ledger import Ledger
from pipelines.cli import app
from pipelines.refresh import refresh
from pipelines.settings import settings_of

WORLD = worlds.mixed_world()
US, UK = ([file for file in WORLD.files if file.store == store] for store in ("shopify_us", "shopify_uk"))
NAMED_BY_KEY = {"order_buyers", "buyer_days", "buyer_scores"}
Rows = list[tuple[Any, ...]]


def told(home: Home, sql: str) -> Rows:
    """What the current generation says."""
    with published.open_published(home) as database:
        return database.execute(sql).fetchall()


def with_another_key(home: Home) -> None:
    """Lose the key and go on with another."""
    home.key.unlink()
    refresh(settings_of(home.root), new_key_epoch=True)


def people(orders: list[worlds.Order], grain: str, start: date) -> int:
    """Distinct buyers of orders paid in a period."""
    return len({order.person.key for order in orders if worlds.period_start(order.day("paid"), grain) == start})


# ---- Another key ----------------------------------------------------------------------------------


def test_a_lost_key_costs_nothing_while_the_exports_are_there(tmp_path: Path) -> None:
    """They are read anew under the next key, and all that is published is as it was."""
    whole, home = make_home(tmp_path / "whole"), make_home(tmp_path / "home")
    drop(whole, US)
    drop(home, US[:1])
    refreshed(whole)
    refreshed(home)
    drop(home, US[1:])
    with_another_key(home)
    assert told(home, "from buyer_breaks") == []
    assert told(home, "from unlinked_periods") == []
    digests = published_digests(home)
    unlike = {name for name, digest in published_digests(whole).items() if digests[name] != digest}
    assert unlike <= NAMED_BY_KEY | {"customer_segments"} | {name for name in digests if name in ("generation", "promises")}, (
        unlike
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose key was lost when its first export was gone from the inbox."""
    home = make_home(tmp_path_factory.mktemp("broken"))
    drop(home, US[:1])
    refreshed(home)
    (home.inbox / US[0].store / US[0].name).unlink()
    drop(home, US[1:])
    with_another_key(home)
    return home


def sides(home: Home) -> tuple[set[date], set[date]]:
    """The days paid on under the old key, and under the new one."""
    with duckdb.connect(str(home.warehouse / "private.duckdb"), read_only=True) as private:
        rows = private.execute(
            "select epochs_ago, least(paid_day, placed_day), paid_day from order_buyers where counted"
        ).fetchall()
    old, new = ({day for ago, *days in rows if ago == epoch for day in days} for epoch in (1, 0))
    return old, new


def test_no_buyer_is_counted_across_two_keys(broken: Home) -> None:
    """A period with orders on both sides has no buyers, each other one has as many as there were people; sales stay."""
    old, new = sides(broken)
    assert old
    assert new
    orders = [order for order in WORLD.orders if order.store.name == "shopify_us" and order.is_counted]
    unlinked = set(told(broken, "select grain, period_start from unlinked_periods where store = 'shopify_us'"))
    both = {
        (grain, start)
        for grain in worlds.GRAINS
        for start in {worlds.period_start(day, grain) for day in old} & {worlds.period_start(day, grain) for day in new}
    }
    assert ("year", date(2024, 1, 1)) in both
    assert both <= unlinked, "a period holds both"
    rows = told(
        broken, "select grain, period_start, buyers, paid_orders from store_metrics where basis = 'paid' and paid_orders > 0"
    )
    for grain, start, buyers, paid_orders in rows:
        assert buyers == (None if (grain, start) in unlinked else people(orders, grain, start)), (grain, start)
        assert paid_orders == sum(worlds.period_start(order.day("paid"), grain) == start for order in orders)
    assert any(buyers for _, _, buyers, _ in rows)
    counted = told(broken, "select grain, period_start, buyers, new_buyers, history_days from customer_periods")
    assert {(grain, start) for grain, start, buyers, *_ in counted if buyers is None} <= unlinked
    for grain, start, _, fresh, history in counted:
        if start > max(old):
            assert history == (start - max(old)).days - 1, (grain, start)
        assert (fresh is None) == ((grain, start) in unlinked or history == 0)
    assert not [buyers for (buyers,) in told(broken, "select buyers from product_metrics where grain = 'year'") if buyers]


def test_a_break_is_told_with_the_way_out(broken: Home) -> None:
    """A warning names the store, and what to do; it works, and then there is none."""
    law = "select passed, worst from checks where \"check\" = 'every_buyer_is_linked'"
    ((passed, worst),) = told(broken, law)
    assert not passed
    assert "shopify_us" in str(worst)


def test_customers_are_told_by_the_newest_key_alone(broken: Home) -> None:
    """Segments and times to return begin with it; no window and no cohort reaches over the change."""
    old, new = sides(broken)
    with duckdb.connect(str(broken.warehouse / "private.duckdb"), read_only=True) as private:
        ((scored, named),) = private.execute(
            """select
                (select sum(paid_orders) from buyer_scores),
                (select count(*) from order_buyers where counted and epochs_ago = 0)"""
        ).fetchall()
    assert scored == named
    for day, window in told(broken, "select day, window_days from customer_windows"):
        reached = {near for near in old | new if 0 <= (day - near).days < window}
        assert reached <= old or reached <= new
    cohorts = told(broken, "select cohort, age_months, buyers from customer_cohorts where cohort <> 'other'")
    for cohort, age, buyers in cohorts:
        year, month = map(int, cohort.split("-"))
        last = date(year + (month + age) // 12, (month + age) % 12 + 1, 1)  # the month after the one told
        if date(year, month, 1) <= max(old) and last > min(new):
            assert buyers is None, (cohort, age)


def test_who_was_erased_does_not_come_back_under_another_key(tmp_path: Path) -> None:
    """What is landed is then not read anew: nobody could tell the person there."""
    home = make_home(tmp_path)
    drop(home, US)
    refreshed(home)
    person = next(order.person.key for order in WORLD.orders if order.store.name == "shopify_us")
    erasing.suppress(Ledger(home), erasing.pseudonym_of(["shopify_us"], person, [KEY]), stand=True)
    landed = len(Ledger(home).live)
    with_another_key(home)
    ledger = Ledger(home)
    assert len(ledger.live) == landed
    assert {ledger.key_of(landing) for landing in ledger.live.values()} == {ledger.key_ids[0]}


# ---- One owner's stores ---------------------------------------------------------------------------


def stores(home: Home, owners: dict[str, str]) -> None:
    """Say in stores.csv whose the stores are, all of them in one group."""
    lines = [f"{s.name},{s.platform},{s.timezone},{s.currency},,both,{owners.get(s.name, '')}" for s in WORLD.stores]
    (home.reference / "stores.csv").write_text("\n".join(["store,platform,timezone,currency,name,group,owner", *lines, ""]))


def group(home: Home) -> dict[tuple[str, date], tuple[int | None, str | None]]:
    """By grain and period the group's buyers, and why there are none."""
    rows = told(
        home,
        "select grain, period_start, buyers, why_no_buyers from group_metrics where basis = 'paid' and store_group = 'both'",
    )
    return {(grain, start): (buyers, why) for grain, start, buyers, why in rows}


def test_a_group_counts_people_once_where_its_owner_links_its_stores(tmp_path: Path) -> None:
    """Not before he does; as they are from then on, and no longer when he takes it back."""
    home = make_home(tmp_path)
    drop(home, [*US, *UK])
    stores(home, {})
    refreshed(home)
    orders = [order for order in WORLD.orders if order.store.name != "taobao_d" and order.is_counted]
    year = ("year", date(2024, 1, 1))
    assert group(home)[year] == (None, "its stores are not all linked by their owner")
    apart = told(home, "select sum(buyers) from store_metrics where basis = 'paid' and grain = 'year'")[0][0]
    alone = told(home, "select store, grain, period_start, buyers from store_metrics order by all")

    stores(home, {"shopify_us": "mine", "shopify_uk": "mine"})
    refreshed(home)
    found = group(home)
    assert found[year] == (people(orders, *year), None)
    assert people(orders, *year) < apart, "nobody bought in both"
    for (grain, start), (buyers, why) in found.items():
        assert (buyers, why) == (people(orders, grain, start), None)
    assert told(home, "select store, grain, period_start, buyers from store_metrics order by all") == alone
    assert told(home, "from buyer_breaks") == []

    stores(home, {"shopify_us": "mine", "shopify_uk": "another"})
    refreshed(home)
    assert group(home)[year][0] is None
    stores(home, {})
    refreshed(home)
    assert group(home)[year] == (None, "its stores are not all linked by their owner")


def kept_apart(home: Home, why: str) -> None:
    """A group's period with buyers of both stores has none and says why; each store's own are as many as there were people."""
    by_store = told(home, "select store, grain, period_start, buyers from store_metrics where basis = 'paid' and paid_orders > 0")
    unlinked = set(told(home, "from unlinked_periods"))
    buying: dict[tuple[str, date], set[str]] = {}
    for store, grain, start, buyers in by_store:
        of = [order for order in WORLD.orders if order.store.name == store and order.is_counted]
        assert buyers == (None if (store, grain, start) in unlinked else people(of, grain, start)), (store, grain, start)
        buying.setdefault((grain, start), set()).add(store)
    found = group(home)
    both = {period for period, of in buying.items() if len(of) > 1}
    assert both
    assert {found[period] for period in both} == {(None, why)}


LEFT = "its stores are not all linked by their owner"
BEFORE = "its stores were not all linked when these orders were read: put the exports back into the inbox"
CHANGED = "the pseudonym key, or what stores are linked, changed in the period"


def with_exports_gone(root: Path, owners: dict[str, str], *, gone: list[worlds.ExportFile]) -> Home:
    """A home that read all exports when these were the owners, and has lost some since."""
    home = make_home(root)
    drop(home, [*US, *UK])
    stores(home, owners)
    refreshed(home)
    for file in gone:
        (home.inbox / file.store / file.name).unlink()
    return home


MINE = {"shopify_us": "mine", "shopify_uk": "mine"}


@pytest.mark.parametrize("gone", [US, [*US, *UK]], ids=["one store's", "all"])
def test_linking_stores_whose_exports_are_gone_counts_nobody_twice(tmp_path: Path, gone: list[worlds.ExportFile]) -> None:
    """Their pseudonyms cannot be made anew: people are told of each store alone, and why; put back, they are linked."""
    home = with_exports_gone(tmp_path, {}, gone=gone)
    stores(home, MINE)
    refreshed(home)
    kept_apart(home, BEFORE)
    drop(home, gone)
    refreshed(home)
    orders = [order for order in WORLD.orders if order.store.name != "taobao_d" and order.is_counted]
    assert group(home) == {period: (people(orders, *period), None) for period in group(home)}


@pytest.mark.parametrize("owners", [{}, {"shopify_us": "mine"}, {"shopify_us": "mine", "shopify_uk": "another"}], ids=str)
@pytest.mark.parametrize("gone", [US, [*US, *UK]], ids=["one store's", "all"])
def test_what_an_owner_takes_back_holds_where_exports_are_gone(
    tmp_path: Path, owners: dict[str, str], gone: list[worlds.ExportFile]
) -> None:
    """Their pseudonyms would still meet; nobody asks them to."""
    home = with_exports_gone(tmp_path, MINE, gone=gone)
    stores(home, owners)
    refreshed(home)
    kept_apart(home, LEFT)


@pytest.mark.parametrize("before", [{}, {"shopify_us": "another", "shopify_uk": "mine"}], ids=["alone", "another's"])
def test_an_owner_who_came_between_two_exports_is_one_from_then_on(tmp_path: Path, before: dict[str, str]) -> None:
    """The first export is gone when he links the stores: of its days nobody is counted across them, of later ones all are."""
    home = make_home(tmp_path)
    drop(home, US[:1])
    stores(home, before)
    refreshed(home)
    (home.inbox / US[0].store / US[0].name).unlink()
    drop(home, [*US[1:], *UK])
    stores(home, MINE)
    refreshed(home)
    ((_, linked_from, linked_until),) = told(home, "select store, linked_from, linked_until from buyer_breaks")
    orders = [order for order in WORLD.orders if order.store.name != "taobao_d" and order.is_counted]
    seen = set()
    for (grain, start), (buyers, why) in group(home).items():
        of = {order.store.name: order.day("paid") for order in orders if worlds.period_start(order.day("paid"), grain) == start}
        days = [order.day("paid") for order in orders if worlds.period_start(order.day("paid"), grain) == start]
        if len(of) < 2 and why is None:
            assert buyers == people(orders, grain, start)
        elif min(days) > linked_until:
            assert (buyers, why) == (people(orders, grain, start), None), (grain, start)
            seen.add("after")
        else:
            assert buyers is None, (grain, start, why)
            assert why in (BEFORE, CHANGED)
            seen.add(why)
    assert seen == {"after", BEFORE, CHANGED}
    assert linked_from


# ---- Erasing from them ----------------------------------------------------------------------------


def bought_in_both() -> str:
    """Someone who bought in both stores."""
    of = [{order.person.key for order in WORLD.orders if order.store.name == store} for store in ("shopify_us", "shopify_uk")]
    return min(of[0] & of[1])


def erased(home: Home, store: str, person: str) -> dict[str, Any]:
    """The receipt of an erasure."""
    words = ["erase", "--store", store, "--home", str(home.root), "--json"]
    done = CliRunner().invoke(app, words, input=f"{person}\n")
    assert done.exit_code == 0, done.output
    assert person not in done.output
    return dict(json.loads(done.stdout[done.stdout.index("{") :]))


def named_in(home: Home, person: str) -> set[str]:
    """The stores in whose landed rows a person stands, by any name they could have there."""
    found = set()
    assert {landing.reason for landing in Ledger(home).landings} == {""}, "all that came is landed"
    owners = ("mine", "ours", "another")
    names = ["shopify_us", "shopify_uk", *(realm(owner, "shopify") for owner in owners)]
    persons = erasing.pseudonym_of(names, person, [KEY])
    for path in home.landed.glob("orders/*.parquet"):
        found |= set(pl.read_parquet(path).filter(pl.col("buyer").is_in(list(persons)))["store"])
    return found


def files_with(person: str, stores_: set[str]) -> set[str]:
    """The order exports of stores that hold a person's name."""
    return {f"{file.store}/{file.name}" for file in [*US, *UK] if file.store in stores_ and person.encode() in file.content}


def test_a_person_is_erased_from_linked_stores_too(tmp_path: Path) -> None:
    """All that name them are told: stores and files; what else was bought there stays as it was."""
    home, person = make_home(tmp_path), bought_in_both()
    drop(home, [*US, *UK])
    stores(home, MINE | {"taobao_d": "mine"})
    refreshed(home)
    assert named_in(home, person) == {"shopify_us", "shopify_uk"}
    before = published_digests(home)
    receipt = erased(home, "shopify_us", person)
    assert named_in(home, person) == set()
    assert receipt["linked_stores"] == ["shopify_uk"], "taobao_d is another platform's"
    assert set(receipt["files_that_name_them"]) == files_with(person, {"shopify_us", "shopify_uk"})
    assert receipt["sales_unchanged"]
    assert all(published_digests(home)[name] == before[name] for name in ("orders", "order_lines", "refunds", "store_days"))


def test_stores_that_are_not_linked_keep_who_is_erased_elsewhere(tmp_path: Path) -> None:
    """An owner of each, or none."""
    home, person = make_home(tmp_path), bought_in_both()
    drop(home, [*US, *UK])
    stores(home, {"shopify_us": "mine", "shopify_uk": "another"})
    refreshed(home)
    receipt = erased(home, "shopify_us", person)
    assert named_in(home, person) == {"shopify_uk"}
    assert (receipt["linked_stores"], set(receipt["files_that_name_them"])) == ([], files_with(person, {"shopify_us"}))


@pytest.mark.parametrize("after", [MINE, {"shopify_us": "ours", "shopify_uk": "ours"}, {"shopify_us": "mine"}, {}], ids=str)
@pytest.mark.parametrize("before", [{}, MINE, {"shopify_us": "another"}], ids=str)
def test_nobody_comes_back_by_linking_stores_otherwise(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> None:
    """Whoever was erased from a store stays so, whatever its owner is called from then on; from others they were not."""
    home, person = make_home(tmp_path), bought_in_both()
    drop(home, [*US, *UK])
    stores(home, before)
    refreshed(home)
    erased(home, "shopify_us", person)
    left = set() if before == MINE else {"shopify_uk"}
    assert named_in(home, person) == left
    stores(home, after)
    refreshed(home)
    assert named_in(home, person) == left


def test_rows_read_before_stores_were_linked_are_erased_with_them(tmp_path: Path) -> None:
    """The other store's exports are gone, so that its buyers still have the names they had in it alone."""
    home, person = with_exports_gone(tmp_path, {}, gone=UK), bought_in_both()
    stores(home, MINE)
    refreshed(home)
    assert named_in(home, person) == {"shopify_us", "shopify_uk"}
    receipt = erased(home, "shopify_us", person)
    assert named_in(home, person) == set()
    assert receipt["linked_stores"] == ["shopify_uk"]
    drop(home, UK)
    refreshed(home)
    assert named_in(home, person) == set()


def test_a_store_still_linked_in_what_landed_is_told(tmp_path: Path) -> None:
    """Its owner took the link back when its exports were gone: its rows name the person as before, and so are erased."""
    home, person = with_exports_gone(tmp_path, MINE, gone=UK), bought_in_both()
    stores(home, {"shopify_us": "mine"})
    refreshed(home)
    assert erased(home, "shopify_us", person)["linked_stores"] == ["shopify_uk"]
    assert named_in(home, person) == set()


def test_a_buyer_of_many_sellers_in_one_export_is_erased_from_its_folder_or_from_one(tmp_path: Path) -> None:
    """A file whose rows are of many stores."""
    of_folder, of_seller = make_home(tmp_path / "folder"), make_home(tmp_path / "seller")
    for home in (of_folder, of_seller):
        drop(home, OLIST)
        refreshed(home)
    receipts = [erased(of_folder, "olist", "u1"), erased(of_seller, "s1", "u1")]
    assert [receipt["orders"] for receipt in receipts] == [2, 1]
    assert all(set(receipt["files_that_name_them"]) == {f"olist/{file.name}" for file in OLIST} for receipt in receipts)
    for home, left in ((of_folder, set()), (of_seller, {"s2"})):
        persons = erasing.pseudonym_of(["s1", "s2"], "u1", [KEY])
        parts = [pl.read_parquet(path) for path in home.landed.glob("orders/*.parquet")]
        assert set(pl.concat(parts).filter(pl.col("buyer").is_in(list(persons)))["store"]) == left
    for home, named in ((of_folder, {"o9": False}), (of_seller, {"o9": True})):
        drop(home, [replace(file, content=file.content.replace(b"o2,", b"o9,").replace(b",s2,", b",s3,")) for file in OLIST])
        refreshed(home)
        orders = pl.concat([pl.read_parquet(path) for path in home.landed.glob("orders/*.parquet")])
        assert dict(orders.filter(pl.col("store") == "s3").select("order_id", pl.col("buyer").is_not_null()).iter_rows()) == named


OLIST = [
    ExportFile("olist", name, text.encode())
    for name, text in {
        "olist_orders_dataset.csv": (
            "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
            "order_delivered_customer_date,order_estimated_delivery_date\n"
            "o1,c1,delivered,2018-01-02 10:00:00,2018-01-02 11:00:00,,,\n"
            "o2,c2,delivered,2018-01-03 10:00:00,2018-01-03 11:00:00,,,\n"
        ),
        "olist_order_items_dataset.csv": (
            "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
            "o1,1,p1,s1,2018-01-09 10:00:00,10.00,1.00\n"
            "o2,1,p2,s2,2018-01-09 10:00:00,20.00,2.00\n"
        ),
        "olist_customers_dataset.csv": (
            "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
            "c1,u1,01001,sao paulo,SP\n"
            "c2,u1,01001,sao paulo,SP\n"
        ),
    }.items()
]
