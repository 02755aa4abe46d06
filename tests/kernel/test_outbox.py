import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as mailbox
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from portal.kernel.models.outbox import MAX_ATTEMPTS
from portal.kernel.outbox import LEASE, LONGEST_PAUSE, Delivered, deliver, enqueue, handles, mail, message_id, pause

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def handler(monkeypatch):
    """Register a handler of «test» messages that notes their keys and fails for those in `failing`."""
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    done = []
    done_failing = set()

    @handles("test")
    def _handle(message):
        if message.key in done_failing:
            raise OSError("сервер не відповідає")
        done.append(message.key)

    _handle.done, _handle.failing = done, done_failing
    return _handle


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_sends_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail("k", ["a@example.com"], "Тема", "Текст")
        raise ZeroDivisionError
    assert deliver(NOW) == Delivered()
    assert mailbox.outbox == []


@pytest.mark.django_db
def test_two_deliveries_send_once():
    mail("k", ["a@example.com"], "Тема", "Текст", "<p>Текст</p>")
    assert (deliver(NOW), deliver(NOW)) == (Delivered(sent=1), Delivered())
    (letter,) = mailbox.outbox
    assert (letter.to, letter.subject, letter.body) == (["a@example.com"], "Тема", "Текст")
    assert letter.alternatives[0].content == "<p>Текст</p>"
    assert letter.message()["Message-ID"] == message_id("k")


@pytest.mark.django_db
def test_the_same_key_is_one_message(handler):
    first, second = enqueue("test", "k", {"n": 1}), enqueue("test", "k", {"n": 2})
    assert first == second
    assert deliver(NOW) == Delivered(sent=1)
    enqueue("test", "k", {"n": 3})
    assert deliver(NOW) == Delivered()
    assert handler.done == ["k"]


@pytest.mark.django_db
def test_a_failing_message_stops_no_other_and_is_retried_later(handler):
    for key in ("a", "b", "c"):
        enqueue("test", key, {})
    handler.failing.add("b")
    assert deliver(NOW) == Delivered(sent=2, failed=1)
    failed = OutboxMessage.objects.get(key="b")
    assert (failed.attempts, failed.last_error, failed.locked_until) == (1, "OSError: сервер не відповідає", None)
    handler.failing.clear()
    assert deliver(NOW + timedelta(seconds=59)) == Delivered()
    assert deliver(NOW + timedelta(seconds=60)) == Delivered(sent=1)
    assert handler.done == ["a", "c", "b"]
    assert OutboxMessage.objects.get(key="b").last_error == ""


@pytest.mark.django_db
def test_a_message_without_a_handler_fails_and_waits():
    enqueue("nobody-knows", "k", {})
    assert deliver(NOW) == Delivered(failed=1)


@pytest.mark.django_db
def test_a_message_is_given_up_after_the_last_attempt(handler):
    enqueue("test", "k", {})
    handler.failing.add("k")
    moment = NOW
    for _attempt in range(MAX_ATTEMPTS + 3):
        deliver(moment)
        moment += LONGEST_PAUSE
    assert OutboxMessage.objects.stuck().get().attempts == MAX_ATTEMPTS


@pytest.mark.django_db
def test_a_message_in_another_workers_hands_is_left_until_the_lease_ends(handler):
    enqueue("test", "k", {})
    assert outbox._claim(NOW).key == "k"
    assert deliver(NOW) == Delivered()
    assert deliver(NOW + LEASE) == Delivered(sent=1)


@pytest.mark.django_db
def test_a_later_message_waits_for_its_time_and_the_limit_is_kept(handler):
    enqueue("test", "later", {}, available_at=NOW + timedelta(hours=1))
    for n in range(3):
        enqueue("test", f"k{n}", {}, available_at=NOW)
    assert deliver(NOW, limit=2) == Delivered(sent=2)
    assert deliver(NOW) == Delivered(sent=1)
    assert deliver(NOW + timedelta(hours=1)) == Delivered(sent=1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(handler):
    for n in range(20):
        enqueue("test", f"k{n}", {})

    def work():
        try:
            deliver(NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(handler.done) == sorted(f"k{n}" for n in range(20))


def test_a_second_handler_of_a_kind_is_refused(handler):
    with pytest.raises(ValueError, match="already"):
        handles("test")(print)


@given(st.integers(1, MAX_ATTEMPTS))
def test_pauses_grow_and_have_a_limit(attempts):
    assert timedelta(minutes=1) <= pause(attempts) <= pause(attempts + 1) <= LONGEST_PAUSE


@given(st.text(max_size=20))
def test_a_message_id_depends_on_the_key_alone(key):
    assert message_id(key) == message_id(key)
    assert message_id(key) != message_id(key + "x")
    assert message_id(key).isascii()


@pytest.mark.django_db(transaction=True)
def test_run_worker_once_delivers_and_returns(handler, capsys):
    enqueue("test", "k", {})
    call_command("run_worker", "--once")
    assert capsys.readouterr().out == "sent 1, failed 0\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_worker_stops_cleanly_on_a_signal(handler, number):
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    enqueue("test", "k", {})
    timer = threading.Timer(0.3, os.kill, (os.getpid(), number))
    timer.start()
    try:
        call_command("run_worker", "--interval", "0.05")
    finally:
        timer.join()
        for one, old in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(one, old)
    assert handler.done == ["k"]
