"""Commands that change a home: init, run, retract, rebuild, and the pages of Dagster.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

import csv
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.home import Home, RefreshError, UsageError
from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

if TYPE_CHECKING:
    from pipelines.settings import Settings

HELD = 75
SUSPECTS = 5

app = typer.Typer()


@app.command()
@told
def init(home: Annotated[Path, typer.Argument(help="The folder to make a home of.")]) -> None:
    """Make a home: folders, settings, and stores.csv with the inbox's folders."""
    from assets.reference import TEMPLATES

    made = Home(home.resolve())
    try:
        made.make()
    except OSError as error:
        raise UsageError(f"{home} cannot be made a home: {error.strerror}") from error
    for name, header in TEMPLATES.items():
        path = made.reference / name
        if not path.exists():
            with path.open("w", newline="") as file:
                file.write(header)
                if name == "stores.csv":
                    folders = sorted(folder.name for folder in made.inbox.iterdir() if folder.is_dir())
                    rows = [(store, *[""] * header.count(",")) for store in folders if not store.startswith(".")]
                    csv.writer(file, lineterminator="\n").writerows(rows)
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
    root = existing(settings.home)
    from pipelines.refresh import CheckFailedError, LockHeldError, nothing_new, writer

    with suppress(BlockingIOError):
        standing = None if full or only_land else nothing_new(settings)
        if standing:
            from assets import published
            from pipelines import screens

            if as_json:
                say_json({"published": False, "generation": standing.number, "nothing_new": True})
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
    except (RefreshError, OSError) as error:
        typer.secho(f"edgewise: nothing was published: {error}", err=True, fg="red")
        raise typer.Exit(1) from error
    except CheckFailedError as error:
        from pipelines import screens

        screens.warnings(error.broken)
        names = ", ".join(dict.fromkeys(f"{verdict.law.name} ({verdict.law.about})" for verdict in error.broken))
        typer.secho(
            f"edgewise: nothing was published, because {names} failed; readers keep the last generation. {_way_out(root)}",
            err=True,
            fg="red",
        )
        raise typer.Exit(1) from error


def _way_out(root: Home) -> str:
    """Which files came since readers last saw something new, and how to take one out."""
    from assets import ledger, published

    current = published.current(root)
    came = [landing.label for landing in ledger.landed_since(root, current.built_at if current else "")]
    told = f"Landed since: {', '.join(came[:SUSPECTS])}{' …' if len(came) > SUSPECTS else ''}. " if came else ""
    return f"{told}Take the wrong file out with `edgewise retract FILE`, and run again"


def _one_run(settings: "Settings", *, full: bool, only_land: bool, new_key_epoch: bool, as_json: bool) -> None:
    from assets import published
    from pipelines import filed, screens
    from pipelines.run import land_only, run_refresh

    root = Home(settings.home)
    if only_land:
        landed = land_only(settings, new_key_epoch=new_key_epoch)
        if as_json:
            say_json({"published": False, "files": dict(landed.files)})
            return
        typer.echo(", ".join(f"{count} files {state}" for state, count in landed.files.items()) or "nothing new")
        filed.refused(landed.refused)
        return
    outcome = run_refresh(settings, full=full, new_key_epoch=new_key_epoch)
    if as_json:
        failed = [{"check": verdict.law.name, "about": verdict.law.about, "seen": verdict.seen} for verdict in outcome.failed]
        files = dict(outcome.landed.files)
        say_json({"published": True, "generation": outcome.generation.number, "files": files, "failed_checks": failed})
        return
    with published.open_published(root, outcome.generation.number) as database:
        screens.summary(root.root, outcome, database)
    if held := published.held(root):
        typer.secho(f"readers are held at {held}: edgewise rollback --release", err=True, fg="yellow")


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
    from assets.exports.privacy import scrubbed_name
    from pipelines.refresh import LockHeldError, writer
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    try:
        with writer(root):
            found = ledger.retract(ledger.Ledger(root), scrubbed_name(what), undo=undo)
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    for landing in found:
        typer.echo(f"{'put back' if undo else 'retracted'}: {landing.label} ({landing.rows_in:,} rows)")
    typer.echo("edgewise run publishes without it" if not undo else "edgewise run publishes with it")


@app.command()
@told
def rebuild(home: HomeOption = None) -> None:
    """Make the warehouse anew from what is landed, and compare it with what was published."""
    from assets import published
    from pipelines.refresh import CheckFailedError, LockHeldError, refresh
    from pipelines.settings import settings_of

    settings = settings_of(home)
    root = existing(settings.home)
    before = published.newest(root)
    try:
        generation = refresh(settings, anew=True)
    except LockHeldError as error:
        typer.secho(f"edgewise: {error}; nothing was done", err=True, fg="yellow")
        raise typer.Exit(HELD) from error
    except (CheckFailedError, RefreshError, OSError) as error:
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
    """Dagster's pages on loopback: the graph, each table with its columns, counts and checks, and the history of runs.

    While they are open the nightly schedule runs, and new files in the inbox are read as they come. Ctrl-C ends all of it.
    """
    from pipelines.pages import show
    from pipelines.settings import settings_of

    root = Home(settings_of(home).home)
    root.make()
    raise typer.Exit(show(root, port))
