"""The one visible assembly: every table as a Dagster asset with its checks, the job, its schedule, its sensor, its resource.

How a table is computed stands in its definition, what must be true of it in `checks`, the steps in `refresh`. Here they are
only handed to Dagster.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import dagster as dg

from assets.definitions import in_order, inputs_of, sql_of
from assets.landed import Intake
from assets.lineage import origins
from assets.tables import BY_NAME, LANDED, Stage, Table
from checks.expectations import Expectation, suite_of
from checks.judging import EXPECTATIONS
from checks.reconciliation import Check, Severity, Verdict, laws_about
from pipelines.records import close_dead_runs
from pipelines.refresh import LockHeldError, Refresh, code_of, writer
from pipelines.settings import Settings, settings_of
from pipelines.waking import new_files_sensor, nightly

JOB = "refresh"
PUBLISHED = "published"
REPORT = "report"
LAWS = "laws"
SHOWN = 3


class UnderWay:
    """A refresh under way: the writer's lock, the workers and the warehouse, shared by the steps of a run."""

    def __init__(self, refresh: Refresh, intake: Intake | None = None) -> None:
        self.refresh, self._intake = refresh, intake
        self._held = ExitStack()

    def begin(self) -> Intake:
        """Take the lock and start the workers, unless the caller has.

        Raises:
            LockHeldError: another process writes the home.
        """
        if self._intake is None:
            self._held.enter_context(writer(self.refresh.home))
            self._held.callback(self.refresh.close)
            self._intake = self._held.enter_context(Intake(self.refresh.home, self.refresh.settings.limits))
        return self._intake

    def end(self) -> None:
        """Let go of what was taken here."""
        self._held.close()


@dg.resource(description="One refresh under way.")
def refreshing_home(_: dg.InitResourceContext) -> Iterator[UnderWay]:
    """A refresh of the home the environment names, for as long as a run lasts."""
    under_way = UnderWay(Refresh(settings_of()))
    try:
        yield under_way
    finally:
        under_way.end()


def _described(table: Table) -> dict[str, Any]:
    made_from = origins(table)
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            column.meaning + _told(made_from.get(column.name, ())),
            dg.TableColumnConstraints(nullable=column.name not in table.key),
        )
        for column in table.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns), "key": ", ".join(table.key)}


def _told(made_from: Sequence[tuple[str, str]]) -> str:
    """What a column is made from, for its description: Dagster's open pages show lineage of tables, not of columns."""
    shown = ", ".join(f"{table}.{column}" for table, column in made_from[:SHOWN])
    more = f" and {len(made_from) - SHOWN} more" if len(made_from) > SHOWN else ""
    return f" ← {shown}{more}" if made_from else ""


def _lineage(table: Table) -> dict[str, Any]:
    """Which columns each column is made from, in Dagster's own words."""
    made_from = {
        name: [dg.TableColumnDep(dg.AssetKey(source), column) for source, column in found]
        for name, found in origins(table).items()
        if found
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(made_from)} if made_from else {}


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _landing(settings: Settings) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            table.name,
            group_name=table.stage.value,
            description=_sentence(table.grain),
            kinds={"polars", "parquet"},
            metadata=_described(table),
            owners=settings.all_owners,
            skippable=True,
        )
        for table in LANDED
    ]

    @dg.multi_asset(specs=specs, name="landing", description="Reads what is new in the inbox; what cannot be read is in `files`.")
    def landing(context: dg.AssetExecutionContext, refreshing: dg.ResourceParam[UnderWay]) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]  # Dagster refuses the argument
        try:
            intake = refreshing.begin()
        except LockHeldError as held:
            context.log.warning("Skipped: %s", held)
            return
        close_dead_runs(context.instance, but=context.run.run_id)
        summary = intake.finish()
        for table in LANDED:
            kind = table.name.removeprefix("landed_")
            rows = sum(count for landing in intake.ledger.live.values() for of, _, count, _ in landing.digests if of == kind)
            metadata: dict[str, Any] = {"files": dict(summary.files)} | (
                {"dagster/row_count": rows} if kind != "quarantine" else {}
            )
            yield dg.MaterializeResult(asset_key=table.name, metadata=metadata)

    return landing


def _table(table: Table, settings: Settings) -> dg.AssetsDefinition:
    # A table that reads only what the ledger says still comes after the landing.
    read = {name for name in inputs_of(table) if name in BY_NAME} or {landed.name for landed in LANDED}
    kinds = {"duckdb", "sql"} if sql_of(table) else {"duckdb", "polars"}
    checks: dict[str, Sequence[Check]] = {LAWS: laws_about(table), EXPECTATIONS: suite_of(table) if settings.expectations else ()}

    @dg.asset(
        name=table.name,
        deps=sorted(read),
        group_name=table.stage.value,
        description=_sentence(table.grain),
        kinds=kinds,
        metadata=_described(table) | _lineage(table),
        owners=settings.all_owners,
        code_version=code_of(table),
        check_specs=[_check(table, name, held_to) for name, held_to in checks.items() if held_to],
    )
    def build(refreshing: dg.ResourceParam[UnderWay]) -> dg.MaterializeResult:  # type: ignore[type-arg]
        built, verdicts = refreshing.refresh.build(table)
        said = {
            LAWS: [verdict for verdict in verdicts if not isinstance(verdict.law, Expectation)],
            EXPECTATIONS: [verdict for verdict in verdicts if isinstance(verdict.law, Expectation)],
        }
        counted = {"dagster/row_count": built.rows, "months rebuilt": built.rebuilt, "months": built.months}
        return dg.MaterializeResult(
            metadata=({} if table.view else counted) | _lineage(table),  # a view's rows are not counted: nothing is stored
            check_results=[_result(name, said[name]) for name, held_to in checks.items() if held_to],
        )

    return build


def _check(table: Table, name: str, held_to: Sequence[Check]) -> dg.AssetCheckSpec:
    """One check for all the laws about a table, one for all that is expected of its rows: each costs a run 50 ms and more."""
    blocking = sum(one.severity is Severity.BLOCKING for one in held_to)
    sentences = "law" if name == LAWS else "expectation"
    return dg.AssetCheckSpec(
        name,
        asset=table.name,
        blocking=blocking > 0,
        description=f"{len(held_to)} {sentences}{'s' if len(held_to) > 1 else ''} about {table.name}: {blocking} "
        f"{'keep' if blocking != 1 else 'keeps'} a generation from being published where broken, {len(held_to) - blocking} warn.",
    )


def _result(name: str, verdicts: Sequence[Verdict]) -> dg.AssetCheckResult:
    """What was found, as a list with what is wrong on top. What only warns fails with a warning, and blocks nothing."""
    ordered = sorted(verdicts, key=lambda verdict: (verdict.passed, not verdict.blocks))
    failed = [verdict for verdict in ordered if not verdict.passed]
    listed = [
        dg.TableRecord(
            {"check": verdict.law.name.replace("_", " "), "severity": str(verdict.law.severity), "seen": verdict.seen}
            | ({"worst": verdict.worst, "what to do": "" if verdict.passed else verdict.law.way_out} if failed else {})
        )
        for verdict in ordered
    ]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if any(verdict.blocks for verdict in failed) else dg.AssetCheckSeverity.WARN,
        description=f"{len(verdicts) - len(failed)} of {len(verdicts)} passed"
        + "".join(f"; {verdict.law.name.replace('_', ' ')}: {verdict.seen}" for verdict in failed[:SHOWN]),
        metadata={"failed": len(failed), "verdicts": dg.MetadataValue.table(listed)},
    )


def _published(tables: Sequence[Table], settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=PUBLISHED,
        deps=[table.name for table in tables],
        group_name=Stage.PUBLISHED.value,
        kinds={"duckdb"},
        owners=settings.all_owners,
        code_version=code_of(),
        description="The generation readers see: copied, verified, named, and only then made current.",
    )
    def publish(refreshing: dg.ResourceParam[UnderWay]) -> dg.MaterializeResult:  # type: ignore[type-arg]
        generation = refreshing.refresh.publish()
        path = refreshing.refresh.home.published / generation.file
        return dg.MaterializeResult(metadata={"generation": generation.number, "path": dg.MetadataValue.path(str(path))})

    return publish


def _reported(settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=REPORT,
        deps=[PUBLISHED],
        group_name=Stage.PUBLISHED.value,
        kinds={"altair", "jinja"},
        owners=settings.all_owners,
        code_version=code_of(),
        description="The page of the generation readers see, to be read offline and sent by mail.",
    )
    def write(refreshing: dg.ResourceParam[UnderWay]) -> dg.MaterializeResult:  # type: ignore[type-arg]
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(refreshing.refresh.report()))})

    return write


def definitions(refreshing: UnderWay | dg.ResourceDefinition, settings: Settings) -> dg.Definitions:
    """All there is, around one refresh."""
    tables = in_order()
    job = dg.define_asset_job(JOB, selection=dg.AssetSelection.all(), description="Everything, from the inbox to the generation.")
    return dg.Definitions(
        assets=[
            _landing(settings),
            *(_table(table, settings) for table in tables),
            _published(tables, settings),
            *([_reported(settings)] if settings.reports else []),
        ],
        jobs=[job],
        schedules=[nightly(JOB, settings)],
        sensors=[new_files_sensor(JOB, settings)],
        resources={"refreshing": refreshing},
        executor=dg.in_process_executor,  # one writer; and a process a step was measured 15 times slower
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions Dagster's own commands load."""
    return definitions(refreshing_home, settings_of())
