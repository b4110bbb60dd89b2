"""Benchmarks of what is still to come: refunds and targets, forecast and then compared; not tests. See docs/benchmarks.md.

python tests/benchmark_money.py refunds 20    matured refunds of made-up stores: coverage by size and ripeness
python tests/benchmark_money.py pacing 40     targets of made-up stores
python tests/benchmark_money.py net 20        targets of net sales of made-up stores, refunds still to come counted and not
python tests/benchmark_money.py olist DIR     targets of the stores of the public Olist files in a folder
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent / "metrics"))

from returning import FIRST, paced_days, returning
from rolling import CUTS, Made, brier, rolled

from assets.pacing.maturing import matured_refunds
from assets.pacing.pace import Target, kpi_pacing

SIZES = (("60 orders a day", 60.0), ("15", 15.0), ("4", 4.0), ("1", 1.0))
OLIST = (date(2017, 1, 1), date(2018, 8, 28))
BLACK_FRIDAY = frozenset(date(2017, 11, 24) + timedelta(days=n) for n in range(3))
LARGE, POOLS = 60, 10


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def refunds(seeds: int) -> None:
    """Weeks not ripe yet, as of four days: how often what they ended at lies in the interval, and how far both rates were off."""
    parts = []
    for seed in range(1000, 1000 + seeds):
        made = returning(seed, SIZES)
        for cut in (120, 180, 240, 299):
            rows = matured_refunds(*made.seen(cut)).filter(pl.col("grain") == "week", pl.col("share_matured") < 0.97)
            whole = rows.filter(pl.col("period_start").dt.offset_by("6d") <= FIRST + timedelta(days=cut))
            parts.append(whole.join(made.final(), on=["store", "category", "period_start"]))
    told = pl.concat(parts).with_columns(pl.selectors.decimal().cast(float))
    final = pl.col("final") / pl.col("discounted_sales")
    told = told.with_columns(
        inside=pl.col("final").is_between(pl.col("matured_refunds_lower") - 0.01, pl.col("matured_refunds_upper") + 0.01),
        raw=pl.col("goods_refund_rate") - final,
        matured=pl.col("matured_refund_rate") - final,
        ripe=(pl.col("share_matured") * 4).floor() / 4,
    )
    _say("| | weeks | inside | raw rate, mean error | matured rate, mean error |\n|---|---|---|---|---|")
    for by in ("store", "category", "ripe"):
        for (name,), group in sorted(told.partition_by(by, as_dict=True).items()):
            figures = [float(group[column].mean()) for column in ("inside", "raw", "matured")]  # type: ignore[arg-type]
            _say(f"| {by} {name} | {group.height:,} | {figures[0]:.1%} | {figures[1]:+.2%} | {figures[2]:+.2%} |")


def pacing(stores: int) -> None:
    """Made-up stores of all sizes, with weekdays and a level that drifts by about a tenth a week or less."""
    found: dict[str, list[Made]] = defaultdict(list)
    for seed in range(1000, 1000 + stores):
        rng = np.random.default_rng(seed)
        days = [date(2025, 1, 6) + timedelta(days=n) for n in range(540)]
        level = rng.choice([0.5, 3.0, 20.0, 60.0]) * np.exp(np.cumsum(rng.normal(0, rng.choice([0.0, 0.015, 0.03]), 540)))
        orders = rng.poisson(rng.gamma(5, level * np.where(np.arange(540) % 7 >= 5, 1.4, 0.9) / 5))
        sales = [float(np.round(np.exp(rng.normal(4, 0.6, n)), 2).sum()) for n in orders]
        size = "large" if orders.mean() >= 10 else "small"
        found[size] += rolled(dict(zip(days, sales, strict=True)), _starts(days[0], days[-1]), frozenset(), rng)
    _tell(found)


def net(seeds: int) -> None:
    """Months of net sales whose refunds are not ripe, at four cuts: whether they end in the interval, and how far off it was."""
    starts = [date(2026, month, 1) for month in range(4, 10)]
    found: dict[tuple[str, str, str], list[tuple[bool, float]]] = defaultdict(list)
    for seed in range(1000, 1000 + seeds):
        made = returning(seed, SIZES)
        final = made.orders.group_by("store", "day").agg(net=(pl.col("cents") - pl.col("refund")).sum() / 100)
        for start in starts:
            for cut in CUTS["month"] + (Target("", "", "month", start, Decimal(1)).days[-1].day,):
                seen = made.seen((start - FIRST).days + cut - 1)
                days, ripening = paced_days(seen[0]), matured_refunds(*seen)
                for name, told in (("counted", ripening), ("not counted", ripening.clear())):
                    rows = kpi_pacing(days, told, _asked(start), _NO_PROMOTIONS)
                    for row in rows.iter_rows(named=True):
                        ended = final.filter(pl.col("store") == row["store"], pl.col("day").dt.truncate("1mo") == start)[
                            "net"
                        ].sum()
                        ends = [float(row[f"forecast{end}"]) for end in ("", "_lower", "_upper")]
                        inside = ends[1] - 0.01 <= ended <= ends[2] + 0.01
                        for by in (f"store of {row['store']}", f"day {min(cut, 30)}", "all"):
                            found[name, by, ""].append((inside, ends[0] / ended - 1))
    _say("| refunds to come | | forecasts | inside | off, mean | off, mean size |\n|---|---|---|---|---|---|")
    for (name, by, _), told_of in sorted(found.items()):
        inside, off = np.array([one for one, _ in told_of]), np.array([one for _, one in told_of])
        _say(f"| {name} | {by} | {len(told_of):,} | {inside.mean():.1%} | {off.mean():+.2%} | {abs(off).mean():.2%} |")


_NO_PROMOTIONS = pl.DataFrame(schema={"name": pl.String, "store": pl.String, "starts": pl.Date, "ends": pl.Date})


def _asked(start: date) -> pl.DataFrame:
    """A target of net sales for every store."""
    row = {"grain": "month", "period_start": start, "metric": "net_sales_order_day", "target": Decimal(1000)}
    return pl.DataFrame([row | {"store": name} for name, _ in SIZES])


def olist(folder: Path) -> None:
    """The market as one store, ten pools of sellers, and every seller with sixty orders and more."""
    orders = pl.read_csv(next(folder.glob("*orders_dataset.csv")), infer_schema=False)
    items = pl.read_csv(next(folder.glob("*order_items_dataset.csv")), infer_schema=False)
    paid = orders.drop_nulls("order_approved_at").select(
        "order_id", day=pl.col("order_approved_at").str.head(10).str.to_date(strict=False)
    )
    sold = items.join(paid.drop_nulls(), on="order_id").with_columns(price=pl.col("price").cast(float))
    sellers = (
        sold.group_by("seller_id").agg(pl.col("order_id").n_unique()).filter(pl.col("order_id") >= LARGE)["seller_id"].sort()
    )
    pools = sold.with_columns(pool=pl.col("seller_id").str.slice(0, 2).str.to_integer(base=16) % POOLS)
    of_kind = {
        "the market": [sold],
        "ten pools of sellers": pools.partition_by("pool"),
        f"{len(sellers)} sellers": [sold.filter(pl.col("seller_id") == seller) for seller in sellers],
    }
    found: dict[str, list[Made]] = defaultdict(list)
    rng = np.random.default_rng(1)
    for kind, frames in of_kind.items():
        for frame in frames:
            series = _series(frame)
            found[kind] += rolled(series, _starts(date(2017, 5, 1), OLIST[1]), BLACK_FRIDAY, rng)
    _tell(found)


def _series(sold: pl.DataFrame) -> dict[date, float]:
    """Sales of every day from the first; a day without orders is zero."""
    of_day = dict(sold.group_by("day").agg(pl.col("price").sum()).filter(pl.col("day") >= OLIST[0]).iter_rows())
    first = min(of_day)
    return {day: of_day.get(day, 0.0) for day in (first + timedelta(days=n) for n in range((OLIST[1] - first).days + 1))}


def _starts(first: date, last: date) -> list[tuple[str, date]]:
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    return [("month", day) for day in days if day.day == 1] + [("week", day) for day in days if day.weekday() == 0][::4]


def _tell(found: dict[str, list[Made]]) -> None:
    _say("| | forecasts | inside | below | Brier | of the mean rate |\n|---|---|---|---|---|---|")
    rows = [
        (f"{kind}, {grain}s", [one for one in made if one.grain == grain])
        for kind, made in found.items()
        for grain in ("month", "week")
    ]
    every = [one for made in found.values() for one in made]
    for name, made in (*rows, ("all", every)):
        inside, below = np.mean([one.inside for one in made]), np.mean([one.total < one.lower - 0.01 for one in made])
        hit = np.mean([one.hit for one in made])
        _say(f"| {name} | {len(made):,} | {inside:.1%} | {below:.1%} | {brier(made):.3f} | {hit * (1 - hit):.3f} |")
    _say("\n| said to be reached with | forecasts | said | came |\n|---|---|---|---|")
    for low, group in _fifths(every):
        said, came = np.mean([one.probability for one in group]), np.mean([one.hit for one in group])
        _say(f"| {low:.0%} to {low + 0.2:.0%} | {len(group):,} | {said:.1%} | {came:.1%} |")


def _fifths(made: Sequence[Made]) -> Iterator[tuple[float, list[Made]]]:
    for n in range(5):
        yield n / 5, [one for one in made if min(4, int(one.probability * 5)) == n]


if __name__ == "__main__":
    command, argument = sys.argv[1:3]
    if command == "olist":
        olist(Path(argument))
    else:
        {"refunds": refunds, "pacing": pacing, "net": net}[command](int(argument))
