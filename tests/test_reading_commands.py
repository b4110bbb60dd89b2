"""`edgewise recommend`, `report`, `notebook` and `export`: what they say and write, and how mistakes are told."""

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import polars as pl
import pytest
from test_report import EVIL, TITLES, shown_home
from typer.testing import CliRunner, Result

from assets import report
from assets.home import Home
from assets.published import open_published
from pipelines import screens
from pipelines.cli import app
from pipelines.commands import reading


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home all tests here look at."""
    return shown_home(tmp_path_factory.mktemp("read"))


def edgewise(home: Home, *arguments: str) -> Result:
    """Run the command on a home."""
    return CliRunner().invoke(app, [*arguments, "--home", str(home.root)])


def refused(home: Home, *arguments: str) -> str:
    """What a command says that is used wrongly: one line, exit 2."""
    result = edgewise(home, *arguments)
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


# ---- recommend ------------------------------------------------------------------------------------


def test_recommendations_come_in_order_with_their_error_rate(home: Home) -> None:
    said = edgewise(home, "recommend").stdout
    assert said.startswith("Of the 2 edges claimed at most 5 % are expected to have the wrong sign.")
    assert said.index("Attack") < said.index("Fix") < said.index("Explore")
    assert "1,000 CNY a year (900 to 1,100)" in " ".join(said.split())
    assert "11 of 12 weeks ahead" in said


def test_recommendations_in_chinese(home: Home) -> None:
    said = edgewise(home, "recommend", "--lang", "zh").stdout
    assert "方向判断有误的预计不超过 5%" in said
    assert "进攻" in said
    assert "Do this" not in said


def test_recommendations_of_one_store_and_of_the_top(home: Home) -> None:
    of_one = edgewise(home, "recommend", "--store", "taobao_b").stdout
    assert "taobao_b" in of_one
    assert "taobao_a" not in of_one
    assert "and 2 more: --top 3" in edgewise(home, "recommend", "--top", "1").stdout


def test_recommendations_for_machines(home: Home) -> None:
    said = json.loads(edgewise(home, "recommend", "--json", "--top", "2").stdout)
    assert [row["rank"] for row in said["recommendations"]] == [1, 2]
    assert said["recommendations"][0]["store"] == EVIL
    assert said["recommendations"][0]["evidence"]["peers"] == 4
    assert (said["claimed"], said["currency"]) == (2, "CNY")


def test_where_there_is_nothing_to_recommend_the_reasons_are_counted(tmp_path: Path) -> None:
    bare = shown_home(tmp_path)
    _change(bare, "delete from recommendations")
    said = edgewise(bare, "recommend", "--store", "taobao_a").stdout
    assert "Nothing to recommend" in said
    assert "1  fewer than 3 peers" in said
    assert "对照店铺少于 3 家" in edgewise(bare, "recommend", "--lang", "zh").stdout
    _change(bare, "delete from edges")
    assert "no stores could be compared" in edgewise(bare, "recommend").stdout


def test_unknown_names_are_told_with_those_there_are(home: Home) -> None:
    assert "taobao_a, taobao_b" in refused(home, "recommend", "--store", "nowhere")
    assert "there are store" in refused(home, "recommend", "--layer", "nothing")
    assert "en and zh" in refused(home, "recommend", "--lang", "fr")


def test_the_run_shows_the_first_three(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with open_published(home) as database:
        screens.top(database)
    said = capsys.readouterr().out
    assert "Attack" in said
    assert "Explore" not in said
    assert "2 in all" in said


def _change(home: Home, sql: str) -> None:
    with duckdb.connect(str(home.published / "g000001.duckdb")) as database:
        database.execute(sql)


# ---- report and notebook --------------------------------------------------------------------------


def test_report_says_where_the_page_is(home: Home) -> None:
    path = report.place(home)
    assert edgewise(home, "report").stdout.strip() == str(path)
    written = path.stat().st_mtime_ns
    assert edgewise(home, "report").exit_code == 0
    assert path.stat().st_mtime_ns == written


def test_report_opens_the_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", opened.append)
    edgewise(home, "report", "--open")
    assert opened == [report.place(home).resolve().as_uri()]


def test_nothing_is_shown_before_anything_is_published(tmp_path: Path) -> None:
    bare = Home(tmp_path / "bare")
    bare.make()
    for command in (["recommend"], ["report"], ["notebook"], ["export", "orders", str(tmp_path / "a.csv")]):
        assert "nothing is published" in refused(bare, *command)


def test_a_notebook_is_shown_on_loopback_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def call(command: list[str], *, env: dict[str, str]) -> int:
        called.append((command, env))
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    assert edgewise(home, "notebook", "--port", "1234").exit_code == 0
    assert edgewise(home, "notebook", "edges", "--edit").exit_code == 0
    (reading_it, surroundings), (editing, _) = called
    assert reading_it[3:] == [
        "--yes",
        "run",
        "--no-token",
        "--host",
        "127.0.0.1",
        "--port",
        "1234",
        str(reading.NOTEBOOKS / "edges.py"),
    ]
    assert "--no-token" not in editing
    assert "--skip-update-check" in editing
    assert surroundings["EDGEWISE_HOME"] == str(home.root.resolve())
    assert "there are edges" in refused(home, "notebook", "other")


# ---- export ---------------------------------------------------------------------------------------


@pytest.fixture
def csv(home: Home, tmp_path: Path) -> bytes:
    """The products as CSV."""
    file = tmp_path / "products.csv"
    assert f"{len(TITLES)} rows" in edgewise(home, "export", "products", str(file)).stdout
    return file.read_bytes()


def test_csv_opens_in_a_chinese_spreadsheet(csv: bytes) -> None:
    assert csv.startswith(b"\xef\xbb\xbfstore,product_id,")
    assert "杯子" in csv.decode()


def test_no_cell_of_a_csv_is_a_formula(csv: bytes) -> None:
    titles = pl.read_csv(csv, infer_schema=False)["title"].to_list()
    assert titles == [
        "'=1+1", "'+49", "'-x", "'@SUM(A1)", "'\tx", "'\rx", "'＝1", 'Cup "large" & <b>bold</b>', "杯子", "\t1e5", "A-1",
    ]  # fmt: skip


def test_ids_in_a_csv_stay_text(csv: bytes) -> None:
    rows = pl.read_csv(csv, infer_schema=False)
    assert rows["product_id"][0] == "\t6918888000000000000"
    assert rows["merchant_sku"][0] == "\t000"
    assert rows["price"][0] == "12.50"


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "products.XLSX"
    edgewise(home, "export", "products", str(file))
    sheet = fastexcel.read_excel(file.read_bytes()).load_sheet(0).to_polars()
    assert sheet["title"].to_list() == list(TITLES)
    assert sheet["product_id"][0] == "6918888000000000000"
    assert sheet["merchant_sku"][0] == "000"
    assert sheet["price"].dtype == pl.Float64
    assert sheet["first_seen"].dtype in (pl.Date, pl.Datetime("ms"))


def test_an_empty_table_has_its_header(home: Home, tmp_path: Path) -> None:
    for name in ("orders.csv", "orders.xlsx", "orders.parquet"):
        assert edgewise(home, "export", "orders", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "orders.csv").read_text(encoding="utf-8-sig").startswith("month,store,order_id")
    assert pl.read_parquet(tmp_path / "orders.parquet").columns[:3] == ["month", "store", "order_id"]


def test_parquet_holds_everything_as_it_is(home: Home, tmp_path: Path) -> None:
    edgewise(home, "export", "products", str(tmp_path / "p.parquet"))
    assert pl.read_parquet(tmp_path / "p.parquet")["title"].to_list() == list(TITLES)


def test_what_cannot_be_exported_is_told_in_one_line(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "products" in refused(home, "export", "nothing", str(tmp_path / "a.csv"))
    assert ".xlsx, .csv, .parquet" in refused(home, "export", "products", str(tmp_path / "a.doc"))
    for name in ("a.csv", "a.xlsx", "a.parquet"):
        assert "cannot be written" in refused(home, "export", "products", str(tmp_path / "no" / name))
    monkeypatch.setattr(reading, "SHEET_ROWS", 5)
    assert "a sheet holds 4" in refused(home, "export", "products", str(tmp_path / "a.xlsx"))
    assert list(tmp_path.iterdir()) == []
