"""Records that are no rows of data: blank ones, repeated headers, totals, and what a format says is left out.

What the rows that stay mean is `shape`'s and `observe`'s.
"""

import re

import polars as pl

from assets.exports import clean
from assets.exports.spec import Format
from assets.exports.texts import BLANKS

_AFTER_DIGITS = ":"  # words, and what parts them from a label, come further on: a column of numbers is soon looked through
_BESIDE_LABELS = " \t:：\u00a0"


def without_furniture(records: pl.DataFrame, described: Format, skipped: clean.Problems) -> pl.DataFrame:
    """The records that are data: without blank rows, repeated headers and totals, which are noted.

    The label of a total and the name of a column are looked for where platforms put them: in the first two columns used. The
    levels of a traffic source say such words of their own, and are not read so.
    """
    used = described.columns
    names = [name for name in records.columns if name != "row" and name in used]
    if not names:
        return records
    levels = described.channel.levels if described.channel else ()
    begins = rf"^(?:[{_BESIDE_LABELS}]|(?i:{'|'.join(map(re.escape, (names[0], *sorted(clean.TOTALS))))}))"
    first = [names[0], *(set(names[1:2]) - set(levels))]
    if names[0] > _AFTER_DIGITS and all((records[name] < _AFTER_DIGITS).all(ignore_nulls=False) for name in first):
        return records
    near = records.filter(pl.any_horizontal(pl.col(first).str.contains(begins).fill_null(value=True)))
    if near.is_empty():
        return records
    labels = [pl.col(name).str.strip_chars(_BESIDE_LABELS).str.to_lowercase() for name in names[:2]]
    again = pl.all_horizontal(label == name for name, label in zip(names, labels, strict=False))
    totals = [label.is_in(clean.TOTALS) for name, label in zip(names, labels, strict=False) if name not in levels]
    total = pl.any_horizontal(totals) if totals else pl.lit(value=False)
    if not near.select((labels[0].is_null() | again | total).any()).item():
        return records
    empty = pl.all_horizontal(pl.col(names).is_null())
    fate = pl.when(empty).then(pl.lit("blank")).when(again).then(pl.lit("repeated_header")).when(total).then(pl.lit("total_row"))
    fates = records.select(fate).to_series()
    for reason in fates.drop_nulls().unique(maintain_order=True):
        skipped.add(records["row"], fates == reason, reason, "")
    return records.filter(fates.is_null())


def without_skipped(data: pl.DataFrame, described: Format, skipped: clean.Problems) -> pl.DataFrame:
    """The records without those that the format says are left out, which are noted under its reasons."""
    for skip in described.skip:
        left_out = clean.flag(data, skip)
        if left_out.any():
            skipped.add(data["row"], left_out, skip.reason, "")
            data = data.filter(~left_out)
    return data


def furniture(record: str) -> str | None:
    """What a record that is no row of data is: blank or a total; None for anything else."""
    first = record.strip(BLANKS + ',;"')
    if not first:
        return "blank"
    return "total_row" if re.split("[,;\t]", first)[0].strip(BLANKS + '":：').casefold() in clean.TOTALS else None
