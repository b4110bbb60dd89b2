"""Whether the quotation marks of a text stand where they may: one that is never closed would swallow rows.

How records are parted is `decode`'s.
"""

import csv
import io
import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assets.exports.decode import Refused

_AT_ONCE = 1 << 18  # bytes looked through for a character; more do not stay in the processor's cache

_Characters = npt.NDArray[np.uint8]


def quotes_close(text: bytes, separator: str) -> bool:
    """Whether every quotation mark begins a field, ends one, or stands beside another within one.

    Then every field is as it was meant, wherever lines break. Where not, a file may be sound all the same: that is looked at
    more closely by `refuse_broken_quotes` and `confirm_quotes`.
    """
    between, seen = _any_of(f'{separator}\r\n"'), 0
    for before, after in _around_marks(text):
        opening, closing = before[seen % 2 :: 2], after[1 - seen % 2 :: 2]
        if not (between[opening].all() and between[closing].all()):
            return False
        seen += len(before)
    return seen % 2 == 0


def _around_marks(text: bytes) -> Iterator[tuple[_Characters, _Characters]]:
    """The characters before and after each quotation mark, some marks at a time; at the ends of the text a line ends."""
    characters = np.frombuffer(text, np.uint8)
    last = len(characters) - 1
    for start in range(0, len(characters), _AT_ONCE):
        marks = start + np.flatnonzero(characters[start : start + _AT_ONCE] == ord('"'))
        before, after = characters[marks - 1], characters[np.minimum(marks + 1, last)]
        before[marks == 0] = after[marks == last] = ord("\n")
        yield before, after


def _any_of(marks: str) -> npt.NDArray[np.bool_]:
    """Of each character whether it is one of some."""
    is_one = np.zeros(256, np.bool_)
    is_one[list(marks.encode())] = True
    return is_one


def refuse_broken_quotes(text: bytes, separator: str) -> None:
    """Refuse a file in which a quotation mark that is never closed, or closed by another's, swallows rows.

    A mark amid ordinary characters, or an odd number of marks, is where to look closer: record by record, strictly.

    Raises:
        Refused: with the record the mark stands in.
    """
    may_precede, may_follow = _any_of(f'{separator}\r\n"='), _any_of(f'{separator}\r\n"')
    seen, is_plain = 0, True
    for before, after in _around_marks(text):
        is_plain &= bool((may_precede[before] | may_follow[after]).all())
        seen += len(before)
    if seen % 2 or not is_plain:
        confirm_quotes(text, separator)


def _holds(text: bytes, pattern: str) -> bool:
    """Whether a text holds a pattern of RE2, whose time grows with the text alone."""
    import pyarrow.compute

    ends = pa.py_buffer(struct.pack("=qq", 0, len(text)))  # an array made of a list would import pandas
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(text)])
    return bool(pyarrow.compute.match_substring_regex(whole, pattern)[0].as_py())


def lines_below(text: bytes, start: int) -> int:
    """How many lines stand from a byte on: as many as records, where no field holds a line break."""
    characters, ends = np.frombuffer(text, np.uint8), 0
    for at in range(start, len(characters), _AT_ONCE):
        feeds, returns = (characters[at : at + _AT_ONCE] == ord(mark) for mark in "\n\r")
        ends += int(np.count_nonzero(feeds))
        if returns.any():
            fed = characters[at + 1 : at + _AT_ONCE + 1] == ord("\n")
            ends += int(np.count_nonzero(returns)) - int(np.count_nonzero(returns[: len(fed)] & fed))
    return ends + (start < len(text) and not text.endswith((b"\n", b"\r")))


def confirm_quotes(text: bytes, separator: str) -> None:
    """Confirm that every quoted field ends where a separator or a line end follows.

    One pass of a pattern tells whether; only where not, the records are read one by one to tell where.

    Raises:
        Refused: with the record a mark stands in that is not closed so.
    """
    between = rf"{separator}\r\n"
    a_field = rf'(?:"(?:[^"]|"")*"|[^"{between}][^{between}]*)'
    if _holds(text, rf"\A(?:{a_field}?[{between}])*{a_field}?\z"):
        return
    reader = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for _ in reader:
            row += 1
    except csv.Error as error:
        raise Refused("unbalanced_quote", row=row + 1) from error
