"""Orders and the lines they are made of, as sets: which rows are one order's, a line's place, what orders a set among others.

Rows of one order are told by its number in the file, which is joined and added up in a fraction of the time of its id.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from assets.exports import clean
from assets.exports.hashing import hashed

ORDER = ("store", "order_id")


def numbered(kinds: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Kinds of one file whose orders and lines tell in `order` which order they are of; an order stands on a row of its lines."""
    if "order_lines" not in kinds:
        return kinds
    lines = kinds["order_lines"].with_columns(order=orders_of(kinds["order_lines"]))
    if "orders" not in kinds:
        return {**kinds, "order_lines": lines}
    orders = kinds["orders"]
    if orders["row"].equals(lines["row"]):
        orders = orders.with_columns(lines["order"])
    else:
        orders = orders.join(lines.select("row", "order"), on="row", how="left", maintain_order="left")
    return {**kinds, "orders": orders, "order_lines": lines}


def orders_of(rows: pl.DataFrame) -> pl.Series:
    """A number for each row's order, counted from the first on: along the rows where those of each order stand together."""
    begins = pl.any_horizontal(pl.col(ORDER).ne_missing(pl.col(ORDER).shift()))
    begin = rows.select(begins.alias("order")).to_series()
    if rows["order_id"].filter(begin).n_unique() == begin.sum():
        return begin.cum_sum().set_sorted()
    known = rows.select(ORDER).unique(maintain_order=True).with_row_index("order")
    return rows.select(ORDER).join(known, on=ORDER, how="left", nulls_equal=True, maintain_order="left")["order"]


def first_of_each(rows: pl.DataFrame, order: Sequence[str] = ("order",)) -> pl.DataFrame:
    """The first row of each order."""
    return rows if _are_counted(rows, order) else rows.unique(order, keep="first", maintain_order=True)


def with_order(rows: pl.DataFrame, orders: pl.DataFrame, order: Sequence[str] = ("order",)) -> pl.DataFrame:
    """Rows beside what is known of the order each is of, or nulls; `orders` hold each once.

    Where they are numbered on without a gap, as in most files, each row's is found by counting.
    """
    if _are_counted(orders, order):
        at = rows["order"] - orders["order"].first()
        if (rows["order"] >= orders["order"].first()).all() and (at < orders.height).all() and not at.null_count():
            return rows.hstack(orders.drop("order")[at])
    return rows.join(orders, on=order, how="left", maintain_order="left")


def _are_counted(orders: pl.DataFrame, order: Sequence[str]) -> bool:
    if tuple(order) != ("order",) or orders.is_empty() or orders["order"].null_count():
        return False
    return bool((np.diff(orders["order"].to_numpy()) == 1).all())


def positions(lines: pl.DataFrame, *, stated: bool) -> pl.Series:
    """A line's place among its `order`'s: by its number where lines have one, as they stand in the file where not.

    Where each order's lines stand together, and in order, that is counted along the file; else order by order.
    """
    at = pl.int_range(pl.len())
    begins = pl.col("order").ne_missing(pl.col("order").shift()) | (at == 0)
    rises = (pl.col("line_id") > pl.col("line_id").shift()).fill_null(value=False) if stated else pl.lit(value=True)
    seen = lines.select("order", begins=begins, runs=begins | rises)
    if seen["runs"].all() and seen["order"].is_sorted():
        first = pl.when("begins").then(at).forward_fill()
        return seen.select((at - first + 1).cast(pl.UInt32 if stated else pl.Int64)).to_series()
    place = pl.col("line_id").rank("dense") if stated else pl.int_range(1, pl.len() + 1)
    return lines.select(place.over("order")).to_series()


def as_sets(kinds: dict[str, pl.DataFrame], order: Sequence[str] = ORDER) -> dict[str, pl.DataFrame]:
    """Give an order's lines what orders their set among other exports' sets.

    Where the export states the order too, that is the order's own: the version of an order that wins and the lines that win
    are then of one export, and the order's content is its lines' as well.

    Args:
        kinds: landed rows by kind.
        order: the columns that tell one order of them from another.
    """
    if "order_lines" not in kinds:
        return kinds
    lines = kinds["order_lines"].drop("set_refunded", "set_rank", "set_latest_at", "set_content")
    # 44 bits of each hash, whose sum cannot overflow
    made_of = {"set_content": (pl.col("content") // (1 << 20)).sum().cast(pl.UInt64)}
    if "orders" in kinds:
        sets = lines.group_by(order, maintain_order=True).agg(**made_of)
        orders = with_order(kinds["orders"], sets, order)
        both = hashed(orders.schema, ("content", "set_content"))
        orders = orders.with_columns(content=both).drop("set_content")
        sets = first_of_each(orders, order).select(
            *order, set_refunded="refund_reported", set_rank="rank", set_latest_at="latest_at", set_content="content"
        )
        kinds = {**kinds, "orders": orders}
    else:
        sets = lines.group_by(order, maintain_order=True).agg(
            set_refunded=pl.col("refund_reported").sum().cast(clean.CENTS),
            set_rank=pl.col("rank").max(),
            set_latest_at=pl.col("latest_at").max(),
            **made_of,
        )
    columns = kinds["order_lines"].columns
    return {**kinds, "order_lines": with_order(lines, sets, order).select(columns)}
