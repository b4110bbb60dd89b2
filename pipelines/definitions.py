"""The one visible assembly: every table as a Dagster asset with its laws as checks, the job and its resource.

How a table is computed stands in its definition, what must be true of it in `checks`, the steps in `refresh`. Here they are
only handed to Dagster.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dagster as dg

from assets.definitions import in_order, inputs_of, sql_of
from assets.landed import Intake
from assets.tables import BY_NAME, LANDED, Stage, Table
from checks.reconciliation import Law, Severity, Verdict, laws_about
from pipelines.refresh import LockHeldError, Refresh, writer
from pipelines.settings import settings_of

PUBLISHED = "published"


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


def _described(table: Table) -> dict[str, object]:
    columns = [
        dg.TableColumn(column.name, column.type, column.meaning, dg.TableColumnConstraints(nullable=column.name not in table.key))
        for column in table.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns), "key": ", ".join(table.key)}


def _landing() -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            table.name,
            group_name=table.stage.value,
            description=table.grain,
            kinds={"polars", "parquet"},
            metadata=_described(table),
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


def _table(table: Table) -> dg.AssetsDefinition:
    laws = laws_about(table)
    # A table that reads only what the ledger says still comes after the landing.
    read = {name for name in inputs_of(table) if name in BY_NAME} or {landed.name for landed in LANDED}
    kinds = {"duckdb", "sql"} if sql_of(table) else {"duckdb", "polars"}

    @dg.asset(
        name=table.name,
        deps=sorted(read),
        group_name=table.stage.value,
        description=f"{table.grain[0].upper()}{table.grain[1:]}.",
        kinds=kinds,
        metadata=_described(table),
        check_specs=[
            dg.AssetCheckSpec(
                law.name,
                asset=table.name,
                blocking=law.severity is Severity.BLOCKING,
                description=" ".join(filter(None, (law.breakers, law.way_out))),
            )
            for law in laws
        ],
    )
    def build(refreshing: dg.ResourceParam[UnderWay]) -> dg.MaterializeResult:  # type: ignore[type-arg]
        built, verdicts = refreshing.refresh.build(table)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": built.rows, "months rebuilt": built.rebuilt, "months": built.months},
            check_results=[_result(verdict) for verdict in verdicts],
        )

    return build


def _result(verdict: Verdict) -> dg.AssetCheckResult:
    law: Law = verdict.law
    return dg.AssetCheckResult(
        check_name=law.name,
        passed=verdict.passed,
        severity=dg.AssetCheckSeverity.ERROR if law.severity is Severity.BLOCKING else dg.AssetCheckSeverity.WARN,
        metadata={"breaches": verdict.breaches, "worst": verdict.worst or "none"},
    )


def _published(tables: Sequence[Table]) -> dg.AssetsDefinition:
    @dg.asset(
        name=PUBLISHED,
        deps=[table.name for table in tables],
        group_name=Stage.PUBLISHED.value,
        kinds={"duckdb"},
        description="The generation readers see: copied, verified, named, and only then made current.",
    )
    def publish(refreshing: dg.ResourceParam[UnderWay]) -> dg.MaterializeResult:  # type: ignore[type-arg]
        generation = refreshing.refresh.publish()
        path = refreshing.refresh.home.published / generation.file
        return dg.MaterializeResult(metadata={"generation": generation.number, "path": dg.MetadataValue.path(str(path))})

    return publish


def definitions(refreshing: UnderWay | dg.ResourceDefinition) -> dg.Definitions:
    """All there is, around one refresh."""
    tables = in_order()
    job = dg.define_asset_job(
        "refresh", selection=dg.AssetSelection.all(), description="Everything, from the inbox to the generation."
    )
    return dg.Definitions(
        assets=[_landing(), *(_table(table) for table in tables), _published(tables)],
        jobs=[job],
        resources={"refreshing": refreshing},
        executor=dg.in_process_executor,  # one writer; and a process a step was measured 15 times slower
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions Dagster's own commands load."""
    return definitions(refreshing_home)


def close_dead_runs(records: dg.DagsterInstance, but: str = "") -> None:
    """Mark runs as failed whose process died. Called by whoever holds the writer's lock, so that no other run can be alive."""
    begun = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    for run in records.get_runs(filters=begun):
        if run.run_id != but:
            records.report_run_failed(run, "Its process died; the next run went on from there.")


def instance(home: Path) -> dg.DagsterInstance:
    """Dagster's records of a home's runs."""
    os.environ["EDGEWISE_DAGSTER"] = str(home / "dagster")
    return dg.DagsterInstance.from_config(str(Path(__file__).parent.parent))
