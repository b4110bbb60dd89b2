"""Which export a file is, told by its header alone: never by its name, never by its first row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.exports.decode import SEPARATORS, Refused, head_records
from assets.exports.formats import Format, Part, Recognise, normalise

HEADER_DEPTH = 20


@dataclass(frozen=True)
class Header:
    """A recognised header: its format, its record number, its normalised names, and the byte its records begin at."""

    format: Format
    part: Part | None
    row: int
    names: tuple[str, ...]
    separator: str
    start: int

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


def header_of(text: bytes, formats: Iterable[Format]) -> Header:
    """Find the header among a file's first records.

    Raises:
        Refused: no format has such a header, or more than one has.
    """
    known = tuple(formats)
    for separator in SEPARATORS:
        for number, (record, end) in enumerate(head_records(text, separator, HEADER_DEPTH), start=1):
            names = tuple(normalise(name) for name in record)
            if fitting := [
                Header(candidate, part, number, names, separator, end)
                for candidate in known
                for part in _fitting(candidate, names)
            ]:
                if len(fitting) > 1:
                    raise Refused("ambiguous_format", ", ".join(header.format.name for header in fitting))
                return fitting[0]
    raise Refused("unknown_format")


def _fitting(candidate: Format, names: Sequence[str]) -> list[Part | None]:
    if candidate.recognise:
        return [None] if _fits(candidate.recognise, names) else []
    return [part for part in candidate.parts if _fits(part, names)]


def _fits(fingerprint: Recognise, names: Sequence[str]) -> bool:
    present = set(names)
    return all(present & set(one_of) for one_of in fingerprint.required) and not present & set(fingerprint.forbidden)
