"""The scanner for planted personal values finds what there is to find, in every form and in every place a home writes."""

import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from canaries import Scanner, forms
from goldens import FORMATS

EDGEWISE = str(Path(sys.executable).parent / "edgewise")
USED = FORMATS["taobao.orders"].columns
PLANTED_ONE = "龘㛃欣妍13800001234"
SINKS = (
    "landed/orders/x.parquet",
    "warehouse/x.duckdb",
    "published/x.duckdb",
    "dagster/x.db",
    "landed/ledger/x.json",
    "published/x.html",
)


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
    """Also where it lies compressed and no byte of it shows."""
    path = tmp_path / sink
    path.parent.mkdir(parents=True)
    text = f"a note on {PLANTED_ONE}"
    if sink.endswith(".parquet"):
        pl.DataFrame({"title": [text] * 500}).write_parquet(path, compression="zstd")
    elif sink.endswith(".duckdb"):
        with duckdb.connect(str(path)) as database:
            database.execute("create table t as select ? as title from range(5000)", [text])
    else:
        path.write_bytes(forms(PLANTED_ONE)["html" if sink.endswith("html") else "json" if sink.endswith("json") else "utf-8"])
    assert {value for hits in Scanner([PLANTED_ONE]).in_folder(tmp_path).values() for value, _ in hits} == {PLANTED_ONE}


def test_a_name_of_a_file_is_a_leak(tmp_path: Path) -> None:
    """Names are bytes too."""
    (tmp_path / "landed").mkdir()
    (tmp_path / "landed" / f"{PLANTED_ONE}.txt").touch()
    assert Scanner([PLANTED_ONE]).in_folder(tmp_path)
