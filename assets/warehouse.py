"""The warehouse: DuckDB, and how a table's definition is brought up to date. The only file that opens the warehouse.

A definition is one `SELECT` and knows nothing of increments. Here it is wrapped in a filter on `month` and run for the
months whose inputs changed. What changed is told by digests: Σ hash(row) mod 2^64 and a count, additive, so that neither
order nor the cut into parts can change them. The files are a cache of `landed/`: `rebuild` makes them anew.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from assets.tables import BY_NAME, LANDED, Stage, Table

PUBLIC, PRIVATE = "warehouse", "private"
MEMORY = 3 << 30
_TOTAL = "sum(row_count), sum(digest::hugeint) % 18446744073709551616"
_COLUMNS = """
select column_name, data_type from duckdb_columns()
where database_name = ? and schema_name = 'main' and table_name = ? order by column_index
"""
_AT_MOST = "set memory_limit = least(parse_formatted_bytes(current_setting('memory_limit')), {memory})::varchar || ' B'"
_META = """
create schema if not exists {db}.meta;
create table if not exists {db}.meta.partitions (table_name varchar, month date, input varchar, row_count bigint, digest ubigint);
create table if not exists {db}.meta.reaches (table_name varchar, month date, reach date, row_count bigint, digest ubigint);
"""


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
        for database in (PUBLIC, PRIVATE):
            self.connection.execute(_META.format(db=database))
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
        standing = self.digests()
        wanted = {month: self._input(table, month, known, standing) for month in months_of(table, known)}
        stand = self._stand(table)
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
        self.connection.execute(f"delete from {_place(table)}")
        self.connection.execute(f"insert into {_place(table)} ({names}) select {names} from given")
        self.connection.execute("commit")
        self.connection.unregister("given")

    def digests(self) -> dict[str, tuple[int, int]]:
        """Per table its rows and the digest of their content, wherever they came from."""
        found: dict[str, tuple[int, int]] = {}
        for database in (PUBLIC, PRIVATE):
            rows = self.connection.execute(f"select table_name, {_TOTAL} from {database}.meta.partitions group by 1").fetchall()
            found |= {name: (int(count), int(digest)) for name, count, digest in rows}
        return found

    def show_landed(self) -> None:
        """Make all landed rows that count readable under the names of their tables."""
        for table in LANDED:
            self._show(table, None)

    def checkpoint(self) -> None:
        """Write everything into the database file itself, so that it can be copied."""
        self.connection.execute(f"checkpoint {PUBLIC}")

    def _make(self, table: Table) -> None:
        """Create the table, or replace it where its columns are not today's."""
        if table.view:
            self.connection.execute(f"create or replace view {PUBLIC}.main.{table.name} as {sql_of(table)}")
            return
        declared = [(column.name, column.type) for column in table.columns]
        present = self.connection.execute(_COLUMNS, [PRIVATE if table.private else PUBLIC, table.name]).fetchall()
        if present == declared:
            return
        columns = ", ".join(f'"{name}" {kind}' for name, kind in declared)
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        self.connection.execute(f"create or replace table {_place(table)} ({columns})")
        self.connection.execute(f"delete from {meta}.partitions where table_name = ?", [table.name])
        self.connection.execute(f"delete from {meta}.reaches where table_name = ?", [table.name])

    def _known(self, name: str, *, by_days: bool) -> dict[Month, str]:
        """An input's digests by the month another table selects it by; empty for one that is read whole."""
        if name in BY_NAME and BY_NAME[name].stage is Stage.LANDED:
            landed = self.ledger.digests(name.removeprefix("landed_"))
            return {date.fromisoformat(month) if month else None: digest for month, digest in landed.items()}
        table = BY_NAME.get(name)
        if table is None or (table.whole and not (by_days and table.days)):
            return {}
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        relation, month = ("reaches", "reach") if by_days else ("partitions", "month")
        rows = self.connection.execute(
            f"select {month}, {_TOTAL} from {meta}.{relation} where table_name = ? group by 1",
            [name],
        ).fetchall()
        return {key: f"{count}:{digest}" for key, count, digest in rows if count}

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

    def _stand(self, table: Table) -> dict[Month, str]:
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        return dict(
            self.connection.execute(f"select month, input from {meta}.partitions where table_name = ?", [table.name]).fetchall()
        )

    def _rebuild(
        self,
        table: Table,
        stale: Sequence[Month],
        gone: Sequence[Month],
        inputs: Mapping[Month, str],
        known: Iterable[Mapping[Month, str]],
    ) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        db, whole, parts = self.connection, table.whole, batches(table, stale, known)
        everything = whole or (set(stale) == set(inputs) and len(parts) == 1)
        db.execute("begin")
        try:
            db.execute(f"delete from {_place(table)}" + ("" if whole else f" where {in_months([*stale, *gone])}"))
            for months in parts:
                for name in inputs_of(table):
                    if name in BY_NAME and BY_NAME[name].stage is Stage.LANDED:
                        self._show(BY_NAME[name], None if whole or None in months else months)
                chosen = "" if everything else f" where {on_their_days(table, months)}"
                db.execute(f"insert into {_place(table)} ({names}) select {names} from {self._defined(table)}{chosen}")
            for relation in ("partitions", "reaches"):
                db.execute(f"delete from {meta}.{relation} where table_name = ? and {in_months([*stale, *gone])}", [table.name])
            self._digest(table, meta, stale, inputs)
            db.execute("commit")
        except BaseException:
            with suppress(duckdb.TransactionException):  # an interrupted commit has rolled back already
                db.execute("rollback")
            raise

    def _defined(self, table: Table) -> str:
        """What a table is made of, to select from: its `SELECT`, or the frame its function returns."""
        made = computed(table)
        if made is None:
            return f"({sql_of(table)}\n) as definition"
        frames = [self.connection.sql(f"select * from {name}").pl() for name in made.reads]
        self.connection.register("computed", made.function(*frames))
        return "computed"

    def _digest(self, table: Table, meta: str, stale: Sequence[Month], inputs: Mapping[Month, str]) -> None:
        """Take the digests of what was written: of each month, and of each month other tables will select its rows by."""
        db = self.connection
        row = "hash(" + ", ".join(f'"{name}"' for name in table.business_columns) + ")"
        month, chosen = ("null::date", "true") if table.whole else ("month", in_months(stale))
        digest = "coalesce(sum(row_hash::hugeint) % 18446744073709551616, 0)::ubigint"
        hashed = f"(select *, {row} as row_hash from {_place(table)})"
        taken = db.execute(f"select {month}, count(*), {digest} from {hashed} where {chosen} group by all").fetchall()
        found = {key: (count, value) for key, count, value in taken}
        for key in stale:
            db.execute(
                f"insert into {meta}.partitions values (?, ?, ?, ?, ?)", [table.name, key, inputs[key], *found.get(key, (0, 0))]
            )
        if not table.days:
            return
        if table.stage is Stage.MEASURES:  # filed under the month of their day: the only one they reach
            for key, (count, value) in found.items():
                db.execute(f"insert into {meta}.reaches values (?, ?, ?, ?, ?)", [table.name, key, key, count, value])
            return
        reaches = []
        for index, day in enumerate(table.days):
            first = " and ".join(
                f"date_trunc('month', {day}) is distinct from date_trunc('month', {other})" for other in table.days[:index]
            )
            reaches.append(
                f"select {month} as month, date_trunc('month', {day})::date as reach, {row} as row_hash "
                f"from {_place(table)} where {chosen} and {day} is not null" + (f" and {first}" if first else "")
            )
        rows = " union all ".join(reaches)
        db.execute(
            f"insert into {meta}.reaches select '{table.name}', month, reach, count(*), {digest} from ({rows}) group by all"
        )

    def _show(self, table: Table, months: Sequence[Month] | None) -> None:
        """Make a landed kind readable: the parts of some months, without rows that do not count."""
        wanted = None if months is None else [month.isoformat() for month in months if month]
        files = self.ledger.parts(table.name.removeprefix("landed_"), wanted)
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        if not files:
            typed = ", ".join(f'null::{column.type} as "{column.name}"' for column in table.columns)
            self.connection.execute(f"create or replace temp view {table.name} as select {typed} where false")
            return
        paths = ", ".join(f"'{_quoted(self.home.landed / file)}'" for file in files)
        dead = ", ".join(str(number) for number in self.ledger.dead())
        chosen = f" where landing not in ({dead})" if dead else ""
        self.connection.execute(
            f"create or replace temp view {table.name} as select {columns} from read_parquet([{paths}]){chosen}"
        )

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
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        rows = self.connection.execute(
            f"select month, input, row_count, digest from {meta}.partitions where table_name = ?", [name]
        ).fetchall()
        return {month: f"{digest}:{count}:{value}" for month, digest, count, value in rows}

    def rows_in(self, name: str, months: Sequence[Month]) -> int:
        """How many rows of a table stand in some months; of a view, how many it shows at most."""
        table = BY_NAME[name]
        if table.view:
            return sum(self.rows_in(read, [None]) for read in inputs_of(table) if read in BY_NAME)
        meta = f"{PRIVATE if table.private else PUBLIC}.meta"
        chosen = "true" if months == [None] else in_months(months)
        found = self.connection.execute(
            f"select coalesce(sum(row_count), 0)::bigint from {meta}.partitions where table_name = ? and {chosen}", [name]
        ).fetchone()
        return int(found[0]) if found else 0


def discard(home: Home) -> None:
    """Throw the warehouse away, so that the next refresh makes it anew from `landed/`."""
    shutil.rmtree(home.warehouse, ignore_errors=True)


def _place(table: Table) -> str:
    return f"{PRIVATE if table.private else PUBLIC}.main.{table.name}"


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _frame_digest(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()[:32]
