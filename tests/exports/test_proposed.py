"""A mapping proposed for an unknown export: what is guessed, why, and that it reads the file to the cent."""

import csv
import io
import tomllib
from pathlib import Path

import duckdb
import pytest
from goldens import Cell, as_xlsx
from homes import refreshed
from typer.testing import CliRunner

from assets import published
from assets.exports.decode import Refused
from assets.exports.formats import load
from assets.exports.proposed import proposal
from assets.exports.spec import Format
from assets.home import Home, UsageError
from pipelines.cli import app

CHINESE = """我的店铺导出,,,,,,,
单号,下单时间,状态,品名,货号,数量,单价,运费
A10001,2026年5月3日 14:05,已完成,棉T恤,TS-1,2,"99,00",8
A10001,2026年5月3日 14:05,已完成,帆布包,BG-1,1,"50,50",8
A10002,2026年5月4日 09:00,已取消,棉T恤,TS-1,1,"99,00",8
A10003,2026年5月5日 23:59,待发货,围巾,SC-1,3,"20,00",0
A10004,2026年5月6日 00:10,待付款,围巾,SC-1,1,"20,00",0
"""
ENGLISH = """Order Number;Order Date;Paid at;State;Item;SKU;Qty;Line total;Discount;Order total;Customer
100001;May 3, 2026;May 4, 2026;Delivered;Tee;TS-1;2;$20.00;$1.00;$26.00;Ann
100001;May 3, 2026;May 4, 2026;Delivered;Mug;MG-1;1;$7.00;$0.00;$26.00;Ann
100002;May 14, 2026;;Cancelled;Tee;TS-1;1;$10.00;$0.00;$10.00;Bo
"""
runner = CliRunner()


def test_columns_are_told_by_name_and_by_what_stands_in_them() -> None:
    """In Chinese and below a title: amounts with commas, dates in words, states as they sound, shipping repeated on lines."""
    told = tomllib.loads(proposal(CHINESE.encode(), "mine.csv"))
    assert told["decimal"] == ","
    assert told["paid_by_status"] is True
    assert told["clock"] == {"layouts": ["%Y年%m月%d日 %H:%M"]}
    assert told["rows"] == {"per": "line"}
    assert told["statuses"] == {"已完成": "completed", "已取消": "closed", "待发货": "paid", "待付款": "pending"}
    assert told["orders"] == {
        "order_id": "单号",
        "placed_at": "下单时间",
        "status": "状态",
        "order_shipping": {"from": "运费", "over_lines": "repeated"},
        "goods_amount": {"over_lines": "net"},
    }
    assert told["order_lines"] == {
        "order_id": "单号", "merchant_sku": "货号", "title": "品名", "quantity": "数量", "unit_price": "单价",
    }  # fmt: skip
    Format.model_validate(told)


def test_an_english_file_is_told_as_well() -> None:
    """Semicolons, text dates, a line's total, and a buyer."""
    told = tomllib.loads(proposal(ENGLISH.encode(), "orders.csv"))
    assert told["clock"] == {"layouts": ["%b %d, %Y"]}
    assert told["orders"]["paid_at"] == "Paid at"
    assert told["orders"]["order_paid"] == {"from": "Order total", "over_lines": "repeated"}
    assert told["orders"]["buyer"] == "Customer"
    assert (told["order_lines"]["line_gross"], told["order_lines"]["own_discount"]) == ("Line total", "Discount")
    assert "paid_by_status" not in told
    Format.model_validate(told)


def test_every_guess_says_why_and_no_row_is_quoted() -> None:
    """Each line but a table's name has its comment; of the cells only words of the status column are told."""
    assert len(proposal(CHINESE.encode(), "mine.csv").splitlines()) <= 20, "what an analyst is asked to read"
    for text in (CHINESE, ENGLISH):
        lines = proposal(text.encode(), "mine.csv").splitlines()
        assert [line for line in lines if not line.startswith("[") and "  # " not in line] == []
        assert not any(cell in line for line in lines for cell in ("A10001", "100001", "Ann", "棉T恤", "Tee"))


def test_days_that_may_be_months_are_left_to_the_file() -> None:
    """Both orders are proposed, and one of them is to hold for all of a file."""
    text = "order id,date,qty,price\n10001,06/05/2026 10:00,1,2.00\n10002,07/05/2026 11:00,1,2.00\n"
    assert tomllib.loads(proposal(text.encode(), "a.csv"))["clock"] == {
        "layouts": ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"],
        "one_layout": True,
    }


@pytest.mark.parametrize("text", ["", "1,2\n3,4\n", "姓名,电话\n李某,1\n", "order id,date\n10001,soon\n"])
def test_what_is_no_export_of_orders_gets_no_mapping(text: str) -> None:
    """Without a number and a time of an order there is nothing to read it by."""
    with pytest.raises(Refused):
        proposal(text.encode(), "a.csv")


@pytest.mark.parametrize("workbook", [False, True])
def test_an_unknown_file_is_read_after_its_mapping_is_dropped_in(home: Home, workbook: bool) -> None:
    """From unknown, by the proposal as it stands, to the metrics: cancelled and unpaid orders count nowhere."""
    file = home.inbox / "wechat" / ("mine.xlsx" if workbook else "mine.csv")
    file.parent.mkdir()
    cells = [list[Cell](record) for record in csv.reader(io.StringIO(CHINESE))]
    file.write_bytes(as_xlsx(cells) if workbook else CHINESE.encode("gb18030"))
    (home.reference / "stores.csv").write_text("store,platform,timezone,currency\nwechat,other,Asia/Shanghai,CNY\n")
    refreshed(home)
    with published.open_published(home) as shown:
        assert shown.execute("select state, reason from files").fetchall() == [("refused", "unknown_format")]
    proposed = runner.invoke(app, ["formats", "new", str(file), "--home", str(home.root)])
    assert proposed.exit_code == 0, proposed.output
    (home.reference / "formats").mkdir(exist_ok=True)
    (home.reference / "formats" / "wechat_orders.toml").write_text(proposed.stdout)
    refreshed(home)
    with published.open_published(home) as shown:
        assert shown.execute("select state, format, quarantined from files").fetchall() == [("landed", "wechat.orders", 0)]
        assert _month(shown) == (2, 3, 6, "308.50", "8.00", "316.50")


def _month(shown: duckdb.DuckDBPyConnection) -> tuple[object, ...]:
    """Worked by hand: 2 × 99.00 + 50.50 + 3 × 20.00, and shipping once an order."""
    found = shown.execute(
        """select paid_orders, order_lines, units, gross_sales::varchar, shipping::varchar, paid_amount::varchar
        from store_metrics where grain = 'month' and basis = 'paid' and store = 'wechat'"""
    ).fetchall()
    assert len(found) == 1
    return tuple(found[0])


def test_a_file_that_is_read_already_gets_no_second_mapping(home: Home) -> None:
    """The message names the format that reads it; so is told what holds no orders, and a file that is not there."""
    known = home.root / "olist.csv"
    known.write_text("seller_id,seller_zip_code_prefix,seller_city,seller_state\n")
    told = runner.invoke(app, ["formats", "new", str(known), "--home", str(home.root)])
    assert (told.exit_code, "olist.sellers reads it already" in told.output) == (2, True)
    (home.root / "notes.csv").write_text("a,b\n1,2\n")
    told = runner.invoke(app, ["formats", "new", str(home.root / "notes.csv"), "--home", str(home.root)])
    assert (told.exit_code, "no column looks like" in told.output) == (2, True)
    told = runner.invoke(app, ["formats", "new", "nowhere.csv", "--home", str(home.root)])
    assert (told.exit_code, "there is no file nowhere.csv" in told.output) == (2, True)


WRONG = {
    "an unknown key": (("title = ", "titel = "), "titel is no key; there are title, platform"),
    "an unknown key of a column": (
        ('order_id = "单号"', 'order_id = { form = "单号" }'),
        "orders.order_id.form is no key; there are from",
    ),
    "an unknown key of a clock": (("layouts =", "layout ="), "clock.layout is no key; there are layouts"),
    "a column no table has": (('placed_at = "', 'placed_on = "'), "[orders] placed_on is no column; there are"),
    "a status that is none": (('"completed"', '"complete"'), "unknown statuses ['complete']; known are pending, paid"),
    "a kind of row that is none": (
        ('per = "line"', 'per = "parcel"'),
        "rows.per: Input should be 'order', 'line', 'head', 'refund' or 'seen'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), WRONG.values(), ids=WRONG)
def test_a_mapping_that_is_wrong_is_told_in_one_line(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """The key, what is wrong with it, and what is allowed."""
    path = tmp_path / "wechat_orders.toml"
    right = proposal(CHINESE.encode(), "mine.csv")
    assert change[0] in right
    path.write_text(right.replace(*change))
    with pytest.raises(UsageError) as told:
        load(path)
    assert says in str(told.value)
    assert "\n" not in str(told.value)
