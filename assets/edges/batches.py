"""A table of events, read in batches: checked, its labels told by numbers, its sums kept in the narrowest types that hold them.

Tens of millions of rows are never in memory as they are written. What is estimated on them belongs to `events`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from assets.edges.panel import LONGEST_HISTORY, Floats, Grid, Numbers
from assets.home import UsageError

COLUMNS = ("store", "segment", "day", "visitors", "buyers", "orders", "revenue", "refunds", "revenue_w", "revenue_w_sq")
SUMS = COLUMNS[3:]
BY_CELL = ("revenue", "revenue_w_sq")  # of these no days are kept, but sums by cell
DAILY = tuple(name for name in SUMS if name not in BY_CELL)
KEY = ("segment", "store")  # in the order in which cells are sorted
ROWS_AT_ONCE = 1 << 18
TELLING_ROWS = 10_000  # of a csv, from which its columns' types are told
COUNTS = (np.uint8, np.uint16, np.uint32)
NO_DAYS = "day must be a date or a whole number of days"


@dataclass(frozen=True)
class Events:
    """A table of events as it is kept.

    Attributes:
        grid: where its rows lie.
        stores: the stores' labels, sorted.
        segments: the segments' labels, sorted.
        rows: by name of `DAILY`, (rows,) each.
        cells: by name of `BY_CELL`, sums, (cells,) each.
    """

    grid: Grid
    stores: pl.Series
    segments: pl.Series
    rows: dict[str, Numbers]
    cells: dict[str, Floats]


def read(path: Path) -> Events:
    """A table of events, from parquet or csv by its suffix.

    Raises:
        UsageError: it cannot be read, or is no table of events; says what is wrong.
    """
    try:
        if path.suffix == ".parquet":
            return events_of(pl.scan_parquet(path))
        if path.suffix == ".csv":
            return _from_csv(path)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
    raise UsageError(f"{path}: events are read from .parquet or .csv")


def _from_csv(path: Path) -> Events:
    """Types are told by the first rows, and by all where a later row does not fit them."""
    try:
        return events_of(pl.scan_csv(path, try_parse_dates=True, infer_schema_length=TELLING_ROWS))
    except pl.exceptions.ComputeError:
        return events_of(pl.scan_csv(path, try_parse_dates=True, infer_schema_length=None))


def events_of(table: pl.LazyFrame | pl.DataFrame) -> Events:
    """Read a table of events through, some rows at a time.

    Raises:
        UsageError: it is no table of events.
    """
    table = table.lazy()
    schema = table.collect_schema()
    if missing := [name for name in COLUMNS if name not in schema]:
        raise UsageError(f"it lacks the columns {', '.join(missing)}")
    table = table.select(COLUMNS)
    if table.head(1).collect().is_empty():
        return _gathered(schema, [])
    if unsuited := [name for name in SUMS if not schema[name].is_numeric()]:
        raise UsageError(f"{', '.join(unsuited)} must be numbers")
    if not (schema["day"].is_integer() or schema["day"] == pl.Date):
        raise UsageError(NO_DAYS)
    return _gathered(schema, table.collect_batches(chunk_size=ROWS_AT_ONCE))


def _gathered(schema: pl.Schema, batches: Iterable[pl.DataFrame]) -> Events:
    known = pl.DataFrame(schema={**{name: schema[name] for name in KEY}, "cell": pl.Int32})
    rows: dict[str, list[Numbers]] = {name: [] for name in ("cell", "day", *DAILY)}
    sums = {name: np.zeros(0) for name in BY_CELL}
    for batch in batches:
        _check(batch)
        known, cell = _cells(known, batch)
        rows["cell"].append(cell)
        rows["day"].append(batch["day"].cast(pl.Int32 if batch.schema["day"] == pl.Date else pl.Int64).to_numpy())
        for name in DAILY:
            rows[name].append(_narrow(batch[name]))
        for name, before in sums.items():
            sums[name] = np.append(before, np.zeros(known.height - len(before)))
            np.add.at(sums[name], cell, batch[name].cast(pl.Float64).to_numpy())
    labels = {name: known[name].unique().sort() for name in KEY}
    known = known.sort(KEY)
    met = known["cell"].to_numpy()
    place = np.empty(known.height, np.int32)
    place[met] = np.arange(known.height)
    day, days = _days(rows.pop("day"))
    code = {name: known[name].rank("dense").cast(pl.Int64).to_numpy() - 1 for name in KEY}
    grid = Grid(
        stores=np.arange(len(labels["store"])),
        segments=np.arange(len(labels["segment"])),
        store=code["store"],
        segment=code["segment"],
        row_cell=place[_one(rows.pop("cell"), np.int32)],
        row_day=day,
        days=days,
    )
    kept = {name: _one(rows.pop(name)) for name in DAILY}
    return Events(grid, labels["store"], labels["segment"], kept, {name: whole[met] for name, whole in sums.items()})


def _check(batch: pl.DataFrame) -> None:
    if empty := [name for name, count in batch.null_count().row(0, named=True).items() if count]:
        raise UsageError(f"{', '.join(empty)} must be filled in every row")
    numbers = batch.select(pl.col(SUMS).cast(pl.Float64))
    sound = numbers.select((pl.all().is_finite() & (pl.all() >= 0.0)).all())
    if bad := [name for name, holds in sound.row(0, named=True).items() if not holds]:
        raise UsageError(f"{', '.join(bad)} must be finite and not below 0")


def _cells(known: pl.DataFrame, batch: pl.DataFrame) -> tuple[pl.DataFrame, Numbers]:
    """The cells met so far, numbered as they were met, and the number of each row's."""
    keys = batch.select(KEY)
    found = keys.join(known, on=KEY, how="left", maintain_order="left")
    fresh = found.filter(pl.col("cell").is_null()).select(KEY).unique()
    if fresh.height:
        number = pl.int_range(known.height, known.height + fresh.height, dtype=pl.Int32, eager=True)
        known = pl.concat([known, fresh.with_columns(cell=number)])
        found = keys.join(known, on=KEY, how="left", maintain_order="left")
    return known, found["cell"].to_numpy()


def _days(parts: list[Numbers]) -> tuple[Numbers, int]:
    """Each row's day, counted from the first, and how many days there are from the first to the last."""
    if not parts:
        return np.zeros(0, np.int16), 0
    first = min(int(part.min()) for part in parts)
    days = max(int(part.max()) for part in parts) - first + 1
    if days > LONGEST_HISTORY:
        raise UsageError(f"the days span {days:,} days: a day is a date, or a number counted in days")
    return np.concatenate([(part - first).astype(np.int16) for part in parts]), days


def _narrow(column: pl.Series) -> Numbers:
    """Counts as integers, as small as they fit; all else as floating point numbers."""
    values = column.cast(pl.Float64).to_numpy()
    most = values.max(initial=0.0)
    for kind in COUNTS:
        if most <= np.iinfo(kind).max:
            whole = values.astype(kind)
            return whole if np.array_equal(whole, values) else values
    return values


def _one(parts: list[Numbers], kind: type[np.generic] = np.uint8) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
