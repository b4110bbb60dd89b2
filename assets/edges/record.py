"""The memory: what was promised, what was decided, and what came of it.

Each promise is held to its own window of days after it was made, by the window's own unshrunk log ratio against the typical peer.
How promises are kept from generation to generation does not belong here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr

from assets.edges.belief import seen
from assets.edges.cells import known_days, panels_of
from assets.edges.compared import COMPARED, Compared
from assets.edges.estimate import LEAST_EXPOSURE

KEPT, MISSED, OPEN, NO_DATA = "kept", "missed", "open", "no data"
PROMISE, SUMMARY = "promise", "summary"
LEAST_EVENTS = 1.0  # expected in the window for it to tell anything
PATIENCE = timedelta(weeks=4)  # after the window: a store that has sent nothing by then is judged by what there is
MENDING = ("fix", "concede")
DONE = "done"
INTERVAL = 2.0 * 1.959964
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "record": pl.String, "id": pl.String, "generation": pl.Int64, "built_at": pl.Datetime("us"), "store": pl.String,
    "segment_type": pl.String, "segment": pl.String, "metric": pl.String, "move": pl.String, "effect": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "yearly_value_base": pl.Decimal(18, 2), "value_lower": pl.Decimal(18, 2),
    "value_upper": pl.Decimal(18, 2), "promised_from": pl.Date, "promised_until": pl.Date, "decision": pl.String,
    "decided_on": pl.Date, "later_effect": pl.Float64, "later_error": pl.Float64, "realised_value_base": pl.Decimal(18, 2),
    "verdict": pl.String, "promises": pl.Int64, "judged": pl.Int64, "kept_promises": pl.Int64, "kept_expected": pl.Float64,
}  # fmt: skip
Row = dict[str, Any]


def track_record(cell_days: pl.DataFrame, landed_promises: pl.DataFrame, reference_decisions: pl.DataFrame) -> pl.DataFrame:
    """Every promise as it was first made, with what came; then the sums by move and over all.

    Args:
        cell_days: the days of all cells, as `edges` takes them.
        landed_promises: what each generation promised.
        reference_decisions: id, decision and decided_on.

    Returns:
        One row per promise of which a day has passed, and one per move and for `all` (`record` says which).
    """
    if cell_days.is_empty() or landed_promises.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    last: date = cell_days.select(pl.max("day")).item()
    first_made = landed_promises.sort("built_at", "generation").unique("id", keep="first", maintain_order=True)
    due = first_made.filter(pl.col("promised_from") <= last).join(reference_decisions, on="id", how="left")
    if due.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = []
    for (start, until), part in due.sort("promised_from", "id").group_by("promised_from", "promised_until", maintain_order=True):
        rows += _of_window(cell_days.filter(pl.col("day").is_between(start, until)), part, last)
    instant = pl.col("built_at").str.to_datetime(time_unit="us", time_zone="UTC").dt.replace_time_zone(None)
    promises = pl.DataFrame(rows, schema=SCHEMA | {"built_at": pl.String}).with_columns(instant)
    promises = promises.sort("built_at", "generation", "id")
    moves = promises.group_by("move").agg(_SUMS).sort("move")
    overall = promises.select(_SUMS).with_columns(move=pl.lit("all"))
    sums = pl.concat([moves, overall.select(moves.columns)]).with_columns(record=pl.lit(SUMMARY), id=pl.col("move"))
    return pl.concat([promises, sums], how="diagonal").select(*SCHEMA)


_JUDGED = pl.col("verdict").is_in([KEPT, MISSED])
_SUMS = (
    pl.col("promises", "judged", "kept_promises").sum(),
    pl.col("kept_expected").filter(_JUDGED).sum(),
    pl.col("yearly_value_base", "realised_value_base").filter(_JUDGED).sum(),
)


def _of_window(days: pl.DataFrame, promises: pl.DataFrame, last: date) -> list[Row]:
    """The promises that share a window."""
    rows = []
    for compared in COMPARED:
        of_metric = promises.filter(pl.col("segment_type") == compared.segment_type, pl.col("metric") == compared.metric.name)
        if of_metric.is_empty():
            continue
        found = _found(days, compared)
        rows += [_row(row, found, compared, last) for row in of_metric.iter_rows(named=True)]
    return rows


Came = tuple[float, float, date]  # log ratio, its standard error, the last day that is known of the store


def _found(days: pl.DataFrame, compared: Compared) -> Mapping[tuple[str, str], Came]:
    """Of each cell with enough in the window: what came."""
    known = known_days(days, compared)
    if known.is_empty():
        return {}
    panels = panels_of(known, compared)
    grid, came = panels.grid, seen(panels.whole, compared.metric, centred=True)
    stores, segments = (known[name].unique().sort().gather(codes) for name, codes in
                        (("store", grid.store), ("segment", grid.segment)))  # fmt: skip
    ends = dict(known.group_by("store").agg(pl.max("day")).iter_rows())
    enough = (came.exposure >= LEAST_EXPOSURE) & (came.events >= LEAST_EVENTS)
    told = zip(stores, segments, came.raw, came.error, enough, strict=True)
    return {(store, segment): (float(raw), float(error), ends[store]) for store, segment, raw, error, ok in told if ok}


def _row(promise: Row, found: Mapping[tuple[str, str], Came], compared: Compared, last: date) -> Row:
    row = dict.fromkeys(SCHEMA) | {name: promise[name] for name in promise if name in SCHEMA}
    row |= {"record": PROMISE, "promises": 1, "judged": 0, "kept_promises": 0}
    came = found.get((promise["store"], promise["segment"]))
    seen_until = came[2] if came else last
    is_open = seen_until < promise["promised_until"] and last <= promise["promised_until"] + PATIENCE
    if came:
        later, error, _ = came
        row |= {"later_effect": later, "later_error": error, "realised_value_base": _realised(promise, later)}
        kept, expected = _kept(promise, later, error, compared.metric.direction)
        row |= {"kept_expected": expected}
        if not is_open:
            row |= {"judged": 1, "kept_promises": int(kept)}
    judged = (KEPT if row["kept_promises"] else MISSED) if came else NO_DATA
    return row | {"verdict": OPEN if is_open else judged}


def _kept(promise: Row, later: float, error: float, direction: int) -> tuple[bool, float]:
    """Whether what was said came: an edge with the same sign again; where it was to be mended and that was done, a better one."""
    effect, sd = promise["effect"], (promise["upper"] - promise["lower"]) / INTERVAL
    if promise["move"] in MENDING and promise["decision"] == DONE:
        return direction * later > direction * effect, 0.5
    spread = float(np.hypot(sd, error))
    return later * effect > 0.0, float(ndtr(abs(effect) / spread)) if spread > 0.0 else 1.0


def _realised(promise: Row, later: float) -> float | None:
    """What the later effect is worth a year, on the traffic the promise was made for."""
    told = float(np.expm1(promise["effect"]))
    whole = float(promise["yearly_value_base"]) / (promise["persistence"] or 1.0)
    return round(whole * float(np.expm1(later)) / told, 2) if told else None
