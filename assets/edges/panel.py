"""The panel: one metric's exposures and numerators, by cell (store x segment) and day, and how they are summed.

Indexing and summing belong here. What is expected, how noisy it is and what follows from it do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Numbers = NDArray[Any]  # of any type that holds them exactly: what comes in millions of rows is kept as small as it can be

DAYS_PER_BLOCK = 7
LONGEST_HISTORY = 3_660  # days; more is a day column that holds no days
ROWS_AT_ONCE = 1 << 16  # of a long table that are worked on as floating point numbers at one time


def sum_by(index: Ints, values: Floats, size: int) -> Floats:
    """Sums of `values` (n,) or (n, k) over the rows of equal `index` (n,), as (size,) or (size, k)."""
    if values.ndim == 1:
        return np.asarray(np.bincount(index, values, size), np.float64)
    width = values.shape[1]
    slot = (index[:, None] * width + np.arange(width)).ravel()
    return np.asarray(np.bincount(slot, values.ravel(), size * width), np.float64).reshape(size, width)


@dataclass(frozen=True)
class Grid:
    """Where the rows of a long table lie: in which cell, on which day.

    A cell is a store's share of a segment that has at least one row; cells are sorted by segment, then store. Blocks are weeks
    counted from the first day; a last partial week belongs to the block before it.

    Attributes:
        stores: the stores' labels, sorted.
        segments: the segments' labels, sorted.
        store: (cells,) index into `stores`.
        segment: (cells,) index into `segments`.
        row_cell: (rows,) the cell of each row, in integers of any size.
        row_day: (rows,) the day of each row, counted from the first, likewise.
        days: length of the history, from the first day to the last.
    """

    stores: NDArray[Any]
    segments: NDArray[Any]
    store: Ints
    segment: Ints
    row_cell: Numbers
    row_day: Numbers
    days: int

    @classmethod
    def of(cls, store: ArrayLike, segment: ArrayLike, day: ArrayLike) -> "Grid":
        """The grid of a long table.

        Args:
            store: (rows,) integers or text.
            segment: (rows,) integers or text.
            day: (rows,) day numbers, or dates as datetime64.

        Raises:
            ValueError: the days span more than ten years.
        """
        stores, of_store = _encoded(np.asarray(store))
        segments, of_segment = _encoded(np.asarray(segment))
        keys, row_cell = _encoded(of_segment * max(len(stores), 1) + of_store)
        dates = np.asarray(day)
        if dates.dtype.kind == "M":
            dates = dates.astype("datetime64[D]")
        numbers = dates.astype(np.int64)
        row_day = numbers - numbers.min() if len(numbers) else numbers
        days = int(row_day.max()) + 1 if len(numbers) else 0
        if days > LONGEST_HISTORY:
            raise ValueError(f"the days span {days:,} days: a day is a date, or a number counted in days")
        width = max(len(stores), 1)
        return cls(stores, segments, keys % width, keys // width, row_cell, row_day, days)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.store)

    @property
    def blocks(self) -> int:
        """How many week-blocks there are: at least one."""
        return max(self.days // DAYS_PER_BLOCK, 1)

    @cached_property
    def row_slot(self) -> Ints:
        """(rows,) the place of each row's cell and week-block in a flat (cells x blocks) array."""
        return self._slots(slice(None))

    def by_cell(self, rows: Numbers) -> Floats:
        """(cells,) sums of a column."""
        out = np.zeros(self.cells)
        for part in self._parts():
            np.add.at(out, self.row_cell[part].astype(np.int64), rows[part].astype(np.float64))
        return out

    def by_block(self, rows: Numbers, day: Floats | None = None) -> Floats:
        """(cells, blocks) sums of a column, each row times its day's factor where `day` (days,) tells them."""
        out = np.zeros(self.cells * self.blocks)
        for part in self._parts():
            values = rows[part].astype(np.float64)
            np.add.at(out, self._slots(part), values if day is None else values * day[self.row_day[part]])
        return out.reshape(self.cells, self.blocks)

    def by_day(self, rows: Numbers, cell: Floats) -> Floats:
        """(days,) sums of a column over all cells, each row times its cell's factor (cells,)."""
        out = np.zeros(self.days)
        for part in self._parts():
            out += np.bincount(self.row_day[part], rows[part] * cell[self.row_cell[part]], self.days)
        return out

    def _parts(self) -> Iterator[slice]:
        """Stretches of rows small enough to be worked on at one time."""
        return (slice(start, start + ROWS_AT_ONCE) for start in range(0, len(self.row_cell), ROWS_AT_ONCE))

    def _slots(self, part: slice) -> Ints:
        week = np.minimum(self.row_day[part] // DAYS_PER_BLOCK, self.blocks - 1)
        return np.asarray(self.row_cell[part].astype(np.int64) * self.blocks + week)

    def by_segment(self, cells: Floats) -> Floats:
        """(segments,) or (segments, k) sums over the cells of each segment."""
        return sum_by(self.segment, cells, len(self.segments))

    def by_store(self, cells: Floats) -> Floats:
        """(stores,) or (stores, k) sums over the cells of each store."""
        return sum_by(self.store, cells, len(self.stores))

    def others_in_segment(self, cells: Floats) -> Floats:
        """(cells,) or (cells, k): the sum over the other stores of the cell's segment, never below zero."""
        return np.maximum(self.by_segment(cells)[self.segment] - cells, 0.0)


@dataclass(frozen=True)
class Moments:
    """Per cell: how many single values were summed up (orders, say), their sum and the sum of their squares, winsorised."""

    count: Floats
    total: Floats
    squares: Floats


@dataclass(frozen=True)
class Panel:
    """One metric on a grid.

    Attributes:
        grid: where the rows lie.
        x: (rows,) exposure: what the numerator is divided by. Not negative, of any type.
        y: (rows,) numerator, likewise; it may be negative where it is said to be signed.
        moments: of the single values the numerator sums up, per cell; not for `binomial` metrics.
        signed: whether the numerator may be negative, as a margin may.

    Raises:
        ValueError: an exposure or a numerator is below 0 or not finite.
    """

    grid: Grid
    x: Numbers
    y: Numbers
    moments: Moments | None = None
    signed: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no exposure or no sum."""
        # NaN is neither not below 0 nor below infinity
        lowest = np.nextafter(-np.inf, 0.0) if self.signed else 0.0
        least = (0.0, lowest)
        if not all(
            rows.min(initial=0) >= low and rows.max(initial=0) < np.inf for rows, low in zip((self.x, self.y), least, strict=True)
        ):
            raise ValueError("exposures and numerators must be finite and not below 0")


def _encoded(labels: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """The sorted distinct labels, and each row's index among them."""
    if labels.dtype.kind in "iu" and len(labels):
        low = int(labels.min())
        span = int(labels.max()) - low + 1
        if span <= 4 * len(labels) + 1024:  # a table look-up, where sorting would be slow
            offset = labels.astype(np.int64) - low
            present = np.zeros(span, bool)
            present[offset] = True
            return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[offset]
    distinct, index = np.unique(labels, return_inverse=True)
    return distinct, index.astype(np.int64).reshape(-1)
