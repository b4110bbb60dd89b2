"""A cell is read as what it says or refused with a reason, and never guessed: ids, money, counts, times, statuses.

The laws are held against Python's own `Decimal` and `zoneinfo`; nothing here knows a format.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assets.exports import clean
from assets.exports.entries import Flag
from assets.exports.furniture import furniture
from assets.exports.spec import Clock
from assets.exports.texts import NULLS, text

MANY = settings(max_examples=150)
SOME = settings(max_examples=60)
REFUSED = "refused"

Reader = Callable[[pl.Series], tuple[pl.Series, pl.Series]]


def cells(texts: Sequence[str | None]) -> pl.Series:
    """A column of text cells."""
    return text(pl.Series("cells", texts, dtype=pl.String))


def read(reader: Reader, texts: Sequence[str | None]) -> list[object]:
    """What a reader makes of each cell of one column: a value, None where the cell says nothing, or REFUSED."""
    values, wrong = reader(cells(texts))
    assert wrong.null_count() == 0, "a cell is refused or it is not"
    return [REFUSED if bad else value for value, bad in zip(values.to_list(), wrong.to_list(), strict=True)]


# ---- Cells that say nothing -----------------------------------------------------------------------


@pytest.mark.parametrize("word", [*NULLS, None, " ", "\t", "\u3000", "\u00a0", '=""', "'", '="-"', " null\t", "\ufeff"])
@pytest.mark.parametrize("reader", [clean.identifier, clean.money, clean.count])
def test_a_null_word_is_unknown_and_never_zero_nor_refused(reader: Reader, word: str | None) -> None:
    """What the platforms write for nothing is null in every column, in a column of its own and among others."""
    assert read(reader, [word]) == [None]
    assert read(reader, ["7", word, "8"])[1] is None


def test_a_zero_word_is_zero_only_where_the_format_says_so() -> None:
    """`无退款申请` in an amount is nothing paid where the format names it, and no amount where it does not."""
    column = cells(["无退款申请", "5.00", "没有申请退款", None])
    values, wrong = clean.money(column, ("无退款申请", "没有申请退款"))
    assert (values.to_list(), wrong.any()) == ([Decimal("0.00"), Decimal("5.00"), Decimal("0.00"), None], False)
    assert clean.money(column)[1].to_list() == [True, False, True, False]


# ---- Identifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guarded", ['="{}"', "={}", "'{}", "\t{}", "{}\t", " {}\r", "\u00a0{}\u3000", "\ufeff{}", "{}", '="{}"\t', '\t="{}"']
)
@MANY
@given(number=st.from_regex(r"[1-9][0-9]{0,24}", fullmatch=True))
def test_a_number_keeps_every_digit_through_every_guard(guarded: str, number: str) -> None:
    """An id is text: whatever guard a spreadsheet or a platform put around it, its digits are those that were there."""
    assume(not number[15:].endswith("00"))
    assert read(clean.identifier, [guarded.format(number)]) == [number]


@given(name=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1).map(lambda name: f"#EU-{name}"))
def test_an_id_that_is_no_number_stays_as_it_is(name: str) -> None:
    """Shopify's order names carry a prefix and are not numbers."""
    assert read(clean.identifier, [name]) == [name]


@pytest.mark.parametrize("ruined", ["3.3E+18", "3.30691E+18", "3.3e18", "1E+17", "-3.3E+18", '="3.3E+18"', "3306907273463024.0"])
def test_a_number_a_spreadsheet_ruined_is_refused(ruined: str) -> None:
    """Scientific notation, and more digits than a double holds before `.0`, have lost digits."""
    assert read(clean.identifier, ["193000000000000017", ruined]) == ["193000000000000017", REFUSED]


def test_a_short_number_saved_as_a_float_is_itself() -> None:
    """Up to fifteen digits a double holds a number, so `.0` may be taken off."""
    assert read(clean.identifier, ["12.0", "123456789012345.0"]) == ["12", "123456789012345"]


@given(
    numbers=st.lists(st.integers(10**17, 10**19 - 1).map(str), min_size=3, max_size=12),
    honest=st.integers(10**14, 10**15 - 1).map(lambda head: f"{head}0000"),
)
def test_one_number_that_ends_in_zeros_is_honest_and_a_column_of_them_is_not(numbers: list[str], honest: str) -> None:
    """Digits past the fifteenth that are all zero are ruined where most long numbers of the column end so."""
    others = [number for number in numbers if number[15:].strip("0")]
    assume(len(others) >= 2)
    assert read(clean.identifier, [honest, *others]) == [honest, *others]
    rounded = [f"{number[:15]}{'0' * len(number[15:])}" for number in others]
    assert read(clean.identifier, rounded) == [REFUSED] * len(rounded)
    assert read(clean.identifier, [*rounded, "A-1", "12", None]) == [*[REFUSED] * len(rounded), "A-1", "12", None]


# ---- Money ----------------------------------------------------------------------------------------

AMOUNTS = st.decimals(min_value=Decimal("-9999999999.99"), max_value=Decimal("9999999999.99"), places=2)
NOTATIONS: tuple[Callable[[Decimal], str], ...] = (
    lambda amount: f"{amount:.2f}",
    lambda amount: f"{amount:,.2f}",
    lambda amount: f"{amount:.2f}0",
    lambda amount: f"{amount.normalize():f}",
    lambda amount: f"{amount:.2f}元",
    lambda amount: f"{amount:,.2f} 元",
    lambda amount: f"¥{amount:.2f}",
    lambda amount: f"￥{amount:,.2f}",
    lambda amount: f"CN¥{amount:,.2f}",
    lambda amount: f"US${amount:,.2f}",
    lambda amount: f"$ {amount:,.2f}",
    lambda amount: f"{'-' if amount < 0 else ''}€{abs(amount):.2f}",
    lambda amount: f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}",
    lambda amount: f'="{amount:.2f}"',
    lambda amount: f"'{amount:.2f}",
    lambda amount: f"{amount:.2f}\t",
    lambda amount: f"\u00a0{amount:,.2f}\u3000",
)


@MANY
@given(amounts=st.lists(st.tuples(AMOUNTS, st.sampled_from(NOTATIONS)), min_size=1, max_size=12))
@example(amounts=[(Decimal("0.00"), NOTATIONS[3]), (Decimal("-0.01"), NOTATIONS[11])])
@example(amounts=[(Decimal("1234567890.00"), NOTATIONS[0]), (Decimal("1234567890.00"), NOTATIONS[1])])
def test_an_amount_of_two_places_comes_back_from_every_notation(
    amounts: list[tuple[Decimal, Callable[[Decimal], str]]],
) -> None:
    """Grouped, marked, guarded or padded, alone or mixed in one column: an amount is read to the cent."""
    assert read(clean.money, [notation(amount) for amount, notation in amounts]) == [amount for amount, _ in amounts]


@pytest.mark.parametrize(
    "text",
    [
        "12.345", "0.001", "1e3", "1E+3", "inf", "-inf", "Infinity", "٣.٠٠", "१२.००", "１２.00", f"1{'0' * 30}",
        "10000000000", "10,000,000,000.00", "(5.00)", "1.234,56", "1.234.567", "12,34", "1,23", "1,2,3", ",123", "1,234,56", "5.",
        ".5", "+5", "--5", "5-", "5 0", "1_000", "0x10", "5.00 USD", "1.2万", "¥", "元", "¥元", "abc",
        "5.1.2", "100 ~ 500", "12%", "=5.00", "1'234.00", "1 234.00",
    ],
)  # fmt: skip
def test_what_is_no_amount_of_two_places_is_refused(text: str) -> None:
    """An amount with more places, another script, another country's marks or no number in it is refused and not rounded."""
    assert read(clean.money, [text]) == [REFUSED]
    assert read(clean.money, ["1.00", text, "2.00"]) == [Decimal("1.00"), REFUSED, Decimal("2.00")]


@pytest.mark.parametrize("text", ["NaN", "nan", "N/A"])
def test_not_a_number_is_unknown(text: str) -> None:
    """`NaN` says that nothing is known; it is no amount and no zero."""
    assert read(clean.money, [text]) == [None]


@MANY
@given(text=st.text(st.sampled_from("0123456789.,-+eE¥元$ ()٣\t'="), max_size=12))
@example("1,234.50")
def test_an_amount_that_is_read_is_the_number_that_is_written(text: str) -> None:
    """No cell is read as another number than the one left when guards, marks and commas are taken off."""
    (value,) = read(clean.money, [text])
    if value is None or value == REFUSED:
        return
    marked = re.sub("[A-Z]{0,3}(?=[¥$])", "", text)  # as in R$
    bare = "".join(character for character in marked if character not in "¥元$,\t '=")
    try:
        assert value == Decimal(bare)
    except InvalidOperation:
        pytest.fail(f"{text!r} was read as {value}")


# ---- Counts ---------------------------------------------------------------------------------------


@given(number=st.integers(-999_999, 999_999), tail=st.sampled_from(["", ".0", ".00", "\t"]))
def test_a_whole_number_is_read_however_it_was_saved(number: int, tail: str) -> None:
    """A count may have gone through a spreadsheet as a float."""
    assert read(clean.count, [f"{number}{tail}"]) == [number]


@pytest.mark.parametrize("text", ["1.5", "0.1", "1e3", "abc", "1,000", "٣", "１", "1000000", "1 2", "+1", "two", "1/2", "0x1"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    """Half a piece, a million and other scripts are no count."""
    assert read(clean.count, ["1", text]) == [1, REFUSED]


# ---- Times ----------------------------------------------------------------------------------------

TAOBAO = Clock(layouts=("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M"))
SHOPIFY = Clock(layouts=("%Y-%m-%d %H:%M:%S %z",), offset=True)
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata")
CHANGES = (
    "2024-03-10 02:30:00", "2024-03-10 01:59:59", "2024-03-10 03:00:00", "2024-11-03 01:30:00", "2024-03-31 01:30:00",
    "2024-10-27 01:30:00", "2017-10-15 00:30:00", "2018-02-17 23:30:00", "2024-10-06 02:15:00", "2024-04-07 01:45:00",
)  # fmt: skip
EPOCH = datetime.fromisoformat("1993-01-01 00:00:00")
WALLS = st.datetimes(EPOCH, EPOCH.replace(year=2030)).map(lambda moment: moment.replace(microsecond=0)) | (
    st.sampled_from(CHANGES).map(datetime.fromisoformat)
)
LAYOUTS: tuple[Callable[[datetime], str], ...] = (
    lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    lambda at: f"{at:%Y/%m/%d %H:%M:%S}",
    lambda at: f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}",
    lambda at: f"\t{at:%Y-%m-%d %H:%M:%S} ",
)


def moments(texts: Sequence[str | None], clock: Clock, zone: str) -> list[tuple[datetime | None, date | None, str]]:
    """Instant, day and verdict of each cell of one column; as text where Python has no such year."""
    found = clean.moments(cells(texts), clock, zone)
    verdicts = [
        "unreadable" if unreadable else "nonexistent" if nonexistent else ""
        for unreadable, nonexistent in zip(found.unreadable, found.nonexistent, strict=True)
    ]
    try:
        return list(zip(found.at.to_list(), found.day.to_list(), verdicts, strict=True))
    except ValueError as error:
        pytest.fail(f"{texts} were read as {found.at.cast(pl.String).to_list()}: {error}")


def first_pass(wall: datetime, zone: str) -> datetime | None:
    """The instant a clock in the zone first shows a time, in UTC; None where it never does."""
    instant = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return instant.replace(tzinfo=None) if shown == wall else None


@pytest.mark.parametrize("zone", ZONES)
@SOME
@given(walls=st.lists(st.tuples(WALLS, st.sampled_from(LAYOUTS)), min_size=1, max_size=10))
def test_a_wall_time_is_its_first_instant_in_the_stores_zone(
    zone: str, walls: list[tuple[datetime, Callable[[datetime], str]]]
) -> None:
    """In every layout: an hour the clocks repeat is its first pass, one they skip is nonexistent; the day is the wall's own."""
    found = moments([layout(wall) for wall, layout in walls], TAOBAO, zone)
    for (wall, _), (at, day, verdict) in zip(walls, found, strict=True):
        expected = first_pass(wall, zone)
        assert (at, verdict) == (expected, "" if expected else "nonexistent")
        assert day == wall.date()


@SOME
@given(wall=WALLS)
def test_a_spreadsheets_whole_minutes_are_read(wall: datetime) -> None:
    """After a save in Excel a time has no seconds and no leading zeros."""
    minute = wall.replace(second=0)
    texts = [f"{wall.year}/{wall.month}/{wall.day} {wall.hour}:{wall:%M}", f"{wall:%Y-%m-%d %H:%M}"]
    assert moments(texts, TAOBAO, "Asia/Shanghai") == [(minute - timedelta(hours=8), minute.date(), "")] * 2


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        ("2024-03-10 02:00:00", "America/New_York", None),
        ("2024-03-10 02:59:59", "America/New_York", None),
        ("2024-03-10 03:00:00", "America/New_York", datetime.fromisoformat("2024-03-10 07:00")),
        ("2024-11-03 01:30:00", "America/New_York", datetime.fromisoformat("2024-11-03 05:30")),
        ("2024-03-31 01:30:00", "Europe/London", None),
        ("2024-10-27 01:30:00", "Europe/London", datetime.fromisoformat("2024-10-27 00:30")),
        ("2024-03-10 02:30:00", "Asia/Shanghai", datetime.fromisoformat("2024-03-09 18:30")),
    ],
)
def test_the_changes_of_the_clock_are_told_apart(text: str, zone: str, at: datetime | None) -> None:
    """Known instants, so that the law above does not rest on one library alone."""
    assert moments([text], TAOBAO, zone) == [(at, datetime.fromisoformat(text).date(), "" if at else "nonexistent")]


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30 10:00:00", "2023-02-29 10:00:00", "2024-04-31 10:00:00", "2024-13-01 10:00:00", "2024-00-10 10:00:00",
        "2024-01-00 10:00:00", "0000-00-00 00:00:00", "2024-01-01 24:00:00", "2024-01-01 10:60:00", "2024-01-01 10:00:61",
        "2024-01-01", "10:00:00", "45292.5", "2024年1月5日 10:00", "5/1/2024 10:00", "01-05-2024 10:00:00", "2024-01-01T10:00:00",
        "2024-01-01 10:00:00 PM", "2024-01-01 10:00:00.5", "2024-01-01 10:00:00 +0800", "yesterday",
        "２０２４-01-01 10:00:00", "20240101100000",
    ],
)  # fmt: skip
def test_a_date_that_does_not_exist_or_is_written_otherwise_is_unreadable(text: str) -> None:
    """No neighbouring day is taken for it, and the cells beside it are read."""
    good = (datetime.fromisoformat("2024-01-01 02:00"), date(2024, 1, 1), "")
    assert moments(["2024-01-01 10:00:00", text], TAOBAO, "Asia/Shanghai") == [good, (None, None, "unreadable")]


@pytest.mark.parametrize(
    "text", ["24/1/2 10:00", "5/1/24 10:00", "24-01-02 10:00:00", "0024-01-02 10:00:00", "-2024-01-01 10:00:00", "224/1/2 10:00"]
)
def test_a_year_has_four_digits_of_this_age(text: str) -> None:
    """A year that a spreadsheet cut to two digits, or a day put first, is not the year 24 or 5 of our era."""
    assert moments([text], TAOBAO, "Asia/Shanghai") == [(None, None, "unreadable")]


OFFSETS = st.sampled_from((-720, -480, -240, -210, 0, 60, 330, 480, 840)).map(lambda minutes: timedelta(minutes=minutes))


def stated(wall: datetime, offset: timedelta) -> str:
    """A time as Shopify writes it."""
    minutes = abs(int(offset.total_seconds())) // 60
    return f"{wall:%Y-%m-%d %H:%M:%S} {'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}{minutes % 60:02d}"


@pytest.mark.parametrize("zone", [*ZONES, ""])
@SOME
@given(walls=st.lists(st.tuples(WALLS, OFFSETS), min_size=1, max_size=8))
def test_a_stated_offset_fixes_the_instant_and_the_zone_the_day(zone: str, walls: list[tuple[datetime, timedelta]]) -> None:
    """Several offsets may stand in one file; the day is the store's, or where no zone is known the one the wall clock showed."""
    found = moments([stated(wall, offset) for wall, offset in walls], SHOPIFY, zone)
    for (wall, offset), answer in zip(walls, found, strict=True):
        at = wall - offset
        day = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() if zone else wall.date()
        assert answer == (at, day, "")


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 23:30:00",
        "2024-02-30 23:30:00 -0400",
        "2024-05-01 23:30:00 -2500",
        "2024-05-01 23:30:00 EDT",
        "2024-05-01 -0400",
    ],
)
@pytest.mark.parametrize("zone", ["America/New_York", ""])
def test_a_time_without_its_offset_is_unreadable_where_offsets_are_stated(text: str, zone: str) -> None:
    """The zone is not guessed for a cell that ought to state it."""
    assert moments([text], SHOPIFY, zone) == [(None, None, "unreadable")]


@pytest.mark.parametrize("zone", ["America/New_York", ""])
@pytest.mark.parametrize("text", ["2024-05-01 23:30:00 -0400", "2024-5-1 23:30:00 -0400", "2024-05-01 23:30:00 -04:00"])
def test_a_time_that_is_read_has_a_day(zone: str, text: str) -> None:
    """An instant without a day would land in no month and count nowhere."""
    assert moments([text], SHOPIFY, zone) == [(datetime.fromisoformat("2024-05-02 03:30"), date(2024, 5, 1), "")]


@pytest.mark.parametrize("clock", [TAOBAO, SHOPIFY])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", ""])
def test_a_blank_time_is_no_time_and_not_wrong(clock: Clock, zone: str) -> None:
    """An order that was never paid has no paying time."""
    assert moments(["", "null", None], clock, zone) == [(None, None, "")] * 3


# ---- Statuses, words, flags -----------------------------------------------------------------------

STATUSES = {
    "买家已付款,等待卖家发货": "paid",
    "卖家已发货，等待买家确认": "shipped",
    "交易成功": "completed",
    "Partially_Refunded": "partially_refunded",
}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("买家已付款，等待卖家发货", "paid"),
        ("买家已付款,等待卖家发货", "paid"),
        ("卖家已发货,等待买家确认", "shipped"),
        (" 交易成功\t", "completed"),
        ('="交易成功"', "completed"),
        ("partially_refunded", "partially_refunded"),
        ("PARTIALLY_REFUNDED", "partially_refunded"),
        ("ｐａｒｔｉａｌｌｙ_refunded", "partially_refunded"),
    ],
)
def test_a_status_is_known_by_its_word_whatever_its_width_and_case(text: str, status: str) -> None:
    """The comma is full-width in one export and ASCII in the next."""
    assert read(lambda column: clean.status(column, STATUSES), [text]) == [status]


@pytest.mark.parametrize("text", ["交易", "交易成功了", "已完成", "paid", "", None, "null"])
def test_an_unknown_status_is_never_taken_for_paid(text: str | None) -> None:
    """A word that is not exactly known, and no word at all, is refused."""
    assert read(lambda column: clean.status(column, STATUSES), ["交易成功", text]) == ["completed", REFUSED]


def flags(described: Mapping[str, object], **columns: list[str | None]) -> list[bool]:
    """Where a flag holds."""
    return clean.flag(
        pl.DataFrame({name: cells(told) for name, told in columns.items()}), Flag.model_validate(described)
    ).to_list()


def test_a_flag_holds_where_any_or_all_of_its_conditions_do() -> None:
    """Items of a list are whole words, parts are parts, blank is blank; a column that is not there holds nothing."""
    test_order = {"any": [{"column": "gateway", "contains": ["bogus"]}, {"column": "tags", "lists": ["test"]}]}
    gateways, tags = ["Bogus Gateway (for testing)", "PayPal", "PayPal", None], ["", "vip, TEST", "contest, latest", None]
    assert flags(test_order, gateway=gateways, tags=tags) == [True, True, False, False]
    assert flags(test_order, tags=tags) == [False, True, False, False]
    gift_card = {"all": [{"column": "sku", "blank": True}, {"column": "ships", "is": ["false"]}]}
    assert flags(gift_card, sku=["", "A", "-", ""], ships=["FALSE", "false", " false ", "true"]) == [True, False, True, False]
    assert flags(gift_card, sku=["", ""]) == [False, False]


@pytest.mark.parametrize(
    ("record", "fate"),
    [
        ("", "blank"),
        (" \t\r\n", "blank"),
        (",,,", "blank"),
        ('"","",""', "blank"),
        ("合计", "total_row"),
        ("合计：,100.00", "total_row"),
        ('"总计",5', "total_row"),
        (",,汇总,5", "total_row"),
        ("Grand total,,5", "total_row"),
        ("TOTALS", "total_row"),
        ("合计店铺订单,1", None),
        ("193000000000000017,合计", None),
        ("Totally, a tee", None),
    ],
)
def test_only_blank_records_and_totals_are_furniture(record: str, fate: str | None) -> None:
    """A record of another width that is neither was a row, and is refused as one."""
    assert furniture(record) == fate


def test_a_row_is_refused_for_the_first_thing_found() -> None:
    """A row counts once, however much is wrong with it, and unknown verdicts refuse nothing."""
    problems, rows = clean.Problems(), pl.Series([2, 3, 4])
    problems.add(rows, pl.Series([False, True, None]), "id_missing", "订单编号")
    problems.add(rows, pl.Series([True, True, False]), "date_missing", "订单创建时间")
    assert problems.first().rows() == [(2, "date_missing", "订单创建时间"), (3, "id_missing", "订单编号")]
    assert clean.Problems().first().is_empty()
