"""Runs Great Expectations over a table's rows and says what it found. The only file that imports it.

It is imported only when there is something to judge: that takes longer than most refreshes.
Up to a bound the rows themselves are judged. Beyond it one pass of SQL takes a profile, one row with a count per expectation,
and an equivalent suite judges that. Verdicts, their names and their counts are the same either way.
"""

import os
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb

from assets.months import Month, in_months
from assets.tables import Table
from checks.expectations import Expectation, OneOf, Stated, Unique, Within
from checks.reconciliation import WORST

Declared = Any  # Great Expectations and pandas come without types, and importing them for types would cost seconds
Frame = Any

BOUND = 500_000
_SPOKEN_OF = 3
NEVER_SHOWN = frozenset({"buyer"})


@dataclass(frozen=True)
class Found:
    """What was found of one expectation: per month how many rows break it, the worst of them, or why it could not be run."""

    by_month: Mapping[Month, int] = field(default_factory=dict)
    worst: str = ""
    stopped: str = ""


def judge_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, suite: Sequence[Expectation], months: Sequence[Month], rows: int
) -> dict[str, Found]:
    """What Great Expectations finds in some months of a table, or in all of it where it has none.

    Args:
        connection: the open warehouse.
        table: the table.
        suite: what is expected of it.
        months: the months to judge; of a table that is built whole, `None` alone.
        rows: how many rows they have.

    Returns:
        For each expectation that fails or could not be run, by its name, what was found.
    """
    chosen = "true" if table.whole else in_months(months)
    try:
        judge = _of_rows if rows <= BOUND else _of_profile
        failed = judge(connection, table, suite, chosen)
        return {
            expectation.name: Found(stopped=failed[expectation.name])
            if failed[expectation.name]
            else _breaches(connection, table, expectation, chosen)
            for expectation in suite
            if expectation.name in failed
        }
    except duckdb.Error as error:
        return {expectation.name: Found(stopped=f"the rows cannot be read ({type(error).__name__})") for expectation in suite}


def _of_rows(connection: duckdb.DuckDBPyConnection, table: Table, suite: Sequence[Expectation], chosen: str) -> dict[str, str]:
    """Judge rows: the columns the suite needs, in one frame. Returns what failed, with why where it could not be run."""
    needed: dict[str, str] = {}
    for expectation in suite:
        if isinstance(expectation.test, Unique):
            needed |= {name: f'"{name}"' for name in expectation.columns}
        else:
            needed[_column(expectation)] = expectation.tested
    columns = ", ".join(f'{value} as "{name}"' for name, value in needed.items())
    frame = connection.execute(f"select {columns} from {table.name} where {chosen}").df()
    return _validated(table, frame, {expectation.name: _declared(expectation) for expectation in suite})


def _column(expectation: Expectation) -> str:
    return expectation.name if expectation.expression else expectation.columns[0]


def _of_profile(connection: duckdb.DuckDBPyConnection, table: Table, suite: Sequence[Expectation], chosen: str) -> dict[str, str]:
    """Judge a profile: one row, holding for each expectation how many rows break it."""
    counts = [f'count_if({one.broken}) as "{one.name}"' for one in suite if not isinstance(one.test, Unique)]
    profile = connection.execute(f"select {', '.join(counts)} from {table.name} where {chosen}").df()
    for one in suite:
        if isinstance(one.test, Unique):
            key = ", ".join(f'"{name}"' for name in one.columns)
            twice = f"select count(*) as times from {table.name} where {chosen} group by {key} having count(*) > 1"
            (profile[one.name],) = connection.execute(f"select coalesce(sum(times), 0)::bigint from ({twice})").fetchone() or (0,)
    return _validated(table, profile, {one.name: _declared(one, counted=True) for one in suite})


def _declared(expectation: Expectation, *, counted: bool = False) -> Declared:
    """An expectation of rows, or of the count of those that break it, in Great Expectations' own words.

    It carries its name along, because results come in any order.
    """
    gxe = _great_expectations().expectations
    said: dict[str, Any] = {"meta": {"name": expectation.name}}
    if counted:
        return gxe.ExpectColumnValuesToBeBetween(column=expectation.name, max_value=0, **said)
    match expectation.test:
        case Stated():
            return gxe.ExpectColumnValuesToNotBeNull(column=_column(expectation), **said)
        case OneOf(values):
            return gxe.ExpectColumnValuesToBeInSet(column=_column(expectation), value_set=list(values), **said)
        case Within(least, most):
            return gxe.ExpectColumnValuesToBeBetween(column=_column(expectation), min_value=least, max_value=most, **said)
        case Unique() if len(expectation.columns) == 1:
            return gxe.ExpectColumnValuesToBeUnique(column=expectation.columns[0], **said)
        case Unique():
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(expectation.columns), ignore_row_if="never", **said)


def _validated(table: Table, frame: Frame, declared: Mapping[str, Declared]) -> dict[str, str]:
    """What fails in a frame, by name; with the reason where Great Expectations could not tell."""
    gx = _great_expectations()
    suite = gx.suite(table.name, expectations=list(declared.values()))
    try:
        report = gx.frames.get_batch({"dataframe": frame}).validate(suite, result_format="BOOLEAN_ONLY")
    except Exception as error:  # noqa: BLE001  whatever it is, nothing was found out, and its message may quote a row
        return dict.fromkeys(declared, f"Great Expectations stopped ({type(error).__name__})")
    failed = {
        result.expectation_config.meta["name"]: _exception(result.exception_info)
        for result in report.results
        if not result.success
    }
    told = {result.expectation_config.meta["name"] for result in report.results}
    return failed | {name: "it has no result" for name in declared if name not in told}


def _exception(told: Mapping[str, Any] | None) -> str:
    """The kind of exception, and never its message: that may quote what is in a row."""
    if not told or told.get("raised_exception") is False:
        return ""
    kinds = re.findall(r"\b([A-Z]\w*(?:Error|Exception))\b", str(told))
    return f"Great Expectations stopped ({kinds[-1] if kinds else 'exception'})"


@dataclass(frozen=True)
class _GreatExpectations:
    """Great Expectations with a context of its own that writes nothing."""

    expectations: Any
    suite: Any
    frames: Any


@cache
def _great_expectations() -> _GreatExpectations:
    """Import it, which takes seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)  # it imports both at its start
        import great_expectations as gx
        import great_expectations.expectations as gxe
        from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("frames")
    frames = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    return _GreatExpectations(gxe, gx.ExpectationSuite, frames)


def _breaches(connection: duckdb.DuckDBPyConnection, table: Table, expectation: Expectation, chosen: str) -> Found:
    """How many rows break an expectation, month by month, and the first of them by key."""
    rows = f"select * from {table.name} where {chosen}"
    if isinstance(expectation.test, Unique):
        key = ", ".join(f'"{name}"' for name in expectation.columns)
        rows = f"select *, count(*) over (partition by {key}) as times from {table.name} where {chosen}"
    breaking = f"from ({rows}) where {expectation.broken}"
    month = "null::date" if table.whole else "month"
    counts = connection.execute(f"select {month}, count(*) {breaking} group by 1").fetchall()
    if not counts:
        return Found(stopped="Great Expectations finds a breach, the database none")
    spoken_of = expectation.columns if len(expectation.columns) <= _SPOKEN_OF else ()
    shown = [name for name in dict.fromkeys((*table.key, *spoken_of)) if name not in NEVER_SHOWN]
    names = ", ".join(f'"{name}"' for name in shown)
    worst = connection.execute(f"select {names} {breaking} order by all limit {WORST}").fetchall()
    told = [", ".join(f"{name}={value}" for name, value in zip(shown, row, strict=True)) for row in worst]
    return Found(dict(counts), "; ".join(told))
