"""One table is the same table whatever it is wrapped in; what wraps nothing readable is refused with a reason and no crash."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt  # type: ignore[import-untyped]
from golden_abroad import ABROAD, AMAZON_ITEMS, AMAZON_SHOP, SHOPIFY_LANDING, SHOPIFY_PRODUCTS
from golden_china import CHINA, DOUYIN_ORDERS, DOUYIN_ROW, PDD_ORDERS, SYCM_CHANNELS, SYCM_ITEM_CHANNELS, SYCM_ITEMS
from golden_markets import MARKETS
from golden_reports import REPORTS
from goldens import WRAPS, Cell, Golden, as_page, as_xls, as_xlsx, contents_of, gzipped, read, rows_of, zipped

from assets.exports.opening import StoreFacts

GOLDENS = CHINA | ABROAD | REPORTS | MARKETS
QUOTED = {name: golden for name, golden in GOLDENS.items() if golden.wrap != "tsv"}
WRAPPED: dict[str, Callable[[Golden], bytes]] = {
    "csv in GB18030": lambda golden: WRAPS["csv"](golden.lines, "gb18030"),
    "csv in UTF-8 with mark": lambda golden: WRAPS["csv"](golden.lines, "utf-8-sig"),
    "csv in UTF-16": lambda golden: WRAPS["csv"](golden.lines, "utf-16"),
    "xls": lambda golden: WRAPS["xls"](golden.lines, ""),
    "xlsx": lambda golden: WRAPS["xlsx"](golden.lines, ""),
    "page": lambda golden: WRAPS["page"](golden.lines, "utf-8"),
    "page in GB18030": lambda golden: WRAPS["page"](golden.lines, "gb18030"),
    "TABs": lambda golden: WRAPS["tsv"](golden.lines, "utf-8"),
}


def stem(golden: Golden) -> str:
    """The file's name without what it ends in."""
    return golden.name.rsplit(".", 1)[0]


@pytest.mark.parametrize("name", QUOTED)
def test_a_table_is_the_same_in_whatever_it_is_wrapped(tmp_path: Path, name: str) -> None:
    """Text in any encoding, workbooks old and new, pages and TABs named `.xls`, each as it is, in gzip and in an archive."""
    golden = QUOTED[name]
    expected = contents_of(read(tmp_path, golden.content, golden.name))
    assert expected
    for wrapped, made in WRAPPED.items():
        content = made(golden)
        for file, of in {
            f"{stem(golden)}.xls": content,
            f"{stem(golden)}.xls.gz": gzipped(content),
            f"{stem(golden)}.zip": zipped((f"{stem(golden)}.xls", content), ("__MACOSX/._x", b"\0\1"), (".DS_Store", b"x")),
        }.items():
            assert contents_of(read(tmp_path, of, file)) == expected, (wrapped, file)


# ---- Numbers that lost their last digits -------------------------------------------------------------


@pytest.mark.parametrize("wrap", [as_xls, as_xlsx], ids=["xls", "xlsx"])
@pytest.mark.parametrize("number", [3306907273463024865, 12345678901234567, 6953000000000000243, 1234567890123456])
@pytest.mark.parametrize("others", [0, 1, 9])
def test_a_long_number_in_a_number_cell_is_refused_and_as_text_is_kept(
    tmp_path: Path, wrap: Callable[..., bytes], number: int, others: int
) -> None:
    """One among many as well as alone: a number cell holds fifteen digits, and the rest is never guessed."""
    texts = [
        DOUYIN_ROW | {"主订单编号": f"69530000000000{n:05d}", "子订单编号": f"69530000000000{n:05d}"}
        for n in range(1, others + 1)
    ]
    told = DOUYIN_ROW | {"主订单编号": str(number), "子订单编号": str(number)}
    lost = DOUYIN_ROW | {"主订单编号": number, "子订单编号": "6953000000000099999"}
    golden = DOUYIN_ORDERS.with_rows([*texts, told, lost])
    ((landing, shaped),) = read(tmp_path, wrap(golden.lines), "orders.xlsx")
    assert landing.quarantined == {"id_lost_precision": 1}
    assert shaped is not None
    assert shaped.problems["row"].to_list() == [others + 3]
    assert set(shaped.kinds["orders"]["order_id"]) == {str(row["主订单编号"]) for row in (*texts, told)}


def test_a_lost_number_in_a_code_or_a_title_is_not_known(tmp_path: Path) -> None:
    """It is no key, so the row stands, but what lands is not a number that was never there."""
    row = DOUYIN_ROW | {"商家编码": 3306907273463024865, "选购商品": 3306907273463024865}
    ((_, shaped),) = read(tmp_path, as_xlsx(DOUYIN_ORDERS.with_rows([row]).lines), "orders.xlsx")
    assert shaped is not None
    assert {"merchant_sku", "title"}.isdisjoint(rows_of(shaped, "order_lines")[0])


def test_a_days_cell_of_a_workbook_is_a_day(tmp_path: Path) -> None:
    """A report saved again by a spreadsheet holds days as days and counts as numbers with a fraction of nothing."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page, as_day = book.add_worksheet("a"), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, list(SYCM_ITEMS.header))
        cells: list[Cell | dt.date] = [SYCM_ITEMS.records[0][at] for at in range(len(SYCM_ITEMS.header))]
        for at, cell in enumerate([dt.date(2026, 4, 19), *cells[1:]]):
            page.write_datetime(1, at, cell, as_day) if isinstance(cell, dt.date) else page.write(1, at, cell)
    ((landing, shaped),) = read(tmp_path, target.getvalue(), "items.xlsx")
    assert landing.quarantined == {}
    assert shaped is not None
    assert rows_of(shaped, "traffic")[0]["day"] == "2026-04-19"


# ---- Several sheets ---------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [as_xls, as_xlsx], ids=["xls", "xlsx"])
def test_every_sheet_is_a_table_and_what_stands_beside_is_left_aside(tmp_path: Path, wrap: Callable[..., bytes]) -> None:
    """Each keeps its own books; a sheet of notes is parked and refuses nothing, an empty one is nothing."""
    sheets = {"说明": [["只是说明"], ["第二行"]], "商品": SYCM_ITEMS.lines, "空": [], "来源": SYCM_CHANNELS.lines}
    found = read(tmp_path, wrap(SYCM_ITEMS.lines, sheet="全部", **sheets), "2026-04-19.xls")
    assert [(landing.member, landing.state, landing.format or landing.reason) for landing, _ in found] == [
        ("全部", "landed", "sycm.items"),
        ("说明", "parked", "other_sheet"),
        ("商品", "landed", "sycm.items"),
        ("来源", "landed", "sycm.channels"),
    ]
    assert len({landing.number for landing, _ in found}) == len(found)
    assert len({landing.hash for landing, _ in found}) == len(found)


def test_only_sheets_of_notes_are_an_unknown_format(tmp_path: Path) -> None:
    """Nothing beside them was read."""
    found = read(tmp_path, as_xlsx([["a", "b"]], sheet="one", two=[["c"]]), "notes.xlsx")
    assert [(landing.state, landing.reason) for landing, _ in found] == [("refused", "unknown_format")] * 2


# ---- Workbooks and pages that are none ------------------------------------------------------------------


def with_password() -> bytes:
    """A BIFF workbook that says it is enciphered."""
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    stream = book.get_biff_data()
    first = 4 + struct.unpack("<H", stream[2:4])[0]
    target = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(target, stream[:first] + struct.pack("<HH", 0x2F, 6) + bytes(6) + stream[first:])
    return target.getvalue()


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(old.read(info)) if info.filename == part else old.read(info))
    return target.getvalue()


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
XLSX = as_xlsx(SYCM_ITEMS.lines)
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "an empty xlsx": (as_xlsx([]), "empty", ""),
    "an empty xls": (as_xls([]), "empty", ""),
    "a page without a table": (b"<html><body><p>Please sign in</p></body></html>", "refused", "page_without_table"),
    "an empty table": (b"<html><body><table></table></body></html>", "empty", ""),
    "a password": (with_password(), "refused", "workbook_encrypted"),
    "half an xls": (as_xls(SYCM_ITEMS.lines)[:2000], "refused", "workbook_damaged"),
    "a mark and nothing more": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "refused", "workbook_damaged"),
    "half an xlsx": (XLSX[: len(XLSX) // 2], "refused", "archive_corrupt"),
    "an archive that says it is an xlsx": (zipped(("xl/workbook.xml", b"<x/>")), "refused", "workbook_damaged"),
    "a sheet that is no XML": (rewritten(XLSX, SHEET, lambda _: b"\0\1\2 nothing"), "refused", "workbook_damaged"),
    "cells far apart": (
        rewritten(XLSX, SHEET, lambda xml: xml.replace(b"</sheetData>", FAR + b"</sheetData>")),
        "refused",
        "workbook_sparse",
    ),
    "a sheet that unpacks beyond measure": (
        rewritten(XLSX, SHEET, lambda xml: xml + b" " * (80 << 20)),
        "refused",
        "archive_ratio",
    ),
    "a declaration that never ends": (b"<html><table><tr><td><![foo bar", "refused", "page_damaged"),
    "another report": (as_page([["日期", "备注"], ["2026-04-19", "x"]]), "refused", "unknown_format"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_has_a_reason(tmp_path: Path, name: str) -> None:
    """Nothing fails, and nothing of it lands."""
    content, state, reason = REFUSED[name]
    ((landing, shaped),) = read(tmp_path, content, "report 2026-04-19.xls")
    assert (landing.state, landing.reason, shaped) == (state, reason, None)


def test_markup_in_a_cell_makes_no_page_of_a_file(tmp_path: Path) -> None:
    """A description with a table of its own, right at the start of the file."""
    ((landing, _),) = read(tmp_path, SHOPIFY_PRODUCTS.content, "products.csv")
    assert (landing.state, landing.encoding) == ("landed", "utf-8")


# ---- The day and the product that stand outside ---------------------------------------------------------

DAYS = {
    ("流量来源-2026-04-19_2026-04-19.xls", ()): "2026-04-19",
    ("流量来源_20260419.xls", ()): "2026-04-19",
    ("2026年4月19日/来源.xls", ()): "2026-04-19",
    ("2026-04/2026-04-19/来源.xls", ()): "2026-04-19",
    ("来源.xls", ("统计周期：2026-04-19 ~ 2026-04-19",)): "2026-04-19",
    ("来源.xls", ("统计周期", "2026-04-19 至 2026-04-19")): "2026-04-19",
    ("来源.xls", ("导出日期：2026-04-21", "统计日期：2026-04-19")): "2026-04-19",
    ("来源 2026-04-19.xls", ("导出日期：2026-04-21",)): "2026-04-19",
    ("来源 2026-04-18.xls", ("统计日期：2026-04-19",)): "2026-04-19",
    ("来源.xls", ()): "day_unknown",
    ("来源-04-19-26.xls", ()): "day_unknown",
    ("来源.xls", ("导出日期：2026-04-21",)): "day_unknown",
    ("来源-2026-04-13_2026-04-19.xls", ()): "period_not_a_day",
    ("来源 2026-04-19.xls", ("统计周期：2026-04-13 ~ 2026-04-19",)): "period_not_a_day",
    ("来源-2026-13-45.xls", ()): "day_unknown",
}


@pytest.mark.parametrize(("told", "expected"), DAYS.items())
def test_the_day_stands_above_the_header_or_in_a_name(tmp_path: Path, told: tuple[str, tuple[str, ...]], expected: str) -> None:
    """The period a report states goes before a name, a file's before a folder's; the day it was downloaded is none."""
    name, above = told
    ((landing, shaped),) = read(tmp_path, as_xls([list(above), *SYCM_CHANNELS.lines[5:]]), name)
    if shaped is None:
        assert (landing.state, landing.reason) == ("refused", expected)
    else:
        assert {row["day"] for row in rows_of(shaped, "traffic")} == {expected}


@pytest.mark.parametrize("golden", [SHOPIFY_LANDING, AMAZON_ITEMS], ids=["shopify", "amazon"])
def test_months_are_refused_where_days_are_needed(tmp_path: Path, golden: Golden) -> None:
    """People of several days cannot be parted; Amazon's own name tells the day of the download and none of the report."""
    ((landing, _),) = read(tmp_path, golden.content, "Sessions - 2026-01-01 - 2026-08-31.csv")
    assert (landing.state, landing.reason) == ("refused", "period_not_a_day")
    ((landing, _),) = read(tmp_path, golden.content, "BusinessReport-10-05-26.csv")
    assert (landing.state, landing.reason) == ("refused", "day_unknown")


def test_the_product_stands_in_the_name(tmp_path: Path) -> None:
    """Of the file, else of its folder; without one it is not known whose visitors they are."""
    ((landing, _),) = read(tmp_path, SYCM_ITEM_CHANNELS.content, "单品_2026-04-19.xls")
    assert (landing.state, landing.reason) == ("refused", "product_unknown")
    ((_, shaped),) = read(tmp_path, SYCM_ITEM_CHANNELS.content, "677000000009/单品_2026-04-19.xls")
    assert shaped is not None
    assert {row["about_product"] for row in rows_of(shaped, "traffic")} == {"677000000009"}


# ---- The order of day and month ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "zone", "expected"),
    [
        (["4/18/26", "4/19/26"], "", ["2026-04-18", "2026-04-19"]),
        (["18/4/26", "19/4/26"], "", ["2026-04-18", "2026-04-19"]),
        (["5/10/26", "19/10/26"], "", ["2026-10-05", "2026-10-19"]),
        (["1/10/26", "2/10/26", "3/10/26"], "America/New_York", ["2026-10-01", "2026-10-02", "2026-10-03"]),
        (["10/1/26", "10/2/26", "10/3/26"], "Europe/London", ["2026-10-01", "2026-10-02", "2026-10-03"]),
        (["5/10/26"], "Europe/London", ["2026-10-05"]),
        (["5/10/26"], "America/Los_Angeles", ["2026-05-10"]),
        (["5/10/26"], "", ["2026-05-10"]),
    ],
)
def test_day_and_month_stand_in_one_order_in_all_of_a_file(
    tmp_path: Path, days: list[str], zone: str, expected: list[str]
) -> None:
    """The same report is written M/D in America and D/M elsewhere: the days of a report lie together."""
    row = {"Ordered Product Sales": "$1.00", "Sessions – Total": "5"}
    golden = AMAZON_SHOP.with_rows([row | {"Date": day} for day in days])
    ((_, shaped),) = read(tmp_path, golden.content, "report.csv", facts=StoreFacts(timezone=zone))
    assert shaped is not None
    assert [row["day"] for row in rows_of(shaped, "traffic")] == expected


# ---- Files that were cut off ------------------------------------------------------------------------------


def test_a_record_that_was_cut_off_is_refused_and_not_filled_up(tmp_path: Path) -> None:
    """Empty cells that a flat file leaves away are put back; the last record of a broken download may end amid an amount."""
    golden = ABROAD["amazon.orders"]
    whole = golden.with_rows(golden.rows[:2]).content.rstrip(b"\r\n")
    ((_, shaped),) = read(tmp_path, whole, "whole.txt")
    assert shaped is not None
    assert shaped.problems.is_empty()
    cut = whole[: whole.rindex(b"12.00") + 2]
    ((_, shaped),) = read(tmp_path, cut, "cut.txt")
    assert shaped is not None
    assert shaped.problems.rows() == [(3, "cut_off", "")]
    assert rows_of(shaped, "orders")[0].get("order_paid") is None, "an order with a refused line has no known total"


def test_a_platforms_own_guards_are_no_part_of_a_number(tmp_path: Path) -> None:
    """A TAB before or behind, `="…"` and an apostrophe."""
    guarded = [row | {"订单号": f'="{row["订单号"]}"'} for row in PDD_ORDERS.rows if "订单号" in row]
    expected = contents_of(
        read(tmp_path, PDD_ORDERS.with_rows([row for row in PDD_ORDERS.rows if "订单号" in row]).content, "a.csv")
    )
    assert contents_of(read(tmp_path, PDD_ORDERS.with_rows(guarded).content, "b.csv")) == expected
