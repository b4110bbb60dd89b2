"""Bytes to text cells: archives opened, encodings decoded strictly, records tokenised. No meaning is read into a cell here."""

import codecs
import csv
import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

HEAD_BYTES = 1 << 16
SEPARATORS = (",", "\t", ";")
ZERO_SHARE = 50  # of UTF-16 text at least one byte in so many is zero: its digits, commas and line ends
LONGEST_LETTER = 4
ARCHIVE_LIMIT = 4 << 30
ARCHIVE_RATIO = 200
ARCHIVE_MEMBERS = 10_000
_CHUNK = 1 << 22
_DAMAGE = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, UnicodeError, zlib.error, lzma.LZMAError)
_UTF8_NAME = 0x800
_NESTED = (".zip", ".gz", ".rar", ".7z")


csv.field_size_limit(1 << 24)  # as long as a block of the tokeniser, once and for all: it is a setting of the whole process


class Refused(Exception):  # noqa: N818  a verdict on a file, not a fault of the program
    """A file that cannot be read, with the code of its reason, what is safe to say of it, and the row or byte if known."""

    def __init__(self, reason: str, detail: str = "", row: int | None = None, byte: int | None = None) -> None:
        super().__init__(reason, detail, row, byte)
        self.reason, self.detail, self.row, self.byte = reason, detail, row, byte


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
    separator: str

    @property
    def fields(self) -> list[str]:
        """Its fields, as far as they can be told apart."""
        try:
            return next(csv.reader([self.text], delimiter=self.separator), [])
        except csv.Error:
            return self.text.split(self.separator)


def read_regular(path: Path) -> bytes:
    """Read a file that is a plain file and stays the same while it is read.

    Raises:
        Refused: it is a link, a pipe or a device, or it changed meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("not_regular_file", error.strerror or "") from error
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        os.close(descriptor)
        raise Refused("not_regular_file")
    with os.fdopen(descriptor, "rb") as file:
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
    except _DAMAGE as error:
        raise Refused("archive_corrupt", type(error).__name__) from error


def _archived(archive: zipfile.ZipFile, packed: int) -> Iterator[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > ARCHIVE_MEMBERS or unpacked > ARCHIVE_LIMIT or (unpacked > 50 << 20 and unpacked > ARCHIVE_RATIO * packed):
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
        yield Member(_name(info), content)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that does not say it is UTF-8 was written in the code page of the machine that packed it."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    written = info.filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


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
    head = content[:HEAD_BYTES]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if (even + odd) * ZERO_SHARE > len(head) and max(even, odd) > 10 * min(even, odd):
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _transcoded(content, encoding), encoding
    try:
        return _transcoded(content, "utf-8"), "utf-8"
    except Refused as refused:
        at = refused.byte or 0
        if _begins_as_utf8(content[max(0, at - HEAD_BYTES) : at]):
            if at >= len(content) - LONGEST_LETTER:
                raise
            raise Refused("mixed_encoding", f"UTF-8 up to byte {at:,}") from refused
    return _transcoded(content, "gb18030"), "gb18030"


def _begins_as_utf8(head: bytes) -> bool:
    """Whether bytes that are valid UTF-8 hold Chinese written so: in GB18030 they hardly ever fall that way by chance."""
    return re.search("[\u3000-\u9fff\uff00-\uffef]", head.decode(errors="ignore")) is not None


def _transcoded(content: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    text = bytearray() if encoding != "utf-8" else None
    start = 0
    try:
        for start in range(0, len(content), _CHUNK):
            piece = decoder.decode(content[start : start + _CHUNK])
            if text is not None:
                text += piece.encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        at = start + error.start if isinstance(error, UnicodeDecodeError) else start
        raise Refused("encoding_failed", f"{encoding} up to byte {at:,}", byte=at) from error
    return content if text is None else bytes(text)


def refuse_broken_quotes(text: bytes, separator: str) -> None:
    """Refuse a file in which a quotation mark that is never closed, or closed by another's, swallows rows.

    A mark amid ordinary characters, or an odd number of marks, is where to look closer: record by record, strictly.

    Raises:
        Refused: with the record the mark stands in.
    """
    if b'"' not in text:
        return
    whole = pa.Array.from_buffers(
        pa.large_string(), 1, [None, pa.array([0, len(text)], pa.int64()).buffers()[1], pa.py_buffer(text)]
    )
    lone = rf'[^{separator}\n\r"=]"[^{separator}\n\r"]'
    if text.count(b'"') % 2 == 0 and not pyarrow.compute.match_substring_regex(whole, lone)[0].as_py():
        return
    confirm_quotes(text, separator)


def lines_below(text: bytes, start: int) -> int:
    """How many lines stand from a byte on: as many as records, where no field holds a line break."""
    ends = text.count(b"\n", start) + text.count(b"\r", start) - text.count(b"\r\n", start)
    return ends + (start < len(text) and not text.endswith((b"\n", b"\r")))


def confirm_quotes(text: bytes, separator: str) -> None:
    """Read record by record, strictly: a quoted field ends where a separator or a line end follows.

    Raises:
        Refused: with the record a mark stands in that is not closed so.
    """
    reader = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for _ in reader:
            row += 1
    except csv.Error as error:
        raise Refused("unbalanced_quote", row=row + 1) from error


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
        Refused: a field is longer than a block of the tokeniser.
    """
    names = [wanted.get(index, f"\0{index}") for index in range(width)]
    body = memoryview(text)[start:]
    ragged: list[Raggedness] = []

    def keep_aside(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(Raggedness(first_row + row.number - 1, row.text, separator))
        return "skip"

    if not len(body):
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(wanted.values(), pl.String)}), []
    try:
        table = _tokenised(body, names, separator, list(wanted.values()), keep_aside)
    except pa.ArrowInvalid as error:
        raise Refused("field_too_long") from error
    total = table.num_rows + len(ragged)
    skipped = pl.Series([record.row for record in ragged], dtype=pl.Int64)
    row = pl.int_range(first_row, first_row + total, eager=True).alias("row")
    frame = pl.DataFrame(table) if wanted else pl.DataFrame({"row": row})
    return frame.with_columns(row.filter(~row.is_in(skipped.implode())) if ragged else row), ragged


def _tokenised(
    body: memoryview, names: list[str], separator: str, wanted: list[str], keep_aside: Callable[[pyarrow.csv.InvalidRow], str]
) -> pa.Table:
    return pyarrow.csv.read_csv(
        pa.py_buffer(body),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep_aside
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=wanted
        ),
    )
