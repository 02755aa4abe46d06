"""Webhooks against those who keep us waiting."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.client import HTTPException

import pytest
from django.utils import timezone

from portal.site.models import Webhook, WebhookDelivery
from portal.site.webhooks import delivering, registering, sending
from tests.factories.procurement import make_bidder
from tests.open_api.receiver import receiving

DROPS = 100
BETWEEN = 0.03


@contextmanager
def dripping() -> Iterator[str]:
    """Answer one byte after the other, each of them in time, for longer than anybody should wait."""
    door = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        held, _address = door.accept()
        with held:
            # the status is known, the headers never end
            held.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _drop in range(DROPS):
                time.sleep(BETWEEN)
                try:
                    held.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
    finally:
        door.close()
        thread.join()


def test_answer_that_comes_drop_by_drop_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.1)
    with dripping() as url:
        begun = time.monotonic()
        # whether it was an answer is for the status to say, if there was time for one
        with suppress(OSError, HTTPException):
            sending.post(url, b"{}", {})
        assert time.monotonic() - begun < DROPS * BETWEEN / 2


@pytest.mark.django_db
def test_a_webhook_is_tried_once_at_a_time():
    organisation, person = make_bidder()
    now = timezone.now()
    with receiving() as server:
        hook, _secret = registering.register(
            user=person, owner=f"o{organisation.pk}", url=server.url, kinds=["provider"], now=now
        )
        Webhook.objects.update(busy_until=now + timedelta(minutes=1))
        assert not delivering.test_delivery(hook, now).is_delivered
        assert server.got == []
        assert not WebhookDelivery.objects.exists()
        Webhook.objects.update(busy_until=now - timedelta(minutes=1))
        assert delivering.test_delivery(hook, now).is_delivered
    hook.refresh_from_db()
    assert hook.busy_until is None
