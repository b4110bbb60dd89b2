"""What lands of reports added since, and what is parked: every value of every row."""

# ruff: noqa: E501
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from catalogued import SET_ASIDE
from golden_reports import AMAZON_GERMAN, AMAZON_JAPANESE_DAYS, REPORTS
from goldens import FORMATS, of_one_row, read, read_golden, rows_of

OLIST_PARTS = ("categories", "payments", "reviews", "sellers")
# Of each file: the rows in it, those refused with their reason and column, those skipped by reason, and what lands.
EXPECTED: dict[str, tuple[int, list[tuple[int, str, str]], dict[str, int], dict[str, list[dict[str, Any]]]]] = {
    "sycm.macro": (
        4,
        [],
        {"total_row": 1, "not_a_day": 1},
        {
            "traffic": [
                {"day": "2026-04-18", "currency": "CNY", "visitors": 4391, "page_views": 13186, "favourites": 18, "carts": 63, "cart_units": 70, "platform_buyers": 61, "platform_units": 90, "platform_paid": "31396.00", "platform_refunds": "1200.50", "row": 5},
                {"day": "2026-04-19", "currency": "CNY", "visitors": 2, "page_views": 3, "platform_paid": "0.00", "row": 6},
            ],
        },
    ),
    "sycm.keywords": (
        3,
        [],
        {"roll_up": 1},
        {
            "traffic": [
                {"day": "2026-04-19", "channel": "防晒霜", "channel_group": "search", "currency": "CNY", "visitors": 1200, "favourites": 12, "carts": 30, "platform_buyers": 9, "platform_units": 10, "platform_paid": "980.00", "row": 4},
                {"day": "2026-04-19", "channel": "[removed]", "channel_group": "search", "currency": "CNY", "visitors": 1, "row": 5},
            ],
        },
    ),
    "shopify.sales": (
        3,
        [(4, "money_unreadable", "total sales")],
        {},
        {
            "traffic": [
                {"day": "2026-04-18", "platform_orders": 12, "platform_paid": "1308.00", "platform_refunds": "100.00", "row": 2},
                {"day": "2026-04-19", "platform_orders": 0, "platform_paid": "0.00", "platform_refunds": "310.00", "row": 3},
            ],
        },
    ),
    "shopify.sales before 2025": (
        1,
        [],
        {},
        {
            "traffic": [
                {"day": "2023-04-18", "platform_orders": 2, "platform_paid": "50.00", "platform_refunds": "5.00", "row": 2},
            ],
        },
    ),
    "amazon.items german": (
        2,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "B096000000", "sessions": 12131, "page_views": 17004, "platform_orders": 668, "platform_units": 683, "platform_paid": "12905.25", "row": 2},
                {"day": "2026-04-19", "product_id": "B096000001", "sessions": 3, "page_views": 4, "platform_orders": 1, "platform_units": 1, "platform_paid": "1290.00", "row": 3},
            ],
        },
    ),
    "amazon.items japanese": (
        1,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "B096000000", "sessions": 1131, "page_views": 1700, "platform_orders": 11, "platform_units": 12, "platform_paid": "24907.00", "row": 2},
            ],
        },
    ),
    "amazon.items chinese": (
        1,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "B096000000", "sessions": 131, "page_views": 170, "platform_orders": 2, "platform_units": 2, "platform_paid": "37.98", "row": 2},
            ],
        },
    ),
    "amazon.items australian": (
        1,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-19", "product_id": "B096000000", "sessions": 131, "page_views": 170, "platform_orders": 2, "platform_units": 2, "platform_paid": "37.98", "row": 2},
            ],
        },
    ),
    "amazon.shop japanese": (
        2,
        [],
        {},
        {
            "traffic": [
                {"day": "2026-04-18", "sessions": 1101, "platform_orders": 60, "platform_units": 61, "platform_paid": "163577.00", "row": 2},
                {"day": "2026-04-19", "sessions": 0, "platform_orders": 0, "platform_units": 0, "platform_paid": "0.00", "row": 3},
            ],
        },
    ),
}  # fmt: skip


def test_every_golden_file_has_its_expectation() -> None:
    """None is read without being held to anything."""
    assert set(EXPECTED) == set(REPORTS)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_golden_file_lands_to_the_letter(tmp_path: Path, name: str) -> None:
    """Every value of every row, and nothing where the file says nothing; every other row has its reason."""
    rows_in, refused, skipped, kinds = EXPECTED[name]
    landing, shaped = read_golden(tmp_path, REPORTS[name])
    told = {kind: rows_of(shaped, kind) for kind in shaped.kinds if kind != "quarantine"}
    assert told == kinds
    assert (landing.rows_in, shaped.problems.rows(), landing.skipped) == (rows_in, refused, skipped)


@pytest.mark.parametrize("name", SET_ASIDE)
def test_what_no_table_holds_is_parked_with_what_it_would_tell(tmp_path: Path, name: str) -> None:
    """It is not unknown, nothing of it lands as a sale, every row is counted, and an operator is told what it is for."""
    golden = of_one_row(SET_ASIDE[name])
    for content in (golden.content, replace(golden, above=(("账单说明",), ("#",))).content):
        ((landing, shaped),) = read(tmp_path, content, golden.name)
        assert (landing.state, landing.reason, landing.format, shaped) == ("parked", "not_used", name, None)
        assert landing.detail == FORMATS[name].park
        assert landing.skipped == {"not_needed": landing.rows_in} == {"not_needed": 1}


def test_every_parked_format_is_tried_or_olists() -> None:
    """A format that lands nothing says what it would tell, and has a file here."""
    assert {name for name, known in FORMATS.items() if known.park} == {*SET_ASIDE, *(f"olist.{part}" for part in OLIST_PARTS)}


@pytest.mark.parametrize(
    ("days", "span"),
    [
        (["2026/01/01", "2026/02/01", "2026/03/01"], "months"),
        (["2026/03/02", "2026/03/09", "2026/03/16"], "weeks"),
    ],
)
def test_months_and_weeks_by_their_first_day_are_no_days(tmp_path: Path, days: list[str], span: str) -> None:
    """Amazon's report by date of months names each by its first day: taken for days they would be thirty times too much."""
    row = AMAZON_JAPANESE_DAYS.rows[0]
    content = AMAZON_JAPANESE_DAYS.with_rows([row | {"日付": day} for day in days]).content
    ((landing, _),) = read(tmp_path, content, "report.csv")
    assert (landing.state, landing.reason, landing.detail) == ("refused", "period_not_a_day", span)


def test_amounts_written_in_two_ways_are_not_guessed_at(tmp_path: Path) -> None:
    """Where one amount has a comma before its cents and another a point, a comma is no decimal mark."""
    rows = [AMAZON_GERMAN.rows[0], AMAZON_GERMAN.rows[1] | {"Durch bestellte Produkte erzielter Umsatz": "1,290.50"}]
    ((landing, shaped),) = read(tmp_path, AMAZON_GERMAN.with_rows(rows).content, "2026-04-19.csv")
    assert landing.quarantined == {"money_unreadable": 1}
    assert shaped is not None
    assert [row["platform_paid"] for row in rows_of(shaped, "traffic")] == ["1290.50"]
