"""Real exports, recomputed by plain loops, give the published numbers to the cent.

The files are not in the repository (licences): the tests skip where ../shared/data is absent. There are no real GB18030 or
UTF-16 files and none with other line ends: those are made here, by re-encoding the real Tmall report.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import oracle
import pytest
from homes import Digests, drop, make_home, published_digests, refreshed
from oracle import Basis
from worlds import ExportFile

from assets import published

DATA = Path(__file__).parents[2] / "shared" / "data"
OLIST, TMALL = DATA / "olist", DATA / "tmall_orders" / "tmall_order_report.csv"
LARGEST = 20
BASES: tuple[Basis, ...] = ("paid", "placed")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this repository")


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What is published of the Olist files, all dropped into one folder."""
    home = make_home(tmp_path_factory.mktemp("olist"))
    drop(home, [ExportFile("olist", path.name, path.read_bytes()) for path in sorted(OLIST.glob("*.csv"))])
    refreshed(home)
    with published.open_published(home) as connection:
        yield connection


@pytest.mark.parametrize("basis", BASES)
def test_olist_adds_up_over_all(olist: duckdb.DuckDBPyConnection, basis: Basis) -> None:
    """Paid orders, lines, units, gross sales and shipping over all stores and days are those of the files."""
    found = olist.execute(
        """select sum(paid_orders), sum(order_lines), sum(units), sum(gross_sales), sum(shipping), sum(paid_amount)
           from store_metrics where grain = 'day' and basis = ?""",
        [basis],
    ).fetchone()
    total = oracle.olist_totals(OLIST)
    paid = total.gross_sales + total.shipping
    assert found == (total.paid_orders, total.order_lines, total.units, total.gross_sales, total.shipping, paid)


@pytest.mark.parametrize("basis", BASES)
def test_every_month_of_the_largest_sellers_is_right(olist: duckdb.DuckDBPyConnection, basis: Basis) -> None:
    """For the twenty largest sellers, every month's orders, lines, units, gross sales and shipping are those of the files."""
    sellers = oracle.largest_sellers(OLIST, LARGEST)
    found = olist.execute(
        """select store, strftime(period_start, '%Y-%m'), paid_orders, order_lines, units, gross_sales, shipping
           from store_metrics where grain = 'month' and basis = ? and list_contains(?, store)""",
        [basis, sellers],
    ).fetchall()
    wanted = {
        key: (month.paid_orders, month.order_lines, month.units, month.gross_sales, month.shipping)
        for key, month in oracle.olist_store_months(OLIST, basis).items()
        if key[0] in sellers
    }
    assert len({seller for seller, _ in wanted}) == LARGEST
    assert {(store, month): tuple(sums) for store, month, *sums in found} == wanted


def test_olist_breaks_no_law_but_that_its_sellers_are_not_listed(olist: duckdb.DuckDBPyConnection) -> None:
    """Nothing is refused, and only warnings remain: the sellers stand in no stores.csv, and there is no rate for BRL."""
    broken = olist.execute('select distinct "check" from checks where not passed order by 1').fetchall()
    assert broken == [("every_amount_is_converted",), ("every_store_is_listed",)]
    assert olist.execute("select count(*) from quarantine").fetchone() == (0,)


@pytest.fixture(scope="module")
def tmall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[duckdb.DuckDBPyConnection, Digests]]:
    """What is published of the Tmall report as it is, and the digests of its tables."""
    home = make_home(tmp_path_factory.mktemp("tmall"))
    drop(home, [ExportFile("tmall", TMALL.name, TMALL.read_bytes())])
    refreshed(home)
    with published.open_published(home) as connection:
        yield connection, published_digests(home)


@pytest.mark.parametrize("basis", BASES)
def test_every_day_of_the_tmall_report_is_right(tmall: tuple[duckdb.DuckDBPyConnection, Digests], basis: Basis) -> None:
    """Every day's paid orders, paid amount before refunds and cash refunded are those of the report; no other day is there."""
    connection, _ = tmall
    found = connection.execute(
        """select strftime(period_start, '%Y-%m-%d'), paid_orders, paid_amount, refunds_cash_order_day
           from store_metrics where grain = 'day' and basis = ?""",
        [basis],
    ).fetchall()
    wanted = {
        day: (sums.paid_orders, sums.paid_amount, sums.refund_cash) for day, sums in oracle.tmall_days(TMALL, basis=basis).items()
    }
    assert {day: tuple(sums) for day, *sums in found} == wanted


def test_what_the_tmall_report_cannot_tell_is_null(tmall: tuple[duckdb.DuckDBPyConnection, Digests]) -> None:
    """Sales before discounts, units, lines, buyers and refunds by their own day are null in every period, never zero.

    The goods part of refunds is null wherever there was any refund.
    """
    connection, _ = tmall
    unknown: list[tuple[Any, ...]] = connection.execute(
        "select distinct gross_sales, units, order_lines, buyers, refunds_cash_refund_day, net_paid_refund_day from store_metrics"
    ).fetchall()
    assert unknown == [(None,) * 6]
    goods = "select distinct refunds_goods_order_day from store_metrics where refunds_cash_order_day > 0"
    assert connection.execute(goods).fetchall() == [(None,)]


def _with_line_ends(ends: bytes) -> bytes:
    text = TMALL.read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") == text.count(b"\r"), "the report ends its lines in CRLF alone"
    return text.replace(b"\r\n", ends)


def _in_encoding(encoding: str) -> bytes:
    return TMALL.read_bytes().decode("utf-8").encode(encoding)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
def test_the_encoding_of_the_report_changes_nothing(
    tmall: tuple[duckdb.DuckDBPyConnection, Digests], tmp_path: Path, encoding: str
) -> None:
    """The report re-encoded here, in GB18030, UTF-16 and UTF-8 with a byte order mark, gives the same tables."""
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    _, as_it_is = tmall
    assert _digests_of(tmp_path, mark + _in_encoding(encoding)) == as_it_is


@pytest.mark.parametrize("ends", [b"\n", b"\r"], ids=["LF", "CR"])
def test_the_line_ends_of_the_report_change_nothing(
    tmall: tuple[duckdb.DuckDBPyConnection, Digests], tmp_path: Path, ends: bytes
) -> None:
    """The report with line ends changed here from CRLF to LF or to CR alone gives the same tables."""
    _, as_it_is = tmall
    assert _digests_of(tmp_path, _with_line_ends(ends)) == as_it_is


def _digests_of(root: Path, content: bytes) -> Digests:
    home = make_home(root / "home")
    drop(home, [ExportFile("tmall", TMALL.name, content)])
    refreshed(home)
    return published_digests(home)
