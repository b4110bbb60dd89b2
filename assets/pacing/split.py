"""A gap taken apart exactly: by how much each factor of a product moved it, whatever the order they are changed in.

The parts are Shapley values over the factors, in fractions, so that they add up to the gap; then in cents, by largest remainder.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

CENT = Decimal("0.01")


def shapley(now: Mapping[str, Fraction], planned: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """How much of the difference of two products each factor made."""
    names = list(now)

    def product(changed: frozenset[str]) -> Fraction:
        return prod((now[name] if name in changed else planned[name] for name in names), start=Fraction(1))

    parts = dict.fromkeys(names, Fraction(0))
    for name in names:
        others = [other for other in names if other != name]
        for size in range(len(names)):
            share = Fraction(factorial(size) * factorial(len(names) - size - 1), factorial(len(names)))
            for chosen in combinations(others, size):
                changed = frozenset(chosen)
                parts[name] += share * (product(changed | {name}) - product(changed))
    return parts


def in_cents(parts: Mapping[str, Fraction], total: Decimal) -> dict[str, Decimal]:
    """The parts in cents that add up to a total given in cents: largest remainder, ties to the earlier."""
    whole = {name: (part * 100).__floor__() for name, part in parts.items()}
    left = int(total / CENT) - sum(whole.values())
    by_remainder = sorted(parts, key=lambda name: parts[name] * 100 - whole[name], reverse=True)
    for turn in range(abs(left)):
        whole[by_remainder[turn % len(by_remainder)]] += 1 if left > 0 else -1
    return {name: Decimal(cents) * CENT for name, cents in whole.items()}
