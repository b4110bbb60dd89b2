"""Placebos: the same statistics on days in which there can be no edges. What they claim there is error, and counts as such.

Every store, or cell, is first brought to the same overall yield, so that what is left is chance. How real claims fare on later
days belongs to `backtest`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assets.edges.cells import CLAIMED_LFSR, Panels, panel
from assets.edges.compared import Compared
from assets.edges.estimate import estimate
from assets.edges.metrics import Family, Metric
from assets.edges.panel import DAYS_PER_BLOCK, Floats, Grid, Ints, Panel

ALLOWED = 0.5 / 1000.0  # claims a cell
BEYOND_CHANCE = 0.005  # a placebo fails where so many claims are less likely than this at the rate allowed
SEED = 20
Cell = tuple[str, int, int, int]  # segment type, turn, store, segment


@dataclass(frozen=True)
class Found:
    """What a placebo claimed of one metric: the cells tested, and those claimed."""

    tested: tuple[Cell, ...]
    claimed: tuple[Cell, ...]

    @property
    def rate(self) -> float | None:
        """Claims per 1,000 cells; None where none could be tested."""
        return 1000.0 * len(self.claimed) / len(self.tested) if self.tested else None


def together(found: Iterable[Found]) -> Found:
    """Several metrics' placebos: a cell claimed in two metrics that share their counts errs once."""
    parts = list(found)
    tested = sorted({cell for part in parts for cell in part.tested})
    return Found(tuple(tested), tuple(sorted({cell for part in parts for cell in part.claimed})))


def fails(found: Found) -> bool:
    """Whether more is claimed than chance allows, at the rate of error allowed."""
    return at_least(len(found.claimed), ALLOWED * len(found.tested)) < BEYOND_CHANCE


def at_least(seen: int, expected: float) -> float:
    """The probability of so many rare events, or more, where so many are expected (Poisson)."""
    terms = np.cumprod([1.0, *(expected / k for k in range(1, max(seen, 1)))])
    return 1.0 - float(np.exp(-expected) * terms[:seen].sum())


def labels_permuted(panels: Panels, compared: Compared, turn: int = 0) -> Found:
    """Placebo A: in every segment and week the stores' names are dealt out anew, in another way each turn."""
    grid = panels.grid
    present = np.bincount(grid.row_slot, minlength=grid.cells * grid.blocks) > 0
    slots = np.flatnonzero(present)
    cell, week = np.divmod(slots, grid.blocks)
    rng = np.random.default_rng([SEED, turn])
    in_order = np.lexsort((grid.store[cell], week, grid.segment[cell]))
    shuffled = np.lexsort((rng.random(len(slots)), week, grid.segment[cell]))
    dealt = np.zeros(len(present), np.int64)
    dealt[slots[in_order]] = grid.store[cell[shuffled]]
    return _claims(panels, compared, dealt[grid.row_slot], grid.store, (turn, 1))


def weeks_parted(panels: Panels, compared: Compared) -> Found:
    """Placebo B: each store's odd and even weeks as two stores. A pair of cells errs where one of the two is claimed."""
    grid = panels.grid
    parted = 2 * grid.store[grid.row_cell] + grid.row_day // DAYS_PER_BLOCK % 2
    return _claims(panels, compared, parted, np.arange(grid.cells), (0, 2))


def _claims(panels: Panels, compared: Compared, store: Ints, level: Ints, told: tuple[int, int]) -> Found:
    """What is claimed where rows belong to other stores.

    Args:
        panels: the days as they are.
        compared: the metric.
        store: (rows,) whose each row is now.
        level: (cells,) the groups of cells that are first brought to the same overall yield.
        told: number of the turn, and how many of the new stores make up one.
    """
    old, sums = panels.grid, panels.sums
    grid = Grid.of(store, old.segment[old.row_cell], old.row_day)

    def moved(before: Panel, metric: Metric) -> Panel:
        if metric.family is Family.DIFFERENCE:
            return panel(grid, sums | {metric.numerator: before.y - _share_apart(before, level)[old.row_cell] * before.x}, metric)
        return panel(grid, sums, metric, before.x * _yield(before, level)[old.row_cell])

    factors = [(moved(part, metric), metric) for part, metric in panels.factors]
    made = estimate(moved(panels.whole, compared.metric), compared.metric, factors=factors, centred=True, intervals=False)
    turn, parts = told
    cells = [
        (compared.segment_type, turn, int(one), int(other)) for one, other in zip(made.store // parts, made.segment, strict=True)
    ]
    tested, claimed = ~made.thin, made.lfsr <= CLAIMED_LFSR
    return Found(*(tuple(sorted({cells[i] for i in np.flatnonzero(which)})) for which in (tested, claimed)))


def _yield(panel: Panel, group: Ints) -> Floats:
    """(cells,) what a unit of exposure yields in the cell's group, over what it yields overall."""
    x, y = (np.bincount(group, panel.grid.by_cell(rows)) for rows in (panel.x, panel.y))
    expected = x * (y.sum() / max(x.sum(), 1e-300))
    return np.asarray(np.divide(y, expected, out=np.zeros_like(y), where=expected > 0.0)[group])


def _share_apart(panel: Panel, group: Ints) -> Floats:
    """(cells,) how far the share of the cell's group lies from that of all."""
    x, y = (np.bincount(group, panel.grid.by_cell(rows)) for rows in (panel.x, panel.y))
    share = np.divide(y, x, out=np.zeros_like(y), where=x > 0.0) - y.sum() / max(x.sum(), 1e-300)
    return np.asarray(share[group])
