"""Merging exports is a join in a semilattice, and an increment is the whole: whatever way the files come, the tables are the same.

Each law takes some of the worlds' files, brings them into a home in some way, and compares the digests of all tables, private
ones too, with those of a home that got the files at once. No cleverness here about what the numbers are: see test_worlds.
"""

import csv
import io
import random
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import worlds
from homes import (
    PRIVATE_TABLES,
    Digests,
    drop,
    held_digests,
    make_home,
    published_digests,
    put_back,
    refreshed,
    take_out,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from worlds import ExportFile, World

from assets import landed, warehouse
from assets.home import Home

WORLDS = (worlds.taobao_world(), worlds.mixed_world())
FILES = tuple(file for world in WORLDS for file in world.files)
STORES = World("both", tuple(store for world in WORLDS for store in world.stores), (), (), frozenset())
BY_STORE = {store.name: tuple(file for file in FILES if file.store == store.name) for store in STORES.stores}
UNSTAMPED = tuple(file for file in FILES if file.name.startswith("orders_export"))
FEW = settings(max_examples=max(2, settings().max_examples // 2))
STEPS = 7

# ---- Homes and what they hold ---------------------------------------------------------------------


@contextmanager
def a_home() -> Iterator[Home]:
    """An empty home whose stores.csv lists the stores of both worlds."""
    with TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        STORES.write(home.root)
        yield home


def digests(home: Home) -> Digests:
    """Refresh, and return the digests of all tables, having made sure that they are true of what the tables hold."""
    refreshed(home)
    stated = published_digests(home)
    held = held_digests(home)
    assert {name: held[name] for name in stated} == stated
    return stated


@cache
def at_once(files: frozenset[ExportFile]) -> Digests:
    """The digests of a new home that got the files in one run."""
    with a_home() as home:
        drop(home, sorted(files, key=_path))
        return digests(home)


def _path(file: ExportFile) -> str:
    return f"{file.store}/{file.name}"


# ---- Files in other shapes ------------------------------------------------------------------------


@st.composite
def some_files(draw: st.DrawFn, largest: int = 6) -> tuple[ExportFile, ...]:
    """Some files of one or two stores, in any order: with or without the orders that lines and refunds are of."""
    stores = draw(st.lists(st.sampled_from(sorted(BY_STORE)), min_size=1, max_size=2, unique=True))
    within = [file for store in stores for file in BY_STORE[store]]
    return tuple(draw(st.lists(st.sampled_from(within), min_size=1, max_size=largest, unique_by=_path)))


def zipped(store: str, name: str, files: Iterable[ExportFile]) -> ExportFile:
    """An archive of files under the names they have."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return ExportFile(store, name, packed.getvalue())


def repeated(file: ExportFile, way: str, n: int) -> ExportFile:
    """The same bytes once more: under another name, one that states an earlier export or none, or in an archive."""
    stem = file.name.removesuffix(".csv")
    names = {
        "numbered": f"{stem} ({n}).csv",
        "prefixed": f"{n} {stem}.csv",
        "no stamp": f"copy {n}.csv",
        "earlier stamp": re.sub(r"\d{12}", f"20000101{n:04d}", file.name)
        if re.search(r"\d{12}", file.name)
        else f"earlier {n}.csv",
    }
    if way == "archive":
        return zipped(file.store, f"archive {n}.zip", [file])
    return ExportFile(file.store, names[way], file.content)


def rows_shuffled(file: ExportFile, seed: int) -> ExportFile:
    """The file with its rows in another order, but those of one order in the order they had: their place may be their number.

    Lines with numbers of their own are shuffled within orders too.
    """
    encoding = (
        "utf-8-sig"
        if file.content.startswith(b"\xef\xbb\xbf")
        else "utf-8"
        if file.name.startswith("orders_export")
        else "gb18030"
    )
    header, *rows = csv.reader(io.StringIO(file.content.decode(encoding), newline=""))
    chance = random.Random(seed)
    if "Name" not in header and ("子订单编号" in header or "购买数量" not in header):
        chance.shuffle(rows)
    else:
        column = header.index("Name" if "Name" in header else "订单编号")
        orders: dict[str, list[list[str]]] = {}
        for row in rows:
            orders.setdefault(row[column], []).append(row)
        turns = [row[column] for row in rows]
        chance.shuffle(turns)
        rows = [orders[order].pop(0) for order in turns]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return ExportFile(file.store, file.name, text.getvalue().encode(encoding))


# ---- Laws -----------------------------------------------------------------------------------------


def test_private_tables_are_held_to_the_laws_too() -> None:
    """The digests compared here cover the tables that hold pseudonyms, and those tables hold rows."""
    everything = at_once(frozenset(BY_STORE["taobao_d"]))
    assert {"order_buyers", "buyer_days", "product_buyers"} == PRIVATE_TABLES
    assert all(everything[name][0] > 0 for name in PRIVATE_TABLES)


@given(files=some_files(), runs=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_the_order_of_arrival_does_not_matter(files: Sequence[ExportFile], runs: Sequence[int]) -> None:
    """Files that arrive in any order, over any cut into runs, give the tables of all at once."""
    with a_home() as home:
        for run in sorted(set(runs[: len(files)])):
            drop(home, [file for file, its_run in zip(files, runs, strict=False) if its_run == run])
            found = digests(home)
    assert found == at_once(frozenset(files))


@given(files=some_files(4), data=st.data())
def test_repetition_changes_nothing(files: Sequence[ExportFile], data: st.DataObject) -> None:
    """The same bytes again, in the same run or a later one, under other names or in an archive, change no table."""
    ways = st.sampled_from(["numbered", "prefixed", "no stamp", "earlier stamp", "archive"])
    again = data.draw(st.lists(st.tuples(st.sampled_from(files), ways), min_size=1, max_size=5))
    copies = [repeated(file, way, n) for n, (file, way) in enumerate(again)]
    with a_home() as home:
        drop(home, files)
        if data.draw(st.booleans(), label="in a later run"):
            digests(home)
        drop(home, copies)
        assert digests(home) == at_once(frozenset(files))


@FEW
@given(files=some_files(), pieces=st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_a_split_between_orders_changes_nothing(files: Sequence[ExportFile], pieces: Sequence[int]) -> None:
    """Files cut between orders into several give the tables of the files whole."""
    with a_home() as home:
        for file, count in zip(files, pieces, strict=False):
            drop(home, worlds.split_orders(file, count))
        assert digests(home) == at_once(frozenset(files))


@FEW
@given(files=some_files(), seed=st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(files: Sequence[ExportFile], seed: int) -> None:
    """Rows shuffled between orders, and numbered lines within them too, give the tables of the files as they were."""
    with a_home() as home:
        drop(home, [rows_shuffled(file, seed + n) for n, file in enumerate(files)])
        assert digests(home) == at_once(frozenset(files))


@FEW
@given(files=some_files(), unit_files=st.integers(1, 4), unit_bytes=st.sampled_from([1, 15_000, 40_000, 16 << 20]))
def test_the_cut_into_parts_does_not_matter(files: Sequence[ExportFile], unit_files: int, unit_bytes: int) -> None:
    """Files packed into units of any size, and so rows into parts of any size, give the same tables."""
    with pytest.MonkeyPatch.context() as patch, a_home() as home:
        patch.setattr(landed, "UNIT_FILES", unit_files)
        patch.setattr(landed, "UNIT_BYTES", unit_bytes)
        drop(home, files)
        assert digests(home) == at_once(frozenset(files))


def test_worker_processes_read_as_this_one_does() -> None:
    """Files read in two worker processes give the tables of files read in the refresh itself."""
    files = BY_STORE["taobao_d"]
    with pytest.MonkeyPatch.context() as patch, a_home() as home:
        patch.setattr(landed, "UNIT_FILES", 2)
        home.toml.write_text("workers = 2\n")
        drop(home, files)
        assert digests(home) == at_once(frozenset(files))


@FEW
@given(files=some_files(4), data=st.data())
def test_a_retracted_file_never_came(files: Sequence[ExportFile], data: st.DataObject) -> None:
    """Landing a file and retracting it gives the tables of a home it never came to; taking that back gives them with it."""
    out = data.draw(st.lists(st.sampled_from(files), min_size=1, unique_by=_path))
    with a_home() as home:
        drop(home, files)
        digests(home)
        for file in out:
            take_out(home, _path(file))
        assert digests(home) == at_once(frozenset(files) - frozenset(out))
        for file in out:
            put_back(home, _path(file))
        assert digests(home) == at_once(frozenset(files))


@pytest.mark.parametrize("file", UNSTAMPED, ids=_path)
def test_the_name_of_a_file_that_states_no_export_does_not_matter(file: ExportFile) -> None:
    """A file without a stamp in its name, renamed before it lands or after, gives the same tables."""
    other = ExportFile(file.store, "another name.csv", file.content)
    assert at_once(frozenset([other])) == at_once(frozenset([file]))
    with a_home() as home:
        drop(home, [file])
        digests(home)
        folder = home.inbox / file.store
        (folder / file.name).rename(folder / other.name)
        assert digests(home) == at_once(frozenset([file]))


# ---- Any history ----------------------------------------------------------------------------------


class History(RuleBasedStateMachine):
    """Files arrive, are retracted and put back, with refreshes between: at every refresh the increment is the whole."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.home = make_home(Path(self._folder.name))
        STORES.write(self.home.root)
        self.waiting: set[ExportFile] = set()
        self.standing: set[ExportFile] = set()
        self.retracted: set[ExportFile] = set()

    @initialize(files=some_files(4))
    def begin(self, files: Sequence[ExportFile]) -> None:
        """Let the first files arrive and land."""
        self.arrive(files, refresh=True)

    @rule(files=some_files(3), refresh=st.booleans())
    def arrive(self, files: Collection[ExportFile], *, refresh: bool) -> None:
        """Drop files into the inbox, those that are there already too."""
        known = self.standing | self.retracted | self.waiting
        drop(self.home, files)
        self.waiting |= set(files) - known
        self._and_perhaps(refresh)

    @precondition(lambda self: self.standing)
    @rule(data=st.data(), refresh=st.booleans())
    def retract(self, data: st.DataObject, *, refresh: bool) -> None:
        """Take a landed file out."""
        file = data.draw(st.sampled_from(sorted(self.standing, key=_path)), label="retracted")
        take_out(self.home, _path(file))
        self.standing.remove(file)
        self.retracted.add(file)
        self._and_perhaps(refresh)

    @precondition(lambda self: self.retracted)
    @rule(data=st.data(), refresh=st.booleans())
    def unretract(self, data: st.DataObject, *, refresh: bool) -> None:
        """Put a retracted file back."""
        file = data.draw(st.sampled_from(sorted(self.retracted, key=_path)), label="put back")
        put_back(self.home, _path(file))
        self.retracted.remove(file)
        self.standing.add(file)
        self._and_perhaps(refresh)

    @rule()
    def rebuild(self) -> None:
        """Throw the warehouse away and make it anew."""
        warehouse.discard(self.home)
        self._and_perhaps(refresh=True)

    def _and_perhaps(self, refresh: bool) -> None:
        if refresh:
            self.standing |= self.waiting
            self.waiting = set()
            assert digests(self.home) == at_once(frozenset(self.standing))

    def teardown(self) -> None:
        """Whatever happened, the last increment is the whole, and so is the warehouse made anew from it."""
        try:
            if self.standing | self.waiting | self.retracted:
                self._and_perhaps(refresh=True)
                self.rebuild()
        finally:
            self._folder.cleanup()


def test_incremental_equals_full() -> None:
    """After any arrivals, retractions and returns, the tables are those of a new home with only the files that stand."""
    run_state_machine_as_test(History, settings=settings(FEW, stateful_step_count=STEPS))
