"""What analysts ask, answered from the current generation of $EDGEWISE_HOME: each question with its statement and its answer."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="What analysts ask 分析师常问的问题")

with app.setup:
    import altair as alt
    import marimo as mo

    from assets.published import open_published
    from assets.questions.asked import BY_NAME, QUESTIONS
    from pipelines.settings import settings_of


@app.cell
def answers():
    with open_published(settings_of().home) as database:
        (generation,) = database.sql("select generation, built_at from generation").fetchall()
        answered = {question.name: database.sql(question.sql).pl() for question in QUESTIONS}
    return answered, generation


@app.cell
def title(generation):
    mo.md(f"""
    # What analysts ask 分析师常问的问题

    Generation {generation[0]}, built {generation[1]:%Y-%m-%d %H:%M} UTC. Null is unknown, never zero. 空值表示未知，不是零。
    """)


@app.cell
def pick():
    question = mo.ui.dropdown({f"{one.en} {one.zh}": one.name for one in QUESTIONS}, value=f"{QUESTIONS[0].en} {QUESTIONS[0].zh}")
    question  # noqa: B018  a cell shows what it ends with
    return (question,)


@app.cell
def told(answered, question):
    asked, rows = BY_NAME[question.value], answered[question.value]
    mo.vstack([mo.md(f"{asked.told}\n\n```sql\n{asked.sql.strip()}\n```"), mo.ui.table(rows, selection=None)])
    return asked, rows


@app.cell
def growth(answered):
    grown = answered["growth"].drop_nulls("growth_month")
    bars = alt.Chart(grown, title="growth over the month before 环比")
    (
        bars.mark_bar().encode(
            x=alt.X("growth_month:Q", axis=alt.Axis(format="%"), title=None), y=alt.Y("store:N", sort="-x", title=None)
        )
        if grown.height
        else mo.md("No store has two whole months yet. 还没有两个完整月份。")
    )
    return (grown,)


if __name__ == "__main__":
    app.run()
