"""Landing: which files of the inbox are new, reading them in a pool of warm workers, and entering them in the ledger.

How one file is read belongs to `exports`; what the entries mean belongs to `ledger`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assets import erasing, reference
from assets.exports import formats as export_formats
from assets.exports.archive import is_packed
from assets.exports.opening import Reader, Source
from assets.exports.privacy import scrubbed_name
from assets.exports.worker import Unit, land
from assets.home import Home
from assets.keys import key_id, pseudonym_key
from assets.ledger import LANDINGS_PER_UNIT, Entry, Landing, Ledger, Part, now
from assets.workers import DIED, Limits, died, stop, submit, undisturbed, workers

if TYPE_CHECKING:
    from pebble import ProcessPool

UNIT_BYTES = 16 << 20
LEAST_UNIT_BYTES = 1 << 20
UNITS_PER_WORKER = 4
UNIT_FILES = 1_000
IGNORED = (".", "~$")

Outcome = tuple[list[Landing], list[Part]]


@dataclass
class Summary:
    """What a landing did: files by state, rows by fate, and the files a person should look at."""

    files: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    refused: list[Landing] = field(default_factory=list)

    def add(self, landings: Iterable[Landing]) -> None:
        """Count what became of some files."""
        for landing in landings:
            self.files[landing.state] += 1
            if landing.state == "landed":
                self.rows.update({"in": landing.rows_in, "quarantined": sum(landing.quarantined.values())})
            if landing.state != "parked" and (landing.reason or landing.quarantined):
                self.refused.append(landing)


def scan(home: Home) -> list[Source]:
    """The inbox's files in the order of their names; links, pipes and dot files are left to the worker to refuse or ignored."""
    found = []
    for folder in sorted(path for path in home.inbox.iterdir() if path.is_dir() and not path.name.startswith(IGNORED)):
        found += files_of(folder)
    return found


def files_of(folder: Path) -> list[Source]:
    """A store's files in the order of their names; what a spreadsheet or a system leaves beside them is ignored."""
    paths = sorted(
        path for path in folder.rglob("*") if (path.is_symlink() or not path.is_dir()) and not path.name.startswith(IGNORED)
    )
    return [source for path in paths if (source := _source(path, folder))]


def _source(path: Path, folder: Path) -> Source | None:
    """A file as it is found; none where it has gone meanwhile."""
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return None
    name = scrubbed_name(f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return Source(path, folder.name, name, seen.st_size, seen.st_mtime_ns)


def reader(home: Home, key: bytes, suppressed: frozenset[int] = frozenset()) -> Reader:
    """What the workers need to know, read once."""
    known = export_formats.load_all(home.reference / "formats")
    return Reader(home.landed, known, reference.store_facts(home), key, suppressed)


def new_files(sources: Iterable[Source], ledger: Ledger, reading: Reader, *, look_again: bool = False) -> list[Source]:
    """The files that were never read as they are now, or whose reading would come out differently today.

    With `look_again` also those that were refused.
    """
    known: dict[tuple[str, int, int], list[Landing]] = {}
    for landing in ledger.landings:
        known.setdefault((landing.file, landing.size, landing.mtime_ns), []).append(landing)
    return [
        source for source in sources if _is_new(known.get((source.file, source.size, source.mtime_ns), []), reading, look_again)
    ]


def _is_new(landings: list[Landing], reading: Reader, look_again: bool) -> bool:  # noqa: FBT001  internal
    last = max((landing.number // LANDINGS_PER_UNIT for landing in landings), default=0)
    current = [landing for landing in landings if landing.number // LANDINGS_PER_UNIT == last]
    if (
        not current
        or current[-1].state == "part_of_set"
        or any(landing.reason == "unstable_file" for landing in current)
        or (look_again and all(landing.state == "refused" for landing in current))
    ):
        return True
    return any(landing.context != reading.context_of(landing.store, reading.formats.get(landing.format)) for landing in current)


def units(sources: Sequence[Source], first: int, workers: int = 1) -> Iterator[Unit]:
    """Pack files into units big enough to be worth a part and small enough to be shared out among the workers."""
    share = sum(source.size for source in sources) // (UNITS_PER_WORKER * max(workers, 1))
    limit = min(UNIT_BYTES, max(share, LEAST_UNIT_BYTES))
    batch: list[Source] = []
    size = 0
    for source in sources:
        if batch and (size + source.size > limit or len(batch) >= UNIT_FILES):
            yield Unit(first, tuple(batch))
            first, batch, size = first + 1, [], 0
        batch.append(source)
        size += source.size
    if batch:
        yield Unit(first, tuple(batch))


def sets(sources: Sequence[Source], ledger: Ledger, wanted: Iterable[tuple[str, str]], first: int) -> list[Unit]:
    """Units of files that belong together: all of a store's files of a format, by the ledger, new or known."""
    gathered = []
    for number, (store, name) in enumerate(sorted(wanted), start=first):
        known = {landing.file for landing in ledger.landings if (landing.store, landing.format) == (store, name) and landing.part}
        files = tuple(source for source in sources if source.store == store and source.file in known)
        gathered.append(Unit(number, files, joins=name))
    return gathered


class Intake:
    """A landing under way: workers read while the caller does other things; `finish` waits and enters everything.

    Used as a context manager, so that no worker outlives it. `look_again` also reads what was refused before; `watch` is called
    with the bytes read so far and the bytes of all new files.
    """

    def __init__(
        self,
        home: Home,
        limits: Limits,
        *,
        new_key_epoch: bool = False,
        look_again: bool = False,
        watch: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self.home, self.ledger, self._watch = home, Ledger(home), watch
        self.summary: Summary | None = None
        self._sweep()
        if self.ledger.unfinished:
            erasing.rewrite(home, self.ledger)
        key = pseudonym_key(home, self.ledger, new_epoch=new_key_epoch)
        self._key_id = key_id(key)
        if new_key_epoch and self._key_id not in self.ledger.key_ids[-1:]:
            self.ledger.append(Entry(self.ledger.next_number, now(), self._key_id))
        self._reading = reader(home, key, self.ledger.suppressed)
        self._sources = scan(home)
        self.new = new_files(self._sources, self.ledger, self._reading, look_again=look_again)
        if new_key_epoch:
            self.new = self._with_those_under_earlier_keys(self.new)
        self._limits = limits
        self._pool: ProcessPool | None = None
        self._next = self.ledger.next_number
        try:
            self._start(limits)
        except KeyboardInterrupt:
            self._stop()
            raise

    def _start(self, limits: Limits) -> None:
        with undisturbed():
            if self.new and (limits.workers or any(is_packed(source.path) for source in self.new)):
                self._pool = workers(limits, self._reading)
            self._pending = [(unit, self._submit(unit)) for unit in self._numbered(self.new)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._pool:
            stop(self._pool)

    def finish(self) -> Summary:
        """Wait for the workers, enter what they read, and say what happened."""
        summary, total, done = Summary(), sum(source.size for source in self.new), 0
        waiting = self._pending
        sets: set[tuple[str, str]] = set()
        while waiting:
            again: list[Unit] = []
            for unit, future in waiting:
                try:
                    landings, parts = future.result()
                except DIED as error:
                    again += self._one_by_one(unit, error, summary)
                    continue
                sets |= {(landing.store, landing.format) for landing in landings if landing.state == "part_of_set"}
                self._enter(unit, landings, parts, summary)
                done += sum(source.size for source in unit.sources)
                self._watch(done, total)
            again += self._sets(sets)
            sets = set()
            waiting = [(unit, self._submit(unit)) for unit in again]
        self.summary = summary
        return summary

    def _numbered(self, sources: Sequence[Source]) -> list[Unit]:
        packed = list(units(sources, self._next, self._limits.workers))
        self._next += len(packed)
        return packed

    def _submit(self, unit: Unit) -> "Future[Outcome]":
        if self._pool is None:
            done: Future[Outcome] = Future()
            done.set_result(land(unit, self._reading))
            return done
        return submit(self._pool, land, unit)

    def _one_by_one(self, unit: Unit, error: BaseException, summary: Summary) -> list[Unit]:
        """A unit whose worker died is read file by file; a file whose worker died is refused."""
        if len(unit.sources) > 1:
            singles = [replace(unit, number=self._next + index, sources=(source,)) for index, source in enumerate(unit.sources)]
            self._next += len(singles)
            return singles
        self._enter(unit, [died(unit, error, self._reading)], [], summary)
        return []

    def _sets(self, wanted: set[tuple[str, str]]) -> list[Unit]:
        gathered = sets(self._sources, self.ledger, wanted, self._next)
        self._next += len(gathered)
        return gathered

    def _enter(self, unit: Unit, landings: list[Landing], parts: list[Part], summary: Summary) -> None:
        """Enter a unit in the ledger; what was landed before, byte for byte and fact for fact, is a duplicate."""
        settled, fresh = [], set()
        for landing in landings:
            before = self.ledger.standing(landing) if landing.state == "landed" else None
            alike = before is not None and before.context == landing.context and not self._under_earlier_key(before)
            twice = landing.identity in fresh or alike
            settled.append(replace(landing, state="duplicate") if landing.state == "landed" and twice else landing)
            fresh |= {landing.identity} if landing.state == "landed" else set()
        if unit.sources and not all(landing.state == "waiting" and landing.reason == "unstable_file" for landing in settled):
            self.ledger.append(Entry(unit.number, now(), self._key_id, tuple(settled), tuple(parts)))
        summary.add(landing for landing in settled if landing.state != "part_of_set")

    def _under_earlier_key(self, landing: Landing) -> bool:
        """Whether a landing is of an earlier key and may be read anew under today's.

        Not where persons were erased: nobody could tell them under another key, and they would come back.
        """
        return not self.ledger.suppressed and self.ledger.key_of(landing) != self._key_id

    def _with_those_under_earlier_keys(self, new: list[Source]) -> list[Source]:
        again = {landing.file for landing in self.ledger.live.values() if self._under_earlier_key(landing)}
        return [source for source in self._sources if source in new or source.file in again]

    def _sweep(self) -> None:
        """Remove parts that no entry names: a run that was killed left them."""
        named = {part.file for entry in self.ledger.entries for part in entry.parts}
        for path in self.home.landed.glob("*/*.parquet"):
            if path.relative_to(self.home.landed).as_posix() not in named:
                path.unlink()
