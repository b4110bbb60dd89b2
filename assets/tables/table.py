"""What a table is, and the sets of columns several tables share. Which tables there are stands in the modules beside."""

from dataclasses import dataclass
from enum import StrEnum

from assets.columns import COLUMNS, MONEY, Column


class Stage(StrEnum):
    """The stages of the flow, in order; also the groups of the asset graph."""

    LANDED = "landed"
    FACTS = "facts"
    MEASURES = "measures"
    METRICS = "metrics"
    EDGES = "edges"
    QUESTIONS = "questions"
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
SUMS = """paid_orders order_lines units gross_sales discounts discounted_sales full_price_sales discounted_orders platform_subsidy
    shipping tax paid_amount refunds_goods_order_day refunds_cash_order_day refunds_goods_refund_day refunds_cash_refund_day
    returned_orders returned_units"""
NETS = "net_sales_order_day net_sales_refund_day net_paid_order_day net_paid_refund_day"
BUYERS = "orders_with_lines orders_with_buyer buyers"
VISITS = """dialect visitors visitor_days sessions page_views favourites carts platform_orders platform_paid days_with_traffic
    days_in_period matched_visits matched_orders matched_sales"""
COSTED = "costed_net_sales cost_of_goods margin"
MARGINS = f"{COSTED} margin_rate cost_coverage"
COVERED = "calendar_days whole_days partial_days orders_covered_share"
RETURNS = "full_price_share discounted_order_share order_return_rate unit_return_rate"
RATIOS = f"aov sales_per_buyer average_price units_per_order discount_rate refund_rate {RETURNS}"
VISIT_RATIOS = "conversion sales_per_visit cart_rate favourite_rate"
MONEY_MEASURES = tuple(name for name in f"{SUMS} {NETS}".split() if COLUMNS[name].unit == "money")


def columns_of(names: str) -> tuple[Column, ...]:
    """The columns of these names, as they are described once."""
    return tuple(COLUMNS[name] for name in names.split())


def in_base(names: tuple[str, ...]) -> tuple[Column, ...]:
    """Amounts converted day by day: a `_base` column for each."""
    return tuple(
        Column(f"{name}_base", MONEY, f"{COLUMNS[name].meaning}, in the reporting currency", "reporting currency")
        for name in names
    )


TRAFFIC = """visitors sessions page_views new_visitors favourites carts cart_units search_visitors platform_buyers
    platform_orders platform_units platform_paid platform_refunds"""
VERSION = "exported_at latest_at rank content landing row"
PRODUCT_SUMS = "paid_orders order_lines units gross_sales discounts discounted_sales full_price_sales returned_units " + " ".join(
    name for name in SUMS.split() if name.startswith("refunds_")
)
PRODUCT_NETS = "net_sales_order_day net_sales_refund_day"
ITEM_VISITS = "item_visits days_with_traffic matched_visits matched_lines matched_sales"
ITEM_RATIOS = "average_price discount_rate conversion sales_per_visit"
ITEM_SHARES = "full_price_share unit_return_rate"
