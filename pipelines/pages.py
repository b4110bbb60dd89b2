"""Dagster's own processes, for one home: the pages and the daemon that runs the schedule and the sensor.

They are started together and end together: whatever ends this process ends them, down to a run under way, which is safe.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assets.home import Home, UsageError

HOST = "127.0.0.1"
PATIENCE = 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PROJECT = Path(__file__).parent.parent


def show(home: Home, port: int) -> int:
    """Open the pages of a home and wait until they are closed.

    Returns:
        What to exit with.

    Raises:
        UsageError: the home's pages are open already, or something else has the port.
    """
    with _only_one(home, port):
        _free(port)
        command = shutil.which("dg", path=str(Path(sys.executable).parent)) or "dg"
        asked: list[int] = []
        previous = {number: signal.signal(number, lambda given, _: asked.append(given)) for number in ENDINGS}
        try:
            pages = subprocess.Popen(  # noqa: S603  our own command
                [command, "dev", "--host", HOST, "--port", str(port), "--log-level", "warning", "--no-check-yaml"],
                cwd=_PROJECT,
                env=os.environ | places(home),
                start_new_session=True,
            )
            try:
                print(f"http://{HOST}:{port} opens in about 15 seconds; Ctrl-C ends it", file=sys.stderr)  # noqa: T201  a person waits
                while not asked and pages.poll() is None:
                    time.sleep(0.2)
                return 0 if asked else pages.wait()
            finally:
                end(pages)
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def places(home: Home) -> dict[str, str]:
    """The environment Dagster's own commands need to find a home, its records and themselves."""
    bin_folder = Path(sys.executable).parent
    return {
        "EDGEWISE_HOME": str(home.root.resolve()),
        "EDGEWISE_DAGSTER": str(home.dagster.resolve()),
        "DAGSTER_HOME": str(_PROJECT),
        "VIRTUAL_ENV": sys.prefix,
        "PATH": os.pathsep.join((str(bin_folder), os.environ.get("PATH", os.defpath))),
    }


@contextmanager
def _only_one(home: Home, port: int) -> Iterator[None]:
    """Be the only one to show a home: two daemons would run every night twice."""
    with (home.dagster / "pages.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise UsageError(f"the pages of {home.root} are open already: {file.read().strip()}") from error
        file.truncate(0)
        file.write(f"http://{HOST}:{port}, process {os.getpid()}")
        file.flush()
        yield


def _free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise UsageError(f"port {port} is taken: edgewise ui --port {port + 1}") from error


def end(leader: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: first as Ctrl-C does, then with force."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, number)
        with suppress(subprocess.TimeoutExpired):
            leader.wait(PATIENCE)
            if not _anyone(leader.pid):
                return


def _anyone(group: int) -> bool:
    """Whether any process of a group is left; waits a little for those that are ending."""
    for _ in range(PATIENCE * 2):
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return False
        time.sleep(0.25)
    return True
