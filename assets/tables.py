"""Every table: its grain, its key and its columns.

Add a table here before anything fills it. Dagster's column schemas, the landed Parquet schemas, the checks and the data
dictionary are derived from what stands here. How a table is computed does not belong here: that is its `.sql` file.
"""

from dataclasses import dataclass
from enum import StrEnum

from assets.columns import COLUMNS, MONEY_SUM, Column


class Stage(StrEnum):
    """The stages of the flow, in order; also the groups of the asset graph."""

    LANDED = "landed"
    FACTS = "facts"
    MEASURES = "measures"
    METRICS = "metrics"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Table:
    """A table of the warehouse.

    `days` names the columns whose months other tables select this one by; a change of a row makes those months of its
    readers stale. `whole` says that the table is computed in one piece and not month by month. `private` tables hold
    buyer pseudonyms and are never published. A `view` is defined in the database and stores nothing.
    """

    name: str
    stage: Stage
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    days: tuple[str, ...] = ()
    whole: bool = False
    private: bool = False
    view: bool = False

    @property
    def business_columns(self) -> tuple[str, ...]:
        """The columns that make up the table's content: all but those that say where a row came from."""
        return tuple(column.name for column in self.columns if column.name not in PROVENANCE)


PROVENANCE = frozenset({"landing", "row"})
_SUMS = """paid_orders order_lines units gross_sales discounts discounted_sales platform_subsidy shipping tax paid_amount
    refunds_goods_order_day refunds_cash_order_day refunds_goods_refund_day refunds_cash_refund_day"""
_NETS = "net_sales_order_day net_sales_refund_day net_paid_order_day net_paid_refund_day"
_BUYERS = "orders_with_lines orders_with_buyer buyers"
_RATIOS = "aov sales_per_buyer average_price units_per_order discount_rate refund_rate"
MONEY_MEASURES = tuple(name for name in f"{_SUMS} {_NETS}".split() if COLUMNS[name].unit == "money")


def _columns(names: str) -> tuple[Column, ...]:
    return tuple(COLUMNS[name] for name in names.split())


def _in_base(names: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_base", MONEY_SUM, f"{COLUMNS[name].meaning}, in the reporting currency", "reporting currency")
        for name in names
    )


_VERSION = "exported_at latest_at rank content landing row"
_PRODUCT_SUMS = "paid_orders order_lines units gross_sales discounts discounted_sales " + " ".join(
    name for name in _SUMS.split() if name.startswith("refunds_")
)
_PRODUCT_NETS = "net_sales_order_day net_sales_refund_day"

LANDED = (
    Table(
        "landed_orders",
        Stage.LANDED,
        "one row per landing and order as that export states it",
        ("landing", "store", "order_id"),
        _columns(
            """store month order_id placed_at placed_day paid_at paid_day status currency goods_amount order_shipping
            order_tax order_subsidy order_paid refund_reported item_count region is_test only_gift_cards buyer authority """
            + _VERSION
        ),
    ),
    Table(
        "landed_order_lines",
        Stage.LANDED,
        "one row per landing and order line as that export states it",
        ("landing", "row", "store"),
        _columns(
            """store month order_id line_id position product_id merchant_sku title currency quantity unit_price
            line_gross own_discount refund_reported is_goods set_complete set_refunded set_rank set_latest_at set_content """
            + _VERSION
        ),
    ),
    Table(
        "landed_refunds",
        Stage.LANDED,
        "one row per landing and refund as that export states it",
        ("landing", "row", "store"),
        _columns(
            """store month refund_id order_id line_id currency applied_at refunded_at refund_day succeeded is_full
            is_shipping_only refund_cash """
            + _VERSION
        ),
    ),
    Table(
        "landed_quarantine",
        Stage.LANDED,
        "one row per refused row of a file",
        ("landing", "row"),
        _columns("store landing row reason column"),
    ),
)

TABLES = (
    Table(
        "store_sources",
        Stage.FACTS,
        "one row per store: what its exports can tell at all",
        ("store",),
        _columns("store dates_refunds states_lines states_goods states_shipping states_tax states_subsidy states_paid"),
        whole=True,
    ),
    Table(
        "orders",
        Stage.FACTS,
        "one row per store and order: the newest, furthest version any export states",
        ("store", "order_id"),
        _columns(
            """month store order_id placed_at placed_day paid_at paid_day status currency goods_amount order_shipping
            order_tax order_subsidy order_paid refund_reported item_count region counted refunds_known landing row"""
        ),
        days=("placed_day", "paid_day"),
    ),
    Table(
        "order_lines",
        Stage.FACTS,
        "one row per store, order and line: the lines of the order's winning export, whole",
        ("store", "order_id", "line_id"),
        _columns(
            """month store order_id line_id position product_id merchant_sku title currency quantity unit_price line_gross
            line_discount refund_reported is_goods lines_known opens_order opens_product placed_day paid_day counted
            refunds_known landing row"""
        ),
        days=("placed_day", "paid_day"),
    ),
    Table(
        "refunds",
        Stage.FACTS,
        "one row per store and refund; a synthetic one where an export states only the order's total",
        ("store", "refund_id"),
        _columns(
            """month store refund_id order_id line_id currency applied_at refunded_at refund_day succeeded is_shipping_only
            refund_cash refund_goods is_estimate placed_day paid_day counted landing row"""
        ),
        days=("placed_day", "paid_day", "refund_day"),
        whole=True,
    ),
    Table(
        "refund_lines",
        Stage.FACTS,
        "one row per counted refund and order line it is spread over",
        ("store", "refund_id", "line_id"),
        _columns(
            """store refund_id order_id line_id product_id merchant_sku currency refund_cash refund_goods placed_day
            paid_day refund_day"""
        ),
        days=("placed_day", "paid_day", "refund_day"),
        whole=True,
    ),
    Table(
        "order_buyers",
        Stage.FACTS,
        "one row per store and order whose buyer an export names",
        ("store", "order_id"),
        _columns("month store order_id currency buyer placed_day paid_day counted"),
        days=("placed_day", "paid_day"),
        private=True,
    ),
    Table(
        "store_days",
        Stage.MEASURES,
        "one row per basis, store, currency and day; sums only",
        ("basis", "store", "currency", "day"),
        _columns(f"month basis store currency day {_SUMS} orders_with_lines"),
        days=("day",),
    ),
    Table(
        "product_days",
        Stage.MEASURES,
        "one row per basis, store, currency, product and day; sums only",
        ("basis", "store", "currency", "product_id", "day"),
        _columns(f"month basis store currency product_id day {_PRODUCT_SUMS}"),
        days=("day",),
    ),
    Table(
        "buyer_days",
        Stage.MEASURES,
        "one row per basis, store, currency, day and buyer",
        ("basis", "store", "currency", "day", "buyer"),
        _columns("month basis store currency day buyer paid_orders"),
        days=("day",),
        private=True,
    ),
    Table(
        "product_buyers",
        Stage.MEASURES,
        "one row per basis, store, currency, product, month and buyer",
        ("basis", "store", "currency", "product_id", "month", "buyer"),
        _columns("month basis store currency product_id buyer"),
        days=("month",),
        private=True,
    ),
    Table(
        "store_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store and currency",
        ("basis", "grain", "period_start", "store", "currency"),
        _columns(f"basis grain period_start store currency {_SUMS} {_NETS} {_BUYERS} {_RATIOS}") + _in_base(MONEY_MEASURES),
        whole=True,
    ),
    Table(
        "product_periods",
        Stage.METRICS,
        "one row per basis, grain from week to year, period, store, currency and product",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        _columns(f"basis grain period_start store currency product_id {_PRODUCT_SUMS} {_PRODUCT_NETS} buyers"),
        whole=True,
    ),
    Table(
        "product_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, store, currency and product; days are read through from product_days",
        ("basis", "grain", "period_start", "store", "currency", "product_id"),
        _columns(
            f"""basis grain period_start store product_id merchant_sku item category currency {_PRODUCT_SUMS}
            {_PRODUCT_NETS} buyers average_price discount_rate"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "group_metrics",
        Stage.METRICS,
        "one row per basis, grain, period, group of stores and column; sums over the stores that know it",
        ("basis", "grain", "period_start", "store_group"),
        _columns("basis grain period_start store_group stores stores_known paid_orders order_lines units buyers")
        + _in_base(MONEY_MEASURES)
        + _columns("units_per_order discount_rate refund_rate"),
        whole=True,
    ),
    Table(
        "stores",
        Stage.METRICS,
        "one row per store",
        ("store",),
        _columns(
            "store platform name timezone currency store_group listed first_day last_day days_with_orders days_covered_share"
        ),
        whole=True,
    ),
    Table(
        "products",
        Stage.METRICS,
        "one row per store and product",
        ("store", "product_id"),
        _columns("store product_id merchant_sku item title category first_seen last_seen"),
        whole=True,
    ),
    Table(
        "observability",
        Stage.METRICS,
        "one row per platform, export format and metric: how well it can be known",
        ("platform", "source", "metric"),
        _columns("platform source metric grade how"),
        whole=True,
    ),
    Table(
        "files",
        Stage.METRICS,
        "one row per landing: what became of a file",
        ("landing",),
        _columns(
            """landing store file hash format encoding exported_at state reason rows_in kept superseded quarantined skipped
            what_to_do"""
        ),
        whole=True,
    ),
    Table(
        "quarantine",
        Stage.METRICS,
        "one row per refused row; never the row itself",
        ("landing", "row"),
        _columns("store file landing row reason column what_to_do"),
        whole=True,
    ),
    Table(
        "checks",
        Stage.PUBLISHED,
        "one row per check of the refresh",
        ("check", "about"),
        _columns("check about passed severity seen worst"),
        whole=True,
    ),
    Table(
        "generation",
        Stage.PUBLISHED,
        "one row: this published state",
        ("generation",),
        _columns("generation built_at inputs_digest contract_version code_version engine"),
        whole=True,
    ),
)

BY_NAME = {table.name: table for table in (*LANDED, *TABLES)}
