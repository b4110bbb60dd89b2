"""All metrics, in the order of the business."""

from assets.catalog.advertising import ADVERTISING
from assets.catalog.costs import COSTS
from assets.catalog.customers import CUSTOMERS
from assets.catalog.metric import Metric
from assets.catalog.products import PRODUCTS
from assets.catalog.refunds import REFUNDS
from assets.catalog.sales import SALES
from assets.catalog.targets import TARGETS
from assets.catalog.traffic import TRAFFIC
from assets.catalog.trust import TRUST

METRICS: tuple[Metric, ...] = (*SALES, *TRAFFIC, *ADVERTISING, *COSTS, *PRODUCTS, *CUSTOMERS, *TARGETS, *REFUNDS, *TRUST)
BY_KEY = {metric.key: metric for metric in METRICS}


def of_column(table: str, column: str) -> tuple[Metric, ...]:
    """The metrics a table publishes as a column; an amount in the reporting currency is the same metric."""
    return tuple(metric for metric in METRICS if metric.id == column.removesuffix("_base") and table in metric.tables)
