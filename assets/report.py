"""The report: one page of a published generation, in English and Chinese, that asks nothing of any other machine.

What its sections are told from stands in `sections`, its charts in `drawn`, how it looks in `report.html`. Nothing is
computed that a table could hold.
"""

from pathlib import Path

import duckdb
import jinja2

from assets import sections
from assets.columns import COLUMNS, Column
from assets.drawn import coverage, peers, stores_without_visits, trends
from assets.edges.words import change
from assets.home import Home, UsageError, write_durably
from assets.published import current, generations, open_published
from assets.reading import Row, few, money, number, odds, reporting_currency, rows_of, share, sureness, unsaid, words

DEFINED = """
    store currency period_start basis paid_orders paid_amount net_sales_order_day buyers visits conversion
    sales_per_visit cart_rate refund_rate segment layer compared peers weeks weeks_ahead exposure value peer_value
    effect lower upper lfsr yearly_value_base overdispersion claimed move
"""


def write(home: Home) -> Path:
    """Write the page of the current generation, and take away pages of generations that are gone.

    Raises:
        UsageError: nothing is published yet.
    """
    path = place(home)
    with open_published(home, int(path.stem[1:])) as database:
        page = render(database)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, page.encode())
    kept = {Path(generation.file).stem for generation in generations(home)}
    for old in path.parent.glob("g*.html"):
        if old.stem not in kept:
            old.unlink(missing_ok=True)
    return path


def place(home: Home) -> Path:
    """Where the page of the current generation stands once it is written.

    Raises:
        UsageError: nothing is published yet.
    """
    generation = current(home)
    if generation is None:
        raise UsageError(f"nothing is published in {home.root} yet: edgewise run --home {home.root}")
    return home.published / "report" / f"{Path(generation.file).stem}.html"


def render(database: duckdb.DuckDBPyConnection) -> str:
    """The page of an open generation."""
    page = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {
        "number": number,
        "money": money,
        "share": share,
        "change": change,
        "odds": odds,
        "sureness": sureness,
        "few": few,
        "words": words,
    }
    return page.get_template("report.html").render(
        **_about(database),
        **sections.recommendations(database),
        **sections.alerts(database),
        months=sections.months(database),
        ripening=sections.ripening(database),
        **sections.targets(database),
        races=sections.races(database),
        **sections.layers(database),
        trends=trends(database),
        **peers(database),
        back_test=sections.back_test(database),
        unsaid=unsaid(database),
        untellable=sections.untellable(database),
        without_visits=stores_without_visits(database),
        **coverage(database),
        **sections.checks(database),
        **sections.files(database),
        definitions=[_definition(COLUMNS[name]) for name in DEFINED.split()],
    )


def _about(database: duckdb.DuckDBPyConnection) -> Row:
    (generation,) = rows_of(database, "from generation")
    (span,) = rows_of(database, "select count(*) as stores, min(first_day) as first_day, max(last_day) as last_day from stores")
    return {"generation": generation, "span": span, "currency": reporting_currency(database)}


def _definition(column: Column) -> Row:
    return {"name": column.name, "meaning": column.meaning, "unit": column.unit}
