"""Personal values planted everywhere in exports are found nowhere in what a home writes: runs that succeed, fail and are killed.

The scanner shows first that it finds what there is to find, in every form and in every place.
"""

# ruff: noqa: E501  what is planted is a line
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
import worlds
import xlsxwriter
from canaries import Canaries, Scanner, canaries, forms
from goldens import FORMATS, as_page, as_xls, gzipped, zipped
from homes import make_home
from typer.testing import CliRunner

from assets.exports.spec import normalise
from assets.home import Home
from assets.ledger import Ledger
from pipelines.cli import app

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


# ---- What is planted --------------------------------------------------------------------------------


def exports(planted: Canaries) -> Iterator[tuple[str, bytes]]:
    """Files full of personal values, in every column, header, name, comment and damaged row; each as the inbox names it."""
    every, known = planted.all, planted.told_by_pattern
    turn = iter(range(10**9))

    def one(among: list[str] = every) -> str:
        return among[next(turn) % len(among)]

    def orders(start: int, count: int, **cells: str) -> list[list[str]]:
        made = []
        for n in range(start, start + count):
            row = {
                "订单编号": f"1903{n:014d}", "订单状态": "交易成功", "买家应付货款": "5.00", "买家应付邮费": "0.00", "总金额": "5.00",
                "买家实际支付金额": "5.00", "订单创建时间": "2024-05-01 10:00:00", "订单付款时间": "2024-05-01 10:00:00",
                "收货地址": f"浙江省 杭州市 {one(planted.addresses)}", "买家会员名": one(), "宝贝标题": f"加急 {one(known)} 专拍",
            } | cells  # fmt: skip
            made.append(
                [
                    row.get(name.strip(), "" if normalise(name) in USED else f"{one()}\n{one()}" if n % 3 else one())
                    for name in worlds.TAOBAO_ORDERS_2019
                ]
            )
        return made

    header = list(worlds.TAOBAO_ORDERS_2019)
    per = max(len(every) // len(header), 6)
    good = orders(0, per)
    extra = [[*header, one(), one()], *[[*row, one(), one()] for row in orders(100_000, per)]]
    wrong = [
        row
        for n, cell in enumerate(("订单状态", "买家应付货款", "订单创建时间"))
        for row in orders(200_000 + n, 1, **{cell: one()})
    ]
    ragged = [[*row[: 5 + n], one()] for n, row in enumerate(orders(300_000, 8))]
    lines = [list(worlds.TAOBAO_LINES_10)]
    for n, value in enumerate(known):
        cells = {
            "订单编号": f"1903{n % per:014d}",
            "标题": f"{value}加急",
            "价格": "5.00",
            "购买数量": "1",
            "订单状态": "交易成功",
            "商家编码": f"A {value}",
        }
        lines.append([cells.get(name, one()) for name in worlds.TAOBAO_LINES_10])
    yield f"ExportOrderList202405010000 {one(known)}.csv", csv_of([header, *good]).encode("gb18030")
    yield (
        f"ExportOrderList202405010100{one(known)}.xls",
        as_xls([header, *good[:20]], sheet=f"联系{one(planted.phones)}", 另=[[one()], [one()]]),
    )
    yield f"{one(known)}/extra.csv", csv_of(extra).encode("utf-8-sig")
    yield "wrong.csv", csv_of([header, *wrong, *orders(400_000, 30), *ragged]).encode("gb18030")
    yield "above.csv", ("\n".join([one(), f"导出人 {one()}", ""]) + csv_of([header, *orders(500_000, 5)])).encode("utf-16")
    yield "broken.csv", csv_of([header, *orders(600_000, 3)]).encode("gb18030") + f'"{one()},{one()}'.encode("gb18030")
    yield "unknown.csv", csv_of([[one(), one()], [one(), one()]]).encode()
    yield "mixed.csv", f"{one(planted.names)},b\n".encode() + one(planted.names).encode("gbk", "ignore") + b"\xff\xff\n"
    yield "page.xls", as_page([header, *good[:3], [one()] * 4]) + f"<!-- {one()} -->".encode()
    yield (
        "packed.zip",
        zipped((f"{one(known)}.csv", csv_of([header, *orders(700_000, 4)]).encode()), ("x.csv", f"{one()},{one()}\n".encode())),
    )
    yield "packed.csv.gz", gzipped(csv_of([header, *orders(800_000, 4)]).encode())
    yield "comments.xlsx", commented(header, orders(900_000, 3), one)
    yield "lines.csv", csv_of(lines).encode("gb18030")
    yield "cut.zip", zipped(("a.csv", "\n".join(every).encode()))[:-40]


def csv_of(rows: list[list[str]]) -> str:
    """Rows with every cell that needs it quoted."""
    return "".join(
        ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in row) + "\n" for row in rows
    )


def commented(header: list[str], rows: list[list[str]], one: object) -> bytes:
    """A workbook whose cells have comments and whose properties name somebody."""
    import io

    assert callable(one)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"author": one(), "comments": one()})
        page = book.add_worksheet()
        for at, row in enumerate([header, *rows]):
            page.write_row(at, 0, row)
            page.write_comment(at, 0, one(), {"author": one()})
    return target.getvalue()


# ---- The programme ----------------------------------------------------------------------------------


def edgewise(home: Home, *arguments: str) -> str:
    """All that a command says, what it fails with too."""
    done = CliRunner().invoke(app, [*arguments, "--home", str(home.root)])
    failed = (
        "".join(traceback.format_exception(done.exception))
        if done.exception and not isinstance(done.exception, SystemExit)
        else ""
    )
    return done.output + failed


def killed(home: Home) -> str:
    """What a run says that is killed once it has begun to land."""
    before = len(Ledger(home).entries)
    run = subprocess.Popen(
        [EDGEWISE, "run", "--home", str(home.root)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for _ in range(600):
        if len(list(home.ledger.glob("*.json"))) > before or run.poll() is not None:
            break
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    said, _ = run.communicate()
    return str(said)


def searched(tmp_path: Path, count: int, explained: int) -> None:
    """Plant values, run, fail, be killed, explain and ask: nothing of them is anywhere but in the inbox."""
    planted = canaries(7, count)
    assert len(set(planted.all)) >= count
    scanner = Scanner(planted.all)
    home = make_home(tmp_path / "home")
    home.toml.write_text("workers = 1\nworker_memory_mb = 1024\n")
    folder = home.inbox / "taobao"
    for name, content in exports(planted):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(1, time.time_ns() - 3_600 * 10**9))
    in_inbox = {value for hits in scanner.in_folder(home.root, but=("reference",)).values() for value, _ in hits}
    assert in_inbox >= set(planted.all), sorted(set(planted.all) - in_inbox)[:5]
    said = [edgewise(home, "run")]
    assert Ledger(home).live, said[0]
    (folder / "again.csv").write_bytes(conflicting(planted))
    said += [
        edgewise(home, "run"),
        edgewise(home, "status"),
        edgewise(home, "doctor"),
        edgewise(home, "query", "from quarantine"),
    ]
    assert "nothing was published" in said[1], said[1]
    (folder / "killed.csv").write_bytes((folder / "wrong.csv").read_bytes() + b"\n")
    said.append(killed(home))
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[:explained]:
        where = ["explain", str(path), "--store", "taobao"]
        said += [edgewise(home, *where), edgewise(home, *where, "--json"), edgewise(home, *where, "--row", "3")]
    told = "\n".join(said)
    assert "Traceback" not in told
    spoken = told.replace(str(home.root), "")
    assert scanner.found(spoken.encode()) == set()
    assert scanner.in_folder(home.root) == {}


def conflicting(planted: Canaries) -> bytes:
    """An order of the first file in another month, which keeps anything from being published."""
    cells = {
        "订单编号": f"1903{3:014d}", "订单状态": "交易成功", "买家应付货款": "5.00", "买家应付邮费": "0.00", "总金额": "5.00",
        "买家实际支付金额": "5.00", "订单创建时间": "2024-08-01 10:00:00", "订单付款时间": "2024-08-01 10:00:00",
    }  # fmt: skip
    row = [cells.get(name.strip(), "" if normalise(name) in USED else planted.names[0]) for name in worlds.TAOBAO_ORDERS_2019]
    return csv_of([list(worlds.TAOBAO_ORDERS_2019), row]).encode("gb18030")


def test_no_planted_value_is_found_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some dozens of values."""
    monkeypatch.setenv("COLUMNS", "400")
    searched(tmp_path, 63, explained=3)


@pytest.mark.soak
def test_no_planted_value_of_very_many_is_found_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred, with every expectation judged and the page written."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    monkeypatch.setenv("EDGEWISE_REPORTS", "true")
    monkeypatch.setenv("COLUMNS", "400")
    searched(tmp_path, 500, explained=100)
