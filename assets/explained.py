"""How a file would be read, without reading it in: what `edgewise explain` says. Nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from assets.exports.archive import is_packed, members
from assets.exports.canonical import NO_CURRENCY
from assets.exports.decode import Refused
from assets.exports.entries import Cell, Flag, normalise
from assets.exports.opening import Reader, Source, contents
from assets.exports.privacy import scrubbed_name
from assets.exports.reasons import REASONS
from assets.exports.recognise import header_of
from assets.exports.shape import Shaped
from assets.exports.spec import Format
from assets.exports.worker import Unit, read_unit
from assets.landed import IGNORED, files_of
from assets.ledger import Landing
from assets.sample import headers
from assets.workers import DIED, Limits, died, stop, submit, undisturbed, workers

SAMPLE = 3
CAUSES = ("cut_off", "other_export")  # of what else is wrong below
FALSE_TOTAL = "total_differs"  # a row that is refused, and none of data
_HIDDEN = ("buyer", "content", "landing", "authority", "rank", "latest_at", "month")


@dataclass(frozen=True)
class Explanation:
    """What would become of one table of a file.

    `rows` are all below the header; `rows_of_data` those that are left without totals, blank rows and the like; `set_aside` how
    many of these would be refused. `notes` are what to know beside that.
    """

    file: str
    store: str
    state: str
    reason: str = ""
    why: str = ""
    what_to_do: str = ""
    format: str = ""
    title: str = ""
    encoding: str = ""
    header_row: int = 0
    exported_at: str = ""
    rows: int = 0
    rows_of_data: int = 0
    set_aside: int = 0
    landed: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    not_loaded: list[str] = field(default_factory=list)
    sample: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def place(path: Path, inbox: Path) -> tuple[str, str]:
    """The store a file belongs to by where it lies, and what is odd about that place; blank where nothing is."""
    if not path.is_relative_to(inbox):
        return path.parent.name, "its folder's name is taken for its store, as it is not in the inbox: name another with --store"
    folder, *below = path.relative_to(inbox).parts
    if not below:
        return path.parent.name, "it lies in the inbox itself, where no run reads it: put it into its store's folder there"
    if path.name.startswith(IGNORED):
        return folder, f"a run passes over names that begin with {path.name[: 1 + path.name.startswith('~')]}: give it another"
    return folder, ""


def explain(path: Path, store: str, reader: Reader) -> list[Explanation]:
    """Say how a file's tables would be read.

    A file that belongs with others is read with those beside it.
    """
    return [_explained(path, landing, shaped, reader) for landing, shaped in _read(path, store, reader)]


def fates(path: Path, store: str, reader: Reader, row: int) -> list[str]:
    """What would become of one row, by its record number, in each table of a file."""
    return [f"{landing.label}, row {row}: {_fate(row, landing, shaped)}" for landing, shaped in _read(path, store, reader)]


def _read(path: Path, store: str, reader: Reader) -> list[tuple[Landing, Shaped | None]]:
    read = _read_safely(Unit(0, (_source(path, store),)), reader)
    joins = {landing.format for landing, _ in read if landing.state == "part_of_set"}
    if not joins:
        return read
    folder = next((parent for parent in path.parents if parent.name == store), path.parent)
    beside = tuple(replace(source, store=store) for source in files_of(folder))
    parts = {landing.file for landing, _ in _read_safely(Unit(0, beside), reader) if landing.format in joins and landing.part}
    unit = Unit(0, tuple(source for source in beside if source.file in parts), joins=next(iter(joins)))
    mine = {source.file for source in beside if source.path == path}
    return [(landing, shaped) for landing, shaped in _read_safely(unit, reader) if landing.file in mine]


def _read_safely(unit: Unit, reader: Reader) -> list[tuple[Landing, Shaped | None]]:
    """Read text here, and workbooks and archives in a process of their own, for a damaged one may end it."""
    if not any(is_packed(source.path) for source in unit.sources):
        return read_unit(unit, reader)
    with undisturbed():
        pool = workers(Limits(workers=1), reader)
    try:
        return submit(pool, read_unit, unit).result()
    except DIED as error:
        return [(died(replace(unit, sources=(source,)), error, reader), None) for source in unit.sources]
    finally:
        stop(pool)


def _fate(row: int, landing: Landing, shaped: Shaped | None) -> str:
    if shaped is None:
        says = REASONS[landing.reason].says if landing.reason else "no row of it is landed by itself"
        return f"the file is {landing.state}: {says}"
    for refused in shaped.problems.filter(pl.col("row") == row).iter_rows(named=True):
        reason = REASONS[refused["reason"]]
        where = f" (column {refused['column']})" if refused["column"] else ""
        return f"quarantined, {refused['reason']}{where}: {reason.says}. {reason.what_to_do[0].upper()}{reason.what_to_do[1:]}."
    kinds = [kind for kind, frame in shaped.kinds.items() if kind != "quarantine" and frame.filter(pl.col("row") == row).height]
    return f"landed as {' and '.join(kinds)}" if kinds else "skipped: it is no row of data, or not a row of the file"


def _source(path: Path, store: str) -> Source:
    seen = path.lstat()
    return Source(path, store, scrubbed_name(f"{store}/{path.name}"), seen.st_size, seen.st_mtime_ns)


def _explained(path: Path, landing: Landing, shaped: Shaped | None, reader: Reader) -> Explanation:
    reason = REASONS.get(landing.reason)
    described = reader.formats.get(landing.format)
    header_row, names = _header(path, landing, reader)
    problems = shaped.problems if shaped else pl.DataFrame(schema={"reason": pl.String})
    totals = problems.filter(pl.col("reason") == FALSE_TOTAL).height
    return Explanation(
        file=landing.label,
        store=landing.store,
        state=landing.state,
        reason=landing.reason,
        why=f"{reason.says}{f' ({landing.detail})' if landing.detail else ''}" if reason else "",
        what_to_do=reason.what_to_do if reason else "",
        format=landing.format,
        title=described.title if described else "",
        encoding=landing.encoding,
        header_row=header_row,
        exported_at=landing.exported_at,
        rows=landing.rows_in,
        rows_of_data=landing.rows_in - sum(landing.skipped.values()) - totals - landing.kept_as_companion,
        set_aside=problems.height - totals,
        landed={kind: frame.height for kind, frame in shaped.kinds.items() if kind != "quarantine"} if shaped else {},
        skipped=dict(landing.skipped),
        refused=_refused(shaped.problems) if shaped else [],
        mapping=_mapping(described, names) if described else {},
        not_loaded=_not_loaded(set(names) - described.columns, reader) if described else [],
        sample={kind: _sample(frame) for kind, frame in shaped.kinds.items() if kind != "quarantine"} if shaped else {},
        notes=_notes(landing.store, shaped, reader),
    )


def _notes(store: str, shaped: Shaped | None, reader: Reader) -> list[str]:
    """What stores.csv does not say of the store, where it matters."""
    notes = []
    if reader.stores and store not in reader.stores:
        notes.append(f"{store} is not in reference/stores.csv: its time zone and currency are what the platform's mostly are")
    frames = shaped.kinds.values() if shaped else ()
    if any("currency" in frame.columns and (frame["currency"] == NO_CURRENCY).any() for frame in frames):
        notes.append(
            "no currency is stated: say the store's in reference/stores.csv, for until then its amounts are not converted"
        )
    return notes


def _header(path: Path, landing: Landing, reader: Reader) -> tuple[int, tuple[str, ...]]:
    if not landing.format:
        return 0, ()
    try:
        tables = (table for member in members(path) for table in contents(member))
        header = header_of(next(content for name, content, _ in tables if name == landing.member), reader.formats.values())
    except (Refused, StopIteration):
        return 0, ()
    return header.row, header.names


def _not_loaded(names: set[str], reader: Reader) -> list[str]:
    """Columns that are left aside, by name where a platform names them so: what else stands in a header may be anyone's name."""
    exported = {normalise(name) for header in vars(headers).values() if isinstance(header, tuple) for name in header}
    known = exported.union(*(described.columns for described in reader.formats.values()))
    others = len(names - known)
    return sorted(names & known) + ([f"{others} more, called as no known export calls any"] if others else [])


def _mapping(described: Format, names: Iterable[str]) -> dict[str, str]:
    """Canonical column to the file's, where the file has it."""
    present, told = set(names), {}
    for kind in described.kinds:
        for column, entry in getattr(described, kind).items():
            used = _sources(entry)
            found = [name for name in used if name in present]
            told[f"{kind}.{column}"] = ", ".join(found) if found else ("—" if used else "derived")
    return told


def _sources(entry: Cell | Flag) -> tuple[str, ...]:
    if isinstance(entry, Cell):
        return (*entry.source, *entry.plus, *entry.less)
    return tuple(condition.column for condition in (*entry.any, *entry.all))


def _refused(problems: pl.DataFrame) -> list[dict[str, Any]]:
    """Refused rows by reason and column: how many, the first of them, and what to do; first what is the cause of others."""
    grouped = (
        problems.group_by("reason", "column")
        .agg(rows=pl.len(), first_rows=pl.col("row").sort().head(SAMPLE))
        .sort(pl.col("reason").is_in(CAUSES), "rows", pl.col("first_rows").list.first(), descending=[True, True, False])
    )
    return [
        {**row, "says": REASONS[row["reason"]].says, "what_to_do": REASONS[row["reason"]].what_to_do}
        for row in grouped.iter_rows(named=True)
    ]


def _sample(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = [
        name
        for name in frame.columns
        if name not in _HIDDEN and not name.startswith("set_") and frame[name].null_count() < frame.height
    ]
    return [
        {name: str(value) for name, value in row.items() if value is not None}
        for row in frame.head(SAMPLE).select(told).iter_rows(named=True)
    ]
