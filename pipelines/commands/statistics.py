"""Commands that are statistics alone, on a table given to them: edges.

Imports of what is slow to import are inside the commands that need it, so that a command that needs little starts at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.terminal import told

app = typer.Typer()


@app.command()
@told
def edges(
    events: Annotated[Path, typer.Option("--in", help="Events by store, segment and day: .parquet or .csv.")],
    recs: Annotated[Path, typer.Option("--out", help="Where the edges are written: .parquet or .csv.")],
    margin: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of revenue that is earned, for yearly values.")] = 0.3,
) -> None:
    """Where each store has an edge over its peers: the statistics alone, on a table of events.

    EVENTS has the columns store, segment, day, visitors, buyers, orders, revenue, refunds, revenue_w (order values winsorised at
    the segment's 99th percentile) and revenue_w_sq (the sum of their squares). RECS has a row per store, segment and metric with
    data enough, the best recommendation first.
    """
    from assets.edges.batches import read
    from assets.edges.events import edges as found
    from assets.edges.events import write

    write(found(read(events), margin), recs)
