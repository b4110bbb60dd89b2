"""What a reading worker does: a unit of files to Parquet parts. Rows never leave the process; only what became of them does."""

import hashlib
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sized
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from assets.exports import clean
from assets.exports.accounts import accounted, parted
from assets.exports.archive import Member, members
from assets.exports.canonical import Context, refused_rows
from assets.exports.decode import (
    Raggedness,
    Refused,
    confirm_quotes,
    lines_below,
    padded,
    records,
    refuse_broken_quotes,
    refusing_what_fails,
    to_utf8,
)
from assets.exports.formats import digest_of
from assets.exports.joining import Table, joined, numbered
from assets.exports.observe import grid_records, observed, product_named, stated_day
from assets.exports.privacy import scrubbed_name
from assets.exports.recognise import Header, each_once, header_of
from assets.exports.shape import Shaped, shape
from assets.exports.spec import Format
from assets.exports.workbook import Grid, is_page, is_workbook, sheets, tables
from assets.home import sync_folder
from assets.ledger import LANDINGS_PER_UNIT, Landing, Part

UNIT_LIMIT = LANDINGS_PER_UNIT - 1
CUT_SHORT = ("archive_corrupt", "workbook_damaged")
YOUNG_NS = 60 * 10**9  # what copies a file may rest for a while
Read = tuple[list[Landing], Shaped | None]  # of files shaped together, or of one that was not shaped
_NOTHING = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n,"


@dataclass(frozen=True)
class Source:
    """A file of the inbox as it was found."""

    path: Path
    store: str
    file: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class StoreFacts:
    """What reference/stores.csv says of a store."""

    timezone: str = ""
    currency: str = ""
    name: str = ""


@dataclass(frozen=True)
class Reader:
    """All a worker needs: where parts go, the formats, what is known of stores, the pseudonym key, and who is suppressed."""

    landed: Path
    formats: dict[str, Format]
    stores: dict[str, StoreFacts]
    key: bytes
    suppressed: frozenset[int] = frozenset()

    def context_of(self, store: str, described: Format | None) -> str:
        """What a reading depends on beside the bytes."""
        facts = self.stores.get(store, StoreFacts())
        meaning = described.digest if described else digest_of(self.formats.values())
        return f"{meaning}|{facts.timezone}|{facts.currency}|{facts.name}"


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
        found += _tables(source, unit.number * LANDINGS_PER_UNIT + len(found), reader)
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


def _tables(source: Source, first: int, reader: Reader) -> list[tuple[Landing, Table | None]]:
    """The tables in a file; one that cannot be read is a landing that says why."""
    found: list[tuple[Landing, Table | None]] = []

    def landing(member: str) -> Landing:
        return Landing(first + len(found), source.store, source.file, source.size, source.mtime_ns, member=member)

    try:
        with refusing_what_fails():
            for member in members(source.path):
                found += _tables_of(member, landing, reader)
    except Refused as refused:
        found.append((_refusal(landing(""), refused, reader.context_of(source.store, None)), None))
    return found or [(replace(landing(""), state="empty", context=reader.context_of(source.store, None)), None)]


def _tables_of(member: Member, landing: Callable[[str], Landing], reader: Reader) -> list[tuple[Landing, Table | None]]:
    """A member's table; of a workbook or a page each sheet's or table's own. What stands beside known ones is left aside."""
    first = landing(member.name)
    digest = hashlib.sha256(member.content).hexdigest()
    try:
        with refusing_what_fails():
            held = contents(member)
    except Refused as refused:
        return [(_refusal(replace(first, hash=digest), refused, reader.context_of(first.store, None)), None)]
    found = []
    for index, (name, content, encoding) in enumerate(held):
        own = hashlib.sha256(f"{digest}\0{name}".encode()).hexdigest() if len(held) > 1 else digest
        found.append(
            _table(content, replace(first, number=first.number + index, member=name, hash=own, encoding=encoding), reader)
        )
    if any(landing.format for landing, _ in found):
        found = [
            (replace(one, state="parked", reason="other_sheet", detail=""), None)
            if one.reason == "unknown_format"
            else (one, table)
            for one, table in found
        ]
    return found


def contents(member: Member) -> list[tuple[str, bytes | Grid, str]]:
    """What a member holds: one text, or the grids of a workbook or a page; each under its name, and how it was encoded.

    Raises:
        Refused: it cannot be decoded.
    """
    if is_workbook(member.content):
        found = [(name, grid) for name, grid in sheets(member.content) if grid.height]
        if not found:
            return [(member.name, b"", "workbook")]
        return [(_within(member, name, found), grid, "workbook") for name, grid in found]
    text, encoding = to_utf8(member.content) if member.content.strip(_NOTHING) else (b"", "")
    if is_page(text):
        numbered = [(f"table {number}", grid) for number, grid in enumerate(tables(text.decode()), start=1)]
        return [(_within(member, name, numbered), grid, f"{encoding} page") for name, grid in numbered]
    return [(member.name, text, encoding)]


def _within(member: Member, name: str, among: Sized) -> str:
    """A sheet's name within the file: only one of several needs one."""
    return "!".join(filter(None, (member.name, scrubbed_name(name) if len(among) > 1 else "")))


def _table(content: bytes | Grid, landing: Landing, reader: Reader) -> tuple[Landing, Table | None]:
    landing = replace(landing, context=reader.context_of(landing.store, None))
    if isinstance(content, bytes) and not content:
        return replace(landing, state="empty"), None
    try:
        with refusing_what_fails():
            header = header_of(content, reader.formats.values())
            described = header.format
            facts = reader.stores.get(landing.store, StoreFacts())
            moment, exported_at = _exported_at(landing.member or landing.file, described, facts)
            landing = replace(
                landing,
                format=described.name,
                part=header.part.name if header.part else "",
                context=reader.context_of(landing.store, described),
                exported_at=exported_at,
            )
            day = stated_day(described, header, landing.label)
            product = product_named(described, landing.label)
            landing = replace(landing, stated="|".join(filter(None, (moment, day.isoformat() if day else "", product))))
            frame, ragged = _records(content, header)
            frame = each_once(frame)
    except Refused as refused:
        return _refusal(landing, refused, landing.context), None
    fates = [(record, clean.furniture(record.text)) for record in ragged]
    skipped = Counter(fate for _, fate in fates if fate)
    landing = replace(landing, rows_in=frame.height + len(ragged))
    left = [record for record, fate in fates if fate is None]
    table = Table(landing, header, frame, left, dict(skipped), day, product)
    if described.park:
        aside = replace(
            landing, state="parked", reason="not_used", detail=described.park, skipped={"not_needed": landing.rows_in}
        )
        return aside, None
    if header.part:
        return replace(landing, state="part_of_set"), table
    return landing, table


def _records(content: bytes | Grid, header: Header) -> tuple[pl.DataFrame, list[Raggedness]]:
    """The records below a header.

    Raises:
        Refused: a quotation mark swallows rows, or a field is too long.
    """
    if isinstance(content, Grid):
        return grid_records(content, header.start, header.wanted), []
    described, width, first = header.format, len(header.names), header.row + 1
    if not described.quotes:
        found = records(content, header.start, header.separator, width, header.wanted, first, quotes=False)
        ended = content.endswith((b"\n", b"\r"))
        return padded(*found, width, header.wanted, ended=ended) if described.short_rows else found
    refuse_broken_quotes(content, header.separator)
    frame, ragged = records(content, header.start, header.separator, width, header.wanted, first)
    if frame.height + len(ragged) != lines_below(content, header.start):
        confirm_quotes(content, header.separator)
    return frame, ragged


def _refusal(landing: Landing, refused: Refused, context: str) -> Landing:
    if refused.reason in CUT_SHORT and time.time_ns() - landing.mtime_ns < YOUNG_NS:
        refused = Refused("unstable_file", "it ends too early and is not a minute old")
    where = f"row {refused.row}" if refused.row else ""
    detail = " ".join(filter(None, (refused.detail, where)))
    state = "waiting" if refused.reason == "unstable_file" else "refused"
    return replace(landing, state=state, reason=refused.reason, detail=detail, context=context)


def _exported_at(name: str, described: Format, facts: StoreFacts) -> tuple[str, str]:
    """The instant a file's name states, as it states it and in UTC; blanks where it states none."""
    stated = described.exported_at
    if stated is None or not (match := re.search(stated.file_name, name)):
        return "", ""
    try:
        moment = datetime.strptime(match.group(1), stated.layout)  # noqa: DTZ007  the store's zone is put on below
    except ValueError:
        return "", ""
    zone = facts.timezone or (described.clock.timezone if described.clock else "") or "UTC"
    return moment.isoformat(), moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None).isoformat()


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
        return [([_refusal(landings[0], refused, landings[0].context)], None)]


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
        return [([_refusal(landing, refused, landing.context)], None) for landing, _ in found]
    return [*([] if whole is None else _shaped([whole], reader)), *(([landing], None) for landing in others)]


def _write(kind: str, rows: pl.DataFrame, unit: Unit, landed: Path) -> list[Part]:
    """Write a kind's rows, one part per month."""
    folder = landed / kind
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    months = {(None,): rows} if kind == "quarantine" else rows.partition_by("month", as_dict=True)
    for (month,), frame in months.items():
        if frame.is_empty():
            continue
        path = folder / f"{month.strftime('%Y-%m') if month else 'no-month'}-{unit.number:06d}-{unit.token}.parquet"
        parts.append(write_part(frame, path, kind, month.isoformat() if month else ""))
    sync_folder(folder)
    return parts


def write_part(rows: pl.DataFrame, path: Path, kind: str, month: str) -> Part:
    """Write rows of a kind and month durably, but for their folder."""
    rows.write_parquet(path, compression="zstd", statistics=False)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(kind, month, f"{kind}/{path.name}", rows.height, digest)
