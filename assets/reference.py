"""The owner's small tables under `reference/`: stores, exchange rates, catalogue. Read here, checked here, all optional."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from assets.exports.opening import StoreFacts
from assets.home import Home, UsageError

RATE_LIFETIME = timedelta(days=7)
TEMPLATES = {
    "stores.csv": "store,platform,timezone,currency,name,group,owner\n",
    "fx_rates.csv": "date,currency,rate\n",
    "catalogue.csv": "merchant_sku,item,category\n",
    "item_links.csv": "store,product_id,item,confirmed\n",
    "decisions.csv": "id,decision,date\n",
    "targets.csv": "store,grain,period_start,metric,target\n",
    "costs.csv": "store,merchant_sku,valid_from,unit_cost,currency\n",
    "promotions.csv": "name,store,starts,ends\n",
}
SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "reference_stores": {
        "store": pl.String,
        "platform": pl.String,
        "timezone": pl.String,
        "currency": pl.String,
        "name": pl.String,
        "store_group": pl.String,
        "owner": pl.String,
    },
    "reference_rates": {"day": pl.Date, "currency": pl.String, "rate": pl.Decimal(18, 8)},
    "reference_catalogue": {"merchant_sku": pl.String, "item": pl.String, "category": pl.String},
    "reference_item_links": {"store": pl.String, "product_id": pl.String, "item": pl.String},
    "reference_targets": {
        "store": pl.String,
        "grain": pl.String,
        "period_start": pl.Date,
        "metric": pl.String,
        "target": pl.Decimal(18, 2),
    },
    "reference_costs": {
        "store": pl.String,
        "merchant_sku": pl.String,
        "valid_from": pl.Date,
        "unit_cost": pl.Decimal(18, 4),
        "currency": pl.String,
    },
    "reference_promotions": {"name": pl.String, "store": pl.String, "starts": pl.Date, "ends": pl.Date},
}


def digest(home: Home) -> str:
    """One digest of all reference files, by content."""
    files = sorted(path for path in home.reference.rglob("*") if path.is_file())
    joined = b"".join(path.relative_to(home.reference).as_posix().encode() + path.read_bytes() for path in files)
    return hashlib.sha256(joined).hexdigest()[:32]


def read(path: Path) -> pl.DataFrame:
    """A reference table as text, with the columns its template has; blanks are null, and so is a file that is not there.

    Raises:
        UsageError: it is no UTF-8 CSV, or lacks a column.
    """
    needed = TEMPLATES[path.name].strip().split(",")
    if not path.exists():
        return pl.DataFrame(schema=dict.fromkeys(needed, pl.String))
    try:
        content = path.read_bytes().decode("utf-8-sig").encode()
        frame = pl.read_csv(content, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise UsageError(f"reference/{path.name} cannot be read as UTF-8 CSV: {type(error).__name__}") from error
    frame = frame.rename({name: name.strip().lower() for name in frame.columns})
    if missing := [name for name in needed if name not in frame.columns and name not in ("group", "name", "owner")]:
        raise UsageError(f"reference/{path.name} lacks the column {missing[0]}; it has {', '.join(frame.columns)}")
    absent = [pl.lit(None, pl.String).alias(name) for name in needed if name not in frame.columns]
    text = frame.with_columns(absent).select(pl.col(name).str.strip_chars() for name in needed)
    return text.select(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in needed)


def stores(home: Home) -> pl.DataFrame:
    """The stores of stores.csv: store, platform, timezone, currency, name, store_group, owner.

    Raises:
        UsageError: a store stands twice, or a time zone or currency is none.
    """
    frame = read(home.reference / "stores.csv").rename({"group": "store_group"}).drop_nulls("store")
    for row in frame.iter_rows(named=True):
        try:
            ZoneInfo(row["timezone"] or "UTC")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UsageError(
                f"reference/stores.csv: {row['store']}: {row['timezone']} is no time zone like Asia/Shanghai"
            ) from error
        if row["currency"] and not (len(row["currency"]) == 3 and row["currency"].isalpha()):  # noqa: PLR2004  ISO 4217
            raise UsageError(f"reference/stores.csv: {row['store']}: {row['currency']} is no currency like CNY")
    if frame["store"].is_duplicated().any():
        raise UsageError(f"reference/stores.csv: {frame.filter(pl.col('store').is_duplicated())['store'][0]} stands twice")
    return frame.with_columns(pl.col("currency").str.to_uppercase())


def store_facts(home: Home) -> dict[str, StoreFacts]:
    """What reading a store's files needs to know of it."""
    return {
        row["store"]: StoreFacts(row["timezone"] or "", row["currency"] or "", row["name"] or "", row["owner"] or "")
        for row in stores(home).iter_rows(named=True)
    }


def rates(home: Home, reporting_currency: str, until: date) -> pl.DataFrame:
    """The rate of every currency on every day it is known: day, currency, rate.

    A day without a rate takes the last earlier one, at most seven days old. The reporting currency is not in it.

    Raises:
        UsageError: a date or a rate cannot be read.
    """
    frame = read(home.reference / "fx_rates.csv").drop_nulls("date")
    typed = frame.with_columns(
        day=pl.col("date").str.to_date("%Y-%m-%d", strict=False),
        currency=pl.col("currency").str.to_uppercase(),
        rate=pl.col("rate").cast(pl.Decimal(18, 8), strict=False),
    )
    if (wrong := typed.filter(pl.col("day").is_null() | pl.col("rate").is_null() | pl.col("currency").is_null())).height:
        raise UsageError(
            f"reference/fx_rates.csv: {wrong['date'][0]} {wrong['currency'][0]}: dates are written 2026-01-31, rates 7.0512"
        )
    typed = (
        typed.filter(pl.col("currency") != reporting_currency).unique(["day", "currency"], keep="last").sort("currency", "day")
    )
    following = pl.col("day").shift(-1).over("currency")
    held = pl.min_horizontal(following - timedelta(days=1), pl.col("day") + RATE_LIFETIME, pl.lit(until)).fill_null(
        pl.col("day") + RATE_LIFETIME
    )
    days = typed.with_columns(day=pl.date_ranges("day", pl.max_horizontal("day", held))).explode("day")
    return days.select(SCHEMAS["reference_rates"].keys())


def catalogue(home: Home) -> pl.DataFrame:
    """What merchant SKUs are, across stores: merchant_sku, item, category; of a SKU that stands twice the last."""
    return (
        read(home.reference / "catalogue.csv").drop_nulls("merchant_sku").unique("merchant_sku", keep="last", maintain_order=True)
    )


def item_links(home: Home) -> pl.DataFrame:
    """Which listings are the same item, as a person confirmed: store, product_id, item. What is not confirmed is not in it.

    Raises:
        UsageError: an answer is neither yes nor no, a confirmed line names no item, or a product is confirmed as two.
    """
    frame = read(home.reference / "item_links.csv").drop_nulls(["store", "product_id"])
    for row in frame.iter_rows(named=True):
        where, answer = f"reference/item_links.csv: {row['store']} {row['product_id']}", (row["confirmed"] or "").lower()
        if answer not in (*YES, *NO, ""):
            raise UsageError(f"{where}: confirmed is yes, no or blank, not {row['confirmed']}")
        if answer in YES and not row["item"]:
            raise UsageError(f"{where}: is confirmed and names no item")
    links = frame.filter(pl.col("confirmed").str.to_lowercase().is_in(YES)).select("store", "product_id", "item").unique()
    if (twice := links.filter(pl.struct("store", "product_id").is_duplicated())).height:
        row = twice.row(0, named=True)
        raise UsageError(f"reference/item_links.csv: {row['store']} {row['product_id']} is confirmed as two items")
    return links.sort("store", "product_id")


YES, NO = ("yes", "y", "true", "1", "是"), ("no", "n", "false", "0", "否")
