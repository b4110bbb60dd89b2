"""What starts a refresh by itself: the nightly schedule, and the sensor that sees new files in the inbox.

Both only ask for a run of the job; what a run does stands in `refresh`. They run while `edgewise ui` is open.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from assets.home import Home
from assets.landed import new_files, reader, scan
from assets.ledger import Ledger
from pipelines.refresh import holder, nothing_new
from pipelines.settings import Settings

SETTLED = timedelta(seconds=10)
EVERY_SECONDS = 30
QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}  # a run's records are in the pages


def nightly(job: str, settings: Settings) -> dg.ScheduleDefinition:
    """The nightly refresh, at the time and in the zone of the settings."""
    hour, minute = settings.nightly_at.split(":")

    @dg.schedule(
        name="nightly",
        job_name=job,
        cron_schedule=f"{int(minute)} {int(hour)} * * *",
        execution_timezone=settings.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Refreshes every night at {settings.nightly_at}, {settings.timezone}, unless nothing is new.",
    )
    def every_night() -> dg.RunRequest | dg.SkipReason:
        standing = nothing_new(settings)
        return dg.SkipReason(f"nothing new since generation {standing.number}") if standing else dg.RunRequest(run_config=QUIET)

    return every_night


def new_files_sensor(job: str, settings: Settings) -> dg.SensorDefinition:
    """The sensor that asks for a refresh once new files lie in the inbox and are written to the end."""

    @dg.sensor(
        name="new_files",
        job_name=job,
        minimum_interval_seconds=EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Refreshes when new files lie in the inbox, written to the end, and no other run is under way.",
    )
    def new_files_in_the_inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return look(Home(settings.home), context.cursor or "")

    return new_files_in_the_inbox


def look(home: Home, cursor: str, now: float | None = None) -> dg.SensorResult:
    """Whether a refresh is to be asked for, or why not.

    Args:
        home: the home.
        cursor: what was seen when nothing was left to do; the same sight is not looked into again.
        now: the time, in seconds; the clock's where it is not given.

    Returns:
        A request keyed by what is seen, so that one sight asks for one run; or the reason to wait.
    """
    files = dict(_listing(home.inbox))
    read = home.ledger.stat().st_mtime_ns if home.ledger.exists() else 0
    sight = hashlib.sha256(f"{sorted(files.items())}|{read}".encode()).hexdigest()[:32]
    if sight == cursor:
        return dg.SensorResult(skip_reason=f"nothing new among {len(files):,} files", cursor=cursor)
    newest = max(files, key=lambda name: files[name][1], default="")
    age = (time.time() if now is None else now) - files[newest][1] / 1e9 if newest else SETTLED.total_seconds()
    if age < SETTLED.total_seconds():
        return dg.SensorResult(skip_reason=f"still being written: {newest} changed {max(age, 0):.0f} s ago", cursor=cursor)
    if who := holder(home):
        return dg.SensorResult(skip_reason=f"another run is under way: {who}", cursor=cursor)
    new = new_files(scan(home), Ledger(home), reader(home, b"")) if files else []
    if not new:
        return dg.SensorResult(skip_reason=f"all of {len(files):,} files are read", cursor=sight)
    request = dg.RunRequest(run_key=sight, run_config=QUIET, tags={"edgewise/new_files": str(len(new))})
    return dg.SensorResult(run_requests=[request], cursor=sight)


def _listing(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every file below a folder, with its size and when it last changed; not when it says it did, which a copy may keep."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue
            yield path.relative_to(folder).as_posix(), (found.st_size, found.st_ctime_ns)
