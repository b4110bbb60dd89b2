"""Typed rows to the schema they land in: months, ranks, pseudonyms, and the hashes that order versions by content alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import polars as pl

from assets.exports import clean, privacy
from assets.exports.entries import Cell
from assets.exports.hashing import hashed
from assets.exports.sets import positions
from assets.exports.spec import STATUSES, Format
from assets.tables import BY_NAME, PROVENANCE

DAY_OF = {
    "orders": "placed_day",
    "order_lines": "placed_day",
    "refunds": "applied_day",
    "traffic": "day",
    "listings": "seen_day",
    "ratings": "day",
}
TIMES = {"placed_at": "placed_day", "paid_at": "paid_day", "applied_at": "applied_day", "refunded_at": "refund_day"}
POLARS: dict[str, pl.DataType | type[pl.DataType]] = {
    "VARCHAR": pl.String,
    "BIGINT": pl.Int64,
    "INTEGER": pl.Int32,
    "UBIGINT": pl.UInt64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
    "DECIMAL(18,2)": clean.CENTS,
    "DECIMAL(9,4)": pl.Decimal(9, 4),
}
FREE_TEXTS = ("title", "category", "listing_status", "channel")
CODES = ("merchant_sku", "variant", "product_id")
ORDER_NUMBERS = ("order_id", "line_id", "refund_id")
NO_CURRENCY = "XXX"  # ISO 4217: none. Amounts of it are added up, and never converted
RANKS = {status: rank for rank, status in enumerate(STATUSES)}
_NO_CONTENT = ("exported_at", "month", "latest_at", "rank", "authority", "content")
ROWS_PER_FILE = 1 << 32  # of the n-th of some files that are shaped together, n times so much is added to a row's number


@dataclass(frozen=True)
class Context:
    """What a file's records cannot say of themselves. Files shaped together share all but `exported_at` to `product`."""

    store: str
    name: str
    zone: str
    currency: str
    key: bytes
    exported_at: datetime | None
    landing: int
    day: date | None = None
    product: str = ""
    suppressed: frozenset[int] = frozenset()
    realm: str = ""


def of_file(rows: pl.Series) -> pl.Series:
    """Which of the files shaped together each row is of."""
    return rows // ROWS_PER_FILE


def stated(rows: pl.Series, files: Sequence[Context]) -> pl.DataFrame:
    """What is known of each row's file outside of its rows: landing, instant of the export, day, product."""
    told = [(file.landing, file.exported_at, file.day, file.product or None) for file in files]
    names = {"landing": pl.Int64, "exported_at": POLARS["TIMESTAMP"], "day": pl.Date, "product": pl.String}
    return pl.DataFrame(told, schema=names, orient="row")[of_file(rows)]


def refused_rows(problems: pl.DataFrame, files: Sequence[Context]) -> pl.DataFrame:
    """Refused rows in the schema they land in."""
    landing = stated(problems["row"], files)["landing"]
    store, row = pl.lit(files[0].store), pl.col("row") % ROWS_PER_FILE
    return problems.select(store=store, landing=landing, row=row, reason="reason", column="column")


def finished(kind: str, frame: pl.DataFrame, described: Format, files: Sequence[Context]) -> pl.DataFrame:
    """A kind's rows in the schema they land in."""
    schema = {column.name: POLARS[column.type] for column in BY_NAME[f"landed_{kind}"].columns}
    day = DAY_OF[kind]
    if "paid_at" in frame.columns and "is_unpaid" in frame.columns:
        frame = frame.with_columns(pl.when(~pl.col("is_unpaid")).then(pl.col("paid_at", "paid_day")))
    frame = frame.with_columns(privacy.scrubbed(frame[name]) for name in FREE_TEXTS if name in frame.columns)
    frame = frame.with_columns(privacy.scrubbed_code(frame[name]) for name in CODES if name in frame.columns)
    frame = frame.with_columns(
        privacy.without_identities(frame[name], frame["store"], files[0].key) for name in ORDER_NUMBERS if name in frame.columns
    )
    if kind == "orders":
        frame = _finished_orders(frame, described, files[0])
    if kind == "order_lines":
        frame = _finished_lines(frame, described)
    if kind == "refunds":
        frame = frame.with_columns(rank=pl.col("succeeded").cast(pl.Int32))
    times = [name for name in TIMES if name in frame.columns]
    frame = frame.with_columns(
        month=_month(pl.col(day)) if day in frame.columns else pl.lit(None, pl.Date),
        latest_at=pl.max_horizontal(times) if times else pl.lit(None, pl.Datetime("us")),
        row=pl.col("row") % ROWS_PER_FILE,
    ).with_columns(stated(frame["row"], files).select("landing", "exported_at"))
    absent = [pl.lit(None, kind_of).alias(name) for name, kind_of in schema.items() if name not in frame.columns]
    frame = frame.with_columns(absent).select(pl.col(name).cast(kind_of) for name, kind_of in schema.items())
    return frame.with_columns(content=contents(frame))


def _month(day: pl.Expr) -> pl.Expr:
    """The first of a day's month, in less than half the time of `truncate`."""
    return (day.to_physical() - day.dt.day() + 1).cast(pl.Date)


def currency(frame: pl.DataFrame, context: Context) -> pl.Expr:
    """A row's own currency, else the store's."""
    own = pl.col("currency").str.to_uppercase() if "currency" in frame.columns else pl.lit(None, pl.String)
    return own.fill_null(pl.lit(context.currency or None, pl.String)).alias("currency")


def _finished_orders(frame: pl.DataFrame, described: Format, context: Context) -> pl.DataFrame:
    if "status" not in frame.columns:
        frame = frame.with_columns(status=pl.when(pl.col("paid_at").is_null()).then(pl.lit("pending")).otherwise(pl.lit("paid")))
    ranks = pl.col("status").replace_strict(RANKS, return_dtype=pl.Int32)
    frame = frame.with_columns(rank=ranks, authority=pl.lit(described.authority, pl.Int32))
    frame = frame.with_columns(
        pl.lit(value=False).alias(name) for name in ("is_test", "only_gift_cards") if name not in frame.columns
    ).with_columns(pl.col("is_test", "only_gift_cards").fill_null(value=False))
    if "buyer" in frame.columns:
        realms = pl.repeat(context.realm, frame.height, eager=True) if context.realm else frame["store"]
        buyers = privacy.pseudonyms(frame["buyer"], realms, context.key)
        if context.suppressed:
            gone, own = list(context.suppressed), pl.repeat(context.store, frame.height, eager=True)
            erased = buyers.is_in(gone)
            for of in (own, frame["store"]):  # names a person may have been erased under before the store was linked otherwise
                erased |= privacy.pseudonyms(frame["buyer"], of, context.key).is_in(gone)
            buyers = buyers.set(erased, None)
        frame = frame.with_columns(buyer=buyers)
    if "region" in frame.columns:
        where = described.orders["region"]
        frame = frame.with_columns(region=privacy.region(frame["region"], codes=isinstance(where, Cell) and where.codes))
    return frame


def _finished_lines(frame: pl.DataFrame, described: Format) -> pl.DataFrame:
    rank = pl.col("status").replace_strict(RANKS, return_dtype=pl.Int32, default=None)
    frame = frame.with_columns(rank=rank if "status" in frame.columns else pl.lit(None, pl.Int32))
    stated = "line_id" in described.order_lines
    frame = frame.with_columns(position=positions(frame, stated=stated))
    if not stated:
        last = cast("int", frame["position"].max() or 0)
        places = pl.Series([f"#{place}" for place in range(last + 1)], dtype=pl.String)
        frame = frame.with_columns(line_id=places[frame["position"]])
    for column, kind_of in (("merchant_sku", "sku"), ("title", "title")):
        listing = (
            frame["product_id"] if "product_id" in frame.columns else pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        )
        if column in frame.columns and listing.null_count():
            frame = frame.with_columns(product_id=listing.zip_with(listing.is_not_null(), f"{kind_of}:" + frame[column]))
    return frame


def contents(rows: pl.DataFrame) -> pl.Series:
    """Each row's content as a hash: all but where it came from, when it was exported, and what follows from the rest."""
    own = [name for name in rows.columns if name not in PROVENANCE and name not in _NO_CONTENT and not name.startswith("set_")]
    return rows.select(hashed(rows.schema, own).alias("content")).to_series()
