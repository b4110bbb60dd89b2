"""Small export files of every traffic, listing and newer order format, each in its platform's exact header and with its quirks.

Here belong the files and how they are wrapped and read. What must land of them stands in the tests that read them.
"""

import csv
import gzip
import html
import io
import os
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt  # type: ignore[import-untyped]

from assets.exports.formats import load_all
from assets.exports.opening import Reader, Source, StoreFacts
from assets.exports.reasons import REASONS
from assets.exports.shape import Shaped
from assets.exports.worker import Unit, read_unit
from assets.ledger import Landing
from assets.sample import headers

FORMATS = load_all()
AN_HOUR_AGO = time.time_ns() - 3_600 * 10**9  # what ends too early may still be coming while it is young
Cell = str | int | float
Row = Mapping[str, Cell]
Read = list[tuple[Landing, Shaped | None]]


def columns(text: str) -> tuple[str, ...]:
    """The names of a header written over several lines."""
    return tuple(text.strip("\n").replace("\n", "").split(","))


SYCM_CHANNELS_OLD = columns("来源,来源明细,访客数,访客数变化,下单买家数,下单买家数变化,下单转化率,下单转化率变化")
SYCM_ITEM_SOURCE_2023 = columns("""
一级来源,二级来源,三级来源,访客数,浏览量,支付金额,浏览量占比,店内跳转人数,跳出本店人数,收藏人数,加购人数,下单买家数,下单转化率,
支付件数,支付买家数,支付转化率,直接支付买家数,收藏商品-支付买家数,粉丝支付买家数,加购商品-支付买家数
""")
AMAZON_ACTIVE = headers.AMAZON_LISTINGS[:-1]
CATALOGUED = {
    "sycm_item_rank_2022": headers.SYCM_ITEMS_2022,
    "sycm_item_rank_2026": headers.SYCM_ITEMS,
    "sycm_shop_daily_core": headers.SYCM_SHOP,
    "sycm_shop_source_2026": headers.SYCM_SHOP_SOURCE,
    "sycm_shop_source_2017": SYCM_CHANNELS_OLD,
    "sycm_item_source_2026": headers.SYCM_ITEM_SOURCE,
    "sycm_item_source_2023": SYCM_ITEM_SOURCE_2023,
    "taobao_listing_publish_template": headers.TAOBAO_LISTINGS,
    "shopify_products_legacy": headers.SHOPIFY_PRODUCTS_LEGACY,
    "shopify_products_2025": headers.SHOPIFY_PRODUCTS,
    "shopify_sessions_over_time": headers.SHOPIFY_SESSIONS,
    "shopify_sessions_landing": headers.SHOPIFY_LANDING,
    "amazon_all_orders_2017": headers.AMAZON_ORDERS,
    "amazon_business_child_sku_total": headers.AMAZON_CHILD,
    "amazon_business_by_date_seen": headers.AMAZON_BY_DATE,
    "amazon_active_listings": AMAZON_ACTIVE,
    "amazon_all_listings": headers.AMAZON_LISTINGS,
    "pdd_orders_real_2026": headers.PDD_ORDERS,
    "pdd_goods_daily_seen": headers.PDD_GOODS,
    "douyin_orders_73": headers.DOUYIN_ORDERS,
    "douyin_orders_alt": headers.DOUYIN_ORDERS_75,
    "douyin_aftersale": headers.DOUYIN_AFTERSALE,
}


@dataclass(frozen=True)
class Golden:
    """A file: its format, its name in the inbox, its lines above the header, header, rows, and what it is wrapped in.

    Cells a row does not name are `filler`, as the platform writes them. `cut` leaves the last, empty cells of a row away.
    """

    format: str
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[tuple[str, ...], ...] = ()
    wrap: str = "csv"
    encoding: str = "utf-8"
    filler: str = ""
    cut: bool = False

    @property
    def records(self) -> list[list[Cell]]:
        """The rows laid out under the header."""
        for row in self.rows:
            assert set(row) <= set(self.header), set(row) - set(self.header)
        return [[row.get(name, self.filler) if row else "" for name in self.header] for row in self.rows]

    @property
    def lines(self) -> list[list[Cell]]:
        """All records of the file."""
        return [*map(list, self.above), list(self.header), *self.records]

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        if self.wrap == "tsv":
            lines = [_cut(line) if self.cut else line for line in self.lines]
            return "".join("\t".join(map(str, line)) + "\r\n" for line in lines).encode(self.encoding)
        return WRAPS[self.wrap](self.lines, self.encoding)

    def with_rows(self, rows: Sequence[Row]) -> "Golden":
        """The same file with other rows."""
        return replace(self, rows=tuple(rows))


def of_one_row(header: tuple[str, ...], name: str = "file.csv") -> Golden:
    """A file of one row, every cell of it `1`."""
    return Golden("", name, header, (dict.fromkeys(header, "1"),), encoding="gb18030")


def _cut(line: list[Cell]) -> list[Cell]:
    while line and line[-1] == "":
        line = line[:-1]
    return line


# ---- What files are wrapped in --------------------------------------------------------------------


def as_csv(lines: list[list[Cell]], encoding: str = "utf-8") -> bytes:
    """Comma-separated, quoted where it must be; the id guard stays bare, as platforms write it."""
    text = io.StringIO(newline="")
    for line in lines:
        text.write(",".join(_csv_cell(str(cell)) for cell in line) + "\r\n")
    return text.getvalue().encode(encoding)


def _csv_cell(cell: str) -> str:
    inner = cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell
    if any(mark in inner for mark in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def as_xls(lines: list[list[Cell]], _encoding: str = "", sheet: str = "Sheet1", **others: list[list[Cell]]) -> bytes:
    """A BIFF8 workbook; cells that are numbers are number cells."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, of in {sheet: lines, **others}.items():
        page = book.add_sheet(name)
        for row, line in enumerate(of):
            for column, cell in enumerate(line):
                if cell != "":
                    page.write(row, column, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_xlsx(lines: list[list[Cell]], _encoding: str = "", sheet: str = "Sheet1", **others: list[list[Cell]]) -> bytes:
    """An OOXML workbook; cells that are numbers are number cells."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, of in {sheet: lines, **others}.items():
            page = book.add_worksheet(name)
            for row, line in enumerate(of):
                for column, cell in enumerate(line):
                    if isinstance(cell, str):
                        page.write_string(row, column, cell)
                    else:
                        page.write_number(row, column, cell)
    return target.getvalue()


def as_page(lines: list[list[Cell]], encoding: str = "utf-8") -> bytes:
    """A table of a page, as some back ends name `.xls`."""
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) + "</tr>\n" for line in lines)
    return f'<html><head><meta charset="{encoding}"></head><body><table border=1>\n{rows}</table></body></html>'.encode(encoding)


def as_tsv(lines: list[list[Cell]], encoding: str = "utf-8") -> bytes:
    """Separated by TABs, quoted where it must be."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(lines)
    return text.getvalue().encode(encoding)


WRAPS: dict[str, Callable[[list[list[Cell]], str], bytes]] = {
    "csv": as_csv, "xls": as_xls, "xlsx": as_xlsx, "page": as_page, "tsv": as_tsv,
}  # fmt: skip


def zipped(*files: tuple[str, bytes]) -> bytes:
    """Files in an archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def gzipped(content: bytes) -> bytes:
    """A file in gzip."""
    return gzip.compress(content, mtime=0)


# ---- Reading them ---------------------------------------------------------------------------------


def read(tmp_path: Path, content: bytes, name: str, store: str = "shop", facts: StoreFacts | None = None) -> Read:
    """What becomes of a file, read as a unit of its own, with every row of every table accounted for."""
    path = tmp_path / "inbox" / store / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(AN_HOUR_AGO, AN_HOUR_AGO))
    seen = path.stat()
    unit = Unit(1, (Source(path, store, f"{store}/{name}", seen.st_size, seen.st_mtime_ns),), token="0" * 8)
    found = read_unit(unit, Reader(tmp_path / "landed", FORMATS, {store: facts} if facts else {}, bytes(32)))
    assert found, "every file has a fate"
    for landing, shaped in found:
        account(landing, shaped)
    return found


def read_golden(tmp_path: Path, golden: Golden, facts: StoreFacts | None = None) -> tuple[Landing, Shaped]:
    """What lands of a golden file."""
    ((landing, shaped),) = read(tmp_path, golden.content, golden.name, facts=facts)
    assert (landing.state, landing.reason, landing.format) == ("landed", "", golden.format)
    assert shaped is not None
    return landing, shaped


def account(landing: Landing, shaped: Shaped | None) -> None:
    """Hold a landing to its books: each row in it has landed, was refused, or was skipped for a reason."""
    assert landing.state in ("landed", "refused", "waiting", "parked", "empty", "part_of_set")
    assert not landing.reason or landing.reason in REASONS
    assert set(landing.skipped) | set(landing.quarantined) <= set(REASONS)
    assert (shaped is None) == (landing.state != "landed")
    if shaped is None:
        return
    stand = set().union(*(frame["row"] for kind, frame in shaped.kinds.items() if kind != "quarantine"))
    refused = set(shaped.problems["row"])
    assert not stand & refused, "a row lands or is refused"
    assert len(refused) == shaped.problems.height == sum(landing.quarantined.values())
    assert landing.rows_in == len(stand) + len(refused) + sum(landing.skipped.values())
    assert Counter(shaped.problems["reason"]) == landing.quarantined


_PROVENANCE = ("store", "month", "landing", "content", "exported_at", "latest_at", "rank", "authority", "report", "dialect")


def rows_of(shaped: Shaped, kind: str) -> list[dict[str, Any]]:
    """What landed of a kind: all that is known of each row, money as text; neither where it came from nor what orders it."""
    told = []
    for row in shaped.kinds[kind].sort("row").iter_rows(named=True):
        known = {name: cell for name, cell in row.items() if cell is not None and not name.startswith("set_")}
        told.append(
            {name: cell if isinstance(cell, bool | int) else str(cell) for name, cell in known.items() if name not in _PROVENANCE}
        )
    return told


def contents_of(read_: Read) -> dict[str, list[int]]:
    """The content of all that landed, by kind, in no order."""
    found: dict[str, list[int]] = {}
    for _, shaped in read_:
        for kind, frame in ({} if shaped is None else shaped.kinds).items():
            if kind != "quarantine" and frame.height:
                found.setdefault(kind, []).extend(frame["content"])
    return {kind: sorted(of) for kind, of in found.items()}
