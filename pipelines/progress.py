"""Progress while a refresh runs, on standard error and only where a person watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.consoles import errors


@contextmanager
def bars(tables: int) -> Iterator[tuple[Callable[[int, int], None], Callable[[str], None]]]:
    """Bars for reading and for building; yields what to call as each goes on."""
    columns = (SpinnerColumn(), TextColumn("{task.description:<22}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as shown:
        reading = shown.add_task("reading 读取 (KiB)", total=None)
        building = shown.add_task("tables 建表", total=tables)

        def read(done: int, total: int) -> None:
            shown.update(reading, completed=done >> 10, total=max(total >> 10, 1))

        def built(step: str) -> None:
            shown.update(building, advance=1, description=step)

        yield read, built
