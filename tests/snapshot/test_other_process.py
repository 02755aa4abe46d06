"""Another process writes the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from portal.site.opendata.publishing import publish
from tests.factories.registry import make_provider
from tests.snapshot.test_publishing import contents

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db(transaction=True)
def test_another_process_with_another_order_of_hashes_writes_the_same_bytes(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("one database is enough: what could differ is the order of sets")
    make_provider()
    publish(tmp_path / "one")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONHASHSEED": "7",
    }
    command = [sys.executable, ROOT / "manage.py", "publish_snapshot", tmp_path / "two", "--skip-checks"]

    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT)

    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert [name for name in {*first, *second} if first.get(name) != second.get(name)] == []
