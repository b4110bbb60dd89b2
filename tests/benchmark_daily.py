"""How fast many small files are landed: a store's item report of each day, as real BIFF8 workbooks.

Not a test, and not collected as one; run by hand:

    .venv/bin/python tests/benchmark_daily.py make DIR
    .venv/bin/python tests/benchmark_daily.py land DIR
"""

import random
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import fastexcel
import typer

from assets.home import Home
from assets.landed import Intake
from assets.sample.headers import SYCM_ITEMS
from assets.sample.workbook import Row, preamble, workbook
from assets.workers import Limits

STORES, DAYS, ITEMS, FIRST = 6, 300, 145, date(2026, 1, 1)
OFTEN_A_NUMBER, LARGEST, SMALLEST = 3, 5_000, 900

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


@app.command()
def make(home: HomeArgument) -> None:
    """Write the files: 1,800 of them, about 166 MB."""
    chance = random.Random(3)
    for store in range(STORES):
        folder = home / "inbox" / f"shop_{store}"
        folder.mkdir(parents=True)
        for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
            rows = [item(chance, store, number, day) for number in range(ITEMS)]
            content = workbook({"商品": (preamble("商品排行", day, 4), SYCM_ITEMS, rows)})
            (folder / f"【生意参谋平台】商品_全部_{day}_{day}.xls").write_bytes(content)


def item(chance: random.Random, store: int, number: int, day: date) -> Row:
    """One item's row: small numbers as numbers, large ones as text, as the platform writes them."""
    row: Row = {name: chance.randint(0, SMALLEST if place % OFTEN_A_NUMBER else LARGEST) for place, name in enumerate(SYCM_ITEMS)}
    visitors = chance.randint(0, 3_000)
    return row | {
        "统计日期": day.isoformat(),
        "商品ID": str(720_000_000_000 + store * 1_000 + number),
        "商品名称": f"样品 {number}",
        "商品类型": "主商品",
        "货号": f"SKU-{number}",
        "商品状态": "当前在线",
        "商品标签": "-",
        "商品访客数": visitors,
        "支付买家数": visitors // 50,
        "下单转化率": "2.00%",
        "商品支付转化率": "2.00%",
    }


@app.command()
def land(home: HomeArgument, workers: int = 2) -> None:
    """Land them all from nothing, and read them with the reader alone."""
    shutil.rmtree(home / "landed", ignore_errors=True)
    made = Home(home)
    made.make()
    begun = time.perf_counter()
    with Intake(made, Limits(workers)) as intake:
        summary = intake.finish()
    typer.echo(f"landed {dict(summary.files)}, {summary.rows['in']:,} rows, in {time.perf_counter() - begun:.1f} s")
    files = [path.read_bytes() for path in sorted((home / "inbox" / "shop_0").iterdir())]
    begun = time.perf_counter()
    for content in files:
        fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars()
    typer.echo(f"the reader alone: {len(files) / (time.perf_counter() - begun):,.0f} files a second on one core")


if __name__ == "__main__":
    app()
