"""Dagster's records of a home's runs: where they are kept, how they are closed after a death, and that they are quick to write.

What is recorded belongs to `definitions`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """Dagster's records of a home's runs."""
    os.environ["EDGEWISE_DAGSTER"] = str(home / "dagster")
    with _kept_open(home / "dagster"), dg.DagsterInstance.from_config(str(Path(__file__).parent.parent)) as records:
        yield records


def close_dead_runs(records: dg.DagsterInstance, but: str = "") -> None:
    """Mark runs as failed whose process died. Called by whoever holds the writer's lock, so that no other run can be alive."""
    begun = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    for run in records.get_runs(filters=begun):
        if run.run_id != but:
            records.report_run_failed(run, "Its process died; the next run went on from there.")


@contextmanager
def _kept_open(folder: Path) -> Iterator[None]:
    """Keep SQLite from writing its logs through to a folder's files after each of a run's two thousand notes.

    Dagster opens and closes a file for each, and when the last connection to a file is closed SQLite syncs it three times. So
    one connection to each stays open, and notes are synced when the log is full: losing power loses the last of them at most.
    """
    kept: dict[str, sqlite3.Connection] = {}

    def opened(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("pragma synchronous = normal")
        path = connection.execute("pragma database_list").fetchone()[2]
        if not Path(path).is_relative_to(folder.resolve()):
            return
        if path not in kept:
            kept[path] = sqlite3.connect(path, check_same_thread=False)
        kept[path].execute("select count(*) from sqlite_master").fetchone()  # joins the log, which may have come since

    event.listen(Engine, "connect", opened)
    try:
        yield
    finally:
        event.remove(Engine, "connect", opened)
        for connection in kept.values():
            with closing(connection):
                pass
