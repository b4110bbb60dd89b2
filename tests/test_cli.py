"""Each command on a small home: what it does, what it says, its exit code; and that a mistake is one line, never a traceback.

What the numbers are is tested elsewhere, and so is `explain`. Commands run in this process, but for `run`, which is the real one.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import polars as pl
import pytest
import typer
import worlds
from homes import drop, make_home, published_digests, refreshed, take_out
from typer.testing import CliRunner
from worlds import ExportFile

from assets import published
from assets.home import Home
from assets.ledger import Ledger
from assets.published import generations
from assets.reference import TEMPLATES
from pipelines.cli import app

EDGEWISE = Path(sys.executable).with_name("edgewise")
COMMANDS = {
    "alerts",
    "ask",
    "compare",
    "doctor",
    "edges",
    "erase",
    "explain",
    "export",
    "formats",
    "generations",
    "init",
    "items",
    "notebook",
    "query",
    "rebuild",
    "recommend",
    "report",
    "retract",
    "rollback",
    "run",
    "sample",
    "status",
    "ui",
    "unretract",
    "verify",
}
WORLD = worlds.mixed_world()
SHOP = next(store for store in WORLD.stores if store.name == "taobao_d")
FILES, LATER = WORLD.files[4:7], WORLD.files[7:]
ORDERS = f"{SHOP.name}/{FILES[0].name}"


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output as strict JSON."""
        return json.loads(self.out, parse_constant=_no_json)


def _no_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def edgewise(*words: str | Path) -> Said:
    """Run a command in this process; whatever happens, it shows no traceback."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    return Said(result.exit_code, result.stdout, result.stderr)


def started(*words: str | Path, **places: str) -> Said:
    """Run the installed command as a process of its own."""
    done = subprocess.run(
        [EDGEWISE, *words], env=os.environ | places, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def refused(said: Said) -> str:
    """The one line with which a command refused a person's mistake."""
    assert (said.code, said.out) == (2, ""), said
    assert re.fullmatch(r"edgewise: .+\n", said.err), said.err
    return said.err


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one shop, published once. For copying, never for changing."""
    home = make_home(tmp_path_factory.mktemp("once") / "home")
    replace(WORLD, files=FILES, stores=(SHOP,)).write(home.root)
    refreshed(home)
    return home


@pytest.fixture
def home(published_once: Home, tmp_path: Path) -> Home:
    """A home with one shop, published once, to do with as a test likes."""
    return Home(Path(shutil.copytree(published_once.root, tmp_path / "home")))


@pytest.fixture
def two(home: Home) -> Home:
    """A home with two generations."""
    drop(home, LATER)
    refreshed(home)
    return home


# ---- Help -----------------------------------------------------------------------------------------


def commands() -> dict[str, typer.core.TyperCommand]:
    """The commands by name."""
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_the_commands_are_those_listed_here() -> None:
    """There is every command the contract names so far, and no other."""
    assert set(commands()) == COMMANDS


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str) -> None:
    """`--help` of a command says what it does and what each option and argument is for, and exits 0."""
    said = edgewise(name, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Usage:" in said.out
    assert commands()[name].help
    silent = [found.name for found in commands()[name].params if not getattr(found, "help", None)]
    assert silent == []


def test_no_command_at_all_shows_the_commands() -> None:
    """Without a command all are listed."""
    said = edgewise()
    assert all(name in said.out + said.err for name in COMMANDS)


@pytest.mark.parametrize("words", [("fly",), ("status", "--fly"), ("query",), ("rollback", "one")], ids=" ".join)
def test_words_that_are_none_are_refused(words: Sequence[str]) -> None:
    """An unknown command or option, or a missing or wrong argument, exits 2 and says so."""
    said = edgewise(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err


# ---- init -----------------------------------------------------------------------------------------


def stores_of(home: Home) -> list[dict[str, str]]:
    """The rows of stores.csv."""
    with (home.reference / "stores.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_init_makes_a_home(tmp_path: Path) -> None:
    """`init` makes the folders, settings and templates, and says where exports go and what to do next."""
    home = Home(tmp_path / "new" / "home")
    said = edgewise("init", home.root)
    assert (said.code, said.err) == (0, "")
    assert str(home.inbox) in said.out
    assert f"edgewise run --home {home.root}" in said.out
    assert all(folder.is_dir() for folder in (home.inbox, home.reference, home.landed, home.published, home.dagster))
    assert {path.name for path in home.reference.iterdir()} == set(TEMPLATES)
    assert {"stores.csv", "fx_rates.csv", "catalogue.csv", "targets.csv", "costs.csv", "decisions.csv"} <= set(TEMPLATES)
    assert edgewise("status", "--home", home.root).code == 0


def test_init_guesses_the_stores_from_the_inbox(tmp_path: Path) -> None:
    """Every folder of the inbox that `run` would read is a store in stores.csv, whatever its name."""
    home = Home(tmp_path / "home")
    names = ["示例丙店", "a shop", "one, two", 'the "best"', ".hidden"]
    for name in names:
        (home.inbox / name).mkdir(parents=True)
    (home.inbox / "a file.csv").touch()
    edgewise("init", home.root)
    assert sorted(row["store"] for row in stores_of(home)) == sorted(names[:-1])
    assert edgewise("status", "--home", home.root).code == 0


def test_init_again_changes_nothing(tmp_path: Path) -> None:
    """`init` of a home that is one leaves every file as it is, and does not add stores to stores.csv."""
    home = Home(tmp_path / "home")
    edgewise("init", home.root)
    (home.reference / "stores.csv").write_text("store,platform,timezone,currency,name,group\nmine,taobao,,,,\n")
    (home.reference / "fx_rates.csv").write_text("date,currency,rate\n2024-01-01,USD,7.1\n")
    home.toml.write_text('reporting_currency = "EUR"\n')
    (home.inbox / "another").mkdir()
    before = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    assert edgewise("init", home.root).code == 0
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == before


def test_init_where_a_file_is_in_the_way_is_refused(tmp_path: Path) -> None:
    """A home cannot be made of a file, or below one: one line says so."""
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "home"):
        assert str(place) in refused(edgewise("init", place))


# ---- run ------------------------------------------------------------------------------------------


def test_a_first_run_says_what_it_did_and_where_the_result_is(tmp_path: Path) -> None:
    """From `init` to `run` as a person would: the summary counts files, rows and checks, and names the generation's path."""
    home = Home(tmp_path / "home")
    drop(home, FILES)
    assert edgewise("init", home.root).code == 0
    assert [row["store"] for row in stores_of(home)] == [SHOP.name]
    said = started("run", "--home", home.root)
    assert (said.code, said.err) == (0, "")
    assert str(home.published / "g000001.duckdb") in said.out
    assert "3 landed" in said.out
    assert re.search(r"checks.* (\d+) of \1 passed", said.out)
    assert SHOP.name in said.out


def test_a_second_run_has_nothing_to_do(home: Home) -> None:
    """Right after a run, another says that nothing is new and names the generation that stands, in words or as JSON."""
    said = edgewise("run", "--home", home.root)
    assert (said.code, said.err) == (0, "")
    assert "Nothing new since generation 1" in said.out
    assert str(home.published / "g000001.duckdb") in said.out
    assert edgewise("run", "--home", home.root, "--json").json == {"published": False, "generation": 1, "nothing_new": True}
    assert len(generations(home)) == 1


def test_a_run_for_a_machine_says_the_same(home: Home) -> None:
    """`run --json` prints one JSON object: what was published, the files by fate, and the checks that failed."""
    drop(home, [*LATER, ExportFile(SHOP.name, "notes.csv", b"a,b\n1,2\n")])
    said = started("run", "--home", home.root, "--json")
    assert said.code == 0
    assert said.json["published"] is True
    assert said.json["generation"] == 2
    assert said.json["files"] == {"landed": 3, "refused": 1}
    assert [failed["check"] for failed in said.json["failed_checks"]] == ["every_file_is_readable"]


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["words", "json"])
def test_only_landing_publishes_nothing(home: Home, words: Sequence[str]) -> None:
    """`run --only-land` reads new files, says how many, and leaves publishing to the next run."""
    drop(home, LATER)
    said = edgewise("run", "--only-land", "--home", home.root, *words)
    assert said.code == 0
    if words:
        assert said.json["files"] == {"landed": 3}
    else:
        assert "3 files landed" in said.out
    assert len(generations(home)) == 1
    assert len(Ledger(home).live) == 6
    assert edgewise("status", "--home", home.root, "--json").json["files_waiting"] == []


def twice() -> ExportFile:
    """An export of a shop without a stamp, with its first order once more, a year earlier."""
    file = WORLD.files[0]
    header, *rows = csv.reader(file.content.decode().splitlines(keepends=True))
    moved = [[cell.replace("2024-", "2023-", 1) for cell in row] for row in rows if row[0] == rows[0][0]]
    lines = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in (header, *moved)]
    return replace(file, name="orders_export_of_another_year.csv", content="\n".join([*lines, ""]).encode())


def test_a_run_whose_check_fails_says_so_and_what_to_do(home: Home) -> None:
    """A failed blocking check exits 1, publishes nothing, and names the check and the way out; retracting the file is the way."""
    drop(home, [WORLD.files[0], twice()])
    said = started("run", "--home", home.root)
    assert said.code == 1
    assert "nothing was published" in said.err
    assert "every_order_has_one_month" in said.err
    assert "edgewise retract" in said.err
    assert [each.number for each in generations(home)] == [1]
    assert edgewise("retract", f"{twice().store}/{twice().name}", "--home", home.root).code == 0
    refreshed(home)
    assert [each.number for each in generations(home)] == [1, 2]


def test_a_run_with_a_wrong_reference_file_says_which(home: Home) -> None:
    """A reference file that is read late in a run and is wrong exits 2 with one line that names it, and publishes nothing."""
    (home.reference / "fx_rates.csv").write_text("date,currency,rate\n2024-01-01,USD,seven\n")
    assert "fx_rates.csv" in refused(started("run", "--home", home.root))
    assert len(generations(home)) == 1


def test_a_run_that_cannot_publish_says_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a copy cannot be published a run or a rebuild exits 1 with one line that says why and what to do."""
    drop(home, LATER)
    monkeypatch.setattr(published, "_sha256", lambda _: "0" * 64)
    said = edgewise("rebuild", "--home", home.root)
    assert (said.code, said.out) == (1, "")
    assert re.fullmatch(r"edgewise: .*check the disk\n", said.err)


# ---- status, generations, rollback ----------------------------------------------------------------


def test_status_says_how_things_stand(home: Home) -> None:
    """`status` names the generation and counts files landed, refused and waiting, in words and as JSON."""
    drop(home, [ExportFile(SHOP.name, "notes.csv", b"a,b\n1,2\n")])
    assert edgewise("run", "--only-land", "--home", home.root).code == 0
    drop(home, LATER)
    said = edgewise("status", "--home", home.root)
    assert said.code == 0
    assert re.search(r"generation +1, built", said.out)
    assert "3 landed, 1 refused, 3 waiting" in said.out
    as_json = edgewise("status", "--home", home.root, "--json").json
    assert (as_json["generation"], as_json["newest"], as_json["held"]) == (1, 1, False)
    assert sorted(as_json["files_waiting"]) == sorted(f"{file.store}/{file.name}" for file in LATER)
    assert as_json["files_refused"] == {f"{SHOP.name}/notes.csv": "unknown_format"}


def test_status_before_the_first_run(tmp_path: Path) -> None:
    """`status` and `generations` of a new home say that nothing is published yet."""
    edgewise("init", tmp_path)
    said = edgewise("status", "--home", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert "none published yet" in said.out
    assert edgewise("status", "--home", tmp_path, "--json").json["generation"] is None
    assert "nothing is published yet" in edgewise("generations", "--home", tmp_path).out
    assert edgewise("generations", "--home", tmp_path, "--json").json == []
    assert "edgewise run" in refused(edgewise("query", "select 1", "--home", tmp_path))


def test_rollback_and_release(two: Home) -> None:
    """`rollback` shows the generation before until `--release`, and `status` and `generations` say so meanwhile."""

    def current() -> list[int]:
        return [each["number"] for each in edgewise("generations", "--home", two.root, "--json").json if each["current"]]

    assert current() == [2]
    said = edgewise("rollback", "--home", two.root)
    assert (said.code, said.err) == (0, "")
    assert "generation 1" in said.out
    assert "edgewise rollback --release" in said.out
    assert current() == [1]
    assert edgewise("query", "select generation from generation", "--format", "csv", "--home", two.root).out == "generation\n1\n"
    assert "held" in edgewise("status", "--home", two.root).out
    assert edgewise("status", "--home", two.root, "--json").json["held"] is True
    assert "held" in edgewise("generations", "--home", two.root).out
    assert "generation 2" in edgewise("rollback", "--release", "--home", two.root).out
    assert current() == [2]
    assert "held" not in edgewise("status", "--home", two.root).out


def test_rollback_to_a_number(two: Home) -> None:
    """`rollback N` shows that generation; one that is not there is refused with those that are."""
    assert edgewise("rollback", "1", "--home", two.root).code == 0
    assert "there are 1, 2" in refused(edgewise("rollback", "9", "--home", two.root))
    assert "there are 1, 2" in refused(edgewise("rollback", "--home", two.root))
    assert published.current_name(two) == "g000001.duckdb"


# ---- query ----------------------------------------------------------------------------------------

COUNT = "select store, count(*)::integer as orders, sum(order_paid) as paid from orders where counted group by store"


def test_query_writes_rows_in_each_format(home: Home, tmp_path: Path) -> None:
    """The same rows come as a table, as CSV, as JSON and as a Parquet file."""
    frame = pl.read_csv(edgewise("query", COUNT, "--format", "csv", "--home", home.root).out.encode())
    ((store, orders, _),) = frame.rows()
    assert (store, frame.columns) == (SHOP.name, ["store", "orders", "paid"])
    table = edgewise("query", COUNT, "--home", home.root)
    assert all(word in table.out for word in ("store", SHOP.name, str(orders)))
    (row,) = edgewise("query", COUNT, "--format", "json", "--home", home.root).json
    assert (row["store"], row["orders"]) == (SHOP.name, orders)
    file = tmp_path / "rows.parquet"
    assert edgewise("query", COUNT, "--format", "parquet", "--to", file, "--home", home.root).code == 0
    assert pl.read_parquet(file)["orders"].to_list() == [orders]


@pytest.mark.parametrize("output", ["table", "csv", "json", "parquet"])
def test_query_writes_to_the_file_it_is_told(home: Home, tmp_path: Path, output: str) -> None:
    """With `--to` the rows are in the file and nothing is on the terminal, or it is said that this format has no file."""
    file = tmp_path / "rows"
    said = edgewise("query", COUNT, "--format", output, "--to", file, "--home", home.root)
    if said.code == 0:
        assert said.out == ""
        assert file.stat().st_size > 0
    else:
        assert "--to" in refused(said)


def test_query_shows_as_many_rows_as_it_is_told(home: Home) -> None:
    """A table is cut at `--limit` rows and says so; other formats have all rows."""
    many = "select range as n from range(100)"
    said = edgewise("query", many, "--limit", "10", "--home", home.root)
    assert said.out.split() == ["n", *(str(number) for number in range(10))]
    assert "--limit" in said.err
    assert len(edgewise("query", many, "--format", "json", "--home", home.root).json) == 100
    assert edgewise("query", many, "--limit", "-1", "--home", home.root).code == 2


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/etc/*')",
        "copy (select 1) to '{tmp}/out.csv'",
        "copy orders to '{tmp}/out.parquet' (format parquet)",
        "export database '{tmp}/out'",
        "attach '{tmp}/out.duckdb' as other",
        "attach '{home}/warehouse/private.duckdb' as private",
        "install httpfs",
        "load httpfs",
        "install 'https://example.org/x.duckdb_extension'",
        "set enable_external_access = true",
        "reset lock_configuration",
        "create table mine (n integer)",
        "insert into orders select * from orders",
        "delete from orders",
        "drop table orders",
        "update orders set store = ''",
    ],
)
@pytest.mark.parametrize("output", ["table", "csv"])
def test_query_reaches_nothing_outside_its_generation(home: Home, tmp_path: Path, sql: str, output: str) -> None:
    """No query reads or writes a file, opens another database, loads code or changes the generation: one line says so."""
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    refused(edgewise("query", sql.format(tmp=tmp_path, home=home.root), "--format", output, "--home", home.root))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("output", ["table", "csv", "json"])
@pytest.mark.parametrize(
    "sql",
    [
        "selec 1",
        "select",
        "select 1 +",
        "",
        ";",
        "/* nothing */",
        "select 1; select 2",
        "select nosuch from orders",
        "from nosuch",
        "from ordrs",
        "select $1",
    ],
)
def test_wrong_sql_is_one_line(home: Home, sql: str, output: str) -> None:
    """SQL that cannot be run, or that is none at all, exits 2 with one line."""
    refused(edgewise("query", sql, "--format", output, "--home", home.root))


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_any_value_can_be_written(home: Home, output: str) -> None:
    """Lists, structures, infinite numbers, instants and nulls are written, or one line says that the format cannot hold them."""
    sql = "select [1, 2] as a, {'b': 1.50} as b, 'nan'::double as c, 'inf'::double as d, now() as e, null as f, '00'::blob as g"
    said = edgewise("query", sql, "--format", output, "--home", home.root)
    if said.code:
        refused(said)
    elif output == "json":
        (row,) = said.json
        assert (row["a"], row["c"], row["f"]) == ([1, 2], None, None)


def test_a_file_that_cannot_be_written_is_one_line(home: Home, tmp_path: Path) -> None:
    """Writing rows where no folder is exits 2 with one line that names the file; Parquet to the terminal is refused."""
    place = tmp_path / "nowhere" / "rows.csv"
    assert str(place) in refused(edgewise("query", COUNT, "--format", "csv", "--to", place, "--home", home.root))
    place = place.with_suffix(".parquet")
    assert str(place) in refused(edgewise("query", COUNT, "--format", "parquet", "--to", place, "--home", home.root))
    assert "--to" in refused(edgewise("query", COUNT, "--format", "parquet", "--home", home.root))
    assert edgewise("query", COUNT, "--format", "xml", "--home", home.root).code == 2


# ---- formats, retract, rebuild, verify ------------------------------------------------------------


def test_formats_lists_what_is_read(home: Home) -> None:
    """`formats` lists every format, or one with its columns, in words or as JSON; an unknown one is refused with those known."""
    said = edgewise("formats", "--home", home.root)
    names = edgewise("formats", "--json", "--home", home.root).json
    assert {"shopify.orders", "taobao.orders", "taobao.refunds"} <= set(names)
    assert all(name in said.out for name in names)
    one = edgewise("formats", "taobao.orders", "--home", home.root)
    assert one.code == 0
    assert all(word in one.out for word in ("order_id", "订单编号", "订单付款时间"))
    assert edgewise("formats", "taobao.orders", "--json", "--home", home.root).json["orders"]
    assert "taobao.orders" in refused(edgewise("formats", "taobao.order", "--home", home.root))


def test_retract_and_put_back(home: Home) -> None:
    """`retract` takes a file out by its path or its hash and says what the next run does; `unretract` puts it back."""
    (landing,) = (landing for landing in Ledger(home).live.values() if landing.file == ORDERS)
    for name in (ORDERS, landing.hash[:12]):
        said = edgewise("retract", name, "--home", home.root)
        assert (said.code, said.err) == (0, "")
        assert ORDERS in said.out
        assert "edgewise run" in said.out
        assert landing.number not in Ledger(home).live
        assert edgewise("unretract", name, "--home", home.root).code == 0
        assert landing.number in Ledger(home).live


@pytest.mark.parametrize("name", ["nosuch.csv", f"{SHOP.name}/nosuch.csv", "deadbeef", "ab", "", ORDERS.upper()])
def test_retracting_what_is_not_there_is_refused(home: Home, name: str) -> None:
    """A name or hash of nothing that was landed, or not retracted, is refused, and the ledger stays as it is."""
    entries = len(Ledger(home).entries)
    refused(edgewise("retract", name, "--home", home.root))
    refused(edgewise("unretract", ORDERS, "--home", home.root))
    assert len(Ledger(home).entries) == entries


def test_rebuild_gives_every_table_as_it_was(home: Home) -> None:
    """`rebuild` makes the warehouse anew and says that every table is as it was, even if the warehouse was damaged."""
    before = published_digests(home)
    (home.warehouse / "warehouse.duckdb").write_bytes(b"no database")
    said = edgewise("rebuild", "--home", home.root)
    assert (said.code, said.err) == (0, "")
    assert "generation 2; every table as it was" in said.out
    assert published_digests(home) == before


def test_rebuild_says_what_is_not_as_it_was(home: Home) -> None:
    """After a retraction `rebuild` names the tables that changed."""
    take_out(home, ORDERS)
    said = edgewise("rebuild", "--home", home.root)
    assert said.code == 0
    assert re.search(r"not as they were: .*\borders\b", said.out)


def test_verify_finds_what_is_damaged(home: Home) -> None:
    """`verify` says that all is as it was written, or exits 1 and names each damaged file, whether landed or published."""
    assert edgewise("verify", "--home", home.root).code == 0
    part, *_ = home.landed.glob("orders/*.parquet")
    part.write_bytes(part.read_bytes()[:-1] + b"\0")
    said = edgewise("verify", "--home", home.root)
    assert (said.code, said.out) == (1, "")
    assert f"landed/orders/{part.name} is damaged" in said.err
    (home.published / "g000001.duckdb").write_bytes(b"")
    assert "published/g000001.duckdb is damaged" in edgewise("verify", "--home", home.root).err


# ---- Mistakes -------------------------------------------------------------------------------------

NEEDING_A_HOME = (
    ("run",),
    ("run", "--full"),
    ("run", "--only-land"),
    ("status",),
    ("status", "--json"),
    ("query", "select 1"),
    ("generations",),
    ("rollback",),
    ("rollback", "1"),
    ("rollback", "--release"),
    ("retract", "x"),
    ("unretract", "x"),
    ("rebuild",),
    ("verify",),
)


@pytest.mark.parametrize("words", NEEDING_A_HOME, ids=" ".join)
def test_a_home_that_is_none_is_refused(tmp_path: Path, words: Sequence[str]) -> None:
    """A command on a folder that is no home exits 2, says how to make one, and makes nothing itself."""
    for place in (tmp_path / "nowhere", tmp_path):
        before = list(tmp_path.rglob("*"))
        assert f"edgewise init {place}" in refused(edgewise(*words, "--home", place))
        assert list(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('timezone = "Mars/Base"', "timezone"),
        ('reporting_currency = "yuan"', "reporting_currency"),
        ('nightly_at = "25:00"', "nightly_at"),
        ('engine = "steam"', "engine"),
        ('workers = "many"', "workers"),
        ("workers = -1", "workers"),
        ("worker_memory_mb = 1", "worker_memory_mb"),
        ("colour = 1", "colour"),
        ("workers 2", "edgewise.toml"),
        ('timezone = "', "edgewise.toml"),
    ],
)
def test_a_wrong_setting_is_named(home: Home, line: str, named: str) -> None:
    """A setting in edgewise.toml that is unknown or wrong, or a file that is no TOML, exits 2 and names it, in any command."""
    home.toml.write_text(f"{line}\n")
    for words in (("status",), ("run",), ("query", "select 1"), ("rebuild",)):
        told = refused(edgewise(*words, "--home", home.root))
        assert named in told
        assert str(home.toml) in told


def test_a_wrong_setting_in_the_environment_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong EDGEWISE_ variable exits 2 and is named; a right one wins over the file."""
    monkeypatch.setenv("EDGEWISE_WORKERS", "many")
    assert "workers" in refused(edgewise("status", "--home", home.root))
    monkeypatch.setenv("EDGEWISE_WORKERS", "1")
    assert edgewise("status", "--home", home.root).code == 0


def test_the_environment_names_the_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--home` the home is that of EDGEWISE_HOME, else ./data."""
    monkeypatch.setenv("EDGEWISE_HOME", str(home.root))
    assert edgewise("status", "--json").json["generation"] == 1
    monkeypatch.delenv("EDGEWISE_HOME")
    monkeypatch.chdir(home.root)
    assert f"edgewise init {home.root / 'data'}" in refused(edgewise("status"))


HEADER = "store,platform,timezone,currency,name,group\n"
WRONG_STORES: dict[str, tuple[bytes, str]] = {
    "time zone": (f"{HEADER}{SHOP.name},taobao,Mars/Base,CNY,,\n".encode(), "Mars/Base"),
    "no time zone but a path": (f"{HEADER}{SHOP.name},taobao,../../etc/passwd,CNY,,\n".encode(), "etc/passwd"),
    "currency": (f"{HEADER}{SHOP.name},taobao,Asia/Shanghai,yuan,,\n".encode(), "yuan"),
    "store twice": (f"{HEADER}{SHOP.name},,,,,\n{SHOP.name},,,,,\n".encode(), "twice"),
    "column missing": (b"store,platform\na,taobao\n", "timezone"),
    "not UTF-8": (f"{HEADER}示例,taobao,Asia/Shanghai,CNY,,\n".encode("gb18030"), "UTF-8"),
    "UTF-16": (f"{HEADER}{SHOP.name},taobao,,,,\n".encode("utf-16"), "UTF-8"),
    "ragged": (f"{HEADER}{SHOP.name},taobao,,,,,,,\n".encode(), "stores.csv"),
    "empty": (b"", "stores.csv"),
}


@pytest.mark.parametrize(("content", "named"), WRONG_STORES.values(), ids=WRONG_STORES.keys())
def test_a_wrong_stores_csv_says_what_is_wrong(home: Home, content: bytes, named: str) -> None:
    """A stores.csv with a wrong time zone, currency, column or encoding exits 2 with one line that names file and fault."""
    (home.reference / "stores.csv").write_bytes(content)
    for words in (("status",), ("run",), ("rebuild",)):
        told = refused(edgewise(*words, "--home", home.root))
        assert "stores.csv" in told
        assert named in told
        assert told.isprintable() or told.rstrip("\n").isprintable()
    assert len(generations(home)) == 1


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lambda key: key.unlink(), "key"),
        (lambda key: key.chmod(0o644), "chmod 600"),
        (lambda key: key.write_bytes(b"short"), "key"),
        (lambda key: key.write_bytes(bytes(32)), "--new-key-epoch"),
    ],
    ids=["missing", "readable by all", "too short", "another"],
)
def test_a_run_without_the_right_key_is_refused(home: Home, harm: Callable[[Path], object], named: str) -> None:
    """A pseudonym key that is missing, open to others, too short or another one exits 2, says what to do and shows no key."""
    harm(home.key)
    drop(home, LATER)
    told = refused(edgewise("run", "--home", home.root))
    assert named in told
    assert str(home.key) in told
    assert len(generations(home)) == 1
