"""How what was told of cells on earlier days fared on later ones: three forecasts, signs, and the share that lasted.

How days are split, and what is told on them, belongs to `backtest`.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.special import ndtr

from assets.edges import placebo
from assets.edges.panel import Floats

FLOOR2 = 0.05**2  # squared error no look at later days is taken to be below
HELD = 0.75  # of the folds, in each of which a condition must hold
ORDER_SLACK = 0.01  # a rank correlation may be so far below that of raw ratios, or its own standard error
BY_CHANCE = 0.01  # so many signs that do not come again would be less likely than this
TOP = 50  # claims, by promised value
PAIRS = {
    "fold": pl.Int64, "effect": pl.Float64, "sd": pl.Float64, "raw": pl.Float64, "raw_error": pl.Float64,
    "spread2": pl.Float64, "claimed": pl.Boolean, "later": pl.Float64, "error": pl.Float64, "promised": pl.Float64,
    "realised": pl.Float64,
}  # fmt: skip


def forecasts(pairs: pl.DataFrame) -> dict[str, float]:
    """How far three forecasts of what came were off: the effect, the raw ratio, and no difference at all."""
    later, error2 = floats(pairs, "later"), floats(pairs, "error") ** 2
    effect, raw = floats(pairs, "effect"), floats(pairs, "raw")
    weight = 1.0 / (error2 + FLOOR2)
    guesses = {
        "edge": (effect, floats(pairs, "sd") ** 2),
        "raw": (raw, floats(pairs, "raw_error") ** 2),
        "mean": (np.zeros_like(effect), floats(pairs, "spread2")),
    }
    told = {}
    for name, (guess, variance) in guesses.items():
        whole = variance + error2
        told[f"rmse_{name}"] = float(np.sqrt(np.average((later - guess) ** 2, weights=weight)))
        told[f"score_{name}"] = float(np.mean(-0.5 * np.log(2.0 * np.pi * whole) - 0.5 * (later - guess) ** 2 / whole))
    return told | {"order_edge": _correlation(effect, later), "order_raw": _correlation(raw, later)}


def broken(pairs: pl.DataFrame) -> list[str]:
    """The conditions on forecasts that fail over all folds together, or in more than a quarter of those with claims."""
    parts = [part for _, part in pairs.group_by("fold", maintain_order=True) if part["claimed"].any()]
    whole, told = forecasts(pairs), [(forecasts(part), part.height) for part in parts]
    return [
        why
        for why, holds in CONDITIONS.items()
        if not holds(whole, pairs.height) or sum(holds(*one) for one in told) < HELD * len(told)
    ]


def _comes_closer(told: Mapping[str, float], _: int) -> bool:
    return told["rmse_edge"] < min(told["rmse_raw"], told["rmse_mean"])


def _is_likelier(told: Mapping[str, float], _: int) -> bool:
    return told["score_edge"] > max(told["score_raw"], told["score_mean"])


def _orders_as_well(told: Mapping[str, float], cells: int) -> bool:
    return told["order_edge"] >= told["order_raw"] - max(ORDER_SLACK, 1.0 / float(np.sqrt(cells)))


CONDITIONS = {
    "raw ratios or no difference at all come closer": _comes_closer,
    "raw ratios or no difference at all are likelier": _is_likelier,
    "raw ratios order cells better": _orders_as_well,
}


def of_claims(claims: pl.DataFrame) -> dict[str, float | None]:
    """How claims held: their signs, the share of them that lasted, and what was promised over what came."""
    share, error = share_lasting(floats(claims, "effect"), claims)
    best = claims.filter(pl.col("promised") > 0.0).sort("promised", descending=True).head(TOP)
    promised, realised = float(best["promised"].sum()), float(best["realised"].sum())
    held, expected = _signs(claims)
    return {
        "signs_held": held,
        "signs_expected": expected,
        "persistence": share,
        "persistence_error": error,
        "promised_over_realised": promised / realised if promised > 0.0 and realised > 0.0 else None,
    }


def _signs(claims: pl.DataFrame) -> tuple[float, float]:
    """The share of claims whose sign came again, and what is to be expected: later days are noisy too."""
    effect, later = floats(claims, "effect"), floats(claims, "later")
    spread = np.sqrt(floats(claims, "sd") ** 2 + floats(claims, "error") ** 2)
    return float(np.mean(np.sign(effect) == np.sign(later))), float(np.mean(ndtr(np.abs(effect) / spread)))


def signs_hold(claims: pl.DataFrame) -> bool:
    """Whether no more signs were lost than chance allows."""
    held, expected = _signs(claims)
    lost = round((1.0 - held) * claims.height)
    return lost == 0 or placebo.at_least(lost, (1.0 - expected) * claims.height) >= BY_CHANCE


def share_lasting(told: Floats, pairs: pl.DataFrame) -> tuple[float, float]:
    """The share of what was told that came, by weighted least squares through the origin, and its standard error."""
    error2 = floats(pairs, "error") ** 2
    weight = 1.0 / (error2 + FLOOR2)
    below = max(float((weight * told**2).sum()), 1e-300)
    share = float((weight * told * floats(pairs, "later")).sum()) / below
    variance = (weight * told) ** 2 * (error2 + floats(pairs, "sd") ** 2)
    return share, float(np.sqrt(variance.sum())) / below


def _correlation(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation; 0 where either is all alike."""
    ranks = [pl.Series(values).rank().to_numpy() - (len(values) + 1) / 2.0 for values in (one, other)]
    scale = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / scale if scale > 0.0 else 0.0


def floats(pairs: pl.DataFrame, name: str) -> Floats:
    """A column as numbers."""
    return pairs[name].to_numpy().astype(np.float64)
