"""`prepare` and `serve` as `make run` calls them: ready once, quick afterwards; two processes that live and end together."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal.kernel.models import LogEntry
from registry.domain.demo.removing import remove
from registry.models import ReferenceLoad, RegisterEntry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch(tmp_path: Path, db) -> Path:
    """Return a PORTAL_VAR with an empty database of today's schema."""
    if connection.vendor != "sqlite":
        pytest.skip("serve is tried on SQLite; the schema is copied from the test database's file")
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "portal.sqlite3") as target:
        source = sqlite3.connect(connection.settings_dict["NAME"])
        source.backup(target)
        source.close()
    target.close()
    return tmp_path


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(scratch: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Yield `serve` once it answers."""
    server = serve(scratch, port)
    try:
        wait_until_open(port)
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=15)


def serve(scratch: Path, port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PORTAL_VAR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    environment.pop("PORTAL_DATABASE", None)
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz") as response:
                assert response.status == 200
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail("the portal did not answer within a minute")


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_serve_opens_the_portal_and_stops_both_children_when_told(served, port):
    web, worker = children(served.pid)
    everyone = [web, worker, *children(web)]
    told = "".join(iter(served.stdout.readline, "Ctrl-C зупиняє його.\n"))

    served.send_signal(signal.SIGTERM)
    out, err = served.communicate(timeout=8)

    assert served.returncode == 0
    assert f"http://127.0.0.1:{port}/" in told
    assert "administrator@demo.example" in told
    assert out == "Зупиняємо.\n"
    assert "Traceback" not in err
    assert [pid for pid in everyone if is_running(pid)] == []


@pytest.mark.parametrize("which", [0, 1], ids=["web", "worker"])
def test_serve_stops_and_says_so_when_a_child_dies(served, which):
    family = children(served.pid)

    os.kill(family[which], signal.SIGKILL)
    _out, err = served.communicate(timeout=10)

    assert served.returncode == 1
    assert "-9" in err
    assert [pid for pid in family if is_running(pid)] == []


def test_serve_names_the_way_out_when_the_port_is_taken(scratch, port):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port))
        holder.listen()

        server = serve(scratch, port)
        out, err = server.communicate(timeout=30)

    assert server.returncode == 1
    assert f"make run PORT={port + 1}" in err
    assert out == ""


@pytest.mark.django_db
def test_second_prepare_finds_nothing_to_do(settings, tmp_path, capsys, django_assert_max_num_queries):
    settings.PORTAL_DEMO_PROVIDERS = 30
    settings.PORTAL_DEMO_ACCOUNTS = True
    settings.VAR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    call_command("prepare")
    entries, log = RegisterEntry.objects.count(), LogEntry.objects.count()
    assert RegisterEntry.objects.filter(is_demo=True).count() == 30
    assert RegisterEntry.objects.filter(is_demo=False).count() == 13
    first = capsys.readouterr().out
    assert first.count("…") == 10

    with django_assert_max_num_queries(21):
        call_command("prepare")

    assert capsys.readouterr().out.count("\n") == 1
    assert (RegisterEntry.objects.count(), LogEntry.objects.count()) == (entries, log)


@pytest.mark.django_db
def test_prepare_does_not_bring_back_a_set_that_was_removed(settings, tmp_path):
    settings.PORTAL_DEMO_PROVIDERS = 10
    settings.VAR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    # the other steps stand as done
    for name in ("migrate", "reference", "roles", "site", "institutions", "static"):
        ReferenceLoad.objects.update_or_create(name=f"prepare:{name}", defaults={"digest": "old"})
    remove(actor_role="demo", now=timezone.now())

    call_command("prepare")

    assert not RegisterEntry.objects.filter(is_demo=True).exists()
