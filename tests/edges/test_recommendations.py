"""Recommendations: every move, the right one; each metric its own advice; nothing said twice; words that hold what they say."""

import json
from typing import Any

import polars as pl
import pytest
from days import REPORTING

from assets.edges.backtest import SCHEMA as BACK_TEST
from assets.edges.cells import SCHEMA
from assets.edges.compared import COMPARED
from assets.edges.names import METRIC_NAMES, MOVE_NAMES, SEGMENT_NAMES
from assets.edges.recommend import EXPLORED, OF_ONE_STORE, recommendations
from assets.edges.words import rounded, trial

CELL: dict[str, Any] = {
    "store": "s1", "segment_type": "category", "segment": "Tea", "parent": None, "metric": "conversion", "layer": "store",
    "compared": "own part", "dialect": "one", "peers": 5, "weeks": 12, "weeks_ahead": 11, "exposure": 1000.0, "value": 0.05,
    "peer_value": 0.03, "effect": 0.4, "sd": 0.05, "error": 0.06, "sd_shared": 0.0, "lower": 0.3, "upper": 0.5, "lfsr": 0.001,
    "p_ahead": 0.999, "yearly_value_base": 5000.0, "value_lower": 4000.0, "value_upper": 6000.0, "at_peer_base": 10_000.0,
    "information": 0.0, "overdispersion": 1.1, "reason_if_not_shown": None,
}  # fmt: skip
LOSS = {
    "p_ahead": 0.001,
    "effect": -0.4, "lower": -0.5, "upper": -0.3, "weeks_ahead": 1,
    "yearly_value_base": -5000.0, "value_lower": -6000.0, "value_upper": -4000.0,
}  # fmt: skip
UNSURE = {"lfsr": 0.4, "p_ahead": 0.6, "information": 500.0, "reason_if_not_shown": "not sure enough"}


def edges(*rows: dict[str, Any]) -> pl.DataFrame:
    money = ("yearly_value_base", "value_lower", "value_upper", "at_peer_base", "information")
    frame = pl.DataFrame([CELL | row for row in rows], schema=SCHEMA)
    return frame.with_columns(pl.col(money).cast(pl.Decimal(18, 2)), claimed=pl.col("reason_if_not_shown").is_null())


def back_tested(**row: Any) -> pl.DataFrame:
    nothing = {
        "segment_type": "all",
        "metric": "all",
        "compared": "own part",
        "claims": 0,
        "verdict": "too short",
        "reason": "short",
    }
    return pl.DataFrame([dict.fromkeys(BACK_TEST) | nothing | row], schema=BACK_TEST)


def made(*rows: dict[str, Any], **back_test: Any) -> list[dict[str, Any]]:
    return recommendations(edges(*rows), back_tested(**back_test), REPORTING).to_dicts()


VALUED = [compared for compared in COMPARED if compared.is_valued]
OTHER = {"store": "s2", "effect": 0.01, "exposure": 5000.0, "reason_if_not_shown": "not sure enough", "lfsr": 0.9, "p_ahead": 0.1}


@pytest.mark.parametrize(
    ("rows", "move"),
    [
        ([{}, OTHER], "attack"),
        ([{"effect": 0.02}, OTHER], "hold"),
        ([{"exposure": 9000.0}, OTHER], "hold"),
        ([LOSS, OTHER], "fix"),
        ([LOSS, {"store": "s2"}], "concede"),
        ([UNSURE, OTHER], "explore"),
    ],
)
def test_every_move_can_be_reached(rows: list[dict[str, Any]], move: str) -> None:
    found = [row for row in made(*rows) if row["store"] == "s1"]
    assert [row["move"] for row in found] == [move]
    assert found[0]["text_en"]
    assert found[0]["text_zh"]


def test_a_store_gives_way_to_the_one_that_leads_and_is_told_where_to_go() -> None:
    kitchen = {"segment": "Kitchen", "effect": 0.3}
    (row,) = [row for row in made(LOSS, {"store": "s2", "effect": 0.5}, kitchen) if row["move"] == "concede"]
    assert row["text_en"].startswith("Let s2 lead Tea, and move what s1 spends on it to its own edges (Kitchen).")
    assert "s2 is +65% there" in row["text_en"]
    assert row["text_zh"].startswith("「Tea」交给 s2 主攻，s1 的投入转到自己的强项（Kitchen）。")


@pytest.mark.parametrize(
    ("metric", "side", "says"),
    [
        ("conversion", {}, "Send more visitors"),
        ("basket", {}, "buyers spend more"),
        ("margin", {}, "more is kept of every sale"),
        ("repeat_rate", {}, "Win new buyers"),
        ("refund_rate", LOSS | {"effect": 0.4, "lower": 0.3, "upper": 0.5}, "refund reasons"),
        ("refund_rate", {"effect": -0.4, "lower": -0.5, "upper": -0.3}, "less of it comes back"),
        ("margin", LOSS, "purchase cost"),
        ("repeat_rate", LOSS, "reason to return"),
        ("basket", LOSS, "sets, a price for two"),
        ("conversion", LOSS, "page, price and reviews"),
    ],
)
def test_each_metric_has_its_own_advice(metric: str, side: dict[str, Any], says: str) -> None:
    (row,) = made(side | {"metric": metric, "exposure": 10.0}, OTHER | {"metric": metric})
    assert says in row["text_en"]


def test_what_a_basket_comes_from_decides_what_to_do() -> None:
    driver = {"yearly_value_base": None, "value_lower": None, "value_upper": None}
    basket = {"metric": "basket", "exposure": 10.0}
    pieces, dearer = (made(basket, driver | {"metric": name}, OTHER | {"metric": "basket"})[0]
                      for name in ("units_per_order", "price_per_unit"))  # fmt: skip
    assert "take more pieces" in pieces["text_en"]
    assert "dearer goods" in dearer["text_en"]
    assert json.loads(dearer["evidence"])["drivers"] == [{"metric": "price_per_unit", "effect": 0.4}]


def test_one_recommendation_a_segment_by_the_metric_worth_most_and_never_their_sum() -> None:
    rows = made({"metric": "conversion"}, {"metric": "sales_per_visit", "yearly_value_base": 5100.0}, {"metric": "basket"})
    assert [(row["metric"], float(row["yearly_value_base"])) for row in rows] == [("sales_per_visit", 5100.0)]
    assert "It comes with sales per order line +49% and conversion +49%" in rows[0]["text_en"]


def test_parts_of_a_category_repeat_it_only_on_the_other_side() -> None:
    item = {"segment_type": "item", "segment": "Pot", "parent": "Tea"}
    band = {"segment_type": "price_band", "segment": "Tea · 50–100", "parent": "Tea"}
    assert {row["segment"] for row in made({}, item, band)} == {"Tea"}
    assert {row["segment"] for row in made({}, item | LOSS, band)} == {"Tea", "Pot"}
    assert {row["segment"] for row in made(item, band)} == {"Pot"}, "a band is left out whose items are told"
    assert {row["segment"] for row in made({"store": "s2"}, item)} == {"Tea", "Pot"}, (
        "another store's category says nothing of it"
    )


def test_what_is_to_be_explored_is_apart_few_and_worth_knowing() -> None:
    segments = [UNSURE | {"segment": f"g{n}", "store": f"s{n % 9}", "information": 100.0 + n} for n in range(40)]
    trifle = UNSURE | {"segment": "trifle", "information": 0.1}
    sure = UNSURE | {"segment": "nearly", "p_ahead": 0.9}
    rows = made({}, OTHER, trifle, sure, *segments)
    explored = [row for row in rows if row["move"] == "explore"]
    assert rows[0]["move"] == "attack"
    assert len(explored) == EXPLORED
    assert max(sum(row["store"] == f"s{n}" for row in explored) for n in range(9)) <= OF_ONE_STORE
    assert not {"trifle", "nearly"} & {row["segment"] for row in rows}
    assert all("This is no claim" in row["text_en"] and "这不是结论" in row["text_zh"] for row in explored)


def test_what_is_just_behind_is_worth_a_test_as_well_and_a_test_looks_for_what_may_well_be() -> None:
    behind = UNSURE | {
        "effect": -0.001,
        "sd": 0.2,
        "error": 0.04,
        "p_ahead": 0.49,
        "yearly_value_base": -12.0,
        "value_lower": -200.0,
    }
    for metric, hoped in (("conversion", "+22%"), ("refund_rate", "−18%")):
        (row,) = made(behind | {"metric": metric}, OTHER)
        assert row["move"] == "explore"
        assert "That is ±0% once luck is allowed for" in row["text_en"]
        assert "the odds that it is ahead are 49%. The best guess is a loss of 12 CNY a year" in row["text_en"]
        assert f"were it {hoped}, that would show four times in five" in row["text_en"]
        assert f"若真有 {hoped}" in row["text_zh"]
        share, weeks = json.loads(row["evidence"])["trial"].values()
        assert (share, weeks) == trial(CELL | {"error": 0.04}, 0.2)
    (row,) = made(behind | {"error": 0.4}, OTHER)
    assert row["text_en"].startswith("Keep an eye on Tea in s1: it sells too little for a trial to tell")
    assert row["text_zh"].startswith("留意 s1 的「Tea」：量太小")
    assert json.loads(row["evidence"])["trial"] is None


def test_a_promise_is_what_lasts_of_it() -> None:
    (row,) = made({}, OTHER, verdict="passed", claims=40, persistence=0.5)[:1]
    assert (float(row["yearly_value_base"]), row["persistence"]) == (2500.0, 0.5)
    assert "50% of past effects lasted" in row["text_en"]


def test_a_trial_has_the_power_it_says() -> None:
    """Two arms for the weeks told differ with the error that 80 % power at one wrong call in twenty needs, and no week less."""
    share, weeks = trial(CELL, CELL["effect"]) or (0.0, 0)
    needed = (2.4865 / CELL["effect"]) ** 2

    def precision(length: int) -> float:
        return length / (CELL["error"] ** 2 * CELL["weeks"] * (1 / share + 1 / (1 - share)))

    assert precision(weeks) >= needed > precision(weeks - 1)
    assert trial(CELL, 0.01) is None, "half the traffic for half a year would not tell"


@pytest.mark.parametrize("compared", VALUED, ids=[f"{one.segment_type} {one.metric.name}" for one in VALUED])
@pytest.mark.parametrize("side", [{}, LOSS, UNSURE], ids=["ahead", "behind", "unsure"])
def test_everything_compared_can_be_put_into_words(compared: Any, side: dict[str, Any]) -> None:
    about = {"segment_type": compared.segment_type, "metric": compared.metric.name}
    for row in made(side | about, OTHER | about):
        assert row["store"] in row["text_en"]
        assert row["store"] in row["text_zh"]
        assert "None" not in row["text_en"] + row["text_zh"]
        assert row["text_en"].startswith(row["to_do_en"] + " ")
        assert row["text_zh"].startswith(row["to_do_zh"])


def test_everything_has_a_name_in_both_languages() -> None:
    assert set(MOVE_NAMES) == {"attack", "hold", "fix", "concede", "explore"}
    assert {one.metric.name for one in COMPARED} == set(METRIC_NAMES)
    assert {one.segment_type for one in COMPARED} == set(SEGMENT_NAMES)


@pytest.mark.parametrize(("amount", "told"), [(149_115.0, "149,000"), (-80_710.4, "80,700"), (999.9, "1,000"), (0.126, "0.13")])
def test_amounts_have_three_digits(amount: float, told: str) -> None:
    assert rounded(amount) == told
