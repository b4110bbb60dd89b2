"""Workbooks and tables of a page to grids of text: BIFF (.xls), OOXML (.xlsx) and HTML, which platforms also name `.xls`.

A grid is a frame of text columns, row for row as the sheet stands; blank cells are empty. Which grid is an export, and what
its cells mean, is not known here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

import fastexcel
import polars as pl

from assets.exports.decode import RUINED, Refused, is_panic

UNPACKED_LIMIT = 1 << 30
UNPACKED_RATIO = 200
CELLS_LIMIT = 50_000_000
COLUMNS_LIMIT = 4_096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PAGE = re.compile(rb"<\s*(html|table|!doctype html)\b", re.IGNORECASE)
_PAGE_HEAD = 1 << 12
_BLANKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_OOXML = "xl/workbook.xml"
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW_AT = re.compile(rb'<row\b[^>]*?\sr="([0-9]{1,9})"')
_COLUMN_AT = re.compile(rb'<c\b[^>]*?\sr="([A-Za-z]{1,4})')
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
        _refuse_too_large(content)
    try:
        reader = fastexcel.read_excel(content)
        for name in reader.sheet_names:
            grid = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
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


def _refuse_too_large(content: bytes) -> None:
    """Refuse a workbook of a few bytes that would take all memory, before any of it is made."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            unpacked = sum(info.file_size for info in infos)
            if unpacked > UNPACKED_LIMIT or (unpacked > 50 << 20 and unpacked > UNPACKED_RATIO * len(content)):
                raise Refused("workbook_too_large")
            for info in infos:
                if _SHEETS.fullmatch(info.filename):
                    with archive.open(info) as file:
                        _refuse_far_apart(file.read(info.file_size))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise Refused("workbook_damaged", type(error).__name__) from error


def _refuse_far_apart(sheet: bytes) -> None:
    rows = max((int(row) for row in set(_ROW_AT.findall(sheet))), default=0)
    columns = max((_column(letters) for letters in set(_COLUMN_AT.findall(sheet))), default=0)
    if rows * columns > CELLS_LIMIT or columns > COLUMNS_LIMIT:
        raise Refused("workbook_too_large")


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
        if width > COLUMNS_LIMIT:
            raise Refused("workbook_too_large")
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
            self._span = min(int(span), COLUMNS_LIMIT) if re.fullmatch("[0-9]{1,4}", span) else 1
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
