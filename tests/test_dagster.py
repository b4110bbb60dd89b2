"""Dagster shows what there is: every table an asset, every law a check, and a run of it publishes what the command does.

What the tables hold is not tested here. What SQL reads is told by DuckDB's own parser, not by the one that is tested.
"""

import ast
import csv
import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import sqlglot
import worlds
from homes import Digests, drop, make_home, published_digests, refreshed
from sqlglot import exp
from worlds import ExportFile

import assets
import checks
import pipelines
from assets import published
from assets.definitions import sql_of
from assets.home import Home
from assets.tables import BY_NAME, LANDED, TABLES, Stage, Table
from checks import judging
from checks.expectations import SUITES
from checks.reconciliation import LAWS, Law, Severity
from checks.validate import Found
from pipelines.definitions import defs
from pipelines.records import instance
from pipelines.refresh import LockHeldError, writer
from pipelines.run import run_refresh
from pipelines.settings import settings_of

ROOT = Path(__file__).parent.parent
DG = Path(sys.executable).with_name("dg")
PUBLISHED = "published"
KEYS = {
    "landed": {
        "landed_orders",
        "landed_order_lines",
        "landed_refunds",
        "landed_traffic",
        "landed_listings",
        "landed_ratings",
        "landed_quarantine",
    },
    "facts": {
        "store_sources",
        "product_ids",
        "traffic",
        "listings",
        "store_ratings",
        "orders",
        "order_lines",
        "order_buyers",
        "order_coverage",
        "refund_coverage",
        "refunds",
        "refund_lines",
    },
    "metrics": {
        "observability",
        "quarantine",
        "stores",
        "channel_metrics",
        "products",
        "coverage",
        "files",
        "store_metrics",
        "product_periods",
        "product_weeks",
        "store_rates",
        "group_metrics",
        "product_metrics",
        "cell_days",
        "cost_days",
        "segments",
        "cell_lines",
        "cell_buyers",
        "cell_prices",
        "category_metrics",
        "bridges",
        "buyer_breaks",
        "buyer_days",
        "product_buyers",
        "buyer_scores",
        "customer_cohorts",
        "customer_periods",
        "customer_segments",
        "customer_windows",
        "group_pacing",
        "kpi_pacing",
        "matured_refunds",
        "maturing_days",
        "refund_delays",
        "metric_catalog",
        "pacing_days",
        "price_bands",
        "product_life",
        "store_range",
        "repurchase",
        "paid_traffic",
        "period_coverage",
        "stock_returns",
        "unit_costs",
        "item_metrics",
        "unlinked_periods",
        "watched_days",
    },
    "measures": {
        "store_visits",
        "product_visits",
        "channel_days",
        "store_days",
        "product_days",
        "refund_ages",
        "sku_days",
    },
    "edges": {
        "edges",
        "edge_gaps",
        "recommendations",
        "back_test",
        "lineup",
        "store_layers",
        "track_record",
        "alerts",
        "item_strength",
        "store_strength",
    },
    "questions": {"store_growth", "same_products", "conversion_change", "products_now", "doubts"},
    "published": {PUBLISHED},
}
WARNINGS = {
    "bridges_leave_little_unexplained",
    "every_amount_is_converted",
    "every_buyer_is_linked",
    "every_file_is_readable",
    "every_line_has_its_order",
    "every_product_has_a_title",
    "every_order_has_one_currency",
    "every_order_stands_in_newer_exports",
    "every_refund_has_its_order",
    "every_refund_stated_is_dated",
    "every_row_is_readable",
    "every_store_is_listed",
    "no_code_looks_like_another",
    "no_refund_exceeds_what_was_paid",
}
BUILT = [table for table in TABLES if sql_of(table)]
WORLD = worlds.mixed_world()
FILES = WORLD.files[4:]


# ---- What is defined ------------------------------------------------------------------------------


@cache
def graph() -> Any:
    """The graph of the definitions that Dagster's own commands load."""
    loaded = defs()
    dg.Definitions.validate_loadable(loaded)
    return loaded.resolve_asset_graph()


def specs() -> dict[str, dg.AssetSpec]:
    """What is said of every asset, by its name."""
    return {spec.key.to_user_string(): spec for spec in defs().resolve_all_asset_specs()}


def parents(name: str) -> set[str]:
    """The assets that an asset is made from."""
    return {key.to_user_string() for key in graph().get(dg.AssetKey(name)).parent_keys}


def upstream(name: str) -> set[str]:
    """An asset and all it is made from, however far up."""
    found, waiting = {name}, parents(name)
    while waiting:
        found |= waiting
        waiting = {parent for above in waiting for parent in parents(above)} - found
    return found


@cache
def read_by(sql: str) -> frozenset[str]:
    """The tables a query reads, as DuckDB itself tells."""
    with duckdb.connect() as connection:
        return frozenset(connection.get_table_names(sql))


def test_there_is_an_asset_for_every_table_and_one_that_publishes() -> None:
    """The assets are those listed here, each in the group of its stage, and there is no other."""
    found: dict[str, set[str]] = {}
    for name, spec in specs().items():
        found.setdefault(str(spec.group_name), set()).add(name)
    assert found == KEYS
    assert set().union(*KEYS.values()) == {table.name for table in (*LANDED, *TABLES)} - {
        "checks",
        "generation",
        "restatements",
    } | {PUBLISHED}


def test_every_asset_is_described() -> None:
    """Every asset has a description, and every table has all its columns, each with its type and its meaning."""
    for name, spec in specs().items():
        assert spec.description, name
        if name == PUBLISHED:
            continue
        schema = spec.metadata["dagster/column_schema"]
        assert isinstance(schema, dg.TableSchema)
        assert [(column.name, column.type) for column in schema.columns] == [
            (column.name, column.type) for column in BY_NAME[name].columns
        ]
        assert [column.name for column in schema.columns if not column.description] == [], name


@pytest.mark.parametrize("table", BUILT, ids=[table.name for table in BUILT])
def test_dependencies_are_what_the_sql_reads(table: Table) -> None:
    """A table's asset depends on the tables its SQL reads, all of them and no other; one that reads none waits for landing."""
    read = {name for name in read_by(sql_of(table) or "") if name in BY_NAME}
    assert parents(table.name) == (read or KEYS["landed"])


def test_publishing_waits_for_every_table() -> None:
    """The generation is made from every table that is built."""
    assert parents(PUBLISHED) == set().union(*KEYS.values()) - KEYS["landed"] - KEYS["published"]


def test_a_stage_is_made_from_earlier_ones_and_itself() -> None:
    """No table reads a table of a later stage."""
    stages = list(Stage)
    for table in BUILT:
        for name in parents(table.name):
            assert stages.index(BY_NAME[name].stage) <= stages.index(table.stage), f"{table.name} reads {name}"


def checks_by_asset() -> dict[str, set[str]]:
    """The names of the checks of each asset that has any."""
    found: dict[str, set[str]] = {}
    for key in graph().asset_check_keys:
        found.setdefault(key.asset_key.to_user_string(), set()).add(key.name)
    return found


def test_every_table_with_laws_has_a_check_that_blocks_if_one_of_them_must() -> None:
    """The laws about a table are one check of its asset; it is described, and blocks unless all of its laws only warn."""
    found = checks_by_asset()
    assert {name for name, checks in found.items() if "laws" in checks} == {law.about for law in LAWS}
    assert {law.name for law in LAWS if law.severity is Severity.WARNING} == WARNINGS
    for key in graph().asset_check_keys:
        check, about = graph().get(key), key.asset_key.to_user_string()
        assert check.description
        if key.name == "laws":
            assert check.blocking == any(law.severity is Severity.BLOCKING for law in LAWS if law.about == about)


def test_every_table_has_a_check_of_its_rows_where_they_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is expected of a table's rows is one check of its asset, and none where the settings leave expectations out."""
    assert {name for name, checks in checks_by_asset().items() if "expectations" in checks} == set()
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    judged = defs().resolve_asset_graph()
    named = [key.asset_key.to_user_string() for key in judged.asset_check_keys if key.name == "expectations"]
    assert sorted(named) == sorted(SUITES)


def test_every_column_knows_what_it_is_made_from() -> None:
    """Column lineage is handed to Dagster: a ratio names the sums it is made of, in the table its asset is made from."""
    for table in BUILT:
        lineage = specs()[table.name].metadata.get("dagster/column_lineage")
        if lineage is None:
            continue
        for column, made_from in lineage.deps_by_column.items():
            assert column in {known.name for known in table.columns}
            for dep in made_from:
                source = dep.asset_key.to_user_string()
                assert source in parents(table.name)
                assert dep.column_name in {known.name for known in BY_NAME[source].columns}
    aov = specs()["store_metrics"].metadata["dagster/column_lineage"].deps_by_column["aov"]
    assert {("store_days", "discounted_sales"), ("store_days", "paid_orders")} <= {
        (dep.asset_key.to_user_string(), dep.column_name) for dep in aov
    }
    described = next(
        column for column in specs()["store_metrics"].metadata["dagster/column_schema"].columns if column.name == "aov"
    )
    assert " ← " in str(described.description)


def test_every_asset_has_an_owner_and_a_version_of_its_code() -> None:
    """Owners are those of the settings; a table's code version is its definition's."""
    for name, spec in specs().items():
        assert list(spec.owners) == ["team:analytics"], name
        assert spec.code_version or name in KEYS["landed"]
    assert len({specs()[table.name].code_version for table in BUILT}) == len(BUILT)


@pytest.mark.parametrize("law", LAWS, ids=[f"{law.name}-{law.about}" for law in LAWS])
def test_a_law_reads_what_its_table_is_made_from(law: Law) -> None:
    """Every table a law's query reads is the one it is about or upstream of that, so that it is there and up to date."""
    query = sqlglot.parse_one(law.breaches, read="duckdb")
    named = {found.name for found in query.find_all(exp.Table)} - {cte.alias for cte in query.find_all(exp.CTE)}
    read = {name for name in named if name in BY_NAME}
    assert read
    assert read - upstream(law.about) == set()


# ---- Runs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_command(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Digests]:
    """A home refreshed by the command, and the digests of its tables."""
    home = make_home(tmp_path_factory.mktemp("by_command") / "home")
    replace(WORLD, files=FILES).write(home.root)
    refreshed(home)
    return home, published_digests(home)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose files wait to be read, named by the environment as Dagster finds it."""
    made = make_home(tmp_path / "home")
    replace(WORLD, files=FILES).write(made.root)
    for name, value in places(made).items():
        monkeypatch.setenv(name, value)
    return made


def places(home: Home) -> dict[str, str]:
    """The environment Dagster's own commands need."""
    return {
        "EDGEWISE_HOME": str(home.root),
        "EDGEWISE_DAGSTER": str(home.dagster),
        "DAGSTER_HOME": str(ROOT),
        "VIRTUAL_ENV": sys.prefix,
        "PATH": os.pathsep.join((str(DG.parent), os.environ.get("PATH", os.defpath))),
    }


def dagsters_own(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of Dagster's own commands in the repository's root."""
    return subprocess.run(
        [DG, *words],
        cwd=ROOT,
        env=os.environ | places(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def records() -> Iterator[dg.DagsterInstance]:
    """Dagster's records, kept in memory."""
    with dg.DagsterInstance.ephemeral() as kept:
        yield kept


def run_of(records: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """A run of the job as Dagster's commands run it, in this process."""
    job = defs().resolve_job_def("refresh")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(instance=records, raise_on_error=False, run_config=quiet)


def made_in(run: dg.ExecuteInProcessResult) -> set[str]:
    """The assets a run materialised."""
    keys = [event.asset_key for event in run.all_events if event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION]
    return {key.to_user_string() for key in keys if key}


def test_dagsters_own_commands_find_and_run_the_job(home: Home, by_command: tuple[Home, Digests]) -> None:
    """`dg check defs` finds nothing wrong, `dg launch --job refresh` publishes what the command does, and neither litters."""
    before = {path.name for path in ROOT.iterdir()}
    checked = dagsters_own(home, "check", "defs")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    launched = dagsters_own(home, "launch", "--job", "refresh")
    assert launched.returncode == 0, launched.stdout + launched.stderr
    assert "RUN_SUCCESS" in launched.stdout + launched.stderr
    assert published_digests(home) == by_command[1]
    new = {path.name for path in ROOT.iterdir()} - before
    assert {name for name in new if not name.endswith("_cache")} == set()
    with instance(home.root) as kept:
        assert [run.status for run in kept.get_runs()] == [dg.DagsterRunStatus.SUCCESS]


def test_a_run_publishes_what_the_command_does(home: Home, records: dg.DagsterInstance, by_command: tuple[Home, Digests]) -> None:
    """A Dagster run materialises every asset, evaluates every law, and publishes the tables that the command publishes."""
    run = run_of(records)
    assert run.success
    assert made_in(run) == set().union(*KEYS.values())
    evaluated = run.get_asset_check_evaluations()
    assert {(found.asset_key.to_user_string(), found.check_name) for found in evaluated} == {(law.about, "laws") for law in LAWS}
    assert {law for found in evaluated for law in broken_in(found)} <= WARNINGS
    assert {found.severity for found in evaluated if not found.passed} <= {dg.AssetCheckSeverity.WARN}
    assert published_digests(home) == by_command[1]


@pytest.fixture(scope="module")
def after_a_killed_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dg.DagsterInstance, Digests]]:
    """Dagster's records of a home where a run was killed and the command was run after, and the digests it published."""
    home = make_home(tmp_path_factory.mktemp("records") / "home")
    replace(WORLD, files=FILES).write(home.root)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in places(home).items():
            patch.setenv(name, value)
        job = defs().resolve_job_def("refresh")
        with instance(home.root) as records:
            records.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        with writer(home):
            run_refresh(settings_of(home.root))
        with instance(home.root) as records:
            yield records, published_digests(home)


def test_what_the_command_did_is_in_dagsters_records(
    after_a_killed_run: tuple[dg.DagsterInstance, Digests], by_command: tuple[Home, Digests]
) -> None:
    """A run of the command is a run in Dagster's records, with every asset it made and its rows; of a view none are counted."""
    records, digests = after_a_killed_run
    assert digests == by_command[1]
    newest, *_ = records.get_runs()
    assert newest.status is dg.DagsterRunStatus.SUCCESS
    made = {}
    for name in ("orders", "product_metrics"):
        event = records.get_latest_materialization_event(dg.AssetKey(name))
        assert event is not None
        assert event.asset_materialization is not None
        made[name] = event.asset_materialization.metadata
    assert made["orders"]["dagster/row_count"].value == digests["orders"][0] > 0
    assert "dagster/row_count" not in made["product_metrics"]


def test_a_run_that_was_killed_does_not_stand_in_the_way(after_a_killed_run: tuple[dg.DagsterInstance, Digests]) -> None:
    """A run that Dagster believes under way, though its process is gone, has failed once another run has held the lock."""
    records, _ = after_a_killed_run
    assert [run.status for run in records.get_runs()] == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]


def test_a_run_while_the_lock_is_held_is_skipped(home: Home, records: dg.DagsterInstance) -> None:
    """While another process writes, a Dagster run succeeds, says who holds the lock, makes nothing and publishes nothing."""
    with writer(home):
        run = run_of(records)
    assert run.success
    assert made_in(run) == set()
    assert published.generations(home) == []
    assert list(home.ledger.iterdir()) == []
    told = [entry.user_message for entry in records.all_logs(run.run_id) if "Skipped: " in entry.user_message]
    assert len(told) == 1
    assert f"process {os.getpid()}, since 20" in told[0]


def test_the_lock_is_let_go_after_a_run(home: Home, records: dg.DagsterInstance) -> None:
    """After a Dagster run, whether it came off or not, the writer's lock is free and the next run works."""
    drop(home, contradicting())
    assert not run_of(records).success
    try:
        with writer(home):
            pass
    except LockHeldError as error:
        pytest.fail(str(error))


def contradicting() -> list[ExportFile]:
    """A shop's export, and one without a stamp that places the first order of it a year earlier."""
    file = WORLD.files[0]
    header, *rows = csv.reader(io.StringIO(file.content.decode(), newline=""))
    text = io.StringIO(newline="")
    moved = [[cell.replace("2024-", "2023-", 1) for cell in row] for row in rows if row[0] == rows[0][0]]
    csv.writer(text).writerows([header, *moved])
    return [file, replace(file, name="orders_export_of_another_year.csv", content=text.getvalue().encode())]


def test_a_blocking_law_that_fails_stops_the_run(home: Home, records: dg.DagsterInstance) -> None:
    """Where a blocking law fails the run fails, its check says so, and `published` is not materialised."""
    drop(home, contradicting())
    run = run_of(records)
    assert not run.success
    assert PUBLISHED not in made_in(run)
    assert published.generations(home) == []
    failed = [found for found in run.get_asset_check_evaluations() if found.severity is dg.AssetCheckSeverity.ERROR]
    assert "every_order_has_one_month" in {law for found in failed if not found.passed for law in broken_in(found)}


def test_expectations_are_checks_of_a_run(home: Home, records: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    """With expectations on, every table's check says what was found; a blocking one that fails stops the run."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    run = run_of(records)
    assert run.success
    evaluated = [found for found in run.get_asset_check_evaluations() if found.check_name == "expectations"]
    assert {found.asset_key.to_user_string() for found in evaluated if found.passed} == set(SUITES)
    found = {"status_is_a_known_word": Found(stopped="Great Expectations stopped (TypeError)")}
    monkeypatch.setattr(judging, "judge_rows", lambda _c, table, *_: found if table.name == "orders" else {})
    drop(home, WORLD.files[:4])
    stopped = run_of(records)
    assert not stopped.success
    assert published.generations(home)[-1].number == 1
    (last,) = [one for one in stopped.get_asset_check_evaluations() if not one.passed]
    assert last.asset_key.to_user_string() == "orders"
    assert "status is a known word: could not be run" in str(last.description)


def broken_in(evaluation: dg.AssetCheckEvaluation) -> set[str]:
    """The names of the laws and expectations that an evaluation lists as broken."""
    verdicts = evaluation.metadata["verdicts"]
    assert isinstance(verdicts, dg.TableMetadataValue)
    broken = [record for record in verdicts.records if record.data["seen"] != "nothing breaks it"]
    assert bool(broken) is not evaluation.passed
    return {str(record.data["check"]).replace(" ", "_") for record in broken}


# ---- Which way imports go -------------------------------------------------------------------------

PACKAGES = {"assets": assets, "checks": checks, "pipelines": pipelines}
MODULES = [path for package in PACKAGES.values() for path in sorted(Path(package.__file__ or "").parent.rglob("*.py"))]
BELOW = {"assets": set[str](), "checks": {"assets"}, "pipelines": {"assets", "checks"}}


def imported(path: Path) -> set[str]:
    """The modules a file imports, wherever in it, except where only types are checked."""
    tree = ast.parse(path.read_text())
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(ROOT).as_posix() for path in MODULES])
def test_imports_flow_one_way(path: Path) -> None:
    """Pipelines import checks and assets, checks import assets, and nothing is imported the other way."""
    package = path.relative_to(ROOT).parts[0]
    others = {name.split(".")[0] for name in imported(path)} & set(PACKAGES) - {package}
    assert others <= BELOW[package]


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(ROOT).as_posix() for path in MODULES])
def test_only_pipelines_know_dagster(path: Path) -> None:
    """Dagster is imported in pipelines alone, and in assets/exports neither it nor DuckDB nor the warehouse."""
    names, inside = {name.split(".")[0] for name in imported(path)}, path.relative_to(ROOT).parts
    assert "dagster" not in names or inside[0] == "pipelines"
    if inside[:2] == ("assets", "exports"):
        assert "duckdb" not in names
        assert not {"assets.warehouse", "assets.published", "assets.definitions"} & imported(path)


def test_a_reading_worker_loads_neither_dagster_nor_duckdb() -> None:
    """Importing what a worker process needs loads neither Dagster nor DuckDB, which would cost each worker its start."""
    loading = "import sys, assets.exports.worker; print(*sorted({'dagster', 'duckdb', 'typer', 'rich'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_records_are_whole_files_once_they_are_closed(tmp_path: Path) -> None:
    """What was kept open meanwhile is written through to the files at the end, and nothing is left beside them."""
    home = make_home(tmp_path / "home")
    with instance(home.root) as records:
        for number in range(3):
            records.add_run(dg.DagsterRun(job_name=f"job {number}", run_id=f"{number:032x}"))
    files = {path.suffix for path in (home.root / "dagster").rglob("*.db*")}
    assert files == {".db"}
    with closing(sqlite3.connect(home.root / "dagster" / "history" / "runs.db")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("select count(*) from runs").fetchone() == (3,)
