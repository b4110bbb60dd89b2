"""From the table of edges to recommendations: one per store and segment, a move, what it is worth, and the facts it rests on.

What is claimed and how sure it is belongs to `cells`; how a recommendation is put into words, to `words`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from assets.edges import words
from assets.edges.backtest import TOO_SHORT, lasting
from assets.edges.cells import NOT_SURE, PLACEBO_FAILED
from assets.edges.compared import LEVEL, OWN_PART
from assets.edges.estimate import NO_LEVEL
from assets.edges.names import DIFFERENCES, DRIVERS
from assets.edges.words import Told

MATERIAL = 0.03  # a smaller effect is held, not pushed: there is little more to win
LEADER_SHARE = 0.5  # of the exposure compared: who has more already leads the segment
EXPLORED, OF_ONE_STORE = 10, 2  # undecided cells worth a test, at most; and of one store
UNDECIDED = (0.20, 0.80)  # a probability of being ahead that a test could settle
LARGE = 0.1  # of the largest value: from there on it is told how to try it
WORTH_KNOWING = 0.001  # of the largest value: what is worth less to know is not worth a test
BY_VISITS = ("conversion", "sales_per_visit")  # where a store makes less of its visits than another, it may leave them to it
OTHER_EDGES = 2  # of the store's own, named where it gives way
_PROMISED = ("yearly_value_base", "value_lower", "value_upper")
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "store": pl.String, "move": pl.String, "layer": pl.String, "segment_type": pl.String, "segment": pl.String,
    "metric": pl.String, "effect": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "lfsr": pl.Float64,
    "yearly_value_base": pl.Decimal(18, 2), "value_lower": pl.Decimal(18, 2), "value_upper": pl.Decimal(18, 2),
    "persistence": pl.Float64, "evidence": pl.String, "to_do_en": pl.String, "to_do_zh": pl.String,
    "text_en": pl.String, "text_zh": pl.String,
}  # fmt: skip
_SEEN = (
    "exposure", "weeks", "weeks_ahead", "peers", "value", "peer_value", "overdispersion", "error", "compared", "dialect",
    "untested",
)  # fmt: skip
_SEGMENT = ("store", "segment_type", "segment")
_CELL = (*_SEGMENT, "metric")
Row = Mapping[str, Any]
Leader = tuple[str, float]  # who leads a segment, and by how much


@dataclass(frozen=True)
class Around:
    """What a row is told beside: leaders by segment, shares of exposure by cell, claimed metrics of it, stores' best edges."""

    leaders: Mapping[tuple[str, str], Leader]
    shares: Mapping[tuple[str, ...], float]
    drivers: Mapping[tuple[str, ...], list[tuple[str, float]]]
    best: Mapping[str, list[tuple[str, str]]]
    largest: float
    currency: str


def recommendations(edges: pl.DataFrame, back_test: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """What each store should do, the most worth first.

    Args:
        edges: the table of edges, ranked and claimed over the whole list.
        back_test: what share of claimed effects lasted, by which values are multiplied; where a placebo failed, nothing is said.
        reporting: one row; `currency` is the reporting currency.

    Returns:
        One row per store and segment with a claimed edge, by the metric that is worth most; then undecided ones that are worth a
        test, two of a store and ten at most. They rest on a cell's own part: a store's level, which shows in all its segments, is
        no reason to push one of them. A store with one segment alone has no level apart from it, and is compared whole. What is
        part of a category says nothing of its own where the category says the same of the store.
    """
    if PLACEBO_FAILED in back_test["verdict"]:
        edges = edges.clear()
    told = _told(_lasting(edges, back_test))
    valued = told.filter(pl.col("yearly_value_base").is_not_null())
    by_worth = [pl.col("yearly_value_base").abs(), pl.col("metric")]
    claimed = (
        valued.filter("claimed").sort(by_worth, descending=[True, False]).unique(_SEGMENT, keep="first", maintain_order=True)
    )
    claimed = _without_echoes(claimed, claimed)
    around = _around(told, claimed, str(reporting["currency"][0]))
    undecided = _without_echoes(_undecided(valued, claimed, around.largest * WORTH_KNOWING), claimed)
    rows = [_row(row, _move(row, around), around) for row in claimed.iter_rows(named=True)]
    rows.sort(key=lambda row: (-abs(row["yearly_value_base"]), row["id"]))
    of_store = undecided.with_columns(turn=pl.int_range(pl.len()).over("store"))
    explored = of_store.filter(pl.col("turn") < OF_ONE_STORE).head(EXPLORED)
    rows += [_row(row, "explore", around) for row in explored.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=_SCHEMA).with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32))


def _told(edges: pl.DataFrame) -> pl.DataFrame:
    """Of each cell and metric its own part; where its store has no other segment to tell a level by, the cell compared whole."""
    alone = edges.filter(pl.col("reason_if_not_shown") == NO_LEVEL).select(*_CELL)
    whole = edges.filter(pl.col("compared") == LEVEL).join(alone, on=_CELL, how="semi")
    own = edges.filter(pl.col("compared") == OWN_PART).join(whole.select(*_CELL), on=_CELL, how="anti")
    return pl.concat([own, whole])


def _lasting(edges: pl.DataFrame, back_test: pl.DataFrame) -> pl.DataFrame:
    """Values times the share of past effects that lasted, where that is known; and why it is not."""
    shares = [(*key, how, share) for how in (OWN_PART, LEVEL) for key, share in lasting(back_test, how).items()]
    names = {"segment_type": pl.String, "metric": pl.String, "compared": pl.String, "persistence": pl.Float64}
    overall = back_test.filter(pl.col("segment_type") == "all")
    too_short = overall["reason"][0] if overall.height and overall["verdict"][0] == TOO_SHORT else "too few past claims to tell"
    share = pl.col("persistence").fill_null(1.0)
    money = [(pl.col(name).cast(pl.Float64) * share).round(2).cast(pl.Decimal(18, 2)) for name in _PROMISED]
    known = edges.join(pl.DataFrame(shares, schema=names, orient="row"), on=["segment_type", "metric", "compared"], how="left")
    return known.with_columns(*money, untested=pl.when(pl.col("persistence").is_null()).then(pl.lit(too_short)))


def _undecided(valued: pl.DataFrame, claimed: pl.DataFrame, least: float) -> pl.DataFrame:
    """Cells that are as likely as not to be ahead and have the data to be tried, the most worth knowing first.

    Whichever side the best guess is on: where it is just behind, a test that says otherwise is worth as much.
    """
    has_data = pl.col("reason_if_not_shown") == NOT_SURE
    return (
        valued.filter(has_data, pl.col("p_ahead").is_between(*UNDECIDED), pl.col("information").cast(pl.Float64) > least)
        .join(claimed, on=_SEGMENT, how="anti")
        .sort("information", "metric", *_SEGMENT, descending=[True, False, False, False, False])
        .unique(_SEGMENT, keep="first", maintain_order=True)
    )


def _around(told: pl.DataFrame, claimed: pl.DataFrame, currency: str) -> Around:
    ahead = claimed.filter(pl.col("yearly_value_base") > 0).sort("yearly_value_base", "store", descending=[True, False])
    first = ahead.unique(["segment_type", "segment"], keep="first", maintain_order=True)
    leaders = {(row["segment_type"], row["segment"]): (row["store"], row["effect"]) for row in first.iter_rows(named=True)}
    drivers: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for row in told.filter("claimed").sort("lfsr", "metric").iter_rows(named=True):
        drivers.setdefault(tuple(row[name] for name in _SEGMENT), []).append((row["metric"], row["effect"]))
    best: dict[str, list[tuple[str, str]]] = {}
    for row in ahead.iter_rows(named=True):
        best.setdefault(row["store"], []).append((row["segment_type"], row["segment"]))
    largest: float = claimed.select(pl.col("yearly_value_base").cast(pl.Float64).abs().max().fill_null(0.0)).item()
    return Around(leaders, _shares(told), drivers, best, largest, currency)


def _without_echoes(rows: pl.DataFrame, claimed: pl.DataFrame) -> pl.DataFrame:
    """Rows without parts of a category that is claimed of the same store to the same side: they repeat it piece by piece.

    Where the category is not, a price band or a group is left out whose items are claimed.
    """
    side = pl.col("yearly_value_base") > 0
    of_category = claimed.filter(pl.col("segment_type") == "category").select("store", side=side, parent="segment")
    of_items = claimed.filter(pl.col("segment_type") == "item", pl.col("parent").is_not_null()).select(
        "store", "parent", side=side
    )
    sided = rows.with_columns(side=side)
    bands = sided.filter(pl.col("segment_type").is_in(["price_band", "group"]))
    said = pl.concat(
        [
            sided.join(of_category, on=["store", "parent", "side"], how="semi").select(_SEGMENT),
            bands.join(of_items, on=["store", "parent", "side"], how="semi").select(_SEGMENT),
        ]
    )
    return rows.join(said, on=_SEGMENT, how="anti", maintain_order="left")


def _shares(edges: pl.DataFrame) -> dict[tuple[str, ...], float]:
    """Each cell's share of the exposure of all stores compared with it."""
    whole = pl.col("exposure").sum().over("segment_type", "segment", "metric")
    cells = edges.select(*_CELL, share=pl.col("exposure") / whole)
    return {tuple(row[:4]): row[4] for row in cells.iter_rows()}


def _move(row: Row, around: Around) -> str:
    if row["yearly_value_base"] < 0:
        leader, _ = around.leaders.get((row["segment_type"], row["segment"]), ("", 0.0))
        return "concede" if leader not in ("", row["store"]) and row["metric"] in BY_VISITS else "fix"
    small = abs(row["effect"]) < MATERIAL and row["metric"] not in DIFFERENCES
    return "hold" if small or _leads_already(row, around) else "attack"


def _leads_already(row: Row, around: Around) -> bool:
    return around.shares[tuple(row[name] for name in _CELL)] > LEADER_SHARE


def _row(row: Row, move: str, around: Around) -> dict[str, Any]:
    key = "\0".join((row["store"], row["segment_type"], row["segment"], row["metric"], move))
    of_segment = around.drivers.get(tuple(row[name] for name in _SEGMENT), [])
    alike = (one for one in of_segment if (one[1] > 0) == (row["effect"] > 0))
    drivers = tuple(one for one in alike if one[0] in DRIVERS.get(row["metric"], ()))
    told = Told(around.currency, drivers=drivers, leads_already=move == "hold" and _leads_already(row, around))
    if move == "concede":
        leader, by = around.leaders[row["segment_type"], row["segment"]]
        told = replace(told, leader=leader, leads_by=by, own_edges=tuple(around.best.get(row["store"], [])[:OTHER_EDGES]))
    if move == "explore":
        hoped = words.hoped(row)
        told = replace(told, hoped=hoped, trial=words.trial(row, hoped))
    elif move != "hold" and abs(float(row["yearly_value_base"])) >= LARGE * around.largest:
        told = replace(told, trial=words.trial(row, row["effect"]))
    evidence = {name: row[name] for name in _SEEN} | {
        "drivers": [{"metric": metric, "effect": effect} for metric, effect in drivers],
        "trial": dict(zip(("share", "weeks"), told.trial, strict=True)) if told.trial else None,
        "leader": told.leader or None,
    }
    made = {
        "id": hashlib.sha256(key.encode()).hexdigest()[:12],
        "move": move,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "to_do_en": words.to_do(row, move, told, 0),
        "to_do_zh": words.to_do(row, move, told, 1),
        "text_en": words.in_english(row, move, told),
        "text_zh": words.in_chinese(row, move, told),
    }
    return {name: made.get(name, row.get(name)) for name in _SCHEMA}
