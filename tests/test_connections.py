"""Connections to the database after a burst of requests: no more than workers times threads, whatever granian does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from django.db import connection as own

from tests import shared_database

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 1
REQUESTS, CLIENTS = 300, 24
pytestmark = pytest.mark.databases


@pytest.fixture
def database(db) -> Iterator[str]:
    """Yield the address of a migrated PostgreSQL database of its own, or skip with the reason."""
    if own.vendor != "postgresql":
        pytest.skip("connections are counted on PostgreSQL")
    known = own.settings_dict
    address = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/poruch_connections"
    if not shared_database.copy_of_template("poruch_connections"):
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env={**os.environ, "PORTAL_DATABASE": address}, check=True)
    yield address
    shared_database.drop("poruch_connections")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def portal(database: str, port: int, tmp_path: Path) -> Iterator[str]:
    environment = {
        **os.environ,
        "PORTAL_DATABASE": database,
        "PORTAL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PGAPPNAME": "portal-web",
    }
    (tmp_path / "static").mkdir()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", str(WORKERS)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert any(str(port) in line for line in server.stdout)
        yield f"http://127.0.0.1:{port}/healthz"
    finally:
        server.terminate()
        server.communicate(timeout=15)


def test_a_burst_leaves_no_more_connections_than_workers_and_threads(database, portal):
    def ask(_number: int) -> int:
        with urlopen(portal) as response:
            return response.status

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = set(pool.map(ask, range(REQUESTS)))
    # idle threads of granian end meanwhile and must not leave their connections behind
    time.sleep(1)
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'portal-web' AND pid <> pg_backend_pid()"
        )
        open_now = rows.fetchone()[0]

    assert statuses == {200}
    # one more is the worker's that empties the outbox
    assert open_now <= WORKERS * THREADS + 1
