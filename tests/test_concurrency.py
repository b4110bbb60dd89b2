"""Several processes at one home, and processes that die: one writes, readers see whole generations, and the next run mends all.

Killed runs are the real command, in a process group of its own that is killed whole. What a run had reached is read from
the files it leaves, not from a clock. No power cut is played here: what was written but not synced survives a kill.
"""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import worlds
from homes import Digests, drop, make_home, published_digests, refreshed
from worlds import ExportFile

from assets import published
from assets.exports.worker import Unit, land
from assets.home import Home
from assets.landed import Intake, reader, scan
from assets.ledger import Ledger
from assets.published import generations, open_published
from pipelines.refresh import nothing_new
from pipelines.settings import settings_of

EDGEWISE = Path(sys.executable).with_name("edgewise")
BUSY = 75
INTERRUPTED = 130
PATIENCE = 120.0
WORLD = worlds.mixed_world()
EARLY, LATE = WORLD.files[4:7], (*WORLD.files[:4], *WORLD.files[7:])
MORE = worlds.taobao_world().files

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to tell which processes are left")


# ---- Homes and processes --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the early files published as generation 1. For copying, never for changing."""
    home = make_home(tmp_path_factory.mktemp("early") / "home")
    replace(WORLD, files=EARLY).write(home.root)
    refreshed(home)
    return home


@pytest.fixture
def home(early: Home, tmp_path: Path) -> Home:
    """A home with generation 1 published and the late files waiting in its inbox."""
    copied = Home(Path(shutil.copytree(early.root, tmp_path / "home")))
    drop(copied, LATE)
    return copied


@pytest.fixture(scope="module")
def undisturbed(early: Home, tmp_path_factory: pytest.TempPathFactory) -> Digests:
    """The digests of a home that got the same files and whose runs were let be."""
    copied = Home(Path(shutil.copytree(early.root, tmp_path_factory.mktemp("undisturbed") / "home")))
    drop(copied, LATE)
    refreshed(copied)
    return published_digests(copied)


@dataclass(frozen=True)
class Started:
    """A command that was started in a process group of its own, its output going to files."""

    process: subprocess.Popen[bytes]
    mark: str
    folder: Path

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        return self.process.wait(PATIENCE)

    @property
    def out(self) -> str:
        """What it printed."""
        return (self.folder / "out").read_text()

    @property
    def err(self) -> str:
        """What it printed as errors."""
        return (self.folder / "err").read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send the whole group a signal, as a terminal does, or the kernel when memory runs out."""
        os.killpg(self.process.pid, number)

    def left(self) -> set[int]:
        """Its processes, workers too, that are alive."""
        return {int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and self._is_of(folder)}

    def _is_of(self, folder: Path) -> bool:
        try:
            return self.mark.encode() in (folder / "environ").read_bytes()
        except OSError:
            return False


@contextmanager
def started(tmp_path: Path, *words: str | Path) -> Iterator[Started]:
    """Start a command, and see to it that nothing of it is left afterwards."""
    mark = f"of-test-{uuid4().hex}"
    folder = tmp_path / mark
    folder.mkdir()
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=os.environ | {"STARTED_BY": mark},
            start_new_session=True,
        )
    command = Started(process, mark, folder)
    try:
        yield command
    finally:
        for left in command.left():
            os.kill(left, signal.SIGKILL)
        process.wait(PATIENCE)


def edgewise(tmp_path: Path, home: Home, *words: str) -> tuple[int, str, str]:
    """Run the command to its end: exit code, output, errors."""
    with started(tmp_path, EDGEWISE, *words, "--home", home.root) as command:
        return command.ended(), command.out, command.err


def wait_until(met: Callable[[], bool], what: str, patience: float = PATIENCE, pause: float = 0.005) -> None:
    """Look again and again until something is so."""
    end = time.monotonic() + patience
    while not met():
        assert time.monotonic() < end, f"waited {patience:.0f} s for {what}"
        time.sleep(pause)


def everything_in(home: Home) -> dict[str, tuple[int, int]]:
    """Every file of a home with its size and time of change."""
    found = [path for path in home.root.rglob("*") if path.is_file()]
    return {str(path.relative_to(home.root)): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


# ---- One writer -----------------------------------------------------------------------------------

HOLDING = """
import sys
from pathlib import Path
from assets.home import Home
from pipelines.refresh import writer

with writer(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the writer's lock."""
    command = [sys.executable, "-c", HOLDING, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.communicate()


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "--full"),
        ("run", "--only-land"),
        ("retract", f"{EARLY[0].store}/{EARLY[0].name}"),
        ("unretract", f"{EARLY[0].store}/{EARLY[0].name}"),
        ("rebuild",),
    ],
    ids=" ".join,
)
def test_a_second_writer_is_told_who_the_first_is(home: Home, tmp_path: Path, words: Sequence[str]) -> None:
    """While one process holds the lock, a command that writes exits 75, names its process and since when, and changes nothing."""
    with held(home) as holder:
        before = everything_in(home)
        code, out, err = edgewise(tmp_path, home, *words)
        assert everything_in(home) == before
    assert (code, out) == (BUSY, "")
    told = re.fullmatch(r"edgewise: .*process (\d+), since (\S+?); nothing was done\n", err)
    assert told, err
    assert int(told[1]) == holder.pid
    assert timedelta() <= datetime.now(UTC) - datetime.fromisoformat(told[2]) < timedelta(minutes=10)


@pytest.mark.parametrize(
    "words", [("status",), ("generations",), ("query", "select count(*) from orders"), ("formats",)], ids=" ".join
)
def test_who_only_reads_is_not_kept_waiting(home: Home, tmp_path: Path, words: Sequence[str]) -> None:
    """Commands that only read work while another process holds the lock."""
    with held(home):
        code, out, err = edgewise(tmp_path, home, *words)
    assert (code, err) == (0, "")
    assert out


def test_the_lock_dies_with_its_holder(home: Home) -> None:
    """A lock whose holder was killed stops nobody, whatever its file says."""
    with held(home) as holder:
        holder.kill()
        holder.wait(PATIENCE)
    assert refreshed(home).number == 2


def test_of_runs_started_together_one_publishes(home: Home, tmp_path: Path, undisturbed: Digests) -> None:
    """Three runs started at once make one generation: each of the others exits 75, or comes later and finds nothing new."""
    words = (EDGEWISE, "run", "--home", home.root)
    with started(tmp_path, *words) as one, started(tmp_path, *words) as two, started(tmp_path, *words) as three:
        runs = {command: command.ended() for command in (one, two, three)}
    assert [each.number for each in generations(home)] == [1, 2]
    published_by = [command for command, code in runs.items() if code == 0 and "Nothing new" not in command.out]
    assert len(published_by) == 1, runs
    for command, code in runs.items():
        if command not in published_by:
            assert code == BUSY or (code == 0 and "Nothing new" in command.out), (code, command.err)
            assert code == 0 or re.search(r"process \d+, since \S+; nothing was done", command.err)
    assert published_digests(home) == undisturbed


# ---- Readers while one writes ---------------------------------------------------------------------

READING = """
import json, sys
from pathlib import Path
from assets.published import open_published

home, said, enough = (Path(word) for word in sys.argv[1:])
QUERIES = (
    "select generation from generation",
    "select count(*) from orders where counted",
    "select sum(paid_orders) from store_days where basis = 'paid'",
    "select sum(paid_orders) from store_days where basis = 'placed'",
    "select sum(paid_orders) from store_metrics where basis = 'paid' and grain = 'year'",
    "select count(*) from files",
    "select sum(gross_sales)::varchar from product_metrics where basis = 'paid' and grain = 'day'",
)
with said.open("w") as out:
    while not enough.exists():
        try:
            with open_published(home) as connection:
                read = [connection.execute(query).fetchone()[0] for query in QUERIES]
        except BaseException as error:
            read = repr(error)
        print(json.dumps(read), file=out, flush=True)
"""


def readings(said: Path) -> list[Any]:
    """What a reader has written down so far, whole lines only."""
    return [json.loads(line) for line in said.read_text().splitlines(keepends=True) if line.endswith("\n")]


def numbers_read(said: Path) -> list[int]:
    """The generations a reader saw, in turn."""
    return [read[0] for read in readings(said) if isinstance(read, list)]


def test_readers_see_whole_generations_and_never_go_back(early: Home, tmp_path: Path) -> None:
    """While ten refreshes publish, readers never fail, never see an older generation again, and every reading is of one state."""
    home = Home(Path(shutil.copytree(early.root, tmp_path / "home")))
    enough, said = tmp_path / "enough", [tmp_path / "first", tmp_path / "second"]
    batches = [MORE[start::10] for start in range(10)]
    truth: dict[int, list[Any]] = {}
    with started(tmp_path, sys.executable, "-c", READING, home.root, said[0], enough) as first:
        wait_until(lambda: said[0].exists() and 1 in numbers_read(said[0]), "the first reading")
        with started(tmp_path, sys.executable, "-c", READING, home.root, said[1], enough) as second:
            for turn, batch in enumerate(batches):
                drop(home, batch)
                number = refreshed(home).number
                if turn % 3 == 0:
                    wait_until(lambda: numbers_read(said[0])[-1] == number, f"a reading of generation {number}")  # noqa: B023
            wait_until(lambda: all(numbers_read(each)[-1:] == [number] for each in said), "readings of the last generation")
            enough.touch()
            assert (first.ended(), second.ended()) == (0, 0)
    for each in generations(home):
        truth[each.number] = _reading_of(home, each.number)
    for path in said:
        found = readings(path)
        assert [read for read in found if not isinstance(read, list)] == []
        assert numbers_read(path) == sorted(numbers_read(path))
        for read in found:
            number, counted, paid, placed, by_year, files, _ = read
            assert counted == paid == placed == by_year
            assert files >= len(EARLY) + number - 1
            assert read == truth.get(number, read)
    assert {1, 11} <= set(numbers_read(said[0]))
    assert len(set(numbers_read(said[0]))) >= 5


def _reading_of(home: Home, number: int) -> list[Any]:
    """The reading of a generation that stands still."""
    queries = re.findall(r'^    "(select .*)",$', READING, re.MULTILINE)
    with open_published(home, number) as connection:
        found = [connection.execute(query).fetchone() for query in queries]
    return [json.loads(json.dumps(row[0])) for row in found if row]


# ---- Runs that are killed -------------------------------------------------------------------------

# The command as it is, but reading few files at a time, so that a run enters several units in the ledger.
RUNNING = """
from assets import landed, workers
from pipelines.cli import main

landed.UNIT_FILES, workers.SECONDS_PER_UNIT = 2, 3_600
main()
"""


@dataclass(frozen=True)
class Moment:
    """A moment in a run's life, told by what it has left so far; and how long after it."""

    name: str
    has_come: Callable[[Home, Started], bool]
    after: float = 0.0


def _some(folder: str, pattern: str) -> Callable[[Home, Started], bool]:
    return lambda home, _: any((home.root / folder).glob(pattern))


def _holds_the_lock(home: Home, run: Started) -> bool:
    return f"process {run.process.pid}," in home.lock.read_text()


def _has_workers(_: Home, run: Started) -> bool:
    return len(run.left()) > 1


def _shows(home: Home, _: Started) -> bool:
    return published.current_name(home) == "g000002.duckdb"


MOMENTS = (
    Moment("while it imports", lambda _home, _run: True, after=0.4),
    Moment("holding the lock", _holds_the_lock),
    Moment("starting workers", _has_workers, after=0.2),
    Moment("with a part written", _some("landed", "*/*-00000[2-9]*.parquet")),
    Moment("with an entry made", _some("landed/ledger", "000002.json")),
    Moment("with three entries made", _some("landed/ledger", "000004.json")),
    Moment("with the warehouse open", _some("warehouse", "warehouse.duckdb.wal")),
    Moment("building the first tables", _some("warehouse", "warehouse.duckdb.wal"), after=0.2),
    Moment("building the last tables", _some("warehouse", "warehouse.duckdb.wal"), after=0.6),
    Moment("copying", _some("published", ".g000002.duckdb.tmp")),
    Moment("with the copy named", _some("published", "g000002.duckdb")),
    Moment("with the copy described", _some("published", "g000002.json")),
    Moment("with the copy shown", _shows),
)


def killed_at(home: Home, tmp_path: Path, moment: Moment) -> None:
    """Start a run and kill its whole process group at a moment, or see it end before."""
    home.toml.write_text("workers = 2\n")
    with started(tmp_path, sys.executable, "-c", RUNNING, "run", "--home", home.root) as run:
        wait_until(lambda: run.process.poll() is not None or moment.has_come(home, run), moment.name, pause=0.001)
        time.sleep(moment.after)
        with _gone_already():
            run.signal(signal.SIGKILL)
        run.ended()
        wait_until(lambda: not run.left(), "the processes of the run to be gone", patience=30)


@contextmanager
def _gone_already() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return


def check_intact(home: Home) -> None:
    """Readers can open what CURRENT names, it is what was published, and every generation listed is whole."""
    assert published.current_name(home) in ("g000001.duckdb", "g000002.duckdb")
    for each in generations(home):
        assert hashlib.sha256((home.published / each.file).read_bytes()).hexdigest() == each.sha256
    with open_published(home) as connection:
        (number,) = connection.execute("select generation from generation").fetchone() or (0,)
        assert f"g{number:06d}.duckdb" == published.current_name(home)
        assert connection.execute("select count(*) > 0 from orders where counted").fetchone() == (True,)


def check_mended(home: Home, undisturbed: Digests) -> None:
    """All is as if nobody had been killed: the tables, what readers see, and no leftovers anywhere."""
    assert published_digests(home) == undisturbed
    check_nothing_is_left_over(home)
    assert nothing_new(settings_of(home.root)) is not None


def check_nothing_is_left_over(home: Home) -> None:
    """Every part is one the ledger names, and as it names it; every generation has its description; no draft is left."""
    named = {part.file: part.sha256 for entry in Ledger(home).entries for part in entry.parts}
    parts = {path.relative_to(home.landed).as_posix(): path for path in home.landed.glob("*/*.parquet")}
    assert set(parts) == set(named)
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in parts.items()} == named
    outside = [path for path in home.root.rglob(".*") if home.inbox not in path.parents]
    assert outside == []
    stems = [{path.stem for path in home.published.glob(f"g*.{suffix}")} for suffix in ("duckdb", "json")]
    assert stems[0] == stems[1]
    assert published.newest(home) == published.current(home)
    assert list(home.warehouse.glob("*.wal")) == []


@pytest.mark.parametrize("moment", MOMENTS, ids=[moment.name for moment in MOMENTS])
def test_a_killed_run_leaves_readers_alone_and_the_next_run_mends_it(
    home: Home, tmp_path: Path, undisturbed: Digests, moment: Moment
) -> None:
    """Whenever a run and its workers are killed, what was published stands, and one more run gives the tables of no kill."""
    killed_at(home, tmp_path, moment)
    check_intact(home)
    if moment in MOMENTS[::6]:
        code, _, err = edgewise(tmp_path, home, "run")
        assert code == 0, err
    else:
        refreshed(home)
    check_mended(home, undisturbed)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 60))])
def test_a_run_killed_at_any_moment_is_mended(home: Home, tmp_path: Path, undisturbed: Digests, seed: int) -> None:
    """Sixty kills at random moments, some of them of the run that should mend the first: the run after gives the same tables."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        moment = chance.choice(MOMENTS)
        killed_at(home, tmp_path, replace(moment, after=chance.choice((0.0, chance.uniform(0, 0.1), chance.uniform(0, 2)))))
        check_intact(home)
    refreshed(home)
    check_mended(home, undisturbed)


# ---- Every step of a refresh ----------------------------------------------------------------------

# Kills itself before the given one of all steps by which a refresh makes files last, renames them and removes them.
DYING = """
import os, signal, sys
from pathlib import Path
from pipelines.refresh import refresh
from pipelines.settings import settings_of

last, steps = int(sys.argv[2]), 0

def dying(step):
    def taken(*args, **kwargs):
        global steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*args, **kwargs)
    return taken

os.fsync, Path.replace, Path.unlink = dying(os.fsync), dying(Path.replace), dying(Path.unlink)
refresh(settings_of(Path(sys.argv[1])))
print(steps)
"""
STEPS = 40


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with as many generations as are kept, and one more file waiting: its next refresh removes a generation, too."""
    home = make_home(tmp_path_factory.mktemp("full") / "home")
    replace(WORLD, files=EARLY[:1]).write(home.root)
    refreshed(home)
    for number in range(2, published.KEEP + 1):
        again = replace(generations(home)[-1], number=number)
        published.publish(home, home.warehouse / "warehouse.duckdb", again, published.current_name(home))
    drop(home, EARLY[2:])
    return home


@pytest.fixture(scope="module")
def after_full(full: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Digests, Digests]:
    """The digests of that home before and after its next refresh."""
    copied = Home(Path(shutil.copytree(full.root, tmp_path_factory.mktemp("after") / "home")))
    before = published_digests(copied)
    refreshed(copied)
    return before, published_digests(copied)


@pytest.mark.parametrize("step", range(1, STEPS + 1))
@pytest.mark.soak
def test_a_refresh_killed_at_any_step_of_writing_is_mended(
    full: Home, tmp_path: Path, after_full: tuple[Digests, Digests], step: int
) -> None:
    """Killed before any one sync, rename or removal of a file, readers see one state whole, and the next run mends it."""
    home = Home(Path(shutil.copytree(full.root, tmp_path / "home")))
    died = subprocess.run([sys.executable, "-c", DYING, str(home.root), str(step)], capture_output=True, check=False)
    assert died.returncode in (0, -signal.SIGKILL), died.stderr.decode()
    assert published_digests(home) in after_full
    if nothing_new(settings_of(home.root)) is not None:
        assert published_digests(home) == after_full[1]
    refreshed(home)
    assert published_digests(home) == after_full[1]
    assert len(generations(home)) == published.KEEP
    check_nothing_is_left_over(home)


def test_the_steps_tried_are_all_there_are(full: Home, tmp_path: Path) -> None:
    """A refresh takes no more steps than are tried here, so that none is left out."""
    home = Home(Path(shutil.copytree(full.root, tmp_path / "home")))
    whole = subprocess.run([sys.executable, "-c", DYING, str(home.root), "0"], capture_output=True, check=True)
    assert 10 < int(whole.stdout) <= STEPS


# ---- Workers that outlive their run ---------------------------------------------------------------

READS_FOR_LONG = """
import sys, time
from pathlib import Path
from assets.home import Home
from assets.landed import Intake
from assets.workers import Limits

if __name__ == "__main__":
    with Intake(Home(Path(sys.argv[1])), Limits(workers=2)) as intake:
        intake._pool.schedule(time.sleep, args=(600,))
        intake.finish()
        time.sleep(600)
"""


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_no_worker_outlives_its_run(home: Home, tmp_path: Path, busy: bool) -> None:
    """When a run alone is killed its workers, whether idle or in the middle of a file, end within half a minute."""
    script = READS_FOR_LONG if busy else READS_FOR_LONG.replace("intake._pool.schedule(time.sleep, args=(600,))", "pass")
    with started(tmp_path, sys.executable, "-c", script, home.root) as run:
        wait_until(lambda: (home.ledger / "000002.json").exists() and _has_workers(home, run), "workers at work")
        os.kill(run.process.pid, signal.SIGKILL)
        run.ended()
        wait_until(lambda: not run.left(), "the workers of a killed run to end", patience=30, pause=0.1)


def test_a_worker_that_outlives_its_run_changes_nothing_a_later_run_landed(home: Home) -> None:
    """Parts that a worker of a killed run writes late, for a unit whose number was given again, leave the landed ones alone."""
    reading = reader(home, home.key.read_bytes())
    waiting = [source for source in scan(home) if source.file.startswith("shopify")]
    orphaned = Unit(Ledger(home).next_number, tuple(waiting[:3]))
    refreshed(home)
    land(orphaned, reading)
    parts = {part.file: part.sha256 for entry in Ledger(home).entries for part in entry.parts}
    found = {name: hashlib.sha256((home.landed / name).read_bytes()).hexdigest() for name in parts}
    assert found == parts


# ---- Sets of files that are read together ---------------------------------------------------------

OLIST = {
    "olist_orders_dataset.csv": (
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
        "order_delivered_customer_date,order_estimated_delivery_date\n"
        "o1,c1,delivered,2018-01-02 10:00:00,2018-01-02 11:00:00,,,\n"
        "o2,c2,delivered,2018-01-03 10:00:00,2018-01-03 11:00:00,,,\n"
    ),
    "olist_order_items_dataset.csv": (
        "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
        "o1,1,p1,s1,2018-01-09 10:00:00,10.00,1.00\n"
        "o2,1,p2,s1,2018-01-09 10:00:00,20.00,2.00\n"
    ),
}


def test_a_set_whose_joining_was_cut_short_is_joined_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies after reading the files of a set and before joining them leaves the joining to the next run."""
    home = make_home(tmp_path / "home")
    drop(home, [ExportFile("olist", name, text.encode()) for name, text in OLIST.items()])
    with monkeypatch.context() as patch:
        patch.setattr(Intake, "_sets", _die)
        with pytest.raises(KeyboardInterrupt):
            refreshed(home)
    refreshed(home)
    with open_published(home) as connection:
        assert connection.execute("select count(*) from orders where counted").fetchone() == (2,)
        assert connection.execute("select count(*) from order_lines").fetchone() == (2,)


def _die(*_: object) -> None:
    raise KeyboardInterrupt


# ---- Ctrl-C ---------------------------------------------------------------------------------------

STOPPABLE = tuple(MOMENTS[index] for index in (1, 2, 3, 6, 7))


@pytest.mark.parametrize("moment", STOPPABLE, ids=[moment.name for moment in STOPPABLE])
def test_ctrl_c_stops_a_run_with_one_line(home: Home, tmp_path: Path, undisturbed: Digests, moment: Moment) -> None:
    """Ctrl-C, which reaches the run and its workers, ends it with code 130 and one line, and the next run goes on from there."""
    stop_at(home, tmp_path, moment)
    refreshed(home)
    check_mended(home, undisturbed)


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 40))])
def test_ctrl_c_at_any_moment_is_one_line(home: Home, tmp_path: Path, undisturbed: Digests, seed: int) -> None:
    """Ctrl-C at forty random moments between taking the lock and publishing: one line each, and the next run goes on."""
    chance = random.Random(seed)
    stop_at(home, tmp_path, replace(chance.choice(STOPPABLE), after=chance.uniform(0, 1)))
    refreshed(home)
    check_mended(home, undisturbed)


def stop_at(home: Home, tmp_path: Path, moment: Moment) -> None:
    """Press Ctrl-C at a moment of a run, and see to it that one line is all that is said, unless the run had ended."""
    home.toml.write_text("workers = 2\n")
    with started(tmp_path, sys.executable, "-c", RUNNING, "run", "--home", home.root) as run:
        wait_until(lambda: run.process.poll() is not None or moment.has_come(home, run), moment.name, pause=0.001)
        time.sleep(moment.after)
        with _gone_already():
            run.signal(signal.SIGINT)
        code, out, err = run.ended(), run.out, run.err
        wait_until(lambda: not run.left(), "the workers to be gone", patience=30)
    # Python itself swallows Ctrl-C that falls into a callback of its garbage collector, and says so; the run then goes on.
    assert "Traceback" not in err or (code == 0 and "Exception ignored in" in err)
    if code != 0:
        assert (code, out) == (INTERRUPTED, ""), err
        assert re.fullmatch(r"edgewise: stopped; .*\n", err), err
    check_intact(home)
