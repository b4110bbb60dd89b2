"""Whose buyers can be counted together: across a change of the pseudonym key never, across one owner's stores where he asks."""

import secrets
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import worlds
from homes import KEY, drop, make_home, published_digests, refreshed

from assets import erasing, published
from assets.home import Home
from assets.ledger import Ledger
from pipelines.refresh import refresh
from pipelines.settings import settings_of

WORLD = worlds.mixed_world()
US, UK = ([file for file in WORLD.files if file.store == store] for store in ("shopify_us", "shopify_uk"))
NAMED_BY_KEY = {"order_buyers", "buyer_days", "product_buyers", "buyer_orders", "buyer_scores"}
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
    erasing.suppress(Ledger(home), erasing.pseudonym_of("shopify_us", person, [KEY]), stand=True)
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


def test_a_person_is_erased_from_linked_stores_too(tmp_path: Path) -> None:
    """By the name that is theirs in the stores linked."""
    home = make_home(tmp_path)
    drop(home, [*US, *UK])
    stores(home, {"shopify_us": "mine", "shopify_uk": "mine"})
    refreshed(home)
    of = {store: {o.person.key for o in WORLD.orders if o.store.name == store} for store in ("shopify_us", "shopify_uk")}
    person = min(of["shopify_us"] & of["shopify_uk"])
    ledger = Ledger(home)
    named = erasing.pseudonym_of("shopify_us", person, [KEY], erasing.realms_of(home, ledger, "shopify_us"))
    assert erasing.stand(home, ledger, named)
    assert not erasing.stand(home, ledger, erasing.pseudonym_of("shopify_us", person, [secrets.token_bytes(32)]))
    assert not erasing.stand(home, ledger, erasing.pseudonym_of("shopify_us", person, [KEY])), "it is not the store's own"
