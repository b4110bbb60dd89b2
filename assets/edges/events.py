"""From a table of events to a table of edges, as `edgewise edges` does: reading, checking, estimating, writing.

EVENTS has a row per store, segment and day; RECS a row per store, segment and metric that passes the minimum data rule.
"""

from pathlib import Path

import numpy as np
import polars as pl

from assets.edges import ranking
from assets.edges.estimate import Estimates, estimate
from assets.edges.metrics import AOV, CONVERSION, ORDER_RATE, REFUND_RATE, RPV, Family, Metric
from assets.edges.panel import Floats, Grid, Moments, Panel
from assets.home import UsageError

COLUMNS = ("store", "segment", "day", "visitors", "buyers", "orders", "revenue", "refunds", "revenue_w", "revenue_w_sq")
SUMS = COLUMNS[3:]
SCORED = (CONVERSION, AOV, RPV, REFUND_RATE)
FACTORS = {RPV: (ORDER_RATE, AOV)}
DAYS_PER_YEAR = 365.0
MARGIN = 0.30  # of revenue, where none is told


def read(path: Path) -> pl.DataFrame:
    """A table of events, from parquet or csv by its suffix.

    Raises:
        UsageError: it cannot be read, or is no table of events; says what is wrong.
    """
    try:
        if path.suffix == ".csv":
            events = pl.read_csv(path, try_parse_dates=True, infer_schema_length=None)
        elif path.suffix == ".parquet":
            events = pl.read_parquet(path)
        else:
            raise UsageError(f"{path}: events are read from .parquet or .csv")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
    return _checked(events, path)


def _checked(events: pl.DataFrame, path: Path) -> pl.DataFrame:
    if missing := [name for name in COLUMNS if name not in events.columns]:
        raise UsageError(f"{path} lacks the columns {', '.join(missing)}")
    events = events.select(COLUMNS)
    if unsuited := [name for name in SUMS if not events.schema[name].is_numeric() and events.height]:
        raise UsageError(f"{path}: {', '.join(unsuited)} must be numbers")
    if not (events.schema["day"].is_integer() or events.schema["day"] == pl.Date or not events.height):
        raise UsageError(f"{path}: day must be a date or a whole number of days")
    if empty := [name for name, count in events.null_count().row(0, named=True).items() if count]:
        raise UsageError(f"{path}: {', '.join(empty)} must be filled in every row")
    events = events.with_columns(pl.col(SUMS).cast(pl.Float64))
    if bad := [name for name in SUMS if not (events[name].is_finite() & (events[name] >= 0.0)).all()]:
        raise UsageError(f"{path}: {', '.join(bad)} must be finite and not below 0")
    return events


def edges(events: pl.DataFrame, margin: float = MARGIN) -> pl.DataFrame:
    """One row per store, segment and metric that passes the minimum data rule, the best recommendation first.

    Args:
        events: as `read` returns them.
        margin: the share of revenue that is earned, for yearly values; what is refunded is lost whole.

    Raises:
        UsageError: the days span more than ten years.
    """
    try:
        grid = Grid.of(_codes(events["store"]), _codes(events["segment"]), events["day"].to_numpy())
    except ValueError as error:
        raise UsageError(str(error)) from error
    columns = {name: events[name].to_numpy() for name in SUMS}
    moments = Moments(*(grid.by_cell(columns[name]) for name in ("orders", "revenue_w", "revenue_w_sq")))
    earned = _yearly_revenue(grid, columns) * margin
    found = []
    for metric in SCORED:
        scale = _yearly_refunds(grid, columns) if metric is REFUND_RATE else earned
        panel, *parts = (_panel(grid, columns, moments, each) for each in (metric, *FACTORS.get(metric, ())))
        factors = list(zip(parts, FACTORS.get(metric, ()), strict=True))
        found.append(_rows(estimate(panel, metric, factors=factors, scale=scale), metric))
    return _ranked(pl.concat(found), events)


def _panel(grid: Grid, columns: dict[str, Floats], moments: Moments, metric: Metric) -> Panel:
    summed = None if metric.family is Family.BINOMIAL else moments
    return Panel(grid, columns[metric.denominator], columns[metric.numerator], summed)


def write(table: pl.DataFrame, path: Path) -> None:
    """Write a table as parquet or csv, by the suffix.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        if path.suffix == ".csv":
            table.write_csv(path)
        elif path.suffix == ".parquet":
            table.write_parquet(path)
        else:
            raise UsageError(f"{path}: edges are written to .parquet or .csv")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _codes(labels: pl.Series) -> np.ndarray:
    """Labels as their places among the sorted distinct labels."""
    return labels.rank("dense").cast(pl.Int64).to_numpy() - 1


def _labels(labels: pl.Series) -> pl.Series:
    return labels.unique().sort()


def _yearly_revenue(grid: Grid, columns: dict[str, Floats]) -> Floats:
    """(cells,) what a year of the cell's traffic brings at the segment's revenue per visitor."""
    visitors, revenue = grid.by_cell(columns["visitors"]), grid.by_cell(columns["revenue"])
    return visitors * _segment_rate(grid, revenue, visitors) * DAYS_PER_YEAR / max(grid.days, 1)


def _yearly_refunds(grid: Grid, columns: dict[str, Floats]) -> Floats:
    """(cells,) what a year of it gives back at the segment's refund rate."""
    orders, refunds = grid.by_cell(columns["orders"]), grid.by_cell(columns["refunds"])
    return _yearly_revenue(grid, columns) * _segment_rate(grid, refunds, orders)


def _segment_rate(grid: Grid, above: Floats, below: Floats) -> Floats:
    total = grid.by_segment(below)
    return np.divide(grid.by_segment(above), total, out=np.zeros_like(total), where=total > 0.0)[grid.segment]


def _rows(found: Estimates, metric: Metric) -> pl.DataFrame:
    names = ("store", "segment", "effect", "lower", "upper", "lfsr", "value", "thin")
    rows = pl.DataFrame({name: getattr(found, name) for name in names})
    return rows.filter(~pl.col("thin")).drop("thin").with_columns(metric=pl.lit(metric.name))


def _ranked(rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    lfsr, value = rows["lfsr"].to_numpy(), rows["value"].to_numpy()
    rank = ranking.headline_rank(value, ranking.certified(lfsr))
    named = {name: _labels(events[name]).gather(rows[name]) for name in ("store", "segment")}
    return (
        rows.with_columns(**named, rank=pl.Series(rank), yearly_value=pl.col("value"))
        .select("store", "segment", "metric", "effect", "lower", "upper", "lfsr", "rank", "yearly_value")
        .sort("rank")
    )
