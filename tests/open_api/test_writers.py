"""Readers follow while eight processes write: from zero, and from a snapshot taken meanwhile; both end with what is public."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from portal.site.opendata.objects import KINDS
from portal.site.opendata.publishing import publish
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


def make_order(number, stop):
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
        "stop": str(stop),
    }


def reader_of_snapshot(folder: Path) -> Reader:
    """Return a reader that has what a snapshot has, and goes on from the cursor that its manifest names."""
    reader = Reader(limit=7)
    for name, kind in KINDS.items():
        for line in (folder / f"objects/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            reader.objects[name, one[kind.key]] = one
    reader.cursor = json.loads((folder / "manifest.json").read_text())["feed"]["cursor"]
    return reader


def test_readers_that_follow_eight_writers_end_with_what_is_public(tmp_path):
    stop = tmp_path / "stop"
    orders = [make_order(number, stop) for number in range(PROCESSES)]
    invented = [make_provider(demo=True).number for _turn in range(3)]
    reader = Reader(limit=7)
    reader.follow()
    running = program()
    connection.close()
    running.stdin.write(json.dumps(orders) + "\n")
    running.stdin.flush()
    rounds = 0
    while running.poll() is None:
        # they write without a pause, so there may always be more
        rounds += bool(reader.follow(pages=5))
        if rounds and not (tmp_path / "snapshot").exists():
            publish(tmp_path / "snapshot")
            assert running.poll() is None, "they write on"
            stop.touch()
        time.sleep(0.05)
    assert running.returncode == 0, running.stderr.read()
    running.communicate()
    reader.follow()
    late = reader_of_snapshot(tmp_path / "snapshot")
    late.follow()

    public = everything()
    assert reader.objects == public
    assert late.told, "others wrote on after the moment of the snapshot"
    assert late.objects == public
    assert rounds, "some of it was read while the others wrote"
    assert len({one["position"] for one in reader.told}) == len(reader.told)
    assert (
        sum(kind == "competition" and one["state"] == "cancelled" for (kind, _key), one in public.items()) >= PROCESSES
    )
    assert not {key for _kind, key in public} & set(invented)
    assert RegisterEntry.objects.filter(standing="excluded").count() == PROCESSES
