"""`edgewise edges`: a table in, a table out, and mistakes told in a line."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from planted import world
from typer.testing import CliRunner, Result

from pipelines.cli import app

COLUMNS = ["store", "segment", "metric", "effect", "lower", "upper", "lfsr", "rank", "yearly_value"]


def events() -> pl.DataFrame:
    rows = world(11, stores=8, segments=6, traffic=200.0, edges={(3, 2): 0.6, (5, 1): -0.6})
    return pl.DataFrame(
        {
            "store": rows.store,
            "segment": rows.segment,
            "day": rows.day,
            "visitors": rows.visitors.astype(int),
            "buyers": rows.orders.astype(int),
            "orders": rows.orders.astype(int),
            "revenue": rows.revenue,
            "refunds": np.floor(rows.orders * 0.06).astype(int),
            "revenue_w": rows.revenue,
            "revenue_w_sq": rows.revenue * 60.0,
        }
    )


def run(into: Path, out: Path) -> Result:
    return CliRunner().invoke(app, ["edges", "--in", str(into), "--out", str(out)])


def told(folder: Path, table: pl.DataFrame) -> pl.DataFrame:
    table.write_parquet(folder / "events.parquet")
    result = run(folder / "events.parquet", folder / "recs.parquet")
    assert result.exit_code == 0, result.output
    return pl.read_parquet(folder / "recs.parquet")


def test_edges_are_written_best_first(tmp_path: Path) -> None:
    recs = told(tmp_path, events())
    assert recs.columns == COLUMNS
    assert recs["rank"].to_list() == list(range(1, recs.height + 1))
    assert not recs.select("store", "segment", "metric").is_duplicated().any()
    assert recs.row(0)[:2] == (3, 2)
    assert recs.filter(pl.col("store") == 5, pl.col("segment") == 1, pl.col("metric") == "conversion")["lfsr"].item() < 0.01
    assert set(recs["metric"]) == {"conversion", "aov", "rpv", "refund_rate"}


def test_text_dates_and_csv_say_the_same(tmp_path: Path) -> None:
    recs = told(tmp_path, events())
    named = events().with_columns(
        store="s" + pl.col("store").cast(pl.String),
        segment="g" + pl.col("segment").cast(pl.String),
        day=pl.date(2026, 1, 1) + pl.duration(days=pl.col("day")),
    )
    named.write_csv(tmp_path / "events.csv")
    assert run(tmp_path / "events.csv", tmp_path / "recs.csv").exit_code == 0
    text = pl.read_csv(tmp_path / "recs.csv")
    assert text["store"].str.strip_prefix("s").cast(pl.Int64).to_list() == recs["store"].to_list()
    np.testing.assert_allclose(text["effect"], recs["effect"], atol=1e-6)


def test_a_table_without_rows_gives_a_table_without_rows(tmp_path: Path) -> None:
    assert told(tmp_path, events().clear()).columns == COLUMNS


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda table: table.drop("orders", "refunds"), "lacks the columns orders, refunds"),
        (lambda table: table.with_columns(orders=pl.lit("many")), "orders must be numbers"),
        (lambda table: table.with_columns(day=pl.lit("Monday")), "day must be a date or a whole number"),
        (lambda table: table.with_columns(visitors=-pl.col("visitors")), "visitors must be finite and not below 0"),
        (lambda table: table.with_columns(store=pl.lit(None, pl.Int64)), "store must be filled"),
        (lambda table: table.with_columns(day=pl.col("day") * 1000), "the days span"),
    ],
)
def test_a_mistake_is_told_in_a_line(tmp_path: Path, spoilt: object, said: str) -> None:
    spoilt(events()).write_parquet(tmp_path / "events.parquet")  # type: ignore[operator]
    result = run(tmp_path / "events.parquet", tmp_path / "recs.parquet")
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("into", "out"), [("nowhere.parquet", "recs.csv"), ("events.xlsx", "recs.csv"), ("events.csv", "recs.txt")]
)
def test_files_that_cannot_be_are_told_in_a_line(tmp_path: Path, into: str, out: str) -> None:
    events().write_csv(tmp_path / "events.csv")
    result = run(tmp_path / into, tmp_path / out)
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
