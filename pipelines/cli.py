"""The `edgewise` command. What each word does stands in `commands`, what it prints in `screens`."""

import typer

from pipelines.commands import asking, erasing, history, items, reading, running, samples, statistics

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a folder of exported shop files to published metrics. 从店铺导出文件到可核对的指标。",
)
for commands in (running, asking, reading, items, history, erasing, samples, statistics):
    app.add_typer(commands.app)


def main() -> None:
    """Run the command line."""
    app()
