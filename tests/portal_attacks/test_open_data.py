"""Snapshots, the feed and the API against what goes wrong and who asks strangely."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal.site.models import FeedHead
from portal.site.opendata import feed
from portal.site.opendata.publishing import NotASnapshotError, publish, zipped
from portal.site.opendata.reading import CursorUnknown, changes_after
from tests.factories.registry import make_provider
from tests.open_api.scene import make_full_provider

pytestmark = pytest.mark.django_db


def refuse_zero_bytes(execute, sql, params, many, context):
    """Do as PostgreSQL does."""
    assert not any("\x00" in str(one) for one in params or ())
    return execute(sql, params, many, context)


# --- snapshots -----------------------------------------------------------------------------------------------------


def test_folder_with_a_manifest_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "app", "icons": [], "files": [], "digest": ""}))

    with pytest.raises(NotASnapshotError):
        publish(tmp_path)

    assert (tmp_path / "manifest.json").exists()


def test_snapshot_to_which_somebody_added_a_file_is_never_replaced(tmp_path):
    make_provider()
    publish(tmp_path / "one")
    (tmp_path / "one/notes").mkdir()
    (tmp_path / "one/notes/mine.txt").write_text("mine")

    with pytest.raises(NotASnapshotError):
        publish(tmp_path / "one")
    (tmp_path / "one/notes/mine.txt").unlink()
    publish(tmp_path / "one")


def test_archive_is_handed_out_as_it_is(tmp_path, settings, client):
    settings.SNAPSHOTS_DIR = tmp_path
    make_provider()
    publish(tmp_path / "2026-11-26")
    zipped(tmp_path / "2026-11-26", tmp_path / "2026-11-26.zip")
    (tmp_path / "2026-11-26.zip.sha256").write_text("0" * 64)

    answer = client.get("/open-data/files/latest.zip", headers={"Accept-Encoding": "gzip"})

    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert int(answer.headers["Content-Length"]) == (tmp_path / "2026-11-26.zip").stat().st_size


def test_command_follows_a_link_to_the_folder(tmp_path):
    make_provider()
    (tmp_path / "real").mkdir()
    (tmp_path / "current").symlink_to(tmp_path / "real")

    for _time in range(2):
        call_command("publish_snapshot", tmp_path / "current")

    assert (tmp_path / "current").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "real"]


# --- the feed ------------------------------------------------------------------------------------------------------


def test_cursor_from_before_a_restored_backup_is_refused_even_when_the_feed_has_gone_on():
    make_full_provider()
    now = timezone.now()
    feed.catch_up(now)
    before = changes_after("", limit=200, now=now)
    assert before.changes

    call_command("publish_changes", anew=True)

    assert FeedHead.objects.get().position >= before.position
    with pytest.raises(CursorUnknown):
        changes_after(before.next, limit=200, now=now)
    assert len(changes_after("", limit=200, now=now).changes) == len(before.changes)


# --- the API -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["services?group=", "services?service=", "services?place=", "providers?place="])
@pytest.mark.parametrize("value", ["%00", "a%00b", "%ED%A0%80", "%E2%80%AE"])
def test_no_parameter_of_a_list_reaches_the_database_with_what_it_stumbles_over(client, address, value):
    with connection.execute_wrapper(refuse_zero_bytes):
        answer = client.get(f"/api/v1/{address}{value}")

    assert answer.status_code == 422


def test_commissions_of_a_code_with_a_zero_byte_are_none(client):
    with connection.execute_wrapper(refuse_zero_bytes):
        assert client.get("/api/v1/commissions?hromada=UA%00").json()["total"] == 0
