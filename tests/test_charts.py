"""The charts: each keeps to Vega-Lite's schema, shows what it is given and hides nothing that is missing."""

from datetime import date, timedelta
from itertools import pairwise
from math import log
from typing import Any

import altair as alt
import polars as pl

from assets import charts

MONDAY = date(2026, 8, 10)


def weeks(*, without: tuple[int, ...] = (), partial: tuple[int, ...] = (), count: int = 6) -> pl.DataFrame:
    """Weeks of a store, some not there and some not whole."""
    rows = [
        {
            "period_start": MONDAY + timedelta(weeks=week),
            "paid_orders": 100 + week,
            "sales": 1000.5 * week,
            "conversion": 0.02,
            "is_whole": week not in partial,
        }
        for week in range(count)
        if week not in without
    ]
    return pl.DataFrame(rows)


def edges(**changed: Any) -> pl.DataFrame:
    """Three stores in one segment: a claimed edge, a claimed weakness, and one that is not sure."""
    frame = pl.DataFrame(
        {
            "store": ["strong", "unsure", "weak"],
            "metric": ["conversion 转化率"] * 3,
            "effect": [log(1.5), 0.01, log(0.7)],
            "lower": [log(1.2), -0.1, log(0.6)],
            "upper": [log(1.8), 0.2, log(0.8)],
            "claimed": [True, False, True],
            "is_better": [True, True, False],
            "compared": ["level", "own part", "level"],
        }
    )
    return frame.with_columns(**{name: pl.Series(value) for name, value in changed.items()})


def rows_of(chart: alt.TopLevelMixin) -> list[dict[str, Any]]:
    """All rows a chart draws, from whatever data sets it holds; what it is made of is checked against the schema."""
    spec = chart.to_dict()
    return [row for rows in spec["datasets"].values() for row in rows]


def days(states: list[str], store: str = "a") -> pl.DataFrame:
    """Days of one source, in these states."""
    return pl.DataFrame(
        {
            "store": [store] * len(states),
            "source": ["orders"] * len(states),
            "day": [MONDAY + timedelta(days=day) for day in range(len(states))],
            "state": states,
        }
    )


def test_a_missing_week_is_a_gap_and_not_a_zero() -> None:
    rows = [row for row in rows_of(charts.trend(weeks(without=(2,)), "CNY")) if row["period_start"].startswith("2026-08-24")]
    assert [row["value"] for row in rows] == [None] * 3
    assert [row["joined"] for row in rows] == [None] * 3


def test_the_line_is_broken_where_a_week_is_missing() -> None:
    """The orders' line is drawn in two pieces, without a point between them."""
    svg = charts.as_svg(
        charts.trend(weeks(without=(2,)).select(pl.exclude("sales", "conversion"), sales=None, conversion=None), "CNY")
    )
    (line,) = [piece.split('"')[0] for piece in svg.split(' d="') if piece.count("M") == 2 and "A" not in piece.split('"')[0]]
    assert line.count("L") == 3  # two weeks joined once, three weeks joined twice


def test_a_week_of_which_days_are_missing_stands_apart() -> None:
    rows = [row for row in rows_of(charts.trend(weeks(partial=(5,)), "CNY")) if row["period_start"].startswith("2026-09-14")]
    assert {row["joined"] for row in rows} == {None}
    assert {row["fill"] for row in rows} == {charts.PAPER}
    assert None not in {row["value"] for row in rows}


def test_what_is_never_known_has_no_panel() -> None:
    known = weeks().with_columns(conversion=pl.lit(None, pl.Float64))
    titles = [panel["title"] for panel in charts.trend(known, "GBP").to_dict()["vconcat"]]
    assert titles == ["orders 支付订单数", "net sales 净销售额 (GBP)"]


def test_a_store_without_any_week_is_still_drawn() -> None:
    assert "orders" in charts.as_svg(charts.trend(weeks().clear(), "CNY"))


def test_claimed_edges_are_filled_and_others_hollow() -> None:
    rows = {row["store"]: row for row in rows_of(charts.against_peers(edges())) if "store" in row}
    assert (rows["strong"]["fill"], rows["strong"]["stroke"]) == (charts.BETTER, charts.BETTER)
    assert (rows["weak"]["fill"], rows["weak"]["stroke"]) == (charts.WORSE, charts.WORSE)
    assert (rows["unsure"]["fill"], rows["unsure"]["stroke"]) == (charts.PAPER, charts.UNSURE)
    assert [rows[store]["shape"] for store in ("strong", "unsure")] == ["circle", "diamond"]


def test_stores_stand_best_first_and_zero_has_a_line() -> None:
    (panel,) = charts.against_peers(edges()).to_dict()["vconcat"]
    zero, spans, points = panel["layer"]
    assert points["encoding"]["y"]["sort"] == ["strong", "unsure", "weak"]
    assert zero["mark"]["type"] == spans["mark"]["type"] == "rule"
    assert {"at": 0.0} in rows_of(charts.against_peers(edges()))


def test_an_effect_is_labelled_as_a_change() -> None:
    svg = charts.as_svg(charts.against_peers(edges()))
    assert ">+50%<" in svg
    assert ">−30%<" in svg


def test_an_interval_without_end_does_not_squeeze_the_others() -> None:
    (panel,) = charts.against_peers(edges(upper=[log(1.8), 9.0, log(0.8)])).to_dict()["vconcat"]
    assert panel["layer"][2]["encoding"]["x"]["scale"]["domain"][1] < log(4.2)
    assert max(row["upper"] for row in rows_of(charts.against_peers(edges(upper=[1, 9, 1]))) if "upper" in row) < log(4.2)


def test_recommendations_keep_their_order_and_say_the_currency() -> None:
    frame = pl.DataFrame(
        {
            "label": ["1. b · y", "2. a · x"],
            "yearly_value_base": [-10.0, 20.0],
            "value_lower": [-15.0, 5.0],
            "value_upper": [-5.0, 30.0],
            "claimed": [True, False],
        }
    )
    spec = charts.worth(frame, "GBP").to_dict()
    assert "GBP" in spec["title"]
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["1. b · y", "2. a · x"]
    assert [row["fill"] for row in rows_of(charts.worth(frame, "GBP"))] == [charts.WORSE, charts.PAPER]


def test_days_of_one_state_are_one_piece_and_a_hole_is_none() -> None:
    strip = days(["present", "present", "missing", "present"])
    rows = rows_of(charts.coverage(strip.filter(pl.int_range(pl.len()) != 1)))
    pieces = [(row["from"][:10], row["to"][:10], row["state"]) for row in rows]
    assert pieces == [
        ("2026-08-10", "2026-08-11", charts.STATE_NAMES["present"]),
        ("2026-08-12", "2026-08-13", charts.STATE_NAMES["missing"]),
        ("2026-08-13", "2026-08-14", charts.STATE_NAMES["present"]),
    ]


def test_states_of_days_differ_in_lightness() -> None:
    """In print and for eyes without colour: no two states look alike."""

    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = sorted(lightness(colour) for colour in charts.STATES.values())
    assert min(later - sooner for sooner, later in pairwise(shades)) > 0.05


def test_names_are_escaped() -> None:
    svg = charts.as_svg(charts.against_peers(edges(store=["<script>x</script>", 'a"b', "c&d"])))
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
