"""Orders and the lines they are made of, as sets: which rows are one order's, a line's place, what orders a set among others.

Rows of one order are told by its number in the file, which is joined and added up in a fraction of the time of its id.
"""

from collections.abc import Sequence

import polars as pl
import polars_hash as plh

from assets.exports import clean

ORDER = ("store", "order_id")


def numbered(kinds: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Kinds of one file whose orders and lines tell in `order` which order they are of; an order stands on a row of its lines."""
    if "order_lines" not in kinds:
        return kinds
    lines = kinds["order_lines"].with_columns(order=orders_of(kinds["order_lines"]))
    if "orders" not in kinds:
        return {**kinds, "order_lines": lines}
    orders = kinds["orders"].join(lines.select("row", "order"), on="row", how="left", maintain_order="left")
    return {**kinds, "orders": orders, "order_lines": lines}


def orders_of(rows: pl.DataFrame) -> pl.Series:
    """A number for each row's order, counted from the first on: along the rows where those of each order stand together."""
    begins = pl.any_horizontal(pl.col(ORDER).ne_missing(pl.col(ORDER).shift()))
    begin = rows.select(begins.alias("order")).to_series()
    if begin.sum() <= rows["order_id"].n_unique():
        return begin.cum_sum()
    known = rows.select(ORDER).unique(maintain_order=True).with_row_index("order")
    return rows.select(ORDER).join(known, on=ORDER, how="left", nulls_equal=True, maintain_order="left")["order"]


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
        sets = lines.group_by(order).agg(**made_of)
        orders = kinds["orders"].join(sets, on=order, how="left", maintain_order="left")
        both = plh.concat_str(
            pl.col("content").cast(pl.String), pl.col("set_content").cast(pl.String).fill_null(""), separator="|"
        )
        orders = orders.with_columns(content=both.nchash.xxh3_64()).drop("set_content")
        sets = orders.select(
            *order, set_refunded="refund_reported", set_rank="rank", set_latest_at="latest_at", set_content="content"
        ).unique(order, keep="first", maintain_order=True)
        kinds = {**kinds, "orders": orders}
    else:
        sets = lines.group_by(order).agg(
            set_refunded=pl.col("refund_reported").sum().cast(clean.CENTS),
            set_rank=pl.col("rank").max(),
            set_latest_at=pl.col("latest_at").max(),
            **made_of,
        )
    columns = kinds["order_lines"].columns
    return {**kinds, "order_lines": lines.join(sets, on=order, how="left", maintain_order="left").select(columns)}
