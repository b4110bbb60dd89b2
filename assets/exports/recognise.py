"""Which export a file is, told by its header alone: never by its name, never by its first row."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from assets.exports.decode import COLUMNS_LIMIT, HEAD_BYTES, SEPARATORS, Refused, head_records
from assets.exports.entries import normalise
from assets.exports.spec import Format, Part, Recognise
from assets.exports.workbook import Grid

HEADER_DEPTH = 20
SHOWN = 5
_AGAIN = "\x1f"  # a blank to a header's cell, so in no name
_WESTERN = "windows-1252"  # as programs write it: a byte that is no letter of it stands for itself
_GARBLED = (("gb18030", "utf-8"), (_WESTERN, "utf-8"), (_WESTERN, "gb18030"), ("utf-8", "gb18030"))  # written in, meant in
_WESTERN_BYTES = {chr(byte): byte for byte in range(256)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(256) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


@dataclass(frozen=True)
class Header:
    """A recognised header: its format, its record number, its normalised names, and where its records begin.

    `start` is a byte of a text, a row of a grid; `above` are the cells over the header that say something.
    """

    format: Format
    part: Part | None
    row: int
    names: tuple[str, ...]
    separator: str
    start: int
    above: tuple[str, ...] = ()

    @property
    def wanted(self) -> dict[int, str]:
        """Position to name of the columns the format uses; one that stands again has its position in its name."""
        used, wanted = self.format.columns, dict[int, str]()
        for index, name in enumerate(self.names):
            if name in used:
                wanted[index] = f"{name}{_AGAIN}{index}" if name in wanted.values() else name
        return wanted


def each_once(records: pl.DataFrame) -> pl.DataFrame:
    """Records without columns that stand again.

    Raises:
        Refused: two of one name do not say the same, so which was meant cannot be told.
    """
    again = [name for name in records.columns if _AGAIN in name]
    for name in again:
        if not records[name].equals(records[name.split(_AGAIN)[0]]):
            raise Refused("duplicate_header", f"column {name.split(_AGAIN)[0]}")
    return records.drop(again)


def header_of(table: bytes | Grid, formats: Iterable[Format]) -> Header:
    """Find the header among a table's first records: of a text as UTF-8, or of a sheet's grid.

    Raises:
        Refused: no format has such a header, or more than one has; or it has more columns than any export.
    """
    known = tuple(formats)
    if found := _found(table, known):
        if len(found.names) > COLUMNS_LIMIT:
            raise Refused("too_many_columns", f"{len(found.names):,} columns or more")
        return found
    raise _unknown(table, known)


def is_header(record: Sequence[str], formats: Iterable[Format]) -> bool:
    """Whether a record is the header of any format."""
    names = tuple(map(normalise, record))
    return any(_fitting(known, names) for known in formats)


def _found(table: bytes | Grid, known: Sequence[Format]) -> Header | None:
    for separator, head in _heads(table):
        above: list[str] = []
        for number, (record, end) in enumerate(head, start=1):
            names = tuple(normalise(name) for name in record)
            if fitting := [
                Header(candidate, part, number, names, separator, end, tuple(above))
                for candidate in known
                for part in _fitting(candidate, names)
            ]:
                if len(fitting) > 1:
                    raise Refused("ambiguous_format", ", ".join(header.format.name for header in fitting))
                return fitting[0]
            above += [cell for cell in record if cell.strip()]
    return None


def _unknown(table: bytes | Grid, known: Sequence[Format]) -> Refused:
    """Why no header was found, as far as it can be told without telling what the cells say."""
    records = [record for _, head in _heads(table) for record, _ in head]
    if (widest := max(map(len, records), default=0)) > COLUMNS_LIMIT:
        return Refused("too_many_columns", f"{widest:,} columns or more")
    if isinstance(table, bytes):
        for written, meant in _GARBLED:
            with suppress(Refused):
                letters = _written_in(written, table[:HEAD_BYTES].decode(errors="ignore")).decode(meant, "ignore")
                found = _found(letters.encode(), known)
                if found and not "".join(found.names).isascii():
                    return Refused("encoding_ambiguous", f"{meant} read as {written}")
    near = [found for record in records for found in _near(record, known)]
    nearest, lacks = min(near, key=_missing, default=("", []))
    languages = next((" or ".join(one.languages) for one in known if one.name == nearest), "")
    close = f"closest to {nearest}, in {languages}, but without the columns {', '.join(lacks)}" if nearest else ""
    odd = sorted({letter for record in records[:HEADER_DEPTH] for cell in record for letter in _odd(cell)})
    hidden = f"it holds {', '.join(f'U+{ord(letter):04X}' for letter in odd[:SHOWN])}" if odd else ""
    return Refused("unknown_format", "; ".join(filter(None, (close, hidden))))


def _written_in(encoding: str, letters: str) -> bytes:
    """Letters as they would have been written, those that could not be left out."""
    if encoding == _WESTERN:
        return bytes(_WESTERN_BYTES[letter] for letter in letters if letter in _WESTERN_BYTES)
    return letters.encode(encoding, "ignore")


def _near(record: Sequence[str], known: Sequence[Format]) -> Iterator[tuple[str, list[str]]]:
    """Formats of which a record has more than half of the columns they are told by, and which of them it lacks."""
    present = {normalise(name) for name in record}
    for described in known:
        for fingerprint in (described.recognise, *described.parts):
            needed = fingerprint.required if fingerprint else ()
            lacking = ["/".join(one_of) for one_of in needed if not present & set(one_of)]
            if 0 < len(lacking) * 2 < len(needed):
                yield described.name, lacking


def _missing(near: tuple[str, list[str]]) -> int:
    return len(near[1])


def _odd(cell: str) -> str:
    """Characters that cannot be seen, and Greek or Cyrillic letters that stand among Latin ones, whose likeness they have."""
    unseen = "".join(letter for letter in cell if unicodedata.category(letter) in ("Cf", "Cc") and letter not in "\t\r\n\ufeff")
    return unseen + ("".join(re.findall("[\u0370-\u04ff]", cell)) if re.search("[A-Za-z]", cell) else "")


def _heads(table: bytes | Grid) -> Iterator[tuple[str, list[tuple[list[str], int]]]]:
    """The first records, each with where the next one begins; of a text once for each separator it may have."""
    if isinstance(table, Grid):
        yield "", [(list(record), row) for row, record in enumerate(table.head(HEADER_DEPTH).iter_rows(), start=1)]
        return
    for separator in SEPARATORS:
        yield separator, head_records(table, separator, HEADER_DEPTH)


def _fitting(candidate: Format, names: Sequence[str]) -> list[Part | None]:
    if candidate.recognise:
        return [None] if _fits(candidate.recognise, names) else []
    return [part for part in candidate.parts if _fits(part, names)]


def _fits(fingerprint: Recognise, names: Sequence[str]) -> bool:
    present = set(names)
    return all(present & set(one_of) for one_of in fingerprint.required) and not present & set(fingerprint.forbidden)
