"""Days of cells for tests: steady stores, with edges where they are put, in any stretch of days."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

from assets.tables import BY_NAME

FIRST = date(2026, 1, 5)
Cell = tuple[str, str]
SCHEMA = {
    "store": pl.String, "segment_type": pl.String, "segment": pl.String, "day": pl.Date, "dialect": pl.String,
    "visits": pl.Int64, "carts": pl.Int64, "orders": pl.Int64, "units": pl.Int64, "refunded": pl.Int64, "sales": pl.Float64,
    "sales_w": pl.Float64, "sales_w_sq": pl.Float64,
}  # fmt: skip


def cell_days(
    seed: int = 0,
    *,
    stores: int = 8,
    segments: int = 6,
    days: int = 70,
    visits: float = 400.0,
    edges: Mapping[Cell, float] | None = None,
    later: Mapping[Cell, float] | None = None,
    since: int | None = None,
    noise: float = 0.1,
    segment_type: str = "category",
) -> pl.DataFrame:
    """Draw days. `edges` are log ratios of order rates; from day `since` on, `later` stand in their place."""
    rng = np.random.default_rng(seed)
    rows = []
    for s in range(stores):
        for g in range(segments):
            cell = (f"s{s}", f"g{g}")
            effect = np.full(days, (edges or {}).get(cell, 0.0))
            if since is not None:
                effect[since:] = (later or {}).get(cell, 0.0)
            came = rng.poisson(visits, days)
            shock = noise * rng.standard_normal(days) - noise**2 / 2
            orders = rng.binomial(came, np.minimum(0.05 * np.exp(effect + shock), 0.9))
            values = [40.0 * np.exp(0.5 * rng.standard_normal(count)) for count in orders]
            for day in range(days):
                money = float(values[day].sum())
                made = (money, money, float((values[day] ** 2).sum()))
                counts = (int(came[day]), None, int(orders[day]), int(orders[day]), None)
                rows.append((cell[0], segment_type, cell[1], FIRST + timedelta(days=day), "one", *counts, *made))
    return whole(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def whole(days: pl.DataFrame) -> pl.DataFrame:
    """Days with all columns they have where they are published; what is not stated is not known."""
    kinds = {"VARCHAR": pl.String, "BIGINT": pl.Int64}
    columns = BY_NAME["cell_days"].columns
    lacking = [pl.lit(None, kinds.get(column.type, pl.Float64)).alias(column.name) for column in columns
               if column.name not in days.columns]  # fmt: skip
    return days.with_columns(lacking)


REPORTING = pl.DataFrame({"currency": ["CNY"], "margin": [0.3]})
