"""When a refresh starts by itself: every night in the declared zone, and once new files are written to the end."""

import fcntl
import os
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import dagster as dg
import pytest
import worlds
from dagster._utils.schedules import schedule_execution_time_iterator
from homes import drop, refreshed

from assets.home import Home
from pipelines import refresh, waking
from pipelines.definitions import defs
from pipelines.refresh import writer

FILES = worlds.mixed_world().files
LATER = time.time() + 365 * 86_400  # whenever it is, what is written in a test has come to rest by then


def ticks(zone: str, at: str, start: datetime, count: int, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The next ticks of the nightly schedule, in UTC."""
    monkeypatch.setenv("EDGEWISE_TIMEZONE", zone)
    monkeypatch.setenv("EDGEWISE_NIGHTLY_AT", at)
    schedule = defs().resolve_schedule_def("nightly")
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    coming = schedule_execution_time_iterator(start.timestamp(), str(schedule.cron_schedule), schedule.execution_timezone, True)
    return [next(coming).astimezone(UTC) for _ in range(count)]


def asked(result: dg.SensorResult) -> int:
    """How many runs a look at the inbox asks for."""
    return len(result.run_requests or ())


def why(result: dg.SensorResult) -> str:
    """Why a look at the inbox asks for none."""
    assert not result.run_requests
    assert result.skip_reason is not None
    return str(result.skip_reason.skip_message)


# ---- Every night ----------------------------------------------------------------------------------


def test_a_night_in_shanghai_is_the_evening_before_in_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule ticks at the hour of the settings in their zone, whatever zone the machine is in."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert ticks("Asia/Shanghai", "02:30", start, 2, monkeypatch) == [
        datetime(2026, 1, 1, 18, 30, tzinfo=UTC),
        datetime(2026, 1, 2, 18, 30, tzinfo=UTC),
    ]


def test_a_night_is_refreshed_once_when_clocks_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour that a clock skips is refreshed right after it, and one it shows twice, once."""
    spring = ticks("America/New_York", "02:30", datetime(2026, 3, 7, 12, tzinfo=UTC), 3, monkeypatch)
    assert spring == [
        datetime(2026, 3, 8, 7, tzinfo=UTC),
        datetime(2026, 3, 9, 6, 30, tzinfo=UTC),
        datetime(2026, 3, 10, 6, 30, tzinfo=UTC),
    ]
    autumn = ticks("America/New_York", "01:30", datetime(2026, 10, 31, 12, tzinfo=UTC), 2, monkeypatch)
    assert [tick.date().isoformat() for tick in autumn] == ["2026-11-01", "2026-11-02"]


def test_a_night_with_nothing_new_is_skipped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule asks for a run where there is something to do, and else says what stands."""
    monkeypatch.setenv("EDGEWISE_HOME", str(home.root))
    drop(home, FILES[:1])
    schedule = defs().resolve_schedule_def("nightly")
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert isinstance(schedule(), dg.RunRequest)
    refreshed(home)
    skipped = schedule()
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == "nothing new since generation 1"


# ---- New files ------------------------------------------------------------------------------------


def test_new_files_ask_for_one_run(home: Home) -> None:
    """Files that nobody has read ask for a run, the same sight asks under the same key, and once read they ask for none."""
    drop(home, FILES[:2])
    first = waking.look(home, "", LATER)
    assert asked(first) == 1
    again = waking.look(home, "", LATER)
    assert [request.run_key for request in again.run_requests or ()] == [request.run_key for request in first.run_requests or ()]
    assert why(waking.look(home, first.cursor or "", LATER)) == "nothing new among 2 files"
    refreshed(home)
    read = waking.look(home, first.cursor or "", LATER)
    assert why(read) == "all of 2 files are read"
    assert why(waking.look(home, read.cursor or "", LATER)) == "nothing new among 2 files"
    drop(home, FILES[2:3])
    assert asked(waking.look(home, read.cursor or "", LATER)) == 1


def test_an_empty_inbox_asks_for_nothing(home: Home) -> None:
    """Where there are no files, not even an inbox, there is nothing to do."""
    assert why(waking.look(home, "", LATER)) == "all of 0 files are read"
    home.inbox.rmdir()
    assert why(waking.look(home, "", LATER)) == "all of 0 files are read"


def test_files_still_being_written_are_waited_for(home: Home) -> None:
    """A file that changed a moment ago is not read yet, even if it claims to be old; it is looked at again."""
    drop(home, FILES[:1])
    path = home.inbox / FILES[0].store / FILES[0].name
    os.utime(path, (1_000_000_000, 1_000_000_000))
    changed, settled = path.stat().st_ctime, waking.SETTLED.total_seconds()
    for age, told in ((0.0, 0), (settled - 0.6, 9), (-60.0, 0)):
        waiting = waking.look(home, "seen before", changed + age)
        assert why(waiting) == f"still being written: {FILES[0].store}/{FILES[0].name} changed {told} s ago"
        assert waiting.cursor == "seen before"
    assert asked(waking.look(home, "seen before", changed + settled + 0.001)) == 1


def test_the_clock_says_whether_a_file_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives no time asks the clock."""
    drop(home, FILES[:1])
    changed = (home.inbox / FILES[0].store / FILES[0].name).stat().st_ctime
    monkeypatch.setattr(waking, "time", SimpleNamespace(time=lambda: changed + 1))
    assert why(waking.look(home, "")).endswith(" changed 1 s ago")


def test_while_the_lock_is_held_the_sensor_waits_and_names_the_holder(home: Home) -> None:
    """A run under way is waited for, whoever started it, and the files are asked for after it."""
    drop(home, FILES[:1])
    with writer(home):
        waiting = waking.look(home, "", LATER)
    assert why(waiting).startswith(f"another run is under way: process {os.getpid()}, since 20")
    assert asked(waking.look(home, waiting.cursor or "", LATER)) == 1


def test_asking_who_holds_the_lock_does_not_take_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that starts while the sensor asks is not turned away."""
    home.lock.touch()
    waited = []
    with home.lock.open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)

        def wait(seconds: float) -> None:
            waited.append(seconds)
            fcntl.flock(asking, fcntl.LOCK_UN)

        monkeypatch.setattr(refresh, "time", SimpleNamespace(sleep=wait))
        with writer(home):
            pass
    assert len(waited) == 1
    assert waited[0] < 1


def test_the_sensor_is_on_and_reads_the_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensor of the definitions looks into the home of the environment, and runs unless it is switched off."""
    monkeypatch.setenv("EDGEWISE_HOME", str(home.root))
    sensor = defs().resolve_sensor_def("new_files")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    with dg.DagsterInstance.ephemeral() as records:
        said = sensor.evaluate_tick(dg.build_sensor_context(instance=records, cursor=""))
    assert said.skip_message == "all of 0 files are read"
