"""Commands that only look: status, doctor, query, ask, compare, explain, formats.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

import json
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from polars import selectors

from assets.home import Home, UsageError
from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

if TYPE_CHECKING:
    from assets.exports.spec import Format


class Output(StrEnum):
    """How `query` writes rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


app = typer.Typer()


@app.command()
@told
def status(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """The generation, its age, files waiting, and what was refused."""
    from assets import published
    from assets.landed import new_files, reader, scan
    from assets.ledger import Ledger
    from pipelines import filed, noticed, screens
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    ledger = Ledger(root)
    waiting = new_files(scan(root), ledger, reader(root, b""))
    current, newest = published.current(root), published.newest(root)
    refused = [landing for landing in ledger.landings if landing.state in ("refused", "waiting")]
    quarantined = sum(sum(landing.quarantined.values()) for landing in ledger.live.values())
    if as_json:
        said = {
            "generation": current.number if current else None,
            "built_at": current.built_at if current else None,
            "newest": newest.number if newest else None,
            "held": bool(published.held(root)),
            "files_waiting": [source.file for source in waiting],
            "files_landed": len(ledger.live),
            "files_refused": {landing.label: landing.reason for landing in refused},
            "rows_quarantined": quarantined,
        }
        say_json(said)
        return
    typer.echo(f"generation  {current.number}, built {screens.age(current)}" if current else "generation  none published yet")
    if newest and current and newest.number > current.number:
        typer.echo(f"            held; the newest is {newest.number}: edgewise rollback --release")
    typer.echo(f"files       {len(ledger.live):,} landed, {len(refused):,} refused, {len(waiting):,} waiting to be read")
    typer.echo(f"rows        {quarantined:,} in quarantine")
    if current:
        with published.open_published(root) as database:
            noticed.at_a_glance(database)
    filed.refused(refused)


@app.command()
@told
def doctor(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """What is wrong or missing, and how to mend it. Exit 1 where something stops a refresh."""
    from assets.doctor import Weight, findings
    from pipelines import screens
    from pipelines.settings import settings_of

    found = findings(Home(settings_of(home).home))
    if as_json:
        say_json([asdict(finding) for finding in found])
    else:
        screens.findings(found)
    if any(finding.weight is Weight.STOPS for finding in found):
        raise typer.Exit(1)


@app.command()
@told
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT.")],
    home: HomeOption = None,
    *,
    output: Annotated[Output, typer.Option("--format", help="How rows are written; parquet needs --to.")] = Output.TABLE,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write to instead of the terminal.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows of a table shown.")] = 40,
) -> None:
    """SQL on the current generation, read-only: nothing outside it can be reached."""
    import duckdb

    from assets.published import open_published
    from pipelines import answers
    from pipelines.settings import settings_of

    if output is Output.PARQUET and to is None:
        raise UsageError("parquet is for files: --to FILE.parquet")
    with open_published(existing(settings_of(home).home)) as database:
        database.execute("set enable_external_access = false; set lock_configuration = true")
        try:
            (statement,) = database.extract_statements(sql)
            answer = database.sql(statement.query)
            if output is Output.TABLE:
                answers.rows(database.execute(sql), limit, to)
                return
            frame = answer.pl()
        except ValueError as error:
            raise UsageError("one SELECT at a time, please") from error
        except (duckdb.Error, AttributeError) as error:
            raise UsageError(_first_line(error)) from error
        except OSError as error:
            raise UsageError(f"{to} cannot be written: {error.strerror}") from error
    try:
        _written(frame, output, to)
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}") from error


@app.command()
@told
def ask(
    question: Annotated[str | None, typer.Argument(help="One of the questions; all are listed where none is named.")] = None,
    home: HomeOption = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Rows shown.")] = 40,
    as_json: JsonOption = False,
) -> None:
    """What analysts ask often: the questions, or the answer to one, with the statement that gave it."""
    from assets.published import open_published
    from assets.questions.asked import BY_NAME, QUESTIONS
    from pipelines import answers
    from pipelines.settings import settings_of

    if question is None:
        if as_json:
            say_json([asdict(one) for one in QUESTIONS])
            return
        for one in QUESTIONS:
            typer.echo(f"{one.name:<12}{one.en} {one.zh}")
        return
    if question not in BY_NAME:
        raise UsageError(f"no question is called {question}; there are {', '.join(BY_NAME)}")
    asked = BY_NAME[question]
    with open_published(existing(settings_of(home).home)) as database:
        if as_json:
            _written(database.sql(asked.sql).pl(), Output.JSON, None)
            return
        typer.echo(f"{asked.en} {asked.zh}\n{asked.sql}")
        answers.rows(database.execute(asked.sql), limit, None)
        typer.echo(f"\n{asked.told}")


@app.command()
@told
def compare(
    metric: Annotated[str, typer.Argument(help="A metric of stores, such as aov, refund_rate or conversion.")],
    other: Annotated[str | None, typer.Argument(help="Another: whether the two are the same thing.")] = None,
    home: HomeOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Stores side by side by one metric, over the last whole month. What is not the same thing is kept apart, with the reason."""
    from assets.catalog.side_by_side import blocks, refuse
    from assets.published import open_published
    from pipelines import answers
    from pipelines.settings import settings_of

    if other is not None:
        refuse(metric, other)
    with open_published(existing(settings_of(home).home)) as database:
        found = blocks(metric, database)
    if as_json:
        say_json(
            [
                {"metric": b.metric.key, "month": b.month, "counted": b.counted, "currency": b.currency, "stores": dict(b.values)}
                for b in found
            ]
        )
    else:
        answers.side_by_side(found)


def _first_line(error: Exception) -> str:
    told = "that is no SELECT" if isinstance(error, AttributeError) else str(error)
    lines = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith(("LINE", " "))]
    return " ".join(line for line in lines if set(line) != {"^"})


def _written(frame: pl.DataFrame, output: Output, to: Path | None) -> None:
    if output is Output.PARQUET and to is not None:
        frame.write_parquet(to)
        return
    if output is Output.CSV:
        odd = selectors.nested() | selectors.binary()
        text = frame.with_columns(odd.map_elements(str, return_dtype=pl.String)).write_csv()
    else:
        number = selectors.float()
        plain = frame.with_columns(pl.when(number.is_finite()).then(number))
        text = json.dumps(plain.to_dicts(), ensure_ascii=False, default=str, allow_nan=False) + "\n"
    if to:
        to.write_text(text)
    else:
        typer.echo(text, nl=False)


@app.command()
@told
def explain(
    file: Annotated[Path, typer.Argument(help="The file, in the inbox or anywhere.")],
    home: HomeOption = None,
    *,
    store: Annotated[str | None, typer.Option(help="The store it belongs to; else its folder's name.")] = None,
    row: Annotated[int | None, typer.Option(help="Tell one row's fate, by its record number.")] = None,
    as_json: JsonOption = False,
) -> None:
    """How a file would be read, and what would be refused and why. Writes nothing."""
    from assets.explained import explain as explained
    from assets.explained import fates, place
    from assets.landed import reader
    from pipelines import filed
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    path = file if file.exists() else root.inbox / file
    if not path.exists():
        raise UsageError(f"there is no file {file}, here or in {root.inbox}")
    reading = reader(root, root.key.read_bytes() if root.key.exists() else b"\0" * 32)
    guessed, odd = place(path.resolve(), root.inbox.resolve())
    belongs = store or guessed
    if row is not None:
        for fate in fates(path.resolve(), belongs, reading, row):
            typer.echo(fate)
        return
    said = explained(path.resolve(), belongs, reading)
    if odd and not (store and store != guessed):
        said = [replace(table, notes=[odd, *table.notes]) for table in said]
    if as_json:
        say_json([asdict(table) for table in said])
        return
    for table in said:
        filed.explanation(table)


@app.command()
@told
def formats(
    name: Annotated[str | None, typer.Argument(help="One format; all where none is named; `new` for a mapping of FILE.")] = None,
    file: Annotated[Path | None, typer.Argument(help="With `new`: an export that no format knows.")] = None,
    home: HomeOption = None,
    *,
    toml: Annotated[bool, typer.Option("--toml", help="The format's own file, to be changed in reference/formats/.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The exports that are known, or one of them with its columns; `new FILE` proposes a mapping for one that is not."""
    from assets.exports.formats import file_of, load_all
    from pipelines import filed
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    known = load_all(root.reference / "formats")
    if name == "new":
        if file is None or not file.is_file():
            raise UsageError(f"there is no file {file}" if file else "name the file: edgewise formats new FILE")
        filed.mapping(_proposed(file, known), root)
        return
    if name is not None and name not in known:
        raise UsageError(f"no format is called {name}; there are {', '.join(known)}")
    if toml and name:
        typer.echo(file_of(name, root.reference / "formats").read_text(), nl=False)
        return
    if as_json:
        say_json(known[name].model_dump(by_alias=True) if name else {each: known[each].title for each in known})
    elif name:
        filed.one_format(known[name])
    else:
        filed.known_formats(list(known.values()))


def _proposed(file: Path, known: "dict[str, Format]") -> str:
    """A mapping for the first of a file's tables that looks like orders."""
    from assets.exports.archive import members
    from assets.exports.decode import Refused
    from assets.exports.opening import contents
    from assets.exports.proposed import proposal
    from assets.exports.reasons import REASONS
    from assets.exports.recognise import header_of

    why = "it is empty"
    try:
        for table in (content for member in members(file) for _, content, _ in contents(member)):
            try:
                read_by = header_of(table, known.values()).format.name
            except Refused:
                try:
                    return proposal(table, file.name)
                except Refused as refused:
                    why = refused.detail or REASONS[refused.reason].says
            else:
                why = f"{read_by} reads it already: edgewise explain {file}"
    except Refused as refused:
        why = REASONS[refused.reason].says
    raise UsageError(f"no mapping can be proposed for {file.name}: {why}")
