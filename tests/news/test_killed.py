"""Processes that die in the middle: a step that was not committed sends nothing, one that was sends once."""

import email
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from portal.kernel.models import OutboxMessage
from procurement.models import Competition
from tests.news.announcing import make_announced
from tests.news.test_alert_news import READER, make_alert

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]


def database():
    """Return the address of the database of this test for a process of its own."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(told["NAME"])
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def process(*arguments):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", "PORTAL_DATABASE": database()}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.news.stepping", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_at(word, *arguments):
    """Start a process, kill it when it says the word."""
    running = process(*arguments)
    said = running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    _out, err = running.communicate(timeout=60)
    assert said == f"{word}\n", err


def finished(*arguments):
    running = process(*arguments)
    out, err = running.communicate("go\n", timeout=60)
    assert running.returncode == 0, err
    return out


def letters(folder):
    return [email.message_from_bytes(path.read_bytes()) for path in folder.iterdir()] if folder.is_dir() else []


def test_step_killed_before_its_commit_moves_nothing_and_sends_nothing(tmp_path):
    competition = make_announced()
    make_alert()

    killed_at("written", "extend", competition.pk)
    finished("send", tmp_path / "mail", "at-once")

    after = Competition.objects.get(pk=competition.pk)
    assert (after.version, after.sequence, after.closes_at) == (1, 0, competition.closes_at)
    assert not OutboxMessage.objects.exists()
    assert letters(tmp_path / "mail") == []


def test_step_that_was_committed_sends_once_though_the_worker_was_killed_before_sending(tmp_path):
    competition = make_announced()
    make_alert()

    finished("extend", competition.pk)
    killed_at("sending", "send", tmp_path / "mail", "waits")
    assert letters(tmp_path / "mail") == []
    for _time in range(2):
        finished("send", tmp_path / "mail", "at-once")

    (letter,) = letters(tmp_path / "mail")
    assert letter["To"] == READER
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Competition.objects.get(pk=competition.pk).sequence == 1
