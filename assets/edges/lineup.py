"""Tian Ji's race: which store should lead each segment, and which give way, so that the whole group gains most.

A store's best is sent where it beats the others by most, not where it is merely good. What an edge is and how sure it is belongs
to `cells`; one store's own list to `recommend`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtr

from assets.edges.backtest import lasting
from assets.edges.cells import ENOUGH_DATA, OWN_PART
from assets.edges.panel import Bools, Floats, Ints

MOVABLE = 0.10  # of a store's traffic in a segment can be moved elsewhere
TIMES_EVEN = 2.0  # a store leads at most so many times its even share of the contested segments
BEATEN = 0.90  # probability of being behind the leader from which a store gives way
TIE = 1e-9  # of the largest value: what decides between equals, for the store that comes first
RACED_IN = {
    "category": ("sales_per_visit", "basket"),
    "item": ("conversion", "basket"),
    "channel": ("conversion",),
}  # the metric stores race in: the first in which two have data enough
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "segment_type": pl.String, "segment": pl.String, "metric": pl.String, "store": pl.String, "move": pl.String,
    "leader": pl.String, "runner_up": pl.String, "win_probability": pl.Float64, "effect": pl.Float64,
    "expected_value_base": pl.Decimal(38, 2), "conceded_base": pl.Decimal(38, 2), "reason": pl.String,
}  # fmt: skip
NOBODY = -1


@dataclass(frozen=True)
class Race:
    """The stores of one segment: (stores,) each.

    Attributes:
        segment: its name.
        metric: what they race in.
        store: names.
        known: whether there is data enough.
        ahead: whether an edge in its favour is claimed.
        effect: log ratio to the typical peer.
        sd: its posterior standard deviation.
        peers: stores it was compared with.
        gain: E(exp(effect) - 1).
        at_peer: what the typical peer would earn a year in its place.
    """

    segment: str
    metric: str
    store: list[str]
    known: Bools
    ahead: Bools
    effect: Floats
    sd: Floats
    peers: Floats
    gain: Floats
    at_peer: Floats

    def beats(self) -> Floats:
        """(stores, stores) the probability that the one is truly ahead of the other; 1/2 of itself.

        Each of two stores is part of what the other is compared with, so their difference is a little less sure than their two
        posteriors alone would have it.
        """
        own = 1.0 + 1.0 / np.maximum(self.peers, 1.0)
        variance = self.sd**2 * own
        spread = np.sqrt(variance[:, None] + variance)
        apart = self.effect[:, None] - self.effect
        sure = np.where(apart > 0.0, np.inf, np.where(apart < 0.0, -np.inf, 0.0))
        unsure = np.divide(apart, spread, out=sure, where=spread > 0.0)
        return np.asarray(ndtr(unsure))

    def gives_way(self) -> Bools:
        """(leaders, stores) whether the store gives way where the other leads."""
        return np.asarray(self.known & (self.beats() >= BEATEN))

    def moved(self) -> Floats:
        """(leaders, stores) what the group gains a year by moving what can be moved of the one's traffic to the other."""
        return np.where(self.gives_way(), MOVABLE * self.at_peer * (self.gain[:, None] - self.gain), 0.0)


def lineup(edges: pl.DataFrame, back_test: pl.DataFrame) -> pl.DataFrame:
    """Who leads each segment that several stores contest, who gives way, and what that is worth.

    Args:
        edges: the table of edges; stores race by their own parts, in which platforms are comparable.
        back_test: what share of past effects lasted.

    Returns:
        One row per segment and store. A store leads only on a claimed edge; where none is claimed all are `even`.
    """
    lasted = lasting(back_test)
    rows: list[dict[str, Any]] = []
    for segment_type in RACED_IN:
        races = _races(edges.filter(pl.col("segment_type") == segment_type, pl.col("compared") == OWN_PART), segment_type)
        stores = sorted({name for race in races for name in race.store})
        leads = assign(_worth(races, stores), capacity(len(races), len(stores)))
        for race, lead in zip(races, leads, strict=True):
            name = stores[lead] if lead != NOBODY else None
            share = lasted.get((segment_type, race.metric), 1.0)
            rows += [{"segment_type": segment_type, **row} for row in _rows(race, name, share)]
    return pl.DataFrame(rows, schema=SCHEMA).sort("segment_type", "segment", "store")


def capacity(segments: int, stores: int) -> int:
    """How many segments one store may lead: twice its even share, and one at least."""
    return max(int(np.ceil(TIMES_EVEN * segments / max(stores, 1))), 1)


def assign(worth: Floats, capacity: int) -> Ints:
    """Which store leads each segment so that the sum is largest, and no store leads more than it can.

    Args:
        worth: (segments, stores) what the store's lead is worth; nobody leads where it is not above 0.
        capacity: segments a store can lead.

    Returns:
        (segments,) the store's index, or -1. Of equals the one that comes first leads.
    """
    segments, stores = worth.shape
    if not worth.size or worth.max(initial=0.0) <= 0.0:
        return np.full(segments, NOBODY)
    first = worth.max() * TIE / stores * np.arange(stores, 0, -1)
    value = np.where(worth > 0.0, worth + first, 0.0)
    best = np.where(value.max(axis=1) > 0.0, value.argmax(axis=1), NOBODY)
    if np.bincount(best[best != NOBODY], minlength=stores).max() <= capacity:
        return best
    wanted = np.minimum((value > 0.0).sum(axis=0), capacity)  # more replicas than segments would never be used
    seat = np.repeat(np.arange(stores), wanted)
    row, column = linear_sum_assignment(value[:, seat], maximize=True)
    lead = np.full(segments, NOBODY)
    lead[row] = np.where(value[row, seat[column]] > 0.0, seat[column], NOBODY)
    return lead


def _races(rows: pl.DataFrame, segment_type: str) -> list[Race]:
    """The segments at least two stores have data enough for, in the first metric in which they have."""
    known = pl.col("claimed") | pl.col("reason_if_not_shown").is_in(ENOUGH_DATA)
    rows = rows.with_columns(known=known, gain=_gain()).sort("segment", "metric", "store")
    contested = rows.filter(pl.col("known").sum().over("segment", "metric") > 1)
    races: dict[str, Race] = {}
    for metric in reversed(RACED_IN[segment_type]):
        for (segment,), part in contested.filter(pl.col("metric") == metric).group_by("segment", maintain_order=True):
            races[str(segment)] = _race(str(segment), metric, part)
    return [races[segment] for segment in sorted(races)]


def _gain() -> pl.Expr:
    """E(exp(effect) - 1): a share of what the typical peer would earn; of a cell that earns nothing, by its effect alone."""
    share = pl.col("yearly_value_base").cast(pl.Float64) / pl.col("at_peer_base").cast(pl.Float64)
    return pl.when(pl.col("at_peer_base") > 0).then(share).otherwise((pl.col("effect") + pl.col("sd") ** 2 / 2).exp() - 1)


def _race(segment: str, metric: str, part: pl.DataFrame) -> Race:
    def floats(name: str) -> Floats:
        return part[name].cast(pl.Float64).fill_null(0.0).to_numpy()

    ahead = part["claimed"].to_numpy() & (floats("effect") > 0.0)
    told = (floats(name) for name in ("effect", "sd", "peers", "gain", "at_peer_base"))
    return Race(segment, metric, part["store"].to_list(), part["known"].to_numpy(), ahead, *told)


def _worth(races: list[Race], stores: list[str]) -> Floats:
    """(races, stores) what the group gains where the store leads; nothing for a store without a claimed edge there."""
    place = {store: index for index, store in enumerate(stores)}
    worth = np.zeros((len(races), len(stores)))
    for number, race in enumerate(races):
        worth[number, [place[store] for store in race.store]] = np.where(race.ahead, race.moved().sum(axis=1), 0.0)
    return worth


def _rows(race: Race, leader: str | None, lasted: float) -> Iterable[dict[str, Any]]:
    if leader is None:
        yield from _even(race)
        return
    lead = race.store.index(leader)
    beats, way, moved = race.beats(), race.gives_way()[lead], race.moved()[lead] * lasted
    given_up = np.where(way, MOVABLE * race.at_peer * (1.0 + race.gain), 0.0)
    second = _best_other(race, lead)
    for number, store in enumerate(race.store):
        told = {"segment": race.segment, "metric": race.metric, "store": store, "effect": float(race.effect[number])}
        if number == lead:
            yield told | {
                "move": "lead",
                "leader": leader,
                "runner_up": race.store[second],
                "win_probability": float(beats[lead, second]),
                "expected_value_base": _money(moved.sum()),
                "conceded_base": _money(given_up.sum()),
                "reason": None,
            }
            continue
        thin = None if race.known[number] else "too little data of its own"
        yield told | {
            "move": "concede" if way[number] else "hold",
            "leader": leader,
            "runner_up": race.store[second],
            "win_probability": float(beats[number, lead]) if race.known[number] else None,
            "expected_value_base": _money(moved[number]) if way[number] else None,
            "conceded_base": _money(given_up[number]) if way[number] else None,
            "reason": None if way[number] else thin or "not surely behind the leader",
        }


def _even(race: Race) -> Iterable[dict[str, Any]]:
    beats, claimed = race.beats(), bool(race.ahead.any())
    reason = "whoever is ahead leads enough, or nobody is surely behind" if claimed else "nobody stands out"
    for number, store in enumerate(race.store):
        second = _best_other(race, number)
        yield {
            "segment": race.segment,
            "metric": race.metric,
            "store": store,
            "effect": float(race.effect[number]),
            "move": "even",
            "win_probability": float(beats[number, second]) if race.known[number] else None,
            "reason": reason if race.known[number] else "too little data of its own",
        }


def _best_other(race: Race, but: int) -> int:
    """The best of the others with data enough; of equals the first."""
    effect = np.where(race.known, race.effect, -np.inf)
    effect[but] = -np.inf
    return int(effect.argmax())


def _money(value: float) -> float:
    return round(float(value), 2)
