"""Processes that index die or meet one another: nothing is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.db import connection

from search.engines.embedded import EmbeddedEngine
from tests.search.following import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_page_of_wagtail")]

# the changes wait for an indexer to die before each part but the first
PARTS = 4


@pytest.fixture
def scratch(tmp_path):
    """Return a PORTAL_VAR with an empty database of today's schema."""
    if connection.vendor != "sqlite":
        pytest.skip("the schema is copied from the test database's file")
    connection.ensure_connection()
    source = sqlite3.connect(connection.settings_dict["NAME"])
    target = sqlite3.connect(tmp_path / "portal.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    return tmp_path


def run(scratch, *arguments, **options):
    environment = {**os.environ, "PORTAL_VAR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    environment |= {"PORTAL_SEARCH_ENGINE": "tantivy"}
    environment.pop("PORTAL_DATABASE", None)
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )


def finished(process):
    out = process.communicate(timeout=120)[0].decode()
    assert process.returncode == 0, out
    return out


def worker(scratch):
    return run(scratch, "manage.py", "run_worker", "--interval", "0.02")


def abouts(scratch):
    with sqlite3.connect(scratch / "portal.sqlite3") as database:
        rows = database.execute("SELECT number, about FROM registry_registerentry").fetchall()
        revision = database.execute("SELECT value FROM registry_registerrevision").fetchone()[0]
    database.close()
    return dict(rows), revision


def told_by(indexers, scratch):
    """Let these indexers reach the register's revision, stop them, and return what they said."""
    revision = abouts(scratch)[1]
    deadline = time.monotonic() + 150
    while revision_of_index(scratch) < revision and time.monotonic() < deadline:
        time.sleep(0.1)
    for indexer in indexers:
        indexer.terminate()
    return "".join(finished(indexer) for indexer in indexers)


def revision_of_index(scratch):
    return EmbeddedEngine(scratch / "search").state().revision


def indexed(scratch):
    engine = EmbeddedEngine(scratch / "search")
    rows = {one["number"]: one["summary"] for one in engine.everything() if one.get("kind") == "provider"}
    return rows, engine.state().revision


def test_indexer_killed_in_the_middle_of_a_thousand_changes_loses_none(scratch):
    finished(run(scratch, "-m", "tests.search.changing", "fill", "1000"))
    changing = run(scratch, "-m", "tests.search.changing", "change", "1000", "0.01", str(PARTS), stdin=subprocess.PIPE)
    for _part in range(PARTS - 1):
        before = revision_of_index(scratch)
        indexer = worker(scratch)
        # it reads words for some seconds first; then somewhere in the middle of its work
        deadline = time.monotonic() + 120
        while revision_of_index(scratch) == before and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(random.uniform(0, 0.5))
        indexer.send_signal(signal.SIGKILL)
        indexer.communicate()
        assert revision_of_index(scratch) > before
        changing.stdin.write(b"\n")
        changing.stdin.flush()
    finished(changing)

    told = told_by([worker(scratch)], scratch)

    wanted, revision = abouts(scratch)
    assert set(wanted.values()) == {f"Змінено {number}" for number in range(1000)}
    assert indexed(scratch)[1] == revision, told
    assert indexed(scratch) == (wanted, revision)


def test_two_indexers_and_a_rebuild_at_once_do_no_harm(scratch):
    finished(run(scratch, "-m", "tests.search.changing", "fill", "100"))
    changing = run(scratch, "-m", "tests.search.changing", "change", "100")
    indexers = [worker(scratch), worker(scratch)]
    finished(run(scratch, "manage.py", "rebuild_index"))
    finished(changing)

    told = told_by(indexers, scratch)

    assert indexed(scratch) == abouts(scratch)
    assert "failed 1" not in told
    assert "Traceback" not in told
