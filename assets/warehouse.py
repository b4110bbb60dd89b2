"""The warehouse: DuckDB, and how a table's definition is brought up to date. The only file that opens the warehouse.

A definition is one `SELECT` and knows nothing of increments. Here it is wrapped in a filter on `month` and run for the
months whose inputs changed, which digests tell (`standing`). The files are a cache of `landed/`: `rebuild` makes them anew.
"""

import hashlib
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl

from assets.computed import computed
from assets.definitions import inputs_of, sql_of
from assets.home import Home, RefreshError
from assets.ledger import Ledger
from assets.months import Month, batches, in_months, months_of, on_their_days
from assets.standing import PRIVATE, PUBLIC, Standing, place_of
from assets.tables import BY_NAME, LANDED, Stage, Table

MEMORY = 3 << 30
_AT_MOST = "set memory_limit = least(parse_formatted_bytes(current_setting('memory_limit')), {memory})::varchar || ' B'"


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C in the middle of a query be Ctrl-C, not the error DuckDB makes of it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


@dataclass(frozen=True)
class Built:
    """What bringing a table up to date did: how many months were rebuilt, how many stand, and its rows."""

    rebuilt: int
    months: int
    rows: int


class Warehouse:
    """An open warehouse; use as a context manager.

    Args:
        home: the home it belongs to.
        ledger: what is landed and counts.
        sources: small frames that definitions read by name: reference tables and what the ledger says.
        memory: DuckDB's memory limit, like `4GB`; blank is `MEMORY`, or DuckDB's own where less. What is beyond it is spilled.

    Raises:
        RefreshError: the files are damaged, or something else holds them.
    """

    def __init__(self, home: Home, ledger: Ledger, sources: Mapping[str, pl.DataFrame], memory: str = "") -> None:
        self.home, self.ledger = home, ledger
        home.warehouse.mkdir(parents=True, exist_ok=True)
        self.path = home.warehouse / "warehouse.duckdb"
        self._private = home.warehouse / "private.duckdb"
        self._sources = dict(sources)
        self._source_digests = {name: _frame_digest(frame) for name, frame in sources.items()}
        spilled = home.warehouse / "spill"
        shutil.rmtree(spilled, ignore_errors=True)  # of a run that was killed
        config: dict[str, Any] = {
            "temp_directory": str(spilled),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        } | ({"memory_limit": memory} if memory else {})
        try:
            self.connection = duckdb.connect(str(self.path), config=config)
            self.connection.execute(f"attach '{_quoted(self._private)}' as {PRIVATE}")
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            raise RefreshError(
                f"the warehouse cannot be opened ({told}): `edgewise rebuild` makes it anew from landed/"
            ) from error
        if not memory:
            self.connection.execute(_AT_MOST.format(memory=MEMORY))
        self._standing = Standing(self.connection)
        self._shown: dict[str, str] = {}
        self.connection.execute(f"set search_path = '{PUBLIC}.main,{PRIVATE}.main'")
        for name, frame in self._sources.items():
            self.connection.register(name, frame)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database files."""
        self.connection.close()

    def build(self, table: Table) -> Built:
        """Bring a table up to date: every month whose inputs changed, in one transaction.

        Raises:
            duckdb.Error: the definition cannot be run; the table is left as it was.
        """
        self._make(table)
        if table.view:
            return Built(0, 0, 0)
        known = {name: self._known(name, by_days=table.stage is Stage.MEASURES) for name in inputs_of(table)}
        totals = self.digests()
        wanted = {month: self._input(table, month, known, totals) for month in months_of(table, known)}
        stand = self._standing.inputs(table)
        stale = [month for month, digest in wanted.items() if stand.get(month) != digest]
        gone = [month for month in stand if month not in wanted]
        if stale or gone:
            self._rebuild(table, stale, gone, wanted, known.values())
        return Built(len(stale) + len(gone), len(wanted), self.digests().get(table.name, (0, 0))[0])

    def write(self, table: Table, rows: pl.DataFrame) -> None:
        """Replace a table that code fills."""
        self._make(table)
        self.connection.register("given", rows)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        self.connection.execute("begin")
        self.connection.execute(f"delete from {place_of(table)}")
        self.connection.execute(f"insert into {place_of(table)} ({names}) select {names} from given")
        self.connection.execute("commit")
        self.connection.unregister("given")

    def digests(self) -> dict[str, tuple[int, int]]:
        """Per table its rows and the digest of their content, wherever they came from."""
        return self._standing.totals()

    def show_landed(self, names: Collection[str] | None = None) -> None:
        """Make landed rows that count readable under the names of their tables: of all kinds, or of those named."""
        for table in LANDED:
            if names is None or table.name in names:
                self._show(table, None)

    def checkpoint(self) -> None:
        """Write everything into the database file itself, so that it can be copied."""
        self.connection.execute(f"checkpoint {PUBLIC}")

    def _make(self, table: Table) -> None:
        self._standing.clear(table)
        if table.view:
            self.connection.execute(f"create or replace view {PUBLIC}.main.{table.name} as {sql_of(table)}")
        else:
            self._standing.make(table)

    def _known(self, name: str, *, by_days: bool) -> dict[Month, str]:
        """An input's digests by the month another table selects it by; empty for one that is read whole."""
        if name in BY_NAME and BY_NAME[name].stage is Stage.LANDED:
            landed = self.ledger.digests(name.removeprefix("landed_"))
            return {date.fromisoformat(month) if month else None: digest for month, digest in landed.items()}
        table = BY_NAME.get(name)
        if table is None or (table.whole and not (by_days and table.days)):
            return {}
        return self._standing.by_month(table, reached=by_days)

    def _input(
        self, table: Table, month: Month, known: Mapping[str, Mapping[Month, str]], standing: Mapping[str, tuple[int, int]]
    ) -> str:
        """Digest of all a table's month is computed from: the definition, and of each input the rows it can see."""
        made = computed(table)
        said = [made.code if made else sql_of(table) or ""]
        for name, by_month in known.items():
            if name in self._source_digests:
                said.append(f"{name}={self._source_digests[name]}")
            elif by_month:
                seen: Iterable[Month] = sorted(by_month, key=str) if month is None else (month, None)
                said += [f"{name}@{key}={by_month[key]}" for key in seen if key in by_month]
            elif name in BY_NAME:
                said.append(f"{name}={standing.get(name)}")
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]

    def _rebuild(
        self,
        table: Table,
        stale: Sequence[Month],
        gone: Sequence[Month],
        inputs: Mapping[Month, str],
        known: Iterable[Mapping[Month, str]],
    ) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        db, whole, parts = self.connection, table.whole, batches(table, stale, known)
        everything = whole or (set(stale) == set(inputs) and len(parts) == 1)
        db.execute("begin")
        try:
            db.execute(f"delete from {place_of(table)}" + ("" if whole else f" where {in_months([*stale, *gone])}"))
            for months in parts:
                for name in inputs_of(table):
                    if name in BY_NAME and BY_NAME[name].stage is Stage.LANDED:
                        self._show(BY_NAME[name], None if whole or None in months else months)
                chosen = "" if everything else f" where {on_their_days(table, months)}"
                db.execute(f"insert into {place_of(table)} ({names}) select {names} from {self._defined(table)}{chosen}")
            stand = self._standing.take(table, stale, gone, inputs)
            db.execute("commit")
        except BaseException:
            with suppress(duckdb.TransactionException):  # an interrupted commit has rolled back already
                db.execute("rollback")
            raise
        self._standing.keep(table, stand)

    def _defined(self, table: Table) -> str:
        """What a table is made of, to select from: its `SELECT`, or the frame its function returns."""
        made = computed(table)
        if made is None:
            return f"({sql_of(table)}\n) as definition"
        frames = [self.connection.sql(f"select * from {name}").pl() for name in made.reads]
        self.connection.register("computed", made.function(*frames))
        return "computed"

    def _show(self, table: Table, months: Sequence[Month] | None) -> None:
        """Make a landed kind readable: the parts of some months, without rows that do not count."""
        wanted = None if months is None else [month.isoformat() for month in months if month]
        files = self.ledger.parts(table.name.removeprefix("landed_"), wanted)
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        if files:
            paths = ", ".join(f"'{_quoted(self.home.landed / file)}'" for file in files)
            dead = ", ".join(str(number) for number in self.ledger.dead())
            shown = f"select {columns} from read_parquet([{paths}])" + (f" where landing not in ({dead})" if dead else "")
        else:
            typed = ", ".join(f'null::{column.type} as "{column.name}"' for column in table.columns)
            shown = f"select {typed} where false"
        if self._shown.get(table.name) != shown:  # each time costs as much as a small query
            self.connection.execute(f"create or replace temp view {table.name} as {shown}")
            self._shown[table.name] = shown

    def stands(self, name: str) -> dict[Month, str]:
        """Per month a digest of what a table, a landed kind or a source holds and of what it was computed from."""
        if name in self._source_digests:
            return {None: self._source_digests[name]}
        table = BY_NAME[name]
        if table.stage is Stage.LANDED:
            return self._known(name, by_days=False)
        if table.view:
            said = [f"{read}={sorted(self.stands(read).items(), key=str)}" for read in inputs_of(table)]
            return {None: hashlib.sha256("\n".join([sql_of(table) or "", *said]).encode()).hexdigest()[:32]}
        return self._standing.states(table)

    def rows_in(self, name: str, months: Sequence[Month]) -> int:
        """How many rows of a table stand in some months; of a view, how many it shows at most."""
        table = BY_NAME[name]
        if table.view:
            return sum(self.rows_in(read, [None]) for read in inputs_of(table) if read in BY_NAME)
        return self._standing.rows_in(table, months)


def discard(home: Home) -> None:
    """Throw the warehouse away, so that the next refresh makes it anew from `landed/`."""
    shutil.rmtree(home.warehouse, ignore_errors=True)


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _frame_digest(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()[:32]
