"""The ledger: one entry per unit of files read and per retraction. An entry, written last and atomically, *is* the landing.

What stands in `landed/` without an entry never happened. How files are read does not belong here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assets.home import Home, UsageError, write_durably

LANDINGS_PER_UNIT = 10_000_000  # a unit's thousand files may be archives of as many members as an archive may have
HASH_DIGITS = 8


@dataclass(frozen=True)
class Landing:
    """What became of one file, or one member of an archive.

    `stated` is the instant of the export as the file states it, `exported_at` the same in UTC. `context` is what the reading
    depended on beside the bytes: when it changes, a file still in the inbox is read anew.
    `realm` is where its buyers are linked, where that is more than the store.
    `money` holds cents: kind, column, store, currency, read, refused. `digests` holds kind, month, rows, Σ content mod 2^64.
    """

    number: int
    store: str
    file: str
    size: int
    mtime_ns: int
    hash: str = ""
    member: str = ""
    format: str = ""
    part: str = ""
    encoding: str = ""
    exported_at: str = ""
    stated: str = ""
    context: str = ""
    realm: str = ""
    state: str = "landed"
    reason: str = ""
    detail: str = ""
    rows_in: int = 0
    kept_as_companion: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    money: Sequence[tuple[str, str, str, str, int, int]] = ()
    digests: Sequence[tuple[str, str, int, int]] = ()

    @property
    def identity(self) -> str:
        """Store, bytes and stated facts: the same landing twice changes nothing."""
        return hashlib.sha256(f"{self.store}\0{self.hash}\0{self.part}\0{self.stated}".encode()).hexdigest()[:32]

    @property
    def label(self) -> str:
        """The file, and the member of it, as a person names it."""
        return f"{self.file}!{self.member}" if self.member else self.file


@dataclass(frozen=True)
class Part:
    """A Parquet file of one kind and month, holding rows of a unit's landings."""

    kind: str
    month: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """A unit of files read, or a retraction, or persons suppressed, or those whose erasure is done: by their pseudonyms."""

    number: int
    written_at: str
    key_id: str = ""
    landings: tuple[Landing, ...] = ()
    parts: tuple[Part, ...] = ()
    retract: str = ""
    unretract: str = ""
    suppress: tuple[int, ...] = ()
    erased: tuple[int, ...] = ()


class Ledger:
    """The entries of a home, and what they say together: which landings count, and which rows of which parts."""

    def __init__(self, home: Home) -> None:
        self._folder = home.ledger
        self.entries = [_read(path) for path in sorted(self._folder.glob("*.json"))]
        self._settle()

    def _settle(self) -> None:
        retracted: set[str] = set()
        latest: dict[str, Landing] = {}
        landings = [landing for entry in self.entries for landing in entry.landings]
        for entry in self.entries:
            retracted |= {entry.retract} if entry.retract else set()
            retracted -= {entry.unretract}
            latest |= {landing.identity: landing for landing in entry.landings if landing.state == "landed"}
        self.retracted = frozenset(retracted)
        self.landings = [self._as_it_stands(landing, latest) for landing in landings]
        self.live = {landing.number: landing for landing in self.landings if landing.state == "landed"}
        self._latest = latest

    def _as_it_stands(self, landing: Landing, latest: dict[str, Landing]) -> Landing:
        if landing.state != "landed":
            return landing
        if latest[landing.identity].number != landing.number:
            return replace(landing, state="replaced")
        return replace(landing, state="retracted") if landing.identity in self.retracted else landing

    @property
    def suppressed(self) -> frozenset[int]:
        """Pseudonyms of persons no row may name any more."""
        return frozenset(person for entry in self.entries for person in entry.suppress)

    @property
    def unfinished(self) -> frozenset[int]:
        """Those of them who may still stand in parts or generations: their erasure was broken off."""
        return self.suppressed - {person for entry in self.entries for person in entry.erased}

    @property
    def next_number(self) -> int:
        """The number the next entry takes."""
        return self.entries[-1].number + 1 if self.entries else 1

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of the pseudonym keys used, oldest first."""
        return tuple(dict.fromkeys(entry.key_id for entry in self.entries if entry.key_id))

    def key_of(self, landing: Landing) -> str:
        """The id of the key a landing's buyers are named under."""
        return next(entry.key_id for entry in self.entries if entry.number == landing.number // LANDINGS_PER_UNIT)

    def standing(self, landing: Landing) -> Landing | None:
        """The landing of the same store, bytes and stated facts that counts, if there is one."""
        return self._latest.get(landing.identity)

    def append(self, entry: Entry) -> None:
        """Make an entry part of the ledger, durably.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        self._write(entry)
        self.entries.append(entry)
        self._settle()

    def replace(self, entry: Entry) -> None:
        """Put an entry in the place of the one of its number, durably: only where a person is erased.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        self._write(entry)
        self.entries = [entry if one.number == entry.number else one for one in self.entries]
        self._settle()

    def _write(self, entry: Entry) -> None:
        write_durably(self._folder / f"{entry.number:06d}.json", json.dumps(asdict(entry), ensure_ascii=False).encode())

    def parts(self, kind: str, months: Iterable[str] | None = None) -> list[str]:
        """Files of a kind with rows that count, of some months or of all; a row without a month belongs to every month."""
        wanted = None if months is None else {*months, ""}
        alive = {number // LANDINGS_PER_UNIT for number in self.live}
        return [
            part.file
            for entry in self.entries
            if entry.number in alive
            for part in entry.parts
            if part.kind == kind and (wanted is None or part.month in wanted)
        ]

    def dead(self) -> list[int]:
        """Landings whose rows stand in parts but do not count: retracted, replaced, or a duplicate."""
        return [
            landing.number
            for landing in self.landings
            if (landing.digests or landing.quarantined) and landing.number not in self.live
        ]

    def digests(self, kind: str) -> dict[str, str]:
        """Per month how many rows of a kind count, and a digest of them and of the landings they came with."""
        rows: dict[str, list[str]] = {}
        counts: Counter[str] = Counter()
        for number, landing in sorted(self.live.items()):
            for of, month, count, content in landing.digests:
                if of == kind:
                    rows.setdefault(month, []).append(f"{number}:{count}:{content}")
                    counts[month] += count
        return {
            month: f"{counts[month]}:{hashlib.sha256('|'.join(found).encode()).hexdigest()[:32]}" for month, found in rows.items()
        }

    def digest(self) -> str:
        """One digest of everything landed and of what became of every file."""
        said = [f"{landing.number}:{landing.identity}:{landing.state}:{landing.reason}" for landing in self.landings]
        return hashlib.sha256("|".join(said).encode()).hexdigest()[:32]


def landed_since(home: Home, moment: str) -> list[Landing]:
    """What was landed at or after a moment, as `now` writes it, and counts: the newest first."""
    ledger = Ledger(home)
    entries = [entry for entry in ledger.entries if entry.written_at >= moment]
    return [landing for entry in reversed(entries) for landing in entry.landings if landing.number in ledger.live]


def damaged(home: Home, ledger: Ledger) -> list[str]:
    """Parts the ledger names that are missing, or are not what was landed."""
    found = []
    for part in (part for entry in ledger.entries for part in entry.parts):
        path = home.landed / part.file
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != part.sha256:
            found.append(part.file)
    return found


def now() -> str:
    """The present instant as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(path: Path) -> Entry:
    said: dict[str, Any] = json.loads(path.read_bytes())
    said["landings"] = tuple(
        Landing(
            **{
                **landing,
                "money": [tuple(line) for line in landing["money"]],
                "digests": [tuple(line) for line in landing["digests"]],
            }
        )
        for landing in said["landings"]
    )
    said["parts"] = tuple(Part(**part) for part in said["parts"])
    said |= {name: tuple(said.get(name, ())) for name in ("suppress", "erased")}
    return Entry(**said)


def retract(ledger: Ledger, what: str, *, undo: bool = False) -> list[Landing]:
    """Take landings out as if they had never come, or put them back.

    Args:
        ledger: the home's ledger.
        what: a file as the inbox names it, or the first eight or more digits of a hash.
        undo: put back what was retracted.

    Returns:
        The landings concerned.

    Raises:
        UsageError: nothing that can be retracted, or put back, is called so.
    """
    wanted = "retracted" if undo else "landed"
    known = [landing for landing in ledger.landings if landing.state == wanted]
    by_hash = len(what) >= HASH_DIGITS and set(what) <= set("0123456789abcdef")
    found = [
        landing
        for landing in known
        if what in (landing.file, landing.label, landing.file.split("/", 1)[-1]) or (by_hash and landing.hash.startswith(what))
    ]
    if not found:
        raise UsageError(f"no {wanted} file is called {what}: `edgewise query 'select file, hash, state from files'` lists them")
    for landing in found:
        entry = Entry(ledger.next_number, now())
        ledger.append(replace(entry, unretract=landing.identity) if undo else replace(entry, retract=landing.identity))
    return found
