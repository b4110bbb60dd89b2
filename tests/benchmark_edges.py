"""Benchmarks of the statistics on simulated groups whose truth is known; not tests. See docs/benchmarks.md.

python tests/benchmark_edges.py compare 20    edges beside three usual rankings
python tests/benchmark_edges.py race 20       who should lead each segment, by four ways of choosing
python tests/benchmark_edges.py small 20      intervals where stores differ and are few
python tests/benchmark_edges.py backtest 4    the back-test's verdicts and placebos
python tests/benchmark_edges.py olist DIR     the back-test on the public Olist files in a folder
python tests/benchmark_edges.py million DIR   seconds and peak memory of `edgewise edges` on a million cells, in daily rows
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).parent / "edges"))

from days import whole
from simulated import Simulated, simulate

from assets.edges.backtest import back_test
from assets.edges.batches import COLUMNS, events_of
from assets.edges.cells import edges as cell_edges
from assets.edges.compared import COMPARED
from assets.edges.events import edges
from assets.edges.lineup import MOVABLE, assign, capacity, lineup

FIRST_SEED = 1000
RATIOS = {
    "conversion": ("buyers", "visitors"),
    "aov": ("revenue_w", "orders"),
    "rpv": ("revenue_w", "visitors"),
    "refund_rate": ("refunds", "orders"),
}
KEY = ["store", "segment", "metric"]
REPORTING = pl.DataFrame({"currency": ["CNY"], "margin": [0.3]})
EVENTS = {name: pl.Float64 if name.startswith("revenue") else pl.Int64 for name in COLUMNS}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def plain(events: pl.DataFrame) -> pl.DataFrame:
    """Every cell's raw log ratio to the rest of its segment, and the error that independent events alone would give it."""
    sums = events.group_by("store", "segment").agg(pl.col(pl.Float64, pl.Int64).sum()).sort("store", "segment")
    found = []
    for metric, (above, below) in RATIOS.items():
        y, x = pl.col(above).cast(pl.Float64), pl.col(below).cast(pl.Float64)
        rest_y, rest_x = (value.sum().over("segment") - value for value in (y, x))
        if above == "revenue_w":  # money in units of its own dispersion
            second = pl.col("revenue_w_sq").sum().over("segment") / y.sum().over("segment")
            mean = y.sum().over("segment") / pl.col("orders").sum().over("segment")
            unit = second if metric == "rpv" else second - mean
        else:
            unit = pl.lit(1.0)
        raw = ((y / unit + 0.5) / (rest_y / rest_x * x / unit + 0.5)).log()
        variance = 1.0 / (y / unit + 0.5) + 1.0 / (rest_y / unit + 0.5)
        told = sums.select("store", "segment", metric=pl.lit(metric), x=x, raw=raw, error=variance.sqrt())
        found.append(told.filter(pl.col("x") > 0, pl.col("raw").is_finite()))
    return pl.concat(found)


def raw_ranking(told: pl.DataFrame, _: pl.DataFrame) -> pl.DataFrame:
    """The usual report: the best and worst tenth of the peers."""
    place = pl.col("raw").rank().over("segment", "metric") / pl.len().over("segment", "metric")
    return told.with_columns(effect="raw", claimed=(place > 0.9) | (place <= 0.1), order="raw")


def z_tests(told: pl.DataFrame, _: pl.DataFrame) -> pl.DataFrame:
    """Tests against the rest of the segment, Benjamini-Hochberg at 5 %, then by value."""
    p = 2.0 * norm.sf(np.abs(told["raw"].to_numpy() / told["error"].to_numpy()))
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= 0.05 * np.arange(1, len(p) + 1) / len(p))
    limit = p[order][passed.max()] if len(passed) else -1.0
    return told.with_columns(effect="raw", claimed=pl.Series(p <= limit), order=pl.lit(None, pl.Float64))


def plain_eb(told: pl.DataFrame, _: pl.DataFrame) -> pl.DataFrame:
    """Normal-normal shrinkage by segment, sampling noise only."""
    weight = pl.col("error") ** -2
    mean = (pl.col("raw") * weight).sum() / weight.sum()
    spread = (((pl.col("raw") - mean) ** 2 - pl.col("error") ** 2) * weight).sum() / weight.sum()
    told = told.with_columns(
        mean=mean.over("segment", "metric"), spread=pl.max_horizontal(spread.over("segment", "metric"), 1e-6)
    )
    share = pl.col("spread") / (pl.col("spread") + pl.col("error") ** 2)
    effect = share * (pl.col("raw") - pl.col("mean"))
    told = told.with_columns(effect=effect, sd=(share * pl.col("error") ** 2).sqrt())
    unsure = norm.sf(np.abs(told["effect"].to_numpy()) / told["sd"].to_numpy())
    return told.with_columns(claimed=pl.Series(unsure <= 0.05), order=pl.lit(None, pl.Float64))


def ours(_: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """`edgewise edges`."""
    found = edges(events_of(events))
    gain = pl.col("effect").exp() - 1
    return found.select(*KEY, "effect", claimed=pl.col("lfsr") <= 0.05, order=-pl.col("rank").cast(pl.Float64), gain=gain)


METHODS: dict[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]] = {
    "edgewise": ours,
    "raw, top tenth": raw_ranking,
    "z-tests, BH": z_tests,
    "plain empirical Bayes": plain_eb,
}


def scored(world: Simulated, told: pl.DataFrame) -> dict[str, float]:
    """False share and power of claims, precision and value of the first ranks, against the truth."""
    rows = world.truth.join(told.select(*KEY, "effect", "claimed", "order"), on=KEY, how="left").with_columns(
        claimed=pl.col("claimed").fill_null(value=False)
    )
    sign = {name: rows[name].fill_null(0.0).to_numpy() for name in ("effect", "true_effect", "true_value", "scale", "direction")}
    claimed, effect = rows["claimed"].to_numpy(), sign["effect"]
    true = np.where(np.abs(sign["true_effect"]) < 1e-9, 0.0, sign["true_effect"])
    wrong = claimed & (np.sign(effect) != np.sign(true))
    large = np.abs(true) >= 0.05
    worth = sign["direction"] * np.expm1(effect) * sign["scale"]
    headline = np.lexsort((-worth, ~(claimed & (worth > 0.0))))
    by = rows["order"].to_numpy()
    order = headline if rows["order"].null_count() == rows.height else np.argsort(-np.where(np.isnan(by), -np.inf, by))
    best = np.sort(sign["true_value"])[::-1]
    first = {k: sign["true_value"][order[:k]] for k in (10, 50)}
    by_value = sign["true_value"][np.argsort(-worth)[:50]]
    return {
        "claims per 1000": 1000.0 * claimed.mean(),
        "claims": float(claimed.sum()),
        "wrong": float(wrong.sum()),
        "power": float((claimed & ~wrong & large).sum() / large.sum()) if large.any() else np.nan,
        "P@10": float((first[10] > 0.0).mean()),
        "P@50": float((first[50] > 0.0).mean()),
        "value@50": float(by_value.sum() / best[:50].sum()) if best[0] > 1e-9 else np.nan,
    }


def compare(seeds: int) -> None:
    """Edges beside the usual rankings."""
    _say("| regime | method | claims in 1,000 | false | power | P@10 | P@50 | value@50 |\n" + "|---" * 8 + "|")
    for regime in ("few_big", "many_tiny", "overdispersed", "store_effects", "null"):
        found: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            world = simulate(regime, seed)
            told = plain(world.events)
            for name, method in METHODS.items():
                found[name].append(scored(world, method(told, world.events)))
        for name, runs in found.items():
            mean = {key: float(np.nanmean([run[key] for run in runs])) for key in runs[0] if not np.isnan(runs[0][key])}
            false = sum(run["wrong"] for run in runs) / max(sum(run["claims"] for run in runs), 1.0)
            cells = [f"{mean['claims per 1000']:.1f}", f"{false:.1%}" if mean["claims"] else "–"]
            cells += [f"{mean[key]:.2f}" if key in mean else "–" for key in ("power", "P@10", "P@50", "value@50")]
            _say(f"| `{regime}` | {name} | " + " | ".join(cells) + " |")


def small(seeds: int) -> None:
    """Claims and intervals in groups of an owner's size, where every store and cell differs."""
    _say("| stores × segments | claims | false | power | cover | cover, claimed |\n" + "|---" * 6 + "|")
    for stores, segments in ((5, 8), (6, 12), (8, 20), (10, 30)):
        size = {"stores": stores, "segments": segments, "carry": 1.0, "zipf_stores": 0.6, "visitors_day": 3600.0 * stores}
        runs, rows = [], []
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            world = simulate("store_effects", seed, **size)
            found = edges(events_of(world.events))
            runs.append(scored(world, ours(found, world.events)))
            rows.append(found.join(world.truth, on=KEY).select("lower", "upper", "true_effect", claimed=pl.col("lfsr") <= 0.05))
        inside = pl.col("true_effect").is_between(pl.col("lower") - 1e-6, pl.col("upper") + 1e-6).mean()
        together = pl.concat(rows)
        false = sum(run["wrong"] for run in runs) / max(sum(run["claims"] for run in runs), 1.0)
        cover = together.select(inside).item(), together.filter("claimed").select(inside).item()
        claims, power = (float(np.mean([run[name] for run in runs])) for name in ("claims", "power"))
        _say(f"| {stores} × {segments} | {claims:.0f} | {false:.1%} | {power:.2f} | {cover[0]:.3f} | {cover[1]:.3f} |")


def race(seeds: int) -> None:
    """Each segment's movable tenth to one store: value that came over that of an oracle, and promised over what came."""
    _say("| regime | way of choosing | realised / oracle | promised / realised |\n" + "|---" * 4 + "|")
    for regime in ("few_big", "many_tiny", "overdispersed", "store_effects"):
        found: dict[str, list[tuple[float, float]]] = {}
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            world = simulate(regime, seed)
            for name, result in _races(world).items():
                found.setdefault(name, []).append(result)
        for name, runs in found.items():
            realised, promised = np.array(runs).T
            told = f"{promised.mean():.2f} (sd {promised.std():.2f})" if not np.isnan(promised).any() else "–"
            _say(f"| `{regime}` | {name} | {realised.mean():.3f} (sd {realised.std():.2f}) | {told} |")


def _races(world: Simulated) -> dict[str, tuple[float, float]]:
    truth = world.truth.filter(pl.col("metric") == "rpv")
    stores, segments = (int(truth[name].max()) + 1 for name in ("store", "segment"))
    where = truth["segment"].to_numpy(), truth["store"].to_numpy()
    movable = MOVABLE * np.bincount(where[0], truth["scale"].to_numpy(), segments)[:, None]

    def matrix(table: pl.DataFrame, column: str) -> np.ndarray:
        filled = np.zeros((segments, stores))
        rows = table.filter(pl.col("metric") == "rpv") if "metric" in table.columns else table
        filled[rows["segment"].to_numpy(), rows["store"].to_numpy()] = rows[column].to_numpy()
        return filled

    real, scale = np.expm1(matrix(truth, "true_effect")), matrix(truth, "scale")
    most = capacity(segments, stores)
    oracle = _sum(real * movable, assign(real * movable, most))
    raw = plain(world.events)
    visitors = world.events.group_by("store", "segment").agg(pl.col("visitors").sum())
    told = {
        "plain empirical Bayes": np.expm1(matrix(plain_eb(raw, world.events), "effect")) * movable,
        "raw ratios, the best first": np.expm1(np.clip(matrix(raw, "raw"), -3, 3)) * movable,
        "the biggest store": matrix(visitors, "visitors"),
    }
    line = _lined_up(world)
    results = {}
    for name, moves in (("`lineup`", ("lead", "lean")), ("… its claimed leads alone", ("lead",))):
        lead, promised, came = _of_lineup(line.filter(pl.col("move").is_in(moves)), line, real, scale)
        results[name] = (_sum(real * movable, lead) / oracle, promised / came if came > 0.0 else np.nan)
    for name, value in told.items():
        lead = _greedy(value, most) if "first" in name or "biggest" in name else assign(value, most)
        came = _sum(real * movable, lead)
        promise = np.nan if "biggest" in name else _sum(value, lead) / came if came > 0 else np.nan
        results[name] = (came / oracle, promise)
    return results


def _lined_up(world: Simulated) -> pl.DataFrame:
    """The line-up as published, in revenue per visitor alone; stores and segments as the numbers they are."""
    alone = tuple(one for one in COMPARED if (one.segment_type, one.metric.name) == ("category", "sales_per_visit"))
    untested = back_test(pl.DataFrame(schema=world.cell_days().schema))
    with patch("assets.edges.cells.COMPARED", alone):
        found = lineup(cell_edges(world.cell_days(), untested, REPORTING), untested)
    return found.with_columns(pl.col("store", "leader", "segment").str.slice(1).cast(pl.Int64))


def _of_lineup(leads: pl.DataFrame, line: pl.DataFrame, real: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Who leads, what the leads promise a year, and what truly comes of moving a tenth of those who give way."""
    lead = np.full(len(real), -1)
    lead[leads["segment"].to_numpy()] = leads["store"].to_numpy()
    way = line.filter(pl.col("move").is_in(("concede", "lend"))).join(leads.select("segment"), on="segment", how="semi")
    segment, giver = way["segment"].to_numpy(), way["store"].to_numpy()
    came = MOVABLE * scale[segment, giver] * (real[segment, lead[segment]] - real[segment, giver])
    return lead, float(leads["expected_value_base"].cast(pl.Float64).sum()), float(came.sum())


def _sum(value: np.ndarray, lead: np.ndarray) -> float:
    led = np.flatnonzero(lead >= 0)
    return float(value[led, lead[led]].sum())


def _greedy(value: np.ndarray, most: int) -> np.ndarray:
    """The largest entry of all first, then the next that is still free."""
    lead, left = np.full(value.shape[0], -1), np.full(value.shape[1], most)
    for flat in np.argsort(-value, axis=None, kind="stable"):
        segment, store = divmod(int(flat), value.shape[1])
        if lead[segment] < 0 < left[store] and value[segment, store] > 0.0:
            lead[segment] = store
            left[store] -= 1
    return lead


def backtest(seeds: int) -> None:
    """The back-test's verdict over all metrics."""
    first = 2000  # the seeds from 1000 on were looked at while its rules were made
    for regime, over in (
        ("store_effects", {}),
        ("few_big", {}),
        ("many_tiny", {"days": 126}),
        ("overdispersed", {}),
        ("null", {}),
    ):
        for seed in range(first, first + seeds):
            row = back_test(simulate(regime, seed, **over).cell_days()).row(-1, named=True)
            _say(f"{regime} {seed} " + str({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}))


def olist(folder: str) -> None:
    """The back-test on real sellers' order lines by category. There are no visits, so the basket alone is compared."""
    lines, orders, products = (
        pl.read_csv(Path(folder) / f"olist_{name}_dataset.csv") for name in ("order_items", "orders", "products")
    )
    paid = orders.select("order_id", day=pl.col("order_approved_at").str.slice(0, 10).str.to_date(strict=False)).drop_nulls()
    known = lines.join(paid, on="order_id").join(products.select("product_id", segment="product_category_name"), on="product_id")
    known = known.drop_nulls("segment").with_columns(
        low=pl.min_horizontal("price", pl.col("price").quantile(0.99).over("segment"))
    )
    days = (
        known.group_by("seller_id", "segment", "day")
        .agg(orders=pl.len().cast(pl.Int64), sales=pl.sum("price"), sales_w=pl.sum("low"), sales_w_sq=(pl.col("low") ** 2).sum())
        .rename({"seller_id": "store"})
        .with_columns(segment_type=pl.lit("category"), dialect=pl.lit("olist"))
    )
    days = whole(days)
    told = back_test(days)
    for row in told.iter_rows(named=True):
        _say(str({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}))
    found = cell_edges(days, told, REPORTING)
    _say(f"{days['store'].n_unique()} sellers, {found.height} rows, {int(found['claimed'].sum())} claimed")
    for why, count in found["reason_if_not_shown"].value_counts(sort=True).iter_rows():
        _say(f"{count} {why}")


def million(folder: str) -> None:
    """The whole command on 250,000 store-segments over 91 days in four metrics, 22.75 million rows, in one thread."""
    path = Path(folder) / "events.parquet"
    if not path.exists():
        _million_events(path)
    command = [str(Path(sys.executable).with_name("edgewise")), "edges", "--in", str(path), "--out", f"{folder}/recs.parquet"]
    started = time.monotonic()
    subprocess.run(command, check=True, env=os.environ | {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"})
    took, used = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = pl.scan_parquet(f"{folder}/recs.parquet").select(pl.len()).collect().item()
    cpu, most = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    _say(f"{rows:,} edges: {took:.1f} s, of which {cpu:.1f} s of a core; {most:,.0f} MiB at most")


def _million_events(path: Path, stores: int = 10_000, segments: int = 25, days: int = 91) -> None:
    """Stores of very unequal traffic, noisy weeks, no edges; written a few stores at a time."""
    rng = np.random.default_rng(5)
    rate, price = (mean * np.exp(sd * rng.standard_normal(segments))[None, :, None] for mean, sd in ((0.025, 0.35), (40.0, 0.6)))
    share = rng.permutation(np.arange(1, stores + 1) ** -0.5)[:, None] * np.exp(0.8 * rng.standard_normal((stores, segments)))
    mean = 60.0 * share / share.mean()
    weekdays = np.array([1.0, 0.95, 0.95, 1.0, 1.1, 1.25, 1.2])[np.arange(days) % 7]
    with pq.ParquetWriter(path, pl.DataFrame(schema=EVENTS).to_arrow().schema) as writer:
        for first in range(0, stores, 500):
            shape = (len(mean[first : first + 500]), segments, days)
            visitors = rng.poisson(mean[first : first + 500, :, None] * weekdays)
            weeks = np.exp(0.2 * rng.standard_normal((*shape[:2], days // 7 + 1))).repeat(7, axis=2)[..., :days]
            buyers = rng.binomial(visitors, np.minimum(rate * weeks, 0.6))
            orders = buyers + rng.poisson(0.08 * buyers)
            revenue = orders * price * np.exp(0.7 * rng.standard_normal(shape) / np.sqrt(np.maximum(orders, 1)))
            where = dict(zip(("store", "segment", "day"), (index.ravel() for index in np.indices(shape)), strict=True))
            where["store"] = where["store"] + first
            sums = {"visitors": visitors, "buyers": buyers, "orders": orders, "revenue": revenue}
            sums |= {"refunds": rng.binomial(orders, 0.06), "revenue_w": 0.99 * revenue, "revenue_w_sq": 1.6 * price * revenue}
            rows = where | {name: values.ravel() for name, values in sums.items()}
            writer.write_table(pl.DataFrame(rows, schema=EVENTS).to_arrow())


if __name__ == "__main__":
    if sys.argv[1] in ("olist", "million"):
        {"olist": olist, "million": million}[sys.argv[1]](sys.argv[2])
    else:
        {"compare": compare, "race": race, "small": small, "backtest": backtest}[sys.argv[1]](int(sys.argv[2]))
