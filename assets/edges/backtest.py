"""The back-test: what earlier days said of each cell, held against later days that it had not seen.

Days are split by time, never by rows. It asks whether effects are told better than by raw ratios or by nothing, whether claimed
signs hold, what share of a claimed effect lasts, and, by placebos, whether edges are claimed where none can be.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from assets.edges import forecasts, placebo
from assets.edges.belief import seen
from assets.edges.cells import (
    CLAIMED_LFSR,
    PLACEBO_FAILED,
    SIGNS_LOST,
    Part,
    panels_of,
    parts_of,
)
from assets.edges.compared import COMPARED, LEVEL, OWN_PART, Compared
from assets.edges.estimate import LEAST_EXPOSURE, estimate
from assets.edges.forecasts import PAIRS
from assets.edges.metrics import Family
from assets.edges.panel import DAYS_PER_BLOCK

LEAST_WEEKS = 16
ROLLING_WEEKS = 52  # of history from which origins roll on
LOOK_WEEKS = 8  # each origin then looks so far, and the next origin lies as far on
FIT_WEEKS = 12  # the least an origin is fitted on
GAP_DAYS = 7  # between what is fitted and what is looked at
MOST_FOLDS, LEAST_FOLDS = 8, 2
FOLD_CELLS = 40_000  # cells times folds that are worth the time: of larger histories only the last folds are taken
TURNS_CELLS = 20_000  # cells times turns of the placebo
MOST_TURNS = 5
MOST_WHOLE = 10_000  # cells, of more own parts alone are tested
MOST_ROWS = 200_000  # of more days whole weeks are taken, for time's sake: all noise is told by weeks anyway
TELLING_CLAIMS, ALL_TELLING = 20, 10  # claims from which a metric's persistence, or that of all, is told
ALL = "all"
TOO_SHORT, NO_DATA, NO_CLAIMS, PASSED, FAILED = "too short", "no data", "nothing claimed", "passed", "failed"
SCHEMA = {
    "segment_type": pl.String, "metric": pl.String, "compared": pl.String, "folds": pl.Int64, "cells": pl.Int64,
    "claims": pl.Int64, "rmse_edge": pl.Float64, "rmse_raw": pl.Float64, "rmse_mean": pl.Float64, "score_edge": pl.Float64,
    "score_raw": pl.Float64, "score_mean": pl.Float64, "order_edge": pl.Float64, "order_raw": pl.Float64,
    "signs_held": pl.Float64, "signs_expected": pl.Float64, "persistence": pl.Float64, "persistence_error": pl.Float64,
    "persistence_raw": pl.Float64, "promised_over_realised": pl.Float64, "placebo_labels": pl.Float64,
    "placebo_weeks": pl.Float64, "verdict": pl.String, "reason": pl.String,
}  # fmt: skip
Fold = tuple[int, int, int]  # first day not fitted, first and last-but-one day looked at


def back_test(cell_days: pl.DataFrame) -> pl.DataFrame:
    """How well effects estimated on earlier days hold on later ones, by metric and over all.

    Args:
        cell_days: the days of all cells, as `edges` takes them.

    Returns:
        One row per segment_type, metric and way of comparing, and one for `all` own parts, on which the list of recommendations
        rests; where the history is too short, that one alone, saying so.
    """
    if cell_days.is_empty():
        return _one_row(NO_DATA, "there are no days to compare")
    first, last = cell_days.select(pl.min("day").alias("first"), pl.max("day").alias("last")).row(0)
    length = (last - first).days + 1
    if length < LEAST_WEEKS * DAYS_PER_BLOCK:
        return _one_row(TOO_SHORT, f"{length // DAYS_PER_BLOCK} weeks of history, {LEAST_WEEKS} are needed")
    cells = cell_days.select("store", "segment_type", "segment").unique().height
    rolled, left_out = folds(length, cells)
    turns = max(min(MOST_TURNS, TURNS_CELLS // cells), 1)
    rows: list[dict[str, Any]] = []
    everything: list[pl.DataFrame] = []
    dealt: list[placebo.Found] = []
    parted: list[placebo.Found] = []
    for compared in (one for one in COMPARED if one.is_valued):  # what money is promised on
        days = _weekly(cell_days, compared, first) if cell_days.height > MOST_ROWS else cell_days
        parts = parts_of(days.with_columns(since=(pl.col("day") - first).dt.total_days()), compared)
        if own := [part for part in parts if part.compared == OWN_PART]:  # what recommendations rest on
            tried = [panels_of(part.days, compared) for part in own]
            dealt.append(
                placebo.together(placebo.labels_permuted(panels, compared, turn) for panels in tried for turn in range(turns))
            )
            parted.append(placebo.together(placebo.weeks_parted(panels, compared) for panels in tried))
            everything.append(_pairs_of(own, compared, rolled))
            rows.append(_row(compared, OWN_PART, everything[-1], dealt[-1], parted[-1]))
        if (whole := [part for part in parts if part.compared == LEVEL]) and cells <= MOST_WHOLE:
            rows.append(_row(compared, LEVEL, _pairs_of(whole, compared, rolled)))
    labels, weeks = placebo.together(dealt), placebo.together(parted)
    overall = _row(None, OWN_PART, pl.concat([pl.DataFrame(schema=PAIRS), *everything]), labels, weeks)
    if placebo.fails(labels) or placebo.fails(weeks):
        found = [f"{len(one.claimed)} of {len(one.tested)} cells are claimed {how}"
                 for one, how in ((labels, "with names dealt at random"), (weeks, "between odd and even weeks"))
                 if placebo.fails(one)]  # fmt: skip
        overall |= {"verdict": PLACEBO_FAILED, "reason": "; ".join(found)}
    if left_out:
        overall["reason"] = "; ".join(filter(None, [overall["reason"], f"only the last {len(rolled)} of {left_out} folds"]))
    return pl.DataFrame([*rows, overall], schema=SCHEMA)


def _weekly(days: pl.DataFrame, compared: Compared, first: date) -> pl.DataFrame:
    """The days a metric is known on as whole weeks, each on its first day; of dialects any one, a store having one alone.

    The gap is as long as a week, so no later day is among the earlier ones.
    """
    since = (pl.col("day") - first).dt.total_days()
    names = [name for name, kind in days.schema.items() if kind.is_numeric()]
    known = [pl.col("segment_type") == compared.segment_type, *(pl.col(name).is_not_null() for name in compared.columns)]
    keys = [pl.col("store", "segment").cast(pl.Categorical), pl.col("day") - pl.duration(days=since % DAYS_PER_BLOCK)]
    cells = days.lazy().filter(*known).with_columns(*keys).group_by("store", "segment", "day")
    weeks = cells.agg(pl.col("segment_type", "parent", "dialect").max(), pl.col(names).sum()).collect()
    return weeks.with_columns(pl.col("store", "segment").cast(pl.String)).select(days.columns)


def folds(length: int, cells: int = 0) -> tuple[list[Fold], int]:
    """How a history of some days is split, and out of how many splits where some were left out for time's sake.

    Less than a year is fitted on its first half. Of more, origins lie eight weeks apart, each looking eight weeks ahead.
    """
    look, fit = LOOK_WEEKS * DAYS_PER_BLOCK, FIT_WEEKS * DAYS_PER_BLOCK
    if length < ROLLING_WEEKS * DAYS_PER_BLOCK:
        return [(length // 2, length // 2 + GAP_DAYS, length)], 0
    ends = [end for end in range(length, 0, -look) if end - look - GAP_DAYS >= fit]
    rolled = [(end - look - GAP_DAYS, end - look, end) for end in reversed(ends)]
    kept = max(min(MOST_FOLDS, FOLD_CELLS // max(cells, 1)), LEAST_FOLDS)
    return rolled[-kept:], len(rolled) if kept < len(rolled) else 0


def lasting(back_test: pl.DataFrame, compared: str = OWN_PART) -> Mapping[tuple[str, str], float]:
    """By segment type and metric the share of a claimed effect that lasts, between 0 and 1; missing where too few claims tell."""
    alike = back_test.filter(pl.col("compared") == compared)
    overall = alike.filter(pl.col("segment_type") == ALL, pl.col("claims") >= ALL_TELLING)
    common = overall["persistence"][0] if overall.height else None
    found = {(one.segment_type, one.metric.name): common for one in COMPARED}
    telling = alike.filter(pl.col("segment_type") != ALL, pl.col("claims") >= TELLING_CLAIMS)
    for row in telling.iter_rows(named=True):
        found[row["segment_type"], row["metric"]] = row["persistence"]
    return {key: min(max(share, 0.0), 1.0) for key, share in found.items() if share is not None}


def _one_row(verdict: str, reason: str) -> pl.DataFrame:
    told = {
        "segment_type": ALL,
        "metric": ALL,
        "compared": OWN_PART,
        "folds": 0,
        "cells": 0,
        "claims": 0,
        "verdict": verdict,
        "reason": reason,
    }
    return pl.DataFrame([dict.fromkeys(SCHEMA) | told], schema=SCHEMA)


def _pairs_of(parts: Sequence[Part], compared: Compared, rolled: Sequence[Fold]) -> pl.DataFrame:
    return pl.concat([_pairs(part, compared, number, fold) for part in parts for number, fold in enumerate(rolled)])


def _pairs(part: Part, compared: Compared, number: int, fold: Fold) -> pl.DataFrame:
    """Each cell with enough exposure before and after: what was believed of it, and what came."""
    days, centred = part.days.sort("segment", "store", "day"), part.compared == OWN_PART
    before = days.filter(pl.col("since") < fold[0])
    after = days.filter(pl.col("since").is_between(fold[1], fold[2], closed="left"))
    if before.is_empty() or after.is_empty():
        return pl.DataFrame(schema=PAIRS)
    past, future = panels_of(before, compared), panels_of(after, compared)
    told = estimate(past.whole, compared.metric, factors=past.factors, centred=centred, intervals=False)
    came = seen(future.whole, compared.metric, centred=centred)
    sign = compared.metric.direction
    sales, made = future.grid.by_cell(future.sums["sales"]), future.grid.by_cell(future.whole.y)
    at_peer = came.expected * np.divide(sales, made, out=np.zeros_like(sales), where=made > 0.0)
    realised = sign * (made / np.maximum(came.expected, 1e-12) - 1.0) * at_peer
    if compared.metric.family is Family.DIFFERENCE:
        at_peer, realised = sales, sign * came.raw * sales
    earlier = pl.DataFrame(
        {
            **_named(before, told.store, told.segment),
            "effect": told.effect, "sd": told.sd, "raw": told.raw, "raw_error": told.raw_error, "gain": sign * told.gain,
            "claimed": told.lfsr <= CLAIMED_LFSR, "spread2": np.full(len(told.sd), np.mean(told.effect**2 + told.sd**2)),
            "past": told.exposure,
        }
    )  # fmt: skip
    later = pl.DataFrame(
        {
            **_named(after, future.grid.store, future.grid.segment),
            "later": came.raw, "error": came.error, "exposure": came.exposure, "at_peer": at_peer,
            "realised": realised,
        }
    )  # fmt: skip
    cells = earlier.join(part.cells, on=["store", "segment"], how="semi")
    both = cells.join(later, on=["store", "segment"]).filter(
        pl.min_horizontal("past", "exposure") >= LEAST_EXPOSURE, pl.col("at_peer").is_finite()
    )
    return both.with_columns(fold=pl.lit(number, pl.Int64), promised=pl.col("gain") * pl.col("at_peer")).select(*PAIRS)


def _named(days: pl.DataFrame, store: Any, segment: Any) -> dict[str, pl.Series]:
    return {name: days[name].unique().sort().gather(codes) for name, codes in (("store", store), ("segment", segment))}


def _row(
    compared: Compared | None,
    how: str,
    pairs: pl.DataFrame,
    labels: placebo.Found | None = None,
    weeks: placebo.Found | None = None,
) -> dict[str, Any]:
    about = (compared.segment_type, compared.metric.name) if compared else (ALL, ALL)
    told: dict[str, Any] = dict(zip(("segment_type", "metric", "compared"), (*about, how), strict=True))
    told |= {"placebo_labels": labels.rate if labels else None, "placebo_weeks": weeks.rate if weeks else None}
    told |= {"folds": pairs["fold"].n_unique(), "cells": pairs.height, "claims": int(pairs["claimed"].sum())}
    if pairs.is_empty():
        return told | {"verdict": NO_DATA, "reason": "no cell has enough on both sides"}
    told |= forecasts.forecasts(pairs)
    claims = pairs.filter("claimed")
    if claims.is_empty():
        return told | {"verdict": NO_CLAIMS, "reason": "nothing was claimed on the earlier days"}
    told |= forecasts.of_claims(claims) | {"persistence_raw": forecasts.share_lasting(forecasts.floats(pairs, "raw"), pairs)[0]}
    wrong = forecasts.broken(pairs) + ([] if forecasts.signs_hold(claims) else [SIGNS_LOST])
    return told | {"verdict": FAILED if wrong else PASSED, "reason": "; ".join(wrong)}
