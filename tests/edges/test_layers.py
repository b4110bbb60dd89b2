"""Grades of layers: known where stores are compared, unknown where nothing compares them, never guessed."""

import polars as pl
import pytest
from days import REPORTING, cell_days

from assets.edges.backtest import back_test
from assets.edges.cells import NOT_HELD, SIGNS_LOST, edges
from assets.edges.gaps import NEEDS, NO_SOURCES, TELLS_SOURCES, edge_gaps
from assets.edges.layers import MADE_OF, store_layers
from assets.exports.formats import load_all


def graded(days: pl.DataFrame, platform: str | None = None) -> pl.DataFrame:
    stores = pl.DataFrame({"store": [f"s{i}" for i in range(8)]}).with_columns(platform=pl.lit(platform, pl.String))
    return store_layers(edges(days, back_test(days), REPORTING), edge_gaps(days, stores), stores)


def test_where_stores_do_not_differ_all_that_is_known_is_average() -> None:
    rows = graded(cell_days(5))
    assert rows.height == 8 * len(MADE_OF)
    known = rows.filter(pl.col("layer").is_in(["store", "product"]))
    assert set(known["grade"]) == {"B"}
    assert set(rows.filter(~pl.col("layer").is_in(["store", "product"]))["grade"]) == {"unknown"}
    assert not rows["is_strongest"].any()


def test_a_store_good_everywhere_is_graded_so_and_one_bad_everywhere_too() -> None:
    apart = {("s1", f"g{g}"): 0.5 for g in range(6)} | {("s6", f"g{g}"): -0.5 for g in range(6)}
    rows = graded(cell_days(6, edges=apart))
    of_store = {row["store"]: row for row in rows.filter(pl.col("layer") == "store").iter_rows(named=True)}
    assert of_store["s1"]["grade"] == "A"
    assert of_store["s1"]["is_strongest"]
    assert of_store["s1"]["effect"] == pytest.approx(0.5, abs=0.12)
    assert of_store["s6"]["grade"] == "C"
    assert of_store["s6"]["is_next"]
    assert of_store["s6"]["climb_value_base"] > 0
    assert (rows.group_by("store").agg(pl.col("is_next").sum())["is_next"] == 1).all()


def test_what_is_missing_is_unknown_and_says_what_would_tell() -> None:
    rows = graded(cell_days(7).with_columns(visits=pl.lit(None, pl.Int64)))
    assert rows.filter(pl.col("layer") == "store")["reason"].str.contains("daily visits by product").all()
    assert rows.filter(pl.col("layer") == "brand")["reason"].unique().to_list() == [
        "needs items in catalogue.csv that two other stores sell too"
    ]
    alone = graded(cell_days(7).with_columns(dialect=pl.col("store")))
    assert set(alone.filter(pl.col("layer") == "product")["grade"]) == {"B"}, "what no platform counts is compared with all"
    assert set(alone.filter(pl.col("layer") == "product")["compared"]) == {"level across platforms"}
    assert set(alone.filter(pl.col("layer") != "product")["grade"]) == {"unknown"}
    assert alone.filter(pl.col("layer") == "store")["reason"].str.contains("counted like it").all()


def test_what_no_export_of_a_platform_tells_is_not_asked_for() -> None:
    assert set(TELLS_SOURCES) == {known.platform for known in load_all().values() if known.report == "channel"}
    asked = {platform: graded(cell_days(5), platform).filter(layer="content") for platform in ("taobao", "amazon", None)}
    assert set(asked["taobao"]["reason"]) == set(asked[None]["reason"]) == {f"needs {NEEDS['all_visits'][0]}"}
    assert set(asked["amazon"]["reason"]) == {NO_SOURCES[0]}
    assert asked["taobao"]["is_next"].any()
    assert not asked["amazon"]["is_next"].any(), "nobody can climb by a report that does not exist"


def test_what_did_not_hold_in_the_back_test_is_not_graded() -> None:
    apart = {("s1", f"g{g}"): 0.5 for g in range(6)}
    days = cell_days(6, days=112, edges=apart)
    told = pl.when(pl.col("compared") == "level").then(pl.lit(SIGNS_LOST)).otherwise("reason")
    stores = days.select("store", platform=pl.lit(None, pl.String)).unique()
    rows = store_layers(edges(days, back_test(days).with_columns(reason=told), REPORTING), edge_gaps(days, stores), stores)
    of_store = rows.filter(pl.col("layer") == "store")
    assert set(of_store["grade"]) == {"unknown"}
    assert set(of_store["reason"]) == {NOT_HELD}
