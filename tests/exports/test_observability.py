"""What a format cannot tell is null and never zero: each format alone in a store, against what `observability` says of it."""

from collections.abc import Iterator

import duckdb
import pytest
import worlds
from golden_abroad import ABROAD
from golden_china import CHINA
from golden_markets import MARKETS
from golden_reports import REPORTS
from goldens import FORMATS, as_csv
from homes import drop, make_home, refreshed
from worlds import ExportFile

from assets import published
from assets.tables import BY_NAME

COLUMNS = {table: {column.name for column in BY_NAME[table].columns} for table in ("store_metrics", "product_metrics")}
KINDS = {"ExportOrderList": "orders", "ExportOrderDetailList": "lines", "退款导出": "refunds", "orders_export": "shopify"}
TMALL = [
    ["订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"],
    ["1", "178.8", "0", "上海", "2020-02-21 00:00:00", "2020-02-21 00:05:00", "178.8"],
    ["2", "21", "21", "内蒙古自治区", "2020-02-20 23:59:54", "2020-02-21 00:00:02", "0"],
    ["3", "37", "0", "安徽省", "2020-02-20 23:59:35", "", "0"],
]


def alone() -> Iterator[ExportFile]:
    """Every file in a store of its own, those of a world's store and kind together."""
    for n, (_, golden) in enumerate(sorted((CHINA | ABROAD | MARKETS | REPORTS).items())):
        yield ExportFile(f"golden{n:02d}", golden.name, golden.content)
    yield ExportFile("tmall", "ExportOrderList20200301.csv", as_csv([list(row) for row in TMALL]))
    for world in (worlds.taobao_world(), worlds.mixed_world()):
        for file in world.files:
            kind = next(kind for mark, kind in KINDS.items() if file.name.startswith(mark))
            yield ExportFile(f"{file.store}_{kind}", file.name, file.content)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of them, landed and published once."""
    home = make_home(tmp_path_factory.mktemp("alone"))
    for file in alone():
        (home.inbox / file.store / file.name).parent.mkdir(parents=True, exist_ok=True)
        drop(home, [file])
    refreshed(home)
    with published.open_published(home) as connection:
        yield connection


def test_every_format_of_orders_stands_alone_here(shown: duckdb.DuckDBPyConnection) -> None:
    """No format is without a case but Olist's, whose store is a column of a set of files."""
    landed = {name for (name,) in shown.execute("select distinct format from files where state = 'landed'").fetchall()}
    sold = {name for name, known in FORMATS.items() if not known.park and (known.orders or known.order_lines or known.refunds)}
    assert {name for name in sold - landed if not name.startswith("olist")} == set()


def test_there_is_a_figure_for_most_of_what_a_format_tells(shown: duckdb.DuckDBPyConnection) -> None:
    """The formats are not all null: of each that dates orders as paid, some figure is there that it is said to tell."""
    told = shown.execute("select distinct source, metric from observability where grade <> 'none'").fetchall()
    dated = {source for source, metric in told if metric == "paid_orders" and not source.startswith("olist")}
    assert dated - {source for source, metric in told if is_known(shown, source, metric)} == set()


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_what_a_format_does_not_tell_is_null_and_never_zero(shown: duckdb.DuckDBPyConnection, table: str) -> None:
    """Every format, every metric it is graded `none` for, at every grain and on both bases."""
    graded = shown.execute("select source, metric from observability where grade = 'none' order by all").fetchall()
    assert graded
    wrong = []
    for source, metric in graded:
        if metric in COLUMNS[table]:
            stores = "select store from files where state = 'landed' group by store having min(format) = ? and max(format) = ?"
            sql = f"select store, grain, period_start, {metric} from {table} where {metric} is not null and store in ({stores})"
            wrong += [(source, metric, *row) for row in shown.execute(sql, [source, source]).fetchall()[:1]]
    assert wrong == []


def is_known(shown: duckdb.DuckDBPyConnection, source: str, metric: str) -> bool:
    """Whether some store of one format alone has the figure."""
    stores = "select store from files where state = 'landed' group by store having min(format) = ? and max(format) = ?"
    found = shown.execute(f"select count({metric}) from store_metrics where store in ({stores})", [source, source]).fetchone()
    return bool(found and found[0])
