"""`edgewise ui`: one home's pages at a time, on a port nobody has, and nothing left when they are closed.

What the pages show is Dagster's business; here other processes stand in for it, which take as long to start as a shell.
"""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.home import Home
from pipelines import pages
from pipelines.cli import app

LONG = 120  # seconds; how long what does not end is waited for, and no measure of anything


def opened(home: Home, port: int, **stood_in: str) -> subprocess.Popen[str]:
    """Open a home's pages with the processes in a shell script instead of Dagster's."""
    script = home.root / "dg"
    script.write_text("#!/bin/sh\n" + stood_in["script"])
    script.chmod(0o755)
    code = (
        "import sys; from pathlib import Path; from assets.home import Home; from pipelines import pages;"
        f"pages.shutil.which = lambda *_, **__: {str(script)!r}; pages.PATIENCE = 1;"
        f"sys.exit(pages.show(Home(Path({str(home.root)!r})), {port}))"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, text=True)


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as tried:
        tried.bind((pages.HOST, 0))
        return int(tried.getsockname()[1])


def until(path: Path, shown: subprocess.Popen[str]) -> list[int]:
    """Wait for the process numbers that a stand-in writes, however long a loaded machine takes to start it."""
    while shown.poll() is None:
        if path.exists() and len(path.read_text().split()) == 2:
            return [int(number) for number in path.read_text().split()]
        time.sleep(0.05)
    raise ChildProcessError(f"the pages ended with {shown.returncode} before they were open")


def is_running(process: int) -> bool:
    """Whether a process is there and is more than its last words."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("stubborn", [False, True], ids=["willing", "stubborn"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_when_the_pages_are_closed(home: Home, how: signal.Signals, stubborn: bool) -> None:
    """Whatever ends the command ends what it started and what that started, even if they do not want to."""
    told = home.root / "processes"
    trap = "trap '' INT TERM HUP\n" if stubborn else ""
    shown = opened(home, free_port(), script=f"{trap}sleep 600 &\necho $! $$ > {told}\nwait\n")
    started = until(told, shown)
    shown.send_signal(how)
    assert shown.wait(LONG) == 0
    assert [process for process in started if is_running(process)] == []


def test_a_home_is_shown_once(home: Home) -> None:
    """Who opens a home's pages a second time is told in one line where they are."""
    told, port = home.root / "processes", free_port()
    shown = opened(home, port, script=f"sleep 600 &\necho $! $$ > {told}\nwait\n")
    until(told, shown)
    second = CliRunner().invoke(app, ["ui", "--home", str(home.root), "--port", str(port + 1)])
    shown.terminate()
    shown.wait(LONG)
    assert second.exit_code == 2
    assert second.stderr == (
        f"edgewise: the pages of {home.root} are open already: http://127.0.0.1:{port}, process {shown.pid}\n"
    )


def test_a_taken_port_is_told_in_one_line(home: Home) -> None:
    """Where something else listens on the port the command says so, and names another."""
    with socket.socket() as other:
        other.bind((pages.HOST, 0))
        other.listen()
        port = int(other.getsockname()[1])
        said = CliRunner().invoke(app, ["ui", "--home", str(home.root), "--port", str(port)])
    assert said.exit_code == 2
    assert said.stderr == f"edgewise: port {port} is taken: edgewise ui --port {port + 1}\n"
