"""The `edgewise` command: what each word does. What it prints stands in `screens`.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from assets.home import Home, UsageError

if TYPE_CHECKING:
    from pipelines.settings import Settings

HELD = 75
P = ParamSpec("P")
R = TypeVar("R")
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a folder of exported shop files to published metrics. 从店铺导出文件到可核对的指标。",
)
HomeOption = Annotated[Path | None, typer.Option("--home", help="The home; default $EDGEWISE_HOME or ./data.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For machines.")]


class Output(StrEnum):
    """How `query` writes rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Show a person's mistake as one line, never as a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except UsageError as error:
            typer.secho(f"edgewise: {error}", err=True, fg="red")
            raise typer.Exit(2) from error
        except KeyboardInterrupt:
            typer.secho("edgewise: stopped; what was published stands, and the next run goes on from here", err=True, fg="yellow")
            raise typer.Exit(130) from None

    return run


def _say_json(what: Any) -> None:
    typer.echo(json.dumps(what, ensure_ascii=False, default=str))


@app.command()
@told
def init(home: Annotated[Path, typer.Argument(help="The folder to make a home of.")]) -> None:
    """Make a home: folders, settings, and stores.csv with the inbox's folders."""
    from assets.reference import TEMPLATES

    made = Home(home.resolve())
    made.make()
    for name, header in TEMPLATES.items():
        path = made.reference / name
        if not path.exists():
            stores = sorted(folder.name for folder in made.inbox.iterdir() if folder.is_dir()) if name == "stores.csv" else []
            path.write_text(header + "".join(f"{store},,,,,\n" for store in stores))
    if not made.toml.exists():
        made.toml.write_text('reporting_currency = "CNY"\nnightly_at = "02:30"\ntimezone = "Asia/Shanghai"\n')
    typer.echo(
        f"{made.root} is a home: put exports into {made.inbox}/<store>/, list the stores in {made.reference / 'stores.csv'},"
    )
    typer.echo(f"then: edgewise run --home {home}")


@app.command()
@told
def run(
    home: HomeOption = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="Build every table anew, and look again at refused files.")] = False,
    only_land: Annotated[bool, typer.Option("--only-land", help="Read new files and stop there.")] = False,
    new_key_epoch: Annotated[
        bool, typer.Option("--new-key-epoch", help="Go on with a new pseudonym key; buyers before and after cannot be linked.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Refresh: read new files, bring tables up to date, check, publish.

    Exit 0: published, or nothing new · 1: a blocking check failed, nothing published · 2: wrong usage · 75: another run holds
    the lock.
    """
    from pipelines import settings as of_home

    settings = of_home.settings_of(home)
    root = Home(settings.home)
    if not root.inbox.exists():
        raise UsageError(f"{root.root} is no home yet: edgewise init {root.root}")
    from pipelines.refresh import CheckFailedError, LockHeldError, nothing_new, writer

    with suppress(BlockingIOError):
        standing = None if full or only_land else nothing_new(settings)
        if standing:
            from assets import published
            from pipelines import screens

            if as_json:
                _say_json({"published": False, "generation": standing.number, "nothing_new": True})
            else:
                path = root.published / (published.current(root) or standing).file
                typer.echo(f"Nothing new since generation {standing.number}, built {screens.age(standing)} · {path}")
            return
    try:
        with writer(root):
            _one_run(settings, full=full, only_land=only_land, new_key_epoch=new_key_epoch, as_json=as_json)
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    except CheckFailedError as error:
        from pipelines import screens

        screens.warnings(error.broken)
        names = ", ".join(dict.fromkeys(verdict.law.name for verdict in error.broken))
        way_out = "find the file with `edgewise status`, take it out with `edgewise retract FILE`, and run again"
        typer.secho(
            f"edgewise: nothing was published, because {names} failed; readers keep the last generation. {way_out}",
            err=True,
            fg="red",
        )
        raise typer.Exit(1) from error


def _one_run(settings: "Settings", *, full: bool, only_land: bool, new_key_epoch: bool, as_json: bool) -> None:
    from assets import published
    from pipelines import screens
    from pipelines.run import land_only, run_refresh

    root = Home(settings.home)
    if only_land:
        landed = land_only(settings, new_key_epoch=new_key_epoch)
        typer.echo(", ".join(f"{count} files {state}" for state, count in landed.files.items()) or "nothing new")
        screens.refused(landed.refused)
        return
    outcome = run_refresh(settings, full=full, new_key_epoch=new_key_epoch)
    if as_json:
        failed = [{"check": verdict.law.name, "about": verdict.law.about, "seen": verdict.seen} for verdict in outcome.failed]
        files = dict(outcome.landed.files)
        _say_json({"published": True, "generation": outcome.generation.number, "files": files, "failed_checks": failed})
        return
    with published.open_published(root, outcome.generation.number) as database:
        screens.summary(root.root, outcome, database)
    if held := published.held(root):
        typer.secho(f"readers are held at {held}: edgewise rollback --release", err=True, fg="yellow")


@app.command()
@told
def status(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """The generation, its age, files waiting, and what was refused."""
    from assets import published
    from assets.landed import new_files, reader, scan
    from assets.ledger import Ledger
    from pipelines import screens
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    if not root.inbox.exists():
        raise UsageError(f"{root.root} is no home yet: edgewise init {root.root}")
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
        _say_json(said)
        return
    typer.echo(f"generation  {current.number}, built {screens.age(current)}" if current else "generation  none published yet")
    if newest and current and newest.number > current.number:
        typer.echo(f"            held; the newest is {newest.number}: edgewise rollback --release")
    typer.echo(f"files       {len(ledger.live):,} landed, {len(refused):,} refused, {len(waiting):,} waiting to be read")
    typer.echo(f"rows        {quarantined:,} in quarantine")
    screens.refused(refused)


@app.command()
@told
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT.")],
    home: HomeOption = None,
    *,
    output: Annotated[Output, typer.Option("--format", help="How rows are written; parquet needs --to.")] = Output.TABLE,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write to instead of the terminal.")] = None,
    limit: Annotated[int, typer.Option(help="Rows of a table shown.")] = 40,
) -> None:
    """SQL on the current generation, read-only: nothing outside it can be reached."""
    import duckdb

    from assets.published import open_published
    from pipelines import screens
    from pipelines.settings import settings_of

    if output is Output.PARQUET and to is None:
        raise UsageError("parquet is for files: --to FILE.parquet")
    with open_published(Home(settings_of(home).home)) as database:
        database.execute("set enable_external_access = false; set lock_configuration = true")
        try:
            if output is Output.TABLE:
                screens.rows(database.execute(sql), limit)
                return
            frame = database.sql(sql).pl()
        except duckdb.Error as error:
            raise UsageError(str(error).split("\n\n")[0]) from error
    if output is Output.PARQUET:
        frame.write_parquet(to)
    else:
        text = frame.write_csv() if output is Output.CSV else json.dumps(frame.to_dicts(), ensure_ascii=False, default=str) + "\n"
        to.write_text(text) if to else typer.echo(text, nl=False)


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
    from assets.explained import fates
    from assets.landed import reader
    from pipelines import screens
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    path = file if file.exists() else root.inbox / file
    if not path.exists():
        raise UsageError(f"there is no file {file}, here or in {root.inbox}")
    reading = reader(root, root.key.read_bytes() if root.key.exists() else b"\0" * 32)
    belongs = store or path.resolve().parent.name
    if row is not None:
        for fate in fates(path.resolve(), belongs, reading, row):
            typer.echo(fate)
        return
    said = explained(path.resolve(), belongs, reading)
    if as_json:
        _say_json([asdict(table) for table in said])
        return
    for table in said:
        screens.explanation(table)


@app.command()
@told
def formats(
    name: Annotated[str | None, typer.Argument()] = None, home: HomeOption = None, *, as_json: JsonOption = False
) -> None:
    """The exports that are known, or one of them with its columns."""
    from assets.exports.formats import load_all
    from pipelines import screens
    from pipelines.settings import settings_of

    known = load_all(Home(settings_of(home).home).reference / "formats")
    if name is not None and name not in known:
        raise UsageError(f"no format is called {name}; there are {', '.join(known)}")
    if as_json:
        _say_json(known[name].model_dump(by_alias=True) if name else {each: known[each].title for each in known})
    elif name:
        screens.one_format(known[name])
    else:
        screens.known_formats(list(known.values()))


@app.command()
@told
def retract(
    what: Annotated[str, typer.Argument(help="A file as the inbox names it, or its hash.")], home: HomeOption = None
) -> None:
    """Take a landed file out as if it had never come."""
    _retract(what, home, undo=False)


@app.command()
@told
def unretract(what: Annotated[str, typer.Argument(help="A retracted file, or its hash.")], home: HomeOption = None) -> None:
    """Put a retracted file back."""
    _retract(what, home, undo=True)


def _retract(what: str, home: Path | None, *, undo: bool) -> None:
    from assets import ledger
    from pipelines.refresh import LockHeldError, writer
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    try:
        with writer(root):
            found = ledger.retract(ledger.Ledger(root), what, undo=undo)
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    for landing in found:
        typer.echo(f"{'put back' if undo else 'retracted'}: {landing.label} ({landing.rows_in:,} rows)")
    typer.echo("edgewise run publishes without it" if not undo else "edgewise run publishes with it")


@app.command()
@told
def generations(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """The published states that can be read."""
    from assets import published
    from pipelines import screens
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    built = published.generations(root)
    if as_json:
        _say_json([{**asdict(generation), "current": generation.file == published.current_name(root)} for generation in built])
    elif built:
        screens.all_generations(built, published.current_name(root), published.held(root))
    else:
        typer.echo("nothing is published yet")


@app.command()
@told
def rollback(
    generation: Annotated[int | None, typer.Argument(help="The generation; else the one before.")] = None,
    home: HomeOption = None,
    *,
    release: Annotated[bool, typer.Option("--release", help="Let readers see the newest again.")] = False,
) -> None:
    """Let readers see an earlier generation, and hold it while runs go on."""
    from assets import published
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    if release:
        newest = published.release(root)
        typer.echo(f"readers see generation {newest.number}" if newest else "nothing is published yet")
        return
    held = published.roll_back(root, generation)
    typer.echo(f"readers see generation {held.number} until `edgewise rollback --release`; runs go on building")


@app.command()
@told
def rebuild(home: HomeOption = None) -> None:
    """Make the warehouse anew from what is landed, and compare it with what was published."""
    from assets import published
    from pipelines.refresh import CheckFailedError, LockHeldError, refresh
    from pipelines.settings import settings_of

    settings = settings_of(home)
    root = Home(settings.home)
    before = published.newest(root)
    try:
        generation = refresh(settings, anew=True)
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    except CheckFailedError as error:
        typer.secho(f"edgewise: nothing was published: {error}", err=True, fg="red")
        raise typer.Exit(1) from error
    differs = [name for name, digest in generation.tables.items() if before and before.tables.get(name) != digest]
    said = (
        "every table as it was"
        if before and not differs
        else f"not as they were: {', '.join(differs)}"
        if before
        else "nothing to compare with"
    )
    typer.echo(f"rebuilt as generation {generation.number}; {said}")


@app.command()
@told
def ui(home: HomeOption = None, port: Annotated[int, typer.Option(help="The port on loopback.")] = 3000) -> None:
    """Dagster's pages on loopback: the graph, each table with its columns, counts and checks, and the history of runs."""
    import os
    import subprocess
    import sys

    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    root.make()
    project = Path(__file__).parent.parent
    bin_folder = Path(sys.executable).parent
    places = {
        "EDGEWISE_HOME": str(root.root),
        "EDGEWISE_DAGSTER": str(root.dagster),
        "DAGSTER_HOME": str(project),
        "VIRTUAL_ENV": sys.prefix,
        "PATH": os.pathsep.join((str(bin_folder), os.environ.get("PATH", os.defpath))),
    }
    command = shutil.which("dg", path=str(bin_folder)) or "dg"
    arguments = [command, "dev", "--host", "127.0.0.1", "--port", str(port)]
    raise typer.Exit(subprocess.call(arguments, cwd=project, env=os.environ | places))  # noqa: S603  our own command


def main() -> None:
    """Run the command line."""
    app()
