"""A report's or a listing export's own total: compared where all of it adds up and is known, refused where it is not the sum."""

from pathlib import Path

import pytest
from golden_china import PDD_ITEMS, TAOBAO_LISTINGS
from golden_markets import JD_ITEMS, JD_SELF
from goldens import Golden, Row, read, read_golden

ROWS: tuple[Row, ...] = (
    {"SKU": "1", "商品浏览量": "2,600", "商品访客数": 1200, "成交商品件数": 9, "成交单量": 8, "成交金额": "5,000.10"},
    {"SKU": "2", "商品浏览量": 400, "商品访客数": 300, "成交商品件数": 1, "成交单量": 1, "成交金额": "309.90"},
)
RIGHT: Row = {"SKU": "合计", "商品浏览量": "3,000", "成交商品件数": 10, "成交金额": "5,310.00"}
IS_TOTAL, IS_FALSE = ({"total_row": 1}, {}), ({}, {"total_differs": 1})


def judged(tmp_path: Path, golden: Golden, *rows: Row) -> tuple[dict[str, int], dict[str, int]]:
    """What a file of these rows has left out, and what of it is refused."""
    landing, _ = read_golden(tmp_path, golden.with_rows(rows))
    return landing.skipped, landing.quarantined


def test_a_total_that_is_the_sum_is_left_out_wherever_it_stands(tmp_path: Path) -> None:
    """Above the rows or below them, in one sum with nothing."""
    assert judged(tmp_path, JD_ITEMS, RIGHT, *ROWS) == IS_TOTAL
    assert judged(tmp_path, JD_ITEMS, *ROWS, RIGHT) == IS_TOTAL


@pytest.mark.parametrize(("column", "stated"), [("商品浏览量", 3001), ("成交商品件数", 9), ("成交金额", "5,310.01")])
def test_a_total_that_is_not_the_sum_is_told_with_its_column(tmp_path: Path, column: str, stated: str) -> None:
    """By one view, one piece or one cent; the rows land all the same."""
    landing, shaped = read_golden(tmp_path, JD_ITEMS.with_rows([{**RIGHT, column: stated}, *ROWS]))
    assert (landing.skipped, landing.quarantined) == IS_FALSE
    assert shaped.problems.rows() == [(2, "total_differs", column)]
    assert shaped.kinds["traffic"]["row"].to_list() == [3, 4]


@pytest.mark.parametrize(("column", "stated"), [("商品访客数", 1391), ("成交单量", 8), ("成交客户数", 1)])
def test_people_and_orders_are_not_added_up(tmp_path: Path, column: str, stated: int) -> None:
    """Who saw two products is one visitor, and an order of two products is one."""
    assert judged(tmp_path, JD_ITEMS, {**RIGHT, column: stated}, *ROWS) == IS_TOTAL


@pytest.mark.parametrize("cell", ["", "--", "100 ~ 500"])
def test_what_a_row_does_not_say_is_not_known_to_be_nothing(tmp_path: Path, cell: str) -> None:
    """A blank cell or a range leaves the sum of the rows open."""
    skipped, quarantined = judged(tmp_path, JD_ITEMS, {**RIGHT, "商品浏览量": 9_999}, {**ROWS[0], "商品浏览量": cell}, ROWS[1])
    assert skipped == {"total_row": 1}
    assert "total_differs" not in quarantined


@pytest.mark.parametrize(
    ("stated", "fate"), [("0.3万", IS_TOTAL), ("0.34万", IS_FALSE), ("0.30万", IS_TOTAL), ("0.31万", IS_FALSE)]
)
def test_what_is_told_in_ten_thousands_is_rounded(
    tmp_path: Path, stated: str, fate: tuple[dict[str, int], dict[str, int]]
) -> None:
    """`0.3万` is anything from 2,500 to 3,500; `0.34万` is not 3,000."""
    assert judged(tmp_path, JD_ITEMS, {**RIGHT, "商品浏览量": stated}, *ROWS) == fate


def test_several_totals_and_rows_of_several_days_are_not_compared(tmp_path: Path) -> None:
    """Each of two is the total of some rows; rows of a week may be in a total or not."""
    false = {**RIGHT, "成交金额": "1.00"}
    assert judged(tmp_path, JD_ITEMS, RIGHT, *ROWS, false) == ({"total_row": 2}, {})
    day, week = JD_SELF.rows
    total = {"时间": "合计", "成交金额": "1.00"}
    assert judged(tmp_path, JD_SELF, total, day, week) == ({"total_row": 1, "not_a_day": 1}, {})
    assert judged(tmp_path, JD_SELF, total, day) == IS_FALSE


def test_each_of_some_files_that_are_read_together_has_its_own(tmp_path: Path) -> None:
    """One file's false total is not another's."""
    false = {**RIGHT, "成交金额": "5,310.02"}
    for n, total in enumerate((RIGHT, false, RIGHT)):
        content = JD_ITEMS.with_rows([total, *ROWS]).content
        ((landing, _),) = read(tmp_path, content, f"商品明细_2026-04-1{n}.xlsx")
        assert (landing.skipped, landing.quarantined) == (IS_FALSE if total is false else IS_TOTAL)


def test_other_reports_and_listings_have_totals_too(tmp_path: Path) -> None:
    """Pinduoduo's items, and stock in Taobao's listings."""
    row = {"商品ID": "1", "商品浏览量": 5, "商品访客数": 3, "成交件数": 2, "成交金额": "20.00"}
    assert judged(tmp_path, PDD_ITEMS, row, {"商品ID": "总计", "商品浏览量": 5, "成交金额": "20.00"}) == IS_TOTAL
    assert judged(tmp_path, PDD_ITEMS, row, {"商品ID": "总计", "商品浏览量": 5, "成交金额": "21.00"}) == IS_FALSE
    first, *_ = [row for row in TAOBAO_LISTINGS.rows if row.get("SKU库存")]
    label = TAOBAO_LISTINGS.header[0]
    assert judged(tmp_path, TAOBAO_LISTINGS, first, {label: "合计", "SKU库存": first["SKU库存"]}) == IS_TOTAL
    assert judged(tmp_path, TAOBAO_LISTINGS, first, {label: "合计", "SKU库存": 999_999}) == IS_FALSE
