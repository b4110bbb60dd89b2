"""The refresh: one writer's lock, what a refresh is computed from, and the steps from the inbox to a generation.

The steps are what Dagster's assets call, one each; the order they come in is read from the definitions.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import polars as pl

import assets
import checks
from assets import erasing, promises, published, reference, sources
from assets.definitions import in_order, sql_of
from assets.home import Home
from assets.landed import Intake, new_files, reader, scan
from assets.ledger import Ledger, now
from assets.published import Generation
from assets.restated import restatements
from assets.tables import BY_NAME, Table
from assets.warehouse import Built, Warehouse, discard, interruptible
from checks.expectations import Expectation
from checks.judging import verdicts_on
from checks.reconciliation import Verdict
from pipelines.settings import Settings

_ASKING = 0.05


class LockHeldError(Exception):
    """Another process writes this home; says who and since when."""


class CheckFailedError(Exception):
    """A blocking law is broken, so nothing was published."""

    def __init__(self, broken: list[Verdict]) -> None:
        super().__init__("; ".join(f"{verdict.law.name} ({verdict.law.about}): {verdict.seen}" for verdict in broken))
        self.broken = broken


@contextmanager
def writer(home: Home) -> Iterator[None]:
    """Hold the home's one writer's lock; it dies with the process.

    Raises:
        LockHeldError: another process holds it.
    """
    home.make()
    with home.lock.open("a+") as file:
        try:
            _take(file)
        except BlockingIOError as error:
            file.seek(0)
            who = file.read().strip() or "another process"
            raise LockHeldError(f"another run is under way: {who}") from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {now()}")
        file.flush()
        yield


def _take(file: TextIO) -> None:
    """Take the lock; once more where it is held, for that may be someone who only asks who holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_ASKING)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def holder(home: Home) -> str:
    """Who holds the writer's lock, and since when; blank where nobody does."""
    try:
        with home.lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip() or "another process"
    except FileNotFoundError:
        pass
    return ""


@cache
def code_version() -> str:
    """The version of edgewise, and a digest of everything that decides what is computed."""
    digest = hashlib.sha256()
    for package in (assets, checks):
        root = Path(package.__file__ or "").parent
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".sql", ".toml")):
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return f"{version('edgewise')}+{digest.hexdigest()[:12]}"


@cache
def code_of(table: Table | None = None) -> str:
    """Version of what computes a table, or, of none, of everything."""
    sql = sql_of(table) if table else None
    return hashlib.sha256(sql.encode()).hexdigest()[:12] if sql else code_version()


def inputs_digest(settings: Settings, ledger: Ledger) -> str:
    """Digest of everything a generation is computed from."""
    said = (ledger.digest(), reference.digest(Home(settings.home)), settings.digest, code_version())
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:32]


def nothing_new(settings: Settings) -> Generation | None:
    """The newest generation, if a refresh would only make it again; None where there is something to do."""
    home = Home(settings.home)
    newest = published.newest(home)
    if newest is None or not home.inbox.exists():
        return None
    if not published.held(home) and newest.file != published.current_name(home):
        return None  # a run died before it could show what it had built
    ledger = Ledger(home)
    if newest.inputs_digest != inputs_digest(settings, ledger) or new_files(scan(home), ledger, reader(home, b"")):
        return None
    return newest


def broken_laws(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that keep a generation from being published."""
    return [verdict for verdict in verdicts if verdict.blocks]


class Refresh:
    """One refresh under way. The steps may be called once each, in the order of the flow."""

    def __init__(self, settings: Settings, watch: Callable[[str], None] = lambda _step: None) -> None:
        self.settings, self.home, self._watch = settings, Home(settings.home), watch
        self.base = published.current_name(self.home)
        self.verdicts: list[Verdict] = []
        self._warehouse: Warehouse | None = None

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse, opened at its first use, once everything new is in the ledger."""
        if self._warehouse is None:
            ledger = Ledger(self.home)
            frames = sources.all_of(self.home, ledger, self.settings.reporting_currency, self.settings.margin)
            self._warehouse = Warehouse(self.home, ledger, frames, self.settings.memory)
        return self._warehouse

    def close(self) -> None:
        """Let go of the warehouse."""
        if self._warehouse is not None:
            self._warehouse.close()
            self._warehouse = None

    @interruptible()
    def build(self, table: Table) -> tuple[Built, list[Verdict]]:
        """Bring one table up to date and hold it to the laws and expectations about it. Where one blocks, stop there."""
        self._watch(table.name)
        built = self.warehouse.build(table)
        verdicts = verdicts_on(table, self.warehouse, expectations=self.settings.expectations)
        self.verdicts += verdicts
        return built, verdicts

    @interruptible()
    def publish(self) -> Generation:
        """Publish what was built.

        Raises:
            CheckFailedError: a blocking law is broken.
            PublishError: there is no room, the copy is bad, or another run published meanwhile.
        """
        if broken := broken_laws(self.verdicts):
            raise CheckFailedError(broken)
        self._watch("published")
        warehouse, ledger = self.warehouse, self.warehouse.ledger
        generation = Generation(
            number=published.next_number(self.home),
            built_at=now(),
            inputs_digest=inputs_digest(self.settings, ledger),
            code_version=code_version(),
            engine=self.settings.engine,
            sha256="",
            tables=warehouse.digests(),
        )
        warehouse.write(BY_NAME["checks"], _as_rows(self.verdicts))
        warehouse.write(BY_NAME["generation"], _as_row(generation))
        last = published.newest(self.home)
        earlier = self.home.published / last.file if last and not ledger.unfinished else None  # which would tell who is gone
        told = restatements(warehouse.connection, earlier, generation.number, generation.code_version)
        warehouse.write(BY_NAME["restatements"], told)
        warehouse.checkpoint()
        path = warehouse.path
        self.close()
        shown = published.publish(self.home, path, generation, self.base)
        promises.land(self.home)
        if ledger.unfinished:
            published.forget_earlier(self.home, shown)
            erasing.conclude(ledger)
        return shown

    def report(self) -> Path:
        """Write the page of the generation readers see."""
        from assets import report

        self._watch("report")
        return report.write(self.home)


def refresh(settings: Settings, *, anew: bool = False, new_key_epoch: bool = False) -> Generation:
    """One whole refresh in this process, without Dagster: for tests and, `anew` from what is landed, for `rebuild`.

    Raises:
        LockHeldError: another process writes the home.
        CheckFailedError: a blocking law is broken.
        UsageError: a reference file or the key is wrong.
    """
    with writer(Home(settings.home)):
        if anew:
            discard(Home(settings.home))
        under_way = Refresh(settings)
        with Intake(under_way.home, settings.limits, new_key_epoch=new_key_epoch) as intake:
            intake.finish()
        return published_anew(under_way)


def published_anew(under_way: Refresh) -> Generation:
    """Build every table from what is landed, reading nothing new, and publish. The caller holds the writer's lock.

    Raises:
        CheckFailedError: a blocking law is broken.
    """
    try:
        for table in in_order():
            _, verdicts = under_way.build(table)
            if broken := broken_laws(verdicts):
                raise CheckFailedError(broken)
        return under_way.publish()
    finally:
        under_way.close()


def _as_rows(verdicts: list[Verdict]) -> pl.DataFrame:
    names = [column.name for column in BY_NAME["checks"].columns]
    rows = []
    for verdict in verdicts:
        law = verdict.law
        kind, columns = ("expectation", ", ".join(law.columns)) if isinstance(law, Expectation) else ("law", None)
        outcome, severity = str(verdict.outcome), str(law.severity)
        rows.append((law.name, law.about, kind, columns, verdict.passed, outcome, severity, verdict.seen, verdict.worst))
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"passed": pl.Boolean}, orient="row")


def _as_row(generation: Generation) -> pl.DataFrame:
    row = pl.DataFrame(
        [
            (
                generation.number,
                generation.built_at,
                generation.inputs_digest,
                generation.contract_version,
                generation.code_version,
                generation.engine,
            )
        ],
        schema=["generation", "built_at", "inputs_digest", "contract_version", "code_version", "engine"],
        orient="row",
    )
    return row.with_columns(pl.col("built_at").str.to_datetime(time_unit="us", time_zone="UTC").dt.replace_time_zone(None))
