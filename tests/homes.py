"""Homes for tests: making one, dropping files in, refreshing it, and what its tables then hold.

Two homes are alike when their digests are. Rows of `files` name files and numbers of landings, and `track_record` holds what a
home has promised before, so those tables are left out.
All homes made here have one pseudonym key, so that even the private tables of two of them can be compared.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import worlds

from assets import published
from assets.home import Home
from assets.ledger import Ledger, retract
from assets.published import Generation
from assets.tables import TABLES, Stage, Table
from pipelines.refresh import refresh
from pipelines.settings import settings_of

KEY = bytes(range(32))
NAMES_FILES = frozenset({"files", "track_record"})
PRIVATE_TABLES = frozenset(table.name for table in TABLES if table.private)

Digests = dict[str, tuple[int, int]]


def make_home(root: Path) -> Home:
    """Make an empty home that reads files in the refresh's own process, with the key all test homes share."""
    home = Home(root)
    home.make()
    home.toml.write_text("workers = 0\n")
    home.key.touch(mode=0o600)
    home.key.write_bytes(KEY)
    return home


def drop(home: Home, files: Iterable[worlds.ExportFile]) -> None:
    """Drop exported files into the inbox, each into its store's folder."""
    worlds.write_files(home.root, files)


def refreshed(home: Home) -> Generation:
    """Refresh the home once and return what was published."""
    return refresh(settings_of(home.root))


def take_out(home: Home, file: str) -> None:
    """Retract a landed file, by its path in the inbox."""
    retract(Ledger(home), file)


def put_back(home: Home, file: str) -> None:
    """Take a retraction back."""
    retract(Ledger(home), file, undo=True)


def published_digests(home: Home) -> Digests:
    """Rows and content digest of every table of the current generation, private ones too, as the generation states them."""
    generation = published.current(home)
    assert generation is not None, "nothing is published"
    return {name: stated for name, stated in generation.tables.items() if name not in NAMES_FILES}


def held_digests(home: Home) -> Digests:
    """Rows and content digest of every table as they really stand, counted and hashed here and now."""
    tables = [table for table in TABLES if table.stage is not Stage.PUBLISHED and table.name not in NAMES_FILES]
    with (
        published.open_published(home) as shown,
        duckdb.connect(str(home.warehouse / "private.duckdb"), read_only=True) as private,
    ):
        return {table.name: _digest(private if table.private else shown, table) for table in tables}


def _digest(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[int, int]:
    content = ", ".join(f'"{name}"' for name in table.business_columns)
    rows, total = connection.execute(f"select count(*), sum(hash({content})::hugeint) from {table.name}").fetchone() or (0, 0)
    return int(rows), int(total or 0) % 2**64
