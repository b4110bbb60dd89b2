"""Every expectation can fail, alone; what could not be run is told apart; verdicts that still hold are carried over.

The rows are those of a refresh of made-up exports, a few of each table, damaged one at a time. What laws across tables find is
not tested here: see test_money_laws.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
import worlds
from homes import drop, make_home, refreshed
from reshaped import faulty
from typer.testing import CliRunner
from worlds import World

from assets import published
from assets.home import Home
from assets.sample import written as sample
from assets.tables import BY_NAME, Table
from checks import judging, validate
from checks.expectations import BY_HAND, SUITES, Expectation, OneOf, Stated, Unique, Within, suite_of
from checks.reconciliation import LAWS, Outcome, Severity
from pipelines.cli import app
from pipelines.refresh import CheckFailedError

WORLDS = (worlds.taobao_world(), worlds.mixed_world())
STORES = World("both", tuple(store for world in WORLDS for store in world.stores), (), (), frozenset())
FILES = tuple(file for world in WORLDS for file in world.files[:6])
ALL = [expectation for suite in SUITES.values() for expectation in suite]
FEW = 60

# What breaks a rule that no column's declaration tells how to break: an update of one row, and which rows it may be.
DAMAGE = {
    "counted_orders_have_a_paid_day": ("paid_day = null", "counted"),
    "order_is_filed_under_its_placed_month": ("month = month - interval 1 month", "true"),
    "payment_follows_placing": ("paid_at = placed_at - interval 1 hour", "counted"),
    "refund_is_no_more_than_paid": ("refund_reported = order_paid + 1", "order_paid is not null"),
    "counted_lines_have_a_paid_day": ("paid_day = null", "counted"),
    "positions_count_from_one": ("position = 0", "true"),
    "product_is_stated": ("product_id = null", "is_goods"),
    "discount_is_no_more_than_gross": ("line_discount = line_gross + 1", "line_gross is not null"),
    "refund_follows_its_order": ("refund_day = placed_day - 1", "counted and refund_day is not null"),
    "refund_that_was_paid_has_its_day": ("refund_day = null", "succeeded and not is_estimate"),
    "orders_with_lines_are_orders": ("orders_with_lines = paid_orders + 1", "true"),
    "discounts_are_gross_less_discounted_sales": ("discounts = gross_sales - discounted_sales + 1", "discounts is not null"),
    "every_order_has_a_line": ("order_lines = paid_orders - 1", "paid_orders > 0 and order_lines is not null"),
    "a_buyer_bought": ("paid_orders = 0, placed_orders = 0", "true"),
    "days_follow_one_another": ("paid_next = day", "true"),
    "net_sales_are_sales_less_refunds": ("net_sales_order_day = net_sales_order_day + 1", "net_sales_order_day is not null"),
    "net_paid_is_paid_less_refunds": ("net_paid_order_day = net_paid_order_day + 1", "net_paid_order_day is not null"),
    "buyers_are_no_more_than_their_orders": ("buyers = orders_with_buyer + 1", "buyers is not null"),
    "most_of_what_was_paid_is_kept": ("refund_rate = 0.7", "grain = 'year'"),
    "stores_known_are_stores": ("stores_known = stores + 1", "true"),
    "first_day_is_no_later_than_last": ("first_day = last_day + 1", "true"),
    "currency_is_a_code": ("currency = 'yuan'", "true"),
    "first_seen_is_no_later_than_last": ("first_seen = last_seen + 1", "true"),
    "a_refused_file_says_why": ("state = 'refused', reason = null", "true"),
    "a_refused_row_says_why": ("reason = null", "true"),
    "buyer_is_stated": ("buyer = null", "true"),
    "month_is_the_first_of_a_month": ("month = month + 1", "month is not null"),
    "day_is_filed_under_its_month": ("month = month - interval 1 month", "true"),
    "period_starts_on_its_first_day": ("period_start = period_start + 1", "grain in ('month', 'year')"),
    "product_weeks.period_starts_on_its_first_day": ("period_start = period_start + 1", "true"),
    "nothing_unknown_is_converted": ("paid_amount = null", "paid_amount_base is not null"),
    "cost_days.nothing_unknown_is_converted": ("cost_of_goods = null", "cost_of_goods_base is not null"),
    "gross_sales_never_negative": ("gross_sales = -1, discounts = -1 - discounted_sales", "true"),
    "orders_with_buyer_never_negative": ("orders_with_buyer = -1, buyers = null", "true"),
    "order_paid_never_negative": ("order_paid = -1, refund_reported = null", "true"),
    "line_gross_never_negative": ("line_gross = -1, line_discount = null", "true"),
}
# Damage to one column that other expectations of the table see too, and rightly.
ALSO = {
    ("buyer_days", "paid_orders_never_negative"): {"a_buyer_bought"},
    ("buyer_days", "placed_orders_never_negative"): {"a_buyer_bought"},
    ("store_days", "paid_orders_never_negative"): {"orders_with_lines_are_orders"},
    ("group_metrics", "stores_never_negative"): {"stores_known_are_stores"},
    ("store_metrics", "paid_amount_never_negative"): {"net_paid_is_paid_less_refunds"},
    ("store_metrics", "refunds_cash_order_day_never_negative"): {"net_paid_is_paid_less_refunds"},
    ("store_days", "order_lines_never_negative"): {"every_order_has_a_line"},
    ("store_metrics", "cost_of_goods_base_never_negative"): {"nothing_unknown_is_converted"},
}


# Rows of tables that no refresh here fills: a promise is judged once days after it are known, a key changes when it is lost.
UNSEEN = {
    "track_record": {
        "record": "'promise'",
        "id": "'0123456789ab'",
        "generation": "1",
        "store": "'taobao_linen'",
        "segment_type": "'category'",
        "segment": "'Bedding'",
        "metric": "'conversion'",
        "move": "'attack'",
        "effect": "0.4",
        "lower": "0.2",
        "upper": "0.6",
        "later_effect": "0.3",
        "later_error": "0.1",
        "verdict": "'kept'",
        "kept_expected": "0.9",
    },
    "buyer_breaks": {
        "store": "'taobao_linen'",
        "epochs_ago": "0",
        "linked_from": "date '2026-05-02'",
        "linked_until": "date '2026-05-01'",
    },
    "unlinked_periods": {"store": "'taobao_linen'", "grain": "'month'", "period_start": "date '2026-05-01'"},
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A few good rows of every table: from exports with all that orders can be, else from the sample, which has traffic too."""
    ordered = make_home(tmp_path_factory.mktemp("ordered") / "home")
    STORES.write(ordered.root)
    drop(ordered, [*FILES, faulty(FILES[0], 3)])
    visited = make_home(tmp_path_factory.mktemp("visited") / "home")
    made_up = tmp_path_factory.mktemp("sample") / "home"
    sample.write(made_up, stores=5, days=63)  # two whole months, to be set against each other
    shutil.copytree(made_up, visited.root, dirs_exist_ok=True)
    connection = duckdb.connect()
    for name, home in (("ordered", ordered), ("visited", visited)):
        refreshed(home)
        connection.execute(f"attach '{home.published / published.current_name(home)}' as {name} (read_only)")
        connection.execute(f"attach '{home.warehouse / 'private.duckdb'}' as {name}_private (read_only)")
    for name in SUITES:
        table = BY_NAME[name]
        by = "grain" if "grain" in {column.name for column in table.columns} else "1"
        key = ", ".join(f'"{part}"' for part in table.key)
        for home_name in ("ordered", "visited"):
            source = f"{home_name}{'_private' if table.private else ''}.main.{name}"
            few = f"from {source} qualify row_number() over (partition by {by} order by {key}) <= {FEW}"
            connection.execute(f"create or replace table {name} as {few}")
            if connection.execute(f"select count(*) from {name}").fetchone() != (0,):
                break
    for name, row in UNSEEN.items():
        connection.execute(f"insert into {name} ({', '.join(row)}) values ({', '.join(row.values())})")
    return connection


@pytest.fixture
def good(rows: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The good rows, to be damaged: what is done to them is undone."""
    rows.execute("begin")
    yield rows
    rows.execute("rollback")


def damage(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> None:
    """Change one row, or the table, so that it is no longer as expected."""
    table = BY_NAME[expectation.about]
    key = ", ".join(f'"{part}"' for part in table.key)
    if expectation.name == "columns_have_their_types":
        kinds = {column.type: column.name for column in table.columns}
        wider = {"BIGINT": "HUGEINT", "BOOLEAN": "INTEGER", "DATE": "TIMESTAMP", "VARCHAR": "VARCHAR[]"}
        kind = next(kind for kind in wider if kind in kinds)
        value = "null" if kind == "VARCHAR" else f'"{kinds[kind]}"'
        connection.execute(f'alter table {table.name} alter "{kinds[kind]}" type {wider[kind]} using {value}')
        return
    if isinstance(expectation.test, Unique):
        connection.execute(f"insert into {table.name} from {table.name} order by {key} limit 1")
        return
    own, usual = DAMAGE.get(f"{expectation.about}.{expectation.name}"), DAMAGE.get(expectation.name)
    change, which = own or usual or (change_of(expectation), "true")
    row = f"(select rowid from {table.name} where {which} order by {key} limit 1)"
    (found,) = connection.execute(f"update {table.name} set {change} where rowid = {row}").fetchone() or (0,)
    assert found == 1, "no row of the good table can be damaged so"


def change_of(expectation: Expectation) -> str:
    """What breaks an expectation that is derived from a column's declaration."""
    name = expectation.columns[0]
    match expectation.test:
        case Stated():
            return f'"{name}" = null'
        case Within(least, most):
            return f'"{name}" = {most + 1 if most is not None else (least or 0) - 1}'
        case OneOf() if expectation.name == f"{name}_is_finite":
            return f"\"{name}\" = 'inf'::double"
        case _:
            return f"\"{name}\" = 'nonsense'"


def broken(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, validate.Found]:
    """What Great Expectations finds in a whole table."""
    whole = Table(table.name, table.stage, table.grain, table.key, table.columns, whole=True)
    (count,) = connection.execute(f"select count(*) from {table.name}").fetchone() or (0,)
    return validate.judge_rows(connection, whole, suite_of(table), [None], count)


@pytest.mark.parametrize("table", [BY_NAME[name] for name in SUITES], ids=list(SUITES))
def test_good_rows_are_as_expected(rows: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Every table has rows here, and nothing is found in them: neither in the rows nor in their profile."""
    assert rows.execute(f"select count(*) from {table.name}").fetchone() != (0,)
    assert broken(rows, table) == {}


@pytest.mark.parametrize("expectation", ALL, ids=[f"{one.about}-{one.name}" for one in ALL])
def test_every_expectation_can_fail_alone(good: duckdb.DuckDBPyConnection, expectation: Expectation) -> None:
    """Where one thing is wrong, one expectation fails, and it names the row."""
    damage(good, expectation)
    found = broken(good, BY_NAME[expectation.about])
    assert set(found) == {expectation.name} | ALSO.get((expectation.about, expectation.name), set())
    assert not found[expectation.name].stopped
    assert sum(found[expectation.name].by_month.values()) >= 1
    assert found[expectation.name].worst
    assert " buyer=" not in found[expectation.name].worst


@pytest.mark.parametrize("table", [BY_NAME[name] for name in SUITES], ids=list(SUITES))
def test_rows_and_their_profile_are_judged_alike(
    good: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, table: Table
) -> None:
    """Of a table in which much is wrong the same is found, with the same counts and keys, whichever way it is judged."""
    suite = [expectation for expectation in suite_of(table) if expectation.name != "columns_have_their_types"]
    for expectation in [one for one in suite if not isinstance(one.test, Stated)] or suite:
        damage(good, expectation)
    of_rows = broken(good, table)
    monkeypatch.setattr(validate, "BOUND", 0)
    assert broken(good, table) == of_rows
    assert of_rows


def test_every_rule_names_columns_of_its_table() -> None:
    """A rule by hand speaks of columns of a table there is; names are unique in a suite; warnings say what to do."""
    for rule in BY_HAND:
        assert set(rule.columns) <= {column.name for column in BY_NAME[rule.about].columns}, rule.name
    for suite in SUITES.values():
        names = [one.name for one in suite]
        assert len(names) == len(set(names))
        assert [one.name for one in suite if one.severity is Severity.WARNING and not one.way_out] == []


# ---- What could not be run ------------------------------------------------------------------------


def test_what_great_expectations_cannot_tell_could_not_run(good: duckdb.DuckDBPyConnection) -> None:
    """An exception inside Great Expectations is no breach, blocks even where a breach would warn, and quotes no row."""
    name = "收货人张三"
    good.execute(f"alter table stores alter days_with_orders type varchar using '{name}'")
    suite = [one for one in suite_of(BY_NAME["stores"]) if one.name == "days_with_orders_never_negative"]
    failed = validate._of_rows(good, BY_NAME["stores"], suite, "true")  # noqa: SLF001  DuckDB would refuse the count first
    assert failed["days_with_orders_never_negative"].startswith("Great Expectations stopped (")
    assert name not in str(failed)


def test_rows_that_cannot_be_read_could_not_run(good: duckdb.DuckDBPyConnection) -> None:
    """Where the database refuses the query, every expectation of the table could not be run."""
    good.execute("alter table products drop title")
    found = broken(good, BY_NAME["products"])
    assert set(found) == {one.name for one in SUITES["products"]}
    assert {one.stopped for one in found.values()} == {"the rows cannot be read (BinderException)"}


def test_what_could_not_run_blocks_and_is_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning that could not be run keeps a generation from being published; nothing is kept of it."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    WORLDS[1].write(home.root)
    stopped = {"product_is_stated": validate.Found(stopped="Great Expectations stopped (TypeError)")}
    with monkeypatch.context() as patch:
        patch.setattr(judging, "judge_rows", lambda _c, table, *_: stopped if table.name == "order_lines" else {})
        with pytest.raises(CheckFailedError) as error:
            refreshed(home)
    (verdict,) = error.value.broken
    assert (verdict.outcome, verdict.law.severity) == (Outcome.COULD_NOT_RUN, Severity.WARNING)
    assert verdict.seen == "could not be run: Great Expectations stopped (TypeError)"
    assert refreshed(home).number == 1


# ---- What still holds -----------------------------------------------------------------------------


def checks_of(home: Home) -> dict[tuple[str, str], tuple[str, str]]:
    """The outcome and worst keys of every check of the current generation."""
    with published.open_published(home) as database:
        rows = database.execute('select about, "check", outcome, worst from checks').fetchall()
    return {(about, check): (outcome, worst) for about, check, outcome, worst in rows}


def test_verdicts_hold_until_their_rows_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of checks is whole after every refresh, though only tables and months that changed are judged."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    judged: list[tuple[str, int]] = []

    def watched(
        connection: object, table: Table, suite: object, months: list[date | None], rows: int
    ) -> dict[str, validate.Found]:
        judged.append((table.name, len(months)))
        first = {"product_is_stated": validate.Found({months[0]: 2}, "line_id=1; line_id=2")}
        return first if table.name == "order_lines" and len(judged) < len(SUITES) else {}

    monkeypatch.setattr(judging, "judge_rows", watched)
    files = WORLDS[0].files
    WORLDS[0].write(home.root)
    take_last = files[-1]
    (home.inbox / take_last.store / take_last.name).unlink()
    refreshed(home)
    assert {"orders", "product_days", "files"} <= {name for name, _ in judged} <= set(SUITES)  # not those that never had a row
    everything = {(law.about, law.name) for law in LAWS} | {(one.about, one.name) for one in ALL}
    first = checks_of(home)
    assert set(first) == everything
    assert first["order_lines", "product_is_stated"] == ("failed", "line_id=1; line_id=2")
    whole = dict(judged)
    judged.clear()
    refreshed(home)
    assert judged == []
    assert checks_of(home) == first
    drop(home, [take_last])
    refreshed(home)
    again = dict(judged)
    assert "observability" not in again
    assert 0 < again["product_days"] < whole["product_days"]
    then, refunds = checks_of(home), ("refunds", "every_refund_stated_is_dated")  # the file that was taken out dates them
    assert (first.pop(refunds)[0], then.pop(refunds)[0]) == ("failed", "passed")
    assert then == first


def test_great_expectations_is_imported_only_to_judge() -> None:
    """The command line, the definitions and the steps load without Great Expectations and pandas."""
    loading = (
        "import sys, pipelines.cli, pipelines.definitions, pipelines.run, checks.validate;"
        "print(*sorted({'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


# ---- What a person sees ---------------------------------------------------------------------------


def test_a_breach_publishes_nothing_and_says_the_way_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blocking expectation that fails ends the run with 1; the last line says what failed and what to do."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    WORLDS[1].write(home.root)

    def breach(_c: object, table: Table, _s: object, months: list[date | None], _r: int) -> dict[str, validate.Found]:
        found = validate.Found({months[0]: 3}, "store=a, order_id=1")
        return {"status_is_a_known_word": found} if table.name == "orders" else {}

    monkeypatch.setattr(judging, "judge_rows", breach)
    result = CliRunner().invoke(app, ["run", "--home", str(home.root)])
    assert result.exit_code == 1, result.exception
    last = result.stderr.splitlines()[-1]
    assert last.startswith("edgewise: nothing was published, because status_is_a_known_word (orders) failed; ")
    assert "edgewise retract FILE" in last
    assert "store=a, order_id=1" in result.stderr
    assert published.generations(home) == []


def test_real_expectations_of_a_real_refresh_all_pass(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything switched on, exports of every kind are published and every expectation of their tables passes."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    STORES.write(home.root)
    drop(home, FILES)
    refreshed(home)
    with published.open_published(home) as database:
        rows = database.execute("select kind, outcome, count(*) from checks group by all order by all").fetchall()
        failed = database.execute("select \"check\" from checks where kind = 'expectation' and not passed").fetchall()
    assert failed == []
    assert ("expectation", "passed", len(ALL)) in rows
