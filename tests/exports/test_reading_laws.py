"""Laws of reading: no row is lost, no count is made, and nothing depends on how rows are ordered or parted into files.

Held against files that are made here and against golden files after accidents. What a value is stands in the golden tests.
"""

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from catalogued import OLIST
from golden_abroad import SHOPIFY_SESSIONS
from golden_china import CHINA, SYCM_CHANNELS, SYCM_CHANNELS_2017, SYCM_ITEM_CHANNELS, SYCM_ITEMS, SYCM_SHOP
from goldens import AN_HOUR_AGO, FORMATS, Cell, Golden, Read, account, contents_of, read, read_golden
from homes import make_home
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import ALL, ASIDE, GOLDENS, SETS, mutated

from assets.exports import opening, worker
from assets.exports.opening import Reader, Source
from assets.exports.reasons import REASONS
from assets.exports.recognise import header_of
from assets.exports.shape import Shaped
from assets.landed import Intake
from assets.ledger import Ledger
from assets.workers import Limits

TOGETHER = {
    "amazon": "amazon-order-id",
    "jd": "订单号",
    "tiktok": "Order ID",
    "taobao.lines": "主订单编号",
    "taobao.lines_old": "订单编号",
    "shopify.orders": "Name",
    "shopify.products": "Handle",
    "shopify.products_2025": "URL handle",
}
FEW = settings(max_examples=8)
SOME = settings(max_examples=25)


def fates(found: Read) -> Counter[tuple[str, str]]:
    """How many rows were refused for each reason and column, and skipped for each reason."""
    told: Counter[tuple[str, str]] = Counter()
    for landing, shaped in found:
        told.update({("skipped", reason): count for reason, count in landing.skipped.items()})
        if shaped is not None:
            told.update(shaped.problems.select("reason", "column").rows())
    return told


# ---- Order and parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOLDENS)
@FEW
@given(seed=st.integers(0, 1 << 30))
def test_any_order_of_rows_lands_the_same(tmp_path_factory: pytest.TempPathFactory, name: str, seed: int) -> None:
    """Rows that belong together, of an order without line numbers or a product, keep their order among themselves."""
    golden, folder = GOLDENS[name], tmp_path_factory.mktemp("order")
    key = next((column for start, column in TOGETHER.items() if golden.format == start or name.startswith(f"{start}.orders")), "")
    groups: dict[object, list[dict[str, Cell]]] = {}
    golden = golden.with_rows([row for row in golden.rows if row])  # a blank row at a workbook's end is none
    for number, row in enumerate(golden.rows):
        groups.setdefault(row.get(key, number) if key else number, []).append(dict(row))
    shuffled = list(groups.values())
    random.Random(seed).shuffle(shuffled)
    found = read(folder, golden.content, golden.name)
    other = read(folder, golden.with_rows([row for group in shuffled for row in group]).content, golden.name)
    assert contents_of(other) == contents_of(found)
    assert fates(other) == fates(found)


def days_of(count: int) -> list[date]:
    """So many days in a row."""
    return [date(2026, 3, 30) + timedelta(days=n) for n in range(count)]


COUNTS = st.integers(0, 99_999).map(lambda n: f"{n:,}") | st.integers(0, 999) | st.just("-") | st.just("1.5万")


@SOME
@given(data=st.data(), count=st.integers(2, 5))
@pytest.mark.parametrize("golden", [SYCM_ITEMS, SYCM_SHOP, SHOPIFY_SESSIONS], ids=["items", "shop", "sessions"])
def test_a_report_of_days_cut_into_files_lands_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, golden: Golden, count: int
) -> None:
    """Whether all days are in one file or each in its own, in whatever order they come."""
    folder = tmp_path_factory.mktemp("days")
    day, visits = (
        ("Day", "Sessions") if golden is SHOPIFY_SESSIONS else ("统计日期", golden.header[8 if golden is SYCM_ITEMS else 1])
    )
    rows: dict[date, list[dict[str, Cell]]] = {}
    for when in days_of(count):
        items = range(data.draw(st.integers(1, 3))) if golden is SYCM_ITEMS else range(1)
        own = [{"商品ID": f"98800000000{item}"} if golden is SYCM_ITEMS else {} for item in items]
        rows[when] = [one | {day: str(when), visits: data.draw(COUNTS)} for one in own]
    whole = read(folder, golden.with_rows([row for of in rows.values() for row in of]).content, "whole.xls")
    parts = [found for when, of in rows.items() for found in read(folder, golden.with_rows(of).content, f"{when}.xls")]
    assert contents_of(parts) == contents_of(whole)
    assert fates(parts) == fates(whole)


REPORTS = [name for name, golden in GOLDENS.items() if (rows := FORMATS[golden.format].rows) and rows.per == "seen"]


@pytest.mark.parametrize("name", REPORTS)
@FEW
@given(seeds=st.lists(st.integers(0, 1 << 30), min_size=2, max_size=4))
def test_files_read_together_land_as_each_by_itself(
    tmp_path_factory: pytest.TempPathFactory, name: str, seeds: list[int]
) -> None:
    """Whole ones beside others after accidents: the same rows, books and refusals; a bad file falls out alone."""
    folder = tmp_path_factory.mktemp("together")
    golden = GOLDENS[name]
    files = [(golden.name, golden.content)] * 2 + [mutated(name, seed) for seed in seeds]
    sources = []
    for at, (file, content) in enumerate(files):
        path = folder / str(at) / file
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        sources.append(Source(path, "shop", f"shop/{at}/{file}", len(content), 0))
    reader = Reader(folder / "landed", FORMATS, {}, bytes(32))
    together = worker.read_unit(worker.Unit(1, tuple(sources)), reader)
    apart = [one for source in sources for one in worker.read_unit(worker.Unit(1, (source,)), reader)]
    assert len(together) == len(apart)
    for (landing, shaped), (alone, shaped_alone) in zip(together, apart, strict=True):
        account(landing, shaped)
        assert replace(landing, number=0) == replace(alone, number=0)
        if shaped is None or shaped_alone is None:
            assert shaped is shaped_alone
            continue
        assert shaped.problems.equals(shaped_alone.problems)
        for kind, frame in shaped.kinds.items():
            assert frame["landing"].unique().to_list() in ([], [landing.number])
            assert frame.drop("landing").equals(shaped_alone.kinds[kind].drop("landing")), kind


def test_a_daily_folder_is_shaped_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of one layout go through one call, however many: what Polars takes for a call is paid once."""
    whole, calls = worker.observed, []
    monkeypatch.setattr(worker, "observed", lambda *given_: (calls.append(len(given_[2])), whole(*given_))[1])
    sources = []
    for when in days_of(9):
        path = tmp_path / f"{when}.xls"
        path.write_bytes(SYCM_ITEMS.with_rows([{"统计日期": str(when)}]).content)
        sources.append(Source(path, "shop", f"shop/{path.name}", path.stat().st_size, 0))
    found = worker.read_unit(worker.Unit(1, tuple(sources)), Reader(tmp_path, FORMATS, {}, bytes(32)))
    assert [landing.state for landing, _ in found] == ["landed"] * 9
    assert calls == [9]


# ---- No count is made ---------------------------------------------------------------------------------


def naive(cell: Cell | None) -> Decimal:
    """A count as a person reads it; what says nothing counts nothing."""
    told = str(cell).strip().replace(",", "") if cell is not None else ""
    if told in ("", "-"):
        return Decimal(0)
    return Decimal(told.removesuffix("万")) * (10_000 if told.endswith("万") else 1)


def test_people_a_report_leaves_empty_stay_unknown(tmp_path: Path) -> None:
    """Also beside rows that are added up, whose people may be the same and so are unknown too."""
    seen: list[tuple[str, Cell]] = [("1", 4), ("1", 5), ("2", "-"), ("3", 7)]
    rows = [{"统计日期": "2026-04-19", "商品ID": item, "商品访客数": people} for item, people in seen]
    _, shaped = read_golden(tmp_path, SYCM_ITEMS.with_rows(rows))
    assert dict(shaped.kinds["traffic"].select("product_id", "visitors").iter_rows()) == {"1": None, "2": None, "3": 7}


def visitors(shaped: Shaped) -> int:
    """All visitors that landed."""
    return int(shaped.kinds["traffic"]["visitors"].sum())


Tree = dict[str, "Tree | Cell"]
NAMES = st.sampled_from(["手淘搜索", "直通车", "我的淘宝", "站外", "短视频", "直播", "购物车", "商品导流", "汇集", "Total站"])


def trees(depth: int) -> st.SearchStrategy[Tree]:
    """Sources within sources; what is no further parted is a count of visitors."""
    leaf = st.integers(0, 5_000).map(lambda n: f"{n:,}" if n % 2 else n) | st.just("-")
    below: st.SearchStrategy[Tree | Cell] = leaf if depth == 1 else leaf | trees(depth - 1)
    return st.dictionaries(NAMES, below, min_size=1, max_size=3)


def listed(
    tree: Tree | Cell, path: tuple[str, ...], depth: int, fill: random.Random
) -> tuple[list[tuple[tuple[str, ...], Cell]], Decimal]:
    """The rows a report lists of a tree, the totals of every level too, and the visitors of its leaves together."""
    if not isinstance(tree, dict):
        how = fill.choice(["汇总", "-", "again"]) if path and len(path) < depth else "汇总"
        rows = [((*path, *[path[-1] if how == "again" else how] * (depth - len(path))), tree)]
        if how == "again" and fill.random() < 0.7:
            rows += [((*path, *[path[-1]] * n, *["汇总"] * (depth - len(path) - n)), tree) for n in range(depth - len(path))]
        return rows, naive(tree)
    found: list[tuple[tuple[str, ...], Cell]] = []
    total = Decimal(0)
    for name, below in tree.items():
        rows, sum_below = listed(below, (*path, name), depth, fill)
        found, total = found + rows, total + sum_below
    if fill.random() < 0.8:
        found.insert(0, ((*path, *["汇总"] * (depth - len(path))), f"{total + 7:,}"))
    return found, total


@SOME
@given(tree=trees(4), seed=st.integers(0, 1 << 30), carrier=st.booleans())
@pytest.mark.parametrize("golden", [SYCM_CHANNELS, SYCM_ITEM_CHANNELS, SYCM_CHANNELS_2017], ids=["shop", "item", "2017"])
def test_the_leaves_of_a_report_are_counted_once(
    tmp_path_factory: pytest.TempPathFactory, golden: Golden, tree: Tree, seed: int, carrier: bool
) -> None:
    """Totals stand at every level or at some, leaves repeat their name or say 汇总 below: what lands is the leaves' sum."""
    levels = [name for name in golden.header if name.endswith("来源") or name == "来源明细"]
    if len(levels) < 4:
        tree = {name: {"a": 5, "b": "1,006"} if isinstance(below, dict) else below for name, below in tree.items()}
    of = random.Random(seed)
    rows, total = listed(tree, (), len(levels), of)
    of.shuffle(rows)
    lines: list[dict[str, Cell]] = [{**dict(zip(levels, path, strict=True)), "访客数": cell} for path, cell in rows]
    if golden is SYCM_CHANNELS:
        lines = [line | {"流量载体": "全店流量"} for line in lines]
        lines += [line | {"流量载体": "商品详情页"} for line in lines] if carrier else []
    _, shaped = read_golden(tmp_path_factory.mktemp("tree"), golden.with_rows(lines))
    assert visitors(shaped) == total


@SOME
@given(rows=st.lists(st.tuples(COUNTS, st.sampled_from(["主商品", "子商品", "-"]), st.booleans()), min_size=1, max_size=12))
def test_the_visitors_of_items_are_those_of_their_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Cell, str, bool]]
) -> None:
    """Neither a part of an item nor a week is counted beside what it is part of."""
    lines: list[dict[str, Cell]] = [
        {
            "统计日期": "2026-04-13 ~ 2026-04-19" if week else "2026-04-19",
            "商品ID": str(988000000000 + n),
            "商品类型": kind,
            "商品访客数": count,
        }
        for n, (count, kind, week) in enumerate(rows)
    ]
    _, shaped = read_golden(tmp_path_factory.mktemp("items"), SYCM_ITEMS.with_rows(lines))
    assert visitors(shaped) == sum(naive(count) for count, kind, week in rows if kind != "子商品" and not week)


@pytest.mark.parametrize("name", [name for name in CHINA if name.startswith("sycm") or name == "pdd.items"])
def test_no_cell_of_a_golden_report_is_read_as_another(tmp_path: Path, name: str) -> None:
    """Every count that landed of a row is what a naive reader reads in the same row of the file."""
    golden = GOLDENS[name]
    column = next(column for column in ("商品访客数", "访客数") if column in golden.header)
    landing, shaped = read_golden(tmp_path, golden)
    top = len(golden.lines) - len(golden.rows)
    for row, count in shaped.kinds["traffic"].select("row", "visitors").rows():
        assert (count or 0) == naive(golden.lines[row - 1][golden.header.index(column)]), (row, top, landing.label)


# ---- Every row has a fate, whatever happened to a file -----------------------------------------------------


OFTEN = range(28)  # seeds; `make soak` has a hundred more
OLISTS_OTHERS = [f"olist {part}" for part, (name, _) in OLIST.items() if name != "olist.orders"]


def survive(tmp_path: Path, name: str, seeds: range) -> Counter[str]:
    """Read a golden file after accidents: nothing is raised, nothing fails, every row is accounted for."""
    states: Counter[str] = Counter()
    for seed in seeds:
        file, content = mutated(name, seed)
        assert content != ALL[name].content, (name, seed)
        for landing, _ in read(tmp_path, content, file):
            assert landing.reason != "reader_failed", (name, seed, landing.detail)
            states[landing.state] += 1
    return states


@pytest.mark.parametrize("name", ALL)
def test_every_row_of_a_damaged_file_has_a_fate(tmp_path: Path, name: str) -> None:
    """Cells and bytes that are others, columns and rows that are missing: it lands, or is refused for a reason."""
    states = survive(tmp_path, name, OFTEN)
    read_as = "parked" if name in ASIDE or name in OLISTS_OTHERS else "part_of_set" if name in SETS else "landed"
    assert states[read_as], "the accidents are such that some of it is still read"


def test_accidents_happen_to_every_format_and_often_enough() -> None:
    """Two thousand files and more, of every format there is, whether it lands or not; and each time other ones."""
    of = {name: header_of(golden.content, FORMATS.values()).format.name for name, golden in SETS.items()}
    of |= {name: golden.format or name for name, golden in (GOLDENS | ASIDE).items()}
    assert set(of.values()) == set(FORMATS)
    assert set(ALL) >= set(of)
    assert len(ALL) * len(OFTEN) >= 2_000
    for name in ("taobao.orders", "olist items", "sycm.items"):
        assert len({mutated(name, seed)[1] for seed in OFTEN}) == len(OFTEN)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(5))
@pytest.mark.parametrize("name", ALL)
def test_every_row_of_very_many_damaged_files_has_a_fate(tmp_path: Path, name: str, block: int) -> None:
    """The same, for thousands."""
    survive(tmp_path, name, range(1_000 + block * 20, 1_020 + block * 20))


def landed_together(tmp_path: Path, seeds: range) -> Counter[str]:
    """Land damaged files of every kind together as a run does: none stops another, and each keeps its books and its reason.

    Their workers may die of them; the memory of each is capped, so that none takes the machine's.
    """
    home = make_home(tmp_path / "home")
    for seed in seeds:
        name = random.Random(seed).choice(list(ALL))
        file, content = mutated(name, seed, biff=True)
        path = home.inbox / "shop" / f"{seed}" / file
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        os.utime(path, ns=(AN_HOUR_AGO, AN_HOUR_AGO))
    with Intake(home, Limits(workers=2, bytes_per_worker=1 << 30)) as intake:
        intake.finish()
    ledger = Ledger(home)
    assert {landing.file.split("/")[1] for landing in ledger.landings} == {str(seed) for seed in seeds}
    parts = [(part.kind, home.landed / part.file) for entry in ledger.entries for part in entry.parts]
    rows = [pl.read_parquet(path, columns=["landing", "row"]) for kind, path in parts if kind != "quarantine"]
    stand = dict(pl.concat(rows).unique().group_by("landing").len().iter_rows())
    for landing in ledger.landings:
        assert not landing.reason or landing.reason in REASONS
        assert landing.reason != "reader_failed", landing
        if landing.state in ("landed", "duplicate"):
            fates = stand.get(landing.number, 0) + sum(landing.quarantined.values()) + sum(landing.skipped.values())
            assert landing.rows_in == fates + landing.kept_as_companion, landing
    return Counter(landing.reason or landing.state for landing in ledger.landings)


def test_damaged_files_that_are_landed_together_keep_their_books(tmp_path: Path) -> None:
    """Some dozens; workbooks of damaged records among them."""
    assert landed_together(tmp_path, range(40))["landed"]


@pytest.mark.soak
@pytest.mark.parametrize("block", range(10))
def test_very_many_damaged_files_that_are_landed_together_keep_their_books(tmp_path: Path, block: int) -> None:
    """A thousand."""
    landed_together(tmp_path, range(1_000 + block * 100, 1_100 + block * 100))


# ---- The program's own failures ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["members", "contents", "header_of", "stated_day", "_records", "observed", "accounted"])
def test_a_failure_of_the_reader_costs_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """It is refused by the error's type; what the error says may quote a row, and is told nowhere.

    What is done to both files together fails twice: for both, and then for the first alone.
    """
    module = worker if hasattr(worker, step) else opening
    whole = getattr(module, step)
    calls: list[object] = []

    def failing(*given_: object, **named: object) -> object:
        calls.append(given_)
        if len(calls) <= (2 if step in ("observed", "accounted") else 1):
            raise LookupError("李某 13800001234")
        return whole(*given_, **named)

    monkeypatch.setattr(module, step, failing)
    sources = []
    for name in ("a 2026-04-19.xls", "b 2026-04-19.xls"):
        path = tmp_path / name
        path.write_bytes(SYCM_CHANNELS.content)
        sources.append(Source(path, "shop", f"shop/{name}", path.stat().st_size, path.stat().st_mtime_ns))
    found = worker.read_unit(worker.Unit(1, tuple(sources)), Reader(tmp_path, FORMATS, {}, bytes(32)))
    (failed, nothing), (landed, _) = found
    assert (failed.state, failed.reason, failed.detail, nothing) == ("refused", "reader_failed", "LookupError", None)
    assert landed.state == "landed"
    assert failed.number != landed.number
    assert "13800001234" not in str(found[0])


class PanicException(BaseException):
    """What a library in Rust raises where it should not."""


@pytest.mark.parametrize(
    ("error", "is_told"), [(PanicException, True), (RecursionError, True), (MemoryError, False), (KeyboardInterrupt, False)]
)
def test_running_out_of_memory_and_being_stopped_are_no_verdict_on_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], is_told: bool
) -> None:
    """They go on up, to whoever reads the files of a unit one by one, or ends."""

    def failing(*_: object) -> object:
        raise error("李某")

    monkeypatch.setattr(worker, "observed", failing)
    if not is_told:
        with pytest.raises(error):
            read(tmp_path, SYCM_CHANNELS.content, SYCM_CHANNELS.name)
        return
    ((landing, _),) = read(tmp_path, SYCM_CHANNELS.content, SYCM_CHANNELS.name)
    assert (landing.reason, landing.detail) == ("reader_failed", error.__name__)


def test_a_total_of_another_width_is_a_total_whatever_separates_its_cells(tmp_path: Path) -> None:
    """Some platforms write a total as a short row below the others."""
    golden = GOLDENS["pdd.items"]
    for separator, end in ((",", ",99\r\n"), ("\t", "\t99\r\n"), (";", ";99\r\n")):
        content = f"{separator.join(golden.header)}\r\n合计{end}".encode()
        ((landing, _),) = read(tmp_path, content, golden.name)
        assert (landing.rows_in, landing.skipped, landing.quarantined) == (1, {"total_row": 1}, {}), separator
