"""From the table of cells and days to the table of edges: which stores are compared in what, and what is shown of it.

Every cell is compared by its own part: what it has beyond the store's level over its other segments, where platform and
counting cancel. Where enough stores of one segment are counted alike they are compared whole as well, level and all. Of orders
and money, which no platform counts, all stores are, for what that shows of a whole store: as its platform and the store itself
cannot be told apart there, it is never claimed. How an effect is estimated belongs to `estimate`; what is recommended on it to
`recommend`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.edges import ranking
from assets.edges.compared import ACROSS, COMPARED, LEVEL, MARGIN, OWN_PART, REFUND_RATE, REPEAT_RATE, Compared
from assets.edges.estimate import LEAST_PEERS, Estimates, estimate
from assets.edges.metrics import Family, Metric
from assets.edges.panel import Floats, Grid, Moments, Panel

DAYS_PER_YEAR = 365.0
CLAIMED_LFSR = 0.05  # each row by itself, so that the list as a whole is surer still
MISSING_SHARE = 0.05  # a cell that misses more of its days is not claimed: what is left may not stand for the rest
COSTED_SHARE = 0.80  # of a cell's lines must have costs for its margin to be claimed
SCHEMA = {
    "store": pl.String, "segment_type": pl.String, "segment": pl.String, "parent": pl.String, "metric": pl.String,
    "layer": pl.String, "compared": pl.String, "dialect": pl.String, "peers": pl.Int64, "weeks": pl.Int64,
    "weeks_ahead": pl.Int64, "exposure": pl.Float64, "value": pl.Float64, "peer_value": pl.Float64, "effect": pl.Float64,
    "sd": pl.Float64, "error": pl.Float64, "sd_shared": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "lfsr": pl.Float64,
    "p_ahead": pl.Float64, "yearly_value_base": pl.Float64, "value_lower": pl.Float64, "value_upper": pl.Float64,
    "at_peer_base": pl.Float64, "information": pl.Float64, "overdispersion": pl.Float64, "reason_if_not_shown": pl.String,
}  # fmt: skip
_MONEY = ("yearly_value_base", "value_lower", "value_upper", "at_peer_base", "information")
NOT_SURE, PLACEBO_FAILED, NOT_HELD = "not sure enough", "placebo failed", "such claims did not hold in the back-test"
MIXED = "its platform and the store itself cannot be told apart"
ENOUGH_DATA = (NOT_SURE, PLACEBO_FAILED, NOT_HELD)  # reasons why a cell with data enough is not claimed
SIGNS_LOST = "claimed signs held less often than expected"


def edges(cell_days: pl.DataFrame, back_test: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """Every cell's standing in every metric it has the data for.

    Args:
        cell_days: store, segment_type, segment, day, dialect and the counts and sums of the day; null where not known.
        back_test: where a placebo finds edges that cannot be there, nothing is claimed; where a metric's claims lost their signs
            on later days, none of it.
        reporting: one row; `margin` is the share of sales that is earned.

    Returns:
        One row per store, segment_type, segment, metric and way of comparing. Rows are claimed, and ranked by what they are
        worth, over the whole list: of those claimed at most one in twenty is expected to have the wrong sign.
    """
    margin = float(reporting["margin"][0])
    found = [_rows(part, compared, margin) for compared in COMPARED for part in parts_of(cell_days, compared)]
    rows = pl.concat(found) if found else pl.DataFrame(schema=SCHEMA)
    return _listed(rows, _withheld(rows, back_test))


@dataclass(frozen=True)
class Part:
    """Days of stores that are compared with one another; `cells` are those whose rows are told: store and segment."""

    days: pl.DataFrame
    cells: pl.DataFrame
    compared: str


def known_days(cell_days: pl.DataFrame, compared: Compared) -> pl.DataFrame:
    """The days on which all that a metric needs is known, sorted by segment, store and day."""
    known = [pl.col(name).is_not_null() for name in compared.columns]
    return cell_days.filter(pl.col("segment_type") == compared.segment_type, *known).sort("segment", "store", "day")


def parts_of(cell_days: pl.DataFrame, compared: Compared) -> list[Part]:
    """How a metric's cells are compared: by their own parts, whole with enough stores counted alike, whole with all.

    Channels are the platform's own, so there own parts too are compared among stores counted alike alone.
    """
    days = known_days(cell_days, compared)
    if days.is_empty():
        return []
    dialects = days.group_by("store").agg(counted=pl.col("dialect").drop_nulls().first())
    cells = days.select("store", "segment").unique().join(dialects, on="store").sort("segment", "store")
    enough = cells.filter(pl.col("counted").is_not_null() & (pl.len().over("counted", "segment") > LEAST_PEERS))
    alike = [
        (days.join(dialects.filter(pl.col("counted") == counted), on="store", how="semi"), told.select("store", "segment"))
        for (counted,), told in enough.group_by("counted", maintain_order=True)
    ]
    everybody = (days, cells.select("store", "segment"))
    parts = []
    if OWN_PART in compared.ways:
        parts += [Part(*of, OWN_PART) for of in (alike if compared.segment_type == "channel" else [everybody])]
    if LEVEL in compared.ways:
        parts += [Part(*of, LEVEL) for of in alike]
    if ACROSS in compared.ways and dialects["counted"].n_unique() > 1:
        parts.append(Part(*everybody, ACROSS))
    return parts


@dataclass(frozen=True)
class Panels:
    """A metric's panel on some days, those of its factors, and the days' sums by column."""

    grid: Grid
    whole: Panel
    factors: Sequence[tuple[Panel, Metric]]
    sums: dict[str, Floats]


def panels_of(days: pl.DataFrame, compared: Compared) -> Panels:
    """The panels of a metric on some days, sorted by segment, store and day, in which its columns are known."""
    grid = Grid.of(_codes(days["store"]), _codes(days["segment"]), days["day"].to_numpy())
    # rounded, since a sum of doubles is not the same to the last bit each time a database takes it
    names = dict.fromkeys(("sales", "orders", *compared.columns))
    sums = {name: days[name].cast(pl.Float64).fill_null(0.0).round(4).to_numpy() for name in names}
    whole, *factors = (panel(grid, sums, metric) for metric in (compared.metric, *compared.factors))
    return Panels(grid, whole, list(zip(factors, compared.factors, strict=True)), sums)


def panel(grid: Grid, sums: dict[str, Floats], metric: Metric, exposure: Floats | None = None) -> Panel:
    """A metric's panel on a grid, of the rows' sums; with an exposure of its own where one is given."""
    x = sums[metric.denominator] if exposure is None else exposure
    moments = None
    if metric.values:
        told = [grid.by_cell(sums[name]) for name in metric.values]
        moments = Moments(*told, *[np.zeros(grid.cells)] * (3 - len(told)))
    return Panel(grid, x, sums[metric.numerator], moments, signed=metric.family is Family.DIFFERENCE)


def _rows(part: Part, compared: Compared, margin: float) -> pl.DataFrame:
    days = part.days.sort("segment", "store", "day")
    panels = panels_of(days, compared)
    grid = panels.grid
    own = _yearly(grid, panels.sums, compared.metric, margin)
    told = estimate(panels.whole, compared.metric, factors=panels.factors, scale=own, centred=part.compared == OWN_PART)
    named = {name: days[name].unique().sort() for name in ("store", "segment")}
    rows = _table(told, compared, part, named, own)
    shown = rows.join(part.cells, on=["store", "segment"], how="semi").join(_missing(days), on=["store", "segment"], how="left")
    return shown.with_columns(reason_if_not_shown=_why(compared, part.compared)).select(*SCHEMA)


def _why(compared: Compared, how: str) -> pl.Expr:
    """What else keeps a cell from being claimed, before what the statistics say themselves."""
    why = pl.col("reason_if_not_shown")
    if how == ACROSS:
        why = pl.when(why == "").then(pl.lit(MIXED)).otherwise(why)
    if compared.metric is MARGIN:
        lacks = pl.format("unit costs are known of {} % of its lines", (pl.col("costed") * 100).round(0).cast(pl.Int64))
        why = pl.when(pl.col("costed") < COSTED_SHARE).then(lacks).otherwise(why)
    if compared.needs_visits:  # a day without orders is no missing day of what is divided by orders
        lacks = pl.format("{} % of its days are missing", (pl.col("missing") * 100).round(0).cast(pl.Int64))
        why = pl.when(pl.col("missing") > MISSING_SHARE).then(lacks).otherwise(why)
    return why


def _table(told: Estimates, compared: Compared, part: Part, named: dict[str, pl.Series], scale: Floats) -> pl.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):
        seen, expected = told.observed / told.exposure, told.expected / told.exposure
    # the scale is what the cell earns as it is: the effect's share of it is what the typical peer would not have
    is_difference = compared.metric.family is Family.DIFFERENCE
    at_peer = np.ones_like(scale) if is_difference else np.exp(-np.clip(told.effect, -3.0, 3.0))
    worth = {name: getattr(told, name) * at_peer for name in ("value", "value_lower", "value_upper", "information")}
    earned_there = scale * (expected if compared.metric is MARGIN else at_peer)
    return pl.DataFrame(
        {
            "store": named["store"].gather(told.store),
            "segment_type": pl.repeat(compared.segment_type, len(told.store), dtype=pl.String, eager=True),
            "segment": named["segment"].gather(told.segment),
            "metric": pl.repeat(compared.metric.name, len(told.store), dtype=pl.String, eager=True),
            "layer": pl.repeat(compared.layer, len(told.store), dtype=pl.String, eager=True),
            "compared": pl.repeat(part.compared, len(told.store), dtype=pl.String, eager=True),
            "peers": told.peers,
            "weeks": told.active_weeks,
            "weeks_ahead": told.weeks_ahead,
            "exposure": told.exposure,
            "value": seen,
            "peer_value": expected,
            "effect": told.effect,
            "sd": told.sd,
            "error": told.raw_error,
            "sd_shared": told.sd_shared,
            "lower": told.lower,
            "upper": told.upper,
            "lfsr": told.lfsr,
            "p_ahead": told.p_ahead,
            "yearly_value_base": worth["value"] if compared.is_valued else np.full(len(told.store), np.nan),
            "value_lower": worth["value_lower"] if compared.is_valued else np.full(len(told.store), np.nan),
            "value_upper": worth["value_upper"] if compared.is_valued else np.full(len(told.store), np.nan),
            "at_peer_base": earned_there,
            "information": worth["information"] if compared.is_valued else np.full(len(told.store), np.nan),
            "overdispersion": told.overdispersion,
            "reason_if_not_shown": pl.Series(told.reason, dtype=pl.String),
        }
    )


def _missing(days: pl.DataFrame) -> pl.DataFrame:
    """Per cell the counting it has, the category it lies in, and the shares of its days missing and of its lines with costs.

    Missing are days between its store's first and last known day that are not known.
    """
    spans = days.group_by("store").agg(first=pl.col("day").min(), last=pl.col("day").max(), known=pl.col("day").n_unique())
    length = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    one_parent = pl.col("parent").n_unique() == 1
    cells = days.group_by("store", "segment").agg(
        pl.col("dialect").drop_nulls().first(),
        parent=pl.when(one_parent).then(pl.col("parent").first()),
        costed=pl.col("costed_lines").sum() / pl.col("orders").sum(),
    )
    return cells.join(spans.select("store", missing=1.0 - pl.col("known") / length), on="store")


def _yearly(grid: Grid, sums: dict[str, Floats], metric: Metric, margin: float) -> Floats:
    """(cells,) what is earned, or lost, a year on the metric as it is; of a margin the sales it is a share of."""
    sales, orders = grid.by_cell(sums["sales"]), grid.by_cell(sums["orders"])
    a_year = DAYS_PER_YEAR / max(grid.days, 1)
    each = np.divide(sales, orders, out=np.zeros_like(orders), where=orders > 0.0)
    if metric is REFUND_RATE:  # a refunded sale is lost whole
        return np.asarray(grid.by_cell(sums["refunded"]) * each * a_year)
    if metric is REPEAT_RATE:
        return np.asarray(grid.by_cell(sums["returned_buyers"]) * each * margin * a_year)
    return np.asarray(grid.by_cell(sums["costed_sales"]) * a_year if metric is MARGIN else sales * margin * a_year)


def _codes(labels: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return labels.rank("dense").cast(pl.Int64).to_numpy() - 1


def _withheld(rows: pl.DataFrame, back_test: pl.DataFrame) -> pl.Series:
    """Per row why the back-test forbids a claim; null where it does not."""
    if PLACEBO_FAILED in back_test["verdict"]:
        return pl.repeat(PLACEBO_FAILED, rows.height, dtype=pl.String, eager=True)
    about = ["segment_type", "metric", "compared"]
    lost = back_test.filter(pl.col("reason").str.contains(SIGNS_LOST, literal=True)).select(*about, why=pl.lit(NOT_HELD))
    return rows.select(about).join(lost, on=about, how="left", maintain_order="left")["why"]


def _listed(rows: pl.DataFrame, withheld: pl.Series) -> pl.DataFrame:
    """The whole list under one error control: what is claimed, in which order, and why the rest is not."""
    rows = rows.with_columns(pl.col("reason_if_not_shown").replace("", None)).with_columns(
        lfsr=pl.when(pl.col("reason_if_not_shown").is_null()).then("lfsr").otherwise(pl.max_horizontal("lfsr", 0.5))
    )
    lfsr = rows["lfsr"].to_numpy()
    sure = lfsr <= CLAIMED_LFSR
    claimed = sure & withheld.is_null().to_numpy()
    worth = rows["yearly_value_base"].fill_nan(0.0).fill_null(0.0).to_numpy()
    why = pl.when(pl.Series(sure & ~claimed)).then(withheld).when(~pl.col("claimed")).then(pl.lit(NOT_SURE))
    return rows.with_columns(
        claimed=pl.Series(claimed, dtype=pl.Boolean),
        s_value=pl.Series(ranking.s_values(lfsr), dtype=pl.Float64),
        rank=pl.Series(ranking.headline_rank(worth, claimed), dtype=pl.Int32),
    ).with_columns(
        pl.col("reason_if_not_shown").fill_null(why),
        *(pl.col(name).fill_nan(None).round(2).cast(pl.Decimal(18, 2)) for name in _MONEY),
        *(pl.col(name).fill_nan(None) for name in ("value", "peer_value")),
    ).sort("rank")  # fmt: skip
