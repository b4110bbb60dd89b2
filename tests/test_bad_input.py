"""One bad file or row costs nothing but itself: it ends with a documented reason, and every good row counts as before.

Each case is a whole refresh over a made-up world and one bad file. The bad rows lie in copies of good exports, under orders of
their own, so that one that slipped through would change a sum; and they are as full of personal data as good ones are.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import duckdb
import polars as pl
import pytest
import worlds
from homes import Digests, make_home, published_digests, refreshed
from worlds import ExportFile

from assets import published
from assets.exports.reasons import REASONS
from assets.home import Home
from assets.ledger import Landing, Ledger

WORLD = worlds.mixed_world()
TAOBAO = "taobao_d"
ORDERS, LINES, REFUNDS = "ExportOrderList", "ExportOrderDetailList", "退款导出"
NEW_ORDER = "190999000000000017"
AT = 4  # rows above a bad one
ROW = AT + 2  # its number in the file, whose header is row 1

# ---- Bad files ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bad:
    """A bad file and what must become of it: its state and reason, its refused and skipped rows, and how many are good."""

    file: ExportFile
    state: str
    reason: str = ""
    refused: tuple[tuple[int, str, str], ...] = ()  # row, reason, column
    skipped: dict[str, int] = field(default_factory=dict)
    good_rows: int = 0

    @property
    def path(self) -> str:
        """The file as the inbox names it."""
        return f"{self.file.store}/{self.file.name}"

    @property
    def reasons(self) -> set[str]:
        """All that an operator must be told."""
        return {reason for _, reason, _ in self.refused} | ({self.reason} - {""})


Rows = list[list[str]]


def export(name: str) -> tuple[list[str], Rows]:
    """Header and rows of the newest good export whose name starts so."""
    newest = max((file for file in WORLD.files if file.name.startswith(name)), key=lambda file: file.name)
    encoding = "utf-8-sig" if newest.content.startswith(b"\xef\xbb\xbf") else "gb18030"
    header, *rows = csv.reader(io.StringIO(newest.content.decode(encoding), newline=""))
    return header, rows


def as_file(name: str, header: list[str], rows: Rows) -> ExportFile:
    """An export of the Taobao store, made after all others; one of lines as late as its orders."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    stamp = "202405061745 (9)" if name == LINES else "202405070900"
    return ExportFile(TAOBAO, f"{name}{stamp}.csv", text.getvalue().encode("gb18030"))


def with_row(made: str, **cells: str) -> Bad:
    """A later copy of a good export with one row more, which is another order's but for some cells; not refused yet."""
    header, rows = export(made)
    names = [name.strip() for name in header]
    bad = dict(zip(names, rows[AT], strict=True)) | {name: NEW_ORDER for name in names if name.endswith("订单编号")} | cells
    file = as_file(made, header, [*rows[:AT], [bad[name] for name in names], *rows[AT:]])
    return Bad(file, "landed", good_rows=len(rows))


def refused_row(made: str, reason: str, column: str, cell: str) -> Bad:
    """A good export with a row that is refused for one cell."""
    bad = with_row(made, **{column: cell})
    return Bad(bad.file, "landed", refused=((ROW, reason, column),), good_rows=bad.good_rows)


def inserted(made: str, fate: str, row: Callable[[list[str]], list[str]]) -> Bad:
    """A good export with a row that is no row of data."""
    header, rows = export(made)
    file = as_file(made, header, [*rows[:AT], row(header), *rows[AT:]])
    return Bad(file, "landed", skipped={fate: 1}, good_rows=len(rows))


def unquoted_comma() -> Bad:
    """A title whose comma lost its quotes."""
    bad = with_row(LINES, 标题="陶瓷马克杯@ 350ml")
    file = ExportFile(TAOBAO, bad.file.name, bad.file.content.replace(b"@ 350ml", b", 350ml", 1))
    return Bad(file, "landed", refused=((ROW, "row_width", ""),), good_rows=bad.good_rows)


def cut_archive() -> bytes:
    """An archive of a good export, its download broken off."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", WORLD.files[0].content)
    return packed.getvalue()[:-100]


def blank(header: list[str]) -> list[str]:
    """A row of empty cells."""
    return [""] * len(header)


def total(header: list[str]) -> list[str]:
    """The total a platform writes below its rows."""
    return ["合计" if at == 0 else "99999.00" if "买家应付货款" in name else "" for at, name in enumerate(header)]


CASES = {
    "an unknown file": Bad(
        ExportFile(TAOBAO, "客服聊天.csv", "时间,客服,内容\n2024-05-01,甲,你好\n".encode()), "refused", "unknown_format"
    ),
    "an undecodable file": Bad(
        ExportFile(TAOBAO, "坏编码.csv", as_file(ORDERS, *export(ORDERS)).content + b"\xff\xff\n"), "refused", "encoding_failed"
    ),
    "a truncated archive": Bad(ExportFile(TAOBAO, "断开的下载.zip", cut_archive()), "refused", "archive_corrupt"),
    "a damaged number": refused_row(ORDERS, "id_lost_precision", "订单编号", "3.3E+18"),
    "an impossible date": refused_row(ORDERS, "date_unreadable", "订单创建时间", "2024-02-30 10:00:00"),
    "a negative quantity": refused_row(LINES, "quantity_negative", "购买数量", "-1"),
    "a repeated header": inserted(ORDERS, "repeated_header", list),
    "a total": inserted(ORDERS, "total_row", total),
    "an unknown status": refused_row(ORDERS, "status_unknown", "订单状态", "交易冻结"),
    "a blank row": inserted(LINES, "blank", blank),
    "an unquoted comma": unquoted_comma(),
    "a refund without its number": refused_row(REFUNDS, "id_missing", "退款编号", ""),
    "an amount that is none": refused_row(ORDERS, "money_unreadable", "买家应付货款", "12.345"),
    "a header alone": Bad(as_file(ORDERS, export(ORDERS)[0], []), "landed"),
    "an empty file": Bad(ExportFile(TAOBAO, "空.csv", b""), "empty"),
}
LATER = ("an unknown file", "an unquoted comma", "a total", "an empty file")
EACH = pytest.mark.parametrize("bad", CASES.values(), ids=CASES)


def together() -> list[Bad]:
    """As many cases as the command's warnings name, under names of their own, to be dropped at once."""
    made = []
    unnamed = ("a refund without its number", "an amount that is none")
    for number, bad in enumerate(bad for name, bad in CASES.items() if name not in unnamed):
        name = bad.file.name.replace("202405070900", f"20240507{number:04d}").replace("(9)", f"({number})")
        made.append(
            Bad(ExportFile(TAOBAO, name, bad.file.content), bad.state, bad.reason, bad.refused, bad.skipped, bad.good_rows)
        )
    return made


# ---- Homes ----------------------------------------------------------------------------------------


def with_files(root: Path, *files: ExportFile) -> Home:
    """A home with the world's files, and more."""
    home = make_home(root)
    WORLD.write(home.root)
    worlds.write_files(home.root, files)
    return home


@cache
def without_any_bad_file() -> Digests:
    """What all tables hold where there are only good files."""
    with tempfile.TemporaryDirectory() as folder:
        home = with_files(Path(folder))
        refreshed(home)
        return business(home)


def business(home: Home) -> Digests:
    """Rows and digest of every table but those that list what was refused."""
    return {name: digest for name, digest in published_digests(home).items() if name != "quarantine"}


def landing_of(home: Home, bad: Bad) -> Landing:
    """The one landing of a bad file."""
    (landing,) = [landing for landing in Ledger(home).landings if landing.file == bad.path]
    return landing


def assert_told(home: Home, bad: Bad) -> None:
    """What the published tables and the ledger say of a bad file is what must have become of it."""
    with published.open_published(home) as database:
        (told,) = database.execute(
            "select state, reason, rows_in, kept + superseded, quarantined, skipped, what_to_do from files where file = ?",
            [bad.path],
        ).fetchall()
        refused = database.execute(
            'select row, reason, "column", what_to_do from quarantine where file = ?', [bad.path]
        ).fetchall()
    rows = (
        bad.good_rows + len(bad.refused) + sum(bad.skipped.values()),
        bad.good_rows,
        len(bad.refused),
        sum(bad.skipped.values()),
    )
    assert told[:6] == (bad.state, bad.reason or None, *rows)
    assert bad.reasons <= set(REASONS)
    assert (told[6] is not None) == bool(bad.reason)
    assert [row[:3] for row in refused] == list(bad.refused)
    assert all(what_to_do for *_, what_to_do in refused)
    assert landing_of(home, bad).skipped == bad.skipped


def unaccounted(home: Home) -> list[tuple[object, ...]]:
    """Files whose rows are not each kept, superseded, refused or skipped."""
    with published.open_published(home) as database:
        return database.execute("from files where rows_in <> kept + superseded + quarantined + skipped").fetchall()


# ---- The laws -------------------------------------------------------------------------------------


@EACH
def test_a_bad_file_ends_with_its_reason_and_changes_no_number(tmp_path: Path, bad: Bad) -> None:
    """Publishing goes on; the bad is listed with its row and column; its good rows land, and every table is as without it."""
    home = with_files(tmp_path / "home", bad.file)
    assert refreshed(home).number == 1
    assert_told(home, bad)
    assert unaccounted(home) == []
    assert business(home) == without_any_bad_file()


@pytest.mark.parametrize("bad", [CASES[name] for name in LATER], ids=LATER)
def test_a_bad_file_that_comes_later_changes_no_number_either(tmp_path: Path, bad: Bad) -> None:
    """Into a home that has published before, as on any other night; and the night after has nothing to do."""
    home = with_files(tmp_path / "home")
    refreshed(home)
    worlds.write_files(home.root, [bad.file])
    assert refreshed(home).number == 2
    assert_told(home, bad)
    assert business(home) == without_any_bad_file()
    entries = len(Ledger(home).entries)
    refreshed(home)
    assert len(Ledger(home).entries) == entries, "a file that was read is read again"


def test_the_copies_are_read_so_that_a_bad_row_would_count(tmp_path: Path) -> None:
    """No law here is true for want of a difference: the same row without its fault is an order more."""
    home = with_files(tmp_path / "home", with_row(ORDERS).file)
    refreshed(home)
    assert business(home) != without_any_bad_file()


# ---- A row that is lost must not make a sum that looks right --------------------------------------


def two_lines(second: str, price: str = "15.00") -> ExportFile:
    """Two Shopify orders, the first of two lines, the second line's title as given."""
    cells = {
        "Financial Status": "paid", "Paid at": "2024-05-01 10:00:00 -0400", "Currency": "USD", "Subtotal": "25.00",
        "Shipping": "0.00", "Taxes": "0.00", "Discount Amount": "0.00", "Outstanding Balance": "0.00", "Refunded Amount": "0.00",
    }  # fmt: skip
    line = {"Created at": "2024-05-01 09:00:00 -0400", "Lineitem quantity": "1", "Lineitem requires shipping": "true"}
    rows = [
        cells | line | {"Name": "#1", "Total": "25.00", "Lineitem name": "Tee", "Lineitem price": "10.00", "Lineitem sku": "A"},
        line | {"Name": "#1", "Lineitem name": second, "Lineitem price": price, "Lineitem sku": "B"},
        cells | line | {"Name": "#2", "Total": "10.00", "Lineitem name": "Tee", "Lineitem price": "10.00", "Lineitem sku": "A"},
    ]
    header = worlds.SHOPIFY_ORDERS
    text = "".join(
        ",".join(row.get(name, "") for name in header) + "\n" for row in (dict(zip(header, header, strict=True)), *rows)
    )
    return ExportFile("shop", "orders_export.csv", text.encode())


def of_the_day(root: Path, file: ExportFile) -> tuple[object, ...]:
    """Orders, gross, goods after discounts, what was paid, and orders whose lines are known, of the one day of a home."""
    home = make_home(root)
    (home.reference / "stores.csv").write_text(
        "store,platform,timezone,currency,name,group\nshop,shopify,America/New_York,CNY,shop,\n"
    )
    worlds.write_files(home.root, [file])
    refreshed(home)
    with published.open_published(home) as database:
        (sums,) = database.execute(
            """select paid_orders, gross_sales, discounted_sales, paid_amount, orders_with_lines
               from store_metrics where basis = 'paid' and grain = 'day'"""
        ).fetchall()
    return tuple(None if value is None else float(value) for value in sums)


@pytest.mark.parametrize(
    ("title", "price"), [("Mug, big", "15.00"), ("Mug", "abc"), ("Mug", "15.005")], ids=["comma", "no amount", "three places"]
)
def test_an_order_of_which_a_line_is_refused_has_no_sum_of_its_other_lines(tmp_path: Path, title: str, price: str) -> None:
    """Whatever the line was refused for, its order's lines are unknown: a partial sum would be wrong and look right."""
    assert of_the_day(tmp_path, two_lines(title, price)) == (2, None, None, 35, 1)


@pytest.mark.parametrize("title", ["Mug", "Total", "Grand Total", "合计"])
def test_a_line_is_no_total_for_what_its_title_is(tmp_path: Path, title: str) -> None:
    """A row with an order's number and a price is a line, and counts, though the thing sold is called Total."""
    assert of_the_day(tmp_path, two_lines(title)) == (2, 35, 35, 35, 2)


# ---- Personal data --------------------------------------------------------------------------------

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
OWN_FOLDERS = ("landed", "warehouse", "published", "dagster")


def personal_in_bytes(content: bytes) -> set[str]:
    """The world's personal values that stand in some bytes, in any encoding."""
    return {value for value in WORLD.personal_values for encoding in ENCODINGS if value.encode(encoding) in content}


def personal_in_text(text: str) -> set[str]:
    """The world's personal values that stand in a text."""
    return {value for value in WORLD.personal_values if value in text}


def cells_of(home: Home) -> Iterator[tuple[str, str]]:
    """Every column of every table edgewise keeps, as text, with where it is."""
    for path in (*home.published.glob("*.duckdb"), *home.warehouse.glob("*.duckdb")):
        with duckdb.connect(str(path), read_only=True) as database:
            columns = database.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where not internal"
            ).fetchall()
            for schema, table, column in columns:
                values = database.execute(f'select distinct "{column}"::varchar from "{schema}"."{table}"').fetchall()
                yield f"{path.name} {schema}.{table}.{column}", "\n".join(str(value) for (value,) in values)
    for path in home.landed.rglob("*.parquet"):
        for column in pl.read_parquet(path).cast(pl.String).iter_columns():
            yield f"{path.name} {column.name}", "\n".join(str(value) for value in column.unique())


def assert_nothing_personal(home: Home, output: str = "") -> None:
    """Nothing that edgewise wrote holds a personal value: no byte of a file, no cell of a table, no word of output."""
    files = [path for folder in OWN_FOLDERS for path in (home.root / folder).rglob("*") if path.is_file()]
    assert {path.name: found for path in files if (found := personal_in_bytes(path.read_bytes()))} == {}
    assert {where: found for where, text in cells_of(home) if (found := personal_in_text(text))} == {}
    assert personal_in_text(output) == set()
    names = "\n".join(path.as_posix() for path in home.root.rglob("*") if "inbox" not in path.parts)
    assert personal_in_text(names) == set()


def test_the_scan_finds_what_there_is_to_find(tmp_path: Path) -> None:
    """The inbox is full of personal data, and a value planted anywhere is found."""
    assert len(WORLD.personal_values) > 100
    assert personal_in_bytes(b"".join(file.content for file in WORLD.files)) == WORLD.personal_values
    value = min(WORLD.personal_values)
    assert all(personal_in_bytes(f"a{value}b".encode(encoding)) >= {value} for encoding in ENCODINGS)
    home = make_home(tmp_path)
    (home.landed / "orders").mkdir()
    pl.DataFrame({"a": [value]}).write_parquet(home.landed / "orders" / "x.parquet")
    assert [where for where, text in cells_of(home) if personal_in_text(text)] == ["x.parquet a"]


# ---- The command ----------------------------------------------------------------------------------


def test_the_command_publishes_tells_every_reason_and_no_personal_data(tmp_path: Path) -> None:
    """Many bad files at once: exit 0, and warnings that name each reason."""
    cases = together()
    home = with_files(tmp_path / "home", *[bad.file for bad in cases])
    home.toml.write_text("workers = 1\n")
    command = [str(Path(sys.executable).parent / "edgewise"), "run", "--home", str(home.root)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EDGEWISE_", "DAGSTER_"))}
    done = subprocess.run(command, capture_output=True, text=True, env=clean | {"COLUMNS": "600"}, check=False)
    assert done.returncode == 0, done.stderr
    for bad in cases:
        assert_told(home, bad)
        assert all(reason in done.stderr for reason in bad.reasons)
    assert "Traceback" not in done.stdout + done.stderr
    assert unaccounted(home) == []
    assert_nothing_personal(home, done.stdout + done.stderr)
    assert business(home) == without_any_bad_file()
