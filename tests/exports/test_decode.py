"""Bytes become text cells strictly: whatever wraps a file, each cell is what was written, or the file is refused.

What a cell or a header means is not told here. A refusal is one of the documented reasons, for any bytes there are.
"""

import codecs
import csv
import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import worlds
from catalogued import HEADERS as CATALOGUE
from goldens import AN_HOUR_AGO
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_texts import stated

from assets.exports import decode, quotes
from assets.exports.archive import Member, members, read_regular
from assets.exports.decode import Raggedness, Refused, head_records, records, to_utf8
from assets.exports.formats import load_all
from assets.exports.opening import Reader, Source
from assets.exports.reasons import REASONS
from assets.exports.worker import Unit, read_unit
from assets.ledger import LANDINGS_PER_UNIT, Landing

MANY = settings(max_examples=100)
FORMATS = load_all()
LIMIT_AT_START = csv.field_size_limit()  # as importing the reader left it
SAMPLE = "订单编号,标题\r\n1,棉质短袖 𠮷野家 㐀 €\r\n"
ENCODINGS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "utf-8": (str.encode, "utf-8"),
    "utf-8 with mark": (lambda text: codecs.BOM_UTF8 + text.encode(), "utf-8 with byte order mark"),
    "utf-16-le": (lambda text: text.encode("utf-16-le"), "utf-16-le"),
    "utf-16-be": (lambda text: text.encode("utf-16-be"), "utf-16-be"),
    "utf-16-le with mark": (lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "utf-16-le with byte order mark"),
    "utf-16-be with mark": (lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "utf-16-be with byte order mark"),
    "gb18030": (lambda text: text.encode("gb18030"), "gb18030"),
}
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
MARKED = [name for name in ENCODINGS if name.startswith("utf-8") or name.endswith("mark")]


def reason_of(reading: Callable[[], object]) -> str:
    """The reason something is refused for."""
    with pytest.raises(Refused) as refused:
        reading()
    assert refused.value.reason in REASONS
    return refused.value.reason


# ---- Whole files, as a landing sees them ----------------------------------------------------------


def order(number: int, **cells: str) -> dict[str, str]:
    """A Shopify order of one line; other cells by their names with underscores."""
    made = {
        "Name": f"#{number}", "Financial Status": "paid", "Paid at": "2024-05-01 10:00:00 -0400", "Currency": "USD",
        "Created at": "2024-05-01 09:00:00 -0400", "Total": "10.00", "Discount Amount": "0.00", "Lineitem quantity": "1",
        "Lineitem name": "Tee", "Lineitem price": "10.00", "Lineitem sku": "TEE", "Lineitem requires shipping": "true",
    }  # fmt: skip
    return made | {name.replace("_", " "): text for name, text in cells.items()}


def shopify(orders: Iterable[dict[str, str]], end: str = "\n", header: Sequence[str] = worlds.SHOPIFY_ORDERS) -> str:
    """Orders under Shopify's header, cells written as they are."""
    rows = [",".join(made.get(name, "") for name in header) for made in orders]
    return end.join([",".join(header), *rows, ""])


def landings(tmp_path: Path, content: bytes, name: str = "orders.csv") -> list[tuple[Landing, pl.DataFrame | None]]:
    """What becomes of a file, read as a unit of its own, and its order lines."""
    path = tmp_path / name
    path.write_bytes(content)
    os.utime(path, ns=(AN_HOUR_AGO, AN_HOUR_AGO))
    seen = path.stat()
    unit = Unit(1, (Source(path, "shop", f"shop/{name}", seen.st_size, seen.st_mtime_ns),))
    read = read_unit(unit, Reader(tmp_path / "landed", FORMATS, {}, bytes(32)))
    return [(landing, shaped.kinds.get("order_lines") if shaped else None) for landing, shaped in read]


def the_landing(tmp_path: Path, content: bytes, name: str = "orders.csv") -> tuple[Landing, pl.DataFrame | None]:
    """What becomes of a file that is one table."""
    (found,) = landings(tmp_path, content, name)
    return found


def verdict(tmp_path: Path, content: bytes, name: str = "orders.csv") -> tuple[str, str]:
    """State and reason of a file."""
    landing, _ = the_landing(tmp_path, content, name)
    return landing.state, landing.reason


# ---- Encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_an_export_comes_in_is_read_to_the_letter(name: str) -> None:
    """Marked or not, with letters that GB18030 writes in one, two and four bytes; the mark is no letter."""
    encode, told = ENCODINGS[name]
    padding = "2,plain letters\r\n" * 9  # UTF-16 without a mark is told by its zeros
    assert to_utf8(encode(SAMPLE + padding)) == ((SAMPLE + padding).encode(), told)


@MANY
@given(data=st.data(), name=st.sampled_from([*MARKED, "gb18030"]))
def test_any_text_comes_back_from_any_encoding(data: st.DataObject, name: str) -> None:
    """What Unicode has, all of these encodings carry; the Chinese header keeps GB18030 from passing for UTF-8."""
    text = SAMPLE + data.draw(st.text(LETTERS))
    assert to_utf8(ENCODINGS[name][0](text))[0] == text.encode()


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("rows", [1, 60])
def test_a_taobao_export_is_recognised_in_every_encoding(tmp_path: Path, name: str, rows: int) -> None:
    """A short file, mostly a Chinese header, as well as a long one of digits."""
    cells = {
        "订单编号": '="190000000000000017"', "订单状态": "等待买家付款", "买家应付货款": "5.00", "买家应付邮费": "0.00",
        "总金额": "5.00", "买家实际支付金额": "0.00", "订单创建时间": "2024-05-01 10:00:00",
    }  # fmt: skip
    header = worlds.TAOBAO_ORDERS_2019
    row = ",".join(cells.get(column.strip(), "") for column in header)
    text = "\r\n".join([",".join(header), *[row.replace("00017", f"{n:05d}") for n in range(1, rows + 1)], ""])
    encode, told = ENCODINGS[name]
    landing, _ = the_landing(tmp_path, encode(text))
    assert (landing.state, landing.format, landing.encoding, landing.rows_in) == ("landed", "taobao.orders", told, rows)


@pytest.mark.parametrize("head", ["棉质短", "棉质", "订单编号标题", "中"])
def test_a_file_of_two_encodings_is_refused(head: str) -> None:
    """A head in UTF-8 and a tail in GBK, pasted together: no letter of it is guessed."""
    content = f"Name,Title\n1,{head * 40}\n".encode() + "2,长袖\n".encode("gbk")
    assert reason_of(lambda: to_utf8(content)) == "mixed_encoding"


def test_a_shopify_file_of_two_encodings_never_lands_other_letters(tmp_path: Path) -> None:
    """Its header is ASCII, so only the letters of the rows can give it away."""
    head, tail = shopify([order(1, Lineitem_name="棉质短袖衬衫")]), shopify([order(2, Lineitem_name="长袖")]).split("\n", 1)[1]
    assert verdict(tmp_path, head.encode() + tail.encode("gbk")) == ("refused", "mixed_encoding")


@pytest.mark.parametrize(
    "content",
    [
        b"Name,Title\n1,\xff\xff\n",
        b"Name,Title\n1,\x81\x20\n",
        codecs.BOM_UTF8 + "标题\n".encode("gbk"),
        codecs.BOM_UTF16_LE + b"a\0b",
        codecs.BOM_UTF16_LE + b"\x00\xd8a\0",
        "标题,编号\n".encode()[:-2] + b"\n",
        bytes(range(256)),
    ],
    ids=[
        "no lead byte",
        "no trail byte",
        "GBK under a UTF-8 mark",
        "half a unit",
        "half a pair",
        "a letter cut in two",
        "all bytes",
    ],
)
def test_bytes_that_no_encoding_fits_are_refused(content: bytes) -> None:
    """A letter is never dropped or replaced."""
    assert reason_of(lambda: to_utf8(content)) == "encoding_failed"


@MANY
@given(content=st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    """No bytes make the decoder fail in another way, and what it returns is UTF-8."""
    try:
        text, _ = to_utf8(content)
    except Refused as refused:
        assert refused.reason in ("encoding_failed", "mixed_encoding")  # noqa: PT017  text is as right as a refusal
        return
    text.decode()


# ---- Records --------------------------------------------------------------------------------------

CELLS = st.text(LETTERS, max_size=6) | st.sampled_from(
    ["", '"', '""', ",", "\r\n", "\n", "\r", 'a "b" c', '="1,2"', " x ", "a\n\nb", "棉质\n短袖"]
)


def loaded(text: str, width: int, *, first_row: int = 2, separator: str = ",") -> tuple[list[tuple[Any, ...]], list[Raggedness]]:
    """Rows of a text without a header, each led by its number, and the ragged ones."""
    wanted = {at: f"c{at}" for at in range(width)}
    frame, ragged = records(text.encode(), 0, separator, width, wanted, first_row)
    return frame.select("row", *wanted.values()).rows(), ragged


def written(rows: Iterable[Sequence[str]], end: str = "\n", separator: str = ",", *, all_quoted: bool = False) -> str:
    """Rows as a careful writer writes them: quoted where it must be, or everywhere."""

    def cell(text: str) -> str:
        must = all_quoted or any(mark in text for mark in (separator, '"', "\r", "\n"))
        return '"' + text.replace('"', '""') + '"' if must else text

    return "".join(separator.join(map(cell, row)) + end for row in rows)


@MANY
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    separator=st.sampled_from(decode.SEPARATORS),
    all_quoted=st.booleans(),
)
@example(rows=[["a\nb", "1"], ["", ""]], end="\r", separator="\t", all_quoted=False)
def test_cells_come_back_as_they_were_written(rows: list[list[str]], end: str, separator: str, all_quoted: bool) -> None:
    """Every line end, separator and way of quoting; a line break inside quotes is part of its cell and ends no record."""
    found, ragged = loaded(written(rows, end, separator, all_quoted=all_quoted), len(rows[0]), separator=separator)
    assert found == [(number, *map(stated, row)) for number, row in enumerate(rows, start=2)]
    assert ragged == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_last_record_needs_no_line_end(end: str) -> None:
    """A file may end right after its last cell."""
    text = f"1,a{end}2,b"
    assert loaded(text, 2)[0] == loaded(text + end, 2)[0] == [(2, "1", "a"), (3, "2", "b")]


@MANY
@given(widths=st.lists(st.sampled_from([1, 2, 3, 4, 7]), min_size=1, max_size=12), first=st.integers(2, 30))
def test_records_of_another_width_are_told_by_their_number(widths: list[int], first: int) -> None:
    """Too few or too many cells: the record is set aside whole, and every other keeps the number it has in the file."""
    rows = [[f"{number}.{at}" for at in range(width)] for number, width in enumerate(widths)]
    found, ragged = loaded(written(rows), 3, first_row=first)
    numbered = list(enumerate(rows, start=first))
    assert found == [(number, *row) for number, row in numbered if len(row) == 3]
    assert [(one.row, one.text.strip()) for one in ragged] == [
        (number, ",".join(row)) for number, row in numbered if len(row) != 3
    ]


def test_blank_records_are_counted_so_that_rows_keep_their_numbers() -> None:
    """An empty line is a record without a letter."""
    found, ragged = loaded("\n1,a\n\n\r\n2,b\n", 2)
    assert [row for row in found if any(row[1:])] == [(3, "1", "a"), (6, "2", "b")]
    assert len(found) + len(ragged) == 5


def test_only_the_cells_wanted_are_ever_loaded() -> None:
    """A column that no format uses, like a name or an address, is not in the frame."""
    frame, _ = records(b"1,secret,a\n2,secret,b\n", 0, ",", 3, {0: "id", 2: "title"}, 2)
    assert sorted(frame.columns) == ["id", "row", "title"]
    assert "secret" not in str(frame.rows())


def test_quotes_inside_a_cell_are_letters() -> None:
    """`24" screen` and the guard `="…"` do not open a quoted cell."""
    assert loaded('1,24" screen\n="2",=",a"\n', 2)[0] == [(2, "1", '24" screen')]
    assert loaded('="1",a"\n="2","b ""c"""\n', 2)[0] == [(2, "1", 'a"'), (3, "2", 'b "c"')]


def test_a_head_record_ends_where_the_next_begins() -> None:
    """The head is read by the same rules as the body: quoted line breaks, blank records, any line end."""
    for end in ("\n", "\r\n", "\r"):
        text = f'title{end}{end}"a{end}b",2{end}3,4{end}'.encode()
        found = head_records(text, ",", 20)
        assert [record for record, _ in found] == [["title"], [], [f"a{end}b", "2"], ["3", "4"]]
        assert text[found[2][1] :] == f"3,4{end}".encode()


# ---- Quotation marks that are never closed --------------------------------------------------------

NEEDED = ("Name", "Notes", "Financial Status", "Paid at", "Created at", "Total", *worlds.SHOPIFY_ORDERS[16:19])
ROWS = [order(number) for number in range(2, 6)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("column", ["Email", "Lineitem name", "Notes", worlds.SHOPIFY_ORDERS[-1]])
def test_a_quotation_mark_never_closed_refuses_the_file_and_says_where(tmp_path: Path, column: str, end: str) -> None:
    """It would swallow every order below it: in any column, the last too, and with any line end."""
    made = [order(1), order(7, **{column: '"never closed'}), *ROWS]
    landing, _ = the_landing(tmp_path, shopify(made, end).encode())
    assert (landing.state, landing.reason) == ("refused", "unbalanced_quote")
    assert "row 3" in landing.detail


@pytest.mark.parametrize("column", ["Notes", worlds.SHOPIFY_ORDERS[-1]])
@pytest.mark.parametrize(
    "other", ['"a note"', '"another stray', '"a ""note"""', '"a note",'], ids=["note", "stray", "marks", "wide"]
)
def test_a_quotation_mark_that_another_closes_loses_no_order(tmp_path: Path, column: str, other: str) -> None:
    """A stray mark runs on to the next quoted cell; the orders between are not swallowed in silence, be the marks odd or even."""
    made = [order(1, **{column: '"stray'}), *ROWS[:2], order(8, **{column: other}), *ROWS[2:]]
    landing, lines = the_landing(tmp_path, shopify(made).encode())
    found = set() if lines is None else set(lines["order_id"])
    assert landing.state == "refused" or found >= {f"#{number}" for number in (2, 3, 4, 5, 8)}


@MANY
@given(text=st.text(st.sampled_from('"",;\n\r =a訂'), max_size=24), separator=st.sampled_from([",", "\t", ";"]))
def test_marks_are_closed_just_where_a_strict_reader_says_so(text: str, separator: str) -> None:
    """One pattern over the whole text and the standard library's reader, record by record, agree on every text."""
    try:
        read = len(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except csv.Error:
        assert reason_of(lambda: quotes.confirm_quotes(text.encode(), separator)) == "unbalanced_quote"
        return
    quotes.confirm_quotes(text.encode(), separator)
    assert read <= quotes.lines_below(text.encode(), 0)


@MANY
@given(
    text=st.text(st.sampled_from('"",;\n\r =a訂'), max_size=24),
    separator=st.sampled_from([",", "\t", ";"]),
    piece=st.integers(1, 5),
)
def test_marks_that_close_at_a_glance_close_to_a_strict_reader(text: str, separator: str, piece: int) -> None:
    """However the text is cut for it, the quick look passes nothing that the pattern over the whole text refuses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotes, "_AT_ONCE", piece)
        closed = quotes.quotes_close(text.encode(), separator)
    if closed:
        quotes.confirm_quotes(text.encode(), separator)


@given(rows=st.lists(st.lists(st.text(st.sampled_from('"",;\n\r =a訂')), min_size=1, max_size=4), max_size=5))
def test_marks_as_a_spreadsheet_writes_them_close_at_a_glance(rows: list[list[str]]) -> None:
    """Whatever the cells hold: no well written file is looked through twice."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    assert quotes.quotes_close(written.getvalue().encode(), ",")


def test_a_quotation_mark_never_closed_in_the_header_refuses_the_file(tmp_path: Path) -> None:
    """It would make one long name of all records."""
    *header, last = worlds.SHOPIFY_ORDERS
    landing, _ = the_landing(tmp_path, shopify(ROWS, header=[*header, f'"{last}']).encode())
    assert landing.state == "refused"


def test_a_long_file_whose_quotation_mark_is_never_closed_is_refused(tmp_path: Path) -> None:
    """However much is swallowed, the file is refused and nothing fails."""
    content = shopify([order(1, Notes='"never closed')]) + "a,b,c,d,e,f,g,h\n" * (40 << 16)
    landing, _ = the_landing(tmp_path, content.encode())
    assert (landing.state, landing.reason) == ("refused", "unbalanced_quote")
    assert "row 2" in landing.detail


def test_notes_of_many_lines_are_no_unclosed_quotes(tmp_path: Path) -> None:
    """What is quoted rightly lands, however many line breaks, commas and marks it holds."""
    note = '"Leave at the door,\nor call: ""ring"" twice\r\n\n"'
    landing, lines = the_landing(tmp_path, shopify([order(1, Notes=note), *ROWS, order(9, Notes=note)]).encode())
    assert (landing.state, landing.rows_in) == ("landed", 6)
    assert lines is not None
    assert lines["row"].to_list() == [2, 3, 4, 5, 6, 7]


@pytest.fixture(autouse=True)
def csv_as_it_comes() -> Iterator[None]:
    """Python's csv as it is in a process that has read nothing: how long a cell may be is a setting of the whole process."""
    before = csv.field_size_limit(LIMIT_AT_START)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize("note", ["x" * 200_000, "line\n" * 40_000], ids=["one line", "many lines"])
@pytest.mark.parametrize("more", ["", ",too,many"], ids=["right width", "another width"])
def test_a_cell_may_be_long(tmp_path: Path, note: str, more: str) -> None:
    """A long note, in a record of any width, hinders no other record."""
    made = [order(1), order(7, **{worlds.SHOPIFY_ORDERS[-1]: f'"{note}"{more}'}), *ROWS]
    landing, lines = the_landing(tmp_path, shopify(made).encode())
    assert (landing.state, landing.rows_in, landing.quarantined) == ("landed", 6, {"row_width": 1} if more else {})
    assert lines is not None
    assert set(lines["order_id"]) >= {"#1", "#2", "#3", "#4", "#5"}


def test_what_a_file_is_does_not_depend_on_the_one_read_before(tmp_path: Path) -> None:
    """Files are read one after another in one process, in any order."""
    long_title = "店铺订单报表，导出时间 2024-05-06 " * 20 + "\n"
    content = (long_title + shopify(ROWS)).encode()
    assert verdict(tmp_path, content) == ("landed", "")
    verdict(tmp_path, shopify([order(1, Notes='"never closed')], header=NEEDED).encode())
    assert verdict(tmp_path, content) == ("landed", "")


# ---- Files without rows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b" \r\n\t\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF8 + b"\n", b",,,\n,,\n", b"\r\r"],
    ids=["empty", "line end", "blank", "mark", "UTF-16 mark", "mark and line end", "commas", "CR"],
)
def test_a_file_without_a_letter_is_empty(tmp_path: Path, content: bytes) -> None:
    """It is neither landed nor refused: there is nothing to mend."""
    assert verdict(tmp_path, content) == ("empty", "")


HEADERS = {
    "taobao.orders": worlds.TAOBAO_ORDERS_2019,
    "taobao.lines": worlds.TAOBAO_LINES_24,
    "taobao.lines_old": worlds.TAOBAO_LINES_10,
    "taobao.refunds": worlds.TAOBAO_REFUNDS,
    "shopify.orders": worlds.SHOPIFY_ORDERS,
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_a_header_alone_lands_no_row(tmp_path: Path, name: str, end: str) -> None:
    """An export of a day without orders is a file like any other."""
    landing, _ = the_landing(tmp_path, (",".join(HEADERS[name]) + end).encode())
    assert (landing.state, landing.reason, landing.format) == ("landed", "", name)
    assert landing.rows_in == sum(landing.skipped.values())
    assert set(landing.skipped) <= {"blank"}


# ---- Archives -------------------------------------------------------------------------------------

GOOD = shopify([order(1), order(2)]).encode()


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Files in an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def patched(archive: bytes, at: int, value: bytes, *, central: bool = False) -> bytes:
    """An archive with bytes of its first member's header, or of its entry in the directory, written over."""
    start = archive.index(b"PK\x01\x02") if central else 0
    return archive[: start + at] + value + archive[start + at + len(value) :]


def test_an_archive_is_the_files_in_it(tmp_path: Path) -> None:
    """One file or several, in folders or not, each a table of its own under its name."""
    assert [(one.member, one.state) for one, _ in landings(tmp_path, zipped(("a.csv", GOOD)), "one.zip")] == [("a.csv", "landed")]
    several = zipped(("订单/a.csv", GOOD), ("订单/", b""), ("b.csv", b"x,y\n1,2\n"), ("empty.csv", b""), ("c.CSV", GOOD))
    assert [(one.member, one.state, one.reason) for one, _ in landings(tmp_path, several, "several.zip")] == [
        ("订单/a.csv", "landed", ""),
        ("b.csv", "refused", "unknown_format"),
        ("empty.csv", "empty", ""),
        ("c.CSV", "landed", ""),
    ]


def test_an_archive_is_told_by_its_bytes_and_not_its_name(tmp_path: Path) -> None:
    """A browser may have named it `.csv`; and a table may be called `.zip`."""
    path = tmp_path / "orders.csv"
    path.write_bytes(zipped(("a.csv", GOOD)))
    assert list(members(path)) == [Member("a.csv", GOOD)]
    path.write_bytes(GOOD)
    assert list(members(path.rename(tmp_path / "orders.zip"))) == [Member("", GOOD)]


@pytest.mark.parametrize("inner", ["more.zip", "more.ZIP", "folder/orders.csv.gz", "a.rar", "a.7z"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, inner: str) -> None:
    """It is not unpacked any further; files beside it that were read before it are not lost."""
    found = landings(tmp_path, zipped(("a.csv", GOOD), (inner, zipped(("b.csv", GOOD)))), "nested.zip")
    assert [(one.member, one.state, one.reason) for one, _ in found] == [
        ("a.csv", "landed", ""),
        ("", "refused", "archive_nested"),
    ]


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    """Its flag says so before a byte is unpacked."""
    archive = patched(patched(zipped(("a.csv", GOOD)), 6, b"\x01"), 8, b"\x01", central=True)
    assert verdict(tmp_path, archive, "locked.zip") == ("refused", "archive_encrypted")


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_an_archive_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    """A download that broke off has no directory at its end."""
    archive = zipped(("a.csv", GOOD * 9), ("b.csv", os.urandom(2_000)))
    assert verdict(tmp_path, archive[: int(len(archive) * kept)], "cut.zip") == ("refused", "archive_corrupt")


METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_an_archive_with_a_damaged_member_is_refused(tmp_path: Path, method: int) -> None:
    """Whatever it was packed with: a wrong byte is found out and nothing fails."""
    archive = zipped(("a.csv", GOOD), method=method)
    assert verdict(tmp_path, archive, "whole.zip") == ("landed", "")
    assert verdict(tmp_path, patched(archive, 60, b"\xff" * 30), "damaged.zip") == ("refused", "archive_corrupt")


@pytest.mark.parametrize(
    "archive",
    [
        patched(zipped(("a.csv", GOOD)), 10, b"\x63\x00", central=True),
        zipped(("中.csv", GOOD)).replace("中".encode(), b"\xff\xff\xff"),
        patched(zipped(("a.csv", GOOD)), 42, struct.pack("<L", 10**6), central=True),
        zipped(("a.csv", GOOD)).replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
    ids=["an unknown way of packing", "a name in no encoding", "a member past the end", "a broken directory"],
)
def test_an_archive_with_a_damaged_directory_is_refused(tmp_path: Path, archive: bytes) -> None:
    """Its own words about its members are not trusted."""
    assert verdict(tmp_path, archive, "damaged.zip") == ("refused", "archive_corrupt")


@settings(max_examples=40)
@given(at=st.integers(4, 400), value=st.binary(min_size=1, max_size=8))
def test_no_damage_to_an_archive_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, at: int, value: bytes) -> None:
    """Any bytes of it written over: its members are read as they were, or it is refused."""
    archive = patched(zipped(("a.csv", GOOD)), at, value)
    path = tmp_path_factory.mktemp("zip") / "damaged.zip"
    path.write_bytes(archive)
    try:
        contents = [member.content for member in members(path)]
    except Refused as refused:
        assert refused.reason in REASONS  # noqa: PT017  members are as right as a refusal
        return
    assert contents == [GOOD]


def test_an_archive_that_unpacks_beyond_measure_is_refused(tmp_path: Path) -> None:
    """A few kilobytes that make sixty megabytes are no export; a directory that promises as much is believed at once."""
    assert verdict(tmp_path, zipped(("a.csv", b"0" * (60 << 20))), "bomb.zip") == ("refused", "archive_ratio")
    promising = patched(zipped(("a.csv", GOOD)), 24, struct.pack("<L", 200 << 20), central=True)
    assert verdict(tmp_path, promising, "promise.zip") == ("refused", "archive_ratio")


@pytest.mark.parametrize("files", [[("folder/", b"")], []], ids=["a folder", "nothing"])
def test_an_archive_of_nothing_is_still_accounted_for(tmp_path: Path, files: list[tuple[str, bytes]]) -> None:
    """Every file has a fate: one that is never entered would be new at every run."""
    (landing, _), *others = landings(tmp_path, zipped(*files), "nothing.zip")
    assert landing.state in ("empty", "refused")
    assert others == []


def test_an_archive_of_very_many_files_keeps_to_the_numbers_of_its_unit(tmp_path: Path) -> None:
    """Landings of two units that shared a number would be taken for one, and nothing could be published any more."""
    archive = zipped(*[(f"{number}.csv", b"") for number in range(10_010)])
    numbers = [landing.number for landing, _ in landings(tmp_path, archive, "many.zip")]
    assert len(set(numbers)) == len(numbers) > 0
    assert {number // LANDINGS_PER_UNIT for number in numbers} == {1}


# ---- Files that are none, or not yet --------------------------------------------------------------


def test_a_pipe_a_link_and_a_folder_are_refused(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever, and a link may lead out of the inbox; a folder is no file."""
    good = tmp_path / "good.csv"
    good.write_bytes(GOOD)
    pipe, link, dangling, folder = (tmp_path / name for name in ("pipe.csv", "link.csv", "dangling.csv", "folder.csv"))
    os.mkfifo(pipe)
    link.symlink_to(good)
    dangling.symlink_to(tmp_path / "nowhere")
    folder.mkdir()
    assert read_regular(good) == GOOD
    for path in (pipe, link, dangling, folder):
        assert reason_of(lambda path=path: read_regular(path)) == "not_regular_file"  # type: ignore[misc]  # bound at once


Change = Callable[[Path], object]


def grow(path: Path) -> None:
    """Append a row."""
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    """Cut the file."""
    os.truncate(path, 10)


def rewrite(path: Path) -> None:
    """Put other bytes of the same number into the file."""
    path.write_bytes(GOOD.replace(b"#1", b"#7"))
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grow, shrink, rewrite])
def test_a_file_that_changes_while_it_is_read_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Half an export is not landed: the file is read at the next run."""
    path = tmp_path / "orders.csv"
    path.write_bytes(GOOD)
    looked: list[int] = []
    look = os.fstat

    def look_and_change(descriptor: int) -> os.stat_result:
        if looked:
            change(path)
        looked.append(descriptor)
        return look(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", look_and_change)
        assert reason_of(lambda: read_regular(path)) == "unstable_file"
        looked.clear()
        path.write_bytes(GOOD)
        seen = path.stat()
        unit = Unit(1, (Source(path, "shop", "shop/orders.csv", seen.st_size, seen.st_mtime_ns),))
        ((landing, shaped),) = read_unit(unit, Reader(tmp_path, FORMATS, {}, bytes(32)))
    assert (landing.state, landing.reason, shaped) == ("waiting", "unstable_file", None)


ABROAD = {
    "cp1252": ("Crème brûlée – “für Zwei” €5", "Größe L", "référence d’élève", "Café"),
    "cp932": ("スクリーン 24インチ 黒", "マグカップ"),
    "gb18030": ("不锈钢保温杯 500ml", "T恤", "防晒霜，洗面奶", "㐂"),
    "utf-8": ("Crème スクリーン 保温杯", "T恤"),
}
HEADERS_ABROAD = {
    "amazon orders": ("amazon_all_orders_2017", "\t", "product-name"),
    "amazon listings": ("amazon_all_listings", "\t", "item-name"),
    "etsy": ("etsy_sold_order_items", ",", "Item Name"),
    "shopify orders": ("shopify_orders", ",", "Lineitem name"),
    "shopify products": ("shopify_products_legacy", ",", "Title"),
}


@pytest.mark.parametrize("encoding", ABROAD)
@pytest.mark.parametrize("which", HEADERS_ABROAD)
def test_what_platforms_abroad_write_is_read_to_the_letter(encoding: str, which: str) -> None:
    """Amazon writes its flat files as the country's machines do, and spreadsheets save any export in what theirs writes."""
    name, separator, title = HEADERS_ABROAD[which]
    header = CATALOGUE[name]
    rows = [separator.join(text if column == title else "1" for column in header) for text in ABROAD[encoding]]
    text = "\r\n".join([separator.join(header), *rows, ""])
    assert to_utf8(text.encode(encoding)) == (text.encode(), encoding)


# ---- Files that end too early or go on too long -----------------------------------------------------


@pytest.mark.parametrize("kept", range(1, 60))
def test_a_file_cut_off_in_its_last_row_is_told_as_that(tmp_path: Path, kept: int) -> None:
    """Wherever in the row: the others land, and it is not a matter of a comma."""
    text = shopify([order(1), order(2), order(3)])
    last = text[: text.rindex("\n")].rindex("\n") + 1
    landing, lines = the_landing(tmp_path, text[: last + kept].encode())
    assert (landing.state, landing.quarantined) == ("landed", {"cut_off": 1})
    assert lines is not None
    assert lines["order_id"].to_list() == ["#1", "#2"]


def test_a_last_row_that_ends_is_not_cut_off(tmp_path: Path) -> None:
    """Neither one that is short and ends its line, nor a whole one without a line end, nor one that is too long."""
    text = shopify([order(1), order(2)])
    for content, refused in ((f"{text}#3,x\n", {"row_width": 1}), (text[:-1], {}), (f"{text[:-1]},more", {"row_width": 1})):
        landing, _ = the_landing(tmp_path, content.encode())
        assert landing.quarantined == refused


@pytest.mark.parametrize("other", [worlds.TAOBAO_LINES_18, worlds.TAOBAO_REFUNDS, worlds.TAOBAO_ORDERS_2016])
def test_where_another_export_begins_in_a_file_is_told(tmp_path: Path, other: Sequence[str]) -> None:
    """Its columns are no row of the first, and what is below them is of another width."""
    pasted = ",".join(other) + "\n" + ("," * (len(other) - 1) + "\n").replace(",", "x,", 1) * 2
    landing, lines = the_landing(tmp_path, (shopify([order(1), order(2)]) + pasted + shopify([order(3)])).encode())
    assert landing.quarantined == {"other_export": 1, "row_width": 2}
    assert landing.skipped == {"repeated_header": 1}
    assert lines is not None
    assert lines["order_id"].to_list() == ["#1", "#2", "#3"]


# ---- Amounts no table can hold --------------------------------------------------------------------


def test_an_amount_beyond_every_table_is_a_refused_row_and_not_a_failed_run(tmp_path: Path) -> None:
    """Price and quantity are each readable; what they come to is not an amount of money, and the other orders land."""
    huge = order(1, Lineitem_price="9999999999999.99", Lineitem_quantity="999999999")
    landing, lines = the_landing(tmp_path, shopify([huge, *ROWS]).encode())
    assert (landing.state, sum(landing.quarantined.values())) == ("landed", 1)
    assert lines is not None
    assert lines["order_id"].to_list() == ["#2", "#3", "#4", "#5"]
