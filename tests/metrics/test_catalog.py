"""The catalog is whole, agrees with the columns, and its examples come out of the real definitions."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import worlds
from homes import make_home, refreshed
from small import Small, example, people, plan, ripe, shelf

from assets.catalog.comparing import CONFUSED, comparable
from assets.catalog.metric import Additivity, Layer, Metric
from assets.catalog.publishing import metric_catalog, page, worked_out
from assets.catalog.registry import BY_KEY, METRICS, of_column
from assets.columns import COLUMNS
from assets.published import open_published
from assets.tables import BY_NAME, TABLES, Stage

ROOT = Path(__file__).parent.parent.parent
# Tables of the metrics' stage that are no metrics: dimensions, what the tool says of itself, and stages on the way.
NO_METRICS = frozenset(
    (
        "stores",
        "products",
        "observability",
        "coverage",
        "files",
        "quarantine",
        "store_rates",
        "watched_days",
        "cell_days",
        "cost_days",
        "unit_costs",
        "segments",
        "cell_lines",
        "cell_buyers",
        "cell_prices",
        "product_periods",
        "product_weeks",
        "product_buyers",
        "pacing_days",
        "maturing_days",
    )
)
CHINESE = re.compile("[一-鿿]")
RATIOS = [metric for metric in METRICS if metric.additivity is Additivity.RATIO]

# Where the example of a table's metrics is looked up: the week, the lamp, the search channel.
WEEK = "period_start = date '2026-03-02' and grain = 'week'"
SHOWN = {
    "store_metrics": f"basis = 'paid' and {WEEK}",
    "group_metrics": f"basis = 'paid' and store_group = 'all' and {WEEK}",
    "product_metrics": f"basis = 'paid' and product_id = 'lamp' and {WEEK}",
    "category_metrics": f"basis = 'paid' and {WEEK}",
    "channel_metrics": f"channel = 'search' and {WEEK}",
    "paid_traffic": WEEK,
    "store_ratings": "true",
    "bridges": "step_name = 'paid_amount'",
}
PEOPLE = {
    "customer_periods": "grain = 'month' and period_start = date '2026-03-01'",
    "customer_windows": "day = date '2026-03-31' and window_days = 30",
    "customer_cohorts": "cohort = '2026-01' and age_months = 2",
    "customer_segments": "customer_segment = 'lost'",
    "repurchase": "true",
}
SHELF = {
    "product_life": "product_id = 'mug' and day = date '2026-03-31'",
    "store_range": "day = date '2026-03-31'",
    "price_bands": "month = date '2026-03-01' and band_from = 100",
    "stock_returns": "product_id = 'mug' and day = date '2026-03-31'",
    "same_products": "month = date '2026-03-01'",
}


RIPE = {
    "matured_refunds": "category = 'all' and period_start = date '2026-03-02' and grain = 'week'",
    "refund_delays": "category = 'all' and day = date '2026-03-02' and age_days = 3",
}
ALONE = {"kpi_pacing": "store = 'shop'"}


def numbers(table: str) -> list[str]:
    """The columns of a table that are figures and no key."""
    return [
        column.name
        for column in BY_NAME[table].columns
        if re.match("BIGINT|DOUBLE|DECIMAL|INTEGER", column.type) and column.name not in (*BY_NAME[table].key, "landing", "row")
    ]


@pytest.fixture(scope="module", params=["sycm", "shopify"])
def week(request: pytest.FixtureRequest) -> tuple[str, Small]:
    """The example week, as a platform counts it that counts people, and as one that counts visits."""
    built = example(request.param)
    built.build(*SHOWN)
    return request.param, built


@pytest.fixture(scope="module")
def others() -> dict[str, Small]:
    """The examples that are not of the week, by table."""
    customers, products = people(), shelf()
    customers.build(*PEOPLE)
    products.build(*SHELF)
    targets, returned = plan(), ripe()
    targets.build("kpi_pacing")
    returned.build(*RIPE)
    parts = ((PEOPLE, customers), (SHELF, products), (ALONE, targets), (RIPE, returned))
    return {table: small for tables, small in parts for table in tables}


@pytest.fixture(scope="module", params=[worlds.taobao_world, worlds.mixed_world], ids=["taobao", "mixed"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What is published of each world, in which every SKU has a cost."""
    made: worlds.World = request.param()
    home = make_home(tmp_path_factory.mktemp(made.name))
    made.write(home.root)
    skus = {(order.store.name, line.sku, order.store.currency) for order in made.orders for line in order.lines if line.sku}
    costs = [f"{store},{sku},2020-01-01,3.50,{currency}\n" for store, sku, currency in sorted(skus)]
    (home.reference / "costs.csv").write_text("store,merchant_sku,valid_from,unit_cost,currency\n" + "".join(costs))
    refreshed(home)
    with open_published(home) as connection:
        yield connection


def test_every_figure_that_is_published_is_in_the_catalog() -> None:
    tables = [
        table
        for table in TABLES
        if table.stage is Stage.METRICS and not table.private and table.name not in NO_METRICS | {"metric_catalog"}
    ]
    missing = [(table.name, name) for table in tables for name in numbers(table.name) if not of_column(table.name, name)]
    assert missing == []


def test_every_metric_is_published_where_it_says() -> None:
    """A metric's tables have its column; what it divides are columns; a key stands once."""
    every = {column.name for table in TABLES for column in table.columns}
    for metric in METRICS:
        for name in metric.tables:
            published = {column.name for column in BY_NAME[name].columns}
            assert metric.id in published or f"{metric.id}_base" in published, (metric.key, name)
            assert not BY_NAME[name].private
        assert {metric.numerator, metric.denominator} - {""} <= every, metric.key
        assert bool(metric.numerator) == bool(metric.denominator)
    assert len(BY_KEY) == len(METRICS)


def test_columns_and_catalog_agree() -> None:
    """The Chinese name is the column's own, a ratio's column is a ratio, a count's a count, and a fraction is no sum."""
    for metric in METRICS:
        column = COLUMNS[metric.id]
        if CHINESE.search(column.meaning) and not metric.variant:
            assert metric.name_zh in column.meaning, metric.key
        divided = column.type == "DOUBLE" or column.type.endswith(",4)")
        assert divided or metric.additivity is not Additivity.RATIO, metric.key
        assert not divided or metric.additivity in (Additivity.RATIO, Additivity.QUANTILE), metric.key
        assert metric.direction in (-1, 0, 1)


def test_what_is_not_additive_says_so() -> None:
    """Ratios and distinct counts name the trap of adding or comparing them."""
    assert [
        metric.key
        for metric in METRICS
        if metric.additivity is Additivity.DISTINCT and not metric.pitfall and metric.tables[0] != "group_metrics"
    ] == []
    assert [metric.key for metric in RATIOS if not metric.pitfall] == []


@pytest.mark.parametrize("metric", METRICS, ids=[metric.key for metric in METRICS])
def test_every_example_comes_out_of_the_real_definitions(
    week: tuple[str, Small], others: dict[str, Small], metric: Metric
) -> None:
    """The example of each metric, worked by hand, is what its column holds."""
    dialect, small = week
    if dialect not in metric.dialects and (metric.dialects or dialect != "sycm"):
        pytest.skip("another way of counting")
    table = metric.tables[0]
    where = (SHOWN | PEOPLE | SHELF | ALONE | RIPE)[table]
    if metric.id == "visitors":
        where = where.replace("'week'", "'day'")
    if metric.id == "orders_effect":
        where = "store = 'blind'"
    if metric.id == "unexplained_share":
        where = "step_name = 'unexplained'"
    column = metric.id if metric.id in {one.name for one in BY_NAME[table].columns} else f"{metric.id}_base"
    value = others.get(table, small).one(f"select {column} from {table} where {where}")
    assert value is not None
    expected = worked_out(metric.worked)
    assert abs(float(value) - expected) <= (0.00005 if isinstance(value, Decimal) else 1e-12 * max(1, expected))


def test_a_ratio_is_its_sums_divided(week: tuple[str, Small]) -> None:
    """T1: sales per visit is conversion times the order value, where all three are over the same days."""
    _, small = week
    found = small.rows("select sales_per_visit, conversion, aov from store_metrics where grain <> 'day' and basis = 'paid'")
    assert found
    assert all(abs(float(whole) - rate * float(basket)) < 0.0001 for whole, rate, basket in found)


@pytest.mark.parametrize("metric", RATIOS, ids=[metric.key for metric in RATIOS])
def test_a_ratio_of_every_grain_is_the_days_sums_divided(world: duckdb.DuckDBPyConnection, metric: Metric) -> None:
    """Σ above / Σ below, added up from days apart from the definitions, at every grain and on both bases."""
    names = {column.name for column in BY_NAME["store_metrics"].columns}
    if "store_metrics" not in metric.tables or not {metric.numerator, metric.denominator} <= names:
        pytest.skip("not of stores alone: its examples hold it")
    if metric.denominator == "calendar_days":
        pytest.skip("days without any row count too: plain loops over the files hold it")
    distinct = metric.denominator == "buyers"
    below = f"max(periods.{metric.denominator})" if distinct else f"sum(days.{metric.denominator})"
    summed = {metric.numerator, metric.denominator} - {"margin", "costed_net_sales"}  # a day with no cost adds nothing to these
    known = "".join(f"count(days.{name}) = count(*) and " for name in sorted(summed))
    apart = world.execute(
        f"""
        select periods.basis, periods.store, periods.grain, periods.period_start, periods.{metric.id},
            sum(days.{metric.numerator})::double / {below}
        from store_metrics as periods
        inner join (select * from store_metrics where grain = 'day') as days
            on days.store = periods.store and days.basis = periods.basis and days.currency = periods.currency
            and case periods.grain when 'day' then days.period_start else date_trunc(periods.grain, days.period_start) end
                = periods.period_start
        group by all
        having {known}{below} <> 0
        """
    ).fetchall()
    assert {row[2] for row in apart} == set(worlds.GRAINS) or metric.numerator.startswith("matched")
    for *_, grain, start, value, recomputed in apart:
        assert value is not None, (grain, start)
        assert abs(float(value) - recomputed) <= 0.00005 + 1e-12 * abs(recomputed), (grain, start)


def test_unlike_meanings_of_a_name_are_never_compared() -> None:
    """Buyers per visitor against units per session, per buyer against per order, the two MERs: refused, with the reason."""
    assert comparable("aov", "aov") == ""
    assert "per buyer" in comparable("sales_per_buyer", "aov")
    assert "per session" not in comparable("conversion.orders_per_visitor", "conversion.orders_per_visitor")
    told = comparable("conversion.orders_per_visitor", "conversion.orders_per_session")
    assert "orders per person" in told
    assert "orders per visit to" in told
    assert "may exceed one" in comparable("platform_conversion.buyers_per_visitor", "unit_session_rate")
    assert "less is better" in comparable("mer_x", "ad_cost_ratio")
    assert "say which" in comparable("conversion", "conversion.orders_per_session")
    assert "different things" in comparable("units", "gross_sales")
    assert comparable("nonsense", "aov") == "nonsense is no metric"


def test_every_pair_of_metrics_is_comparable_with_itself_alone() -> None:
    """The refusal is symmetric, and two variants of one name are never let through."""
    for one in METRICS:
        for other in METRICS:
            assert (comparable(one.key, other.key) == "") == (one.key == other.key)
    variants = {metric.key for metric in METRICS if metric.variant}
    assert variants <= {key for meanings in CONFUSED.values() for key in meanings}


def test_the_published_catalog_is_the_catalog() -> None:
    frame = metric_catalog()
    assert frame.height == len(METRICS)
    assert frame.columns == [column.name for column in BY_NAME["metric_catalog"].columns]
    assert frame.select("metric", "variant").is_duplicated().sum() == 0


def test_the_page_of_metrics_is_fresh() -> None:
    held = (ROOT / "docs" / "metrics.md").read_text()
    assert held == page(), "run: .venv/bin/python -m assets.catalog > docs/metrics.md"


def test_there_are_over_a_hundred_metrics_of_five_layers() -> None:
    """Of every layer of the business there are some, and of none so few that it is a name alone."""
    assert len(METRICS) >= 100
    assert {layer: sum(metric.layer is layer for metric in METRICS) > 0 for layer in Layer} == dict.fromkeys(Layer, True)


def test_no_metric_is_without_a_consumer() -> None:
    """Each is held to its example by one of the two ways of counting the example week is told in: none is skipped by both."""
    told = {"sycm", "shopify"}
    assert [metric.key for metric in METRICS if metric.dialects and not told & set(metric.dialects)] == []
    assert [metric.key for metric in METRICS if not metric.worked or not metric.tables] == []
