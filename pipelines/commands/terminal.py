"""What all commands share: how the home is named, and how a person's mistake is shown."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from assets.home import Home, UsageError

P = ParamSpec("P")
R = TypeVar("R")
HomeOption = Annotated[Path | None, typer.Option("--home", help="The home; default $EDGEWISE_HOME or ./data.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For machines.")]


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


def existing(root: Path) -> Home:
    """A home that is one.

    Raises:
        UsageError: it is not; says how to make it one.
    """
    home = Home(root)
    if not home.inbox.exists():
        raise UsageError(f"{root} is no home yet: edgewise init {root}")
    return home


def say_json(what: Any) -> None:
    """Print for a machine."""
    typer.echo(json.dumps(what, ensure_ascii=False, default=str))
