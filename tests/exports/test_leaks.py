"""The scanner for planted personal values finds what there is to find, in every form and in every place a home writes."""

import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter
from canaries import Scanner, forms

PLANTED_ONE = "龘㛃欣妍13800001234"
TEXT = f"a note on {PLANTED_ONE}"


# ---- Leaks made on purpose, one for each place a home writes ------------------------------------------


def in_parquet(path: Path) -> None:
    """A part, a table exported: compressed, so that no byte of it shows."""
    pl.DataFrame({"title": [TEXT] * 500}).write_parquet(path, compression="zstd")


def in_duckdb(path: Path) -> None:
    """The warehouse, a generation."""
    with duckdb.connect(str(path)) as database:
        database.execute("create table t as select ? as title from range(5000)", [TEXT])


DIES = """
import duckdb, os, signal, sys
database = duckdb.connect(sys.argv[1])
database.execute("set wal_autocheckpoint = '1GB'")
database.execute("create table t as select ? as title from range(5000)", [sys.argv[2]])
os.kill(os.getpid(), signal.SIGKILL)
"""


def in_duckdb_of_a_killed_run(path: Path) -> None:
    """What a run had written down when it was killed, and nobody has read in."""
    subprocess.run([sys.executable, "-c", DIES, str(path), TEXT], check=False)
    assert path.with_name(f"{path.name}.wal").exists()


def in_sqlite(path: Path) -> None:
    """Dagster's records: long texts lie parted over pages, and a value may begin on one and end on the next."""
    scanner = Scanner([PLANTED_ONE])
    for behind in range(3_000, 9_000):  # pages are filled from a text's end
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as records:
            records.execute("create table event_logs (event text)")
            records.execute("insert into event_logs values (?)", [f"{'x' * 9_000}{PLANTED_ONE}{'y' * behind}"])
            records.commit()
        if not scanner.found(path.read_bytes()):
            return
    raise AssertionError("no value lies on two pages")


def in_workbook(path: Path) -> None:
    """A table exported for a spreadsheet."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(0, 0, TEXT)


def in_gzip(path: Path) -> None:
    """A log that was packed."""
    path.write_bytes(gzip.compress(TEXT.encode()))


def written(form: str) -> Callable[[Path], object]:
    """A text in one of its forms."""
    return lambda path: path.write_bytes(b"before " + forms(PLANTED_ONE)[form] + b" after")


SINKS: dict[str, Callable[[Path], object]] = {
    "landed/orders/x.parquet": in_parquet,
    "landed/ledger/000001.json": written("json"),
    "warehouse/warehouse.duckdb": in_duckdb,
    "warehouse/private.duckdb": in_duckdb_of_a_killed_run,
    "published/g000001.duckdb": in_duckdb,
    "published/g000001.json": written("json"),
    "published/g000001.html": written("html"),
    "report/index.html": written("html, hex"),
    "dagster/history/runs/x.db": in_sqlite,
    "dagster/storage/x/compute_logs/y.err": written("python"),
    "dagster/storage/x/compute_logs/y.out": written("utf-8"),
    "dagster/storage/x/compute_logs/z.gz": in_gzip,
    "temporary/spilled.tmp": written("utf-16-le"),
    "exported/orders.xlsx": in_workbook,
    "exported/orders.csv": written("utf-8"),
    "exported/orders.parquet": in_parquet,
    "writer.lock": written("base64 1"),
}


# ---- The scanner ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", forms(PLANTED_ONE))
def test_every_form_is_found(form: str) -> None:
    """Amid other bytes, at any place, and nothing where nothing is."""
    scanner, planted = Scanner([PLANTED_ONE]), forms(PLANTED_ONE)[form]
    assert (PLANTED_ONE, form) in scanner.found(b"\0 before" + planted + b"behind")
    assert (PLANTED_ONE, form) in scanner.found(bytes(range(256)) * 20_000 + planted)
    assert scanner.found(planted[:-1]) == set() or form.startswith("base64")


@pytest.mark.parametrize("sink", SINKS)
def test_a_leak_in_any_sink_is_found(tmp_path: Path, sink: str) -> None:
    """Also where it lies compressed and no byte of it shows, and nothing where nothing is."""
    path = tmp_path / sink
    path.parent.mkdir(parents=True, exist_ok=True)
    SINKS[sink](path)
    assert {value for hits in Scanner([PLANTED_ONE]).in_folder(tmp_path).values() for value, _ in hits} == {PLANTED_ONE}
    assert Scanner(["另一个人13900005678"]).in_folder(tmp_path) == {}


def test_a_name_of_a_file_is_a_leak(tmp_path: Path) -> None:
    """Names are bytes too."""
    (tmp_path / "landed").mkdir()
    (tmp_path / "landed" / f"{PLANTED_ONE}.txt").touch()
    assert Scanner([PLANTED_ONE]).in_folder(tmp_path)
