"""Bytes to text cells: encodings decoded strictly, records tokenised. No meaning is read into a cell here.

Whether quotation marks stand where they may belongs to `quotes`; workbooks and pages, whose cells come as they are, belong to
`workbook`; archives to `archive`.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv

from assets.exports.texts import text, texts

HEAD_BYTES = 1 << 16
SEPARATORS = (",", "\t", ";")
ZERO_SHARE = 50  # of UTF-16 text at least one byte in so many is zero: its digits, commas and line ends
LONGEST_LETTER = 4
COLUMNS_LIMIT = 512  # six times as many as any export has
RUINED = "1E+18"  # what stands for a number that a number cell has taken the last digits of
_ABROAD = (b"amazon-order-id\t", b"item-name\t", b"Sale Date,", b"Name,Email,", b"Handle,Title,", b"Title,URL handle,")
_SAMPLE = 1 << 20
_CHUNK = 1 << 18  # what is decoded at once; more does not stay in the processor's cache
_BLOCK = 1 << 20  # of the tokeniser: a larger one does not stay in the processor's cache, and takes twice as long
_LONGEST_FIELD = 1 << 24
_PANIC = "PanicException"


csv.field_size_limit(_LONGEST_FIELD)  # once and for all: it is a setting of the whole process


class Refused(Exception):  # noqa: N818  a verdict on a file, not a fault of the program
    """A file that cannot be read, with the code of its reason, what is safe to say of it, and the row or byte if known."""

    def __init__(self, reason: str, detail: str = "", row: int | None = None, byte: int | None = None) -> None:
        super().__init__(reason, detail, row, byte)
        self.reason, self.detail, self.row, self.byte = reason, detail, row, byte


@contextmanager
def refusing_what_fails() -> Iterator[None]:
    """Refuse the file at hand where the program itself fails at it, so that the others are read.

    Only the error's type is told: its words may quote a row. Memory that runs out is no verdict on a file and goes on up.

    Raises:
        Refused: with the type of any other error.
    """
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  that is the point
        raise Refused("reader_failed", type(error).__name__) from None
    except BaseException as error:
        if not is_panic(error):
            raise
        raise Refused("reader_failed", _PANIC) from None


def is_panic(error: BaseException) -> bool:
    """Whether an error is a library's in Rust: each has a type of its own of one name, which is no Exception."""
    return type(error).__name__ == _PANIC


@dataclass(frozen=True)
class Raggedness:
    """A record whose number of fields is not the header's."""

    row: int
    text: str
    separator: str
    reason: str = "row_width"

    @property
    def fields(self) -> list[str]:
        """Its fields, as far as they can be told apart."""
        try:
            return next(csv.reader([self.text], delimiter=self.separator), [])
        except csv.Error:
            return self.text.split(self.separator)


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
            line = content.count(b"\n", 0, at) + 1
            raise Refused("mixed_encoding", f"UTF-8 up to byte {at:,}, in line {line:,}") from refused
    abroad = content.startswith(_ABROAD)
    encoding = _written_abroad(content[max(0, at - HEAD_BYTES) : at + _SAMPLE]) if abroad else "gb18030"
    return _transcoded(content, encoding), encoding


def _written_abroad(sample: bytes) -> str:
    """What an export that begins as one of a platform abroad is written in, if not UTF-8: its country's way, or China's.

    Spreadsheets save in what their machine writes. Kana tell Japanese. Most Chinese characters are of the common ones, whose
    first byte few small letters with accents share; taken for Chinese, each of those would swallow the letter behind it.
    """
    with suppress(UnicodeError):
        if re.search("[ぁ-ヶ]", codecs.getincrementaldecoder("cp932")().decode(sample)):
            return "cp932"
    pairs = re.findall(rb"[\x81-\xfe](?:[\x40-\xfe]|[0-9][\x81-\xfe][0-9])", sample)
    common = [pair for pair in pairs if len(pair) > 2 or re.match(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]", pair)]  # noqa: PLR2004  a pair
    return "gb18030" if 2 * len(common) > len(pairs) else "cp1252"


def _begins_as_utf8(head: bytes) -> bool:
    """Whether bytes that are valid UTF-8 hold Chinese written so: in GB18030 they hardly ever fall that way by chance."""
    return re.search("[\u3000-\u9fff\uff00-\uffef]", head.decode(errors="ignore")) is not None


def _transcoded(content: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    text = io.BytesIO()
    start, whole = 0, memoryview(content)
    try:
        for start in range(0, len(content), _CHUNK):
            piece = decoder.decode(whole[start : start + _CHUNK])
            if encoding != "utf-8":
                text.write(piece.encode())
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        at = start + error.start if isinstance(error, UnicodeDecodeError) else start
        raise Refused("encoding_failed", f"{encoding} up to byte {at:,}", byte=at) from error
    return content if encoding == "utf-8" else text.getvalue()


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
    text: bytes, start: int, separator: str, width: int, wanted: dict[int, str], first_row: int, *, quotes: bool = True
) -> tuple[pl.DataFrame, list[Raggedness]]:
    """Tokenise the records below a header.

    Args:
        text: the whole file as UTF-8.
        start: the byte the first record begins at.
        separator: the field separator.
        width: the number of fields of the header.
        wanted: position to name of the fields to load; no other is ever materialised.
        first_row: the record number of the first record.
        quotes: whether a quotation mark parts fields; where it does not, it is a character like any other.

    Returns:
        A frame of columns of `texts` and `row`, the record's number; and the records of another width, which are not in it.

    Raises:
        Refused: a record is longer than a block of the tokeniser, the largest there is.
    """
    names = [wanted.get(index, f"\0{index}") for index in range(width)]
    body = memoryview(text)[start:]
    ragged: list[Raggedness] = []

    def keep_aside(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append(Raggedness(first_row + row.number - 1, row.text, separator))
        return "skip"

    if not len(body):
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(wanted.values(), pl.String)}), []
    loaded = list(wanted.values())
    try:
        table = _tokenised(body, names, separator, loaded, keep_aside, quotes=quotes, block=_BLOCK)
    except pa.ArrowInvalid:
        ragged.clear()
        try:
            table = _tokenised(body, names, separator, loaded, keep_aside, quotes=quotes, block=_LONGEST_FIELD)
        except pa.ArrowInvalid as error:
            raise Refused("field_too_long") from error
    total = table.num_rows + len(ragged)
    skipped = pl.Series([record.row for record in ragged], dtype=pl.Int64)
    row = pl.int_range(first_row, first_row + total, eager=True).alias("row")
    row = row.filter(~row.is_in(skipped.implode())) if ragged else row
    return pl.DataFrame([*texts(table.select(loaded)), row]), ragged


def padded(
    frame: pl.DataFrame, ragged: list[Raggedness], width: int, wanted: dict[int, str], *, ended: bool
) -> tuple[pl.DataFrame, list[Raggedness]]:
    """Records whose last, empty fields an export cut off, with them put back; longer ones stay ragged.

    Where the file does not end in a line end, so not `ended`, and its last record is shorter than all others, then the file
    was cut off there, and with it maybe half a number: that record stays ragged.
    """
    short = [(record, record.text.split(record.separator)) for record in ragged]
    if not ended and short and short[-1][0].row > (frame["row"].max() or 0):  # type: ignore[operator]  # a whole number
        last = short.pop()
        if len(last[1]) >= min((len(fields) for _, fields in short), default=width):
            short.append(last)
    whole = [(record.row, fields + [""] * (width - len(fields))) for record, fields in short if len(fields) < width]
    if not whole:
        return frame, ragged
    cells = [text(pl.Series(name, [fields[index] for _, fields in whole])) for index, name in wanted.items()]
    rows = pl.DataFrame([*cells, pl.Series("row", [row for row, _ in whole])])
    padded_rows = {row for row, _ in whole}
    long = [record for record in ragged if record.row not in padded_rows]
    return pl.concat([frame, rows]).sort("row"), long


def _tokenised(
    body: memoryview,
    names: list[str],
    separator: str,
    wanted: list[str],
    keep_aside: Callable[[pyarrow.csv.InvalidRow], str],
    *,
    quotes: bool,
    block: int,
) -> pa.Table:
    return pyarrow.csv.read_csv(
        pa.py_buffer(body),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=block),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=separator,
            quote_char='"' if quotes else False,
            newlines_in_values=quotes,
            ignore_empty_lines=False,
            invalid_row_handler=keep_aside,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            check_utf8=False,  # `to_utf8` has, all of it
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            include_columns=wanted,
        ),
    )
