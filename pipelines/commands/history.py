"""Commands about what was published: generations, rollback, verify.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.commands.terminal import HomeOption, JsonOption, existing, say_json, told

app = typer.Typer()


@app.command()
@told
def generations(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """The published states that can be read."""
    from assets import published
    from pipelines import screens
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    built = published.generations(root)
    if as_json:
        say_json([{**asdict(generation), "current": generation.file == published.current_name(root)} for generation in built])
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

    root = existing(settings_of(home).home)
    if release:
        newest = published.release(root)
        typer.echo(f"readers see generation {newest.number}" if newest else "nothing is published yet")
        return
    held = published.roll_back(root, generation)
    typer.echo(f"readers see generation {held.number} until `edgewise rollback --release`; runs go on building")


@app.command()
@told
def verify(home: HomeOption = None) -> None:
    """Read everything landed and published again, and compare it with its checksums. Exit 1: something is damaged."""
    from assets import ledger, published
    from pipelines.settings import settings_of

    root = existing(settings_of(home).home)
    landed = ledger.Ledger(root)
    parts, files = ledger.damaged(root, landed), published.damaged(root)
    for file in parts:
        typer.secho(
            f"edgewise: landed/{file} is damaged: restore it from a backup; the warehouse can be rebuilt, this cannot",
            err=True,
            fg="red",
        )
    for file in files:
        typer.secho(
            f"edgewise: published/{file} is damaged: edgewise rebuild publishes anew, edgewise rollback goes back",
            err=True,
            fg="red",
        )
    if parts or files:
        raise typer.Exit(1)
    count = sum(len(entry.parts) for entry in landed.entries)
    typer.echo(f"{count:,} parts and {len(published.generations(root))} generations are as they were written")
