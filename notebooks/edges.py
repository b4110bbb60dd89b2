"""Where does each store have an edge, and how sure are we? Of the current generation of $EDGEWISE_HOME."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Where each store has an edge 每家店的优势在哪里")

with app.setup:
    from html import escape

    import marimo as mo
    import polars as pl

    from assets.charts import against_peers
    from assets.edges.names import METRIC_NAMES, SEGMENT_NAMES
    from assets.edges.words import change
    from assets.published import open_published
    from assets.reading import money, odds, reporting_currency, unsaid
    from pipelines.settings import settings_of

    ALL = "all 全部"


@app.cell
def published():
    with open_published(settings_of().home) as database:
        (generation,) = database.sql("select generation, built_at from generation").fetchall()
        edges = database.sql("from edges order by rank").pl()
        recommendations = database.sql("from recommendations order by rank").pl()
        not_claimed = unsaid(database)
        currency = reporting_currency(database)
    return currency, edges, generation, not_claimed, recommendations


@app.cell
def title(edges, generation):
    mo.md(f"""
    # Where each store has an edge 每家店的优势在哪里

    Generation {generation[0]}, built {generation[1]:%Y-%m-%d %H:%M} UTC. {edges.height:,} comparisons of a store with its peers,
    of which {edges["claimed"].sum():,} are sure enough to claim: of those at most 5 % are expected to have the wrong sign.

    第 {generation[0]} 代。共 {edges.height:,} 项对照，其中 {edges["claimed"].sum():,} 项有把握，方向判断有误的预计不超过 5%。
    """)


@app.cell
def pick_store(edges):
    store = mo.ui.dropdown([ALL, *edges["store"].unique().sort()], value=ALL, label="store 店铺")
    kinds = {" ".join(SEGMENT_NAMES[kind]): kind for kind in SEGMENT_NAMES if kind in edges["segment_type"]}
    kind = mo.ui.dropdown(kinds, value=next(iter(kinds), None), label="segments 细分")
    return kind, store


@app.cell
def pick_segment(edges, kind):
    # the segment with the clearest edges first
    of_kind = edges.filter(segment_type=kind.value or "").group_by("segment").agg(pl.sum("claimed"))
    segments = of_kind.sort("claimed", "segment", descending=[True, False])["segment"].to_list()
    segment = mo.ui.dropdown(segments, value=next(iter(segments), None), label="segment 细分项")
    return (segment,)


@app.cell
def pick_metric(edges, kind, segment):
    found = edges.filter(segment_type=kind.value or "", segment=segment.value or "").group_by("metric").agg(pl.sum("claimed"))
    metrics = found.sort("claimed", "metric", descending=[True, False])["metric"].to_list()
    names = {" ".join(METRIC_NAMES[name]): name for name in metrics}
    metric = mo.ui.dropdown(names, value=next(iter(names), None), label="metric 指标")
    return (metric,)


@app.cell
def pickers(kind, metric, segment, store):
    mo.hstack([store, kind, segment, metric], justify="start")


@app.cell
def told(recommendations, store):
    of_store = recommendations if store.value == ALL else recommendations.filter(store=store.value)
    rows = of_store.select("rank", "text_en", "text_zh").iter_rows()
    words = [f"{rank}. {escape(in_english)}\n\n    {escape(in_chinese)}" for rank, in_english, in_chinese in rows]
    mo.vstack([mo.md("## What to do 建议"), mo.md("\n\n".join(words) or "Nothing is sure enough here. 这里没有把握足够的结论。")])


@app.cell
def table(edges, kind, metric, segment, store):
    picked = pl.col("store") == store.value
    everywhere = (pl.col("segment") == (segment.value or "")) & (pl.col("metric") == (metric.value or ""))
    asked = edges.filter(pl.col("segment_type") == (kind.value or ""), everywhere if store.value == ALL else picked)
    shown = asked.select(
        "store", "segment", "metric", "compared", "claimed",
        change=pl.col("effect").exp() - 1, lower=pl.col("lower").exp() - 1, upper=pl.col("upper").exp() - 1,
        wrong_sign="lfsr", value="value", peer_value="peer_value", weeks_ahead="weeks_ahead", weeks="weeks", peers="peers",
        exposure="exposure", yearly_value_base="yearly_value_base", why_not="reason_if_not_shown",
    )  # fmt: skip
    formats = dict.fromkeys(("change", "lower", "upper"), "{:+.0%}") | {"wrong_sign": "{:.1%}", "exposure": "{:,.0f}"}
    mo.vstack([mo.md("## Every comparison asked for 所选对照"), mo.ui.table(shown, format_mapping=formats, selection=None)])


@app.cell
def chart(edges, kind, metric, segment):
    compared = edges.filter(segment_type=kind.value or "", segment=segment.value or "", metric=metric.value or "")
    worth = pl.col("yearly_value_base").replace(0, None).cast(pl.Float64)
    title = " ".join(METRIC_NAMES.get(metric.value, ("", "")))
    drawn = compared.with_columns(
        metric=pl.format("{} · {}", pl.lit(title), "compared"), is_better=pl.coalesce(worth, "effect") > 0
    )
    mo.vstack(
        [
            mo.md(f"## Stores against their peers in {escape(segment.value or '')} 与同类店铺对照"),
            against_peers(drawn) if drawn.height else mo.md("Nothing is compared here. 没有对照。"),
            mo.md("● claimed 已确认 · ○ not sure enough 尚不确定 · ◇ by the store's own part 扣除本店整体水平"),
        ]
    )
    return (compared,)


@app.cell
def evidence(compared, currency, store):
    def in_words(row):
        """One comparison, with all that it rests on."""
        worth = "" if row["yearly_value_base"] is None else (
            f" Worth {money(row['yearly_value_base'])} {currency} a year "
            f"({money(row['value_lower'])} to {money(row['value_upper'])})."
        )  # fmt: skip
        sure = "claimed" if row["claimed"] else f"not claimed: {row['reason_if_not_shown']}"
        seen, typical = ("—" if row[name] is None else f"{row[name]:.4g}" for name in ("value", "peer_value"))
        between = f"{change(row['lower'])} to {change(row['upper'])}"
        return (
            f"- **{escape(row['store'])}**, {row['compared']}: {change(row['effect'])} ({between}), {sure}. "
            f"Seen {seen}, the typical peer {typical}; ahead in {row['weeks_ahead']} of {row['weeks']} weeks; "
            f"{row['peers']} peers; the sign is wrong with probability {odds(row['lfsr'])}.{worth}"
        )

    of_whom = compared if store.value == ALL else compared.filter(store=store.value)
    lines = [in_words(row) for row in of_whom.sort("effect", descending=True).iter_rows(named=True)]
    mo.vstack([mo.md("## The evidence 证据"), mo.md("\n".join(lines) or "This store is not compared here. 本店在此没有对照。")])


@app.cell
def why_not(not_claimed):
    lines_not = [f"| {row['reason']} | {row['reason_zh']} | {row['comparisons']:,} |" for row in not_claimed]
    header = "| why | 原因 | comparisons 对照数 |\n|---|---|---|\n"
    mo.md("## What is not claimed, and why 未下结论之处及原因\n\n" + header + "\n".join(lines_not))


if __name__ == "__main__":
    app.run()
