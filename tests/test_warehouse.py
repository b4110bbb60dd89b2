"""The warehouse itself: what it may take of the machine, what it leaves behind, and how it tells months."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.definitions import sql_of
from assets.home import Home
from assets.ledger import Ledger
from assets.months import Month, batches, in_months, on_their_days
from assets.tables import BY_NAME, Stage
from assets.warehouse import MEMORY, Warehouse
from tests.homes import make_home

JANUARY, FEBRUARY, APRIL = date(2024, 1, 1), date(2024, 2, 1), date(2024, 4, 1)


def opened(home: Home, memory: str = "") -> Warehouse:
    """A warehouse of an empty home."""
    return Warehouse(home, Ledger(home), {}, memory)


def limit(warehouse: Warehouse) -> int:
    """How many bytes DuckDB may take."""
    found = warehouse.connection.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchone()
    return int(found[0]) if found else 0


def test_memory_is_bounded_unless_the_owner_says_otherwise(tmp_path: Path) -> None:
    """Without a setting at most `MEMORY`; with one, that."""
    home = make_home(tmp_path / "home")
    with opened(home) as warehouse:
        assert 0 < limit(warehouse) <= MEMORY
    with opened(home, "512MiB") as warehouse:
        assert limit(warehouse) == 512 << 20


def test_what_a_killed_run_had_spilled_is_gone_once_the_warehouse_opens(tmp_path: Path) -> None:
    """Rows that did not fit into memory are pseudonyms at most; all the same they stay no longer than the run they are of."""
    home = make_home(tmp_path / "home")
    left = home.warehouse / "spill" / "duckdb_temp_storage_DEFAULT-0.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left")
    with opened(home, "40MiB") as warehouse:
        assert not left.exists()
        warehouse.connection.execute("create temp table wide as select range as a, hash(range)::varchar as b from range(3000000)")
        assert list(left.parent.iterdir())
    assert not left.parent.exists() or not list(left.parent.iterdir())


def test_a_table_that_another_release_had_as_a_view_is_made_anew_and_so_is_a_view(tmp_path: Path) -> None:
    """Its rows go with it, and what was known of them: nothing of them is counted among what stands."""
    home = make_home(tmp_path / "home")
    with opened(home) as warehouse:
        warehouse.connection.execute("create table warehouse.main.product_weeks as select 1 as units")
        warehouse.connection.execute("insert into warehouse.meta.partitions values ('product_weeks', null, 'old', 1, 7)")
        warehouse.connection.execute("create view warehouse.main.product_periods as select 1 as units")
    rows = pl.DataFrame(schema=[column.name for column in BY_NAME["product_periods"].columns])
    for time in ("first", "second"):
        with opened(home) as warehouse:
            assert ("product_weeks" in warehouse.digests()) == (time == "first")
            warehouse.write(BY_NAME["product_periods"], rows)
            for name in ("product_days", "cost_days", "order_coverage", "product_visits"):
                warehouse.write(BY_NAME[name], pl.DataFrame(schema=[column.name for column in BY_NAME[name].columns]))
            warehouse.build(BY_NAME["product_weeks"])
            assert "product_weeks" not in warehouse.digests()
            assert warehouse.connection.execute("from product_weeks union all by name from product_periods").fetchall() == []


def test_months_are_told_as_runs() -> None:
    """Months that follow one another are one range, over the year's end too; a gap parts them; no month is said apart."""
    assert in_months([FEBRUARY, JANUARY, date(2023, 12, 1)]) == "(month between date '2023-12-01' and date '2024-02-01')"
    parted = in_months([APRIL, None, JANUARY])
    assert parted == (
        "(month between date '2024-01-01' and date '2024-01-01' or month between date '2024-04-01' and date '2024-04-01' "
        "or month is null)"
    )
    assert in_months([]) == "(false)"
    assert on_their_days(BY_NAME["product_days"], [JANUARY, FEBRUARY]) == "(day >= date '2024-01-01' and day < date '2024-03-01')"
    assert on_their_days(BY_NAME["orders"], [JANUARY]) == in_months([JANUARY])


def test_tables_filed_by_their_day_are_computed_so_many_months_at_once() -> None:
    """As facts are, six times as many rows; a table that is whole is computed in one piece."""
    known: list[dict[Month, str]] = [{JANUARY: "18000000:1", FEBRUARY: "18000000:2", APRIL: "1500000:3"}]
    wanted = [JANUARY, FEBRUARY, APRIL]
    assert batches(BY_NAME["product_days"], wanted, known) == [[JANUARY], [FEBRUARY, APRIL]]
    assert batches(BY_NAME["orders"], wanted, known) == [[JANUARY], [FEBRUARY], [APRIL]]
    assert batches(BY_NAME["product_buyers"], [None], []) == [[None]]


SOLD = """
insert into warehouse.main.order_lines (store, order_id, line_id, product_id, merchant_sku, currency, quantity, line_gross,
    line_discount, is_goods, counted, refunds_known, opens_product, placed_day, paid_day)
select 'a', n::varchar, '1', 'p', 's', 'CNY', 1, 2, 1, true, true, true, true, day, day + 1
from (select range as n, date '2023-01-01' + range::integer as day from range(700))
"""


@pytest.mark.parametrize("name", ["product_days", "sku_days"])
def test_one_month_reads_its_days_alone(name: str, tmp_path: Path) -> None:
    """The engine scans the days asked for alone: without that, a night's month would cost what all of them do."""
    with opened(make_home(tmp_path / "home")) as warehouse:
        for table in BY_NAME.values():
            if table.stage is Stage.FACTS or table.name == "product_visits":
                warehouse.write(table, pl.DataFrame(schema=[column.name for column in table.columns]))
        warehouse.connection.execute(SOLD)
        warehouse.connection.register("reference_costs", pl.DataFrame({"merchant_sku": ["s"]}))
        asked = f"from ({sql_of(BY_NAME[name])}) as definition where {on_their_days(BY_NAME[name], [FEBRUARY])}"
        plan = warehouse.connection.execute(f"explain select * {asked}").fetchall()[0][1]
        rows = warehouse.connection.execute(f"select basis, count(*) {asked} group by 1").fetchall()
    assert dict(rows) == {"paid": 29, "placed": 29}
    for day in ("paid_day", "placed_day"):
        assert re.search(rf"{day} (>=|BETWEEN) '2024-02-01'", plan), plan
