"""Commands that show what was found: recommend, report, notebook, export.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assets.home import Home, UsageError
from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

if TYPE_CHECKING:
    import duckdb
    import polars as pl

LANGUAGES = ("en", "zh")
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # what a spreadsheet may take for a formula, or for more than one cell
ROUNDED = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")  # text a spreadsheet would read as a number and not give back
SHEET_ROWS = 1_048_576
EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
_BATCH = 50_000
_TABLES = "select table_name from information_schema.tables where table_schema = 'main' order by table_name"

app = typer.Typer()


@app.command()
@told
def recommend(
    home: HomeOption = None,
    *,
    store: Annotated[str | None, typer.Option(help="Of one store alone.")] = None,
    layer: Annotated[str | None, typer.Option(help="Of one layer alone: product, store, content, customer or brand.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many.")] = 10,
    lang: Annotated[str, typer.Option(help="Words in en or zh.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Where each store has an edge and what to do about it, the most worth first, with money, interval and evidence."""
    from assets import reading
    from assets.published import open_published
    from pipelines import screens
    from pipelines.settings import settings_of

    if lang not in LANGUAGES:
        raise UsageError(f"there are words in {' and '.join(LANGUAGES)}, not in {lang}")
    with open_published(existing(settings_of(home).home)) as database:
        rows = reading.recommended(database)
        _known("store", store, [name for (name,) in database.execute("select store from stores order by store").fetchall()])
        _known(
            "layer", layer, [name for (name,) in database.execute("select distinct layer from edges order by layer").fetchall()]
        )
        found = [row for row in rows if store in (None, row["store"]) and layer in (None, row["layer"])]
        claimed, currency = reading.claimed(database), reading.reporting_currency(database)
        unsaid, record = reading.unsaid(database, store, layer), reading.kept(database)
    if as_json:
        say_json(
            {
                "claimed": claimed,
                "currency": currency,
                "not_claimed": unsaid,
                "track_record": record,
                "recommendations": found[:top],
            }
        )
    else:
        screens.recommendations(found, top=top, lang=lang, claimed=claimed, currency=currency, unsaid=unsaid, record=record)


def _known(kind: str, wanted: str | None, known: list[str]) -> None:
    if wanted is not None and wanted not in known:
        raise UsageError(f"nothing is known of a {kind} {wanted}; there are {', '.join(known) or 'none'}")


@app.command()
@told
def alerts(
    home: HomeOption = None,
    *,
    store: Annotated[str | None, typer.Option(help="Of one store alone.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is over, or has become the new level.")] = False,
    lang: Annotated[str, typer.Option(help="Words in en or zh.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """What changed on the latest days, since when, what it costs a day and why; and exports that stopped."""
    from assets import reading
    from assets.published import open_published
    from pipelines import noticed
    from pipelines.settings import settings_of

    if lang not in LANGUAGES:
        raise UsageError(f"there are words in {' and '.join(LANGUAGES)}, not in {lang}")
    with open_published(existing(settings_of(home).home)) as database:
        _known("store", store, [name for (name,) in database.execute("select store from stores order by store").fetchall()])
        rows = [row for row in reading.alerts(database, is_open=not everything) if store in (None, row["store"])]
        currency = reading.reporting_currency(database)
    if as_json:
        say_json({"currency": currency, "alerts": rows})
    else:
        noticed.all_of(rows, currency, lang=lang)


@app.command()
@told
def report(
    home: HomeOption = None, *, show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False
) -> None:
    """The page of the current generation, in English and Chinese: one file, readable offline and by mail."""
    from assets import report
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    path = report.place(root)
    try:
        page = path if path.exists() else report.write(root)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    typer.echo(page)
    if show:
        typer.launch(page.resolve().as_uri())


@app.command()
@told
def notebook(
    name: Annotated[str, typer.Argument(help="Which notebook.")] = "edges",
    home: HomeOption = None,
    *,
    edit: Annotated[bool, typer.Option("--edit", help="With its code, to change it; else to read and choose alone.")] = False,
    port: Annotated[int | None, typer.Option(help="The port on loopback; else a free one.")] = None,
) -> None:
    """A notebook on the current generation, in the browser, on this machine alone. Ctrl-C ends it."""
    from assets.published import open_published
    from pipelines.settings import settings_of

    known = sorted(path.stem for path in NOTEBOOKS.glob("*.py"))
    if name not in known:
        raise UsageError(f"there is no notebook {name}; there are {', '.join(known)}")
    root = existing(settings_of(home).home)
    open_published(root).close()
    raise typer.Exit(subprocess.call(_marimo(NOTEBOOKS / f"{name}.py", edit=edit, port=port), env=_surroundings(root)))  # noqa: S603


def _marimo(file: Path, *, edit: bool, port: int | None) -> list[str]:
    """How the notebook is shown: on loopback; a token guards it where code can be changed."""
    what = ["edit", "--skip-update-check"] if edit else ["run", "--no-token"]
    where = ["--host", "127.0.0.1", *(["--port", str(port)] if port else [])]
    return [sys.executable, "-m", "marimo", "--yes", *what, *where, str(file)]


def _surroundings(root: Home) -> dict[str, str]:
    return os.environ | {"EDGEWISE_HOME": str(root.root.resolve()), "MARIMO_SKIP_UPDATE_CHECK": "1"}


@app.command()
@told
def export(
    table: Annotated[str, typer.Argument(help="A published table.")],
    file: Annotated[Path, typer.Argument(help="Where to: .xlsx, .csv or .parquet.")],
    home: HomeOption = None,
) -> None:
    """A published table as a file a spreadsheet opens safely.

    No cell is taken for a formula: in CSV such text gets an apostrophe in front. Ids stay text: in CSV numbers a spreadsheet
    would round get a tab in front, as platforms' own exports do. Parquet holds everything as it is.
    """
    from assets.published import open_published
    from pipelines.settings import settings_of

    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise UsageError(f"{file.name} must end in {', '.join(WRITERS)}")
    draft = file.with_name(f".{file.name}.tmp")
    with open_published(existing(settings_of(home).home)) as database:
        known = [name for (name,) in database.execute(_TABLES).fetchall()]
        if table not in known:
            raise UsageError(f"no table is called {table}; there are {', '.join(known)}")
        ((rows,),) = database.execute(f"select count(*) from {table}").fetchall()
        if write is _xlsx and rows >= SHEET_ROWS:
            raise UsageError(f"{table} has {rows:,} rows and a sheet holds {SHEET_ROWS - 1:,}: write a .csv or .parquet")
        try:
            write(database.table(table), draft)
            draft.replace(file)
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
    typer.echo(f"{file}: {rows:,} rows of {table}")


def _parquet(table: "duckdb.DuckDBPyRelation", to: Path) -> None:
    with to.open("wb"):  # says why, where the folder cannot be written
        table.write_parquet(str(to))


def _csv(table: "duckdb.DuckDBPyRelation", to: Path) -> None:
    """With a byte-order mark, by which spreadsheets know Chinese."""
    with to.open("wb") as file:
        file.write("\ufeff".encode())
        for turn, rows in enumerate(_batches(table)):
            _harmless(rows).write_csv(file, include_header=turn == 0)


def _harmless(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Text that a spreadsheet would run or round, marked as text."""
    import polars as pl

    text = pl.col(pl.String)
    runs = pl.when(text.str.contains(f"^(?:{FORMULA.pattern})")).then(text.str.replace("^", "'"))
    rounds = runs.when(text.str.contains(f"^(?:{ROUNDED.pattern})$")).then(text.str.replace("^", "\t"))
    return rows.with_columns(rounds.otherwise(text))


def _xlsx(table: "duckdb.DuckDBPyRelation", to: Path) -> None:
    """One sheet with the header frozen; text is written as text, whatever it looks like."""
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with to.open("wb") as file, xlsxwriter.Workbook(file, {"constant_memory": True, **plain}) as book:
        sheet = book.add_worksheet(str(table.alias)[:31])
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"num_format": "@", "quote_prefix": True}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            sheet.set_column(column, column, max(len(name) + 2, 12))
            sheet.write_string(0, column, name, looks["head"])
        at = 0
        for rows in _batches(table):
            for row in rows.iter_rows():
                at += 1
                for column, value in enumerate(row):
                    _cell(sheet, at, column, value, looks)
        sheet.autofilter(0, 0, at, len(table.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value, looks["instant"])
        case date():
            sheet.write_datetime(row, column, value, looks["day"])
        case Decimal() if abs(value) < EXACT:
            sheet.write_number(row, column, value, looks["money"])
        case int() if abs(value) < EXACT:
            sheet.write_number(row, column, value)
        case float() if value == value and abs(value) != float("inf"):  # noqa: PLR0124  neither NaN nor infinite
            sheet.write_number(row, column, value)
        case str() if not FORMULA.match(value):
            sheet.write_string(row, column, value)
        case _:
            sheet.write_string(row, column, str(value), looks["text"])


def _batches(table: "duckdb.DuckDBPyRelation") -> Iterator["pl.DataFrame"]:
    """The rows piece by piece; one piece with the columns alone where there are none."""
    import polars as pl

    reader = table.to_arrow_reader(_BATCH)
    yield pl.DataFrame(pl.from_arrow(reader.schema.empty_table()))
    for batch in reader:
        yield pl.DataFrame(pl.from_arrow(batch))


WRITERS: dict[str, Callable[["duckdb.DuckDBPyRelation", Path], None]] = {".xlsx": _xlsx, ".csv": _csv, ".parquet": _parquet}
