"""Small frames that definitions read by name: the reference tables, and what the ledger and the formats say."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import polars as pl

from assets import plans, promises, reference
from assets.exports.entries import Cell
from assets.exports.formats import load_all
from assets.exports.opening import StoreFacts
from assets.exports.privacy import is_realm_of
from assets.exports.reasons import REASONS
from assets.exports.spec import Format
from assets.home import Home
from assets.ledger import LANDINGS_PER_UNIT, Landing, Ledger

_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    # metric -> any of these sets of canonical columns lets it be known
    "paid_orders": (("orders.paid_at",),),
    "order_lines": (("order_lines.order_id",),),
    "units": (("order_lines.quantity",), ("order_lines.line_gross",)),
    "gross_sales": (("order_lines.unit_price",), ("order_lines.line_gross",)),
    "discounts": (("order_lines.unit_price", "orders.goods_amount"), ("order_lines.line_gross", "orders.goods_amount")),
    "discounted_sales": (("orders.goods_amount",),),
    "platform_subsidy": (("orders.order_subsidy",),),
    "shipping": (("orders.order_shipping",),),
    "tax": (("orders.order_tax",),),
    "paid_amount": (("orders.order_paid",), ("orders.goods_amount", "orders.order_shipping")),
    "refunds_goods_order_day": (("orders.refund_reported",), ("refunds.refund_cash",)),
    "refunds_cash_order_day": (("orders.refund_reported",), ("refunds.refund_cash",)),
    "refunds_goods_refund_day": (("refunds.refunded_at",),),
    "refunds_cash_refund_day": (("refunds.refunded_at",),),
    "buyers": (("orders.buyer",),),
}
_FOLLOWS: dict[str, tuple[str, ...]] = {
    # metric -> all of these metrics let it be known, as well as the worst known of them
    "full_price_sales": ("discounts",),
    "discounted_orders": ("discounts",),
    "returned_orders": ("refunds_cash_order_day",),
    "returned_units": ("units", "discounts", "refunds_goods_order_day"),
}
_NEVER_EXACT = {"returned_units": "units of lines refunded whole: of a line refunded in part no export says how many came back"}
LANDINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "landing": pl.Int64, "store": pl.String, "file": pl.String, "hash": pl.String, "format": pl.String, "encoding": pl.String,
    "exported_at": pl.Datetime("us"), "state": pl.String, "reason": pl.String, "rows_in": pl.Int64,
    "kept_as_companion": pl.Int64, "quarantined": pl.Int64, "skipped": pl.Int64, "what_to_do": pl.String,
    "platform": pl.String, "timezone": pl.String,
}  # fmt: skip
FORMATS = ("platform", "source", "metric", "grade", "how")
_GRADES = ("none", "estimate", "exact")
_HISTORY = ("replaced", "part_of_set")
_STANDING = ("landed", "retracted")


def all_of(home: Home, ledger: Ledger, reporting_currency: str, margin: float) -> dict[str, pl.DataFrame]:
    """Every source by the name definitions read it under.

    Raises:
        UsageError: a reference file is wrong.
    """
    formats = load_all(home.reference / "formats")
    return {
        "reporting": pl.DataFrame({"currency": [reporting_currency], "margin": [margin]}),
        "reference_stores": reference.stores(home),
        "reference_rates": reference.rates(home, reporting_currency, datetime.now(UTC).date()),
        "reference_catalogue": reference.catalogue(home),
        "reference_item_links": reference.item_links(home),
        "reference_targets": plans.targets(home),
        "reference_promotions": plans.promotions(home),
        "reference_costs": plans.costs(home),
        "reference_decisions": promises.decisions(home),
        "landed_promises": promises.landed(home),
        "ledger_landings": landings(ledger, formats),
        "ledger_money": money(ledger),
        "ledger_epochs": epochs(ledger),
        "ledger_realms": realms(ledger, reference.store_facts(home)),
        "ledger_formats": observability(formats.values()),
        "ledger_reasons": pl.DataFrame(
            {"reason": list(REASONS), "what_to_do": [f"{reason.says}: {reason.what_to_do}" for reason in REASONS.values()]}
        ),
    }


def landings(ledger: Ledger, formats: dict[str, Format]) -> pl.DataFrame:
    """What became of each file: one row per landing that counts, and the last word on every other file."""
    told = [landing for landing in ledger.landings if landing.state not in _HISTORY]
    standing = {landing.label for landing in told if landing.state in _STANDING}
    newest = {landing.label: landing.number for landing in told}
    shown = [
        landing
        for landing in told
        if landing.state in _STANDING or (landing.label not in standing and newest[landing.label] == landing.number)
    ]
    rows = [_row(landing, formats.get(landing.format)) for landing in shown]
    stated = pl.DataFrame(rows, schema=LANDINGS | {"exported_at": pl.String}, orient="row")
    return stated.with_columns(pl.col("exported_at").str.to_datetime(strict=False, time_unit="us"))


def money(ledger: Ledger) -> pl.DataFrame:
    """What the readers say they landed: per landing, kind, column, store and currency, money read less money refused."""
    rows = [
        (landing.number, kind, column, store, currency, read - refused)
        for landing in ledger.live.values()
        for kind, column, store, currency, read, refused in landing.money
    ]
    schema = {
        "landing": pl.Int64,
        "kind": pl.String,
        "money": pl.String,
        "store": pl.String,
        "currency": pl.String,
        "cents": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.select(pl.exclude("cents"), amount=(pl.col("cents").cast(pl.Decimal(38, 2)) / 100).cast(pl.Decimal(18, 2)))


def epochs(ledger: Ledger) -> pl.DataFrame:
    """The landings whose buyers are named otherwise than the store's newest: under how many keys, or sets of stores, ago."""
    rows = [
        (landing.number, ago)
        for named in _named_under(ledger).values()
        for ago, landings in enumerate(named.values())
        for landing in landings
        if ago
    ]
    return pl.DataFrame(sorted(rows), schema={"landing": pl.Int64, "epochs_ago": pl.Int64}, orient="row")


def realms(ledger: Ledger, stores: Mapping[str, StoreFacts]) -> pl.DataFrame:
    """The stores whose owner links them, and the realm their newest buyers are linked in: of stores of one realm they compare.

    Not those whose newest buyers are of a realm the owner has since left: what he takes back holds also for what cannot be read
    anew.
    """
    newest = {store: (next(iter(named)), next(iter(named.values()))) for store, named in _named_under(ledger).items()}
    rows = [
        (store, name)
        for store, (name, (landing, *_)) in sorted(newest.items())
        if store in stores and is_realm_of(landing.realm, stores[store].owner)
    ]
    return pl.DataFrame(rows, schema={"store": pl.String, "realm": pl.String}, orient="row")


def _named_under(ledger: Ledger) -> dict[str, dict[str, list[Landing]]]:
    """By store the landings with orders that count, by the key and realm their buyers are named under, the newest first."""
    keys = {entry.number: entry.key_id for entry in ledger.entries}
    found: dict[str, dict[str, list[Landing]]] = {}
    for number, landing in sorted(ledger.live.items(), reverse=True):
        if any(kind == "orders" for kind, *_ in landing.digests):
            name = f"{keys[number // LANDINGS_PER_UNIT]}{landing.realm}"
            found.setdefault(landing.store, {}).setdefault(name, []).append(landing)
    return found


def _row(landing: Landing, described: Format | None) -> tuple[object, ...]:
    reason = REASONS.get(landing.reason)
    told = f"{reason.says}{f' ({landing.detail})' if landing.detail else ''}: {reason.what_to_do}" if reason else None
    return (
        landing.number, landing.store, landing.label, landing.hash or None, landing.format or None, landing.encoding or None,
        landing.exported_at or None, landing.state, landing.reason or None, landing.rows_in, landing.kept_as_companion,
        sum(landing.quarantined.values()), sum(landing.skipped.values()), told, described.platform if described else None,
        described.clock.timezone if described and described.clock else None,
    )  # fmt: skip


def observability(formats: Iterable[Format]) -> pl.DataFrame:
    """How well each format lets each metric be known: exact, estimate or none, and how."""
    rows = [
        (known.platform, known.name, metric, *_grade(known, metric))
        for known in formats
        if not known.park
        for metric in (*_NEEDS, *_FOLLOWS)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(FORMATS, pl.String), orient="row")


def _grade(known: Format, metric: str) -> tuple[str, str]:
    if note := known.observability.get(metric):
        return note.grade, note.how
    if metric in _FOLLOWS:
        grade, how = min((_grade(known, other) for other in _FOLLOWS[metric]), key=lambda told: _GRADES.index(told[0]))
        return ("estimate", _NEVER_EXACT[metric]) if grade == "exact" and metric in _NEVER_EXACT else (grade, how)
    for columns in _NEEDS[metric]:
        found = [getattr(known, kind).get(name) for kind, name in (column.split(".") for column in columns)]
        if all(found):
            return "exact", "from " + ", ".join(_told(cell) for cell in found if isinstance(cell, Cell))
    return "none", "the export has no such column"


def _told(cell: Cell) -> str:
    told = "/".join(cell.source) or "the lines"
    return told + "".join(f" + {name}" for name in cell.plus) + "".join(f" − {name}" for name in cell.less)
