"""The command that makes a sample up: a home to try things on.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.terminal import told

app = typer.Typer()


@app.command()
@told
def sample(
    directory: Annotated[Path, typer.Argument(help="A folder that is not there yet, or empty.", metavar="DIR")],
    *,
    stores: Annotated[int, typer.Option(help="How many stores; the first five are on five platforms.")] = 10,
    days: Annotated[int, typer.Option(help="How many days, until 1 November 2026.")] = 84,
    seed: Annotated[int, typer.Option(help="Another number makes up another sample.")] = 7,
) -> None:
    """Write a made-up set of exports in real platforms' shapes, with planted edges and what every sum must be."""
    from assets.sample import reference, written

    world = written.write(directory, stores=stores, days=days, seed=seed)
    orders = sum(len(of.counted) for of in world.stores)
    typer.echo(
        f"{directory}: {len(world.stores)} stores, {len(world.days)} days, {orders:,d} orders, all of it made up. Planted:"
    )
    for line in reference.planted(world.edges):
        typer.echo(f"  {line}")
    typer.echo(f"What every sum must be is in {directory / 'ledger'}. Next: edgewise run --home {directory}")
