"""Tian Ji's race: which store should lead each segment, and which give way, so that the whole group gains most.

A store's best is sent where it beats the others by most, not where it is merely good. Stores are assigned on what is believed of
all of them, and each lead says how sure it is. What an edge is belongs to `cells`; one store's own list to `recommend`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtr

from assets.edges.backtest import lasting
from assets.edges.cells import ENOUGH_DATA, NOT_HELD, PLACEBO_FAILED
from assets.edges.compared import OWN_PART
from assets.edges.estimate import FEW_EVENTS
from assets.edges.panel import Bools, Floats, Ints

MOVABLE = 0.10  # of a store's traffic in a segment can be moved elsewhere
TIMES_EVEN = 2.0  # a store leads at most so many times its even share of the contested segments
BEATEN = 0.90  # probability of being behind the leader from which a store gives way for good
LEAST_EDGE = 0.01  # expected over the typical peer: with less nobody is made a leader
TIE = 1e-9  # of the largest value: what decides between equals, for the store that comes first
RACED_IN = {
    "category": ("sales_per_visit", "basket"),
    "item": ("conversion", "basket"),
    "channel": ("conversion",),
}  # the metric stores race in: the first in which two can be compared
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "segment_type": pl.String, "segment": pl.String, "metric": pl.String, "store": pl.String, "move": pl.String,
    "claimed": pl.Boolean, "leader": pl.String, "runner_up": pl.String, "win_probability": pl.Float64, "effect": pl.Float64,
    "expected_value_base": pl.Decimal(18, 2), "conceded_base": pl.Decimal(18, 2), "reason": pl.String,
}  # fmt: skip
NOBODY = -1
TOO_LITTLE = "too little data of its own"


@dataclass(frozen=True)
class Race:
    """The stores of one segment: (stores,) each.

    Attributes:
        segment: its name.
        metric: what they race in.
        store: names.
        known: whether it can be compared at all.
        claimed: whether its edge is claimed.
        withheld: why the back-test lets nothing be told of it; empty where it does not say so.
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
    claimed: Bools
    withheld: list[str]
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

    def may_lead(self) -> Bools:
        """(stores,) whether a lead is expected to be worth anything, and may be told."""
        return np.asarray(self.known & (self.gain >= LEAST_EDGE) & np.array([not why for why in self.withheld]))

    def behind(self) -> Bools:
        """(leaders, stores) whether the store is expected to be behind where the other leads: what it can move gains there."""
        return np.asarray(self.known[:, None] & self.known & (self.gain[:, None] > self.gain))

    def moved(self) -> Floats:
        """(leaders, stores) what the group gains a year by moving what can be moved of the one's traffic to the other."""
        return np.where(self.behind(), MOVABLE * self.at_peer * (self.gain[:, None] - self.gain), 0.0)


def lineup(edges: pl.DataFrame, back_test: pl.DataFrame) -> pl.DataFrame:
    """Who leads each segment that several stores contest, who gives way, and what that is worth.

    Args:
        edges: the table of edges; stores race by their own parts, in which platforms are comparable.
        back_test: what share of past effects lasted.

    Returns:
        One row per segment and store. Who leads is the assignment of the highest expected value; `lead` where its edge is
        claimed, else `lean`, to be tried with a part of the traffic. Where nobody is expected to be ahead all are `even`.
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
    """The segments in which at least two stores can be compared, in the first metric in which they can.

    Few events make an effect less sure, and its mean smaller; they do not make it incomparable.
    """
    why = pl.col("reason_if_not_shown")
    known = pl.col("claimed") | why.is_in(ENOUGH_DATA) | why.str.contains(FEW_EVENTS, literal=True)
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

    withheld = part["reason_if_not_shown"].replace_strict({why: why for why in (PLACEBO_FAILED, NOT_HELD)}, default="")
    told = (floats(name) for name in ("effect", "sd", "peers", "gain", "at_peer_base"))
    sure = (part["known"].to_numpy(), part["claimed"].to_numpy(), withheld.fill_null("").to_list())
    return Race(segment, metric, part["store"].to_list(), *sure, *told)


def _worth(races: list[Race], stores: list[str]) -> Floats:
    """(races, stores) what the group is expected to gain where the store leads; nothing for a store that may not."""
    place = {store: index for index, store in enumerate(stores)}
    worth = np.zeros((len(races), len(stores)))
    for number, race in enumerate(races):
        worth[number, [place[store] for store in race.store]] = np.where(race.may_lead(), race.moved().sum(axis=1), 0.0)
    return worth


def _rows(race: Race, leader: str | None, lasted: float) -> Iterable[dict[str, Any]]:
    if leader is None:
        yield from _even(race)
        return
    lead = race.store.index(leader)
    beats, moves, moved = race.beats(), race.behind()[lead], race.moved()[lead] * lasted
    given_up = np.where(moves, MOVABLE * race.at_peer * (1.0 + race.gain), 0.0)
    second = race.store[_best_other(race, lead)]
    for number in range(len(race.store)):
        told = _told(race, number) | {"leader": leader, "runner_up": second}
        if number == lead:
            yield told | {
                "move": "lead" if race.claimed[lead] else "lean",
                "win_probability": float(beats[lead, _best_other(race, lead)]),
                "expected_value_base": _money(moved.sum()),
                "conceded_base": _money(given_up.sum()),
                "reason": None if race.claimed[lead] else "not sure enough: try it with a part of the traffic first",
            }
        elif moves[number]:
            surely = beats[lead, number] >= BEATEN
            yield told | {
                "move": "concede" if surely else "lend",
                "win_probability": float(beats[number, lead]),
                "expected_value_base": _money(moved[number]),
                "conceded_base": _money(given_up[number]),
                "reason": None if surely else "not surely behind the leader: lend a part of the traffic for a trial",
            }
        else:
            yield told | {
                "move": "hold",
                "win_probability": float(beats[number, lead]) if race.known[number] else None,
                "reason": "not behind the leader" if race.known[number] else TOO_LITTLE,
            }


def _told(race: Race, number: int) -> dict[str, Any]:
    about = {"segment": race.segment, "metric": race.metric, "store": race.store[number]}
    return about | {"effect": float(race.effect[number]), "claimed": bool(race.claimed[number])}


def _even(race: Race) -> Iterable[dict[str, Any]]:
    beats = race.beats()
    reason = "whoever is ahead leads enough elsewhere" if race.may_lead().any() else "nobody stands out"
    for number in range(len(race.store)):
        known = race.known[number]
        yield _told(race, number) | {
            "move": "even",
            "win_probability": float(beats[number, _best_other(race, number)]) if known else None,
            "reason": (race.withheld[number] or reason) if known else TOO_LITTLE,
        }


def _best_other(race: Race, but: int) -> int:
    """The best of the others that can be compared; of equals the first."""
    effect = np.where(race.known, race.effect, -np.inf)
    effect[but] = -np.inf
    return int(effect.argmax())


def _money(value: float) -> float:
    return round(float(value), 2)
