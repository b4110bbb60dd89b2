"""Cells as tables state them to text: without blanks around them and spreadsheets' guards, and null where nothing is said.

Done once, where a table's records are made; what a text means is read by `clean`.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

NULLS = ("", "-", "--", "—", "null", "NULL", "Null", "nan", "NaN", "N/A", "None")
BLANKS = " \t\r\n\u00a0\u3000\ufeff"
_GUARDS = "='"
_LONGEST_NULL = max(len(word.encode()) for word in NULLS)
_AROUND, _OF_NULL = 1, 2  # bits of what a byte may be part of


def _meanings(at: int, around: str) -> bytes:
    """A table for `translate`: what each byte may be part of where it is the first (0) or the last (-1) of a cell."""
    around_cells = {letter.encode()[at] for letter in around}
    of_nulls = {word.encode()[at] for word in NULLS if word}
    return bytes(_AROUND * (byte in around_cells) + _OF_NULL * (byte in of_nulls) for byte in range(256))


_FIRST, _LAST = _meanings(0, BLANKS + _GUARDS), _meanings(-1, BLANKS)


def text(cells: pl.Series) -> pl.Series:
    """Cells without blanks around them and without a spreadsheet's guards (`="…"`, a leading apostrophe); null where empty."""
    bare = cells.str.strip_chars(BLANKS)
    if _guarded(bare):
        quoted = bare.str.starts_with('="') & bare.str.ends_with('"') & (bare.str.len_bytes() > len('="'))
        bare = bare.str.strip_prefix('="').str.strip_suffix('"').zip_with(quoted.fill_null(value=False), bare)
        if _guarded(bare):
            bare = bare.str.replace(r"^=([0-9]+)$", "$1").str.strip_prefix("'")
        bare = bare.str.strip_chars(BLANKS)
    nothing = bare.is_in(NULLS)
    return bare.set(nothing, None) if nothing.any() else bare


def _guarded(cells: pl.Series) -> bool:
    return bool((cells.str.starts_with("=") | cells.str.starts_with("'")).any())


def texts(table: pa.Table) -> list[pl.Series]:
    """A table's columns of cells as text.

    Of each cell its first and its last byte and its length are looked at, at once for all: few cells need more.
    """
    return [_column(name, table.column(name)) for name in table.column_names]


def _column(name: str, cells: pa.ChunkedArray) -> pl.Series:
    together = cells.combine_chunks()
    arrays = together.chunks if isinstance(together, pa.ChunkedArray) else [together]  # one holds no more than two gigabytes
    return pl.concat([_read(array) for array in arrays]).alias(name) if arrays else pl.Series(name, [], dtype=pl.String)


def _read(cells: pa.StringArray) -> pl.Series:
    _, offsets, letters = cells.buffers()
    if not letters:
        return pl.repeat(None, len(cells), dtype=pl.String, eager=True)
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    is_said = ends[1:] > ends[:-1]
    known = None if is_said.all() else pa.py_buffer(np.packbits(is_said, bitorder="little"))
    values = pl.Series(pa.StringArray.from_buffers(len(cells), pa.py_buffer(ends), letters, known))
    doubtful = np.flatnonzero(_may_say_less(np.frombuffer(letters, np.uint8), ends) & is_said)
    if not len(doubtful):
        return values
    if 2 * len(doubtful) > len(cells):
        return text(values)
    rows = pl.Series(doubtful)
    as_stated = values.gather(rows)
    bare = text(as_stated)
    return values if bare.equals(as_stated) else values.scatter(rows, bare)


def _may_say_less(letters: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which cells that are not empty may have blanks around them or guards, or say nothing."""
    first, last = (
        np.frombuffer(letters.take(at, mode="clip").tobytes().translate(meanings), np.uint8)
        for at, meanings in ((ends[:-1], _FIRST), (ends[1:] - 1, _LAST))
    )
    is_short = ends[1:] - ends[:-1] <= _LONGEST_NULL
    return ((first | last) & _AROUND > 0) | ((first & last & _OF_NULL > 0) & is_short)
