"""What each generation promised, kept for good: its recommendations as they stood, and what the operator decided on them.

Promises cannot be computed again, so they are landed: one file per generation, written once and never changed. What became of
them belongs to the statistics.
"""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets import published
from assets.home import Home, UsageError, write_durably
from assets.published import Generation

WINDOW = timedelta(weeks=8)  # after the last day of data, in which a promise is held to its word
DECISIONS = "decisions.csv"
TEMPLATE = "id,decision,date\n"
DONE, DISMISSED = "done", "dismissed"
PROMISES: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "generation": pl.Int64, "built_at": pl.String, "store": pl.String, "segment_type": pl.String,
    "segment": pl.String, "metric": pl.String, "move": pl.String, "effect": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "persistence": pl.Float64, "yearly_value_base": pl.Decimal(18, 2), "value_lower": pl.Decimal(18, 2),
    "value_upper": pl.Decimal(18, 2), "promised_from": pl.Date, "promised_until": pl.Date,
}  # fmt: skip
DECIDED: dict[str, pl.DataType | type[pl.DataType]] = {"id": pl.String, "decision": pl.String, "decided_on": pl.Date}
_TOLD = [name for name in PROMISES if name not in ("generation", "built_at", "promised_from", "promised_until")]
_MONEY = ("yearly_value_base", "value_lower", "value_upper")


def land(home: Home) -> list[Path]:
    """Write down what each published generation promised, of those not written down yet.

    Called after a generation is published. Should that be cut short, the next call makes up for it.

    Returns:
        The files written.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    for draft in folder.glob(".*.tmp"):
        draft.unlink(missing_ok=True)  # of a run that was killed
    written = []
    for generation in published.generations(home):
        path = folder / _name(generation)
        if not path.exists():
            write_durably(path, json.dumps(_of(home, generation), ensure_ascii=False, default=str, indent=0).encode())
            written.append(path)
    return written


def landed(home: Home) -> pl.DataFrame:
    """All promises, in the order they were made: one row per generation and recommendation."""
    rows = [row for path in sorted(_folder(home).glob("*.json")) for row in json.loads(path.read_bytes())]
    rows = [row | {name: Decimal(row[name]) for name in _MONEY} for row in rows]
    dates = [pl.col(name).str.to_date() for name in ("promised_from", "promised_until")]
    text = PROMISES | {"promised_from": pl.String, "promised_until": pl.String}
    return pl.DataFrame(rows, schema=text).with_columns(dates).sort("built_at", "generation", "id")


def decisions(home: Home) -> pl.DataFrame:
    """What was decided on recommendations: id, decision, decided_on; of one decided twice the last.

    Raises:
        UsageError: the file cannot be read, or a decision or date in it.
    """
    path = home.reference / DECISIONS
    if not path.exists():
        return pl.DataFrame(schema=DECIDED)
    try:
        read = pl.read_csv(path.read_bytes().decode("utf-8-sig").encode(), infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise UsageError(f"reference/{DECISIONS} cannot be read as UTF-8 CSV: {type(error).__name__}") from error
    read = read.rename({name: name.strip().lower() for name in read.columns})
    if missing := [name for name in TEMPLATE.strip().split(",") if name not in read.columns]:
        raise UsageError(f"reference/{DECISIONS} lacks the column {missing[0]}; it has {', '.join(read.columns)}")
    frame = read.select(
        id=pl.col("id").str.strip_chars(),
        decision=pl.col("decision").str.strip_chars().str.to_lowercase(),
        decided_on=pl.col("date").str.strip_chars().str.to_date("%Y-%m-%d", strict=False),
        said=pl.concat_str("id", "decision", "date", separator=",", ignore_nulls=True),
    ).filter(pl.col("id").is_not_null() & (pl.col("id") != ""))
    wrong = frame.filter(~pl.col("decision").is_in([DONE, DISMISSED]).fill_null(value=False) | pl.col("decided_on").is_null())
    if wrong.height:
        raise UsageError(
            f"reference/{DECISIONS}: {wrong['said'][0]}: a decision is {DONE} or {DISMISSED}, a date is written 2026-01-31"
        )
    return frame.select(*DECIDED).unique("id", keep="last", maintain_order=True)


def _folder(home: Home) -> Path:
    return home.landed / "promises"


def _name(generation: Generation) -> str:
    """Number and instant: should numbers ever start anew, no promise is taken for another."""
    instant = "".join(sign for sign in generation.built_at if sign.isalnum())
    return f"{generation.number:06d}-{instant}.json"


def _of(home: Home, generation: Generation) -> list[dict[str, Any]]:
    try:
        with duckdb.connect(str(home.published / generation.file), read_only=True) as database:
            recommended: pl.DataFrame = database.sql("from recommendations order by rank").pl()
            last = database.execute("select max(day) from cell_days").fetchone()
    except duckdb.CatalogException:  # of a time before there were recommendations
        return []
    if recommended.is_empty() or not last or not last[0]:
        return []
    window = {"promised_from": last[0] + timedelta(days=1), "promised_until": last[0] + WINDOW}
    made = {"generation": generation.number, "built_at": generation.built_at} | window
    return [{name: row[name] for name in _TOLD} | made for row in recommended.iter_rows(named=True)]
