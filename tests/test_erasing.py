"""One person is removed from everything, for good and also when the export comes again; every sum stays to the cent."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
import worlds
from homes import KEY, drop, held_digests, make_home, published_digests, refreshed
from typer.testing import CliRunner, Result

from assets import erasing, published
from assets.exports import worker
from assets.exports.opening import Reader, Source
from assets.home import Home
from assets.landed import Intake
from assets.ledger import Ledger, damaged
from pipelines.cli import app
from pipelines.settings import settings_of

WORLD = worlds.mixed_world()
TAOBAO = [file for file in WORLD.files if file.store == "taobao_d"]
SHOPIFY = [file for file in WORLD.files if file.store == "shopify_us"]
SALES = ("orders", "order_lines", "refunds", "store_days", "product_days")


def buyers_of(store: str) -> list[str]:
    """Who bought in a store, those with most orders first, so that every order of someone is more than one row."""
    keys = [order.person.key for order in WORLD.orders if order.store.name == store]
    return sorted(set(keys), key=lambda key: (-keys.count(key), key))


def pseudonym(store: str, buyer: str) -> int:
    """What the home calls a buyer."""
    (person,) = erasing.pseudonym_of([store], buyer, [KEY])
    return person


def erase(home: Home, store: str, buyer: str, *more: str) -> Result:
    """Run the command, the buyer given at its prompt."""
    return CliRunner().invoke(app, ["erase", "--store", store, "--home", str(home.root), *more], input=f"{buyer}\n")


def cells(home: Home) -> Iterator[tuple[str, set[str]]]:
    """Every column of every table and part a home holds, as texts."""
    for path in home.landed.glob("*/*.parquet"):
        for column in pl.read_parquet(path).cast(pl.String).iter_columns():
            yield f"{path.name} {column.name}", set(column.drop_nulls())
    for path in (*home.published.glob("*.duckdb"), *home.warehouse.glob("*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as database:
            for schema, table, column in database.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where not internal"
            ).fetchall():
                rows = database.execute(f'select distinct "{column}"::varchar from "{schema}"."{table}"').fetchall()
                yield f"{path.name} {table}.{column}", {str(cell) for (cell,) in rows}


def naming(home: Home, person: int) -> list[str]:
    """Where a person is named."""
    return [where for where, texts in cells(home) if str(person) in texts]


def landed_rows(home: Home, kind: str) -> list[tuple[object, ...]]:
    """All rows of a kind, but for where they came from."""
    rows = pl.concat([pl.read_parquet(path) for path in home.landed.glob(f"{kind}/*.parquet")])
    return sorted(rows.drop("landing").cast(pl.String).fill_null("").rows())


def shop(root: Path, files: list[worlds.ExportFile]) -> Home:
    """A home with some files, refreshed."""
    home = make_home(root)
    drop(home, files)
    refreshed(home)
    return home


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home as it is before anyone is erased; tests work on copies."""
    home = make_home(tmp_path_factory.mktemp("before") / "home")
    drop(home, TAOBAO[::2])
    with Intake(home, settings_of(home.root).limits) as intake:
        intake.finish()
    drop(home, [*TAOBAO[1::2], *SHOPIFY])
    refreshed(home)
    return home


@pytest.fixture
def home(shown: Home, tmp_path: Path) -> Home:
    """A copy of it."""
    return Home(shutil.copytree(shown.root, tmp_path / "home"))


@pytest.mark.parametrize("store", ["taobao_d", "shopify_us"])
def test_a_person_is_gone_from_everything_and_no_sum_changes(home: Home, shown: Home, store: str) -> None:
    """Tables of people name one fewer; earlier generations are gone, and the receipt says so without saying who."""
    buyer = buyers_of(store)[0]
    person, before = pseudonym(store, buyer), published_digests(home)
    assert naming(home, person)
    done = erase(home, store, buyer)
    assert done.exit_code == 0, done.output
    assert buyer not in done.output
    assert naming(home, person) == []
    after = published_digests(home)
    assert {name: after[name] for name in SALES} == {name: before[name] for name in SALES}
    held = held_digests(home)
    assert {name: held[name] for name in SALES} == {name: after[name] for name in SALES}
    assert damaged(home, Ledger(home)) == []
    assert [generation.number for generation in published.generations(home)] == [2]
    assert CliRunner().invoke(app, ["rollback", "1", "--home", str(home.root)]).exit_code == 2
    assert "to the cent" in done.output
    assert all(f"  {file}" in done.output for file in files_that_name(home, store, buyer))
    refreshed(home)
    assert naming(home, person) == []


def files_that_name(home: Home, store: str, buyer: str) -> set[str]:
    """The inbox's files that hold a buyer's name in their text, and are order exports."""
    found = set()
    for file in [*TAOBAO, *SHOPIFY]:
        text = file.content.decode(
            "gb18030" if not file.content.startswith(b"\xef\xbb\xbf") and store == "taobao_d" else "utf-8", "ignore"
        )
        if file.store == store and buyer in text and file.name.startswith(("ExportOrderList", "orders_export")):
            found.add(f"{store}/{file.name}")
    assert found
    return found


def test_what_is_rewritten_is_what_would_have_landed(home: Home, tmp_path: Path) -> None:
    """Every row of every kind, the hashes that order versions too, is as in a home that knew from the start."""
    buyer = buyers_of("taobao_d")[0]
    assert erase(home, "taobao_d", buyer).exit_code == 0
    fresh = make_home(tmp_path / "fresh")
    erasing.suppress(Ledger(fresh), [pseudonym("taobao_d", buyer)], stand=False)
    drop(fresh, [*TAOBAO, *SHOPIFY])
    refreshed(fresh)
    for kind in ("orders", "order_lines", "refunds"):
        assert landed_rows(home, kind) == landed_rows(fresh, kind)
    assert published_digests(home) == published_digests(fresh)
    assert sums(Ledger(home)) == sums(Ledger(fresh))


def sums(ledger: Ledger) -> list[tuple[str, ...]]:
    """The digests of what landed, by file."""
    return sorted((landing.file, str(sorted(landing.digests))) for landing in ledger.live.values())


def law(root: Path, shown: Home, seed: int) -> None:
    """Erase anyone, let any files come again under other names and in any order: nobody comes back and no sum changes."""
    of = random.Random(seed)
    home = Home(shutil.copytree(shown.root, root / "home"))
    store = of.choice(["taobao_d", "shopify_us"])
    buyer = of.choice(buyers_of(store))
    before = published_digests(home)
    assert erase(home, store, buyer).exit_code == 0
    again = of.sample([*TAOBAO, *SHOPIFY], of.randint(1, 4))
    drop(
        home,
        [worlds.ExportFile(file.store, f"{n} again {file.name}", file.content + b"\n" * n) for n, file in enumerate(again, 1)],
    )
    refreshed(home)
    assert naming(home, pseudonym(store, buyer)) == []
    assert {name: published_digests(home)[name] for name in SALES if name != "orders"} == {
        name: before[name] for name in SALES if name != "orders"
    }
    assert published_digests(home)["orders"][0] == before["orders"][0]


def test_whatever_comes_again_brings_nobody_back(tmp_path: Path, shown: Home) -> None:
    """Once; many times in the soak."""
    law(tmp_path, shown, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 22))
def test_whatever_comes_again_brings_nobody_back_many_times(tmp_path: Path, shown: Home, seed: int) -> None:
    """The same for anyone and anything."""
    law(tmp_path, shown, seed)


class StoppedError(Exception):
    """Stands for a process that ends there."""


STEPS: dict[str, tuple[object, str, int]] = {
    "before a part is written": (erasing, "write_part", 0),
    "between two parts": (erasing, "write_part", 1),
    "before an entry is replaced": (Ledger, "replace", 0),
    "between two entries": (Ledger, "replace", 1),
    "before the warehouse goes": (erasing.shutil, "rmtree", 0),
    "before a generation is shown": (published, "publish", 0),
    "before earlier ones are deleted": (published, "forget_earlier", 0),
    "before it is noted that all is done": (erasing, "conclude", 0),
}


QUICK = ("between two entries", "before earlier ones are deleted")


@pytest.mark.parametrize("step", [step if step in QUICK else pytest.param(step, marks=pytest.mark.soak) for step in STEPS])
def test_an_erasure_that_was_broken_off_is_finished_by_the_next_run(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Wherever it ends: by the next run, or by the command itself."""
    buyer, before = buyers_of("taobao_d")[0], published_digests(home)
    of, name, after = STEPS[step]
    whole: Callable[..., object] = getattr(of, name)
    calls: list[object] = []

    def stopping(*given: object, **named: object) -> object:
        calls.append(given)
        if len(calls) > after:
            raise StoppedError
        return whole(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(of, name, stopping)
        assert isinstance(erase(home, "taobao_d", buyer).exception, StoppedError)
    if step.startswith("between"):
        assert erase(home, "taobao_d", buyer).exit_code == 0
    else:
        refreshed(home)
    assert naming(home, pseudonym("taobao_d", buyer)) == []
    assert len(published.generations(home)) == 1
    assert Ledger(home).unfinished == frozenset()
    assert damaged(home, Ledger(home)) == []
    assert {name: published_digests(home)[name] for name in SALES} == {name: before[name] for name in SALES}


def test_who_is_not_there_is_left_out_of_what_comes(tmp_path: Path) -> None:
    """Nothing is deleted or built; the export that comes later names nobody."""
    home = make_home(tmp_path)
    (home.inbox / "taobao_d").mkdir()
    buyer = buyers_of("taobao_d")[0]
    done = erase(home, "taobao_d", buyer, "--json")
    assert done.exit_code == 0
    said = json.loads(done.stdout[done.stdout.index("{") :])
    assert (said["orders"], said["generation"], said["files_that_name_them"]) == (0, None, [])
    drop(home, TAOBAO[:2])
    with Intake(home, settings_of(home.root).limits) as intake:
        intake.finish()
    assert naming(home, pseudonym("taobao_d", buyer)) == []
    assert Ledger(home).unfinished == frozenset()


def test_a_person_of_an_earlier_key_is_found_with_that_key(tmp_path: Path) -> None:
    """Without it nobody can say who those pseudonyms were."""
    home = shop(tmp_path / "home", SHOPIFY)
    buyer = buyers_of("shopify_us")[0]
    person = pseudonym("shopify_us", buyer)
    (tmp_path / "old").write_bytes(KEY)
    home.key.unlink()
    with Intake(home, settings_of(home.root).limits, new_key_epoch=True) as intake:
        intake.finish()
    assert erase(home, "shopify_us", buyer).exit_code == 0
    assert naming(home, person)
    assert erase(home, "shopify_us", buyer, "--old-key", str(tmp_path / "old")).exit_code == 0
    assert naming(home, person) == []


@pytest.mark.parametrize(
    ("store", "buyer", "told"), [("nowhere", "x", "there are taobao_d"), ("taobao_d", " ", "nobody was named")]
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, store: str, buyer: str, told: str) -> None:
    """And changes nothing."""
    home = make_home(tmp_path)
    (home.inbox / "taobao_d").mkdir()
    done = erase(home, store, buyer, "--buyer", buyer)
    assert done.exit_code == 2
    assert told in done.stderr
    assert Ledger(home).entries == []


def test_the_files_named_are_told_by_pseudonym_alone(home: Home) -> None:
    """A unit read again names its files and nothing else."""
    buyer = buyers_of("shopify_us")[0]
    reading = Reader(home.landed, erasing.formats.load_all(), {}, KEY, frozenset({pseudonym("shopify_us", buyer)}))
    sources = [
        Source(path, "shopify_us", f"shopify_us/{path.name}", path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted((home.inbox / "shopify_us").iterdir())
    ]
    found = erasing.naming(worker.Unit(1, tuple(sources)), reading, [pseudonym("shopify_us", buyer)])
    assert set(found) == files_that_name(home, "shopify_us", buyer)
