"""What is believed of each cell's effect after its own data: a Poisson log-normal likelihood under a mixture of normals.

What a mixture tells (moments, tails, intervals) belongs to `mixture`; what is believed beforehand, to `prior`.
"""

import numpy as np
from scipy.optimize import minimize

from assets.edges.mixture import Mixture
from assets.edges.panel import Bools, Floats

NEWTON_STEPS = 8  # to the mode of a log-concave function, from a point close by
LONGEST_STEP = 1.0
SOLVER_STEPS = 200
PRECISION = 1e-12
LEAST_WEIGHT = 1e-9  # of a component: its logarithm is taken
LEAST_RHO = 1e-6  # it is divided by
LEAST_FIT = 1.0  # expected events a cell needs to tell of the spread of edges
MOST_FIT = 30_000  # cells, and no more are needed
CHUNK = 8_192  # cells at a time: what fits a processor's cache
NOISE_NODES = np.sqrt(3.0) * np.array([0.0, 1.0, -1.0])  # Gauss-Hermite, of a standard normal
NOISE_WEIGHTS = np.array([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0])


def posterior(
    observed: Floats, expected: Floats, rho: Floats, doubt: Floats, centre: Floats, variance: Floats, penalty: float
) -> Mixture:
    """Each cell's posterior.

    Laplace's approximation for every component of the prior and every node of the uncertain noise; the prior's weights by
    maximum likelihood with a penalty for the null (Stephens 2017).

    Args:
        observed: (cells,) events.
        expected: (cells,) events at the typical peer.
        rho: (cells,) squared relative noise beyond independent events.
        doubt: (cells,) standard deviation of the log of rho.
        centre: (cells,) prior mean.
        variance: (cells, components) prior variances; 0 is an atom at the prior mean.
        penalty: pseudo cells at the first component.
    """
    cells, components = variance.shape
    nodes = len(NOISE_NODES)
    mean = np.empty((cells, components, nodes))
    spread = np.empty_like(mean)
    log = np.empty_like(mean)
    for start in range(0, cells, CHUNK):
        part = slice(start, start + CHUNK)
        mean[part], spread[part], log[part] = _laplace(
            observed[part, None, None],
            expected[part, None, None],
            np.maximum(rho[part, None, None] * np.exp(doubt[part, None, None] * NOISE_NODES), LEAST_RHO),
            centre[part, None, None],
            variance[part, :, None],
        )
    likelihood = np.exp(log - log.max(axis=(1, 2), keepdims=True)) * NOISE_WEIGHTS
    mix = mixture_weights(likelihood.sum(axis=2)[_best_known(expected)], penalty)
    weight = likelihood * mix[:, None]
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    flat = (cells, components * nodes)
    return Mixture(weight.reshape(flat), mean.reshape(flat), spread.reshape(flat))


def _best_known(expected: Floats) -> Bools:
    """(cells,) the cells that tell of the spread of edges: all with an event expected, and of very many the largest."""
    if len(expected) <= MOST_FIT:
        return np.asarray(expected >= LEAST_FIT)
    return np.asarray(expected >= max(LEAST_FIT, float(np.partition(expected, -MOST_FIT)[-MOST_FIT])))


def _laplace(observed: Floats, expected: Floats, rho: Floats, centre: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of the effect, and the log marginal likelihood, under a normal prior and normal noise on the log scale.

    The log rate is effect + noise. Its mode under the Poisson likelihood is found by Newton's steps; given the log rate, the
    effect is normal. The part of the log likelihood that holds the counts alone is left out.
    """
    whole = variance + rho
    precision = 1.0 / whole
    seen = np.log((observed + 0.5) / (expected + 0.5))
    rate = centre + whole / (whole + 1.0 / (expected + 0.5)) * (seen - centre)
    for _ in range(NEWTON_STEPS):
        events = expected * np.exp(rate)
        step = (observed - events - (rate - centre) * precision) / (events + precision)
        rate = rate + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
    events = expected * np.exp(rate)
    log = observed * rate - events - 0.5 * (rate - centre) ** 2 * precision - 0.5 * np.log1p(events * whole)
    share = variance * precision
    rate = rate - 0.5 * events / (events + precision) ** 2  # from the mode to the mean, to second order
    return centre + share * (rate - centre), share * rho + share**2 / (events + precision), log


def mixture_weights(likelihood: Floats, penalty: float) -> Floats:
    """(components,) weights that make the cells likeliest, with a penalty for the null, which is the first component.

    Penalised maximum likelihood over the simplex, a convex problem. It is solved to the end: where cells are sparse the
    likelihood is flat, and EM stops far from the top, with too little at the null (Kim, Carbonetto, Stephens & Anitescu 2020).

    Args:
        likelihood: (cells, components) marginal likelihoods, in any unit by cell.
        penalty: pseudo cells at the null.
    """
    cells, components = likelihood.shape
    null = np.eye(1, components)[0] * penalty
    count = max(cells + penalty, 1.0)

    def loss(mix: Floats) -> tuple[float, Floats]:
        density = likelihood @ mix
        gradient = 1.0 - (likelihood.T @ (1.0 / density) + null / mix) / count
        return float(mix.sum() - (np.log(density).sum() + penalty * np.log(mix[0])) / count), gradient

    start = np.full(components, 1.0 / components)
    bounds = [(LEAST_WEIGHT, 1.0)] * components
    found = minimize(loss, start, jac=True, method="SLSQP", bounds=bounds, options={"maxiter": SOLVER_STEPS, "ftol": PRECISION})
    mix = np.clip(found.x, LEAST_WEIGHT, 1.0)
    return np.asarray(mix / mix.sum())
