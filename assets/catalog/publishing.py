"""The catalog as a table, and as a page in two languages."""

import polars as pl

from assets.catalog.comparing import CONFUSED
from assets.catalog.metric import Metric
from assets.catalog.registry import METRICS
from assets.columns import COLUMNS
from assets.tables import BY_NAME


def metric_catalog() -> pl.DataFrame:
    """One row per metric and variant: what it is."""
    schema = [column.name for column in BY_NAME["metric_catalog"].columns]
    return pl.DataFrame([_row(metric) for metric in METRICS], schema=schema, orient="row")


def _row(metric: Metric) -> tuple[object, ...]:
    return (
        metric.id, metric.variant, metric.name_en, metric.name_zh, metric.meaning, str(metric.layer), metric.grain,
        metric.unit,
        metric.direction, str(metric.additivity), metric.numerator or None, metric.denominator or None, metric.formula,
        metric.formula_zh, metric.worked, metric.pitfall or None, metric.source, ", ".join(metric.tables),
    )  # fmt: skip


def page() -> str:
    """The catalog in Markdown."""
    parts = [_INTRO]
    for layer in dict.fromkeys(metric.layer for metric in METRICS):
        name = COLUMNS["layer"].meaning
        chinese = name[name.index(f"{layer} ") + len(layer) + 1 :].split()[0].rstrip(",")
        parts.append(f"\n## {layer.capitalize()} {chinese}\n")
        parts += [_section(metric) for metric in METRICS if metric.layer is layer]
    parts.append(_CONFUSED)
    parts += [f"| {name} | {'; '.join(f'`{key}`: {told}' for key, told in of.items())} |\n" for name, of in CONFUSED.items()]
    return "".join(parts)


def _section(metric: Metric) -> str:
    better = {1: "more is better 越高越好", -1: "less is better 越低越好", 0: "neither 无方向"}[metric.direction]
    divided = f" `{metric.numerator}` / `{metric.denominator}`." if metric.denominator else ""
    signs = metric.worked.replace(" / ", " ÷ ").replace(" - ", " − ")
    tables = ", ".join(f"`{one}`" for one in metric.tables)
    worked = f" = {result_of(metric)}" if any(sign in metric.worked for sign in "+-/×") else ""
    return (
        f"\n### `{metric.key}` {metric.name_en} {metric.name_zh}\n\n"
        f"{metric.formula[0].upper()}{metric.formula[1:]}.{divided}\n{metric.formula_zh}。\n\n"
        f"- Example 例: {signs}{worked}\n"
        f"- {metric.additivity}; {better}; unit 单位: {metric.unit or 'none 无'}; in {tables}\n"
        + (f"- {metric.pitfall}\n" if metric.pitfall else "")
    )


def result_of(metric: Metric) -> str:
    """What its worked example comes to, to four decimals where it does not end sooner."""
    value = worked_out(metric.worked)
    return f"{value:.4f}".rstrip("0").rstrip(".")


def worked_out(expression: str) -> float:
    """The value of a worked example: sums, differences, products and quotients of figures, with products and quotients first."""
    total = 0.0
    for sign, term in _terms(expression):
        product = 1.0
        for operator, factor in _factors(term):
            product = product * float(factor) if operator == "×" else product / float(factor)
        total += sign * product
    return total


def _terms(expression: str) -> list[tuple[int, str]]:
    words = expression.replace(" + ", "|+").replace(" - ", "|-").split("|")
    return [(-1 if word.startswith("-") else 1, word.lstrip("+-")) for word in words]


def _factors(term: str) -> list[tuple[str, str]]:
    words = term.replace(" × ", "|×").replace(" / ", "|/").split("|")
    return [(word[0], word[1:]) if word[0] in "×/" else ("×", word) for word in words]


_INTRO = """# Metrics 指标

Made from `assets/catalog/`; the same rows are published as `metric_catalog`. Sums are summed first, ratios divided last.

The examples are of one made-up week of one store 以下各例取自一家虚构店铺的同一周: order A (Monday, buyer 1): 2 mugs at 50 and
a lamp at 200, discount 30, platform subsidy 10, shipping 8, tax in the prices 30. Order B (placed Monday, paid Tuesday, buyer 2):
a mug at 50, shipping 8, tax 6. Order C (Wednesday, buyer 1): a lamp at 200, discount 20, tax 20; 60 of it refunded on Friday.
A mug costs 20, what a lamp costs is not known.
Visitors Monday to Sunday: 40, 30, 30, 20, 20, 10, 10. Examples of a product are of the lamp, of a channel those of search; an
advertisement brought 15 on Monday and 10 on Tuesday.

Customers 客户: in January six people buy for 100 each, in February a seventh for 10; on 5 March the six come again for 50
each, one of them on 6 March for 25, and on 20 March an eighth for 10. Examples are of March, the thirty days to its end,
January's cohort and those now lost. Range 商品: four products are listed; in the thirty days to 31 March 8 mugs sold at 100 on
the 10th, 3 lamps at 50 and 5 cups at 10, no plate. A mug costs 20. 16 mugs are left, as exports of the last three
days show; on five days they show none. In February the only sale was a mug at 100. Examples are of the mug, of its price band
and of March against February.

Target 目标: 1,400 of net paid for a week. In the eight weeks before it every day made 100 of 10 visits, in it 100 of 20.

Refunds 退款: in that week a store sells three lamps a day at 100, and of each 10 comes back three days later; the examples are
of the week as it stands in July, when nothing more is to come.

- **additive 可加**: adds over time and over stores of one currency. **semi 半可加**: a stock, adds over stores alone.
- **distinct 去重**: counted again at the grain wanted. **ratio 比率**: Σ above / Σ below, never a mean of ratios.
- **quantile 分位**: neither added nor averaged.
"""
_CONFUSED = """
## Names that mean several things 一名多义

Two metrics of one row are never compared or added; `comparable(a, b)` says why. 同一行内的指标口径不同，不可直接比较或相加。

| name | meanings |
|---|---|
"""
