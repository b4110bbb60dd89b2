"""Thirty inputs made or met to break a reader, each with what must become of it, numbered as in the list they come from.

A case is a file and its verdict: its state, its reason, the rows refused and the rows left out. What takes more than one file
to show has a test of its own under its number. That nothing else stops, and no number changes, is held in test_bad_input.
"""

# ruff: noqa: E501  a case is a line
import gzip
import io
import os
import socket
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import worlds
import xlsxwriter
from golden_china import PDD_ORDERS, SYCM_ITEMS
from goldens import as_page, as_tsv, as_xls, as_xlsx, read, rows_of, zipped
from homes import drop, refreshed
from test_containers import rewritten, with_password
from test_decode import order, patched, shopify

from assets import landed, published, workers
from assets.exports import opening
from assets.exports.opening import YOUNG_NS, Reader, Source, StoreFacts
from assets.exports.reasons import REASONS
from assets.exports.worker import Unit, land
from assets.home import Home
from assets.landed import Intake
from assets.ledger import Ledger
from assets.workers import Limits
from pipelines.commands.reading import WRITERS

GOOD = shopify([order(1), order(2)])
XLSX = as_xlsx(SYCM_ITEMS.lines)
ITEMS = SYCM_ITEMS.with_rows(SYCM_ITEMS.rows[:1]).lines
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ",".join(worlds.SHOPIFY_ORDERS)
WIDE = ",".join(f"c{n}" for n in range(10**6)) + "\n"
Made = Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """A file by its number in the list, and what must become of it; of one that is landed the rows of data that do."""

    number: int
    what: str
    made: Made
    state: str = "refused"
    reason: str = ""
    refused: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    name: str = "orders.csv"
    said: str = ""
    rows: int = 0


def sheet(change: Callable[[bytes], bytes]) -> Made:
    """A workbook with its sheet changed."""
    return lambda: rewritten(XLSX, SHEET, change)


def of(orders: list[dict[str, str]], **how: str) -> Made:
    """Orders as Shopify writes them."""
    return lambda: shopify(orders, **how).encode()


def raw(text: str, encoding: str = "utf-8") -> Made:
    """A text."""
    return lambda: text.encode(encoding)


def named(*names: str) -> Made:
    """An archive of a good file under each name."""
    return lambda: zipped(*[(name, GOOD.encode()) for name in names])


def link() -> bytes:
    """An archive with a link in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("orders.csv")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return target.getvalue()


def overlapping() -> bytes:
    """An archive whose two members are one and the same bytes."""
    archive = zipped(("a.csv", GOOD.encode()), ("b.csv", GOOD.encode()))
    second = archive.rindex(b"PK\x01\x02")
    return archive[: second + 42] + struct.pack("<L", 5) + archive[second + 46 :]


def repeated(content: bytes) -> bytes:
    """A workbook of two parts of one name."""
    target = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as archive:
        archive.writestr(SHEET, archive.read(SHEET))
    return target.getvalue()


def lying(content: bytes) -> bytes:
    """A workbook whose directory says that a sheet is small."""
    at = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    return content[: at + 24] + struct.pack("<L", 10) + content[at + 28 :]


def garbled(text: str) -> str:
    """A text in GB18030 that was read as if it were of western letters."""
    return text.encode("gb18030").decode("latin-1")


ROWS = "\n".join(GOOD.splitlines()[1:])
TITLED = [order(1), order(2, **{"Lineitem name": "a\0b"}), order(3)]
TAOBAO = ",".join(worlds.TAOBAO_ORDERS_2019)
NARROW = tuple(order(1))
ROUNDED = [order(1) | {"Name": "6.92E+17"}, order(1) | {"Name": "692000000000000001"}]


def taobao(*amounts: str, total: str) -> Made:
    """Taobao orders with a total below."""
    cells = {
        "订单状态": "交易成功", "买家应付货款": "5.00", "买家应付邮费": "0.00", "总金额": "5.00",
        "订单创建时间": "2024-05-01 10:00:00", "订单付款时间 ": "2024-05-01 10:01:00",
    }  # fmt: skip
    rows = [cells | {"订单编号": f"19000000000000{n:04d}", "买家实际支付金额": paid} for n, paid in enumerate(amounts)]
    rows.append({"订单编号": "合计", "买家实际支付金额": total})
    lines = [",".join(row.get(name, row.get(name.strip(), "")) for name in worlds.TAOBAO_ORDERS_2019) for row in rows]
    return lambda: "\n".join([TAOBAO, *lines, ""]).encode("gb18030")


def PAID() -> bytes:  # noqa: N802  a file that takes long to make is made when it is read
    """Sixty thousand orders, and one whose price is a word for nothing."""
    return shopify([*(order(n) for n in range(60_000)), order(60_000, Lineitem_price="N/A")], header=NARROW).encode()


CASES = (
    Case(1, "two cells a whole sheet apart", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')), reason="workbook_sparse"),
    Case(1, "the same under a prefix and other quotes", sheet(lambda xml: xml.replace(b"</sheetData>", b"<x:row r='1048576'><x:c r = 'XFD1048576'/></x:row></sheetData>")), reason="workbook_sparse"),
    Case(1, "the same in cells of a row that says nothing", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row><c t="n" r="ABC1048576"/></row></sheetData>')), reason="workbook_sparse"),
    Case(1, "a column of eight letters", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="ABCDEFGH9"/></row></sheetData>')), reason="workbook_sparse"),
    Case(1, "a cell nowhere, by letters", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="' + b"x" * (1 << 20) + b'9"/></row></sheetData>')), reason="workbook_damaged"),
    Case(1, "a cell nowhere, by digits", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="B' + b"9" * 30 + b'"/></row></sheetData>')), reason="workbook_damaged"),
    Case(2, "a cell that unpacks to sixty million letters", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * (60 << 20) + b"</t></is></c></row></sheetData>")), reason="archive_ratio"),
    Case(2, "a part that unpacks to more than it says", lambda: lying(XLSX), reason="archive_corrupt"),
    Case(2, "gzip that unpacks beyond measure", lambda: gzip.compress(bytes(60 << 20)), reason="archive_ratio"),
    Case(3, "sixteen thousand columns", sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9">' + b"".join(b'<c r="%s9"><v>1</v></c>' % column(n) for n in range(1, 16_001)) + b"</row></sheetData>")), reason="too_many_columns"),
    Case(4, "entities that grow to a billion", sheet(lambda xml: b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + xml[xml.index(b"<worksheet") :]), reason="xml_dtd"),
    Case(4, "an entity that reads another file", lambda: rewritten(XLSX, "xl/workbook.xml", lambda xml: b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + xml), reason="xml_dtd"),
    Case(5, "half an archive", lambda: zipped(("a.csv", GOOD.encode()))[:-60], reason="archive_corrupt"),
    Case(5, "half a workbook", lambda: XLSX[: len(XLSX) // 2], reason="archive_corrupt"),
    Case(5, "a wrong check sum", lambda: patched(patched(zipped(("a.csv", GOOD.encode())), 14, b"\1\2\3\4"), 16, b"\1\2\3\4", central=True), reason="archive_corrupt"),
    *(Case(6, f"a name that leads elsewhere: {name!r}", named(name), reason="archive_path") for name in ("../../x.csv", "a/../../x.csv", "/etc/x.csv", "\\x.csv", "C:\\x.csv", "..\\x.csv", "a\nb.csv")),
    Case(6, "a name with a zero byte", lambda: zipped(("aXb.csv", GOOD.encode())).replace(b"aXb.csv", b"a\0b.csv"), reason="archive_path"),
    Case(6, "a link", link, reason="archive_path"),
    Case(7, "an archive in an archive", lambda: zipped(("a.zip", zipped(("b.csv", GOOD.encode())))), reason="archive_nested"),
    Case(7, "the same under another name", lambda: zipped(("a.csv", zipped(("b.csv", GOOD.encode())))), reason="archive_nested"),
    Case(7, "members that lie over one another", overlapping, reason="archive_overlap"),
    Case(7, "very many members", lambda: zipped(*[(f"{n}.csv", b"") for n in range(10_001)]), reason="archive_members"),
    Case(7, "two members of one name", lambda: zipped(("a.csv", b"1"), ("b.csv", b"2")).replace(b"b.csv", b"a.csv"), reason="archive_duplicate"),
    Case(7, "two parts of one name", lambda: repeated(XLSX), reason="archive_duplicate"),
    Case(8, "an archive with a password", lambda: patched(patched(zipped(("a.csv", GOOD.encode())), 6, b"\x01"), 8, b"\x01", central=True), reason="archive_encrypted"),
    Case(8, "a workbook with a password", with_password, reason="workbook_encrypted"),
    Case(8, "a newer workbook with a password", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"), reason="workbook_encrypted"),
    *(Case(9, f"{what} named {name}", made, "landed", name=name, rows=1) for name in ("items.xls", "items.xlsx") for what, made in {"a page": lambda: as_page(ITEMS), "TABs": lambda: as_tsv(ITEMS)}.items()),
    Case(10, "a number a spreadsheet ruined beside a whole one", of(ROUNDED), "landed", refused={"id_lost_precision": 1}, rows=1),
    Case(10, "a number of nineteen digits in a number cell", lambda: as_xlsx([list(worlds.SHOPIFY_ORDERS), *[[(order(n) | {"Name": name}).get(column, "") for column in worlds.SHOPIFY_ORDERS] for n, name in enumerate((692000000000000001.0, "#2"))]]), "landed", refused={"id_lost_precision": 1}, rows=1),
    Case(11, "a quotation mark never closed", of([order(1), order(2, Notes='"oh'), *[order(n) for n in range(3, 9)]]), reason="unbalanced_quote", said="row 3"),
    Case(12, "rows that are too short and too long", raw(GOOD + "#9,x\n" + ROWS.replace("#1", "#7").splitlines()[0] + ",more\n"), "landed", refused={"row_width": 2}, rows=2),
    Case(13, "the header again", raw(GOOD + GOOD.replace("#1", "#3").replace("#2", "#4")), "landed", skipped={"repeated_header": 1}, rows=4),
    Case(14, "a total that is right", taobao("5.00", "3.50", total="8.50"), "landed", skipped={"total_row": 1}, rows=2),
    Case(14, "a total that is wrong", taobao("5.00", "3.50", total="9.50"), "landed", refused={"total_differs": 1}, rows=2),
    Case(15, "a column that stands twice and says two things", raw("\n".join(f"{line},{more}" for line, more in zip(GOOD.splitlines(), ("Total", "1", "2"), strict=True))), reason="duplicate_header"),
    Case(15, "a column that stands twice and says the same", raw("\n".join(f"{line},{more}" for line, more in zip(GOOD.splitlines(), ("Total", "10.00", "10.00"), strict=True))), "landed", rows=2),
    *(Case(16, f"{encoding}", raw(mark + GOOD, encoding), "landed", rows=2) for encoding in ("utf-16-le", "utf-16-be") for mark in ("", "\ufeff")),
    Case(17, "a head in UTF-8 and a tail in GBK", lambda: shopify([order(1, Lineitem_name="棉质短袖")]).encode() + ROWS.replace("Tee", "长袖").encode("gbk"), reason="mixed_encoding", said="byte"),
    Case(18, "a header that was garbled", raw(f"{garbled(TAOBAO)}\n"), reason="encoding_ambiguous"),
    Case(19, "a zero byte in a title", of(TITLED), "landed", refused={"control_character": 1}, rows=2),
    Case(19, "a zero byte in a number", of([order(1), order(2) | {"Name": "#2\0"}]), "landed", refused={"control_character": 1}, rows=1),
    Case(20, "lines that end in CR alone", of([order(1), order(2)], end="\r"), "landed", rows=2),
    Case(21, "a field of forty megabytes", of([order(1), order(2, Notes="x" * (40 << 20))]), reason="field_too_long"),
    Case(22, "a million columns", raw(WIDE), reason="too_many_columns"),
    Case(22, "a million columns behind a good header", raw(f"{HEADER},{WIDE}"), reason="too_many_columns"),
    Case(23, "one amount that is none among many", PAID, "landed", refused={"money_missing": 1}, rows=60_000),
    Case(23, "one amount of words among many", of([order(n) for n in range(1, 60)] + [order(60, Lineitem_price="free")]), "landed", refused={"money_unreadable": 1}, rows=59),
    *(Case(24, f"{content!r}", lambda content=content: content, "empty") for content in (b"", b"\xef\xbb\xbf", b" \r\n\t\n")),
    Case(24, "a header alone", raw(HEADER + "\n"), "landed"),
    Case(25, "a header that would be a statement", raw('"a""; drop table x; --",b\n1,2\n'), reason="unknown_format"),
    Case(25, "a header in letters that only look the same", raw("\n".join([HEADER.replace("Name", "Nаme"), ROWS])), reason="unknown_format", said="U+0430"),
    Case(25, "a header with letters that are not seen", raw(HEADER.replace("Name", "Na\u200bme\u202e") + "\n"), reason="unknown_format", said="U+200B, U+202E"),
    Case(25, "a sheet whose name would be a statement", lambda: as_xlsx(ITEMS, sheet='a"; drop table x; --'), "landed", name="items.xlsx", rows=1),
    Case(28, "an hour the clocks skip", lambda: PDD_ORDERS.with_rows([dict(PDD_ORDERS.rows[0]) | {"订单成交时间": "2026-03-08 02:30:00"}]).content, "landed", refused={"time_nonexistent": 1}),
    Case(28, "an order of ten years to come", of([order(n) for n in range(1, 9)] + [order(9, Created_at="2099-05-01 09:00:00 -0400")]), "landed", refused={"date_in_future": 1}, rows=8),
    Case(28, "a year of two digits", of([order(1), order(2, Created_at="24-05-01 09:00:00 -0400")]), "landed", refused={"date_unreadable": 1}, rows=1),
)  # fmt: skip


def column(number: int) -> bytes:
    """A sheet's name of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters.encode()


OURS = {  # what the list calls a verdict, and what it is called here
    "xlsx_sparse_bomb": "workbook_sparse", "parser_crashed": "reader_died", "zip_ratio": "archive_ratio",
    "too_many_columns": "too_many_columns", "xml_dtd_forbidden": "xml_dtd", "archive_corrupt": "archive_corrupt",
    "zip_path": "archive_path", "zip_nesting": "archive_nested", "zip_overlap": "archive_overlap", "zip_members": "archive_members",
    "zip_dup_name": "archive_duplicate", "encrypted": "archive_encrypted", "id_lost_precision": "id_lost_precision",
    "csv_unbalanced_quote": "unbalanced_quote", "too_many_fields": "row_width", "missing_fields": "row_width",
    "repeated_header": "repeated_header", "total_row": "total_row", "duplicate_header": "duplicate_header",
    "mixed_encoding": "mixed_encoding", "encoding_ambiguous": "encoding_ambiguous", "control_char": "control_character",
    "field_too_long": "field_too_long", "bad_amount": "money_unreadable", "unknown_header": "unknown_format",
    "nonexistent_time": "time_nonexistent", "unstable_file": "unstable_file", "not_regular_file": "not_regular_file",
}  # fmt: skip
BY_OTHER_TESTS = {26, 27, 29, 30}


def test_the_list_is_whole() -> None:
    """Thirty inputs, each here under its number, and every verdict of the list has its reason here."""
    assert {case.number for case in CASES} | BY_OTHER_TESTS == set(range(1, 31))
    assert set(OURS.values()) <= set(REASONS)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.number:02d} {case.what}"[:60] for case in CASES])
def test_an_adversarial_file_ends_as_it_must(tmp_path: Path, case: Case) -> None:
    """It is refused whole, or its bad rows are; nothing fails, and every row is accounted for."""
    facts = StoreFacts(timezone="America/New_York") if case.number == 28 else None
    ((landing, shaped),) = read(tmp_path, case.made(), case.name, facts=facts)
    assert (landing.state, landing.reason) == (case.state, case.reason)
    assert (landing.quarantined, landing.skipped) == (case.refused, case.skipped)
    assert case.said in landing.detail
    assert (shaped is None) == (case.state != "landed")
    kinds = shaped.kinds.items() if shaped else ()
    assert len(set().union(*(frame["row"] for kind, frame in kinds if kind != "quarantine"))) == case.rows


# ---- What takes more than one file to show ----------------------------------------------------------


def test_01_a_workbook_that_ends_its_reader_costs_itself_alone(home: Home) -> None:
    """Bytes flipped in a BIFF workbook ask for a hundred gigabytes: its worker dies, also where text is read in this process."""
    sound = as_xls([["a", 1.23456789], ["b", 9.87654321]])
    record = struct.pack("<HHHH", 0x203, 14, 1, 1)
    assert record in sound
    folder = home.inbox / "shop"
    folder.mkdir()
    (folder / "bomb.xls").write_bytes(sound.replace(record, struct.pack("<HHHH", 0x203, 14, 65_535, 65_535)))
    (folder / "orders.csv").write_text(GOOD)
    with Intake(home, Limits(workers=0)) as intake:
        intake.finish()
    assert {landing.file: (landing.state, landing.reason) for landing in Ledger(home).landings} == {
        "shop/bomb.xls": ("refused", "reader_died"),
        "shop/orders.csv": ("landed", ""),
    }


def hanging(unit: Unit, reader: Reader) -> object:
    """Read a unit of files, but for ever where one of them is called slow."""
    while any(source.path.name == "slow.csv" for source in unit.sources):
        time.sleep(1)
    return land(unit, reader)


def test_01_a_file_whose_reader_hangs_costs_itself_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped with all that was read beside it, which is read again without it; what takes long has no effect on others."""
    drop(
        home,
        [worlds.ExportFile("shop", name, shopify([order(n)]).encode()) for n, name in enumerate(("a.csv", "slow.csv", "z.csv"))],
    )
    monkeypatch.setattr(landed, "land", hanging)
    monkeypatch.setattr(
        workers, "seconds_for", lambda unit: 0.2 if any(source.path.name == "slow.csv" for source in unit.sources) else 3_600
    )
    with Intake(home, Limits(workers=1)) as intake:
        intake.finish()
    assert {landing.file: (landing.state, landing.reason) for landing in Ledger(home).landings} == {
        "shop/a.csv": ("landed", ""),
        "shop/slow.csv": ("refused", "reader_timed_out"),
        "shop/z.csv": ("landed", ""),
    }


def test_a_minute_and_another_for_every_hundred_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as a unit of files may take to be read."""
    monkeypatch.setattr(workers, "SECONDS_PER_UNIT", 60)
    sources = tuple(Source(tmp_path / str(n), "shop", f"shop/{n}", size, 0) for n, size in enumerate((100 << 20, 50 << 20)))
    assert workers.seconds_for(Unit(1, sources)) == 60 + 60 + 30


@pytest.mark.parametrize("content", [zipped(("a.csv", GOOD.encode()))[:-60], XLSX[: len(XLSX) // 2]], ids=["zip", "xlsx"])
def test_05_what_ends_early_waits_while_it_is_young(home: Home, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """It may still be coming: it is read again at the next run, and refused once it has rested for a minute.

    Read in this process, whose clock is set. What claims to be of a time to come does not wait for that.
    """
    path = home.inbox / "shop" / "orders.zip"
    path.parent.mkdir()
    path.write_bytes(content)
    path.with_name("other.zip").write_bytes(zipped(("b.csv", GOOD.encode())))
    changed = 1_780_000_000 * 10**9
    os.utime(path, ns=(changed, changed))
    monkeypatch.setattr(landed, "is_packed", lambda _: False)
    verdicts = []
    for age in (0, YOUNG_NS - 1, YOUNG_NS, -YOUNG_NS):
        monkeypatch.setattr(opening, "time_ns", lambda age=age: changed + age)
        with Intake(home, Limits(workers=0), look_again=age < 0) as intake:
            intake.finish()
        last = [landing for landing in Ledger(home).landings if landing.file == "shop/orders.zip"][-1:]
        verdicts.append((*((one.state, one.reason) for one in last), len(intake.new)))
    assert verdicts == [
        (("waiting", "unstable_file"), 2),
        (("waiting", "unstable_file"), 1),
        (("refused", "archive_corrupt"), 1),
        (("refused", "archive_corrupt"), 1),
    ]


def test_25_names_that_are_statements_or_lead_elsewhere_are_only_names(home: Home) -> None:
    """Of stores, files and articles; two codes that look alike stay two, and the operator is told."""
    names = (
        'a"; drop table orders; --.csv',
        "CON.csv",
        "'; select 1.csv",
        "\u202efdp.csv",
        "$(rm -rf x).csv",
        "x" * 251 + ".csv",
    )
    store = "a'; drop table files; --"
    skus = ("SKU-0", "ＳＫＵ－０", "sku-о", "B-1", "В-1", "C")
    rows = [order(n, Lineitem_sku=sku, Lineitem_name=f"Tee {n}") for n, sku in enumerate(skus, 1)]
    drop(home, [worlds.ExportFile(store, name, shopify([row]).encode()) for name, row in zip(names, rows, strict=True)])
    refreshed(home)
    with published.open_published(home) as database:
        told = database.execute("select file, state from files order by file").fetchall()
        codes = database.execute("select distinct merchant_sku from order_lines").fetchall()
        warned = database.execute("select worst from checks where \"check\" = 'no_code_looks_like_another'").fetchall()
    assert told == sorted((f"{store}/{name}", "landed") for name in names)
    assert {code for (code,) in codes} == set(skus)
    assert "В-1" in warned[0][0]
    assert "ＳＫＵ" in warned[0][0]


def test_26_a_formula_is_stored_as_it_is_and_never_exported_as_one(home: Home, tmp_path: Path) -> None:
    """Nor is a page's script run, which test_report shows."""
    titles = ["=cmd|' /C calc'!A0", "@SUM(1)", "＝1+1", "-1+1", "+1", "<script>alert(1)</script>"]
    rows = [order(n, Lineitem_name=title) for n, title in enumerate(titles, 1)]
    drop(home, [worlds.ExportFile("shop", "orders.csv", shopify(rows).encode())])
    refreshed(home)
    with published.open_published(home) as database:
        found = {title for (title,) in database.execute("select title from order_lines").fetchall()}
        WRITERS[".csv"](database.table("order_lines"), tmp_path / "lines.csv")
    assert found == set(titles)
    written = set(pl.read_csv(tmp_path / "lines.csv", infer_schema=False)["title"])
    assert written == {f"'{title}" for title in titles[:-1]} | {titles[-1]}


AMOUNTS = {
    "1,234.56": "1234.56", "￥12": "12.00", "-0": "0.00", "12.340": "12.34", "1234": "1234.00", "9999999999.99": "9999999999.99",
    "1.234,56": None, "(5.00)": None, "1e3": None, "inf": None, "12.345": None, "٣": None, "1" + "0" * 30: None, "１２": None,
    "10000000000.00": None,
}  # fmt: skip


@pytest.mark.parametrize("written", AMOUNTS)
def test_27_an_amount_is_read_to_the_cent_or_refused(tmp_path: Path, written: str) -> None:
    """No notation is guessed at; a word for nothing, like NaN, is nothing, and an amount that is needed is then missing."""
    ((landing, shaped),) = read(tmp_path, shopify([order(1, Lineitem_price=f'"{written}"')]).encode(), "orders.csv")
    assert shaped is not None
    if AMOUNTS[written] is None:
        assert landing.quarantined == {"money_unreadable": 1}
    else:
        assert rows_of(shaped, "order_lines")[0]["unit_price"] == AMOUNTS[written]


@pytest.mark.parametrize("word", ["NaN", "N/A", "null", "-"])
def test_27_a_word_for_nothing_is_nothing(tmp_path: Path, word: str) -> None:
    """Never zero: an amount that is needed is missing."""
    ((landing, _),) = read(tmp_path, shopify([order(1, Lineitem_price=word)]).encode(), "orders.csv")
    assert landing.quarantined == {"money_missing": 1}


@pytest.mark.parametrize("since_1904", [False, True])
def test_28_a_day_in_a_workbook_is_the_same_whenever_its_days_begin(tmp_path: Path, since_1904: bool) -> None:
    """Workbooks count days from 1900 or from 1904 and say which."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": since_1904}) as book:
        page, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(ITEMS):
            for at, cell in enumerate(line):
                if cell == "2026-04-19":
                    page.write_datetime(row, at, date(2026, 4, 19), dated)
                else:
                    page.write(row, at, cell)
    ((_, shaped),) = read(tmp_path, target.getvalue(), "items.xlsx")
    assert shaped is not None
    assert [row["day"] for row in rows_of(shaped, "traffic")] == ["2026-04-19"]


def test_28_an_hour_that_comes_twice_is_its_first(tmp_path: Path) -> None:
    """The store's zone is stated; the second pass cannot be told from the first."""
    rows = [dict(PDD_ORDERS.rows[0]) | {"订单成交时间": "2026-11-01 01:30:00"}]
    facts = StoreFacts(timezone="America/New_York")
    ((_, shaped),) = read(tmp_path, PDD_ORDERS.with_rows(rows).content, "orders.csv", facts=facts)
    assert shaped is not None
    assert rows_of(shaped, "orders")[0]["paid_at"].startswith("2026-11-01 05:30:00")


def test_29_exports_that_contradict_each_other_are_told(home: Home) -> None:
    """More paid back than paid, a currency that changed, a refund of no order; that the newest wins is a law of its own."""
    paid_back = order(1, Refunded_Amount="25.00")
    first, second = order(2), order(2) | {"Currency": "EUR"}
    refund = ["R1", "190000000000000017"]
    cells = {"退款编号": refund[0], "订单编号": refund[1], "退款状态": "退款成功", "买家退款金额": "5.00", "退款完结时间": "2024-05-02 10:00:00",
             "退款的申请时间": "2024-05-02 09:00:00", "买家实际支付金额": "5.00"}  # fmt: skip
    orphan = "\n".join(
        [",".join(worlds.TAOBAO_REFUNDS), ",".join(cells.get(name.strip(), "") for name in worlds.TAOBAO_REFUNDS), ""]
    )
    files = [
        worlds.ExportFile("shop", "b.csv", shopify([paid_back, first]).encode()),
        worlds.ExportFile("shop", "a.csv", shopify([second]).encode()),
        worlds.ExportFile("taobao", "r.csv", orphan.encode()),
    ]
    drop(home, files)
    refreshed(home)
    found = {"no_refund_exceeds_what_was_paid", "every_order_has_one_currency", "every_refund_has_its_order"}
    assert found <= broken_checks(home)
    cells = {"订单编号": refund[1], "订单状态": "交易成功", "买家应付货款": "5.00", "买家应付邮费": "0.00", "总金额": "5.00", "买家实际支付金额": "5.00",
             "订单创建时间": "2024-05-01 10:00:00", "订单付款时间": "2024-05-01 10:01:00"}  # fmt: skip
    parent = "\n".join([TAOBAO, ",".join(cells.get(name.strip(), "") for name in worlds.TAOBAO_ORDERS_2019), ""])
    drop(home, [worlds.ExportFile("taobao", "o.csv", parent.encode("gb18030"))])
    refreshed(home)
    assert broken_checks(home) & found == found - {"every_refund_has_its_order"}, "the refund has found its order"
    with published.open_published(home) as database:
        day = (
            "select refunds_cash_refund_day from store_days where store = 'taobao' and basis = 'paid' and day = date '2024-05-02'"
        )
        assert str(database.execute(day).fetchall()) == "[(Decimal('5.00'),)]"


def broken_checks(home: Home) -> set[str]:
    """The laws that do not hold in what is published."""
    with published.open_published(home) as database:
        return {name for (name,) in database.execute('select "check" from checks where not passed').fetchall()}


def test_30_a_file_that_goes_while_it_is_read_is_nothing_to_speak_of(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it goes before it is looked at or after, no run ends of it, and where it comes back it is read."""
    drop(home, [worlds.ExportFile("shop", f"{n}.csv", shopify([order(n)]).encode()) for n in (1, 2, 3)])
    first, second = home.inbox / "shop" / "1.csv", home.inbox / "shop" / "2.csv"
    look = Path.lstat

    def look_and_lose(path: Path) -> os.stat_result:
        if path == first:
            first.unlink(missing_ok=True)
        return look(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "lstat", look_and_lose)
        intake = Intake(home, Limits(workers=0))
    assert [source.path.name for source in intake.new] == ["2.csv", "3.csv"]
    drop(home, [worlds.ExportFile("shop", "1.csv", shopify([order(1)]).encode())])
    with monkeypatch.context() as patch:
        patch.setattr(landed, "land", lambda unit, reader: (second.unlink(missing_ok=True), land(unit, reader))[1])
        with Intake(home, Limits(workers=0)) as intake:
            summary = intake.finish()
    assert summary.files == {"landed": 2, "waiting": 1}
    drop(home, [worlds.ExportFile("shop", "2.csv", shopify([order(2)]).encode())])
    with Intake(home, Limits(workers=0)) as intake:
        intake.finish()
    states = sorted((landing.file, landing.state) for landing in Ledger(home).landings if landing.state != "waiting")
    assert states == [(f"shop/{n}.csv", "landed") for n in (1, 2, 3)]


def test_30_what_is_no_file_is_refused_and_any_name_is_read(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipes, sockets, devices and links are neither waited for nor followed; that a file may grow or go is shown in test_decode."""
    folder = home.inbox / "shop"
    folder.mkdir()
    (tmp_path / "elsewhere.csv").write_text(GOOD)
    os.mkfifo(folder / "pipe.csv")
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "hard.csv").hardlink_to(tmp_path / "elsewhere.csv")
    (folder / "a\nb.csv").write_text(shopify([order(3)]))
    longest = "订" * 83 + "ab.csv"
    assert len(longest.encode()) == 255
    (folder / longest).write_text(shopify([order(4)]))
    monkeypatch.chdir(folder)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket.csv")
    with Intake(home, Limits(workers=0)) as intake:
        intake.finish()
    verdicts = {landing.file.removeprefix("shop/"): landing.reason or landing.state for landing in Ledger(home).landings}
    assert verdicts == {
        **dict.fromkeys(("pipe.csv", "link.csv", "device.csv", "socket.csv"), "not_regular_file"),
        **dict.fromkeys(("hard.csv", "a\nb.csv", longest), "landed"),
    }
