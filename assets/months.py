"""Months of a table: which it may have rows in, how they are told in SQL, and how many are computed at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assets.tables import Stage, Table

Month = date | None
ROWS_AT_ONCE = 4_000_000


def months_of(table: Table, known: Mapping[str, Mapping[Month, str]]) -> list[Month]:
    """The months a table may have rows in. Facts have rows of no month while the order they belong to is unknown."""
    if table.whole:
        return [None]
    months = {month for by_month in known.values() for month in by_month}
    return sorted(months - {None}, key=str) + ([None] if None in months and table.stage is Stage.FACTS else [])


def in_months(months: Sequence[Month]) -> str:
    """The condition that a row is of one of some months."""
    dated = ", ".join(f"date '{month}'" for month in months if month)
    clauses = ([f"month in ({dated})"] if dated else []) + (["month is null"] if None in months else [])
    return f"({' or '.join(clauses) or 'false'})"


def batches(table: Table, months: Sequence[Month], known: Iterable[Mapping[Month, str]]) -> list[list[Month]]:
    """Months of a fact to compute at once: so many that they read `ROWS_AT_ONCE` at most, and memory stays within bounds.

    Other tables are computed in one piece: their inputs do not lie by the months they ask for, and would be read again and again.

    Args:
        table: the table.
        months: those to compute.
        known: of each input read by month, `rows:digest` by month.
    """
    if table.stage is not Stage.FACTS:
        return [list(months)] if months else []
    inputs, found, rows = list(known), list[list[Month]](), 0
    for month in months:
        own = sum(int(by_month[month].partition(":")[0]) for by_month in inputs if month in by_month)
        if not found or rows + own > ROWS_AT_ONCE:
            found.append([])
            rows = 0
        found[-1].append(month)
        rows += own
    return found
