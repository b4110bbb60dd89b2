"""What a person reads in the terminal. Nothing is computed here beyond what a line needs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from assets.doctor import Finding, Weight
from assets.explained import Explanation
from assets.exports.reasons import REASONS
from assets.exports.spec import Format
from assets.home import Home
from assets.ledger import Landing
from assets.published import Generation
from checks.reconciliation import Severity, Verdict
from pipelines.run import Outcome

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
SHOWN = 8


def summary(home: Path, outcome: Outcome, database: duckdb.DuckDBPyConnection) -> None:
    """What a refresh did, and where its result is."""
    from pipelines import noticed

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
        console.print(Padding(Text(row["text_zh" if in_chinese else "text_en"]), (0, 0, 0, 4)))
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


def refused(landings: Sequence[Landing]) -> None:
    """The files a person should look at: what is wrong with each, and what to do."""
    for landing in landings[:SHOWN]:
        errors.print(f"! {landing.label}", style="yellow", markup=False)
        for reason, rows in ({landing.reason: 0} if landing.reason else landing.quarantined).items():
            known = REASONS.get(reason)
            says = f"{reason}: {known.says}; {known.what_to_do}" if known else reason
            errors.print(Padding(Text(f"{rows:,} rows {says}" if rows else says, style="dim"), (0, 0, 0, 4)))
    if len(landings) > SHOWN:
        errors.print(
            f"! and {len(landings) - SHOWN} more files: edgewise query 'from files where reason is not null'", style="yellow"
        )


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


def explanation(said: Explanation) -> None:
    """How a table of a file would be read: the verdict and what to do first, then what becomes what."""
    console.print(Text(_verdict(said), style="yellow" if said.reason or said.refused else "green"))
    console.print(_reading(said))
    for refusal in said.refused:
        first, count = ", ".join(str(number) for number in refusal["first_rows"]), refusal["rows"]
        more = f" … {count:,} rows" if count > len(refusal["first_rows"]) else ""
        where = f", column {refusal['column']}" if refusal["column"] else ""
        console.print(Text(f"✗ row {first}{more}{where}: {refusal['says']}", style="yellow"))
        console.print(Text(f"    what to do: {refusal['what_to_do']}   ({refusal['reason']})", style="dim"))
    if said.refused:
        console.print(
            "Rows are numbered as in the file, whose first line is row 1. Put the mended file in the inbox in place of this one, "
            "then: edgewise run. Until then nothing of the rows above is in any sum."
        )
    if said.reason:
        return
    if said.mapping:
        console.print("what becomes what", style="bold")
        mapping = Grid.grid(padding=(0, 2))
        for canonical, column in said.mapping.items():
            mapping.add_row(Text(canonical), "←", Text(column))
        console.print(mapping)
    if said.not_loaded:
        console.print(Text(f"not loaded, and never stored: {', '.join(said.not_loaded)}", style="dim"))
    for kind, sample in said.sample.items():
        console.print(f"first {kind}", style="bold")
        for row in sample:
            console.print(Text("  " + ", ".join(f"{name}={value}" for name, value in row.items())))


def _verdict(said: Explanation) -> str:
    """What would become of it, in a sentence."""
    if said.state == "waiting":
        return f"{said.file} would wait: nothing of it is counted yet."
    if said.state in ("refused", "parked"):
        return f"{said.file} would not be read: nothing of it would be counted, and no other file is affected."
    if said.state == "empty":
        return f"{said.file} is empty: there is nothing to read, and nothing that was read before is changed."
    refused = sum(refusal["rows"] for refusal in said.refused)
    if refused:
        aside = f"{refused:,} of its {said.rows:,} rows would be set aside and not counted, for the reasons below"
        return f"{said.file}: {aside}; the others are read."
    return f"{said.file} would be read, every row of it, as {said.title or said.format}."


def _reading(said: Explanation) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    if said.reason:
        grid.add_row("why", Text(said.why, style="yellow"))
        grid.add_row("what to do", Text(said.what_to_do, style="bold"))
        grid.add_row("reason", Text(said.reason, style="dim"))
    grid.add_row("store", Text(said.store))
    if said.format:
        stated = f"{said.exported_at} UTC" if said.exported_at else "not stated: the rows themselves decide which is newer"
        grid.add_row("format", f"{said.format} — {said.title}")
        grid.add_row("encoding", said.encoding)
        grid.add_row("header", f"row {said.header_row}; {len(said.not_loaded)} columns are not loaded")
        grid.add_row("exported at", stated)
    if said.rows:
        grid.add_row("rows", f"{said.rows:,}")
    for kind, count in said.landed.items():
        grid.add_row("", f"{count:,} {kind.replace('_', ' ')}")
    for reason, count in said.skipped.items():
        grid.add_row("", f"{count:,} skipped: {reason.replace('_', ' ')}")
    return grid


def known_formats(formats: Sequence[Format]) -> None:
    """The formats, a line each: what is read of it, in which languages and vintages it was seen."""
    for known in formats:
        told = Text(known.name, style="bold")
        told.append(f"  {', '.join(known.kinds) or 'recognised, not used'}", style="not bold")
        told.append(f"  {' '.join(known.languages)}", style="not bold dim")
        told.append(f"  {'; '.join(known.vintages)}" if known.vintages else "", style="not bold dim")
        console.print(told)
        console.print(Padding(Text(known.title), (0, 0, 0, 4)))


def mapping(toml: str, home: Home) -> None:
    """A proposed mapping, as it is, and what to do with it where nobody is to read it but a file."""
    errors.print(
        Text(f"check it line by line, then keep it: edgewise formats new FILE > {home.reference / 'formats' / 'my_orders.toml'}"),
        style="dim",
    )
    print(toml, end="")  # noqa: T201  as it is, not wrapped


def one_format(known: Format) -> None:
    """One format's columns."""
    console.print(Text(f"{known.name} — {known.title}", style="bold"))
    if known.languages or known.vintages:
        console.print(Text(f"seen in {', '.join(known.languages) or '—'}: {'; '.join(known.vintages) or 'one vintage'}"))
    if known.park:
        console.print(Text(f"recognised, not used: no table holds {known.park}"))
    for fingerprint in (known.recognise, *known.parts):
        if fingerprint:
            required = ", ".join("/".join(one_of) for one_of in fingerprint.required)
            console.print(
                Text(
                    f"recognised by {required}"
                    + (f"; never with {', '.join(fingerprint.forbidden)}" if fingerprint.forbidden else "")
                )
            )
    for kind in known.kinds:
        console.print(kind, style="bold")
        for name, entry in getattr(known, kind).items():
            console.print(Text(f"  {name} ← {entry.model_dump(exclude_defaults=True, by_alias=True)}"))


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
