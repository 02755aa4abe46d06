"""The page of open data and the files of kept snapshots: by the clock, whole, and nothing else of the disk."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from portal.kernel import due
from portal.site.opendata import kept
from portal.site.opendata.kept import publish_due
from tests.factories.registry import make_provider
from tests.snapshot.test_publishing import names_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# half past three at night in Kyiv
NIGHT = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def shelf(settings, tmp_path):
    settings.SNAPSHOTS_DIR, settings.SNAPSHOTS_KEPT, settings.SNAPSHOT_HOUR = tmp_path / "snapshots", 2, 2
    return settings.SNAPSHOTS_DIR


def test_clock_publishes_one_snapshot_a_night_and_keeps_the_last_days(shelf):
    make_provider()
    assert publish_due(NIGHT - timedelta(hours=4)) is not None, "the first one is made at once"
    assert publish_due(NIGHT - timedelta(hours=3, minutes=59)) is None
    # the next day has begun, the hour has not come
    assert publish_due(NIGHT - timedelta(hours=2)) is None
    make_provider()
    assert publish_due(NIGHT).difference["added"] > 0
    assert publish_due(NIGHT + timedelta(hours=5)) is None
    assert publish_due(NIGHT + DAY).difference["added"] == 0

    assert [one.name for one in kept.kept()] == ["2026-12-02", "2026-12-01"]
    both = [f"2026-12-0{day}{end}" for day in (1, 2) for end in ("", ".zip", ".zip.sha256")]
    assert names_in(shelf) == sorted(both)


def test_due_function_says_what_it_published(shelf):
    make_provider()
    done = {one.name: one.words for one in due.run(NIGHT)}

    assert done["snapshot"].startswith("snapshot published: ")


def test_what_a_killed_run_left_is_taken_away_and_never_shown(shelf, client):
    (shelf / ".2026-11-30" / "tables").mkdir(parents=True)
    (shelf / "2026-11-30").mkdir()

    assert kept.kept() == []
    assert publish_due(NIGHT) is not None
    assert ".2026-11-30" not in names_in(shelf)


def test_page_says_plainly_that_there_is_no_snapshot_yet(shelf, client):
    page = client.get("/en/open-data/")

    assert page.status_code == 200
    assert "There is no snapshot yet" in page.content.decode()


def test_page_shows_the_last_snapshot_with_digests_and_difference(shelf, client, django_assert_num_queries):
    make_provider()
    publish_due(NIGHT)
    publish_due(NIGHT + DAY)
    latest = kept.latest()
    client.get("/en/open-data/")

    with django_assert_num_queries(1):
        page = client.get("/en/open-data/").content.decode()

    assert latest.archive.sha256 in page
    assert latest.manifest["digest"] in page
    assert "no row has changed" in page
    assert "/en/open-data/files/2026-12-02/tables/providers.csv" in page
    assert len(page.encode()) < 100_000
    cache.clear()


def test_files_are_handed_out_whole_with_etag_for_everybody(shelf, client):
    make_provider()
    publish_due(NIGHT)
    folder = shelf / "2026-12-01"

    for name in ("tables/providers.csv", "datapackage.json", "manifest.json", "log/head.json", "verify.py"):
        dated, latest = client.get(f"/open-data/files/2026-12-01/{name}"), client.get(f"/open-data/files/{name}")
        assert b"".join(dated.streaming_content) == b"".join(latest.streaming_content) == (folder / name).read_bytes()
        assert latest["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in latest.headers
        again = client.get(f"/open-data/files/{name}", headers={"If-None-Match": latest["ETag"]})
        assert again.status_code == 304

    archive = b"".join(client.get("/open-data/files/latest.zip").streaming_content)
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert packed.testzip() is None
        assert packed.read("datapackage.json") == (folder / "datapackage.json").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "2026-12-01/../../secret_key",
        "2026-12-01/%2e%2e/%2e%2e/secret_key",
        "2026-12-01//etc/passwd",
        "2026-12-01/",
        "2026-12-01/tables",
        "2026-12-01/added.txt",
        "2026-12-02/datapackage.json",
        "2026-12-01.zip.sha256",
        "..zip",
        ".2026-12-01/manifest.json",
        "tables/providers.csv\x00",
    ],
)
def test_nothing_but_files_of_the_manifest_is_handed_out(shelf, client, path):
    publish_due(NIGHT)
    (shelf.parent / "secret_key").write_text("secret")
    (shelf / "2026-12-01" / "added.txt").write_text("added")

    assert client.get(f"/open-data/files/{path}").status_code == 404
