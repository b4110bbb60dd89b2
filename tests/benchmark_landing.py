"""How fast large files are landed, and how much memory that takes, beside the best plain reader of the same bytes.

Not a test, and not collected as one; run by hand, on files that `benchmark.py make` has written:

    .venv/bin/python tests/benchmark.py make DIR --lines 2200000
    .venv/bin/python tests/benchmark_landing.py DIR

The plain reader is the faster one of Polars and DuckDB, each in as many warm processes of one thread as there are workers,
all columns as text, nothing kept. Files in GB18030 are transcoded first, which counts, since neither reads it. What edgewise
takes is the whole landing: starting its workers, reading, cleaning, typing, hashing, and Parquet synced to disk.
"""

import multiprocessing
import os
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Annotated

import typer

PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.05

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


@dataclass
class Spent:
    """Seconds on the wall and of the processor, and the most memory that this process and those it started held together."""

    wall: float = 0.0
    processor: float = 0.0
    peak: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Add up, again and again, what stays in memory of all processes; what they share is counted for one."""
        while not self._ended.wait(EVERY):
            self.peak = max(self.peak, sum(_resident(process) for process in _tree(os.getpid())))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()


def _tree(process: int) -> Iterator[int]:
    yield process
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            below = [int(child) for child in tasks.read_text().split()]
        except OSError:
            continue
        for child in below:
            yield from _tree(child)


def _resident(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in told.splitlines() if line.startswith("Pss:")), 0)


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure what is done within."""
    spent = Spent()
    looking = threading.Thread(target=spent.look)
    looking.start()
    wall, processor = time.perf_counter(), _processor()
    try:
        yield spent
    finally:
        spent.wall, spent.processor = time.perf_counter() - wall, _processor() - processor
        spent.end()
        looking.join()


def _processor() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _landed(home: Path, workers: int) -> Spent:
    from assets.home import Home
    from assets.landed import Intake, Limits

    shutil.rmtree(home / "landed", ignore_errors=True)
    made = Home(home)
    made.make()
    with spending() as spent, Intake(made, Limits(workers)) as intake:
        summary = intake.finish()
    typer.echo(f"landed {dict(summary.files)}, {summary.rows['in']:,} rows, {summary.rows['quarantined']:,} refused")
    return spent


def in_utf8(path: Path) -> bytes:
    """A file's text, transcoded where it has to be."""
    content = path.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030").encode()
    return content


def with_polars(path: Path) -> tuple[int, float]:
    """Read a file with Polars: its rows, and the seconds of the processor it took."""
    import polars as pl

    begun = time.process_time()
    rows = pl.read_csv(in_utf8(path), infer_schema=False).height
    return rows, time.process_time() - begun


def with_duckdb(path: Path) -> tuple[int, float]:
    """Read a file with DuckDB, which reads from disk alone: what is transcoded goes there first."""
    import duckdb

    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        content = in_utf8(path)
        read = path
        if content != path.read_bytes():
            read = Path(folder) / path.name
            read.write_bytes(content)
        database = duckdb.connect(config={"threads": 1})
        table = database.execute("from read_csv(?, all_varchar = true, header = true)", [str(read)]).to_arrow_table()
    return table.num_rows, time.process_time() - begun


READERS: dict[str, Callable[[Path], tuple[int, float]]] = {"Polars": with_polars, "DuckDB": with_duckdb}


def _read_plainly(pool: Pool, read: Callable[[Path], tuple[int, float]], paths: list[Path]) -> Spent:
    pool.map(read, paths[:2], chunksize=1)  # warm
    begun = time.perf_counter()
    told = pool.map(read, paths, chunksize=1)
    return Spent(time.perf_counter() - begun, sum(seconds for _, seconds in told))


@app.command()
def land(home: HomeArgument, workers: int = 2) -> None:
    """Land all files from nothing, and read them plainly."""
    paths = sorted((home / "inbox").rglob("*.csv"), key=lambda path: -path.stat().st_size)
    size = sum(path.stat().st_size for path in paths) / 1e6
    typer.echo(
        f"{len(paths)} files, {size:,.0f} MB, {workers} workers, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "home"
        (small / "inbox").mkdir(parents=True)
        shutil.copytree(home / "reference", small / "reference")
        for path in (home / "inbox").iterdir():
            (small / "inbox" / path.name).mkdir()
            least = min(path.rglob("*.csv"), key=lambda one: one.stat().st_size)
            with least.open("rb") as file:
                (small / "inbox" / path.name / least.name).write_bytes(b"".join(file.readlines()[:50]))
        fixed = _landed(small, workers)
    ours = _landed(home, workers)
    typer.echo(f"edgewise  {size / ours.wall:>6.0f} MB/s  {ours.wall:>6.2f} s  processor {ours.processor:>6.2f} s")
    os.environ["POLARS_MAX_THREADS"] = "1"
    plain: dict[str, Spent] = {}
    for name, read in READERS.items():
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            plain[name] = spent = _read_plainly(pool, read, paths)
        typer.echo(f"{name:<8}  {size / spent.wall:>6.0f} MB/s  {spent.wall:>6.2f} s  processor {spent.processor:>6.2f} s")
    best = min(plain.values(), key=lambda spent: spent.wall)
    by_processor = min(spent.processor for spent in plain.values()) / ours.processor
    typer.echo(f"of the best plain reader: {best.wall / ours.wall:.2f} on the wall, {by_processor:.2f} by the processor")
    typer.echo(
        f"peak memory of all processes {ours.peak >> 20:,} MiB; fifty lines of a file of each store {fixed.peak >> 20:,} MiB, "
        f"so {(ours.peak - fixed.peak) >> 20:,} MiB beyond the fixed cost"
    )


if __name__ == "__main__":
    app()
