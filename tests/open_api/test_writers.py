"""A reader follows from zero while eight processes write: at the end it has exactly what is public."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from registry.models import RegisterEntry
from tests.factories.accounts import make_person
from tests.factories.contracts import make_contract, make_typed_ground
from tests.factories.procurement import make_call
from tests.factories.registry import make_provider, next_edrpou
from tests.factories.rule_profiles import make_ground
from tests.open_api.following import Reader, everything

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]


def program():
    """Start the program and return it when it is ready."""
    told = connection.settings_dict
    address = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_DATABASE": str(told["NAME"]) if connection.vendor == "sqlite" else address,
        "PORTAL_TEST_SCRATCH": str(settings.VAR),
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.open_api.writing"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline() == "ready\n", running.stderr.read()
    return running


def make_order(number):
    """Return what one process works with, made beforehand."""
    competition, contract = make_call(), make_contract()
    return {
        "codes": [make_provider().organisation.code for _turn in range(2)],
        "new": next_edrpou(),
        "competition": competition.pk,
        "official": competition.created_by_id,
        "asker": make_person().pk,
        "contract": contract.pk,
        "contract_official": contract.created_by_id,
        "suspension": make_typed_ground("suspension").pk,
        "cancellation": make_ground("cancellation").pk,
        "removes": number == 0,
    }


def test_reader_that_follows_eight_writers_ends_with_what_is_public():
    orders = [make_order(number) for number in range(PROCESSES)]
    invented = [make_provider(demo=True).number for _turn in range(3)]
    reader = Reader(limit=7)
    reader.follow()
    running = program()
    connection.close()
    running.stdin.write(json.dumps(orders) + "\n")
    running.stdin.flush()
    rounds = 0
    while running.poll() is None:
        rounds += bool(reader.follow())
        time.sleep(0.05)
    assert running.returncode == 0, running.stderr.read()
    running.communicate()
    reader.follow()

    public = everything()
    assert reader.objects == public
    assert rounds, "some of it was read while the others wrote"
    assert len({one["position"] for one in reader.told}) == len(reader.told)
    assert (
        sum(kind == "competition" and one["state"] == "cancelled" for (kind, _key), one in public.items()) >= PROCESSES
    )
    assert not {key for _kind, key in public} & set(invented)
    assert RegisterEntry.objects.filter(standing="excluded").count() == PROCESSES
