"""What readers see is one generation, whole: numbered, kept for a while, held and released, made only where something changed.

All here happens in one process; several at once, and processes that are killed, are in test_concurrency.
"""

import csv
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import pytest
import worlds
from homes import PRIVATE_TABLES, drop, make_home, published_digests, put_back, refreshed, take_out
from worlds import ExportFile, Order, World

from assets import published
from assets.definitions import in_order
from assets.home import Home, UsageError, write_durably
from assets.landed import Intake
from assets.published import KEEP, PublishError, generations, open_published, release, roll_back
from pipelines.refresh import CheckFailedError, Refresh, nothing_new
from pipelines.settings import settings_of

WORLD = worlds.mixed_world()
SHOP = next(store for store in WORLD.stores if store.name == "shopify_us")
FIRST, SECOND = (file for file in WORLD.files if file.store == SHOP.name)
OF_SHOP = World("one shop", (SHOP,), (FIRST, SECOND), tuple(order for order in WORLD.orders if order.store == SHOP), frozenset())


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one shop, whose first export is published as generation 1. For copying, never for changing."""
    home = make_home(tmp_path_factory.mktemp("once") / "home")
    replace(OF_SHOP, files=(FIRST,)).write(home.root)
    refreshed(home)
    return home


@pytest.fixture
def shop(published_once: Home, tmp_path: Path) -> Home:
    """A home with one shop, whose first export is published as generation 1."""
    return Home(Path(shutil.copytree(published_once.root, tmp_path / "home")))


class Numbers(NamedTuple):
    """The generations that can be read, the one readers see, and whether it is held."""

    readable: list[int]
    seen: int | None
    held: bool


def numbers(home: Home) -> Numbers:
    """How things stand, as a reader finds them."""
    current = published.current(home)
    return Numbers([each.number for each in generations(home)], current.number if current else None, bool(published.held(home)))


def number_in(connection: duckdb.DuckDBPyConnection) -> int:
    """The number a published file states of itself."""
    (number,) = connection.execute("select generation from generation").fetchone() or (0,)
    return int(number)


def number_seen(home: Home) -> int:
    """The number of the generation that readers open."""
    with open_published(home) as connection:
        return number_in(connection)


def built(home: Home) -> Refresh:
    """A refresh that has done all but publish."""
    under_way = Refresh(settings_of(home.root))
    with Intake(home, under_way.settings.limits) as intake:
        intake.finish()
    for table in in_order():
        under_way.build(table)
    return under_way


def published_again(home: Home) -> None:
    """Publish what was built last once more, as the next generation."""
    again = replace(generations(home)[-1], number=published.next_number(home))
    published.publish(home, home.warehouse / "warehouse.duckdb", again, published.current_name(home))


# ---- Numbers, keeping, holding --------------------------------------------------------------------


def test_generations_are_numbered_upwards_and_current_names_one(shop: Home) -> None:
    """Every refresh takes the next number, readers open the one that CURRENT names, and the file says so itself."""
    assert [refreshed(shop).number for _ in range(2)] == [2, 3]
    assert (shop.published / "CURRENT").read_text() == "g000003.duckdb\n"
    assert numbers(shop) == Numbers([1, 2, 3], seen=3, held=False)
    assert number_seen(shop) == 3
    with open_published(shop, 2) as earlier:
        assert number_in(earlier) == 2


def test_the_last_seven_generations_are_kept(shop: Home) -> None:
    """Nine publishes leave seven generations, each with its description, and nothing else."""
    for _ in range(8):
        published_again(shop)
    assert numbers(shop) == Numbers([3, 4, 5, 6, 7, 8, 9], seen=9, held=False)
    files = {f"g{number:06d}.{suffix}" for number in range(3, 10) for suffix in ("duckdb", "json")}
    assert {path.name for path in shop.published.iterdir()} == files | {"CURRENT"}


def test_the_generation_readers_see_is_never_pruned(shop: Home) -> None:
    """A generation that is held stays readable however many are built after it, and goes when it is released."""
    refreshed(shop)
    roll_back(shop, 1)
    for _ in range(9):
        published_again(shop)
    assert numbers(shop) == Numbers([1, 5, 6, 7, 8, 9, 10, 11], seen=1, held=True)
    assert number_seen(shop) == 1
    release(shop)
    refreshed(shop)
    assert numbers(shop) == Numbers([6, 7, 8, 9, 10, 11, 12], seen=12, held=False)


def test_a_number_is_never_used_twice(shop: Home) -> None:
    """A generation built while an earlier one is held takes the number after the newest, not after the one readers see."""
    refreshed(shop)
    roll_back(shop, 1)
    assert refreshed(shop).number == 3


def test_an_open_reader_keeps_its_generation(shop: Home) -> None:
    """A connection goes on reading its generation after others were published and its own was pruned."""
    with open_published(shop) as connection:
        for _ in range(KEEP):
            published_again(shop)
        assert 1 not in numbers(shop).readable
        assert number_in(connection) == 1
        assert connection.execute("select count(*) from orders").fetchone() != (0,)


def test_a_rollback_holds_until_it_is_released(shop: Home) -> None:
    """After a rollback readers see the earlier generation, runs build on without flipping, and a release shows the newest."""
    refreshed(shop)
    assert roll_back(shop).number == 1
    assert numbers(shop) == Numbers([1, 2], seen=1, held=True)
    drop(shop, [SECOND])
    assert refreshed(shop).number == 3
    assert numbers(shop) == Numbers([1, 2, 3], seen=1, held=True)
    assert nothing_new(settings_of(shop.root)) is not None
    assert (release(shop) or generations(shop)[0]).number == 3
    assert numbers(shop) == Numbers([1, 2, 3], seen=3, held=False)
    assert number_seen(shop) == 3


def test_a_rollback_to_what_is_not_there_changes_nothing(shop: Home) -> None:
    """Rolling back to no generation, or before the first, is refused, and readers see what they saw."""
    for number in (None, 0, 7):
        with pytest.raises(UsageError, match="there are 1"):
            roll_back(shop, number)
    assert numbers(shop) == Numbers([1], seen=1, held=False)


def test_before_the_first_publish_a_reader_is_told_what_to_do(tmp_path: Path) -> None:
    """Where nothing is published, opening says so and names the command; a number that is not there is refused."""
    home = make_home(tmp_path)
    with pytest.raises(UsageError, match=r"nothing is published .*edgewise run"):
        open_published(home)
    with pytest.raises(UsageError, match="edgewise generations"):
        open_published(home, 3)


# ---- Publishing that does not come off ------------------------------------------------------------


def test_publishing_refuses_where_another_run_published_meanwhile(shop: Home) -> None:
    """A refresh whose base is no longer CURRENT publishes nothing and leaves no draft; the next one publishes."""
    refreshed(shop)
    under_way = built(shop)
    roll_back(shop, 1)
    with pytest.raises(PublishError, match="meanwhile"):
        under_way.publish()
    assert numbers(shop) == Numbers([1, 2], seen=1, held=True)
    assert not list(shop.published.glob(".*"))
    assert refreshed(shop).number == 3


def test_publishing_refuses_where_there_is_no_room(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for a copy nothing is published, the last generation stands, and the refresh is pending."""
    drop(shop, [SECOND])
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
        with pytest.raises(PublishError, match="make room"):
            refreshed(shop)
    assert numbers(shop) == Numbers([1], seen=1, held=False)
    assert nothing_new(settings_of(shop.root)) is None
    assert refreshed(shop).number == 2


def test_publishing_refuses_a_copy_that_does_not_read_back(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy whose bytes are not those written is never named, and no draft of it is left."""
    with monkeypatch.context() as patch:
        patch.setattr(published, "_sha256", lambda _: "0" * 64)
        with pytest.raises(PublishError, match="disk"):
            refreshed(shop)
    assert numbers(shop) == Numbers([1], seen=1, held=False)
    assert not list(shop.published.glob(".*"))


def test_publishing_refuses_a_copy_that_lacks_rows(shop: Home) -> None:
    """A copy with other rows than were built is never named, and no draft of it is left."""
    newest = generations(shop)[-1]
    rows, digest = newest.tables["orders"]
    wanted = replace(newest, number=2, tables={**newest.tables, "orders": (rows + 1, digest)})
    with pytest.raises(PublishError, match="orders has"):
        published.publish(shop, shop.warehouse / "warehouse.duckdb", wanted, published.current_name(shop))
    assert numbers(shop) == Numbers([1], seen=1, held=False)
    assert not list(shop.published.glob(".*"))


def test_a_generation_that_was_built_but_not_shown_is_shown_by_the_next_run(shop: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies between describing a generation and flipping CURRENT leaves something to do, and the next run shows it."""
    drop(shop, [SECOND])

    def dies_at_current(path: Path, content: bytes) -> None:
        if path.name == "CURRENT":
            raise KeyboardInterrupt
        write_durably(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(published, "write_durably", dies_at_current)
        with pytest.raises(KeyboardInterrupt):
            refreshed(shop)
    assert number_seen(shop) == 1
    assert nothing_new(settings_of(shop.root)) is None
    refreshed(shop)
    assert numbers(shop).seen == numbers(shop).readable[-1] > 1
    with open_published(shop) as connection:
        assert connection.execute("select count(*) from files where file = ?", [f"{SHOP.name}/{SECOND.name}"]).fetchone() == (1,)


# ---- What a generation does not hold --------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with all stores of the world, published once."""
    home = make_home(tmp_path_factory.mktemp("everything"))
    WORLD.write(home.root)
    refreshed(home)
    return home


def pseudonyms(home: Home) -> frozenset[int]:
    """All pseudonyms in the private tables."""
    found: set[int] = set()
    with duckdb.connect(str(home.warehouse / "private.duckdb"), read_only=True) as private:
        for table in sorted(PRIVATE_TABLES):
            found |= {buyer for (buyer,) in private.execute(f"select distinct buyer from {table}").fetchall()}
    assert len(found) > 50, "hardly any pseudonyms: nothing is shown by not finding them"
    return frozenset(found)


def without_gaps(content: bytes) -> bytes:
    """A file's bytes with long runs of zeros cut short, since most of a small database is empty blocks."""
    return re.sub(rb"\0{64,}", bytes(64), content)


def as_numbers(content: bytes, wanted: frozenset[int]) -> set[int]:
    """Those of some 64-bit integers that stand in the bytes, at any offset and in either order of bytes."""
    found: set[int] = set()
    for order in (content, content[::-1]):
        for offset in range(8):
            whole = order[offset : offset + (len(order) - offset) // 8 * 8]
            found |= wanted.intersection(memoryview(whole).cast("q"))
    return found


def test_a_published_file_has_no_private_table(everything: Home) -> None:
    """No table or view of a generation, in any schema, is one of those with pseudonyms, and no column is called buyer."""
    with open_published(everything) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
        ).fetchall()
        columns = connection.execute("select distinct column_name from duckdb_columns() where not internal").fetchall()
    assert {name for (name,) in tables} > {"orders", "store_days", "store_metrics", "product_metrics"}
    assert {name for (name,) in tables} & PRIVATE_TABLES == set()
    assert ("buyer",) not in columns


def test_no_value_of_a_published_table_is_a_pseudonym(everything: Home) -> None:
    """No cell of any published table, read as text, is a buyer's pseudonym, signed or unsigned."""
    known = {str(of) for buyer in pseudonyms(everything) for of in (buyer, buyer % 2**64)}
    with open_published(everything) as connection:
        columns = connection.execute(
            """select schema_name, table_name, column_name from duckdb_columns()
               where not internal and data_type not in ('DATE', 'BOOLEAN', 'TIMESTAMP')"""
        ).fetchall()
        assert len(columns) > 100
        for schema, table, column in columns:
            cells = connection.execute(f'select distinct "{column}"::varchar from {schema}."{table}"').fetchall()
            assert not known & {cell for (cell,) in cells}, f"{schema}.{table}.{column}"


def test_the_bytes_of_a_published_file_hold_no_pseudonym_and_no_personal_value(everything: Home) -> None:
    """Neither a pseudonym, as eight bytes or as digits, nor a name, account, phone or address stands in a generation's bytes."""
    current = published.current(everything)
    assert current is not None
    database = everything.published / current.file
    content = without_gaps(database.read_bytes()) + database.with_suffix(".json").read_bytes()
    known = pseudonyms(everything)
    assert as_numbers(content, known) == set()
    digits = {run for found in re.findall(rb"-?\d{12,}", content) for run in (found, found.lstrip(b"-"))}
    assert not digits & {str(of).encode() for buyer in known for of in (buyer, buyer % 2**64)}
    values = [value.encode(encoding) for value in WORLD.personal_values for encoding in ("utf-8", "gb18030", "utf-16-le")]
    assert [value for value in values if value in content] == []


def test_looking_for_bytes_finds_what_is_there(everything: Home) -> None:
    """The look at bytes would see a leak: in the private file it finds pseudonyms."""
    content = without_gaps((everything.warehouse / "private.duckdb").read_bytes())
    assert len(as_numbers(content, pseudonyms(everything))) > len(pseudonyms(everything)) / 2


# ---- What is new ----------------------------------------------------------------------------------


def stores_csv(home: Home, **changed: str) -> None:
    """Write stores.csv with the shop, some of its cells changed."""
    cells = {
        "store": SHOP.name,
        "platform": SHOP.platform,
        "timezone": SHOP.timezone,
        "currency": SHOP.currency,
        "name": SHOP.name,
    }
    cells |= {"group": ""} | changed
    (home.reference / "stores.csv").write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n")


def a_rate(home: Home) -> None:
    """Give an exchange rate."""
    (home.reference / "fx_rates.csv").write_text("date,currency,rate\n2024-03-01,USD,7.1\n")


def a_setting(line: str) -> Callable[[Home], object]:
    """Write a setting into edgewise.toml."""
    return lambda home: home.toml.write_text(f"workers = 0\n{line}\n")


def retract_and_put_back(home: Home) -> None:
    """Take the file out, and put it back."""
    take_out(home, f"{SHOP.name}/{FIRST.name}")
    put_back(home, f"{SHOP.name}/{FIRST.name}")


CHANGES: dict[str, Callable[[Home], object]] = {
    "a new file": lambda home: drop(home, [SECOND]),
    "a file nobody can read": lambda home: drop(home, [ExportFile(SHOP.name, "notes.csv", b"a,b\n1,2\n")]),
    "the same bytes under another name": lambda home: drop(home, [ExportFile(SHOP.name, "copy.csv", FIRST.content)]),
    "a store of another name": lambda home: stores_csv(home, name="Another name"),
    "a store in another group": lambda home: stores_csv(home, group="abroad"),
    "another time zone": lambda home: stores_csv(home, timezone="Asia/Tokyo"),
    "another currency": lambda home: stores_csv(home, currency="CAD"),
    "a rate": a_rate,
    "a catalogue": lambda home: (home.reference / "catalogue.csv").write_text("merchant_sku,item,category\nTOTE,tote,bags\n"),
    "another reporting currency": a_setting('reporting_currency = "EUR"'),
    "a retraction": lambda home: take_out(home, f"{SHOP.name}/{FIRST.name}"),
}
NO_CHANGES: dict[str, Callable[[Home], object]] = {
    "nothing": lambda _: None,
    "a reference file touched": lambda home: os.utime(home.reference / "stores.csv", (1, 1)),
    "another hour of the night": a_setting('nightly_at = "04:00"'),
    "more workers": lambda home: home.toml.write_text("workers = 3\n"),
    "the file gone from the inbox": lambda home: (home.inbox / SHOP.name / FIRST.name).unlink(),
    "a file that is ignored": lambda home: drop(
        home, [ExportFile(SHOP.name, ".DS_Store", b"\0"), ExportFile(SHOP.name, "~$x.csv", b"")]
    ),
    "a retraction taken back": retract_and_put_back,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_changes_a_number_is_something_new(shop: Home, change: Callable[[Home], object]) -> None:
    """Right after a refresh nothing is new, after a change something is, and after the next refresh nothing is again."""
    assert nothing_new(settings_of(shop.root)) == generations(shop)[-1]
    change(shop)
    assert nothing_new(settings_of(shop.root)) is None
    refreshed(shop)
    assert nothing_new(settings_of(shop.root)) == generations(shop)[-1]


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES.keys())
def test_what_changes_no_number_is_nothing_new(shop: Home, change: Callable[[Home], object]) -> None:
    """What cannot change a published number leaves nothing to do, and a refresh all the same gives the same tables."""
    before = published_digests(shop)
    change(shop)
    assert nothing_new(settings_of(shop.root)) == generations(shop)[-1]
    refreshed(shop)
    assert published_digests(shop) == before


def paid_by_day(home: Home) -> dict[date, int]:
    """Paid orders of every local day."""
    with open_published(home) as connection:
        return dict(
            connection.execute(
                "select period_start, paid_orders from store_metrics where grain = 'day' and basis = 'paid' and paid_orders > 0"
            ).fetchall()
        )


def paid_in(zone: str, orders: tuple[Order, ...]) -> dict[date, int]:
    """Paid orders of every local day, by the true orders, on the clock of a time zone."""
    days = (order.paid_at.astimezone(ZoneInfo(zone)).date() for order in orders if order.is_counted and order.paid_at)
    return dict(Counter(days))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Pago_Pago"])
def test_a_changed_time_zone_moves_the_days(shop: Home, zone: str) -> None:
    """When stores.csv gives a store another time zone its files are read anew, and every order stands on that zone's day."""
    drop(shop, [SECOND])
    stores_csv(shop, timezone=zone)
    refreshed(shop)
    assert paid_by_day(shop) == paid_in(zone, OF_SHOP.orders) != paid_in(SHOP.timezone, OF_SHOP.orders)
    stores_csv(shop)
    refreshed(shop)
    assert paid_by_day(shop) == paid_in(SHOP.timezone, OF_SHOP.orders)


# ---- A blocking law that fails --------------------------------------------------------------------


def a_number_used_twice(file: ExportFile) -> ExportFile:
    """An export without a stamp that places an order of another file a year earlier."""
    header, *rows = csv.reader(io.StringIO(file.content.decode(), newline=""))
    number = rows[0][header.index("Name")]
    dated = [header.index(name) for name in ("Created at", "Paid at", "Fulfilled at", "Cancelled at")]
    moved = [[cell.replace("2024-", "2023-", 1) if i in dated else cell for i, cell in enumerate(row)] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *(row for row in moved if row[header.index("Name")] == number)])
    return ExportFile(file.store, "orders_export_of_another_year.csv", text.getvalue().encode())


def broken(error: pytest.ExceptionInfo[CheckFailedError]) -> set[str]:
    """The laws a refresh failed by."""
    return {verdict.law.name for verdict in error.value.broken}


def content_of(home: Home) -> list[tuple[Any, ...]]:
    """What readers see of orders."""
    with open_published(home) as connection:
        return connection.execute("from orders order by all").fetchall()


def test_a_failed_blocking_law_leaves_the_last_generation_and_is_tried_again(shop: Home) -> None:
    """While a blocking law fails, readers keep the last generation, the refresh stays pending, and every run tries again."""
    before, seen = published_digests(shop), content_of(shop)
    drop(shop, [a_number_used_twice(FIRST)])
    for _ in range(2):
        with pytest.raises(CheckFailedError) as error:
            refreshed(shop)
        assert "every_order_has_one_month" in broken(error)
        assert numbers(shop) == Numbers([1], seen=1, held=False)
        assert content_of(shop) == seen
        assert nothing_new(settings_of(shop.root)) is None
    take_out(shop, f"{SHOP.name}/orders_export_of_another_year.csv")
    assert refreshed(shop).number == 2
    assert published_digests(shop) == before
    assert nothing_new(settings_of(shop.root)) is not None


def test_a_law_that_fails_at_first_publishes_nothing_at_all(tmp_path: Path) -> None:
    """Where the very first refresh fails a blocking law there is no generation; retracting the bad file gives the first."""
    home = make_home(tmp_path)
    replace(OF_SHOP, files=(FIRST, a_number_used_twice(FIRST))).write(home.root)
    with pytest.raises(CheckFailedError):
        refreshed(home)
    assert numbers(home) == Numbers([], seen=None, held=False)
    take_out(home, f"{SHOP.name}/orders_export_of_another_year.csv")
    assert refreshed(home).number == 1


def test_good_files_that_came_with_a_bad_one_are_published_once_it_is_out(shop: Home) -> None:
    """A bad file keeps back the files that came with it only until it is retracted."""
    drop(shop, [SECOND, a_number_used_twice(FIRST)])
    with pytest.raises(CheckFailedError):
        refreshed(shop)
    take_out(shop, f"{SHOP.name}/orders_export_of_another_year.csv")
    refreshed(shop)
    assert paid_by_day(shop) == paid_in(SHOP.timezone, OF_SHOP.orders)
