"""Each piece of the statistics against a slow, plain reckoning of the same thing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import world
from scipy.stats import norm, poisson

from assets.edges import ranking
from assets.edges.baseline import DAY_PRIOR, LARGEST_SHARE, WEEK_PRIOR, standardise
from assets.edges.belief import MEDIAN_LOSS, _median_doubt, _median_of_others
from assets.edges.metrics import AOV, CONVERSION, RPV
from assets.edges.mixture import Mixture
from assets.edges.noise import _telling, _Weeks, concentration, noise, shared
from assets.edges.panel import Floats, Grid, Panel
from assets.edges.posterior import mixture_weights, posterior

SOME = settings(max_examples=50)


def test_the_baseline_leaves_the_cell_itself_out() -> None:
    rows = world(3, stores=5, segments=3, days=40, edges={(0, 0): 0.8})
    made, grid = standardise(rows.panel(), CONVERSION), rows.grid()
    x, y = np.zeros((5, 3, 40)), np.zeros((5, 3, 40))
    x[rows.store, rows.segment, rows.day], y[rows.store, rows.segment, rows.day] = rows.visitors, rows.orders
    weight = np.minimum(1.0, LARGEST_SHARE * x.sum((0, 2))[None] / x.sum(2))[:, :, None]
    rate = (weight * y).sum((0, 2)) / (weight * x).sum((0, 2))
    expected = x * rate[None, :, None]
    expected = expected * ((weight * y).sum((0, 1)) + DAY_PRIOR) / ((weight * expected).sum((0, 1)) + DAY_PRIOR)
    weeks = np.minimum(np.arange(40) // 7, 4)
    for cell, (store, segment) in enumerate(zip(grid.store, grid.segment, strict=True)):
        own = np.array([expected[store, segment, weeks == b].sum() for b in range(5)])
        others = [s for s in range(5) if s != store]
        seen = np.array([sum((weight * y)[s, segment, weeks == b].sum() for s in others) for b in range(5)])
        awaited = np.array([sum((weight * expected)[s, segment, weeks == b].sum() for s in others) for b in range(5)])
        shaped = own * (seen + WEEK_PRIOR) / (awaited + WEEK_PRIOR)
        np.testing.assert_allclose(made.expected[cell], shaped * own.sum() / shaped.sum())
        np.testing.assert_allclose(made.observed[cell], [y[store, segment, weeks == b].sum() for b in range(5)])


def test_money_is_counted_in_independent_events() -> None:
    rows = world(5)
    orders, value = standardise(rows.panel(AOV), AOV), standardise(rows.panel(RPV), RPV)
    moments = rows.panel(AOV).moments
    assert moments is not None
    count, total, squares = (m.sum() for m in (moments.count, moments.total, moments.squares))
    assert orders.unit.mean() == pytest.approx((squares / count - (total / count) ** 2) / (total / count), rel=0.01)
    assert value.unit.mean() == pytest.approx(squares / total, rel=0.01)
    with pytest.raises(ValueError, match="moments"):
        standardise(Panel(rows.grid(), rows.orders, rows.revenue), AOV)


def test_moments_of_weekly_residuals_are_what_two_loops_say() -> None:
    rows = world(7, stores=4, segments=3, days=63)
    made = standardise(rows.panel(), CONVERSION)
    told = _Weeks.of(made, _telling(made))
    rho = np.array([0.05, 0.03, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    cells, blocks = told.fitted.shape
    above, below = told.by_lag(rho, 3)
    weekly = told.by_week(rho)
    for lag in range(3):
        slow = np.zeros((2, cells, blocks - lag))
        for c in range(cells):
            mu, e, r, phi = told.fitted[c], told.share[c], told.residual[c], told.phi[c, 0]
            model = np.array(
                [
                    [rho[abs(a - b)] * mu[a] * mu[b] + (phi * mu[a] if a == b else 0.0) for b in range(blocks)]
                    for a in range(blocks)
                ]
            )
            for b in range(blocks - lag):
                d = b + lag
                bias = -e[d] * model[b].sum() - e[b] * model[d].sum() + e[b] * e[d] * model.sum()
                weight = 1.0 / ((phi + rho[0] * mu[b]) * (phi + rho[0] * mu[d]))
                counted = r[b] * r[d] - bias - (phi * mu[b] if lag == 0 else 0.0)
                reference = np.sqrt((1.0 + made.reference[c, b]) * (1.0 + made.reference[c, d]))
                slow[:, c, b] = weight * counted, weight * mu[b] * mu[d] * reference
        assert (above[lag], below[lag]) == pytest.approx(slow.sum(axis=(1, 2)))
        if lag == 0:
            np.testing.assert_allclose(weekly, slow)


def test_noise_is_found_as_it_was_made() -> None:
    quiet, streaky = (
        noise(rows.grid(), standardise(rows.panel(), CONVERSION))
        for rows in (world(1, stores=12, traffic=400, noise=0.02), world(1, stores=12, traffic=400, noise=0.5, memory=0.8))
    )
    weeks = 0.25 * np.add.outer(np.arange(7), -np.arange(7)).astype(float)
    made = (np.exp(0.25 * 0.8 ** np.abs(weeks * 4)) - 1.0).mean()
    assert quiet.weekly.mean() < 0.003
    assert streaky.weekly.mean() == pytest.approx(made, rel=0.35)
    assert (quiet.rho < streaky.rho).all()


def test_a_shock_that_moves_two_metrics_is_found_in_both() -> None:
    rows = world(2, traffic=400, noise=0.4)
    conversion = standardise(rows.panel(), CONVERSION)
    value = standardise(rows.panel(RPV), RPV)
    basket = standardise(rows.panel(AOV), AOV)
    grid = rows.grid()
    of = {id(panel): noise(grid, panel) for panel in (conversion, value, basket)}
    both = shared(conversion, of[id(conversion)], value, of[id(value)])
    apart = shared(conversion, of[id(conversion)], basket, of[id(basket)])
    assert both.mean() > 0.8 * of[id(conversion)].rho.mean()
    assert apart.mean() < 0.2 * of[id(conversion)].rho.mean()


def test_concentration_is_a_double_sum() -> None:
    rng = np.random.default_rng(0)
    expected, memory = rng.random((4, 9)), np.array([1.0, 0.5, 0.2, 0, 0, 0, 0, 0, 0])
    share = expected / expected.sum(axis=1, keepdims=True)
    slow = [sum(memory[abs(a - b)] * s[a] * s[b] for a in range(9) for b in range(9)) for s in share]
    np.testing.assert_allclose(concentration(expected, memory), slow)


@SOME
@given(st.floats(1.0, 300.0), st.floats(0.3, 3.0), st.floats(0.001, 0.1), st.floats(0.05, 0.8), st.floats(-0.3, 0.3))
def test_the_posterior_is_what_integration_says(awaited: float, ratio: float, rho: float, spread: float, centre: float) -> None:
    seen = round(awaited * ratio)
    counts = (np.array([float(value)]) for value in (seen, awaited, rho, 1e-6, centre))
    mean, sd = posterior(*counts, variance=np.array([[spread**2]]), penalty=0.0).moments()
    whole = np.sqrt(spread**2 + rho)
    ends = sorted((centre, np.log((seen + 0.5) / awaited)))
    rate = np.linspace(ends[0] - 8.0 * whole, ends[1] + 8.0 * whole, 8001)
    log = poisson.logpmf(seen, awaited * np.exp(rate)) + norm.logpdf(rate, centre, whole)
    mass = np.exp(log - log.max())
    first = np.average(rate, weights=mass)
    second = np.average((rate - first) ** 2, weights=mass)
    share = spread**2 / whole**2
    assert mean[0] == pytest.approx(centre + share * (first - centre), abs=0.15 * sd[0])
    assert sd[0] == pytest.approx(np.sqrt(share * rho + share**2 * second), rel=0.1)


def test_an_atom_at_zero_stays_at_zero() -> None:
    one, zero = np.ones(1), np.zeros(1)
    made = posterior(100.0 * one, 100.0 * one, 0.01 * one, 0.3 * one, zero, np.array([[0.0, 0.04]]), 10.0)
    assert made.at_zero()[0] > 0.5
    assert made.above(0.0)[0] + made.below(0.0)[0] == pytest.approx(1.0 - made.at_zero()[0])
    assert made.quantile(0.5)[0] == 0.0


def test_weights_of_a_mixture_are_the_likeliest() -> None:
    rng = np.random.default_rng(4)
    spreads = np.array([0.0, 0.1, 0.4])
    effect = np.where(rng.random(500) < 0.2, 0.4 * rng.standard_normal(500), 0.0)
    likelihood = norm.pdf((effect + 0.1 * rng.standard_normal(500))[:, None], 0.0, np.sqrt(spreads**2 + 0.01))
    mix = np.full(3, 1.0 / 3.0)
    for _ in range(20_000):
        counted = mix * (likelihood.T @ (1.0 / (likelihood @ mix))) + np.array([10.0, 0.0, 0.0])
        mix = counted / counted.sum()
    np.testing.assert_allclose(mixture_weights(likelihood, 10.0), mix, atol=1e-4)


def mixtures() -> Mixture:
    return Mixture(np.array([[0.3, 0.7], [0.5, 0.5]]), np.array([[-0.2, 0.4], [0.0, 0.1]]), np.array([[0.01, 0.04], [0.0, 0.02]]))


def draws(of: Mixture, cell: int) -> Floats:
    rng = np.random.default_rng(1)
    which = rng.choice(2, 400_000, p=of.weight[cell])
    return np.asarray(of.mean[cell, which] + np.sqrt(of.variance[cell, which]) * rng.standard_normal(400_000))


@pytest.mark.parametrize("cell", [0, 1])
def test_a_mixture_tells_what_draws_from_it_tell(cell: int) -> None:
    made = mixtures()
    drawn = draws(made, cell)
    mean, sd = made.moments()
    assert (mean[cell], sd[cell]) == pytest.approx((drawn.mean(), drawn.std()), abs=0.003)
    assert made.above(0.0)[cell] == pytest.approx((drawn > 0.0).mean(), abs=0.003)
    assert made.below(0.05)[cell] == pytest.approx((drawn < 0.05).mean(), abs=0.003)
    assert made.expected_gain()[cell] == pytest.approx(np.expm1(drawn).mean(), abs=0.003)
    assert made.expected_upside()[cell] == pytest.approx(np.maximum(np.expm1(drawn), 0.0).mean(), abs=0.003)
    for level in (0.025, 0.3, 0.975):
        assert made.quantile(level)[cell] == pytest.approx(np.quantile(drawn, level), abs=0.01)
    total = made.plus(made)
    assert total.moments()[0][cell] == pytest.approx(2.0 * mean[cell])
    assert total.moments()[1][cell] == pytest.approx(np.sqrt(2.0) * sd[cell])
    assert total.condensed(4).moments()[1][cell] == pytest.approx(np.sqrt(2.0) * sd[cell])


@SOME
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1, 1)), min_size=1, max_size=20))
def test_the_median_of_others_is_what_a_loop_says(cells: list[tuple[int, float]]) -> None:
    index, values = np.array([g for g, _ in cells]), np.array([v for _, v in cells])
    slow = []
    for i, (group, _) in enumerate(cells):
        others = [v for k, (g, v) in enumerate(cells) if g == group and k != i]
        slow.append(np.median(others) if others else 0.0)
    np.testing.assert_allclose(_median_of_others(index, values), slow)


@pytest.mark.parametrize(("apart", "peers"), [(0.0, 4), (0.0, 7), (0.02, 8), (1.0, 4), (1.0, 5), (1.0, 8)])
def test_the_doubt_of_a_median_is_what_draws_say(apart: float, peers: int) -> None:
    grid = Grid.of(np.arange(peers + 1), np.zeros(peers + 1, int), np.zeros(peers + 1, int))
    mean = apart * (np.arange(peers + 1) - peers / 2.0)
    mean[-1] = 0.0  # the cell itself, in the middle
    variance = np.full(peers + 1, 0.03**2)
    median = _median_of_others(np.zeros(peers + 1, int), mean)
    doubt = _median_doubt(grid, np.ones(peers + 1, bool), mean, variance, median)[-1]
    drawn = mean[:-1] + 0.03 * np.random.default_rng(peers).standard_normal((20_000, peers))
    true = np.median(drawn, axis=1).var()
    assert 0.6 * true < doubt < 2.1 * true
    if apart == 0.0:
        assert doubt >= MEDIAN_LOSS * 0.03**2 / peers * 0.999
    else:
        assert doubt <= 0.03**2 * 1.0001, "no less sure than one peer"


def test_less_sure_is_wider_and_leaves_atoms() -> None:
    made = mixtures()
    wider = made.less_sure(np.array([0.05, 0.05]))
    assert wider.at_zero().tolist() == made.at_zero().tolist() == [0.0, 0.5]
    np.testing.assert_allclose(wider.moments()[0], made.moments()[0])
    np.testing.assert_allclose(wider.moments()[1] ** 2 - made.moments()[1] ** 2, [0.05, 0.025])


def test_a_list_errs_no_more_than_it_says() -> None:
    lfsr = np.array([0.3, 0.001, 0.09, 0.04, 0.15, 0.01])
    np.testing.assert_allclose(ranking.s_values(lfsr)[[1, 5, 3, 2]], [0.001, 0.0055, 0.017, 0.03525])
    listed = ranking.certified(lfsr)
    assert listed.tolist() == [False, True, True, True, False, True]
    value = np.array([900.0, 5.0, -50.0, 20.0, 10.0, 1.0])
    assert ranking.headline_rank(value, listed).tolist() == [4, 2, 6, 1, 5, 3]
