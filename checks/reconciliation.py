"""Laws across tables: no row lost, no money made, measures add up to facts. Each is a query for what breaks it.

A law belongs here when breaking it means a number is wrong, or when an operator must be told. What one column may hold
does not: that is for the expectations derived from `tables`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import duckdb

from assets.tables import TABLES, Stage, Table

WORST = 5


class Severity(StrEnum):
    """Whether breaking a law keeps a generation from being published."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True)
class Law:
    """A sentence that is true when it passes; `breaches` selects what breaks it, its first columns naming the worst keys.

    `about` is the table it is held against: the last of those it reads to be built.
    """

    name: str
    about: str
    breaches: str
    severity: Severity = Severity.BLOCKING
    way_out: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a law found."""

    law: Law
    passed: bool
    seen: str
    worst: str


def judge(law: Law, connection: duckdb.DuckDBPyConnection) -> Verdict:
    """Run a law's query.

    Raises:
        duckdb.Error: the law could not be run, which is not the same as broken.
    """
    (count,) = connection.execute(f"select count(*) from ({law.breaches})").fetchone() or (0,)
    if not count:
        return Verdict(law, passed=True, seen="nothing breaks it", worst="")
    found = connection.execute(f"select * from ({law.breaches}) order by all limit {WORST}")
    names = [column[0] for column in found.description]
    worst = "; ".join(", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True)) for row in found.fetchall())
    return Verdict(law, passed=False, seen=f"{count} break it", worst=worst)


def _unique_keys() -> Iterator[Law]:
    for table in TABLES:
        if table.view or table.stage is Stage.PUBLISHED:
            continue
        key = ", ".join(f'"{name}"' for name in table.key)
        yield Law("every_key_is_unique", table.name, f"select {key}, count(*) as times from {table.name} group by all having count(*) > 1")


_MONEY = (
    ("orders", "order_paid"),
    ("orders", "order_shipping"),
    ("orders", "order_tax"),
    ("orders", "refund_reported"),
    ("order_lines", "line_gross"),
    ("refunds", "refund_cash"),
)

_LANDED_MONEY = " union all ".join(
    f"select landing, '{fact}' as kind, '{column}' as \"column\", store, currency, sum({column}) as amount, "
    f"sum(case when exists_in_fact then {column} end) as kept "
    f"from (select landed.landing, landed.store, landed.currency, landed.{column}, fact.landing is not null as exists_in_fact "
    f"from landed_{fact} as landed left join {fact} as fact "
    f"on landed.landing = fact.landing and landed.row = fact.row and landed.store = fact.store) group by all"
    for fact, column in _MONEY
)
_FACT_MONEY = " union all ".join(
    f"select landing, '{fact}' as kind, '{column}' as \"column\", store, currency, sum({column}) as amount from {fact} "
    "where landing is not null group by all"
    for fact, column in _MONEY
)


def _adds_up(measure: str, facts: str) -> str:
    """Days on which a known measure is not what the facts of that day add up to."""
    return f"""
        select basis, store, currency, day, measure, fact from (
            select store_days.basis, store_days.store, store_days.currency, store_days.day, {measure} as measure, coalesce(facts.amount, 0) as fact
            from store_days left join (
                select basis, store, currency, day, sum(amount) as amount from ({facts}) group by all
            ) as facts using (basis, store, currency, day)
        ) where measure <> fact
    """


def _on_both_bases(amount: str, facts: str, condition: str = "counted") -> str:
    return " union all ".join(
        f"select '{basis}' as basis, store, currency, {basis}_day as day, {amount} as amount from {facts} where {condition}"
        for basis in ("paid", "placed")
    )


LAWS = (
    *_unique_keys(),
    Law(
        "every_order_has_one_month",
        "orders",
        """select store, order_id, count(distinct month) as months from landed_orders group by store, order_id having count(distinct month) > 1
           union all
           select store, order_id, count(distinct month) from landed_order_lines where month is not null
           group by store, order_id having count(distinct month) > 1""",
        way_out="an order number used for two orders, or an order whose placing time was changed: edgewise retract the wrong file",
    ),
    Law(
        "no_row_is_lost",
        "files",
        """select file, rows_in, kept, superseded, quarantined, skipped from files
           where state in ('landed', 'companion') and rows_in <> kept + superseded + quarantined + skipped""",
    ),
    Law(
        "every_landed_order_stands",
        "orders",
        "select distinct store, order_id from landed_orders anti join orders using (store, order_id)",
    ),
    Law(
        "every_landed_line_stands",
        "order_lines",
        "select distinct store, order_id from landed_order_lines anti join order_lines using (store, order_id)",
    ),
    Law(
        "every_landed_refund_stands",
        "refunds",
        "select distinct store, refund_id from landed_refunds anti join refunds using (store, refund_id)",
    ),
    Law(
        "no_money_is_made_on_landing",
        "files",
        f"""select landing, kind, "column", store, currency, ledger_money.amount as read, coalesce(landed.amount, 0) as landed
            from ledger_money left join ({_LANDED_MONEY}) as landed using (landing, kind, "column", store, currency)
            where ledger_money.amount <> coalesce(landed.amount, 0)""",
    ),
    Law(
        "no_money_is_made_by_merging",
        "refunds",
        f"""select landing, kind, "column", store, currency, landed.kept as landed, facts.amount as fact
            from ({_LANDED_MONEY}) as landed full join ({_FACT_MONEY}) as facts using (landing, kind, "column", store, currency)
            where coalesce(landed.kept, 0) <> coalesce(facts.amount, 0)""",
    ),
    Law(
        "paid_orders_add_up_to_orders",
        "store_days",
        _adds_up("store_days.paid_orders", _on_both_bases("1", "orders")),
    ),
    Law(
        "paid_amount_adds_up_to_orders",
        "store_days",
        _adds_up("store_days.paid_amount", _on_both_bases("order_paid", "orders")),
    ),
    Law(
        "discounted_sales_add_up_to_orders",
        "store_days",
        _adds_up("store_days.discounted_sales", _on_both_bases("goods_amount", "orders")),
    ),
    Law(
        "gross_sales_add_up_to_lines",
        "store_days",
        _adds_up("store_days.gross_sales", _on_both_bases("line_gross", "order_lines", "counted and is_goods")),
    ),
    Law(
        "refunds_add_up_on_order_days",
        "store_days",
        _adds_up("store_days.refunds_cash_order_day", _on_both_bases("refund_cash", "refunds")),
    ),
    Law(
        "refunds_add_up_on_refund_days",
        "store_days",
        """select store_days.basis, store_days.store, sum(store_days.refunds_cash_refund_day) as measure, any_value(done.amount) as fact
           from store_days inner join (
               select store, sum(refund_cash) as amount from refunds where counted and refund_day is not null group by store
           ) as done using (store)
           group by all
           having count(store_days.refunds_cash_refund_day) = count(*) and sum(store_days.refunds_cash_refund_day) <> any_value(done.amount)""",
    ),
    Law(
        "refunds_are_spread_to_the_cent",
        "refund_lines",
        """select store, refund_id, refunds.refund_cash, spread.cash, refunds.refund_goods, spread.goods
           from refunds left join (
               select store, refund_id, sum(refund_cash) as cash, sum(refund_goods) as goods from refund_lines group by all
           ) as spread using (store, refund_id)
           where refunds.counted
           and (refunds.refund_cash is distinct from spread.cash or refunds.refund_goods is distinct from spread.goods)""",
    ),
    Law(
        "products_add_up_to_lines",
        "product_days",
        f"""select basis, store, currency, day, facts.amount as lines, products.amount as products
            from (select basis, store, currency, day, sum(amount) as amount
                  from ({_on_both_bases("line_gross", "order_lines", "counted and is_goods and product_id is not null")}) group by all) as facts
            full join (select basis, store, currency, day, sum(gross_sales) as amount from product_days group by all) as products
            using (basis, store, currency, day)
            where coalesce(facts.amount, 0) <> coalesce(products.amount, 0)""",
    ),
    Law(
        "discounts_are_spread_to_the_cent",
        "order_lines",
        """select store, order_id, orders.goods_amount, sum(line_gross - line_discount) as lines
           from order_lines inner join orders using (store, order_id)
           where order_lines.is_goods and orders.goods_amount is not null
           group by all having sum(line_gross - line_discount) <> orders.goods_amount""",
    ),
    Law(
        "periods_add_up_to_days",
        "store_metrics",
        """select basis, store, currency, grain, sum(store_metrics.paid_orders) as periods, any_value(days.paid_orders) as days
           from store_metrics inner join (
               select basis, store, currency, sum(paid_orders) as paid_orders, sum(paid_amount) as paid_amount, count(*) = count(paid_amount) as known
               from store_days group by all
           ) as days using (basis, store, currency)
           group by all
           having sum(store_metrics.paid_orders) <> any_value(days.paid_orders)
           or (any_value(days.known) and sum(store_metrics.paid_amount) <> any_value(days.paid_amount))""",
    ),
    Law(
        "every_file_is_readable",
        "files",
        "select file, reason, what_to_do from files where state in ('refused', 'waiting')",
        Severity.WARNING,
    ),
    Law(
        "every_row_is_readable",
        "quarantine",
        'select file, reason, "column", count(*) as rows, min(row) as first_row from quarantine group by all',
        Severity.WARNING,
    ),
    Law(
        "every_store_is_listed",
        "stores",
        "select store, platform from stores where not listed",
        Severity.WARNING,
        way_out="list it in reference/stores.csv, so that its time zone and currency are stated and not assumed",
    ),
    Law(
        "every_refund_has_its_order",
        "refunds",
        "select refunds.store, count(*) as refunds from refunds anti join orders using (store, order_id) where refunds.succeeded group by all",
        Severity.WARNING,
        way_out="land the order export of the time the orders were placed; until then these refunds count nowhere",
    ),
    Law(
        "every_line_has_its_order",
        "order_lines",
        "select store, count(*) as lines from order_lines anti join orders using (store, order_id) group by all",
        Severity.WARNING,
        way_out="land the order report that dates them; until then these lines count nowhere",
    ),
    Law(
        "every_amount_is_converted",
        "store_metrics",
        """select currency, min(period_start) as first_day, count(distinct period_start) as days from store_metrics
           where grain = 'day' and basis = 'paid' and paid_amount is not null and paid_amount_base is null group by all""",
        Severity.WARNING,
        way_out="add the currency's rates to reference/fx_rates.csv",
    ),
)


def laws_about(table: Table) -> list[Law]:
    """The laws a table is held to once it is built."""
    return [law for law in LAWS if law.about == table.name]
