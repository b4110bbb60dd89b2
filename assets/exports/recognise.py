"""Which export a file is, told by its header alone: never by its name, never by its first row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assets.exports.decode import SEPARATORS, Refused, head_records
from assets.exports.spec import Format, Part, Recognise, normalise
from assets.exports.workbook import Grid

HEADER_DEPTH = 20


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
        """Position to name of the columns the format uses.

        Raises:
            Refused: a needed name stands twice.
        """
        used = self.format.columns
        wanted = {index: name for index, name in enumerate(self.names) if name in used}
        if len(set(wanted.values())) < len(wanted):
            raise Refused("duplicate_header")
        return wanted


def header_of(table: bytes | Grid, formats: Iterable[Format]) -> Header:
    """Find the header among a table's first records: of a text as UTF-8, or of a sheet's grid.

    Raises:
        Refused: no format has such a header, or more than one has.
    """
    known = tuple(formats)
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
    raise Refused("unknown_format")


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
