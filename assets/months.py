"""Months of a table: which it may have rows in, how they are told in SQL, and how many are computed at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

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
    """The condition that a row is of one of some months, as runs of months: a range is found by its ends, a list row by row."""
    clauses = [f"month between date '{first}' and date '{last}'" for first, last in _runs(months)]
    return f"({' or '.join(clauses + (['month is null'] if None in months else [])) or 'false'})"


def on_their_days(table: Table, months: Sequence[Month]) -> str:
    """The same, told by the day of a table filed by it: the engine holds inputs to their days, not to a month it computes."""
    days = [f"day >= date '{first}' and day < date '{_next(last)}'" for first, last in _runs(months) if table.days == ("day",)]
    return f"({' or '.join(days)})" if days else in_months(months)


def _runs(months: Sequence[Month]) -> list[tuple[date, date]]:
    """First and last of each run of months that follow one another."""
    runs: list[tuple[date, date]] = []
    for month in sorted(month for month in months if month):
        if runs and _next(runs[-1][1]) == month:
            runs[-1] = runs[-1][0], month
        else:
            runs.append((month, month))
    return runs


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def batches(table: Table, months: Sequence[Month], known: Iterable[Mapping[Month, str]]) -> list[list[Month]]:
    """Months to compute at once: so many that they read `ROWS_AT_ONCE` at most, and memory stays within bounds.

    Sums of days hold far less than facts, and may read six times as much. A table that is whole is computed in one piece.

    Args:
        table: the table.
        months: those to compute.
        known: of each input read by month, `rows:digest` by month.
    """
    if table.whole:
        return [list(months)] if months else []
    inputs, found, rows = list(known), list[list[Month]](), 0
    most = ROWS_AT_ONCE if table.stage is Stage.FACTS else 6 * ROWS_AT_ONCE
    for month in months:
        own = sum(int(by_month[month].partition(":")[0]) for by_month in inputs if month in by_month)
        if not found or rows + own > most:
            found.append([])
            rows = 0
        found[-1].append(month)
        rows += own
    return found
