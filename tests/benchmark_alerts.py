"""Alerts on made-up stores: false alarms where nothing changed, and how soon a fall of a store's conversion is found.

.venv/bin/python tests/benchmark_alerts.py            # what docs/benchmarks.md shows; some minutes
.venv/bin/python tests/benchmark_alerts.py speed      # 100 stores × 40 metrics × 2 years, once
"""

import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import poisson

sys.path.insert(0, str(Path(__file__).parent / "alerts"))
import nights

from assets.alerts.causes import changes
from assets.alerts.watching import watch

WATCHED = 100  # nights
DAYS = 400
SIZES = {"30 orders": (1_000.0, 0.03), "75 orders": (1_500.0, 0.05), "100 orders": (2_000.0, 0.05), "150 orders": (3_000.0, 0.05)}
SEEDS_STILL, SEEDS_FALL = 20, 15
EACH = 4  # stores of a size that fall, each on a night of its own


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def false_alarms(seed: int, stores: int = 100) -> int:
    """Alerts of the last hundred nights of stores that only ever varied by chance."""
    made = nights.panel(seed, stores=stores, days=DAYS)
    return sum(change.head.found >= DAYS - WATCHED for change in changes(made, watch(made)))


def falls_found(seed: int, size: tuple[float, float], *, stores: int = 100, each: int = EACH) -> list[int]:
    """Days until a fall of conversion by 30 % was found, of stores of one size; 0 where it was not within two weeks."""
    rng = np.random.default_rng(seed)
    days = rng.integers(DAYS - WATCHED, DAYS - 16, each)
    days += np.where((days - 40) % 75 < 8, 8, 0)  # beside promotions, which hide more
    falls = dict(enumerate(int(day) for day in days))
    made = nights.panel(seed, stores=stores, days=DAYS, sizes=dict.fromkeys(falls, size), falls=falls)
    told = changes(made, watch(made))
    found = []
    for store, day in falls.items():
        name = f"store {store:03d}"
        lags = [
            one.found - day + 1
            for change in told
            for one in change.episodes
            if one.found >= day and one.first_ratio < 1 and not one.is_shared
            and made.series[one.row].store == name and made.series[one.row].metric == "conversion"
        ]  # fmt: skip
        found.append(min((lag for lag in lags if lag <= 14), default=0))
    return found


def best_possible(orders: float, *, tests: int = 100, false_a_night: float = 0.1) -> float:
    """Chance to find it in three days for who knows the rate exactly, has no noise but chance, and looks at this metric alone."""
    due = 3 * orders
    limit = poisson.ppf(false_a_night / tests, due) - 1
    return float(poisson.cdf(limit, due * 0.7))


def speed() -> None:
    """How long one night takes, the whole history replayed."""
    made = nights.panel(1, days=730)
    begun = time.perf_counter()
    watch(made)
    say(f"{made.amount.shape[0]:,} series × {made.amount.shape[1]} days: {time.perf_counter() - begun:.1f} s")


def main() -> None:
    """Print both tables."""
    still = [false_alarms(seed) for seed in range(5000, 5000 + SEEDS_STILL)]
    say(f"nothing changed: {sum(still)} alerts in {SEEDS_STILL * WATCHED} nights, {sum(still) / SEEDS_STILL / 10:.2f} in ten")
    say("| a store of | in 1 day | in 3 days | in 7 days | in 14 days | nobody can beat, in 3 days |")
    say("|---|---|---|---|---|---|")
    for name, size in SIZES.items():
        lags = np.array([lag for seed in range(6000, 6000 + SEEDS_FALL) for lag in falls_found(seed, size)])
        shares = [f"{np.mean((lags > 0) & (lags <= within)):.0%}" for within in (1, 3, 7, 14)]
        say(f"| {name} a day | {' | '.join(shares)} | {best_possible(size[0] * size[1]):.0%} |")
    speed()


if __name__ == "__main__":
    speed() if sys.argv[1:] == ["speed"] else main()
