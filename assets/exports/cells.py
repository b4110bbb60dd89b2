"""A kind's columns from a file's cells, as its format says: where each comes from, how it is read, what is wrong with it.

The rules a single cell is read by are `clean`'s. What rows mean together is not known here: that is `shape` and `observe`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from assets.exports import clean, privacy
from assets.exports.canonical import ORDER_NUMBERS, TIMES, Context, of_file
from assets.exports.decode import RUINED
from assets.exports.entries import Cell, Condition, Flag
from assets.exports.spec import NEEDED, Clock, Format
from assets.exports.texts import text
from assets.tables import BY_NAME

IDENTIFIERS = ("order_id", "line_id", "refund_id", "product_id", "variant")
COUNTS = ("quantity", "item_count")
STOCK = "stock"  # goes below nothing where a shop sells on without any
AMOUNTS = {"order_payable", "line_payable", "line_paid"} | {
    column.name for kind in NEEDED for column in BY_NAME[f"landed_{kind}"].columns if column.type.endswith(",2)")
}
TEXTS = ("merchant_sku", "title", "region", "buyer", "category", "listing_status")
TALLIES = tuple(column.name for column in BY_NAME["landed_traffic"].columns if column.type == "BIGINT" and column.unit)
SCORES = tuple(column.name for column in BY_NAME["landed_ratings"].columns if column.name.endswith("_score"))
MAY_BE_NEGATIVE = ("order_subsidy", "own_discount")
REQUIRED = {
    "orders": {"order_id": "id_missing", "placed_at": "date_missing"},
    "order_lines": {
        "order_id": "id_missing",
        "line_id": "id_missing",
        "quantity": "quantity_missing",
        "unit_price": "money_missing",
        "line_gross": "money_missing",
    },
    "refunds": {"refund_id": "id_missing", "order_id": "id_missing", "refund_cash": "money_missing"},
    "listings": {"product_id": "id_missing"},
}
_Read = tuple[dict[str, pl.Series], list[tuple[pl.Series, str]]]
MONEY_REQUIRED = ("quantity", "unit_price", "line_gross")


def read_kinds(
    data: pl.DataFrame, described: Format, context: Context, problems: clean.Problems
) -> dict[str, tuple[pl.DataFrame, pl.DataFrame]]:
    """Each kind's columns, read, beside the records they are read from; what is wrong with a cell is noted in `problems`.

    An order that stands on its first row is read from that row alone.
    """
    read: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}
    known: dict[tuple[object, ...], _Read] = {}
    for kind in described.kinds:
        if kind == "orders" and described.rows and described.rows.per == "head":
            heads = data.filter(_is_head(described, data)).select("row", *_used(described.orders, described.store, data))
            read[kind] = heads, _read_kind(kind, heads, described, context, problems, {})
        else:
            read[kind] = data, _read_kind(kind, data, described, context, problems, known)
    return read


def _read_kind(
    kind: str,
    data: pl.DataFrame,
    described: Format,
    context: Context,
    problems: clean.Problems,
    known: dict[tuple[object, ...], _Read],
) -> pl.DataFrame:
    """Read a kind's columns; what is wrong with a cell is noted against its row and the file's column.

    `known`: what was read of the same records before, for columns that several kinds have.
    """
    spec: dict[str, Cell | Flag] = getattr(described, kind)
    rows, columns = data["row"], {}
    files, written = of_file(rows), _written(spec, data, described, context.zone)
    for name, entry in spec.items():
        if isinstance(entry, Flag):
            columns[name] = clean.flag(data, entry)
            continue
        way = _way_of_reading(name, entry, written)
        if way not in known:
            known[way] = _values(name, entry, data, described, written, files)
        values = dict(zip((name, TIMES.get(name, "")), known[way][0].values(), strict=False))
        wrongs = [*known[way][1]]
        columns |= values
        if reason := REQUIRED.get(kind, {}).get(name):
            missing = values[name].is_null()
            if name in MONEY_REQUIRED and missing.any():
                missing &= ~_unpaid(data, described)
            wrongs.append((missing, reason))
        source = next((column for column in entry.source if column in data.columns), "")
        for wrong, reason in wrongs:
            problems.add(rows, wrong, reason, source)
    return pl.DataFrame(columns) if columns else data.select("row")


def _unpaid(data: pl.DataFrame, described: Format) -> pl.Series:
    """Rows that say themselves that nothing was paid: platforms leave their amounts blank."""
    entry = described.orders.get("is_unpaid")
    return clean.flag(data, entry) if isinstance(entry, Flag) else pl.repeat(value=False, n=data.height, eager=True)


@dataclass(frozen=True)
class _Written:
    """How a file writes what a format leaves open: its clock, in a zone, the mark before cents, and words for no money."""

    clock: Clock | None
    zone: str
    comma: bool
    zero_words: tuple[str, ...]


def _written(spec: dict[str, Cell | Flag], data: pl.DataFrame, described: Format, zone: str) -> _Written:
    def all_of(names: Collection[str]) -> pl.Series:
        columns = {column for name in names if isinstance(cell := spec.get(name), Cell) for column in (*cell.source, *cell.plus)}
        found = [data[column].rename("cells") for column in sorted(columns & set(data.columns))]
        return pl.concat(found) if found else pl.Series("cells", [], dtype=pl.String)

    clock, comma = described.clock, described.decimal == ","
    if clock and clock.one_layout:
        clock = clean.in_one_layout(all_of(TIMES), clock, zone)
    if described.decimal == "either":
        comma = clean.has_decimal_commas(all_of(AMOUNTS))
    return _Written(clock, zone, comma, described.zero_words)


def _way_of_reading(name: str, entry: Cell, written: _Written) -> tuple[object, ...]:
    """What a column's values depend on, beside the records: two amounts of one way are the same."""
    over_lines = entry.over_lines if entry.over_lines == "net" else None
    cell = entry.model_copy(update={"over_lines": over_lines})
    return "" if name in AMOUNTS else name, name in MAY_BE_NEGATIVE, repr(cell), repr(written)


def _values(  # noqa: PLR0911  one return for each way a cell is read
    name: str, entry: Cell, data: pl.DataFrame, described: Format, written: _Written, files: pl.Series
) -> _Read:
    """A canonical column's values, with a time its day too; and the rows they cannot be read on, each with its reason."""
    cells = _cells(data, entry)
    if name in IDENTIFIERS:
        values, wrongs = _identifier(cells, files, described.numbers if name in ORDER_NUMBERS else None)
        return {name: values}, wrongs
    if name in TIMES and written.clock:
        read = clean.moments(cells, written.clock, written.zone)
        wrongs = [
            (read.unreadable, "date_unreadable" if written.clock.layouts else "date_order_ambiguous"),
            (read.nonexistent, "time_nonexistent"),
            (clean.far_ahead(read.at), "date_in_future"),
        ]
        return {name: read.at, TIMES[name]: read.day}, wrongs
    if name in TALLIES or name == STOCK:
        values, wrong = clean.tally(cells, may_be_negative=name == STOCK)
        return {name: values}, [(wrong, "count_unreadable")]
    if name in SCORES:
        values, wrong = clean.score(cells)
        return {name: values}, [(wrong, "score_unreadable")]
    if name in COUNTS:
        values, wrong = clean.count(cells)
        values = values.set(~clean.holds(data, entry.when), 0) if entry.when else values
        return {name: values}, [(wrong, "quantity_not_whole"), (values < 0, "quantity_negative")]
    if name == "status":
        values, wrong = clean.status(cells, described.statuses)
        return {name: values}, [(wrong, "status_unknown")]
    if name == "currency":
        wrong = ~cells.str.contains("^[A-Za-z]{3}$").fill_null(value=True)
        return {name: cells.set(wrong, None)}, [(wrong, "currency_unreadable")]
    if name in TEXTS:
        cut = cells.str.contains("\0", literal=True).fill_null(value=False)
        return {name: cells.set((cells == RUINED).fill_null(value=False), None)}, [(cut, "control_character")]
    values, wrong = _amount(data, entry, cells, written)
    values = values.abs() if entry.unsigned else values
    below = [] if name in MAY_BE_NEGATIVE or entry.over_lines == "net" else [(values < 0, "money_negative")]
    if entry.when:
        values = values.set(~clean.holds(data, entry.when), 0)
    return {name: values}, [(wrong, "money_unreadable"), *below]


def _identifier(
    cells: pl.Series, files: pl.Series, written: Literal["long", "short", "text"] | None
) -> tuple[pl.Series, list[tuple[pl.Series, str]]]:
    if clean.are_sound_digits(cells, "" if written in ("long", "short") else "#"):
        return cells, []
    values, ruined = clean.identifier(cells, files)
    wrongs = [(ruined, "id_lost_precision"), (clean.has_unseen(values), "control_character")]
    return values, [*wrongs, (privacy.is_unlike_numbers(values, written), "id_unlike")] if written else wrongs


def _used(spec: dict[str, Cell | Flag], stores: Collection[str], data: pl.DataFrame) -> list[str]:
    used = {name for entry in spec.values() for name in entry.columns}.union(stores)
    return [name for name in data.columns if name in used]


def _is_head(described: Format, data: pl.DataFrame) -> pl.Expr:
    """Rows an order stands on: those on which a column of an order's own says something."""
    names = [name for name in (described.rows.head if described.rows else ()) if name in data.columns]
    return pl.any_horizontal(pl.col(names).is_not_null())


def _cells(data: pl.DataFrame, entry: Cell) -> pl.Series:
    cells = _first_filled(data, entry)
    return text(cells.str.extract(entry.pattern)) if entry.pattern else cells


def _first_filled(data: pl.DataFrame, entry: Cell) -> pl.Series:
    if entry.constant:
        return pl.repeat(entry.constant, data.height, dtype=pl.String, eager=True)
    present = [name for name in entry.source if name in data.columns]
    if len(present) > 1:
        return data.select(pl.coalesce(present)).to_series()
    return data[present[0]] if present else pl.repeat(None, data.height, dtype=pl.String, eager=True)


def _amount(data: pl.DataFrame, entry: Cell, cells: pl.Series, written: _Written) -> tuple[pl.Series, pl.Series]:
    """An amount, with what is added to and taken from it: blank there is nothing to add or take."""
    value, wrong = clean.money(cells, written.zero_words, comma=written.comma)
    if isinstance(entry.blank_is_zero, Condition):
        value = value.set(value.is_null() & clean.holds(data, entry.blank_is_zero), 0)
    elif entry.blank_is_zero or (not entry.source and entry.over_lines == "net"):
        value = value.fill_null(0)
    for sign, names in ((1, entry.plus), (-1, entry.less)):
        for name in names:
            if name in data.columns:
                other, bad = clean.money(data[name], written.zero_words, comma=written.comma)
                change = other.fill_null(0)
                value = (value + change if sign > 0 else value - change).cast(clean.CENTS)
                wrong |= bad
    return value, wrong
