"""Personal values planted everywhere in exports are found nowhere in what a home writes: runs that succeed, fail and are killed.

The scanner that looks for them is held to find what there is to find in test_leaks.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest
from canaries import Canaries, Scanner, canaries
from homes import make_home
from personal import conflicting, exports
from typer.testing import CliRunner

from assets.exports import worker
from assets.home import Home
from assets.ledger import Ledger
from assets.questions.asked import BY_NAME
from pipelines.cli import app

ASKED = tuple(
    line.split(maxsplit=1)
    for line in (
        "status", "status --json", "doctor", "doctor --json", "recommend", "alerts", "generations", "verify",
        "query from quarantine", "query from files", "query from checks", "query from orders limit 50",
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def _everything_under(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left in the system's folder for temporary files lies in one that is looked through; no word is cut."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("COLUMNS", "400")


def edgewise(home: Home, *arguments: str) -> str:
    """All that a command says, what it fails with too."""
    done = CliRunner().invoke(app, [*arguments, "--home", str(home.root)])
    failed = done.exception if not isinstance(done.exception, SystemExit) else None
    return done.output + ("".join(traceback.format_exception(failed)) if failed else "")


# The command as it is, but that it kills itself, and with it its workers, once it has done one thing for the n-th time.
DYING = """
import os, signal, sys
from assets import ledger, warehouse, workers
from pipelines.cli import main

workers.SECONDS_PER_UNIT = 3_600
of, name, times = getattr(ledger, sys.argv[1], None) or getattr(warehouse, sys.argv[1]), sys.argv[2], int(sys.argv[3])
done = getattr(of, name)

def done_and_dead(*given, **named):
    global times
    found, times = done(*given, **named), times - 1
    if not times:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

setattr(of, name, done_and_dead)
sys.argv[1:] = sys.argv[4:]
main()
"""
AFTER_LANDING, AFTER_TABLES = ("Ledger", "append", "1"), ("Warehouse", "build", "30")


def killed(home: Home, *once: str) -> str:
    """What a run says that is killed once it has done something."""
    run = subprocess.run(
        [sys.executable, "-c", DYING, *once, "run", "--home", str(home.root)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL, run.stdout
    return run.stdout


def planted_home(root: Path, planted: Canaries) -> Home:
    """A home whose inbox holds every value."""
    home = make_home(root)
    home.toml.write_text("workers = 1\nworker_memory_mb = 1024\n")
    for name, content in exports(planted):
        path = home.inbox / "taobao" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(1, time.time_ns() - 3_600 * 10**9))
    return home


def fail_quoting(home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a run says in which reading fails in the middle, with an error that quotes the rows it was at."""

    def failing(records: object, *_: object) -> None:
        raise RuntimeError(str(getattr(records, "rows", list)()))

    settings = home.toml.read_text()
    home.toml.write_text("workers = 0\n")
    with monkeypatch.context() as patched:
        patched.setattr(worker, "shape", failing)
        said = edgewise(home, "run")
    home.toml.write_text(settings)
    return said


# Where a home writes, each place with some of its files: that nothing is found there is said of what is there.
WRITTEN = (
    "landed/*/*.parquet",
    "landed/ledger/*.json",
    "warehouse/*.duckdb",
    "published/g*.duckdb",
    "published/g*.json",
    "dagster/**/*.db",
)


def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, explained: int, *pages: str) -> None:
    """Plant values, run, fail, be killed, explain, ask and export: after each nothing of them is anywhere but in the inbox."""
    planted = canaries(7, count)
    assert len(set(planted.all)) >= count
    scanner, home = Scanner(planted.all), planted_home(tmp_path / "home", planted)
    in_inbox = {value for hits in scanner.in_folder(home.root, but=("reference",)).values() for value, _ in hits}
    assert in_inbox >= set(planted.all), sorted(set(planted.all) - in_inbox)[:5]
    folder = home.inbox / "taobao"

    def nothing_leaks(said: list[str], *wrote: str) -> None:
        told = "\n".join(said)
        assert "Traceback" not in told
        for file in sorted(folder.rglob("*"), key=lambda path: -len(str(path))):  # a name that was typed is said again
            told = told.replace(str(file), "")
        assert scanner.found(told.encode()) == set()
        assert [place for place in (*WRITTEN, *wrote) if not list(home.root.glob(place))] == []
        assert scanner.in_folder(home.root) == {}
        assert scanner.in_folder(tmp_path, but=("home",)) == {}

    said = [edgewise(home, "run")]
    states = {Path(landing.file).name: (landing.state, landing.reason) for landing in Ledger(home).landings}
    assert states["columns.csv"] == ("landed", ""), said[0]
    assert states["ends its reader.xls"] == ("refused", "reader_died")
    assert "id_unlike" in {reason for landing in Ledger(home).landings for reason in landing.quarantined}
    said += [edgewise(home, *command) for command in ASKED] + [edgewise(home, "ask", name) for name in BY_NAME]
    exported = tmp_path / "exported"
    exported.mkdir()
    for table, suffix in (("orders", "xlsx"), ("order_lines", "csv"), ("quarantine", "parquet"), ("files", "xlsx")):
        said.append(edgewise(home, "export", table, str(exported / f"{table}.{suffix}")))
    assert len(list(exported.iterdir())) == 4, said[-4:]
    nothing_leaks(said, *pages)

    (folder / "slow.csv").write_bytes((folder / "columns.csv").read_bytes() + b"\n\n")
    said = [killed(home, *AFTER_TABLES), *(edgewise(home, *command) for command in ASKED)]
    nothing_leaks(said, *pages, "warehouse/*.wal")

    (folder / "fails.csv").write_bytes((folder / "encoded 0.csv").read_bytes() + b"\n")
    said = [fail_quoting(home, monkeypatch)]
    assert "reader_failed" in {landing.reason for landing in Ledger(home).landings}
    (folder / "again.csv").write_bytes(conflicting(planted))
    said.append(edgewise(home, "run"))
    assert "nothing was published" in said[-1], said[-1]
    nothing_leaks(said)

    (folder / "killed.csv").write_bytes((folder / "columns.csv").read_bytes() + b"\n")
    landed = len(Ledger(home).entries)
    said = [killed(home, *AFTER_LANDING), *(edgewise(home, *command) for command in ASKED)]
    assert len(Ledger(home).entries) == landed + 1
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[:explained]:
        where = ["explain", str(path), "--store", "taobao"]
        said += [edgewise(home, *where), edgewise(home, *where, "--json"), edgewise(home, *where, "--row", "3")]
    nothing_leaks(said)


def test_no_planted_value_is_found_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some dozens of values."""
    searched(tmp_path, monkeypatch, 42, 3)


@pytest.mark.soak
def test_no_planted_value_of_very_many_is_found_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred, with every expectation judged and the page written."""
    monkeypatch.setenv("EDGEWISE_EXPECTATIONS", "true")
    monkeypatch.setenv("EDGEWISE_REPORTS", "true")
    searched(tmp_path, monkeypatch, 500, 100, "published/report/g*.html")
