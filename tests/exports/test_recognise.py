"""A file is the one format its header fits, wherever the header stands and however its columns are ordered, or it is refused.

The headers are those the platforms really write; the other platforms' headers, where the catalogue of them is at hand, are
refused and never taken for one of ours. What the rows then mean is not told here.
"""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import pytest
import worlds
from catalogued import FORMAT_OF, HEADERS, JD_ORDERS_2018, LEFT_TO_A_MAPPING, OLIST, PARTS, columns
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.exports.decode import Refused
from assets.exports.entries import normalise
from assets.exports.formats import load, load_all
from assets.exports.recognise import HEADER_DEPTH, Header, each_once, header_of
from assets.home import Home, UsageError

FORMATS = load_all()
MANY = settings(max_examples=60)


TMALL_REPORT = columns("订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额")
TAOBAO_LINES_14 = columns("""
子订单编号,主订单编号,商品标题,商品价格,购买数量,商家编码,商品属性,订单状态,买家应付货款,买家实付金额,买家应付邮费,
退款状态,退款金额,订单创建时间,订单付款时间
""")
OURS = {name: (FORMAT_OF[name], HEADERS[name]) for name in HEADERS if FORMAT_OF.get(name, "").startswith("taobao.")} | {
    "shopify_orders": ("shopify.orders", HEADERS["shopify_orders"])
}
OTHERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tmall": ("tmall.report", TMALL_REPORT),
    "taobao_lines_few": ("taobao.lines", TAOBAO_LINES_14),
} | OLIST
EACH = pytest.mark.parametrize(("name", "header"), [*OURS.values(), *OTHERS.values()], ids=[*OURS, *OTHERS])


def text_of(*records: Sequence[str], separator: str = ",") -> bytes:
    """Records as a file."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(records)
    return written.getvalue().encode()


def recognised(*records: Sequence[str], separator: str = ",") -> Header:
    """The header found among the records of a file."""
    return header_of(text_of(*records, separator=separator), FORMATS.values())


def refusal(*records: Sequence[str], separator: str = ",") -> str:
    """The reason a file is refused for."""
    with pytest.raises(Refused) as refused:
        recognised(*records, separator=separator)
    return refused.value.reason


# ---- Whose header it is ---------------------------------------------------------------------------


WRITTEN_HERE = {
    "taobao_orders_2016": worlds.TAOBAO_ORDERS_2016,
    "taobao_orders_2017": worlds.TAOBAO_ORDERS_2017,
    "taobao_orders_2019": worlds.TAOBAO_ORDERS_2019,
    "taobao_orders_2022": worlds.TAOBAO_ORDERS_2022,
    "taobao_lines_old": worlds.TAOBAO_LINES_10,
    "taobao_lines_2022": worlds.TAOBAO_LINES_18,
    "taobao_lines_2025_seen": worlds.TAOBAO_LINES_24,
    "taobao_refunds": worlds.TAOBAO_REFUNDS,
    "shopify_orders": worlds.SHOPIFY_ORDERS,
}


@pytest.mark.parametrize("name", WRITTEN_HERE)
def test_the_headers_of_made_up_worlds_are_the_catalogues(name: str) -> None:
    """Each is the platform's own, blanks at the ends included."""
    assert WRITTEN_HERE[name] == HEADERS[name]


@EACH
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_header_is_its_format_and_no_other(name: str, header: tuple[str, ...], separator: str) -> None:
    """Exactly one format fits, told by the header alone, whatever separates its cells."""
    found = recognised(header, ["1"] * len(header), separator=separator)
    assert (found.format.name, found.row, found.separator, len(found.names)) == (name, 1, separator, len(header))
    assert all(found.names[at] in found.format.columns for at in found.wanted)


@pytest.mark.parametrize("name", FORMAT_OF)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_every_header_of_the_catalogue_is_its_format(name: str, separator: str) -> None:
    """Each of the headers platforms were seen to write is one format's, and no other's; settlements and advertising too."""
    header = HEADERS[name]
    found = recognised(header, ["1"] * len(header), separator=separator)
    assert (found.format.name, found.row, found.separator, len(found.names)) == (FORMAT_OF[name], 1, separator, len(header))


def test_jds_header_of_2018_is_that_of_2015_with_more() -> None:
    assert recognised(JD_ORDERS_2018).format.name == "jd.orders"


@pytest.mark.parametrize("name", LEFT_TO_A_MAPPING)
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_header_left_to_a_mapping_is_an_unknown_format(name: str, separator: str) -> None:
    """Its names were seen, its rows were not: it is refused until the analyst says what they mean, and the documents say so."""
    header = HEADERS[name]
    assert refusal(header, ["1"] * len(header), separator=separator) == "unknown_format"
    assert name in (Path(__file__).parents[2] / "docs" / "formats.md").read_text()


def test_every_header_of_the_catalogue_is_accounted_for() -> None:
    """Each is one format's, or left to a mapping, or a part of another."""
    assert len(HEADERS) == 54
    assert sorted(HEADERS) == sorted([*FORMAT_OF, *LEFT_TO_A_MAPPING, *PARTS])
    assert set(FORMAT_OF.values()) <= set(FORMATS)


@st.composite
def variants(draw: st.DrawFn, name: str, header: tuple[str, ...]) -> list[str]:
    """A header with some of the columns left out that its format can do without, in any order."""
    described = FORMATS[name]
    prints = [described.recognise, *described.parts]
    needed = {column for fingerprint in prints if fingerprint for one_of in fingerprint.required for column in one_of}
    optional = [column for column in header if normalise(column) not in needed]
    dropped = draw(st.sets(st.sampled_from(optional))) if optional else set()
    return draw(st.permutations([column for column in header if column not in dropped]))


@EACH
@MANY
@given(data=st.data())
def test_columns_may_stand_in_any_order_and_optional_ones_be_missing(
    data: st.DataObject, name: str, header: tuple[str, ...]
) -> None:
    """What was chosen in the platform's export dialogue does not change what the file is."""
    chosen = data.draw(variants(name, header))
    found = recognised(chosen)
    assert found.format.name == name
    assert found.names == tuple(normalise(column) for column in chosen)


@EACH
def test_without_a_column_it_needs_a_header_is_another_format_or_none(name: str, header: tuple[str, ...]) -> None:
    """Each required name is needed: a file that lacks one is not read as if it had it."""
    described = FORMATS[name]
    fingerprints = [described.recognise] if described.recognise else list(described.parts)
    present = {normalise(column) for column in header}
    (fitting,) = [one for one in fingerprints if one and all(set(names) & present for names in one.required)]
    for one_of in fitting.required:
        kept = [column for column in header if normalise(column) not in one_of]
        try:
            assert recognised(kept).format.name != name
        except Refused as refused:
            assert refused.reason == "unknown_format"  # noqa: PT017  another format is as right as none


# ---- Where the header stands ----------------------------------------------------------------------

PREAMBLE = st.lists(
    st.lists(
        st.sampled_from(["", "店铺订单报表", "导出时间：2024-05-06", 'the "spring" sale', "订单编号", "a\nb", "1"]), max_size=4
    ),
    max_size=HEADER_DEPTH - 1,
)


@EACH
@MANY
@given(preamble=PREAMBLE)
def test_a_header_is_found_below_title_rows(preamble: list[list[str]], name: str, header: tuple[str, ...]) -> None:
    """Titles, blank rows and rows of commas above it are passed by, and what follows the header is where records begin."""
    text = text_of(*preamble, header, ["first", *["1"] * (len(header) - 1)])
    found = header_of(text, FORMATS.values())
    assert (found.format.name, found.row) == (name, len(preamble) + 1)
    assert text[found.start :].startswith(b"first,")


def test_a_header_is_not_sought_for_ever() -> None:
    """Below twenty records no header is expected."""
    assert refusal(*[["title"]] * HEADER_DEPTH, worlds.SHOPIFY_ORDERS) == "unknown_format"


def test_a_header_alone_begins_its_records_at_the_end() -> None:
    """With or without a line end after it, nothing follows."""
    for text in (text_of(worlds.SHOPIFY_ORDERS), text_of(worlds.SHOPIFY_ORDERS).rstrip()):
        assert header_of(text, FORMATS.values()).start == len(text)


# ---- How its cells are written --------------------------------------------------------------------


def wide(name: str) -> str:
    """A name in full-width letters, digits, brackets and strokes."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)


@EACH
@pytest.mark.parametrize(
    "written",
    [wide, "{} ".format, " {}".format, "\t{}\u00a0".format, "{}\u3000".format, "\ufeff{}".format, str.upper, str.swapcase],
    ids=["wide", "blank after", "blank before", "tab and NBSP", "ideographic blank", "byte order mark", "upper", "swapped case"],
)
def test_width_blanks_marks_and_case_of_a_header_cell_do_not_matter(written: object, name: str, header: tuple[str, ...]) -> None:
    """Taobao's own header cells end in blanks, and a byte order mark sticks to the first after a save."""
    assert callable(written)
    assert recognised([written(column) for column in header]).format.name == name


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("退款金额（元）", "退款金额(元)"),
        ("部分退款／全部退款", "部分退款/全部退款"),
        ("Sessions – Total", "sessions - total"),
        ("Sessions − Total", "sessions - total"),
        (" Ordered \u00a0 Product\tSales ", "ordered product sales"),
        ("\ufeff订单编号", "订单编号"),
        ("订单付款时间 ", "订单付款时间"),
        ("ＳＫＵ", "sku"),
        ("", ""),
    ],
)
def test_vintages_of_one_column_share_one_name(name: str, folded: str) -> None:
    """Width, dashes, blanks, marks and case are folded, and folding twice changes nothing."""
    assert normalise(name) == folded
    assert normalise(folded) == folded


def test_a_name_is_matched_whole_and_never_in_part() -> None:
    """`订单编号` is not in a header that only has `父订单编号`."""
    header = [f"父{column}" if column == "订单编号" else column for column in worlds.TAOBAO_ORDERS_2019]
    assert refusal(header) == "unknown_format"
    assert refusal([f"{column} (old)" for column in worlds.SHOPIFY_ORDERS]) == "unknown_format"


@EACH
def test_a_needed_column_that_stands_twice_says_the_same_or_is_refused(name: str, header: tuple[str, ...]) -> None:
    """Which of two columns was meant cannot be told unless they agree; columns that are not loaded may stand twice."""
    used = FORMATS[name].columns
    twice = next((column for column in header if normalise(column) in used), None)
    if twice is not None:
        wanted = recognised([*header, f" {twice}"]).wanted
        assert len(wanted) == len(recognised(header).wanted) + 1
        records = pl.DataFrame({column: ["1", "2"] for column in wanted.values()})
        assert set(each_once(records).columns) == set(recognised(header).wanted.values())
        with pytest.raises(Refused) as refused:
            each_once(records.with_columns(pl.Series(wanted[len(header)], ["1", "3"])))
        assert refused.value.reason == "duplicate_header"
    assert recognised([*header, "another", "another"]).wanted == recognised(header).wanted


# ---- A home's own formats -------------------------------------------------------------------------

OWN = """
title = "A platform's orders"
platform = "wechat"
[recognise]
required = ["小程序订单号", ["实付", "实付金额"]]
[clock]
layouts = ["%Y-%m-%d %H:%M:%S"]
timezone = "Asia/Shanghai"
[rows]
per = "order"
[orders]
order_id = "小程序订单号"
placed_at = "下单时间"
paid_at = "付款时间"
order_paid = ["实付", "实付金额"]
"""


def write_format(home: Home, file: str, content: str | bytes) -> Path:
    """Put a format among a home's own."""
    path = home.reference / "formats" / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def found_with(home: Home, header: Iterable[str]) -> str:
    """The format, with the home's own, that a header is."""
    return header_of(text_of(list(header)), load_all(home.reference / "formats").values()).format.name


def test_a_homes_own_format_is_recognised_beside_the_built_in_ones(home: Home) -> None:
    """A format is a file: dropped into reference/formats it is known, by any of the names it gives a column."""
    write_format(home, "wechat_orders.toml", OWN)
    for paid in ("实付", "实付金额"):
        assert found_with(home, ["小程序订单号", "下单时间", paid]) == "wechat.orders"
    assert found_with(home, worlds.SHOPIFY_ORDERS) == "shopify.orders"


def test_a_homes_own_format_replaces_the_built_in_one_of_its_name(home: Home) -> None:
    """An owner's word on a format goes before ours."""
    write_format(home, "shopify_orders.toml", OWN)
    assert found_with(home, ["小程序订单号", "实付"]) == "shopify.orders"
    with pytest.raises(Refused, match="unknown_format"):
        found_with(home, worlds.SHOPIFY_ORDERS)


def test_a_header_that_fits_two_formats_is_refused_and_none_picked(home: Home) -> None:
    """The refusal names both, whichever comes first."""
    write_format(home, "a_orders.toml", OWN)
    write_format(home, "b_orders.toml", OWN.replace('"小程序订单号", [', '"下单时间", ['))
    with pytest.raises(Refused) as refused:
        found_with(home, ["小程序订单号", "下单时间", "实付"])
    assert (refused.value.reason, refused.value.detail) == ("ambiguous_format", "a.orders, b.orders")
    assert found_with(home, ["小程序订单号", "实付"]) == "a.orders"


def test_a_forbidden_name_tells_two_formats_apart(home: Home) -> None:
    """What a header must not have is half of a fingerprint."""
    write_format(home, "a_orders.toml", OWN)
    write_format(home, "b_orders.toml", OWN.replace("required =", 'forbidden = ["实付"]\nrequired ='))
    assert found_with(home, ["小程序订单号", "实付"]) == "a.orders"


def test_the_same_formats_in_another_order_recognise_the_same() -> None:
    """No format is preferred for standing first."""
    known = list(FORMATS.values())
    for seed in range(3):
        random.Random(seed).shuffle(known)
        for name, header in (*OURS.values(), *OTHERS.values()):
            assert header_of(text_of(header), known).format.name == name


CLOCK = 'layouts = ["%Y-%m-%d %H:%M:%S"]'
WRONG = {
    "no TOML": ("= 1", "TOML"),
    "another encoding": (OWN.encode("gb18030"), "TOML"),
    "no title": (OWN.replace("title =", "titel ="), "title"),
    "a number for a word": (OWN.replace('"wechat"', "3"), "platform"),
    "an unknown key": (f"colour = 3\n{OWN}", "colour"),
    "an unknown kind of row": (OWN.replace('per = "order"', 'per = "parcel"'), "rows.per"),
    "no rows": (OWN.replace('[rows]\nper = "order"\n', ""), "[rows]"),
    "nothing to recognise it by": (OWN.replace("[recognise]", "[clock.recognise]"), "recognise"),
    "a required name that is no list": (OWN.replace('["小程序订单号", [', "[3, ["), "recognise.required"),
    "an unknown status": (f'{OWN}[statuses]\n"已付" = "payed"\n', "payed"),
    "an unknown way over lines": (OWN.replace('"下单时间"', '{ from = "下单时间", over_lines = "max" }'), "orders.placed_at"),
    "an unknown key of a column": (OWN.replace('"下单时间"', '{ form = "下单时间" }'), "orders.placed_at"),
    "an unknown key of a condition": (f'{OWN}[orders.is_test]\nany = [{{ column = "备注", iss = ["x"] }}]\n', "orders.is_test"),
    "an unknown grade": (f'{OWN}[observability.buyers]\ngrade = "good"\nhow = "x"\n', "observability.buyers.grade"),
    "a column no table has": (OWN.replace("placed_at =", "placed_on ="), "placed_on"),
    "no number of the order": (OWN.replace("order_id =", "item_count ="), "order_id"),
    "neither a status nor a time of paying": (OWN.replace('paid_at = "付款时间"\n', ""), "paid_at"),
    "a zone that is none": (OWN.replace("Asia/Shanghai", "Asia/Nowhere"), "timezone"),
    "no layout of times": (OWN.replace(CLOCK, "layouts = []"), "layouts"),
    "a layout that is none": (OWN.replace(CLOCK, 'layouts = ["%Y-%Q"]'), "layouts"),
    "a pattern that is none": (f'{OWN}[exported_at]\nfile_name = "(x"\nlayout = "%Y"\n', "exported_at.file_name"),
    "a pattern without a group": (f'{OWN}[exported_at]\nfile_name = "x"\nlayout = "%Y"\n', "exported_at.file_name"),
}


@pytest.mark.parametrize(("content", "key"), WRONG.values(), ids=WRONG)
def test_a_format_that_is_wrong_is_a_mistake_told_by_its_key(home: Home, content: str | bytes, key: str) -> None:
    """The message names the file and the key before any file is read by it: not a traceback in the middle of a landing."""
    path = write_format(home, "wechat_orders.toml", content)
    with pytest.raises(UsageError) as told:
        load(path)
    assert path.name in str(told.value)
    assert key in str(told.value)
    with pytest.raises(UsageError):
        load_all(home.reference / "formats")
