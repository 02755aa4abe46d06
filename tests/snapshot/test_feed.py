"""Who follows the feed from zero has what the snapshot has, and another process writes the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from portal.site.opendata.objects import KINDS
from portal.site.opendata.publishing import publish
from portal.site.opendata.reading import changes_after
from tests.factories.registry import make_provider
from tests.snapshot.test_publishing import contents, rows_of

ROOT = Path(__file__).resolve().parents[2]


def follow() -> tuple[dict[tuple[str, str], dict], str]:
    """Read the feed from zero, some changes at a time, and return what a reader has then, with its cursor."""
    held, cursor = {}, ""
    while True:
        page = changes_after(cursor, limit=50, now=timezone.now())
        for change in page.changes:
            if change["removed"]:
                held.pop((change["kind"], change["id"]), None)
            else:
                held[change["kind"], change["id"]] = change["object"]
        cursor = page.next
        if not page.more:
            return held, cursor


@pytest.mark.django_db
def test_reader_of_the_feed_has_the_objects_of_the_snapshot(everything, tmp_path):
    publish(tmp_path / "one")

    held, cursor = follow()

    told = {}
    for name, kind in KINDS.items():
        for line in (tmp_path / f"one/objects/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            told[name, one[kind.key]] = one
    assert told == held
    assert json.loads((tmp_path / "one/manifest.json").read_text())["feed"]["cursor"] == cursor
    rows = rows_of(tmp_path / "one", "feed")
    assert {(row["kind"], row["key"]) for row in rows if row["is_removed"] == "false"} == set(held)


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
