"""Published generations: written, verified and named so that a reader sees one state whole, never half of the next.

A generation is a file that never changes. `CURRENT` names one. Nothing here computes a table.
"""

import hashlib
import json
import os
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from assets.home import Home, RefreshError, UsageError, sync_folder, write_durably
from assets.tables import TABLES

KEEP = 7
CONTRACT_VERSION = "1"
_CHUNK = 8 << 20
_OPEN_TRIES = 20


class PublishError(RefreshError):
    """A generation could not be published; the one before stands."""


@dataclass(frozen=True)
class Generation:
    """A published state: what it was computed from, and what its tables hold."""

    number: int
    built_at: str
    inputs_digest: str
    code_version: str
    engine: str
    sha256: str
    tables: dict[str, tuple[int, int]]
    contract_version: str = CONTRACT_VERSION

    @property
    def file(self) -> str:
        """The name of its file under `published/`."""
        return f"g{self.number:06d}.duckdb"


def generations(home: Home) -> list[Generation]:
    """All generations that can be read, oldest first."""
    found = [_described(path) for path in sorted(home.published.glob("g*.json")) if path.with_suffix(".duckdb").exists()]
    return sorted(found, key=lambda generation: generation.number)


def current_name(home: Home) -> str:
    """What `CURRENT` says; blank before anything was published."""
    try:
        return (home.published / "CURRENT").read_text().strip()
    except FileNotFoundError:
        return ""


def current(home: Home) -> Generation | None:
    """The generation readers see."""
    name = current_name(home)
    return _described((home.published / name).with_suffix(".json")) if name else None


def newest(home: Home) -> Generation | None:
    """The last generation built, which a held rollback keeps readers from."""
    built = generations(home)
    return built[-1] if built else None


def _described(path: Path) -> Generation:
    said = json.loads(path.read_bytes())
    said["tables"] = {name: (rows, digest) for name, (rows, digest) in said["tables"].items()}
    return Generation(**said)


def held(home: Home) -> str:
    """The generation a rollback holds; blank when none does."""
    try:
        return (home.published / "HELD").read_text().strip()
    except FileNotFoundError:
        return ""


def next_number(home: Home) -> int:
    """The number the next generation takes: never one that was used."""
    return max((int(path.stem[1:]) for path in home.published.glob("g*.json")), default=0) + 1


def publish(home: Home, warehouse: Path, generation: Generation, base: str) -> Generation:
    """Copy a checkpointed warehouse into a generation, verify it, and let readers see it.

    Args:
        home: the home.
        warehouse: the warehouse's file, closed and checkpointed.
        generation: what it is; its checksum is taken here.
        base: what `CURRENT` said when the refresh began.

    Returns:
        The generation with the checksum of its file.

    Raises:
        PublishError: there is no room, the copy is not what was built, or another run published meanwhile.
    """
    room = shutil.disk_usage(home.published).free
    if room < warehouse.stat().st_size * 1.2:
        raise PublishError(
            f"{home.published} has {room >> 20} MiB left, a generation needs {warehouse.stat().st_size >> 20} MiB: make room"
        )
    draft, final = home.published / f".{generation.file}.tmp", home.published / generation.file
    written = _copy(warehouse, draft)
    if _sha256(draft) != written:
        draft.unlink()
        raise PublishError("the copy does not read back as it was written: check the disk")
    _verify(draft, generation)
    if current_name(home) != base:
        draft.unlink()
        raise PublishError("another run published meanwhile: run again")
    generation = Generation(**{**asdict(generation), "sha256": written})
    draft.replace(final)
    write_durably(final.with_suffix(".json"), json.dumps(asdict(generation)).encode())
    if not held(home):
        write_durably(home.published / "CURRENT", f"{generation.file}\n".encode())
    _prune(home)
    return generation


def _copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_CHUNK):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(draft: Path, generation: Generation) -> None:
    """Read a draft as a reader would: every published table there with its rows."""
    with duckdb.connect(str(draft), read_only=True) as connection:
        for table in TABLES:
            if table.private or table.view:
                continue
            (rows,) = connection.execute(f"select count(*) from {table.name}").fetchone() or (None,)
            expected = generation.tables.get(table.name, (rows, 0))[0]
            if rows != expected:
                draft.unlink()
                raise PublishError(f"{table.name} has {rows} rows in the copy, {expected} were built: run again")


def damaged(home: Home) -> list[str]:
    """Generations whose file is not what was published."""
    return [generation.file for generation in generations(home) if _sha256(home.published / generation.file) != generation.sha256]


def _prune(home: Home) -> None:
    """Keep the last generations and the one readers see; a reader that has one open keeps it until it closes."""
    keep = {generation.number for generation in generations(home)[-KEEP:]}
    for generation in generations(home):
        if generation.number not in keep and generation.file not in (current_name(home), held(home)):
            with suppress(FileNotFoundError):
                (home.published / generation.file).unlink()
                (home.published / generation.file).with_suffix(".json").unlink()
    for draft in home.published.glob(".*.tmp"):
        draft.unlink(missing_ok=True)
    for left in home.published.glob("g*.*"):
        if not (left.with_suffix(".json").exists() and left.with_suffix(".duckdb").exists()):
            left.unlink(missing_ok=True)
    sync_folder(home.published)


def forget_earlier(home: Home, shown: Generation) -> int:
    """Delete every generation but one, and their pages, and let go of a rollback: nobody can go back behind it.

    Returns:
        How many there were.
    """
    (home.published / "HELD").unlink(missing_ok=True)
    write_durably(home.published / "CURRENT", f"{shown.file}\n".encode())
    earlier = [generation for generation in generations(home) if generation.number != shown.number]
    for generation in earlier:
        (home.published / generation.file).with_suffix(".json").unlink(missing_ok=True)
        (home.published / generation.file).unlink(missing_ok=True)
    for page in (home.published / "report").glob("*"):
        if shown.file.removesuffix(".duckdb") not in page.name:
            page.unlink()
    sync_folder(home.published)
    return len(earlier)


def roll_back(home: Home, number: int | None = None) -> Generation:
    """Let readers see an earlier generation and hold it: runs go on building, but do not flip.

    Raises:
        UsageError: there is no such generation.
    """
    built = generations(home)
    now = current(home)
    earlier = [generation for generation in built if now and generation.number < now.number]
    wanted = [generation for generation in built if generation.number == number] if number is not None else earlier[-1:]
    if not wanted:
        known = ", ".join(str(generation.number) for generation in built) or "none"
        raise UsageError(
            f"there is no generation {number if number is not None else 'before the current one'}; there are {known}"
        )
    write_durably(home.published / "HELD", f"{wanted[0].file}\n".encode())
    write_durably(home.published / "CURRENT", f"{wanted[0].file}\n".encode())
    return wanted[0]


def release(home: Home) -> Generation | None:
    """Let publishing go on: readers see the newest generation again."""
    (home.published / "HELD").unlink(missing_ok=True)
    sync_folder(home.published)
    last = newest(home)
    if last:
        write_durably(home.published / "CURRENT", f"{last.file}\n".encode())
    return last


def open_published(home: Home | Path | str, number: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a published generation for reading: the current one, or the one named.

    The connection keeps its generation however often a refresh publishes another; it never blocks one.

    Raises:
        UsageError: nothing is published yet, or there is no such generation.
    """
    home = home if isinstance(home, Home) else Home(Path(home))
    for _ in range(_OPEN_TRIES):
        name = current_name(home) if number is None else f"g{number:06d}.duckdb"
        if not name:
            raise UsageError(f"nothing is published in {home.root} yet: edgewise run --home {home.root}")
        path = home.published / name
        if path.exists():
            with suppress(duckdb.IOException):
                return duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": False})
        elif number is not None:
            break
        time.sleep(0.05)
    raise UsageError(f"{home.published / name} cannot be opened: `edgewise generations` lists those that can")
