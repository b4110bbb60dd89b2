"""What checks found of tables, kept beside them: by check and month, with the digest it was found at.

Whether a finding still holds, and what is checked at all, is for `checks` to say.
"""

from collections.abc import Iterable, Mapping
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
    rows = [(about, name, month, digest, said) for (name, month), (digest, said) in found.items()]
    old = [(about, name, month) for name, month in (*found, *gone)]
    connection.execute("begin")
    connection.executemany("delete from warehouse.meta.judged where about = ? and name = ? and month is not distinct from ?", old)
    connection.executemany("insert into warehouse.meta.judged values (?, ?, ?, ?, ?)", rows)
    connection.execute("commit")
