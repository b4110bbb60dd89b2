"""Frame to altair chart: the few charts the report and the notebooks share, in one house style.

A chart shows the frame it is given. What the frame holds, and which rows, belongs to who asks for the chart.
"""

from collections.abc import Sequence
from math import log

import altair as alt
import polars as pl

INK, MUTED, RULE, PAPER = "#1f2933", "#5f6b76", "#dde2e7", "#ffffff"
BETTER, WORSE, UNSURE = "#0072b2", "#c2410c", "#8a949e"
STATES = {"present": "#9cc3dc", "empty": "#e6eaee", "partial": "#e69f00", "missing": "#9a2f06"}
STATE_NAMES = {"present": "present 有数据", "empty": "empty 当日为零", "partial": "partial 不完整", "missing": "missing 缺失"}
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
WIDTH = 250
ROW = 17

_LONGEST = log(4.0)  # intervals that reach further are cut at the frame's edge
_CHANGES = (-0.7, -0.5, -0.3, 0.0, 0.5, 1.0, 2.0)
_SMALL_CHANGES = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
_LIKELY = 0.8  # of meeting a target: from here on it is told as probable
_FURTHEST = 2.0  # targets: what reaches further is cut at the frame's edge
_FILL, _STROKE = alt.Fill("fill:N", scale=None), alt.Stroke("stroke:N", scale=None)
_ZERO = "datum.value ? format(datum.value, '{}') : '0'"
_TRENDS = (
    ("paid_orders", "orders 支付订单数", "~s"),
    ("sales", "{sales} ({currency})", "~s"),
    ("conversion", "conversion 转化率", "~%"),
)


@alt.theme.register("edgewise", enable=True)
def house_style() -> alt.theme.ThemeConfig:
    """Calm, readable in print and without colour: one ink, thin rules, no frames; no words for screen readers inside marks."""
    axis: alt.theme.AxisConfigKwds = {
        "domain": False, "ticks": False, "gridColor": RULE, "labelColor": MUTED, "labelFontSize": 11, "labelPadding": 4,
        "title": None, "labelLimit": 150,
    }  # fmt: skip
    return {
        "config": {
            "aria": False,
            "font": FONT,
            "background": "transparent",
            "padding": {"left": 14, "right": 14, "top": 2, "bottom": 2},
            "view": {"stroke": None},
            "axis": axis,
            "title": {"anchor": "start", "color": INK, "fontSize": 12, "fontWeight": 600, "offset": 6},
            "concat": {"spacing": 14},
        }
    }


def trend(weeks: pl.DataFrame, currency: str, sales: str = "net sales 净销售额") -> alt.VConcatChart:
    """One store by week: orders, sales and conversion, each from zero.

    Weeks that are not there are gaps, neither zero nor joined over. A week of which not all days are known stands apart as a
    hollow point.

    Args:
        weeks: period_start, paid_orders, sales and conversion (null where not known) and is_whole: whether every day is known.
        currency: of the sales.
        sales: what they are called.
    """
    shown = _every_week(weeks)
    known = [panel for panel in _TRENDS if shown[panel[0]].count()] or list(_TRENDS[:1])
    panels = []
    for name, label, style in known:
        weeks_of = shown.select("period_start", "is_whole", value=pl.col(name).cast(pl.Float64))
        panels.append(_by_week(weeks_of, label.format(currency=currency, sales=sales), style, last=name == known[-1][0]))
    return alt.vconcat(*panels)


def _every_week(weeks: pl.DataFrame) -> pl.DataFrame:
    """The weeks from the first to the last, with nulls in those that are not there."""
    if weeks.is_empty():
        return weeks
    ordered = weeks.sort("period_start")
    first, last = ordered["period_start"][0], ordered["period_start"][-1]
    calendar = pl.DataFrame({"period_start": pl.date_range(first, last, "1w", eager=True)})
    return calendar.join(ordered, on="period_start", how="left").with_columns(pl.col("is_whole").fill_null(value=False))


def _by_week(weeks: pl.DataFrame, title: str, style: str, *, last: bool) -> alt.LayerChart:
    fill = pl.when("is_whole").then(pl.lit(BETTER)).otherwise(pl.lit(PAPER))
    days = weeks["period_start"].gather_every(max(1, -(-weeks.height // 4)))
    shown = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days]
    by_day = alt.Axis(grid=False, format="%m-%d", labels=last, labelFlush=True, values=shown)
    base = alt.Chart(weeks.with_columns(joined=pl.when("is_whole").then("value"), fill=fill)).encode(
        x=alt.X("period_start:T", axis=by_day)
    )
    from_zero, axis = alt.Scale(zero=True, nice=3), alt.Axis(labelExpr=_ZERO.format(style), tickCount=3)
    joined = alt.Y("joined:Q", scale=from_zero, axis=axis)
    line = base.mark_line(color=BETTER, strokeWidth=1.5, invalid="break-paths-show-domains").encode(y=joined)
    points = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=14, opacity=1, stroke=BETTER, strokeWidth=1.2)
        .encode(y=alt.Y("value:Q", scale=from_zero, axis=axis), fill=_FILL)
    )
    return alt.LayerChart(layer=[line, points], width=WIDTH, height=58, title=title)


def against_peers(edges: pl.DataFrame) -> alt.VConcatChart:
    """The stores of one segment against their typical peer: percent change with 95 % intervals, best first, a panel a metric.

    Filled points are claimed, hollow ones are not sure enough; diamonds are compared by their own part, less the store's own
    level. Blue is better for the store, red is worse.

    Args:
        edges: store, metric (as titled), effect, lower, upper (log ratios), claimed, is_better and compared.
    """
    furthest = edges.select(pl.max_horizontal(pl.col("lower", "upper").abs().max(), 0.05)).item()
    domain = min(furthest, _LONGEST) * 1.02
    metrics = edges["metric"].unique(maintain_order=True).to_list()
    panels = [_dots(edges.filter(metric=metric), metric, domain, last=metric == metrics[-1]) for metric in metrics]
    return alt.vconcat(*panels)


def _dots(edges: pl.DataFrame, title: str, domain: float, *, last: bool) -> alt.LayerChart:
    shape = pl.when(pl.col("compared") == "own part").then(pl.lit("diamond")).otherwise(pl.lit("circle"))
    within = pl.col("effect", "lower", "upper").clip(-domain, domain)
    named = _coloured(edges, pl.col("is_better")).select("store", within, "stroke", "fill", shape=shape)
    ordered = named.sort("effect", "store", descending=[True, False])
    axis = alt.Axis(
        values=[log(1 + change) for change in _ticks(domain)],
        labelExpr="datum.value ? format(exp(datum.value) - 1, '+.0%') : '0'",
        labelOverlap=True,
        labels=last,
    )
    base = alt.Chart(ordered).encode(
        y=alt.Y("store:N", sort=ordered["store"].to_list(), axis=alt.Axis(grid=False, labelLimit=110))
    )
    scale = alt.Scale(domain=[-domain, domain], nice=False, zero=False)
    zero = alt.Chart(pl.DataFrame({"at": [0.0]})).mark_rule(color=MUTED, strokeWidth=1).encode(x=alt.X("at:Q", scale=scale))
    spans = base.mark_rule(strokeWidth=1.6).encode(x=alt.X("lower:Q", scale=scale, axis=axis), x2="upper:Q", stroke=_STROKE)
    points = base.mark_point(size=46, strokeWidth=1.6, opacity=1).encode(
        x=alt.X("effect:Q", scale=scale, axis=axis),
        stroke=_STROKE,
        fill=_FILL,
        shape=alt.Shape("shape:N", scale=None),
    )
    return alt.LayerChart(layer=[zero, spans, points], width=WIDTH - 40, height=alt.Step(ROW), title=title)


def _coloured(frame: pl.DataFrame, is_better: pl.Expr) -> pl.DataFrame:
    """With the colours of each row's verdict: better or worse where it is claimed, neither and hollow where it is not."""
    sure = pl.when(is_better).then(pl.lit(BETTER)).otherwise(pl.lit(WORSE))
    return frame.with_columns(
        stroke=pl.when("claimed").then(sure).otherwise(pl.lit(UNSURE)),
        fill=pl.when("claimed").then(sure).otherwise(pl.lit(PAPER)),
    )


def _ticks(domain: float) -> Sequence[float]:
    changes = _CHANGES if domain > log(1.4) else _SMALL_CHANGES
    return [change for change in changes if abs(log(1 + change)) <= domain]


def worth(recommendations: pl.DataFrame, currency: str) -> alt.LayerChart:
    """What each recommendation is worth a year: bars with 90 % intervals, in the order of the list; hollow ones are undecided.

    Args:
        recommendations: label, yearly_value_base, value_lower, value_upper and claimed.
        currency: the reporting currency, as named.
    """
    money = ("yearly_value_base", "value_lower", "value_upper")
    shown = _coloured(recommendations.with_columns(pl.col(*money).cast(pl.Float64)), pl.col("yearly_value_base") >= 0)
    base = alt.Chart(shown).encode(y=alt.Y("label:N", sort=shown["label"].to_list(), axis=alt.Axis(grid=False, labelLimit=300)))
    axis = alt.Axis(labelExpr=_ZERO.format("~s"), tickCount=5)
    bars = base.mark_bar(height=9, fillOpacity=0.45, strokeWidth=1).encode(
        x=alt.X("yearly_value_base:Q", axis=axis), fill=_FILL, stroke=_STROKE
    )
    spans = base.mark_rule(strokeWidth=1.6, color=INK).encode(x=alt.X("value_lower:Q", axis=axis), x2="value_upper:Q")
    title = f"Worth a year, {currency} 每年价值（{currency}）"
    return alt.LayerChart(layer=[bars, spans], width=640, height=alt.Step(ROW + 3), title=title)


def pace(targets: pl.DataFrame) -> alt.ConcatChart:
    """Targets and what comes of them, in shares of the target: a bar for what came, a tick for what was to come by now.

    The point is where the period will end, with its 90 % interval; the line at 100 % is the target. Blue will probably be met,
    red probably not. A panel for each kind of target.

    Args:
        targets: kind (its parts between dots, each a line of the title), store, actual, expected_so_far, forecast,
            forecast_lower, forecast_upper (shares of the target) and probability_of_hit.
    """
    probable = pl.col("probability_of_hit")
    colour = pl.when(probable >= _LIKELY).then(pl.lit(BETTER)).when(probable <= 1 - _LIKELY).then(pl.lit(WORSE))
    shown = targets.with_columns(colour=colour.otherwise(pl.lit(UNSURE)))
    furthest = shown.select(pl.max_horizontal(pl.col("actual", "forecast_upper").max(), 1.0)).item()
    kinds = shown["kind"].unique(maintain_order=True).to_list()
    return alt.concat(*(_paces(shown.filter(kind=kind), kind, min(furthest, _FURTHEST)) for kind in kinds), columns=2)


def _paces(targets: pl.DataFrame, kind: str, furthest: float) -> alt.LayerChart:
    within = targets.with_columns(
        pl.col("actual", "expected_so_far", "forecast", "forecast_lower", "forecast_upper").clip(0.0, furthest)
    )
    scale = alt.Scale(domain=[0.0, furthest], nice=False)
    axis = alt.Axis(labelExpr="format(datum.value, '.0%')", tickCount=5)
    fill, stroke = alt.Fill("colour:N", scale=None), alt.Stroke("colour:N", scale=None)

    def at(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    stores = alt.Y("store:N", sort=within["store"].to_list(), axis=alt.Axis(grid=False, labelLimit=150))
    base = alt.Chart(within).encode(y=stores)
    whole = alt.Chart(pl.DataFrame({"at": [1.0]})).mark_rule(color=MUTED, strokeWidth=1).encode(x=at("at"))
    bars = base.mark_bar(height=9, fillOpacity=0.45).encode(x=at("actual"), fill=fill)
    due = base.mark_tick(thickness=2, size=13, color=INK).encode(x=at("expected_so_far"))
    spans = base.mark_rule(strokeWidth=1.6).encode(x=at("forecast_lower"), x2="forecast_upper:Q", stroke=stroke)
    points = base.mark_point(size=46, opacity=1, shape="diamond").encode(x=at("forecast"), stroke=stroke, fill=fill)
    return alt.LayerChart(layer=[whole, bars, due, spans, points], width=330, height=alt.Step(ROW + 3), title=kind.split(" · "))


def coverage(days: pl.DataFrame) -> alt.Chart:
    """Which days of each store and source are known: a strip each, light where present, dark where missing.

    Args:
        days: store, source, day and state: present, empty, partial or missing.
    """
    runs = _runs(days)
    colour = alt.Color(
        "state:N",
        scale=alt.Scale(domain=list(STATE_NAMES.values()), range=list(STATES.values())),
        legend=alt.Legend(title=None, orient="top", symbolType="square", labelColor=MUTED, labelLimit=200, columns=4),
    )
    labels = [f"{store} · {source}" for store, source in runs.select("store", "source").unique(maintain_order=True).iter_rows()]
    named = runs.with_columns(pl.col("state").replace(STATE_NAMES), label=pl.format("{} · {}", "store", "source"))
    strip = alt.Chart(named, width=700, height=alt.Step(14)).mark_rect(height=10)
    drawn: alt.Chart = strip.encode(
        x=alt.X("from:T", axis=alt.Axis(format="%Y-%m-%d", tickCount=5, grid=False, labelFlush=True)),
        x2="to:T",
        y=alt.Y("label:N", sort=labels, axis=alt.Axis(grid=False, labelLimit=230)),
        color=colour,
    )
    return drawn


def _runs(days: pl.DataFrame) -> pl.DataFrame:
    """Days of one state in a row, as one row: `from` the first to `to`, the day after the last."""
    per = ["store", "source"]
    changes = pl.col("state").ne_missing(pl.col("state").shift().over(per))
    breaks_off = pl.col("day").diff().over(per).ne_missing(pl.duration(days=1))
    return (
        days.sort(*per, "day")
        .with_columns(run=(changes | breaks_off).cum_sum())
        .group_by(*per, "run", maintain_order=True)
        .agg(pl.col("state").first(), pl.col("day").first().alias("from"), to=pl.col("day").last().dt.offset_by("1d"))
        .drop("run")
    )


def as_svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG, drawn on this machine; the page it stands in says the font."""
    import vl_convert

    spec = chart.to_dict(validate=False)
    spec["config"]["font"] = "sans-serif"  # measuring text in a list of fonts takes twice as long
    drawn: str = vl_convert.vegalite_to_svg(spec, show_warnings=False)
    return drawn
