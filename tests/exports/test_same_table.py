"""The same table, however it is encoded, ended and wrapped; workbooks that say less than they hold; exports of one time."""

# ruff: noqa: E501
import codecs
import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import worlds
from golden_markets import TIKTOK_XLSX
from goldens import Cell, as_xls, as_xlsx, contents_of, gzipped, read, rows_of, zipped
from homes import drop, refreshed
from test_recognise import TMALL_REPORT

from assets import published
from assets.home import Home

TMALL = [
    list(TMALL_REPORT),
    ["1", "178.80", "178.80", "上海", "2020-02-21 00:00:00", "2020-02-21 00:00:00", "0.00"],
    ["2", "21.00", "0.00", "内蒙古自治区", "2020-02-20 23:59:54", "", "0.00"],
    ["3", "37.00", "0.00", "安徽省", "2020-02-20 23:59:35", "2020-02-20 23:59:41", "37.00"],
]
ENCODED = {
    "GB18030": lambda text: text.encode("gb18030"),
    "UTF-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-8 with mark": lambda text: text.encode("utf-8-sig"),
    "UTF-8": lambda text: text.encode(),
}


def written(lines: Sequence[Sequence[Cell]], end: str = "\r\n") -> str:
    """Records as text."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(lines)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODED)
def test_tmalls_report_is_the_same_in_any_encoding_ends_and_wrapping(tmp_path: Path, encoding: str) -> None:
    """CRLF, LF and CR; as it is, in gzip and in an archive: rows are equal to their hashes, and the orders are told by hand."""
    ((_, shaped),) = read(tmp_path, written(TMALL).encode(), "report.csv")
    assert shaped is not None
    assert [(row["order_id"], row["order_paid"], row["refund_reported"]) for row in rows_of(shaped, "orders")] == [
        ("1", "178.80", "0.00"),
        ("2", "0.00", "0.00"),
        ("3", "37.00", "37.00"),
    ]
    expected = contents_of(read(tmp_path, written(TMALL).encode(), "report.csv"))
    for end in ("\r\n", "\n", "\r"):
        content = ENCODED[encoding](written(TMALL, end))
        for name, of in {"a.csv": content, "a.csv.gz": gzipped(content), "a.zip": zipped(("报表.csv", content))}.items():
            assert contents_of(read(tmp_path, of, name)) == expected, (end, name)


@pytest.mark.parametrize("wrap", [as_xls, as_xlsx], ids=["xls", "xlsx"])
def test_tmalls_report_is_the_same_as_a_workbook(tmp_path: Path, wrap: object) -> None:
    """Amounts as numbers and as text."""
    assert callable(wrap)
    expected = contents_of(read(tmp_path, written(TMALL).encode(), "report.csv"))
    numbers = [[float(cell) if re.fullmatch(r"\d+\.\d\d", cell) else cell for cell in line] for line in TMALL]
    for lines in (TMALL, numbers):
        assert contents_of(read(tmp_path, wrap(lines), "report.xls")) == expected


def test_members_of_one_archive_are_files_of_their_own(tmp_path: Path) -> None:
    """A report in two parts, each under its name."""
    parts = zipped(("1.csv", written([*TMALL[:1], *TMALL[1:2]]).encode()), ("2.csv", written([*TMALL[:1], *TMALL[2:]]).encode()))
    found = read(tmp_path, parts, "all.zip")
    assert [(landing.member, landing.state, landing.rows_in) for landing, _ in found] == [
        ("1.csv", "landed", 1),
        ("2.csv", "landed", 2),
    ]
    assert contents_of(found) == contents_of(read(tmp_path, written(TMALL).encode(), "report.csv"))


@pytest.mark.parametrize("said", ["A1", "A1:B2", "A1:XFD9"])
def test_a_workbook_that_says_a_wrong_size_is_read_whole(tmp_path: Path, said: str) -> None:
    """TikTok's say they hold one cell."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TIKTOK_XLSX.content)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                part, changed = re.subn(rb'<dimension ref="[^"]*"', f'<dimension ref="{said}"'.encode(), part)
                assert changed == 1
            new.writestr(info.filename, part)
    assert contents_of(read(tmp_path, target.getvalue(), "a.xlsx")) == contents_of(read(tmp_path, TIKTOK_XLSX.content, "a.xlsx"))


def test_a_workbook_of_taobaos_three_sheets_is_orders_and_lines(tmp_path: Path) -> None:
    """订单报表 and 销售明细 are tables of their own; 发货报表, which holds addresses, is left aside."""
    order = {"订单编号": "190000000000000001", "买家应付货款": "99.80", "买家应付邮费": "0.00", "总金额": "99.80", "买家实际支付金额": "99.80",
             "订单状态": "交易成功", "订单创建时间": "2026-05-01 10:00:00", "订单付款时间": "2026-05-01 10:01:00", "宝贝总数量": "2"}  # fmt: skip
    line = {"子订单编号": "190000000000000001", "主订单编号": "190000000000000001", "标题": "T恤", "价格": "49.90", "购买数量": "2",
            "订单状态": "交易成功", "商家编码": "TS-1", "买家应付货款": "99.80", "买家实际支付金额": "99.80", "退款状态": "没有申请退款",
            "退款金额": "无退款申请", "订单创建时间": "2026-05-01 10:00:00", "订单付款时间": "2026-05-01 10:01:00"}  # fmt: skip
    orders: list[list[Cell]] = [
        list(worlds.TAOBAO_ORDERS_2022),
        [order.get(name.strip(), "") for name in worlds.TAOBAO_ORDERS_2022],
    ]
    lines: list[list[Cell]] = [list(worlds.TAOBAO_LINES_18), [line.get(name, "") for name in worlds.TAOBAO_LINES_18]]
    parcels: list[list[Cell]] = [["收货人", "地址", "运单号"], ["李某", "某路9号", "SF1"]]
    found = read(tmp_path, as_xlsx(orders, sheet="订单报表", 销售明细=lines, 发货报表=parcels), "三表.xlsx")
    assert [(landing.member, landing.state, landing.format) for landing, _ in found] == [
        ("订单报表", "landed", "taobao.orders"),
        ("销售明细", "landed", "taobao.lines"),
        ("发货报表", "parked", ""),
    ]


def test_orders_a_newer_export_of_their_time_lacks_are_told_and_kept(home: Home) -> None:
    """The newer file holds the first and the last of three days and not the one between: it is named with how many it lacks."""

    def export(stamp: str, *days: int) -> worlds.ExportFile:
        rows = [
            {"订单编号": f"19000000000000000{day}", "买家应付货款": "10.00", "买家应付邮费": "0.00", "总金额": "10.00", "买家实际支付金额": "10.00",
             "订单状态": "交易成功", "订单创建时间": f"2026-05-0{day} 10:00:00", "订单付款时间": f"2026-05-0{day} 10:01:00"}
            for day in days
        ]  # fmt: skip
        lines = [[row.get(name.strip(), "") for name in worlds.TAOBAO_ORDERS_2022] for row in rows]
        text = written([list(worlds.TAOBAO_ORDERS_2022), *lines])
        return worlds.ExportFile("shop", f"ExportOrderList{stamp}.csv", text.encode("gb18030"))

    law = 'select "check" from checks where not passed and "check" = \'every_order_stands_in_newer_exports\''
    drop(home, [export("202605100000", 1, 2, 3)])
    refreshed(home)
    with published.open_published(home) as shown:
        assert shown.execute(law).fetchall() == []
    drop(home, [export("202605110000", 1, 3)])
    refreshed(home)
    with published.open_published(home) as shown:
        assert len(shown.execute(law).fetchall()) == 1
        assert shown.execute("select count(*) from orders").fetchone() == (3,)
    drop(home, [export("202605120000", 1, 2, 3)])
    refreshed(home)
    with published.open_published(home) as shown:
        assert shown.execute(law).fetchall() == []
        assert shown.execute("select count(*) from orders").fetchone() == (3,)
