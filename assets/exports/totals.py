"""A file's own totals, compared with its rows. Which row is a total is told by `shape`; nothing of a total ever enters a sum."""

from collections.abc import Iterable, Sequence

import polars as pl

from assets.exports import clean
from assets.exports.canonical import of_file
from assets.exports.cells import AMOUNTS
from assets.exports.entries import Cell
from assets.exports.spec import Format

CONSERVED = {
    "orders": ("order_paid", "order_shipping", "order_tax", "refund_reported"),
    "order_lines": ("line_gross",),
    "refunds": ("refund_cash",),
}
# People are not added up: who saw two products is one visitor, and who bought two made perhaps one order.
_SEEN = {"traffic": ("page_views", "cart_units", "platform_units", "platform_paid", "platform_refunds"), "listings": ("stock",)}
_SUM = pl.Decimal(38, 2)


def with_false_totals_refused(
    skipped: pl.DataFrame, records: pl.DataFrame, data: pl.DataFrame, described: Format, problems: clean.Problems
) -> pl.DataFrame:
    """Refuse a file's total where an amount or a count of it is not the sum of the rows; what else was left out stays so.

    Compared is what adds up, and all of whose cells can be read: a blank amount of an order is none, a blank cell of a report
    is not known. Of several totals in a file each is that of some rows, and so is one beside rows of several days; reports by
    source have totals at each level of their sources. These are not compared.

    Args:
        skipped: the rows of `records` that are left out, totals among them: row, reason, column.
        records: all of the file's records, or of several files' of one layout.
        data: those of them that are data.
        described: their format.
        problems: where the totals that are refused are noted.

    Returns:
        `skipped` without the totals that are refused.
    """
    is_total = pl.col("reason") == "total_row"
    if described.channel or not skipped.select(is_total.any()).item():
        return skipped
    by_file = skipped.with_columns(file=of_file(skipped["row"]))
    comparable = is_total & (is_total.sum().over("file") == 1) & ~(pl.col("reason") == "not_a_day").any().over("file")
    totals = by_file.filter(comparable)["row"]
    stated = records.filter(pl.col("row").is_in(totals.implode()))
    for name, column, blank_is_none in _added_up(described, data.columns):
        of_rows = _summed(name, data, column, described)
        both = _summed(name, stated, column, described).join(of_rows, on="file", suffix="_of_rows")
        known = (pl.col("blank") == 0) & ~pl.col("wrong") & ~pl.col("wrong_of_rows")
        known &= pl.lit(blank_is_none) | (pl.col("blank_of_rows") == 0)
        apart = (pl.col("sum") - pl.col("sum_of_rows")).abs() > pl.col("rounding") + pl.col("rounding_of_rows")
        differ = both.filter(known & apart)["file"]
        problems.add(totals, of_file(totals).is_in(differ.implode()), "total_differs", column)
    false = problems.first().filter(pl.col("reason") == "total_differs")["row"]
    return skipped.filter(~pl.col("row").is_in(false.implode()))


def _added_up(described: Format, present: Sequence[str]) -> Iterable[tuple[str, str, bool]]:
    """The columns that add up over a file's rows: canonical name, the file's own, and whether a blank is none."""
    for kind, names in (CONSERVED | _SEEN).items():
        for name, entry in getattr(described, kind).items():
            if name not in names or not isinstance(entry, Cell) or entry.over_lines == "repeated":
                continue
            column = next((source for source in entry.source if source in present), None)
            if column is not None:
                yield name, column, kind in CONSERVED or entry.blank_is_zero is True


def _summed(name: str, frame: pl.DataFrame, column: str, described: Format) -> pl.DataFrame:
    """A column's sum over the rows of each file, how far what is told in 万 is rounded, and how many cells are blank or wrong."""
    cells = frame[column]
    if name in AMOUNTS:
        values, wrong = clean.money(cells, described.zero_words)
    else:
        values, wrong = clean.tally(cells, may_be_negative=True)
    decimals = cells.str.extract(r"(?:\.([0-9]*))?\s*万\s*$", 1).fill_null("").str.len_bytes()
    rounding = pl.when(cells.str.contains(r"万\s*$")).then(5_000 / pl.lit(10.0).pow(decimals)).otherwise(0.0)
    read = pl.DataFrame({"file": of_file(frame["row"]), "value": values, "wrong": wrong, "blank": values.is_null()})
    return (
        read.with_columns(rounding=rounding)
        .group_by("file")
        .agg(pl.col("value").sum().cast(_SUM).alias("sum"), pl.col("wrong").any(), pl.col("blank", "rounding").sum())
    )
