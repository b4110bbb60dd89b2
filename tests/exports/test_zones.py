"""From UTC to a zone's clocks and back, held to Python's own `zoneinfo`, above all where clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.zones import instants, local_days

ZONES = st.sampled_from(
    [
        "Asia/Shanghai", "America/New_York", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Pyongyang",
        "UTC",
    ]
)  # fmt: skip
# Apia's clocks left out a day, Lord Howe's change by half an hour, Pyongyang's changed twice for good.
CHANGES = st.sampled_from(
    [datetime(2011, 12, 30), datetime(2018, 5, 5), datetime(2015, 8, 15), datetime(2024, 3, 10), datetime(2024, 3, 31),  # noqa: DTZ001
     datetime(2024, 4, 7), datetime(2024, 10, 6), datetime(2024, 10, 27), datetime(2024, 11, 3), datetime(1999, 12, 31)]  # noqa: DTZ001
)  # fmt: skip
TIMES = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), CHANGES, st.integers(-3_000, 3_000))
COLUMNS = st.lists(TIMES | st.none(), max_size=8)


def column(times: list[datetime | None]) -> pl.Series:
    """Times as they are held."""
    return pl.Series("at", times, dtype=pl.Datetime("us"))


def instant(shown: datetime, zone: str) -> datetime | None:
    """When a zone's clocks show a time first; None where they skip it."""
    there = shown.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    shows = there.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return there.replace(tzinfo=None) if shows == shown else None


@given(times=COLUMNS, zone=ZONES)
def test_an_instant_falls_on_the_day_of_its_zones_calendar(times: list[datetime | None], zone: str) -> None:
    """Each by itself, whatever stands beside it in the column."""
    expected: list[date | None] = [at and at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() for at in times]
    assert local_days(column(times), zone).to_list() == expected


@given(times=COLUMNS, zone=ZONES)
def test_what_clocks_show_is_their_first_instant_or_none(times: list[datetime | None], zone: str) -> None:
    """An hour that is repeated is taken as its first pass, one that is skipped is no time."""
    assert instants(column(times), zone).to_list() == [at and instant(at, zone) for at in times]


def test_a_year_of_minutes_comes_back() -> None:
    """Every instant of a year is one its clocks show, but for the hour they repeat."""
    at = pl.datetime_range(datetime(2024, 1, 1), datetime(2025, 1, 1), "7m", eager=True).rename("at")  # noqa: DTZ001  UTC
    for zone in ("America/New_York", "Australia/Lord_Howe"):
        shown = at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        back = instants(shown, zone)
        repeated = back != at
        assert back.null_count() == 0
        assert set((at - back).filter(repeated).unique()) <= {timedelta(hours=1), timedelta(minutes=30)}
        assert 0 < repeated.sum() < 10
        assert local_days(at, zone).equals(shown.dt.date())
