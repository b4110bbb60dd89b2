"""Merging exports is a join in a semilattice, and an increment is the whole: however the files come, the tables are the same.

Each law takes some of the worlds' files, brings them into a home in some way, and compares what all tables hold, private ones
too, with a home that got the files at once. What the numbers ought to be does not belong here: see test_worlds.

Files are drawn by their paths, so that a failing example can be read.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import worlds
from homes import PRIVATE_TABLES, Digests, drop, held_digests, make_home, published_digests, put_back, refreshed, take_out
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from reshaped import WAYS_TO_REPEAT, altered, faulty, path_of, repeated, rows_shuffled, zipped_on_windows
from worlds import ExportFile, World

from assets import landed, months, warehouse
from assets.home import Home
from assets.ledger import Ledger
from assets.published import open_published
from assets.tables import TABLES

WORLDS = (worlds.taobao_world(), worlds.mixed_world())
STORES = World("both", tuple(store for world in WORLDS for store in world.stores), (), (), frozenset())
FILES = tuple(file for world in WORLDS for file in world.files)
BY_STORE = {store.name: tuple(file for file in FILES if file.store == store.name) for store in STORES.stores}
FAULTY = {store: tuple(faulty(file, 3) for file in files[-3:]) for store, files in BY_STORE.items()}
BY_PATH = {path_of(file): file for pile in (BY_STORE, FAULTY) for files in pile.values() for file in files}
UNSTAMPED = (*BY_STORE["shopify_us"], *BY_STORE["shopify_uk"])
KINDS = ("ExportOrderList", "ExportOrderDetailList", "退款导出")
VIEWS = frozenset(table.name for table in TABLES if table.view)
FEW = settings(max_examples=max(2, settings().max_examples // 2))
STEPS = 7

Paths = Sequence[str]

# ---- Homes, what they hold, and files for them -----------------------------------------------------


@contextmanager
def a_home() -> Iterator[Home]:
    """An empty home whose stores.csv lists the stores of both worlds."""
    with TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        STORES.write(home.root)
        yield home


def digests(home: Home) -> Digests:
    """Refresh, and return rows and digest of what every table holds, having made sure that the generation states the same."""
    refreshed(home)
    stated, held = published_digests(home), held_digests(home)
    assert held == dict.fromkeys(held, (0, 0)) | {name: held[name] for name in VIEWS} | stated
    return held


@cache
def at_once(files: frozenset[ExportFile]) -> Digests:
    """What a new home holds that got the files in one run."""
    with a_home() as home:
        drop(home, sorted(files, key=path_of))
        return digests(home)


def the(paths: Iterable[str]) -> list[ExportFile]:
    """The files at some paths."""
    return [BY_PATH[path] for path in paths]


def with_only(paths: Iterable[str]) -> Digests:
    """What a new home holds that got the files at some paths, and no other, in one run."""
    return at_once(frozenset(the(paths)))


@st.composite
def some_files(draw: st.DrawFn, largest: int = 6, *, with_faults: bool = False) -> tuple[str, ...]:
    """Some files of one or two stores, in any order: with or without the orders that lines and refunds are of."""
    stores = draw(st.lists(st.sampled_from(sorted(BY_STORE)), min_size=1, max_size=2, unique=True))
    within = [path_of(file) for store in stores for file in (*BY_STORE[store], *(FAULTY[store] if with_faults else ()))]
    return tuple(draw(st.lists(st.sampled_from(within), min_size=1, max_size=largest, unique=True)))


# ---- Arrival, repetition, splits -------------------------------------------------------------------


def test_private_tables_are_held_to_the_laws_too() -> None:
    """What is compared here covers the tables that hold pseudonyms, and those tables hold rows."""
    everything = at_once(frozenset(BY_STORE["taobao_d"]))
    assert {"order_buyers", "buyer_days", "buyer_scores"} == PRIVATE_TABLES
    assert all(everything[name][0] > 0 for name in PRIVATE_TABLES)


@given(paths=some_files(with_faults=True), runs=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_the_order_of_arrival_does_not_matter(paths: Paths, runs: Sequence[int]) -> None:
    """Files that arrive in any order, over any cut into runs, give the tables of all at once."""
    with a_home() as home:
        for run in sorted(set(runs[: len(paths)])):
            drop(home, the(path for path, its_run in zip(paths, runs, strict=False) if its_run == run))
            found = digests(home)
    assert found == with_only(paths)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("store", ["taobao_b", "示例丙店"])
def test_any_kind_of_report_may_come_last(store: str, kind: str) -> None:
    """Orders, lines or refunds that come after all else, and go again, give the tables with them and then without."""
    paths = [path_of(file) for file in BY_STORE[store][:6]]
    late = [path for path in paths if path.startswith(f"{store}/{kind}")]
    others = [path for path in paths if path not in late]
    with a_home() as home:
        drop(home, the(others))
        digests(home)
        drop(home, the(late))
        assert digests(home) == with_only(paths)
        for path in late:
            take_out(home, path)
        assert digests(home) == with_only(others)


@given(paths=some_files(4), data=st.data())
def test_repetition_changes_nothing(paths: Paths, data: st.DataObject) -> None:
    """The same bytes again, in the same run or a later one, under other names or in an archive, change no table."""
    again = data.draw(st.lists(st.tuples(st.sampled_from(paths), st.sampled_from(WAYS_TO_REPEAT)), min_size=1, max_size=5))
    with a_home() as home:
        drop(home, the(paths))
        if data.draw(st.booleans(), label="in a later run"):
            digests(home)
        drop(home, [repeated(BY_PATH[path], way, n) for n, (path, way) in enumerate(again)])
        assert digests(home) == with_only(paths)


@FEW
@given(paths=some_files(), pieces=st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_a_split_between_orders_changes_nothing(paths: Paths, pieces: Sequence[int]) -> None:
    """Files cut between orders into several give the tables of the files whole."""
    with a_home() as home:
        for file, count in zip(the(paths), pieces, strict=False):
            drop(home, worlds.split_orders(file, count))
        assert digests(home) == with_only(paths)


@FEW
@given(paths=some_files(), seed=st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(paths: Paths, seed: int) -> None:
    """Rows shuffled between orders, and numbered lines within them too, give the tables of the files as they were."""
    with a_home() as home:
        drop(home, [rows_shuffled(file, seed + n) for n, file in enumerate(the(paths))])
        assert digests(home) == with_only(paths)


@pytest.mark.parametrize("file", UNSTAMPED, ids=path_of)
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


def test_chinese_names_in_an_archive_made_on_windows_are_read() -> None:
    """A Windows archive writes names in GBK and says nothing of it: the stamp in such a name counts like any other."""
    older, newer = (file for file in BY_STORE["taobao_d"] if file.name.startswith("退款"))
    with a_home() as home:
        drop(home, [older, zipped_on_windows("archive.zip", newer)])
        assert digests(home) == at_once(frozenset([older, newer]))


# ---- How files are read ----------------------------------------------------------------------------


@FEW
@given(
    paths=some_files(with_faults=True), unit_files=st.integers(1, 4), unit_bytes=st.sampled_from([1, 15_000, 40_000, 16 << 20])
)
def test_the_cut_into_parts_does_not_matter(paths: Paths, unit_files: int, unit_bytes: int) -> None:
    """Files packed into units of any size, and so rows into parts of any size, give the same tables."""
    with pytest.MonkeyPatch.context() as patch, a_home() as home:
        patch.setattr(landed, "UNIT_FILES", unit_files)
        patch.setattr(landed, "UNIT_BYTES", unit_bytes)
        drop(home, the(paths))
        assert digests(home) == with_only(paths)


def test_months_computed_a_few_at_a_time_are_as_computed_at_once() -> None:
    """Each month by itself, as where all of them together would take too much memory."""
    with pytest.MonkeyPatch.context() as patch, a_home() as home:
        patch.setattr(months, "ROWS_AT_ONCE", 1)
        drop(home, FILES)
        assert digests(home) == at_once(frozenset(FILES))


def test_worker_processes_read_as_this_one_does() -> None:
    """Files read in two worker processes give the tables of files read in the refresh itself."""
    files = BY_STORE["taobao_d"]
    with pytest.MonkeyPatch.context() as patch, a_home() as home:
        patch.setattr(landed, "UNIT_FILES", 2)
        home.toml.write_text("workers = 2\n")
        drop(home, files)
        assert digests(home) == at_once(frozenset(files))


@pytest.mark.parametrize("store", ["shopify_us", "taobao_d"])
def test_facts_of_a_store_that_are_corrected_later_are_as_if_always_known(store: str) -> None:
    """With a store's time zone put right after its files landed, the tables are those of a home that always had it."""
    files = BY_STORE[store]
    with a_home() as home:
        stores_csv = home.reference / "stores.csv"
        right = stores_csv.read_text()
        stores_csv.write_text(re.sub(r",(Asia|America|Europe)/\w+,", ",Pacific/Honolulu,", right))
        drop(home, files)
        refreshed(home)
        stores_csv.write_text(right)
        assert digests(home) == at_once(frozenset(files))


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", BY_STORE["taobao_d"][0].content], ids=["unknown", "empty", "repeated"])
def test_a_file_is_looked_at_again_once_when_what_is_known_of_its_store_changes(content: bytes) -> None:
    """A refused, an empty and a repeated file are read anew after stores.csv changed, and not again at every run after that."""
    with a_home() as home:
        drop(home, [BY_STORE["taobao_d"][0], ExportFile("taobao_d", "ExportOrderList202404010805 (2).csv", content)])
        refreshed(home)
        stores_csv = home.reference / "stores.csv"
        stores_csv.write_text(stores_csv.read_text().replace("Asia/Shanghai", "Asia/Chongqing"))
        refreshed(home)
        entries = len(Ledger(home).entries)
        refreshed(home)
        assert len(Ledger(home).entries) == entries


# ---- Retraction, and any history -------------------------------------------------------------------

ALL_REFUSED = faulty(BY_STORE["taobao_d"][0], 1)


@FEW
@given(paths=some_files(4, with_faults=True), data=st.data())
def test_a_retracted_file_never_came(paths: Paths, data: st.DataObject) -> None:
    """Landing a file and retracting it gives the tables of a home it never came to; taking that back gives them with it."""
    out = data.draw(st.lists(st.sampled_from(paths), min_size=1, unique=True))
    with a_home() as home:
        drop(home, the(paths))
        digests(home)
        for path in out:
            take_out(home, path)
        assert digests(home) == with_only(set(paths) - set(out))
        for path in out:
            put_back(home, path)
        assert digests(home) == with_only(paths)


def test_a_file_exchanged_for_one_with_as_many_rows_is_noticed() -> None:
    """Where one file goes and another with as many rows of the same months comes in the same run, the tables are the other's."""
    first = BY_STORE["taobao_d"][0]
    other = altered(first)
    with a_home() as home:
        drop(home, [first])
        digests(home)
        take_out(home, path_of(first))
        drop(home, [other])
        assert digests(home) == at_once(frozenset([other]))


def test_a_file_of_which_no_row_can_be_read_is_retracted_whole() -> None:
    """Retracting a file takes its refused rows out of `quarantine`, also where it has no other rows."""
    good = BY_STORE["taobao_d"][0]
    with a_home() as home:
        drop(home, [good, ALL_REFUSED])
        assert digests(home)["quarantine"][0] > 0
        take_out(home, path_of(ALL_REFUSED))
        assert digests(home) == at_once(frozenset([good]))


def test_a_repeated_file_of_which_no_row_can_be_read_is_refused_once() -> None:
    """The same bytes under another name do not stand in `quarantine` a second time."""
    with a_home() as home:
        drop(home, [ALL_REFUSED, repeated(ALL_REFUSED, "numbered", 2)])
        refreshed(home)
        with open_published(home) as shown:
            told = shown.execute("select count(*), count(distinct row), count(distinct file) from quarantine").fetchone()
    rows = at_once(frozenset([ALL_REFUSED]))["quarantine"][0]
    assert told == (rows, rows, 1)


class History(RuleBasedStateMachine):
    """Files arrive, are retracted and put back, with refreshes between: at every refresh the increment is the whole."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.home = make_home(Path(self._folder.name))
        STORES.write(self.home.root)
        self.waiting: set[str] = set()
        self.standing: set[str] = set()
        self.retracted: set[str] = set()

    @initialize(paths=some_files(4, with_faults=True))
    def begin(self, paths: Paths) -> None:
        """Let the first files arrive and land."""
        self.arrive(paths, refresh=True)

    @rule(paths=some_files(3, with_faults=True), refresh=st.booleans())
    def arrive(self, paths: Collection[str], *, refresh: bool) -> None:
        """Drop files into the inbox, among them some that are there already."""
        drop(self.home, the(paths))
        self.waiting |= set(paths) - self.standing - self.retracted
        self._and_perhaps(refresh)

    @precondition(lambda self: self.standing)
    @rule(data=st.data(), refresh=st.booleans())
    def retract(self, data: st.DataObject, *, refresh: bool) -> None:
        """Take a landed file out."""
        path = data.draw(st.sampled_from(sorted(self.standing)), label="retracted")
        take_out(self.home, path)
        self.standing.remove(path)
        self.retracted.add(path)
        self._and_perhaps(refresh)

    @precondition(lambda self: self.retracted)
    @rule(data=st.data(), refresh=st.booleans())
    def unretract(self, data: st.DataObject, *, refresh: bool) -> None:
        """Put a retracted file back."""
        path = data.draw(st.sampled_from(sorted(self.retracted)), label="put back")
        put_back(self.home, path)
        self.retracted.remove(path)
        self.standing.add(path)
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
            assert digests(self.home) == with_only(self.standing)

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
