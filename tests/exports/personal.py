"""Exports full of personal values: in every column, header, name, comment and damaged row, in twelve encodings.

That none of the values is found where a home writes stands in test_planted.
"""

# ruff: noqa: E501  what is planted is a line
import io
import itertools
import struct
from collections.abc import Callable, Iterator

import worlds
import xlsxwriter
from canaries import Canaries
from goldens import FORMATS, as_page, as_xls, gzipped, zipped

from assets.exports.entries import normalise

ENCODINGS = (  # three that are refused; what another cannot say is written as a page says it
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "big5hkscs", "utf-32", "shift_jisx0213", "utf-7",
)  # fmt: skip
HEADER = list(worlds.TAOBAO_ORDERS_2019)
USED = FORMATS["taobao.orders"].columns
ROW = {
    "订单状态": "交易成功", "买家应付货款": "5.00", "买家应付邮费": "0.00", "总金额": "5.00", "买家实际支付金额": "5.00",
    "订单创建时间": "2024-05-01 10:00:00", "订单付款时间": "2024-05-01 10:00:00",
}  # fmt: skip
Take = Callable[..., str]
Rows = list[list[str]]


def exports(planted: Canaries) -> Iterator[tuple[str, bytes]]:
    """Files, each as the inbox names it; values that only a person can tell from words stand where no word is kept."""
    turn = itertools.count()

    def one(among: list[str] = planted.all) -> str:
        return among[next(turn) % len(among)]

    yield from _in_every_column(planted, one)
    yield from _in_names(planted, one)
    yield from _in_damage(planted, one)
    each = -(-len(planted.all) // len([name for name in HEADER if normalise(name) not in USED]))
    for n, encoding in enumerate(ENCODINGS):
        rows = orders(2_000_000 + 10_000 * n, each, one, planted)
        yield f"encoded {n}.csv", csv_of([HEADER, *rows]).encode(encoding, "xmlcharrefreplace")


def conflicting(planted: Canaries) -> bytes:
    """An order of the first file in another month, which keeps anything from being published."""
    moved = {"订单创建时间": "2024-08-01 10:00:00", "订单付款时间": "2024-08-01 10:00:00"}
    return csv_of([HEADER, *orders(3, 1, lambda among=planted.names: among[0], planted, moved)]).encode("gb18030")


def orders(start: int, count: int, one: Take, planted: Canaries, cells: dict[str, str] | None = None) -> Rows:
    """Rows of sound orders whose unused columns hold nothing but values, some of them two on two lines."""
    made = []
    for n in range(start, start + count):
        row = ROW | {
            "订单编号": f"1903{n:014d}",
            "收货地址": f"浙江省 杭州市 {one(planted.addresses)}",
            "买家会员名": one(),
            "宝贝标题": f"加急 {one(planted.told_by_pattern)} 专拍",
        }
        row |= cells or {}
        made.append(
            [
                row.get(name.strip(), "" if normalise(name) in USED else f"{one()}\n{one()}" if n % 3 == 0 else one())
                for name in HEADER
            ]
        )
    return made


def _in_every_column(planted: Canaries, one: Take) -> Iterator[tuple[str, bytes]]:
    """Each column that is used is once the place of each value: the orders' number too."""
    names = [name.strip() for name in HEADER if normalise(name) in USED and normalise(name) != "店铺名称"]
    wrong = []
    for n, (name, value) in enumerate(itertools.product(names, planted.all)):
        wrong += orders(10_000_000 + n, 1, one, planted, {name: value})
    yield "columns.csv", csv_of([HEADER, *wrong, *orders(400_000, 30, one, planted)]).encode("gb18030")
    lines = [list(worlds.TAOBAO_LINES_10)]
    for n, value in enumerate(planted.told_by_pattern):
        cells = {"订单编号": f"1903{n % 40:014d}", "标题": f"{value}加急", "价格": "5.00", "购买数量": "1", "订单状态": "交易成功", "商家编码": f"A {value}"}  # fmt: skip
        lines.append([cells.get(name, one()) for name in worlds.TAOBAO_LINES_10])
    yield "lines.csv", csv_of(lines).encode("gb18030")
    newer = [list(worlds.TAOBAO_LINES_24)]
    for n, value in enumerate(planted.mails + planted.identities):  # a bare number of a product's may look like a telephone's
        cells = ROW | {"子订单编号": f"1904{n:014d}", "主订单编号": f"1904{n:014d}", "商品标题": value, "商品价格": "5.00", "购买数量": "1", "买家实付金额": "5.00", "商品ID": value, "商家编码": value}  # fmt: skip
        newer.append([cells.get(name, "" if normalise(name) in FORMATS["taobao.lines"].columns else one()) for name in newer[0]])
    yield "newer lines.csv", csv_of(newer).encode("gb18030")


def _in_names(planted: Canaries, one: Take) -> Iterator[tuple[str, bytes]]:
    known = planted.told_by_pattern
    header = [HEADER, *orders(0, 6, one, planted)]
    for n, value in enumerate(known[:: max(len(known) // 12, 1)]):
        yield (
            f"ExportOrderList20240501{n:04d}{value}.csv",
            csv_of([HEADER, *orders(20_000 + 10 * n, 2, one, planted)]).encode("gb18030"),
        )
    yield f"ExportOrderList202405010000 {one(known)}.csv", csv_of(header).encode("gb18030")
    sheet = as_xls([*header[:5]], sheet=f"联系{one(planted.phones)}", 另=[[one()], [one()]])
    yield f"ExportOrderList202405010100{one(known)}.xls", sheet
    yield (
        f"{one(known)}/extra.csv",
        csv_of([[*HEADER, one(), one()], *[[*row, one(), one()] for row in header[1:]]]).encode("utf-8-sig"),
    )
    members = (
        (f"{one(known)}.csv", csv_of([HEADER, *orders(700_000, 4, one, planted)]).encode()),
        ("x.csv", f"{one()},{one()}\n".encode()),
    )
    yield "packed.zip", zipped(*members)
    yield "packed.csv.gz", gzipped(csv_of([HEADER, *orders(800_000, 4, one, planted)]).encode())
    yield "comments.xlsx", _commented([HEADER, *orders(900_000, 3, one, planted)], one)


def _in_damage(planted: Canaries, one: Take) -> Iterator[tuple[str, bytes]]:
    ragged = [[*row[: 5 + n], one()] for n, row in enumerate(orders(300_000, 8, one, planted))]
    yield "ragged.csv", csv_of([HEADER, *orders(350_000, 30, one, planted), *ragged]).encode("gb18030")
    yield (
        "above.csv",
        ("\n".join([one(), f"导出人 {one()}", ""]) + csv_of([HEADER, *orders(500_000, 5, one, planted)])).encode("utf-16"),
    )
    yield (
        "broken.csv",
        csv_of([HEADER, *orders(600_000, 3, one, planted)]).encode("gb18030") + f'"{one()},{one()}'.encode("gb18030"),
    )
    yield "unknown.csv", csv_of([[one(), one()], [one(), one()]]).encode()
    yield "mixed.csv", f"{one(planted.names)},b\n".encode() + one(planted.names).encode("gbk", "ignore") + b"\xff\xff\n"
    yield "page.xls", as_page([HEADER, *orders(650_000, 3, one, planted), [one()] * 4]) + f"<!-- {one()} -->".encode()
    yield "cut.zip", zipped(("a.csv", "\n".join(planted.all).encode()))[:-40]
    sound, record = as_xls([["a", 1.23456789], [one(), 9.87654321]]), struct.pack("<HHHH", 0x203, 14, 1, 1)
    assert record in sound, "the workbook that ends its reader has another layout"
    yield "ends its reader.xls", sound.replace(record, struct.pack("<HHHH", 0x203, 14, 65_535, 65_535))


def csv_of(rows: Rows) -> str:
    """Rows with every cell that needs it quoted."""
    return "".join(
        ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in row) + "\n" for row in rows
    )


def _commented(rows: Rows, one: Take) -> bytes:
    """A workbook whose cells have comments and whose properties name somebody."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"author": one(), "comments": one()})
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
            page.write_comment(at, 0, one(), {"author": one()})
    return target.getvalue()
