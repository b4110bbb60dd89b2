"""What published tables say to a person: rows read for the report, the terminal and notebooks alike, and how values are written.

Nothing is computed here that a table could hold; how a page or a chart looks is not known.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

Row = dict[str, Any]

_LEAST_ODDS, _FEWEST, _ALMOST = 0.001, 0.1, 0.99
WHY_NOT = {
    r"not sure enough": "证据还不足以判断方向",
    r"fewer than (\S+) peers": "对照店铺少于 {} 家",
    r"fewer than (\S+) active weeks": "有数据的周少于 {} 周",
    r"fewer than (\S+) events expected": "预期发生次数少于 {} 次",
    r"exposure below (\S+)": "样本量低于 {}",
    r"placebo failed": "安慰剂检验未通过，暂不下结论",
    r"no other segment to take the store's level from": "没有别的细分可用来估计本店整体水平",
    r"too many of its days are missing": "缺失的日子过多",
    r"its platform and the store itself cannot be told apart": "无法区分平台与店铺自身的影响",
    r"unit costs are not known of too many of its lines": "太多订单行没有成本",
    r"such claims did not hold in the back-test": "此类结论在回测中未能保持",
}


def reporting_currency(database: duckdb.DuckDBPyConnection) -> str:
    """The currency of `_base` amounts: the one whose rate is always one; blank where no store sells in it."""
    found = database.execute(
        "select currency from store_rates group by currency having min(rate) = 1 and max(rate) = 1 order by currency"
    ).fetchone()
    return str(found[0]) if found else ""


def recommended(database: duckdb.DuckDBPyConnection) -> list[Row]:
    """The recommendations in order, each with its evidence read; what to do stands in the text alone in older generations."""
    rows = rows_of(database, "from recommendations order by rank")
    return [{"to_do_en": "", "to_do_zh": "", **row, "evidence": json.loads(row["evidence"])} for row in rows]


def alerts(database: duckdb.DuckDBPyConnection, *, is_open: bool = False) -> list[Row]:
    """What changed on the latest days, the open and the most money first; nothing in a generation from before there were any."""
    if not one_of(database, "select count(*) from duckdb_tables() where table_name = 'alerts'"):
        return []
    return rows_of(database, "from alerts where alert_state = 'open' or not $1 order by rank", [is_open])


def claimed(database: duckdb.DuckDBPyConnection) -> int:
    """How many edges are claimed: the list of which at most one in twenty is expected to have the wrong sign."""
    return int(one_of(database, "select count(*) from edges where claimed"))


def kept(database: duckdb.DuckDBPyConnection) -> Row | None:
    """What became of earlier promises, in number and in money; None where none has begun yet."""
    (row,) = rows_of(
        database,
        """
        select
            count(*) as promises,
            coalesce(sum(judged), 0)::bigint as judged,
            coalesce(sum(kept_promises), 0)::bigint as kept,
            coalesce(sum(kept_expected) filter (judged = 1), 0) as expected,
            count(*) filter (verdict = 'open') as open,
            count(*) filter (decision = 'done') as done,
            sum(abs(yearly_value_base)) filter (judged = 1) as promised,
            sum(realised_value_base * sign(yearly_value_base)) filter (judged = 1) as came
        from track_record where record = 'promise'
        """,
    )
    return row if row["promises"] else None


def kept_said(record: Mapping[str, Any], currency: str) -> tuple[str, str]:
    """What became of earlier promises, in a sentence of English and one of Chinese."""
    judged, held, expected, open_ = (record[name] for name in ("judged", "kept", "expected", "open"))
    if not judged:
        still = f"{open_} earlier promises are still in their eight weeks."
        return still, f"此前 {open_} 条建议仍在八周观察期内。"
    promised, came = (f"{money(record[name])} {currency}".strip() for name in ("promised", "came"))
    english = (
        f"Track record: of {judged} promises whose eight weeks are over, {held} were kept; {expected:.1f} were expected. They "
        f"promised {promised} a year, and {came} came. {open_} more are open."
    )
    chinese = (
        f"兑现情况：已满八周的 {judged} 条建议中兑现 {held} 条（预计 {expected:.1f} 条）；每年承诺 {promised}，实际 {came}。"
        f"另有 {open_} 条在观察中。"
    )
    return english, chinese


def unsaid(database: duckdb.DuckDBPyConnection, store: str | None = None, layer: str | None = None) -> list[Row]:
    """Why edges are not claimed, of all or of one store or layer: how many for each reason, in both languages."""
    rows = rows_of(
        database,
        """
        select
            case
                when reason_if_not_shown like '%of its days are missing' then 'too many of its days are missing'
                when reason_if_not_shown like 'unit costs are known%' then 'unit costs are not known of too many of its lines'
                else reason_if_not_shown
            end as reason,
            count(*) as comparisons,
            count(distinct store) as stores
        from edges
        where not claimed and store = coalesce($1, store) and layer = coalesce($2, layer)
        group by all
        order by comparisons desc, reason
        """,
        [store, layer],
    )
    return [{**row, "reason_zh": _in_chinese(row["reason"])} for row in rows]


def _in_chinese(reason: str) -> str:
    for pattern, chinese in WHY_NOT.items():
        if found := re.fullmatch(pattern, reason):
            return chinese.format(*found.groups())
    return ""


def rows_of(database: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """A query's rows by column name."""
    found = database.execute(sql, parameters)
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one_of(database: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """A query's one value."""
    return (database.execute(sql).fetchone() or (None,))[0]


def number(value: Any) -> str:
    """A count; — where it is not known."""
    return "—" if value is None else f"{value:,.0f}"


def money(value: Any) -> str:
    """An amount without its cents; — where it is not known."""
    return "—" if value is None else f"{value:,.0f}".replace("-", "−")


def share(value: float | None, digits: int = 1) -> str:
    """A ratio as per cent."""
    return "—" if value is None else f"{value:.{digits}%}"


def odds(probability: float) -> str:
    """A small probability, without more digits than it has."""
    return "< 0.1%" if probability < _LEAST_ODDS else f"{probability:.1%}"


def sureness(probability: float | None) -> str:
    """A probability in whole per cent, never quite certain: what is estimated is not."""
    if probability is None:
        return "—"
    return "> 99%" if probability > _ALMOST else "< 1%" if probability < 1 - _ALMOST else f"{probability:.0%}"


def few(expected: float, fewer: str) -> str:
    """How many of a list are expected, where it is not many."""
    return f"{fewer} {_FEWEST}" if expected < _FEWEST else f"{expected:.1f}"


def words(name: str) -> str:
    """A name of the code as words."""
    return name.replace("_", " ")
