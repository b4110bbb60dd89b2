"""One metric of several stores, set side by side only where it is the same thing: apart by way of counting and by currency.

Which metrics are comparable at all is `comparing`. Here does not belong how tables look.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from assets.catalog.comparing import comparable
from assets.catalog.metric import Metric
from assets.catalog.registry import BY_KEY, METRICS
from assets.columns import COLUMNS
from assets.home import UsageError
from assets.tables import BY_NAME
from assets.tables.table import VISIT_RATIOS, VISITS

_MONTH = "(select max(month) from store_growth)"
_COUNTED = frozenset(f"{VISITS} {VISIT_RATIOS}".split())
_COLUMNS = {column.name for column in BY_NAME["store_metrics"].columns}


@dataclass(frozen=True)
class Block:
    """Stores whose values of a metric in a month may be compared, and why those of other blocks may not be."""

    metric: Metric
    month: date
    counted: str
    currency: str
    values: tuple[tuple[str, Decimal | float | int | None], ...]


def refuse(one: str, other: str) -> None:
    """Do nothing where two metrics are the same thing.

    Raises:
        UsageError: they are not; with the reason.
    """
    if reason := comparable(one, other):
        raise UsageError(f"not to be compared: {reason}")


def blocks(metric: str, database: duckdb.DuckDBPyConnection) -> list[Block]:
    """The stores' values of the last whole month, greatest first, in blocks that may be compared within.

    Args:
        metric: a metric's id, or its key with a variant: then the stores counted so alone.
        database: an open generation.

    Raises:
        UsageError: there is no such metric of stores.
    """
    wanted = [one for one in METRICS if metric in (one.id, one.key) and "store_metrics" in one.tables and one.id in _COLUMNS]
    if not wanted:
        elsewhere = next((one for one in (*BY_KEY.values(),) if metric in (one.id, one.key)), None)
        where = (
            f"it is told of {elsewhere.grain.removeprefix('one row per ')}" if elsewhere else "the table metric_catalog has all"
        )
        raise UsageError(f"{metric} is no metric of stores: {where}")
    name = wanted[0].id
    rows = database.execute(
        f"""select period_start, store, currency, dialect, {name} from store_metrics
        where basis = 'paid' and grain = 'month' and period_start = {_MONTH}
        order by {name} desc nulls last, store"""
    ).fetchall()
    found: dict[tuple[str, date, str, str], list[tuple[str, Decimal | float | int | None]]] = defaultdict(list)
    kinds = {one.key: one for one in wanted}
    is_money = "money" in COLUMNS[name].unit
    for month, store, currency, dialect, value in rows:
        kind = next((one for one in wanted if not one.dialects or dialect in one.dialects), None)
        if kind is not None and not (name in _COUNTED and dialect is None):
            counted = dialect if name in _COUNTED else ""
            found[kind.key, month, counted, currency if is_money else ""].append((store, value))
    return [
        Block(kinds[key], month, counted, currency, tuple(values))
        for (key, month, counted, currency), values in sorted(found.items())
    ]
