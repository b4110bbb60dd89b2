"""From a table of events to a table of edges, as `edgewise edges` does: estimating, ranking, writing.

EVENTS has a row per store, segment and day; RECS a row per store, segment and metric that passes the minimum data rule. How the
first is read belongs to `batches`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from assets.edges import ranking
from assets.edges.batches import Events
from assets.edges.estimate import Estimates, estimate
from assets.edges.metrics import AOV, CONVERSION, ORDER_RATE, REFUND_RATE, RPV, Family, Metric
from assets.edges.panel import Floats, Grid, Moments, Panel
from assets.home import UsageError

SCORED = (CONVERSION, AOV, RPV, REFUND_RATE)
FACTORS = {RPV: (ORDER_RATE, AOV)}
DAYS_PER_YEAR = 365.0
MARGIN = 0.30  # of revenue, where none is told


def edges(events: Events, margin: float = MARGIN) -> pl.DataFrame:
    """One row per store, segment and metric that passes the minimum data rule, the best recommendation first.

    Args:
        events: as `batches.read` returns them.
        margin: the share of revenue that is earned, for yearly values; what is refunded is lost whole.
    """
    grid = events.grid
    sums = events.cells | {name: grid.by_cell(rows) for name, rows in events.rows.items()}
    moments = Moments(*(sums[name] for name in ("orders", "revenue_w", "revenue_w_sq")))
    earned = _yearly_revenue(grid, sums) * margin
    found = []
    for metric in SCORED:
        scale = _yearly_refunds(grid, sums) if metric is REFUND_RATE else earned
        panel, *parts = (_panel(events, moments, each) for each in (metric, *FACTORS.get(metric, ())))
        factors = list(zip(parts, FACTORS.get(metric, ()), strict=True))
        found.append(_rows(estimate(panel, metric, factors=factors, scale=scale), metric))
    return _ranked(pl.concat(found), events)


def _panel(events: Events, moments: Moments, metric: Metric) -> Panel:
    summed = None if metric.family is Family.BINOMIAL else moments
    return Panel(events.grid, events.rows[metric.denominator], events.rows[metric.numerator], summed)


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


def _yearly_revenue(grid: Grid, sums: Mapping[str, Floats]) -> Floats:
    """(cells,) what a year of the cell's traffic brings at the segment's revenue per visitor."""
    rate = _segment_rate(grid, sums["revenue"], sums["visitors"])
    return sums["visitors"] * rate * DAYS_PER_YEAR / max(grid.days, 1)


def _yearly_refunds(grid: Grid, sums: Mapping[str, Floats]) -> Floats:
    """(cells,) what a year of it gives back at the segment's refund rate."""
    return _yearly_revenue(grid, sums) * _segment_rate(grid, sums["refunds"], sums["orders"])


def _segment_rate(grid: Grid, above: Floats, below: Floats) -> Floats:
    total = grid.by_segment(below)
    return np.divide(grid.by_segment(above), total, out=np.zeros_like(total), where=total > 0.0)[grid.segment]


def _rows(found: Estimates, metric: Metric) -> pl.DataFrame:
    names = ("store", "segment", "effect", "lower", "upper", "lfsr", "value", "thin")
    rows = pl.DataFrame({name: getattr(found, name) for name in names})
    return rows.filter(~pl.col("thin")).drop("thin").with_columns(metric=pl.lit(metric.name))


def _ranked(rows: pl.DataFrame, events: Events) -> pl.DataFrame:
    lfsr, value = rows["lfsr"].to_numpy(), rows["value"].to_numpy()
    rank = ranking.headline_rank(value, ranking.certified(lfsr))
    named = {"store": events.stores.gather(rows["store"]), "segment": events.segments.gather(rows["segment"])}
    return (
        rows.with_columns(**named, rank=pl.Series(rank), yearly_value=pl.col("value"))
        .select("store", "segment", "metric", "effect", "lower", "upper", "lfsr", "rank", "yearly_value")
        .sort("rank")
    )
