"""A file of the inbox to the tables it holds: members and sheets, their headers and records, each with its landing.

What records mean is not known here, nor what becomes of them.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sized
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns
from zoneinfo import ZoneInfo

import polars as pl

from assets.exports.archive import Member, members
from assets.exports.decode import (
    HEAD_BYTES,
    Raggedness,
    Refused,
    padded,
    records,
    refusing_what_fails,
    to_utf8,
)
from assets.exports.formats import digest_of
from assets.exports.furniture import furniture
from assets.exports.joining import Table
from assets.exports.observe import grid_records, product_named, stated_day
from assets.exports.privacy import realm, scrubbed_name
from assets.exports.quotes import confirm_quotes, lines_below, quotes_close, refuse_broken_quotes
from assets.exports.recognise import Header, each_once, header_of, is_header
from assets.exports.spec import Format
from assets.exports.workbook import Grid, is_page, is_workbook, sheets, tables
from assets.ledger import Landing

CUT_SHORT = ("archive_corrupt", "workbook_damaged")
YOUNG_NS = 60 * 10**9  # what copies a file may rest for a while
MOST_PASTED = 100  # exports in one file whose beginnings are looked for
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
    owner: str = ""


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
        linked = f"|{facts.owner}" if facts.owner else ""
        return f"{meaning}|{facts.timezone}|{facts.currency}|{facts.name}{linked}"


def tables_in(source: Source, first: int, reader: Reader) -> list[tuple[Landing, Table | None]]:
    """The tables in a file; one that cannot be read is a landing that says why."""
    found: list[tuple[Landing, Table | None]] = []

    def landing(member: str) -> Landing:
        return Landing(first + len(found), source.store, source.file, source.size, source.mtime_ns, member=member)

    try:
        with refusing_what_fails():
            for member in members(source.path):
                found += _tables_of(member, landing, reader)
    except Refused as refused:
        found.append((refusal(landing(""), refused, reader.context_of(source.store, None)), None))
    return found or [(replace(landing(""), state="empty", context=reader.context_of(source.store, None)), None)]


def _tables_of(member: Member, landing: Callable[[str], Landing], reader: Reader) -> list[tuple[Landing, Table | None]]:
    """A member's table; of a workbook or a page each sheet's or table's own. What stands beside known ones is left aside."""
    first = landing(member.name)
    digest = hashlib.sha256(member.content).hexdigest()
    try:
        with refusing_what_fails():
            held = contents(member)
    except Refused as refused:
        return [(refusal(replace(first, hash=digest), refused, reader.context_of(first.store, None)), None)]
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
        Refused: it cannot be decoded, or is a page that holds no table.
    """
    if is_workbook(member.content):
        found = [(name, grid) for name, grid in sheets(member.content) if grid.height]
        if not found:
            return [(member.name, b"", "workbook")]
        return [(_within(member, name, found), grid, "workbook") for name, grid in found]
    says_something = member.content[:HEAD_BYTES].strip(_NOTHING) or member.content.strip(_NOTHING)  # which copies it
    text, encoding = to_utf8(member.content) if says_something else (b"", "")
    if is_page(text):
        if b"<table" not in text.lower():
            raise Refused("page_without_table")
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
                realm=realm(facts.owner, described.platform),
            )
            day = stated_day(described, header, landing.label)
            product = product_named(described, landing.label)
            landing = replace(landing, stated="|".join(filter(None, (moment, day.isoformat() if day else "", product))))
            frame, ragged = _records(content, header)
            frame = each_once(frame)
    except Refused as refused:
        return refusal(landing, refused, landing.context), None
    fates = [(record, furniture(record.text)) for record in ragged]
    skipped = Counter(fate for _, fate in fates if fate)
    landing = replace(landing, rows_in=frame.height + len(ragged))
    left = [record for record, fate in fates if fate is None]
    if left:
        last = max([ragged[-1].row, *frame["row"].tail(1)])
        left = _told_apart(left, last, content, header, reader)
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
    try:
        frame, ragged = records(content, header.start, header.separator, width, header.wanted, first)
    except Refused:
        refuse_broken_quotes(content, header.separator)  # which says more of why
        raise
    if quotes_close(content, header.separator):
        return frame, ragged
    if frame.height + len(ragged) == lines_below(content, header.start):
        refuse_broken_quotes(content, header.separator)
    else:
        confirm_quotes(content, header.separator)
    return frame, ragged


def _told_apart(ragged: list[Raggedness], last: int, content: bytes | Grid, header: Header, reader: Reader) -> list[Raggedness]:
    """Records of another width, and of which is known why: below one another export begins, or the file was cut off in it.

    `last` is the number of the file's last record.
    """
    rows = {record.row for record in ragged}
    begin = [record for record in ragged if record.row - 1 not in rows][:MOST_PASTED]
    others = {record.row for record in begin if is_header(record.fields, reader.formats.values())}
    told = [replace(record, reason="other_export") if record.row in others else record for record in ragged]
    end = told[-1]
    ended = isinstance(content, Grid) or content.endswith((b"\n", b"\r"))
    if end.row == last and not ended and len(end.fields) < len(header.names):
        told[-1] = replace(end, reason="cut_off")
    return told


def refusal(landing: Landing, refused: Refused, context: str) -> Landing:
    """The landing of what could not be read: refused, or waiting where it may only be on its way."""
    if refused.reason in CUT_SHORT and abs(time_ns() - landing.mtime_ns) < YOUNG_NS:  # what is of next year is not still coming
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
