"""Which checks have to be run, and which verdicts still hold because nothing they were reached from has changed.

A law is run where a table it reads is not as it was when the law was last run; a table's rows are judged in the months that
are not as they were. What was found is kept in the warehouse beside the digests it was found at, so that a refresh that breaks
off loses nothing and the table of checks is always whole.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb

from assets import findings
from assets.tables import Table
from assets.warehouse import Warehouse
from checks.expectations import Expectation, digest_of, suite_of
from checks.reconciliation import WORST, Law, Verdict, judge, laws_about
from checks.validate import Found, judge_rows

if TYPE_CHECKING:
    from assets.months import Month

EXPECTATIONS = "expectations"


def verdicts_on(table: Table, warehouse: Warehouse, *, expectations: bool = True) -> list[Verdict]:
    """The verdict of every law and expectation about a table as it stands now."""
    return [*_on_laws(table, warehouse), *(_on_rows(table, warehouse) if expectations else [])]


def _on_laws(table: Table, warehouse: Warehouse) -> list[Verdict]:
    laws = laws_about(table)
    if not laws:
        return []
    held = findings.held(warehouse.connection, table.name)
    inputs = {law.name: _inputs(law, warehouse) for law in laws}
    stale = {law.name for law in laws if held.get((law.name, None), ("", ""))[0] != inputs[law.name]}
    if stale:
        warehouse.show_landed({name for law in laws if law.name in stale for name in law.reads})
    verdicts = [
        _run(law, warehouse) if law.name in stale else Verdict(law, **json.loads(held[law.name, None][1])) for law in laws
    ]
    found: dict[tuple[str, Month], tuple[str, str]] = {
        (verdict.law.name, None): (inputs[verdict.law.name], json.dumps({"breaches": verdict.breaches, "worst": verdict.worst}))
        for verdict in verdicts
        if verdict.law.name in stale and not verdict.stopped
    }
    findings.keep(warehouse.connection, table.name, found)
    return verdicts


def _inputs(law: Law, warehouse: Warehouse) -> str:
    """Digest of a law's query and of all it reads."""
    said = [law.breaches, *(f"{name}={sorted(warehouse.stands(name).items(), key=str)}" for name in law.reads)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _run(law: Law, warehouse: Warehouse) -> Verdict:
    try:
        return judge(law, warehouse.connection)
    except duckdb.Error as error:
        return Verdict(law, stopped=f"its query ended in a {type(error).__name__}")


def _on_rows(table: Table, warehouse: Warehouse) -> list[Verdict]:
    suite = suite_of(table)
    if not suite:
        return []
    stands = {month: f"{digest_of(table)}:{digest}" for month, digest in warehouse.stands(table.name).items()}
    held = {
        month: found for (name, month), found in findings.held(warehouse.connection, table.name).items() if name == EXPECTATIONS
    }
    stale = [month for month, digest in stands.items() if held.get(month, ("", ""))[0] != digest]
    fresh = judge_rows(warehouse.connection, table, suite, stale, warehouse.rows_in(table.name, stale)) if stale else {}
    kept = {month: json.loads(held[month][1]) for month in stands if month not in stale}
    kept |= {month: {} for month in stale}
    for name, found in fresh.items():
        for nth, (month, breaches) in enumerate(found.by_month.items()):
            kept[month][name] = {"breaches": breaches, "worst": "" if nth else found.worst}
    if stale and not any(found.stopped for found in fresh.values()):
        told = {(EXPECTATIONS, month): (stands[month], json.dumps(kept[month])) for month in stale}
        findings.keep(
            warehouse.connection, table.name, told, gone=[(EXPECTATIONS, month) for month in held if month not in stands]
        )
    return [_over_months(expectation, kept.values(), fresh.get(expectation.name)) for expectation in suite]


def _over_months(expectation: Expectation, kept: Iterable[Mapping[str, Mapping[str, Any]]], fresh: Found | None) -> Verdict:
    """One verdict from what was found in each month, now or before."""
    told = [found[expectation.name] for found in kept if expectation.name in found]
    worst = [line for one in told for line in one["worst"].split("; ") if line]
    return Verdict(
        expectation, sum(one["breaches"] for one in told), "; ".join(worst[:WORST]), fresh.stopped if fresh is not None else ""
    )
