"""`edgewise sample`: real headers, the same bytes of the same seed, and a ledger that is lawful and says what the files say."""

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from math import log
from pathlib import Path
from statistics import median

import fastexcel
import pytest
from typer.testing import CliRunner

from assets.home import UsageError
from assets.sample import amazon, headers
from assets.sample.world import EXPORTS, World, made
from assets.sample.written import write
from pipelines.cli import app

COLUMNS = {
    "TAOBAO_ORDERS_2019": 61,
    "TAOBAO_ORDERS": 71,
    "TAOBAO_LINES_2022": 18,
    "TAOBAO_LINES": 24,
    "TAOBAO_REFUNDS": 39,
    "TAOBAO_LISTINGS": 18,
    "SYCM_ITEMS_2022": 34,
    "SYCM_ITEMS": 40,
    "SYCM_SHOP_SOURCE": 39,
    "SYCM_ITEM_SOURCE": 13,
    "SYCM_SHOP": 34,
    "SHOPIFY_ORDERS": 79,
    "SHOPIFY_PRODUCTS_LEGACY": 53,
    "SHOPIFY_PRODUCTS": 43,
    "SHOPIFY_LANDING": 8,
    "SHOPIFY_SESSIONS": 7,
    "AMAZON_ORDERS": 32,
    "AMAZON_CHILD": 22,
    "AMAZON_BY_DATE": 10,
    "AMAZON_LISTINGS": 29,
    "PDD_ORDERS": 23,
    "PDD_GOODS": 14,
    "DOUYIN_ORDERS": 73,
    "DOUYIN_ORDERS_75": 75,
    "DOUYIN_AFTERSALE": 50,
}
ZERO = Decimal(0)
Table = list[list[str]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All ten stores over ten days."""
    directory = tmp_path_factory.mktemp("made") / "sample"
    write(directory, days=10)
    return directory


def contents(directory: Path) -> dict[str, bytes]:
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def exports(directory: Path) -> list[tuple[str, str, bytes]]:
    """Store, name and bytes of every export, those in a zip too, in the order of their names: the newest is the last."""
    found = []
    for path in (directory / "inbox").rglob("*.*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [(path.parent.name, name, archive.read(name)) for name in archive.namelist()]
        else:
            found.append((path.parent.name, path.name, path.read_bytes()))
    return sorted(found)


def text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def tables(name: str, content: bytes) -> list[Table]:
    """Every table of a file as text cells; of a workbook one per sheet."""
    if name.endswith((".xls", ".xlsx")):
        book = fastexcel.read_excel(content)
        sheets = [book.load_sheet(n, header_row=None, dtypes="string").to_polars() for n in range(len(book.sheet_names))]
        return [[["" if cell is None else cell for cell in row] for row in sheet.rows()] for sheet in sheets]
    if name.endswith(".txt"):
        return [[line.split("\t") for line in text_of(content).split("\r\n")[:-1]]]
    return [list(csv.reader(io.StringIO(text_of(content), newline="")))]


def records(directory: Path, store: str, header: tuple[str, ...]) -> list[dict[str, str]]:
    """All rows of a store's files with this header, files in the order of their names."""
    rows = []
    for of, name, content in exports(directory):
        if of == store and name.endswith((".csv", ".txt")):
            first, *rest = tables(name, content)[0]
            rows += [dict(zip(header, row, strict=True)) for row in rest] if tuple(first) == header else []
    return rows


def ledger(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / "ledger" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def money(text: str) -> Decimal:
    return Decimal(text.strip() or "0")


def total(directory: Path, store: str, column: str) -> Decimal:
    rows = ledger(directory, "store_days.csv")
    return sum((money(row[column]) for row in rows if row["store"] == store and row["basis"] == "paid"), ZERO)


@pytest.mark.parametrize(("name", "count"), COLUMNS.items())
def test_a_header_has_as_many_columns_as_the_real_one(name: str, count: int) -> None:
    assert len(getattr(headers, name)) == count


def test_every_header_is_tested() -> None:
    assert {name for name in vars(headers) if name.isupper()} == set(COLUMNS)


def test_every_export_has_a_real_header_and_every_header_is_exported(sample: Path) -> None:
    known, seen = {getattr(headers, name): name for name in COLUMNS}, set()
    for store, name, content in exports(sample):
        for table in tables(name, content):
            found = [known[tuple(row)] for row in table[:6] if tuple(row) in known]
            if not found and "(previous_period)" in "".join(table[0]):
                found = [known[tuple(table[0][: len(headers.SHOPIFY_SESSIONS)])]]
            assert len(found) == 1, f"{store}/{name}"
            seen.update(found)
    assert seen == set(COLUMNS)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        write(tmp_path / name, stores=5, days=3, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "again")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_products_add_up_to_their_store(sample: Path) -> None:
    columns = ("order_lines", "units", "gross_sales", "discounts")
    products: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for row in ledger(sample, "product_days.csv"):
        for column in columns:
            products[row["store"], row["day"], column] += money(row[column])
    for row in ledger(sample, "store_days.csv"):
        if row["basis"] == "paid":
            for column in columns:
                assert products[row["store"], row["day"], column] == money(row[column]), row


def test_what_is_paid_is_what_was_sold_less_what_was_given(sample: Path) -> None:
    with (sample / "reference" / "stores.csv").open(encoding="utf-8", newline="") as file:
        platforms = {row["store"]: (row["platform"], row["currency"]) for row in csv.DictReader(file)}
    for row in ledger(sample, "store_days.csv"):
        is_tax_on_top = platforms[row["store"]] in (("shopify", "USD"), ("amazon", "USD"))
        due = money(row["gross_sales"]) - money(row["discounts"]) - money(row["platform_subsidy"]) + money(row["shipping"])
        assert money(row["paid_amount"]) == due + (money(row["tax"]) if is_tax_on_top else ZERO)
        assert money(row["refunds_cash_order_day"]) <= money(row["paid_amount"])
        assert money(row["refunds_goods_order_day"]) <= money(row["gross_sales"]) - money(row["discounts"])


def test_refunds_add_up_on_both_days(sample: Path) -> None:
    for store in ("taobao_linen", "tmall_home", "明前茶器店", "douyin_life", "douyin_bags"):
        for part in ("goods", "cash"):
            assert total(sample, store, f"refunds_{part}_order_day") == total(sample, store, f"refunds_{part}_refund_day") > 0


def test_a_roll_up_has_no_more_visitors_than_its_channels_together(sample: Path) -> None:
    leaves: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    rows = ledger(sample, "channel_days.csv")
    for row in rows:
        if row["is_subtotal"] == "0":
            leaves[row["store"], row["day"]].append((row["path"], int(row["visitors"])))
    rolled = [row for row in rows if row["is_subtotal"] == "1"]
    assert len(rolled) == 4 * 10 * 6
    for row in rolled:
        prefix = row["path"].replace("汇总", "").rstrip(">")
        parts = [visitors for path, visitors in leaves[row["store"], row["day"]] if path.startswith(prefix)]
        assert max(parts) <= int(row["visitors"]) <= sum(parts)


def test_the_ledger_says_what_pinduoduo_exported(sample: Path) -> None:
    newest = {row["订单号"]: row for row in records(sample, "pdd_outlet", headers.PDD_ORDERS)}
    paid = [row for row in newest.values() if row["订单成交时间"]]
    assert len(paid) < len(newest)
    assert sum(money(row["用户实付金额(元)"]) for row in paid) == total(sample, "pdd_outlet", "paid_amount")
    back = sum(money(row["用户实付金额(元)"]) for row in paid if row["售后状态"] == "退款成功")
    assert back == total(sample, "pdd_outlet", "refunds_cash_order_day")


@pytest.mark.parametrize(("store", "header"), [("douyin_life", headers.DOUYIN_ORDERS), ("douyin_bags", headers.DOUYIN_ORDERS_75)])
def test_the_ledger_says_what_douyin_exported(sample: Path, store: str, header: tuple[str, ...]) -> None:
    newest = {row["子订单编号"]: row for row in records(sample, store, header)}
    paid = [row for row in newest.values() if row["支付完成时间"]]
    assert sum(money(row["订单应付金额"]) - money(row["支付优惠"]) for row in paid) == total(sample, store, "paid_amount")
    assert sum(money(row["商家实际承担优惠金额"]) for row in paid) == total(sample, store, "discounts")
    asked = {row["售后单号"]: row for row in records(sample, store, headers.DOUYIN_AFTERSALE)}
    done = [row for row in asked.values() if row["售后状态"] == "同意退款，退款成功"]
    back = sum(money(r["退商品金额（元）"]) - money(r["退支付优惠（元）"]) + money(r["退运费金额（元）"]) for r in done)
    assert back == total(sample, store, "refunds_cash_refund_day")


def test_the_ledger_says_what_amazon_exported(sample: Path) -> None:
    newest: dict[str, list[dict[str, str]]] = {}
    for _, name, content in exports(sample):
        if name.endswith(".txt") and (table := tables(name, content)[0])[0][0] == "amazon-order-id":
            of_file: dict[str, list[dict[str, str]]] = defaultdict(list)
            for row in table[1:]:
                of_file[row[0]].append(dict(zip(headers.AMAZON_ORDERS, row, strict=True)))
            newest |= of_file
    rows = [row for of in newest.values() for row in of if row["order-status"] not in ("Pending", "Cancelled")]
    assert sum(money(row["item-price"]) for row in rows) == total(sample, "amazon_us", "gross_sales")
    assert sum(int(row["quantity"]) for row in rows) == total(sample, "amazon_us", "units")
    assert len({row["amazon-order-id"] for row in rows}) == total(sample, "amazon_us", "paid_orders")
    assert any(row["order-status"] in ("Pending", "Cancelled") and not row["item-price"] for of in newest.values() for row in of)


@pytest.fixture(scope="module")
def world() -> World:
    """The default sample's truth."""
    return made(10, 84, 7)


def test_the_newest_export_of_an_order_shows_how_it_ended(world: World) -> None:
    for of in world.stores:
        windows = of.windows(amazon.EXPORTS, amazon.BACK) if of.store.platform == "amazon" else of.windows(EXPORTS)
        for order in of.orders:
            moments = [order.placed_at, order.paid_at, order.shipped_at, order.completed_at, order.closed_at]
            if of.store.platform == "amazon":
                moments = moments[:3]
            newest = [window.exported for window in windows if window.start <= order.placed_at < window.exported][-1]
            moments += [refund.done_at for refund in order.refunds]
            assert all(moment is None or moment <= newest for moment in moments)


def test_what_is_planted_stands_out_and_nothing_else_does(world: World) -> None:
    planted = {(edge.store, edge.segment): log(edge.factor) for edge in world.edges if edge.metric == "conversion"}
    rates: dict[tuple[str, str], float] = {}
    for of in world.stores:
        if of.store.platform == "douyin":
            continue
        bought = Counter(line.listing.item.category for order in of.counted for line in order.goods if line.listing)
        seen: Counter[str] = Counter()
        for listing in of.listings:
            seen[listing.item.category] += sum(of.visitors_of(listing, day) for day in of.days)
        rates |= {(of.store.name, category): log(bought[category] / seen[category]) for category in seen}
        assert all(bought[category] > 350 for store, category in planted if store == of.store.name and category in seen)
    levels: dict[str, float] = dict.fromkeys({place for cell in rates for place in cell}, 0.0)
    for place in [*{store for store, _ in rates}, *{category for _, category in rates}] * 10:
        off = [rate - levels[cell[0]] - levels[cell[1]] for cell, rate in rates.items() if place in cell]
        levels[place] += median(off)
    for (store, category), rate in rates.items():
        assert abs(rate - levels[store] - levels[category] - planted.get((store, category), 0.0)) < 0.25, (store, category)


def test_people_in_it_are_made_up(sample: Path) -> None:
    texts = [text_of(content) for _, name, content in exports(sample) if name.endswith((".csv", ".txt"))]
    mails = {mail for text in texts for mail in re.findall(r"[\w.]+@[\w.]+", text)}
    assert mails
    assert all(mail.endswith("@example.com") for mail in mails)
    assert all(phone.startswith("'1380000") for text in texts for phone in re.findall(r"(?<!\d)'1\d{10}(?!\d)", text))
    assert "made up" in (sample / "README.md").read_text(encoding="utf-8")


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    said = CliRunner().invoke(app, ["sample", str(tmp_path)])
    assert said.exit_code == 2
    assert len(said.output.strip().splitlines()) == 1
    assert contents(tmp_path) == {"mine.txt": b"mine"}


@pytest.mark.parametrize(("stores", "days"), [(0, 10), (100, 10), (5, 1), (5, 1001)])
def test_a_number_out_of_bounds_is_refused(tmp_path: Path, stores: int, days: int) -> None:
    with pytest.raises(UsageError, match="a sample has"):
        write(tmp_path / "new", stores=stores, days=days)
    assert not (tmp_path / "new").exists()


def test_the_command_says_what_is_planted_and_what_to_do_next(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["sample", "--stores", "2", "--days", "2", str(tmp_path / "new")])
    assert said.exit_code == 0
    assert "taobao_linen, category Bedding: conversion × 1.70" in said.output
    assert f"edgewise run --home {tmp_path / 'new'}" in said.output
