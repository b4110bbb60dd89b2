"""From UTC to what a zone's clocks show and back, for whole columns: days without a change of the clocks at once for all.

Whether a text is a time, and of what meaning, is told by `clean`.
"""

from collections.abc import Callable
from typing import cast

import polars as pl

_A_DAY = 86_400_000_000  # microseconds


def local_days(at: pl.Series, zone: str) -> pl.Series:
    """The days of instants in UTC on a zone's calendar; null stays null."""

    def exactly(some: pl.Series) -> pl.Series:
        return _shown(some, zone).dt.date()

    def on_days_alike(physical: pl.Series, distance: pl.Series) -> pl.Series:
        return ((physical + distance) // _A_DAY).cast(pl.Int32).cast(pl.Date)

    return _by_day(at, zone, (0, 1), on_days_alike, exactly)


def instants(shown: pl.Series, zone: str) -> pl.Series:
    """The instants in UTC at which a zone's clocks show times: null where they skip one, the first where they repeat it."""

    def exactly(some: pl.Series) -> pl.Series:
        meant = some.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        return meant.dt.convert_time_zone("UTC").dt.replace_time_zone(None)

    def on_days_alike(physical: pl.Series, distance: pl.Series) -> pl.Series:
        return (physical - distance).cast(pl.Datetime("us"))

    return _by_day(shown, zone, (-1, 2), on_days_alike, exactly)


def _shown(at: pl.Series, zone: str) -> pl.Series:
    return at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)


def _by_day(
    times: pl.Series,
    zone: str,
    around: tuple[int, int],
    on_days_alike: Callable[[pl.Series, pl.Series], pl.Series],
    exactly: Callable[[pl.Series], pl.Series],
) -> pl.Series:
    """Convert times by the zone's distance from UTC on their day; exactly, on days around which it changes.

    `around`: from which midnight in UTC to which it must not, as days from a time's own. No zone changes its distance and
    changes it back within a day.
    """
    physical = times.to_physical()
    day = physical // _A_DAY
    if day.null_count() == day.len():
        return exactly(times)
    first, last = cast("int", day.min()), cast("int", day.max())
    before, after = around
    midnights = pl.Series(range(first + before, last + after + 1), dtype=pl.Int64) * _A_DAY
    distances = _shown(midnights.cast(pl.Datetime("us")), zone).to_physical() - midnights
    days = last - first + 1
    alike = pl.Series([True]).new_from_index(0, days)
    for step in range(after - before):
        alike &= distances.slice(step, days) == distances.slice(step + 1, days)
    row = day - first
    read = on_days_alike(physical, distances.slice(-before, days)[row])
    changing = (~alike)[row].arg_true()
    return read.scatter(changing, exactly(times[changing])) if changing.len() else read
