"""Two hundred presses of one button, from processes of their own: one application, whatever the database."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from portal.kernel import audit
from portal.kernel.models import LogEntry, OutboxMessage, VerificationCode
from registry.models import Application, ApplicationStep, NumberSequence
from tests.factories.applications import fill, make_criteria, make_draft, make_rules
from tests.registry.submitting import THREADS, TIMES

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8
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
        [sys.executable, "-m", "tests.registry.submitting", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_hundred_simultaneous_submissions_make_one_application():
    make_criteria()
    make_rules(days=10)
    draft = fill(make_draft())
    pressing = [process(draft.pk, draft.version, draft.created_by_id, uuid4()) for _ in range(PROCESSES)]
    # all of them stand ready before the first begins
    assert [one.stdout.readline() for one in pressing] == ["ready\n"] * PROCESSES

    for one in pressing:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = []
    for one in pressing:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
        told += json.loads(out)

    application = Application.objects.get()
    assert PROCESSES * THREADS * TIMES == 200
    assert Counter(told) == {f"submitted {application.number}": 200}
    assert application.receipt == VerificationCode.objects.get()
    assert ApplicationStep.objects.get().step == "submit"
    assert LogEntry.objects.get().tag == "registry:application:submit"
    assert NumberSequence.objects.get(prefix=f"Z{application.submitted_at:%y}").last == 1
    assert OutboxMessage.objects.filter(kind="mail").count() == 1
    assert audit.verify() is None
