"""What one table's rows must be: table -> suite of expectations, derived from `tables`, then business rules by hand.

An expectation is a sentence that is true of every row when it passes. It is declared here without Great Expectations, which
`validate` runs. What must hold between tables does not belong here: that is a law, in `reconciliation`.

A derived expectation blocks, because where it fails a number is wrong or a reader's query breaks. A business rule blocks only
where no honest export can break it; what is merely unusual warns.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assets.definitions import inputs_of
from assets.tables import BY_NAME, TABLES, Stage, Table
from checks.reconciliation import Severity


@dataclass(frozen=True)
class Stated:
    """No value is null."""


@dataclass(frozen=True)
class OneOf:
    """Every value that is known is one of these."""

    values: tuple[str | bool, ...]


@dataclass(frozen=True)
class Within:
    """Every value that is known lies between these, both included."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Unique:
    """No two rows have the same values in the columns."""


TRUE = OneOf((True,))
Test = Stated | OneOf | Within | Unique


@dataclass(frozen=True)
class Expectation:
    """A sentence about every row of a table.

    `columns` are those it speaks of. What is tested is the one column, or the SQL `expression` of one row. `way_out` is what to
    do where it fails.
    """

    name: str
    about: str
    columns: tuple[str, ...]
    test: Test
    severity: Severity = Severity.BLOCKING
    expression: str = ""
    way_out: str = ""

    @property
    def tested(self) -> str:
        """The SQL of the value that is tested."""
        return self.expression or f'"{self.columns[0]}"'

    @property
    def broken(self) -> str:
        """The SQL condition a row meets that breaks it; of rows that must be unique, whose key stands `times` times."""
        match self.test:
            case Stated():
                return f"({self.tested}) is null"
            case OneOf(values):
                return f"({self.tested}) not in ({', '.join(_literal(value) for value in values)})"
            case Within(least, most):
                low = [f"({self.tested}) < {least}"] if least is not None else []
                high = [f"({self.tested}) > {most}"] if most is not None else []
                return " or ".join(low + high)
            case Unique():
                return "times > 1"

    @property
    def says(self) -> str:
        """The sentence in words, for a reader of the list of checks."""
        return self.name.replace("_", " ")


GRAINS = ("day", "week", "month", "quarter", "year")
_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("orders", "status"): (
        "pending", "paid", "partly_shipped", "shipped", "completed", "closed", "partially_refunded", "refunded",
    ),
    ("files", "state"): ("landed", "companion", "parked", "empty", "refused", "waiting", "duplicate", "retracted"),
    ("observability", "grade"): ("exact", "estimate", "none"),
}  # fmt: skip
_COUNTS = frozenset({"orders", "lines", "units", "buyers", "rows", "stores", "days"})
_MAY_LACK = frozenset(
    {
        *((table, "product_id") for table in ("refund_ages", "sku_days", "cost_days")),  # of lines that name no product
        ("refund_lines", "line_id"),  # a refund of an order whose lines no export states
        *(("traffic", name) for name in ("about_product", "product_id", "channel")),  # of the whole shop, of all channels
    }
)
_NEVER_NEGATIVE = frozenset(
    {
        *("order_shipping", "order_paid", "refund_reported", "unit_price", "line_gross", "refund_cash"),
        *("cost_of_goods", "gross_sales", "shipping", "paid_amount", "refunds_cash_order_day", "refunds_cash_refund_day"),
    }
)


def _derived(table: Table) -> Iterator[Expectation]:
    """What follows from how the table and its columns are declared."""
    names = {column.name for column in table.columns}
    for name in table.key:
        if (table.name, name) not in _MAY_LACK:
            yield Expectation(f"{name}_is_stated", table.name, (name,), Stated())
    yield Expectation("key_is_unique", table.name, table.key, Unique())
    types = " and ".join(f"typeof(\"{column.name}\") = '{column.type}'" for column in table.columns)
    yield Expectation(
        "columns_have_their_types", table.name, tuple(column.name for column in table.columns), TRUE, expression=types
    )
    if "month" in names:
        first = "month = date_trunc('month', month)"
        yield Expectation("month_is_the_first_of_a_month", table.name, ("month",), TRUE, expression=first)
        if "day" in names:
            filed = "date_trunc('month', month) = date_trunc('month', day)"
            yield Expectation("day_is_filed_under_its_month", table.name, ("day", "month"), TRUE, expression=filed)
    if {"grain", "period_start"} <= names:
        first = "case when grain in ('week', 'month', 'quarter', 'year') then period_start = date_trunc(grain, period_start) end"
        yield Expectation("period_starts_on_its_first_day", table.name, ("period_start", "grain"), TRUE, expression=first)
        yield Expectation("grain_is_a_known_word", table.name, ("grain",), OneOf(GRAINS))
    if "basis" in names:
        yield Expectation("basis_is_a_known_word", table.name, ("basis",), OneOf(("paid", "placed")))
    converted = [name for name in names if name.endswith("_base") and name.removesuffix("_base") in names]
    if converted:
        known = " and ".join(f'("{name}" is null or "{name.removesuffix("_base")}" is not null)' for name in sorted(converted))
        yield Expectation("nothing_unknown_is_converted", table.name, tuple(sorted(converted)), TRUE, expression=known)
    for column in table.columns:
        yield from _of_column(table, column.name)


def _of_column(table: Table, name: str) -> Iterator[Expectation]:
    column = next(column for column in table.columns if column.name == name)
    if (table.name, name) in _WORDS:
        yield Expectation(f"{name}_is_a_known_word", table.name, (name,), OneOf(_WORDS[table.name, name]))
    if column.unit in _COUNTS or (column.type.startswith("DECIMAL") and name.removesuffix("_base") in _NEVER_NEGATIVE):
        yield Expectation(f"{name}_never_negative", table.name, (name,), Within(0))
    if column.type == "DOUBLE":
        yield Expectation(f"{name}_is_finite", table.name, (name,), TRUE, expression=f'isfinite("{name}")')
    if name in _USUAL:
        finite = f'case when isfinite("{name}") then "{name}" end'
        test, severity = _USUAL[name]
        yield Expectation(f"{name}_is_in_its_range", table.name, (name,), test, severity, finite, _LOOK)


_LOOK = "look at the rows named; if an export is wrong, edgewise retract FILE takes it out"
_USUAL = {
    "discount_rate": (Within(0, 1), Severity.WARNING),  # a surcharge is a discount below nothing
    "refund_rate": (Within(0, 1), Severity.WARNING),  # a refund of shipping or of goodwill may exceed what was paid
    "days_covered_share": (Within(0, 1), Severity.BLOCKING),
    "units_per_order": (Within(0), Severity.BLOCKING),
    "order_return_rate": (Within(0, 1), Severity.BLOCKING),
    "unit_return_rate": (Within(0, 1), Severity.BLOCKING),
    "discounted_order_share": (Within(0, 1), Severity.WARNING),  # lines and their order may be stated in two currencies
    "full_price_share": (Within(0, 1), Severity.WARNING),  # a surcharge on another line is a discount below nothing
}


def _rule(
    about: str, name: str, columns: str, holds: str, severity: Severity = Severity.BLOCKING, way_out: str = ""
) -> Expectation:
    """A business rule: an SQL condition that is true, or unknown, for every row."""
    return Expectation(name, about, tuple(columns.split()), TRUE, severity, holds, way_out)


def _unusual(about: str, name: str, columns: str, holds: str, way_out: str = _LOOK) -> Expectation:
    """A business rule that honest exports may break: where they do a person should look."""
    return _rule(about, name, columns, holds, Severity.WARNING, way_out)


_SAME_MONTH = "date_trunc('month', month) = date_trunc('month', placed_day)"

BY_HAND = (
    _rule("orders", "counted_orders_have_a_paid_day", "counted paid_day", "not counted or paid_day is not null"),
    _rule("orders", "order_is_filed_under_its_placed_month", "month placed_day", _SAME_MONTH),
    _unusual("orders", "payment_follows_placing", "paid_at placed_at", "paid_at >= placed_at"),
    # Shipping refunded twice, a goodwill payment: it happens, and it is worth a look.
    _unusual("orders", "refund_is_no_more_than_paid", "refund_reported order_paid", "refund_reported <= order_paid"),
    _rule("order_lines", "counted_lines_have_a_paid_day", "counted paid_day", "not counted or paid_day is not null"),
    _rule("order_lines", "positions_count_from_one", "position", "position >= 1"),
    _unusual(
        "order_lines",
        "product_is_stated",
        "product_id is_goods",
        "not is_goods or product_id is not null",
        "export again with the product's number or SKU: lines without one are in no product's figures",
    ),
    # Not blocking: an order discounted below nothing is stated so by its platform.
    _unusual("order_lines", "discount_is_no_more_than_gross", "line_discount line_gross", "line_discount <= line_gross"),
    _unusual("refunds", "refund_follows_its_order", "refund_day placed_day", "not counted or refund_day >= placed_day"),
    _unusual(
        "refunds",
        "refund_that_was_paid_has_its_day",
        "refund_day succeeded",
        "is_estimate or not succeeded or refund_day is not null",
    ),
    _rule("order_buyers", "buyer_is_stated", "buyer", "buyer is not null"),
    _rule("store_days", "orders_with_lines_are_orders", "orders_with_lines paid_orders", "orders_with_lines <= paid_orders"),
    _rule(
        "store_days",
        "discounts_are_gross_less_discounted_sales",
        "discounts gross_sales discounted_sales",
        "discounts = gross_sales - discounted_sales",
    ),
    _unusual("store_days", "every_order_has_a_line", "order_lines paid_orders", "order_lines >= paid_orders"),
    _rule(
        "product_days",
        "discounts_are_gross_less_discounted_sales",
        "discounts gross_sales discounted_sales",
        "discounts = gross_sales - discounted_sales",
    ),
    _rule("buyer_days", "a_buyer_bought", "paid_orders placed_orders", "paid_orders + placed_orders >= 1"),
    _rule(
        "buyer_days",
        "days_follow_one_another",
        "day paid_orders paid_before paid_next placed_before first_paid",
        "paid_before < day and placed_before < day and paid_next > day and (paid_orders = 0 or first_paid <= day)",
    ),
    _rule(
        "store_metrics",
        "net_sales_are_sales_less_refunds",
        "net_sales_order_day discounted_sales refunds_goods_order_day",
        "net_sales_order_day = discounted_sales - refunds_goods_order_day",
    ),
    _rule(
        "store_metrics",
        "net_paid_is_paid_less_refunds",
        "net_paid_order_day paid_amount refunds_cash_order_day",
        "net_paid_order_day = paid_amount - refunds_cash_order_day",
    ),
    _rule("store_metrics", "buyers_are_no_more_than_their_orders", "buyers orders_with_buyer", "buyers <= orders_with_buyer"),
    _unusual(
        "store_metrics",
        "most_of_what_was_paid_is_kept",
        "refund_rate",
        "grain <> 'year' or refund_rate <= 0.6",
        "more than 60 % of a year's payments were refunded: compare with the platform's own refund report",
    ),
    _rule(
        "product_periods",
        "discounts_are_gross_less_discounted_sales",
        "discounts gross_sales discounted_sales",
        "discounts = gross_sales - discounted_sales",
    ),
    _rule("group_metrics", "stores_known_are_stores", "stores_known stores", "stores_known <= stores"),
    _rule("stores", "first_day_is_no_later_than_last", "first_day last_day", "first_day <= last_day"),
    _unusual(
        "stores", "currency_is_a_code", "currency", "regexp_full_match(currency, '[A-Z]{3}')", "correct reference/stores.csv"
    ),
    _rule("products", "first_seen_is_no_later_than_last", "first_seen last_seen", "first_seen <= last_seen"),
    _rule("files", "a_refused_file_says_why", "reason state", "state not in ('refused', 'waiting') or reason is not null"),
    _rule("quarantine", "a_refused_row_says_why", "reason", "reason is not null"),
)


@cache
def suite_of(table: Table) -> tuple[Expectation, ...]:
    """All that is expected of a table's rows. Of a view, only of what it computes: the rest is judged where it stands."""
    if table.stage in (Stage.LANDED, Stage.PUBLISHED):
        return ()
    expected = (*_derived(table), *(rule for rule in BY_HAND if rule.about == table.name))
    if not table.view:
        return expected
    read = {column.name for name in inputs_of(table) if name in BY_NAME for column in BY_NAME[name].columns}
    return tuple(one for one in expected if not read & set(one.columns) and not isinstance(one.test, Unique))


@cache
def digest_of(table: Table) -> str:
    """Digest of a table's suite: rows judged by another one are judged again."""
    return hashlib.sha256(repr(suite_of(table)).encode()).hexdigest()[:16]


SUITES = {table.name: suite_of(table) for table in TABLES if suite_of(table)}


def _literal(value: str | bool) -> str:  # noqa: FBT001  a word or a truth
    return str(value).lower() if isinstance(value, bool) else "'" + value.replace("'", "''") + "'"
