"""Who follows the feed from zero has what the snapshot has."""

import json

import pytest
from django.utils import timezone

from portal.site.opendata.objects import KINDS
from portal.site.opendata.publishing import publish
from portal.site.opendata.reading import changes_after
from tests.snapshot.test_publishing import rows_of


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
