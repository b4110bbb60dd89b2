"""Which edges are told, and in which order: certification of a list and the headline order.

All here works on columns of any length: one metric's cells, or all metrics' together. Estimation belongs elsewhere.
"""

import numpy as np

from assets.edges.panel import Bools, Floats, Ints

ERROR_SHARE = 0.05  # of a list's signs may be expected to be wrong
ROW_ERROR = 0.20  # the most a single row of it may risk


def s_values(lfsr: Floats) -> Floats:
    """(rows,) expected share of wrong signs in the list of all rows at least as sure (Stephens 2017)."""
    order = np.argsort(lfsr, kind="stable")
    values = np.empty_like(lfsr)
    values[order] = np.cumsum(lfsr[order]) / np.arange(1, len(lfsr) + 1)
    return values


def certified(lfsr: Floats) -> Bools:
    """(rows,) the largest list of surest rows of which at most `ERROR_SHARE` are expected to have the wrong sign."""
    return np.asarray((s_values(lfsr) <= ERROR_SHARE) & (lfsr <= ROW_ERROR))


def headline_rank(value: Floats, listed: Bools) -> Ints:
    """(rows,) 1 for the first: certified favourable rows by yearly value, then all others by yearly value."""
    order = np.lexsort((-value, ~(listed & (value > 0.0))))
    rank = np.empty(len(value), np.int64)
    rank[order] = np.arange(1, len(value) + 1)
    return rank
