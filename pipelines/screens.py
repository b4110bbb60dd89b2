"""What a person reads in the terminal. Nothing is computed here beyond what a line needs. Files and formats: see `filed`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from assets.doctor import Finding, Weight
from assets.published import Generation
from checks.reconciliation import Severity, Verdict
from pipelines import noticed
from pipelines.consoles import console, errors
from pipelines.run import Outcome

SHOWN = 8


def summary(home: Path, outcome: Outcome, database: duckdb.DuckDBPyConnection) -> None:
    """What a refresh did, and where its result is."""
    fates = dict(zip(("in", "kept", "superseded", "quarantined", "skipped"), _fates(database), strict=True))
    grid = Grid.grid(padding=(0, 2))
    grid.add_row(
        "files 文件", ", ".join(f"{count} {state}" for state, count in outcome.landed.files.most_common()) or "nothing new"
    )
    grid.add_row("rows 行", " · ".join(f"{count:,} {fate}" for fate, count in fates.items()))
    grid.add_row("checks 校验", f"{len(outcome.verdicts) - len(outcome.failed)} of {len(outcome.verdicts)} passed")
    console.print(grid)
    warnings(outcome.failed)
    stores(database)
    noticed.restated(database)
    noticed.at_a_glance(database)
    top(database)
    path = home / "published" / outcome.generation.file
    console.print(f"generation {outcome.generation.number} · {path}", style="bold", soft_wrap=True)
    page = home / "published" / "report" / f"{path.stem}.html"
    if page.exists():
        console.print(f"report 报告 · {page}", soft_wrap=True)


def warnings(verdicts: Sequence[Verdict]) -> None:
    """A line for each law that is not kept, and what to do."""
    for verdict in verdicts:
        blocking = verdict.law.severity is Severity.BLOCKING
        line = Text("✗ " if blocking else "! ", style="bold red" if blocking else "bold yellow")
        line.append(f"{verdict.law.name.replace('_', ' ')} — {verdict.seen}", style="red" if blocking else "yellow")
        errors.print(line)
        errors.print(f"    {verdict.worst}", style="dim", markup=False, overflow="ellipsis", no_wrap=not blocking)
        if verdict.law.way_out:
            errors.print(f"    {verdict.law.way_out}", style="dim", markup=False)


def stores(database: duckdb.DuckDBPyConnection) -> None:
    """The stores with the most paid in their last whole month; in the last there is where none is whole yet."""
    rows = database.execute(
        """
        select store, store_metrics.currency, period_start, paid_orders, paid_amount, net_sales_order_day, buyers
        from store_metrics
        join stores using (store)
        where basis = 'paid' and grain = 'month' and paid_orders > 0
        qualify row_number() over (
            partition by store, store_metrics.currency
            order by last_day(period_start) <= stores.last_day desc, period_start desc
        ) = 1
        order by paid_amount desc nulls last, store
        """
    ).fetchall()
    if not rows:
        return
    grid = Grid(box=None, header_style="bold", padding=(0, 1))
    grid.add_column("store\n店铺", overflow="fold")
    grid.add_column("month\n月份", no_wrap=True)
    for name in ("orders\n支付订单", "paid\n支付金额", "net sales\n净销售额", "buyers\n买家"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("\n货币")
    for store, currency, month, orders, paid, net, buyers in rows[:SHOWN]:
        grid.add_row(Text(store), f"{month:%Y-%m}", _number(orders), _money(paid), _money(net), _number(buyers), currency)
    console.print(grid)
    if len(rows) > SHOWN:
        console.print(f"  and {len(rows) - SHOWN:,} more stores: edgewise query 'from store_metrics'", style="dim")


def recommendations(
    rows: Sequence[Mapping[str, Any]],
    *,
    top: int,
    lang: str,
    claimed: int,
    currency: str,
    unsaid: Sequence[Mapping[str, Any]],
    record: Mapping[str, Any] | None = None,
) -> None:
    """The ranked recommendations in words, or why there are none."""
    from assets import reading

    in_chinese = lang == "zh"
    if not rows:
        _nothing_said(unsaid, in_chinese=in_chinese)
        return
    console.print(_sureness(claimed, in_chinese=in_chinese), style="bold")
    if record:
        console.print(reading.kept_said(record, currency)[in_chinese])
    for row in rows[:top]:
        console.print()
        console.print(_headline(row, in_chinese=in_chinese) + _money_of(row, currency, in_chinese=in_chinese))
        to_do, text = (row["to_do_zh"], row["text_zh"]) if in_chinese else (row["to_do_en"], row["text_en"])
        console.print(Padding(Text(to_do, style="bold") + Text(text.removeprefix(to_do)), (0, 0, 0, 4)))
        console.print(Padding(Text(_evidence(row, in_chinese=in_chinese), style="dim"), (0, 0, 0, 4)))
    if len(rows) > top:
        more = len(rows) - top
        console.print(
            f"\n另有 {more} 条：--top {len(rows)}" if in_chinese else f"\nand {more} more: --top {len(rows)}", style="dim"
        )


def top(database: duckdb.DuckDBPyConnection) -> None:
    """The first three recommendations, a line each; nothing where there are none."""
    from assets import reading
    from assets.edges.names import METRIC_NAMES
    from assets.edges.words import change

    rows = [row for row in reading.recommended(database) if row["move"] != "explore"]
    if not rows:
        return
    console.print("recommendations 建议", style="bold")
    currency = reading.reporting_currency(database)
    if record := reading.kept(database):
        console.print(f"  {reading.kept_said(record, currency)[0]}", soft_wrap=True)
    for row in rows[:3]:
        metric = Text(f"{METRIC_NAMES[row['metric']][0]} {change(row['effect'], row['metric'])}  ")
        console.print(_headline(row, in_chinese=False) + metric + _money_of(row, currency, in_chinese=False), soft_wrap=True)
    console.print(f"  {len(rows)} in all, in words: edgewise recommend", style="dim")


def _sureness(claimed: int, *, in_chinese: bool) -> str:
    if not claimed:
        return (
            "没有可确认的优劣势，以下仅值得一试。"
            if in_chinese
            else "No edge is sure enough to claim; what follows is worth a test."
        )
    if in_chinese:
        return f"在确认的 {claimed} 项优劣势中，方向判断有误的预计不超过 5%。"
    return f"Of the {claimed} edges claimed at most 5 % are expected to have the wrong sign."


def _headline(row: Mapping[str, Any], *, in_chinese: bool) -> Text:
    from assets.edges.names import MOVE_NAMES

    line = Text(f"{row['rank']:>3} ", style="dim")
    move = MOVE_NAMES[row["move"]][in_chinese]
    line.append(move if in_chinese else f"{move:<7}", style=f"bold {_colour(row)}")
    return line.append(f" {row['store']} · {row['segment']}  ", style="bold")


def _money_of(row: Mapping[str, Any], currency: str, *, in_chinese: bool) -> Text:
    from assets.reading import money

    low, high = money(row["value_lower"]), money(row["value_upper"])
    line = Text(f"{money(row['yearly_value_base'])} {currency}".strip(), style=_colour(row))
    return line.append(f" 每年（{low} 至 {high}）" if in_chinese else f" a year ({low} to {high})", style="default")


def _colour(row: Mapping[str, Any]) -> str:
    if row["move"] == "explore":
        return "dim"
    return "cyan" if row["yearly_value_base"] >= 0 else "red"


def _evidence(row: Mapping[str, Any], *, in_chinese: bool) -> str:
    from assets.reading import number, odds

    seen = row["evidence"]
    wrong, exposure, noise = odds(row["lfsr"]), number(seen["exposure"]), f"{seen['overdispersion']:.1f}"
    if in_chinese:
        ahead = f"{seen['weeks']} 周中 {seen['weeks_ahead']} 周领先"
        return f"方向有误 {wrong} · {ahead} · {seen['peers']} 家对照 · 样本量 {exposure} · 日常波动为随机的 {noise} 倍"
    ahead = f"{seen['weeks_ahead']} of {seen['weeks']} weeks ahead"
    return f"wrong sign {wrong} · {ahead} · {seen['peers']} peers · exposure {exposure} · ordinary noise {noise} × chance"


def _nothing_said(unsaid: Sequence[Mapping[str, Any]], *, in_chinese: bool) -> None:
    if not unsaid:
        console.print(
            "还没有可对照的数据：需要多家店按类目、商品或渠道的访问与订单。"
            if in_chinese
            else "Nothing to recommend: no stores could be compared. It takes orders and visits of several stores, with the "
            "category or item of each product: in the listings exported, or in reference/catalogue.csv."
        )
        return
    console.print(
        "没有可给出的建议。未能确认的对照：" if in_chinese else "Nothing to recommend here. Comparisons that are not sure:"
    )
    for row in unsaid:
        why = (row["reason_zh"] or row["reason"]) if in_chinese else row["reason"]
        console.print(Text(f"{row['comparisons']:>7,}  {why}"))


def _fates(database: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    row = database.execute(
        "select sum(rows_in), sum(kept), sum(superseded), sum(quarantined), sum(skipped) from files"
    ).fetchone()
    return tuple(int(value or 0) for value in row or (0,) * 5)


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _money(value: Any) -> str:
    return "—" if value is None else f"{value:,.2f}"


def findings(found: Sequence[Finding]) -> None:
    """What a look at a home found, what stops a refresh first."""
    marks = {Weight.STOPS: ("✗", "red"), Weight.COSTS: ("!", "yellow"), Weight.NOTE: ("·", "cyan")}
    for finding in found:
        mark, colour = marks[finding.weight]
        console.print(Text(f"{mark} {finding.says}", style=colour))
        if finding.what_to_do:
            console.print(Text(f"    {finding.what_to_do}", style="dim"))
    if not found:
        console.print("Nothing is wrong, and nothing is missing. 一切正常。", style="green")


def all_generations(built: Sequence[Generation], current: str, held: str) -> None:
    """The generations that can be read."""
    grid = Grid.grid(padding=(0, 2))
    for generation in built:
        mark = ("held" if held == generation.file else "current") if generation.file == current else ""
        rows = sum(rows for rows, _ in generation.tables.values())
        grid.add_row(
            str(generation.number), generation.built_at, f"{rows:,} rows", generation.code_version, Text(mark, style="bold green")
        )
    console.print(grid)
    if held:
        console.print("publishing is held: `edgewise rollback --release` lets readers see the newest again", style="yellow")


def age(generation: Generation) -> str:
    """How long ago a generation was built."""
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(generation.built_at)).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
