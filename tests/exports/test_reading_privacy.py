"""Personal data goes into every column that could hold it, and comes out nowhere: in no frame, problem, landing or reason.

What a buyer's pseudonym is, and that nothing reaches disk, is tested with the whole pipeline.
"""

import errno
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from catalogued import HEADERS
from golden_china import CHINA, PDD_ORDERS, SYCM_CHANNELS
from goldens import CATALOGUED, FORMATS, Cell, Read, as_csv, read, rows_of
from mutations import GOLDENS

from assets.exports import archive, clean, privacy
from assets.exports.entries import Cell as Source
from assets.exports.entries import normalise
from assets.exports.spec import Clock

MARKED = {
    "phone": "13800001234",
    "spaced phone": "138 0000 1234",
    "phone with dashes": "138-0000-1234",
    "full-width phone": "１３８００００１２３４",
    "phone abroad": "+1 (555) 010-9999",
    "landline": "010-87654321",
    "mail": "ann.sample+shop@example.com",
    "Chinese mail": "李某@example.com.cn",
    "identity": "11010119900307123X",
}
SHOWN = re.compile(r"1\s*3\s*8[ -]?0000[ -]?1234|１３８|\(555\)|87654321|sample\+shop|李某|19900307|某路9号|SF998877|nick_of_ann")
WHOLLY = "李某 某路9号 SF998877 nick_of_ann 13800001234 ann.sample+shop@example.com"
SCRUBBED = ("title", "category", "listing_status")
NUMBERS = ("id", "visitors", "price", "stock", "paid")


def leaks(found: Read) -> list[str]:
    """Where anything that was marked is told."""
    told = []
    for landing, shaped in found:
        told += [f"landing: {landing}"] if SHOWN.search(str(landing)) else []
        for kind, frame in ({} if shaped is None else shaped.kinds | {"problems": shaped.problems}).items():
            for name in frame.columns:
                cells = frame[name].cast(pl.String).drop_nulls()
                told += [f"{kind}.{name}: {cell}" for cell in cells if SHOWN.search(cell)]
    return told


def used(name: str) -> dict[str, set[str]]:
    """The file's columns a format reads, each with the canonical columns it is read into."""
    described, found = FORMATS[GOLDENS[name].format], {}
    for kind in described.kinds:
        for column, entry in getattr(described, kind).items():
            for source in entry.source if isinstance(entry, Source) else ():
                found.setdefault(source, set()).add(column)
    return found


@pytest.mark.parametrize("name", GOLDENS)
def test_what_no_metric_needs_is_never_loaded(tmp_path: Path, name: str) -> None:
    """Names, addresses, memos, tracking numbers and nicknames in every column that no format reads, and in some of their own."""
    golden, columns = GOLDENS[name], FORMATS[GOLDENS[name].format].columns
    unread = [column for column in golden.header if normalise(column) not in columns]
    assert bool(unread) != (name == "tmall.report"), "which has seven columns, all of them needed"
    lines = golden.lines
    top = len(lines) - len(golden.rows)
    lines[top - 1] += ["收货人", "李某"]
    for line in lines[top:]:
        for column in unread:
            line[golden.header.index(column)] = WHOLLY
        line += [WHOLLY, WHOLLY]
    content = _tabbed(lines) if golden.wrap == "tsv" else as_csv(lines)
    found = read(tmp_path, content, golden.name)
    assert found[0][0].state == "landed"
    assert leaks(found) == []


def _tabbed(lines: list[list[Cell]]) -> bytes:
    return "".join("\t".join(map(str, line)) + "\r\n" for line in lines).encode()


@pytest.mark.parametrize("name", GOLDENS)
def test_a_cell_that_should_be_something_else_is_told_nowhere(tmp_path: Path, name: str) -> None:
    """A memo that slipped into a column of amounts, days, counts, states or statuses refuses its row without being told."""
    golden = GOLDENS[name]
    for column, into in used(name).items():
        if into & {*SCRUBBED, "merchant_sku", "variant"} or any(one.endswith("_id") for one in into):
            continue
        at = [normalise(one) for one in golden.header].index(column) if column in map(normalise, golden.header) else -1
        if at < 0:
            continue
        rows = [dict(row) | {golden.header[at]: WHOLLY} for row in golden.rows if row]
        assert leaks(read(tmp_path, golden.with_rows(rows).content, golden.name)) == [], column


@pytest.mark.parametrize("name", GOLDENS)
@pytest.mark.parametrize("mark", MARKED)
def test_titles_and_names_of_things_are_scrubbed(tmp_path: Path, name: str, mark: str) -> None:
    """A number or an address in a title, a category, a state of a listing or a traffic source."""
    golden, described = GOLDENS[name], FORMATS[GOLDENS[name].format]
    free = {column for column, into in used(name).items() if into & set(SCRUBBED)}
    free |= set(described.channel.levels if described.channel else ())
    columns = [column for column in golden.header if normalise(column) in free]
    rows = [dict(row) | dict.fromkeys(columns, f"加急{MARKED[mark]}请联系") for row in golden.rows if row]
    found = read(tmp_path, golden.with_rows(rows).content, golden.name)
    assert leaks(found) == []


@pytest.mark.parametrize("mark", ["phone", "phone with dashes", "full-width phone", "mail", "identity"])
def test_codes_are_scrubbed_and_numbers_that_are_codes_are_kept(mark: str) -> None:
    """A seller's own code may be a number as long as a telephone's; what stands beside other letters is no code."""
    codes = pl.Series([f"A {MARKED[mark]}", "13800001234", "110101199003071234", "010-20240501", "TS-W-M", None])
    found = privacy.scrubbed_code(codes).to_list()
    assert not SHOWN.search(str(found[0]))
    assert found[1:] == codes.to_list()[1:]


@pytest.mark.parametrize(
    "title", ["显示器 27英寸 1080P-165Hz", "2024-2025 新款", "A+ 级 100-200-300", "0.5-1.0mm", "6901234567890", "T恤@2件", "+5 ℃"]
)
def test_a_title_of_sizes_and_years_stays_as_it_is(title: str) -> None:
    """Not every number with dashes is a telephone's."""
    assert privacy.scrubbed(pl.Series([title])).to_list() == [title]


def test_a_sheets_name_is_told_and_nothing_else_of_a_parked_one(tmp_path: Path) -> None:
    """Of an unknown file only the reason is told."""
    ((landing, shaped),) = read(tmp_path, as_csv([["姓名", "电话"], ["李某", "13800001234"]]), "x.csv")
    assert (landing.reason, shaped) == ("unknown_format", None)
    assert leaks([(landing, shaped)]) == []


# ---- Regions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "of_addresses", "of_states"),
    [
        ("浙江省 杭州市", "浙江", "浙江"),
        ("浙江", "浙江", "浙江"),
        ("北京市朝阳区", "北京", "北京"),
        ("广西壮族自治区", "广西", "广西"),
        ("香港特别行政区", "香港", "香港"),
        ("上海 上海市", "上海", "上海"),
        ("北京东路 8 号", None, None),
        ("河南路步行街", None, None),
        ("海南航空公寓", None, None),
        ("LEE", None, "LEE"),
        ("GA", None, "GA"),
        ("Lee", None, None),
        ("GEORGIA", None, None),
    ],
)
def test_a_region_is_told_for_sure_or_not_at_all(cell: str, of_addresses: str | None, of_states: str | None) -> None:
    """A road may bear a province's name and a person three capitals; a column of states holds states."""
    assert privacy.region(pl.Series([cell]), codes=False).to_list() == [of_addresses]
    assert privacy.region(pl.Series([cell])).to_list() == [of_states]


def test_only_columns_of_states_hold_codes() -> None:
    """Of an address nothing but a province is taken, nor of a platform that names provinces."""
    coded = {name for name, of in FORMATS.items() if isinstance(where := of.orders.get("region"), Source) and where.codes}
    assert coded == {"amazon.orders", "shopify.orders", "olist.orders", "etsy.orders", "etsy.lines", "tiktok.orders"}


# ---- Cells ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unseen", ["\0", "\x07", "\x1b", "\u200b", "\u202e", "\u00ad", "\u2060"])
def test_a_number_with_a_character_nobody_sees_is_refused(tmp_path: Path, unseen: str) -> None:
    """Two numbers that look alike would be two orders; nothing is stripped, for what was meant is not known."""
    rows = [dict(PDD_ORDERS.rows[0]) | {"商品id": f"7540{unseen}0001"}]
    ((landing, _),) = read(tmp_path, PDD_ORDERS.with_rows(rows).content, "orders.csv")
    assert landing.quarantined == {"control_character": 1}


@pytest.mark.parametrize("amount", ["¥¥5", "5元元", "$¥5", "¥5 元 元", "--5", "¥"])
def test_an_amount_has_one_mark_and_one_unit(amount: str) -> None:
    """What is written twice was not written by a platform."""
    assert clean.money(pl.Series([amount]))[1].to_list() == [True]
    assert clean.money(pl.Series(["¥5元", "-¥5", "¥-5", "5 元"]))[0].cast(pl.String).to_list() == [
        "5.00",
        "-5.00",
        "-5.00",
        "5.00",
    ]


def test_a_minute_has_sixty_seconds() -> None:
    """A leap second is none that a shop writes: it would stand on the next day."""
    clock = Clock(layouts=("%Y-%m-%d %H:%M:%S",), timezone="Asia/Shanghai")
    read_ = clean.moments(
        pl.Series(["2026-04-19 23:59:60", "2026-04-19 23:59:59", "2026-04-19 23:60:00"]), clock, "Asia/Shanghai"
    )
    assert read_.unreadable.to_list() == [True, False, True]
    assert read_.at[1] == datetime(2026, 4, 19, 15, 59, 59, tzinfo=UTC).replace(tzinfo=None)


def test_two_readable_numbers_may_come_to_no_amount(tmp_path: Path) -> None:
    """Price times quantity beyond any table refuses its row; the sums of the others stand."""
    golden = CHINA["douyin.orders"]
    rows = [dict(golden.rows[0]) | {"商品单价": "9999999999.99", "商品数量": "999999"}, dict(golden.rows[1])]
    ((landing, shaped),) = read(tmp_path, golden.with_rows([rows[0], rows[0], rows[1]]).content, "orders.csv")
    assert landing.quarantined == {"money_unreadable": 2}
    assert shaped is not None
    assert [row["order_id"] for row in rows_of(shaped, "orders")] == ["6953000000000000500"]


# ---- Files that may not be read ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "not_readable"),
        (errno.EPERM, "not_readable"),
        (errno.EIO, "not_readable"),
        (errno.EMFILE, "not_readable"),
        (errno.ELOOP, "not_regular_file"),
        (errno.ENXIO, "not_regular_file"),
        (errno.ENOENT, "unstable_file"),
    ],
)
def test_a_file_that_may_not_be_read_is_told_apart_from_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    """What to do about it is something else."""

    def denied(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(archive.os, "open", denied)
    with pytest.raises(archive.Refused) as refused:
        archive.read_regular(tmp_path / "orders.csv")
    assert refused.value.reason == reason


# ---- What the golden files are ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUED)
def test_the_golden_headers_are_the_catalogues(name: str) -> None:
    """Each is the platform's own, to the letter."""
    assert CATALOGUED[name] == HEADERS[name]


def test_every_format_that_is_read_has_a_golden_file() -> None:
    """But that of one public collection, which is read whole elsewhere; none lands of what is parked."""
    parked = {name for name, known in FORMATS.items() if known.park}
    assert {golden.format for golden in GOLDENS.values()} == set(FORMATS) - parked - {"olist.orders"}


def test_a_source_that_is_paid_for_is_an_ad(tmp_path: Path) -> None:
    """Whatever it shows: a paid recommendation is no recommendation."""
    rows = [
        {"流量载体": "全店流量", "一级来源": one, "二级来源": two, "三级来源": two, "四级来源": two, "访客数": 1}
        for one, two in [("付费推广", "超级推荐"), ("手淘推荐", "猜你喜欢"), ("搜索", "手淘搜索"), ("关注", "店铺")]
    ]
    ((_, shaped),) = read(tmp_path, SYCM_CHANNELS.with_rows(rows).content, SYCM_CHANNELS.name)
    assert shaped is not None
    assert [row["channel_group"] for row in rows_of(shaped, "traffic")] == ["ads", "content", "search", "other"]
