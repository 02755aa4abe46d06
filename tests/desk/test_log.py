"""The decision log at the desk: read and verified, by those who may, and changed by nobody."""

from django.db import connection
from django.urls import reverse

from portal.kernel.append_only import suspended
from portal.kernel.models import LogEntry
from registry.viewsets import log


def test_log_that_is_whole_is_said_to_be_whole(desk):
    response = desk.clients["auditor"].post(reverse("desk_log:verify"))

    assert (response.context["done"], response.context["broken"], response.context["walked"]) == (True, None, 1)


def test_entry_altered_behind_the_portal_is_named(desk):
    with suspended(connection):
        LogEntry.objects.filter(seq=1).update(payload="{}")

    response = desk.clients["auditor"].post(reverse("desk_log:verify"))

    assert (response.context["broken"].seq, response.context["broken"].fault) == (1, "payload_altered")


def test_long_log_is_left_to_the_command(desk, monkeypatch):
    monkeypatch.setattr(log, "VERIFY_LIMIT", 0)

    response = desk.clients["auditor"].post(reverse("desk_log:verify"))

    assert (response.context["too_long"], "done" in response.context) == (True, False)
    assert "manage.py verify_log" in response.content.decode()


def test_entry_of_the_log_shows_content_and_digests(desk):
    line = LogEntry.objects.get()

    page = desk.clients["auditor"].get(reverse("desk_log:entry", args=[1])).content.decode()

    assert all(text in page for text in (line.digest, line.payload_digest, line.subject, desk.entry.number))


def test_log_takes_no_posts(desk):
    client = desk.clients["administrator"]

    assert client.post(reverse("desk_log:entry", args=[1])).status_code == 405
    assert client.get(reverse("desk_log:entry", args=[999])).status_code == 404
