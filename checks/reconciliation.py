"""Laws across tables: no row lost, no money made, measures add up to facts. Each is a query for what breaks it, in `laws/`.

A law belongs here when breaking it means a number is wrong, or when an operator must be told. What one column may hold
does not: that is for the expectations derived from `tables`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol

import duckdb
import sqlglot
from sqlglot import exp

from assets.tables import TABLES, Stage, Table

WORST = 5


class Severity(StrEnum):
    """Whether breaking a law keeps a generation from being published."""

    BLOCKING = "blocking"
    WARNING = "warning"


class Outcome(StrEnum):
    """How a check ended. One that could not be run has found nothing out, which is not the same as a breach."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_RUN = "could_not_run"


class Check(Protocol):
    """What a law and an expectation have in common."""

    @property
    def name(self) -> str:
        """The sentence."""

    @property
    def about(self) -> str:
        """The table."""

    @property
    def severity(self) -> Severity:
        """Whether breaking it keeps a generation from being published."""

    @property
    def way_out(self) -> str:
        """What to do where it is broken."""


@dataclass(frozen=True)
class Law:
    """A sentence that is true when it passes.

    `about` is the table it is held against: the last to be built of those its query reads. `way_out` is what to do.
    """

    name: str
    about: str
    severity: Severity = Severity.BLOCKING
    way_out: str = ""
    query: str = ""

    @cached_property
    def breaches(self) -> str:
        """The query for what breaks the law; its first columns name the worst keys."""
        return self.query or (Path(__file__).parent / "laws" / f"{self.name}.sql").read_text()

    @property
    def breakers(self) -> str:
        """What breaks the law, in words: the comment its query opens with."""
        comment = [line.removeprefix("--").strip() for line in self.breaches.splitlines() if line.startswith("--")]
        return " ".join(comment)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tables and sources its query reads, sorted."""
        tree = sqlglot.parse_one(self.breaches, read="duckdb")
        ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
        return tuple(sorted({found.name for found in tree.find_all(exp.Table)} - ctes))


@dataclass(frozen=True)
class Verdict:
    """What a law or an expectation found: how many break it and the worst of them, or why it could not be run."""

    law: Check
    breaches: int = 0
    worst: str = ""
    stopped: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was run and nothing breaks it."""
        return self.outcome is Outcome.PASSED

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        if self.stopped:
            return Outcome.COULD_NOT_RUN
        return Outcome.FAILED if self.breaches else Outcome.PASSED

    @property
    def blocks(self) -> bool:
        """Whether it keeps a generation from being published. What could not be judged is never published."""
        return not self.passed and (self.law.severity is Severity.BLOCKING or bool(self.stopped))

    @property
    def seen(self) -> str:
        """What was seen, in words."""
        if self.stopped:
            return f"could not be run: {self.stopped}"
        return f"{self.breaches:,} break it" if self.breaches else "nothing breaks it"


def judge(law: Law, connection: duckdb.DuckDBPyConnection) -> Verdict:
    """Run a law's query.

    Raises:
        duckdb.Error: the law could not be run, which is not the same as broken.
    """
    (count,) = connection.execute(f"select count(*) from ({law.breaches}\n)").fetchone() or (0,)
    if not count:
        return Verdict(law, 0)
    found = connection.execute(f"select * from ({law.breaches}\n) order by all limit {WORST}")
    names = [column[0] for column in found.description]
    rows = [", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True)) for row in found.fetchall()]
    return Verdict(law, count, "; ".join(rows))


def _unique_keys() -> Iterator[Law]:
    """For tables that are built month by month: a month judged alone cannot see a key that stands in another one too."""
    for table in TABLES:
        if table.view or table.whole or table.stage is Stage.PUBLISHED:
            continue
        key = ", ".join(f'"{name}"' for name in table.key)
        twice = f"select {key}, count(*) as times from {table.name} group by {key} having count(*) > 1"
        yield Law("every_key_is_unique", table.name, query=f"-- Keys that stand more than once.\n{twice}")


LAWS = (
    *_unique_keys(),
    Law(
        "every_order_has_one_month",
        "orders",
        way_out="an order number used for two orders, or a changed placing time: edgewise retract the file that is wrong",
    ),
    Law("every_landed_order_stands", "orders"),
    Law("every_landed_line_stands", "order_lines"),
    Law("every_landed_refund_stands", "refunds"),
    Law("no_row_is_lost", "files"),
    Law("no_money_is_made_on_landing", "orders"),
    Law("no_money_is_made_by_merging", "refunds"),
    Law("every_refund_total_was_exported", "orders"),
    Law("discounts_are_spread_to_the_cent", "order_lines"),
    Law("refunds_are_spread_to_the_cent", "refund_lines"),
    Law("paid_orders_add_up_to_orders", "store_days"),
    Law("paid_amount_adds_up_to_orders", "store_days"),
    Law("discounted_sales_add_up_to_orders", "store_days"),
    Law("gross_sales_add_up_to_lines", "store_days"),
    Law("refunds_add_up_on_order_days", "store_days"),
    Law("refunds_add_up_on_refund_days", "store_days"),
    Law("products_add_up_to_lines", "product_days"),
    Law("periods_add_up_to_days", "store_metrics"),
    Law("customers_told_are_the_stores_buyers", "customer_periods"),
    Law("no_cohort_is_small", "customer_cohorts"),
    Law("no_segment_is_small", "customer_segments"),
    Law("price_bands_add_up_to_lines", "price_bands"),
    Law("gaps_are_split_to_the_cent", "kpi_pacing"),
    Law("margins_add_up", "store_metrics"),
    Law("refunds_mature_upwards", "matured_refunds"),
    Law("categories_mature_to_their_store", "matured_refunds"),
    Law("bridges_end_at_the_platforms_figure", "bridges"),
    Law(
        "bridges_leave_little_unexplained",
        "bridges",
        Severity.WARNING,
        "compare the exports of the month with the platform's own page: a file may be missing, cut or of another store",
    ),
    Law("every_file_is_readable", "files", Severity.WARNING, "edgewise explain FILE says how each would be read"),
    Law("every_row_is_readable", "quarantine", Severity.WARNING, "edgewise explain FILE --row N tells a row's fate"),
    Law(
        "every_order_stands_in_newer_exports",
        "files",
        Severity.WARNING,
        "export that time again, whole: the orders stand as an older export has them, and nothing is deleted",
    ),
    Law(
        "every_store_is_listed",
        "stores",
        Severity.WARNING,
        "list it in reference/stores.csv, so that its time zone and currency are stated and not assumed",
    ),
    Law(
        "every_buyer_is_linked",
        "customer_periods",
        Severity.WARNING,
        "put the earlier exports back into the inbox, then edgewise run --new-key-epoch reads them anew under today's key; until "
        "then buyers of periods on both sides are not counted",
    ),
    Law(
        "every_product_has_a_title",
        "products",
        Severity.WARNING,
        "export again with the title column, so that products can be told apart",
    ),
    Law(
        "every_refund_has_its_order",
        "refunds",
        Severity.WARNING,
        "land the order export of the time the orders were placed; until then these refunds count nowhere",
    ),
    Law(
        "every_refund_stated_is_dated",
        "refunds",
        Severity.WARNING,
        "land the refund export again: the order export knows of more; until then the rest stands on its order's day alone",
    ),
    Law(
        "every_line_has_its_order",
        "order_lines",
        Severity.WARNING,
        "land the order report that dates them; until then these lines count nowhere",
    ),
    Law(
        "no_refund_exceeds_what_was_paid",
        "refunds",
        Severity.WARNING,
        "compare the order and its refunds with the platform's page: a newer order export may be missing",
    ),
    Law(
        "every_order_has_one_currency",
        "orders",
        Severity.WARNING,
        "an order number used for two orders, or a file of another store: edgewise retract the file that is wrong",
    ),
    Law(
        "no_code_looks_like_another",
        "products",
        Severity.WARNING,
        "if both are one article, write its code one way on the platform, or give both the same item in reference/catalogue.csv",
    ),
    Law(
        "every_amount_is_converted",
        "store_metrics",
        Severity.WARNING,
        "add the currency's rates to reference/fx_rates.csv",
    ),
)


def laws_about(table: Table) -> list[Law]:
    """The laws a table is held to once it is built."""
    return [law for law in LAWS if law.about == table.name]
