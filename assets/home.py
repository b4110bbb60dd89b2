"""The home: where its folders and files are. What is in them belongs to the modules that own them."""

import os
from dataclasses import dataclass
from pathlib import Path


class UsageError(Exception):
    """A mistake a person can mend: shown as one line, never as a traceback."""


class RefreshError(Exception):
    """A refresh could not go on, for a reason outside the data: shown as one line with what to do."""


@dataclass(frozen=True)
class Home:
    """The folder one owner's stores live in: exports go in, published generations come out."""

    root: Path

    @property
    def inbox(self) -> Path:
        """`inbox/<store>/…`: files as exported; never changed by edgewise."""
        return self.root / "inbox"

    @property
    def reference(self) -> Path:
        """The owner's small tables: stores, rates, catalogue."""
        return self.root / "reference"

    @property
    def landed(self) -> Path:
        """The truth: Parquet parts and the ledger of what was landed."""
        return self.root / "landed"

    @property
    def ledger(self) -> Path:
        """One JSON file per ledger entry."""
        return self.landed / "ledger"

    @property
    def warehouse(self) -> Path:
        """The cache of `landed/` the tables are built in."""
        return self.root / "warehouse"

    @property
    def published(self) -> Path:
        """Generations, and `CURRENT` naming one of them."""
        return self.root / "published"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.root / "dagster"

    @property
    def key(self) -> Path:
        """The secret that turns a buyer's platform id into a pseudonym."""
        return self.root / "key"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.root / "writer.lock"

    @property
    def toml(self) -> Path:
        """The owner's settings."""
        return self.root / "edgewise.toml"

    def make(self) -> None:
        """Create the folders that are not there."""
        for folder in (self.inbox, self.reference, self.ledger, self.warehouse, self.published, self.dagster):
            folder.mkdir(parents=True, exist_ok=True)


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that after a crash it is there whole or not at all.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    draft = path.with_name(f".{path.name}.tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
