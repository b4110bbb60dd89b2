"""What a reading worker does: a unit of files to Parquet parts. Rows never leave the process; only what became of them does."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
from pathlib import Path

import polars as pl

from assets.exports.accounts import accounted, parted
from assets.exports.canonical import Context, refused_rows
from assets.exports.decode import (
    Refused,
    refusing_what_fails,
)
from assets.exports.joining import Table, joined, numbered
from assets.exports.observe import observed
from assets.exports.opening import Reader, Source, StoreFacts, refusal, tables_in
from assets.exports.shape import Shaped, shape
from assets.home import sync_folder
from assets.ledger import LANDINGS_PER_UNIT, Landing, Part

UNIT_LIMIT = LANDINGS_PER_UNIT - 1
Read = tuple[list[Landing], Shaped | None]  # of files shaped together, or of one that was not shaped


@dataclass(frozen=True)
class Unit:
    """Files to be read together; `joins` names the format whose files these are, all of one set.

    `token` tells its parts from those of a unit of a killed run that had the same number.
    """

    number: int
    sources: tuple[Source, ...]
    joins: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(4))


def land(unit: Unit, reader: Reader) -> tuple[list[Landing], list[Part]]:
    """Read a unit of files and write their rows as parts.

    Returns:
        What became of every file and member, and the parts written. Nothing is raised for a bad file: it is in its landing.
    """
    read = _read(unit, reader)
    kinds: dict[str, list[pl.DataFrame]] = {}
    for _, shaped in read:
        for kind, frame in ({} if shaped is None else shaped.kinds).items():
            kinds.setdefault(kind, []).append(frame)
    parts = [part for kind, frames in kinds.items() for part in _write(kind, pl.concat(frames), unit, reader.landed)]
    landings = sorted((landing for of, _ in read for landing in of), key=lambda landing: landing.number)
    return landings, parts


def read_unit(unit: Unit, reader: Reader) -> list[tuple[Landing, Shaped | None]]:
    """Read a unit of files without writing anything."""
    read: dict[int, tuple[Landing, Shaped | None]] = {}
    for landings, shaped in _read(unit, reader):
        of_each = parted(shaped, landings) if shaped else repeat(None)
        read |= {landing.number: (landing, own) for landing, own in zip(landings, of_each, strict=False)}
    return [read[number] for number in sorted(read)]


def _read(unit: Unit, reader: Reader) -> list[Read]:
    found: list[tuple[Landing, Table | None]] = []
    for source in unit.sources:
        found += tables_in(source, unit.number * LANDINGS_PER_UNIT + len(found), reader)
    if unit.joins:
        return _read_as_one(found, reader)
    read: list[Read] = []
    alike: dict[tuple[object, ...], list[Table]] = {}
    for landing, table in found:
        if table is None or landing.state == "part_of_set":
            read.append(([landing], None))
        else:
            alike.setdefault(_likeness(table), []).append(table)
    return read + [one for tables in alike.values() for one in _shaped(tables, reader)]


def _likeness(table: Table) -> tuple[object, ...]:
    """What files have in common that are shaped together: small ones are read in a fraction of the time so.

    Reports and listings alone: an order's lines are one file's, and so is how amounts are written where that is not known.
    """
    described = table.header.format
    is_seen = described.rows is not None and described.rows.per == "seen" and described.decimal != "either"
    return (described.name, table.landing.store, *table.records.columns) if is_seen else (table.landing.number,)


def _shaped(tables: list[Table], reader: Reader) -> list[Read]:
    """Shape tables together; where that fails each by itself, so that a bad one falls out alone."""
    landings, described = [table.landing for table in tables], tables[0].header.format
    files = [_context(table, reader) for table in tables]
    is_seen = described.rows is not None and described.rows.per == "seen"
    try:
        with refusing_what_fails():
            records, ragged = numbered(tables)
            shaped = observed(records, described, files, ragged) if is_seen else shape(records, described, files[0], ragged)
            shaped.kinds["quarantine"] = refused_rows(shaped.problems, files)
            return [(accounted(landings, shaped, [table.skipped for table in tables]), shaped)]
    except Refused as refused:
        if len(tables) > 1:
            return [one for table in tables for one in _shaped([table], reader)]
        return [([refusal(landings[0], refused, landings[0].context)], None)]


def _context(table: Table, reader: Reader) -> Context:
    landing, described = table.landing, table.header.format
    facts = reader.stores.get(landing.store, StoreFacts())
    return Context(
        store=landing.store,
        name=facts.name,
        zone=facts.timezone or (described.clock.timezone if described.clock else ""),
        currency=facts.currency or described.currency,
        key=reader.key,
        suppressed=reader.suppressed,
        realm=landing.realm,
        exported_at=datetime.fromisoformat(landing.exported_at) if landing.exported_at else None,
        landing=landing.number,
        day=table.day,
        product=table.product,
    )


def _read_as_one(found: list[tuple[Landing, Table | None]], reader: Reader) -> list[Read]:
    try:
        with refusing_what_fails():
            whole, others = joined(found)
    except Refused as refused:
        return [([refusal(landing, refused, landing.context)], None) for landing, _ in found]
    return [*([] if whole is None else _shaped([whole], reader)), *(([landing], None) for landing in others)]


def _write(kind: str, rows: pl.DataFrame, unit: Unit, landed: Path) -> list[Part]:
    """Write a kind's rows, one part per month."""
    folder = landed / kind
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for month, frame in [(None, rows)] if kind == "quarantine" else _months(rows):
        if frame.is_empty():
            continue
        path = folder / f"{month.strftime('%Y-%m') if month else 'no-month'}-{unit.number:06d}-{unit.token}.parquet"
        parts.append(write_part(frame, path, kind, month.isoformat() if month else ""))
    sync_folder(folder)
    return parts


def _months(rows: pl.DataFrame) -> Iterator[tuple[date | None, pl.DataFrame]]:
    """Rows month by month; where a month's stand together, as in most files, they are not copied."""
    begins = rows.select(begin=pl.col("month").ne_missing(pl.col("month").shift()) | (pl.int_range(pl.len()) == 0))["begin"]
    starts = begins.arg_true()
    months = rows["month"][starts]
    if months.is_duplicated().any():
        for (month,), frame in rows.partition_by("month", as_dict=True).items():
            yield month, frame
    else:
        ends = [*starts, rows.height][1:]
        for month, start, end in zip(months, starts, ends, strict=True):
            yield month, rows.slice(start, end - start)


def write_part(rows: pl.DataFrame, path: Path, kind: str, month: str) -> Part:
    """Write rows of a kind and month durably, but for their folder."""
    rows.write_parquet(path, compression="snappy", statistics=False)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(kind, month, f"{kind}/{path.name}", rows.height, digest)
