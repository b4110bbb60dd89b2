"""Which past numbers a refresh changed: the days and whole months a file touched, and the file; nothing that only got newer."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import worlds
from homes import drop, make_home, refreshed, take_out

from assets import published
from assets.home import Home
from assets.restated import METRICS, restatements
from pipelines import noticed


def compared(home: Home, earlier: int, later: int) -> list[tuple[object, ...]]:
    """Restatements between two generations of a home."""
    built = {generation.number: generation for generation in published.generations(home)}
    with duckdb.connect(str(home.published / built[later].file), read_only=True) as now:
        frame = restatements(now, home.published / built[earlier].file, later, built[later].code_version)
    return frame.rows()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Generations of the Taobao world: without its last files, with them, the same again, and with one taken out."""
    made = make_home(tmp_path_factory.mktemp("restated"))
    world = worlds.taobao_world()
    refunds = [file for file in world.files if "fund" in file.name.lower() or "退款" in file.name]
    world.write(made.root)
    for file in refunds:
        (made.inbox / file.store / file.name).unlink()
    refreshed(made)
    drop(made, refunds)
    refreshed(made)
    assert refunds
    take_out(made, f"{refunds[-1].store}/{refunds[-1].name}")
    refreshed(made)
    return made


def days(home: Home, number: int) -> dict[tuple[str, str, date], dict[str, Decimal | None]]:
    """A generation's numbers per store, currency and day."""
    with published.open_published(home, number) as connection:
        rows = connection.execute(
            f"""select store, currency, period_start, {", ".join(METRICS)}
            from store_metrics where basis = 'paid' and grain = 'day'"""
        ).fetchall()
    return {
        (store, currency, day): {
            name: None if value is None else Decimal(value) for name, value in zip(METRICS, values, strict=True)
        }
        for store, currency, day, *values in rows
    }


def test_every_past_number_that_changed_is_told_and_no_other(home: Home) -> None:
    """Day by day, by a plain loop over both generations."""
    before, after = days(home, 1), days(home, 2)
    known = {
        (store, name): max(
            (day for (of, _, day), values in before.items() if of == store and values[name] is not None), default=date.min
        )
        for store in {key[0] for key in before}
        for name in METRICS
    }
    nothing = dict.fromkeys(METRICS)
    expected = {
        (*key[:2], name, key[2], before.get(key, nothing)[name], after.get(key, nothing)[name])
        for key in before.keys() | after.keys()
        for name in METRICS
        if before.get(key, nothing)[name] != after.get(key, nothing)[name] and key[2] <= known[key[0], name]
    }
    told = {
        (store, currency, metric, start, was, now)
        for store, currency, metric, grain, start, was, now, *_ in compared(home, 1, 2)
        if grain == "day"
    }
    assert told == expected
    assert told


def test_the_file_that_did_it_is_named(home: Home) -> None:
    """Every change a landed file made names a refund export; taking it out names that file, and puts the numbers back."""
    causes = {(cause, "fund" in (file or "").lower() or "退款" in (file or "")) for *_, cause, file in compared(home, 1, 2)}
    assert causes == {("file", True)}
    taken = compared(home, 2, 3)
    assert taken
    assert {cause for *_, cause, _ in taken} == {"file"}


def test_a_generation_against_itself_restates_nothing(home: Home) -> None:
    assert compared(home, 2, 2) == []


def test_before_anything_was_published_nothing_is_restated() -> None:
    with duckdb.connect() as connection:
        assert restatements(connection, None, 1, "v").is_empty()
        assert restatements(connection, Path("nowhere.duckdb"), 1, "v").is_empty()


def test_what_only_got_newer_is_no_restatement(tmp_path: Path) -> None:
    """New days and the month they complete are news; a day before them that changed is a restatement, here by another code."""
    columns = ", ".join(f"{name} decimal(18, 2)" for name in METRICS)
    keys = "basis varchar, grain varchar, store varchar, currency varchar, period_start date"
    made = {}
    for name, rows in {
        "old": {("day", 30): 5, ("day", 31): 7, ("month", 1): 12, ("day", 32): 3, ("month", 32): 3},
        "new": {("day", 30): 6, ("day", 31): 7, ("month", 1): 13, ("day", 32): 3, ("day", 33): 9, ("month", 32): 12},
    }.items():
        made[name] = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(made[name])) as connection:
            connection.execute(f"create table store_metrics ({keys}, {columns})")
            connection.execute("create table generation (code_version varchar)")
            connection.execute("insert into generation values (?)", [name])
            for (grain, nth), orders in rows.items():
                row = ["paid", grain, "shop", "CNY", date(2026, 1, 1) + timedelta(days=nth - 1), orders]
                into = "basis, grain, store, currency, period_start, paid_orders"
                connection.execute(f"insert into store_metrics ({into}) values (?, ?, ?, ?, ?, ?)", row)
    with duckdb.connect(str(made["new"]), read_only=True) as connection:
        found = restatements(connection, made["old"], 2, "new").rows()
    assert found == [
        ("shop", "CNY", "paid_orders", "day", date(2026, 1, 30), Decimal(5), Decimal(6), 2, "code", None),
        ("shop", "CNY", "paid_orders", "month", date(2026, 1, 1), Decimal(12), Decimal(13), 2, "code", None),
    ]


def test_the_summary_of_a_run_says_what_was_restated(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """The store, how many figures, by which file; nothing of a generation that restated nothing."""
    with published.open_published(home, 2) as database:
        (numbers,) = database.execute("select count(*) from restatements where grain = 'day'").fetchone() or (0,)
        (store, file) = database.execute("select store, file from restatements where grain = 'day' limit 1").fetchone() or (
            "",
            "",
        )
        noticed.restated(database)
    said = capsys.readouterr().out
    assert numbers
    assert "restated" in said
    assert store in said
    assert file.split("; ")[0] in said
    with published.open_published(home, 1) as database:
        noticed.restated(database)
    assert not capsys.readouterr().out
