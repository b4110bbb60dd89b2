"""What a sum of lumps may come to: orders of unlike size, refunds of unlike size, none at all.

Such a sum is never negative, may be nothing, and is skewed where it is made of few lumps; a bell curve is wrong for it. It is
taken as so many lumps of the size that matches its noise, their number negative binomial with the mean and variance given.
"""


def interval(mean: float, variance: float, lump: float, sure: float) -> tuple[float, float]:
    """The ends between which the sum lies with probability `sure`, as much outside on either side at most.

    Args:
        mean: what is expected, above zero.
        variance: of the sum: noise, and all that is not known of its mean.
        lump: the size of one lump: the noise's variance over its mean.
        sure: a probability.
    """
    from scipy.special import nbdtrik  # without stubs

    number, chance = _shape(mean, variance, lump)
    nothing = chance**number
    lower, upper = (
        0.0 if nothing >= tail else float(nbdtrik(tail, number, chance)) + 0.5 for tail in ((1 - sure) / 2, (1 + sure) / 2)
    )
    return lower * lump, upper * lump


def at_least(amount: float, mean: float, variance: float, lump: float) -> float:
    """The probability that the sum reaches an amount; other arguments as of `interval`."""
    from scipy.special import betainc  # without stubs

    if amount <= 0:
        return 1.0
    number, chance = _shape(mean, variance, lump)
    return float(betainc(amount / lump + 0.5, number, 1 - chance))


def _shape(mean: float, variance: float, lump: float) -> tuple[float, float]:
    """The negative binomial's number of failures and their chance, in lumps."""
    expected = mean / lump
    excess = max(variance / lump**2 - expected, 1e-4 * expected)
    number = expected**2 / excess
    return number, number / (number + expected)
