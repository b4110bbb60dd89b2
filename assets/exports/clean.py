"""Text cells to typed values by our own rules: ids stay text, money is decimal, a time is an instant and a local day.

Every reader takes what `texts` makes and returns values beside what was wrong with each. Which columns a format has, and what
its rows mean, is not known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from assets.exports.entries import Condition, Flag, normalise
from assets.exports.spec import Clock
from assets.exports.zones import instants, local_days

TOTALS = frozenset({"总计", "合计", "汇总", "总合计", "total", "grand total", "totals"})
CENTS = pl.Decimal(18, 2)
YEARS = (1990, 2100)
MOST_DISTANCES = 100  # from UTC: there are fewer
MOST_MONEY = 10_000_000_000
_PLAIN_MONEY = r"^-?[0-9]{1,10}(?:\.[0-9]{1,2}0*)?$"
_GROUPED_MONEY = r"^-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9](?:,[0-9]{3}){3})(?:\.[0-9]{1,2}0*)?$"
_GROUPED_COUNT = r"^[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.0+)?$"
_CURRENCY_MARK = r"^(-?)\s*[A-Z]{0,3}\s?\p{Sc}\s*"
_UNIT = r"\s*(?:元|\p{Sc})$"
_CURRENCY_CODE = r"^(-?)\s*[A-Z]{3}\s"
_COMMA_MONEY = r"^-?(?:[0-9]{1,10}|[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3}){1,3})(?:,[0-9]{1,2})?$"
_ENDS_IN_CENTS = r"[0-9]{}[0-9]{{1,2}}[^0-9]*$"
_SCIENTIFIC = r"^[+-]?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+$"
_ROUNDED = r"^[0-9]{15}0{2,}$"
_SPOILT = rf"{_SCIENTIFIC}|{_ROUNDED}"
_UNSEEN = r"[\p{Cc}\p{Cf}]"  # control characters, and those that join or turn letters and are not seen
_LEAP_SECOND = r":60(?:[^0-9]|$)"


@dataclass
class Problems:
    """What is wrong with some rows, or why they are left out: for each row the first thing found."""

    found: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.Series, wrong: pl.Series, reason: str, column: str) -> None:
        """Note that the rows where `wrong` is true are refused, or left out, for `reason`."""
        if wrong.any():
            at = rows.filter(wrong.fill_null(value=False))
            self.found.append(pl.DataFrame({"row": at}).with_columns(reason=pl.lit(reason), column=pl.lit(column)))

    def first(self) -> pl.DataFrame:
        """One line per row concerned: row, reason, column."""
        if not self.found:
            return pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String, "column": pl.String})
        return pl.concat(self.found).unique("row", keep="first", maintain_order=True).sort("row")


def are_sound_digits(values: pl.Series, mark: str = "") -> bool:
    """Whether identifiers, perhaps behind a mark, are digits alone and nothing can be wrong with any: most columns' are.

    They have more digits or fewer than a telephone number, and none ends in zeros where a spreadsheet would round it.
    """
    if not values.str.contains(rf"^(?:{mark})?(?:[0-9]{{1,10}}|[0-9]{{17,}})$").all():
        return False
    return not values.filter(values.str.ends_with("00")).str.contains(_ROUNDED).any()


def identifier(values: pl.Series, files: pl.Series | None = None) -> tuple[pl.Series, pl.Series]:
    """Identifiers as text, and which were ruined by a spreadsheet.

    A number like `3.3E+18` is ruined. Digits past the fifteenth that are all zero are ruined where most of their file's long
    numbers end so: a single one may be honest, a column of them is not. `files` tells each cell's file, where there are several.
    """
    if not (values.str.ends_with(".0") | values.str.contains(_SPOILT)).any():
        return values, pl.repeat(value=False, n=len(values), eager=True)
    values = values.str.replace(r"^([0-9]{1,15})\.0$", "$1")
    ruined = values.str.contains(_SCIENTIFIC) | values.str.contains(r"^[0-9]{16,}\.0$")
    rounded = values.str.contains(_ROUNDED)
    if rounded.any():
        long = values.str.contains(r"^[0-9]{17,}$")
        seen = pl.DataFrame({"long": long, "rounded": rounded}).with_columns(file=pl.lit(0) if files is None else files)
        ruined |= seen.select(pl.col("rounded") & (pl.col("rounded").sum() * 2 > pl.col("long").sum()).over("file")).to_series()
    return values, ruined.fill_null(value=False)


def has_unseen(values: pl.Series) -> pl.Series:
    """Which values hold a character that cannot be seen: two numbers that look alike would be two."""
    return values.str.contains(_UNSEEN).fill_null(value=False)


def has_decimal_commas(cells: pl.Series) -> bool:
    """Whether amounts are written with a comma before their cents: some are, and none with a point."""
    by_comma, by_point = (cells.str.contains(_ENDS_IN_CENTS.format(mark)).any() for mark in (",", r"\."))
    return bool(by_comma) and not by_point


def money(values: pl.Series, zero_words: Sequence[str] = (), *, comma: bool = False) -> tuple[pl.Series, pl.Series]:
    """Amounts with two decimals, and which cells are no amount.

    `zero_words` are words that mean nothing was paid. `comma`: a comma stands before cents, and points or blanks part thousands.
    """
    if comma:
        values = values.str.replace(_CURRENCY_MARK, "$1").str.replace(_CURRENCY_CODE, "$1").str.replace(_UNIT, "")
        fits = values.str.contains(_COMMA_MONEY).fill_null(value=False)
        told = values.str.replace_all(r"[. \u00a0\u202f]", "").str.replace(",", ".", literal=True)
        values = told.zip_with(fits, values.set(values.str.contains("^[-0-9.,]+$").fill_null(value=False), "unreadable"))
    plain = values.str.contains(_PLAIN_MONEY)
    if zero_words and not plain.all():
        values = values.set(values.is_in(zero_words).fill_null(value=False), "0")
        plain = values.str.contains(_PLAIN_MONEY)
    if not plain.all():
        values = values.str.replace(_CURRENCY_MARK, "$1").str.replace(_UNIT, "")
        grouped = values.str.contains(_GROUPED_MONEY).fill_null(value=False)
        values = values.zip_with(~grouped, values.str.replace_all(",", "", literal=True))
        plain = values.str.contains(_PLAIN_MONEY)
    if plain.all():
        return values.cast(CENTS), pl.repeat(value=False, n=len(values), eager=True)
    return values.set(~plain, None).cast(CENTS), ~plain.fill_null(value=True)


def count(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whole numbers, and which cells are none."""
    plain = values.str.contains("^-?[0-9]{1,6}$")
    if plain.all():
        return values.cast(pl.Int64), pl.repeat(value=False, n=len(values), eager=True)
    whole = values.str.contains(r"^-?[0-9]{1,6}(?:\.0+)?$")
    return values.set(~whole, None).str.replace(r"\.0+$", "").cast(pl.Int64), ~whole.fill_null(value=True)


def tally(values: pl.Series, *, may_be_negative: bool = False) -> tuple[pl.Series, pl.Series]:
    """Whole numbers of a report, with thousands parted by commas or told in 万, and which cells are none."""
    if may_be_negative:
        below = values.str.starts_with("-").fill_null(value=False)
        found, wrong = tally(values.str.strip_prefix("-"))
        return found.zip_with(~below, -found), wrong
    cell = pl.col("cell")
    joined = pl.when(cell.str.contains(_GROUPED_COUNT)).then(cell.str.replace_all(",", "", literal=True)).otherwise(cell)
    tens = joined.str.extract(r"^([0-9]{1,8}(?:\.[0-9]{1,4})?)万$").cast(pl.Decimal(18, 4)) * 10_000
    whole = pl.when(tens.is_null()).then(joined).otherwise(tens.cast(pl.Decimal(18, 0)).cast(pl.String))
    plain = whole.str.contains(r"^[0-9]{1,12}(?:\.0+)?$")
    read = values.to_frame("cell").select(
        number=pl.when(plain).then(whole).str.replace(r"\.0+$", "").cast(pl.Int64), wrong=~plain.fill_null(value=True)
    )
    return read["number"].alias(values.name), read["wrong"]


def score(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Scores with up to four decimals, and which cells are none."""
    plain = values.str.contains(r"^[0-9]{1,4}(?:\.[0-9]{1,4}0*)?$")
    return values.set(~plain, None).cast(pl.Decimal(9, 4)), ~plain.fill_null(value=True)


@dataclass(frozen=True)
class Moments:
    """Times read: UTC instants, local days, and which cells are no time or one the clocks skip."""

    at: pl.Series
    day: pl.Series
    unreadable: pl.Series
    nonexistent: pl.Series


def in_one_layout(cells: pl.Series, clock: Clock, zone: str) -> Clock:
    """The clock with the one layout a file's times are written in, or with none where two of unlike meaning read them all."""
    said = cells.drop_nulls()
    at = [said.str.to_datetime(layout, strict=False, time_unit="us") for layout in clock.layouts]
    most = max(read.count() for read in at)
    best = [(layout, read) for layout, read in zip(clock.layouts, at, strict=True) if read.count() == most]
    told = [layout for layout, read in best if not read.equals(best[0][1])]
    if told and zone:
        month_first = [layout for layout, _ in best if layout.find("%m") < layout.find("%d")]
        day_first = [layout for layout, _ in best if layout not in month_first]
        best = [(layout, at[0]) for layout in (month_first if zone.startswith("America/") else day_first)] or best
    return clock.model_copy(update={"layouts": () if told and not zone else (best[0][0],)})


def moments(values: pl.Series, clock: Clock, zone: str) -> Moments:
    """Read times.

    Args:
        values: the text.
        clock: the layouts the format writes times in, and whether they state an offset.
        zone: the store's IANA zone; blank keeps the wall clock of a stated offset for the day.

    Returns:
        Instants in UTC and days in the zone. An hour that the clocks repeat is taken as its first pass.
    """
    stated = "UTC" if clock.offset else None
    at = pl.repeat(None, len(values), dtype=pl.Datetime("us", stated), eager=True)
    for layout in clock.layouts:
        missing = at.is_null() & values.is_not_null()
        if not missing.any():
            break
        read = _with_offsets(values, layout) if clock.offset else values.str.to_datetime(layout, strict=False, time_unit="us")
        at = at.zip_with(~missing, read)
    first, after = (pl.datetime(year, 1, 1, time_zone=stated) for year in (YEARS[0], YEARS[1] + 1))
    wrong = ~at.is_between(first, after, closed="left")
    if values.str.contains(":60", literal=True).any():
        wrong |= values.str.contains(_LEAP_SECOND)
    at = at.set(wrong, None) if wrong.any() else at
    unreadable = at.is_null() & values.is_not_null()
    if clock.offset:
        at = at.dt.replace_time_zone(None)
        local = local_days(at, zone) if zone else (at + _offset(values)).dt.date()
        return Moments(at, local, unreadable, pl.repeat(value=False, n=len(values), eager=True))
    instant = instants(at, zone) if zone else at
    return Moments(instant, at.dt.date(), unreadable, instant.is_null() & at.is_not_null())


def _with_offsets(values: pl.Series, layout: str) -> pl.Series:
    """Read times that state their distance from UTC: of few distances each once, in half the time of reading them all."""
    wall = layout.removesuffix("%z").rstrip()
    begin = datetime(2000, 1, 1)  # noqa: DTZ001  a clock's face
    length = len(begin.strftime(wall))
    stated = values.str.slice(length)
    distances = stated.unique()
    if distances.len() <= MOST_DISTANCES and layout.endswith("%z"):
        told = (begin.strftime(wall) + distances).str.to_datetime(layout, strict=False, time_unit="us", time_zone="UTC")
        distance = stated.replace_strict(distances, told.dt.replace_time_zone(None) - begin, return_dtype=pl.Duration("us"))
        at = values.str.head(length).str.to_datetime(wall, strict=False, time_unit="us") + distance
        if at.null_count() == values.null_count():
            return at.dt.replace_time_zone("UTC")
    return values.str.to_datetime(layout, strict=False, time_unit="us", time_zone="UTC")


def far_ahead(at: pl.Series) -> pl.Series:
    """Times to come, more than two days away and more than a year after the middle of the file's: a year written wrongly."""
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)
    if (at.max() or soon) <= soon:  # type: ignore[operator]  # of times the greatest is one
        return pl.repeat(value=False, n=len(at), eager=True)
    return (at > max(soon, at.median() + timedelta(days=366))).fill_null(value=False)  # type: ignore[operator]  # likewise


def _offset(values: pl.Series) -> pl.Series:
    """The distance from UTC that times state; none stated is none."""
    stated = values.str.extract_groups(r"([+-])([0-9]{2}):?([0-9]{2})$").struct.unnest()
    minutes = stated["2"].cast(pl.Int64) * 60 + stated["3"].cast(pl.Int64)
    signed = minutes.zip_with((stated["1"] == "+").fill_null(value=True), -minutes)
    return (signed.fill_null(0) * 60_000_000).cast(pl.Duration("us"))


def word(cells: pl.Series) -> pl.Series:
    """Words as they are compared: width, dashes and case folded."""
    distinct = cells.unique().drop_nulls()
    return cells.replace_strict(distinct, pl.Series([normalise(value) for value in distinct], dtype=pl.String), default=None)


def status(cells: pl.Series, words: dict[str, str]) -> tuple[pl.Series, pl.Series]:
    """Canonical statuses, and which words are not known: an unknown one is never taken for paid."""
    distinct = cells.unique()
    folded = word(distinct)
    told = folded.replace_strict({normalise(key): value for key, value in words.items()}, default=None, return_dtype=pl.String)
    known = cells.replace_strict(distinct, told, return_dtype=pl.String)
    return known, known.is_null()


def flag(frame: pl.DataFrame, described: Flag) -> pl.Series:
    """Where a flag's conditions hold; a column the file does not have holds nothing."""
    wanted = described.all or described.any
    answer = holds(frame, wanted[0])
    for condition in wanted[1:]:
        if described.all and not answer.any():
            break
        answer = answer & holds(frame, condition) if described.all else answer | holds(frame, condition)
    return answer


def holds(frame: pl.DataFrame, condition: Condition) -> pl.Series:
    """Where a condition holds; it holds nowhere in a column the file does not have."""
    if condition.column not in frame.columns:
        return pl.repeat(value=False, n=frame.height, eager=True)
    cells = frame[condition.column]
    distinct = cells.unique()
    held = distinct.filter(_holds_of(distinct, condition))
    if held.len() in (0, distinct.len()):
        return pl.repeat(value=held.len() > 0, n=len(cells), eager=True)
    return cells.is_in(held.implode(), nulls_equal=True)


def _holds_of(values: pl.Series, condition: Condition) -> pl.Series:
    if condition.blank is not None:
        return values.is_null() if condition.blank else values.is_not_null()
    folded = word(values)
    held = folded.is_in([normalise(option) for option in condition.words])
    if condition.other_than:
        held |= ~folded.is_in([normalise(option) for option in condition.other_than])
    for part in condition.contains:
        held |= folded.str.contains(normalise(part), literal=True)
    for part in condition.lacks:
        held |= ~folded.fill_null("").str.contains(normalise(part), literal=True)
    for item in condition.lists:
        held |= folded.str.split(",").list.eval(pl.element().str.strip_chars()).list.contains(normalise(item))
    return held.fill_null(value=False)
