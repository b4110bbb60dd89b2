"""Workbooks and tables of a page to grids of text: BIFF (.xls), OOXML (.xlsx) and HTML, which platforms also name `.xls`.

A grid is a frame of text columns, row for row as the sheet stands; blank cells are empty. Which grid is an export, and what
its cells mean, is not known here.
"""

import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

import fastexcel
import polars as pl

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PAGE = re.compile(rb"<\s*(html|table|!doctype html)", re.IGNORECASE)
_PAGE_HEAD = 1 << 12
_OOXML = "xl/workbook.xml"

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
    except (zipfile.BadZipFile, UnicodeError):
        return False


def is_page(content: bytes) -> bool:
    """Whether bytes begin as an HTML page or table."""
    return _PAGE.search(content[:_PAGE_HEAD].replace(b"\0", b"")) is not None


def sheets(content: bytes) -> Iterator[tuple[str, Grid]]:
    """A workbook's sheets in their order, by name, every cell as text.

    Raises:
        fastexcel.FastExcelError: the workbook is damaged or asks for a password.
    """
    reader = fastexcel.read_excel(content)
    for name in reader.sheet_names:
        grid = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        yield name, grid.fill_null("")


def tables(page: str) -> Iterator[Grid]:
    """A page's tables in their order, every cell as text; a cell over several columns stands in the first."""
    reader = _Tables()
    reader.feed(page)
    reader.close()
    for rows in reader.tables:
        width = max((len(row) for row in rows), default=0)
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
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            self._in_cell = True
            span = dict(attrs).get("colspan") or ""
            self._span = min(int(span), 1_000) if span.isdigit() else 1
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
