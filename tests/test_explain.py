"""What `explain` says of a file is what a run then does with it, and saying it writes nothing.

Every format and every kind of bad file is explained in a home that never read it; then the home is refreshed, and what was said
is held against the ledger and the landed rows.
"""

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
import test_bad_input as bad_input
import worlds
from homes import make_home, refreshed
from typer.testing import CliRunner
from worlds import ExportFile

from assets.explained import Explanation, explain, fates
from assets.exports.reasons import REASONS
from assets.home import Home
from assets.landed import reader
from assets.ledger import Landing, Ledger
from pipelines.cli import app

TAOBAO, MIXED = worlds.taobao_world(), worlds.mixed_world()
KINDS = ("orders", "order_lines", "refunds", "listings")

# ---- Files of every kind --------------------------------------------------------------------------


def table(store: str, name: str, text: str) -> ExportFile:
    """A file of records written here."""
    return ExportFile(store, name, text.encode())


ITEMS = """order_id,order_item_id,product_id,seller_id,price,freight_value
o1,1,p1,s1,10.00,2.00
o1,2,p2,s2,5.00,1.00
o2,1,p1,s1,10.00,x
o3,1,p1,s1,10.00,2.00
"""
ORDERS = """order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at
o1,c1,delivered,2018-01-01 10:00:00,2018-01-01 10:05:00
o2,c2,delivered,2018-01-03 10:00:00,2018-01-03 10:05:00
o3,c3,delivered,2018-02-30 10:00:00,2018-03-01 10:05:00
o9,c9,canceled,2018-01-03 10:00:00,
"""
CUSTOMERS = """customer_id,customer_unique_id,customer_state
c1,u1,SP
c2,u1,RJ
"""
PAYMENTS = "order_id,payment_sequential,payment_value\no1,1,18.00\n"
REPORT = """订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额
1,178.80,0.00,上海,2020-02-21 00:00:00,,0.00
2,21.00,21.00,内蒙古自治区,2020-02-20 23:59:54,2020-02-21 00:00:02,0.00
3,37.00,7.00,安徽省,2020-02-20 23:59:35,2020-02-20 23:59:40,30.00
4,37.00,7.00,安徽省,2020-02-20 23:59:35,2020-02-30 23:59:40,30.00
"""
SETS = (
    table("olist", "items.csv", ITEMS),
    table("olist", "orders.csv", ORDERS),
    table("olist", "customers.csv", CUSTOMERS),
    table("olist", "payments.csv", PAYMENTS),
    table("olist_partial", "items.csv", ITEMS),
    table("olist_partial", "customers.csv", CUSTOMERS),
    table("olist_twice", "items.csv", ITEMS),
    table("olist_twice", "items of may.csv", ITEMS.replace("o1", "o7")),
    table("olist_twice", "orders.csv", ORDERS),
)
REPORTS = (
    table("tmall", "订单报表.csv", REPORT),
    table("tmall_wrong", "订单报表.csv", REPORT.replace(",37.00,7.00", ",37.00,9.00")),
)
BAD = tuple(bad_input.CASES.values())


def all_files() -> list[ExportFile]:
    """Both worlds, the sets, the reports, every bad file under a name of its own, and an archive of good and bad files."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for number, file in enumerate((MIXED.files[0], BAD[0].file, *(bad.file for bad in BAD if bad.refused))):
            archive.writestr(f"folder/{number} {file.name}", file.content)
    numbered = [replace(bad.file, name=f"{number} {bad.file.name}") for number, bad in enumerate(BAD)]
    worlds_files = (*TAOBAO.files, *MIXED.files)
    return [*worlds_files, *SETS, *REPORTS, *numbered, ExportFile("archive", "several.zip", packed.getvalue())]


FILES = all_files()
PERSONAL = TAOBAO.personal_values | MIXED.personal_values


# ---- What was said, and what was done -------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A home that was explained and then refreshed: what was said of each table of each file, and what became of it."""

    home: Home
    said: dict[str, Explanation]
    done: dict[str, Landing]


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with its time and bytes, and every folder with its time."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    }


def home_with(root: Path, files: Iterable[ExportFile]) -> Home:
    """A home of both worlds' stores with some files in its inbox, nothing read yet."""
    home = make_home(root)
    worlds.World("both", (*TAOBAO.stores, *MIXED.stores), (), (), frozenset()).write(home.root)
    worlds.write_files(home.root, files)
    return home


def explained(home: Home, file: str) -> list[Explanation]:
    """What is said of a file of the inbox."""
    path = home.inbox / file
    return explain(path, file.split("/", maxsplit=1)[0], reader(home, home.key.read_bytes()))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All files explained in a home that never read one, and then read; explaining wrote nothing."""
    home = home_with(tmp_path_factory.mktemp("explained"), FILES)
    before = snapshot(home.root)
    said = [one for file in FILES for one in explained(home, f"{file.store}/{file.name}")]
    assert snapshot(home.root) == before, "explaining wrote something"
    refreshed(home)
    done = {landing.label: landing for landing in Ledger(home).landings if landing.state != "part_of_set"}
    return Told(home, {one.file: one for one in said}, done)


def landed_rows(home: Home, landing: Landing) -> dict[str, int]:
    """How many rows of each kind a landing has in the parts."""
    counts = {}
    for kind in KINDS:
        parts = home.landed.glob(f"{kind}/*.parquet")
        counts[kind] = sum(pl.read_parquet(part).filter(pl.col("landing") == landing.number).height for part in parts)
    return {kind: count for kind, count in counts.items() if count}


def by_reason(said: Explanation) -> dict[str, int]:
    """Refused rows by reason, over all columns."""
    counts: Counter[str] = Counter()
    for refusal in said.refused:
        counts[refusal["reason"]] += refusal["rows"]
    return dict(counts)


def test_every_table_of_every_file_is_told(told: Told) -> None:
    """No file, and no member of an archive, is passed over."""
    assert told.said.keys() == told.done.keys()
    assert {one.file.split("!")[0] for one in told.said.values()} == {f"{file.store}/{file.name}" for file in FILES}


def test_the_files_are_of_every_kind(told: Told) -> None:
    """No law here is true for want of cases: every format, every state, every kind of row."""
    assert {one.format for one in told.said.values()} >= {
        "taobao.orders", "taobao.lines", "taobao.lines_old", "taobao.refunds", "shopify.orders", "tmall.report", "olist.orders",
        "olist.payments", "",
    }  # fmt: skip
    assert {one.state for one in told.said.values()} == {"landed", "refused", "empty", "waiting", "companion", "parked"}
    assert {kind for one in told.said.values() for kind, count in one.landed.items() if count} == set(KINDS)
    assert {reason for one in told.said.values() for reason in one.skipped} >= {
        "blank",
        "repeated_header",
        "total_row",
        "no_line",
    }


def test_a_run_does_what_was_said(told: Told) -> None:
    """State, reason, format, encoding, moment of export, rows in, rows landed per kind, refused by reason, and skipped."""
    said = {
        file: (
            one.state, one.reason, one.format, one.encoding, one.exported_at, one.rows, by_reason(one), one.skipped,
            {kind: count for kind, count in one.landed.items() if count},
        )
        for file, one in told.said.items()
    }  # fmt: skip
    done = {
        file: (
            landing.state, landing.reason, landing.format, landing.encoding, landing.exported_at, landing.rows_in,
            landing.quarantined, landing.skipped, landed_rows(told.home, landing),
        )
        for file, landing in told.done.items()
    }  # fmt: skip
    assert said == done


def test_what_is_refused_comes_with_its_place_and_what_to_do(told: Told) -> None:
    """A refused file says what to do; refused rows name the column and the first rows, by their number in the file."""
    for one in told.said.values():
        assert bool(one.reason) == bool(one.what_to_do)
        for refusal in one.refused:
            assert refusal["what_to_do"] == REASONS[refusal["reason"]].what_to_do
    for number, bad in enumerate(BAD):
        one = told.said[f"{bad.file.store}/{number} {bad.file.name}"]
        assert [(row, refusal["reason"], refusal["column"]) for refusal in one.refused for row in refusal["first_rows"]] == list(
            bad.refused
        )


def test_the_header_and_what_becomes_of_each_column_are_told(told: Told) -> None:
    """Columns are mapped, or named as never loaded, and none is both; a personal column is only ever turned into something."""
    for file in (*TAOBAO.files, *MIXED.files):
        one = told.said[f"{file.store}/{file.name}"]
        assert one.header_row == 1
        used = {column for columns in one.mapping.values() for column in columns.split(", ")} - {"—", "derived"}
        assert used
        assert not used & set(one.not_loaded)
    orders = told.said["taobao_d/ExportOrderList202404010805.csv"]
    assert orders.mapping["orders.placed_at"] == "订单创建时间"
    assert {"收货人姓名", "联系手机", "买家留言"} <= set(orders.not_loaded)


def test_no_personal_value_is_told(told: Told) -> None:
    """Neither the first rows nor anything else of an explanation holds a name, an address, a number or an account."""
    text = "\n".join(str(one) for one in told.said.values())
    assert "sample={'orders'" in text
    assert {value for value in PERSONAL if value in text} == set()


# ---- In words -------------------------------------------------------------------------------------


def said(home: Home, file: str, *more: str) -> str:
    """What the command says, its lines joined."""
    done = CliRunner().invoke(app, ["explain", str(home.inbox / file), "--home", str(home.root), *more])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


TOTAL, WRONG = "合计,273.80,35.00,,,,60.00\n", "合计,273.80,36.00,,,,60.00\n"
SOUND = REPORT.replace("2020-02-30", "2020-02-20")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SOUND + TOTAL, " would be read, all 4 rows of data, as Tmall order report"),
        (SOUND + TOTAL, "5 below the header 4 orders 1 left out: a total of the rows above (total_row)"),
        (SOUND + "\n,,,,,,\n" + TOTAL, " would be read, all 4 rows of data, as Tmall order report"),
        (SOUND + WRONG, "already net of refunds; the total it states is not their sum."),
        (SOUND + WRONG, " would be read, all 4 rows of data"),
        (REPORT, ": 1 of its 4 rows of data would be set aside and not counted, for the reasons below; the others are read."),
        (REPORT + WRONG, "; the others are read; the total it states is not their sum."),
        (REPORT + WRONG, ": 1 of its 4 rows of data would be set aside"),
        (REPORT.replace("2020-02-2", "2020-02-4"), ": none of its 4 rows of data would be counted, for the reasons below."),
        (
            REPORT.splitlines()[0] + "\n",
            " has a header and no rows of data: nothing is counted, and nothing that was read before",
        ),
        (REPORT.splitlines()[0] + "\n" + TOTAL, " has a header and no rows of data"),
        (SOUND + "5,37.00", ": 1 of its 5 rows of data would be set aside"),
        (SOUND + "5,37.00", "✗ row 6: the file ends in the middle of this row: it was cut off"),
    ],
)
def test_a_verdict_counts_rows_of_data_alone(tmp_path: Path, text: str, told: str) -> None:
    """Totals, right and wrong, blank rows and headers are none of a file's rows of data."""
    home = home_with(tmp_path, [table("tmall", "订单报表.csv", text)])
    assert told in said(home, "tmall/订单报表.csv")


def test_what_causes_the_rest_is_told_first(tmp_path: Path) -> None:
    """Where another export begins, before the many rows below it."""
    pasted = ",".join(worlds.TAOBAO_LINES_18) + "\n" + "1,2,3,4,5,6,7,8\n" * 5
    told = said(home_with(tmp_path, [table("tmall", "a.csv", SOUND + pasted)]), "tmall/a.csv")
    assert "6 of its 10 rows of data" in told
    assert told.index("✗ row 6: the columns of another export begin here") < told.index("✗ row 7, 8, 9 … 5 rows")


@pytest.mark.parametrize(
    ("file", "store", "odd"),
    [
        ("inbox/tmall/a.csv", "tmall", ""),
        ("inbox/tmall/2026/03/a.csv", "tmall", ""),
        ("inbox/a.csv", "inbox", "where no run reads it: put it into its store's folder"),
        ("inbox/tmall/~$a.csv", "tmall", "a run passes over names that begin with ~$"),
        ("inbox/tmall/.a.csv", "tmall", "a run passes over names that begin with .:"),
        ("Downloads/a.csv", "Downloads", "name another with --store"),
    ],
)
def test_where_a_file_lies_says_whose_it_is(tmp_path: Path, file: str, store: str, odd: str) -> None:
    """And whether a run would read it there."""
    home = home_with(tmp_path, [])
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SOUND)
    told = said(home, str(path))
    assert f" store {store} " in told
    assert odd in told
    assert (" note its folder's" in told or " note a run" in told or " note it lies" in told) == bool(odd)
    assert "name another with --store" not in said(home, str(path), "--store", "tmall")


LAZADA = """orderItemId,sellerSku,lazadaSku,createTime,orderNumber,paidPrice,unitPrice,sellerDiscountTotal,shippingFee,status
1,SKU,L1,04 Jul 2022 11:46,700000000000001,9.00,10.00,1.00,0.00,delivered
"""


def test_what_stores_csv_leaves_open_is_told(tmp_path: Path) -> None:
    """A store that is not in it, and a currency that neither it nor the export states."""
    known = MIXED.stores[0].name
    home = home_with(tmp_path, [table("lazada", "a.csv", LAZADA), table(known, "a.csv", LAZADA)])
    told = said(home, "lazada/a.csv")
    assert "lazada is not in reference/stores.csv" in told
    assert "no currency is stated: say the store's in reference/stores.csv" in told
    assert " note " not in said(home, f"{known}/a.csv")


def test_a_status_that_is_not_known_can_be_made_so(tmp_path: Path) -> None:
    """As what to do says: the format's own file, with the word added, is read in its place."""
    home = home_with(tmp_path, [replace(MIXED.files[0], content=MIXED.files[0].content.replace(b",paid,", b",settled,"))])
    file = f"{MIXED.files[0].store}/{MIXED.files[0].name}"
    assert "edgewise formats NAME --toml" in said(home, file)
    own = CliRunner().invoke(app, ["formats", "shopify.orders", "--toml", "--home", str(home.root)]).output
    path = home.reference / "formats" / "shopify_orders.toml"
    path.parent.mkdir()
    path.write_text(own)
    assert "status_unknown" in said(home, file), "as it is it changes nothing"
    path.write_text(own.replace("[statuses]\n", '[statuses]\n"settled" = "paid"\n'))
    assert "status_unknown" not in said(home, file)


# ---- One row --------------------------------------------------------------------------------------


def fate(home: Home, file: str, row: int) -> str:
    """What would become of one row of a file that is one table."""
    (said,) = fates(home.inbox / file, file.split("/", maxsplit=1)[0], reader(home, home.key.read_bytes()), row)
    assert said.startswith(f"{file}, row {row}: ")
    return said.removeprefix(f"{file}, row {row}: ")


def refused_rows() -> list[tuple[bad_input.Bad, int, str, str]]:
    """Every refused row of the bad files."""
    return [(bad, *refused) for bad in BAD for refused in bad.refused]


@pytest.mark.parametrize(("bad", "row", "reason", "column"), refused_rows(), ids=[reason for _, _, reason, _ in refused_rows()])
def test_the_fate_of_a_refused_row_is_its_reason(tmp_path: Path, bad: bad_input.Bad, row: int, reason: str, column: str) -> None:
    """It names the code, the column and what to do; the rows beside it are landed."""
    home = home_with(tmp_path, [bad.file])
    told = fate(home, bad.path, row)
    assert told.startswith(f"quarantined, {reason}")
    assert column in told
    assert REASONS[reason].says in told
    for other in (row - 1, row + 1):
        assert fate(home, bad.path, other).startswith("landed as ")


@pytest.mark.parametrize("name", ["a repeated header", "a total", "a blank row"])
def test_the_fate_of_a_row_that_is_no_data_is_to_be_skipped(tmp_path: Path, name: str) -> None:
    """And so is that of a row the file does not have, or of its header."""
    bad = bad_input.CASES[name]
    home = home_with(tmp_path, [bad.file])
    assert all(fate(home, bad.path, row).startswith("skipped") for row in (1, bad_input.ROW, 10**6))
    assert fate(home, bad.path, bad_input.ROW + 1).startswith("landed as ")


def test_the_fate_of_a_row_names_what_it_lands_as(tmp_path: Path) -> None:
    """A Shopify order's first row is an order and a line, its further rows are lines."""
    home = home_with(tmp_path, MIXED.files[:1])
    header, *rows = csv.reader(io.StringIO(MIXED.files[0].content.decode(), newline=""))
    heads = [bool(row[header.index("Financial Status")]) for row in rows]
    assert {False, True} <= set(heads)
    for number, is_head in list(enumerate(heads, start=2))[:20]:
        expected = "landed as orders and order_lines" if is_head else "landed as order_lines"
        assert fate(home, f"{MIXED.files[0].store}/{MIXED.files[0].name}", number) == expected


@pytest.mark.parametrize("name", ["an unknown file", "a truncated archive", "an undecodable file"])
def test_the_fate_of_a_row_of_a_refused_file_is_the_files(tmp_path: Path, name: str) -> None:
    """No row of it is landed, and the reason says why."""
    bad = bad_input.CASES[name]
    home = home_with(tmp_path, [bad.file])
    assert fate(home, bad.path, 2) == f"the file is refused: {REASONS[bad.reason].says}"


# ---- Sets and odd places --------------------------------------------------------------------------


def states(home: Home, file: str) -> list[tuple[str, str]]:
    """What is said of a file, before and after a refresh, which must be one thing, and what a refresh did."""
    before = [(one.state, one.reason) for one in explained(home, file)]
    refreshed(home)
    done = [(one.state, one.reason) for one in Ledger(home).landings if one.file == file and one.state != "part_of_set"]
    assert before == done
    assert [(one.state, one.reason) for one in explained(home, file)] == done
    return done


def test_a_set_is_read_together_wherever_in_the_stores_folder_it_lies(tmp_path: Path) -> None:
    """A run joins all files of a store; explaining one of them in a folder of its own says so."""
    nested = [replace(file, name=f"2018/{file.name}") if file.name == "orders.csv" else file for file in SETS[:3]]
    home = home_with(tmp_path, [])
    for file in nested:
        path = home.inbox / file.store / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    assert states(home, "olist/items.csv") == [("landed", "")]


def test_files_a_run_ignores_do_not_spoil_a_set(tmp_path: Path) -> None:
    """What a spreadsheet leaves beside an open file is no second part of the set."""
    spare = [replace(SETS[0], name=f"~${SETS[0].name}"), replace(SETS[1], name=f".{SETS[1].name}")]
    assert states(home_with(tmp_path, [*SETS[:3], *spare]), "olist/items.csv") == [("landed", "")]


def test_a_file_anywhere_can_be_explained(tmp_path: Path) -> None:
    """It need not lie in an inbox yet; its store is named beside it."""
    home = home_with(tmp_path / "home", [])
    path = tmp_path / "download.csv"
    path.write_bytes(MIXED.files[0].content)
    (said,) = explain(path, MIXED.files[0].store, reader(home, bytes(32)))
    assert (said.state, said.store, said.format) == ("landed", MIXED.files[0].store, "shopify.orders")
    assert said.rows == said.landed["order_lines"] > 0


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_refused_and_nothing_fails(tmp_path: Path, kind: str) -> None:
    """A pipe would wait for ever and a link may lead anywhere; a folder named by mistake is told as one."""
    home = home_with(tmp_path, MIXED.files[:1])
    path = home.inbox / "shop" / "odd.csv"
    path.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(home.inbox / MIXED.files[0].store / MIXED.files[0].name)
    else:
        path.mkdir()
    (said,) = explained(home, "shop/odd.csv")
    assert (said.state, said.reason, said.rows) == ("refused", "not_regular_file", 0)
