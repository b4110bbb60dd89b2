"""How fast large files are landed, and how much memory that takes, beside the best plain reader of the same bytes.

Not a test, and not collected as one; run by hand, on files that `benchmark.py make` has written:

    .venv/bin/python tests/benchmark.py make DIR --lines 2200000
    .venv/bin/python tests/benchmark_landing.py DIR

A plain reader reads every byte of every file, transcodes GB18030 (which neither Polars nor DuckDB reads), parts records and
quoted fields, and holds each file as a table of all its columns as text; it checks nothing, and understands nothing. Polars and
DuckDB each do that in as many processes of one thread as there are workers, so on the same cores; once more each also writes
what it read as Parquet (zstd of level 1, not synced). Starting processes counts for all alike, unless `--warm` gives it to the
plain readers. The ratio that counts is to the fastest of those that hold tables, which is the harder one; that to the fastest
that writes, as landing does, stands beside it. A machine's speed may wander by a fifth within minutes: all take turns, for
several rounds, and of the rounds' ratios the middle one is told.

What edgewise takes is the whole landing: starting its workers, reading, checking quotes and widths, cleaning, typing, scrubbing,
hashing, books, and Parquet synced to disk. Its memory is looked at in a landing of its own: looking takes a tenth of a processor,
which a plain reader is not made to pay for either. `--only TEXT` takes the files whose path holds it (`shopify`,
`ExportOrderDetail`).
"""

import multiprocessing
import os
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Self

import typer

PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.05

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The home.")]


@dataclass
class Spent:
    """Seconds on the wall and of the processor."""

    wall: float
    processor: float


class Peak:
    """The most memory that this process and those it started hold together while it is open."""

    def __init__(self) -> None:
        self.bytes = 0
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        """Add up, again and again, what stays in memory of all processes; what they share is counted for one."""
        while not self._ended.wait(EVERY):
            self.bytes = max(self.bytes, sum(_resident(process) for process in _tree(os.getpid())))


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


def _processor() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _landed(home: Path, workers: int) -> Spent:
    from assets.home import Home
    from assets.landed import Intake, Limits

    shutil.rmtree(home / "landed", ignore_errors=True)
    made = Home(home)
    made.make()
    wall, processor = time.perf_counter(), _processor()
    with Intake(made, Limits(workers)) as intake:
        summary = intake.finish()
    spent = Spent(time.perf_counter() - wall, _processor() - processor)
    typer.echo(f"landed {dict(summary.files)}, {summary.rows['in']:,} rows, {summary.rows['quarantined']:,} refused")
    return spent


def _peak(home: Path, workers: int) -> int:
    with Peak() as peak:
        _landed(home, workers)
    return peak.bytes


def in_utf8(path: Path) -> bytes:
    """A file's text, transcoded where it has to be."""
    content = path.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030").encode()
    return content


def with_polars(path: Path, into: Path | None = None) -> float:
    """Read a file with Polars, and write it where told: the seconds of the processor it took."""
    import polars as pl

    begun = time.process_time()
    table = pl.read_csv(in_utf8(path), infer_schema=False)
    if into:
        table.write_parquet(into / f"{path.parent.name}-{path.stem}.parquet", compression="zstd", compression_level=1)
    return time.process_time() - begun


def with_duckdb(path: Path, into: Path | None = None) -> float:
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
        table = database.read_csv(str(read), all_varchar=True, header=True)
        if into:
            written = into / f"{path.parent.name}-{path.stem}.parquet"
            table.to_parquet(str(written), compression="zstd")
        else:
            table.to_arrow_table()
    return time.process_time() - begun


PlainReader = Callable[[Path, Path | None], float]
READERS: dict[str, PlainReader] = {"Polars": with_polars, "DuckDB": with_duckdb}


def _read_plainly(read: PlainReader, paths: list[Path], into: Path | None, workers: int, *, warm: bool) -> Spent:
    spent = Spent(-time.perf_counter(), -_processor())
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        if warm:
            pool.starmap(read, [(path, into) for path in paths[:2]], chunksize=1)
            spent.wall = -time.perf_counter()
        told = pool.starmap(read, [(path, into) for path in paths], chunksize=1)
        spent.wall += time.perf_counter()
        pool.close()
        pool.join()
    spent.processor = sum(told) if warm else spent.processor + _processor()
    return spent


@app.command()
def land(home: HomeArgument, workers: int = 2, only: str = "", rounds: int = 5, *, warm: bool = False) -> None:
    """Land all files from nothing, and read them plainly."""
    paths = [path for path in (home / "inbox").rglob("*.csv") if only in str(path.relative_to(home))]
    paths.sort(key=lambda path: -path.stat().st_size)
    size = sum(path.stat().st_size for path in paths) / 1e6
    typer.echo(
        f"{len(paths)} files, {size:,.0f} MB, {workers} workers, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    with tempfile.TemporaryDirectory(dir=home) as folder:  # where files can be linked
        small, whole = (
            _home_of(paths, home, Path(folder) / "small", heads_alone=True),
            _home_of(paths, home, Path(folder) / "whole"),
        )
        fixed, most = _peak(small, workers), _peak(whole, workers)
        os.environ["POLARS_MAX_THREADS"] = "1"
        ratios: dict[str, list[Spent]] = {"held": [], "written": []}
        for _ in range(rounds):
            ours = _landed(whole, workers)
            _tell("edgewise", size, ours)
            for how, found in ratios.items():
                found.append(_of_the_best(how, paths, workers, size, ours, warm=warm))
    for how, found in ratios.items():
        by_wall, by_processor = (
            f"{median(of):.2f} ({min(of):.2f} to {max(of):.2f})" for of in zip(*map(astuple, found), strict=True)
        )
        typer.echo(f"of the best plain reader, {how}: {by_wall} on the wall, {by_processor} by the processor")
    typer.echo(
        f"peak memory of all processes {most >> 20:,} MiB; fifty lines of a file of each store {fixed >> 20:,} MiB, "
        f"so {(most - fixed) >> 20:,} MiB beyond the fixed cost"
    )


def _of_the_best(how: str, paths: list[Path], workers: int, size: float, ours: Spent, *, warm: bool) -> Spent:
    """What the fastest plain reader takes, as a share of what edgewise took."""
    plain: list[Spent] = []
    for name, read in READERS.items():
        with tempfile.TemporaryDirectory() as folder:
            plain.append(_read_plainly(read, paths, Path(folder) if how == "written" else None, workers, warm=warm))
        _tell(f"{name}, {how}", size, plain[-1])
    return Spent(*(min(of) / own for of, own in zip(zip(*map(astuple, plain), strict=True), astuple(ours), strict=True)))


def _home_of(paths: list[Path], home: Path, made: Path, *, heads_alone: bool = False) -> Path:
    """A home with some files of another: each whole, or of each store the first fifty lines of the smallest."""
    shutil.copytree(home / "reference", made / "reference")
    for store in {path.parent for path in paths}:
        folder = made / "inbox" / store.name
        folder.mkdir(parents=True)
        own = [path for path in paths if path.parent == store]  # the smallest comes last
        for path in own[-1:] if heads_alone else own:
            if heads_alone:
                with path.open("rb") as file:
                    (folder / path.name).write_bytes(b"".join(file.readlines()[:50]))
            else:
                os.link(path, folder / path.name)
    return made


def _tell(name: str, size: float, spent: Spent) -> None:
    typer.echo(f"{name:<16}  {size / spent.wall:>6.0f} MB/s  {spent.wall:>6.2f} s  processor {spent.processor:>6.2f} s")


if __name__ == "__main__":
    app()
