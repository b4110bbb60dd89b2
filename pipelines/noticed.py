"""What changed on the latest days, as a person reads it in the terminal. What other commands show stands in `screens`."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
from rich.padding import Padding
from rich.text import Text

from pipelines.consoles import console

FEW = 4
_STATES = {"open": ("open", "持续"), "over": ("over", "已恢复"), "settled": ("the new level", "已成常态")}


def at_a_glance(database: duckdb.DuckDBPyConnection) -> None:
    """The changes that are open and the exports that stopped, a line each; nothing where there are none."""
    from assets import reading

    rows = reading.alerts(database, is_open=True)
    if not rows:
        return
    console.print("alerts 警报", style="bold")
    currency = reading.reporting_currency(database)
    for row in rows[:FEW]:
        console.print(Text("  ") + headline(row, currency, in_chinese=False), soft_wrap=True)
    more = f", and {len(rows) - FEW} more" if len(rows) > FEW else ""
    console.print(f"  in words{more}: edgewise alerts", style="dim")


def headline(row: Mapping[str, Any], currency: str, *, in_chinese: bool) -> Text:
    """An alert in a line: where, what, since when, and what it is worth a day."""
    from assets.alerts.words import METRIC_NAMES
    from assets.reading import money

    where = row["store"] or " · ".join(filter(None, (row["platform"], f"{row['stores']} {'家店' if in_chinese else 'stores'}")))
    line = Text(" · ".join(filter(None, (where, row["segment"]))), style="bold")
    if row["alert_kind"] == "stopped_export":
        source, since = row["source"], row["changed_on"]
        told = (
            f"{source or '任何来源'} 自 {since} 起无导出" if in_chinese else f"no export of {source or 'any kind'} since {since}"
        )
        return line.append(f"  {told}", style="yellow")
    name, since = METRIC_NAMES[row["metric"]][in_chinese], "自" if in_chinese else "since"
    changed = f"{row['change']:+.0%}".replace("-", "−")
    line.append(f"  {name} {changed} {since} {row['changed_on']}  ", style="default")
    if row["money_a_day_base"] is not None:
        a_day = "每天" if in_chinese else "a day"
        colour = "cyan" if row["money_a_day_base"] > 0 else "red"
        line.append(f"{money(row['money_a_day_base'])} {currency} {a_day}".replace("  ", " "), style=colour)
    return line


def all_of(rows: Sequence[Mapping[str, Any]], currency: str, *, lang: str) -> None:
    """Every alert in words."""
    in_chinese = lang == "zh"
    if not rows:
        console.print("近期没有足以确认的变化。" if in_chinese else "Nothing changed lately that is sure enough to tell.")
    for row in rows:
        state = _STATES[row["alert_state"]][in_chinese]
        console.print(Text(f"{row['rank']:>3} {state}  ", style="dim") + headline(row, currency, in_chinese=in_chinese))
        console.print(Padding(Text(row["text_zh" if in_chinese else "text_en"]), (0, 0, 1, 4)))


def restated(database: duckdb.DuckDBPyConnection) -> None:
    """Which past numbers this generation changed, and the files that did it, a line a store; nothing where none did."""
    from assets.reading import money, rows_of

    rows = rows_of(
        database,
        """
        select store, cause, string_agg(distinct file, '; ' order by file) as files, count(*) as numbers,
            min(period_start) as first_day, max(period_start) as last_day, any_value(currency) as currency,
            sum(coalesce(after, 0) - coalesce(before, 0)) filter (metric = 'paid_amount') as paid
        from restatements where grain = 'day' group by store, cause order by numbers desc, store
        """,
    )
    if not rows:
        return
    console.print("restated 修订", style="bold")
    for row in rows[:FEW]:
        why = (
            row["files"]
            if row["cause"] == "file"
            else {"code": "another edgewise", "reference": "reference/ or settings"}[row["cause"]]
        )
        paid = f", paid amount {money(row['paid'])} {row['currency']}" if row["paid"] else ""
        told = f"  {row['numbers']:,} daily figures of {row['first_day']} to {row['last_day']}{paid}: {why}"
        console.print(Text("  ") + Text(row["store"], style="bold") + Text(told), soft_wrap=True)
    console.print("  before and after: edgewise query 'from restatements'", style="dim")
