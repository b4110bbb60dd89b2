"""What stands in the warehouse: each table's columns, what its months were computed from, and digests of what they hold.

It is read once when the warehouse is opened, for a refresh asks hundreds of times, and kept with what is written. Digests are
Σ hash(row) mod 2^64 and a count: additive, so that neither order nor the cut into parts can change them. What is computed, and
when, is not known here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from assets.months import Month, in_months
from assets.tables import Stage, Table

PUBLIC, PRIVATE = "warehouse", "private"
_MODULUS = 1 << 64
_Digest = tuple[int, int]  # rows, and the sum of their hashes
_META = """
create schema if not exists {db}.meta;
create table if not exists {db}.meta.partitions (table_name varchar, month date, input varchar, row_count bigint, digest ubigint);
create table if not exists {db}.meta.reaches (table_name varchar, month date, reach date, row_count bigint, digest ubigint);
"""
_KINDS = "select table_name, table_type = 'VIEW' from information_schema.tables where table_catalog = ? and table_schema = 'main'"
_COLUMNS = """
select table_name, column_name, data_type from duckdb_columns()
where database_name = ? and schema_name = 'main' order by table_name, column_index
"""


@dataclass
class Stand:
    """One table: its columns with their types, and rows of `meta.partitions` and `meta.reaches` without its name."""

    columns: list[tuple[str, str]] = field(default_factory=list)
    partitions: list[tuple[Month, str, int, int]] = field(default_factory=list)
    reaches: list[tuple[Month, date, int, int]] = field(default_factory=list)


def database_of(table: Table) -> str:
    """The database a table is in."""
    return PRIVATE if table.private else PUBLIC


def place_of(table: Table) -> str:
    """A table's full name."""
    return f"{database_of(table)}.main.{table.name}"


class Standing:
    """What stands, of both databases of an open warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._stands: dict[str, Stand] = {}
        self._views: dict[str, bool] = {}
        for database in (PUBLIC, PRIVATE):
            connection.execute(_META.format(db=database))
            self._views |= dict(connection.execute(_KINDS, [database]).fetchall())
            for name, *column in connection.execute(_COLUMNS, [database]).fetchall():
                self._of(name).columns.append((column[0], column[1]))
            for name, *row in connection.execute(f"from {database}.meta.partitions").fetchall():
                self._of(name).partitions.append((row[0], row[1], row[2], row[3]))
            for name, *row in connection.execute(f"from {database}.meta.reaches").fetchall():
                self._of(name).reaches.append((row[0], row[1], row[2], row[3]))

    def _of(self, name: str) -> Stand:
        return self._stands.setdefault(name, Stand())

    def clear(self, table: Table) -> None:
        """Drop a view where a table is to stand, or a table where a view is: another release's."""
        was_view = self._views.get(table.name, table.view)
        if was_view != table.view:
            self._connection.execute(f"drop {'view' if was_view else 'table'} {place_of(table)}")
            self._forget(table)
        self._views[table.name] = table.view

    def make(self, table: Table) -> None:
        """Create a table, or replace it where its columns are not today's."""
        declared = [(column.name, column.type) for column in table.columns]
        if self._of(table.name).columns == declared:
            return
        columns = ", ".join(f'"{name}" {kind}' for name, kind in declared)
        self._connection.execute(f"create or replace table {place_of(table)} ({columns})")
        self._forget(table)
        self._stands[table.name] = Stand(declared)

    def _forget(self, table: Table) -> None:
        if self._of(table.name).partitions:
            for relation in ("partitions", "reaches"):
                self._connection.execute(f"delete from {database_of(table)}.meta.{relation} where table_name = ?", [table.name])
        del self._stands[table.name]

    def inputs(self, table: Table) -> dict[Month, str]:
        """By month, the digest of what its rows were computed from."""
        return {month: digest for month, digest, _, _ in self._of(table.name).partitions}

    def totals(self) -> dict[str, tuple[int, int]]:
        """Per table its rows and the digest of their content, wherever they came from."""
        return {
            name: (sum(rows for _, _, rows, _ in stand.partitions), sum(digest for *_, digest in stand.partitions) % _MODULUS)
            for name, stand in self._stands.items()
            if stand.partitions
        }

    def by_month(self, table: Table, *, reached: bool) -> dict[Month, str]:
        """Rows and digest by the month a table's rows are filed under, or by each month they have a day in."""
        stand, found = self._of(table.name), dict[Month, _Digest]()
        filed = [(month, rows, digest) for month, _, rows, digest in stand.partitions]
        for month, rows, digest in [row[1:] for row in stand.reaches] if reached else filed:
            found[month] = _with(found.get(month), rows, digest)
        return {month: f"{rows}:{digest}" for month, (rows, digest) in found.items() if rows}

    def states(self, table: Table) -> dict[Month, str]:
        """Per month a digest of what a table holds and of what that was computed from."""
        return {month: f"{digest}:{rows}:{value}" for month, digest, rows, value in self._of(table.name).partitions}

    def rows_in(self, table: Table, months: Sequence[Month]) -> int:
        """How many rows of a table stand in some months; of a table that is whole, in all."""
        wanted = None if list(months) == [None] else set(months)
        return sum(rows for month, _, rows, _ in self._of(table.name).partitions if wanted is None or month in wanted)

    def take(self, table: Table, stale: Sequence[Month], gone: Sequence[Month], inputs: Mapping[Month, str]) -> Stand:
        """Take the digests of what was written: of each month, and of each month other tables will select its rows by.

        Args:
            table: the table.
            stale: the months that were written.
            gone: those that were removed.
            inputs: by month, the digest of what it was computed from.

        Returns:
            What stands then, to be kept once it is certain to stay.
        """
        was, new, meta = self._of(table.name), Stand(), f"{database_of(table)}.meta"
        for relation in ("partitions", "reaches"):
            where = f"table_name = ? and {in_months([*stale, *gone])}"
            self._connection.execute(f"delete from {meta}.{relation} where {where}", [table.name])
        filed, reached = dict[Month, _Digest](), dict[tuple[Month, date], _Digest]()
        for month, *days, rows, digest in self._groups(table, stale):
            filed[month] = _with(filed.get(month), rows, digest)
            for day in set(days) - {None}:
                reached[month, day] = _with(reached.get((month, day)), rows, digest)
        new.partitions = [(month, inputs[month], *filed.get(month, (0, 0))) for month in stale]
        new.reaches = [(*key, *digest) for key, digest in reached.items()]
        self._insert(f"{meta}.partitions", table, new.partitions)
        self._insert(f"{meta}.reaches", table, new.reaches)
        changed = {*stale, *gone}
        new.partitions += [row for row in was.partitions if row[0] not in changed]
        new.reaches += [row for row in was.reaches if row[0] not in changed]
        return Stand(was.columns, new.partitions, new.reaches)

    def _groups(self, table: Table, months: Sequence[Month]) -> list[tuple[Any, ...]]:
        """Rows and digest by the month they are filed under and the months of their days: sums of days have one, that itself."""
        month, chosen = ("null::date", "true") if table.whole else ("month", in_months(months))
        days = ["month"] if table.stage is Stage.MEASURES else [f"date_trunc('month', {day})::date" for day in table.days]
        keys = ", ".join([f"{month} as filed", *(f"{day} as day_{nth}" for nth, day in enumerate(days if table.days else []))])
        row = "hash(" + ", ".join(f'"{name}"' for name in table.business_columns) + ")"
        hashed = f"select {keys}, {row} as row_hash from {place_of(table)} where {chosen}"
        digest = f"coalesce(sum(row_hash::hugeint) % {_MODULUS}, 0)::ubigint"
        return self._connection.execute(
            f"select * exclude (row_hash), count(*), {digest} from ({hashed}) group by all"
        ).fetchall()

    def _insert(self, relation: str, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            places = ", ".join(f"(?, {', '.join('?' * len(row))})" for row in rows)
            cells = [cell for row in rows for cell in (table.name, *row)]
            self._connection.execute(f"insert into {relation} values {places}", cells)

    def keep(self, table: Table, stand: Stand) -> None:
        """Know what stands of a table from now on."""
        self._stands[table.name] = stand


def _with(known: _Digest | None, rows: int, digest: int) -> _Digest:
    counted, value = known or (0, 0)
    return counted + rows, (value + digest) % _MODULUS
