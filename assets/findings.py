"""What checks found of tables, kept beside them: by check and month, with the digest it was found at.

Whether a finding still holds, and what is checked at all, is for `checks` to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb

_TABLE = (
    "create table if not exists warehouse.meta.judged (about varchar, name varchar, month date, input varchar, found varchar)"
)

Key = tuple[str, date | None]
Finding = tuple[str, str]


def held(connection: duckdb.DuckDBPyConnection, about: str) -> dict[Key, Finding]:
    """What was found of a table, by check and month: the digest it was found at, and the finding."""
    connection.execute(_TABLE)
    rows = connection.execute("select name, month, input, found from warehouse.meta.judged where about = ?", [about]).fetchall()
    return {(name, month): (digest, found) for name, month, digest, found in rows}


def keep(connection: duckdb.DuckDBPyConnection, about: str, found: Mapping[Key, Finding], gone: Iterable[Key] = ()) -> None:
    """Keep what was found of a table, in place of what was found before."""
    if not found:
        return
    old = [(about, name, month) for name, month in (*found, *gone)]
    rows = [(about, name, month, digest, said) for (name, month), (digest, said) in found.items()]
    connection.execute("begin")
    connection.execute(
        f"""delete from warehouse.meta.judged using (values {_places(old)}) as old (about, name, month)
        where judged.about = old.about and judged.name = old.name and judged.month is not distinct from old.month::date""",
        _cells(old),
    )
    connection.execute(f"insert into warehouse.meta.judged values {_places(rows)}", _cells(rows))
    connection.execute("commit")


def _places(rows: Sequence[Sequence[object]]) -> str:
    return ", ".join(f"({', '.join('?' * len(row))})" for row in rows)


def _cells(rows: Sequence[Sequence[object]]) -> list[object]:
    return [cell for row in rows for cell in row]
