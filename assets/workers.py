"""Processes that read files: started undisturbed, warm, with a memory and a time limit, gone with the run they read for.

What they read and what becomes of it is not known here.
"""

import ctypes
import os
import pickle
import resource
import signal
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WorkerTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from assets.exports.opening import Reader
from assets.exports.worker import Unit
from assets.ledger import LANDINGS_PER_UNIT, Landing

Read = TypeVar("Read")
SECONDS_PER_UNIT = 60
SECONDS_PER_BYTE = 60 / (100 << 20)
# What a worker frees it takes again for the next column: giving it back to the system each time costs a tenth of landing.
_KEEPING = {
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",  # of Polars
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),  # of everything else, where the system's library is glibc
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_TOP_PAD_": str(1 << 24),
}
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_told: list[Reader] = []  # what this process, being a worker, reads by
DIED = (ProcessExpired, WorkerTimeoutError, MemoryError)


@dataclass(frozen=True)
class Limits:
    """How many workers read, and how much memory each may map beyond what it starts with.

    0 workers: text is read in this process, and workbooks and archives by one worker, for a damaged one may end it.
    """

    workers: int = 2
    bytes_per_worker: int = 3 << 30


def workers(limits: Limits, reading: Reader) -> ProcessPool:
    """Processes to read in: warm, capped, and stopped by whoever makes them. What each needs to know it is told once."""
    # The workers' own: this process has imported polars already.
    os.environ |= {"POLARS_MAX_THREADS": "1"} | {name: os.environ.get(name, value) for name, value in _KEEPING.items()}
    context = get_context("spawn")
    return ProcessPool(
        max_workers=max(limits.workers, 1),
        context=context,
        initializer=_warm,
        # Small enough for the pipe to a worker: else each is waited for until it has begun to read, before the next is started.
        initargs=(limits.bytes_per_worker, zlib.compress(pickle.dumps(reading))),
    )


def submit(pool: ProcessPool, read: Callable[..., Read], unit: Unit, *args: object) -> "Future[Read]":
    """Have a unit read in a worker, by a function of it, of what the worker was told and of some arguments more."""
    future: Future[Read] = pool.schedule(_read, args=(read, unit, *args), timeout=seconds_for(unit))
    return future


def stop(pool: ProcessPool) -> None:
    """Stop workers, whatever they are at, and wait until they are gone."""
    pool.stop()  # type: ignore[no-untyped-call]  # pebble types only half of itself
    pool.join()


def seconds_for(unit: Unit) -> float:
    """How long a unit may take to read."""
    return SECONDS_PER_UNIT + SECONDS_PER_BYTE * sum(source.size for source in unit.sources)


def died(unit: Unit, error: BaseException, reading: Reader) -> Landing:
    """The landing of a unit's one file whose reader died."""
    source, reason = unit.sources[0], "reader_timed_out" if isinstance(error, WorkerTimeoutError) else "reader_died"
    context = reading.context_of(source.store, None)
    number = unit.number * LANDINGS_PER_UNIT
    return Landing(
        number, source.store, source.file, source.size, source.mtime_ns, state="refused", reason=reason, context=context
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put Ctrl-C off while workers are started, and keep it from them: it is for this process, which stops them itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = []
    standing = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    # The tracker that comes with the first worker lifts the mask when it starts, so it is started before.
    resource_tracker.ensure_running()
    unmasked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, unmasked)
        signal.signal(signal.SIGINT, standing)
    if pressed:
        raise KeyboardInterrupt


def _read(read: Callable[..., Read], unit: Unit, *args: object) -> Read:
    return read(unit, _told[-1], *args)


def _warm(cap: int, reading: bytes) -> None:
    """Cap a worker's memory, what it maps once warm plus the cap, and let it die with the run it reads for."""
    _told.append(pickle.loads(zlib.decompress(reading)))  # noqa: S301  it comes from the run that started this worker
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    mapped = (
        int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        if Path("/proc/self/statm").exists()
        else 0
    )
    if mapped:
        resource.setrlimit(resource.RLIMIT_AS, (mapped + cap, mapped + cap))
