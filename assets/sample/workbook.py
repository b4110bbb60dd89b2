"""Workbooks as 生意参谋 writes them: true BIFF8, some lines before the header.

Counts below a thousand are number cells, larger ones text with commas, rates text with a percent sign, nothing is a dash.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import xlwt

from assets.sample.cells import commas

NOTE = "说明：样品数据，全部为虚构 made-up sample data"
_TEXT_FROM = 1000
Cell = str | int | float
Row = dict[str, Cell | Decimal | None]
Sheet = tuple[Sequence[str], Sequence[str], Iterable[Row]]  # lines before the header, header, rows


def _shown(value: Cell | Decimal | None) -> Cell:
    if value is None:
        return "-"
    if isinstance(value, Decimal):
        return float(value) if value < _TEXT_FROM else commas(value)
    return commas(value) if isinstance(value, int) and value >= _TEXT_FROM else value


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """The bytes of a workbook of these sheets."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, (preamble, header, rows) in sheets.items():
        sheet = book.add_sheet(name)
        for row, text in enumerate(preamble):
            sheet.write(row, 0, text)
        lines: list[list[Cell]] = [list(header), *([_shown(row.get(column)) for column in header] for row in rows)]
        for row, cells in enumerate(lines, len(preamble)):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def preamble(title: str, day: date, lines: int) -> list[str]:
    """So many lines that stand before a header."""
    return [title, f"统计周期：{day} ~ {day}", NOTE, "", ""][:lines]
