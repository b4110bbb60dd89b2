"""The money of a file's rows, read and refused: what its books must balance against, to the cent.

What became of each row, and digests of what landed, is told by `accounts`.
"""

import polars as pl

from assets.exports.entries import Cell
from assets.exports.spec import Format
from assets.exports.totals import CONSERVED

_SUM = pl.Decimal(38, 2)


def no_money() -> pl.DataFrame:
    """The books of a file that holds no amounts to be balanced."""
    return pl.DataFrame()


def money_of(read: dict[str, pl.DataFrame], refused: pl.DataFrame, described: Format) -> pl.DataFrame:
    """Money read and money refused, by kind, column, store and currency.

    Args:
        read: a kind's rows, of which `refused` may be some.
        refused: the refused rows by their `row`.
        described: the format they are of.
    """
    bad = pl.col("row").is_in(refused["row"].implode())
    counted = []
    for kind, frame in read.items():
        amounts = {
            name: pl.col(name) if name in frame.columns else pl.col("unit_price") * pl.col("quantity")
            for name in CONSERVED.get(kind, ())
            if kind != "orders" or _is_held_to_account(name, described)
        }
        if not amounts:
            continue
        sums = _summed(
            frame,
            *(amount.sum().cast(_SUM).alias(f"read {name}") for name, amount in amounts.items()),
            *(amount.filter(bad).sum().cast(_SUM).alias(f"refused {name}") for name, amount in amounts.items()),
        )
        counted += [
            sums.sort("store", "currency").select(
                "store",
                "currency",
                pl.col(f"read {name}").alias("read"),
                pl.col(f"refused {name}").alias("refused"),
                kind=pl.lit(kind),
                column=pl.lit(name),
            )
            for name in amounts
        ]
    return pl.concat(counted) if counted else no_money()


def _summed(frame: pl.DataFrame, *sums: pl.Expr) -> pl.DataFrame:
    """Sums by store and currency; a file has mostly one of each, which need not be grouped."""
    keys = ("store", "currency")
    if frame.height and all(frame[name].eq_missing(frame[name].first()).all() for name in keys):
        return frame.select(pl.col(keys).first(), *sums)
    return frame.group_by(keys).agg(*sums)


def _is_held_to_account(name: str, described: Format) -> bool:
    """Whether an order's amount stands on a row of its own: it is not derived, repeated or lessened by gift cards."""
    entry = described.orders.get(name)
    per_line = described.rows is not None and described.rows.per == "line"
    lessened = name in ("order_paid", "refund_reported") and "is_gift_card" in described.order_lines
    return isinstance(entry, Cell) and not (entry.over_lines or per_line or lessened)
