"""Bytes to text cells: archives opened, encodings decoded strictly, records tokenised. No meaning is read into a cell here."""

import codecs
import csv
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv

HEAD_BYTES = 1 << 16
SEPARATORS = (",", "\t", ";")
ARCHIVE_LIMIT = 4 << 30
ARCHIVE_RATIO = 200
_CHUNK = 1 << 22
_NESTED = (".zip", ".gz", ".rar", ".7z")


class Refused(Exception):  # noqa: N818  a verdict on a file, not a fault of the program
    """A file that cannot be read, with the code of its reason, the row if one is known, and what is safe to say of it."""

    def __init__(self, reason: str, detail: str = "", row: int | None = None) -> None:
        super().__init__(reason, detail, row)
        self.reason, self.detail, self.row = reason, detail, row


@dataclass(frozen=True)
class Member:
    """One decoded member: a file itself, or a file inside an archive."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Raggedness:
    """A record whose number of fields is not the header's."""

    row: int
    text: str


def read_regular(path: Path) -> bytes:
    """Read a file that is a plain file and stays the same while it is read.

    Raises:
        Refused: it is a link, a pipe or a device, or it changed meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("not_regular_file", error.strerror or "") from error
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Refused("not_regular_file")
        content = file.read()
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise Refused("unstable_file")
    return content


def members(path: Path) -> Iterator[Member]:
    """The members of a file: itself, or an archive's files in the order they stand in it.

    Raises:
        Refused: the file or the archive cannot be read.
    """
    content = read_regular(path)
    if not content.startswith(b"PK\x03\x04"):
        yield Member("", content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _archived(archive, len(content))
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Refused("archive_corrupt", str(error)) from error


def _archived(archive: zipfile.ZipFile, packed: int) -> Iterator[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    unpacked = sum(info.file_size for info in infos)
    if unpacked > ARCHIVE_LIMIT or (unpacked > 50 << 20 and unpacked > ARCHIVE_RATIO * packed):
        raise Refused("archive_too_large")
    for info in infos:
        if info.flag_bits & 1:
            raise Refused("archive_encrypted")
        if info.filename.lower().endswith(_NESTED):
            raise Refused("archive_nested")
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise Refused("archive_too_large")
        yield Member(info.filename, content)


def to_utf8(content: bytes) -> tuple[bytes, str]:
    """Transcode to UTF-8, strictly: a byte that does not fit refuses the file rather than losing a character.

    Returns:
        The text as UTF-8 without a byte order mark, and the encoding's name.

    Raises:
        Refused: no encoding fits all of it.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return _transcoded(content[len(mark) :], encoding), f"{encoding} with byte order mark"
    for encoding in _unmarked(content):
        try:
            return _transcoded(content, encoding), encoding
        except Refused:
            continue
    raise Refused("encoding_failed")


def _unmarked(content: bytes) -> tuple[str, ...]:
    head = content[:HEAD_BYTES]
    zeros = head.count(0)
    if zeros * 4 > len(head):
        return ("utf-16-le",) if head[1::2].count(0) >= head[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _transcoded(content: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    text = bytearray() if encoding != "utf-8" else None
    try:
        for start in range(0, len(content), _CHUNK):
            piece = decoder.decode(content[start : start + _CHUNK])
            if text is not None:
                text += piece.encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Refused("encoding_failed", encoding) from error
    return content if text is None else bytes(text)


def head_records(text: bytes, separator: str, limit: int) -> list[tuple[list[str], int]]:
    """The first records of a file, each with the byte it ends before; blank records too, so that rows keep their numbers."""
    head = text[:HEAD_BYTES].decode(errors="ignore")
    lines = io.StringIO(head, newline="").readlines()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    reader = csv.reader(lines, delimiter=separator)
    found: list[tuple[list[str], int]] = []
    try:
        for record in reader:
            found.append((record, starts[reader.line_num]))
            if len(found) >= limit:
                break
    except csv.Error:
        return found
    return found


def records(
    text: bytes, start: int, separator: str, width: int, wanted: dict[int, str], first_row: int
) -> tuple[pl.DataFrame, list[Raggedness]]:
    """Tokenise the records below a header.

    Args:
        text: the whole file as UTF-8.
        start: the byte the first record begins at.
        separator: the field separator.
        width: the number of fields of the header.
        wanted: position to name of the fields to load; no other is ever materialised.
        first_row: the record number of the first record.

    Returns:
        A frame of text columns and `row`, the record's number; and the records of another width, which are not in it.

    Raises:
        Refused: a quotation mark that is never closed swallows the rest.
    """
    names = [wanted.get(index, f"\0{index}") for index in range(width)]
    body = memoryview(text)[start:]
    ragged: list[Raggedness] = []

    def keep_aside(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(Raggedness(first_row + row.number - 1, row.text))
        return "skip"

    if not len(body):
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(wanted.values(), pl.String)}), []
    table = pyarrow.csv.read_csv(
        pa.py_buffer(body),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep_aside
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=list(wanted.values())
        ),
    )
    for record in ragged:
        if "\n" in record.text.strip() and record.text.count('"') % 2:
            raise Refused("unbalanced_quote", row=record.row)
    total = table.num_rows + len(ragged)
    skipped = pl.Series([record.row for record in ragged], dtype=pl.Int64)
    row = pl.int_range(first_row, first_row + total, eager=True).alias("row")
    frame = pl.DataFrame(table) if wanted else pl.DataFrame({"row": row})
    return frame.with_columns(row.filter(~row.is_in(skipped.implode())) if ragged else row), ragged
