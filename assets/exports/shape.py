"""A file's records to canonical orders, lines and refunds: what each row is, which are refused, and what they add up to.

The words of a format (`formats`) are carried out here on the values `clean` reads. Nothing here knows a platform.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from assets.exports import clean
from assets.exports.books import money_of
from assets.exports.canonical import NO_CURRENCY, RANKS, TIMES, Context, currency, finished
from assets.exports.cells import read_kinds
from assets.exports.decode import Raggedness, Refused
from assets.exports.entries import Cell, Flag, normalise
from assets.exports.furniture import without_furniture, without_skipped
from assets.exports.sets import as_sets, first_of_each, numbered, with_order
from assets.exports.spec import STATUSES, Format
from assets.exports.texts import text
from assets.exports.totals import with_false_totals_refused

UNCONFIRMED_SHARE = 0.05


@dataclass(frozen=True)
class Shaped:
    """Canonical rows by kind, the refused rows, the rows that are no data, and the money read and refused."""

    kinds: dict[str, pl.DataFrame]
    problems: pl.DataFrame
    skipped: pl.DataFrame
    money: pl.DataFrame


def shape(records: pl.DataFrame, described: Format, context: Context, ragged: Sequence[Raggedness] = ()) -> Shaped:
    """Turn records into canonical rows.

    Args:
        records: text columns under their normalised names, and `row`.
        described: the format they were recognised as.
        context: the store, its zone and currency, the export's instant, the landing's number and the key.
        ragged: records of another width than the header, already refused while tokenising.

    Returns:
        Frames with the schemas of the landed tables, and what became of every other row.

    Raises:
        Refused: the file names another store, or what its paid column means cannot be confirmed.
    """
    skipped = clean.Problems()
    data = without_furniture(records, described, skipped)
    data = without_skipped(data, described, skipped)
    problems = clean.Problems([refused_width(ragged)] if ragged else [])
    left_out = with_false_totals_refused(skipped.first(), records, data, described, problems)
    confirm_store(data, described, context)
    read = {
        kind: frame.with_columns(store=_stores(of, described, context), row=of["row"])
        for kind, (of, frame) in read_kinds(data, described, context, problems).items()
    }
    read = numbered(read)
    if "order_lines" in read:
        problems.add(data["row"], _too_much(read["order_lines"]), "money_unreadable", "")
    assert described.rows is not None  # noqa: S101  a format that is not parked has rows
    if "orders" in read and described.rows.per == "head":
        read = _under_heads(read, problems)
    if described.paid_by_status:
        read = _paid_by_status(read)
    if described.paid_is_net_of_refund:
        read = _gross_of_refund(read, problems)
    read = {kind: frame.with_columns(currency(frame, context)) for kind, frame in read.items()}
    if all(frame["currency"].is_null().all() for frame in read.values()):  # neither the file nor the store names one
        read = {kind: frame.with_columns(currency=pl.lit(NO_CURRENCY)) for kind, frame in read.items()}
    refused = problems.first()
    money = money_of(read, refused, described)
    good = read
    if refused.height:
        good = {
            kind: frame.join(refused.select("row"), on="row", how="anti", maintain_order="left") for kind, frame in read.items()
        }
    if described.rows.per in ("line", "head") and "order_lines" in good:
        good = _lines_and_orders(good, _torn(read, refused, ragged), described)
    if "listings" in good:  # told by the way, on every line of a product
        good["listings"] = (
            good["listings"].with_columns(variant=pl.lit("-")).unique(["store", "product_id"], keep="first", maintain_order=True)
        )
    landed = {kind: finished(kind, frame, described, [context]) for kind, frame in good.items()}
    return Shaped(_as_sets(landed, good), refused, left_out, money)


def _as_sets(landed: dict[str, pl.DataFrame], read: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    numbers = {kind: frame.select("order") for kind, frame in read.items() if "order" in frame.columns}
    told = {kind: frame.hstack(numbers[kind]) if kind in numbers else frame for kind, frame in landed.items()}
    return {kind: frame.drop("order", strict=False) for kind, frame in as_sets(told, ["order"]).items()}


def _too_much(lines: pl.DataFrame) -> pl.Series:
    """Lines whose price and quantity can each be read, and come to more than an amount may be."""
    if not {"unit_price", "quantity"} <= set(lines.columns):
        return pl.repeat(value=False, n=lines.height, eager=True)
    return lines.select(pl.col("unit_price") * pl.col("quantity") >= clean.MOST_MONEY).to_series().fill_null(value=False)


def confirm_store(data: pl.DataFrame, described: Format, context: Context) -> None:
    """A file that names its store must name the folder's, by the folder's name or the one in stores.csv."""
    column = next((name for name in described.store_name if name in data.columns), None)
    if column is None or not context.name:
        return
    named = set(clean.word(data[column]).drop_nulls().unique())
    if named - {normalise(context.name), normalise(context.store)}:
        raise Refused("store_mismatch", f"{len(named)} in {column}; stores.csv calls {context.store} {context.name}")


def _stores(data: pl.DataFrame, described: Format, context: Context) -> pl.Series:
    if described.store:
        return data[described.store[0]]
    return pl.repeat(context.store, data.height, dtype=pl.String, eager=True)


def _under_heads(read: dict[str, pl.DataFrame], problems: clean.Problems) -> dict[str, pl.DataFrame]:
    """Give each line what its order's head row says, and refuse lines whose head is missing or refused."""
    heads, lines = read["orders"], read["order_lines"]
    bad = problems.first()["row"]
    sound = heads.filter(~pl.col("row").is_in(bad.implode()))["order"]
    orphaned = ~lines["order"].is_in(sound.implode()) & ~lines["row"].is_in(bad.implode())
    problems.add(lines["row"], orphaned.fill_null(value=False), "order_head_missing", "")
    carried = first_of_each(heads).select("order", "currency", "placed_day", "paid_day", "status", "placed_at")
    return {**read, "orders": heads, "order_lines": with_order(lines, carried)}


def _paid_by_status(read: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Where an export dates no payment at all, an order is paid that is neither pending nor closed, on the day it was placed."""
    orders = read["orders"]
    if "paid_at" in orders.columns and orders["paid_at"].count():
        return read
    was_paid = ~pl.col("status").is_in(["pending", "closed"])
    dated = [pl.when(was_paid).then(pl.col(f"placed_{name}")).alias(f"paid_{name}") for name in ("at", "day")]
    return {**read, "orders": orders.with_columns(dated)}


def _gross_of_refund(read: dict[str, pl.DataFrame], problems: clean.Problems) -> dict[str, pl.DataFrame]:
    """Confirm row by row that paid + refund is what was payable, and add the refund back to what was paid."""
    kind, paid, payable = (
        ("order_lines", "line_paid", "line_payable") if "order_lines" in read else ("orders", "order_paid", "order_payable")
    )
    frame = read[kind]
    whole = (frame[paid] + frame["refund_reported"].fill_null(0)).cast(clean.CENTS)
    was_paid = read["orders"]["paid_at"].is_not_null()
    off = (was_paid & (whole != frame[payable])).fill_null(value=False)
    wrong, paid_rows = int(off.sum()), int(was_paid.sum())
    if wrong > UNCONFIRMED_SHARE * max(paid_rows, 1):
        raise Refused("paid_basis_unconfirmed", f"{wrong} of {paid_rows} paid rows")
    problems.add(frame["row"], off, "paid_not_payable", "")
    return {**read, kind: frame.with_columns(whole.alias(paid))}


def refused_width(ragged: Sequence[Raggedness]) -> pl.DataFrame:
    """The refusals of records of another width than the header."""
    rows = pl.Series("row", [record.row for record in ragged], dtype=pl.Int64)
    reasons = pl.Series("reason", [record.reason for record in ragged], dtype=pl.String)
    return pl.DataFrame([rows, reasons]).with_columns(column=pl.lit(""))


def _torn(read: dict[str, pl.DataFrame], refused: pl.DataFrame, ragged: Sequence[Raggedness]) -> pl.Series:
    """Orders of which a line was refused: their sums cannot be known from this export.

    A record of the wrong width is a line of any order whose number one of its fields is.
    """
    numbers = read["order_lines"].join(refused.select("row"), on="row", how="semi")["order_id"]
    fields = pl.Series([field for record in ragged for field in record.fields], dtype=pl.String)
    return pl.concat([numbers.rename(""), text(fields)]).drop_nulls().unique()


def _lines_and_orders(good: dict[str, pl.DataFrame], torn: pl.Series, described: Format) -> dict[str, pl.DataFrame]:
    """Work out the lines, and the orders they add up to where the export has no row of an order's own."""
    lines = good["order_lines"]
    if "line_gross" not in lines.columns:
        lines = lines.with_columns(line_gross=(pl.col("unit_price") * pl.col("quantity")).cast(clean.CENTS))
    if "quantity" not in lines.columns:
        lines = lines.with_columns(quantity=pl.lit(1, pl.Int64), unit_price=pl.col("line_gross"))
    if "line_payable" in lines.columns:
        lines = lines.with_columns(own_discount=(pl.col("line_gross") - pl.col("line_payable")).cast(clean.CENTS))
    gift = pl.col("is_gift_card") if "is_gift_card" in lines.columns else pl.lit(value=False)
    whole = ~pl.col("order_id").is_in(torn.implode())
    lines = lines.with_columns(is_goods=~gift, set_complete=whole)
    if "orders" not in good:
        return {**good, "order_lines": lines}
    orders = good["orders"]
    net = (
        (pl.col("line_gross") - pl.col("own_discount").fill_null(0)) if "own_discount" in lines.columns else pl.col("line_gross")
    )
    if lines["is_goods"].all():
        of_goods, of_cards, only_cards = net.sum(), pl.lit(0), pl.lit(value=False)
    else:
        of_goods, of_cards = net.filter("is_goods").sum(), net.filter(~pl.col("is_goods")).sum()
        only_cards = ~pl.col("is_goods").any()
    sums = lines.group_by("order", maintain_order=True).agg(
        net_of_goods=of_goods.cast(clean.CENTS),
        net_of_gift_cards=of_cards.cast(clean.CENTS),
        only_gift_cards=only_cards,
        set_complete=pl.col("set_complete").all(),
    )
    per_line = described.rows is not None and described.rows.per == "line"
    orders = _summed_over_lines(orders, described) if per_line else orders
    orders = with_order(orders, sums)
    orders = _with_money(orders, described)
    if per_line:
        lines = with_order(lines, orders.select("order", "placed_day"))
    return {**good, "orders": orders, "order_lines": lines}


def _with_money(orders: pl.DataFrame, described: Format) -> pl.DataFrame:
    """Orders with the amounts that follow from their lines; none can be told of an order with a refused line."""
    whole = pl.col("set_complete").fill_null(value=False)
    derived = {name: cell.over_lines for name, cell in described.orders.items() if isinstance(cell, Cell) and cell.over_lines}
    orders = orders.with_columns(
        pl.when(whole).then(pl.col(name) + pl.col("net_of_goods") if how == "net" else pl.col(name)).cast(clean.CENTS).alias(name)
        for name, how in derived.items()
        if how in ("sum", "net")
    )
    if "order_paid" in derived:
        return orders
    if "order_paid" not in orders.columns:  # not stated: goods after discounts, shipping, and tax where any is stated
        if not {"goods_amount", "order_shipping"} <= set(orders.columns):
            return orders
        tax = pl.col("order_tax").fill_null(0) if "order_tax" in orders.columns else pl.lit(0)
        paid = pl.when(whole).then(pl.col("goods_amount") + pl.col("order_shipping") + tax)
        return orders.with_columns(order_paid=paid.cast(clean.CENTS))
    cards = pl.col("net_of_gift_cards").fill_null(0)
    changed = [(pl.col("order_paid") - cards).cast(clean.CENTS)]
    if "refund_reported" in orders.columns and "is_gift_card" in described.order_lines:
        # What came back beyond all that was paid for goods came back for the cards.
        for_goods = pl.max_horizontal(
            pl.min_horizontal("refund_reported", pl.col("order_paid") - cards), pl.col("refund_reported") - cards
        )
        back = pl.when(cards > 0).then(for_goods).otherwise(pl.col("refund_reported"))
        changed.append(back.cast(clean.CENTS).alias("refund_reported"))
    return orders.with_columns(changed)


def _summed_over_lines(orders: pl.DataFrame, described: Format) -> pl.DataFrame:
    """One row per order from rows that repeat or part its values: sums, repeated values, earliest times, the least status."""
    aggregates = []
    for name in orders.columns:
        entry, column = described.orders.get(name), pl.col(name)
        if name == "order":
            continue
        if isinstance(entry, Cell) and entry.over_lines == "sum":
            aggregates.append(pl.when(column.count() == pl.len()).then(column.sum()).cast(clean.CENTS).alias(name))
        elif isinstance(entry, Cell) and entry.over_lines == "repeated":
            aggregates.append(column.max())
        elif name == "status":
            aggregates.append(column.replace_strict(RANKS, return_dtype=pl.Int32).min())
        elif isinstance(entry, Flag):
            aggregates.append(column.any())
        else:
            aggregates.append(column.min() if name in (*TIMES, *TIMES.values(), "row") else column.first(ignore_nulls=True))
    words = pl.Series(STATUSES)
    summed = orders.group_by("order", maintain_order=True).agg(aggregates)
    return summed.with_columns(status=words[summed["status"]]) if "status" in summed.columns else summed
