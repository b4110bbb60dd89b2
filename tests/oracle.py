"""Naive re-computation of the metrics from real export files, to check the pipeline to the cent.

Plain loops, exact decimals and the standard library only; nothing here may import the code under test.
Anything the functions cannot read with certainty (a short row, a repeated column or key, an amount
or a time that does not parse) raises ``ValueError``, a missing column ``KeyError``: an oracle never guesses.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

Basis = Literal["paid", "placed"]

OLIST_ORDERS = "olist_orders_dataset.csv"
OLIST_ITEMS = "olist_order_items_dataset.csv"
_OLIST_TIME: dict[str, str] = {"paid": "order_approved_at", "placed": "order_purchase_timestamp"}
_TMALL_TIME: dict[str, str] = {"paid": "订单付款时间", "placed": "订单创建时间"}


@dataclass
class StoreMonth:
    """What one store sold in one month, or a sum of such months.

    Attributes:
        paid_orders: Counted orders.
        order_lines: Item rows of the counted orders.
        units: Units of the counted orders (one per item row).
        gross_sales: Sum of the item prices.
        shipping: Sum of the freight values.
    """

    paid_orders: int = 0
    order_lines: int = 0
    units: int = 0
    gross_sales: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)


@dataclass
class TmallDay:
    """What the Tmall shop sold in one day.

    Attributes:
        paid_orders: Counted orders.
        paid_amount: What buyers paid before refunds (net payment plus refund).
        refund_cash: What was refunded to them.
        payable: The orders' total amounts.
    """

    paid_orders: int = 0
    paid_amount: Decimal = Decimal(0)
    refund_cash: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)


def olist_store_months(folder: Path, basis: Basis = "paid") -> dict[tuple[str, str], StoreMonth]:
    """Compute every Olist store's months.

    An order is counted if its approval time is not blank, once for each of its sellers. Orders without
    item rows have no seller, so they are in no store.

    Args:
        folder: The folder of the Olist files.
        basis: Which time places an order in a month, as written: "paid" for the approval, "placed" for the
            purchase. The counted orders are the same.

    Returns:
        The figures by seller id and month ("YYYY-MM"); only months with a counted order.
    """
    months = _olist_counted_orders(folder, basis)
    result: dict[tuple[str, str], StoreMonth] = defaultdict(StoreMonth)
    seen_orders: set[tuple[str, str]] = set()
    for item in _olist_items(folder):
        order, seller = item["order_id"], item["seller_id"]
        if order not in months:
            continue
        figures = result[seller, months[order]]
        if (order, seller) not in seen_orders:
            seen_orders.add((order, seller))
            figures.paid_orders += 1
        figures.order_lines += 1
        figures.units += 1
        figures.gross_sales += _amount(item["price"])
        figures.shipping += _amount(item["freight_value"])
    return dict(result)


def olist_totals(folder: Path, distinct_orders: bool = False) -> StoreMonth:
    """Compute the Olist figures over all stores and months.

    Args:
        folder: The folder of the Olist files.
        distinct_orders: Whether an order of several sellers counts once instead of once for each seller.
            The default agrees with the sum of the stores' months. Either way, an order needs an item row.

    Returns:
        The totals; ``distinct_orders`` changes only ``paid_orders``.
    """
    months = _olist_counted_orders(folder, "paid")
    orders: set[tuple[str, ...]] = set()
    total = StoreMonth()
    for item in _olist_items(folder):
        order = item["order_id"]
        if order not in months:
            continue
        orders.add((order,) if distinct_orders else (order, item["seller_id"]))
        total.order_lines += 1
        total.units += 1
        total.gross_sales += _amount(item["price"])
        total.shipping += _amount(item["freight_value"])
    total.paid_orders = len(orders)
    return total


def largest_sellers(folder: Path, n: int) -> list[str]:
    """List the Olist sellers with the highest gross sales over all months.

    Args:
        folder: The folder of the Olist files.
        n: How many sellers at most.

    Returns:
        Their seller ids, the largest first; equal sellers in the order of their ids.

    Raises:
        ValueError: If ``n`` is negative.
    """
    if n < 0:
        raise ValueError(f"n is negative: {n}")
    gross: dict[str, Decimal] = defaultdict(Decimal)
    for (seller, _), figures in olist_store_months(folder).items():
        gross[seller] += figures.gross_sales
    return sorted(gross, key=lambda seller: (-gross[seller], seller))[:n]


def tmall_days(file: Path, encoding: str = "utf-8", basis: Basis = "paid") -> dict[str, TmallDay]:
    """Compute the days of a Tmall order report.

    An order is counted if its payment time is not blank.

    Args:
        file: The report.
        encoding: Its encoding.
        basis: Which time places an order in a day, as written: "paid" for the payment, "placed" for the
            creation. The counted orders are the same.

    Returns:
        The figures by day ("YYYY-MM-DD"); only days with a counted order.
    """
    time_column = _TMALL_TIME[basis]
    result: dict[str, TmallDay] = defaultdict(TmallDay)
    for row in _unique(_rows(file, encoding), ("订单编号",)):
        if not row["订单付款时间"].strip():
            continue
        refund = _amount(row["退款金额"])
        figures = result[_time(row[time_column]).strftime("%Y-%m-%d")]
        figures.paid_orders += 1
        figures.paid_amount += _amount(row["买家实际支付金额"]) + refund
        figures.refund_cash += refund
        figures.payable += _amount(row["总金额"])
    return dict(result)


def _olist_counted_orders(folder: Path, basis: Basis) -> dict[str, str]:
    """Map each counted order's id to its month."""
    time_column = _OLIST_TIME[basis]
    months: dict[str, str] = {}
    for row in _unique(_rows(folder / OLIST_ORDERS, "utf-8"), ("order_id",)):
        if row["order_approved_at"].strip():
            months[row["order_id"]] = _time(row[time_column]).strftime("%Y-%m")
    return months


def _olist_items(folder: Path) -> Iterator[dict[str, str]]:
    """Read the item rows, each of them one unit."""
    return _unique(_rows(folder / OLIST_ITEMS, "utf-8"), ("order_id", "order_item_id"))


def _rows(file: Path, encoding: str) -> Iterator[dict[str, str]]:
    """Read a CSV file's rows, without the blanks around header cells and a byte order mark."""
    with file.open(encoding=encoding, newline="") as stream:
        if stream.read(1) != "\ufeff":
            stream.seek(0)
        reader = csv.reader(stream, strict=True)
        header = [cell.strip() for cell in next(reader)]
        if len(set(header)) != len(header):
            raise ValueError(f"{file}: a column name is repeated: {header}")
        for cells in reader:
            if len(cells) != len(header):
                raise ValueError(f"{file}, line {reader.line_num}: {len(cells)} cells, not {len(header)}")
            yield dict(zip(header, cells, strict=True))


def _unique(rows: Iterable[dict[str, str]], key: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Pass rows on, and refuse a repeated key."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        value = tuple(row[column] for column in key)
        if value in seen:
            raise ValueError(f"{key} is repeated: {value}")
        seen.add(value)
        yield row


def _amount(text: str) -> Decimal:
    """Read an exact amount."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"not an amount: {text!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not an amount: {text!r}")
    return amount


def _time(text: str) -> datetime:
    """Read a local time as written, without a zone."""
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S")
