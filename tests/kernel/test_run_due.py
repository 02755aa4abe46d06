"""What is due by the clock: every function runs, one that fails stops no other, and nobody runs beside another."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.kernel import due

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def functions() -> Iterator[dict]:
    """Let a test register functions of its own, and no others."""
    before = dict(due._handlers)
    due._handlers.clear()
    due._ran_at.clear()
    yield due._handlers
    due._handlers.clear()
    due._handlers.update(before)
    due._ran_at.clear()


def test_every_function_runs_in_its_order_and_says_what_it_did(functions):
    due.handles("first")(lambda now: f"at {now:%H:%M}")
    due.handles("second")(lambda now: "nothing")

    assert due.run(NOW) == [due.Done("first", "at 09:00"), due.Done("second", "nothing")]


def test_one_that_fails_stops_no_other(functions, capsys):
    def fail(now):
        raise RuntimeError("oh")

    due.handles("bad")(fail)
    due.handles("good")(lambda now: "done")

    with pytest.raises(CommandError, match="bad"):
        call_command("run_due")

    assert capsys.readouterr().out.splitlines() == ["bad: RuntimeError: oh", "good: done"]


def test_name_is_taken_once(functions):
    due.handles("first")(lambda now: "")

    with pytest.raises(ValueError, match="first"):
        due.handles("first")(lambda now: "")


def test_command_takes_the_moment_it_is_told(functions, capsys):
    due.handles("clock")(lambda now: timezone.localtime(now).isoformat())

    call_command("run_due", now=datetime.fromisoformat("2027-01-01T00:00:00+02:00"))
    call_command("run_due", "--now", "2027-01-01T00:00")

    assert capsys.readouterr().out.splitlines() == ["clock: 2027-01-01T00:00:00+02:00"] * 2


def test_functions_speak_the_first_language_of_the_portal(functions):
    from django.utils import translation

    due.handles("language")(lambda now: translation.get_language())
    with translation.override("en"):
        assert due.run(NOW) == [due.Done("language", "uk")]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock of a file is SQLite's")
def test_second_run_says_that_another_is_going_on(functions, settings, tmp_path, capsys):
    settings.VAR = tmp_path
    ran = []
    due.handles("any")(lambda now: ran.append(now) or "")

    with (Path(tmp_path) / "due.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        call_command("run_due")
        assert (ran, capsys.readouterr().out) == ([], "another run is going on, nothing was done\n")
        due.run_once_an_hour(now=NOW)
    call_command("run_due")

    assert len(ran) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock of a file is SQLite's")
def test_lock_dies_with_its_process(functions, settings, tmp_path):
    settings.VAR = tmp_path
    program = (
        "import fcntl, os, sys\n"
        f"file = open({str(tmp_path / 'due.lock')!r}, 'a')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(due.AlreadyRunning):
            due.run(NOW)
        process.kill()
        process.wait()
        assert due.run(NOW) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the advisory lock is PostgreSQL's")
def test_second_run_on_postgresql_says_that_another_is_going_on(functions, capsys):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [due._LOCK])
        call_command("run_due")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [due._LOCK])
    other.close()
    assert capsys.readouterr().out == "another run is going on, nothing was done\n"

    assert due.run(NOW) == due.run(NOW) == []


def test_worker_runs_it_once_an_hour(functions):
    ran = []
    due.handles("any")(lambda now: ran.append(now) or "")

    for minutes in (0, 1, 59, 60, 61, 121):
        due.run_once_an_hour(now=NOW + timedelta(minutes=minutes))

    assert ran == [NOW, NOW + timedelta(minutes=60), NOW + timedelta(minutes=121)]
