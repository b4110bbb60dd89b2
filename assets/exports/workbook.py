"""Workbooks and tables of a page to grids of text: BIFF (.xls), OOXML (.xlsx) and HTML, which platforms also name `.xls`.

A grid is a frame of text columns, row for row as the sheet stands; blank cells are empty. Which grid is an export, and what
its cells mean, is not known here.
"""

import re
import zipfile
from collections.abc import Iterator, Sized
from html.parser import HTMLParser
from io import BytesIO

import fastexcel
import polars as pl

from assets.exports.decode import COLUMNS_LIMIT, RUINED, Refused, is_panic
from assets.exports.zipped import DAMAGE, pieces, refuse_unsafe

CELLS_LIMIT = 50_000_000
SPARSE_LIMIT = 20_000_000
FILLED_SHARE = 10  # of a table at least one cell in so many is written
SHEETS_LIMIT = 256
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PAGE = re.compile(rb"<\s*(html|table|!doctype html)\b", re.IGNORECASE)
_PAGE_HEAD = 1 << 12
_BLANKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_OOXML = "xl/workbook.xml"
_ENCIPHERED = re.compile(  # a stream of that name in OOXML; in BIFF a FILEPASS record behind the first one
    re.escape("EncryptedPackage".encode("utf-16-le")) + rb"|\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
_TYPED = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_AT = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,12})([0-9]{1,12})["']""")
_NOWHERE = re.compile(rb"""\sr\s*=\s*["'][A-Za-z0-9]{13}""")  # longer than any cell's place, which the reader would count on to
_OVERLAP = 64  # as long as what says where a cell is
_LONG = r"^-?[0-9]{16,}(?:\.[0-9]+)?$"

Grid = pl.DataFrame


def is_workbook(content: bytes) -> bool:
    """Whether bytes are a BIFF or an OOXML workbook, whatever the file is called."""
    if content.startswith(_OLE):
        return True
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _OOXML in archive.namelist()
    except (zipfile.BadZipFile, UnicodeError, ValueError, NotImplementedError):
        return False


def is_page(content: bytes) -> bool:
    """Whether bytes begin as an HTML page or table; a mark-up somewhere in a cell is none."""
    head = content[:_PAGE_HEAD].lstrip(_BLANKS)
    return head.startswith(b"<") and _PAGE.search(head.replace(b"\0", b"")) is not None


def sheets(content: bytes) -> Iterator[tuple[str, Grid]]:
    """A workbook's sheets in their order, by name, every cell as text.

    A number cell holds fifteen digits: a longer number has lost its last ones, and is written as one that says so, like 1E+18.

    Raises:
        Refused: the workbook would unpack to more than any export's, is damaged, or asks for a password.
    """
    if content.startswith(_ZIP):
        _refuse_unsafe(content)
    elif _ENCIPHERED.search(content):
        raise Refused("workbook_encrypted")
    try:
        reader = fastexcel.read_excel(content)
        _refuse_too_many(reader.sheet_names)
        for name in reader.sheet_names:
            grid = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            _refuse_too_wide(grid.width)
            yield name, _without_false_digits(reader, name, grid).fill_null("")
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError) as error:
        raise Refused("workbook_damaged", type(error).__name__) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise Refused("workbook_damaged", "PanicException") from None


def _without_false_digits(reader: fastexcel.ExcelReader, name: str, grid: Grid) -> Grid:
    found = grid.select(pl.all().str.contains(_LONG).any()).row(0) if grid.height else ()
    long = [at for at, has_long in enumerate(found) if has_long]
    if not long:
        return grid
    # Read as true or false, a cell is null unless it is a number.
    truths = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean").to_polars()
    marked = {
        grid.columns[at]: grid.to_series(at).set(
            grid.to_series(at).str.contains(_LONG).fill_null(value=False) & truths.to_series(at).is_not_null(), RUINED
        )
        for at in long
    }
    return grid.with_columns(**marked)


def _refuse_unsafe(content: bytes) -> None:
    """Refuse a workbook of a few bytes that would take all memory or reach outside of itself, before any of it is made."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            refuse_unsafe(archive.infolist(), len(content))
            for info in archive.infolist():
                _refuse_part(pieces(archive, info), is_sheet=bool(_SHEETS.fullmatch(info.filename)))
    except DAMAGE as error:
        raise Refused("workbook_damaged", type(error).__name__) from error


def _refuse_part(part: Iterator[bytes], *, is_sheet: bool) -> None:
    """Read a part once, and of a sheet where its furthest cells lie and how many there are."""
    before, rows, columns, cells = b"", 0, 0, 0
    for piece in part:
        seen = before + piece
        if any(typed in seen for typed in _TYPED):
            raise Refused("xml_dtd")
        if is_sheet:
            if _NOWHERE.search(seen):
                raise Refused("workbook_damaged", "a cell that is nowhere")
            places = set(_AT.findall(seen))
            rows = max(rows, *(int(row) for _, row in places)) if places else rows
            columns = max(columns, *(_column(letters) for letters, _ in places)) if places else columns
            cells += len(_CELL.findall(piece))
        before = seen[-_OVERLAP:]
    if rows * columns > SPARSE_LIMIT and rows * columns > FILLED_SHARE * cells:
        raise Refused("workbook_sparse", f"{cells:,} cells over {rows:,} rows and {columns:,} columns")
    _refuse_too_wide(columns)
    if rows * columns > CELLS_LIMIT:
        raise Refused("workbook_too_large", f"{rows:,} rows of {columns:,} columns")


def _refuse_too_many(names: Sized) -> None:
    if len(names) > SHEETS_LIMIT:
        raise Refused("too_many_sheets", f"{len(names):,} sheets")


def _refuse_too_wide(columns: int) -> None:
    if columns > COLUMNS_LIMIT:
        raise Refused("too_many_columns", f"{columns:,} columns")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def tables(page: str) -> Iterator[Grid]:
    """A page's tables in their order, every cell as text; a cell over several columns stands in the first.

    Raises:
        Refused: the page is not put together as pages are.
    """
    reader = _Tables()
    try:
        reader.feed(page)
        reader.close()
    except (AssertionError, ValueError) as error:  # the parser's own, of a mark-up that is none
        raise Refused("page_damaged", type(error).__name__) from error
    for rows in reader.tables:
        width = max((len(row) for row in rows), default=0)
        _refuse_too_wide(width)
        if width:
            columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
            yield pl.DataFrame({f"column_{index}": list(cells) for index, cells in enumerate(columns)})


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._in_cell = False
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self._in_cell = False
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            self._in_cell = True
            span = dict(attrs).get("colspan") or ""
            self._span = min(int(span), COLUMNS_LIMIT + 1) if re.fullmatch("[0-9]{1,4}", span) else 1
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data

    def _end_cell(self) -> None:
        if self._in_cell:
            self.tables[-1][-1].extend([""] * (self._span - 1))
        self._in_cell = False
